"""Figures about inventories: entries open over time, hours from group to group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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
    picture,
    text_width,
    wrapped,
)

_LINES = ((BLUE, "-", "o"), (INK, (0, (5, 2)), "s"), ("#8fa3bd", "-", "D"), (ORANGE, (0, (2, 2)), "^"))


@dataclass(frozen=True)
class Stock:
    """A line: what it counts, and a number for every moment."""

    label: str
    values: tuple[int, ...]


def stock(
    lines: Sequence[Stock], moments: Sequence[str], *, lang: str, caption: str, note: str = ""
) -> Figure:
    """Entries that are open, moment by moment: at most four lines, named at their ends.

    ValueError where a line does not fit ``moments`` or there is nothing to draw.
    """
    if not lines or len(lines) > len(_LINES) or any(len(one.values) != len(moments) for one in lines):
        raise ValueError(f"lines: from 1 to {len(_LINES)}, each with a number for each of moments")
    most = max(max(one.values) for one in lines) or 1
    last = len(moments) - 1
    with house_style():
        sheet, axes = canvas(2.6, left=0.06, right=0.72)
        axes.set_xlim(-0.15, last + 0.1)
        axes.set_ylim(0, 1.12 * most)
        axes.set_xticks(range(len(moments)), moments, fontsize=8)
        axes.tick_params(length=0)
        axes.grid(axis="y", color=HAIR, linewidth=0.7)
        axes.set_axisbelow(True)
        sheet.subplots_adjust(bottom=0.12)
        at = _apart([one.values[-1] / most for one in lines], 0.085)
        for one, (colour, dash, mark), end in zip(lines, _LINES, at, strict=False):
            axes.plot(
                range(len(moments)),
                one.values,
                color=colour,
                linestyle=dash,
                linewidth=1.7,
                marker=mark,
                markersize=4,
            )
            axes.annotate(
                f"{one.label} {one.values[-1]}",
                (last, one.values[-1]),
                (1.05, end * most / (1.12 * most)),
                textcoords="axes fraction",
                va="center",
                ha="left",
                fontsize=8.6,
                color=INK,
                arrowprops={
                    "arrowstyle": "-",
                    "color": HAIR,
                    "linewidth": 0.8,
                    "shrinkA": 1,
                    "shrinkB": 4,
                    "relpos": (0, 0.5),
                },
            )
        png = picture(sheet)
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    said = [
        one.label + colon + comma.join(f"{when} {n}" for when, n in zip(moments, one.values, strict=True))
        for one in lines
    ]
    return Figure(png, caption, stop.join(said), lang, note)


def _apart(heights: Sequence[float], least: float) -> list[float]:
    """Heights moved so that labels do not lie on each other, in the given order."""
    order = sorted(range(len(heights)), key=lambda one: heights[one])
    found = list(heights)
    for before, after in pairwise(order):
        found[after] = max(found[after], found[before] + least)
    return found


def flows(
    groups: Sequence[str],
    hours: Sequence[Sequence[float | None]],
    *,
    lang: str,
    caption: str,
    heads: tuple[str, str],
    note: str = "",
) -> Figure:
    """Hours from each group (rows) to each group (columns): squares by size, the number in each.

    hours: None where the number is withheld, drawn as a star. heads: what rows and columns are.
    ValueError where the table is not square.
    """
    if not groups or len(hours) != len(groups) or any(len(row) != len(groups) for row in hours):
        raise ValueError("hours: as many rows and columns as groups")
    most = max((one for row in hours for one in row if one is not None), default=0.0) or 1.0
    width = 100 / len(groups)
    with house_style():
        sheet, axes = canvas(0.52 * len(groups) + 0.75, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER, 106)
        axes.set_ylim(len(groups) + 0.15, -1.25)
        axes.text(-GUTTER, -0.8, heads[0], fontsize=8, color=SOFT, va="center", ha="left")
        axes.text(0, -1.05, heads[1], fontsize=8, color=SOFT, va="center", ha="left")
        for column, name in enumerate(groups):
            x = width * (column + 0.5)
            axes.text(x, -0.4, wrapped(name, 16), fontsize=8.6, va="center", ha="center")
        for row, name in enumerate(groups):
            axes.text(-GUTTER, row + 0.5, wrapped(name, 21), fontsize=8.8, va="center", ha="left")
            for column in range(len(groups)):
                _square(axes, width * column, row, width, hours[row][column], most)
        png = picture(sheet)
    colon, comma, stop, arrow = ("：", "，", "；", "→") if lang == "zh" else (": ", ", ", "; ", "→")
    said = [
        name
        + colon
        + comma.join(
            f"{arrow}{other} {'*' if value is None else f'{value:g}'}"
            for other, value in zip(groups, row, strict=True)
        )
        for name, row in zip(groups, hours, strict=True)
    ]
    return Figure(png, caption, stop.join(said), lang, note)


def _square(axes: object, x: float, row: int, width: float, value: float | None, most: float) -> None:
    from matplotlib.axes import Axes

    assert isinstance(axes, Axes)
    if value is None:
        axes.barh(row + 0.5, width, 0.94, left=x, color="white", edgecolor=HAIR, linewidth=0.8)
        axes.text(x + width / 2, row + 0.5, "*", fontsize=11, color=ORANGE, va="center", ha="center")
        return
    depth = value / most
    colour = _mixed(REST, BLUE, depth) if value > 0 else "#f6f7f9"
    axes.barh(row + 0.5, width, 0.94, left=x, color=colour, edgecolor="white", linewidth=1.5)
    text = f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:.1f}"
    assert text_width(text) < width
    axes.text(
        x + width / 2,
        row + 0.5,
        text,
        fontsize=9,
        va="center",
        ha="center",
        color="white" if is_dark(colour) else INK,
    )


def _mixed(light: str, dark: str, depth: float) -> str:
    """A colour between two, ``depth`` of the way."""
    ends = [[int(one[place : place + 2], 16) for place in (1, 3, 5)] for one in (light, dark)]
    return "#" + "".join(f"{round(a + (b - a) * depth):02x}" for a, b in zip(*ends, strict=True))
