"""Weighted likelihoods: the score is zero, and unweighted fits are those of statsmodels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from govlab.survey.glm import Glm, GlmFamily, NotSettled
from govlab.survey.ordinal import ProportionalOdds

Floats = NDArray[np.float64]
FAMILIES: list[GlmFamily] = ["gaussian", "binomial", "poisson"]


def data(family: str, seed: int = 0, n: int = 300) -> tuple[NDArray[np.float64], Floats, Floats]:
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(50, 10, n), rng.integers(0, 2, n)])
    eta = 0.04 * (x[:, 1] - 50) - 0.4 * x[:, 2]
    if family == "binomial":
        y = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(float)
    elif family == "poisson":
        y = rng.poisson(np.exp(eta)).astype(float)
    elif family == "ordinal":
        cut = np.searchsorted([-2.0, -0.5, 1.0], eta + rng.logistic(size=n))
        return cut.astype(np.intp), x[:, 1:], rng.uniform(0.5, 4, n)
    else:
        y = eta + rng.normal(size=n)
    return y, x, rng.uniform(0.5, 4, n)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(FAMILIES), st.integers(0, 1000))
def test_weighted_influence_adds_up_to_zero(family: GlmFamily, seed: int) -> None:
    y, x, w = data(family, seed)
    model = Glm(y, x, family)
    solution = model.solve(w)
    influence = model.influence(w, solution)
    assert w @ influence == pytest.approx(np.zeros(3), abs=1e-9)
    assert model.solve(7 * w) == pytest.approx(solution, rel=1e-9)
    assert model.solve(w, solution) == pytest.approx(solution, rel=1e-12)


@pytest.mark.parametrize("family", FAMILIES)
def test_influence_is_the_derivative_in_the_weights(family: GlmFamily) -> None:
    y, x, w = data(family)
    model = Glm(y, x, family)
    influence = model.influence(w, model.solve(w))
    for row in (0, 17):
        step = np.zeros(len(w))
        step[row] = 1e-5
        slope = (model.solve(w + step) - model.solve(w - step)) / 2e-5
        assert slope == pytest.approx(influence[row], rel=2e-4, abs=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_unweighted_fits_are_those_of_statsmodels(family: GlmFamily) -> None:
    import statsmodels.api as sm

    y, x, _ = data(family, 4)
    kinds = {
        "gaussian": sm.families.Gaussian(),
        "binomial": sm.families.Binomial(),
        "poisson": sm.families.Poisson(),
    }
    theirs = sm.GLM(y, x, family=kinds[family]).fit(tol=1e-14)
    model = Glm(y, x, family)
    ours = model.solve(np.ones(len(y)))
    assert ours == pytest.approx(theirs.params, rel=1e-8)
    sandwich = model.influence(np.ones(len(y)), ours)
    robust = sm.GLM(y, x, family=kinds[family]).fit(tol=1e-14, cov_type="HC0").bse
    assert np.sqrt((sandwich**2).sum(axis=0)) == pytest.approx(robust, rel=1e-6)


def test_whole_weights_are_repeated_rows() -> None:
    for family in FAMILIES:
        y, x, _ = data(family, 5, 80)
        times = np.random.default_rng(6).integers(1, 4, 80)
        repeated = Glm(np.repeat(y, times), np.repeat(x, times, axis=0), family).solve(np.ones(times.sum()))
        assert Glm(y, x, family).solve(times.astype(float)) == pytest.approx(repeated, rel=1e-9)


def test_perfect_separation_is_said() -> None:
    x = np.column_stack([np.ones(20), np.arange(20.0)])
    with pytest.raises(NotSettled):
        Glm((x[:, 1] > 9).astype(float), x, "binomial").solve(np.ones(20))


def test_proportional_odds_score_and_start() -> None:
    y, x, w = data("ordinal")
    model = ProportionalOdds(y.astype(np.intp), x, 4)
    solution = model.solve(w)
    assert np.diff(solution[2:]).min() > 0
    assert w @ model.influence(w, solution) == pytest.approx(np.zeros(5), abs=1e-9)
    assert model.solve(w, solution) == pytest.approx(solution, rel=1e-10)
    assert model.solve(3 * w) == pytest.approx(solution, rel=1e-9)


def test_proportional_odds_are_those_of_statsmodels() -> None:
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    y, x, _ = data("ordinal", 3)
    ours = ProportionalOdds(y.astype(np.intp), x, 4).solve(np.ones(len(y)))
    theirs = OrderedModel(y, x, distr="logit")
    found = theirs.fit(method="newton", disp=False, maxiter=200)
    assert ours[:2] == pytest.approx(found.params[:2], rel=1e-5)
    assert ours[2:] == pytest.approx(theirs.transform_threshold_params(found.params)[1:-1], rel=1e-5)


def test_two_levels_are_a_logistic_regression() -> None:
    y, x, w = data("binomial", 8)
    logit = Glm(y, x, "binomial").solve(w)
    odds = ProportionalOdds(y.astype(np.intp), x[:, 1:], 2).solve(w)
    assert odds == pytest.approx([logit[1], logit[2], -logit[0]], rel=1e-9)


def test_proportional_odds_influence_is_the_derivative_in_the_weights() -> None:
    y, x, w = data("ordinal", 9)
    model = ProportionalOdds(y.astype(np.intp), x, 4)
    influence = model.influence(w, model.solve(w))
    step = np.zeros(len(w))
    step[11] = 1e-5
    slope = (model.solve(w + step) - model.solve(w - step)) / 2e-5
    assert slope == pytest.approx(influence[11], rel=2e-4, abs=1e-9)
