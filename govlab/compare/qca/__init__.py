"""Qualitative comparative analysis: calibration, necessity, truth tables, minimisation, robustness."""

from __future__ import annotations

from typing import Any

# Handed on lazily (PEP 562). No module here is called like a function it holds: importing it would hide that.
_HANDED_ON = {
    "Analysis": "analysis",
    "Anchors": "calibration",
    "Calibrated": "calibration",
    "Change": "robust",
    "Clusters": "panel",
    "Drawn": "redrawn",
    "FissChart": "chart",
    "Model": "model",
    "Necessity": "necessary",
    "Preset": "presets",
    "Redrawn": "redrawn",
    "Robustness": "robust",
    "Solution": "solution",
    "TruthTable": "table",
    "Untenable": "enhanced",
    "analyse": "analysis",
    "calibrate": "calibration",
    "choices": "choice_log",
    "clusters": "panel",
    "fiss": "chart",
    "minimise": "solution",
    "necessity": "necessary",
    "preset": "presets",
    "redraw": "redrawn",
    "robustness": "robust",
    "truth_table": "table",
    "untenable": "enhanced",
}

__all__ = sorted(_HANDED_ON)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HANDED_ON:
        return getattr(import_module(f"govlab.compare.qca.{_HANDED_ON[name]}"), name)
    raise AttributeError(f"module 'govlab.compare.qca' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
