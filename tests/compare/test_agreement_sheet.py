"""The coding sheet goes out, comes back, and says where coders part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from govlab.compare import agreement
from govlab.errors import InputError, WorkspaceError

RUBRIC = agreement.Rubric(
    (
        agreement.Item(
            "money",
            "是否说明经费来源",
            "Is the source of money told?",
            (("0", "没有", "no"), ("1", "笼统", "vaguely"), ("2", "明确", "exactly")),
            "ordinal",
        ),
        agreement.Item(
            "who", "谁执行", "Who acts?", (("party", "党组织", "party"), ("station", "站", "station"))
        ),
    )
)
PASSAGES = [
    agreement.Passage("p1", "桥东区汇报", "第 2 页", "=经费由区财政承担"),
    agreement.Passage("p2", "桥东区汇报", "第 5 页", "社区服务站负责"),
    agreement.Passage("p3", "柳岸区汇报", "第 1 页", "人员另行安排"),
]


def filled(folder: Path, coder: str, rows: list[tuple[object, object]]) -> Path:
    path = folder / f"{coder}.xlsx"
    agreement.write_sheet(path, RUBRIC, PASSAGES, coder=coder)
    book = openpyxl.load_workbook(path)
    sheet = book["coding"]
    for row, codes in enumerate(rows, 2):
        for column, code in zip("EF", codes, strict=True):
            sheet[f"{column}{row}"] = code
    book.save(path)
    return path


def test_there_and_back(tmp_path: Path) -> None:
    paths = [
        filled(tmp_path, "Li", [(2, "party"), ("1", "station"), (0, "?")]),
        filled(tmp_path, "Wang", [("2", "party"), (0, "party"), (None, "station")]),
    ]
    found = agreement.read_sheets(paths, RUBRIC)
    assert found.coders == ("Li", "Wang")
    wide = found.wide("money")
    assert wide["Li"].tolist() == ["2", "1", "0"]
    assert wide["passage"][0] == "=经费由区财政承担"
    apart = found.disagreements()
    assert apart["unit"].tolist() == ["p2", "p2"]
    assert apart["place"].tolist() == ["第 5 页"] * 2
    table = found.agreement(draws=20)
    assert table["item"].tolist() == ["money", "who"]
    assert table["n"].tolist() == [2, 2]
    assert "3 passages" in found.summary()


def test_same_content_same_bytes_and_never_over_a_coders_work(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (first, second):
        agreement.write_sheet(path, RUBRIC, PASSAGES, coder="Li")
    assert first.read_bytes() == second.read_bytes()
    with pytest.raises(WorkspaceError):
        agreement.write_sheet(first, RUBRIC, PASSAGES, coder="Li")
    sheet = openpyxl.load_workbook(first)["coding"]
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert lists == {"E2:E4": '"0,1,2,?"', "F2:F4": '"party,station,?"'}
    assert sheet["D2"].data_type == "s"


def test_every_fault_with_its_place(tmp_path: Path) -> None:
    first = filled(tmp_path, "Li", [(7, "party"), (1, "nobody"), (0, "party")])
    other = filled(tmp_path, "Wang", [(1, "party"), (1, "party"), (0, "party")])
    book = openpyxl.load_workbook(other)
    book["coding"]["D4"] = "别的话"
    book["coding"]["A3"] = "p1"
    book["coder"]["B1"] = "Li"
    book.save(other)
    with pytest.raises(InputError) as error:
        agreement.read_sheets([first, other], RUBRIC)
    keys = sorted(fault.key.partition(".")[2] for fault in error.value.faults)
    assert keys == ["code", "code", "coder_twice", "passage_changed", "passage_changed", "unit_twice"]
    assert "Li.xlsx, coding, 2" in str(error.value)
    assert all(fault.text("zh") for fault in error.value.faults)


def test_not_a_coding_sheet(tmp_path: Path) -> None:
    good = filled(tmp_path, "Li", [])
    book = openpyxl.Workbook()
    book.save(tmp_path / "x.xlsx")
    lacking = filled(tmp_path, "Wang", [])
    changed = openpyxl.load_workbook(lacking)
    changed["coding"]["E1"] = "cash"
    changed["coder"]["B1"] = None
    changed.save(lacking)
    with pytest.raises(InputError) as error:
        agreement.read_sheets([good, tmp_path / "x.xlsx", lacking], RUBRIC)
    keys = [fault.key.partition(".")[2] for fault in error.value.faults]
    assert keys == ["no_sheet", "no_coder", "no_column"]
    with pytest.raises(ValueError, match="two or more"):
        agreement.read_sheets([good], RUBRIC)


def test_rubrics_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="different codes"):
        replace(RUBRIC, items=(RUBRIC.items[0], RUBRIC.items[0]))
    with pytest.raises(ValueError, match="two or more"):
        replace(RUBRIC, unclear="0")
    with pytest.raises(ValueError, match="different ids"):
        agreement.write_sheet(Path("x.xlsx"), RUBRIC, [PASSAGES[0], PASSAGES[0]], coder="Li")


def test_codes_go_on_to_a_rubric(tmp_path: Path) -> None:
    """Two coders, three places, one shipped rubric: levels as they were coded, the unclear one left out."""
    from govlab.institutions.scheme.evidence import Evidence, Unit
    from govlab.institutions.scheme.rubric import read_rubric, shipped_rubrics

    theirs = next(one for one in map(read_rubric, shipped_rubrics().values()) if not one.file.checklist)
    items = [one for one in theirs.file.items if one.asked][:2]
    rubric = agreement.Rubric(
        tuple(
            agreement.Item(
                one.id, one.ask.zh, one.ask.en,
                tuple((str(each.value), each.text.zh, each.text.en) for each in one.anchors), "ordinal",
            )
            for one in items
        )
    )  # fmt: skip
    codes = [str(one.value) for one in theirs.file.levels]
    paths = []
    for coder, given in [("Li", codes[1]), ("Wang", codes[0])]:
        path = tmp_path / f"{coder}.xlsx"
        agreement.write_sheet(path, rubric, PASSAGES, coder=coder)
        book = openpyxl.load_workbook(path)
        book["coding"]["E2"], book["coding"]["F2"] = given, codes[0]
        book["coding"]["E3"] = "?"
        book.save(path)
        paths.append(path)
    records = agreement.read_sheets(paths, rubric).records(theirs.id)
    assert len(records) == 4
    assert records["where"][0] == "桥东区汇报, 第 2 页"
    units = tuple(Unit(one.unit, one.unit, one.unit) for one in PASSAGES)
    profile = theirs.profile(Evidence(units, records)).to_frame()
    assert profile["coders"].tolist() == [2, 2]
    assert profile["agreed"].tolist() == [0.0, 1.0]
