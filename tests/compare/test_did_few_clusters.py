"""Two-way, wild bootstrap, randomisation: counts and numbers of the reference, and what few clusters carry."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from govlab.compare import did
from govlab.errors import InputError

FOLDER = Path(__file__).parent.parent / "reference" / "did"
EXPECTED = json.loads((FOLDER / "did_expected.json").read_text(encoding="utf-8"))
CLOSE = {"rel": 1e-12, "abs": 1e-12}
ERRORS = {
    "none": "se_cr0",
    "all": "se_cr1",
    "clusters": "se_cr1_small_no_k",
    "nested": "se_cr1_nested_fe",
}


def staggered() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "staggered.csv")


def few() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "few_clusters.csv").assign(
        in_place=lambda frame: frame["treat"] * frame["post"]
    )


def two_by_two(frame: pd.DataFrame, covariates: tuple[str, ...] = ()) -> did.TwoWay:
    return did.two_way(
        frame, "y", treated="in_place", unit="treat", time="post", cluster="cluster",
        covariates=covariates, correction="all",
    )  # fmt: skip


@pytest.mark.parametrize("correction", ERRORS)
@pytest.mark.parametrize("known", EXPECTED["twfe"], ids=lambda one: one["cluster"])
def test_two_way_meets_the_reference(known, correction):
    found = did.two_way(
        staggered(), "y", treated="treated", unit="unit", time="time", cluster=known["cluster"],
        correction=correction,
    )  # fmt: skip
    row = found.frame.iloc[0]
    assert row["estimate"] == pytest.approx(known["coef"], **CLOSE)
    if known[ERRORS[correction]] is not None:
        assert row["std_error"] == pytest.approx(known[ERRORS[correction]], **CLOSE)
    if correction == "all":
        assert row["statistic"] == pytest.approx(known["t"], **CLOSE)
        assert row["p_value"] == pytest.approx(known["p_t_gminus1"], rel=1e-9)
        assert found.model.parameters[0] == known["k"] and found.clusters == known["clusters"]
    assert any("group_time" in note for note in found.notes)


@pytest.mark.parametrize("known", EXPECTED["wild_bootstrap"]["runs"], ids=lambda one: one["formula"])
def test_wild_bootstrap_meets_the_reference(known):
    model = two_by_two(few(), ("age",) if "age" in known["formula"] else ())
    row = model.frame.iloc[0]
    assert row["estimate"] == pytest.approx(known["coef"], **CLOSE)
    assert row["std_error"] == pytest.approx(known["se_cr1"], **CLOSE)
    assert row["p_value"] == pytest.approx(known["p_t_gminus1"], rel=1e-9)
    found = did.wild_bootstrap(model)
    for ours, theirs in (
        (found.restricted, known["rademacher_full_enumeration"]["restricted_WCR"]),
        (found.unrestricted, known["rademacher_full_enumeration"]["unrestricted_WCU"]),
    ):
        assert len(ours.statistics) == theirs["draws"]
        assert (ours.greater, ours.equal) == (theirs["n_strictly_greater"], theirs["n_equal"])
        assert (
            ours.p_value == theirs["p_symmetric_with_ties"] and ours.p_strict == theirs["p_symmetric_strict"]
        )
        assert (ours.p_left, ours.p_right) == (theirs["p_left"], theirs["p_right"])
        assert list(ours.statistics[:8]) == pytest.approx(theirs["t_star_first_8"], rel=1e-11, abs=1e-12)
        assert np.abs(ours.statistics).sum() == pytest.approx(theirs["t_star_sum_abs"], rel=1e-12)
    assert found.few_treated and set(found.to_frame()["reason"]) == {"few-treated"}
    assert found.smallest_p == 2 / 256 and "not a headline" in found.summary()


@pytest.mark.parametrize(
    ("statistic", "name"), [("people", "did_individual_means"), ("clusters", "did_cluster_mean_changes")]
)
def test_randomisation_meets_the_reference(statistic, name):
    known = EXPECTED["randomisation"]["statistics"][name]
    found = did.randomisation_test(
        few(), "y", treated="in_place", cluster="cluster", time="post", assignment="random",
        statistic=statistic,
    )  # fmt: skip
    assert len(found.statistics) == EXPECTED["randomisation"]["assignments"]
    assert found.observed == pytest.approx(known["observed"], **CLOSE)
    assert found.p_value == pytest.approx(known["p_two_sided"], **CLOSE)
    assert round(found.p_value * 56) == known["n_abs_ge"]
    assert found.p_greater == pytest.approx(known["p_greater"], **CLOSE)
    assert found.statistics.mean() == pytest.approx(known["mean"], **CLOSE)
    assert found.statistics.std() == pytest.approx(known["sd"], **CLOSE)
    assert found.exact and found.smallest_p == 1 / 56


def panel(changes: list[float], treated: int) -> pd.DataFrame:
    rows = [
        (f"c{place}", wave, 3 + 0.1 * place + change * wave, int(place < treated) * wave)
        for place, change in enumerate(changes)
        for wave in (0, 1)
    ]
    return pd.DataFrame(rows, columns=["zone", "wave", "y", "on"])


def test_the_interval_is_where_the_test_does_not_reject():
    rng = np.random.default_rng(5)
    frame = panel(list(rng.normal(0, 1, 9)), 4)
    options = {"treated": "on", "cluster": "zone", "time": "wave", "assignment": "random"}
    found = did.randomisation_test(frame, "y", **options)
    low, high = found.interval
    for effect, kept in ((low - 1e-6, False), (low + 1e-6, True), (high - 1e-6, True), (high + 1e-6, False)):
        moved = frame.assign(y=frame["y"] - effect * frame["on"])
        assert (did.randomisation_test(moved, "y", **options).p_value > 0.05) is kept
    assert low < found.observed < high


def test_permutation_says_what_it_is():
    frame = panel([1, 2, 3, 0, 0, 0], 3)
    options = {"treated": "on", "cluster": "zone", "time": "wave"}
    found = did.randomisation_test(frame, "y", assignment="not-random", **options)
    assert not found.exact and "permutation reference, not exact" in found.summary()
    # Three of six: 20 ways, each with its mirror: the smallest p is 0.1 and nothing can be rejected.
    assert found.smallest_p == pytest.approx(0.1) and found.p_value == pytest.approx(0.1)
    assert found.interval == (-np.inf, np.inf)
    assert found.to_frame()["reason"].iloc[0] == "p-too-coarse" and "no data could reject" in found.summary()
    with pytest.raises(TypeError):
        did.randomisation_test(frame, "y", **options)


def test_strata_and_drawn_assignments():
    frame = panel([1, 2, 0, 3, 1, 0, 2, 1], 4).assign(block=lambda one: one["zone"].str[1].astype(int) % 2)
    options = {"treated": "on", "cluster": "zone", "time": "wave", "assignment": "random"}
    found = did.randomisation_test(frame, "y", strata="block", **options)
    assert len(found.statistics) == 6 * 6
    changes = [1, 2, 0, 3, 1, 0, 2, 1]
    by_hand = []
    for even in combinations((0, 2, 4, 6), 2):
        for odd in combinations((1, 3, 5, 7), 2):
            own = [changes[one] for one in (*even, *odd)]
            by_hand.append(np.mean(own) - (sum(changes) - sum(own)) / 4)
    assert sorted(found.statistics) == pytest.approx(sorted(by_hand))
    rng = np.random.default_rng(2)
    large = did.randomisation_test(panel(list(rng.normal(0, 1, 24)), 12), "y", **options)
    assert not large.enumerated and not large.exact and large.p_error > 0
    small = np.abs(large.statistics) >= abs(large.observed) - 1e-9
    assert large.p_value == pytest.approx(small.mean()) and large.smallest_p == 1 / 2704156


def test_wild_bootstrap_is_brute_force():
    rng = np.random.default_rng(11)
    frame = panel(list(rng.normal(0, 1, 6)), 3)
    model = did.two_way(frame, "y", treated="on", unit="zone", time="wave", correction="all")
    found = did.wild_bootstrap(model)
    x = np.column_stack(
        [frame["on"], pd.get_dummies(frame["zone"]).to_numpy(float), frame["wave"].to_numpy(float)]
    )
    y = frame["y"].to_numpy()
    home = pd.factorize(frame["zone"])[0]

    def regress(outcome: np.ndarray) -> tuple[float, float, np.ndarray]:
        solution = np.linalg.lstsq(x, outcome, rcond=None)[0]
        left = outcome - x @ solution
        inverse = np.linalg.inv(x.T @ x)
        meat = sum(
            np.outer(x[home == g].T @ left[home == g], x[home == g].T @ left[home == g]) for g in range(6)
        )
        factor = 6 / 5 * 11 / (12 - 8)
        return solution[0], float(np.sqrt(factor * (inverse @ meat @ inverse)[0, 0])), left

    value, error, left = regress(y)
    assert (model.frame.iloc[0]["estimate"], model.frame.iloc[0]["std_error"]) == pytest.approx(
        (value, error)
    )
    null = np.linalg.lstsq(x[:, 1:], y, rcond=None)[0]
    for kind, fit, rest, centre in (
        (found.restricted, x[:, 1:] @ null, y - x[:, 1:] @ null, 0.0),
        (found.unrestricted, y - left, left, value),
    ):
        for place in (3, 17, 40):
            signs = 1.0 - 2.0 * ((place >> np.arange(5, -1, -1)) & 1)
            drawn, spread, _ = regress(fit + rest * signs[home])
            assert kind.statistics[place] == pytest.approx((drawn - centre) / spread, rel=1e-9)


def test_weights_are_repeats():
    frame = few().assign(w=lambda one: 1 + one["age"] % 3)
    weighted = did.two_way(
        frame, "y", treated="in_place", unit="treat", time="post", cluster="cluster",
        covariates=["age"], weights="w", correction="none",
    )  # fmt: skip
    repeated = did.two_way(
        frame.loc[frame.index.repeat(frame["w"])], "y", treated="in_place", unit="treat", time="post",
        cluster="cluster", covariates=["age"], correction="none",
    )  # fmt: skip
    for column in ("estimate", "std_error"):
        assert weighted.frame[column].iloc[0] == pytest.approx(repeated.frame[column].iloc[0], rel=1e-10)


def test_two_waves_are_the_difference_of_changes():
    frame = panel([1.0, 2.0, 4.0, 0.5, 0.0, 1.5, 0.2], 3)
    row = did.two_way(frame, "y", treated="on", unit="zone", time="wave").frame.iloc[0]
    assert row["estimate"] == pytest.approx(7 / 3 - 2.2 / 4)
    plain = did.group_time(frame, "y", unit="zone", time="wave", treated="on").to_frame().iloc[0]
    welch = stats.ttest_ind([1, 2, 4], [0.5, 0, 1.5, 0.2], equal_var=False)
    assert plain["estimate"] == pytest.approx(row["estimate"])
    assert plain["statistic"] == pytest.approx(welch.statistic) and plain["df"] == pytest.approx(welch.df)
    assert plain["p_value"] == pytest.approx(welch.pvalue)


def test_too_few_clusters_are_told():
    one = did.two_way(panel([1, 0, 0.5, 0.2], 1), "y", treated="on", unit="zone", time="wave")
    row = one.frame.iloc[0]
    assert row["reason"] == "one-cluster-in-an-arm" and np.isnan(row["p_value"]) and row["estimate"] > 0
    assert one.not_applicable is not None and "no error" in one.summary()
    two = did.two_way(panel([1, 0], 1), "y", treated="on", unit="zone", time="wave")
    assert two.frame.iloc[0]["reason"] == "few-clusters"
    with pytest.raises(InputError) as caught:
        did.wild_bootstrap(did.two_way(panel([1, 0, 0.5], 1), "y", treated="on", unit="zone", time="wave"))
    assert caught.value.faults[0].key == "did.wild_too_few" and "0.25" in caught.value.text("zh")
    many = did.two_way(panel(list(range(21)), 9), "y", treated="on", unit="zone", time="wave")
    with pytest.raises(InputError):
        did.wild_bootstrap(many)


@pytest.mark.parametrize(
    ("clusters", "treated", "carried"),
    [
        (8, 4, {"survey": "yes", "t": "beside", "cluster-robust": "no", "randomisation": "beside",
                "wild-bootstrap": "beside", "synthetic-control": "no"}),
        (6, 3, {"randomisation": "no", "wild-bootstrap": "beside"}),
        (4, 1, {"t": "no", "wild-bootstrap": "no", "randomisation": "no", "synthetic-control": "no"}),
        (40, 12, {"t": "yes", "cluster-robust": "yes", "synthetic-control": "beside"}),
    ],
)  # fmt: skip
def test_what_can_be_said(clusters, treated, carried):
    found = did.what_can_be_said(clusters, treated)
    table = found.to_frame().set_index("method")
    assert {name: table.loc[name, "carries"] for name in carried} == carried
    assert f"{treated} of {clusters}" in found.summary()
    assert did.what_can_be_said(10, 5, random=True).to_frame().set_index("method").loc[
        "randomisation", "carries"
    ] == ("yes")
    with pytest.raises(ValueError):
        did.what_can_be_said(4, 4)
