"""Seconds to match needs with resources: ``python tests/benchmarks/inventory_match.py`` (not run by pytest).

Bars: 300 x 30 in less than 1 s; 5,000 x 500 with 30 % eligible pairs in less than 60 s.
"""

import time

import numpy as np

from govlab.institutions.inventory.solve import Problem, solve


def problem(needs: int, suppliers: int, *, units: bool, capacity: int, seed: int = 1) -> Problem:
    """30 % of pairs eligible; one unit a need, or one to four that one supplier must give."""
    draw = np.random.default_rng(seed)
    row, column = np.nonzero(draw.random((needs, suppliers)) < 0.3)
    amount = np.ones(needs) if units else draw.integers(1, 5, needs).astype(float)
    return Problem(
        row,
        column,
        draw.integers(1, 4, needs).astype(float),
        amount,
        np.ones(needs, dtype=bool),
        draw.integers(1, 2 * capacity, suppliers).astype(float),
        np.zeros(0, dtype=np.int64),
        np.zeros(needs, dtype=bool),
    )


def main() -> None:
    """Print a line a size."""
    solve(problem(20, 5, units=True, capacity=3))
    for needs, suppliers, units, capacity in (
        (300, 30, True, 8), (300, 30, False, 20), (5000, 500, True, 8), (5000, 500, True, 14), (5000, 500, False, 20),
    ):  # fmt: skip
        asked = problem(needs, suppliers, units=units, capacity=capacity)
        start = time.perf_counter()
        found = solve(asked)
        took = time.perf_counter() - start
        how = "linear programme" if found.integral else "branch and bound"
        kind = "one unit" if units else "whole, 1 to 4"
        gap = (found.bound - found.value) / found.value
        print(
            f"{needs:>5} x {suppliers:<4} {kind:<14} {took:6.2f} s  {how}, gap {100 * gap:.2f} %, "
            f"{found.columns:,} of {len(asked.need):,} pairs"
        )


if __name__ == "__main__":
    main()
