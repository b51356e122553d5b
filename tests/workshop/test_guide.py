"""The trainer's guide holds what lessons, exercises and programmes hold, in one language at a time."""

import zipfile

import pytest

from govlab.workshop.exercises import exercises
from govlab.workshop.guide import guide, notes, paper, write_guide
from govlab.workshop.lessons import lessons
from govlab.workshop.programmes import materials, programmes
from tests.workshop.paper_text import said, strangers


@pytest.fixture(scope="module", params=["zh", "en"])
def page(request):
    made = paper(request.param)
    return made, said(made)


def test_it_holds_every_lesson_with_its_notes(page):
    made, text = page
    for one in lessons():
        assert one.title[made.lang] in text
        found = notes(one, made.lang)
        assert found and all(note in text for note in found)


def test_it_holds_every_exercise_with_what_goes_wrong(page):
    made, text = page
    for one in exercises().values():
        for words in (one.ask, one.solution, one.right, *(mistake.says for mistake in one.mistakes)):
            assert words.in_language(made.lang) in text


def test_it_holds_plans_and_materials(page):
    made, text = page
    for programme in programmes().values():
        for _, block in programme.blocks():
            assert block.start in text and block.what.in_language(made.lang) in text
    assert all(one.name.in_language(made.lang) in text for one in materials().values())


def test_fixed_texts_speak_one_language(page):
    made, text = page
    for section in (*guide().before, *guide().after):
        said_so = section.text.in_language(made.lang)
        assert said_so in text
        plain = "\n".join(part for place, part in enumerate(said_so.split("```")) if place % 2 == 0)
        assert [word for word in strangers(plain, made.lang) if word not in ("progress", "json")] == []
    if made.lang == "en":
        assert strangers(text, "en") == []


def test_commands_it_names_are_there():
    from govlab.cli.workshop import ACTIONS

    said_so = "\n".join(section.text.zh + section.text.en for section in guide().after)
    named = {
        line.split("govlab workshop ")[1].split()[0]
        for line in said_so.splitlines()
        if "govlab workshop " in line
    }
    assert named == {"test", "needs"} and named <= set(ACTIONS)


@pytest.mark.slow
def test_written_for_word_and_for_the_browser(tmp_path):
    written = write_guide("zh", ("docx", "html"), tmp_path)
    assert [path.suffix for path in written] == [".docx", ".html"]
    with zipfile.ZipFile(written[0]) as book:
        assert "教师指南" in book.read("word/document.xml").decode("utf-8")
    assert "<script" not in written[1].read_text(encoding="utf-8")
    from govlab.cli import main

    out = ["--out", str(tmp_path / "plans"), "--lang", "en"]
    assert main(["workshop", "programme", "two-hours", "--to", "html", *out]) == 0
    assert [path.name for path in (tmp_path / "plans").iterdir()] == ["programme-two-hours-en.html"]


def test_command_writes_papers(tmp_path, capsys):
    from govlab.cli import main

    out = ["--out", str(tmp_path), "--lang", "zh"]
    assert main(["workshop", "needs", "--to", "xlsx", *out]) == 0
    assert main(["workshop", "test", "--to", "xlsx", *out]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"training-needs.xlsx", "short-test-answers.xlsx"}
    assert main(["workshop", "test", "--before", "x.xlsx", *out]) == 2
    assert main(["workshop", "guide", "--to", "pdf", *out]) == 2
    told = capsys.readouterr().err
    assert "--after" in told and "docx, html" in told
