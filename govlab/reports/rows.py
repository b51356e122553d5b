"""Rows of a batch: written in the batch file, read from a workbook or a CSV, multiplied by a grid."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from govlab.errors import Fault


@dataclass(frozen=True)
class Row:
    """One row: its values, and where it stands, for error messages."""

    values: Mapping[str, Any]
    where: tuple[str, ...]


def read_rows(rows: str | Sequence[Mapping[str, Any]], root: Path) -> tuple[list[Row], list[Fault]]:
    """The rows of one block and what is wrong with their file."""
    if not isinstance(rows, str):
        return [Row(dict(row), (f"rows[{place}]",)) for place, row in enumerate(rows, 1)], []
    name, _, sheet = rows.partition("#")
    path = root / name
    if not path.is_file():
        return [], [Fault("reports.no_rows_file", {"file": name})]
    if path.suffix.lower() == ".csv":
        return _read_csv(path, name)
    if path.suffix.lower() in (".xlsx", ".xls", ".ods"):
        return _read_workbook(path, name, sheet)
    return [], [Fault("reports.rows_kind", {"file": name, "allowed": ".csv, .xlsx, .xls, .ods"})]


def crossed(rows: Sequence[Row], grid: Mapping[str, Sequence[Any]]) -> list[Row]:
    """Every row with every combination of the grid; a grid alone stands for one empty row."""
    base = list(rows) or [Row({}, ())]
    if not grid:
        return base
    return [
        Row({**row.values, **dict(zip(grid, values, strict=True))}, row.where)
        for row in base
        for values in product(*grid.values())
    ]


def _read_csv(path: Path, name: str) -> tuple[list[Row], list[Fault]]:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return [], [Fault("reports.rows_encoding", {}, (name,))]
    table = [line for line in csv.reader(io.StringIO(text, newline=""))]
    return _as_rows(table, (name,))


def _read_workbook(path: Path, name: str, sheet: str) -> tuple[list[Row], list[Fault]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        chosen = sheet or book.sheet_names[0]
        if chosen not in book.sheet_names:
            known = ", ".join(book.sheet_names)
            return [], [Fault("reports.no_sheet", {"sheet": chosen, "known": known}, (name,))]
        table = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError) as error:
        return [], [Fault("reports.workbook", {"why": str(error)}, (name,))]
    return _as_rows(table, (name, chosen))


def _as_rows(table: Sequence[Sequence[Any]], where: tuple[str, ...]) -> tuple[list[Row], list[Fault]]:
    if not table:
        return [], [Fault("reports.rows_empty", {}, where)]
    head = [str(name).strip() for name in table[0]]
    while head and not head[-1]:
        head.pop()
    faults = [
        Fault("reports.rows_head", {"column": place}, where) for place, h in enumerate(head, 1) if not h
    ]
    for name in sorted({name for name in head if name and head.count(name) > 1}):
        faults.append(Fault("reports.rows_head_twice", {"column": name}, where))
    rows = []
    for number, line in enumerate(table[1:], 2):
        if not any(str(value).strip() for value in line):
            continue
        # An empty cell leaves the parameter at its default.
        values = {name: value for name, value in zip(head, line, strict=False) if str(value).strip() != ""}
        rows.append(Row(values, (*where, f"row {number}")))
    if not rows and not faults:
        faults.append(Fault("reports.rows_empty", {}, where))
    return rows, faults
