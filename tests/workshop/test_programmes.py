"""Programmes made of lessons: times that follow, breaks in time, lessons that exist."""

import pytest

from govlab.errors import InputError
from govlab.workshop import programmes as room
from govlab.workshop.lessons import lessons
from govlab.workshop.printing import FOLDER
from govlab.workshop.programmes import (
    lesson_faults,
    materials,
    paper,
    programme,
    programmes,
    read_programme,
    write_programme,
)
from govlab.workshop.short_test import short_test
from tests.workshop.paper_text import said, strangers

ALL = list(programmes().values())
IDS = [one.id for one in ALL]


def test_there_are_two():
    assert IDS == ["two-hours", "two-days"]
    assert sum(day.minutes for day in programme("two-hours").days) == 120
    assert len(programme("two-days").days) == 2


@pytest.mark.parametrize("one", ALL, ids=IDS)
def test_every_lesson_exists(one):
    assert [fault.text("en") for fault in lesson_faults(one)] == []


def test_two_days_hold_every_lesson():
    assert set(programme("two-days").lessons) == {str(n) for n in range(1, 11)} | {"1b"}
    known = {one.number: one for one in lessons()}
    for _, block in programme("two-days").blocks():
        if block.lesson in known:
            assert block.optional == known[block.lesson].optional
            assert block.minutes >= known[block.lesson].minutes


def test_a_lesson_with_less_time_than_it_takes_is_marked():
    known = {one.number: one.minutes for one in lessons()}
    for _, block in programme("two-hours").blocks():
        if block.lesson and block.minutes < known[block.lesson]:
            assert block.shortened


@pytest.mark.parametrize("one", ALL, ids=IDS)
def test_nobody_sits_longer_than_a_hundred_minutes(one):
    for day in one.days:
        sitting = longest = 0
        for block in day.blocks:
            sitting = 0 if block.form == "break" else sitting + block.minutes
            longest = max(longest, sitting)
        assert longest <= 100


def test_questions_of_the_two_hours_are_about_its_lessons():
    """The plan names questions 1 to 4, 8 and 9."""
    taught = set(programme("two-hours").lessons)
    assert [one.id for one in short_test().questions if one.lesson in taught] == [
        "1",
        "2",
        "3",
        "4",
        "8",
        "9",
    ]


def test_everything_needed_is_listed_and_everything_listed_is_needed():
    used = set().union(*(one.needs for one in ALL))
    assert used <= set(materials()) and set(materials()) - used <= {"slides", "guide"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('start: "09:10"', 'start: "09:15"'), "ends at 09:10"),
        (("minutes: 120", "minutes: 125"), "the day 125"),
        (("form: break", "form: plenum"), "without a break"),
        (("needs: [kit, ", "needs: [whiteboard, "), "whiteboard"),
        (('lesson: "1"', 'lesson: "one"'), "line"),
    ],
)
def test_faults_are_told(tmp_path, change, told):
    text = (FOLDER / "two-hours.yaml").read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "own.yaml"
    path.write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_programme(path)


def test_a_lesson_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(room, "lessons", lambda: lessons()[:1])
    assert [fault.values["lesson"] for fault in lesson_faults(programme("two-hours"))] == ["2", "5"]
    assert "第 5 课。" in said(paper(programme("two-hours"), "zh"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("one", ALL, ids=IDS)
def test_a_plan_speaks_one_language(one, lang):
    text = said(paper(one, lang))
    assert strangers(text, lang) == []
    titles = {each.number: each.title[lang] for each in lessons()}
    assert all(titles[number] in text for number in one.lessons if number in titles)


def test_unknown_names_and_formats_are_refused(tmp_path):
    with pytest.raises(InputError, match="two-hours, two-days"):
        write_programme("zh", ("html",), tmp_path, ["two-weeks"])
    with pytest.raises(InputError, match="docx, html"):
        write_programme("zh", ("xlsx",), tmp_path)
