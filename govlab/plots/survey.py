"""Figures about surveys: intervals before points, diverging Likert bars, means over waves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.language import say
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
    is_dark,
    legend_rows,
    picture,
    text_width,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Negative to positive through a light neutral: dark orange, orange, grey, blue, dark blue.
DIVERGING = ("#9a4a12", "#e2a878", "#e3e6ea", "#7fa3cf", "#1f5fa8")
MOST_LEVELS = 7


@dataclass(frozen=True)
class Interval:
    """A row of an interval figure: None for what does not exist or is withheld, and why.

    letters: sets the row belongs to; rows that share a letter cannot be told apart.
    """

    label: str
    estimate: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    letters: str = ""
    reference: bool = False
    reason: str = ""


def intervals(
    rows: Sequence[Interval], *, lang: str, caption: str, note: str = "", zero: bool = False, digits: int = 2
) -> Figure:
    """Point and interval for each row, highest first as given; n and letters at the right.

    zero: draw the line of no difference. A row without an interval is an open circle; a row without
    an estimate says why. ValueError if no row has an estimate.
    """
    held = [row for row in rows if row.estimate is not None]
    if not held:
        raise ValueError("rows: none has an estimate")
    ends = [value for row in held for value in (row.estimate, row.low, row.high) if value is not None]
    if zero:
        ends.append(0.0)
    low, high = min(ends), max(ends)
    pad = 0.06 * (high - low or abs(high) or 1.0)
    low, high = low - pad, high + pad

    def at(value: float) -> float:
        return 100 * (value - low) / (high - low)

    height = 0.3 * len(rows) + 0.55
    with house_style():
        sheet, axes = canvas(height, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER, 124)
        axes.set_ylim(len(rows) + 1.1, -0.6)
        _scale(axes, low, high, len(rows), digits)
        if zero:
            axes.plot([at(0), at(0)], [-0.1, len(rows)], color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
        if any(row.n is not None for row in rows):
            axes.text(103, -0.35, "n", fontsize=8, color=SOFT, ha="left", va="center")
        for place, row in enumerate(rows):
            y = place + 0.5
            weight = "◆ " if row.reference else ""
            axes.text(-GUTTER, y, weight + wrapped(row.label, 21), va="center", ha="left", fontsize=8.8)
            _interval(axes, row, y, at)
            if row.n is not None:
                axes.text(103, y, f"{row.n:,}", va="center", ha="left", fontsize=8, color=SOFT)
            axes.text(113, y, row.letters, va="center", ha="left", fontsize=8, color=INK)
        png = picture(sheet)
    return Figure(png, caption, _interval_alt(rows, lang, digits), lang, note)


def _interval(axes: Axes, row: Interval, y: float, at: object) -> None:
    place = at if callable(at) else float
    if row.estimate is None:
        axes.text(2, y, row.reason or "*", va="center", ha="left", fontsize=8, color=ORANGE)
        return
    colour = INK if row.reference else BLUE
    if row.low is None or row.high is None:
        axes.plot(
            place(row.estimate), y, "o", markersize=5.5, markerfacecolor="white", markeredgecolor=colour
        )
        return
    # The interval is the heavier mark: it is to be seen before the point.
    axes.plot(
        [place(row.low), place(row.high)],
        [y, y],
        color=colour,
        linewidth=4.2,
        alpha=0.35,
        solid_capstyle="butt",
    )
    axes.plot([place(row.low)] * 2, [y - 0.2, y + 0.2], color=colour, linewidth=1.1)
    axes.plot([place(row.high)] * 2, [y - 0.2, y + 0.2], color=colour, linewidth=1.1)
    axes.plot(place(row.estimate), y, "D" if row.reference else "o", markersize=4.6, color=colour)


def _scale(axes: Axes, low: float, high: float, bottom: int, digits: int) -> None:
    from matplotlib.ticker import MaxNLocator

    for tick in MaxNLocator(nbins=6).tick_values(low, high):
        if low <= tick <= high:
            x = 100 * (tick - low) / (high - low)
            axes.plot([x, x], [0, bottom], color=HAIR, linewidth=0.7, zorder=0)
            axes.text(
                x, bottom + 0.45, f"{tick:.{digits}f}", ha="center", va="center", fontsize=8, color=SOFT
            )


def _interval_alt(rows: Sequence[Interval], lang: str, digits: int) -> str:
    comma, stop = ("，", "；") if lang == "zh" else (", ", "; ")
    said = []
    for row in rows:
        if row.estimate is None:
            said.append(f"{row.label} {row.reason or '*'}")
            continue
        text = f"{row.label} {row.estimate:.{digits}f}"
        if row.low is not None and row.high is not None:
            text += f" [{row.low:.{digits}f}{comma}{row.high:.{digits}f}]"
        said.append(text + (f"{comma}n = {row.n:,}" if row.n is not None else ""))
    return stop.join(said)


@dataclass(frozen=True)
class Answers:
    """A row of a Likert figure: shares of the levels from lowest to highest, of don't-knows, and n."""

    label: str
    shares: tuple[float, ...]
    outside: float = 0.0
    n: int | None = None
    reason: str = ""  # withheld: why; shares are then empty


