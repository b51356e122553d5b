"""The picture of the case explorer: a bar for each kind of claim, in pieces by kind of source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govlab.language import say
from govlab.plots.sheet import Sheet, fitted, words_width
from govlab.plots.style import BLUE, HAIR, INK, REST, SOFT, is_dark

# Dark and light alternate, so that pieces beside each other differ in greyscale.
SHADES = ("#163f70", REST, BLUE, "#e6ebf2", "#5d7fa6", "#b4c2d4", "#0e2a4d")
LEFT, RIGHT = 164.0, 622.0
TOP, STEP = 34.0, 29.0


@dataclass(frozen=True)
class Bar:
    """A kind of claim: facts by kind of source, and which of these pieces are chosen."""

    label: str
    counts: tuple[int, ...]
    chosen: tuple[bool, ...]
    quoted: bool = False


def drawn(bars: Sequence[Bar], sources: Sequence[str], lang: str) -> Sheet:
    """The bars; chosen pieces are filled, the others only outlined. A gap sets off what is only quoted."""
    sheet = Sheet(TOP + STEP * len(bars) + 12)
    most = max(1, *(sum(one.counts) for one in bars))
    _legend(sheet, sources, lang)
    for place, bar in enumerate(bars):
        y = TOP + STEP * place + (8 if bar.quoted else 0)
        if bar.quoted:
            sheet.line(0, y - 5, 670, y - 5, HAIR)
        sheet.text(LEFT - 10, y + 11, fitted(bar.label, LEFT - 8), size=13, anchor="end")
        x = LEFT
        for count, chosen, shade in zip(bar.counts, bar.chosen, SHADES, strict=False):
            width = count / most * (RIGHT - LEFT)
            if count:
                sheet.bar(
                    x + 0.5, y, width - 1, 22, shade if chosen else "#ffffff",
                    edge=INK if chosen else REST,
                )  # fmt: skip
                if width > words_width(f"{count}", 12) + 4:
                    colour = "#ffffff" if chosen and is_dark(shade) else INK if chosen else SOFT
                    sheet.text(x + width / 2, y + 11, f"{count}", size=12, colour=colour, anchor="middle")
            x += width
        bold = any(bar.chosen)
        sheet.text(x + 8, y + 11, f"{sum(bar.counts)}", size=13, bold=bold, colour=INK if bold else SOFT)
    sheet.line(LEFT, TOP - 4, LEFT, TOP + STEP * len(bars) + 8, SOFT)
    return sheet


def _legend(sheet: Sheet, sources: Sequence[str], lang: str) -> None:
    size = 12.0 if lang == "zh" else 11.5
    x = 0.0
    for name, shade in zip(sources, SHADES, strict=False):
        sheet.bar(x, 5, 13, 12, shade, edge=INK)
        sheet.text(x + 18, 11, name, size=size, colour=SOFT)
        x += 32 + words_width(name, size) * (1 if lang == "zh" else 0.95)
    sheet.bar(x, 5, 13, 12, "#ffffff", edge=REST)
    sheet.text(x + 18, 11, say("bench_cases.legend.rest", lang=lang), size=size, colour=SOFT)
