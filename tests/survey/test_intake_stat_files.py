"""Statistics files and Parquet: labels, declared missing values, damage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.survey.intake import read_responses
from tests.survey.exports import make_answers, shipped, wjx, write_csv
from tests.survey.small_export import refused
from tests.survey.truth import plain


@pytest.fixture(scope="module")
def form():
    return shipped()


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_value_labels_and_declared_missing_values(form, tmp_path, kind):
    import pyreadstat

    path = tmp_path / f"f.{kind}"
    agree = {1: "完全不同意", 2: "不太同意", 3: "说不上同意还是不同意", 4: "比较同意", 5: "完全同意"}
    labels = {"Q1": agree, "Q2": {1: "女", 2: "男"}}
    titles = {
        "Q1": "我觉得自己是这个社区的一员",
        "Q2": "21、您的性别",
        "Q3": "您在这个社区住了多少年？（不满一年填 0）",
    }
    if kind == "sav":
        frame = pd.DataFrame(
            {"Q1": [1.0, 5, 98, 99, np.nan], "Q2": [1.0, 2, 2, 1, 1], "Q3": [3.0, 4, 5, 6, 7]}
        )
        labels["Q1"] = {**agree, 98: "不清楚", 99: "访员漏问"}
        pyreadstat.write_sav(
            frame,
            str(path),
            column_labels=titles,
            variable_value_labels=labels,
            missing_ranges={"Q1": [98, 99]},
        )
    else:
        frame = pd.DataFrame(
            {
                "Q1": pd.array([1, 5, "a", "b", None], dtype=object),
                "Q2": [1, 2, 2, 1, 1],
                "Q3": [3, 4, 5, 6, 7],
            }
        )
        labels["Q1"] = {**agree, "a": "不清楚", "b": "访员漏问"}
        pyreadstat.write_dta(
            frame,
            str(path),
            column_labels=titles,
            variable_value_labels=labels,
            missing_user_values={"Q1": ["a", "b"]},
        )
    found = read_responses(path, form)
    assert plain(found.frame["belong_member"]) == [1.0, 5.0, None, None, None]
    assert found.reasons["belong_member"].tolist() == ["", "", "dont_know", "user_missing", "blank"]
    assert plain(found.frame["gender"]) == ["female", "male", "male", "female", "female"]
    assert found.frame["years_here"].tolist() == [3.0, 4.0, 5.0, 6.0, 7.0]


def test_labels_that_are_not_ours_are_not_guessed(form, tmp_path):
    import pyreadstat

    path = tmp_path / "f.sav"
    frame = pd.DataFrame({"gender": [1.0, 2.0]})
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"gender": {1: "Sí", 2: "No"}})
    found = read_responses(path, form)
    assert found.reasons["gender"].tolist() == ["unknown_value", "unknown_value"]


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_statistics_file_cut_off(form, tmp_path, kind):
    import pyreadstat

    path = tmp_path / f"f.{kind}"
    write = pyreadstat.write_sav if kind == "sav" else pyreadstat.write_dta
    write(pd.DataFrame({"gender": [1.0, 2.0] * 50}), str(path))
    path.write_bytes(path.read_bytes()[:200])
    refused(path, form, "file.stat_broken")


def test_parquet_of_somebody_else(form, tmp_path):
    import fastparquet

    path = tmp_path / "f.parquet"
    frame = pd.DataFrame(
        {
            "gender": pd.Categorical(["female", "male", None]),
            "years_here": [1.5, None, 3],
            "sat_overall": ["很满意", "7", None],
        }
    )
    frame["sat_overall"] = frame["sat_overall"].astype(object)
    fastparquet.write(str(path), frame, object_encoding="utf8", write_index=False)
    found = read_responses(path, form)
    assert plain(found.frame["gender"]) == ["female", "male", None]
    assert plain(found.frame["years_here"]) == [1.5, None, 3.0]
    assert plain(found.frame["sat_overall"]) == [5.0, None, None]
    path.write_bytes(path.read_bytes()[:100])
    refused(path, form, "file.truncated")


def test_clean_parquet_reads_back_as_it_was(form, tmp_path):
    from govlab.survey.responses import read_clean

    found = read_responses(write_csv(tmp_path / "f.csv", wjx(form, make_answers(form, 30, 2), "words")), form)
    path = tmp_path / "clean.parquet"
    found.write(path)
    again = [read_clean(path, form), read_responses(path, form)]
    for other in again:
        pd.testing.assert_frame_equal(found.frame, other.frame)
        pd.testing.assert_frame_equal(found.reasons, other.reasons)
        pd.testing.assert_frame_equal(found.flags, other.flags)
    first = path.read_bytes()
    found.write(path)
    assert path.read_bytes() == first
    with pytest.raises(InputError, match="not to other"):
        read_clean(path, form.model_copy(update={"form_id": "other"}))
