"""Teaching: lessons in two editions, exercises that check themselves, and what a class answered."""

from __future__ import annotations

from govlab.handing import handed_on

# Handed on lazily (PEP 562): a lesson asks for two or three of these.
_HANDED_ON = {
    "begin": "desk",
    "bench": "widgets",
    "check": "desk",
    "gather": "gathering",
    "hint": "desk",
    "lessons": "lessons",
    "solution": "desk",
}

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
