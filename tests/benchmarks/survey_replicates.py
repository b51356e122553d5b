"""500 bootstrap replicates of 10 means on 100,000 rows: seconds, and the memory beside the data.

Run by hand: ``python tests/benchmarks/survey_replicates.py``. The bar is 0.2 s, draw included, without a
matrix of rows by replicates.
"""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pandas as pd

from govlab.survey.design import Design
from govlab.survey.estimate import mean

ROWS, ITEMS, REPLICATES, BAR = 100_000, 10, 500, 0.2


def panel(units: int, missing: float) -> Design:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"unit": rng.integers(0, units, ROWS), "w": rng.uniform(1, 5, ROWS)})
    frame["stratum"] = frame["unit"] % max(2, units // 20)
    for item in range(ITEMS):
        answers = rng.integers(1, 6, ROWS).astype(float)
        answers[rng.random(ROWS) < missing] = np.nan
        frame[f"q{item}"] = answers
    return Design(frame, weights="w", strata="stratum", clusters="unit")


def run(design: Design, items: list[str]) -> pd.DataFrame:
    made = design.replicate("bootstrap", replicates=REPLICATES, seed=7)
    return mean(made, items).to_frame()


def main() -> None:
    items = [f"q{item}" for item in range(ITEMS)]
    for units in (200, 1_000, 4_000):
        for missing in (0.0, 0.1):
            design = panel(units, missing)
            run(design, items)
            seconds = []
            for _ in range(5):
                start = time.perf_counter()
                table = run(design, items)
                seconds.append(time.perf_counter() - start)
            tracemalloc.start()
            run(design, items)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            linear = mean(design, items).to_frame()["std_error"]
            apart = (table["std_error"] / linear - 1).abs().max()
            print(
                f"{units:5d} units, {missing:4.0%} missing: {min(seconds):.3f} s, {min(seconds) / BAR:.2f} of the bar; "
                f"peak {peak / 2**20:.0f} MB against {8 * ROWS * REPLICATES / 2**20:.0f} MB for rows by replicates; "
                f"errors within {apart:.1%} of the linearised"
            )


if __name__ == "__main__":
    main()
