"""What ``govlab doctor`` tries."""

from __future__ import annotations

import pytest

from govlab.data.workspace import open_workspace
from govlab.language import LANGUAGES, messages, say
from govlab.reports import health
from govlab.reports.health import Finding


def test_what_is_not_there_is_missing_and_what_fails_is_broken():
    def absent():
        raise ModuleNotFoundError("No module named 'typst'", name="typst")

    def fails():
        raise OSError("no such font")

    assert health._tried("typst", absent, "health.remedy.typst") == Finding(
        "typst", "missing", "typst", "health.remedy.package"
    )
    assert health._tried("font", fails, "health.remedy.font") == Finding(
        "font", "broken", "OSError: no such font", "health.remedy.font"
    )
    assert health._tried("pandoc", lambda: "3.9", "health.remedy.pandoc") == Finding("pandoc", "ok", "3.9")


@pytest.mark.parametrize(
    ("state", "well"), [("ok", True), ("advice", True), ("missing", False), ("broken", False)]
)
def test_what_counts_as_well(state, well):
    assert Finding("x", state).well is well


def test_packages_are_those_the_installed_govlab_asks_for(monkeypatch):
    wanted = ["pandas>=3.0", "no-such-package-x>=1", 'pytest>=8 ; extra == "test"']
    monkeypatch.setattr(health, "requires", lambda name: wanted)
    assert health._packages() == Finding("packages", "missing", "no-such-package-x", "health.remedy.package")
    monkeypatch.setattr(health, "requires", lambda name: wanted[:1])
    assert health._packages() == Finding("packages", "ok", "1")


def test_font_without_chinese_is_broken(monkeypatch):
    import matplotlib

    latin = f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
    monkeypatch.setattr("govlab.plots.font_path", lambda: __import__("pathlib").Path(latin))
    finding = health._tried("font", health._font, "health.remedy.font")
    assert finding.state == "broken"
    assert "社" in finding.detail


@pytest.mark.parametrize("name", ["font", "pandoc", "typst"])
def test_tools_really_work_here(name):
    finding = health._tried(name, getattr(health, f"_{name}"), "")
    assert finding.state == "ok", finding.detail


def test_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    assert health._writable(tmp_path / "new") == str(tmp_path / "new")
    with pytest.raises(OSError):
        health._writable(tmp_path / "file" / "out")


def test_every_name_and_remedy_has_its_words():
    for lang in LANGUAGES:
        for key in messages("health", lang):
            assert say(key, {"detail": ""}, lang=lang)
        for name in ("python", "packages", "font", "pandoc", "typst", "kernel", "menus", "output"):
            assert say(f"cli.doctor.{name}", lang=lang)


@pytest.mark.slow
def test_everything_is_well_here(tmp_path):
    findings = list(health.examine(open_workspace(tmp_path)))
    assert [(one.name, one.detail) for one in findings if not one.well] == []
    assert {"format.html", "format.docx", "format.pdf", "format.xlsx", "kernel"} <= {
        one.name for one in findings
    }
