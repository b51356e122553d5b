"""Formulas: what they make of a table, and what they may not contain."""

import numpy as np
import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.survey.formula import read_formula


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "y": [1.0, 2, 3, 4, 5, 6, 7, np.nan],
            "edu": pd.Categorical(list("abcabcab"), categories=["a", "b", "c", "never"]),
            "pilot": pd.array([0, 1, 1, 0, 1, 0, None, 1], dtype="Int64"),
            "sex": list("fmfmfmfm"),
            "flag": [True, False] * 4,
            "性别": list("男女男男男男女女"),
            "a b": range(8),
            "wave": [1, 2] * 4,
        }
    )


def test_terms_and_columns() -> None:
    made = read_formula(table(), "y ~ edu * pilot + sex")
    assert made.columns == (
        "Intercept",
        "edu[T.b]",
        "edu[T.c]",
        "pilot",
        "sex[T.m]",
        "edu[T.b]:pilot",
        "edu[T.c]:pilot",
    )
    assert dict(made.terms)["edu:pilot"] == (5, 6)
    assert made.rows.tolist() == [True] * 6 + [False] * 2
    assert made.x.shape == (6, 7)
    assert made.outcome.tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("formula", "columns"),
    [
        ("y ~ C(wave)", ("Intercept", "C(wave)[T.2]")),
        ("y ~ 性别 + `a b`", ("Intercept", "性别[T.男]", "a b")),
        ("y ~ flag", ("Intercept", "flag")),
        ("y ~ C(sex, contr.treatment('m'))", ("Intercept", "C(sex, contr.treatment('m'))[T.f]")),
        ("log(y) ~ I(wave ** 2)", ("Intercept", "I(wave ** 2)")),
        ("y ~ I(edu == 'a')", ("Intercept", "I(edu == 'a')")),
        ("y ~ 1", ("Intercept",)),
        ("y ~ 0 + edu", ("edu[a]", "edu[b]", "edu[c]")),
    ],
)
def test_what_formulas_may_say(formula: str, columns: tuple[str, ...]) -> None:
    assert read_formula(table(), formula).columns == columns


def test_categories_stay_whole_on_the_left() -> None:
    made = read_formula(table().assign(o=pd.Categorical(list("xyzxyzxy"), ordered=True)), "o ~ wave")
    assert made.outcome.dtype == "category"
    inside = np.array([True, True] + [False] * 6)
    assert read_formula(table(), "y ~ edu", inside).columns == ("Intercept", "edu[T.b]")


@pytest.mark.parametrize(
    ("formula", "key"),
    [
        ("y", "unread"),
        ("", "unread"),
        ("~ sex", "unread"),
        ("y + wave ~ sex", "unread"),
        ("y ~ sex +", "unread"),
        ("y ~ log(sex)", "unread"),
        ("y ~ log(wave", "unread"),
        ("y ~ nowhere", "unknown"),
        ("y ~ log(I(wave - 1))", "not_finite"),
        ("y ~ open('/etc/passwd')", "refused"),
        ("y ~ {open('f')}", "refused"),
        ("y ~ edu.str.len()", "refused"),
        ("y ~ C.__class__(edu)", "refused"),
        ("y ~ I(wave ** 9 ** 9)", "refused"),
        ("y ~ I('x' * 10 ** 9)", "refused"),
        ("y ~ wave[0]", "refused"),
        ("y ~ __import__('os').system('true')", "unread"),
        ("y ~ I((lambda: 1)())", "refused"),
    ],
)
def test_what_formulas_may_not_say(formula: str, key: str) -> None:
    with pytest.raises(InputError) as raised:
        read_formula(table(), formula)
    assert raised.value.faults[0].key == f"survey.formula_{key}"
    assert "\x1b" not in raised.value.text("zh")


def test_no_complete_row() -> None:
    with pytest.raises(InputError) as raised:
        read_formula(table().assign(y=np.nan), "y ~ sex")
    assert raised.value.faults[0].key == "survey.formula_no_rows"
