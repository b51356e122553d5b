"""Outputs of cells as blocks that can be laid out: figures, tables, lines of text, single numbers."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from govlab.language import say
from govlab.results import COLUMNS

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

    Shown = tuple[Literal["prose", "figure", "table", "lines", "number"], Tag, list[Tag]]

# The caption of a part of a report; in a lesson it is not the first figure of anything.
_COUNTED = re.compile(r"^(?:[图表] ?\d+\u3000|(?:Figure|Table) \d+\.? )")
_SERIES_END = re.compile(r"(?:Name: (?P<name>.*?), )?(?:Length: \d+, )?dtype: \w+$")
_FIGURES = re.compile(r"[-+−]?[\d,]+(?:\.\d+)?(?:[eE][-+]?\d+)?%?[*†]*")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORDS = re.compile(r"\b[A-Za-z]{2,}\b")
# Columns that every result has, with labels in both languages.
_SHARED = frozenset(COLUMNS)
_LARGE = re.compile(r"\d{4,}")
_YEARS = re.compile(r"年|year|id|编号", re.IGNORECASE)
_SHORT = 24  # letters; a result no longer than that is shown large


def from_markdown(source: str, number: int) -> BeautifulSoup:
    """A markdown cell as clean HTML."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    from govlab.reports.formats.clean import cleaned

    # nbconvert puts an anchor sign behind each heading.
    html = re.sub(r'<a class="anchor-link"[^>]*>[^<]*</a>', "", markdown2html_mistune(source))
    return cleaned(f'<div data-cell="{number}">{html}</div>').div  # type: ignore[return-value]


def blocks_of(outputs: Iterable[Any], number: int, lang: str) -> list[Shown]:
    """What a cell showed, in order; headings of report parts and answers of the desk are left out."""
    found: list[Shown] = []
    for output in outputs:
        if output.output_type == "stream":
            found += _lines(output.text.splitlines(), lang)
            continue
        data = output.get("data", {})
        if "text/html" in data:
            found += _from_html(str(data["text/html"]), number, lang, found)
        elif "text/markdown" in data:
            found += _from_html(str(from_markdown(data["text/markdown"], number)), number, lang, found)
        elif "image/png" in data or "image/jpeg" in data:
            kind = "image/png" if "image/png" in data else "image/jpeg"
            alt = escape(say("formats.no_alt", lang=lang), quote=True)
            picture = data[kind].replace("\n", "")
            html = f'<figure class="gl-figure"><img alt="{alt}" src="data:{kind};base64,{picture}"></figure>'
            found.append(("figure", _parsed(html), []))
        elif data.get("text/plain"):
            found += _from_plain(str(data["text/plain"]), lang)
    return found


def _from_html(html: str, number: int, lang: str, before: list[Shown]) -> list[Shown]:
    from govlab.reports.formats.clean import cleaned

    if html.lstrip().startswith('<div role="status"'):
        return []  # an answer of the desk: the exercise itself stands for it
    soup = cleaned(f'<div data-cell="{number}">{html}</div>')
    found: list[Shown] = []
    for block in list(_top(soup.div)):
        if block.name in ("h1", "h2", "h3", "h4", "h5", "h6", "header", "footer"):
            continue
        if block.name == "table" or (block.name == "figure" and block.find("table")):
            table = block if block.name == "table" else block.find("table")
            found.append(("table", _tidy(table, lang), []))
        elif block.name == "figure" or (block.name != "p" and block.find("img")):
            _uncount(block.find("figcaption"))
            found.append(("figure", block, []))
        elif block.name == "pre":
            text = block.get_text()
            # What a result says above its table is said for programmers.
            if lang == "en" or _CHINESE.search(text) or soup.find("table") is None:
                found += _lines(text.splitlines(), lang)
        elif block.get_text(strip=True) or block.find("img"):
            last = (found or before or [None])[-1]
            if "gl-note" in (block.get("class") or []) and last and last[0] in ("figure", "table"):
                last[2].append(block)
            else:
                found.append(("prose", block, []))
    return found


def _top(holder: Any) -> Iterator[Tag]:
    """The blocks in a holder, looking into plain wrappers."""
    for child in list(holder.find_all(True, recursive=False)):
        if child.name in ("div", "section", "article") and not child.get("class"):
            yield from _top(child) if child.find(True, recursive=False) else iter((child,))
        else:
            yield child


