"""Figures of ledgers: who holds what before and after, duties beside money, communities below a floor."""

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
    SHADES,
    SOFT,
    Figure,
    bare,
    canvas,
    fitting,
    house_style,
    is_dark,
    legend,
    legend_rows,
    picture,
    text_width,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Piece:
    """What one level holds: its name, its share of 100 (None: holds it, how much is not stated).

    words: what stands on the block. short: what stands there where the words do not fit; else the share.
    """

    holder: str
    share: float | None
    words: str = ""
    short: str = ""


@dataclass(frozen=True)
class Held:
    """An item: its pieces by period, in the order of the periods; no piece where nothing is stated."""

    label: str
    periods: tuple[tuple[Piece, ...], ...]


def held(
    items: Sequence[Held], periods: Sequence[str], holders: Sequence[str], *, lang: str, caption: str,
    note: str = "",
) -> Figure:  # fmt: skip
    """Who holds each item: a bar a period, an empty dashed box where the text says nothing.

    holders: in the order of their shades, from the top level down. Blocks without a share have a dashed
    edge, because their width says nothing. ValueError for an item with other periods than ``periods``.
    """
    if not items or any(len(one.periods) != len(periods) for one in items):
        raise ValueError("items: at least one, each with one entry for every period")
    shade = dict(zip(holders, SHADES if len(holders) > 2 else (REST, BLUE), strict=False))
    step = len(periods) + 0.45
    rows = legend_rows(holders)
    total = step * len(items) + 0.9 * len(rows) + 0.2
    with house_style():
        sheet, axes = canvas(0.25 * total + 0.1, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER - 13, 101)
        axes.set_ylim(total, -0.1)
        for place, one in enumerate(items):
            top = place * step
            label = wrapped(one.label, 23)
            axes.text(-GUTTER - 13, top + len(periods) / 2, label, va="center", ha="left", fontsize=8.8)
            for number, (name, pieces) in enumerate(zip(periods, one.periods, strict=True)):
                y = top + number + 0.5
                axes.text(-1, y, name, va="center", ha="right", fontsize=7.8, color=SOFT)
                _strip(axes, y, pieces, shade, lang)
        legend(axes, rows, shade, step * len(items) + 0.45)
        png = picture(sheet)
    return Figure(png, caption, _held_alt(items, periods, lang), lang, note)


def _strip(axes: Axes, y: float, pieces: Sequence[Piece], shade: dict[str, str], lang: str) -> None:
    if not pieces:
        axes.barh(y, 100, 0.74, fill=False, linewidth=0.7, linestyle=(0, (4, 3)), edgecolor="#9aa7b8")
        said = say("tables.not_stated", lang=lang)
        axes.text(1.8, y, said, va="center", ha="left", fontsize=8, color=SOFT)
        return
    scaled = all(one.share is not None for one in pieces)
    start = 0.0
    for one in pieces:
        width = float(one.share) if scaled and one.share is not None else 100 / len(pieces)
        colour = shade[one.holder]
        axes.barh(y, width, 0.8, left=start, color=colour, edgecolor="white", linewidth=1)
        if not scaled:
            axes.barh(
                y, width - 1.2, 0.62, left=start + 0.6, fill=False, linewidth=0.7, linestyle=(0, (4, 3)),
                edgecolor="white" if is_dark(colour) else SOFT,
            )  # fmt: skip
        words = one.words or (f"{one.holder} {one.share:.0f}%" if one.share is not None else one.holder)
        if one.share is not None and text_width(words) > (width - 3) / 1.33:
            words = one.short or f"{one.share:.0f}%"
        axes.text(
            start + 1.8, y, fitting(words, width), va="center", ha="left", fontsize=8,
            color="white" if is_dark(colour) else INK,
        )  # fmt: skip
        start += width


def _held_alt(items: Sequence[Held], periods: Sequence[str], lang: str) -> str:
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    silent = say("tables.not_stated", lang=lang)
    said = []
    for one in items:
        for name, pieces in zip(periods, one.periods, strict=True):
            told = comma.join(
                one_.words or (one_.holder if one_.share is None else f"{one_.holder} {one_.share:.0f}%")
                for one_ in pieces
            )
            said.append(f"{one.label}{comma}{name}{colon}{told or silent}")
    return stop.join(said)


@dataclass(frozen=True)
class Move:
    """A duty and its money: points by which each moved, and the verdict in words."""

    label: str
    duty: float
    money: float
    verdict: str


