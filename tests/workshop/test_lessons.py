"""The lessons: editions of one source, and every one of them run."""

import json
import re
from unittest import mock

import nbformat
import pytest

from govlab.errors import InputError
from govlab.workshop.building import build
from govlab.workshop.exercises import exercises
from govlab.workshop.lessons import lesson, lessons, made

NUMBERS = [one.number for one in lessons()]
CHINESE = re.compile(r"[\u3400-\u9fff]")
# Quick in one language where a run takes a few seconds; the rest, and the other language, are slow.
QUICK = {("1", "zh"), ("1b", "en"), ("2", "en"), ("3", "zh"), ("5", "zh"), ("7", "en"), ("9", "en")}
ALL = [
    pytest.param(number, lang, marks=[] if (number, lang) in QUICK else pytest.mark.slow)
    for number in NUMBERS
    for lang in ("zh", "en")
]


def text(cell):
    return "".join(cell["source"])


@pytest.mark.parametrize("number", NUMBERS)
def test_source_is_stored_once_without_outputs(number):
    one = lesson(number)
    notebook = nbformat.reads(one.path.read_text(encoding="utf-8"), as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert set(one.title) == {"zh", "en"} and 15 <= one.minutes <= 45


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("number", NUMBERS)
def test_participants_get_no_solution(number, lang):
    cells = lesson(number).edition(lang)["cells"]
    whole = "\n".join(map(text, cells))
    assert "solution(" not in whole
    assert not any({"solution", "trainer"} & set(cell["metadata"].get("tags", [])) for cell in cells)
    for one in exercises().values():
        assert one.solution.in_language(lang) not in whole
    trainers = lesson(number).edition(lang, "trainer")["cells"]
    assert len(trainers) > len(cells)


@pytest.mark.parametrize("number", NUMBERS)
def test_editions_speak_one_language(number):
    zh = [text(cell) for cell in lesson(number).edition("zh")["cells"] if cell["cell_type"] == "markdown"]
    en = [text(cell) for cell in lesson(number).edition("en")["cells"]]
    assert len(zh) >= 5 and all(CHINESE.search(one) for one in zh)
    assert not any(CHINESE.search(one) for one in en)


@pytest.mark.parametrize(("number", "lang"), ALL)
def test_trainers_edition_runs_to_its_end(number, lang, tmp_path, monkeypatch):
    """Every cell, with answers left open, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    scope, shown = {}, []
    with mock.patch("IPython.display.display", shown.append):
        for cell in lesson(number).edition(lang, "trainer")["cells"]:
            if cell["cell_type"] == "code":
                exec(compile(text(cell), cell["id"], "exec"), scope)
    kept = json.loads((tmp_path / "govlab-progress.json").read_text(encoding="utf-8"))
    assert all(one["solution"] and not one["right"] for one in kept["exercises"].values())


def test_editions_are_refused_where_there_are_none():
    source = lessons()[0].source()
    with pytest.raises(ValueError, match="lang"):
        made(source, "fr", "participant")
    with pytest.raises(ValueError, match="edition"):
        made(source, "zh", "student")
    with pytest.raises(InputError, match="no lesson 99"):
        lesson("99")


@pytest.mark.slow
def test_a_page_runs_on_a_kernel_and_loads_nothing(tmp_path):
    written = build(lesson("1"), "zh", "participant", ("ipynb", "html"), tmp_path)
    page = written[1].read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="https?://', page)
    assert "8.33" not in re.sub(r"<style.*?</style>", "", page, flags=re.S).split("1.3", 1)[0]
    assert 'lang="zh-CN"' in page


def test_command(capsys, tmp_path, monkeypatch):
    from govlab.cli import main

    monkeypatch.chdir(tmp_path)
    assert main(["lesson", "list", "--lang", "en"]) == 0
    assert "Reading a source" in capsys.readouterr().out
    assert main(["lesson", "build", "1", "--to", "ipynb", "--out", "here", "--lang", "en"]) == 0
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["lesson-01-en.ipynb"]
    assert main(["lesson", "build", "--to", "pdf", "--lang", "en"]) == 2
    assert "ipynb, html" in capsys.readouterr().err


def test_open_starts_jupyterlab_on_a_copy_and_keeps_what_was_written(tmp_path, monkeypatch):
    from govlab.cli import main

    monkeypatch.chdir(tmp_path)
    started = []
    monkeypatch.setattr("govlab.data.lab.run_lab", lambda words, lang: started.append((words[-1], lang)) or 0)
    copy = tmp_path / "here" / "lesson-01b-zh.ipynb"
    for _ in range(2):
        assert main(["lesson", "open", "1b", "--out", "here", "--lang", "zh"]) == 0
        copy.write_text(copy.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert started == [(str(copy.resolve()), "zh")] * 2
    assert copy.read_text(encoding="utf-8").endswith("}\n\n\n")
