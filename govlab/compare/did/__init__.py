"""Differences in differences with few treated zones and few waves, and what they can carry."""

from __future__ import annotations

from typing import Any

# Handed on lazily (PEP 562).
_HANDED_ON = {
    "Aggregated": "aggregate",
    "Carries": "carry",
    "EventStudy": "event",
    "GroupTime": "groups",
    "PreTrend": "trends",
    "Randomisation": "randomise",
    "SyntheticControl": "synthetic",
    "TwoWay": "fixed_effects",
    "WildBootstrap": "wild",
    "detectable": "trends",
    "event_study": "event",
    "group_time": "groups",
    "on_survey": "surveyed",
    "pre_trend": "trends",
    "randomisation_test": "randomise",
    "synthetic_control": "synthetic",
    "two_way": "fixed_effects",
    "what_can_be_said": "carry",
    "wild_bootstrap": "wild",
    "zone_panel": "surveyed",
}

__all__ = sorted(_HANDED_ON)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HANDED_ON:
        return getattr(import_module(f"govlab.compare.did.{_HANDED_ON[name]}"), name)
    raise AttributeError(f"module 'govlab.compare.did' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
