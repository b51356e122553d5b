"""Invented administrative indicators of the invented zones, for the report on a composite index.

Each zone has a strength in means, work and results; the indicators show it with noise. Two traps are built
in: one zone's space includes a sports hall that serves the whole city (an outlier), and the count of
volunteers has nothing to do with strength. Only ``Generator.random`` is used.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

SEED = 20260505
HALL = 5  # place of the zone with the sports hall
# What a model adds to a zone's strength, in standard deviations: means, work, results.
MODELS = ((0.2, 0.5, 0.5), (0.1, 0.9, 0.3), (0.9, 0.2, 0.4), (-0.4, -0.5, -0.5))
# Indicator: which strength it shows (None: none), how well, level, spread, decimals.
INDICATORS: dict[str, tuple[int | None, float, float, float, int]] = {
    "staff_per_1000": (0, 0.8, 3.1, 0.7, 2),
    "space_per_100": (0, 0.7, 42.0, 11.0, 1),
    "funds_per_resident": (0, 0.6, 38.0, 12.0, 1),
    "days_to_answer": (1, -0.8, 6.4, 1.9, 1),
    "answered_in_time": (1, 0.8, 78.0, 9.0, 1),
    "meetings_a_year": (1, 0.5, 7.5, 2.4, 1),
    "within_15_minutes": (2, 0.7, 68.0, 12.0, 1),
    "volunteers_per_1000": (None, 0.0, 21.0, 7.0, 1),
    "complaints_again": (2, -0.7, 4.6, 1.5, 2),
}
TITLES = {
    "staff_per_1000": "Community staff, per 1,000 residents",
    "space_per_100": "Service space, square metres per 100 residents",
    "funds_per_resident": "Funds the community decides on, yuan per resident and year",
    "days_to_answer": "Days from a resident's request to the answer, mean",
    "answered_in_time": "Requests answered within the promised time, per cent",
    "meetings_a_year": "Residents' meetings in a community, per year",
    "within_15_minutes": "Residents with the listed services within a 15-minute walk, per cent",
    "volunteers_per_1000": "Registered volunteers, per 1,000 residents",
    "complaints_again": "Repeated complaints, per 1,000 residents and year",
}


def draw(zones: list[str]) -> tuple[list[str], list[list[str]], dict[str, Any]]:
    """Head and rows of the table, and what is true: strengths and the order by their mean."""
    rng = np.random.default_rng(SEED)

    def normal(*shape: int) -> NDArray[np.float64]:
        found: NDArray[np.float64] = ndtri(rng.random(shape))
        return found

    common = normal(len(zones), 1)
    own = normal(len(zones), 3)
    added = np.array([MODELS[place // 4] for place in range(len(zones))])
    strength = 0.6 * common + 0.6 * own + added
    columns: dict[str, list[str]] = {"zone": zones}
    for name, (about, clear, level, spread, decimals) in INDICATORS.items():
        noise = normal(len(zones))
        shown = noise if about is None else clear * strength[:, about] + np.sqrt(1 - clear**2) * noise
        values = np.clip(level + spread * shown, 0.2 * level, None)
        if name in ("answered_in_time", "within_15_minutes"):
            values = np.minimum(values, 99.0)
        if name == "space_per_100":
            values[HALL] = 310.0
        columns[name] = [f"{one:.{decimals}f}" for one in values]
    mean = strength.mean(axis=1)
    order = [zones[place] for place in np.argsort(-mean, kind="stable")]
    truth = {
        "synthetic": True,
        "seed": SEED,
        "strength": {
            zone: [round(float(one), 4) for one in row] for zone, row in zip(zones, strength, strict=True)
        },
        "order_by_mean_strength": order,
        "unrelated_to_strength": [name for name, one in INDICATORS.items() if one[0] is None],
        "outlier": {"zone": zones[HALL], "indicator": "space_per_100"},
    }
    return list(columns), [list(row) for row in zip(*columns.values(), strict=True)], truth


def truth_bytes(truth: dict[str, Any]) -> bytes:
    """What is true, as a file."""
    return (json.dumps(truth, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
