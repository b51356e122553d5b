"""Calibration factors: the totals are met, the bounds are kept, and what cannot be solved says so."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from govlab.survey.calibrate import Distance, NoSolution, distance, factors, projection

Floats = NDArray[np.float64]
HOWS = [("linear", None), ("raking", None), ("linear", (0.2, 4.0)), ("logit", (0.2, 4.0))]


def case(seed: int, shift: float = 0.1) -> tuple[Floats, Floats, Floats]:
    """Indicators of two margins and one measurement, base sums, and totals a solution near 1 can reach."""
    rng = np.random.default_rng(seed)
    count = 60
    first, second = rng.integers(0, 3, count), rng.integers(0, 2, count)
    x = np.column_stack(
        [first[:, None] == np.arange(3), second[:, None] == np.arange(2), rng.normal(50, 15, count)]
    )
    size = rng.uniform(0.5, 9, count)
    reachable = size * np.exp(rng.uniform(-shift, shift, count))
    return x, size, x.T @ reachable


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(HOWS))
def test_totals_are_met_and_bounds_kept(seed: int, how: tuple[str, tuple[float, float] | None]) -> None:
    x, size, totals = case(seed)
    g = factors(x, size, totals, distance(*how))
    assert x.T @ (size * g) == pytest.approx(totals, rel=1e-11)
    if how[1] is not None:
        assert g.min() >= how[1][0]
        assert g.max() <= how[1][1]
    if how[0] == "raking":
        assert g.min() > 0


def test_linear_factors_are_the_regression_estimator() -> None:
    x, size, totals = case(1)
    x, totals = x[:, 1:], totals[1:]  # independent columns, for the textbook formula
    gap = totals - x.T @ size
    textbook = 1 + x @ np.linalg.solve((x.T * size) @ x, gap)
    assert factors(x, size, totals, distance("linear")) == pytest.approx(textbook, rel=1e-12)


def test_raking_factors_are_those_of_iterative_proportional_fitting() -> None:
    x, size, totals = case(2)
    x, totals = x[:, :5], totals[:5]
    g = np.ones(len(size))
    for _ in range(500):
        for margin in (slice(0, 3), slice(3, 5)):
            g *= x[:, margin] @ (totals[margin] / (x[:, margin].T @ (size * g)))
    assert factors(x, size, totals, distance("raking")) == pytest.approx(g, rel=1e-11)


def test_totals_already_met_leave_the_weights_alone() -> None:
    x, size, _ = case(3)
    for how in HOWS:
        g = factors(x, size, x.T @ size, distance(*how))
        assert g == pytest.approx(np.ones(len(size)), abs=1e-12)


def test_far_totals_are_reached_by_damped_steps() -> None:
    x = np.eye(2)
    g = factors(x, np.ones(2), np.array([1e3, 1e-2]), distance("raking"))
    assert g == pytest.approx([1e3, 1e-2], rel=1e-9)


@pytest.mark.parametrize("name", ["linear", "logit"])
def test_bounds_that_are_too_narrow_name_the_gap(name: str) -> None:
    x, size, totals = case(4)
    with pytest.raises(NoSolution) as raised:
        factors(x, size, totals * 2, distance(name, (0.9, 1.1)))
    assert np.abs(raised.value.gap).max() > 0.1


def test_dependent_columns_that_disagree_have_no_solution() -> None:
    x = np.column_stack([np.ones(4), np.ones(4)])
    with pytest.raises(NoSolution):
        factors(x, np.ones(4), np.array([4.0, 5.0]), distance("linear"))


@pytest.mark.parametrize(
    ("name", "bounds"),
    [("logit", None), ("raking", (0.5, 2.0)), ("linear", (1.1, 2.0)), ("logit", (0.5, 0.9)), ("other", None)],
)
def test_wrong_calls_are_refused(name: str, bounds: tuple[float, float] | None) -> None:
    with pytest.raises(ValueError, match=r"bounds|distance"):
        distance(name, bounds)


@pytest.mark.parametrize("how", HOWS)
def test_factor_and_slope_are_derivatives(how: tuple[str, tuple[float, float] | None]) -> None:
    d: Distance = distance(*how)
    u = np.array([-3.0, -0.5, -0.1, 0.0, 0.2, 1.0, 4.0])
    step = 1e-6
    assert (d.integral(u + step) - d.integral(u - step)) / (2 * step) == pytest.approx(d.factor(u), rel=1e-7)
    assert (d.factor(u + step) - d.factor(u - step)) / (2 * step) == pytest.approx(
        d.slope(u), abs=1e-7, rel=1e-6
    )
    assert d.factor(np.zeros(1))[0] == pytest.approx(1)


def test_residuals_are_orthogonal_to_the_auxiliary_values() -> None:
    rng = np.random.default_rng(5)
    x, _, _ = case(5)
    cells = rng.integers(0, len(x), 500)
    weights, columns = rng.uniform(1, 3, 500), rng.normal(size=(500, 2))
    left = projection(x, cells, weights).residuals(columns)
    assert x[cells].T @ (weights[:, None] * left) == pytest.approx(np.zeros((x.shape[1], 2)), abs=1e-9)
    assert projection(x, cells, weights).residuals(x[cells]) == pytest.approx(
        np.zeros((500, x.shape[1])), abs=1e-9
    )
