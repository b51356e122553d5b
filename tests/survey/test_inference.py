"""Tests between groups: means and ranks."""

import numpy as np
import pandas as pd
import pytest

from govlab.survey.design import Design
from govlab.survey.inference import Difference, rank_test, ttest
from tests.survey.reference import PLAIN, Compared


@pytest.mark.parametrize("name", [*PLAIN, "lik_jkn", "lik_jkn_fpc", "lik_jkn_mse", "lik_jk1"])
def test_t_tests_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    compared = Compared(name)
    for variable, by in (("q1", "sex"), ("q3", "pilot"), ("y", "owner")):
        if {variable, by} <= set(designs[name].frame.columns):
            found = ttest(designs[name], variable, by)
            row = found.to_frame().iloc[0]
            pairs = {
                "est": "estimate",
                "stat": "statistic",
                "df": "df",
                "p": "p_value",
                "lci": "conf_low",
                "uci": "conf_high",
            }
            for stat, column in pairs.items():
                compared.one("svyttest", f"{variable}~{by}", stat, row[column])
    compared.done("svyttest")


@pytest.mark.parametrize("name", PLAIN)
def test_rank_tests_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    compared = Compared(name)
    for variable, two, several in (("incu", "sex", "agegrp"), ("yu", "owner", "type")):
        if variable not in designs[name].frame:
            continue
        pair = rank_test(designs[name], variable, two)
        assert isinstance(pair, Difference)
        label = f"{variable}~{two}"
        for stat, value in (
            ("est", pair.estimate),
            ("stat", pair.statistic),
            ("df", pair.df[0]),
            ("p", pair.p_value),
        ):
            compared.one("svyranktest_wilcoxon", label, stat, value)
        if name != "lik_sub60":
            groups = rank_test(designs[name], variable, several)
            for stat, value in (("stat", groups.statistic), ("df", groups.df[0]), ("p", groups.p_value)):
                compared.one("svyranktest_KW", f"{variable}~{several}", stat, value)
    compared.done("svyranktest_wilcoxon", "svyranktest_KW")


def data() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    n = 120
    return pd.DataFrame(
        {
            "psu": rng.integers(0, 20, n),
            "w": rng.uniform(1, 5, n),
            "y": rng.integers(1, 6, n).astype(float),
            "sex": rng.choice(["f", "m"], n),
            "zone": rng.choice(list("abc"), n),
            "grade": pd.Categorical(
                rng.choice(["low", "mid", "high"], n), ["low", "mid", "high"], ordered=True
            ),
        }
    )


def read(table: pd.DataFrame) -> Design:
    return Design(table, weights="w", clusters="psu")


@pytest.mark.parametrize("scores", ["rank", "normal", "median"])
def test_the_order_of_rows_never_counts_even_with_ties(scores: str) -> None:
    table = data()
    first = rank_test(read(table), "y", "sex", scores=scores)
    for seed in range(3):
        other = rank_test(read(table.sample(frac=1, random_state=seed)), "y", "sex", scores=scores)
        assert other.p_value == pytest.approx(first.p_value, rel=1e-9)


def test_the_test_against_a_value() -> None:
    table = data()
    found = ttest(read(table), "y", value=3.0)
    assert found.estimate == pytest.approx(np.average(table["y"], weights=table["w"]))
    assert found.statistic == pytest.approx((found.estimate - 3) / found.std_error)
    assert found.df == (19.0,)
    assert found.null == "the mean of y is 3"


def test_ordered_categories_have_ranks() -> None:
    found = rank_test(read(data()), "grade", "zone")
    assert 0 < found.p_value < 1
    assert found.df == (2.0, 17.0)


def test_rows_that_miss_a_value_or_a_group_are_counted() -> None:
    table = data()
    table.loc[:4, "y"] = np.nan
    table.loc[3:9, "sex"] = None
    found = ttest(read(table), "y", "sex")
    assert (found.n_used, found.n_dropped) == (110, 10)


def test_tests_that_do_not_apply_say_why() -> None:
    table = data().assign(solo=lambda t: np.where(t["psu"] == 3, "one", "rest"))
    one_unit = ttest(read(table), "y", "solo")
    assert one_unit.not_applicable.reason == "one-psu"
    assert np.isnan(one_unit.p_value)
    assert "not applicable" in one_unit.summary()
    empty = ttest(read(table).subset("sex == 'f'"), "y", "sex")
    assert empty.not_applicable.reason == "empty-cell"
    assert rank_test(read(table), "y", "solo").not_applicable.reason == "one-psu"
    assert rank_test(read(table).subset("sex == 'f'"), "y", "sex").not_applicable.reason == "empty-cell"
    few = Design(table[table["psu"] < 3], weights="w", clusters="psu")
    assert rank_test(few, "y", "zone").not_applicable.reason == "no-df"


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda d: ttest(d, "y", "zone"), ValueError, "'zone' has 3 groups"),
        (lambda d: ttest(d, "y", "nothing"), KeyError, "by='nothing'"),
        (lambda d: ttest(d, "sex"), TypeError, "not numeric"),
        (lambda d: rank_test(d, "y", "zone", scores="sum"), ValueError, "scores must be one of"),
    ],
)
def test_wrong_calls_name_the_argument(call: object, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call(read(data()))
