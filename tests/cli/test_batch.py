"""``govlab batch``: plan, run, tell; with an engine that makes no real reports."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from govlab.reports.engine import Failure, Outcome

NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "id": "parameters",
            "metadata": {"tags": ["parameters"]},
            "source": ['case: str = "a"\n', 'lang: str = "zh"  # zh | en'],
            "outputs": [],
            "execution_count": None,
        }
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
BATCH = """format = 1
name = "{name}"
title = {{ zh = "试做", en = "Trial" }}
formats = ["html"]
[[reports]]
notebook = "small.ipynb"
name = "{{case}}-{{lang}}"
rows = [{{ case = "a" }}, {{ case = "b" }}]
grid = {{ lang = ["zh", "en"] }}
"""


class FakeEngine:
    """Writes a page for every job but those in ``fails``."""

    fails: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()

    def __init__(self, root, name=None):
        self.root = root

    def run(self, job):
        if job.name in self.stops:
            raise KeyboardInterrupt
        if job.name in self.fails:
            return Outcome(
                job, "failed", 0.5, error=Failure(3, "ZeroDivisionError", "division by zero", "Traceback")
            )
        path = job.stem.with_name(f"{job.stem.name}.html")
        path.write_text("<!doctype html>", encoding="utf-8")
        return Outcome(job, "done", 0.5, title=job.name, files={"html": path})


@pytest.fixture
def study(tmp_path, govlab, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "reports").mkdir()
    (tmp_path / "study.toml").write_text('format = 1\ntitle = { zh = "题", en = "T" }\n', encoding="utf-8")
    (tmp_path / "notebooks" / "small.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    (tmp_path / "reports" / "trial.toml").write_text(BATCH.format(name="trial"), encoding="utf-8")
    monkeypatch.setattr("govlab.reports.engine.engine_for", FakeEngine)
    monkeypatch.setattr(FakeEngine, "fails", frozenset())
    return tmp_path


def test_plan_runs_nothing(study, govlab):
    said = govlab("batch", "--plan")
    assert said.code == 0
    for name in ("a-zh", "a-en", "b-zh", "b-en"):
        assert name in said.out
    assert "4 reports: 4 to make, 0 up to date. Nothing was run." in said.out
    assert not (study / "reports" / "out").exists()


def test_plan_for_another_program(study, govlab):
    (batch,) = json.loads(govlab("batch", "--plan", "--json").out)["batches"]
    assert [(one["name"], one["lang"], one["state"]) for one in batch["reports"]] == [
        ("a-zh", "zh", "new"),
        ("a-en", "en", "new"),
        ("b-zh", "zh", "new"),
        ("b-en", "en", "new"),
    ]


def test_without_a_file_every_batch_of_the_workspace(study, govlab, monkeypatch):
    (study / "reports" / "second.toml").write_text(BATCH.format(name="second"), encoding="utf-8")
    monkeypatch.chdir(study / "notebooks")  # found from below, and outputs stay in their place
    said = govlab("batch")
    assert said.code == 0
    assert "Done: 8. Failed: 0." in said.out
    for name in ("trial", "second"):
        assert (study / "reports" / "out" / name / "index.html").is_file()
        assert (study / "reports" / "out" / name / "a-zh.html").is_file()


def test_done_reports_are_not_done_again(study, govlab):
    govlab("batch", "reports/trial.toml")
    said = govlab("batch", "reports/trial.toml")
    assert said.code == 0
    assert "0 reports to make, 4 left as they are" in said.out
    assert "Done: 0. Failed: 0." in said.out
    assert "Done: 4." in govlab("batch", "--force").out
    assert "4 up to date" in govlab("batch", "--plan").out


def test_a_failure_is_told_with_its_cell_and_the_way_on(study, govlab, monkeypatch):
    monkeypatch.setattr(FakeEngine, "fails", frozenset({"a-en"}))
    said = govlab("batch", "reports/trial.toml")
    assert said.code == 1
    assert "Done: 3. Failed: 1." in said.out
    (row,) = [line for line in said.out.splitlines() if "ZeroDivisionError" in line]
    assert row.split() == ["a-en", "3", "ZeroDivisionError:", "division", "by", "zero"]
    assert "govlab batch reports/trial.toml --only failed" in said.out.replace("\\", "/")
    assert "failed last time" in govlab("batch", "--plan").out

    monkeypatch.setattr(FakeEngine, "fails", frozenset())
    said = govlab("batch", "reports/trial.toml", "--only", "failed")
    assert said.code == 0
    assert "Done: 1. Failed: 0." in said.out


def test_results_for_another_program(study, govlab, monkeypatch):
    monkeypatch.setattr(FakeEngine, "fails", frozenset({"a-en"}))
    said = govlab("batch", "--json")
    assert said.code == 1
    first, *reports, last = map(json.loads, said.out.splitlines())
    assert (first["event"], first["total"], first["fresh"]) == ("batch", 4, 0)
    assert first["index"].endswith("index.html")
    by_name = {one["name"]: one for one in reports}
    assert by_name["a-en"]["error"]["cell"] == 3
    assert by_name["a-zh"]["files"]["html"].endswith("a-zh.html")
    assert last == {"event": "end", "failed": 1, "interrupted": False}


def test_reasons_and_the_engine_that_is_asked_for(study, govlab, monkeypatch):
    govlab("batch")
    changed = json.loads(json.dumps(NOTEBOOK))
    changed["cells"][0]["source"][0] = 'case: str = "z"\n'
    (study / "notebooks" / "small.ipynb").write_text(json.dumps(changed), encoding="utf-8")
    assert "changed: the notebook" in govlab("batch", "--plan").out
    (batch,) = json.loads(govlab("batch", "--plan", "--json").out)["batches"]
    assert {(one["state"], one["why"], *one["changed"]) for one in batch["reports"]} == {
        ("stale", "changed", "notebook")
    }
    asked = []
    monkeypatch.setattr(
        "govlab.reports.engine.engine_for", lambda root, name=None: asked.append(name) or FakeEngine(root)
    )
    assert govlab("batch", "--engine", "kernel").code == 0
    assert asked == ["kernel"]
    said = govlab("batch", "--engine", "other")
    assert said.code == 2 and "fork, kernel" in said.err


def test_the_slowest_cells(study, govlab, monkeypatch):
    class Timed(FakeEngine):
        def run(self, job):
            return replace(super().run(job), times=((1, 0.25), (2, 0.2)), format_seconds=0.05)

    monkeypatch.setattr("govlab.reports.engine.engine_for", Timed)
    lines = govlab("batch", "--profile").out.splitlines()
    (row,) = [line for line in lines if "small.ipynb" in line and "case: str" in line]
    assert row.split()[-2:] == ["0.25", "50%"]
    assert any("making the files" in line and "10%" in line for line in lines)


def test_a_second_batch_in_the_same_folder(study, govlab, monkeypatch):
    from govlab.reports.lock import Lock

    folder = study / "reports" / "out" / "trial"
    folder.mkdir(parents=True)
    with Lock(folder):
        said = govlab("batch")
    assert said.code == 2
    assert "another batch is running" in said.err


def test_a_scheduler_that_does_not_answer(study, govlab, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    said = govlab("batch", "--scheduler", "tcp://127.0.0.1:1")
    assert said.code == 2
    assert "govlab[cluster]" in said.err


def test_only_changed(study, govlab):
    govlab("batch")
    changed = json.loads(json.dumps(NOTEBOOK))
    changed["cells"][0]["source"][0] = 'case: str = "z"\n'
    (study / "notebooks" / "small.ipynb").write_text(json.dumps(changed), encoding="utf-8")
    assert "to make again" in govlab("batch", "--plan").out
    assert "Done: 4." in govlab("batch", "--only", "changed").out


def test_out_and_formats(study, govlab, tmp_path):
    assert govlab("batch", "--out", "elsewhere", "--formats", "html").code == 0
    assert (tmp_path / "elsewhere" / "trial" / "a-zh.html").is_file()
    assert not (study / "reports" / "out").exists()
    said = govlab("batch", "--formats", "html,doc")
    assert said.code == 2
    assert "doc" in said.err


def test_every_fault_of_every_file_before_anything_runs(study, govlab):
    (study / "reports" / "bad.toml").write_text('format = 1\nname = "bad"\n', encoding="utf-8")
    (study / "reports" / "worse.toml").write_text("format = \n", encoding="utf-8")
    said = govlab("batch")
    assert said.code == 2
    assert "bad.toml" in said.err
    assert "worse.toml" in said.err
    assert said.out == ""
    assert not (study / "reports" / "out").exists()


def test_two_batches_of_one_name(study, govlab):
    (study / "reports" / "copy.toml").write_text(BATCH.format(name="trial"), encoding="utf-8")
    said = govlab("batch")
    assert said.code == 2
    assert "copy.toml, trial.toml have the same name 'trial'" in said.err


def test_no_such_file(study, govlab):
    said = govlab("batch", "reports/none.toml")
    assert said.code == 2
    assert "none.toml" in said.err


def test_interrupted_and_gone_on(study, govlab, monkeypatch):
    class Stopping(FakeEngine):
        def run(self, job):
            if job.name == "b-zh":
                raise KeyboardInterrupt
            return super().run(job)

    monkeypatch.setattr("govlab.reports.engine.engine_for", Stopping)
    said = govlab("batch")
    assert said.code == 130
    assert "The same command goes on from here." in said.err
    monkeypatch.setattr("govlab.reports.engine.engine_for", FakeEngine)
    said = govlab("batch")
    assert said.code == 0
    assert "2 reports to make, 2 left as they are" in said.out


def test_lines_in_chinese(study, govlab):
    said = govlab("batch", "--lang", "zh")
    assert "试做：要做 4 份，其余 0 份不动" in said.out
    assert "完成 4 份，失败 0 份。" in said.out


@pytest.mark.slow
def test_a_new_workspace_makes_reports_at_once(govlab, tmp_path, monkeypatch):
    assert govlab("new", "study").code == 0
    monkeypatch.chdir(tmp_path / "study")
    said = govlab("batch", "--formats", "html", "--workers", "2")
    assert said.code == 0, said.out
    page = tmp_path / "study" / "reports" / "out" / "cases" / "my-community-zh.html"
    assert "示例街道" in page.read_text(encoding="utf-8")
