"""The workbook in which weights are set and counts and experts' scores typed in; written, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govlab.errors import Fault, InputError
from govlab.institutions.scheme.evidence import COLUMNS, OWN, Unit
from govlab.institutions.scheme.scheme import Scheme

if TYPE_CHECKING:
    import pandas as pd

SHEETS = ("weights", "units", "counts", "ratings")
_FIRST = {
    "weights": ("id", "parent", "中文", "English", "weight", "origin"),
    "units": ("unit", "parent", "中文", "English", "size"),
    "counts": ("period", "unit"),
    "ratings": ("period", "unit", "rater"),
}


@dataclass(frozen=True, eq=False)
class Book:
    """What a workbook holds. records: as evidence wants them, with ``period`` and ``where``."""

    scheme: Scheme
    units: tuple[Unit, ...]
    above: tuple[Unit, ...]
    records: pd.DataFrame


def write_book(
    path: Path,
    scheme: Scheme,
    units: Sequence[Unit],
    *,
    above: Sequence[Unit] = (),
    periods: Sequence[str] = ("1",),
    raters: Sequence[str] = ("A", "B"),
    records: pd.DataFrame | None = None,
) -> None:
    """A workbook to fill in for a scheme: ``weights``, ``units``, ``counts``, ``ratings``.

    records: what is known already, with a column ``period``. The same content gives the same bytes; texts
    cannot run as formulas; an existing file is not touched (WorkspaceError).
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    from govlab.data.atomic import write_new
    from govlab.data.workbook import book_bytes, harmless

    known = _known(scheme, records)
    book = Workbook()
    book.remove(book.worksheets[0])
    rows: dict[str, list[list[object]]] = {
        "weights": [
            [one.id, one.parent or "", one.label.zh, one.label.en, one.weight.value, one.weight.origin.value]
            for one in scheme.file.nodes
        ],
        "units": [[one.id, one.parent, one.zh, one.en, one.size] for one in (*above, *units)],
    }
    counted, rated = _columns(scheme)
    rows["counts"] = [
        [period, unit, *(known.get((period, unit, name, ""), "") for name in counted)]
        for period in periods
        for unit in _who(units, above, OWN in counted)
    ]
    rows["ratings"] = [
        [period, unit, rater, *(known.get((period, unit, name, rater), "") for name in rated)]
        for period in periods
        for unit in _who(units, above, OWN in rated)
        for rater in _raters(known, period, unit) or raters
    ]
    heads = {"counts": counted, "ratings": rated}
    for name in SHEETS:
        sheet = book.create_sheet(name)
        sheet.append([*_FIRST[name], *heads.get(name, [])])
        for row in rows[name]:
            sheet.append([harmless(cell) if isinstance(cell, str) else cell for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for letter in "ABCDEF":
            sheet.column_dimensions[letter].width = 22
    write_new(path, book_bytes(book))


def read_book(path: Path, scheme: Scheme) -> Book:
    """Weights, units and records from a workbook; InputError lists every fault with sheet and row.

    An empty cell is no record. Whether values fit the scheme is told when it is scored, with their place.
    """
    import pandas as pd

    faults: list[Fault] = []
    tables = {name: _sheet(path, name, faults) for name in SHEETS}
    if faults:
        raise InputError(faults)
    weights: dict[str, float] = {}
    for number, line in tables["weights"]:
        at = (path.name, "weights", f"{number}")
        if not scheme.has(line["id"]):
            known = ", ".join(one.id for one in scheme.file.nodes)
            faults.append(Fault("scheme.unknown", {"id": line["id"], "known": known}, at))
        elif (value := _number(line["weight"])) is None:
            faults.append(Fault("scheme.weight", {"id": line["id"], "got": line["weight"]}, at))
        else:
            weights[line["id"]] = value
    units, parents = _units(path, tables["units"], faults)
    records = _records(path, scheme, tables, faults)
    try:
        scheme = scheme.weighted(weights)
    except InputError as error:
        faults += [Fault(one.key, one.values, (path.name, "weights", *one.where)) for one in error.faults]
    if faults:
        raise InputError(faults)
    columns = ["period", *COLUMNS, "where"]
    above = tuple(one for one in units if one.id in parents)
    below = tuple(one for one in units if one.id not in parents)
    return Book(scheme, below, above, pd.DataFrame(records, columns=columns))


def _columns(scheme: Scheme) -> tuple[list[str], list[str]]:
    """Columns of counts (and of what has points), and of experts' scores."""
    counted = [one.id for one in scheme.indicators if one.measure and one.measure.kind == "count"]
    counted += [one.id for one in scheme.file.points]
    rated = [one.id for one in scheme.indicators if one.measure and one.measure.kind == "expert"]
    if scheme.file.rollup is not None:
        (rated if scheme.file.rollup.own_measure.kind == "expert" else counted).append(OWN)
    return counted, rated


def _who(units: Sequence[Unit], above: Sequence[Unit], own: bool) -> list[str]:
    return [one.id for one in (*units, *(above if own else ()))]


Known = Mapping[tuple[str, str, str, str], float]


def _known(scheme: Scheme, records: pd.DataFrame | None) -> Known:
    if records is None:
        return {}
    mine = records[records["scheme"] == scheme.id]
    names = ("period", "unit", "indicator", "rater", "value")
    return {
        (str(period), str(unit), str(name), str(rater)): float(value)
        for period, unit, name, rater, value in mine[list(names)].itertuples(index=False, name=None)
    }


def _raters(known: Known, period: str, unit: str) -> list[str]:
    return list(
        dict.fromkeys(who for when, where, _, who in known if (when, where) == (period, unit) and who)
    )


def _sheet(path: Path, name: str, faults: list[Fault]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a sheet with their numbers; faults where it is missing or its first columns are not there."""
    from python_calamine import CalamineWorkbook

    from govlab.data.workbook import as_typed

    book = CalamineWorkbook.from_path(str(path))
    if name not in book.sheet_names:
        faults.append(Fault("scheme.no_sheet", {"sheet": name}, (path.name,)))
        return []
    table = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    heads = [str(cell).strip() for cell in table[0]] if table else []
    lost = [one for one in _FIRST[name] if one not in heads]
    if lost:
        faults.append(Fault("scheme.no_column", {"columns": ", ".join(lost)}, (path.name, name)))
        return []
    found = []
    for number, cells in enumerate(table[1:], 2):
        line = {head: as_typed(_plain(cell)) for head, cell in zip(heads, cells, strict=False) if head}
        if any(line.values()):
            found.append((number, line))
    return found


def _plain(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _units(
    path: Path, table: list[tuple[int, dict[str, str]]], faults: list[Fault]
) -> tuple[list[Unit], set[str]]:
    """Units and the bodies above them; those that others name as parent are above."""
    found: dict[str, Unit] = {}
    for number, line in table:
        at = (path.name, "units", f"{number}")
        size = _number(line["size"]) if line["size"] else None
        if line["size"] and (size is None or size < 0):
            faults.append(Fault("scheme.size", {"got": line["size"]}, at))
        if not line["unit"] or line["unit"] in found:
            faults.append(Fault("scheme.unit_twice", {"unit": line["unit"]}, at))
            continue
        names = (line["中文"] or line["unit"], line["English"] or line["unit"])
        found[line["unit"]] = Unit(line["unit"], *names, line["parent"], size)
    parents = {one.parent for one in found.values() if one.parent}
    for name in sorted(parents - set(found)):
        faults.append(Fault("scheme.no_unit", {"unit": name}, (path.name, "units")))
    for name in sorted(parents & set(found)):
        if found[name].parent:
            faults.append(Fault("scheme.cycle", {"id": name}, (path.name, "units")))
    return list(found.values()), parents


def _records(
    path: Path, scheme: Scheme, tables: Mapping[str, list[tuple[int, dict[str, str]]]], faults: list[Fault]
) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for sheet in ("counts", "ratings"):
        for number, line in tables[sheet]:
            for name, text in line.items():
                if name in _FIRST[sheet] or not text:
                    continue
                where = f"{path.name}, {sheet}, {number}, {name}"
                value = _number(text)
                if value is None:
                    faults.append(Fault("scheme.not_a_number", {"got": text}, (where,)))
                    continue
                found.append(
                    (line["period"], scheme.id, line["unit"], name, line.get("rater", ""), value, where)
                )
    return found
