"""A three-stage sample with one lonely stratum: python survey_stages.py <folder>, then survey_stages.R."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

rng = np.random.default_rng(5)
rows = []
for h, (population, sampled) in enumerate(zip((9, 12, 7, 10), (3, 4, 1, 3), strict=True)):
    for psu in range(sampled):
        second, chosen = int(rng.integers(5, 9)), int(rng.integers(2, 5))
        for ssu in range(chosen):
            third, taken = int(rng.integers(8, 15)), int(rng.integers(2, 6))
            for _ in range(taken):
                weight = population / sampled * second / chosen * third / taken
                y = rng.normal(50 + 5 * h, 8) + 3 * psu
                rows.append(
                    (f"h{h}", psu, ssu, population, second, third, weight, y, rng.choice(list("abc")))
                )
table = pd.DataFrame(rows, columns=["stratum", "psu", "ssu", "N1", "N2", "N3", "w", "y", "grp"])
table["x"] = table["y"] * rng.uniform(0.5, 1.5, len(table))
table.loc[rng.choice(len(table), 5, replace=False), "y"] = np.nan
table.insert(0, "id", range(len(table)))
table["f1"] = table.groupby("stratum")["psu"].transform("nunique") / table["N1"]
first, second = table["stratum"] == "h0", table["stratum"] == "h1"
table["zone"] = "rest"
table.loc[second, "zone"] = np.where(table.loc[second, "psu"] < 2, "south", "east")
table.loc[first & (table["psu"] == 0), "zone"] = "solo"
table.to_csv(Path(sys.argv[1]) / "three_stage.csv", index=False)
