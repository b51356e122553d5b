"""Answers on a scale put together to three."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab.data.locate import shipped
from govlab.survey.design import Design
from govlab.survey.merged import group_label, merge_answers, merge_column, of_questions, three
from govlab.survey.proportions import proportion
from govlab.survey.xlsform import read_questionnaire

FIVE = (("low", (1, 2)), ("middle", (3,)), ("high", (4, 5)))


@pytest.mark.parametrize(
    ("scale", "groups"),
    [
        ((1, 2, 3, 4, 5), FIVE),
        ((5, 4, 3, 2, 1), FIVE),
        ((1, 2, 3, 4), (("low", (1, 2)), ("high", (3, 4)))),
        ((-3, -2, -1, 0, 1, 2, 3), (("low", (-3, -2, -1)), ("middle", (0,)), ("high", (1, 2, 3)))),
        ((1, 2, 3), ()),
        ((0, 1), ()),
    ],
)
def test_three_of_a_scale(scale: tuple[int, ...], groups: object) -> None:
    assert three(scale) == groups


def test_shares_of_groups_are_sums_of_shares() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "psu": np.arange(200) // 8,
            "w": rng.uniform(1, 3, 200),
            "q": rng.choice([1.0, 2, 3, 4, 5, np.nan], 200),
        }
    )
    design = Design(frame, weights="w", clusters="psu")
    found = proportion(merge_answers(design, {"q": FIVE}), "q").frame.set_index("term")["estimate"]
    each = proportion(design, "q").frame.set_index("term")["estimate"]
    assert list(found.index) == ["low", "middle", "high"]
    assert found.tolist() == pytest.approx([each[1] + each[2], each[3], each[4] + each[5]], rel=1e-12)
    assert design.frame["q"].dtype == float


def test_a_group_that_nobody_is_in_stays() -> None:
    column = merge_column(pd.Series([4, 5, None, 3], name="q"), FIVE)
    assert list(column.cat.categories) == ["low", "middle", "high"]
    assert column.tolist()[:2] == ["high", "high"]
    assert column.isna().tolist() == [False, False, True, False]
    with pytest.raises(ValueError, match=r"q: no group for \[7.0\]"):
        merge_column(pd.Series([7.0], name="q"), FIVE)


def test_of_the_shipped_questionnaire() -> None:
    form = read_questionnaire(shipped("datasets") / "questionnaire" / "questionnaire.xlsx")
    found = of_questions(form)
    assert found["sat_overall"] == FIVE
    assert found["meeting_done"] == (("low", (1, 2)), ("high", (3, 4)))
    assert "gender" not in found
    assert "took_part" not in found
    for lang, words in (("zh", "很不满意、不太满意"), ("en", "Very dissatisfied / ")):
        assert group_label(form.question("sat_overall"), (1, 2), lang).startswith(words)
