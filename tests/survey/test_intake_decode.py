"""Reading options: names of options beside words of their labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab.data.locate import shipped
from govlab.survey.intake import read_responses
from govlab.survey.intake.decode import Rules, read_options
from govlab.survey.intake.raw import Column
from govlab.survey.questionnaire import Option, Question, Words
from govlab.survey.xlsform import read_questionnaire


def test_names_of_which_one_is_its_label(tmp_path):
    """``retired`` is the label "Retired" too; the other names must not be lost for it."""
    form = read_questionnaire(shipped("datasets") / "questionnaire" / "questionnaire.xlsx")
    work = ["retired", "employed", "home", "3", "nothing"]
    frame = pd.DataFrame({"respondent": range(1, 6), "consent": "yes", "zone": "example-a", "work": work})
    frame.to_csv(tmp_path / "plain.csv", index=False)
    found = read_responses(tmp_path / "plain.csv", form)
    assert found.frame["work"].astype(object).replace(np.nan, None).tolist() == [
        "retired", "employed", "home", None, None,
    ]  # fmt: skip
    assert found.reasons["work"].tolist() == ["", "", "", "unknown_value", "unknown_value"]


def read(options: dict[str, str], values: list[object], platform: str = "plain") -> list[int]:
    """For each value: the place of the option it was read as, -1 for none."""
    listed = tuple(Option(name=name, label=Words(en=label)) for name, label in options.items())
    question = Question(name="often", kind="one", type="select_one often", options=listed)
    column = Column("often", 0, np.arange(len(values)), tuple(values))
    return list(read_options(question, column, Rules(platform)).option)


@pytest.mark.parametrize("six", ["6.0", "6", "6.00", 6.0, "６.０"])
def test_whole_numbers_with_a_decimal_point_are_codes(six: object) -> None:
    assert read({"1": "Never", "2": "Often", "6": "Always"}, ["1.0", six]) == [0, 2]
    assert read({"1": "Never", "2": "Often", "6": "Always"}, ["2.5", six]) == [-1, 2]


def test_places_and_labels_with_a_decimal_point() -> None:
    assert read({"a": "Never", "b": "Often", "c": "Always"}, ["3.0", "1.0"], "wjx") == [2, 0]
    assert read({"a": "0", "b": "1", "c": "2"}, ["2.0", "1.0"], "wjx") == [2, 1]


def test_names_that_end_so_themselves_are_taken_at_their_word() -> None:
    assert read({"2.0": "Second", "2": "Two", "3": "Three"}, ["2.0", "2", "3.0"]) == [0, 1, -1]
