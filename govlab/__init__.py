"""govlab: compare ways of governing a neighbourhood, honestly, in Chinese and in English."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

# Handed on lazily (PEP 562), so that ``import govlab`` loads none of them.
_HANDED_ON = {"Study": "govlab.study", "load_catalogue": "govlab.cases"}
_ROOMS = ("cases", "data", "disclosure", "plots", "ranks", "reports", "survey", "tables")

__all__ = ["__version__", *_HANDED_ON, *_ROOMS]  # noqa: PLE0604 - the names are handed on lazily


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HANDED_ON:
        return getattr(import_module(_HANDED_ON[name]), name)
    if name in _ROOMS:
        return import_module(f"govlab.{name}")
    raise AttributeError(f"module 'govlab' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
