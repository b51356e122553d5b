"""A sheet for pictures that are redrawn while somebody moves a slider: SVG, written in a millisecond or two.

Reports are drawn with matplotlib; its drawing takes too long between a touch and what the eye expects. The
same marks, colours and face are used, and a static PNG is made of the very same sheet for pages on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from govlab.plots.style import HAIR, INK, SOFT, Figure, font_path, text_width

SHEET = 670  # px: the column of a page
FACES = "'Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
_PER_INCH = 200
_LETTER = 0.55  # width of a Latin letter in parts of its size


@dataclass(eq=False)
class Sheet:
    """Marks on a sheet ``width`` x ``height`` px, the origin in the upper left corner."""

    height: float
    width: float = SHEET
    _marks: list[str] = field(default_factory=list)

    def bar(
        self, x: float, y: float, width: float, height: float, fill: str = "none", *, edge: str = "",
        dashed: bool = False, round_: float = 0,
    ) -> None:  # fmt: skip
        """A filled or outlined box; a width below zero runs to the left."""
        if width < 0:
            x, width = x + width, -width
        corner = f' rx="{round_:g}"' if round_ else ""
        self._marks.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{corner} '
            f'fill="{fill}"{_stroke(edge, 1, dashed)}/>'
        )

    def line(
        self, x: float, y: float, to_x: float, to_y: float, colour: str = HAIR, *, width: float = 1,
        dashed: bool = False,
    ) -> None:  # fmt: skip
        """A straight line."""
        ends = f'x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
        self._marks.append(f"<line {ends}{_stroke(colour, width, dashed)}/>")

    def path(
        self, points: Sequence[tuple[float, float]], colour: str = INK, *, width: float = 1.6,
        dashed: bool = False, fill: str = "none",
    ) -> None:  # fmt: skip
        """A line through points; filled where ``fill`` says so."""
        at = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._marks.append(f'<polyline points="{at}" fill="{fill}"{_stroke(colour, width, dashed)}/>')

    def dot(self, x: float, y: float, radius: float = 4, fill: str = INK, *, edge: str = "") -> None:
        """A filled circle."""
        self._marks.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}"{_stroke(edge, 1.2, False)}/>'
        )

    def text(
        self, x: float, y: float, words: str, *, size: float = 13, colour: str = INK, anchor: str = "start",
        bold: bool = False,
    ) -> None:  # fmt: skip
        """Words whose middle height is at ``y``; anchor: start, middle or end."""
        weight = ' font-weight="700"' if bold else ""
        self._marks.append(
            f'<text x="{x:.1f}" y="{y + 0.36 * size:.1f}" font-size="{size:g}" fill="{colour}" '
            f'text-anchor="{anchor}"{weight}>{escape(words)}</text>'
        )

    def to_svg(self, alt: str) -> str:
        """The sheet as SVG, with what it shows in words."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt, quote=True)}" '
            f'viewBox="0 0 {self.width:g} {self.height:g}" width="100%" style="max-width:{self.width:g}px" '
            f'font-family="{escape(FACES, quote=True)}">{"".join(self._marks)}</svg>'
        )

    def to_png(self) -> bytes:
        """The sheet as PNG, on white."""
        import typst

        svg = self.to_svg("").encode("utf-8")
        page = (
            f"#set page(width: {self.width:g}pt, height: {self.height:g}pt, margin: 0pt)\n"
            '#image("sheet.svg", width: 100%)'
        )
        files: Any = {"main": page.encode("utf-8"), "sheet.svg": svg}
        made: Any = typst.compile(
            files,
            format="png",
            ppi=_PER_INCH * 72 * 6.7 / self.width,
            font_paths=[str(font_path().parent)],
            ignore_system_fonts=True,
        )
        return bytes(made[0] if isinstance(made, list) else made)


@dataclass(frozen=True, eq=False)
class Drawing:
    """A sheet with its caption, note and alternative text: live as SVG, on paper as a figure."""

    sheet: Sheet
    caption: str
    alt: str
    lang: str
    note: str = ""

    def to_html(self) -> str:
        """The live form: caption, SVG, note."""
        note = (
            f'<p style="color:{SOFT};font-size:.85em;margin:.2em 0">{escape(self.note)}</p>'
            if self.note
            else ""
        )
        head = f'<figcaption style="font-weight:600;margin:.2em 0">{escape(self.caption)}</figcaption>'
        return f'<figure style="margin:0">{head}{self.sheet.to_svg(self.alt)}</figure>{note}'

    def figure(self) -> Figure:
        """The same as a figure of a report."""
        return Figure(self.sheet.to_png(), self.caption, self.alt, self.lang, self.note)


def words_width(words: str, size: float = 13) -> float:
    """About how many px a text takes; a Chinese character counts for nearly two letters."""
    return text_width(words) * size * _LETTER


def fitted(words: str, room: float, size: float = 13) -> str:
    """The words, cut with an ellipsis where they do not fit into ``room`` px."""
    if words_width(words, size) <= room:
        return words
    kept = words
    while kept and words_width(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…" if kept else ""


def _stroke(colour: str, width: float, dashed: bool) -> str:
    if not colour:
        return ""
    return f' stroke="{colour}" stroke-width="{width:g}"' + (' stroke-dasharray="4 3"' if dashed else "")
