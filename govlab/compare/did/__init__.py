"""Differences in differences with few treated zones and few waves, and what they can carry."""

from __future__ import annotations

from govlab.handing import handed_on

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

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
