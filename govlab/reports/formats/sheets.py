"""The Excel file: a contents sheet, and every table on a sheet of its own, with real numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from math import isfinite
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from govlab.language import say
from govlab.reports.formats import archive
from govlab.reports.formats.body import made_line
from govlab.reports.formats.table_data import ColumnData, Raw, TableData, tables_of

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from govlab.reports.formats.page import PageInfo

_WIDEST = 44.0  # characters; longer text wraps
_HEAD_ROW = 4
# Excel reads text that begins like this as a formula when it is typed or imported again.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FACES = {"zh": "宋体", "en": "Calibri"}


def xlsx(notebook: NotebookNode, page: PageInfo) -> bytes:
    """The workbook of one report; the same bytes for the same report and day.

    A withheld cell holds a star and nothing else, whatever the notebook handed over. Raises
    OutputError for a table whose data do not hold together.
    """
    from openpyxl import Workbook

    tables = tuple(tables_of(notebook))
    book = Workbook()
    contents = book.active
    contents.title = say("formats.contents", lang=page.lang)
    names = [say("formats.table", {"number": number}, lang=page.lang) for number in range(1, len(tables) + 1)]
    _fill_contents(contents, tables, names, page)
    for name, table in zip(names, tables, strict=True):
        _fill(book.create_sheet(name), table, page.lang, contents.title)
    book.properties.title = page.title
    buffer = BytesIO()
    book.save(buffer)
    moment = page.moment()
    parts = archive.read(buffer.getvalue())
    parts[archive.CORE] = archive.core_properties(page.title, page.tag, moment)
    return archive.write(parts, moment)


def _fill_contents(
    sheet: Worksheet, tables: Sequence[TableData], names: Sequence[str], page: PageInfo
) -> None:
    lang = page.lang
    _write(sheet.cell(1, 1), page.title, lang, size=14, bold=True)
    _write(sheet.cell(2, 1), made_line(page), lang, colour="5A6472")
    if any(table.synthetic for table in tables):
        _write(sheet.cell(3, 1), say("tables.synthetic", lang=lang), lang, bold=True, colour="7A3404")
    if not tables:
        _write(sheet.cell(_HEAD_ROW, 1), say("formats.no_tables", lang=lang), lang)
    else:
        for column, key in enumerate(("sheet", "caption", "rows"), 1):
            label = say(f"formats.{key}", lang=lang)
            _write(sheet.cell(_HEAD_ROW, column), label, lang, bold=True, right=key == "rows")
        for row, (name, table) in enumerate(zip(names, tables, strict=True), _HEAD_ROW + 1):
            _write(sheet.cell(row, 1), name, lang, colour="1F5FA8")
            _link(sheet.cell(row, 1), name)
            _write(sheet.cell(row, 2), table.caption, lang, wrap=True)
            _write(sheet.cell(row, 3), len(table.rows), lang, right=True)
        _three_lines(sheet, _HEAD_ROW, _HEAD_ROW + len(tables), 3)
    for letter, width in (("A", 14), ("B", 60), ("C", 10)):
        sheet.column_dimensions[letter].width = width
    _print_setup(sheet, False)


def _fill(sheet: Worksheet, table: TableData, lang: str, contents: str) -> None:
    _write(sheet.cell(1, 1), table.caption, lang, size=12, bold=True)
    _write(sheet.cell(2, 1), say("formats.back", lang=lang), lang, colour="1F5FA8")
    _link(sheet.cell(2, 1), contents)
    hidden = set(table.suppressed)
    printed = {(mark.row, mark.column): mark.mark for mark in table.marks}
    extra = [_as_printed(table, printed, row, lang) for row in range(len(table.rows))]
    columns = len(table.columns) + any(extra)
    for place, column in enumerate(table.columns, 1):
        _write(
            sheet.cell(_HEAD_ROW, place), column.head, lang, bold=True, wrap=True, right=column.type != "text"
        )
    if any(extra):
        _write(sheet.cell(_HEAD_ROW, columns), say("formats.as_printed", lang=lang), lang, bold=True)
    for i, values in enumerate(table.rows):
        for j, (value, column) in enumerate(zip(values, table.columns, strict=True)):
            cell = sheet.cell(_HEAD_ROW + 1 + i, j + 1)
            shown = "*" if (i, j) in hidden else printed.get((i, j)) if value is None else value
            _write(cell, shown, lang, wrap=column.type == "text", right=column.type != "text")
            if _is_number(shown):
                cell.number_format = _number_format(column, shown)
        if extra[i]:
            _write(sheet.cell(_HEAD_ROW + 1 + i, columns), extra[i], lang, wrap=True)
    last = _HEAD_ROW + len(table.rows)
    _three_lines(sheet, _HEAD_ROW, last, columns)
    for row, note in enumerate(_notes(table, lang), last + 1):
        _write(sheet.cell(row, 1), note, lang, colour="5A6472")
    _set_widths(sheet, last, columns)
    sheet.freeze_panes = sheet.cell(_HEAD_ROW + 1, 2)
    _print_setup(sheet, columns > 6)


def _as_printed(table: TableData, printed: dict[tuple[int, int], str], row: int, lang: str) -> str:
    """Where the report prints a number in words (“about 310,000”), those words beside the number."""
    hidden = set(table.suppressed)
    found = [
        say("formats.printed", {"column": column.label, "text": printed[row, place]}, lang=lang)
        for place, column in enumerate(table.columns)
        if (row, place) in printed and (row, place) not in hidden and table.rows[row][place] is not None
    ]
    return ("；" if lang == "zh" else "; ").join(found)


def _notes(table: TableData, lang: str) -> list[str]:
    notes = list(table.notes)
    if table.suppressed:
        notes.append(say("tables.suppressed", lang=lang))
    if table.synthetic:
        notes.append(say("tables.synthetic", lang=lang))
    return notes


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _number_format(column: ColumnData, value: Raw) -> str:
    digits = column.digits
    if column.type == "integer":
        digits = 0
    elif digits is None:
        digits = 0 if float(value or 0).is_integer() else 2
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    # Percentages are stored as 70, not 0.7: Excel's own percent sign would multiply.
    return f'{pattern}"%"' if column.type == "percent" else pattern


def _write(
    cell: Cell | Any,
    value: Raw,
    lang: str,
    *,
    size: float = 10.5,
    bold: bool = False,
    colour: str = "1C2430",
    wrap: bool = False,
    right: bool = False,
) -> None:
    from openpyxl.styles import Alignment, Font

    if isinstance(value, float) and not isfinite(value):
        value = None
    if isinstance(value, str):
        value = _ILLEGAL.sub("", value)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl would make a formula of what begins with =
        if value.startswith(_FORMULA):
            cell.quotePrefix = True
    cell.font = Font(name=_FACES[lang], size=size, bold=bold, color=colour)
    side = "right" if right else "left"
    cell.alignment = Alignment(horizontal=side, vertical="top", wrap_text=wrap, indent=int(right))


def _link(cell: Any, sheet: str) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink

    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A1")


def _three_lines(sheet: Worksheet, head: int, last: int, columns: int) -> None:
    from openpyxl.styles import Border, Side

    thick, thin = Side("medium", color="000000"), Side("thin", color="000000")
    for column in range(1, columns + 1):
        sheet.cell(head, column).border = Border(top=thick, bottom=thin if last > head else thick)
        if last > head:
            sheet.cell(last, column).border = Border(bottom=thick, top=thin if last == head + 1 else None)


def _set_widths(sheet: Worksheet, last: int, columns: int) -> None:
    from openpyxl.utils import get_column_letter

    for column in range(1, columns + 1):
        texts = [sheet.cell(row, column) for row in range(_HEAD_ROW, last + 1)]
        widest = max((_width(cell) for cell in texts), default=0.0)
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, max(9.0, widest + 2.5))


def _width(cell: Any) -> float:
    if _is_number(cell.value):
        return len(f"{cell.value:,.2f}")
    return sum(2.0 if east_asian_width(char) in "WF" else 1.0 for char in str(cell.value or ""))


def _print_setup(sheet: Worksheet, wide: bool) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if wide else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
