"""Figures: a result -> a picture with caption, note and alternative text, readable in greyscale.

The face is Noto Sans SC (OFL) by path, so Chinese is drawn on any machine; nothing is set for the session.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import escape
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govlab.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, SOFT, HAIR = "#1c2430", "#5a6472", "#d9dde3"
BLUE, REST, ORANGE = "#1f5fa8", "#c9d3e0", "#c8641b"
# Light and dark alternate, so that neighbours differ in greyscale too.
SHADES = (REST, BLUE, "#8fa3bd", "#163f70", "#e6ebf2", "#5d7fa6", "#b4c2d4", "#0e2a4d")
WIDTH = 6.7  # inches: the 670 px column


def font_path() -> Path:
    """The file of Noto Sans SC Regular that comes with zhplot, found without importing it."""
    spec = find_spec("zhplot")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the font package zhplot is not installed")
    found = sorted(Path(spec.origin).parent.rglob("*.[ot]tf"))
    if not found:
        raise FileNotFoundError("zhplot carries no font file")
    return found[0]


@contextmanager
def house_style() -> Iterator[None]:
    """matplotlib settings for the time of one drawing; afterwards everything is as before."""
    import matplotlib as mpl
    from matplotlib import font_manager

    path = font_path()
    if not any(entry.fname == str(path) for entry in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(str(path))
    name = font_manager.FontProperties(fname=str(path)).get_name()
    settings: dict[Any, Any] = {
        "font.family": [name],
        "font.size": 9.5,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": HAIR,
        "xtick.color": SOFT,
        "ytick.color": INK,
        "axes.unicode_minus": False,
        "figure.dpi": 100,
        "savefig.dpi": 200,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with mpl.rc_context(settings):
        yield


@dataclass(frozen=True, eq=False)
class Figure:
    """A picture (PNG) with its caption, note and alternative text."""

    png: bytes
    caption: str
    alt: str
    lang: str
    note: str = ""
    number: int | None = None

    def numbered(self, number: int) -> Figure:
        """A copy with its number on the page."""
        return replace(self, number=number)

    @property
    def heading(self) -> str:
        """The caption with ``图 1`` or ``Figure 1`` in front."""
        if self.number is None:
            return self.caption
        return say("plots.caption", {"number": self.number, "caption": self.caption}, lang=self.lang)

    def to_html(self) -> str:
        """A semantic fragment with the picture inside."""
        picture = b64encode(self.png).decode("ascii")
        note = f'<p class="gl-note">{escape(self.note)}</p>' if self.note else ""
        return (
            f'<figure class="gl-figure"><figcaption>{escape(self.heading)}</figcaption>'
            f'<img alt="{escape(self.alt, quote=True)}" src="data:image/png;base64,{picture}"></figure>{note}'
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/html": self.to_html(), "text/plain": f"{self.heading}\n{self.alt}"}


def _picture(figure: Any) -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _canvas(height: float, left: float = 0.16, right: float = 0.88) -> tuple[Any, Axes]:
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(WIDTH, height))
    axes = canvas.subplots()
    margin = 0.08 / height
    canvas.subplots_adjust(left=left, right=right, top=1 - margin, bottom=margin)
    return canvas, axes


def _bare(axes: Axes) -> None:
    axes.set_axis_off()
    axes.margins(0)


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

    bars: at least one; a segment without a share is hatched, because its width says nothing.
    """
    if not bars:
        raise ValueError("bars must hold at least one item")
    bodies = list(dict.fromkeys(segment.body for bar in bars for segment in bar.segments))
    shade = {body: SHADES[place % len(SHADES)] for place, body in enumerate(bodies)}
    if len(bodies) == 1:
        shade[bodies[0]] = BLUE
    groups = list(dict.fromkeys(bar.group for bar in bars))
    lines: list[tuple[str, Bar | None]] = []
    for group in groups:
        if group:
            lines.append((group, None))
        lines.extend((bar.label, bar) for bar in bars if bar.group == group)
    legend_rows = _legend_rows(bodies)
    height = 0.36 * len(lines) + 0.26 * len(legend_rows) + 0.15
    with house_style():
        canvas, axes = _canvas(height, left=0.005, right=0.995)
        _bare(axes)
        axes.set_xlim(-24, 113)
        axes.set_ylim(len(lines) + 0.72 * len(legend_rows) - 0.1, -0.15)
        for row, (label, bar) in enumerate(lines):
            if bar is None:
                axes.text(-24, row + 0.52, label, va="center", ha="left", color=SOFT, fontsize=9)
                continue
            axes.text(-24, row + 0.5, _wrapped(label, 22 if lang == "zh" else 23), va="center", ha="left", fontsize=9.2)
            _bar(axes, row, bar, shade)
            axes.text(101, row + 0.5, bar.ids, va="center", ha="left", color=SOFT, fontsize=7.6)
        _legend(axes, legend_rows, shade, len(lines) + 0.3)
        png = _picture(canvas)
    return Figure(png, caption, _alt(bars, lang), lang, note)


