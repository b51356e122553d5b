"""Means, totals and ratios: the reference, identities, and what cannot be estimated."""

import pickle

import numpy as np
import pandas as pd
import pytest

from govlab.survey.design import Design
from govlab.survey.estimate import mean, ratio, total
from tests.survey.reference import CHANGED, DOMAINS, FACTORS, ITEMS, PLAIN, REPLICATED, Compared


@pytest.mark.parametrize("name", [*PLAIN, *CHANGED, *REPLICATED])
def test_means_and_totals_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    one, compared = designs[name], Compared(name)
    kind = name[:3]
    deff = name in PLAIN
    compared.one("degf", "", "df", one.degf)
    for fn, estimator in (("svymean", mean), ("svytotal", total)):
        compared.rows(fn, estimator(one, ITEMS[kind], deff=deff).frame)
        for by in DOMAINS[kind]:
            table = estimator(one, ITEMS[kind], by=by, deff=deff).frame
            compared.rows(f"{fn}_by", table, by=by)
            if fn == "svymean":
                for row in table.to_dict("records"):
                    domain = ";".join(f"{name}={row[name]}" for name in by)
                    compared.one("n_by", row["term"], "n", row["n"], domain=domain)
    compared.rows("svytotal", total(one, FACTORS[kind]).frame, var="variable", term="term")
    if deff:
        for row in mean(one, ITEMS[kind], deff="replace").frame.to_dict("records"):
            compared.one("svymean", row["term"], "deff_replace", row["deff"])
    compared.done("svymean", "svymean_by", only=ITEMS[kind])
    compared.done("degf", "n_by", "svytotal", "svytotal_by")


@pytest.mark.parametrize("name", [*PLAIN, *CHANGED, *REPLICATED])
def test_ratios_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    one, compared = designs[name], Compared(name)
    for above, below in (("meet", "hhsize"), ("income", "hhsize"), ("y", "x")):
        if above in one.frame:
            compared.rows("svyratio", ratio(one, above, below).frame)
            if "zone" in one.frame:
                compared.rows("svyratio_by", ratio(one, above, below, by="zone").frame, by=["zone"])
    compared.done("svyratio", "svyratio_by")


@pytest.mark.parametrize("name", [*PLAIN, *CHANGED, *REPLICATED])
def test_covariance_between_domains_meets_the_reference(name: str, designs: dict[str, Design]) -> None:
    one, compared = designs[name], Compared(name)
    by, first = {"lik": ("zone", "Z1"), "srs": ("type", "unit"), "pai": ("grp", "a")}[name[:3]]
    for variable in ITEMS[name[:3]]:
        found = mean(one, variable, by=by)
        labels = found.frame[by].tolist()
        column = labels.index(first)
        for row, label in enumerate(labels):
            value = found.covariance[row, column]
            compared.one("svyby_cov", variable, "cov", value, domain=by, term=f"{label},{first}")
    compared.done("svyby_cov")


def small() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stratum": ["a"] * 6 + ["b"] * 6,
            "psu": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
            "w": [2.0, 3, 2, 4, 1, 2, 5, 1, 2, 2, 3, 1],
            "y": [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, np.nan],
            "zone": ["k", "k", "l", "l", "l", "m", "m", "m", "m", "m", "m", None],
            "flag": [True, False] * 6,
        }
    )


def plain() -> Design:
    return Design(small(), weights="w", strata="stratum", clusters="psu")


def test_a_subset_is_a_domain() -> None:
    whole = mean(plain(), "y", by="zone").frame.set_index("zone")
    for zone in ("l", "m"):
        inside = mean(plain().subset(f"zone == '{zone}'"), "y").frame.iloc[0]
        assert inside["estimate"] == whole.loc[zone, "estimate"]
        assert inside["std_error"] == pytest.approx(whole.loc[zone, "std_error"], rel=1e-14)


def test_a_domain_of_one_unit_has_an_estimate_no_interval_and_a_reason() -> None:
    found = mean(plain(), "y", by="zone")
    row = found.frame.set_index("zone").loc["k"]
    assert row["estimate"] == pytest.approx(1.6)
    assert row[["std_error", "conf_low", "conf_high"]].isna().all()
    assert row["reason"] == "one-psu"
    assert np.isnan(found.covariance[0]).all()
    assert np.isfinite(found.covariance[1:, 1:]).all()
    assert found.not_applicable()[0].reason == "one-psu"
    assert any("one sampled unit" in note for note in found.notes)
    kept = total(plain(), "y", by="zone").frame.set_index("zone").loc["k"]
    assert kept["std_error"] > 0
    assert np.isnan(kept["conf_low"])


