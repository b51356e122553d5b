"""Figures about cases: who holds what, counts of statements, what is stated where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.language import say
from govlab.plots.style import (
    BLUE,
    GUTTER,
    INK,
    LETTER,
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
class Segment:
    """A piece of a holdings bar: who holds, how much of 100 (None: not stated), words on it."""

    body: str
    share: float | None
    words: str = ""


@dataclass(frozen=True)
class Bar:
    """A thing held: its label, the pieces, the fact ids at its right."""

    label: str
    segments: tuple[Segment, ...]
    ids: str
    group: str = ""


def holdings(bars: Sequence[Bar], *, lang: str, caption: str, note: str = "") -> Figure:
    """Who holds what: one bar an item, shares to scale where the source gives them, equal blocks where not.

    bars: at least one; a segment without a share is drawn with a dashed line, because its width says nothing.
    """
    if not bars:
        raise ValueError("bars must hold at least one item")
    bodies = list(dict.fromkeys(segment.body for bar in bars for segment in bar.segments))
    shade = {body: SHADES[place % len(SHADES)] for place, body in enumerate(bodies)}
    if len(bodies) == 1:
        shade[bodies[0]] = BLUE
    many = len(bodies) > len(SHADES)
    if many:
        # More bodies than shades: colours would repeat and mislead, so the words on the blocks carry it.
        shade = {}
    groups = list(dict.fromkeys(bar.group for bar in bars))
    lines: list[tuple[str, Bar | None]] = []
    for group in groups:
        if group:
            lines.append((group, None))
        lines.extend((bar.label, bar) for bar in bars if bar.group == group)
    rows_of_legend = [] if many else legend_rows(bodies)
    height = 0.36 * len(lines) + 0.26 * len(rows_of_legend) + 0.15
    with house_style():
        sheet, axes = canvas(height, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER, 113)
        axes.set_ylim(len(lines) + 0.72 * len(rows_of_legend) - 0.1, -0.15)
        for row, (label, bar) in enumerate(lines):
            if bar is None:
                axes.text(-GUTTER, row + 0.52, label, va="center", ha="left", color=SOFT, fontsize=9)
                continue
            axes.text(-GUTTER, row + 0.5, wrapped(label, 21), va="center", ha="left", fontsize=8.8)
            _bar(axes, row, bar, shade)
            axes.text(101, row + 0.5, bar.ids, va="center", ha="left", color=SOFT, fontsize=7.6)
        legend(axes, rows_of_legend, shade, len(lines) + 0.3)
        png = picture(sheet)
    return Figure(png, caption, _alt(bars, lang), lang, note)


def _bar(axes: Axes, row: int, bar: Bar, shade: dict[str, str]) -> None:
    stated = [segment.share for segment in bar.segments if segment.share is not None]
    to_scale = len(stated) == len(bar.segments)
    start = 0.0
    for place, segment in enumerate(bar.segments):
        width = float(segment.share) if to_scale and segment.share is not None else 100 / len(bar.segments)
        colour = shade.get(segment.body, SHADES[place % 2])
        axes.barh(
            row + 0.5, width, 0.68, left=start, color=colour, edgecolor="white", linewidth=1.2, zorder=1
        )
        if not to_scale:
            # A dashed line inside the edge shows that the width is not to scale.
            axes.barh(
                row + 0.5,
                width - 1.2,
                0.56,
                left=start + 0.6,
                fill=False,
                linewidth=0.7,
                linestyle=(0, (4, 3)),
                edgecolor="white" if is_dark(colour) else SOFT,
                zorder=2,
            )
        words = segment.words or segment.body
        if segment.share is not None and text_width(words) > (width - 3) / LETTER:
            words = f"{segment.share:g}%"  # a narrow piece keeps its number, the legend has the name
        axes.text(
            start + 1.8,
            row + 0.5,
            fitting(words, width),
            va="center",
            ha="left",
            fontsize=8.4,
            color="white" if is_dark(colour) else INK,
            zorder=3,
        )
        start += width


def _alt(bars: Sequence[Bar], lang: str) -> str:
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    said = []
    for bar in bars:
        pieces = comma.join(
            f"{segment.body} {segment.share:g}%"
            if segment.share is not None
            else segment.words or segment.body
            for segment in bar.segments
        )
        name = f"{bar.group} {bar.label}".strip()
        said.append(f"{name}{colon}{pieces}")
    return stop.join(said)


def counts(
    rows: Sequence[tuple[str, Sequence[int]]],
    series: Sequence[str],
    *,
    lang: str,
    caption: str,
    note: str = "",
) -> Figure:
    """Stacked counts, one bar a row, the number on every piece and the total at its right."""
    if not rows or any(len(values) != len(series) for _, values in rows):
        raise ValueError("rows: every row needs one count for each of series")
    most = max(sum(values) for _, values in rows)
    if most <= 0:
        raise ValueError("rows: nothing to count")
    palette = (BLUE, REST, "#163f70", "#8fa3bd", "#e6ebf2")
    shade = dict(zip(series, palette, strict=False))
    rows_of_legend = legend_rows(series)
    height = 0.34 * len(rows) + 0.26 * len(rows_of_legend) + 0.15
    with house_style():
        sheet, axes = canvas(height, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-GUTTER, 113)
        axes.set_ylim(len(rows) + 0.75 * len(rows_of_legend) - 0.1, -0.15)
        for row, (label, values) in enumerate(rows):
            axes.text(-GUTTER, row + 0.5, wrapped(label, 21), va="center", ha="left", fontsize=8.8)
            start = 0.0
            for name, value in zip(series, values, strict=True):
                if value == 0:
                    continue
                width = 100 * value / most
                axes.barh(
                    row + 0.5, width, 0.66, left=start, color=shade[name], edgecolor="white", linewidth=1
                )
                if width >= 3:
                    axes.text(
                        start + width / 2,
                        row + 0.5,
                        str(value),
                        va="center",
                        ha="center",
                        fontsize=8.2,
                        color="white" if is_dark(shade[name]) else INK,
                    )
                start += width
            axes.text(
                start + 1.2, row + 0.5, f"n = {sum(values)}", va="center", ha="left", fontsize=8, color=SOFT
            )
        legend(axes, rows_of_legend, shade, len(rows) + 0.3)
        png = picture(sheet)
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    alt = stop.join(
        label
        + colon
        + comma.join(f"{name} {value}" for name, value in zip(series, values, strict=True) if value)
        for label, values in rows
    )
    return Figure(png, caption, alt, lang, note)


def grid(
    rows: Sequence[tuple[str, Sequence[bool]]],
    columns: Sequence[str],
    *,
    lang: str,
    caption: str,
    note: str = "",
) -> Figure:
    """What is there and what is not: a filled square where it is stated, an empty one where it is not."""
    if not rows or any(len(values) != len(columns) for _, values in rows):
        raise ValueError("rows: every row needs one entry for each of columns")
    widest = max(text_width(label) for label, _ in rows)
    gutter = min(46.0, 1.2 * widest + 2)
    slanted = max(text_width(name) for name in columns) * len(columns) > 95 - gutter
    head = 0.9 if slanted else 0.35
    height = 0.29 * len(rows) + head + 0.1
    with house_style():
        sheet, axes = canvas(height, left=0.005, right=0.995)
        bare(axes)
        step = (100 - gutter) / len(columns)
        axes.set_xlim(0, 100)
        axes.set_ylim(len(rows) + 0.15, -head / 0.29)
        for place, name in enumerate(columns):
            axes.text(
                gutter + step * (place + 0.5),
                -0.25,
                name,
                rotation=38 if slanted else 0,
                fontsize=8.4,
                ha="left" if slanted else "center",
                va="bottom",
                rotation_mode="anchor",
            )
        for row, (label, values) in enumerate(rows):
            axes.text(0, row + 0.5, label, va="center", ha="left", fontsize=8.8)
            for place, there in enumerate(values):
                axes.plot(
                    gutter + step * (place + 0.5),
                    row + 0.5,
                    "s",
                    markersize=9.5,
                    markerfacecolor=BLUE if there else "white",
                    markeredgecolor=BLUE if there else "#9aa7b8",
                )
        png = picture(sheet)
    stated = say("plots.stated", lang=lang)
    comma, colon, stop = ("、", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    nothing = say("plots.nowhere", lang=lang)
    alt = (
        stated
        + colon
        + stop.join(
            f"{label}{colon}" + (comma.join(n for n, v in zip(columns, values, strict=True) if v) or nothing)
            for label, values in rows
        )
    )
    return Figure(png, caption, alt, lang, note)
