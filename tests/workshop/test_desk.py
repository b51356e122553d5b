"""What a participant sees, what is kept of it, and the picture of a class."""

import json

import pytest

from govlab.errors import InputError
from govlab.workshop import begin, check, gather, hint, solution
from govlab.workshop.exercises import exercises, right_answer
from govlab.workshop.progress import FILE, MOST_BYTES, read_progress


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GOVLAB_LANG", "en")
    return tmp_path


def test_an_hour_at_the_desk(folder):
    assert "group one" in str(begin("group one", "en"))
    assert "How many state cadres" in str(check("1.3", ...))
    first = check("1.3", 22.04)
    assert not first.right and "3,240" in str(first)
    assert str(check("1.3", 5)) != str(first)
    assert "Please give a number" in str(check("1.3", "many"))
    right = check("1.3", 8.33)
    assert right.right and "fewer than ten" in str(right)
    kept = read_progress(folder / FILE).exercises["1.3"]
    assert kept.answers == ("22.04", "5", "8.33") and kept.right


def test_hints_grow_and_the_solution_waits_to_be_asked(folder):
    begin("group", "en")
    one = exercises()["1.3"]
    assert one.hints[0].en in str(hint("1.3")) and one.hints[1].en in str(hint("1.3"))
    assert one.hints[1].en in str(hint("1.3"))
    said = [str(check("1.3", value)) for value in (1, 2, 3, 4, 5, 6)]
    assert not any(one.solution.en in text for text in said)
    assert one.solution.en in str(solution("1.3"))
    kept = read_progress(folder / FILE).exercises["1.3"]
    assert kept.hints == 2 and kept.solution


def test_language_is_that_of_the_desk():
    begin("一组", "zh")
    text = str(check("2.1", 30))
    assert "那是留在街道的部分" in text and "That is what" not in text
    html = check("2.1", 70)._repr_mimebundle_()["text/html"]
    assert "<script" not in html and "对" in html


@pytest.mark.parametrize("alias", ["", "   ", "x" * 61, "13800138000", "a\nb"])
def test_an_alias_tells_of_nobody(alias):
    with pytest.raises(InputError, match="alias"):
        begin(alias)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "alias": 3, "lang": "", "exercises": {}}',
             '{"format": 1, "alias": "a", "lang": "", "exercises": {"1.1": {"answers": 3}}}', "[" * 100_000],
)  # fmt: skip
def test_other_files_are_refused_and_left_alone(folder, text):
    (folder / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        check("1.3", 8.33)
    assert (folder / FILE).read_text(encoding="utf-8") == text


def test_the_picture_of_a_class(folder):
    """Three groups by hand: one right at once, one at the second try, one never."""
    tries = {"a": [8.33], "b": [22.04, 8.33], "c": [22.04, 1470]}
    for alias, answers in tries.items():
        begin(alias, "en")
        for answer in answers:
            check("1.3", answer)
        (folder / FILE).rename(folder / f"{alias}.json")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    (folder / "large.json").write_text(" " * (MOST_BYTES + 1), encoding="utf-8")
    found = gather(folder)
    assert found.people == 3 and len(found.left_out) == 2
    row = found.to_frame().iloc[0].to_dict()
    assert (row["tried"], row["right"], row["first"], row["tries"]) == (3, 2, 1, 2.0)
    assert (row["usual"], row["usual_n"]) == ("22.04", 2)
    assert found.to_discuss() == ("1.3",)


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_workbook_of_answers_gives_the_same_picture(folder, ending):
    import pandas as pd

    rows = [
        ("a", "1.3", "8.33"),
        ("b", "1.3", "22.04"),
        ("b", "1.3", "8.33"),
        ("c", "1.3", "=1+1"),
        ("c", "9.9", "1"),
    ]
    frame = pd.DataFrame(rows, columns=["alias", "exercise", "answer"])
    path = folder / f"class{ending}"
    frame.to_excel(path, index=False) if ending == ".xlsx" else frame.to_csv(path, index=False)
    found = gather(path)
    assert found.to_frame().iloc[0][["tried", "right", "first"]].tolist() == [3, 2, 1]
    assert len(found.left_out) == 1


def test_nothing_to_gather(folder):
    for place in (folder, folder / "none"):
        with pytest.raises(InputError):
            gather(place)
    (folder / "x.csv").write_text("name,answer\n", encoding="utf-8")
    with pytest.raises(InputError, match="alias, exercise"):
        gather(folder / "x.csv")


def test_what_is_kept_is_small_and_plain(folder):
    begin("g", "en")
    for _ in range(80):
        check("1.3", 3.123456789123456)
    raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
    assert len(raw["exercises"]["1.3"]["answers"]) == 50
    check("1.3", right_answer(exercises()["1.3"]))
