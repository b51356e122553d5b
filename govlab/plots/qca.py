"""Figures of set-theoretic comparison: the chart of conditions by path, and cases by model and outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from govlab.language import say
from govlab.plots.style import (
    BLUE,
    HAIR,
    INK,
    ORANGE,
    REST,
    SOFT,
    Figure,
    bare,
    canvas,
    house_style,
    picture,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from govlab.compare.qca import FissChart, Model

_LARGE, _SMALL = 15.0, 8.5  # points across: core and peripheral conditions
_GUTTER = 30.0
_KINDS = {
    "typical": ("o", BLUE, BLUE),
    "deviant-consistency": ("s", ORANGE, ORANGE),
    "deviant-coverage": ("D", "white", ORANGE),
    "irrelevant": ("o", REST, SOFT),
    "undecided": ("x", INK, INK),
}


def fiss_chart(
    chart: FissChart, *, lang: str, caption: str, labels: Mapping[str, str], note: str = ""
) -> Figure:
    """Conditions in rows, paths in columns: full circle present, crossed circle absent, core ones large.

    labels: printed names of conditions. Under each path its inclusion, coverage and unique coverage.
    """
    names, terms = chart.model.data.conditions, chart.model.terms
    fits = [("inclusion", [one.inclusion for one in terms]), ("coverage", [one.coverage for one in terms])]
    fits.append(("unique_coverage", [one.unique_coverage for one in terms]))
    rows = len(names) + len(fits)
    with house_style():
        sheet, axes = canvas(0.34 * rows + 0.5, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-_GUTTER, 100)
        axes.set_ylim(rows + 0.15, -1.0)
        width = 100 / max(len(terms), 2)
        for place in range(len(terms)):
            heading = say("qca.column.term_number", {"number": place + 1}, lang=lang)
            axes.text(
                width * (place + 0.5), -0.5, heading, ha="center", va="center", fontsize=8.6, color=SOFT
            )
        axes.plot([-_GUTTER, 100], [0, 0], color=INK, linewidth=0.9)
        axes.plot([-_GUTTER, 100], [len(names)] * 2, color=HAIR, linewidth=0.9)
        for row, name in enumerate(names):
            axes.text(-_GUTTER, row + 0.5, wrapped(labels.get(name, name), 24), va="center", fontsize=9)
            for place in range(len(terms)):
                value, core = chart.marks[row][place], chart.core[row][place]
                if value is not None:
                    _mark(axes, width * (place + 0.5), row + 0.5, value, core, chart.model.data.levels[row])
        for number, (name, values) in enumerate(fits):
            y = len(names) + number + 0.5
            label = say(f"qca.column.{name}", lang=lang)
            axes.text(-_GUTTER, y, label, va="center", fontsize=8.6, color=SOFT)
            for place, value in enumerate(values):
                x = width * (place + 0.5)
                axes.text(x, y, f"{value:.2f}", ha="center", va="center", fontsize=8.6, color=SOFT)
        png = picture(sheet)
    return Figure(png, caption, _chart_alt(chart, lang, labels), lang, note)


def _mark(axes: Axes, x: float, y: float, value: int, core: bool, levels: int) -> None:
    size = _LARGE if core else _SMALL
    if levels > 2:
        axes.text(x, y, str(value), ha="center", va="center", fontsize=11 if core else 8, color=INK)
        return
    face = INK if value else "white"
    axes.plot(x, y, "o", markersize=size, markerfacecolor=face, markeredgecolor=INK, markeredgewidth=1.1)
    if not value:
        axes.plot(x, y, "x", markersize=0.62 * size, markeredgecolor=INK, markeredgewidth=1.1)


def _chart_alt(chart: FissChart, lang: str, labels: Mapping[str, str]) -> str:
    comma, stop = ("，", "；") if lang == "zh" else (", ", "; ")
    said = []
    for place in range(len(chart.model.terms)):
        parts = []
        for row, name in enumerate(chart.model.data.conditions):
            value = chart.marks[row][place]
            if value is None:
                continue
            key = "present" if value else "absent"
            text = say(f"qca.chart.{key}", {"name": labels.get(name, name)}, lang=lang)
            if not chart.core[row][place]:
                text += say("qca.chart.peripheral", lang=lang)
            parts.append(text)
        heading = say("qca.column.term_number", {"number": place + 1}, lang=lang)
        said.append(f"{heading}{'：' if lang == 'zh' else ': '}{comma.join(parts)}")
    return stop.join(said)


def membership_plot(
    model: Model,
    *,
    lang: str,
    caption: str,
    across: str,
    upward: str,
    names: Mapping[str, str] | None = None,
    note: str = "",
) -> Figure:
    """Cases by membership in a model and in its outcome; those off the pattern are named.

    Below the diagonal a case speaks against sufficiency; in the lower right square it does so in kind.
    across, upward: what the axes are called. names: printed names of cases.
    """
    frame = model.cases()
    names = names or {}
    with house_style():
        sheet, axes = canvas(4.3, left=0.1, right=0.97)
        sheet.subplots_adjust(bottom=0.13, top=0.97)
        axes.set_xlim(-0.03, 1.06)
        axes.set_ylim(-0.03, 1.03)
        axes.fill_between([0, 1], [0, 0], [0, 1], color="#f4f6f9", linewidth=0)
        axes.plot([0, 1], [0, 1], color=SOFT, linewidth=0.9)
        for end in ("h", "v"):
            line = axes.axhline if end == "h" else axes.axvline
            line(0.5, color=HAIR, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
        for row in frame.itertuples():
            shape, face, edge = _KINDS[str(row.kind)]
            axes.plot(row.model, row.outcome, shape, markersize=6, markerfacecolor=face, markeredgecolor=edge)
            if row.kind.startswith("deviant"):
                side = -1 if row.model > 0.8 else 1
                axes.annotate(
                    names.get(row.case, row.case), (row.model, row.outcome), xytext=(6 * side, 5),
                    textcoords="offset points", fontsize=8, color=INK, ha="left" if side > 0 else "right",
                )  # fmt: skip
        for x, y, key in ((0.52, 1.0, "typical"), (0.99, 0.47, "deviant-consistency"),
                          (0.01, 1.0, "deviant-coverage"), (0.01, 0.47, "irrelevant")):  # fmt: skip
            axes.text(
                x, y, say(f"qca.kind.{key}", lang=lang), fontsize=8, color=SOFT,
                ha="right" if x > 0.9 else "left", va="top",
            )  # fmt: skip
        ticks = [0, 0.25, 0.5, 0.75, 1]
        axes.set_xticks(ticks, [f"{one:g}" for one in ticks])
        axes.set_yticks(ticks, [f"{one:g}" for one in ticks])
        axes.set_xlabel(across, fontsize=8.8)
        axes.set_ylabel(upward, fontsize=8.8)
        png = picture(sheet)
    comma, stop = ("，", "；") if lang == "zh" else (", ", "; ")
    said = [
        f"{names.get(row.case, row.case)} {row.model:.2f}{comma}{row.outcome:.2f}{comma}"
        + say(f"qca.kind.{row.kind}", lang=lang)
        for row in frame.itertuples()
    ]
    return Figure(png, caption, stop.join(said), lang, note)
