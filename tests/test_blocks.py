import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlab.blocks import MIME, Page, chinese_number
from govlab.tables import Column, Table

EVIL = '<script>alert("x")</script>'


def test_everything_from_data_is_escaped():
    page = Page("en")
    blocks = [
        page.opening(EVIL, EVIL, EVIL),
        page.banner(EVIL),
        page.gist([EVIL]),
        page.section(EVIL),
        page.heading(EVIL),
        page.text(EVIL),
        page.note(EVIL),
        page.points([EVIL]),
        page.definitions([(EVIL, EVIL)]),
        page.card(EVIL, "ok", EVIL, [EVIL]),
        page.question(EVIL, EVIL),
        page.references([EVIL]),
        page.closing([EVIL]),
    ]
    for block in blocks:
        assert "<script>" not in block._repr_mimebundle_()["text/html"]


def test_the_page_numbers_sections_and_tables():
    zh, en = Page("zh"), Page("en")
    assert zh.section("数字").html == "<h2>一、数字</h2>"
    assert zh.section("核对").html == "<h2>二、核对</h2>"
    assert en.section("Figures").html == "<h2>1. Figures</h2>"
    one = Table((Column("a", "A"),), (("x",),), "c", "en")
    assert en.table(one).number == 1
    assert en.table(one).number == 2
    assert one.number is None


def test_the_opening_tells_the_title():
    bundle = Page("zh").opening("top", "题目", "依据")._repr_mimebundle_()
    assert bundle[MIME] == {"title": "题目", "lang": "zh"}


def test_unknown_card_style():
    with pytest.raises(ValueError, match="style must be one of"):
        Page("en").card("x", "red", "y")


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三"), (99, "九十九")]
)
def test_chinese_numbers(number, said):
    assert chinese_number(number) == said


@given(st.integers(1, 99), st.integers(1, 99))
def test_chinese_numbers_are_distinct(a, b):
    assert (chinese_number(a) == chinese_number(b)) == (a == b)


def test_chinese_numbers_end():
    with pytest.raises(ValueError, match="between 1 and 99"):
        chinese_number(100)
