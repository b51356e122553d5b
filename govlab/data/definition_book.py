"""A definition as a workbook to fill in: a sheet a list, a row an entry; written, and read again.

A text in two languages takes two columns. A list of words stands in one cell with semicolons; a list of
entries with a few fields has a line each, fields parted by ``|``; one of entries with many fields has a
sheet of its own whose first column names the entry it belongs to.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import ValidationError

from govlab.data.atomic import write_new
from govlab.data.definition import M, Model, Text
from govlab.data.fields import field_faults
from govlab.data.workbook import as_typed, book_bytes, harmless
from govlab.errors import Fault, InputError

ABOUT = "about"
_IN_A_LINE = 4  # columns; a wider entry is no longer readable in one cell
_LANGUAGES = (("zh", "中文 (zh)"), ("en", "English (en)"))
Rows = list[tuple[int, dict[str, Any]]]


def _bare(annotation: Any) -> Any:
    """An annotation without ``Annotated`` and without ``None``."""
    while get_origin(annotation) is not None and hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        kept = [one for one in get_args(annotation) if one is not type(None)]
        return _bare(kept[0]) if len(kept) == 1 else annotation
    return annotation


def _entry(annotation: Any) -> type[Model] | None:
    """The model that a tuple field holds, if it holds models."""
    bare = _bare(annotation)
    if get_origin(bare) is tuple:
        inner = _bare(get_args(bare)[0])
        if isinstance(inner, type) and issubclass(inner, Model):
            return inner
    return None


def _is_text(annotation: Any) -> bool:
    return _bare(annotation) is Text


def _nested(model: type[Model]) -> dict[str, type[Model]]:
    """Fields of an entry that hold entries too wide for a line in a cell: each has a sheet of its own."""
    found = {}
    for name, field in model.model_fields.items():
        inner = _entry(field.annotation)
        if inner is not None and len(_heads(inner)) > _IN_A_LINE:
            found[name] = inner
    return found


def _heads(model: type[Model]) -> list[str]:
    """Column heads of a sheet."""
    apart = _nested(model)
    found: list[str] = []
    for name, field in model.model_fields.items():
        if name in apart:
            continue
        if _is_text(field.annotation):
            found += [f"{name}::{label}" for _, label in _LANGUAGES]
        else:
            found.append(name)
    return found


def _cells(entry: Model) -> list[Any]:
    apart = _nested(type(entry))
    found: list[Any] = []
    for name, field in type(entry).model_fields.items():
        if name in apart:
            continue
        value = getattr(entry, name)
        if _is_text(field.annotation):
            found += ["", ""] if value is None else [value.zh, value.en]
        elif _entry(field.annotation):
            found.append("\n".join(" | ".join(_parts(one)) for one in value))
        elif isinstance(value, tuple):
            found.append("; ".join(map(str, value)))
        else:
            found.append(_plain(value))
    return found


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, (int, float)) else str(value)


def _parts(entry: Model) -> list[str]:
    found: list[str] = []
    for name, field in type(entry).model_fields.items():
        value = getattr(entry, name)
        if _is_text(field.annotation):
            found += ["", ""] if value is None else [value.zh, value.en]
        elif isinstance(value, tuple):
            found.append("; ".join(map(str, value)))
        else:
            found.append(str(_plain(value)))
    if any("|" in one or "\n" in one for one in found):
        raise ValueError(f"{entry!r}: a text in a list may hold neither '|' nor a line break")
    return found


def _sheets(model: type[Model]) -> dict[str, tuple[type[Model], str]]:
    """Sheet -> model of its rows, and the sheet of the entries they belong to."""
    found: dict[str, tuple[type[Model], str]] = {}
    for name, field in model.model_fields.items():
        inner = _entry(field.annotation)
        if inner is not None:
            found[name] = (inner, "")
            found |= {below: (kind, name) for below, kind in _nested(inner).items()}
    return found


def _owner(sheet: str) -> str:
    """Column that names the entry a row belongs to: ``routes`` -> ``of_routes``."""
    return f"of_{sheet}"


def write_book(path: Path, file: Model) -> None:
    """Write a definition as a workbook; the same content gives the same bytes, no cell runs as a formula.

    An existing file is not touched (WorkspaceError), because somebody's work may be in it.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet: Any = book.active
    sheet.title = ABOUT
    for name, field in type(file).model_fields.items():
        value = getattr(file, name)
        if _entry(field.annotation) is None:
            cells = [value.zh, value.en] if isinstance(value, Text) else [_plain(value), ""]
            sheet.append([name, *map(_safe, cells)])
    for name, (model, above) in _sheets(type(file)).items():
        page = book.create_sheet(name)
        page.append([*([_owner(above)] if above else []), *_heads(model)])
        if above:
            rows = [[one.id, *_cells(b)] for one in getattr(file, above) for b in getattr(one, name)]
        else:
            rows = [_cells(one) for one in getattr(file, name)]
        for row in rows:
            page.append([_safe(cell) for cell in row])
        page.freeze_panes = "B2"
    for page in book.worksheets:
        for cells in page.iter_rows():
            for cell in cells:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        for place in range(1, page.max_column + 1):
            page.column_dimensions[get_column_letter(place)].width = 22
        if page.title != ABOUT:
            for cell in page[1]:
                cell.font = Font(bold=True)
    write_new(path, book_bytes(book))