def likert(
    rows: Sequence[Answers], levels: Sequence[str], *, lang: str, caption: str, note: str = ""
) -> Figure:
    """Answers to ordered items: bars diverge around the neutral level, don't-know apart at the right in grey.

    levels: names from lowest to highest, at most seven. ValueError where a row does not fit them.
    """
    if not 2 <= len(levels) <= MOST_LEVELS:
        raise ValueError(f"levels: from 2 to {MOST_LEVELS} names, got {len(levels)}")
    if any(row.shares and len(row.shares) != len(levels) for row in rows) or not rows:
        raise ValueError("rows: every row needs one share for each of levels")
    shades = _diverging(len(levels))
    names = [*levels, say("plots.outside", lang=lang)]
    colours = dict(zip(names, (*shades, "#b9bec6"), strict=True))
    lines = legend_rows(names)
    height = 0.34 * len(rows) + 0.26 * len(lines) + 0.15
    with house_style():
        sheet, axes = canvas(height, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER - 4, 136)
        axes.set_ylim(len(rows) + 0.75 * len(lines) - 0.1, -0.15)
        axes.plot([50, 50], [0, len(rows)], color=SOFT, linewidth=0.7, zorder=0)
        for place, row in enumerate(rows):
            axes.text(-GUTTER - 4, place + 0.5, wrapped(row.label, 22), va="center", ha="left", fontsize=8.8)
            _answers(axes, row, place + 0.5, shades)
        for line, part in enumerate(lines):
            x = 0.0
            for name in part:
                y = len(rows) + 0.3 + 0.75 * line
                axes.barh(y, 2, 0.36, left=x, color=colours[name], edgecolor=SOFT, linewidth=0.3)
                axes.text(x + 3, y, name, va="center", ha="left", fontsize=8.2, color=SOFT)
                x += 1.4 * (text_width(name) + 5)
        png = picture(sheet)
    return Figure(png, caption, _likert_alt(rows, names, lang), lang, note)


def _answers(axes: Axes, row: Answers, y: float, shades: Sequence[str]) -> None:
    if not row.shares:
        axes.text(50, y, row.reason or "*", va="center", ha="center", fontsize=8, color=ORANGE)
        return
    middle = len(row.shares) // 2
    below = sum(row.shares[:middle]) + (row.shares[middle] / 2 if len(row.shares) % 2 else 0)
    x = 50 - 50 * below
    for share, colour in zip(row.shares, shades, strict=True):
        axes.barh(y, 50 * share, 0.66, left=x, color=colour, edgecolor="white", linewidth=0.8)
        if share >= 0.07:
            words = f"{100 * share:.0f}"
            axes.text(x + 25 * share, y, words, va="center", ha="center", fontsize=7.6,
                      color="white" if is_dark(colour) else INK)  # fmt: skip
        x += 50 * share
    axes.barh(y, 20 * row.outside, 0.66, left=104, color="#b9bec6")
    axes.text(
        105 + 20 * row.outside,
        y,
        f"{100 * row.outside:.0f}",
        va="center",
        ha="left",
        fontsize=7.6,
        color=SOFT,
    )
    if row.n is not None:
        axes.text(135, y, f"n = {row.n:,}", va="center", ha="right", fontsize=7.6, color=SOFT)


