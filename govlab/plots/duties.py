"""Figures of duties: tasks by bodies with their roles, load before and after, what residents think."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.language import say
from govlab.plots.style import (
    BLUE,
    HAIR,
    INK,
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

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LETTER = 0.9  # width of a Latin letter of 8 pt, in hundredths of the column
# Dark to light by how much a role weighs, so that the order survives in greyscale; refusing is hatched.
SHADE = {
    "decides": "#0e2a4d",
    "does": BLUE,
    "supervises": "#8fa3bd",
    "assists": REST,
    "consulted": "#e6ebf2",
    "refuses": "#ffffff",
}


def roles(
    rows: Sequence[tuple[str, Sequence[Sequence[str]]]],
    bodies: Sequence[str],
    *,
    lang: str,
    caption: str,
    note: str = "",
) -> Figure:
    """Tasks by bodies: each role a block with its word, several roles of one body side by side.

    rows: task and, for every body, the ids of its roles. An empty cell is a dot: no role entered.
    """
    if not rows or any(len(cells) != len(bodies) for _, cells in rows):
        raise ValueError("rows: every task needs one cell for each of bodies")
    words = {role: say(f"duties_plot.{role}", lang=lang) for role in SHADE}
    gutter = min(30.0, max(16.0, 1.0 * max(text_width(label) for label, _ in rows)))
    step = (100 - gutter) / len(bodies)
    heads = [wrapped(one, step / _LETTER) for one in bodies]
    widest = max(text_width(line) for one in heads for line in one.split("\n"))
    slanted = widest * _LETTER > step
    if slanted:
        step = (100 - gutter - 8) / len(bodies)  # the last slanted name leans beyond its column
    head = 0.92 if slanted else 0.42 if any("\n" in one for one in heads) else 0.26
    height = 0.34 * len(rows) + head + 0.1
    with house_style():
        sheet, axes = canvas(height, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(0, 100)
        axes.set_ylim(len(rows) + 0.1, -head / 0.34)
        for place, name in enumerate(bodies if slanted else heads):
            x = gutter + step * (place + 0.5)
            side = "left" if slanted else "center"
            axes.text(
                x, -0.15, name, ha=side, va="bottom", fontsize=7.9, linespacing=1.05,
                rotation=35 if slanted else 0, rotation_mode="anchor",
            )  # fmt: skip
        for y, (label, cells) in enumerate(rows):
            axes.axhline(y, color=HAIR, linewidth=0.6)
            axes.text(0, y + 0.5, wrapped(label, gutter * 0.98), va="center", ha="left", fontsize=8.3)
            for place, held in enumerate(cells):
                _cell(axes, gutter + step * place, y, step, held, words)
        png = picture(sheet)
    comma, colon, stop = ("、", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    alt = stop.join(
        label
        + colon
        + comma.join(
            f"{body} {words[role]}" for body, held in zip(bodies, cells, strict=True) for role in held
        )
        for label, cells in rows
    )
    return Figure(png, caption, alt, lang, note)


def _cell(axes: Axes, left: float, y: float, step: float, held: Sequence[str], words: dict[str, str]) -> None:
    """The roles of one body in one task, one below the other where there are several."""
    if not held:
        axes.plot(left + step / 2, y + 0.5, ".", color="#b4bfcc", markersize=3)
    tall = 0.74 / max(1, len(held))
    for number, role in enumerate(held):
        middle = y + 0.13 + tall * (number + 0.5)
        faint = role in ("refuses", "consulted")
        axes.barh(
            middle, step - 1.0, tall - 0.03, left=left + 0.5, color=SHADE[role], linewidth=0.8,
            edgecolor=SOFT if faint else "white", linestyle=(0, (3, 2)) if role == "refuses" else "-",
        )  # fmt: skip
        axes.text(
            left + step / 2, middle, words[role], ha="center", va="center",
            fontsize=_size(words[role], step - 1.0, 7.6 if len(held) == 1 else 5.9),
            color="white" if is_dark(SHADE[role]) else INK,
        )  # fmt: skip


def _size(word: str, width: float, most: float) -> float:
    """The size at which a word fits a block, no larger than ``most``."""
    return min(most, 8.0 * width / (text_width(word) * 1.02 * _LETTER))


@dataclass(frozen=True)
class Load:
    """Tasks of a body at one time, by kind: administrative ones and others; hours a week where known."""

    label: str
    administrative: float
    other: float
    words: str = ""


def load(rows: Sequence[Load], *, lang: str, caption: str, note: str = "") -> Figure:
    """What is on a body before and after: administrative tasks dark, all others light."""
    if not rows:
        raise ValueError("rows must hold at least one arrangement")
    names = [say("duties_plot.administrative", lang=lang), say("duties_plot.other", lang=lang)]
    most = max(one.administrative + one.other for one in rows) or 1
    with house_style():
        sheet, axes = canvas(0.36 * len(rows) + 0.42, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-22, 104 + 1.4 * max(text_width(one.words) for one in rows))
        axes.set_ylim(len(rows) + 0.85, -0.1)
        for y, one in enumerate(rows):
            axes.text(-22, y + 0.5, wrapped(one.label, 17), va="center", ha="left", fontsize=8.8)
            start = 0.0
            for value, colour in ((one.administrative, BLUE), (one.other, REST)):
                width = 100 * value / most
                if value:
                    axes.barh(y + 0.5, width, 0.66, left=start, color=colour, edgecolor="white")
                    axes.text(
                        start + width / 2, y + 0.5, f"{value:g}", ha="center", va="center", fontsize=8.4,
                        color="white" if is_dark(colour) else INK,
                    )  # fmt: skip
                start += width
            axes.text(start + 1.5, y + 0.5, one.words, va="center", ha="left", fontsize=8.2, color=SOFT)
        x = 0.0
        for name, colour in zip(names, (BLUE, REST), strict=True):
            axes.barh(len(rows) + 0.45, 2.4, 0.4, left=x, color=colour)
            axes.text(x + 3.4, len(rows) + 0.45, name, va="center", ha="left", fontsize=8.4, color=SOFT)
            x += 1.5 * (text_width(name) + 6)
        png = picture(sheet)
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    alt = stop.join(
        f"{one.label}{colon}{names[0]} {one.administrative:g}{comma}{names[1]} {one.other:g}"
        + (f"{comma}{one.words}" if one.words else "")
        for one in rows
    )
    return Figure(png, caption, alt, lang, note)


@dataclass(frozen=True)
class Known:
    """Share (percent) that names the right body, its interval, and words at the right."""

    label: str
    share: float | None
    low: float | None
    high: float | None
    words: str


def known(rows: Sequence[Known], *, lang: str, caption: str, note: str = "") -> Figure:
    """Who knows whom to turn to: interval first, then the point; half of the residents marked."""
    if not rows:
        raise ValueError("rows must hold at least one task")
    height = 0.42 * len(rows) + 0.62
    with house_style():
        sheet, axes = canvas(height, left=0.31, right=0.68)
        sheet.subplots_adjust(bottom=0.48 / height)
        axes.axvline(50, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
        for y, one in enumerate(rows):
            if one.low is not None and one.high is not None:
                axes.hlines(y, one.low, one.high, color=BLUE, linewidth=2.2)
            if one.share is not None:
                axes.plot(one.share, y, "o", color=BLUE, markersize=6.5)
            axes.text(
                1.03, y, wrapped(one.words, 31), transform=axes.get_yaxis_transform(), va="center", ha="left",
                fontsize=8.2, color=SOFT,
            )  # fmt: skip
        axes.set_yticks(range(len(rows)), [wrapped(one.label, 31) for one in rows], fontsize=8.2)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(0, 100)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(say("duties_plot.percent", lang=lang), fontsize=8.4, labelpad=2)
        png = picture(sheet)
    colon, stop = ("：", "；") if lang == "zh" else (": ", "; ")
    alt = stop.join(
        f"{one.label}{colon}" + ("—" if one.share is None else f"{one.share:.0f}%") + f" {one.words}"
        for one in rows
    )
    return Figure(png, caption, alt, lang, note)
