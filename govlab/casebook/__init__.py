"""A catalogue entry -> the parts of its report: sentences, tables, figures, check cards."""

from __future__ import annotations

from govlab.handing import handed_on

_HANDED_ON = {
    "CaseReport": "case",
    "FrameworkReport": "frameworks",
    "ProgrammeReport": "programmes",
    "ZoneReport": "zones",
    "case_names": "names",
}

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
