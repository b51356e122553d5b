"""The pictures of the zone explorer: bars of answers, means or differences with intervals, zone by zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from govlab.plots.sheet import Sheet, fitted, words_width
from govlab.plots.style import BLUE, HAIR, INK, ORANGE, SOFT, is_dark
from govlab.workshop.widgets.zones_work import Bar, Ends, Mean

SHADES = ("#9a4a12", "#e3e6ea", "#1f5fa8")
_GREY = "#b9bec6"
_LEFT, _RIGHT, _END = 122.0, 560.0, 668.0
_TOP, _ROW = 22.0, 16.4


@dataclass(frozen=True)
class Line:
    """A line of the picture: a heading (no key) or a zone, named; reference: a zone for comparison."""

    words: str
    key: str | None = None
    reference: bool = False


def bars(
    lines: Sequence[Line], found: Mapping[str, Bar], levels: Sequence[str], heads: tuple[str, str]
) -> Sheet:
    """Stacked bars from 0 to 100; those without an answer in grey beside them. heads: of the last columns."""
    sheet = _sheet(lines, 20)
    shades = SHADES if len(levels) == len(SHADES) else (SHADES[0], SHADES[-1])
    bottom = _TOP + _ROW * len(lines)
    for tick in (0, 25, 50, 75, 100):
        x = _LEFT + tick / 100 * (_RIGHT - _LEFT)
        sheet.line(x, _TOP, x, bottom, HAIR)
        sheet.text(x, _TOP - 9, f"{tick}%" if tick < 100 else "100", size=10, colour=SOFT,
                   anchor="middle")  # fmt: skip
    sheet.text(_RIGHT + 12, _TOP - 9, heads[0], size=10, colour=SOFT)
    sheet.text(_END, _TOP - 9, heads[1], size=10, colour=SOFT, anchor="end")
    for line, y in _each(sheet, lines):
        bar = found.get(line.key or "", Bar()) if line.key is not None else None
        if bar is None:
            continue
        if not bar.shares:
            sheet.text((_LEFT + _RIGHT) / 2, y + 2, "*", size=14, colour=ORANGE, anchor="middle")
            continue
        x = _LEFT
        for share, shade in zip(bar.shares, shades, strict=True):
            width = share * (_RIGHT - _LEFT)
            sheet.bar(x, y - 6, width, 12, shade, edge="#ffffff")
            if share >= 0.05:
                colour = "#ffffff" if is_dark(shade) else INK
                sheet.text(x + width / 2, y, f"{100 * share:.0f}", size=10, colour=colour, anchor="middle")
            x += width
        sheet.bar(_RIGHT + 12, y - 5, 60 * bar.outside, 10, _GREY)
        sheet.text(_RIGHT + 16 + 60 * bar.outside, y, f"{100 * bar.outside:.0f}", size=10, colour=SOFT)
        sheet.text(_END, y, f"{bar.n:,}" if bar.n is not None else "", size=10, colour=SOFT, anchor="end")
    _legend(sheet, levels, shades, bottom + 12)
    return sheet


def means(lines: Sequence[Line], found: Mapping[str, Mean], whole: str, heads: tuple[str, str]) -> Sheet:
    """Means with intervals; everybody's mean is a line through all. heads: of the last columns."""
    every = [one.ends for one in found.values() if one.ends is not None]
    sheet = _sheet(lines, 16)
    low, high = _span(every)
    _axis(sheet, lines, low, high, signed=False)
    middle = found[whole].ends if whole in found else None
    if middle is not None:
        x = _across(middle[0], low, high)
        sheet.line(x, _TOP, x, _TOP + _ROW * len(lines), INK, width=1.2, dashed=True)
    sheet.text(_RIGHT + 30, _TOP - 9, heads[0], size=10, colour=SOFT, anchor="middle")
    sheet.text(_END, _TOP - 9, heads[1], size=10, colour=SOFT, anchor="end")
    for line, y in _each(sheet, lines):
        one = found.get(line.key) if line.key is not None else None
        if line.key is None:
            continue
        if one is None or one.ends is None:
            sheet.text((_LEFT + _RIGHT) / 2, y + 2, "*", size=14, colour=ORANGE, anchor="middle")
            continue
        _interval(sheet, one.ends, y, low, high, BLUE, 1.8, line.reference)
        sheet.text(_RIGHT + 30, y, one.letters, size=11, anchor="middle")
        sheet.text(_END, y, f"{one.n:,}" if one.n is not None else "", size=10, colour=SOFT, anchor="end")
    return sheet


