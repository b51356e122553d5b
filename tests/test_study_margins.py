"""Margins of a study file whose answers are merged."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from govlab.data.locate import shipped
from govlab.data.survey_file import MarginTable
from govlab.disclosure import Margin
from govlab.errors import InputError
from govlab.study import Study
from govlab.study.margins import spell_out
from govlab.survey.xlsform import read_questionnaire

DEMO = shipped("datasets") / "demo_study"
FIVE = (("low", (1, 2)), ("middle", (3,)), ("high", (4, 5)))


def test_scales_are_merged_and_everything_else_has_its_mean() -> None:
    form = read_questionnaire(DEMO / "questionnaire.xlsx")
    frame = pd.DataFrame(
        {"zone": ["a", "b"], "sat_overall": [1.0, 4.0], "gender": ["female", "male"], "household": [2.0, 3.0]}
    ).assign(work=["employed", "retired"], belonging=[2.5, 3.0], took_part__meeting=[0.0, 1.0])
    found = spell_out([MarginTable(by=("zone",), items=("*",), shows="both", merge="three")], form, frame)
    assert set(found) == {
        Margin(("zone",), ("household", "belonging", "took_part__meeting"), "mean"),
        Margin(("zone",), ("gender", "work"), "answers"),
        Margin(("zone",), ("sat_overall",), "both", FIVE),
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_merging_means_is_refused(tmp_path, lang) -> None:
    for name in ("study.toml", "questionnaire.xlsx", "zones.csv", "consent.md"):
        shutil.copy(DEMO / name, tmp_path / name)
    text = (tmp_path / "study.toml").read_text(encoding="utf-8")
    more = '\n[[survey.margins]]\nby = ["zone"]\nitems = ["sat_overall"]\nmerge = "three"\n'
    (tmp_path / "study.toml").write_text(text + more, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        Study.open(tmp_path)
    assert [fault.key for fault in raised.value.faults] == ["study.merge_mean"]
    assert "merge" in raised.value.text(lang)
