"""Every exercise accepts its solution and refuses what people typically give instead."""

import pytest

from govlab.errors import InputError
from govlab.workshop import exercises as room
from govlab.workshop.exercises import exercise, exercises, right_answer
from govlab.workshop.judging import judge, read_letters, read_number
from govlab.workshop.lessons import lessons

NUMBERS = list(exercises())


def wrong(one):
    """Typical mistakes first, then other answers of the kind, until there are three."""
    given = [mistake.answer for mistake in one.mistakes]
    if one.kind == "number":
        given += [right_answer(one) * 2 + 1, right_answer(one) - 17.5, -1.25]
    else:
        letters = [option.id for option in one.options]
        given += [letter for letter in letters if letter != right_answer(one)]
        given += [letters] if right_answer(one) != tuple(letters) else []
        given += ["".join(letters[:2])]
    return given


@pytest.mark.parametrize("number", NUMBERS)
def test_accepts_its_solution_and_refuses_typical_errors(number):
    one = exercise(number)
    assert judge(one, right_answer(one)).verdict == "right"
    refused = [judge(one, answer).verdict for answer in wrong(one)]
    assert len(refused) >= 3 and "right" not in refused


@pytest.mark.parametrize("number", NUMBERS)
def test_mistakes_are_told_apart(number):
    one = exercise(number)
    assert [judge(one, mistake.answer).mistake for mistake in one.mistakes] == list(range(len(one.mistakes)))


def test_the_numbers_of_the_text():
    assert right_answer(exercise("1.3")) == pytest.approx(1224 / 147, rel=1e-12)
    assert right_answer(exercise("2.2")) == 24


def test_what_the_demo_study_gives():
    """The weighted mean against plain sums over rows; the gaps against four weighted means."""
    import numpy as np

    from govlab.studybook import open_study

    study = open_study("demo")
    frame = study.frame()
    last = frame[(frame["wave"] == 3) & frame["sat_overall"].notna()]
    wanted = np.average(last["sat_overall"], weights=last["weight"])
    assert right_answer(exercise("4.1")) == pytest.approx(wanted, rel=1e-12)

    def at(model, wave):
        rows = frame[(frame["model"] == model) & (frame["wave"] == wave) & frame["participation"].notna()]
        return np.average(rows["participation"], weights=rows["weight"])

    for number, (before, after) in (("6.1", (2, 3)), ("6.2", (1, 2))):
        gap = (at("devolution", after) - at("devolution", before)) - (
            at("comparison", after) - at("comparison", before)
        )
        assert right_answer(exercise(number)) == pytest.approx(gap, rel=1e-9)


def test_every_exercise_is_asked_in_its_lesson():
    cells = [(one.number, "".join(cell["source"])) for one in lessons() for cell in one.source()["cells"]]
    asked = {number for lesson, text in cells for number in NUMBERS
             if f'check("{number}"' in text and number.partition(".")[0] == lesson}  # fmt: skip
    assert asked == set(NUMBERS)


@pytest.mark.parametrize(
    ("given", "read"),
    [("8.33", 8.33), ("１，２２４", 1224), ("1,224", 1224), ("70%", 70), (8, 8.0), (True, None), ("eight", None),
     (float("nan"), None), ([1, 2], None), ("−3", -3)],
)  # fmt: skip
def test_numbers_as_people_write_them(given, read):
    assert read_number(given) == read


@pytest.mark.parametrize(
    ("given", "read"),
    [("b", ("b",)), ("A、C", ("a", "c")), (["c", "a"], ("a", "c")), ("(a), (d)", ("a", "d")), ("", None), (3, None),
     ("是", None), ("aa", ("a",))],
)  # fmt: skip
def test_letters_as_people_write_them(given, read):
    assert read_letters(given) == read


def test_unknown_numbers_name_what_is_near():
    with pytest.raises(InputError, match=r"1\.1, 1\.2, 1\.3, 1\.4"):
        exercise("1.9")


@pytest.mark.parametrize(
    ("change", "told"),
    [(("kind: number", "kind: numeral"), "line 5"), (('id: "9.1"', 'id: "8.1"'), "9.1"),
     (("answer: 1", "answer: 1\n    options: [{id: a, text: {zh: 甲, en: A}}]"), "options")],
)  # fmt: skip
def test_faults_of_a_file_name_their_place(tmp_path, change, told):
    text = """kind: exercises
lesson: "9"
exercises:
  - id: "9.1"
    kind: number
    ask: {zh: 问, en: ask}
    answer: 1
    hints: [{zh: 示, en: hint}]
    right: {zh: 对, en: right}
    solution: {zh: 解, en: solved}
"""
    from govlab.data.definition import read_definition

    path = tmp_path / "lesson-09.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_definition(path, room.Sheet, "exercises").lesson == "9"
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_definition(path, room.Sheet, "exercises")
