"""Replicate designs: doors, degrees of freedom, given weights, calibration in every replicate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.survey import variance
from govlab.survey.design import Design
from govlab.survey.estimate import mean, total
from govlab.survey.replicate import Replicates
from tests.survey.conftest import AGE, EDU, SEX
from tests.survey.reference import REPLICATED, Compared


@pytest.mark.parametrize("name", REPLICATED)
def test_degrees_of_freedom_meet_the_reference(name: str, designs: dict[str, Design]) -> None:
    compared = Compared(name)
    compared.one("degf", "", "df", designs[name].degf)
    compared.done("degf")


def held(design: Design) -> Replicates:
    assert isinstance(design.replicates, Replicates)
    return design.replicates


def test_replicates_stay_at_the_sampling_units(designs: dict[str, Design]) -> None:
    made = designs["lik"].replicate("bootstrap", replicates=200, seed=1)
    assert held(made).multipliers.shape == (200, 34)
    assert made.degf == 28
    assert designs["lik"].replicates is None
    assert any("200 bootstrap" in note for note in made.notes)


@pytest.mark.parametrize("method", ["bootstrap", "successive"])
def test_errors_are_near_the_linearised_ones(method: str, designs: dict[str, Design]) -> None:
    made = designs["lik"].replicate(method, replicates=2000, seed=5)
    items = ["q1", "part", "meet"]
    ratio = mean(made, items).frame["std_error"] / mean(designs["lik"], items).frame["std_error"]
    assert ratio.between(0.75, 1.4).all()


def test_half_samples_of_our_own_agree_with_given_ones(designs: dict[str, Design]) -> None:
    ours = total(designs["pair_lin"].replicate("brr"), ["y", "x"]).frame["std_error"]
    given = total(designs["pair_brr"], ["y", "x"]).frame["std_error"]
    assert ours.to_numpy() == pytest.approx(given.to_numpy(), rel=1e-12)
    fay = total(designs["pair_lin"].replicate("fay", rho=0.3), "y").frame["std_error"][0]
    assert fay == pytest.approx(total(designs["pair_fay"], "y").frame["std_error"][0], rel=1e-12)


def test_given_weights_and_given_multipliers_are_the_same(designs: dict[str, Design]) -> None:
    base = designs["pair_brr"]
    columns = [name for name in base.frame if name.startswith("brr_")]
    scaled = base.frame.assign(**{name: base.frame[name] * base.frame["w"] for name in columns})
    combined = Design(scaled, weights="w").with_replicates(columns, "brr")
    assert mean(combined, "y").frame["std_error"][0] == pytest.approx(mean(base, "y").frame["std_error"][0])
    assert held(combined).multipliers.shape[1] <= len(base)


@pytest.mark.parametrize(
    ("method", "options", "scale"),
    [
        ("brr", {}, 1 / 8),
        ("fay", {"rho": 0.5}, 1 / (8 * 0.25)),
        ("bootstrap", {}, 1 / 8),
        ("successive", {}, 4 / 8),
        ("jackknife", {"scale": 7 / 8}, 7 / 8),
        ("other", {"scale": 0.3, "rscales": [1.0] * 8}, 0.3),
    ],
)
def test_scales_of_given_weights(
    method: str, options: dict[str, float], scale: float, designs: dict[str, Design]
) -> None:
    base = designs["pair_brr"]
    columns = [name for name in base.frame if name.startswith("brr_")]
    made = Design(base.frame, weights="w").with_replicates(columns, method, combined=False, **options)
    assert held(made).scale == pytest.approx(scale)


def test_calibration_is_redone_in_every_replicate(designs: dict[str, Design]) -> None:
    margins = {"agegrp": AGE, "sex": SEX, "edu": EDU}
    after = designs["lik_jkn"].rake(margins)
    before = designs["lik_rake"].replicate("jackknife")
    assert held(after).multipliers == pytest.approx(held(before).multipliers, rel=1e-9)
    women = (after.frame["sex"] == "F").to_numpy(dtype=float)
    each = held(after).totals(after.weights, women[:, None])
    assert each == pytest.approx(np.full((34, 1), 31500.0), rel=1e-9)
    linear = mean(designs["lik_rake"], "q1").frame["std_error"][0]
    assert mean(after, "q1").frame["std_error"][0] == pytest.approx(linear, rel=0.05)


def test_linear_totals_do_not_depend_on_the_way(designs: dict[str, Design]) -> None:
    z = designs["lik"].frame[["q1", "age"]].to_numpy(dtype=float)
    jackknife, linear = (variance.covariance(designs[name], z) for name in ("lik_jkn", "lik"))
    assert jackknife == pytest.approx(linear, rel=1e-10)


def test_lonely_strata(designs: dict[str, Design]) -> None:
    frame = pd.DataFrame({"s": [1, 1, 2], "y": [1.0, 2, 3]})
    with pytest.raises(InputError) as raised:
        Design(frame, strata="s").replicate("jackknife")
    assert raised.value.faults[0].key == "survey.lonely_psu"
    kept = Design(frame, strata="s", lonely_psu="remove").replicate("jackknife")
    assert held(kept).multipliers.shape == (2, 3)
    with pytest.raises(ValueError, match="lonely_psu"):
        Design(frame, strata="s", lonely_psu="adjust").replicate("jackknife")


def test_faults(designs: dict[str, Design]) -> None:
    with pytest.raises(InputError) as raised:
        designs["lik"].replicate("brr")
    assert raised.value.faults[0].key == "survey.brr_pairs"
    frame = designs["pair_brr"].frame.assign(bad=-1.0, worse=np.nan)
    with pytest.raises(InputError) as raised:
        Design(frame, weights="w").with_replicates(["bad", "worse"], "brr")
    assert [fault.key for fault in raised.value.faults] == ["survey.replicate_weights"] * 2
    rows = pd.DataFrame({"y": np.zeros(9000)})
    with pytest.raises(InputError) as raised:
        Design(rows, weights=None, strata=None).replicate("jackknife")
    assert raised.value.faults[0].key == "survey.replicates_large"


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"method": "magic"}, "method"),
        ({"method": "bootstrap"}, "seed"),
        ({"method": "bootstrap", "seed": 1, "replicates": 1}, "replicates"),
        ({"method": "fay", "rho": 1.2}, "rho"),
    ],
)
def test_wrong_calls(options: dict[str, object], match: str, designs: dict[str, Design]) -> None:
    with pytest.raises(ValueError, match=match):
        designs["pair_lin"].replicate(**options)


def test_wrong_calls_with_given_weights(designs: dict[str, Design]) -> None:
    base = designs["pair_lin"]
    with pytest.raises(ValueError, match="scale"):
        base.with_replicates(["x", "y"], "jackknife")
    with pytest.raises(ValueError, match="two replicates"):
        base.with_replicates(["x"], "brr")
    with pytest.raises(KeyError, match="nowhere"):
        base.with_replicates(["x", "nowhere"], "brr")
    with pytest.raises(ValueError, match="whole design"):
        base.subset("x > 25").replicate("jackknife")
