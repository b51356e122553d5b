"""Figures of scored schemes: the tree with its weights, points of a unit, rank sets, profiles of rubrics."""

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
    picture,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Branch:
    """A line of a tree: share of the whole in percent, depth, whether the source gives its weight."""

    label: str
    share: float
    depth: int = 0
    given: bool = False
    group: bool = False


def tree(rows: Sequence[Branch], *, lang: str, caption: str, note: str = "") -> Figure:
    """Shares of the score, groups above their members; weights no source gives are hollow bars."""
    if not rows:
        raise ValueError("rows: a tree has at least one branch")
    height = 0.3 * len(rows) + 0.2
    with house_style():
        sheet, axes = canvas(height, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER - 22, 108)
        axes.set_ylim(len(rows) + 0.1, -0.1)
        for place, row in enumerate(rows):
            y = place + 0.5
            words = wrapped(row.label, 34 - 3 * row.depth)
            axes.text(-GUTTER - 22 + 4 * row.depth, y, words, va="center", ha="left", fontsize=8.6,
                      color=INK if row.depth == 0 else SOFT)  # fmt: skip
            full = dict(color=REST if row.group else BLUE)
            hollow = dict(facecolor="white", edgecolor=SOFT if row.group else BLUE, linewidth=1.1)
            axes.barh(y, row.share, 0.42 if row.group else 0.56, **(full if row.given else hollow))
            axes.text(row.share + 1.5, y, f"{row.share:.1f}%", va="center", ha="left", fontsize=8, color=SOFT)
        png = picture(sheet)
    return Figure(png, caption, _joined([f"{one.label} {one.share:.1f}%" for one in rows], lang), lang, note)


@dataclass(frozen=True)
class Mark:
    """Points of one indicator, 0 to 100: of this unit, their error (None: unknown), the mean of all units."""

    label: str
    value: float | None
    error: float | None = None
    mean: float | None = None
    reason: str = ""


def marks(rows: Sequence[Mark], *, lang: str, caption: str, note: str = "") -> Figure:
    """Bars of points with their errors; the mean of all units is a tick. A missing value says why."""
    if not rows:
        raise ValueError("rows: at least one indicator is wanted")
    height = 0.34 * len(rows) + 0.4
    with house_style():
        sheet, axes = canvas(height, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER - 18, 112)
        axes.set_ylim(len(rows) + 0.7, -0.1)
        for tick in range(0, 101, 20):
            axes.plot([tick, tick], [0, len(rows)], color=HAIR, linewidth=0.7, zorder=0)
            axes.text(tick, len(rows) + 0.35, f"{tick}", ha="center", va="center", fontsize=8, color=SOFT)
        for place, row in enumerate(rows):
            y = place + 0.5
            axes.text(-GUTTER - 18, y, wrapped(row.label, 32), va="center", ha="left", fontsize=8.6)
            _mark(axes, row, y)
        png = picture(sheet)
    said = [f"{one.label} {one.reason or '—' if one.value is None else f'{one.value:.1f}'}" for one in rows]
    return Figure(png, caption, _joined(said, lang), lang, note)


def _mark(axes: Axes, row: Mark, y: float) -> None:
    if row.value is None:
        axes.text(1, y, row.reason, va="center", ha="left", fontsize=8, color=ORANGE)
    else:
        axes.barh(y, row.value, 0.5, color=BLUE if row.error is not None else "#8fa3bd")
        end = row.value
        if row.error is not None:
            low, high = max(0.0, row.value - 1.96 * row.error), min(100.0, row.value + 1.96 * row.error)
            axes.plot([low, high], [y, y], color=INK, linewidth=1.3)
            for at in (low, high):
                axes.plot([at, at], [y - 0.13, y + 0.13], color=INK, linewidth=1.3)
            end = max(end, high)
        axes.text(end + 1.5, y, f"{row.value:.0f}", va="center", ha="left", fontsize=8, color=SOFT)
    if row.mean is not None:
        axes.plot([row.mean, row.mean], [y - 0.38, y + 0.38], color=ORANGE, linewidth=1.8)


@dataclass(frozen=True)
class Standing:
    """Rank of a unit: estimated, lowest and highest the data allow, and over the weightings tried."""

    label: str
    rank: int | None
    low: int = 0
    high: int = 0
    swept: tuple[int, int] | None = None
    own: bool = False
    reason: str = ""


