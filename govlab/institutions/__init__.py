"""Who holds what, and what that comes to: ledgers, duties, schemes, inventories, life circles."""

from __future__ import annotations

from typing import Any

# Handed on lazily (PEP 562).
_ROOMS = ("duties", "inventory", "ledger", "reach", "scheme")

__all__ = sorted(_ROOMS)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _ROOMS:
        return import_module(f"govlab.institutions.{name}")
    raise AttributeError(f"module 'govlab.institutions' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
