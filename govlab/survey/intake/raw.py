"""A file of responses as it came: every column as codes and the values that occur, nothing decided yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError

Integers = NDArray[np.int32]
_FEW = 256
_NONE: Mapping[Any, str] = MappingProxyType({})


class _Places(dict[Any, int]):
    """Value -> its place among the values that occurred; a new value gets the next place."""

    def __missing__(self, key: Any) -> int:
        place = self[key] = len(self)
        return place


class Codes:
    """A column in the making. Cells are looked up once each, so that a file of many rows costs little.

    As long as a column has few values its codes are single bytes, the fastest thing to make of them.
    """

    def __init__(self) -> None:
        self._places = _Places()
        self._blocks: list[Integers | NDArray[np.uint8]] = []

    def extend(self, cells: Sequence[Any]) -> None:
        """Take further cells, which can be hashed."""
        place = self._places.__getitem__
        if len(self._places) <= _FEW:
            try:
                self._blocks.append(np.frombuffer(bytes(map(place, cells)), np.uint8))
                return
            except ValueError:
                pass  # more values than a byte can number
        self._blocks.append(np.fromiter(map(place, cells), np.int32, len(cells)))

    def column(self, head: str, place: int) -> Column:
        """The finished column."""
        blocks = self._blocks or [np.zeros(0, np.int32)]
        return Column(head, place, np.concatenate(blocks).astype(np.int32), tuple(self._places))


@dataclass(frozen=True, eq=False)
class Column:
    """One column: head as written, place from 0, (n,) codes into ``values``.

    label: of a variable in a statistics file. value_labels: value -> label there. missing: values that
    the file declares missing -> their label.
    """

    head: str
    place: int
    codes: Integers
    values: tuple[Any, ...]
    label: str = ""
    value_labels: Mapping[Any, str] = field(default_factory=lambda: _NONE)
    missing: Mapping[Any, str] = field(default_factory=lambda: _NONE)

    @property
    def shown(self) -> str:
        """The words over the column: its label in a statistics file, else its head."""
        return self.label or self.head

    def texts(self) -> tuple[str, ...]:
        """The values as text, in their order."""
        return tuple(cell_text(value) for value in self.values)

    def spread(self, of_values: NDArray[Any]) -> NDArray[Any]:
        """What belongs to each value -> what belongs to each row."""
        return of_values[self.codes]

    def counts(self) -> NDArray[np.intp]:
        """How often each value occurs."""
        return np.bincount(self.codes, minlength=len(self.values))

    def blank(self) -> NDArray[np.bool_]:
        """For each value: whether it is no answer at all."""
        return np.array(
            [not value.strip() if isinstance(value, str) else nothing(value) for value in self.values], bool
        )


@dataclass(frozen=True, eq=False)
class Raw:
    """A file as it came.

    form: xlsx, xls, csv, sav, dta or parquet. encoding, separator: of a text file, as detected.
    first_row: number in the file of the first row of data; rows: kept rows, counted from there.
    formulas: cells of the workbook that hold a formula. ours: what a file that govlab wrote says of itself.
    """

    file: str
    columns: tuple[Column, ...]
    form: str
    rows: NDArray[np.intp]
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    first_row: int = 2
    formulas: int = 0
    ours: Mapping[str, Any] | None = None

    @property
    def n(self) -> int:
        """Rows that hold something."""
        return len(self.rows)

    @classmethod
    def of(cls, file: str, heads: Iterable[Any], columns: Sequence[Codes], *, form: str, **known: Any) -> Raw:
        """Columns with their heads; rows without any content and columns without head and content go.

        InputError if there are no rows.
        """
        made = [
            codes.column(cell_text(head).strip(), place)
            for place, (head, codes) in enumerate(zip(heads, columns, strict=True))
        ]
        made = [one for one in made if one.head or not one.blank().all()]
        if not any(one.head for one in made):
            raise InputError(Fault("survey_intake.file.empty", {}, (file,)))
        return cls.filled(file, made, form=form, **known)

    @classmethod
    def filled(cls, file: str, columns: Sequence[Column], *, form: str, **known: Any) -> Raw:
        """As ``of`` with columns that are complete."""
        length = len(columns[0].codes) if columns else 0
        empty = np.ones(length, dtype=bool)
        for column in columns:
            blank = column.blank()
            if empty.any() and not blank.all():
                empty &= column.spread(blank)
            elif not blank.any():
                empty[:] = False
        kept = np.flatnonzero(~empty)
        if not len(kept):
            raise no_rows(file)
        if empty.any():
            columns = [replace(column, codes=column.codes[kept]) for column in columns]
        return cls(file, tuple(columns), form, kept, **known)

    def as_typed(self) -> Raw:
        """With texts as they were before they were made harmless for a spreadsheet."""
        from govlab.data.workbook import as_typed

        columns = [
            replace(
                column, values=tuple(as_typed(one) if isinstance(one, str) else one for one in column.values)
            )
            for column in self.columns
        ]
        return replace(self, columns=tuple(columns))

    def row_number(self, row: int) -> int:
        """The number of a row in the file, as a spreadsheet shows it."""
        return int(self.rows[row]) + self.first_row


def no_rows(file: str) -> InputError:
    """There are column heads and nothing under them."""
    return InputError(Fault("survey_intake.file.no_rows", {}, (file,)))


def nothing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, NaT."""
    return value is None or bool(value != value)  # noqa: PLR0124 - NaN is unequal to itself


def cell_text(value: Any) -> str:
    """A cell as text: whole numbers without ``.0``, times as ISO 8601, nothing as an empty text."""
    if isinstance(value, str):
        return value
    if nothing(value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "1" if value else "0"
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    return str(value)
