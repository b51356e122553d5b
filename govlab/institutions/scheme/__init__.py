"""Scored assessments: a tree of indicators, its evidence, scores with their uncertainty, ranks, roll-up."""

from __future__ import annotations

from govlab.handing import handed_on

_HANDED_ON = {
    "Drivers": "drivers",
    "Evidence": "evidence",
    "Profile": "rubric",
    "Rubric": "rubric",
    "Scheme": "scheme",
    "Scores": "scores",
    "Survey": "evidence",
    "Sweep": "sweep",
    "Unit": "evidence",
    "read_book": "book",
    "read_rubric": "rubric",
    "read_scheme": "scheme",
    "shipped_rubrics": "rubric",
    "shipped_schemes": "scheme",
    "write_book": "book",
}

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
