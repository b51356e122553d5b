"""Seconds for 100,000 population points x 1,000 facilities: ``python tests/benchmarks/reach_circle.py``.

Not run by pytest. Bar: less than 10 s for the pairs and both catchments.
"""

import time

import numpy as np

from govlab.institutions.reach import step_weights, two_step, walking_pairs


def main() -> None:
    """Print a line a limit: a town of 25 by 28 kilometres on an invented spot, longitude and latitude."""
    draw = np.random.default_rng(1)
    low, high = (0.0, 40.0), (0.3, 40.25)
    points, there = draw.uniform(low, high, (100_000, 2)), draw.uniform(low, high, (1_000, 2))
    people, seats = draw.integers(1, 80, 100_000).astype(float), draw.integers(1, 60, 1_000).astype(float)
    walking_pairs(points[:10], there, projected=False)
    for minutes in (15.0, 30.0):
        start = time.perf_counter()
        near = walking_pairs(points, there, projected=False, minutes=minutes)
        two_step(near, seats, people)
        two_step(near, seats, people, step_weights(near.minutes))
        print(f"{minutes:g} minutes: {time.perf_counter() - start:.2f} s, {len(near.point):,} pairs")


if __name__ == "__main__":
    main()
