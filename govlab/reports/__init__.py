"""Batch file -> plan -> run -> formats -> manifest and index page."""

from __future__ import annotations

from govlab.handing import handed_on

_HANDED_ON = {
    "Batch": "batch",
    "Job": "plan",
    "Plan": "plan",
    "Engine": "engine",
    "Failure": "failures",
    "ForkEngine": "fork.engine",
    "KernelEngine": "kernel",
    "Outcome": "engine",
    "Progress": "progress",
}

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
