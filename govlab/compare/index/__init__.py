"""Composite indices: one number out of many indicators, and how far it depends on the choices made."""

from __future__ import annotations

from govlab.handing import handed_on

_HANDED_ON = {
    "Choices": "robustness",
    "Coupling": "coordination",
    "Group": "specification",
    "Index": "building",
    "IndexPlan": "plan_file",
    "IndexSpec": "specification",
    "Indicator": "specification",
    "Judgements": "judgements",
    "LeaveOneOut": "robustness",
    "PRESETS": "presets",
    "RankRanges": "robustness",
    "ahp": "judgements",
    "build": "building",
    "coupling": "coordination",
    "coupling_as_spssau": "presets",
    "critic": "weighting",
    "entropy": "weighting",
    "leave_one_out": "robustness",
    "pca": "weighting",
    "preset": "presets",
    "read_plan": "plan_file",
    "topsis": "aggregating",
    "uncertainty": "robustness",
}

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
