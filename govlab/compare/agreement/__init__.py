"""Do coders who read the same passages say the same: agreement, disagreements, coding sheets."""

from __future__ import annotations

from govlab.handing import handed_on

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

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
