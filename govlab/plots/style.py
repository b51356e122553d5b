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
# Bars run from 0 to 100; labels stand in a gutter to their left, ids in a margin to their right.
GUTTER = 32
LETTER = 1.33  # width of a Latin letter of 8.4 pt in those units


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


def picture(figure: Any) -> bytes:
    """The drawn sheet as PNG, without a date or a program name in it."""
    from PIL import Image

    drawn, packed = BytesIO(), BytesIO()
    # Packed once and not too hard: trying every way to pack takes half the time of a figure and saves 7 %.
    figure.savefig(drawn, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 0})
    # Flat colours and the grey of letters: 64 shades look the same and weigh a third.
    with Image.open(drawn) as image:
        image.convert("RGB").quantize(64, method=Image.Quantize.MEDIANCUT).save(packed, "PNG")
    return packed.getvalue()


def canvas(height: float, left: float = 0.16, right: float = 0.88) -> tuple[Any, Axes]:
    """A sheet as wide as the column, ``height`` inches high, with one pair of axes."""
    from matplotlib.figure import Figure as Canvas

    sheet = Canvas(figsize=(WIDTH, height))
    axes = sheet.subplots()
    margin = 0.08 / height
    sheet.subplots_adjust(left=left, right=right, top=1 - margin, bottom=margin)
    return sheet, axes


def bare(axes: Axes) -> None:
    """Axes without lines, ticks or margins."""
    axes.set_axis_off()
    axes.margins(0)


def text_width(text: str) -> float:
    """Width of a text in Latin letters: a Chinese character counts for nearly two."""
    return sum(1.9 if ord(letter) > 0x2E7F else 1.0 for letter in text)


def fitting(text: str, width: float) -> str:
    """The text, cut with an ellipsis to a block that is ``width`` of 100 wide."""
    room = (width - 3) / LETTER
    if text_width(text) <= room:
        return text
    kept = ""
    for letter in text:
        if text_width(kept + letter) > room - 1.5:
            break
        kept += letter
    return kept.rstrip(" ，,、") + "…" if len(kept) > 1 else ""


def wrapped(text: str, room: float) -> str:
    """The text on at most two lines of ``room`` Latin letters."""
    if text_width(text) <= room:
        return text
    lines, line = [], ""
    pieces = text.split(" ") if " " in text else list(text)
    joint = " " if " " in text else ""
    for piece in pieces:
        longer = f"{line}{joint}{piece}" if line else piece
        if line and text_width(longer) > room:
            lines.append(line)
            line = piece
        else:
            line = longer
    return "\n".join([*lines, line][:2])


def is_dark(colour: str) -> bool:
    """Whether white words read better on a colour than dark ones."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def legend_rows(bodies: Sequence[str]) -> list[list[str]]:
    """Names of a legend, broken into lines that fit the column."""
    rows: list[list[str]] = [[]]
    used = 0.0
    for body in bodies:
        need = text_width(body) + 5
        if rows[-1] and used + need > 80:
            rows.append([])
            used = 0.0
        rows[-1].append(body)
        used += need
    return rows


def legend(axes: Axes, rows: Sequence[Sequence[str]], shade: dict[str, str], top: float) -> None:
    """Draw the lines of a legend from ``top`` downward, in data units."""
    for line, bodies in enumerate(rows):
        x = 0.0
        for body in bodies:
            y = top + 0.72 * line
            axes.barh(y, 2, 0.36, left=x, color=shade[body])
            axes.text(x + 3, y, body, va="center", ha="left", fontsize=8.4, color=SOFT)
            x += LETTER * (text_width(body) + 5)