def standings(rows: Sequence[Standing], *, lang: str, caption: str, note: str = "") -> Figure:
    """Rank sets, best first: thick what the data allow, thin below it what other weights do to the rank."""
    ranked = [one for one in rows if one.rank is not None]
    if not ranked:
        raise ValueError("rows: none is ranked")
    last = max(max(one.high, one.swept[1] if one.swept else 0) for one in ranked)

    def at(rank: float) -> float:
        return 100 * (rank - 1) / max(1, last - 1)

    height = 0.27 * len(rows) + 0.45
    with house_style():
        sheet, axes = canvas(height, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER - 6, 106)
        axes.set_ylim(len(rows) + 0.9, -0.3)
        step = max(1, round(last / 8))
        for tick in dict.fromkeys([1, *range(step, last - step // 2, step), last]):
            axes.plot([at(tick)] * 2, [0, len(rows)], color=HAIR, linewidth=0.7, zorder=0)
            axes.text(at(tick), len(rows) + 0.4, f"{tick}", ha="center", va="center", fontsize=8, color=SOFT)
        for place, row in enumerate(rows):
            _standing(axes, row, place + 0.5, at)
        png = picture(sheet)
    dash = "–" if lang == "en" else "—"
    said = [
        f"{one.label} {one.reason or '*'}"
        if one.rank is None
        else f"{one.label} {one.rank} [{one.low}{dash}{one.high}]"
        for one in rows
    ]
    return Figure(png, caption, _joined(said, lang), lang, note)


def _standing(axes: Axes, row: Standing, y: float, at: object) -> None:
    place = at if callable(at) else float
    weight = "◆ " if row.own else ""
    axes.text(-GUTTER - 6, y, weight + wrapped(row.label, 26), va="center", ha="left", fontsize=8.2,
              color=INK)  # fmt: skip
    if row.rank is None:
        axes.text(1, y, row.reason or "*", va="center", ha="left", fontsize=7.8, color=ORANGE)
        return
    colour = INK if row.own else BLUE
    low, high = place(row.low), place(row.high)
    axes.plot([low - 0.5, high + 0.5], [y, y], color=colour, linewidth=5, alpha=0.3, solid_capstyle="butt")
    if row.swept is not None:
        axes.plot([place(row.swept[0]), place(row.swept[1])], [y + 0.3, y + 0.3], color=ORANGE, linewidth=1.1)
    axes.plot(place(row.rank), y, "D" if row.own else "o", markersize=4.4, color=colour)


@dataclass(frozen=True)
class Coded:
    """An item of a rubric: middle level, lowest and highest that coders gave; None where nobody coded it."""

    label: str
    middle: int | None
    low: int = 0
    high: int = 0
    coders: int = 0
    reason: str = ""


def profile(
    rows: Sequence[Coded], levels: Sequence[str], *, lang: str, caption: str, note: str = ""
) -> Figure:
    """Levels of the items of a rubric, coders' span and middle; no total is drawn."""
    if not rows or len(levels) < 2:
        raise ValueError("rows and levels: at least one item and two levels are wanted")
    height = 0.36 * len(rows) + 0.55
    width = 100 / len(levels)
    with house_style():
        sheet, axes = canvas(height, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER - 18, 112)
        axes.set_ylim(len(rows) + 0.1, -0.9)
        for place, name in enumerate(levels):
            x = (place + 0.5) * width
            axes.text(x, -0.45, wrapped(name, 14), ha="center", va="center", fontsize=8.2, color=SOFT)
            axes.plot([x, x], [0, len(rows)], color=HAIR, linewidth=0.8, zorder=0)
        for place, row in enumerate(rows):
            y = place + 0.5
            axes.text(-GUTTER - 18, y, wrapped(row.label, 32), va="center", ha="left", fontsize=8.6)
            if row.middle is None:
                axes.text(1, y, row.reason, va="center", ha="left", fontsize=8, color=ORANGE)
                continue
            low, high, middle = ((one + 0.5) * width for one in (row.low, row.high, row.middle))
            axes.plot([low - 1, high + 1], [y, y], color=BLUE, linewidth=5, alpha=0.3, solid_capstyle="butt")
            axes.plot(middle, y, "o", markersize=5.5, color=BLUE)
            axes.text(103, y, f"n = {row.coders}", va="center", ha="left", fontsize=8, color=SOFT)
        png = picture(sheet)
    said = [f"{one.label} {one.reason if one.middle is None else levels[one.middle]}" for one in rows]
    return Figure(png, caption, _joined(said, lang), lang, note)


def _joined(said: Sequence[str], lang: str) -> str:
    return ("；" if lang == "zh" else "; ").join(said)
