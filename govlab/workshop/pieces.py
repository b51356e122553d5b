"""An executed lesson as a row of pieces: what slides and handouts are both made of.

By rule from the cells. Code shows where it is what is taught: in cells tagged ``code``, and as the text in
triple quotes that a cell writes down; otherwise its output stands for it. ``check("1.1", ...)`` is an
exercise, ``solution("1.1")`` its solution, a cell tagged ``trainer`` a note; what is said about keys and
cells of a notebook is left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from govlab.workshop.exercises import Exercise, exercises
from govlab.workshop.outputs import blocks_of
from govlab.workshop.running import still

if TYPE_CHECKING:
    from bs4 import Tag

Kind = Literal[
    "title", "heading", "prose", "note", "exercise", "solution", "figure", "table", "lines", "number", "code"
]
_DESK = re.compile(r"^\s*(begin|check|hint|solution)\(\s*(?:[\"']([\w.]+)[\"'])?", re.MULTILINE)
_ABOUT_NOTEBOOK = re.compile(r"Shift\s*\+\s*Enter|\b(?:check|hint|solution|begin)\(")
_SYNTHETIC = re.compile(r"[\"']demo[\"']|demo_study|demo-study")
_RANKS = {"h1": "title", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading"}


@dataclass(frozen=True, eq=False)
class Piece:
    """One thing to show: a block of clean HTML, or an exercise or its solution.

    after: notes that belong below a figure or a table. output: whether a cell made it.
    """

    kind: Kind
    block: Tag | None = None
    exercise: Exercise | None = None
    after: list[Tag] = field(default_factory=list)
    output: bool = False

    @property
    def text(self) -> str:
        """Its words."""
        return self.block.get_text(" ", strip=True) if self.block is not None else ""


def pieces(notebook: Any, lang: str) -> list[Piece]:
    """The pieces of an executed notebook in order; OutputError for what no page may hold."""
    found: list[Piece] = []
    for number, cell in enumerate(still(notebook).cells, 1):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            found += _told(cell.source, number, note="trainer" in tags or "hint" in tags)
        elif cell.cell_type == "code":
            found += [Piece("code", _code(text)) for text in _taught(cell, tags)]
            found += [
                Piece(kind, block, after=after, output=True)
                for kind, block, after in blocks_of(cell.outputs, number, lang)
            ]
            found += _asked(cell.source)
    return found


def synthetic(source: Mapping[str, Any]) -> bool:
    """Whether a source notebook shows data of the demo study, whose zones are fictional."""
    code = ("".join(cell["source"]) for cell in source["cells"] if cell["cell_type"] == "code")
    return any(map(_SYNTHETIC.search, code))


def _told(source: str, number: int, *, note: bool) -> Iterator[Piece]:
    from govlab.workshop.outputs import from_markdown

    soup = from_markdown(source, number)
    if note:
        yield Piece("note", soup)
        return
    for block in list(soup.find_all(True, recursive=False)):
        if block.name in _RANKS:
            yield Piece("title" if block.name == "h1" else "heading", block)
        elif block.name == "table":
            yield Piece("table", block)
        elif block.name == "pre":
            yield Piece("code", block)
        elif block.find("img") is not None:
            yield Piece("figure", block)
        elif not _ABOUT_NOTEBOOK.search(block.get_text()):
            yield Piece("prose", block)


def _asked(source: str) -> Iterator[Piece]:
    known = exercises()
    for match in _DESK.finditer(source):
        if match[2] in known and match[1] in ("check", "solution"):
            yield Piece("exercise" if match[1] == "check" else "solution", exercise=known[match[2]])


def _taught(cell: Any, tags: Collection[str]) -> list[str]:
    """The code that a cell teaches: all of one tagged so, else the text that it only writes down."""
    if "code" in tags:
        return [cell.source]
    if cell.outputs or '"""' not in cell.source:
        return []
    try:
        lines = ast.parse(cell.source).body
    except SyntaxError:  # a cell of magics
        return []
    values = [line.value for line in lines if isinstance(line, ast.Assign)]
    texts = [one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return [text for text in texts if "\n" in text.strip()]


def _code(source: str) -> Tag:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup("<pre><code></code></pre>", "html.parser")
    assert soup.code is not None and soup.pre is not None
    soup.code.string = source.strip()
    return soup.pre
