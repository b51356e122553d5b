"""Comparing cases and zones: QCA, necessity, differences in differences, composite indices, agreement."""

from __future__ import annotations

from typing import Any

# Handed on lazily (PEP 562): each room loads what it needs when it is asked for.
__all__ = ["agreement", "did", "index", "necessity", "qca"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in __all__:
        return import_module(f"govlab.compare.{name}")
    raise AttributeError(f"module 'govlab.compare' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
