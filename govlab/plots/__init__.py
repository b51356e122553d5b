"""Figures: a result -> a picture with caption, note and alternative text, readable in greyscale."""

from __future__ import annotations

from govlab.plots.cases import Bar, Segment, counts, grid, holdings
from govlab.plots.did import Moment, event_study, moments, permutations, synthetic_path
from govlab.plots.index import Ranged, Shift, rank_ranges, shifts, weight_dots
from govlab.plots.inventory import Stock, flows, stock
from govlab.plots.necessity import ceilings
from govlab.plots.qca import fiss_chart, membership_plot
from govlab.plots.reach import Spots, circle_map
from govlab.plots.services import Service, importance_performance
from govlab.plots.style import Figure, font_path, house_style
from govlab.plots.survey import Answers, Course, Interval, courses, intervals, likert

__all__ = [
    "Answers",
    "Bar",
    "Course",
    "Figure",
    "Interval",
    "Moment",
    "Ranged",
    "Segment",
    "Service",
    "Shift",
    "Spots",
    "Stock",
    "ceilings",
    "circle_map",
    "counts",
    "courses",
    "event_study",
    "fiss_chart",
    "flows",
    "font_path",
    "grid",
    "holdings",
    "house_style",
    "importance_performance",
    "intervals",
    "likert",
    "membership_plot",
    "moments",
    "permutations",
    "rank_ranges",
    "shifts",
    "stock",
    "synthetic_path",
    "weight_dots",
]
