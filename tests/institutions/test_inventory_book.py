"""The workbook of inventories: template, round trip, and every fault with sheet and row."""

import datetime as dt
import json

import pytest
from openpyxl import load_workbook

from govlab.data.definition import fact_faults
from govlab.data.locate import shipped
from govlab.data.workspace import read_workspace
from govlab.errors import InputError
from govlab.institutions import inventory as inv
from govlab.language import LANGUAGES
from govlab.study import listing
from tests.institutions.listed import BOTH, D, actor, book, need, resource

DEMO = shipped("datasets") / "demo_study"


def faults(**sheets):
    with pytest.raises(InputError) as caught:
        book(**sheets)
    for lang in LANGUAGES:
        assert caught.value.text(lang)
    return [(one.key.removeprefix("inventory."), *one.where[1:]) for one in caught.value.faults]


def test_template_round_trip(tmp_path):
    """Written, filled in by Excel's own types, read: the same; a text that would run does not."""
    path = tmp_path / "lists.xlsx"
    path.write_bytes(inv.template())
    filled = load_workbook(path)
    assert filled.sheetnames == [one.name for one in inv.SHEETS] + ["说明 notes"]
    for sheet in inv.SHEETS:
        assert [cell.value for cell in filled[sheet.name][1]] == [one.name for one in sheet.fields]
    filled["actors"].append(
        ["a1", "食堂", "Canteen", "shop", "yes", "yes", "no", "unknown", dt.datetime(2024, 1, 5)]
    )
    filled["needs"].append(["n1", "午餐", "", "meals", "east", "2025-03-01", None, 2, "no", 1.5, "open"])
    filled.save(path)
    held = inv.Inventory.read(path)
    row = held.sheet("needs").iloc[0]
    assert (row["amount"], row["whole"], row["weight"], row["capability"]) == (2.0, "no", 1.5, "meals")
    assert held.sheet("actors")["since"].iloc[0].date() == D(2024, 1, 5)
    again = tmp_path / "again.xlsx"
    rows = {"actors": [actor("a1")], "needs": [need("n1", amount=3, **{"name::中文 (zh)": "=HYPERLINK(1)"})]}
    again.write_bytes(inv.template(rows))
    cell = load_workbook(again)["needs"]["B2"]
    assert (cell.data_type, cell.value) == ("s", "'=HYPERLINK(1)")
    assert inv.Inventory.read(again).label("needs", "n1", "zh") == "=HYPERLINK(1)"
    assert inv.template(rows) == again.read_bytes()


def test_every_column_is_explained_in_both_languages(tmp_path):
    path = tmp_path / "lists.xlsx"
    path.write_bytes(inv.template())
    notes = load_workbook(path)["说明 notes"]
    assert all(row[2] and row[3] for row in notes.iter_rows(min_row=2, values_only=True))


def test_the_demo_workbook_reads_as_it_was_written():
    root = read_workspace(DEMO).root
    held = listing.inventory(root)
    again = {
        name: [
            {key: value for key, value in row.items() if key != "row" and value == value}  # noqa: PLR0124
            for row in frame.to_dict("records")
        ]
        for name, frame in held.frames.items()
    }
    copy = inv.Inventory.of(again)
    for name, frame in held.frames.items():
        assert frame.equals(copy.frames[name]), name
    frame = held.to_frame().set_index("list")
    assert frame.loc["needs", ["open", "done", "dropped"]].sum() == frame.loc["needs", "entries"] == 180
    assert len(inv.match(held, on=D(2025, 6, 30)).frame) == 85


