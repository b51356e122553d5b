"""The door: files of responses in, clean answers out, with everything a person must look at said."""

from __future__ import annotations

from typing import Any

__all__ = ["Limits", "read_mapping", "read_responses", "run_door"]

_FROM = {"Limits": "archive", "read_mapping": "mapping", "read_responses": "read", "run_door": "door"}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _FROM:
        return getattr(import_module(f"govlab.survey.intake.{_FROM[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
