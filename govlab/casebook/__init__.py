"""A catalogue entry -> the parts of its report: sentences, tables, figures, check cards."""

from __future__ import annotations

from typing import Any

_HANDED_ON = {
    "CaseReport": "govlab.casebook.case",
    "FrameworkReport": "govlab.casebook.frameworks",
    "ProgrammeReport": "govlab.casebook.programmes",
    "ZoneReport": "govlab.casebook.zones",
    "case_names": "govlab.casebook.names",
}

__all__ = list(_HANDED_ON)


def __getattr__(name: str) -> Any:
    if name in _HANDED_ON:
        from importlib import import_module

        return getattr(import_module(_HANDED_ON[name]), name)
    raise AttributeError(f"module 'govlab.casebook' has no attribute {name!r}")
