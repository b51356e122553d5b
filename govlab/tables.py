"""Publication tables: a result or rows -> a three-line table in HTML, with its raw values beside it.

Every output format is made from what a table displays: ``text/html`` for the page and
``application/vnd.govlab.table+json`` (raw values, types, notes, suppression marks) for the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from math import isnan
from typing import TYPE_CHECKING, Any, Literal

from govlab.language import say

if TYPE_CHECKING:
    import pandas as pd

    from govlab.results import Result

MIME = "application/vnd.govlab.table+json"
Kind = Literal["text", "number", "integer", "percent", "facts", "id", "mark"]
Raw = int | float | str | bool | None | tuple[str, ...]
_NUMERIC = ("number", "integer", "percent")
_LEFT = re.compile(r'<(td|th scope="(?:row|col)"(?: class="sub")?)>')


@dataclass(frozen=True)
class Column:
    """A column: key in the data, printed label, what it holds, decimals shown, unit in the head."""

    key: str
    label: str
    kind: Kind = "text"
    digits: int | None = None
    unit: str | None = None

    @property
    def numeric(self) -> bool:
        """Whether the column is set flush right in tabular figures."""
        return self.kind in _NUMERIC

    @property
    def head(self) -> str:
        """Label with the unit behind it."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True)
class Shown:
    """A value printed differently from how it is stored: ``约 310,000`` for 310000."""

    value: Raw
    text: str


@dataclass(frozen=True, eq=False)
class Table:
    """A table ready to print: columns, rows of raw values, caption, notes.

    indent: rows set in as parts of the row above. anchors: an id per row for links to it.
    suppressed: (row, column) cells withheld; they print a star, and the raw value must not be given.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Raw | Shown, ...], ...]
    caption: str
    lang: str
    notes: tuple[str, ...] = ()
    indent: frozenset[int] = frozenset()
    anchors: tuple[str, ...] = ()
    suppressed: frozenset[tuple[int, int]] = frozenset()
    synthetic: bool = False
    number: int | None = None
    linked: frozenset[str] = field(default=frozenset())  # fact ids that have an anchor on this page

    def __post_init__(self) -> None:
        for position, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {position} has {len(row)} values, there are {len(self.columns)} columns"
                )
        for row_number, column_number in self.suppressed:
            if self.rows[row_number][column_number] is not None:
                raise ValueError(f"suppressed cell ({row_number}, {column_number}) still holds its value")

    def numbered(self, number: int, linked: frozenset[str] = frozenset()) -> Table:
        """A copy with its number on the page and the anchors it may link to."""
        return replace(self, number=number, linked=linked)

    @property
    def heading(self) -> str:
        """The caption with ``表 1`` or ``Table 1`` in front."""
        if self.number is None:
            return self.caption
        return say("tables.caption", {"number": self.number, "caption": self.caption}, lang=self.lang)

    def to_html(self) -> str:
        """A semantic fragment; everything that came from data is escaped."""
        head = "".join(_head(column) for column in self.columns)
        body = "".join(self._row(position) for position in range(len(self.rows)))
        notes = list(self.notes)
        if self.suppressed:
            notes.append(say("tables.suppressed", lang=self.lang))
        if self.synthetic:
            notes.append(say("tables.synthetic", lang=self.lang))
        foot = "".join(f'<p class="gl-note">{escape(note)}</p>' for note in notes)
        return (
            f'<table class="gl-table"><caption>{escape(self.heading)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{foot}"
        )

    def _row(self, position: int) -> str:
        anchor = f' id="{escape(self.anchors[position], quote=True)}"' if self.anchors else ""
        cells = []
        for place, (column, value) in enumerate(zip(self.columns, self.rows[position], strict=True)):
            text = "*" if (position, place) in self.suppressed else self._cell(column, value)
            if column.kind in ("id", "facts"):
                text = f'<span class="gl-id">{text}</span>' if text != "—" else text
            if place == 0 and not column.numeric:
                sub = ' class="sub"' if position in self.indent else ""
                cells.append(f'<th scope="row"{sub}>{text}</th>')
            else:
                cells.append(f'<td class="n">{text}</td>' if column.numeric else f"<td>{text}</td>")
        return f"<tr{anchor}>{''.join(cells)}</tr>"

    def _cell(self, column: Column, value: Raw | Shown) -> str:
        if isinstance(value, Shown):
            return escape(value.text)
        if value is None or (isinstance(value, float) and isnan(value)):
            return "—"
        if column.kind == "facts" and isinstance(value, tuple):
            return '</span> <span class="gl-id">'.join(self._link(one) for one in value)
        if column.kind == "mark":
            return f'<span class="gl-mark">{escape(str(value))}</span>'
        return escape(written(value, column))

    def _link(self, fact: str) -> str:
        safe = escape(fact, quote=True)
        return f'<a href="#{safe}">{safe}</a>' if fact in self.linked else safe

    def to_json(self) -> dict[str, Any]:
        """Raw values, types, notes and marks: what spreadsheets and other formats are made from."""
        rows = [[_raw(value) for value in row] for row in self.rows]
        shown = [
            {"row": i, "column": j, "mark": value.text}
            for i, row in enumerate(self.rows)
            for j, value in enumerate(row)
            if isinstance(value, Shown)
        ]
        return {
            "caption": self.heading,
            "lang": self.lang,
            "columns": [
                {
                    "key": column.key,
                    "label": column.label,
                    "type": column.kind if column.numeric else "text",
                    "digits": column.digits,
                    "unit": column.unit,
                }
                for column in self.columns
            ],
            "rows": rows,
            "notes": list(self.notes),
            "marks": shown,
            "suppressed": sorted(list(cell) for cell in self.suppressed),
            "synthetic": self.synthetic,
        }

    def notebook_html(self) -> str:
        """The fragment as a notebook shows it, whose style sheet would push words to the right."""
        return _LEFT.sub(r'<\1 style="text-align:left">', self.to_html())

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/html": self.notebook_html(), MIME: self.to_json(), "text/plain": self.heading}


def _head(column: Column) -> str:
    kind = ' class="n"' if column.numeric else ""
    return f'<th scope="col"{kind}>{escape(column.head)}</th>'


def _raw(value: Raw | Shown) -> object:
    if isinstance(value, Shown):
        value = value.value
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, float) and isnan(value):
        return None
    return value


def written(value: object, column: Column) -> str:
    """A value as the column prints it: separators, its decimals, percent sign."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    digits = column.digits
    if column.kind == "integer":
        return f"{round(value):,}"
    if digits is None:
        digits = 0 if isinstance(value, int) or float(value).is_integer() else 2
    text = f"{value:,.{digits}f}"
    return f"{text}%" if column.kind == "percent" else text