def _bar(axes: Axes, row: int, bar: Bar, shade: dict[str, str]) -> None:
    stated = [segment.share for segment in bar.segments if segment.share is not None]
    to_scale = len(stated) == len(bar.segments)
    start = 0.0
    for segment in bar.segments:
        width = float(segment.share) if to_scale and segment.share is not None else 100 / len(bar.segments)
        colour = shade[segment.body]
        axes.barh(row + 0.5, width, 0.68, left=start, color=colour, edgecolor="white", linewidth=1.2,
                  hatch=None if to_scale else "....", zorder=1)
        if not to_scale:
            # The hatch shows that the width is not to scale; a plain patch keeps the words readable.
            axes.barh(row + 0.5, width - 3, 0.5, left=start + 1.5, color=colour, zorder=2)
        words = _fitting(segment.words or segment.body, width)
        axes.text(start + 1.8, row + 0.5, words, va="center", ha="left", fontsize=8.4,
                  color="white" if _dark(colour) else INK, zorder=3)
        start += width


def _units(text: str) -> float:
    """Width of a text in Latin letters: a Chinese character counts for nearly two."""
    return sum(1.85 if ord(letter) > 0x2E7F else 1.0 for letter in text)


def _fitting(text: str, width: float) -> str:
    room = (width - 3) / 1.14
    if _units(text) <= room:
        return text
    kept = ""
    for letter in text:
        if _units(kept + letter) > room - 1.5:
            break
        kept += letter
    return kept.rstrip(" ，,、") + "…" if len(kept) > 1 else ""


def _wrapped(text: str, room: float) -> str:
    if _units(text) <= room:
        return text
    lines, line = [], ""
    pieces = text.split(" ") if " " in text else list(text)
    joint = " " if " " in text else ""
    for piece in pieces:
        longer = f"{line}{joint}{piece}" if line else piece
        if line and _units(longer) > room:
            lines.append(line)
            line = piece
        else:
            line = longer
    return "\n".join([*lines, line][:2])


def _dark(colour: str) -> bool:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def _legend_rows(bodies: Sequence[str]) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    used = 0.0
    for body in bodies:
        need = _units(body) + 6
        if rows[-1] and used + need > 100:
            rows.append([])
            used = 0.0
        rows[-1].append(body)
        used += need
    return rows


def _legend(axes: Axes, rows: Sequence[Sequence[str]], shade: dict[str, str], top: float) -> None:
    for line, bodies in enumerate(rows):
        x = 0.0
        for body in bodies:
            y = top + 0.72 * line
            axes.barh(y, 2, 0.36, left=x, color=shade[body])
            axes.text(x + 3, y, body, va="center", ha="left", fontsize=8.4, color=SOFT)
            x += 1.14 * (_units(body) + 6)


def _alt(bars: Sequence[Bar], lang: str) -> str:
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    said = []
    for bar in bars:
        pieces = comma.join(
            f"{segment.body} {segment.share:g}%" if segment.share is not None else segment.words or segment.body
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
    legend_rows = _legend_rows(series)
    height = 0.34 * len(rows) + 0.26 * len(legend_rows) + 0.15
    with house_style():
        canvas, axes = _canvas(height, left=0.005, right=0.995)
        _bare(axes)
        axes.set_xlim(-30, 108)
        axes.set_ylim(len(rows) + 0.75 * len(legend_rows) - 0.1, -0.15)
        for row, (label, values) in enumerate(rows):
            axes.text(-30, row + 0.5, label, va="center", ha="left", fontsize=9.2)
            start = 0.0
            for name, value in zip(series, values, strict=True):
                if value == 0:
                    continue
                width = 100 * value / most
                axes.barh(row + 0.5, width, 0.66, left=start, color=shade[name], edgecolor="white", linewidth=1)
                if width >= 3:
                    axes.text(start + width / 2, row + 0.5, str(value), va="center", ha="center", fontsize=8.2,
                              color="white" if _dark(shade[name]) else INK)
                start += width
            axes.text(start + 1.2, row + 0.5, f"n = {sum(values)}", va="center", ha="left", fontsize=8, color=SOFT)
        _legend(axes, legend_rows, shade, len(rows) + 0.3)
        png = _picture(canvas)
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    alt = stop.join(
        label + colon + comma.join(f"{name} {value}" for name, value in zip(series, values, strict=True) if value)
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
    widest = max(_units(label) for label, _ in rows)
    gutter = min(46.0, 1.2 * widest + 2)
    slanted = max(_units(name) for name in columns) * len(columns) > 95 - gutter
    head = 0.9 if slanted else 0.35
    height = 0.29 * len(rows) + head + 0.1
    with house_style():
        canvas, axes = _canvas(height, left=0.005, right=0.995)
        _bare(axes)
        step = (100 - gutter) / len(columns)
        axes.set_xlim(0, 100)
        axes.set_ylim(len(rows) + 0.15, -head / 0.29)
        for place, name in enumerate(columns):
            axes.text(gutter + step * (place + 0.5), -0.25, name, rotation=38 if slanted else 0, fontsize=8.4,
                      ha="left" if slanted else "center", va="bottom", rotation_mode="anchor")
        for row, (label, values) in enumerate(rows):
            axes.text(0, row + 0.5, label, va="center", ha="left", fontsize=8.8)
            for place, there in enumerate(values):
                axes.plot(gutter + step * (place + 0.5), row + 0.5, "s", markersize=9.5,
                          markerfacecolor=BLUE if there else "white", markeredgecolor=BLUE if there else "#9aa7b8")
        png = _picture(canvas)
    there = say("plots.stated", lang=lang)
    comma, colon, stop = ("、", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    nothing = say("plots.nowhere", lang=lang)
    alt = there + colon + stop.join(
        f"{label}{colon}" + (comma.join(n for n, v in zip(columns, values, strict=True) if v) or nothing)
        for label, values in rows
    )
    return Figure(png, caption, alt, lang, note)
