"""Tables cut to a space: as many columns as stand side by side, as many rows as stand below each other."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from govlab.language import say
from govlab.reports.formats.widths import column_shares, width

if TYPE_CHECKING:
    from bs4 import Tag

_WORD = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef]+")
_ENGLISH = re.compile(r"[a-z]{3}")
_GAP = 2.0  # half-width characters between columns
_EVEN = 0.02  # a column as wide as its text holds it, whatever is lost in the last digits
_LEAST = 8.0  # a column of fewer is hard to read


@dataclass(frozen=True, eq=False)
class Fitted:
    """A table that fits, what was left out in words, and the share of each column."""

    table: Tag
    note: str
    shares: list[float]


def fitted(table: Tag, lang: str, line: float, lines: float = 1e9, gap: float = 0.4) -> Fitted:
    """A copy of a table cut to ``line`` half-width characters across and ``lines`` lines down.

    gap: what a row takes besides its lines, in lines. The head and one row always stay.
    """
    table = copy(table)
    rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
    across = max(len(row) for row in rows)
    columns = _columns([[_read(cell) for cell in row] for row in rows], line)
    for row in rows:
        for cell in row[columns:]:
            cell.decompose()
        del row[columns:]
    shares = column_shares([[_cell(cell) for cell in row] for row in rows], line)
    tall = [_tall([_read(cell) for cell in row], shares, line) + gap for row in rows]
    count, used = 1, sum(tall[:2])
    while count + 1 < len(rows) and used + tall[count + 1] <= lines:
        count += 1
        used += tall[count]
    for beyond in table.find_all("tr")[count + 1 :]:
        beyond.decompose()
    said = []
    if count < len(rows) - 1:
        said.append(say("lesson_pages.rows_cut", {"shown": count, "all": len(rows) - 1}, lang=lang))
    if columns < across:
        said.append(say("lesson_pages.columns_cut", {"shown": columns, "all": across}, lang=lang))
    return Fitted(table, ("" if lang == "zh" else " ").join(said), shares)


def whole(table: Tag, line: float, gap: float = 0.4) -> tuple[float, bool]:
    """How many lines a table takes, and whether all of its columns stand side by side."""
    rows = [[_read(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    shares = column_shares([[(text, True) for text in row] for row in rows], line)
    wide = _columns(rows, line) == max(len(row) for row in rows)
    return sum(_tall(row, shares, line) + gap for row in rows), wide


def _read(cell: Tag) -> str:
    return cell.get_text(" ", strip=True)


def _cell(cell: Tag) -> tuple[str, bool]:
    return _read(cell), cell.name == "th" or "n" not in (cell.get("class") or [])


def _columns(rows: list[list[str]], line: float) -> int:
    """How many columns from the left have room for their longest word."""
    used, count = 0.0, 0
    for place in range(max(len(row) for row in rows)):
        texts = [row[place] for row in rows if place < len(row)]
        words = [width(word) for text in texts for word in _WORD.findall(text)]
        used += max([*words, *(min(width(text), _LEAST) for text in texts)], default=0.0) + _GAP
        if used > line and count:
            break
        count += 1
    return count


def _tall(row: list[str], shares: list[float], line: float) -> float:
    sizes = [max(1.0, line * share - _GAP) for share in shares]
    return (
        max((ceil(_wide(text) / size - _EVEN) for text, size in zip(row, sizes, strict=False)), default=1)
        or 1
    )


def _wide(text: str) -> float:
    """Width of a text in running words, where English letters take less than figures and capitals."""
    return width(text) * (0.88 if _ENGLISH.search(text) else 1.0)
