"""Every shipped dataset agrees with its descriptor; a broken one gives one error with every fault."""

import json

import pytest

from govlab.data.locate import shipped
from govlab.data.package import find, read_package, read_table, refreshed
from govlab.errors import DatasetError

NAMES = sorted(path.name for path in shipped("datasets").iterdir() if path.is_dir())


@pytest.mark.parametrize("name", NAMES)
def test_shipped_datasets_agree_with_their_descriptors(name):
    folder = find(name)
    package = read_package(folder)
    assert package.name == name.replace("_", "-") or package.name == name
    described = {(folder / resource.path).resolve() for resource in package.resources}
    data = {
        path.resolve()
        for path in folder.rglob("*")
        if path.suffix in (".yaml", ".csv", ".xlsx", ".parquet", ".gz")
    }
    assert data <= described, "a data file without an origin"


def test_the_catalogue_is_not_synthetic_and_cites_its_documents():
    package = read_package(find("catalogue"))
    assert package.synthetic is False
    assert len(package.sources) == 5


def dataset(folder, rows, **changes):
    folder.mkdir()
    (folder / "t.csv").write_text(rows, encoding="utf-8")
    columns = [
        {"name": "id", "type": "string", "constraints": {"required": True, "unique": True}},
        {"name": "age", "type": "integer", "constraints": {"minimum": 18, "maximum": 110}},
        {"name": "arm", "type": "string", "constraints": {"enum": ["a", "b"]}},
    ]
    resource = {"name": "t", "path": "t.csv", "format": "csv", "bytes": 0, "hash": "sha256:" + "0" * 64}
    descriptor = {
        "name": "d", "title": "t", "description": "d", "version": "1", "licenses": [{"name": "CC0-1.0"}],
        "sources": [{"title": "made up"}], "synthetic": True,
        "resources": [resource | {"schema": {"fields": columns}}],
    }  # fmt: skip
    (folder / "datapackage.json").write_text(json.dumps(descriptor | changes), encoding="utf-8")
    return folder


def test_a_table_in_order(tmp_path):
    folder = dataset(tmp_path / "d", "id,age,arm\n1,20,a\n2,,b\n")
    (folder / "datapackage.json").write_text(refreshed(folder), encoding="utf-8")
    assert read_package(folder).resources[0].bytes == len(b"id,age,arm\n1,20,a\n2,,b\n")


def test_every_fault_at_once(tmp_path):
    folder = dataset(tmp_path / "d", "id,age,arm\n1,17,a\n1,x,c\n,30,a\n3,4\n")
    with pytest.raises(DatasetError) as caught:
        read_package(folder)
    said = caught.value.text("en")
    for part in (
        "checksum",
        "line 2, age: '17'",
        "line 3, id: '1' is not as the descriptor asks (unique)",
        "line 3, age: 'x'",
        "line 3, arm: 'c'",
        "line 4, id: '' is not as the descriptor asks (required)",
        "line 5: has 2 values, 3 are due",
    ):
        assert part in said, part
    assert "校验值" in caught.value.text("zh")


def test_descriptors_that_are_no_descriptors(tmp_path):
    folder = dataset(tmp_path / "a", "id,age,arm\n", licenses=[], more=1)
    with pytest.raises(DatasetError) as caught:
        read_package(folder)
    assert "licenses" in str(caught.value) and "more" in str(caught.value)
    (folder / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(DatasetError, match="cannot be read"):
        read_package(folder)
    with pytest.raises(DatasetError, match="cannot be read"):
        read_package(tmp_path / "none")


def test_files_outside_or_missing(tmp_path):
    folder = dataset(tmp_path / "d", "id,age,arm\n")
    text = (folder / "datapackage.json").read_text(encoding="utf-8")
    for path, match in (("../x.csv", "outside"), ("gone.csv", "no such file")):
        (folder / "datapackage.json").write_text(text.replace("t.csv", path), encoding="utf-8")
        with pytest.raises(DatasetError, match=match):
            read_package(folder)


@pytest.mark.parametrize("name", ["nothing", "..", "."])
def test_unknown_datasets(name):
    with pytest.raises(DatasetError, match="catalogue"):
        find(name)


def test_tables_come_with_their_types(tmp_path):
    folder = dataset(tmp_path / "d", "id,age,arm\n01,20,a\n2,,b\n")
    (folder / "datapackage.json").write_text(refreshed(folder), encoding="utf-8")
    table = read_table(folder, "t")
    assert table["id"].tolist() == ["01", "2"]
    assert table["age"].isna().tolist() == [False, True]
    assert str(table["age"].dtype) == "Int64"
    with pytest.raises(DatasetError, match="no table x in this dataset; there are: t"):
        read_table(folder, "x")
    (folder / "t.csv").write_text("id,age,arm\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="checksum"):
        read_table(folder, "t")
    zones = read_table(find("demo_study"), "zones")
    assert zones["residents"].sum() == 60_170
