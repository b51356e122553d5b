"""The door: files of responses in, clean answers out, with everything a person must look at said."""

from __future__ import annotations

from govlab.handing import handed_on

__all__ = ["Limits", "read_mapping", "read_responses", "run_door"]

_HANDED_ON = {"Limits": "archive", "read_mapping": "mapping", "read_responses": "read", "run_door": "door"}
__getattr__, __dir__ = handed_on(__name__, _HANDED_ON)
