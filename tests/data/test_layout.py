"""What ``govlab new`` lays out."""

from __future__ import annotations

import datetime as dt
import io
import json
import tomllib

import pandas as pd
import pytest

from govlab.cases import load_catalogue
from govlab.cases.checks import Verdict
from govlab.data.layout import LAYOUT, TEMPLATES, lay_out
from govlab.data.locate import shipped
from govlab.data.manifest import content_digest, read_manifest
from govlab.data.workspace import open_workspace
from govlab.data.zone_list import COLUMNS, zone_list
from govlab.errors import WorkspaceError
from govlab.language import LANGUAGES
from govlab.study import Study
from govlab.survey.unit_list import read_units


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new") / '河边 "study"'
    try:
        folder.mkdir()
    except OSError:
        folder = folder.with_name("河边")
    lay_out(folder, "zh")
    return folder


def test_everything_is_there_and_opens(fresh):
    found = open_workspace(fresh)
    assert found.study is not None
    assert found.study.title.zh == found.study.title.en == fresh.name
    assert found.study.lang == "zh"
    for template in LAYOUT:
        assert (fresh / template.target).is_file(), template.target
    assert [path.name for path in found.batches()] == ["cases.toml", "survey.toml"]
    assert sorted(path.name for path in (fresh / "responses").iterdir()) == ["README.md"]


def test_notebooks_are_copies_of_the_shipped_ones(fresh):
    ours = {path.name: path.read_bytes() for path in (shipped("notebooks") / "reports").glob("*.ipynb")}
    theirs = {path.name: path.read_bytes() for path in (fresh / "notebooks" / "reports").glob("*.ipynb")}
    assert theirs == ours


def test_manifest_records_the_copies(fresh):
    digests = read_manifest(fresh).digests
    assert "START_HERE.md" in digests
    assert "study.toml" not in digests
    for name, digest in digests.items():
        assert content_digest(name, (fresh / name).read_bytes()) == digest


def test_own_catalogue_loads_on_top_of_ours(fresh):
    catalogue = load_catalogue(fresh / "catalogue")
    entry = catalogue.entry("my-community")
    assert len(catalogue.cases) > 1
    assert "虚构" in entry.name.zh
    assert "fictional" in entry.name.en
    (outcome,) = catalogue.checks("my-community")
    assert outcome.verdict is Verdict.DOES_NOT_ADD_UP
    assert outcome.arithmetic == ("66 ÷ 12 = 5.5 < 6",)


def test_batch_names_the_own_case(fresh):
    batch = tomllib.loads((fresh / "reports" / "cases.toml").read_text(encoding="utf-8"))
    cases = [row["case"] for row in batch["reports"][0]["rows"]]
    assert cases[0] == "my-community"
    catalogue = load_catalogue(fresh / "catalogue")
    assert all(case in catalogue.cases for case in cases)


def test_batch_of_the_survey_names_the_listed_zones(fresh):
    batch = tomllib.loads((fresh / "reports" / "survey.toml").read_text(encoding="utf-8"))
    zones = batch["reports"][-1]["grid"]["zone"]
    assert zones == Study.open(fresh).zones["zone"].tolist()


def test_start_here_speaks_both_languages(fresh):
    text = (fresh / "START_HERE.md").read_text(encoding="utf-8")
    zh, _, en = text.partition("\n---\n")
    assert "从这里开始" in zh
    assert "Start here" in en
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in en)
    for command in ("govlab batch", "govlab lab", "govlab doctor", "govlab upgrade"):
        assert command in zh
        assert command in en


def test_survey_part_opens_and_fits_together(fresh):
    study = Study.open(fresh)
    assert study.survey.sampling == "open-link"
    assert study.waves == ()
    assert study.survey.retention.year >= dt.date.today().year + 3
    assert [note.key for note in study.notes] == ["study.note.no_responses", "study.note.open_link"]
    assert (fresh / "questionnaire.xlsx").read_bytes() == (
        shipped("datasets") / "questionnaire" / "questionnaire.xlsx"
    ).read_bytes()
    assert study.questionnaire is not None
    zones = [option.name for option in study.questionnaire.question("zone").inside]
    assert study.zones["zone"].tolist() == zones


def test_communities_add_up_to_their_zones(fresh):
    units = read_units(fresh / "communities.xlsx")
    zones = Study.open(fresh).zones.set_index("zone")
    listed = pd.DataFrame({"zone": units.column("zone"), "n": 1})
    for name in ("households", "residents"):
        listed[name] = units.numbers(name)
    sums = listed.groupby("zone").sum()
    assert sums["n"].tolist() == zones["communities"].tolist()
    for name in ("households", "residents"):
        assert sums[name].tolist() == zones[name].tolist()
    assert set(units.column("fictional")) == {"yes"}
    study = Study.open(fresh)
    assert study.questionnaire is not None
    offered = {option.name for option in study.questionnaire.question("community").inside}
    assert offered <= set(units.column("community"))


def test_start_here_names_the_way_of_a_survey(fresh):
    for text in (fresh / "START_HERE.md").read_text(encoding="utf-8").split("\n---\n"):
        places = [text.index(f"`govlab {name}") for name in ("sample", "intake", "lab", "batch", "export")]
        # The batch of the first lines comes before anything else.
        places[3] = text.index("`govlab batch reports/survey.toml`")
        assert places == sorted(places)


def test_zone_list_is_marked_fictional():
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(zone_list()))
    assert book.sheet_names == ["zones", "说明 notes"]
    head, *rows = book.get_sheet_by_name("zones").to_python()
    assert head == [column.head for column in COLUMNS]
    assert {row[head.index("role")] for row in rows} == {"pilot", "comparison"}
    for row in rows:
        assert row[head.index("fictional")] == "yes"
        assert "虚构" in row[1]
        assert "fictional" in row[2]
    notes = book.get_sheet_by_name("说明 notes").to_python()
    assert [line[0] for line in notes[1:]] == head
    assert all(all(line) for line in notes)


def test_zone_list_offers_choices():
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(zone_list()))["zones"]
    offered = {choice.formula1 for choice in sheet.data_validations.dataValidation}
    assert offered == {'"pilot,comparison"', '"yes,no"'}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_language_of_the_study(tmp_path, lang):
    lay_out(tmp_path / "x", lang)
    assert open_workspace(tmp_path / "x").study.lang == lang


def test_folder_with_anything_in_it_is_refused(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(WorkspaceError) as raised:
        lay_out(tmp_path, "en")
    assert "nothing is ever overwritten" in raised.value.text("en")
    assert "不会被覆盖" in raised.value.text("zh")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "x").touch()
    with pytest.raises(WorkspaceError, match="needs a folder of its own"):
        lay_out(tmp_path / "x", "en")


def test_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError, match="cannot be written"):
        lay_out(tmp_path / "file" / "x", "en")


def test_every_kept_file_carries_a_format_number(fresh):
    assert tomllib.loads((fresh / "study.toml").read_text(encoding="utf-8"))["format"] == 1
    for name in ("cases", "survey"):
        batch = tomllib.loads((fresh / "reports" / f"{name}.toml").read_text(encoding="utf-8"))
        assert batch["format"] == 1
    for path in (fresh / "catalogue").rglob("*.yaml"):
        assert "\nformat: 1\n" in path.read_text(encoding="utf-8")
    assert json.loads((fresh / ".govlab" / "manifest.json").read_text(encoding="utf-8"))["format"] == 1


def test_no_template_is_left_out():
    listed = {template.source or template.target for template in LAYOUT if template.make is None}
    present = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file()}
    assert listed == present
