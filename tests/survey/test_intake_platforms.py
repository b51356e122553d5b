"""The same answers through the door in every form that platforms write them in."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from govlab.survey.intake import read_responses
from tests.survey.exports import make_answers, shipped, tencent, wjx, write_csv, write_xlsx
from tests.survey.truth import expected, plain
from tests.survey.xls_file import write_xls


@pytest.fixture(scope="module")
def form():
    return shipped()


@pytest.fixture(scope="module")
def answers(form):
    return make_answers(form, 80, 7)


@pytest.fixture(scope="module")
def by_form(form, answers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports")
    files = {
        "words": write_xlsx(folder / "文本.xlsx", wjx(form, answers, "words")),
        "places": write_csv(folder / "序号.csv", wjx(form, answers, "places"), "gb18030"),
        "tencent": write_csv(folder / "腾讯.csv", tencent(form, answers), "utf-8-sig"),
        "xls": write_xls(folder / "旧.xls", [[float(cell) if cell.isdecimal() else cell for cell in row] for row in wjx(form, answers, "places")]),
    }  # fmt: skip
    return {name: read_responses(path, form) for name, path in files.items()}


@pytest.mark.parametrize("name", ["words", "places", "tencent", "xls"])
def test_every_answer_and_every_reason(by_form, form, answers, name):
    found = by_form[name]
    for column in form.owners:
        values, reasons = expected(form, answers, column)
        assert plain(found.frame[column]) == values, column
        assert found.reasons[column].tolist() == reasons, column


def test_both_forms_of_one_survey_give_identical_data(by_form):
    one, other = by_form["words"], by_form["places"]
    columns = list(one.reasons.columns)
    pd.testing.assert_frame_equal(one.frame[columns], other.frame[columns])
    pd.testing.assert_frame_equal(one.reasons, other.reasons)
    pd.testing.assert_frame_equal(one.flags, other.flags)
    rest = ["respondent", "submitted", "seconds", "source"]
    pd.testing.assert_frame_equal(one.frame[rest], other.frame[rest])


def test_what_the_file_was_taken_for(by_form):
    said = {name: by_form[name].reports[0] for name in by_form}
    assert [(said[n].platform, said[n].form, said[n].written) for n in ("words", "places", "tencent", "xls")] == [
        ("wjx", "xlsx", "words"), ("wjx", "csv", "places"), ("tencent", "csv", "words"), ("wjx", "xls", "places"),
    ]  # fmt: skip
    assert said["places"].encoding == "gb18030" and said["tencent"].encoding == "utf-8-sig"
    assert said["words"].sheet == "Sheet1"
    for report in said.values():
        assert not report.held and not report.unmatched and not report.unknown and not report.absent


def test_row_columns(by_form):
    frame = by_form["words"].frame
    assert frame["respondent"].tolist()[:3] == ["1", "2", "3"]
    assert frame["submitted"].iloc[0] == pd.Timestamp("2026-05-01 09:00:07")
    assert frame["seconds"].iloc[4] == 204.0 and frame["source"].iloc[0] == "微信"
    assert by_form["tencent"].frame["seconds"].iloc[2] == 302.0


def test_twin_tables_are_told_apart_by_order_and_that_is_said(by_form):
    matches = by_form["places"].reports[0].matches
    twins = {match.target.question for match in matches if match.how == "order"}
    assert len(twins) == 12 and all(name.startswith(("sat_", "imp_")) for name in twins)
    assert set(by_form["places"].reports[0].by_place) >= {"gender", "sat_overall"}


def test_twin_tables_out_of_order_are_held(form, answers, tmp_path):
    rows = wjx(form, answers[:20], "places")
    # Somebody moved the question on gender to the front: the order no longer says which table is which.
    at = next(place for place, head in enumerate(rows[0]) if "您的性别" in head)
    moved = [
        [row[at] if place == 6 else row[place - (6 < place <= at)] for place in range(len(row))]
        for row in rows
    ]
    moved[0] = [_shifted(head) for head in moved[0]]
    moved[0][6] = "1、您的性别"
    found = read_responses(write_csv(tmp_path / "f.csv", moved), form)
    report = found.reports[0]
    held = {match.head for match in report.held}
    assert any("物业服务" in head for head in held)
    assert set(found.reasons["sat_market_property"]) | set(found.reasons["imp_market_property"]) <= {
        "not_confirmed",
        "no_column",
    }
    assert found.frame["gender"].notna().any()


def _shifted(head: str) -> str:
    return re.sub(r"^(第?)(\d+)(题|、)", lambda hit: f"{hit[1]}{int(hit[2]) + 1}{hit[3]}", head)


def test_full_width_digits_and_nested_brackets(form, tmp_path):
    heads = [
        "序号",
        "提交答卷时间",
        "所用时间",
        "７、您在这个社区住了多少年？（不满一年填 0）",
        "第10题(文体活动（含广场舞、书画班）)",
    ]
    heads += ["10、(居民会议、议事协商会)", "10、(其他【请注明】)"]
    rows = [
        ["１", "2026/5/1 9:00", "３２６秒", "１２", "１", "０", "1〖下棋（象棋）〗"],
        ["2", "2026/5/1 9:01", "5分26秒", "3岁", "-3", "-3", "-3"],
    ]
    found = read_responses(write_csv(tmp_path / "f.csv", [heads, *rows]), form)
    assert found.frame["years_here"].tolist()[0] == 12.0
    assert found.reasons["years_here"].tolist() == ["", "unreadable"]
    assert found.frame["seconds"].tolist() == [326.0, 326.0]
    assert found.frame["took_part__culture"].tolist()[0] == 1.0
    assert found.frame["took_part__meeting"].tolist()[0] == 0.0
    assert found.frame["took_part__text"].tolist()[0] == "下棋（象棋）"
    assert found.reasons["took_part__culture"].tolist()[1] == "not_asked"
    assert found.reasons["took_part__volunteer"].tolist() == ["no_column", "no_column"]
    assert [(one.question, one.value, one.n) for one in found.reports[0].unknown] == [
        ("years_here", "3岁", 1)
    ]


def test_odk_names_and_codes(form, tmp_path):
    heads = [
        "SubmissionDate",
        "meta-instanceID",
        "asked-zone",
        "asked-belonging-belong_member",
        "asked-took_part",
        "asked-spend",
        "asked-age",
    ]
    rows = [
        ["2026-05-01T09:00:00Z", "uuid:1", "example-a", "8", "meeting culture", "repair green", "18_29"],
        ["2026-05-01T09:00:00Z", "uuid:2", "example-b", "4", "", "", "99"],
    ]
    found = read_responses(write_csv(tmp_path / "f.csv", [heads, *rows]), form)
    assert found.reports[0].platform == "odk" and found.frame["respondent"].tolist() == ["uuid:1", "uuid:2"]
    assert (
        found.reasons["belong_member"].tolist() == ["dont_know", ""]
        and found.frame["belong_member"].tolist()[1] == 4.0
    )
    assert (
        found.frame["took_part__culture"].tolist()[0] == 1.0
        and found.frame["took_part__online"].tolist()[0] == 0.0
    )
    assert (
        found.frame["spend__repair"].tolist()[0] == 1.0
        and found.reasons["spend__safety"].tolist()[0] == "not_ranked"
    )
    assert found.reasons["age"].tolist() == ["", "unknown_value"]


def test_numbers_among_words_are_not_taken_for_places(form, tmp_path):
    heads = ["序号", "提交答卷时间", "所用时间", "21、您的性别"]
    rows = [["1", "", "", "女"], ["2", "", "", "男"], ["3", "", "", "1"]]
    found = read_responses(write_csv(tmp_path / "f.csv", [heads, *rows]), form)
    assert plain(found.frame["gender"]) == ["female", "male", None]
    assert found.reasons["gender"].tolist() == ["", "", "unknown_value"]


def test_outside_a_platform_a_number_is_a_name_and_no_place(form, tmp_path):
    rows = [["education", "gender"], ["3", "1"], ["9", "female"], ["-3", "男"]]
    found = read_responses(write_csv(tmp_path / "f.csv", rows), form)
    assert plain(found.frame["education"]) == [3.0, None, None]
    assert found.reasons["education"].tolist() == ["", "refused", "unknown_value"]
    # "1" is neither a name nor words; "female" is the English label, in another letter case.
    assert found.reasons["gender"].tolist() == ["unknown_value", "", ""]


def test_whoever_did_not_consent_has_not_answered(form, answers, tmp_path):
    rows = wjx(form, answers[:12], "words")
    at = next(place for place, head in enumerate(rows[0]) if "愿意参加" in head)
    rows[3][at] = "我不参加"
    panel = next(place for place, head in enumerate(rows[0]) if "调查编码把两次" in head)
    rows[5][panel] = "否"
    found = read_responses(write_csv(tmp_path / "f.csv", rows), form)
    assert found.reports[0].no_consent == 1 and len(found) == 12
    assert found.frame.loc[2, list(found.columns)].drop("consent").isna().all()
    assert set(found.reasons.loc[2].drop("consent")) == {"no_consent"}
    assert (
        found.reasons.loc[4, "study_code"] == "no_consent" and found.frame["study_code"].notna().sum() == 10
    )
