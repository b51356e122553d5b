"""Figures: a result -> a picture with caption, note and alternative text, readable in greyscale."""

from __future__ import annotations

from govlab.plots.cases import Bar, Segment, counts, grid, holdings
from govlab.plots.style import Figure, font_path, house_style

__all__ = ["Bar", "Figure", "Segment", "counts", "font_path", "grid", "holdings", "house_style"]
