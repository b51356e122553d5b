"""Scored assessments: a tree of indicators, its evidence, scores with their uncertainty, ranks, roll-up."""

from __future__ import annotations

from typing import Any

# Handed on lazily (PEP 562).
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


def __getattr__(name: str) -> Any:
    if name in _HANDED_ON:
        from importlib import import_module

        return getattr(import_module(f"govlab.institutions.scheme.{_HANDED_ON[name]}"), name)
    raise AttributeError(f"module 'govlab.institutions.scheme' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
