"""TOML with the line every field stands on."""

from __future__ import annotations

import pytest

from govlab.data.toml import field_lines, read_toml
from govlab.errors import InputError

TEXT = '''# a comment
format = 1
title = { zh = "题", en = "T" }

[paths]
reports = "reports"  # here
note = """
paths = "not a key"
"""
site."a b".x = 3

[[reports]]
name = "one"

[[reports]]
name = "two"
rows = [
  { case = "aksu" },
]
[reports.grid]
lang = ["zh"]
'''


def test_lines_of_fields():
    lines = field_lines(TEXT)
    assert lines == {
        ("format",): 2,
        ("title",): 3,
        ("paths",): 5,
        ("paths", "reports"): 6,
        ("paths", "note"): 7,
        ("paths", "site", "a b", "x"): 10,
        ("reports", 0): 12,
        ("reports", 0, "name"): 13,
        ("reports", 1): 15,
        ("reports", 1, "name"): 16,
        ("reports", 1, "rows"): 17,
        ("reports", 1, "grid"): 20,
        ("reports", 1, "grid", "lang"): 21,
    }


def test_where_falls_back_to_the_table_a_field_is_in(tmp_path):
    path = tmp_path / "b.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())  # with the mark that Notepad writes
    toml = read_toml(path)
    assert toml.data["reports"][1]["grid"] == {"lang": ["zh"]}
    assert toml.where(("title", "zh")) == ("b.toml:3",)
    assert toml.where(("reports", 1, "rows", 0, "case")) == ("b.toml:17",)
    assert toml.where(("nothing",)) == ("b.toml",)
    assert toml.where() == ("b.toml",)


@pytest.mark.parametrize(
    ("data", "where", "part"),
    [
        (b"format = 1\ntitle = \n", "b.toml:2", "title ="),
        (b'format = 1\nname = "open\n', "b.toml:2", 'name = "open'),
        (b"rows = [\n1,\n", "b.toml:2", "1,"),
        (b"a = 1\na = 2\n", "b.toml:2", "a = 2"),
        ("a = 1\nb = '题'\n".encode("gbk"), "b.toml:2", "UTF-8"),
    ],
)
def test_broken_file_names_its_line(tmp_path, data, where, part):
    path = tmp_path / "b.toml"
    path.write_bytes(data)
    with pytest.raises(InputError) as raised:
        read_toml(path)
    (fault,) = raised.value.faults
    assert fault.where == (where,)
    assert part in fault.text("en")
    assert part in fault.text("zh")


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read_toml(tmp_path / "b.toml")
    with pytest.raises(InputError, match="cannot be read"):
        read_toml(tmp_path)
