"""Definitions as workbooks: what is written is read back; nothing runs; faults name sheet and row."""

import openpyxl
import pytest

from govlab.data.locate import shipped
from govlab.errors import InputError, WorkspaceError
from govlab.institutions.duties import Duties
from govlab.institutions.duties import names as duties_names
from govlab.institutions.ledger import Ledger
from govlab.institutions.ledger import names as ledger_names

CASES = [(Ledger, name) for name in ledger_names()] + [(Duties, name) for name in duties_names()]
DEMO = shipped("datasets") / "demo_study"


@pytest.mark.parametrize(
    ("kind", "name"), [*CASES, (Ledger, DEMO / "ledger.yaml"), (Duties, DEMO / "duties.yaml")]
)
def test_round_trip(tmp_path, kind, name):
    written = kind.load(name)
    path = tmp_path / "filled.xlsx"
    written.write_book(path)
    assert kind.load(path).file == written.file
    again = tmp_path / "again.xlsx"
    kind.load(path).write_book(again)
    assert again.read_bytes() == path.read_bytes()


def test_an_existing_file_is_left_alone(tmp_path):
    path = tmp_path / "mine.xlsx"
    path.write_bytes(b"work")
    with pytest.raises(WorkspaceError):
        Ledger.load("lulei-funding").write_book(path)
    assert path.read_bytes() == b"work"


def test_no_cell_runs_as_a_formula(tmp_path):
    found = Ledger.load("lulei-funding")
    said = {"zh": "=1+1", "en": "+cmd"}
    text = type(found.file.title).model_validate(said)
    changed = type(found)(found.file.model_copy(update={"title": text}))
    path = tmp_path / "mine.xlsx"
    changed.write_book(path)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    assert Ledger.load(path).file.title == text


def test_faults_name_sheet_and_row(tmp_path):
    path = tmp_path / "mine.xlsx"
    Ledger.load("aksu-four-sinkings").write_book(path)
    book = openpyxl.load_workbook(path)
    items, holdings, branches = (book[name] for name in ("items", "holdings", "branches"))
    heads = [cell.value for cell in holdings[1]]
    holdings.cell(3, heads.index("share") + 1, 170)
    heads = [cell.value for cell in items[1]]
    items.cell(2, heads.index("kind") + 1, "people")
    book.save(path)
    with pytest.raises(InputError) as caught:
        Ledger.load(path)
    said = caught.value.text("en")
    assert "mine.xlsx, holdings, row 3" in said
    assert "mine.xlsx, items, row 2" in said
    items.cell(2, heads.index("kind") + 1, "staff")
    items.cell(1, heads.index("kind") + 1, "kinds")
    branches.cell(2, 1, "another-route")
    book.save(path)
    with pytest.raises(InputError) as caught:
        Ledger.load(path)
    said = caught.value.text("zh")
    assert "kinds" in said
    assert "another-route" in said


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "mine.xlsx"
    path.write_text("no workbook")
    with pytest.raises(InputError, match="cannot be read"):
        Ledger.load(path)
    Duties.load("lulei-services").write_book(tmp_path / "duties.xlsx")
    with pytest.raises(InputError, match="kind: ledger is wanted"):
        Ledger.load(tmp_path / "duties.xlsx")
