"""File names that Windows, macOS and Linux all take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlab.data.names import name_key, safe_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("阿克苏-zh", "阿克苏-zh"),
        ("case_report.zh", "case_report.zh"),
        ("zhejiang/nanhu", "zhejiang-nanhu"),
        ('a<b>c:d"e|f?g*h', "a-b-c-d-e-f-g-h"),
        (r"..\..\etc", "-..-etc"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("con", "_con"),
        ("Aux.txt", "_Aux.txt"),
        ("nul .toml", "_nul .toml"),
        ("LPT1", "_LPT1"),
        ("com¹", "_com¹"),
        ("CONIN$", "_CONIN$"),
        ("console", "console"),
        ("com10", "com10"),
        ("trailing...", "trailing"),
        ("trailing. . ", "trailing"),
        (".hidden", "hidden"),
        ("two\n lines\tand\u3000more", "two lines and more"),
        ("bell\x07 zero\u200bwidth", "bell zerowidth"),
        ("", "_"),
        ("...", "_"),
        ("e\u0301", "é"),
    ],
)
def test_examples(text, name):
    assert safe_name(text) == name


def test_long_name_is_cut_between_characters():
    name = safe_name("区" * 300)
    assert name == "区" * 50
    assert len(safe_name("a" * 149 + "区")) == 149
    assert safe_name(safe_name("con." + "a" * 200)) == safe_name("con." + "a" * 200)
    assert safe_name("a" * 149 + ".b") == "a" * 149


@given(st.text(max_size=200) | st.from_regex(r"(con|aux|lpt[1-9]|nul)[. ]*[a-z]{0,3}[. ]*", fullmatch=True))
def test_every_name_is_one_windows_takes(text):
    name = safe_name(text)
    assert name
    assert safe_name(name) == name
    assert not set(name) & set('<>:"/\\|?*')
    assert all(ord(sign) >= 32 for sign in name)
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert name.partition(".")[0].rstrip().lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}
    assert len(name.encode("utf-8")) <= 150


def test_names_windows_cannot_tell_apart_share_a_key():
    assert name_key("Report") == name_key("REPORT")
    assert name_key("e\u0301") == name_key("é")
    assert name_key("report-1") != name_key("report-2")