def _safe(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else value


def read_book(path: Path, model: type[M], kind: str) -> M:
    """The definition in a workbook; InputError lists every fault with file, sheet, row and field."""
    pages = _open(path)
    sheets = _sheets(model)
    faults: list[Fault] = []
    if ABOUT not in pages:
        raise InputError(Fault("definition.no_sheet", {"sheet": ABOUT}, (path.name,)))
    raw: dict[str, Any] = {}
    for cells in pages[ABOUT]:
        name = _typed(cells[0]) if cells else ""
        if name in model.model_fields and _entry(model.model_fields[name].annotation) is None:
            values = [_typed(one) for one in [*cells[1:3], "", ""]]
            if _is_text(model.model_fields[name].annotation):
                raw[name] = {"zh": values[0], "en": values[1]} if any(values[:2]) else None
            elif values[0] != "":
                raw[name] = values[0]
    raw = {name: value for name, value in raw.items() if value is not None}
    if raw.get("kind") != kind:
        values_ = {"kind": kind, "got": str(raw.get("kind"))}
        raise InputError(Fault("definition.kind", values_, (path.name, ABOUT)))
    numbers: dict[tuple[str, int], int] = {}
    children: list[tuple[str, str, str, int, dict[str, Any]]] = []
    for name, (inner, above) in sheets.items():
        rows = _rows(pages.get(name, []), inner, above, (path.name, name), faults)
        if above:
            children += [(name, above, str(entry.pop(_owner(above))), row, entry) for row, entry in rows]
        else:
            raw[name] = [entry for _, entry in rows]
            numbers |= {(name, place): row for place, (row, _) in enumerate(rows)}
    for name, above, owner, row, entry in children:
        held = next((one for one in raw[above] if one.get("id") == owner), None)
        if held is None:
            known = ", ".join(str(one.get("id")) for one in raw[above])
            faults.append(
                Fault("definition.owner", {"name": owner, "known": known}, (path.name, name, f"row {row}"))
            )
        else:
            held.setdefault(name, []).append(entry)
    if faults:
        raise InputError(faults)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise InputError(field_faults(error, model, lambda loc: _place(path.name, numbers, loc))) from error


def _place(file: str, numbers: Mapping[tuple[str, int], int], loc: Sequence[int | str]) -> tuple[str, ...]:
    if len(loc) > 1 and (str(loc[0]), loc[1]) in numbers:
        return (file, str(loc[0]), f"row {numbers[str(loc[0]), int(loc[1])]}")
    return (file, str(loc[0]) if loc else ABOUT)


def _open(path: Path) -> dict[str, list[list[Any]]]:
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            return {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in book.sheet_names
            }
    except (calamine.CalamineError, OSError) as error:
        raise InputError(Fault("definition.unreadable", {"why": str(error)}, (path.name,))) from error


def _typed(cell: Any) -> Any:
    """A cell as it was meant: 2 for 2.0, dates as ISO text, the apostrophe of a harmless text away."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return as_typed(cell).strip() if isinstance(cell, str) else "" if cell is None else cell


def _rows(
    table: list[list[Any]], model: type[Model], above: str, where: tuple[str, ...], faults: list[Fault]
) -> Rows:
    """Rows of a sheet as raw entries with their numbers."""
    if not table:
        return []
    heads = [str(_typed(one)) for one in table[0]]
    wanted = [*([_owner(above)] if above else []), *_heads(model)]
    for head in heads:
        if head and head not in wanted:
            near = get_close_matches(head, wanted, n=1)
            values = {"head": head, "known": near[0] if near else ", ".join(wanted)}
            faults.append(Fault("definition.column", values, (*where, "row 1")))
    found: Rows = []
    for number, line in enumerate(table[1:], 2):
        cells = {head: _typed(one) for head, one in zip(heads, line, strict=False) if head in wanted}
        if any(value != "" for value in cells.values()):
            entry = _entry_of(cells, model, (*where, f"row {number}"), faults)
            if above:
                entry[_owner(above)] = cells.get(_owner(above), "")
            found.append((number, entry))
    return found


def _entry_of(
    cells: Mapping[str, Any], model: type[Model], where: tuple[str, ...], faults: list[Fault]
) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        inner = _entry(field.annotation)
        if _is_text(field.annotation):
            said = {short: str(cells.get(f"{name}::{label}", "")) for short, label in _LANGUAGES}
            if any(said.values()):
                entry[name] = said
            continue
        value = cells.get(name, "")
        if value == "":
            continue
        if inner is not None:
            lines = [one for one in str(value).splitlines() if one.strip()]
            entry[name] = [_line(one, inner, (*where, name), faults) for one in lines]
        elif get_origin(_bare(field.annotation)) is tuple:
            entry[name] = [one.strip() for one in str(value).split(";") if one.strip()]
        else:
            entry[name] = str(value) if _bare(field.annotation) is str or isinstance(value, str) else value
    return entry


def _line(text: str, model: type[Model], where: tuple[str, ...], faults: list[Fault]) -> dict[str, Any]:
    """One entry of a list in a cell: its fields in order, parted by ``|``."""
    parts = [one.strip() for one in text.split("|")]
    entry: dict[str, Any] = {}
    at = 0
    for name, field in model.model_fields.items():
        if _is_text(field.annotation):
            entry[name] = dict(zip(("zh", "en"), parts[at : at + 2], strict=False))
            at += 2
            continue
        value = parts[at] if at < len(parts) else ""
        at += 1
        if get_origin(_bare(field.annotation)) is tuple:
            entry[name] = [one.strip() for one in value.split(";") if one.strip()]
        elif value:
            entry[name] = value
    if len(parts) != at:
        faults.append(Fault("definition.parts", {"found": len(parts), "wanted": at}, where))
    return entry
