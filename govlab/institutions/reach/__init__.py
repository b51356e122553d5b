"""Life circles: which services residents reach on foot in a quarter of an hour, and how crowded they are."""

from __future__ import annotations

from typing import Any

# Handed on lazily (PEP 562).
_HANDED_ON = {
    "Circle": "quarter",
    "Places": "places",
    "circle": "quarter",
    "cumulative": "access",
    "read_places": "places",
    "step_weights": "access",
    "template": "places",
    "times": "walking",
    "two_step": "access",
    "walking_pairs": "walking",
}

__all__ = sorted(_HANDED_ON)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HANDED_ON:
        return getattr(import_module(f"govlab.institutions.reach.{_HANDED_ON[name]}"), name)
    raise AttributeError(f"module 'govlab.institutions.reach' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
