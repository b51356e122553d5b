"""``govlab new``, ``govlab upgrade``, ``govlab lab`` and ``govlab doctor``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from govlab.data.lab import lab_arguments
from govlab.data.workspace import open_workspace
from govlab.reports.health import Finding


def test_new(govlab, tmp_path):
    said = govlab("new", "my study")
    assert said.code == 0
    assert "START_HERE.md" in said.out
    assert 'cd "my study"' in said.out
    assert open_workspace(tmp_path / "my study").study.lang == "en"


def test_new_in_chinese(govlab, tmp_path):
    assert "已建好" in govlab("new", "x", "--lang", "zh").out
    assert open_workspace(tmp_path / "x").study.lang == "zh"


def test_new_never_overwrites(govlab, tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "thesis.docx").write_bytes(b"mine")
    said = govlab("new", "x")
    assert (said.code, said.out) == (2, "")
    assert "nothing is ever overwritten" in said.err
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["thesis.docx"]


def test_broken_study_file(govlab, tmp_path):
    (tmp_path / "study.toml").write_text('format = 1\nlang = "xx"\ntitel = 3\n', encoding="utf-8")
    said = govlab("batch", "--plan")
    assert said.code == 2
    assert "study.toml:2, lang: must be one of zh, en (got 'xx')" in said.err
    assert "study.toml:3, titel: is not a field here; did you mean title?" in said.err
    (tmp_path / "study.toml").write_text("format = 1\nlang = \n", encoding="utf-8")
    said = govlab("batch", "--plan", "--lang", "zh")
    assert said.err == "study.toml:2：写法有误，无法读懂：lang =\n"


def test_newer_format(govlab, tmp_path):
    (tmp_path / "study.toml").write_text("format = 9\n", encoding="utf-8")
    assert "made for a newer govlab" in govlab("cases").err
    said = govlab("upgrade")
    assert said.code == 2
    assert "made for a newer govlab" in said.err


def test_upgrade(govlab, tmp_path, monkeypatch):
    govlab("new", "x")
    assert "up to date" in govlab("upgrade", "x").out
    note = tmp_path / "x" / "START_HERE.md"
    note.write_text("mine\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "x" / "reports")  # found from below
    said = govlab("upgrade")
    assert said.code == 0
    assert "START_HERE.md: edited by you" in said.out
    assert note.read_text(encoding="utf-8") == "mine\n"


def test_upgrade_writes_a_backup_and_plan_does_not(govlab, tmp_path, monkeypatch):
    govlab("new", "x")
    # as if a newer govlab came with another text
    monkeypatch.setattr("govlab.data.upgrade.copies", lambda: iter([("START_HERE.md", b"newer\n")]))
    note = tmp_path / "x" / "START_HERE.md"
    before = note.read_bytes()
    said = govlab("upgrade", "x", "--plan")
    assert "Nothing was written yet." in said.out
    assert note.read_bytes() == before
    said = govlab("upgrade", "x")
    assert "START_HERE.md: replaced" in said.out
    assert note.read_bytes() == b"newer\n"
    (backup,) = (tmp_path / "x" / ".govlab" / "backup").iterdir()
    assert (backup / "START_HERE.md").read_bytes() == before
    assert str(backup) in said.out


def test_upgrade_outside(govlab):
    said = govlab("upgrade")
    assert said.code == 2
    assert "govlab new" in said.err


@pytest.fixture
def started(monkeypatch):
    calls = []
    monkeypatch.setattr(subprocess, "call", lambda command, cwd, env: calls.append(command) or 0)
    return calls


def test_lab(govlab, tmp_path, monkeypatch, started):
    govlab("new", "x")
    monkeypatch.chdir(tmp_path / "x")
    said = govlab("lab", "--no-browser", "--port", "9001", "--", "--allow-root")
    assert said.code == 0
    (command,) = started
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={(tmp_path / 'x').resolve()}" in command
    assert "--ContentsManager.preferred_dir=notebooks" in command
    assert command[-3:] == ["--no-browser", "--port=9001", "--allow-root"]


def test_lab_on_the_shipped_notebooks_says_so(govlab, started):
    assert "govlab new my-study" in govlab("lab").out
    assert "--no-browser" not in started[0]


@pytest.mark.parametrize(("pack", "menus"), [(True, "zh_CN"), (False, "en")])
def test_lab_asks_nothing_of_the_network(tmp_path, monkeypatch, pack, menus):
    monkeypatch.setattr("govlab.data.lab.chinese_available", lambda: pack)
    arguments = lab_arguments(open_workspace(tmp_path), "zh")
    assert "--LabApp.news_url=None" in arguments
    assert "--LabApp.extension_manager=readonly" in arguments
    assert any("NeverCheckForUpdate" in one for one in arguments)
    (folder,) = [one.partition("=")[2] for one in arguments if one.startswith("--LabApp.app_settings_dir=")]
    settings = json.loads((Path(folder) / "overrides.json").read_text(encoding="utf-8"))
    assert settings["@jupyterlab/translation-extension:plugin"]["locale"] == menus
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_lab_english_menus_for_english(tmp_path, monkeypatch):
    monkeypatch.setattr("govlab.data.lab.chinese_available", lambda: True)
    assert any(
        one.endswith("en") for one in lab_arguments(open_workspace(tmp_path), "en") if "settings_dir" in one
    )


def _examined(*findings):
    return lambda workspace: iter(findings)


def test_doctor_well(govlab, monkeypatch):
    found = _examined(Finding("pandoc", "ok", "3.9"), Finding("menus", "advice", "", "health.remedy.menus"))
    monkeypatch.setattr("govlab.reports.health.examine", found)
    said = govlab("doctor")
    assert said.code == 0
    assert "ok       pandoc  3.9" in said.out
    assert "pip install jupyterlab-language-pack-zh-CN" in said.out
    assert "Everything needed works." in said.out


def test_doctor_unwell(govlab, monkeypatch):
    broken = Finding("typst", "broken", "OSError: gone", "health.remedy.typst")
    monkeypatch.setattr("govlab.reports.health.examine", _examined(broken))
    said = govlab("doctor", "--lang", "zh")
    assert said.code == 1
    assert "损坏  typst  OSError: gone" in said.out
    assert "可补上" in said.out
    said = govlab("doctor", "--json")
    found = json.loads(said.out)
    assert (said.code, found["well"]) == (1, False)
    assert found["findings"][0]["state"] == "broken"
    assert "pip install" in found["findings"][0]["remedy"]


def test_doctor_names_a_broken_workspace(govlab, tmp_path, monkeypatch):
    (tmp_path / "study.toml").write_text("format = 1\n", encoding="utf-8")
    monkeypatch.setattr("govlab.reports.health.examine", _examined())
    said = govlab("doctor")
    assert said.code == 1
    assert "title: is missing" in said.out
