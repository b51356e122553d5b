"""Outputs of cells as blocks that can be laid out: figures, tables, lines of text, single numbers."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from govlab.language import say
from govlab.reports.formats.page import OutputError
from govlab.workshop.tidying import FIGURES, tidy, uncount

if TYPE_CHECKING:
    from bs4 import Tag

    Shown = tuple[Literal["prose", "figure", "table", "lines", "number", "code"], Tag, list[Tag]]

_SERIES_END = re.compile(r"(?:Name: (?P<name>.*?), )?(?:Length: \d+, )?dtype: \w+$")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORDS = re.compile(r"\b[A-Za-z]{2,}\b")
# A line of a settings file or of a program.
_PROGRAM = re.compile(r"\s*(?:[\w\"'.-]+(?::\s*\w+)?\s*=\s|\[{1,2}[\w.\"]+\]|[{}\])#]|(?:import|from|def)\b)")


def from_markdown(source: str, number: int) -> Tag:
    """A markdown cell as clean HTML."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    from govlab.reports.formats.clean import cleaned

    # nbconvert puts an anchor sign behind each heading.
    html = re.sub(r'<a class="anchor-link"[^>]*>[^<]*</a>', "", markdown2html_mistune(source))
    return _first(cleaned(f'<div data-cell="{number}">{html}</div>'))


def blocks_of(outputs: Iterable[Any], number: int, lang: str) -> list[Shown]:
    """What a cell showed, in order; headings of report parts and answers of the desk are left out."""
    found: list[Shown] = []
    printed = ""
    for output in outputs:
        if output.output_type == "stream":
            printed += output.text  # it comes in pieces that may end within a line
            continue
        found += _printed(printed, lang)
        printed = ""
        data = dict(output.get("data", {}))
        try:
            found += _from_html(str(data.get("text/html", "")), number, lang, found)
            said = "text/html" in data
        except OutputError:
            said = False  # something to click or to load: another form of it stands for it
        if said:
            continue
        if "text/markdown" in data:
            found += _from_html(str(from_markdown(data["text/markdown"], number)), number, lang, found)
        elif "image/png" in data or "image/jpeg" in data:
            found.append(("figure", _picture(data, lang), []))
        elif data.get("text/plain"):
            found += _from_plain(str(data["text/plain"]), lang)
    return found + _printed(printed, lang)


def _picture(data: Mapping[str, str], lang: str) -> Tag:
    kind = "image/png" if "image/png" in data else "image/jpeg"
    alt = escape(say("formats.no_alt", lang=lang), quote=True)
    picture = data[kind].replace("\n", "")
    return _parsed(f'<figure class="gl-figure"><img alt="{alt}" src="data:{kind};base64,{picture}"></figure>')


def _from_html(html: str, number: int, lang: str, before: list[Shown]) -> list[Shown]:
    from govlab.reports.formats.clean import cleaned

    if html.lstrip().startswith('<div role="status"'):
        return []  # an answer of the desk: the exercise itself stands for it
    soup = cleaned(f'<div data-cell="{number}">{_unframed(html)}</div>')
    found: list[Shown] = []
    for block in list(_top(soup.div)):
        if block.name in ("h1", "h2", "h3", "h4", "h5", "h6", "header", "footer"):
            continue
        tables = block.find_all("table")
        if block.name == "table" or (block.name == "figure" and tables):
            found.append(("table", tidy(tables[0] if tables else block, lang), []))
        elif block.name == "figure" or (block.name != "p" and block.find("img")):
            uncount(block.find("figcaption"))
            found.append(("figure", block, []))
        elif block.name == "pre":
            text = block.get_text()
            # What a result says above its table is said for programmers.
            if lang == "en" or _CHINESE.search(text) or soup.find("table") is None:
                found += _printed(text, lang)
        elif block.get_text(strip=True) or block.find("img"):
            last = [*before, *found][-1:]
            if "gl-note" in (block.get("class") or []) and last and last[0][0] in ("figure", "table"):
                last[0][2].append(block)
            else:
                found.append(("prose", block, []))
    return found


def _unframed(html: str) -> str:
    """A page that is shown inside a frame, without the frame."""
    if "srcdoc" not in html:
        return html
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    for frame in soup.find_all("iframe", srcdoc=True):
        inner = BeautifulSoup(str(frame["srcdoc"]), "html.parser")
        body = next(iter([*inner.find_all("main"), *inner.find_all("body"), inner]))
        frame.replace_with(BeautifulSoup(body.decode_contents(), "html.parser"))
    return str(soup)


def _top(holder: Any) -> Iterator[Tag]:
    """The blocks in a holder, looking into plain wrappers."""
    for child in list(holder.find_all(True, recursive=False)):
        if child.name in ("div", "section", "article") and not child.get("class"):
            yield from _top(child) if child.find(True, recursive=False) else iter((child,))
        else:
            yield child


def _from_plain(text: str, lang: str) -> list[Shown]:
    rows = text.splitlines()
    end = _SERIES_END.fullmatch(rows[-1]) if len(rows) > 1 else None
    if end is not None:
        cells = [tuple(re.split(r"\s{2,}", row.strip(), maxsplit=1)) for row in rows[:-1]]
        if all(len(pair) == 2 for pair in cells):
            return [("table", tidy(_two_columns(end["name"] or "", cells), lang), [])]
    try:
        value = literal_eval(text)
    except (ValueError, SyntaxError, MemoryError):
        value = None
    if isinstance(value, (list, tuple)) and value:
        return _lines(map(str, value))
    if isinstance(value, str):
        text = value
    if FIGURES.fullmatch(text):
        return [("number", _parsed(f'<p class="gl-number">{escape(text)}</p>'), [])]
    return _printed(text, lang)


def _printed(text: str, lang: str) -> list[Shown]:
    """Printed lines: a file or a program stays as it is, all else becomes a list."""
    rows = [row.rstrip() for row in text.splitlines() if row.strip()]
    if 2 * sum(map(bool, map(_PROGRAM.match, rows))) > len(rows):
        return [("code", _parsed(f"<pre><code>{escape(text.strip())}</code></pre>"), [])]
    if lang == "zh" and not _CHINESE.search(text) and len(_WORDS.findall(text)) > 4 * len(rows):
        return []  # what programs say in English is not read out in Chinese
    return _lines(rows)


def _lines(rows: Iterable[str]) -> list[Shown]:
    kept = [escape(row.strip()) for row in rows if row.strip()]
    if not kept:
        return []
    return [("lines", _parsed(f"<ul>{''.join(f'<li>{row}</li>' for row in kept)}</ul>"), [])]


def _parsed(html: str) -> Tag:
    from bs4 import BeautifulSoup

    return _first(BeautifulSoup(html, "html.parser"))


def _first(soup: Tag) -> Tag:
    """The first element in a page that has one."""
    return next(iter(soup.find_all(True)))


def _two_columns(name: str, cells: Iterable[tuple[str, ...]]) -> Tag:
    body = "".join(f"<tr><th>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in cells)
    head = f"<thead><tr><th></th><th>{escape(name)}</th></tr></thead>"
    return _parsed(f"<table>{head}<tbody>{body}</tbody></table>")
