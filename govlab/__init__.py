"""govlab: compare ways of governing a neighbourhood, honestly, in Chinese and in English."""

from __future__ import annotations

from govlab.handing import handed_on

__version__ = "0.1.0"

# Handed on lazily, so that ``import govlab`` loads none of them.
_HANDED_ON = {"Study": "study", "load_catalogue": "cases"}
_ROOMS = ("cases", "data", "disclosure", "plots", "ranks", "reports", "survey", "tables")

__all__ = ["__version__", *_HANDED_ON, *_ROOMS]  # noqa: PLE0604 - the names are handed on lazily
__getattr__, __dir__ = handed_on("govlab", _HANDED_ON, _ROOMS)
