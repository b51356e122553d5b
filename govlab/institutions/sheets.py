"""Workbooks that people fill in: sheets with typed columns, written as a template, read with every fault."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from govlab.data.workbook import as_typed, book_bytes, harmless
from govlab.errors import Fault, InputError
from govlab.language import LANGUAGES, say

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["code", "codes", "text", "date", "number", "choice"]
NOTES = "说明 notes"
ROW = "row"  # column of every frame: the line in the sheet, for faults
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# A mobile number or an identity card has no place in a list of organisations, needs and facilities.
_PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


@dataclass(frozen=True)
class Field:
    """A column: head, what it holds, whether it must be filled, what is allowed.

    note: message id of its explanation. least, most: bounds of a number.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    width: int = 16
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its columns; ``key`` holds ids that must differ. needed: not to be left out."""

    name: str
    fields: tuple[Field, ...]
    key: str = ""
    needed: bool = False

    def named(self, name: str) -> Field:
        """The column of that head."""
        return next(one for one in self.fields if one.name == name)


@dataclass(eq=False)
class Reader:
    """Collects the faults of one file."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, where: Sequence[str] = (), **values: object) -> None:
        """Note one thing wrong."""
        whole = key if "." in key else f"inventory.{key}"
        self.faults.append(Fault(whole, values, (self.file, *where)))

    def at(self, sheet: str, row: int, column: str = "") -> tuple[str, ...]:
        """Sheet, row and column of a cell."""
        return (sheet, f"{ROW} {row}", *([column] if column else []))

    def finish(self) -> None:
        """Raise InputError with all that was noted."""
        if self.faults:
            raise InputError(self.faults)


