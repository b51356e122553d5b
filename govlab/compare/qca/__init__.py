"""Qualitative comparative analysis: calibration, necessity, truth tables, minimisation, robustness."""

from __future__ import annotations

from govlab.handing import handed_on

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

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
