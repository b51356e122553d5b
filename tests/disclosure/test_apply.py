"""Masks laid over results."""

from __future__ import annotations

import pandas as pd
import pytest

from govlab.disclosure import apply
from govlab.errors import InputError
from govlab.results import Estimates


def _means(by, rows, term="q"):
    frame = pd.DataFrame(rows, columns=by)
    frame["term"] = term
    frame = frame.assign(estimate=3.5, std_error=0.1, df=20.0, conf_low=3.3, conf_high=3.7, n=50, reason="")
    return Estimates(frame, "weighted mean", n_used=300, n_dropped=9, notes=("df of the design",))


def test_apply_to_estimates(study):
    _, mask = study
    before = _means(["zone", "wave"], [(zone, wave) for zone in "ABC" for wave in (1, 2)])
    found = apply(mask, before)
    frame = found.to_frame()
    hidden = frame["reason"] == "suppressed"
    assert not hidden.all()
    assert hidden[frame["zone"] == "C"].all()
    for name in ("estimate", "std_error", "df", "conf_low", "conf_high", "n"):
        assert frame[name].isna().tolist() == hidden.tolist(), name
    assert frame["term"].eq("q").all()
    assert (before.to_frame()["reason"] == "").all()
    assert type(found) is Estimates
    assert "rows not shown: " in found.summary()
    assert found.n_used == 300
    pd.testing.assert_frame_equal(apply(mask, before.to_frame()), frame)


def test_apply_within_a_wave(study):
    _, mask = study
    one_wave = _means(["zone"], [("A",), ("B",), ("C",)])
    both = apply(mask, _means(["zone", "wave"], [("A", 2), ("B", 2), ("C", 2)])).to_frame()
    assert apply(mask, one_wave, within={"wave": 2}).to_frame()["reason"].tolist() == both["reason"].tolist()
    with pytest.raises(InputError, match="not among the tables"):
        apply(mask, one_wave, within={"sex": "f"})


def test_apply_to_shares(study):
    frame, mask = study
    shares = pd.DataFrame(
        {"wave": [1, 1], "variable": "q", "term": [1.0, 5.0], "estimate": [0.2, 0.3], "n": 9}
    )
    pd.testing.assert_frame_equal(apply(mask, shares), shares)
    crossed = pd.DataFrame({"wave": [1, 2], "q": [1.0, 5.0], "estimate": [0.2, 0.3]})
    pd.testing.assert_frame_equal(apply(mask, crossed), crossed)
    counts = frame.groupby("zone").size().rename("n").reset_index()
    assert apply(mask, counts)["n"].isna().any()


def test_apply_to_comparisons(study):
    _, mask = study
    gaps = pd.DataFrame(
        {
            "zone": ["B", "C", "C"],
            "against": ["A", "A", "B"],
            "term": "q",
            "estimate": [0.1, 0.2, 0.3],
            "different": [True, False, True],
            "letters": ["a", "b", "c"],
        }
    )
    found = apply(mask, gaps, columns={"against": "zone"})
    lost = {zone for zone in "ABC" if not mask.shows({"zone": zone}, "q")}
    assert lost >= {"C"}
    wanted = [bool({"B", "A"} & lost), True, True]
    assert found["different"].isna().tolist() == wanted
    assert found["letters"].eq("").tolist() == wanted
    with pytest.raises(InputError, match="column against"):
        apply(mask, gaps)


def test_apply_refuses_what_it_does_not_know(study):
    _, mask = study
    with pytest.raises(InputError, match="not among the tables"):
        apply(mask, _means(["zone"], [("A",)], term="r"))
    with pytest.raises(InputError, match="term = belonging"):
        apply(mask, _means(["zone"], [("A",)], term="belonging"))
    finer = _means(["zone"], [("A",)]).to_frame().assign(sex="f")
    with pytest.raises(InputError, match="column sex"):
        apply(mask, finer)
    named = apply(mask, _means(["zone"], [("A",)], term="change"), item="q").to_frame()
    assert len(named) == 1


def test_rows_used_of_a_hidden_whole(study):
    _, mask = study
    found = apply(mask, _means([], [()] * 1).__class__(
        pd.DataFrame({"term": ["q"], "estimate": [1.0], "reason": [""]}), "mean", n_used=3
    ), within={"zone": "C", "wave": 1})  # fmt: skip
    assert found.n_used == 0
    assert found.to_frame()["reason"].tolist() == ["suppressed"]