def template(
    sheets: Sequence[Sheet], rows: Mapping[str, Iterable[Mapping[str, object]]] | None = None
) -> bytes:
    """An ``.xlsx`` file with the sheets to fill, ``rows`` in them, and one that explains every column."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.remove(book.worksheets[0])
    bold, top = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.append([one.name for one in sheet.fields])
        for row in (rows or {}).get(sheet.name, ()):
            page.append([_cell(row.get(one.name)) for one in sheet.fields])
        for place, one in enumerate(sheet.fields, 1):
            letter = get_column_letter(place)
            page.column_dimensions[letter].width = one.width
            page.cell(1, place).font = bold
            if one.allowed:
                choice = DataValidation(type="list", formula1=f'"{",".join(one.allowed)}"', allow_blank=True)
                choice.add(f"{letter}2:{letter}5000")
                page.add_data_validation(choice)
        page.freeze_panes = "B2"
    notes = book.create_sheet(NOTES)
    notes.append(["sheet", "column", "中文", "English"])
    for sheet in sheets:
        notes.append([sheet.name, "", *(say(f"inventory.sheet.{sheet.name}", lang=one) for one in LANGUAGES)])
        for one in sheet.fields:
            told = [say(one.note or f"inventory.column.{one.name}", lang=lang) for lang in LANGUAGES]
            notes.append([sheet.name, one.name, *told])
    for letter, width in (("A", 16), ("B", 18), ("C", 48), ("D", 60)):
        notes.column_dimensions[letter].width = width
    for line in notes.iter_rows():
        for cell in line:
            cell.alignment = top
    for cell in notes[1]:
        cell.font = bold
    return book_bytes(book)


def _cell(value: object) -> object:
    if isinstance(value, (tuple, list)):
        return harmless("; ".join(map(str, value)))
    return harmless(value) if isinstance(value, str) else value


def read(path: Path, sheets: Sequence[Sheet]) -> tuple[dict[str, pd.DataFrame], Reader]:
    """Every sheet as a frame with typed columns and ``row``; and the reader with the faults found so far.

    Sheets that are left out, and blank lines, are empty. Cells in error hold the value of a blank one.
    """
    reader = Reader(path.name)
    raw = _raw(path, sheets, reader)
    return {sheet.name: _frame(sheet, raw.get(sheet.name, []), reader) for sheet in sheets}, reader


def from_rows(
    rows: Mapping[str, Iterable[Mapping[str, object]]], sheets: Sequence[Sheet], name: str
) -> tuple[dict[str, pd.DataFrame], Reader]:
    """As ``read``, from rows in memory; a sheet of no such name is a fault."""
    reader = Reader(name)
    known = [sheet.name for sheet in sheets]
    for other in rows:
        if other not in known:
            reader.fault("unknown_sheet", (other,), allowed=", ".join(known))
    frames = {}
    for sheet in sheets:
        given = list(rows.get(sheet.name, ()))
        head = list(dict.fromkeys(column for row in given for column in row))
        lines: list[list[Any]] = (
            [head, *([_joined(row.get(column)) for column in head] for row in given)] if given else []
        )
        frames[sheet.name] = _frame(sheet, lines, reader)
    return frames, reader


def _joined(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, (tuple, list)) else value


def _raw(path: Path, sheets: Sequence[Sheet], reader: Reader) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    if path.suffix.lower() == ".csv":
        return {sheets[0].name: _csv(path, reader)}
    try:
        book = CalamineWorkbook.from_path(path)
    except (OSError, CalamineError) as error:
        reader.fault("unreadable", why=str(error))
        reader.finish()
        raise AssertionError from error  # not reached: the line above raises
    known = {sheet.name for sheet in sheets} | {NOTES}
    for name in book.sheet_names:
        if name not in known:
            reader.fault("unknown_sheet", (name,), allowed=", ".join(one.name for one in sheets))
    for sheet in sheets:
        if sheet.needed and sheet.name not in book.sheet_names:
            reader.fault("missing_sheet", (sheet.name,))
    there = [sheet.name for sheet in sheets if sheet.name in book.sheet_names]
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in there}


def _csv(path: Path, reader: Reader) -> list[list[Any]]:
    import csv

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reader.fault("unreadable", why=str(error))
        reader.finish()
        raise AssertionError from error  # not reached: the line above raises
    return list(csv.reader(text.splitlines()))


def _frame(sheet: Sheet, lines: list[list[Any]], reader: Reader) -> pd.DataFrame:
    import pandas as pd

    head = [str(one).strip() for one in lines[0]] if lines else []
    names = {one.name for one in sheet.fields}
    if lines:
        for name in head:
            if name and name not in names:
                allowed = ", ".join(one.name for one in sheet.fields)
                reader.fault("unknown_column", (sheet.name, name), allowed=allowed)
        for one in sheet.fields:
            if one.required and one.name not in head:
                reader.fault("missing_column", (sheet.name, one.name))
    kept = [(number, line) for number, line in enumerate(lines[1:], 2) if any(_filled(one) for one in line)]
    if not kept:
        return _empty(sheet).copy()
    data: dict[str, Any] = {ROW: [number for number, _ in kept]}
    for one in sheet.fields:
        place = head.index(one.name) if one.name in head else None
        values = []
        for number, line in kept:
            raw = line[place] if place is not None and place < len(line) else None
            where = reader.at(sheet.name, number, one.name)
            values.append(_value(one, raw, where, reader, place is not None))
        data[one.name] = values
        if one.kind == "number":
            data[one.name] = pd.array(values, dtype="Float64").to_numpy(float, na_value=float("nan"))
        elif one.kind == "date":
            data[one.name] = pd.Series(
                pd.to_datetime(pd.Series(values, dtype="object")), dtype="datetime64[s]"
            )
        elif one.kind == "codes":
            data[one.name] = pd.Series(values, dtype="object")
        else:
            data[one.name] = pd.Series(values, dtype="str")
    frame = pd.DataFrame(data)
    if sheet.key:
        twice = frame[sheet.key].ne("") & frame[sheet.key].duplicated()
        for number, code in zip(frame.loc[twice, ROW], frame.loc[twice, sheet.key], strict=True):
            first = int(frame.loc[frame[sheet.key] == code, ROW].iloc[0])
            reader.fault("twice", reader.at(sheet.name, int(number), sheet.key), code=code, first=first)
    return frame


@cache
def _empty(sheet: Sheet) -> pd.DataFrame:
    """The frame of a sheet without a row."""
    import pandas as pd

    kinds = {"number": "float64", "date": "datetime64[s]", "codes": "object"}
    columns = {one.name: pd.Series([], dtype=kinds.get(one.kind, "str")) for one in sheet.fields}
    return pd.DataFrame({ROW: pd.Series([], dtype="int64"), **columns})


def _filled(value: object) -> bool:
    return value is not None and str(value).strip() != ""


def _value(one: Field, raw: Any, where: tuple[str, ...], reader: Reader, there: bool) -> Any:
    blank: Any = {"codes": (), "number": None, "date": None}.get(one.kind, "")
    if not _filled(raw):
        if one.required and there:
            reader.fault("empty", where)
        return blank
    text = _text(raw)
    if _PERSONAL.search(text) and one.kind != "number":
        reader.fault("personal", where)
        return blank
    if one.kind == "number":
        return _number(one, raw, where, reader)
    if one.kind == "date":
        return _date(raw, where, reader)
    if one.kind in ("code", "codes"):
        parts = tuple(dict.fromkeys(part.strip() for part in re.split("[;；]", text) if part.strip()))
        parts = parts if one.kind == "codes" else (text,)
        bad = [part for part in parts if part != "*" and not _CODE.fullmatch(part)]
        if bad:
            reader.fault("code", where, got=bad[0])
            return blank
        return parts if one.kind == "codes" else text
    if one.kind == "choice" and text not in one.allowed:
        reader.fault("choice", where, got=text, allowed=", ".join(one.allowed))
        return blank
    return text


def _text(raw: Any) -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return as_typed(str(raw).strip())


def _number(one: Field, raw: Any, where: tuple[str, ...], reader: Reader) -> float | None:
    try:
        value = float(str(raw).strip().replace(",", "")) if not isinstance(raw, bool) else float("nan")
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        reader.fault("number", where, got=str(raw))
        return None
    low, high = one.least, one.most
    if (low is not None and value < low) or (high is not None and value > high):
        ends = (f"≥ {low:g}" if low is not None else "", f"≤ {high:g}" if high is not None else "")
        reader.fault("range", where, got=f"{value:g}", allowed=", ".join(one for one in ends if one))
        return None
    return value


def _date(raw: Any, where: tuple[str, ...], reader: Reader) -> dt.date | None:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", str(raw).strip())
    try:
        if match:
            return dt.date(*(int(part) for part in match.groups()))
    except ValueError:
        pass
    reader.fault("date", where, got=str(raw))
    return None
