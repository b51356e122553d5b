"""Inventories: nine lists and their matching, agreements, projects, deliberation, the time bank."""

from __future__ import annotations

from govlab.handing import handed_on

_HANDED_ON = {
    "Definition": "vocabulary",
    "Inventory": "book",
    "Match": "matching",
    "TimeBank": "hours",
    "NINE": "lists",
    "SHEETS": "lists",
    "agreements": "sharing",
    "consultations": "deliberation",
    "course": "standing",
    "definition": "vocabulary",
    "duplicates": "standing",
    "library": "projects",
    "match": "matching",
    "participants": "standing",
    "template": "book",
    "time_bank": "hours",
}

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
