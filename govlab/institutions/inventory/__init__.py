"""Inventories: nine lists and their matching, agreements, projects, deliberation, the time bank."""

from __future__ import annotations

from typing import Any

# Handed on lazily (PEP 562).
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

__all__ = sorted(_HANDED_ON)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HANDED_ON:
        return getattr(import_module(f"govlab.institutions.inventory.{_HANDED_ON[name]}"), name)
    raise AttributeError(f"module 'govlab.institutions.inventory' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