def _uncount(caption: Tag | None) -> None:
    if caption is not None:
        caption.string = _COUNTED.sub("", caption.get_text())


def _tidy(table: Tag, lang: str) -> Tag:
    """A table without its count; one of pandas' also without row numbers and with figures to the right."""
    _uncount(table.find("caption"))
    rows = [row.find_all(["th", "td"], recursive=False) for row in table.find_all("tr")]
    if "gl-table" in (table.get("class") or []) or len(rows) < 2:
        return table
    heads = [_read(row[0]) for row in rows]
    if heads[0] == "" and heads[1:] == [str(place) for place in range(len(rows) - 1)]:
        for row in rows:
            row.pop(0).decompose()
    _speak(rows, lang)
    for place in range(len(rows[0])):
        column = [row[place] for row in rows if place < len(row)]
        if not all(_FIGURES.fullmatch(_read(cell) or "0") for cell in column[1:]):
            continue
        for cell in column:
            cell["class"] = "n"
        for cell in column[1:]:
            if _LARGE.fullmatch(_read(cell)) and not _YEARS.search(_read(column[0])):
                cell.string = f"{int(_read(cell)):,}"
    return table


def _speak(rows: list[list[Tag]], lang: str) -> None:
    """Heads that every result shares, said in the page's language; columns that say nothing go."""
    names = [_read(cell) for cell in rows[0]]
    if len(_SHARED & set(names)) < 3:
        return
    for place in reversed(range(len(names))):
        texts = {_read(row[place]) for row in rows[1:]}
        same = len(rows) > 2 and len(texts) == 1 and not any(map(_FIGURES.fullmatch, texts))
        if same or texts <= {"", "None", "NaN"}:
            for row in rows:
                row.pop(place).decompose()
        elif names[place] in _SHARED:
            rows[0][place].string = say(f"tables.column.{names[place]}", lang=lang)
        elif names[place] in ("basis", "units"):
            rows[0][place].string = say(f"lesson_pages.{names[place]}", lang=lang)


def _read(cell: Tag) -> str:
    return cell.get_text(" ", strip=True)


def _from_plain(text: str, lang: str) -> list[Shown]:
    rows = text.splitlines()
    end = _SERIES_END.fullmatch(rows[-1]) if len(rows) > 1 else None
    if end is not None:
        cells = [tuple(re.split(r"\s{2,}", row.strip(), maxsplit=1)) for row in rows[:-1]]
        if all(len(pair) == 2 for pair in cells):
            return [("table", _tidy(_two_columns(end["name"] or "", cells), lang), [])]
    try:
        value = literal_eval(text)
    except (ValueError, SyntaxError, MemoryError):
        value = None
    if isinstance(value, (list, tuple)) and value:
        return _lines(map(str, value), lang)
    if isinstance(value, str):
        text = value
    if len(text) <= _SHORT and "\n" not in text:
        return [("number", _parsed(f'<p class="gl-number">{escape(text)}</p>'), [])]
    return _lines(text.splitlines(), lang)


def _two_columns(name: str, cells: Iterable[tuple[str, ...]]) -> Tag:
    body = "".join(f"<tr><th>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in cells)
    head = f"<thead><tr><th></th><th>{escape(name)}</th></tr></thead>"
    return _parsed(f"<table>{head}<tbody>{body}</tbody></table>")


def _lines(rows: Iterable[str], lang: str) -> list[Shown]:
    """Printed lines as a list; what programs say in English is not read out in Chinese."""
    kept = [row.strip() for row in rows if row.strip()]
    if lang == "zh":
        kept = [row for row in kept if _CHINESE.search(row) or len(_WORDS.findall(row)) < 3]
    if not kept:
        return []
    return [("lines", _parsed(f"<ul>{''.join(f'<li>{escape(row)}</li>' for row in kept)}</ul>"), [])]


def _parsed(html: str) -> Tag:
    from bs4 import BeautifulSoup

    block = BeautifulSoup(html, "html.parser").find(True)
    assert block is not None
    return block  # type: ignore[return-value]
