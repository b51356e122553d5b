"""Suppression of cells with few respondents, and of those from which they could be worked out."""

from govlab.disclosure.apply import REASON, apply
from govlab.disclosure.margins import Margin
from govlab.disclosure.mask import LEAST, Mask

__all__ = ["LEAST", "REASON", "Margin", "Mask", "apply"]
