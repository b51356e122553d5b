"""Workbooks (.xlsx, .xls) by way of calamine, read a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from govlab.errors import Fault, InputError
from govlab.survey.intake.archive import Limits, Unfolded, check_archive
from govlab.survey.intake.raw import Codes, Raw, no_rows
from govlab.survey.responses import WHY

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BLOCK = 250
# The sheets of a workbook that ``export`` wrote.
OURS = ("data", "reasons", "codebook")


@contextmanager
def open_book(path: Path, limits: Limits | None = None) -> Iterator[Any]:
    """A calamine workbook; InputError if the file is not there, empty, broken, locked or none."""
    _check(path, limits or Limits())
    with _opened(path) as book:
        yield book


def _check(path: Path, limits: Limits) -> Unfolded | None:
    """What the archive of an .xlsx holds, None for an .xls; InputError if the file is neither."""
    start = first_bytes(path)
    if start.startswith(_ZIP):
        return check_archive(path, limits)
    if not start.startswith(_OLE):
        key = "html" if start.lstrip().lower().startswith((b"<html", b"<!doc", b"<table")) else "no_book"
        raise InputError(Fault(f"survey_intake.file.{key}", {}, (path.name,)))
    return None


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import python_calamine as calamine

    def fault(error: Exception) -> InputError:
        key = "password" if isinstance(error, calamine.PasswordError) else "truncated"
        return InputError(Fault(f"survey_intake.file.{key}", {}, (path.name,)))

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except (calamine.CalamineError, OSError) as error:
        raise fault(error) from error
    try:
        yield book
    except calamine.CalamineError as error:
        raise fault(error) from error
    finally:
        book.close()


def first_bytes(path: Path, count: int = 512) -> bytes:
    """The beginning of a file; InputError if it is not there, cannot be read or is empty."""
    try:
        with path.open("rb") as file:
            start = file.read(count)
    except FileNotFoundError as error:
        raise InputError(Fault("survey_intake.file.missing", {}, (str(path),))) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(Fault("survey_intake.file.unreadable", {"why": why}, (str(path),))) from error
    if not start.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise InputError(Fault("survey_intake.file.empty", {}, (path.name,)))
    return start


def read_book(path: Path, limits: Limits, sheet: str | None = None, header_row: int = 1) -> Raw:
    """The first sheet that holds something (or the one named), encoded column by column.

    An export of ours is known by its sheets; the reasons on the second are columns like any other.
    """
    unfolded = _check(path, limits)
    with _opened(path) as book:
        ours = sheet is None and set(OURS) <= set(book.sheet_names)
        page = _page(book, path, OURS[0] if ours else sheet)
        name = str(page.name)
        heads, columns = _read_sheet(page, path, header_row)
        if ours:
            more, reasons = _read_sheet(_page(book, path, OURS[1]), path, 1)
            heads, columns = [*heads, *(f"{head}{WHY}" for head in more)], [*columns, *reasons]
    raw = Raw.of(
        path.name,
        heads,
        columns,
        form="xls" if unfolded is None else "xlsx",
        sheet=name,
        first_row=header_row + 1,
        formulas=0 if unfolded is None else unfolded.formulas,
        ours={} if ours else None,
    )
    return raw.as_typed() if ours else raw


def _read_sheet(page: Any, path: Path, header_row: int) -> tuple[list[Any], list[Codes]]:
    _refuse_merged_header(page, path, header_row)
    rows = iter(page.iter_rows())
    heads = next(islice(rows, header_row - 1, None), None)
    if heads is None:
        raise no_rows(path.name)
    columns = [Codes() for _ in heads]
    while block := list(islice(rows, _BLOCK)):
        for column, cells in zip(columns, zip(*block, strict=True), strict=True):
            column.extend(cells)
    return heads, columns


def _page(book: Any, path: Path, name: str | None) -> Any:
    """The sheet of that name, or the first that holds something; a sheet is parsed only once."""
    if name is None:
        for one in book.sheet_names:
            page = book.get_sheet_by_name(one)
            if page.height:
                return page
        raise InputError(Fault("survey_intake.file.empty", {}, (path.name,)))
    if name not in book.sheet_names:
        values: dict[str, object] = {"sheet": name, "allowed": ", ".join(book.sheet_names)}
        raise InputError(Fault("survey_intake.file.no_sheet", values, (path.name,)))
    return book.get_sheet_by_name(name)


def _refuse_merged_header(page: Any, path: Path, header_row: int) -> None:
    """Under merged cells a column has no name of its own; which one is meant is not ours to say."""
    for (top, left), (bottom, right) in page.merged_cell_ranges or ():
        if top < header_row <= bottom + 1:
            from openpyxl.utils import get_column_letter

            cell = f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right + 1)}{bottom + 1}"
            raise InputError(Fault("survey_intake.file.merged", {"cells": cell}, (path.name, str(page.name))))
