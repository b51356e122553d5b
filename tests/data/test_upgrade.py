"""Moving a workspace to a newer govlab, with a made-up step from format 0 to 1."""

from __future__ import annotations

import json

import pytest

from govlab.data import layout, upgrade
from govlab.data.layout import lay_out
from govlab.data.manifest import PLACE, content_digest, read_manifest
from govlab.data.upgrade import Step, plan_upgrade
from govlab.data.workspace import read_workspace
from govlab.errors import WorkspaceError

STEPS = (
    Step("study", 0, "data.step.example", lambda text: text.replace("name = ", "title = ")),
    Step("catalogue", 0, "data.step.example", lambda text: text),
)
OLD = 'format = 0  # kept\nname = { zh = "河", en = "River" } # a comment of mine\n'


def _notebook(source, *, output=None):
    cell = {"cell_type": "code", "id": "a", "metadata": {"tags": ["zh"]}, "source": [source]}
    cell |= {"outputs": [output] if output else [], "execution_count": 1 if output else None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """A folder of shipped notebooks that the test can change, as a newer govlab would."""
    folder = tmp_path / "shipped"
    (folder / "reports").mkdir(parents=True)
    for name in ("one", "two", "three"):
        (folder / "reports" / f"{name}.ipynb").write_bytes(_notebook(f"old {name}"))
    real = layout.shipped
    monkeypatch.setattr(layout, "shipped", lambda name: folder if name == "notebooks" else real(name))
    return folder / "reports"


@pytest.fixture
def study(tmp_path, notebooks):
    lay_out(tmp_path / "study", "en")
    return tmp_path / "study"


def _outcomes(plan):
    return {change.path: change.outcome for change in plan.changes}


def test_nothing_to_do(study):
    plan = plan_upgrade(study)
    assert (plan.changes, plan.writes) == ((), False)
    assert plan.apply() is None
    assert not (study / upgrade.BACKUPS).exists()


def test_old_format_is_moved_in_place_with_a_backup(study):
    (study / "study.toml").write_bytes(OLD.encode())
    with pytest.raises(WorkspaceError, match="govlab upgrade"):
        read_workspace(study)
    plan = plan_upgrade(study, steps=STEPS)
    assert _outcomes(plan) == {"study.toml": "upgraded"}
    assert plan.changes[0].said == ("data.step.example",)
    assert (study / "study.toml").read_bytes() == OLD.encode()  # a plan writes nothing
    backup = plan.apply()
    assert (study / "study.toml").read_text(encoding="utf-8") == (
        'format = 1  # kept\ntitle = { zh = "河", en = "River" } # a comment of mine\n'
    )
    assert (backup / "study.toml").read_bytes() == OLD.encode()
    assert read_workspace(study).study.title.en == "River"
    assert plan_upgrade(study, steps=STEPS).changes == ()


def test_yaml_too_and_two_backups_in_one_second(study):
    path = study / "catalogue" / "my-community.yaml"
    for _ in range(2):
        path.write_text(path.read_text(encoding="utf-8").replace("format: 1", "format: 0"), encoding="utf-8")
        plan_upgrade(study, steps=STEPS).apply()
        assert "\nformat: 1\n" in path.read_text(encoding="utf-8")
    assert len(list((study / upgrade.BACKUPS).iterdir())) == 2


def test_newer_or_unreadable_formats_stop_everything(study):
    (study / "study.toml").write_bytes(OLD.encode())
    batch = study / "reports" / "cases.toml"
    batch.write_text(batch.read_text(encoding="utf-8").replace("format = 1", "format = 7"), encoding="utf-8")
    (study / "catalogue" / "bad.yaml").write_text("id: x\n", encoding="utf-8")
    with pytest.raises(WorkspaceError) as raised:
        plan_upgrade(study, steps=STEPS)
    assert {fault.key: fault.where for fault in raised.value.faults} == {
        "data.format.newer": ("reports/cases.toml",),
        "data.format.missing": ("catalogue/bad.yaml",),
    }
    assert (study / "study.toml").read_bytes() == OLD.encode()


def test_no_way_from_there(study):
    (study / "study.toml").write_bytes(OLD.encode())
    with pytest.raises(WorkspaceError, match="no known way"):
        plan_upgrade(study)


def test_untouched_notebooks_are_refreshed_and_edited_ones_left(study, notebooks):
    mine = study / "notebooks" / "reports"
    (mine / "one.ipynb").write_bytes(_notebook("old one", output={"output_type": "stream"}))  # only run
    (mine / "two.ipynb").write_bytes(_notebook("my own words"))
    for name in ("one", "two", "three"):
        (notebooks / f"{name}.ipynb").write_bytes(_notebook(f"new {name}"))
    (notebooks / "four.ipynb").write_bytes(_notebook("new four"))
    ran = (mine / "one.ipynb").read_bytes()

    plan = plan_upgrade(study)
    assert _outcomes(plan) == {
        "notebooks/reports/four.ipynb": "added",
        "notebooks/reports/one.ipynb": "refreshed",
        "notebooks/reports/three.ipynb": "refreshed",
        "notebooks/reports/two.ipynb": "edited",
    }
    backup = plan.apply()
    assert (mine / "two.ipynb").read_bytes() == _notebook("my own words")
    for name in ("one", "three", "four"):
        assert (mine / f"{name}.ipynb").read_bytes() == _notebook(f"new {name}")
    assert (backup / "notebooks/reports/one.ipynb").read_bytes() == ran
    assert not (backup / "notebooks/reports/two.ipynb").exists()
    assert _outcomes(plan_upgrade(study)) == {"notebooks/reports/two.ipynb": "edited"}


def test_removed_notebooks_stay_away_and_own_ones_stay(study, notebooks):
    mine = study / "notebooks" / "reports"
    (mine / "one.ipynb").unlink()
    (mine / "mine.ipynb").write_bytes(_notebook("mine"))
    (notebooks / "mine.ipynb").write_bytes(_notebook("a shipped one of that name"))
    plan = plan_upgrade(study)
    assert _outcomes(plan) == {
        "notebooks/reports/mine.ipynb": "edited",
        "notebooks/reports/one.ipynb": "removed",
    }
    plan.apply()
    assert not (mine / "one.ipynb").exists()
    assert (mine / "mine.ipynb").read_bytes() == _notebook("mine")


def test_lost_manifest_counts_everything_different_as_edited(study, notebooks):
    (study / PLACE).unlink()
    (notebooks / "one.ipynb").write_bytes(_notebook("new one"))
    assert _outcomes(plan_upgrade(study)) == {"notebooks/reports/one.ipynb": "edited"}


@pytest.mark.parametrize("text", ["{", '{"format": 1}', '{"format": 9, "files": {}}', "[]"])
def test_broken_manifest_is_told(study, text):
    (study / PLACE).write_text(text)
    with pytest.raises(WorkspaceError) as raised:
        read_manifest(study)
    assert raised.value.faults[0].where == (PLACE,)


def test_not_a_workspace(tmp_path):
    with pytest.raises(WorkspaceError, match="govlab new"):
        plan_upgrade(tmp_path)


def test_digest_sees_words_not_runs_or_line_endings():
    run = {"output_type": "stream", "name": "stdout", "text": ["1"]}
    assert content_digest("a.ipynb", _notebook("x")) == content_digest("a.ipynb", _notebook("x", output=run))
    assert content_digest("a.ipynb", _notebook("x")) != content_digest("a.ipynb", _notebook("y"))
    assert content_digest("a.md", b"a\r\nb\r\n") == content_digest("a.md", b"a\nb\n")
    assert content_digest("a.ipynb", b"not json") != content_digest("a.ipynb", b"not json either")
