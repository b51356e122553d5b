"""Every kind of file, and everything that can be wrong with one: a clear answer in both languages."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.language import LANGUAGES
from govlab.survey.intake import Limits, read_responses
from tests.survey.exports import make_answers, shipped, wjx, write_csv, write_xlsx
from tests.survey.truth import plain
from tests.survey.xls_file import write_xls

HEADS = ["序号", "提交答卷时间", "所用时间", "20、您的年龄", "21、您的性别"]
ROWS = [
    ["1", "2026/5/1 9:00:00", "100秒", "30—44 岁", "女"],
    ["2", "2026/5/1 9:01:00", "90秒", "不愿回答", "男"],
]


@pytest.fixture(scope="module")
def form():
    return shipped()


def refused(path: Path, form, key: str, **options) -> InputError:
    before = path.read_bytes() if path.exists() else b""
    with pytest.raises(InputError) as caught:
        read_responses(path, form, **options)
    assert [fault.key for fault in caught.value.faults] == [f"survey_intake.{key}"]
    for lang in LANGUAGES:
        text = caught.value.text(lang)
        assert text and "{" not in text
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text.replace(path.name, "")) or lang == "en"
    assert not path.exists() or path.read_bytes() == before
    return caught.value


# -- text files -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_encodings_are_detected_and_stated(form, tmp_path, encoding, said):
    found = read_responses(write_csv(tmp_path / "f.csv", [HEADS, *ROWS], encoding), form)
    assert found.reports[0].encoding == said
    assert plain(found.frame["gender"]) == ["female", "male"]
    assert found.reasons["age"].tolist() == ["", "refused"]


@pytest.mark.parametrize(("sign", "name"), [(",", "f.csv"), ("\t", "f.tsv"), (";", "f.csv")])
def test_separators(form, tmp_path, sign, name):
    path = tmp_path / name
    path.write_text("\n".join(sign.join(row) for row in [HEADS, *ROWS]), encoding="utf-8")
    found = read_responses(path, form)
    assert found.reports[0].separator == sign and plain(found.frame["gender"]) == ["female", "male"]


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "latin-1"])
def test_wrong_encoding(form, tmp_path, encoding):
    words = {
        "big5": "您的性別，請問閣下對社區滿意嗎",
        "shift_jis": "あなたの性別をおしえてください",
        "latin-1": "êtes-vous déçu à Noël",
    }
    path = tmp_path / "f.csv"
    path.write_bytes("\n".join(["a,b", f"1,{words[encoding]}", f"2,{words[encoding]}"]).encode(encoding))
    error = refused(path, form, "file.encoding")
    assert "UTF-8" in error.text("en")


def test_text_that_was_saved_in_the_wrong_encoding(form, tmp_path):
    garbled = "\n".join(",".join(row) for row in [HEADS, *ROWS]).encode("utf-8").decode("gb18030", "replace")
    path = tmp_path / "f.csv"
    path.write_text(garbled, encoding="utf-8")
    refused(path, form, "file.damaged")


def test_text_cut_in_the_middle_of_a_character(form, tmp_path):
    path = write_csv(tmp_path / "f.csv", [HEADS, *ROWS])
    path.write_bytes(path.read_bytes().rstrip()[:-1])
    refused(path, form, "file.text_cut")


def test_a_comma_too_many(form, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("20、您的年龄,21、您的性别\n30—44 岁,女,男\n", encoding="utf-8")
    assert "2" in refused(path, form, "file.too_wide").text("zh")


def test_line_breaks_and_quotes_inside_an_answer(form, tmp_path):
    text = '路灯不亮，\n"晚上"不敢走'
    path = write_csv(
        tmp_path / "f.csv", [[*HEADS, "19、" + form.question("one_change").label.zh], [*ROWS[0], text]]
    )
    assert plain(read_responses(path, form).frame["one_change"]) == [text]


def test_a_binary_file_is_no_text(form, tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(b"a,b\n\x01\x02\x00,1\n")
    refused(path, form, "file.binary")


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


# -- statistics files and Parquet --------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_value_labels_and_declared_missing_values(form, tmp_path, kind):
    import pyreadstat

    path = tmp_path / f"f.{kind}"
    agree = {1: "完全不同意", 2: "不太同意", 3: "说不上同意还是不同意", 4: "比较同意", 5: "完全同意"}
    labels = {"Q1": agree, "Q2": {1: "女", 2: "男"}}
    titles = {
        "Q1": "我觉得自己是这个社区的一员",
        "Q2": "21、您的性别",
        "Q3": "您在这个社区住了多少年？（不满一年填 0）",
    }
    if kind == "sav":
        frame = pd.DataFrame(
            {"Q1": [1.0, 5, 98, 99, np.nan], "Q2": [1.0, 2, 2, 1, 1], "Q3": [3.0, 4, 5, 6, 7]}
        )
        labels["Q1"] = {**agree, 98: "不清楚", 99: "访员漏问"}
        pyreadstat.write_sav(
            frame,
            str(path),
            column_labels=titles,
            variable_value_labels=labels,
            missing_ranges={"Q1": [98, 99]},
        )
    else:
        frame = pd.DataFrame(
            {
                "Q1": pd.array([1, 5, "a", "b", None], dtype=object),
                "Q2": [1, 2, 2, 1, 1],
                "Q3": [3, 4, 5, 6, 7],
            }
        )
        labels["Q1"] = {**agree, "a": "不清楚", "b": "访员漏问"}
        pyreadstat.write_dta(
            frame,
            str(path),
            column_labels=titles,
            variable_value_labels=labels,
            missing_user_values={"Q1": ["a", "b"]},
        )
    found = read_responses(path, form)
    assert plain(found.frame["belong_member"]) == [1.0, 5.0, None, None, None]
    assert found.reasons["belong_member"].tolist() == ["", "", "dont_know", "user_missing", "blank"]
    assert plain(found.frame["gender"]) == ["female", "male", "male", "female", "female"]
    assert found.frame["years_here"].tolist() == [3.0, 4.0, 5.0, 6.0, 7.0]


def test_labels_that_are_not_ours_are_not_guessed(form, tmp_path):
    import pyreadstat

    path = tmp_path / "f.sav"
    frame = pd.DataFrame({"gender": [1.0, 2.0]})
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"gender": {1: "Sí", 2: "No"}})
    found = read_responses(path, form)
    assert found.reasons["gender"].tolist() == ["unknown_value", "unknown_value"]


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_statistics_file_cut_off(form, tmp_path, kind):
    import pyreadstat

    path = tmp_path / f"f.{kind}"
    write = pyreadstat.write_sav if kind == "sav" else pyreadstat.write_dta
    write(pd.DataFrame({"gender": [1.0, 2.0] * 50}), str(path))
    path.write_bytes(path.read_bytes()[:200])
    refused(path, form, "file.stat_broken")


def test_parquet_of_somebody_else(form, tmp_path):
    import fastparquet

    path = tmp_path / "f.parquet"
    frame = pd.DataFrame(
        {
            "gender": pd.Categorical(["female", "male", None]),
            "years_here": [1.5, None, 3],
            "sat_overall": ["很满意", "7", None],
        }
    )
    frame["sat_overall"] = frame["sat_overall"].astype(object)
    fastparquet.write(str(path), frame, object_encoding="utf8", write_index=False)
    found = read_responses(path, form)
    assert plain(found.frame["gender"]) == ["female", "male", None]
    assert plain(found.frame["years_here"]) == [1.5, None, 3.0]
    assert plain(found.frame["sat_overall"]) == [5.0, None, None]
    path.write_bytes(path.read_bytes()[:100])
    refused(path, form, "file.truncated")


def test_clean_parquet_reads_back_as_it_was(form, tmp_path):
    from govlab.survey.responses import read_clean

    found = read_responses(write_csv(tmp_path / "f.csv", wjx(form, make_answers(form, 30, 2), "words")), form)
    path = tmp_path / "clean.parquet"
    found.write(path)
    again = [read_clean(path, form), read_responses(path, form)]
    for other in again:
        pd.testing.assert_frame_equal(found.frame, other.frame)
        pd.testing.assert_frame_equal(found.reasons, other.reasons)
        pd.testing.assert_frame_equal(found.flags, other.flags)
    first = path.read_bytes()
    found.write(path)
    assert path.read_bytes() == first
    with pytest.raises(InputError, match="not to other"):
        read_clean(path, form.model_copy(update={"form_id": "other"}))


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
