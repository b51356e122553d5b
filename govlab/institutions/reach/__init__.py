"""Life circles: which services residents reach on foot in a quarter of an hour, and how crowded they are."""

from __future__ import annotations

from govlab.handing import handed_on

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

__all__ = list(_HANDED_ON)
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
