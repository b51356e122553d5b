"""Means of 10 items in 147 domains with errors, design included, at 10,000 to 1,000,000 rows.

Run by hand: ``python tests/benchmarks/survey_domains.py``. Bars at 1,000,000 rows, warm: 0.15 s with integer
or categorical keys, 0.45 s with pandas strings; memory allocated beside the data at most 0.6 of it. Beside
each time stand two ratios: to bare numpy (one weighted ``bincount`` an item, keys coded beforehand) and to
R survey's ``svyby``, where ``Rscript`` and the package are present (on the smallest table that is timed,
since R needs half a minute for the largest).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from govlab.survey.design import Design
from govlab.survey.estimate import mean

DOMAINS, ITEMS = 147, [f"q{item}" for item in range(10)]
BARS = {"integer": 0.15, "category": 0.15, "string": 0.45}
IN_R = """
suppressMessages(library(survey))
d <- read.csv(commandArgs(TRUE)[1])
start <- proc.time()[3]
design <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = d)
for (q in paste0("q", 0:9)) svyby(as.formula(paste0("~", q)), ~zone, design, svymean)
cat(proc.time()[3] - start)
"""


def table(rows: int, kind: str, *, crossed: bool, missing: float = 0.0) -> pd.DataFrame:
    """Seeded rows in 40 strata and 40 units a domain at most; zones made of units, or crossing them."""
    rng = np.random.default_rng(1)
    units = DOMAINS * 24 if not crossed else 600
    psu = rng.integers(0, units, rows)
    zone = rng.integers(0, DOMAINS, rows) if crossed else psu % DOMAINS
    frame = pd.DataFrame({"stratum": psu // DOMAINS % 40, "psu": psu, "zone": zone})
    if kind == "category":
        frame = frame.astype("category")
    elif kind == "string":
        frame = pd.DataFrame({name: (name + frame[name].astype(str)).astype("str") for name in frame})
    frame["w"] = rng.uniform(1, 50, rows)
    for item in ITEMS:
        answers = rng.integers(1, 6, rows).astype(float)
        answers[rng.random(rows) < missing] = np.nan
        frame[item] = answers
    return frame


def ours(frame: pd.DataFrame) -> pd.DataFrame:
    design = Design(frame, weights="w", strata="stratum", clusters="psu")
    return mean(design, ITEMS, by="zone").frame


def bare(frame: pd.DataFrame) -> Callable[[], None]:
    codes = pd.factorize(frame["zone"])[0]
    weights, columns = frame["w"].to_numpy(), [frame[item].to_numpy() for item in ITEMS]

    def run() -> None:
        for column in columns:
            np.bincount(codes, weights=weights * column)

    return run


def best(run: Callable[[], object], times: int = 5) -> float:
    seconds = []
    run()
    for _ in range(times):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def in_r(frame: pd.DataFrame) -> float | None:
    """Seconds that R survey needs, without reading the file; None where it is not there."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        data, script = Path(folder, "d.csv"), Path(folder, "time.R")
        frame.to_csv(data, index=False)
        script.write_text(IN_R, encoding="utf-8")
        done = subprocess.run(
            ["Rscript", str(script), str(data)], capture_output=True, text=True, check=False
        )
    return float(done.stdout) if done.returncode == 0 else None


def allocated(frame: pd.DataFrame) -> float:
    """Peak of what is allocated beside the data, as a share of the data."""
    tracemalloc.start()
    ours(frame)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / float(frame.memory_usage(deep=True).sum())


def main() -> None:
    print(
        f"{'rows':>9} {'keys':<9}{'zones':<9}{'missing':>7}{'seconds':>9}{'bar':>6}{'x numpy':>9}{'memory':>8}"
    )
    for rows in (10_000, 100_000, 1_000_000):
        for kind, bar in BARS.items():
            for crossed, missing in ((False, 0.0), (True, 0.0), (False, 0.05)):
                frame = table(rows, kind, crossed=crossed, missing=missing)
                seconds, floor = best(lambda: ours(frame)), best(bare(frame))  # noqa: B023
                goal = f"{bar:.2f}" if rows == 1_000_000 else ""
                where = "crossed" if crossed else "of units"
                print(
                    f"{rows:>9,} {kind:<9}{where:<9}{missing:>7.0%}{seconds:>9.3f}{goal:>6}"
                    f"{seconds / floor:>9.1f}{allocated(frame):>8.2f}"
                )
    frame = table(100_000, "integer", crossed=False)
    reference, seconds = in_r(frame), best(lambda: ours(frame))
    if reference is None:
        print("R survey is not here")
    else:
        print(f"100,000 rows: R survey {reference:.2f} s, here {seconds:.3f} s, {reference / seconds:.0f} x")


if __name__ == "__main__":
    main()
