"""Figures about composite indices: scores beside ranges of ranks, weights by method, what moves the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.plots.style import (
    BLUE,
    GUTTER,
    HAIR,
    INK,
    ORANGE,
    REST,
    SOFT,
    Figure,
    bare,
    canvas,
    house_style,
    legend_rows,
    picture,
    text_width,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Shapes tell the methods apart where colours do not print.
_MARKS = (("o", BLUE, True), ("o", INK, False), ("D", ORANGE, True), ("^", INK, True), ("s", SOFT, False))


@dataclass(frozen=True)
class Ranged:
    """A unit: its score and rank, and its ranks over specifications: both ends, 5 % and 95 %."""

    label: str
    score: float
    rank: float
    best: float
    worst: float
    low: float
    high: float


@dataclass(frozen=True)
class Shift:
    """A bar: how far something moves the order; group: the choice it belongs to, printed once."""

    label: str
    value: float
    group: str = ""


def rank_ranges(
    rows: Sequence[Ranged],
    *,
    lang: str,
    caption: str,
    note: str = "",
    heads: tuple[str, str],
    digits: int = 1,
) -> Figure:
    """Scores at the left, ranks over specifications at the right: thin line all, thick line 90 % of them.

    rows: in the order of the scores. heads: over both halves. ValueError without rows.
    """
    if not rows:
        raise ValueError("rows: at least one unit")
    scores = [row.score for row in rows]
    low, high = min(scores), max(scores)
    units = len(rows)
    # Scores from 0 to 40, ranks from 52 to 118 of the drawing's width.
    # A bar tells by its length: it starts at nothing where scores allow.
    low = min(low, 0.0)
    high += 0.04 * (high - low or 1)

    def score_at(value: float) -> float:
        return 40 * (value - low) / (high - low)

    def rank_at(value: float) -> float:
        return 54 + 66 * (value - 1) / max(units - 1, 1)

    with house_style():
        sheet, axes = canvas(0.27 * units + 0.62, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER, 124)
        axes.set_ylim(units + 1.15, -1.0)
        axes.text(0, -0.55, heads[0], fontsize=8, color=SOFT, ha="left", va="center")
        axes.text(54, -0.55, heads[1], fontsize=8, color=SOFT, ha="left", va="center")
        ticks = [1, *[place for place in range(5, units, 5) if units - place > 2], units]
        for tick in dict.fromkeys(ticks):
            axes.plot([rank_at(tick)] * 2, [0, units], color=HAIR, linewidth=0.7, zorder=0)
            axes.text(rank_at(tick), units + 0.5, f"{tick}", fontsize=8, color=SOFT, ha="center", va="center")
        for place, row in enumerate(rows):
            y = place + 0.5
            axes.text(-GUTTER, y, wrapped(row.label, 22), va="center", ha="left", fontsize=8.8)
            axes.plot([0, score_at(row.score)], [y, y], color=REST, linewidth=4, solid_capstyle="butt")
            axes.plot(score_at(row.score), y, "o", color=BLUE, markersize=4.2)
            axes.text(
                score_at(row.score) + 1.6, y, f"{row.score:.{digits}f}", fontsize=8, va="center", color=INK
            )
            axes.plot([rank_at(row.best), rank_at(row.worst)], [y, y], color=SOFT, linewidth=1.0)
            axes.plot(
                [rank_at(row.low) - 0.4, rank_at(row.high) + 0.4], [y, y], color=BLUE, linewidth=5.2,
                alpha=0.4, solid_capstyle="butt",
            )  # fmt: skip
            axes.plot(rank_at(row.rank), y, "o", color=BLUE, markersize=4.2)
        png = picture(sheet)
    comma, stop, dash = ("，", "；", "—") if lang == "zh" else (", ", "; ", " to ")
    said = [
        f"{row.label} {row.score:.{digits}f}{comma}{row.rank:.0f} [{row.best:.0f}{dash}{row.worst:.0f}]"
        for row in rows
    ]
    return Figure(png, caption, stop.join(said), lang, note)


def weight_dots(
    labels: Sequence[str],
    methods: Sequence[tuple[str, Sequence[float]]],
    *,
    lang: str,
    caption: str,
    note: str = "",
) -> Figure:
    """Weights of indicators by several methods, one row an indicator, one mark a method, in per cent.

    methods: name and one weight for each label; at most five. ValueError where they do not fit.
    """
    if not labels or not 1 <= len(methods) <= len(_MARKS):
        raise ValueError(f"methods: from 1 to {len(_MARKS)}, and at least one label")
    if any(len(weights) != len(labels) for _, weights in methods):
        raise ValueError("methods: every method needs one weight for each label")
    most = max(weight for _, weights in methods for weight in weights)
    step = 0.05 if most <= 0.3 else 0.1
    top = step * (int(most / step) + 1)
    lines = legend_rows([name for name, _ in methods])
    marks = dict(zip((name for name, _ in methods), _MARKS, strict=False))
    with house_style():
        sheet, axes = canvas(0.29 * len(labels) + 0.26 * len(lines) + 0.45, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER - 6, 108)
        axes.set_ylim(len(labels) + 1.15 + 0.8 * len(lines), -0.2)
        for count in range(round(top / step) + 1):
            x = 100 * count * step / top
            axes.plot([x, x], [0, len(labels)], color=HAIR, linewidth=0.7, zorder=0)
            words = f"{100 * count * step:.0f}%"
            axes.text(x, len(labels) + 0.45, words, fontsize=8, color=SOFT, ha="center", va="center")
        for place, label in enumerate(labels):
            y = place + 0.5
            axes.text(-GUTTER - 6, y, wrapped(label, 27), va="center", ha="left", fontsize=8.8)
            found = [100 * weights[place] / top for _, weights in methods]
            axes.plot([min(found), max(found)], [y, y], color=REST, linewidth=1.4, zorder=1)
            for name, weights in methods:
                # a little apart, so that equal weights do not hide one another
                off = 0.11 * (list(marks).index(name) - (len(marks) - 1) / 2)
                _mark(axes, 100 * weights[place] / top, y + off, marks[name])
        for line, part in enumerate(lines):
            x = 0.0
            for name in part:
                y = len(labels) + 1.2 + 0.8 * line
                _mark(axes, x + 1, y, marks[name])
                axes.text(x + 4, y, name, va="center", ha="left", fontsize=8.2, color=SOFT)
                x += 1.4 * (text_width(name) + 5)
        png = picture(sheet)
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    said = [
        label + colon + comma.join(f"{name} {100 * weights[place]:.0f}%" for name, weights in methods)
        for place, label in enumerate(labels)
    ]
    return Figure(png, caption, stop.join(said), lang, note)


def _mark(axes: Axes, x: float, y: float, mark: tuple[str, str, bool]) -> None:
    shape, colour, filled = mark
    axes.plot(
        x, y, shape, markersize=5.4, markerfacecolor=colour if filled else "white", markeredgecolor=colour,
        markeredgewidth=1.1, linestyle="none", zorder=3,
    )  # fmt: skip


def shifts(rows: Sequence[Shift], *, lang: str, caption: str, note: str = "", digits: int = 1) -> Figure:
    """Bars of how many places the order moves, on average; rows of one group stand under its name."""
    if not rows:
        raise ValueError("rows: at least one bar")
    lines: list[tuple[str, Shift | None]] = []
    for group in dict.fromkeys(row.group for row in rows):
        if group:
            lines.append((group, None))
        lines.extend((row.label, row) for row in rows if row.group == group)
    most = max(row.value for row in rows) or 1.0
    with house_style():
        sheet, axes = canvas(0.26 * len(lines) + 0.2, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER - 6, 108)
        axes.set_ylim(len(lines) + 0.15, -0.15)
        for place, (label, row) in enumerate(lines):
            y = place + 0.5
            if row is None:
                axes.text(-GUTTER - 6, y, label, va="center", ha="left", color=SOFT, fontsize=8.6)
                continue
            indent = 2 if row.group else 0
            axes.text(indent - GUTTER - 6, y, wrapped(label, 27), va="center", ha="left", fontsize=8.8)
            axes.barh(y, 92 * row.value / most, 0.6, color=BLUE if row.value == most else REST)
            words = f"{row.value:.{digits}f}"
            axes.text(92 * row.value / most + 1.5, y, words, va="center", ha="left", fontsize=8, color=INK)
        png = picture(sheet)
    stop = "；" if lang == "zh" else "; "
    said = [f"{row.group} {row.label} {row.value:.{digits}f}".strip() for row in rows]
    return Figure(png, caption, stop.join(said), lang, note)
