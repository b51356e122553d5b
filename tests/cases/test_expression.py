import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlab.cases.expression import Expression, number
from govlab.errors import InputError
from tests.cases.literal import FACTS


def value(text, **given_values):
    return Expression.parse(text).value(FACTS, given_values)


def test_arithmetic_over_facts():
    assert value("AKS_009/AKS_005") == 1224 / 147
    assert value("AKS_005*10 - AKS_009") == 246
    assert value("-(AKS_005 + 3)") == -150
    assert value("AKS_018[0] - AKS_018[1]") == 5
    assert value("parts(AKS_030)") == 13
    assert value("max(AKS_005, 200, 3)") == 200
    assert value("sum(AKS_018)") == 15
    assert value("AKS_009/AKS_005 >= 10") is False
    assert value("AKS_005 > 1 and AKS_009 > AKS_005") is True
    assert value("0.9*a + 0.1*b", a=80.0, b=90.0) == pytest.approx(81)


def test_tolerance_widens_comparisons():
    share = Expression.parse("100*AKS_005/AKS_009 == 12")
    assert share.value(FACTS) is False
    assert share.value(FACTS, tolerance=0.05) is True


def test_names_are_fact_ids():
    assert Expression.parse("AKS_009/AKS_005 + x").names == {"AKS-009", "AKS-005", "x"}


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "AKS_009.value",
        "AKS_009 ** 99",
        "(lambda: 1)()",
        "[1, 2]",
        "'text'",
        "open('x')",
        "AKS_018['a']",
        "1 if AKS_009 else 2",
        "AKS_009 +",
        "True",
        "1" * 501,
    ],
)
def test_everything_else_is_refused(text):
    with pytest.raises(InputError):
        Expression.parse(text)


@pytest.mark.parametrize(
    "text", ["AKS_999", "AKS_018[7]", "AKS_031 + 1", "AKS_032", "AKS_005/(AKS_005 - 147)"]
)
def test_values_that_do_not_exist(text):
    with pytest.raises(InputError):
        value(text)


def test_written_out_with_numbers():
    assert Expression.parse("AKS_009/AKS_005").written(FACTS) == "1,224 ÷ 147"
    assert Expression.parse("(AKS_009 + 6)*2").written(FACTS) == "(1,224 + 6) × 2"
    assert Expression.parse("AKS_005 >= 200").written(FACTS, holds=False) == "147 < 200"


@given(st.integers(-999, 999), st.integers(-999, 999), st.integers(1, 999))
def test_agrees_with_python(a, b, c):
    text = f"({a} + {b}) * {c} - {b} / {c}"
    assert Expression.parse(text).value({}) == (a + b) * c - b / c


def test_numbers_for_sentences():
    assert number(1224) == "1,224"
    assert number(8.3265, 1) == "8.3"
    assert number(0.5) == "0.5"
