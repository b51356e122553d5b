"""Respondents that are no probability sample: estimates stay, everything that infers from them goes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab import ranks, survey
from govlab.errors import InputError


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"zone": np.repeat(list("abcd"), 30), "wave": np.tile([1, 2], 60)})
    table["community"] = table["zone"] + rng.integers(0, 5, 120).astype(str)
    table["y"] = rng.normal(size=120)
    table["x"] = rng.integers(0, 2, 120).astype(float)
    table["answer"] = rng.choice(["yes", "no"], 120)
    table["treated"] = table["zone"].isin(["a", "b"]).astype(int)
    return table


@pytest.fixture(scope="module")
def design(frame):
    return survey.Design(frame, clusters="community").without_inference("open-link", "open link: these only")


def test_estimates_without_errors(frame, design):
    for found in (
        survey.mean(design, ["y", "x"], by="zone"),
        survey.total(design, "y"),
        survey.ratio(design, "y", "x"),
        survey.proportion(design, "answer", by="zone"),
        survey.quantile(design, "y", 0.5),
        survey.change(design, "y", wave="wave", between=(1, 2), by="zone"),
        survey.crosstab(design, "zone", "answer").cells,
    ):
        table = found.to_frame()
        assert table["estimate"].notna().all()
        assert table["std_error"].isna().all()
        assert table[["conf_low", "conf_high"]].isna().to_numpy().all()
        assert (table["reason"] == "not-a-sample").all()
    whole = survey.Design(frame, clusters="community")
    np.testing.assert_array_equal(
        survey.mean(design, "y", by="zone").to_frame()["estimate"],
        survey.mean(whole, "y", by="zone").to_frame()["estimate"],
    )


def test_tests_do_not_apply(design):
    means = survey.mean(design, "y", by="zone")
    gap = survey.contrast(means, {"b - a": {"b": 1, "a": -1}}).to_frame()
    assert gap["estimate"].notna().all()
    assert gap[["std_error", "p_value", "conf_low"]].isna().to_numpy().all()
    for test in (
        survey.ttest(design, "y", "x"),
        survey.rank_test(design, "y", "zone"),
        survey.crosstab(design, "zone", "answer").test,
        survey.crosstab(design, "zone", "answer", statistic="adjWald").test,
    ):
        assert test.not_applicable.reason == "not-a-sample"
        assert np.isnan(test.p_value)
        assert "no probability sample" in test.summary()


def test_what_only_infers_is_refused(design):
    calls = (
        lambda: survey.compare_zones(design, "y", zone="zone"),
        lambda: survey.regress(design, "y ~ x"),
        lambda: survey.difference_in_differences(
            design, "y", wave="wave", between=(1, 2), treated="treated", zone="zone"
        ),
    )
    for call in calls:
        with pytest.raises(InputError, match="no probability sample") as raised:
            call()
        assert "不是概率样本" in raised.value.text("zh")
    with pytest.raises(InputError, match="cannot be ranked"):
        ranks.confidence_sets(survey.mean(design, "y", by="zone"))
    with pytest.raises(InputError):
        survey.fay_herriot(survey.mean(design, "y", by="zone"), zone="zone")


def test_copies_remember(design):
    for copy in (
        design.subset("wave == 1"),
        design.with_columns({"z": 1.0}),
        design.altered(weights=2 * design.weights),
        design.for_units("community"),
    ):
        assert copy.no_inference == "open-link"
    assert "open link: these only" in survey.mean(design, "y").summary()
    with pytest.raises(ValueError, match="say how"):
        design.without_inference("")
