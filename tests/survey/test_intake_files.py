"""Every kind of file, and everything that can be wrong with one: a clear answer in both languages."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from govlab.language import LANGUAGES
from govlab.survey.intake import Limits, read_responses
from tests.survey.exports import shipped, write_csv, write_xlsx
from tests.survey.small_export import HEADS, ROWS, refused
from tests.survey.truth import plain
from tests.survey.xls_file import write_xls


@pytest.fixture(scope="module")
def form():
    return shipped()


# -- empty, cut off, locked, not what it says --------------------------------------------------------


@pytest.mark.parametrize("name", ["f.csv", "f.xlsx", "f.sav", "f.parquet", "f.dta"])
def test_empty_file(form, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"")
    refused(path, form, "file.empty")


def test_no_file(form, tmp_path):
    refused(tmp_path / "f.csv", form, "file.missing")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
def test_header_only(form, tmp_path, kind):
    write = {"csv": write_csv, "xlsx": write_xlsx, "xls": write_xls}[kind]
    refused(write(tmp_path / f"f.{kind}", [HEADS]), form, "file.no_rows")
    refused(write(tmp_path / f"g.{kind}", [HEADS, ["", " ", None, "", ""]]), form, "file.no_rows")


def test_empty_sheet(form, tmp_path):
    refused(write_xlsx(tmp_path / "f.xlsx", []), form, "file.empty")


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_truncated_workbook(form, tmp_path, share):
    path = write_xlsx(tmp_path / "f.xlsx", [HEADS, *ROWS * 200])
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    refused(path, form, "file.truncated")


def test_damaged_part_of_a_workbook(form, tmp_path):
    path = write_xlsx(tmp_path / "f.xlsx", [HEADS, *ROWS * 500])
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(path.read_bytes())
    start = part.header_offset + 30 + len(part.filename) + 40
    data[start : start + 60] = b"\xff" * 60
    path.write_bytes(bytes(data))
    refused(path, form, "file.truncated")


@pytest.mark.parametrize(("name", "text", "key"), [
    ("f.xls", "<html><table><tr><td>1</td></tr></table></html>", "file.html"),
    ("f.xlsx", "a,b\n1,2\n", "file.not_what"),
    ("f.sav", "a,b\n1,2\n", "file.not_what"),
])  # fmt: skip
def test_contents_of_another_kind(form, tmp_path, name, text, key):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    refused(path, form, key)


def test_the_ending_of_a_name_does_not_matter_where_the_content_is_known(form, tmp_path):
    path = write_xlsx(tmp_path / "f.xlsx", [HEADS, *ROWS])
    other = path.rename(tmp_path / "f.csv")
    assert read_responses(other, form).reports[0].form == "xlsx"


def test_rows_without_content_are_no_respondents_and_rows_keep_their_numbers(form, tmp_path):
    path = write_csv(tmp_path / "f.csv", [HEADS[3:], ["", ""], ROWS[0][3:], [" ", ""], ROWS[1][3:]])
    assert read_responses(path, form).frame["respondent"].tolist() == ["3", "5"]


def test_merged_header_rows(form, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["", "", "", "背景", ""])
    sheet.append(HEADS)
    for row in ROWS:
        sheet.append(row)
    sheet.merge_cells("D1:E1")
    path = tmp_path / "f.xlsx"
    book.save(path)
    assert "D1:E1" in refused(path, form, "file.merged").text("zh")
    assert plain(read_responses(path, form, header_row=2).frame["gender"]) == ["female", "male"]


def test_heads_in_two_rows_of_a_text_file(form, tmp_path):
    path = write_csv(tmp_path / "f.csv", [["背景", "", "", "", ""], HEADS, *ROWS])
    refused(path, form, "file.heads_missing")


def test_a_sheet_by_name(form, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "说明"
    book.active.append(["这是说明"])
    sheet = book.create_sheet("数据")
    for row in [HEADS, *ROWS]:
        sheet.append(row)
    book.save(tmp_path / "f.xlsx")
    refused(tmp_path / "f.xlsx", form, "file.no_sheet", sheet="data")
    assert len(read_responses(tmp_path / "f.xlsx", form, sheet="数据")) == 2


def test_another_survey(form, tmp_path):
    refused(write_csv(tmp_path / "f.csv", [["颜色", "大小"], ["红", "3"]]), form, "file.nothing_matches")


def test_repeated_ids(form, tmp_path):
    path = write_csv(tmp_path / "f.csv", [HEADS, *ROWS, ROWS[0]])
    text = refused(path, form, "file.repeated_ids").text("en")
    assert "2, 4" in text
    found = read_responses(path, form, repeated_ids="flag")
    assert found.flags["same_id"].tolist() == [False, False, True] and found.frame["respondent"].is_unique


# -- bombs ------------------------------------------------------------------------------------------


def bomb(path: Path, size: int, *, declared: int | None = None) -> Path:
    """A workbook whose sheet is ``size`` blanks; ``declared`` lies about it in every header."""
    write_xlsx(path, [HEADS, *ROWS])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<sheetData>", b"<sheetData>" + b" " * size)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, sheet if name.endswith("sheet1.xml") else data)
    if declared is not None:
        data = path.read_bytes().replace(struct.pack("<I", len(sheet)), struct.pack("<I", declared))
        path.write_bytes(data)
    return path


def test_a_bomb_is_refused_before_it_unfolds(form, tmp_path):
    text = refused(bomb(tmp_path / "f.xlsx", 60_000_000), form, "file.bomb").text("en")
    assert "100" in text


def test_a_bomb_that_lies_about_its_size(form, tmp_path):
    refused(bomb(tmp_path / "f.xlsx", 60_000_000, declared=1000), form, "file.bomb")


def test_limits_can_be_set(form, tmp_path):
    path = bomb(tmp_path / "f.xlsx", 3_000_000)
    assert len(read_responses(path, form)) == 2  # below 50 MB the ratio does not matter
    refused(path, form, "file.bomb", limits=Limits(ratio_from=1_000_000))
    refused(path, form, "file.too_big", limits=Limits(most=2_000_000))
    assert len(read_responses(path, form, limits=Limits(ratio=1e9, ratio_from=1_000_000))) == 2


def test_a_text_file_over_the_limit(form, tmp_path):
    refused(write_csv(tmp_path / "f.csv", [HEADS, *ROWS]), form, "file.too_big", limits=Limits(most=10))


# -- formulas and scripts ---------------------------------------------------------------------------


def test_formula_and_script_in_an_answer_are_words(form, tmp_path):
    heads = [*HEADS, "19、" + form.question("one_change").label.zh]
    answers = ['=HYPERLINK("http://x")', "<script>alert(1)</script>"]
    rows = [[*row, answer] for row, answer in zip(ROWS, answers, strict=True)]
    found = read_responses(write_csv(tmp_path / "f.csv", [heads, *rows]), form)
    assert plain(found.frame["one_change"]) == answers
    notes = {fault.key: fault for fault in found.reports[0].notes}
    assert set(notes) == {"survey_intake.note.formula_answers", "survey_intake.note.script_answers"}
    for lang in LANGUAGES:
        assert "2" in notes["survey_intake.note.formula_answers"].text(lang)
        assert "3" in notes["survey_intake.note.script_answers"].text(lang)


def test_real_formulas_of_a_workbook_are_said(form, tmp_path):
    path = write_xlsx(tmp_path / "f.xlsx", [HEADS, *ROWS, ["3", "", "", "=1+1", "女"]])
    found = read_responses(path, form)
    assert [fault.key for fault in found.reports[0].notes] == ["survey_intake.note.formulas"]


def test_the_archive_check_reads_stored_and_deflated_parts(tmp_path):
    from govlab.survey.intake.archive import check_archive

    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"x" * 1000)
        archive.writestr("b", b"y" * 2000, zipfile.ZIP_DEFLATED)
        archive.writestr(
            "xl/worksheets/sheet1.xml", b"<c><f>1</f></c><c><f t='x'/></c><foo>", zipfile.ZIP_DEFLATED
        )
    assert check_archive(path, Limits()).size == 3000 + 37
    assert check_archive(path, Limits()).formulas == 2
