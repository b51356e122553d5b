"""Answers merged: what three groups show where five answers cannot, and what an attacker makes of both."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from govlab.disclosure import Margin, Mask, apply

THREE = (("low", (1, 2)), ("middle", (3,)), ("high", (4, 5)))
ONE_WAVE = (Margin(("zone",), ("q",), "both", THREE), Margin((), ("q",), "both"))


def answers(seed: int, zones: int = 4, size: int = 70) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    zone = np.repeat([f"z{one}" for one in range(zones)], size)
    q = rng.choice([1.0, 2, 3, 4, 5, np.nan], len(zone), p=[0.08, 0.14, 0.2, 0.36, 0.17, 0.05])
    return pd.DataFrame({"zone": zone, "q": q})


def groups(frame: pd.DataFrame) -> pd.Series:
    names = {level: name for name, levels in THREE for level in levels}
    return frame["q"].map(names)


def test_by_hand() -> None:
    """8 gave 1 and 7 gave 2: neither can be shown alone, the 15 of both can."""
    frame = pd.DataFrame(
        {"zone": np.repeat(["A", "B"], 60), "q": np.tile(np.repeat([1, 2, 3, 4, 5], [8, 7, 15, 15, 15]), 2)}
    )
    alone = Mask.compute(frame, [Margin(("zone",), ("q",), "both")])
    assert not any(alone.shows({"zone": "A"}, "q", one) for one in (1, 2, 3, 4, 5))
    mask = Mask.compute(frame, [Margin(("zone",), ("q",), "both", THREE)])
    assert all(mask.shows({"zone": zone}, "q", name) for zone in "AB" for name in ("low", "middle", "high"))
    assert mask.shows({"zone": "A"}, "q")
    frame.loc[frame["zone"].eq("A") & frame["q"].le(2), "q"] = np.repeat([1, 5], [9, 6])
    small = Mask.compute(frame, [Margin(("zone",), ("q",), "both", THREE)])
    assert not any(small.shows({"zone": "A"}, "q", name) for name in ("low", "middle", "high"))


def test_a_mean_that_tells_every_answer() -> None:
    """All who are above the middle gave 5, all below it 1: three shares and the mean would say so."""
    frame = pd.DataFrame({"zone": np.repeat(["A", "B", "C"], 60)})
    frame["q"] = np.tile(np.repeat([1, 2, 3, 4, 5], [12] * 5), 3)
    frame.loc[frame["zone"] == "A", "q"] = np.repeat([2, 3, 5], [20] * 3)
    mask = Mask.compute(frame, [Margin(("zone",), ("q",), "both", THREE)])
    assert not mask.shows({"zone": "A"}, "q", "high")
    without = Mask.compute(frame, [Margin(("zone",), ("q",), "answers", THREE)])
    assert without.shows({"zone": "A"}, "q", "high")


def test_answers_that_nobody_gave_count() -> None:
    frame = answers(1).assign(q=lambda t: t["q"].where(t["q"] > 2))
    mask = Mask.compute(frame, [Margin(("zone",), ("q",), "answers", THREE)])
    assert not any(mask.shows({"zone": f"z{one}"}, "q", "low") for one in range(4))
    assert mask.levels["q"] == (1, 2, 3, 4, 5)


@pytest.mark.parametrize("seed", range(6))
def test_attacker_with_both_recovers_nothing(seed: int) -> None:
    """Groups by zone beside each answer of all: one system, solved cell by cell."""
    frame = answers(seed)
    mask = Mask.compute(frame, ONE_WAVE, places=["zone"])
    zones, levels = sorted(frame["zone"].unique()), [1, 2, 3, 4, 5, 0]
    atoms = [(zone, level) for zone in zones for level in levels]
    counts = {
        (zone, level): int(((frame["zone"] == zone) & (frame["q"].fillna(0) == level)).sum())
        for zone, level in atoms
    }
    told: list[tuple[np.ndarray, bool, bool]] = []

    def tell(shown: bool, wanted: set[str], answers_: set[int], guarded: bool) -> None:
        row = np.array([zone in wanted and level in answers_ for zone, level in atoms], dtype=float)
        told.append((row, shown, guarded))

    for wanted, by in [({zone}, {"zone": zone}) for zone in zones] + [(set(zones), {})]:
        tell(mask.shows(by), wanted, set(levels), True)
        tell(mask.shows(by, "q"), wanted, {1, 2, 3, 4, 5}, False)
        for name, some in THREE if by else [(level, (level,)) for level in (1, 2, 3, 4, 5)]:
            tell(mask.shows(by, "q", name), wanted, set(some), True)
    truth = np.array([counts[atom] for atom in atoms], dtype=float)
    known = np.array([row for row, shown, _ in told if shown])
    for row, shown, guarded in told:
        if shown or not guarded:
            continue
        ends = [
            sign * linprog(sign * row, A_eq=known, b_eq=known @ truth, bounds=(0, None), method="highs").fun
            for sign in (1, -1)
        ]
        assert ends[1] - ends[0] >= mask.width - 1e-6
    if seed == 0:
        assert any(shown and guarded for _, shown, guarded in told)


def test_kept_and_read_again() -> None:
    frame = answers(3)
    mask = Mask.compute(frame, ONE_WAVE, places=["zone"])
    again = Mask.from_json(mask.to_json())
    assert again.to_json() == mask.to_json()
    assert again.hidden == mask.hidden
    assert again.margins == mask.margins
    assert again.fits(frame)
    plain = json.loads(Mask.compute(frame, [Margin(("zone",), ("q",), "both")]).to_json())
    assert all("merge" not in one for one in plain["margins"])
    assert all("merged" not in one for one in plain["hidden"])


def test_laid_over_shares_of_groups() -> None:
    frame = answers(5).assign(q=lambda t: t["q"].where((t["zone"] != "z0") | (t["q"] > 2), 4.0))
    mask = Mask.compute(frame, [Margin(("zone",), ("q",), "answers", THREE)])
    table = (
        frame.assign(term=groups(frame), variable="q")
        .groupby(["zone", "variable", "term"])
        .size()
        .rename("n")
    ).reset_index()
    found = apply(mask, table.assign(reason=""))
    assert (found["reason"] == "suppressed").any()
    assert (found["reason"] == "").any()
    assert found.loc[found["reason"] == "suppressed", "n"].isna().all()


@pytest.mark.parametrize(
    ("margins", "words"),
    [
        (lambda: [Margin(("zone",), ("q",), "mean", THREE)], "merge is about answers"),
        (lambda: [Margin(("zone",), ("q",), "both", (("a", (1, 2)), ("b", (2, 3))))], "in one group"),
        (lambda: [Margin(("zone",), ("q",), "both", (("a", (1, 2)), ("b", (3, 4))))], "no group for"),
        (
            lambda: [*ONE_WAVE, Margin((), ("q",), "answers", (("a", (1, 2)), ("b", (3, 4, 5))))],
            "merged in two ways",
        ),
    ],
)
def test_wrong_calls(margins: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Mask.compute(answers(0), margins())