def differences(lines: Sequence[Line], found: Mapping[str, Ends], against: str) -> Sheet:
    """Differences from one zone, with intervals that hold at once; thick where 0 is left out."""
    sheet = _sheet(lines, 16)
    low, high = _span([*found.values(), (0.0, 0.0, 0.0)])
    _axis(sheet, lines, low, high, signed=True)
    zero = _across(0, low, high)
    sheet.line(zero, _TOP, zero, _TOP + _ROW * len(lines), INK, width=1.2)
    for line, y in _each(sheet, lines):
        if line.key == against:
            sheet.dot(zero, y, 4, "white", edge=INK)
            continue
        ends = found.get(line.key or "")
        if ends is None:
            if line.key is not None:
                sheet.text(zero + 10, y + 2, "*", size=14, colour=ORANGE)
            continue
        sure = ends[1] > 0 or ends[2] < 0
        _interval(
            sheet, ends, y, low, high, BLUE if sure else "#8fa3bd", 3.4 if sure else 1.6, line.reference
        )
        sheet.text(_END, y, f"{ends[0]:+.2f}".replace("-", "−"), size=10, anchor="end", bold=sure)
    return sheet


def _sheet(lines: Sequence[Line], foot: float) -> Sheet:
    return Sheet(_TOP + _ROW * len(lines) + foot + 6)


def _each(sheet: Sheet, lines: Sequence[Line]) -> Iterator[tuple[Line, float]]:
    """Every line with its height; names and headings are written."""
    for place, line in enumerate(lines):
        y = _TOP + _ROW * (place + 0.5)
        if line.key is None:
            sheet.text(0, y + 1, line.words, size=11, colour=SOFT, bold=True)
        else:
            sheet.text(10 if line.key else 0, y, fitted(line.words, _LEFT - 14, 11), size=11)
        yield line, y


def _axis(sheet: Sheet, lines: Sequence[Line], low: float, high: float, *, signed: bool) -> None:
    step = 0.5 if high - low > 1.5 else 0.25 if high - low > 0.75 else 0.1
    for place in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1):
        value = place * step
        x = _across(value, low, high)
        sheet.line(x, _TOP, x, _TOP + _ROW * len(lines), HAIR)
        text = f"{value:+g}".replace("-", "−") if signed and place else f"{value:g}"
        sheet.text(x, _TOP - 9, text, size=10, colour=SOFT, anchor="middle")


def _interval(
    sheet: Sheet, ends: Ends, y: float, low: float, high: float, colour: str, width: float, reference: bool
) -> None:
    x = _across(ends[0], low, high)
    left, right = _across(ends[1], low, high), _across(ends[2], low, high)
    sheet.line(left, y, right, y, colour, width=width)
    for end in (left, right):
        sheet.line(end, y - 3.5, end, y + 3.5, colour, width=1.4)
    sheet.dot(x, y, 4, "white" if reference else colour, edge=colour)


def _across(value: float, low: float, high: float) -> float:
    return _LEFT + (value - low) / (high - low) * (_RIGHT - _LEFT)


def _span(ends: Sequence[Ends]) -> tuple[float, float]:
    """From below the lowest to above the highest end, at quarters."""
    if not ends:
        return 1.0, 5.0
    low = floor(4 * min(one[1] for one in ends)) / 4
    return low, max(ceil(4 * max(one[2] for one in ends)) / 4, low + 0.5)


def _legend(sheet: Sheet, levels: Sequence[str], shades: Sequence[str], y: float) -> None:
    widths = [words_width(words, 10) + 32 for words in levels]
    over = sum(widths) > _END
    x = 0.0 if over else min(_LEFT, _END - sum(widths))
    for words, shade, width in zip(levels, shades, widths, strict=True):
        room = _END / len(levels) if over else width
        sheet.bar(x, y - 5, 10, 10, shade, edge=SOFT)
        sheet.text(x + 14, y, fitted(words, room - 18, 10), size=10, colour=SOFT)
        x += room
