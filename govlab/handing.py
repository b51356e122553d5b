"""Names that a package hands on from its modules, each imported when it is first asked for (PEP 562)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import Any


def handed_on(
    package: str, names: Mapping[str, str], rooms: Collection[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The ``__getattr__`` and ``__dir__`` of a package.

    package: its name. names: what is handed on, with the module below the package that holds it. rooms:
    modules handed on themselves.
    """

    def found(name: str) -> Any:
        if name in names:
            return getattr(import_module(f"{package}.{names[name]}"), name)
        if name in rooms:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    def offered() -> list[str]:
        return sorted([*names, *rooms])

    return found, offered
