"""Exports read back equal, in every kind of file; nothing in them runs, nobody in them stands out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.data.workbook import as_typed, book_bytes, harmless, runs
from govlab.errors import InputError
from govlab.language import LANGUAGES
from govlab.survey.anonymity import k_anonymity, require
from govlab.survey.export import SUFFIXES, export
from govlab.survey.intake import read_responses
from govlab.survey.xlsform import read_questionnaire
from tests.survey.exports import make_answers, shipped, wjx, write_csv
from tests.survey.test_questionnaire import book

FORMULA = '=HYPERLINK("http://x";"+1")'


@pytest.fixture(scope="module")
def form():
    return shipped()


@pytest.fixture(scope="module")
def responses(form, tmp_path_factory):
    rows = wjx(form, make_answers(form, 40, 1), "words")
    at = next(place for place, head in enumerate(rows[0]) if head.startswith("19、"))
    for row, text in zip(
        rows[1:], [FORMULA, "'=1", "@x", "-3", "长" * 3000, "两行\n字", "\ttab"], strict=False
    ):
        row[at] = text
    return read_responses(write_csv(tmp_path_factory.mktemp("raw") / "f.csv", rows), form)


@pytest.fixture(scope="module")
def design():
    rows = np.arange(40)
    return pd.DataFrame(
        {"weight": rows / 7 + 0.5, "stratum": pd.array([f"层{row % 3}" for row in rows], dtype="str"), "psu": pd.array([f"{row // 4:03d}" for row in rows], dtype="str"),
         "fpc": rows * 0.0 + 900}
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_reads_back_equal(responses, design, form, tmp_path, suffix, lang):
    path = export(
        responses, tmp_path / f"x{suffix}", design=design, lang=lang, open_text="include", times="include"
    ).path
    again = read_responses(path, form)
    columns = list(responses.frame.columns)
    pd.testing.assert_frame_equal(again.frame[columns], responses.frame)
    pd.testing.assert_frame_equal(again.reasons, responses.reasons)
    pd.testing.assert_frame_equal(again.flags, responses.flags)
    pd.testing.assert_frame_equal(again.frame[list(design.columns)], design)
    assert set(again.carried) == set(design.columns)
    assert not again.reports or not (
        again.reports[0].held or again.reports[0].unknown or again.reports[0].personal
    )


def test_open_text_and_times_stay_here_unless_asked_for(responses, form, tmp_path):
    for suffix in SUFFIXES:
        path = export(responses, tmp_path / f"x{suffix}").path
        again = read_responses(path, form)
        if suffix == ".parquet":
            assert "one_change" not in again.frame and "submitted" not in again.frame
        else:
            assert set(again.reasons["one_change"]) == {"no_column"} and again.frame["submitted"].isna().all()
        assert again.frame["study_code"].notna().all()
        assert (
            "路灯".encode() not in path.read_bytes() and "路灯".encode("utf-16-le") not in path.read_bytes()
        )


def test_labels_in_a_statistics_file(responses, tmp_path):
    import pyreadstat

    _, zh = pyreadstat.read_sav(str(export(responses, tmp_path / "x.sav").path), user_missing=True)
    assert zh.variable_value_labels["belong_member"][5.0] == "完全同意"
    assert "不知道" in zh.variable_value_labels["belong_member"].values()
    assert zh.column_names_to_labels["sat_market_property"] == "您对下面各项服务满意吗？—物业服务"
    assert zh.variable_measure["belong_member"] == "ordinal" and zh.variable_measure["gender"] == "nominal"
    assert zh.missing_ranges["belong_member"]
    frame, _ = pyreadstat.read_sav(str(tmp_path / "x.sav"))  # as SPSS shows it: reasons are missing
    assert np.nanmin(frame["belong_member"]) >= 1
    _, en = pyreadstat.read_dta(str(export(responses, tmp_path / "x.dta", lang="en").path), user_missing=True)
    assert en.variable_value_labels["gender"][1] == "Female"
    assert set(en.missing_user_values["belong_member"]) <= set("abcdefghijklm")


def test_workbook_for_people(responses, form, tmp_path):
    from openpyxl import load_workbook

    path = export(responses, tmp_path / "x.xlsx", open_text="include").path
    loaded = load_workbook(path)
    assert loaded.sheetnames == ["data", "labels", "reasons", "codebook"]
    heads = [cell.value for cell in loaded["labels"][1]]
    at = heads.index("belong_member")
    words = {row[at].value for row in loaded["labels"].iter_rows(min_row=2)} - {None}
    assert words <= {option.label.zh for option in form.question("belong_member").inside}
    codes = {row[0].value: row for row in loaded["codebook"].iter_rows(min_row=2)}
    assert (
        codes["belong_stranger"][5].value == "yes"
        and "5 = 完全同意 / Strongly agree" in codes["belong_member"][6].value
    )


def test_no_cell_runs_as_a_formula(responses, tmp_path):
    from openpyxl import load_workbook

    loaded = load_workbook(export(responses, tmp_path / "x.xlsx", open_text="include").path)
    seen = 0
    for sheet in loaded.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str):
                    assert not cell.value.startswith(("=", "+", "-", "@", "\t", "\r")), cell.value
                    seen += "HYPERLINK" in cell.value
    assert seen == 2


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("'=+-@\t\r a1中"), max_size=8))
def test_harmless_text_can_be_undone(text):
    safe = harmless(text)
    assert not runs(safe) and not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_typed(safe) == text


def test_control_signs_do_not_break_a_workbook(tmp_path):
    from openpyxl import Workbook

    made = Workbook()
    made.active.append([harmless("a\x00b\x0bc\ud800")])
    assert book_bytes(made) == book_bytes(made) and harmless("a\x00b\x0bc\ud800") == "abc"


# -- fractions, negative numbers, long names --------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_numbers_of_every_kind_and_long_names(tmp_path, suffix):
    long = "a_name_that_is_much_longer_than_stata_would_ever_take"
    choices = [
        ["yn", f"option_with_a_long_name_{number}", f"选{number}", f"Option {number}"] for number in range(3)
    ]
    other = read_questionnaire(
        book(
            tmp_path / "f.xlsx",
            [
                ["decimal", "x", "数", "X"],
                ["integer", "t", "温度", "T"],
                ["date", "d", "日期", "D"],
                ["select_multiple yn", long, "多选", "Several"],
            ],
            choices,
        )
    )
    heads = ["x", "t", "d", *(f"{long}__option_with_a_long_name_{number}" for number in range(3))]
    rows = [
        ["1.25", "-3", "2026-05-01", "1", "0", "1"],
        ["-2000.5", "-150", "", "0", "1", "0"],
        ["", "x", "2026/5/2", "", "", ""],
    ]
    found = read_responses(write_csv(tmp_path / "f.csv", [heads, *rows]), other)
    assert found.frame["x"].tolist()[:2] == [1.25, -2000.5] and found.reasons["t"].tolist() == [
        "",
        "",
        "unreadable",
    ]
    again = read_responses(export(found, tmp_path / f"y{suffix}").path, other)
    pd.testing.assert_frame_equal(again.frame[list(found.columns)], found.frame[list(found.columns)])
    pd.testing.assert_frame_equal(again.reasons, found.reasons)


# -- refusals ---------------------------------------------------------------------------------------


def refused(call, key):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.faults[0].key == f"survey_intake.export.{key}"
    return [caught.value.text(lang) for lang in LANGUAGES]


def test_refusals_leave_no_file(responses, design, tmp_path):
    path = tmp_path / "x.xlsx"
    assert ".sav" in refused(lambda: export(responses, tmp_path / "x.doc"), "suffix")[0]
    refused(lambda: export(responses, path, design=design.head(3)), "design_rows")
    refused(lambda: export(responses, path, design=design.assign(seconds=1.0)), "clash")
    refused(lambda: export(responses, path, quasi_identifiers=["gendre"]), "no_column")
    zh, en = refused(lambda: export(responses, path, quasi_identifiers=["age", "gender", "community"]), "k")
    assert "age, gender, community" in zh and "fewer than 5" in en
    assert not list(tmp_path.iterdir())


def test_k_anonymity_counts_by_hand(tmp_path):
    frame = pd.DataFrame(
        {"age": ["30", "30", "30", "60", "60", None], "zone": list("aaabbb"), "job": ["x"] * 6}
    )
    found = k_anonymity(frame, ["age", "zone"], 3)
    assert (found.smallest, found.exposed, found.cells, found.holds) == (1, 3, 2, False)
    assert found.without == {"age": 0, "zone": 3}
    assert k_anonymity(frame, ["zone", "job"], 3).holds
    assert "smallest combination 1" in found.summary() and len(found.to_frame()) == 2
    require(frame, ["zone"], 3)
    with pytest.raises(InputError, match="column that matters most is age"):
        require(frame, ["age", "zone"], 3)
    with pytest.raises(KeyError, match="nothing"):
        k_anonymity(frame, ["nothing"], 3)
    with pytest.raises(ValueError, match="at least 2"):
        k_anonymity(frame, ["zone"], 1)


def test_design_columns_that_are_there_already_may_stand_if_they_agree(responses, form, tmp_path):
    same = responses.frame[["zone"]].astype(object)
    path = export(responses, tmp_path / "x.sav", design=same.assign(weight=1.0)).path
    assert read_responses(path, form).carried == ("weight",)
