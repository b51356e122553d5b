"""Widths of table columns from their text, for formats whose programs do not lay tables out themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from unicodedata import east_asian_width

# What a full-width table holds, in half-width characters at the size tables are set in; Latin letters
# are narrower on average than half a Chinese character.
LINES = {"zh": 84.0, "en": 95.0}
_GAP = 2.0
# A word may break at a hyphen before a letter, an id like AKS-017 may not.
_PIECES = re.compile(r"(?:[^\s\u2e80-\u9fff\uff00-\uffef-]|-(?![A-Za-z]))+-?|-|[\u2e80-\u9fff\uff00-\uffef]")

Cell = tuple[str, bool]  # its text, and whether it may break into lines


def column_shares(rows: Sequence[Sequence[Cell]], line: float) -> list[float]:
    """The share of each column in the width of the table; they sum to 1.

    rows: the head first; a row may be shorter than the others. line: what a whole row holds.
    """
    count = max((len(row) for row in rows), default=0)
    least, wanted, squares = [_GAP] * count, [_GAP] * count, [1.0] * count
    for number, row in enumerate(rows):
        stout = 1.2 if number == 0 else 1.0  # the head is bold
        for place, (text, breaks) in enumerate(row):
            whole = width(text)
            pieces = [width(piece) for piece in _PIECES.findall(text)] if breaks else [whole]
            # Four Chinese characters a line are legible, fewer are not.
            floor = max(stout * max(pieces, default=0.0), min(whole, 8.0))
            least[place] = max(least[place], floor + _GAP)
            wanted[place] = max(wanted[place], whole + _GAP)
            squares[place] += whole**2
    sizes = _fitted(least, wanted, [square ** (1 / 3) for square in squares], line)
    return [size / sum(sizes) for size in sizes]


def printed_lines(rows: Sequence[Sequence[Cell]], shares: Sequence[float], line: float) -> int:
    """About how many lines the table takes in print."""
    room = [max(1.0, line * share - _GAP) for share in shares]
    return sum(
        max((ceil(width(text) / size) for (text, _), size in zip(row, room, strict=False)), default=1) or 1
        for row in rows
    )


def width(text: str) -> float:
    """Width of a text in half-width characters."""
    return sum(map(_measure, text))


def _measure(char: str) -> float:
    if east_asian_width(char) in "WF" or char in "“”‘’…—":
        return 2.0
    if char in "mwMW":
        return 1.7
    return 1.3 if char.isupper() or char in "%@" else 1.0


def _fitted(least: list[float], wanted: list[float], pull: list[float], line: float) -> list[float]:
    """Sizes between least and wanted that fill a line.

    Between the two a size goes with the cube root of the sum of squared lengths: that is where the
    sum of squared heights of the cells is smallest.
    """
    if sum(wanted) <= line:
        return wanted
    if sum(least) >= line:
        return least

    def sizes(scale: float) -> list[float]:
        return [min(most, max(need, scale * by)) for need, most, by in zip(least, wanted, pull, strict=True)]

    low, high = 0.0, max(most / by for most, by in zip(wanted, pull, strict=True))
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(sizes(middle)) < line else (low, middle)
    return sizes(high)
