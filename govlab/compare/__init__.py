"""Comparing cases and zones: QCA, necessity, differences in differences, composite indices, agreement."""

from __future__ import annotations

from govlab.handing import handed_on

# Each room loads what it needs when it is asked for.
__all__ = ["agreement", "did", "index", "necessity", "qca"]
__getattr__, __dir__ = handed_on(__name__, {}, __all__)
