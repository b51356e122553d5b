"""Do coders who read the same passages say the same: agreement, disagreements, coding sheets."""

from __future__ import annotations

from typing import Any

# Handed on lazily (PEP 562).
_HANDED_ON = {
    "Agreement": "coefficients",
    "Codings": "coding_sheet",
    "Item": "coding_sheet",
    "Passage": "coding_sheet",
    "Rubric": "coding_sheet",
    "by_category": "categories",
    "cohen": "coefficients",
    "disagreements": "categories",
    "fleiss": "coefficients",
    "krippendorff": "coefficients",
    "read_sheets": "coding_sheet",
    "write_sheet": "coding_sheet",
}

__all__ = sorted(_HANDED_ON)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HANDED_ON:
        return getattr(import_module(f"govlab.compare.agreement.{_HANDED_ON[name]}"), name)
    raise AttributeError(f"module 'govlab.compare.agreement' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
