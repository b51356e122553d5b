"""Suppression: what is hidden, by hand."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from govlab.disclosure import Margin, Mask
from govlab.errors import InputError
from tests.disclosure.attacker import people


def test_two_by_two_by_hand():
    """4 men among the 12 of zone B: beside row and column totals all four cells have to go."""
    frame = pd.DataFrame(
        {"zone": ["A"] * 30 + ["B"] * 12, "sex": ["f"] * 18 + ["m"] * 12 + ["f"] * 8 + ["m"] * 4}
    )
    mask = Mask.compute(frame, [Margin(("zone",)), Margin(("sex",)), Margin(("zone", "sex"))])
    assert mask.shows({"zone": "A"})
    assert mask.shows({"zone": "B"})
    assert mask.shows({"sex": "m"})
    shown = [mask.shows({"zone": zone, "sex": sex}) for zone in "AB" for sex in "fm"]
    assert shown == [False] * 4
    # with the number of all alone known, one other cell is enough
    alone = Mask.compute(frame, [Margin(("zone", "sex"))])
    shown = [alone.shows({"zone": zone, "sex": sex}) for zone in "AB" for sex in "fm"]
    assert shown == [True, True, False, False]


def test_a_share_of_nobody_or_everybody():
    """Who is not in a 0 % cell is in the 100 % one."""
    frame = pd.DataFrame({"zone": ["A"] * 40 + ["B"] * 40, "knows": [1.0] * 40 + [1.0] * 20 + [0.0] * 20})
    mask = Mask.compute(frame, [Margin(("zone",), ("knows",))])
    assert mask.shows({"zone": "A"})
    assert not mask.shows({"zone": "A"}, "knows", 0)
    assert not mask.shows({"zone": "A"}, "knows", 1)
    assert not mask.shows({"zone": "A"}, "knows")  # the mean of 0 and 1 is the share
    # all 80 and zone B together give zone A away
    assert not mask.shows({"zone": "B"}, "knows")
    assert mask.shows({}, "knows")


def test_a_mean_of_one_answer():
    frame = pd.DataFrame({"zone": np.repeat(["A", "B", "C"], 30), "q": np.tile([1.0, 2.0, 3.0], 30)})
    frame.loc[frame["zone"] == "A", "q"] = 3.0
    mask = Mask.compute(frame, [Margin(("zone",), ("q",))])
    assert not mask.shows({"zone": "A"}, "q")
    assert [mask.shows({"zone": zone}, "q") for zone in "BC"].count(True) == 1
    assert all(mask.shows({"zone": zone}) for zone in "ABC")


def test_answers_beside_their_mean_are_shown_whole_or_not_at_all():
    frame = pd.DataFrame({"zone": np.repeat(["A", "B"], 100), "q": np.tile(np.repeat([1, 2, 3, 4], 25), 2)})
    frame.loc[:5, "q"] = 4
    frame.loc[6:24, "q"] = 2
    both = Mask.compute(frame, [Margin(("zone",), ("q",), "both")])
    assert [both.shows({"zone": "A"}, "q", one) for one in (1, 2, 3, 4)] == [False] * 4
    assert both.shows({"zone": "A"}, "q")
    apart = Mask.compute(frame, [Margin(("zone",), ("q",), "answers")])
    assert [apart.shows({"zone": "A"}, "q", one) for one in (1, 2, 3, 4)].count(False) == 2
    asked_twice = Mask.compute(frame, [Margin(("zone",), ("q",)), Margin(("zone",), ("q",), "answers")])
    assert asked_twice.hidden == both.hidden


def test_communities_of_a_zone_add_up_to_it():
    """Nobody declares that communities lie in zones; everybody knows."""
    frame = pd.DataFrame({"community": np.repeat(["A1", "A2", "A3", "B1", "B2"], [5, 20, 30, 25, 25])})
    frame["zone"] = frame["community"].str[0]
    mask = Mask.compute(frame, [Margin(("community",)), Margin(("zone",))], places=["community", "zone"])
    assert [mask.shows({"community": one}) for one in ("A1", "A2", "A3", "B1", "B2")] == [
        False, False, True, True, True,
    ]  # fmt: skip
    assert mask.shows({"zone": "A"})


def test_nobody_asked_there_is_no_secret():
    frame = pd.DataFrame({"zone": np.repeat(["A", "B"], [60, 30]), "wave": np.repeat([1, 2, 2], 30)})
    secret = Mask.compute(frame, [Margin(("zone", "wave")), Margin(("zone",)), Margin(("wave",))])
    known = Mask.compute(frame, secret.margins, places=["zone", "wave"])
    assert not secret.shows({"zone": "A", "wave": 1})
    assert known.count() == 0


def test_those_who_did_not_answer():
    frame = pd.DataFrame({"zone": np.repeat(["A", "B", "C"], 12), "q": np.tile([1.0, 2.0, 3.0], 12)})
    frame.loc[:3, "q"] = np.nan
    mask = Mask.compute(frame, [Margin(("zone",), ("q",))])
    assert mask.shows({"zone": "A"})
    assert not mask.shows({"zone": "A"}, "q")
    assert not mask.shows({"zone": "A"}, "q", None)  # 12 less 4 would be the 8 who did
    assert mask.shows({}, "q", None)


def test_answers_that_nobody_gave_count_as_shares():
    frame = pd.DataFrame({"zone": np.repeat(["A", "B"], 40), "q": np.tile([1, 2], 40)})
    frame["q"] = pd.Categorical(frame["q"], [1, 2, 3])
    mask = Mask.compute(frame, [Margin(("zone",), ("q",), "answers")])
    assert not mask.shows({"zone": "A"}, "q", 3)
    assert mask.levels["q"] == (1, 2, 3)


def test_fewer_than_ten_in_all():
    frame = pd.DataFrame({"zone": ["A", "B", "B"], "q": [1.0, 2.0, 3.0]})
    mask = Mask.compute(frame, [Margin(("zone",), ("q",))])
    assert not mask.shows({})
    assert not mask.shows({}, "q")
    assert not any(mask.shows({"zone": zone}) for zone in "AB")


@pytest.mark.parametrize("threshold", [9, 0, -1])
def test_threshold_goes_up_only(threshold):
    frame = people(0, 50)
    with pytest.raises(InputError, match="10 or more"):
        Mask.compute(frame, [], threshold=threshold)
    raw = json.loads(Mask.compute(frame, []).to_json()) | {"threshold": threshold}
    with pytest.raises(InputError) as raised:
        Mask.from_json(json.dumps(raw))
    assert "门槛" in raised.value.text("zh")


def test_wrong_calls():
    frame = people(0, 50)
    with pytest.raises(ValueError, match="width must be at least the threshold"):
        Mask.compute(frame, [], width=5)
    with pytest.raises(KeyError, match="no column nowhere"):
        Mask.compute(frame, [Margin(("nowhere",))])
    with pytest.raises(ValueError, match="shows must be one of"):
        Margin(("a",), ("q",), "totals")
    with pytest.raises(ValueError, match="either in by or in items"):
        Margin(("a",), ("a",))
    with pytest.raises(ValueError, match="either in by or in items"):
        Mask.compute(frame, [Margin(("a",)), Margin(("b",), ("a",))])


def test_too_many_crossed_columns():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({f"x{one}": rng.integers(0, 12, 300) for one in range(6)})
    with pytest.raises(InputError, match="tie too many columns"):
        Mask.compute(frame, [Margin(tuple(frame.columns))])
