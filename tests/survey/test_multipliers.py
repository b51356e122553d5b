"""Replicate multipliers: the algebra that makes their variances right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from govlab.survey.multipliers import balanced, hadamard, jackknife, rao_wu, successive

Floats = NDArray[np.float64]


def linear_variance(totals: Floats, strata: NDArray[np.intp], fraction: Floats) -> float:
    found = 0.0
    for stratum in np.unique(strata):
        part = totals[strata == stratum]
        found += (1 - fraction[stratum]) * len(part) / (len(part) - 1) * ((part - part.mean()) ** 2).sum()
    return found


@pytest.mark.parametrize("order", [*range(1, 61), 100, 250])
def test_hadamard_rows_are_orthogonal(order: int) -> None:
    matrix = hadamard(order)
    size = len(matrix)
    assert size >= order
    assert size <= max(2, 2 * order)
    assert (np.abs(matrix) == 1).all()
    assert (matrix[:, 0] == 1).all()
    assert (matrix @ matrix.T == size * np.eye(size)).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(2, 6), min_size=1, max_size=6), st.integers(0, 1000))
def test_jackknife_of_a_total_is_the_linear_variance(sizes: list[int], seed: int) -> None:
    strata = np.repeat(np.arange(len(sizes)), sizes)
    rng = np.random.default_rng(seed)
    totals, fraction = rng.normal(10, 3, len(strata)), rng.uniform(0, 0.5, len(sizes))
    multipliers, rscales = jackknife(strata, fraction, np.ones(len(sizes), dtype=bool))
    deviations = multipliers @ totals - totals.sum()
    assert rscales @ deviations**2 == pytest.approx(linear_variance(totals, strata, fraction), rel=1e-10)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 20), st.floats(0, 0.9), st.integers(0, 1000))
def test_half_samples_of_a_total_are_the_linear_variance(strata: int, rho: float, seed: int) -> None:
    pair = np.repeat(np.arange(strata), 2)
    totals = np.random.default_rng(seed).normal(5, 2, 2 * strata)
    multipliers = balanced(pair, np.tile([False, True], strata), rho)
    deviations = multipliers @ totals - totals.sum()
    found = (deviations**2).mean() / (1 - rho) ** 2
    assert found == pytest.approx(linear_variance(totals, pair, np.zeros(strata)), rel=1e-10)
    assert multipliers.mean(axis=0) == pytest.approx(np.ones(2 * strata))


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 40), st.integers(0, 1000))
def test_successive_differences(units: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    totals, position = rng.normal(5, 2, units), rng.permutation(units)
    multipliers = successive(position)
    deviations = multipliers @ totals - totals.sum()
    in_order = totals[np.argsort(position)]
    wanted = ((in_order - np.roll(in_order, -1)) ** 2).sum() / 2
    assert 4 * (deviations**2).mean() == pytest.approx(wanted, rel=1e-10)


def test_bootstrap_counts_and_expectation() -> None:
    strata = np.repeat([0, 1, 2], [2, 5, 9])
    fraction = np.array([0.0, 0.3, 0.1])
    totals = np.random.default_rng(1).normal(10, 4, 16)
    made = rao_wu(np.random.default_rng(2), strata, fraction, np.ones(3, dtype=bool), 40_000)
    # With n - 1 draws of n units each replicate keeps the number of units of its stratum.
    assert made[:, strata == 1].sum(axis=1) == pytest.approx(np.full(40_000, 5.0))
    found = ((made @ totals - totals.sum()) ** 2).mean()
    assert found == pytest.approx(linear_variance(totals, strata, fraction), rel=0.02)


def test_bootstrap_leaves_strata_alone_that_are_not_replicated() -> None:
    strata = np.array([0, 1, 1, 1])
    made = rao_wu(np.random.default_rng(3), strata, np.zeros(2), np.array([False, True]), 50)
    assert (made[:, 0] == 1).all()
    assert made[:, 1:].std() > 0
    again = rao_wu(np.random.default_rng(3), strata, np.zeros(2), np.array([False, True]), 50)
    assert (made == again).all()