def test_missing_values_leave_the_estimate_not_the_design() -> None:
    found = mean(plain(), ["y", "flag"])
    assert found.frame["n"].tolist() == [11, 12]
    assert (found.n_used, found.n_dropped) == (11, 1)
    assert (found.frame["df"] == 4).all()


def test_rows_without_a_label_are_in_no_domain() -> None:
    assert mean(plain(), "flag", by="zone").frame["n"].sum() == 11


def test_degrees_of_freedom_by_domain() -> None:
    frame = mean(plain(), "y", by="zone", df="domain").frame.set_index("zone")
    assert frame["df"].to_dict() == {"k": 0, "l": 1, "m": 2}


def test_a_stratum_as_large_as_its_units_leaves_no_degrees_of_freedom() -> None:
    lone = Design(small(), weights="w", strata="psu", clusters="psu", lonely_psu="remove")
    row = mean(lone, "y").frame.iloc[0]
    assert row["reason"] == "no-df"
    assert np.isnan(row["conf_low"])


def test_a_domain_where_nobody_answered_is_kept_with_its_reason() -> None:
    table = small().assign(y=lambda t: t["y"].where(t["zone"] != "m"))
    row = mean(Design(table, weights="w"), "y", by="zone").frame.set_index("zone").loc["m"]
    assert np.isnan(row["estimate"])
    assert row["reason"] == "empty-cell"


def test_a_subset_without_rows() -> None:
    row = mean(plain().subset("zone == 'nowhere'"), "y").frame.iloc[0]
    assert np.isnan(row["estimate"])
    assert row["reason"] == "empty-cell"
    assert len(mean(plain().subset("zone == 'nowhere'"), "y", by="zone").frame) == 0


def test_a_constant_has_no_variance() -> None:
    found = mean(Design(small().assign(c=7.25), weights="w"), "c", by="flag").frame
    assert found["estimate"].tolist() == [7.25, 7.25]
    assert found["std_error"].tolist() == [0, 0]


def test_shifting_far_from_zero_keeps_the_error() -> None:
    near = mean(plain(), "y").frame["std_error"][0]
    far = mean(
        Design(small().assign(y=lambda t: t["y"] + 1e9), weights="w", strata="stratum", clusters="psu"), "y"
    )
    assert far.frame["std_error"][0] == pytest.approx(near, rel=1e-9)


def test_totals_of_categories_are_counts() -> None:
    found = total(plain(), "zone").frame
    assert found["term"].tolist() == ["k", "l", "m"]
    assert found["estimate"].tolist() == [5, 7, 15]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda d: mean(d, "nothing"), KeyError, "nothing"),
        (lambda d: mean(d, "zone"), TypeError, "proportion"),
        (lambda d: mean(d, []), ValueError, "variables"),
        (lambda d: mean(d, "y", by="nothing"), KeyError, "by='nothing'"),
        (lambda d: mean(d, "y", level=95), ValueError, "level must lie between 0 and 1, got 95"),
        (lambda d: mean(d, "y", df="half"), ValueError, "df must be"),
        (lambda d: ratio(d, "y", "nothing"), KeyError, "denominator"),
    ],
)
def test_wrong_calls_name_the_argument(call: object, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call(plain())


def test_results_do_not_change() -> None:
    found = mean(plain(), "y", by="zone")
    copy = found.to_frame()
    copy["estimate"] = 0.0
    assert (found.frame["estimate"] > 0).all()
    with pytest.raises(ValueError, match="read-only"):
        found.covariance[0, 0] = 1.0


def test_results_can_be_sent_between_processes() -> None:
    found = mean(plain(), "y", by="zone")
    again = pickle.loads(pickle.dumps(found))
    pd.testing.assert_frame_equal(again.frame, found.frame)
    np.testing.assert_array_equal(again.covariance, found.covariance)


def test_rows_that_are_their_own_units_give_the_textbook_error() -> None:
    """Simple random sampling: s^2 / n (1 - n / N), and a deff of 1."""
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"y": rng.normal(5, 2, 50), "N": 400})
    row = mean(Design(table, fpc="N"), "y", deff=True).frame.iloc[0]
    assert row["std_error"] == pytest.approx(np.sqrt(table["y"].var() / 50 * (1 - 50 / 400)), rel=1e-12)
    assert row["deff"] == pytest.approx(1, rel=1e-12)