def publish(
    source: Result | pd.DataFrame,
    *,
    lang: str,
    caption: str,
    labels: Mapping[str, str] | None = None,
    digits: Mapping[str, int] | None = None,
    notes: Sequence[str] = (),
    synthetic: bool = False,
) -> Table:
    """A result (or frame) as a three-line table in one language.

    labels: printed names for columns that the common vocabulary does not know.
    digits: decimals by column. Raises ValueError for a column without a label in a report's language.
    """
    from govlab.results import COLUMNS, Result

    frame = source.to_frame() if isinstance(source, Result) else source
    labels, digits = labels or {}, digits or {}
    columns = []
    for name in map(str, frame.columns):
        if name in labels:
            label = labels[name]
        elif name in COLUMNS:
            label = say(f"tables.column.{name}", lang=lang)
        else:
            raise ValueError(f"labels: no label in {lang!r} for column {name!r}")
        kind: Kind = "text"
        if frame[name].dtype.kind in "iu":
            kind = "integer"
        elif frame[name].dtype.kind == "f":
            kind = "number"
        columns.append(Column(name, label, kind, digits.get(name, 3 if kind == "number" else None)))
    rows = tuple(tuple(_plain(value) for value in row) for row in frame.itertuples(index=False, name=None))
    return Table(tuple(columns), rows, caption, lang, tuple(notes), synthetic=synthetic)


def _plain(value: Any) -> Raw:
    value = value.item() if hasattr(value, "item") else value
    if value is None or (isinstance(value, float) and isnan(value)):
        return None
    return value if isinstance(value, (int, float, str, bool)) else str(value)
