"""Coded cases of a study: read with their sets, refused with every fault, and the demo study's recipe."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from govlab.compare import qca
from govlab.data.locate import shipped
from govlab.errors import InputError, WorkspaceError
from govlab.language import LANGUAGES
from govlab.study import Study

DEMO = shipped("datasets") / "demo_study"
CONDITIONS = ["staff", "money", "powers", "voice"]
CASES = """case,workers,voice_code,settled
one,2.5,1,80
two,0.8,0.33,30
three,未说明,0.67,71
four,2.1,0,42
"""
SETS = """set,role,column,method,anchors,expectation,label::English (en),reason::English (en)
staff,condition,workers,direct,1; 1.75; 3,1,staff,written
voice,condition,voice_code,as-coded,,,voice,rubric
improved,outcome,settled,direct,35;60;85,,settled,promise
"""
STUDY = 'format = 1\ntitle = { zh = "试", en = "Trial" }\n\n[coded]\nfile = "cases.csv"\nsets = "sets.csv"\n'


def study_of(folder, cases=CASES, sets=SETS, study=STUDY):
    (folder / "study.toml").write_text(study, encoding="utf-8")
    (folder / "cases.csv").write_text(cases, encoding="utf-8")
    (folder / "sets.csv").write_text(sets, encoding="utf-8")
    return Study.open(folder)


def faults(study):
    with pytest.raises(InputError) as caught:
        study.coded()
    for fault in caught.value.faults:
        for lang in LANGUAGES:
            assert fault.text(lang)
    return [fault.key for fault in caught.value.faults]


def test_demo_study():
    study = Study.open(DEMO)
    found = study.coded_cases()
    assert found.synthetic
    assert len(found.frame) == 24
    assert (found.conditions, found.outcomes) == (CONDITIONS, ["improved"])
    assert all("虚构" in name.zh and "fictional" in name.en for name in found.names.values())
    zones = set(study.zones["zone"])
    assert zones < set(found.frame.index)
    for lang in LANGUAGES:
        for made in found.calibrated(lang).values():
            assert not made.anchors.missing_reasons
    assert found.frame["staff"].to_numpy() == pytest.approx(found.calibrated()["staff"].memberships)


def test_the_recipe_is_found():
    """What coded_truth.json says is what the intermediate solution says."""
    truth = json.loads((DEMO / "coded_truth.json").read_text(encoding="utf-8"))
    found = Study.open(DEMO).coded_cases()
    table = qca.truth_table(found.frame, "improved", CONDITIONS, inclusion=0.8, pri=0.5)
    solution = qca.minimise(table, solution="intermediate", expectations=found.expectations)
    assert solution.expressions == (truth["recipe"],)
    assert qca.minimise(table).expressions != solution.expressions
    corners = {
        case: "".join(str(int(one > 0.5)) for one in row)
        for case, row in zip(found.frame.index, found.frame[CONDITIONS].to_numpy(), strict=True)
    }
    assert corners == truth["corners"]
    disagree = table.contradictions()
    named = ", ".join([*disagree["inside"], *disagree["outside"]])
    assert all(case in named for case in truth["against_the_recipe"])
    assert len(table.remainders()) == 4


def test_errors_come_with_the_estimates():
    drawn = Study.open(DEMO).coded_cases().drawn()
    assert list(drawn) == ["improved"]
    assert drawn["improved"].covariance.shape == (24, 24)
    assert (np.diag(drawn["improved"].covariance) > 0).all()


def test_not_stated_stays_missing(tmp_path):
    study = study_of(tmp_path)
    frame = study.coded()
    assert frame["staff"].isna().tolist() == [False, False, True, False]
    assert frame["voice"].tolist() == [1, 0.33, 0.67, 0]
    with pytest.raises(InputError):
        qca.truth_table(frame, "improved", ["staff", "voice"])
    table = qca.truth_table(frame, "improved", ["staff", "voice"], missing="leave out")
    assert table.data.left_out == ("three",)
    one = study.coded_cases().set("staff")
    assert (one.expectation, one.anchors, one.reason.zh) == (1, (1, 1.75, 3), "written")
    with pytest.raises(KeyError, match="no set 'money'"):
        study.coded_cases().set("money")


def test_a_workbook(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for name, text in (("cases", CASES), ("sets", SETS)):
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append(line.split(","))
    book.remove(book.worksheets[0])
    book.save(tmp_path / "coded.xlsx")
    study = study_of(
        tmp_path, study=STUDY.replace("cases.csv", "coded.xlsx").replace('sets = "sets.csv"\n', "")
    )
    assert study.coded()["improved"].tolist() == pytest.approx(
        study_of(tmp_path).coded()["improved"].tolist()
    )


@pytest.mark.parametrize(
    ("table", "old", "new", "wanted"),
    [
        ("sets", ",written", ",", ["qca.coded.no_reason"]),
        ("sets", "1; 1.75; 3", "1; 1.75", ["qca.coded.anchor_count"]),
        ("sets", "1; 1.75; 3", "1; 4; 3", ["qca.anchors_order"]),
        ("sets", "1; 1.75; 3", "one", ["qca.coded.anchors"]),
        ("sets", "staff,condition,workers,direct", "staff,cause,staffing,guess", ["qca.coded.choice"] * 2),
        ("sets", "outcome,settled", "other,settled", ["qca.coded.no_outcome"]),
        ("sets", "3,1,staff", "3,2,staff", ["qca.coded.choice"]),
        ("cases", "0.8", "few", ["qca.coded.not_number"]),
        ("cases", "0.33", "1.33", ["qca.coded.outside"]),
        ("cases", "two,", "one,", ["survey_sample.list.twice"]),
    ],
)
def test_faults(tmp_path, table, old, new, wanted):
    texts = {"cases": CASES, "sets": SETS}
    assert old in texts[table]
    texts[table] = texts[table].replace(old, new, 1)
    found = faults(study_of(tmp_path, texts["cases"], texts["sets"]))
    if wanted[0].startswith("qca"):
        assert [key for key in found if key in wanted] == wanted
    assert found


def test_files_that_are_not_there(tmp_path):
    study = study_of(tmp_path)
    (tmp_path / "sets.csv").unlink()
    assert faults(study) == ["qca.coded.no_file"]
    assert faults(study_of(tmp_path, study=STUDY.split("\n[coded]", maxsplit=1)[0])) == ["qca.coded.none"]
    assert faults(study_of(tmp_path, study=STUDY.replace('sets = "sets.csv"\n', ""))) == ["qca.coded.no_sets"]
    with pytest.raises(WorkspaceError):
        study_of(tmp_path, study=STUDY.replace("cases.csv", "../cases.csv"))


def test_a_study_keeps_its_coded_cases_when_copied(tmp_path):
    folder = tmp_path / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert len(Study.open(folder).coded()) == 24
