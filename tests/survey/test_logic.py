"""Conditions of a form, worked out for all rows at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.survey.logic import Given, LogicError, holds, parse

ANSWERS = {
    "one": Given(np.array(["yes", "no", "", "yes"], dtype=object)),
    "many": Given(np.array(["a b", "b ", "", "none a"], dtype=object)),
    "n": Given(number=np.array([1.0, 5.0, np.nan, -2.0])),
    "code": Given(np.array(["3", "10", "", "x"], dtype=object)),
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("${one} = 'yes'", [1, 0, 0, 1]),
        ('${one} != "yes"', [0, 1, 1, 0]),
        ("${one} = ''", [0, 0, 1, 0]),
        ("selected(${many}, 'a')", [1, 0, 0, 1]),
        ("count-selected(${many}) > 1", [1, 0, 0, 1]),
        ("not(selected(${many}, 'none') and count-selected(${many}) > 1)", [1, 1, 1, 0]),
        ("${n} >= 1 and ${n} <= 4", [1, 0, 0, 0]),
        ("${n} + 2 * 3 = 7", [1, 0, 0, 0]),
        ("(${n} + 2) * 3 = 9", [1, 0, 0, 0]),
        ("-${n} > 1", [0, 0, 0, 1]),
        ("${n} mod 2 = 1 or ${n} div 2 = -1", [1, 1, 0, 1]),
        ("${code} > 9", [0, 1, 0, 0]),
        ("${code} = 3", [1, 0, 0, 0]),
        ("regex(${code}, '[0-9]+')", [1, 1, 0, 0]),
        ("string-length(${code}) = 2", [0, 1, 0, 0]),
        ("coalesce(${one}, 'no') = 'no'", [0, 1, 1, 0]),
        ("if(${n} > 2, 'big', 'small') = 'big'", [0, 1, 0, 0]),
        ("true() and not(false())", [1, 1, 1, 1]),
        ("int(number('2.7')) = 2 and round(2.5) = 3", [1, 1, 1, 1]),
        ("${one} = 'yes' or ${n} = 5 and ${code} = 10", [1, 1, 0, 1]),
    ],
)
def test_conditions(text, wanted):
    assert holds(parse(text), 4, ANSWERS).astype(int).tolist() == wanted


def test_the_answer_itself():
    own = Given(number=np.array([0.0, 50.0, 101.0]))
    assert holds(parse(". >= 0 and . <= 100"), 3, {}, own).tolist() == [True, True, False]
    with pytest.raises(LogicError):
        holds(parse(". = 1"), 1, {})


def test_what_cannot_be_worked_out_is_known_beforehand():
    node = parse("pulldata('x', 'y', 'z', ${n}) = 1 and ${one} = 'yes'")
    assert not node.checkable() and node.references() == {"n", "one"}
    assert parse("selected(${many}, 'a')").checkable()


@pytest.mark.parametrize(
    "text", ["", "1 +", "(1", "1)", "${a", "'open", "selected(1)", "true(1)", "a b", "# 1", "not"]
)
def test_nonsense_is_refused(text):
    with pytest.raises(LogicError):
        parse(text)


_numbers = st.integers(0, 9).map(str)
_sums = st.recursive(
    _numbers,
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(_sums, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), _sums)
def test_arithmetic_agrees_with_python(one, sign, other):
    wanted = eval(f"{one} {'==' if sign == '=' else sign} {other}")
    assert holds(parse(f"{one} {sign} {other}"), 1, {}).tolist() == [wanted]
    assert holds(parse(f"not({one} {sign} {other})"), 1, {}).tolist() == [not wanted]
