from collections.abc import Callable
from io import BytesIO
from typing import Any

import nbformat
import pytest
from openpyxl import Workbook, load_workbook

from govlab.reports.formats import archive
from govlab.reports.formats.sheets import xlsx
from govlab.reports.formats.table_data import MIME

Build = Callable[[str], Any]


@pytest.fixture
def content(sample: Build, page: Build, lang: str) -> bytes:
    return xlsx(sample(lang), page(lang))


@pytest.fixture
def book(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def one_table(page: Build, lang: str = "en", **changes: Any) -> Any:
    table = {
        "caption": "T",
        "columns": [{"key": "a", "label": "A", "type": "number"}],
        "rows": [[1.5]],
    } | changes
    output = nbformat.v4.new_output("display_data", {"text/html": "", MIME: table})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    return load_workbook(BytesIO(xlsx(notebook, page(lang)))).worksheets[1]


def test_a_sheet_for_each_table_and_contents_first(book: Workbook, lang: str) -> None:
    assert book.sheetnames == (["目录", "表 1"] if lang == "zh" else ["Contents", "Table 1"])
    contents = book.worksheets[0]
    assert contents["A5"].hyperlink.location == f"'{book.sheetnames[1]}'!A1"
    assert contents["C5"].value == 6
    assert "3f9ca1b2" in contents["A2"].value


def test_numbers_are_numbers_with_their_format(book: Workbook) -> None:
    sheet = book.worksheets[1]
    assert (sheet["B6"].value, sheet["B6"].number_format) == (310000, "#,##0")
    assert (sheet["C7"].value, sheet["C7"].number_format) == (pytest.approx(22.0408), "#,##0.0")
    assert (sheet["D8"].value, sheet["D8"].number_format) == (pytest.approx(37.7778), '#,##0.0"%"')
    assert sheet["C5"].value is None


def test_what_the_report_prints_in_words_stands_beside(book: Workbook, lang: str) -> None:
    sheet = book.worksheets[1]
    assert sheet["G6"].value == ("数值：约 310,000" if lang == "zh" else "Value: about 310,000")
    assert sheet["G5"].value is None


def test_a_formula_in_the_data_stays_text(book: Workbook, content: bytes) -> None:
    cell = book.worksheets[1]["A9"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=SUM(A1:A9)", "s", True)
    assert b"<f>" not in archive.read(content)["xl/worksheets/sheet2.xml"]


@pytest.mark.parametrize("text", ["+1", "-1", "@cmd", "=1+1", "\t=1"])
def test_every_formula_sign_is_neutral(page: Build, text: str) -> None:
    sheet = one_table(page, columns=[{"key": "a", "label": "A"}], rows=[[text]], caption="=cmd")
    assert (sheet["A5"].data_type, sheet["A5"].quotePrefix) == ("s", True)
    assert sheet["A1"].data_type == "s"


def test_a_withheld_cell_holds_a_star_whatever_came(page: Build) -> None:
    sheet = one_table(
        page, suppressed=[[0, 0]], rows=[[7.25]], marks=[{"row": 0, "column": 0, "mark": "seven"}]
    )
    values = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert sheet["A5"].value == "*"
    assert 7.25 not in values
    assert not any("seven" in str(value) for value in values)
    assert any(str(value).startswith("* Withheld") for value in values)


def test_a_mark_without_a_number_takes_the_cell(page: Build) -> None:
    sheet = one_table(page, rows=[[None]], marks=[{"row": 0, "column": 0, "mark": "not stated"}])
    assert sheet["A5"].value == "not stated"


def test_three_lines(book: Workbook) -> None:
    sheet = book.worksheets[1]
    assert (sheet["A4"].border.top.style, sheet["A4"].border.bottom.style) == ("medium", "thin")
    assert sheet["G10"].border.bottom.style == "medium"
    assert sheet["A6"].border.bottom.style is None
    assert sheet.print_title_rows == "$4:$4"


def test_synthetic_data_say_so_on_both_sheets(page: Build) -> None:
    table = one_table(page, synthetic=True, notes=["a note"])
    texts = [cell.value for row in table.iter_rows() for cell in row]
    assert "a note" in texts
    assert any(str(text).startswith("Synthetic data") for text in texts)
    contents = table.parent.worksheets[0]
    assert str(contents["A3"].value).startswith("Synthetic data")


def test_odd_values_do_not_break_the_file(page: Build) -> None:
    sheet = one_table(page, rows=[[float("inf")], ["a\x00b\x1f"], [True]])
    assert [sheet.cell(row, 1).value for row in (5, 6, 7)] == [None, "ab", True]


def test_a_report_without_tables_says_so(page: Build) -> None:
    book = load_workbook(BytesIO(xlsx(nbformat.v4.new_notebook(), page("zh"))))
    assert book.sheetnames == ["目录"]
    assert book.worksheets[0]["A4"].value == "本报告没有表格。"
