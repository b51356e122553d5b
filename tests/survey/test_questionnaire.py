"""XLSForm workbooks -> questionnaires: the shipped one, and every fault that a person can write."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import warnings
import zipfile
from pathlib import Path

import pytest

from govlab.errors import InputError
from govlab.language import LANGUAGES
from govlab.survey.questionnaire import REASONS, Questionnaire
from govlab.survey.responses import turn
from govlab.survey.xlsform import read_questionnaire
from tests.survey.exports import SHIPPED, shipped, write_xlsx

FOLDER = SHIPPED.parent
SURVEY = [
    "type",
    "name",
    "label::中文 (zh)",
    "label::English (en)",
    "relevant",
    "constraint",
    "construct",
    "scale_reverse",
    "measure",
    "role",
    "appearance",
]
CHOICES = ["list_name", "name", "label::中文 (zh)", "label::English (en)", "outside_scale", "other_text"]
YES_NO = [["yn", "1", "是", "Yes"], ["yn", "2", "否", "No"], ["yn", "8", "不清楚", "Don't know", "yes"]]


def book(
    path: Path,
    survey: list[list[object]],
    choices: list[list[object]] | None = None,
    heads: list[str] = SURVEY,
) -> Path:
    from openpyxl import Workbook

    made = Workbook()
    made.active.title = "survey"
    for row in [heads, *survey]:
        made.active.append(row)
    sheet = made.create_sheet("choices")
    for row in [CHOICES, *(choices or YES_NO)]:
        sheet.append(row)
    made.save(path)
    return path


def keys(error: InputError) -> list[str]:
    return [fault.key.removeprefix("survey_intake.form.") for fault in error.faults]


# -- the shipped one --------------------------------------------------------------------------------


def test_shipped_questionnaire_is_a_valid_xlsform():
    pyxform = pytest.importorskip("pyxform.xls2xform")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = pyxform.convert(str(SHIPPED))
    assert made.warnings == []
    assert "resident_questionnaire" in made.xform and "construct" not in made.xform


def test_shipped_questionnaire_in_both_languages():
    form = shipped()
    assert 40 <= sum(bool(question.columns) for question in form) <= 60
    for question in form:
        assert question.label.zh and question.label.en, question.name
        for option in question.options:
            assert option.label.zh and option.label.en, (question.name, option.name)
    text = " ".join(word for question in form for word in question.label.both()).lower()
    for banned in ("民族", "宗教", "信仰", "ethnic", "religio", "姓名是", "身份证"):
        assert banned not in text


def test_shipped_constructs_have_reversed_items_and_answers_outside_the_scale():
    form = shipped()
    assert {"belonging", "identity", "gain", "participation"} <= set(form.constructs)
    kinds = {"basic", "shared", "market"}
    assert {f"satisfaction_{kind}" for kind in kinds} | {f"importance_{kind}" for kind in kinds} <= set(
        form.constructs
    )
    for name in ("belonging", "identity", "gain"):
        assert sum(item.scale_reverse for item in form.constructs[name]) == 1
    item = form.question("belong_stranger")
    assert item.scale == (1, 2, 3, 4, 5)
    assert [(one.name, one.outside) for one in item.options[-2:]] == [("8", "dont_know"), ("9", "refused")]
    assert form.question("why_not").other_text == "why_not_other"
    assert form.question("took_part").columns[-1] == "took_part__text"
    assert form.with_role("zone").name == "zone" and form.with_role("consent").name == "consent"


def test_script_writes_the_same_bytes_and_the_descriptor_holds():
    spec = importlib.util.spec_from_file_location("make_questionnaire", FOLDER / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    data = make.workbook()
    assert data == make.workbook()
    committed = SHIPPED.read_bytes()
    # Compression may differ between machines, what is in the archive may not.
    with zipfile.ZipFile(SHIPPED) as old, zipfile.ZipFile(io.BytesIO(data)) as new:
        assert {name: new.read(name) for name in new.namelist()} == {
            name: old.read(name) for name in old.namelist()
        }
    package = json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    resource = package["resources"][0]
    assert resource["hash"] == f"sha256:{hashlib.sha256(committed).hexdigest()}"
    assert resource["bytes"] == len(committed)
    assert package["licenses"][0]["name"] == "MIT" and package["sources"] and package["title"]


def test_questionnaire_is_frozen():
    form = shipped()
    with pytest.raises(ValueError, match="frozen"):
        form.questions[0].name = "other"
    with pytest.raises(KeyError, match="belong_member"):
        form.question("belong_membr")


# -- reading ----------------------------------------------------------------------------------------


def test_groups_conditions_and_numbers(tmp_path):
    form = read_questionnaire(
        book(
            tmp_path / "f.xlsx",
            [
                ["note", "hello", "你好", "Hello"],
                ["select_one yn", "first", "第一", "First"],
                [
                    "begin_group",
                    "g",
                    "一组",
                    "A group",
                    "${first} = '1'",
                    None,
                    None,
                    None,
                    None,
                    None,
                    "table-list",
                ],
                ["select_one yn", "a", "甲", "A", None, None, "c"],
                ["select_one yn", "b", "乙", "B", "${a} = '1'", None, "c", "yes"],
                ["end_group"],
                ["integer", "n", "多少", "How many", None, ". > 0"],
                ["calculate", "hidden_one"],
            ],
        )
    )
    assert form.numbers() == {"first": 1, "a": 2, "b": 2, "n": 3}
    assert len(form.question("b").relevant) == 2 and len(form.question("a").relevant) == 1
    assert [row.name for row in form.tables["g"]] == ["a", "b"]
    assert form.question("a").measure == "scale" and form.question("first").measure == "category"
    assert form.question("hidden_one").columns == ()
    assert form.form_id == "f" and set(form.owners) == {"first", "a", "b", "n"}


def test_reversed_items_turn_at_the_ends_of_their_scale():
    import pandas as pd

    item = shipped().question("belong_stranger")
    assert turn(item, pd.Series([1.0, 2.0, 5.0, float("nan")])).tolist()[:3] == [5.0, 4.0, 1.0]
    with pytest.raises(ValueError, match="no scale"):
        turn(shipped().question("gender"), pd.Series([1.0]))


def test_a_column_without_language_counts_for_both(tmp_path):
    path = book(tmp_path / "f.xlsx", [["text", "a", "只有中文"]], heads=["type", "name", "label"])
    words = read_questionnaire(path).question("a").label
    assert (words.zh, words.en, words.in_language("en")) == ("只有中文", "只有中文", "只有中文")


def test_or_other_and_words_beside_it(tmp_path):
    path = book(tmp_path / "f.xlsx", [["select_multiple yn or_other", "a", "甲", "A"]])
    question = read_questionnaire(path).question("a")
    assert question.options[-1].name == "other" and question.columns == (
        "a__1",
        "a__2",
        "a__other",
        "a__text",
    )


FAULTS = {
    "column_unknown": (["relevent"], [["text", "a", "甲"]]),
    "column_twice": (["label::中文 (zh)", "label::中文 (zh)"], [["text", "a", "甲", "甲"]]),
}


@pytest.mark.parametrize(
    ("survey", "choices", "wanted"),
    [
        ([["txt", "a", "甲", "A"]], None, "type"),
        ([["text", "1a", "甲", "A"]], None, "name"),
        ([["text", "a b", "甲", "A"]], None, "name"),
        ([["text", "a", "甲", "A"], ["text", "A", "乙", "B"]], None, "name_twice"),
        ([["text", "a"]], None, "no_label"),
        ([[None, "a", "甲", "A"]], None, "no_type"),
        ([["select_one none", "a", "甲", "A"]], None, "no_list"),
        ([["text", "a", "甲", "A", "${b} = 1"]], None, "reference"),
        ([["text", "a", "甲", "A", "${a} = "]], None, "logic"),
        ([["text", "a", "甲", "A", "((((1)"]], None, "logic"),
        ([["text", "a", "甲", "A", "selected(${a})"]], None, "logic"),
        ([["text", "a", "甲", "A", "(" * 500]], None, "logic"),
        ([["text", "a", "甲", "A", "1" + " or 1" * 5000]], None, "logic"),
        ([["begin_group", "g", "组"], ["text", "a", "甲", "A"]], None, "group_open"),
        ([["text", "a", "甲", "A"], ["end_group"]], None, "group_end"),
        ([["begin_repeat", "r", "重复"], ["end_repeat"], ["text", "a", "甲", "A"]], None, "repeat"),
        ([["note", "a", "甲", "A"]], None, "empty"),
        ([["text", "a", "甲", "A", None, None, None, "maybe"]], None, "word"),
        ([["text", "a", "甲", "A", None, None, None, None, "ratio"]], None, "word"),
        ([["text", "a", "甲", "A", None, None, None, None, None, "boss"]], None, "word"),
        ([["text", "a", "甲", "A", None, None, None, "yes"]], None, "reverse"),
        (
            [["text", "a", "甲", "A", None, None, None, None, None, "zone"], ["text", "b", "乙", "B", None, None, None, None, None, "zone"]],
            None,
            "role_twice",
        ),
        ([["select_multiple yn", "a", "甲", "A"], ["text", "a__1", "乙", "B"]], None, "column_clash"),
        ([["select_one yn", "a", "甲", "A", None, None, "c"]], [["yn", "yes", "是", "Yes"]], "scale_codes"),
        ([["select_one yn", "a", "甲", "A"]], [["yn", "1", "是"], ["yn", "1", "否"]], "choice_twice"),
        ([["select_one yn", "a", "甲", "A"]], [["yn", "1", "是"], ["yn", "2", "是："]], "label_twice"),
        ([["select_one yn", "a", "甲", "A"]], [["yn", "1"]], "choice_label"),
        ([["select_one yn", "a", "甲", "A"]], [["yn", "1", "是"], ["yn", None, "否"]], "choice_incomplete"),
        ([["select_one yn", "a", "甲", "A"]], [["yn", "1 2", "是"]], "choice_blank"),
        ([["select_one yn", "a", "甲", "A"]], [["yn", "1", "是", None, "perhaps"]], "word"),
        ([["select_one yn", "a", "甲", "A"]], [["yn", "8", "不清楚", None, "yes"], ["yn", "9", "忘了", None, "dont_know"]], "outside_twice"),
    ],
)  # fmt: skip
def test_every_fault_is_named(tmp_path, survey, choices, wanted):
    with pytest.raises(InputError) as caught:
        read_questionnaire(book(tmp_path / "f.xlsx", survey, choices))
    assert wanted in keys(caught.value)
    for lang in LANGUAGES:
        assert "f.xlsx" in caught.value.text(lang)


@pytest.mark.parametrize("wanted", FAULTS)
def test_faults_of_column_heads(tmp_path, wanted):
    more, rows = FAULTS[wanted]
    heads = ["type", "name", *(more if wanted == "column_twice" else ["label", *more])]
    with pytest.raises(InputError) as caught:
        read_questionnaire(book(tmp_path / "f.xlsx", rows, heads=heads))
    assert keys(caught.value) == [wanted]
    if wanted == "column_unknown":
        assert "relevant" in caught.value.text("en") and "D1" in caught.value.text("zh")


def test_all_faults_come_at_once(tmp_path):
    rows = [["txt", "a", "甲", "A"], ["text", "1", "乙", "B"], ["text", "c", "丙", "C", "${zzz}='1'"]]
    with pytest.raises(InputError) as caught:
        read_questionnaire(book(tmp_path / "f.xlsx", rows))
    assert set(keys(caught.value)) >= {"type", "name", "reference"}


def test_a_workbook_without_the_sheet(tmp_path):
    with pytest.raises(InputError) as caught:
        read_questionnaire(write_xlsx(tmp_path / "f.xlsx", [["a"]]))
    assert keys(caught.value) == ["no_survey"]


def test_reasons_have_words_in_both_languages():
    from govlab.language import say

    for reason in REASONS[1:]:
        assert say(f"survey_intake.reason.{reason}", lang="zh") != say(
            f"survey_intake.reason.{reason}", lang="en"
        )


def test_iterating_a_questionnaire_gives_its_questions():
    form = shipped()
    assert isinstance(form, Questionnaire)
    assert [question.name for question in form] == [question.name for question in form.questions]
