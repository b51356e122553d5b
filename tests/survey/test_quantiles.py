"""Quantiles: the reference, ties and the ends of the data."""

import numpy as np
import pandas as pd
import pytest

from govlab.survey.design import Design
from govlab.survey.quantiles import quantile
from tests.survey.reference import CHANGED, PLAIN, REPLICATED, Compared

VARIABLES = {"lik": ["income", "age", "q3"], "srs": ["x", "y", "sat"], "pai": ["y"]}
KINDS = {
    "svyquantile_mean": ("mean", "math"),
    "svyquantile_beta": ("beta", "math"),
    "svyquantile_xlogit": ("xlogit", "math"),
    "svyquantile_mean_school": ("mean", "school"),
    "svyquantile_mean_hf7": ("mean", "hf7"),
}


@pytest.mark.parametrize("name", [*PLAIN, *CHANGED, *REPLICATED])
def test_quantiles_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    compared = Compared(name)
    for fn, (method, rule) in KINDS.items():
        if name not in PLAIN and fn != "svyquantile_mean":
            continue
        found = quantile(
            designs[name], VARIABLES[name[:3]], [0.05, 0.25, 0.5, 0.75, 0.95], method=method, rule=rule
        )
        table = found.frame.assign(q=found.frame["quantile"].map("{:.2f}".format))
        compared.rows(fn, table, term="q")
    compared.done(*KINDS)


def data() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "x": [3.0, 1, 4, 1, 5, 9, 2, 6, np.nan, 5],
            "w": [1.0, 2, 1, 2, 1, 1, 2, 1, 7, 1],
            "zone": list("ababababab"),
        }
    )


def test_rules() -> None:
    design = Design(data(), weights="w")
    assert quantile(design, "x", 0.5, rule="math").frame["estimate"][0] == 2
    assert quantile(design, "x", 0.5, rule="school").frame["estimate"][0] == 2.5
    equal = Design(data().assign(w=1.0), weights="w")
    for q in (0.1, 0.37, 0.5, 0.9):
        found = quantile(equal, "x", q, rule="hf7").frame["estimate"][0]
        assert found == pytest.approx(np.nanquantile(data()["x"], q), rel=1e-12)


def test_by_domain_is_by_subset() -> None:
    design = Design(data(), weights="w")
    whole = quantile(design, "x", [0.25, 0.5], by="zone", rule="school").frame
    for zone, rows in whole.groupby("zone"):
        part = quantile(design.subset(f"zone == '{zone}'"), "x", [0.25, 0.5], rule="school").frame
        assert part["estimate"].tolist() == rows["estimate"].tolist()


@pytest.mark.parametrize("rule", ["math", "school", "hf7"])
def test_the_order_of_rows_never_counts(rule: str) -> None:
    rng = np.random.default_rng(8)
    table = pd.DataFrame({"x": rng.integers(0, 6, 200).astype(float), "w": rng.uniform(1, 9, 200)})
    first = quantile(Design(table, weights="w"), "x", [0.1, 0.5, 0.8], rule=rule).frame
    for seed in range(3):
        other = quantile(
            Design(table.sample(frac=1, random_state=seed), weights="w"), "x", [0.1, 0.5, 0.8], rule=rule
        )
        columns = ["estimate", "conf_low", "conf_high"]
        np.testing.assert_allclose(other.frame[columns], first[columns], rtol=1e-9)


def test_an_interval_that_leaves_the_data_is_left_open() -> None:
    row = quantile(Design(data(), weights="w"), "x", 0.85).frame.iloc[0]
    assert np.isnan(row["conf_high"])
    assert np.isfinite(row["conf_low"])
    assert row["reason"] == "beyond-data"


def test_domains_without_values() -> None:
    table = data().assign(x=lambda t: t["x"].where(t["zone"] == "a"))
    found = quantile(Design(table, weights="w"), "x", by="zone").frame.set_index("zone")
    assert np.isnan(found.loc["b", "estimate"])
    assert found.loc["b", "reason"] == "empty-cell"
    nobody = quantile(Design(table, weights="w").subset("zone == 'z'"), "x").frame
    assert nobody["reason"].tolist() == ["empty-cell"]


def test_covariances_are_not_offered() -> None:
    with pytest.raises(ValueError, match="no covariance"):
        _ = quantile(Design(data(), weights="w"), "x").covariance


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"q": 1.2}, "q must lie between 0 and 1, got 1.2"),
        ({"q": []}, "q must lie"),
        ({"rule": "hf9"}, "rule must be one of math, school, hf7"),
        ({"method": "likelihood"}, "method must be one of mean, beta"),
    ],
)
def test_wrong_calls_name_the_argument(more: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        quantile(Design(data(), weights="w"), "x", **more)
