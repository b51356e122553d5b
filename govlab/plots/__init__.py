"""Figures: a result -> a picture with caption, note and alternative text, readable in greyscale."""

from __future__ import annotations

from govlab.plots.cases import Bar, Segment, counts, grid, holdings
from govlab.plots.did import Moment, event_study, permutations, synthetic_path
from govlab.plots.necessity import ceilings
from govlab.plots.style import Figure, font_path, house_style
from govlab.plots.survey import Answers, Course, Interval, courses, intervals, likert

__all__ = [
    "Answers",
    "Bar",
    "Course",
    "Figure",
    "Interval",
    "Moment",
    "Segment",
    "ceilings",
    "counts",
    "courses",
    "event_study",
    "font_path",
    "grid",
    "holdings",
    "house_style",
    "intervals",
    "likert",
    "permutations",
    "synthetic_path",
]
