"""Widths of table columns from their text, for formats whose programs do not lay tables out themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import east_asian_width

# What a full-width table holds, in half-width characters at the size tables are set in.
_LINE = 84.0
_GAP = 2.0
_PIECES = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef]+|[\u2e80-\u9fff\uff00-\uffef]")


def column_shares(rows: Sequence[Sequence[tuple[str, bool]]]) -> list[float]:
    """The share of each column in the width of the table; they sum to 1.

    rows: cells as (text, may it break), the head first; a row may be shorter than the others.
    """
    count = max((len(row) for row in rows), default=0)
    least, wanted = [_GAP] * count, [_GAP] * count
    for row in rows:
        for place, (text, breaks) in enumerate(row):
            whole = _measure(text)
            pieces = [_measure(piece) for piece in _PIECES.findall(text)] if breaks else [whole]
            # Two Chinese characters a line would be legible, but no more than that.
            floor = max(max(pieces, default=0.0), min(whole, 8.0))
            least[place] = max(least[place], floor + _GAP)
            wanted[place] = max(wanted[place], whole + _GAP)
    sizes = _filled(least, [more - need for more, need in zip(wanted, least, strict=True)])
    return [size / sum(sizes) for size in sizes]


def _filled(least: list[float], asked: list[float]) -> list[float]:
    """The least widths with the spare room dealt out evenly; a column takes no more than it asks."""
    sizes = list(least)
    spare = _LINE - sum(least)
    by_need = sorted(range(len(asked)), key=asked.__getitem__)
    for done, place in enumerate(by_need):
        given = min(asked[place], max(0.0, spare) / (len(asked) - done))
        sizes[place] += given
        spare -= given
    return sizes


def _measure(text: str) -> float:
    """Width in half-width characters."""
    return sum(2.0 if east_asian_width(char) in "WF" or char in "“”‘’…—" else 1.0 for char in text)