def test_all_faults_at_once():
    found = faults(
        actors=[actor("a1"), actor("a1", kind="guild"), actor("b 2", since="soon")],
        needs=[need("n1", amount=-1), need("n2", status="done"), need("n3", since="")],
        resources=[resource("r1", actor="a7", until=D(2024, 1, 1)), resource("r2", capacity="many")],
    )
    assert sorted(found) == sorted([
        ("choice", "actors", "row 3", "kind"), ("code", "actors", "row 4", "id"),
        ("date", "actors", "row 4", "since"), ("twice", "actors", "row 3", "id"),
        ("range", "needs", "row 2", "amount"), ("empty", "needs", "row 4", "since"),
        ("number", "resources", "row 3", "capacity"), ("unknown_code", "resources", "row 2", "actor"),
        ("dates", "resources", "row 2", "until"), ("not_dated", "needs", "row 3", "closed"),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("sheets", "wanted"),
    [
        ({"needs": [need("n1", **{"name::中文 (zh)": "", "name::English (en)": ""})]}, [("no_name", "needs", "row 2")]),
        ({"needs": [need("n1", **{"name::中文 (zh)": "找 13812345678"})]},
         [("personal", "needs", "row 2", "name::中文 (zh)")]),
        ({"needs": [need("n1", closed=D(2025, 5, 1))]}, [("still_open", "needs", "row 2", "status")]),
        ({"needs": [need("n1", colour="red")]}, [("unknown_column", "needs", "colour")]),
        ({"wishes": [{}]}, [("unknown_sheet", "wishes")]),
        ({"rules": [{"rule": "may", "need": "", "resource": "", "reason": ""}]}, [("may_pair", "rules", "row 2")]),
        ({"rules": [{"rule": "must", "need": "", "resource": "", "reason": ""}]}, [("must_need", "rules", "row 2")]),
        ({"rules": [{"rule": "never", "need": "", "resource": "", "reason": ""}]}, [("empty_rule", "rules", "row 2")]),
        ({"codes": [{"list": "capability", "code": "rooms", **BOTH}], "needs": [need("n1")]},
         [("unknown_code", "needs", "row 2", "capability")]),
        ({"agreements": [{"agreement": "g1", "giver": "a1", "receiver": "a1", "shares": "time",
                          "since": D(2024, 1, 1), "renews": "g0"}]},
         [("unknown_code", "agreements", "row 2", "renews"), ("self", "agreements", "row 2", "receiver")]),
    ],
)  # fmt: skip
def test_faults_one_by_one(sheets, wanted):
    assert faults(**sheets) == wanted


def test_persons_are_codes_only():
    """A name, a member in two groups, a member giving to itself, hours beyond a day."""
    move = {"date": D(2025, 1, 1), "giver": "m-001", "giver_group": "old", "receiver": "m-002",
            "receiver_group": "young", "hours": 1}  # fmt: skip
    found = faults(
        time_bank=[
            {"id": "t1", **move}, {"id": "t2", **move, "giver": "Zhang-Wei"}, {"id": "t3", **move, "giver_group": "young"},
            {"id": "t4", **move, "receiver": "m-001", "receiver_group": "old"}, {"id": "t5", **move, "hours": 30},
        ]
    )  # fmt: skip
    assert found == [
        ("range", "time_bank", "row 6", "hours"), ("member", "time_bank", "row 3", "giver"),
        ("group", "time_bank", "row 4", "giver_group"), ("self", "time_bank", "row 5", "receiver"),
    ]  # fmt: skip


def test_files_that_are_no_workbooks(tmp_path):
    path = tmp_path / "lists.xlsx"
    path.write_text("no workbook", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        inv.Inventory.read(path)
    assert [one.key for one in caught.value.faults] == ["inventory.unreadable"]
    with pytest.raises(InputError) as caught:
        listing.inventory(tmp_path / "nowhere")
    assert caught.value.faults[0].key == "inventory.no_file"


def test_part_of_the_places():
    held = book(needs=[need("n1"), need("n2", place="west")], resources=[resource("r1", place=("*",))])
    part = held.only(frozenset({"west"}))
    assert part.sheet("needs")["id"].to_list() == ["n2"]
    assert part.sheet("resources")["id"].to_list() == ["r1"]
    assert len(held.sheet("needs")) == 2


def test_definition_rests_on_facts_that_may_be_used():
    found = inv.definition()
    flags = {}
    for path in (shipped("datasets") / "catalogue").rglob("*.yaml"):
        import yaml

        for fact in (yaml.load(path.read_bytes(), yaml.CSafeLoader) or {}).get("facts", []):
            flags[fact["id"]] = frozenset(fact.get("flags", []))
    assert fact_faults(found, flags, ("inventory.yaml",)) == []
    # the lists, tests, things and forms of the definition are those of the tables
    from govlab.institutions.inventory import lists

    sheets = {one.name.replace("_", "-") for one in inv.SHEETS} - {"codes"}
    assert {one.id for one in found.lists} == sheets
    assert tuple(one.id.replace("-", "_") for one in found.lists[:9]) == inv.NINE
    for group, codes in (
        ("tests", lists.TESTS),
        ("sharing", lists.SHARING),
        ("forms", lists.FORMS),
        ("actors", lists.KINDS),
    ):
        assert tuple(one.id for one in getattr(found, group)) == codes
    from govlab.institutions.reach import walking

    assert found.word("circle", "minutes").value == walking.MINUTES
    assert (found.word("circle", "speed").value, found.word("circle", "detour").value) == (
        walking.SPEED,
        walking.DETOUR,
    )
    assert found.origins() == {"source": 38, "govlab": 9, "user": 1}
    assert json.loads((shipped("datasets") / "institutions" / "datapackage.json").read_text("utf-8"))[
        "resources"
    ]