def _diverging(count: int) -> tuple[str, ...]:
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    if count == len(DIVERGING):
        return DIVERGING
    ramp = LinearSegmentedColormap.from_list("house", DIVERGING)
    return tuple(to_hex(ramp(place / (count - 1))) for place in range(count))


def _likert_alt(rows: Sequence[Answers], names: Sequence[str], lang: str) -> str:
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    said = []
    for row in rows:
        if not row.shares:
            said.append(f"{row.label}{colon}{row.reason or '*'}")
            continue
        shares = zip(names, (*row.shares, row.outside), strict=True)
        said.append(row.label + colon + comma.join(f"{name} {100 * share:.0f}%" for name, share in shares))
    return stop.join(said)


@dataclass(frozen=True)
class Course:
    """A line of a wave figure: a group's means in the order of the waves, with intervals."""

    label: str
    points: tuple[tuple[float, float, float] | None, ...]  # estimate, low, high; None: not there


def apart(heights: Sequence[float], gap: float) -> list[float]:
    """Heights moved as little as can be (least squares) so that any two lie ``gap`` apart, in their order."""
    from scipy.optimize import isotonic_regression

    order = sorted(range(len(heights)), key=lambda place: heights[place])
    if not order:
        return []
    steps = isotonic_regression([heights[at] - rank * gap for rank, at in enumerate(order)]).x
    moved = [0.0] * len(heights)
    for rank, at in enumerate(order):
        moved[at] = float(steps[rank]) + rank * gap
    return moved


def courses(
    lines: Sequence[Course], waves: Sequence[str], *, lang: str, caption: str, note: str = "", digits: int = 2
) -> Figure:
    """Means over waves, one line a group with its intervals; the name stands at the end of the line."""
    if not lines or any(len(line.points) != len(waves) for line in lines):
        raise ValueError("lines: every line needs one point for each of waves")
    markers, dashes = "os^Dv", ("-", (0, (5, 2)), (0, (1.5, 1.5)), "-.", "-")
    palette = (BLUE, SOFT, ORANGE, INK, REST)
    with house_style():
        sheet, axes = canvas(3.0, left=0.09, right=0.74)
        sheet.subplots_adjust(bottom=0.12, top=0.96)
        width = 0.06
        ends: list[tuple[float, float, str]] = []
        for place, line in enumerate(lines):
            shift = width * (place - (len(lines) - 1) / 2)
            kept = [(wave + shift, *point) for wave, point in enumerate(line.points) if point is not None]
            if not kept:
                continue
            x, y, low, high = zip(*kept, strict=True)
            colour = palette[place % 5]
            axes.plot(
                x, y, marker=markers[place % 5], linestyle=dashes[place % 5], color=colour, markersize=4.5
            )
            axes.vlines(x, low, high, color=colour, linewidth=3, alpha=0.3)
            ends.append((float(x[-1]) + 0.08, float(y[-1]), line.label))
        bottom, top = axes.get_ylim()
        heights = apart([y for _, y, _ in ends], 0.07 * (top - bottom))
        right = max(x for x, _, _ in ends) if ends else 0.0
        for (_, _, label), height in zip(ends, heights, strict=True):
            axes.text(right, height, label, color=INK, fontsize=8.6, va="center")
        axes.set_xticks(range(len(waves)), waves)
        axes.set_xlim(-0.25, len(waves) - 0.75)
        axes.grid(axis="y", color=HAIR, linewidth=0.6)
        axes.tick_params(length=0)
        png = picture(sheet)
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    said = [
        line.label
        + colon
        + comma.join(
            f"{wave} {point[0]:.{digits}f}" if point else f"{wave} —"
            for wave, point in zip(waves, line.points, strict=True)
        )
        for line in lines
    ]
    return Figure(png, caption, stop.join(said), lang, note)
