"""Two-way tables and tests of independence."""

import numpy as np
import pandas as pd
import pytest

from govlab.survey.crosstabs import crosstab
from govlab.survey.design import Design
from tests.survey.reference import PLAIN, REPLICATED, Compared

PAIRS = {
    "lik": [("q1f", "zone"), ("q3f", "sex"), ("edu", "agegrp"), ("q1f", "sex")],
    "srs": [("satf", "type")],
    "pai": [("bin", "grp")],
}


@pytest.mark.parametrize("name", [*PLAIN, *REPLICATED])
def test_tests_of_independence_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    compared = Compared(name)
    for rows, columns in PAIRS[name[:3]]:
        label = f"{rows} x {columns}"
        for statistic in ("F", "Chisq", "Wald", "adjWald"):
            found = crosstab(designs[name], rows, columns, statistic=statistic)
            test = found.test
            fn = f"svychisq_{statistic}"
            compared.one(fn, label, "stat", test.statistic)
            compared.one(fn, label, "p", test.p_value)
            terms = ("df",) if len(test.df) == 1 else ("ndf", "ddf")
            for term, value in zip(terms, test.df, strict=False):
                compared.one(fn, label, "df", value, term=term)
        for row in found.to_frame().to_dict("records"):
            cell = f"{rows}={row[rows]};{columns}={row[columns]}"
            compared.one("svytable", label, "est", row["total"], term=cell)
    compared.done("svychisq_F", "svychisq_Chisq", "svychisq_Wald", "svychisq_adjWald", "svytable")


def data(**changes: object) -> pd.DataFrame:
    rng = np.random.default_rng(9)
    table = pd.DataFrame(
        {
            "psu": rng.integers(0, 15, 90),
            "w": rng.uniform(1, 4, 90),
            "a": rng.choice(["x", "y", "z"], 90),
            "b": rng.choice(["p", "q"], 90),
        }
    )
    return table.assign(**changes)


def read(table: pd.DataFrame) -> Design:
    return Design(table, weights="w", clusters="psu")


def test_cells_and_counts() -> None:
    table = data()
    found = crosstab(read(table), "a", "b")
    counts = table.pivot_table(index="a", columns="b", values="w", aggfunc="sum")
    pd.testing.assert_frame_equal(found.counts(), counts, check_names=False)
    assert found.to_frame()["estimate"].sum() == pytest.approx(1)
    assert found.cells.covariance.sum() == pytest.approx(0, abs=1e-15)
    assert "a and b are independent" in found.summary()


def test_unused_categories_and_missing_values_are_left_out() -> None:
    table = data(a=pd.Categorical(data()["a"], ["w", "x", "y", "z"]))
    table.loc[:6, "b"] = None
    found = crosstab(read(table), "a", "b")
    assert found.counts().index.tolist() == ["x", "y", "z"]
    assert (found.cells.n_used, found.cells.n_dropped) == (83, 7)


def test_tables_that_cannot_be_tested_say_why() -> None:
    one_row = crosstab(read(data()).subset("a == 'x'"), "a", "b")
    assert one_row.test.not_applicable.reason == "one-category"
    few = Design(data(psu=lambda t: t["psu"] % 2), weights="w", clusters="psu")
    assert crosstab(few, "a", "b", statistic="Wald").test.not_applicable.reason == "no-df"
    nobody = crosstab(read(data()).subset("a == 'none'"), "a", "b")
    assert nobody.test.not_applicable.reason == "one-category"
    assert len(nobody.to_frame()) == 0


def test_wrong_calls_name_the_argument() -> None:
    with pytest.raises(ValueError, match="statistic must be one of F, Chisq"):
        crosstab(read(data()), "a", "b", statistic="G")
    with pytest.raises(ValueError, match="both 'a'"):
        crosstab(read(data()), "a", "a")
    with pytest.raises(KeyError, match="columns: the frame has no column 'c'"):
        crosstab(read(data()), "a", "c")
