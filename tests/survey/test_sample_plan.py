"""Sample plans: what is drawn, what is written, what a design reads from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from govlab.errors import InputError
from govlab.survey.design import Design
from govlab.survey.sample_plan import Request, csv_bytes, draw_plan, plan_bytes, read_plan
from govlab.survey.unit_list import UnitList, read_units


@pytest.fixture
def units(tmp_path: Path) -> UnitList:
    sizes = np.random.default_rng(0).integers(300, 3000, 24)
    lines = [f"{i:03d},{'ABCD'[i // 6]},=1+{i},{sizes[i]}" for i in range(24)]
    (tmp_path / "list.csv").write_text("\n".join(["code,zone,note,residents", *lines]), encoding="utf-8")
    return read_units(tmp_path / "list.csv")


TWO = Request(12, "code", 7, "pps", "zone", "residents", take=20)


@pytest.mark.parametrize(
    "request_",
    [
        Request(8, "code", 1),
        Request(8, "code", 1, strata="zone"),
        Request({"A": 3, "B": 2, "C": 2, "D": 2}, "code", 1, strata="zone"),
        Request(8, "code", 1, "systematic"),
        Request(8, "code", 1, "pps", "zone", "residents", allocation="equal"),
        Request(8, "code", 1, "sampford", None, "residents"),
        TWO,
        replace(TWO, method="simple"),
    ],
)
def test_written_and_read_back(units: UnitList, request_: Request, tmp_path: Path) -> None:
    plan = draw_plan(units, request_, version="1")
    data = plan_bytes(plan)
    assert data == plan_bytes(draw_plan(units, request_, version="1"))
    assert data != plan_bytes(draw_plan(units, replace(request_, seed=2), version="1"))
    (tmp_path / "plan.xlsx").write_bytes(data)
    again = read_plan(tmp_path / "plan.xlsx")
    pd.testing.assert_frame_equal(
        again.frame, plan.frame.reset_index(drop=True), check_dtype=False, rtol=1e-14
    )
    assert again.said == dict(plan.said)
    assert again.design == plan.design
    assert list(again.frame["code"]) == [f"{int(code):03d}" for code in again.frame["code"]]
    assert again.said["seed"] == str(request_.seed)
    weight, chance = again.frame["weight"].to_numpy(), again.frame["probability"].to_numpy()
    assert weight * chance == pytest.approx(np.ones(len(weight)))
    if plan.people is not None:
        assert again.people is not None
        assert list(again.people["respondent"]) == list(plan.people["respondent"])


def test_a_design_reads_a_one_stage_plan(units: UnitList) -> None:
    plan = draw_plan(units, Request(12, "code", 3, strata="zone"), version="1")
    options = {name: value for name, value in plan.design.items() if name != "key"}
    design = Design(plan.frame, **options)
    assert design.weights.sum() == pytest.approx(24)
    assert design.degf == 8
    # Three answers from each unit that was drawn are not three units.
    assert Design(pd.concat([plan.frame] * 3), **options).degf == 8


def test_a_design_reads_a_two_stage_plan_joined_to_responses(units: UnitList) -> None:
    plan = draw_plan(units, replace(TWO, allocation="equal"), version="1")
    assert plan.people is not None
    responses = plan.people[["respondent", "code"]]
    joined = responses.merge(plan.frame, on=plan.design["key"])
    options = {name: value for name, value in plan.design.items() if name != "key"}
    design = Design(joined, **options)
    assert len(design.frame) == 240
    assert design.degf == 8
    assert joined["weight"].to_numpy() == pytest.approx(plan.people["weight"].to_numpy())
    assert plan.planned("zone") == dict.fromkeys("ABCD", 60)
    assert draw_plan(units, Request(8, "code", 1, strata="zone"), version="1").planned(
        "zone"
    ) == dict.fromkeys("ABCD", 2)


def test_units_all_taken_are_strata(units: UnitList) -> None:
    plan = draw_plan(units, replace(TWO, n=24, method="simple", take=5), version="1")
    assert plan.design == {"key": "code", "weights": "weight", "strata": "code", "fpc": "residents"}
    assert plan.people is not None
    joined = plan.people[["respondent", "code"]].merge(plan.frame, on="code")
    design = Design(joined, weights="weight", strata="code", fpc="residents")
    assert design.degf == 24 * 4
    assert design.weights.sum() == pytest.approx(sum(units.numbers("residents")))


def test_no_cell_runs_as_a_formula(units: UnitList, tmp_path: Path) -> None:
    plan = draw_plan(units, TWO, version="1")
    (tmp_path / "plan.xlsx").write_bytes(plan_bytes(plan))
    book = load_workbook(tmp_path / "plan.xlsx")
    assert book.sheetnames == ["sample", "method", "strata", "people"]
    notes = [row[2].value for row in book["sample"].iter_rows(min_row=2)]
    assert all(note.startswith("'=1+") for note in notes)
    assert b",'=1+" in csv_bytes(plan.frame)
    assert csv_bytes(plan.frame).startswith(b"\xef\xbb\xbf")
    said = {row[0].value: row[1].value for row in book["method"].iter_rows()}
    assert said["seed"] == "7"
    assert said["list_sha256"] == units.digest
    assert all(row[2].value and row[3].value for row in book["method"].iter_rows())


def test_too_many_from_a_stratum_names_its_rows(units: UnitList) -> None:
    with pytest.raises(InputError) as raised:
        draw_plan(units, Request({"A": 2, "B": 9, "C": 2, "D": 8}, "code", 1, strata="zone"), version="1")
    first, second = raised.value.text("en").splitlines()
    assert first.startswith("list.csv: rows 8-13: stratum B has 6 units and 9 are to be drawn")
    assert second.startswith("list.csv: rows 20-25: stratum D")
    with pytest.raises(InputError) as raised:
        draw_plan(units, Request(25, "code", 1), version="1")
    assert raised.value.text("en") == "list.csv: the list has 24 units and 25 are to be drawn"


def test_sizes_must_be_named(units: UnitList) -> None:
    for request in (Request(4, "code", 1, "pps"), Request(4, "code", 1, take=5)):
        with pytest.raises(InputError) as raised:
            draw_plan(units, request, version="1")
        assert raised.value.faults[0].key == "survey_sample.needs_size"


def test_a_list_that_has_our_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,number,weight\na,1,1\nb,2,1\nc,3,1\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        draw_plan(read_units(tmp_path / "a.csv"), Request(2, "id", 1), version="1")
    assert "weight, number" in raised.value.text("en")


def test_notes(units: UnitList) -> None:
    plan = draw_plan(units, Request({"A": 1, "B": 2, "C": 2, "D": 2}, "code", 1, strata="zone"), version="1")
    assert [note.key.rpartition(".")[2] for note in plan.notes] == ["lone"]
    plan = draw_plan(units, replace(TWO, n=20, allocation="equal", take=700), version="1")
    assert {note.key.rpartition(".")[2] for note in plan.notes} == {"certain", "asked_whole"}


def test_files_that_are_no_plan(units: UnitList, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_bytes(draw_plan(units, TWO, version="1")))
    book = load_workbook(path)
    book["sample"].delete_cols(list(next(book["sample"].values)).index("weight") + 1)
    book.save(path)
    with pytest.raises(InputError) as raised:
        read_plan(path)
    assert "weight" in raised.value.text("en")
    del book["method"]
    book.save(path)
    with pytest.raises(InputError) as raised:
        read_plan(path)
    assert "method" in raised.value.text("en")
