"""Reading options: names of options beside words of their labels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from govlab.data.locate import shipped
from govlab.survey.intake import read_responses
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
