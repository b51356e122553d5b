"""Ceilings, effect sizes, bottlenecks: R NCA's numbers, worked corners, and what does not apply."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.compare import necessity
from govlab.compare.ceilings import ceiling, effects
from govlab.errors import InputError

FOLDER = Path(__file__).parent.parent / "reference" / "nca"
RUNS = json.loads((FOLDER / "nca_expected.json").read_text(encoding="utf-8"))["runs"]
# R's names -> ours, and R's units -> ours.
MEASURES = {
    "Effect size": ("effect_size", 1),
    "Ceiling zone": ("ceiling_zone", 1),
    "Ceiling accuracy": ("accuracy", 100),
    "Fit": ("fit", 100),
    "Complexity": ("complexity", 1),
    "Slope": ("slope", 1),
    "Intercept": ("intercept", 1),
    "Abs. ineff.": ("absolute_inefficiency", 1),
    "Rel. ineff.": ("relative_inefficiency", 100),
    "Condition ineff.": ("condition_inefficiency", 100),
    "Outcome ineff.": ("outcome_inefficiency", 100),
}
CORNERS = {None: "upper-left", 2: "upper-right"}
SCALES = {
    "bottleneck_percentage_range": ("percentage-range", 10, ".1f"),
    "bottleneck_actual": ("actual", 10, ".3f"),
    "bottleneck_percentile": ("percentile", 10, ".1f"),
    "bottleneck_steps5": ("percentage-max", 5, ".1f"),
}


def read() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "nca_a.csv", index_col="case")


def run(one: dict) -> necessity.NecessaryConditions:
    frame = read()
    if one["corner"] == 2:
        frame["STAFF"] = -frame["STAFF"]
    scope = tuple(one["scope"][0]) if one["scope"] else None
    return necessity.nca(frame, one["x"], one["y"], corner=CORNERS[one["corner"]], scope=scope, draws=0)


@pytest.mark.parametrize("one", RUNS, ids=lambda one: f"{one['id']}-{one['x']}")
def test_measures_meet_the_reference(one):
    frame = run(one).to_frame().set_index("ceiling")
    known = one["summaries"][one["x"]]["params"]
    for kind, row in (("ce_fdh", frame.loc["ce-fdh"]), ("cr_fdh", frame.loc["cr-fdh"])):
        for name, (ours, unit) in MEASURES.items():
            if known[kind][name] is None:
                assert np.isnan(row[ours])
            else:
                assert row[ours] * unit == pytest.approx(known[kind][name], rel=1e-10, abs=1e-10), (
                    kind,
                    name,
                )
    assert row["reason"] == "" and row["n"] == 32


@pytest.mark.parametrize("one", [one for one in RUNS if "peers" in one and one["id"] == "nca_a"], ids=str)
def test_peers_meet_the_reference(one):
    for kind, ours in (("ce_fdh", "ce-fdh"), ("cr_fdh", "cr-fdh")):
        known = [(peer["X"], peer["Y"]) for peer in one["peers"][kind][one["x"]]]
        assert [tuple(peer) for peer in run(one)[one["x"]].ceilings[ours].peers] == known


@pytest.mark.parametrize("name", SCALES)
@pytest.mark.parametrize("one", [one for one in RUNS if "bottleneck_actual" in one], ids=lambda one: one["x"])
def test_bottlenecks_meet_the_reference(one, name):
    scale, steps, written = SCALES[name]
    found = run(one)
    for kind in ("ce_fdh", "cr_fdh"):
        table = found.bottleneck(kind=kind.replace("_", "-"), steps=steps, scale=scale).to_frame()
        assert list(table["level"]) == pytest.approx(one[name][kind]["y_level"], rel=1e-12)
        words = {"not-necessary": "NN", "not-attained": "NA"}
        ours = [
            words[reason] if reason else format(value, written)
            for value, reason in zip(table["required"], table["reason"], strict=True)
        ]
        assert ours == [cell for (cell,) in one[name][kind][one["x"]]]


def test_by_hand():
    # A step: (0, 1), (1, 2), (3, 4) over x 0..4, y 0..4: empty are 3 x 1 + 2 x 2 of 16.
    frame = pd.DataFrame({"x": [0, 1, 3, 4, 2], "y": [1, 2, 4, 0, 0]}, index=list("abcde"))
    pair = necessity.nca(frame, "x", "y", draws=0)["x"]
    assert pair.ceilings["ce-fdh"].effect == pytest.approx(7 / 16, abs=1e-15)
    # The line through the peers is y = 1 + x: it leaves at (3, 4); above it half of 3 x 3.
    assert pair.ceilings["cr-fdh"].effect == pytest.approx(4.5 / 16, abs=1e-15)
    table = necessity.nca(frame, "x", "y", draws=0).bottleneck(kind="ce-fdh", steps=4, scale="actual")
    assert list(table.to_frame()["required"])[2:] == [1.0, 3.0, 3.0]
    # Below what y = 2 needs lies one case, below what 3 and 4 need lie three.
    assert list(table.to_frame()["short"]) == [0, 0, 1, 3, 3]
    x, y = pair.line("ce-fdh")
    assert list(zip(x, y, strict=True)) == [(0, 0), (0, 1), (1, 1), (1, 2), (3, 2), (3, 4), (4, 4)]


@pytest.mark.parametrize("corner", ["upper-left", "upper-right", "lower-left", "lower-right"])
def test_corners_are_mirrors(corner):
    frame = read()
    turned = frame.copy()
    if corner.endswith("right"):
        turned["STAFF"] *= -1
    if corner.startswith("lower"):
        turned["PERF"] *= -1
    plain = necessity.nca(frame, "STAFF", "PERF", draws=0).to_frame()
    other = necessity.nca(turned, "STAFF", "PERF", corner=corner, draws=0)
    assert list(other.to_frame()["effect_size"]) == pytest.approx(list(plain["effect_size"]), rel=1e-12)
    x, y = other["STAFF"].line("cr-fdh")
    line = other.to_frame().set_index("ceiling").loc["cr-fdh"]
    assert y == pytest.approx(line["intercept"] + line["slope"] * x)
    needs = other.bottleneck(scale="actual").to_frame()
    assert len(needs) == 11 and (needs["reason"] == "").sum() >= 8


points = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=3, max_size=12)


@settings(max_examples=60, deadline=None)
@given(points)
def test_many_at_once_are_each_alone(cases):
    x, y = np.array(cases, dtype=float).T
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    scope = (x.min() - 1, x.max() + 2, y.min() - 1, y.max() + 1)
    many = effects(x, np.stack([y, y[::-1]]), scope)
    for kind, sizes in many.items():
        assert sizes == pytest.approx(
            [ceiling(x, one, scope, kind).effect for one in (y, y[::-1])], abs=1e-12
        )
        assert (sizes >= -1e-12).all() and (sizes <= 1 + 1e-12).all()
    # No case lies above the step.
    peers = ceiling(x, y, scope, "ce-fdh").peers
    assert all(height <= peers[peers[:, 0] <= at][-1, 1] for at, height in zip(x, y, strict=True))


def test_permutation_p_against_full_enumeration():
    from itertools import permutations

    frame = pd.DataFrame({"x": [1, 2, 3, 4, 5.5], "y": [1, 1.5, 3, 4.5, 4]})
    draws = 40_000
    pair = necessity.nca(frame, "x", "y", draws=draws)["x"]
    every = np.array(list(permutations(frame["y"])))
    for kind, sizes in effects(frame["x"].to_numpy(float), every, pair.scope).items():
        exact = (sizes >= pair.ceilings[kind].effect - 1e-12).mean()
        p, error = pair.p[kind]
        assert error == pytest.approx(np.sqrt(p * (1 - p) / draws))
        assert abs(p - exact) < 4 * error
    again = necessity.nca(frame, "x", "y", draws=draws)["x"]
    assert again.p == pair.p


def test_p_is_never_zero():
    frame = pd.DataFrame({"x": range(40), "y": range(40)})
    assert necessity.nca(frame, "x", "y", draws=99)["x"].p["ce-fdh"][0] == 0.01


def test_what_does_not_apply():
    frame = pd.DataFrame({"x": [1, 1, 1, np.nan], "z": [1, 2, 3, 4], "y": [1, 2, 3, 4]})
    found = necessity.nca(frame, ["x", "z"], "y", draws=9)
    table = found.to_frame().set_index(["condition", "ceiling"])
    assert table.loc[("x", "cr-fdh"), "reason"] == "constant" and found["x"].n_dropped == 1
    assert table.loc[("z", "cr-fdh"), "effect_size"] == pytest.approx(0.5)
    assert "does not vary" in found.summary() and "2 conditions were tested" in found.summary()
    assert set(found.bottleneck().to_frame()["condition"]) == {"z"}
    # The first case is already the highest: nothing is empty.
    flat = necessity.nca(pd.DataFrame({"x": [1, 2, 3], "y": [3, 2, 1]}), "x", "y", draws=9)
    row = flat.to_frame().set_index("ceiling").loc["cr-fdh"]
    assert row["effect_size"] == 0 and row["reason"] == "one-peer" and row["p_value"] == 1
    assert set(flat.bottleneck().to_frame()["reason"]) == {"not-necessary"}


def test_bad_input_is_told_whole():
    frame = pd.DataFrame({"x": [1, 2, "many"], "y": [1, np.inf, 3], "z": [1, 2, 30]})
    with pytest.raises(InputError) as caught:
        necessity.nca(frame, ["x", "z"], "y", scope=(0, 10, 0, 5))
    keys = [fault.key for fault in caught.value.faults]
    assert keys == ["necessity.not_a_number"] * 2 + ["necessity.outside_scope"] * 2
    assert "many" in caught.value.text("en") and "many" in caught.value.text("zh")
    good = pd.DataFrame({"x": [1, 2], "y": [1, 2]})
    with pytest.raises(KeyError):
        necessity.nca(good, "w", "y")
    for call in (
        lambda: necessity.nca(good, "x", "x"),
        lambda: necessity.nca(good, "x", "y", corner="top"),
        lambda: necessity.nca(good, "x", "y", draws=-1),
        lambda: necessity.nca(good, "x", "y", scope=(1, 1, 0, 2)),
        lambda: necessity.nca(good, "x", "y", draws=0).bottleneck(kind="ols"),
        lambda: necessity.nca(good, "x", "y", draws=0).bottleneck(steps=0),
    ):
        with pytest.raises(ValueError):
            call()
