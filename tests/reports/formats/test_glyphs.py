from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from govlab.reports.formats import glyphs
from govlab.reports.formats.page import OutputError


def test_the_signs_of_a_report_are_all_there() -> None:
    assert glyphs.missing("街道社区℃①÷×≤≥≈−±●○⊗★“”…—№αβχ²✓✗é\u00a0\u200b\n") == []


def test_a_missing_character_is_named_with_its_place() -> None:
    body = BeautifulSoup("<p>正常</p><p>姓名用字：𠮷与𠮷田</p>", "html.parser")
    with pytest.raises(OutputError) as caught:
        glyphs.check(body, ["标题"])
    text = caught.value.text("zh")
    assert "𠮷 (U+20BB7)" in text
    assert "姓名用字：𠮷与𠮷田" in text
    assert text.count("U+20BB7") == 1
    assert "no glyph" in caught.value.text("en")


def test_the_title_is_looked_at_too() -> None:
    with pytest.raises(OutputError, match="U\\+20BB7"):
        glyphs.check(BeautifulSoup("<p>x</p>", "html.parser"), ["𠮷"])


def test_a_missing_font_is_said_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Path:
        raise FileNotFoundError("the font package zhplot is not installed")

    monkeypatch.setattr(glyphs, "font_path", none)
    with pytest.raises(OutputError, match="zhplot") as caught:
        glyphs.font_files()
    assert "字体" in caught.value.text("zh")
