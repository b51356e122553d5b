"""YAML files with the line of every field."""

import pytest

from govlab.data.yaml_file import read_yaml
from govlab.errors import InputError


def test_lines(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\nb:\n  - c: x\n    d: [2, 3]\n", encoding="utf-8")
    found = read_yaml(path)
    assert found.data == {"a": 1, "b": [{"c": "x", "d": [2, 3]}]}
    assert found.where(("b", 0, "d")) == ("a.yaml:4",)
    assert found.where(("b", 0, "missing")) == ("a.yaml:3",)
    assert found.where(("nothing",)) == ("a.yaml",)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"a: 1\na: 2\n", "a.yaml:2"),
        (b"a: [1\n", "a.yaml"),
        (b"a: \xff", "a.yaml"),
        (b"a: !!python/name:os.system x", "a.yaml"),
    ],
)
def test_broken(tmp_path, text, place):
    path = tmp_path / "a.yaml"
    path.write_bytes(text)
    with pytest.raises(InputError) as raised:
        read_yaml(path)
    assert raised.value.faults[0].where[0].startswith(place)
    assert raised.value.text("zh")


def test_not_there(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_yaml(tmp_path / "none.yaml")
