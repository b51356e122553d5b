"""Surveys: questionnaire, intake, quality, design, weights, estimation, tests."""

from __future__ import annotations

from govlab.handing import handed_on

# Handed on lazily (PEP 562): numpy and pandas are loaded by what needs them.
_HANDED_ON = {
    "Design": "design",
    "DifferenceInDifferences": "waves",
    "DrawnSample": "sampling",
    "Plan": "planning",
    "Regression": "regression",
    "Scale": "scales",
    "SmallAreas": "small_area",
    "SurveyEstimates": "table",
    "ZoneComparison": "zones",
    "adequacy": "factors",
    "change": "waves",
    "compare_zones": "zones",
    "confirm": "confirmatory",
    "contrast": "contrasts",
    "covariance_of": "moments",
    "crosstab": "crosstabs",
    "detectable": "planning",
    "difference_in_differences": "waves",
    "draw": "sampling",
    "draw_two_stage": "sampling",
    "effective_size": "weights",
    "factor_analysis": "factors",
    "fay_herriot": "small_area",
    "invariance": "confirmatory",
    "importance_beside_satisfaction": "services",
    "mean": "estimate",
    "merge_answers": "merged",
    "power": "planning",
    "proportion": "proportions",
    "quantile": "quantiles",
    "rank_test": "inference",
    "ratio": "estimate",
    "reason": "reasons",
    "regress": "regression",
    "sample_size": "planning",
    "scale": "scales",
    "service_kinds": "services",
    "share_sd": "planning",
    "size_for_margin": "planning",
    "total": "estimate",
    "ttest": "inference",
    "variance_of": "moments",
}

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
