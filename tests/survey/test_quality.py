"""Quality on small literal tables where every count can be checked by eye."""

from __future__ import annotations

import numpy as np
import pytest

from govlab.survey.intake import read_responses
from govlab.survey.quality import quality
from govlab.survey.xlsform import read_questionnaire
from tests.survey.exports import make_answers, shipped, wjx, write_csv
from tests.survey.test_questionnaire import book

AGREE = [["agree", str(point), f"同意{point}", f"Agree {point}"] for point in range(1, 6)]
AGREE.append(["agree", "8", "不清楚", "Don't know", "yes"])
ZONES = [["zone", name, f"片区{name}", f"Zone {name}"] for name in "abc"]
HEADS = ["zone", "seconds", "p1", "p2", "p3", "r4", "q1", "q2", "q3", "q4", "job", "job_name", "age"]
ROWS = [
    # zone sec   p (r4 reversed)   q                job  name    age
    ["a", "100", "4", "4", "5", "2", "3", "4", "3", "2", "1", "教师", "30"],
    ["a", "110", "5", "5", "5", "5", "4", "4", "4", "2", "2", "", "31"],  # agrees with both directions
    [
        "b",
        "120",
        "3",
        "3",
        "3",
        "3",
        "3",
        "3",
        "3",
        "3",
        "2",
        "",
        "130",
    ],  # the middle everywhere; age out of range
    [
        "b",
        "40",
        "2",
        "8",
        "2",
        "4",
        "2",
        "3",
        "2",
        "3",
        "2",
        "会计",
        "44",
    ],  # too fast; answers what is not asked
    ["b", "130", "8", "8", "8", "8", "", "", "", "", "", "", ""],
    ["", "140", "1", "1", "1", "8", "5", "4", "5", "4", "2", "", "50"],
]


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    table = [None, None, None, None, None, None, "table-list"]
    rows = [["select_one zone", "zone", "片区", "Zone", None, None, None, None, None, "zone"]]
    for group, items in (("p", ["p1", "p2", "p3", "r4"]), ("q", ["q1", "q2", "q3", "q4"])):
        rows.append(["begin_group", group, f"组{group}", f"Group {group}", *table])
        rows += [
            [
                "select_one agree",
                item,
                f"题{item}",
                f"Item {item}",
                None,
                None,
                group,
                "yes" if item == "r4" else None,
            ]
            for item in items
        ]
        rows.append(["end_group"])
    rows += [
        ["select_one yn", "job", "有工作吗", "Have you a job"],
        ["text", "job_name", "什么工作", "Which", "${job} = '1'"],
        ["integer", "age", "年龄", "Age", None, ". >= 0 and . <= 120"],
    ]
    choices = [*AGREE, *ZONES, ["yn", "1", "是", "Yes"], ["yn", "2", "否", "No"]]
    return read_questionnaire(book(tmp_path_factory.mktemp("form") / "f.xlsx", rows, choices))


@pytest.fixture(scope="module")
def responses(form, tmp_path_factory):
    return read_responses(write_csv(tmp_path_factory.mktemp("rows") / "f.csv", [HEADS, *ROWS]), form)


@pytest.fixture(scope="module")
def seen(responses):
    return quality(responses, plan={"a": 4, "b": 2, "d": 5}, groups=["zone"])


def test_missing_by_item_and_reason(seen):
    table = seen.missing.set_index("item")
    assert table.loc["p1", ["asked", "answered", "dont_know", "blank"]].tolist() == [6, 5, 1, 0]
    assert table.loc["q1", ["asked", "answered", "dont_know", "blank"]].tolist() == [6, 5, 0, 1]
    # Asked of the one with a job; whose answer on the job is missing was not asked either.
    assert table.loc["job_name", ["asked", "answered", "not_asked"]].tolist() == [2, 2, 4]
    assert table.loc["p1", "share_missing"] == pytest.approx(1 / 6)
    assert seen.by_reason()["dont_know"] == 6 and seen.by_reason()["blank"] == 7
    assert seen.to_frame().equals(seen.missing) and seen.to_frame() is not seen.missing


def test_speeders(seen, responses):
    assert seen.speed == {"median": 115.0, "limit": 57.5, "known": 6.0}
    assert np.flatnonzero(seen.flags["speeder"]).tolist() == [3]
    assert quality(responses, fast=0.9).count("speeder") == 2
    with pytest.raises(ValueError, match="fast"):
        quality(responses, fast=1.5)


