"""Variances, covariances and correlations."""

import numpy as np
import pandas as pd
import pytest

from govlab.survey.design import Design
from govlab.survey.moments import covariance_of, variance_of
from tests.survey.reference import ITEMS, PLAIN, Compared


@pytest.mark.parametrize("name", PLAIN)
def test_variances_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    compared = Compared(name)
    compared.rows("svyvar", variance_of(designs[name], ITEMS[name[:3]]).frame)
    if name.startswith("lik"):
        found = covariance_of(designs[name], "q1", "q3").frame["estimate"]
        for term, value in zip(("cov", "cor"), found, strict=True):
            compared.one("svyvar", "q1+q3", "est", value, term=term)
    compared.done("svyvar")


def data() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    x = rng.normal(500, 2, 60)
    return pd.DataFrame(
        {"x": x, "y": x + rng.normal(0, 1, 60), "half": [0, 1] * 30, "psu": np.arange(60) // 3}
    )


def test_equal_weights_give_the_sample_moments() -> None:
    table = data()
    found = variance_of(Design(table), "y", by="half").frame
    assert found["estimate"].tolist() == pytest.approx(table.groupby("half")["y"].var().tolist(), rel=1e-12)
    both = covariance_of(Design(table), "x", "y").frame["estimate"]
    assert both[0] == pytest.approx(table["x"].cov(table["y"]), rel=1e-12)
    assert both[1] == pytest.approx(table["x"].corr(table["y"]), rel=1e-12)


def test_the_covariance_with_itself_is_the_variance() -> None:
    design = Design(data(), clusters="psu")
    one, other = variance_of(design, "x").frame.iloc[0], covariance_of(design, "x", "x").frame
    assert other["estimate"][0] == pytest.approx(one["estimate"], rel=1e-12)
    assert other["std_error"][0] == pytest.approx(one["std_error"], rel=1e-12)
    assert other["estimate"][1] == pytest.approx(1, rel=1e-12)
    assert other["std_error"][1] == pytest.approx(0, abs=1e-12)


def test_linearised_errors_agree_with_the_jackknife() -> None:
    design = Design(data(), clusters="psu")
    near = covariance_of(design, "x", "y").frame["std_error"]
    again = covariance_of(design.replicate("jackknife"), "x", "y").frame["std_error"]
    assert again.tolist() == pytest.approx(near.tolist(), rel=0.15)


def test_rows_that_miss_either_value_leave() -> None:
    table = data()
    table.loc[0, "x"] = np.nan
    table.loc[1, "y"] = np.nan
    found = covariance_of(Design(table), "x", "y")
    assert found.frame["n"].tolist() == [58, 58]
    assert found.n_dropped == 2
