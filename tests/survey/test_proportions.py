"""Shares and their intervals."""

import numpy as np
import pandas as pd
import pytest

from govlab.survey import intervals
from govlab.survey.design import Design
from govlab.survey.proportions import proportion
from tests.survey.reference import CHANGED, FACTORS, PLAIN, REPLICATED, Compared

SHOWN = {"lik": [("part", 1), ("q3", 5)], "srs": [("owner", 1), ("sat", 1)], "pai": [("bin", 1)]}


@pytest.mark.parametrize("name", [*PLAIN, *CHANGED, *REPLICATED])
def test_shares_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    design, compared = designs[name], Compared(name)
    found = proportion(design, FACTORS[name[:3]], method="mean", deff=True).frame
    compared.rows("svymean", found, var="variable", term="term")
    if name in ("lik", "lik_fpc", "lik_nostrata", "lik_w"):
        table = proportion(design, "q3f", by="zone", method="mean").frame
        for row in table.to_dict("records"):
            where = {"domain": f"zone={row['zone']}", "term": str(row["term"])}
            compared.one("svymean_by", "q3f", "est", row["estimate"], **where)
            compared.one("svymean_by", "q3f", "se", row["std_error"], **where)
    compared.done("svymean", only=FACTORS[name[:3]])
    compared.done("svymean_by", only=["q3f"])


@pytest.mark.parametrize("name", [*PLAIN, *REPLICATED])
def test_intervals_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    compared = Compared(name)
    for variable, category in SHOWN[name[:3]]:
        for method in intervals.METHODS:
            found = proportion(designs[name], variable, method=method).frame
            row = found[found["term"] == category].iloc[0]
            for column, stat in (("estimate", "est"), ("conf_low", "lci"), ("conf_high", "uci")):
                compared.one(f"svyciprop_{method}", f"{variable}=={category}", stat, row[column])
    compared.done(*(f"svyciprop_{method}" for method in intervals.METHODS))


def small() -> Design:
    table = pd.DataFrame(
        {
            "answer": pd.Categorical(["yes", "no", "yes", None, "no", "yes"], ["no", "yes", "never asked"]),
            "zone": ["k", "k", "k", "l", "l", "l"],
            "w": [1.0, 2, 3, 4, 5, 6],
        }
    )
    return Design(table, weights="w")


def test_declared_categories_are_kept_in_their_order() -> None:
    found = proportion(small(), "answer").frame
    assert found["term"].tolist() == ["no", "yes", "never asked"]
    assert found["estimate"].tolist() == pytest.approx([7 / 17, 10 / 17, 0])
    assert found["n"].tolist() == [5, 5, 5]
    assert found["reason"].tolist() == ["", "", "all-or-none"]


@pytest.mark.parametrize("method", ["beta", "wilson"])
def test_a_share_of_zero_has_an_upper_limit(method: intervals.Method) -> None:
    row = proportion(small(), "answer", method=method).frame.iloc[2]
    assert row["conf_low"] == 0
    assert 0.3 < row["conf_high"] < 0.6
    assert row["reason"] == ""


def test_a_share_of_zero_under_beta_is_the_rule_of_the_binomial() -> None:
    low, high = intervals.limits("beta", np.zeros(1), np.zeros(1), np.array([30.0]), np.array([29.0]), 0.95)
    assert low[0] == 0
    assert high[0] == pytest.approx(1 - 0.025 ** (1 / 30), rel=1e-12)


def test_shares_of_all_rows_are_exactly_one() -> None:
    table = pd.DataFrame({"x": [1] * 60, "zone": list("abcdef") * 10, "w": np.linspace(0.1, 7, 60)})
    found = proportion(Design(table, weights="w"), "x", by="zone").frame
    assert (found["estimate"] == 1).all()
    assert (found["std_error"] == 0).all()
    assert (found["reason"] == "all-or-none").all()


@pytest.mark.parametrize("method", intervals.METHODS)
def test_limits_enclose_the_share_and_mirror(method: intervals.Method) -> None:
    p = np.linspace(0.02, 0.98, 25)
    error, n, df = np.full(25, 0.012), np.full(25, 400.0), np.full(25, 30.0)
    low, high = intervals.limits(method, p, error, n, df, 0.9)
    other_low, other_high = intervals.limits(method, 1 - p, error, n, df, 0.9)
    assert ((low < p) & (p < high)).all()
    assert (low >= 0).all() or method == "mean"
    np.testing.assert_allclose(1 - other_high, low, rtol=1e-7)
    np.testing.assert_allclose(1 - other_low, high, rtol=1e-7)


def test_likelihood_limits_lie_where_the_deviance_reaches_the_bound() -> None:
    low, high = intervals.limits(
        "likelihood", np.array([0.3, 1e-4]), np.array([0.02, 5e-5]), np.full(2, 900.0), np.full(2, 40.0), 0.95
    )
    size, bound = 0.3 * 0.7 / 0.02**2, float(intervals.t_quantile(40.0, 0.95)) ** 2
    for q in (low[0], high[0]):
        deviance = 2 * size * (0.3 * np.log(0.3 / q) + 0.7 * np.log(0.7 / (1 - q)))
        assert deviance == pytest.approx(bound, rel=1e-9)
    assert 0 < low[1] < 1e-4 < high[1]


def test_truth_values_and_text_are_categories() -> None:
    table = pd.DataFrame({"flag": [True, False, True, True], "word": ["b", "a", None, "b"], "w": 1.0})
    found = proportion(Design(table, weights="w"), ["flag", "word"]).frame
    assert found[["variable", "term"]].values.tolist() == [
        ["flag", False],
        ["flag", True],
        ["word", "a"],
        ["word", "b"],
    ]


def test_wrong_calls_name_the_argument() -> None:
    with pytest.raises(ValueError, match="method must be one of logit, beta, wilson"):
        proportion(small(), "answer", method="exact")
    with pytest.raises(KeyError, match="nothing"):
        proportion(small(), "nothing")
    with pytest.raises(ValueError, match="hold no value"):
        proportion(Design(pd.DataFrame({"x": [None, None]}, dtype="str")), "x")