def test_straight_lining(seen, responses):
    table = seen.straight.set_index("table")
    assert table.loc["p", ["items", "answered", "straight"]].tolist() == [4, 3, 2]
    assert table.loc["q", ["items", "answered", "straight"]].tolist() == [4, 5, 1]
    # Row 1 contradicts itself; row 2 has one answer in every table; row 5 answered three items of p only.
    assert np.flatnonzero(seen.flags["straight_line"]).tolist() == [1, 2]
    assert quality(responses, straight_items=3).straight.set_index("table").loc["p", "straight"] == 3
    with pytest.raises(ValueError, match="straight_items"):
        quality(responses, straight_items=1)


def test_impossible_answers(seen):
    assert seen.impossible.to_dict("records") == [
        {"item": "job_name", "rule": "not_asked", "n": 1},
        {"item": "age", "rule": "limits", "n": 1},
    ]
    assert np.flatnonzero(seen.flags["impossible"]).tolist() == [2, 3]


def test_zones_against_the_plan(seen):
    table = seen.zones.set_index("zone")
    assert table["received"].to_dict() == {"a": 2, "b": 3, "d": 0, "c": 0, "": 1}
    assert table.loc["a", "share"] == 0.5 and table.loc["b", "share"] == 1.5 and table.loc["d", "share"] == 0
    assert np.isnan(table.loc["c", "planned"])
    assert table["flagged"].to_dict() == {"a": 1, "b": 2, "d": 0, "c": 0, "": 0}


def test_item_nonresponse_by_group(seen):
    table = seen.groups.set_index(["level", "item"])
    assert table.loc[("b", "p1"), "share_missing"] == pytest.approx(1 / 3)
    assert table.loc[("a", "p1"), "share_missing"] == 0
    assert table.loc[("", "r4"), "asked"] == 1 and table.loc[("", "r4"), "share_missing"] == 1


def test_nothing_is_deleted_and_exclusions_are_counted(seen, responses):
    assert len(responses) == 6 == seen.n
    flagged = responses.with_flags(seen.flags)
    kept = flagged.exclude({"speeder": "不到中位数一半", "straight_line": "一答到底"})
    assert len(kept) == 3 and len(responses) == 6
    assert [(one.rule, one.n) for one in kept.excluded] == [("speeder", 1), ("straight_line", 2)]
    again = quality(kept)
    assert again.excluded == kept.excluded
    assert again.tables()["excluded"]["n"].tolist() == [1, 2]
    assert "left out: 1 (speeder" in again.summary()
    with pytest.raises(ValueError, match="reason"):
        flagged.exclude({"speeder": " "})
    with pytest.raises(ValueError, match="no flag"):
        flagged.exclude({"speedy": "x"})
    with pytest.raises(KeyError, match="groups"):
        quality(responses, groups=["nothing"])


def test_results_show_themselves(seen):
    assert "flagged: " in seen.summary() and "<table" in seen._repr_html_()
    assert set(seen.tables()) == {
        "missing",
        "repeats",
        "straight",
        "impossible",
        "zones",
        "groups",
        "excluded",
    }


def test_items_of_a_construct_are_turned(responses):
    items = responses.items("p")
    assert items["r4"].tolist()[:3] == [4.0, 1.0, 3.0] and items["p1"].tolist()[0] == 4.0
    assert responses.items("p", turned=False)["r4"].tolist()[:2] == [2.0, 5.0]
    assert responses.turned()["r4"].tolist()[0] == 4.0 and responses.frame["r4"].tolist()[0] == 2.0
    with pytest.raises(KeyError, match="there are: p, q"):
        responses.items("x")


def test_without_times_nobody_is_fast(form, tmp_path):
    at = HEADS.index("seconds")
    rows = [[cell for place, cell in enumerate(row) if place != at] for row in [HEADS, *ROWS]]
    seen = quality(read_responses(write_csv(tmp_path / "f.csv", rows), form))
    assert seen.speed["known"] == 0 and seen.count("speeder") == 0


def test_conditions_that_cannot_be_checked_are_said(form, responses):
    from govlab.survey.logic import parse

    questions = tuple(
        question.model_copy(update={"constraint": parse("pulldata('a', 'b', 'c', .) = 1")})
        if question.name == "age"
        else question
        for question in form
    )
    from dataclasses import replace

    other = form.model_copy(update={"questions": questions})
    notes = quality(replace(responses, questionnaire=other)).notes
    assert [fault.key for fault in notes] == ["survey_intake.note.unchecked"] and "age" in notes[0].text("zh")


def test_clean_answers_to_the_shipped_form_contradict_nothing(tmp_path):
    form = shipped()
    found = read_responses(
        write_csv(tmp_path / "f.csv", wjx(form, make_answers(form, 60, 4), "places")), form
    )
    seen = quality(found, groups=["gender"])
    assert len(seen.impossible) == 0 and not seen.notes
    assert int(seen.zones["received"].sum()) == 60
