"""Composite indices: one number out of many indicators, and how far it depends on the choices made."""

from __future__ import annotations

from typing import Any

# Handed on lazily (PEP 562).
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

__all__ = sorted(_HANDED_ON)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HANDED_ON:
        return getattr(import_module(f"govlab.compare.index.{_HANDED_ON[name]}"), name)
    raise AttributeError(f"module 'govlab.compare.index' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
