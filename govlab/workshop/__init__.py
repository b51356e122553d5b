"""Teaching: lessons in two editions, exercises that check themselves, and what a class answered."""

from __future__ import annotations

from typing import Any

# Handed on lazily (PEP 562): a lesson asks for two or three of these.
_HANDED_ON = {
    "begin": "govlab.workshop.desk",
    "bench": "govlab.workshop.widgets",
    "check": "govlab.workshop.desk",
    "gather": "govlab.workshop.gathering",
    "hint": "govlab.workshop.desk",
    "lessons": "govlab.workshop.lessons",
    "solution": "govlab.workshop.desk",
}

__all__ = list(_HANDED_ON)


def __getattr__(name: str) -> Any:
    if name in _HANDED_ON:
        from importlib import import_module

        return getattr(import_module(_HANDED_ON[name]), name)
    raise AttributeError(f"module 'govlab.workshop' has no attribute {name!r}")
