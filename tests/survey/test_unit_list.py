"""Lists to draw from: read as they are, every faulty row told with file, sheet and row."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import pytest
from openpyxl import Workbook

from govlab.errors import InputError
from govlab.survey.unit_list import check_units, number, read_units


def book(path: Path, rows: list[list[object]], title: str = "list") -> Path:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    made.save(path)
    return path


def test_workbook_and_text_say_the_same(tmp_path: Path) -> None:
    rows = [["编号", "zone", "people"], ["007", "甲", 1200], ["008", "乙", 35]]
    one = read_units(book(tmp_path / "a.xlsx", rows, "社区"))
    text = "\n".join(",".join(map(str, row)) for row in rows)
    (tmp_path / "b.csv").write_bytes(text.encode("gb18030"))
    other = read_units(tmp_path / "b.csv")
    assert one.texts.equals(other.texts)
    assert one.where == ("a.xlsx", "社区")
    assert other.where == ("b.csv",)
    assert other.encoding == "gb18030"
    assert one.id_column == "编号"
    assert one.column("编号") == ["007", "008"]
    assert one.numbers("people") == [1200, 35]
    assert one.rows == other.rows == (2, 3)
    assert one.digest != other.digest


def test_every_faulty_row_is_told(tmp_path: Path) -> None:
    rows = [
        ["id", "zone", "people"], ["a", "x", 10], ["b", "x", -5], ["a", None, "many"], [None, "x", None],
        ["e", "x", 2.5], ["f", "x", 0],
    ]  # fmt: skip
    units = read_units(book(tmp_path / "bad.xlsx", rows))
    with pytest.raises(InputError) as raised:
        check_units(units, unit="id", strata="zone", size="people", whole=True)
    assert raised.value.text("en").splitlines() == [
        "bad.xlsx, list: row 3: the size (people) must be above 0, got -5",
        "bad.xlsx, list: row 4: the id a stands in row 2 already",
        "bad.xlsx, list: row 4: the stratum (zone) is empty",
        "bad.xlsx, list: row 4: the size (people) is no number: many",
        "bad.xlsx, list: row 5: the id (id) is empty",
        "bad.xlsx, list: row 5: the size (people) is empty",
        "bad.xlsx, list: row 6: the size (people) must be a whole number, got 2.5",
        "bad.xlsx, list: row 7: the size (people) must be above 0, got 0",
    ]
    assert "第 3 行：规模（people）要大于 0，得到 -5" in raised.value.text("zh")


def test_missing_columns_are_all_told(tmp_path: Path) -> None:
    units = read_units(book(tmp_path / "a.xlsx", [["id", "zone"], ["a", "x"]]))
    with pytest.raises(InputError) as raised:
        check_units(units, unit="id", strata="zon", size="residents")
    assert [fault.key.rpartition(".")[2] for fault in raised.value.faults] == ["no_column_near", "no_column"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,zone\n", "no row"),
        ("id,zone,zone\na,b,c\n", "more than once"),
        ("id,,zone\na,b,c\n", "has no name"),
        ("", "empty"),
        ("手机号\n13800000000\n", "identify people"),
    ],
)
def test_files_that_are_no_list(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_units(tmp_path / "a.csv")
    assert words in raised.value.text("en")
    assert raised.value.text("en").startswith("a.csv")


def test_what_identifies_people_stays_outside(tmp_path: Path) -> None:
    rows = [["id", "name", "联系电话", "zone"], ["a", "河边", "13800000000", "x"]]
    units = read_units(book(tmp_path / "a.xlsx", rows))
    assert list(units.texts.columns) == ["id", "name", "zone"]
    assert units.personal == ("联系电话",)
    with pytest.raises(InputError) as raised:
        check_units(units, unit="联系电话")
    assert raised.value.faults[0].key == "survey_sample.list.personal"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("1,224", 1224), ("12.5", 12.5), ("１２", 12), ("1,22", None), ("inf", None), ("", None)],
)
def test_numbers_as_people_type_them(text: str, wanted: float | None) -> None:
    found = number(text)
    assert isnan(found) if wanted is None else found == wanted
