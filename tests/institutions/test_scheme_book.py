"""The workbook of a scheme there and back, rubrics, the seam on a study, the figures."""

from __future__ import annotations

import shutil

import numpy as np
import openpyxl
import pandas as pd
import pytest

from govlab.data.locate import shipped
from govlab.data.package import read_package
from govlab.errors import InputError, WorkspaceError
from govlab.institutions.scheme import Evidence, Unit, read_book, read_rubric, shipped_rubrics, write_book
from govlab.plots.scheme import Branch, Coded, Mark, Standing, marks, profile, standings, tree
from govlab.study import Study
from tests.institutions.appraisal import ABOVE, ROWS, UNITS, records, scheme, survey

DEMO = shipped("datasets") / "demo_study"


@pytest.fixture
def small(tmp_path):
    return scheme(tmp_path)


def write(path, small, **more):
    write_book(path, small, UNITS, above=ABOVE, periods=["1"], raters=["A", "B", "C"], **more)
    return path


def test_there_and_back(tmp_path, small):
    known = records().assign(period="1")
    path = write(tmp_path / "small.xlsx", small, records=known)
    book = read_book(path, small)
    assert book.units == UNITS and book.above == ABOVE
    assert book.scheme.shares == small.shares
    columns = ["unit", "indicator", "rater", "value"]
    found = book.records[columns].sort_values(columns).reset_index(drop=True)
    wanted = known[columns].sort_values(columns).reset_index(drop=True)
    assert found.astype({"value": float}).equals(wanted.astype({"value": float}))
    again = book.scheme.score(Evidence(book.units, book.records, above=book.above, ask=survey))
    assert again.estimate == pytest.approx(np.array([78.3, 67.8]), rel=1e-12)
    other = write(tmp_path / "other.xlsx", small, records=known)
    assert path.read_bytes() == other.read_bytes()
    with pytest.raises(WorkspaceError):
        write(path, small)


def test_weights_set_in_the_workbook(tmp_path, small):
    path = write(tmp_path / "small.xlsx", small)
    book = openpyxl.load_workbook(path)
    for row, weight in ((2, 20), (3, 30), (4, 50)):
        book["weights"].cell(row, 5).value = weight
    book.save(path)
    found = read_book(path, small)
    assert found.scheme.shares == pytest.approx({"heard": 0.2, "done": 0.3, "judged": 0.5})
    assert found.scheme.node("heard").weight.origin == "user"
    assert len(found.records) == 0


def test_no_cell_runs(tmp_path, small):
    units = (Unit("=1+1", "=cmd()", "@x", ""),)
    write_book(tmp_path / "a.xlsx", small, units, raters=["-A"])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    texts = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    assert not [text for text in texts if text[:1] in ("=", "+", "-", "@")]
    assert read_book(tmp_path / "a.xlsx", small).units == units


def test_every_fault_with_sheet_and_row(tmp_path, small):
    path = write(tmp_path / "small.xlsx", small, records=records().assign(period="1"))
    book = openpyxl.load_workbook(path)
    book["weights"]["A2"] = "nothing"
    book["weights"]["E3"] = "much"
    book["units"]["E3"] = "-4"
    book["units"]["B4"] = "elsewhere"
    book["counts"]["C2"] = "many"
    book.save(path)
    with pytest.raises(InputError) as raised:
        read_book(path, small)
    found = {one.key for one in raised.value.faults}
    assert {
        "scheme.unknown",
        "scheme.weight",
        "scheme.size",
        "scheme.no_unit",
        "scheme.not_a_number",
    } <= found
    assert ("small.xlsx", "weights", "2") in [one.where for one in raised.value.faults]
    del book["ratings"]
    book["counts"]["A1"] = "x"
    book.save(path)
    with pytest.raises(InputError) as raised:
        read_book(path, small)
    assert {one.key for one in raised.value.faults} == {"scheme.no_sheet", "scheme.no_column"}


def test_values_that_do_not_fit_name_their_cell(tmp_path, small):
    path = write(tmp_path / "small.xlsx", small, records=records().assign(period="1"))
    book = openpyxl.load_workbook(path)
    book["counts"]["C2"] = 400
    book.save(path)
    found = read_book(path, small)
    with pytest.raises(InputError, match=r"small\.xlsx, counts, 2, done"):
        small.score(Evidence(found.units, found.records, above=found.above, ask=survey))


# -- rubrics -----------------------------------------------------------------------------------------


def coded(*rows):
    table = pd.DataFrame(rows, columns=["scheme", "unit", "indicator", "rater", "value"])
    return Evidence((Unit("z", "某区", "A zone"),), table)


def test_a_profile_by_hand():
    """Levels 1, 2, 2 by three coders: middle 2, one pair of three agrees; no total anywhere."""
    rubric = read_rubric(shipped_rubrics()["zhejiang-five-shifts"])
    name = rubric.id
    found = rubric.profile(
        coded(*[(name, "z", "space", who, level) for who, level in zip("ABC", (1, 2, 2), strict=True)])
    )
    row = found.to_frame().iloc[0]
    assert (row["low"], row["middle"], row["high"], row["coders"]) == (1, 2, 2, 3)
    assert row["agreed"] == pytest.approx(1 / 3)
    assert "no total" in found.summary() and not hasattr(found, "ranks")


def test_a_strand_that_is_not_asked_cannot_be_coded():
    rubric = read_rubric(shipped_rubrics()["aksu-six-isations"])
    bad = coded(
        (rubric.id, "z", "grids", "A", 1), (rubric.id, "z", "it", "A", 3), (rubric.id, "y", "it", "A", 1),
        (rubric.id, "z", "service", "A", 1), (rubric.id, "z", "service", "A", 1),
    )  # fmt: skip
    with pytest.raises(InputError) as raised:
        rubric.profile(bad)
    assert [one.key for one in raised.value.faults] == [
        "scheme.no_indicator", "scheme.no_step", "scheme.no_unit", "scheme.record_twice",
    ]  # fmt: skip


