"""CR2 and its degrees of freedom: clubSandwich's numbers, the two-sample formulas, brute force."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from govlab.compare import did
from govlab.compare.did import sandwich

FOLDER = Path(__file__).parent.parent / "reference" / "did"
RUNS = json.loads((FOLDER / "cr2_expected.json").read_text(encoding="utf-8"))["runs"]


def model(name: str) -> did.TwoWay:
    if name.startswith("few"):
        frame = pd.read_csv(FOLDER / "few_clusters.csv")
        frame["on"] = frame["treat"] * frame["post"]
        more = ["age"] if name == "few_age" else []
        return did.two_way(
            frame, "y", treated="on", unit="treat", time="post", cluster="cluster", covariates=more
        )
    frame = pd.read_csv(FOLDER / "staggered.csv")
    return did.two_way(frame, "y", treated="treated", unit="unit", time="time", cluster=name)


@pytest.mark.parametrize("known", RUNS, ids=lambda one: one["id"])
def test_meets_the_reference(known):
    row = model(known["id"]).frame.iloc[0]
    assert row["estimate"] == pytest.approx(known["estimate"], rel=1e-10)
    assert row["std_error"] == pytest.approx(known["std_error"], rel=1e-10)
    assert row["df"] == pytest.approx(known["df"], rel=1e-10)
    assert row["p_value"] == pytest.approx(known["p"], rel=1e-9)


def test_two_waves_are_the_two_sample_formulas():
    """The error of unequal variances, and the degrees of freedom of Bell & McCaffrey for it."""
    change = np.random.default_rng(3).normal(size=9)
    frame = pd.DataFrame(
        [
            (f"z{place}", wave, 3 + 0.1 * place + wave * change[place], int(place < 4) * wave)
            for place in range(9)
            for wave in (0, 1)
        ],
        columns=["zone", "wave", "y", "on"],
    )
    row = did.two_way(frame, "y", treated="on", unit="zone", time="wave").frame.iloc[0]
    error = np.sqrt(change[:4].var(ddof=1) / 4 + change[4:].var(ddof=1) / 5)
    assert row["std_error"] == pytest.approx(error, rel=1e-12)
    assert row["df"] == pytest.approx((1 / 4 + 1 / 5) ** 2 / (1 / (16 * 3) + 1 / (25 * 4)), rel=1e-12)


def test_weighted_is_the_definition():
    """Written out with whole matrices, weights as inverse variances."""
    frame = pd.read_csv(FOLDER / "few_clusters.csv").assign(w=lambda one: 0.5 + one["age"] % 4)
    frame["on"] = frame["treat"] * frame["post"]
    row = did.two_way(
        frame, "y", treated="on", unit="treat", time="post", cluster="cluster", weights="w"
    ).frame.iloc[0]
    root = np.sqrt(frame["w"].to_numpy())
    x = np.column_stack([frame["on"], np.ones(len(frame)), frame["treat"], frame["post"]]) * root[:, None]
    y = frame["y"].to_numpy() * root
    inverse = np.linalg.inv(x.T @ x)
    away = np.eye(len(y)) - x @ inverse @ x.T
    left = away @ y
    columns, total = [], 0.0
    for one in frame["cluster"].unique():
        rows = (frame["cluster"] == one).to_numpy()
        values, vectors = np.linalg.eigh(away[np.ix_(rows, rows)])
        half = vectors @ np.diag(1 / np.sqrt(values)) @ vectors.T
        widened = half @ x[rows] @ inverse[:, 0]
        total += (widened @ left[rows]) ** 2
        columns.append(away[:, rows] @ widened)
    spread = np.column_stack(columns).T @ np.column_stack(columns)
    assert row["std_error"] == pytest.approx(np.sqrt(total), rel=1e-10)
    assert row["df"] == pytest.approx(np.trace(spread) ** 2 / (spread**2).sum(), rel=1e-9)


def test_many_clusters_take_the_plain_degrees_of_freedom(monkeypatch):
    monkeypatch.setattr(sandwich, "_MOST", 10)
    assert model("unit").frame["df"].iloc[0] == 52
    assert model("unit").frame["std_error"].iloc[0] == pytest.approx(RUNS[2]["std_error"], rel=1e-10)


def test_small_samples_keep_their_level():
    """Four zones against four, normal changes: intervals hold the truth in 95 of 100, large-sample ones in 85."""
    inside = {True: 0, False: 0}
    for seed in range(200):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame(
            {"zone": np.repeat(np.arange(8), 2), "wave": np.tile([0, 1], 8), "y": rng.normal(size=16)}
        )
        frame["on"] = ((frame["zone"] < 4) & (frame["wave"] == 1)).astype(int)
        for small in inside:
            row = did.group_time(
                frame, "y", unit="zone", time="wave", treated="on", small_sample=small
            ).to_frame()
            inside[small] += bool(row["conf_low"].iloc[0] <= 0 <= row["conf_high"].iloc[0])
    assert 0.91 <= inside[True] / 200 <= 0.99 and inside[False] < inside[True] - 10
