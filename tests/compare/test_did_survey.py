"""On microdata: the same numbers as the survey room where both speak, covariates, zones as units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from govlab.compare import did
from govlab.errors import InputError
from govlab.survey import Design, difference_in_differences, mean

PANEL = Path(__file__).parent.parent / "reference" / "survey" / "likert_panel.csv"
NAMES = {"wave": "wave", "zone": "zone", "treated": "pilot"}


@pytest.fixture(scope="module")
def design() -> Design:
    frame = pd.read_csv(PANEL)
    return Design(frame, weights="w", strata="stratum", clusters="psu", nest=True)


def test_two_waves_are_the_difference_in_differences_of_the_survey_room(design):
    waves = sorted(design.frame["wave"].unique())[:2]
    part = design.subset(design.frame["wave"].isin(waves))
    ours = did.on_survey(part, "q1", start=waves[1], **NAMES).frame.set_index("basis")
    known = difference_in_differences(
        design, "q1", between=tuple(waves), **NAMES, df="design"
    ).frame.set_index("basis")
    for basis in ("design", "zone"):
        for column in ("estimate", "std_error"):
            assert ours.loc[basis, column] == pytest.approx(known.loc[basis, column], rel=1e-10)
    for column in ("statistic", "df", "p_value", "conf_low", "conf_high"):
        assert ours.loc["zone", column] == pytest.approx(known.loc["zone", column], rel=1e-9)


def test_by_wave_gives_the_pre_trend(design):
    waves = sorted(design.frame["wave"].unique())
    found = did.on_survey(design, "q1", start=waves[2], by_wave=True, **NAMES)
    assert (
        list(found.frame["event_time"]) == [-2, 0, -2, 0]
        and list(found.frame["wave"]) == [waves[0], waves[2]] * 2
    )
    early = difference_in_differences(design, "q1", between=(waves[0], waves[1]), **NAMES, df="design").frame
    lead = found.frame[found.frame["event_time"] == -2].set_index("basis")
    for basis in ("design", "zone"):
        row = early.set_index("basis").loc[basis]
        # Before against the base: the change between the two waves with its sign turned.
        assert lead.loc[basis, "estimate"] == pytest.approx(-row["estimate"], rel=1e-9)
        assert lead.loc[basis, "std_error"] == pytest.approx(row["std_error"], rel=1e-9)
        one = found.pre_trend(basis=basis)
        assert one.slope[0] == pytest.approx(row["estimate"], rel=1e-9)
        assert one.p_value == pytest.approx(lead.loc[basis, "p_value"], rel=1e-9)
    with pytest.raises(ValueError):
        found.pre_trend(basis="city")
    with pytest.raises(ValueError):
        did.on_survey(design, "q1", start=waves[2], **NAMES).pre_trend()


def test_covariates_enter(design):
    waves = sorted(design.frame["wave"].unique())
    plain = did.on_survey(design, "income", start=waves[1], **NAMES)
    more = did.on_survey(design, "income", start=waves[1], covariates=["age", "edu"], **NAMES)
    assert more.n_used <= plain.n_used
    assert more.frame["estimate"].iloc[0] != pytest.approx(plain.frame["estimate"].iloc[0], rel=1e-6)
    assert any("zones against" in note for note in more.notes)


def test_zone_panel_is_means_by_zone_and_wave(design):
    waves = sorted(design.frame["wave"].unique())
    found = did.zone_panel(design, "q1", start=waves[2], **NAMES)
    known = mean(design, "q1", by=["zone", "wave"]).to_frame()
    assert list(found["q1"]) == pytest.approx(list(known["estimate"]))
    assert found.loc[found["wave"] == waves[0], "in_place"].sum() == 0
    late = found[found["wave"] == waves[2]]
    assert (late["in_place"] == late["arm"]).all() and set(late["arm"]) == {0, 1}
    table = did.two_way(found, "q1", treated="in_place", unit="zone", time="wave").frame
    assert np.isfinite(table["estimate"].iloc[0])


def test_one_zone_in_an_arm_has_no_error_on_its_basis(design):
    kept = design.frame["zone"].isin(
        [*design.frame.loc[design.frame["pilot"] == 1, "zone"].unique()[:1],
         *design.frame.loc[design.frame["pilot"] == 0, "zone"].unique()]
    )  # fmt: skip
    found = did.on_survey(design.subset(kept), "q1", start=2, **NAMES).frame.set_index("basis")
    assert found.loc["zone", "reason"] == "few-clusters" and np.isnan(found.loc["zone", "p_value"])
    assert found.loc["design", "reason"] == ""


def test_refusals(design):
    torn = design.with_columns({"pilot": (np.arange(len(design)) % 2).astype(float)})
    for call, key in (
        (lambda: did.on_survey(torn, "q1", start=2, **NAMES), "did.torn_treatment"),
        (lambda: did.on_survey(design, "q1", start=9, **NAMES), "did.unknown_start"),
        (lambda: did.on_survey(design, "q1", start=1, **NAMES), "did.no_before"),
        (lambda: did.on_survey(design.subset("pilot == 1"), "q1", start=2, **NAMES), "did.one_arm"),
        (
            lambda: did.on_survey(design.without_inference("quota"), "q1", start=2, **NAMES),
            "survey.no_inference",
        ),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.faults[0].key == key
