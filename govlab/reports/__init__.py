"""Batch file -> plan -> run -> formats -> manifest and index page."""

from __future__ import annotations

from typing import Any

_HANDED_ON = {
    "Batch": "govlab.reports.batch",
    "Job": "govlab.reports.plan",
    "Plan": "govlab.reports.plan",
    "Engine": "govlab.reports.engine",
    "Failure": "govlab.reports.failures",
    "ForkEngine": "govlab.reports.fork.engine",
    "KernelEngine": "govlab.reports.kernel",
    "Outcome": "govlab.reports.engine",
    "Progress": "govlab.reports.progress",
}

__all__ = list(_HANDED_ON)


def __getattr__(name: str) -> Any:
    if name in _HANDED_ON:
        from importlib import import_module

        return getattr(import_module(_HANDED_ON[name]), name)
    raise AttributeError(f"module 'govlab.reports' has no attribute {name!r}")
