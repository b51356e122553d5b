"""Calibrated and trimmed weights against R, and what the data must have for them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.errors import InputError
from govlab.survey import variance
from govlab.survey.design import Design
from govlab.survey.estimate import total
from govlab.survey.weights import effective_size, trimmed
from tests.survey.conftest import AGE, EDU, SEX, read_panel
from tests.survey.reference import CHANGED, FOLDER, Compared

SIZES = {"agegrp": AGE, "sex": SEX, "edu": EDU}
PANEL = read_panel()
LIK = Design(PANEL, weights="w", strata="stratum", clusters="psu", nest=True)


@pytest.mark.parametrize("name", CHANGED)
def test_weights_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    known = pd.read_csv(FOLDER / f"weights_{name}.csv").set_index("id")["w"]
    weights = designs[name].weights
    assert weights == pytest.approx(
        known.loc[PANEL["id"]].to_numpy(), rel=1e-10 if "trim" not in name else 1e-12
    )
    compared = Compared(name)
    summary = {"sum": weights.sum(), "min": weights.min(), "max": weights.max(), "sumsq": weights @ weights}
    summary |= {"kish_neff": effective_size(weights), "kish_deff": len(weights) / effective_size(weights)}
    for term, value in summary.items():
        compared.one("weights", "", "w", float(value), term=term)
    compared.done("weights")


def test_calibrated_totals_have_no_error() -> None:
    found = total(LIK.rake(SIZES).with_columns({"male": PANEL["sex"] == "M"}), "male").frame.iloc[0]
    assert found["estimate"] == pytest.approx(28500, rel=1e-12)
    assert found["std_error"] < 1e-6


def test_calibration_changes_nothing_in_place() -> None:
    before = LIK
    weights = before.weights.copy()
    after = before.rake(SIZES)
    assert after is not before
    assert (before.weights == weights).all()
    assert before.calibration == ()
    assert len(after.calibration) == 1


def test_post_strata_may_be_crossed() -> None:
    sizes = {(age, sex): 1000 + 50 * place for place, (age, sex) in enumerate(_pairs())}
    weights = LIK.poststratify(["agegrp", "sex"], sizes).weights
    found = PANEL.assign(w=weights).groupby(["agegrp", "sex"], observed=True)["w"].sum()
    assert found.to_dict() == pytest.approx(sizes)


def test_levels_agree_by_their_text() -> None:
    # Sizes from a TOML or JSON file have text keys, and a column with gaps holds 1.0 for 1.
    frame = PANEL.assign(pilot=PANEL["pilot"].astype(float))
    made = Design(frame, weights="w").poststratify("pilot", {"0": 10, "1": 20})
    assert made.weights[frame["pilot"] == 1].sum() == pytest.approx(20)


def test_a_second_calibration_counts_after_the_first() -> None:
    # Projecting on sex after age must give what one calibration on nested cells gives: both totals fixed.
    twice = LIK.poststratify("agegrp", SIZES["agegrp"])
    twice = twice.poststratify(["agegrp", "sex"], {pair: 9000 + 100 * k for k, pair in enumerate(_pairs())})
    indicator = (PANEL["agegrp"] == "60+").to_numpy(dtype=float)
    assert variance.covariance(twice, indicator)[0, 0] == pytest.approx(0, abs=1e-6)


def test_bounds_of_the_factors_hold() -> None:
    made = LIK.calibrate({"agegrp": SIZES["agegrp"], "sex": SIZES["sex"]}, bounds=(0.5, 1.2))
    ratio = made.weights / LIK.weights
    assert ratio.min() >= 0.5 - 1e-12
    assert ratio.max() <= 1.2 + 1e-12


@pytest.mark.parametrize(
    ("totals", "keys"),
    [
        ({"agegrp": {"18-34": 1, "35-59": 2}}, {"survey.calibrate_no_total"}),
        ({"agegrp": {"18-34": 1, "35-59": 2, "60+": 1, "90+": 3}}, {"survey.calibrate_no_rows"}),
        ({"agegrp": SIZES["agegrp"], "sex": {"F": 3, "M": 4}}, {"survey.calibrate_sums_differ"}),
        ({"sex": {"F": 0, "M": -4}}, {"survey.calibrate_total"}),
        ({"income": 5e6}, {"survey.calibrate_missing"}),
        ({"sex": {"F": 1, "X": 2}, "income": 5}, {"survey.calibrate_no_total", "survey.calibrate_no_rows"}),
        ({"age": 1.0, "sex": SIZES["sex"]}, {"survey.calibrate_negative"}),
    ],
)
def test_faults_of_the_totals(totals: dict[str, object], keys: set[str]) -> None:
    with pytest.raises(InputError) as raised:
        LIK.calibrate(totals)
    assert keys <= {fault.key for fault in raised.value.faults}
    assert raised.value.text("zh") != raised.value.text("en")


def test_bounds_that_cannot_be_met_name_the_total() -> None:
    with pytest.raises(InputError, match=r"agegrp|sex"):
        LIK.calibrate({"agegrp": SIZES["agegrp"], "sex": SIZES["sex"]}, distance="logit", bounds=(0.99, 1.01))


def test_only_the_whole_design_is_calibrated() -> None:
    with pytest.raises(ValueError, match="whole design"):
        LIK.subset("agegrp == '60+'").rake(SIZES)


weights_strategy = st.lists(st.floats(0.5, 200), min_size=5, max_size=40)


@settings(max_examples=100, deadline=None)
@given(weights_strategy)
def test_trimming_keeps_the_sum_and_the_bounds(values: list[float]) -> None:
    weights = np.array(values)
    mean = weights.mean()
    low, high = 0.5 * mean, 2 * mean
    try:
        made = trimmed(weights, low, high)
    except InputError:
        return  # spreading cut every weight: refused, as the test below shows
    assert made.sum() == pytest.approx(weights.sum(), rel=1e-12)
    assert made.min() >= low - 1e-9
    assert made.max() <= high + 1e-9
    assert (np.diff(made[np.argsort(weights)]) >= -1e-9).all()


def test_one_pass_of_trimming_is_the_stated_rule() -> None:
    weights = np.array([1.0, 2, 3, 10])
    assert trimmed(weights, -np.inf, 4, repeat=False) == pytest.approx([3, 4, 5, 4])
    assert trimmed(weights, -np.inf, 4) == pytest.approx([4, 4, 4, 4])
    assert trimmed(weights, 0, 20) == pytest.approx(weights)


def test_bounds_that_leave_no_weight_are_refused() -> None:
    with pytest.raises(InputError) as raised:
        trimmed(np.array([1.0, 10]), -np.inf, 2)
    assert raised.value.faults[0].key == "survey.trim_nothing_left"
    with pytest.raises(ValueError, match="lower"):
        LIK.trim(lower=5, upper=4)


def _pairs() -> list[tuple[str, str]]:
    return [(age, sex) for age in SIZES["agegrp"] for sex in SIZES["sex"]]
