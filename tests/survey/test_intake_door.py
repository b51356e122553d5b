"""The door for a study folder: one page a person can act on, clean files, the export untouched."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.language import LANGUAGES
from govlab.survey.intake import run_door
from govlab.survey.responses import read_clean
from tests.survey.exports import SHIPPED, make_answers, shipped, tencent, wjx, write_csv, write_xlsx


@pytest.fixture(scope="module")
def form():
    return shipped()


def test_a_whole_study(form, tmp_path):
    one = write_xlsx(tmp_path / "一.xlsx", wjx(form, make_answers(form, 40, 1), "words"))
    other = write_csv(tmp_path / "二.csv", wjx(form, make_answers(form, 30, 2), "places", month=6), "gb18030")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (one, other)}
    result = run_door(
        SHIPPED,
        [one, other],
        tmp_path / "out",
        mapping=tmp_path / "mapping.xlsx",
        plan={"example-a": 20, "example-b": 25},
    )
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (one, other)} == before
    assert len(result.responses) == 70 and result.responses.frame["respondent"].is_unique
    assert result.responses.frame["respondent"].iloc[0] == "一:1"
    again = read_clean(result.written["responses"], form)
    pd.testing.assert_frame_equal(again.frame, result.responses.frame)
    pd.testing.assert_frame_equal(again.flags, result.responses.flags)
    assert {"speeder", "straight_line", "impossible"} <= set(again.flags.columns)
    zh, en = result.page("zh"), result.page("en")
    assert "读入 40 行" in zh and "GB18030" in zh and "按序号" in zh and "计划 20" in zh
    assert (
        "30 rows" in en
        and "options as text" in en
        and "2 personal columns dropped" in en
        and "planned 25" in en
    )
    assert "{" not in zh + en
    page = result.written["page"].read_text(encoding="utf-8")
    assert zh in page and en in page
    record = json.loads(result.written["record"].read_text(encoding="utf-8"))
    assert record["rows"] == 70 and [len(file["sha256"]) for file in record["files"]] == [64, 64]


def test_quality_workbook(form, tmp_path):
    from openpyxl import load_workbook

    path = write_csv(tmp_path / "f.csv", wjx(form, make_answers(form, 20, 1), "words"))
    result = run_door(form, [path], tmp_path / "out")
    book = load_workbook(result.written["quality"])
    assert book.sheetnames == ["missing", "repeats", "straight", "impossible", "zones", "groups", "excluded"]
    heads = [cell.value for cell in book["missing"][1]]
    assert heads[:3] == ["item", "zh", "en"] and "not_asked" in heads


def test_both_forms_of_one_survey_in_one_folder(form, tmp_path):
    answers = make_answers(form, 20, 1)
    files = [
        write_xlsx(tmp_path / "a.xlsx", wjx(form, answers, "words")),
        write_csv(tmp_path / "b.csv", wjx(form, answers, "places")),
    ]
    with pytest.raises(InputError) as caught:
        run_door(form, files, tmp_path / "out")
    (fault,) = caught.value.faults
    assert fault.key == "survey_intake.file.same_survey" and "a.xlsx" in caught.value.text("zh")
    assert not (tmp_path / "out").exists()


def test_two_platforms_side_by_side(form, tmp_path):
    files = [
        write_csv(tmp_path / "a.csv", wjx(form, make_answers(form, 15, 1), "words")),
        write_csv(tmp_path / "b.csv", tencent(form, make_answers(form, 15, 2))),
    ]
    result = run_door(form, files, tmp_path / "out")
    assert [report.platform for report in result.responses.reports] == ["wjx", "tencent"]
    assert result.responses.frame["file"].value_counts().to_dict() == {"a.csv": 15, "b.csv": 15}


def test_faults_of_all_files_come_at_once(form, tmp_path):
    empty = tmp_path / "a.csv"
    empty.write_bytes(b"")
    with pytest.raises(InputError) as caught:
        run_door(form, [empty, tmp_path / "b.csv"], tmp_path / "out")
    assert [fault.key for fault in caught.value.faults] == [
        "survey_intake.file.empty",
        "survey_intake.file.missing",
    ]
    with pytest.raises(InputError) as caught:
        run_door(form, [], tmp_path / "out")
    assert all(".xlsx" in caught.value.text(lang) for lang in LANGUAGES)


def test_declared_exclusions_are_counted(form, tmp_path):
    answers = make_answers(form, 20, 1)
    answers[9] = dict(answers[0])
    path = write_csv(tmp_path / "f.csv", wjx(form, answers, "words"))
    result = run_door(form, [path], tmp_path / "out", exclude={"duplicate": "第二次提交"})
    assert len(result.responses) == 19
    (left_out,) = result.quality.excluded
    assert (left_out.rule, left_out.reason, left_out.n) == ("duplicate", "第二次提交", 1)
    assert "第二次提交" in result.page("zh")
    assert read_clean(result.written["responses"], form).excluded == result.responses.excluded
