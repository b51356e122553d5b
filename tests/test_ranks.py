"""Confidence sets for ranks: against R csranks, by simulation, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab import ranks
from govlab.errors import InputError
from govlab.results import Estimates

REFERENCE = Path(__file__).parent / "reference" / "ranks"
KINDS = ("indep_12", "corr_20", "ties_15")
DRAWS = {"simu": 200_000, "marg": 20_000}  # as many as on the other side
SETS = {
    "simul_step": {"simultaneous": True, "step_down": True},
    "simul_single": {"simultaneous": True, "step_down": False},
    "marg_step": {"simultaneous": False, "step_down": True},
    "marg_single": {"simultaneous": False, "step_down": False},
}


def _reference(kind):
    expected = pd.read_csv(REFERENCE / f"ranks_{kind}.csv", skipinitialspace=True)
    covariance = pd.read_csv(REFERENCE / f"ranks_{kind}_cov.csv", skipinitialspace=True).to_numpy()
    return expected, covariance


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_csranks(kind):
    """At most 5 % of the bounds differ, and by one rank: both sides simulate their critical values."""
    expected, covariance = _reference(kind)
    off = []
    for sets, call in SETS.items():
        found = ranks.confidence_sets(
            expected["estimate"], covariance, draws=DRAWS[sets[:4]], **call
        ).to_frame()
        assert found["rank"].tolist() == expected["rank"].tolist()
        np.testing.assert_allclose(found["std_error"].astype(float), expected["std_error"], rtol=1e-12)
        for bound in ("low", "high"):
            off.extend(np.abs(found[f"rank_{bound}"] - expected[f"{sets}_{bound}"]))
    assert max(off) <= 1
    assert sum(off) <= 0.05 * len(off)


@pytest.mark.parametrize("kind", KINDS)
def test_top_three_agrees_with_csranks(kind):
    expected, covariance = _reference(kind)
    found = ranks.possible_top(expected["estimate"], covariance, k=3, draws=20_000).to_frame()
    assert found["possible"].astype(int).tolist() == expected["top3"].tolist()


def _covered(truth, factor, seed, *, simultaneous):
    """Whether sets from one draw of estimates hold the true ranks (the best and worst, under ties)."""
    covariance = factor @ factor.T
    estimates = truth + factor @ np.random.default_rng(seed).standard_normal(len(truth))
    frame = ranks.confidence_sets(
        estimates, covariance, simultaneous=simultaneous, draws=1_000, seed=seed
    ).to_frame()
    best = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
    worst = len(truth) - (truth[None, :] < truth[:, None]).sum(axis=1)
    return (frame["rank_low"] <= best) & (frame["rank_high"] >= worst)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("truth", "upper"),
    [
        (np.zeros(6), 0.985),  # all tied: nothing may be settled, and the level is met nearly exactly
        (np.array([0.0, 0.0, 1.0, 1.0, 3.0, 6.0]), 1.0),
    ],
    ids=["all tied", "some tied"],
)
def test_simultaneous_coverage(truth, upper):
    rng = np.random.default_rng(5)
    factor = np.diag(rng.uniform(0.3, 1.2, 6)) + 0.2 * rng.standard_normal((6, 6))
    held = np.mean([_covered(truth, factor, seed, simultaneous=True).all() for seed in range(300)])
    # three standard errors of a share of 0.95 in 300 draws
    assert 0.95 - 0.038 <= held <= upper


def test_marginal_coverage():
    rng = np.random.default_rng(6)
    factor = np.diag(rng.uniform(0.3, 1.2, 6))
    held = np.mean([_covered(np.zeros(6), factor, seed, simultaneous=False) for seed in range(150)], axis=0)
    assert (held >= 0.95 - 0.053).all()
    assert held.mean() <= 0.985


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10_000), st.booleans())
def test_what_always_holds(count, seed, simultaneous):
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((count, count)) * 0.3
    covariance = root @ root.T + np.diag(rng.uniform(0.01, 0.5, count))
    values = np.round(rng.standard_normal(count), 1)
    call = {"simultaneous": simultaneous, "draws": 500, "seed": seed}
    found = ranks.confidence_sets(values, covariance, **call).to_frame()
    single = ranks.confidence_sets(values, covariance, step_down=False, **call).to_frame()
    assert (found["rank_low"] >= 1).all()
    assert (found["rank_low"] <= found["rank"]).all()
    assert (found["rank"] <= found["rank_high"]).all()
    assert (found["rank_high"] <= count).all()
    assert (found["rank_low"] >= single["rank_low"]).all()
    assert (found["rank_high"] <= single["rank_high"]).all()
    moved = ranks.confidence_sets(7 + 2 * values, 4 * covariance, **call).to_frame()
    assert moved[["rank_low", "rank_high"]].equals(found[["rank_low", "rank_high"]])
    if simultaneous:
        top = ranks.possible_top(values, covariance, k=count, draws=500, seed=seed).to_frame()
        assert top["possible"].all()


def test_far_apart_and_exactly_tied():
    found = ranks.confidence_sets([0.0, 50.0, 100.0], np.eye(3)).to_frame()
    assert found[["rank", "rank_low", "rank_high"]].to_numpy().tolist() == [[3, 3, 3], [2, 2, 2], [1, 1, 1]]
    # two units measured with the same error: their difference is known exactly
    shared = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    found = ranks.confidence_sets([1.0, 0.0, 0.5], shared).to_frame()
    assert found["rank_low"].tolist() == [1, 2, 1]
    assert found["rank_high"].tolist() == [2, 3, 3]
    assert ranks.confidence_sets([1.0, 1.0], np.ones((2, 2))).to_frame()["rank"].tolist() == [1, 1]


def test_same_seed_same_sets():
    _, covariance = _reference("corr_20")
    values = np.linspace(0, 1, 20)
    first, second = (ranks.confidence_sets(values, covariance, seed=9).to_frame() for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def _estimates(reasons):
    count = len(reasons)
    frame = pd.DataFrame(
        {
            "community": list("abcdef"[:count]),
            "term": "satisfaction",
            "estimate": np.arange(count, dtype=float),
            "std_error": 0.1,
            "n": 40,
            "reason": reasons,
        }
    )
    frame.loc[frame["reason"] != "", "std_error"] = np.nan
    return Estimates(frame, "weighted mean")


def test_units_keep_their_names_and_order():
    found = ranks.confidence_sets(_estimates([""] * 3), 0.01 * np.eye(3))
    frame = found.to_frame()
    assert list(frame.columns) == [
        "community", "estimate", "std_error", "rank", "rank_low", "rank_high", "reason",
    ]  # fmt: skip
    assert frame["rank"].tolist() == [3, 2, 1]
    assert found.above.sum() == 3
    assert "all of them at once" in found.summary()
    assert "<table" in found._repr_html_()


def test_community_without_respondents_stays_unranked():
    covariance = 0.01 * np.eye(4)
    covariance[1] = covariance[:, 1] = np.nan
    estimates = _estimates(["", "empty-cell", "", ""])
    found = ranks.confidence_sets(estimates, covariance)
    frame = found.to_frame()
    assert frame["rank"].isna().tolist() == [False, True, False, False]
    assert frame["rank"].dropna().tolist() == [3, 2, 1]
    assert frame["rank_high"].max() == 3
    assert frame["reason"].tolist() == ["", "empty-cell", "", ""]
    assert "1 units without respondents" in found.summary()
    top = ranks.possible_top(estimates, covariance, k=1).to_frame()
    assert top["possible"].tolist() == [False, False, False, True]


def test_one_sampled_cluster_is_refused():
    covariance = 0.01 * np.eye(4)
    covariance[1] = covariance[:, 1] = np.nan
    with pytest.raises(InputError) as raised:
        ranks.confidence_sets(_estimates(["", "one-psu", "no-variance", ""]), covariance)
    assert [fault.key for fault in raised.value.faults] == ["ranks.one_psu", "ranks.no_error"]
    assert "for_units" in raised.value.text("en")
    assert "同一个抽样单元" in raised.value.text("zh")


@pytest.mark.parametrize("diagonal", [0.0, -1.0, np.nan])
def test_unknown_error_is_refused(diagonal):
    covariance = np.diag([1.0, diagonal, 1.0])
    with pytest.raises(InputError, match="1 units cannot be ranked"):
        ranks.confidence_sets([1.0, 2.0, 3.0], covariance)


def test_nothing_to_rank():
    with pytest.raises(InputError, match="nothing to rank"):
        ranks.confidence_sets(_estimates(["empty-cell"]), np.eye(1))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ({"covariance": np.eye(2)}, r"shape \(3, 3\)"),
        ({"covariance": None}, "carry none"),
        ({"covariance": np.array([[1, 0.5, 0], [0, 1, 0], [0, 0, 1.0]])}, "not symmetric"),
        ({"covariance": np.array([[1, 2, 0], [2, 1, 0], [0, 0, 1.0]])}, "negative eigenvalue"),
        ({"covariance": np.eye(3), "level": 95}, "level must lie"),
        ({"covariance": np.eye(3), "draws": 10}, "draws must be"),
    ],
)
def test_wrong_calls(call, says):
    with pytest.raises(ValueError, match=says):
        ranks.confidence_sets([1.0, 2.0, 3.0], **call)


@pytest.mark.parametrize("k", [0, 4])
def test_top_of_too_few(k):
    with pytest.raises(ValueError, match="k must lie between 1 and the 3"):
        ranks.possible_top([1.0, 2.0, 3.0], np.eye(3), k=k)
