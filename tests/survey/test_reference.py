"""Every number of the reference is compared by a test: none may lie in the file unread."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from tests.survey.reference import expected

# What a test holds whole, for each design in its list.
HELD_IN = {
    "test_contrasts": ["svycontrast", "svycontrast_did"],
    "test_crosstabs": ["svychisq_F", "svychisq_Chisq", "svychisq_Wald", "svychisq_adjWald", "svytable"],
    "test_estimate": [
        *("degf", "n_by", "svymean", "svymean_by", "svytotal", "svytotal_by"),
        *("svyratio", "svyratio_by", "svyby_cov"),
    ],
    "test_inference": ["svyttest", "svyranktest_KW", "svyranktest_wilcoxon"],
    "test_moments": ["svyvar"],
    "test_proportions": [
        f"svyciprop_{method}"
        for method in ("asin", "beta", "likelihood", "logit", "mean", "wilson", "xlogit")
    ],
    "test_quantiles": [
        *("svyquantile_mean", "svyquantile_beta", "svyquantile_xlogit"),
        *("svyquantile_mean_school", "svyquantile_mean_hf7"),
    ],
    "test_regression": ["svyglm_gaussian", "svyglm_binomial", "svyglm_poisson", "svyolr", "regTermTest"],
    "test_scales": ["svycralpha"],
    "test_weights": ["weights"],
}


def lists(module: Any) -> list[set[object]]:
    """The designs that each test of a module runs over."""
    found = []
    for one in vars(module).values():
        for mark in getattr(one, "pytestmark", []):
            if mark.name == "parametrize" and mark.args[0] == "name":
                found.append(set(mark.args[1]))
    return found


def test_no_statistic_is_left_out() -> None:
    assert {key[1] for key in expected()} == {fn for fns in HELD_IN.values() for fn in fns}


@pytest.mark.parametrize("where", HELD_IN)
def test_every_design_is_compared(where: str) -> None:
    runs = lists(import_module(f"tests.survey.{where}"))
    for fn in HELD_IN[where]:
        designs = {key[0] for key in expected() if key[1] == fn}
        assert any(designs <= run for run in runs), (fn, designs)
