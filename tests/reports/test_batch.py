"""Everything that can be wrong with a batch is found before anything runs, in both languages."""

import openpyxl
import pytest

from govlab.data.locate import shipped
from govlab.errors import BatchError
from govlab.reports import Batch
from tests.reports.literal import batch_file, notebook, workspace

ONE = '[[reports]]\nnotebook = "simple.ipynb"\nname = "r-{place}-{lang}"\n'


@pytest.fixture
def root(tmp_path):
    return workspace(tmp_path)


def plan(root, body, **options):
    return Batch.read(batch_file(root, body)).plan(root / "out", **options)


def refused(root, body, **options):
    with pytest.raises(BatchError) as caught:
        plan(root, body, **options)
    assert caught.value.text("zh") and caught.value.text("en")
    return [fault.key for fault in caught.value.faults]


def test_rows_times_grid(root):
    found = plan(root, ONE + 'rows = [{ place = "a" }, { place = "b" }]\ngrid = { lang = ["zh", "en"] }')
    assert [job.name for job in found.jobs] == ["r-a-zh", "r-a-en", "r-b-zh", "r-b-en"]
    assert [job.twin for job in found.jobs] == ["r-a-en", "r-a-zh", "r-b-en", "r-b-zh"]
    assert {job.state for job in found.jobs} == {"new"}
    assert not (root / "out").exists()


def test_the_shipped_batch_plans():
    found = Batch.read(shipped("reports") / "cases.toml").plan("out")
    assert len(found.jobs) == 30
    assert len({job.name for job in found.jobs}) == 30


def test_all_faults_in_one_error(root):
    keys = refused(
        root,
        ONE
        + 'rows = [{ place = "a", n = "x" }, { place = "a", m = 1 }, { lang = "fr" }, { place = "a" }, { place = "A" }]\n'
        + '[[reports]]\nnotebook = "missing.ipynb"\nname = "x"\n',
    )
    assert sorted(keys) == [
        "reports.clash",
        "reports.no_notebook",
        "reports.parameter_choice",
        "reports.parameter_type",
        "reports.parameter_unknown",
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("format = 1\nname =", "data.toml.broken"),
        ("format = 2\n", "data.format.newer"),
        ('format = 1\nname = "b"\ntitle = "t"\nreports = []\nextra = 1\n', "data.field.unknown"),
        ('format = 1\nname = "../up"\n', "data.field.pattern"),
    ],
)
def test_broken_files(tmp_path, text, key):
    path = tmp_path / "b.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BatchError) as caught:
        Batch.read(path)
    assert key in [fault.key for fault in caught.value.faults]
    assert "b.toml" in caught.value.text("en")


def test_missing_and_wrongly_encoded_files(tmp_path):
    with pytest.raises(BatchError, match=r"none\.toml"):
        Batch.read(tmp_path / "none.toml")
    (tmp_path / "g.toml").write_bytes("title = '报告'".encode("gb18030"))
    with pytest.raises(BatchError, match="UTF-8"):
        Batch.read(tmp_path / "g.toml")


@pytest.mark.parametrize("name", ["../simple.ipynb", "/etc/passwd", "reports/../../x.ipynb"])
def test_notebooks_outside_the_workspace(root, name):
    notebook(root / "simple.ipynb")
    assert refused(root, f'[[reports]]\nnotebook = "{name}"\nname = "x"\n') == ["reports.no_notebook"]


def test_names_stay_inside_the_folder(root):
    found = plan(root, ONE + 'rows = [{ place = "../../up" }, { place = "con" }, { place = "a:b" }]')
    for job in found.jobs:
        assert job.stem.parent == root / "out" / "b"
        assert not set(job.name) & set('<>:"/\\|?*')


@pytest.mark.parametrize("name", ["{nothing}", "{place", "{place.x.y}", " "])
def test_bad_name_templates(root, name):
    keys = refused(root, f'[[reports]]\nnotebook = "simple.ipynb"\nname = "{name}"\n')
    assert set(keys) <= {"reports.name_field", "reports.name_template", "reports.name_empty"}


def test_rows_from_a_csv_and_a_workbook(root):
    (root / "rows.csv").write_bytes("place,n\n东街,3\n西街,\n".encode("gb18030"))
    found = plan(root, ONE + 'rows = "rows.csv"')
    assert [dict(job.parameters) for job in found.jobs] == [{"place": "东街", "n": 3}, {"place": "西街"}]
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    for line in (["place", "n"], ["a", 3], [None, None], [12, "x"]):
        book.active.append(line)
    book.save(root / "rows.xlsx")
    with pytest.raises(BatchError) as caught:
        plan(root, ONE + 'rows = "rows.xlsx#Sheet1"')
    assert "rows.xlsx, Sheet1, row 4: parameter n must be of type int" in caught.value.text("en")


def test_faulty_row_files(root):
    (root / "empty.csv").write_text("place\n", encoding="utf-8")
    (root / "twice.csv").write_text("place,place\na,b\n", encoding="utf-8")
    (root / "broken.xlsx").write_bytes(b"PK not really")
    (root / "rows.txt").write_text("x", encoding="utf-8")
    for name, key in {
        "none.csv": "reports.no_rows_file",
        "empty.csv": "reports.rows_empty",
        "twice.csv": "reports.rows_head_twice",
        "broken.xlsx": "reports.workbook",
        "rows.txt": "reports.rows_kind",
    }.items():
        assert refused(root, ONE + f'rows = "{name}"') == [key], name


def test_unknown_format_and_nothing_to_do(root):
    assert refused(root, ONE, formats=["html", "odt"]) == ["reports.format"]
    assert "reports.nothing" in refused(root, ONE + "grid = { lang = [] }")


def test_a_file_where_the_folder_should_be(root):
    (root / "out").write_text("x", encoding="utf-8")
    assert refused(root, ONE) == ["reports.unwritable"]
