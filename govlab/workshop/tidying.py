"""Tables of outputs made ready: no counts, no row numbers, heads in the language of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from govlab.language import say
from govlab.results import COLUMNS

if TYPE_CHECKING:
    from bs4 import Tag

# The caption of a part of a report; in a lesson it is not the first figure of anything.
_COUNTED = re.compile(r"^(?:[图表] ?\d+\u3000|(?:Figure|Table) \d+\.? )")
FIGURES = re.compile(r"[-+−]?[\d,]+(?:\.\d+)?(?:[eE][-+]?\d+)?%?[*†]*")
# Columns that every result has, with labels in both languages.
_SHARED = frozenset(COLUMNS)
_LARGE = re.compile(r"\d{4,}")
_YEARS = re.compile(r"年|year|id|编号", re.IGNORECASE)


def tidy(table: Tag, lang: str) -> Tag:
    """A table without its count; one of pandas' also without row numbers and with figures to the right."""
    uncount(table.find("caption"))
    rows = [list(row.find_all(["th", "td"], recursive=False)) for row in table.find_all("tr")]
    if "gl-table" in (table.get("class") or []) or len(rows) < 2:
        return table
    heads = [_read(row[0]) for row in rows]
    if heads[0] == "" and heads[1:] == [str(place) for place in range(len(rows) - 1)]:
        for row in rows:
            row.pop(0).decompose()
    _speak(rows, lang)
    for place in range(len(rows[0])):
        column = [row[place] for row in rows if place < len(row)]
        if not all(FIGURES.fullmatch(_read(cell) or "0") for cell in column[1:]):
            continue
        for cell in column:
            cell["class"] = "n"
        for cell in column[1:]:
            if _LARGE.fullmatch(_read(cell)) and not _YEARS.search(_read(column[0])):
                cell.string = f"{int(_read(cell)):,}"
    return table


def uncount(caption: Tag | None) -> None:
    """Take the number off a caption."""
    if caption is not None:
        caption.string = _COUNTED.sub("", caption.get_text())


def _speak(rows: list[list[Tag]], lang: str) -> None:
    """Heads that every result shares, said in the page's language; columns that say nothing go."""
    names = [_read(cell) for cell in rows[0]]
    if len(_SHARED & set(names)) < 3:
        return
    for place in reversed(range(len(names))):
        texts = {_read(row[place]) for row in rows[1:]}
        same = len(rows) > 2 and len(texts) == 1 and not any(map(FIGURES.fullmatch, texts))
        if same or texts <= {"", "None", "NaN"}:
            for row in rows:
                row.pop(place).decompose()
        elif names[place] in _SHARED:
            rows[0][place].string = say(f"tables.column.{names[place]}", lang=lang)
        elif names[place] in ("basis", "units"):
            rows[0][place].string = say(f"lesson_pages.{names[place]}", lang=lang)


def _read(cell: Tag) -> str:
    return cell.get_text(" ", strip=True)