# -- a study -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def study():
    return Study.open(DEMO)


def test_the_seam(study):
    made = study.scheme("aksu-3-plus-1")
    scores = made.score(study.evidence())
    frame = scores.ranks(draws=500).to_frame()
    assert {"rank", "rank_low", "rank_high"} <= set(frame.columns)
    lost = dict(zip([one.id for one in scores.units], scores.reasons, strict=True))
    assert lost["ocarina-31"] == lost["starfish-31"] == "no-respondents"
    assert scores.evidence.synthetic and scores.evidence.period == "3"
    # each community is a stratum of its own: no covariance between them but that of the raters
    inside = np.isfinite(scores.estimate)
    survey_part = scores.pieces.survey_error(made.shares)[np.ix_(inside, inside)]
    assert np.allclose(survey_part, np.diag(np.diag(survey_part)))
    assert (scores.covariance[np.ix_(inside, inside)] > 0).all()
    with pytest.raises(InputError, match="no definition called"):
        study.scheme("three-plus-two")
    with pytest.raises(InputError, match="no definition called"):
        study.rubric("aksu-3-plus-1")


@pytest.mark.parametrize(
    "name", ["beijing-seven-standardisations", "aksu-reverse-appraisal", "project-selection"]
)
def test_shipped_schemes_run_on_the_demo(study, name):
    made = study.scheme(name)
    scores = made.score(study.evidence(made.file.of))
    assert np.isfinite(scores.estimate).all() and (scores.std_error > 0).all()
    # raters are all there is: every part of the score has its error
    assert scores.heading == "all"
    assert len(scores.ranks(draws=500).to_frame()) == len(scores.units)


@pytest.mark.parametrize("name", shipped_rubrics())
def test_shipped_rubrics_run_on_the_demo(study, name):
    rubric = study.rubric(name)
    frame = rubric.profile(study.evidence(rubric.file.of)).to_frame()
    asked = [one.id for one in rubric.file.items if one.asked]
    assert set(frame["item"]) == set(asked)
    levels = [one.label.zh for one in rubric.file.levels]
    first = frame[frame["unit"] == frame["unit"].iloc[0]].to_dict("records")
    rows = [Coded(row["item"], row["middle"], row["low"], row["high"], row["coders"]) for row in first]
    figure = profile([*rows, Coded("grids", None, reason="不问")], levels, lang="zh", caption="c")
    assert figure.png[:4] == b"\x89PNG" and "不问" in figure.alt


def test_a_filled_workbook_in_a_study(tmp_path, study):
    folder = tmp_path / "study"
    shutil.copytree(DEMO, folder)
    made = study.scheme("project-selection").weighted({"need": 20, "doable": 30, "shared": 50})
    units = [Unit("p1", "甲", "First"), Unit("p2", "乙", "Second"), Unit("p3", "丙", "Third")]
    rows = [
        ("4", made.id, unit.id, item, rater, float(5 + at + (rater == "B")))
        for at, unit in enumerate(units)
        for item in ("need", "doable", "shared")
        for rater in "AB"
    ]
    known = pd.DataFrame(rows, columns=["period", "scheme", "unit", "indicator", "rater", "value"])
    (folder / "appraisals").mkdir()
    write_book(
        folder / "appraisals" / f"{made.id}.xlsx",
        made,
        units,
        periods=["4"],
        raters=["A", "B"],
        records=known,
    )
    own = Study.open(folder)
    assert own.scheme(made.id).shares == pytest.approx({"need": 0.2, "doable": 0.3, "shared": 0.5})
    evidence = own.evidence("project")
    assert evidence.period == "4" and {"p1", "p2", "p3"} <= {one.id for one in evidence.units}
    scores = own.scheme(made.id).score(evidence)
    found = dict(zip([one.id for one in scores.units], scores.estimate, strict=True))
    assert found["p3"] == pytest.approx(75.0)  # (7 + 8) / 2 of 10 on every criterion


def test_definitions_are_described():
    package = read_package(shipped("datasets") / "institutions")
    assert {"aksu-3-plus-1.yaml", "zhejiang-five-shifts.yaml"} <= {one.path for one in package.resources}


# -- figures -----------------------------------------------------------------------------------------


def test_figures_read_without_seeing():
    assert tree([Branch("a", 60.0, group=True), Branch("b", 60.0, 1, given=True)], lang="en", caption="c").alt
    found = marks(
        [Mark("a", 70.0, 3.0, 60.0), Mark("b", None, reason="nobody asked")], lang="en", caption="c"
    )
    assert "nobody asked" in found.alt and "70.0" in found.alt
    rows = [
        Standing("a", 1, 1, 2, (1, 2), own=True),
        Standing("b", 2, 1, 2),
        Standing("c", None, reason="none"),
    ]
    assert standings(rows, lang="en", caption="c").alt == "a 1 [1–2]; b 2 [1–2]; c none"
    for made in (lambda: tree([], lang="en", caption="c"), lambda: marks([], lang="en", caption="c")):
        with pytest.raises(ValueError, match="rows"):
            made()
    with pytest.raises(ValueError, match="rows"):
        standings(rows[2:], lang="en", caption="c")
    with pytest.raises(ValueError, match="rows"):
        profile([], ["a", "b"], lang="en", caption="c")


def test_rows_of_the_hand_worked_example_stay():
    assert len(ROWS) == 12