def moves(rows: Sequence[Move], *, lang: str, caption: str, note: str = "") -> Figure:
    """How far duties and the money for them moved: a dot for the duty, an open square for the money."""
    if not rows:
        raise ValueError("rows must hold at least one duty with its money")
    names = [say("ledger_plot.duty", lang=lang), say("ledger_plot.money", lang=lang)]
    low = min(0.0, *(min(one.duty, one.money) for one in rows))
    high = max(10.0, *(max(one.duty, one.money) for one in rows))
    height = 0.4 * len(rows) + 0.88
    with house_style():
        sheet, axes = canvas(height, left=0.2, right=0.76)
        sheet.subplots_adjust(top=1 - 0.3 / height, bottom=0.48 / height)
        axes.axvline(0, color=SOFT, linewidth=0.9)
        for y, one in enumerate(rows):
            axes.plot([one.duty, one.money], [y, y], color=HAIR, linewidth=3, zorder=1)
            axes.plot(one.duty, y, "o", markersize=8, color=BLUE, zorder=3)
            axes.plot(
                one.money, y, "s", markersize=9.5, markerfacecolor="none", markeredgecolor=INK,
                markeredgewidth=1.3, zorder=4,
            )  # fmt: skip
            axes.text(
                1.03, y, one.verdict, transform=axes.get_yaxis_transform(), va="center", ha="left",
                fontsize=8.6, color=INK if one.verdict else SOFT,
            )  # fmt: skip
        axes.plot([], [], "o", color=BLUE, markersize=7, label=names[0])
        axes.plot(
            [], [], "s", markerfacecolor="none", markeredgecolor=INK, markersize=8, linestyle="none",
            label=names[1],
        )  # fmt: skip
        for line in axes.lines[-2:]:
            line.set_linestyle("none")
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, frameon=False, fontsize=8.4,
            handletextpad=0.3, borderaxespad=0.2,
        )  # fmt: skip
        axes.set_yticks(range(len(rows)), [wrapped(one.label, 20) for one in rows], fontsize=8.8)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(low - 6, high + 6)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(say("ledger_plot.points", lang=lang), fontsize=8.4, labelpad=2)
        png = picture(sheet)
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    alt = stop.join(
        f"{one.label}{colon}{names[0]} {one.duty:+.0f}{comma}{names[1]} {one.money:+.0f}{comma}{one.verdict}"
        for one in rows
    )
    return Figure(png, caption, alt, lang, note)


@dataclass(frozen=True)
class Curve:
    """Communities below a floor by the share that goes down, for one way of dividing it."""

    label: str
    shares: tuple[float, ...]
    below: tuple[int, ...]


def below_floor(
    curves: Sequence[Curve], *, chosen: float, total: int, lang: str, caption: str, note: str = ""
) -> Figure:
    """How many communities stay below a floor as more goes down, a line for each way of dividing it.

    chosen: the share marked with an upright line. total: communities there are. Lines differ in dash and
    marker as well as in colour.
    """
    if not curves or any(len(one.shares) != len(one.below) for one in curves):
        raise ValueError("curves: at least one, with as many counts as shares")
    looks = ((BLUE, "-", "o"), (INK, (0, (5, 2)), "s"), ("#8fa3bd", (0, (1, 1.2)), "^"))
    with house_style():
        sheet, axes = canvas(3.0, left=0.085, right=0.97)
        sheet.subplots_adjust(top=0.9, bottom=0.165)
        axes.axvline(chosen, color=ORANGE, linewidth=1.1)
        for (colour, dash, mark), one in zip(looks, curves, strict=False):
            axes.plot(
                one.shares, one.below, color=colour, linestyle=dash, linewidth=1.8, marker=mark,
                markersize=4.6, markevery=10, label=one.label,
            )  # fmt: skip
        axes.set_xlim(0, 100)
        axes.set_ylim(-0.02 * total, total * 1.04)
        axes.set_xlabel(say("ledger_plot.share", lang=lang), fontsize=8.6)
        axes.set_ylabel(say("ledger_plot.below", lang=lang), fontsize=8.6)
        axes.legend(loc="lower left", frameon=False, fontsize=8.4, bbox_to_anchor=(0.0, 0.02))
        axes.text(chosen, total * 1.06, f"{chosen:g}%", ha="center", va="bottom", fontsize=8.4, color=ORANGE)
        png = picture(sheet)
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    alt = stop.join(
        one.label + colon + comma.join(
            f"{share:g}% → {count}"
            for share, count in zip(one.shares, one.below, strict=True)
            if share % 20 == 0
        )
        for one in curves
    )  # fmt: skip
    return Figure(png, caption, alt, lang, note)
