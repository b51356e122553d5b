"""Many comparisons: Tukey and Dunnett are special cases, and p agrees with the intervals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from govlab.survey.simultaneous import adjusted, holm, largest_t, smallest_p

Codes = NDArray[np.intp]


def pairs(count: int) -> tuple[Codes, Codes]:
    second, first = np.triu_indices(count, 1)
    return first, second


@pytest.mark.parametrize(("count", "df"), [(3, 10), (5, 20), (9, 28)])
def test_all_pairs_are_tukeys_range(count: int, df: int) -> None:
    first, second = pairs(count)
    family = largest_t(np.eye(count), first, second, seed=1)
    t = np.array([1.0, 2.0, 3.0, 4.0])
    wanted = stats.studentized_range.sf(np.sqrt(2) * t, count, df)
    assert family.p_value(t, df) == pytest.approx(wanted, rel=0.02)
    critical = stats.studentized_range.ppf(0.95, count, df) / np.sqrt(2)
    assert family.critical(0.95, df) == pytest.approx(critical, rel=0.003)


def test_many_to_one_is_dunnetts() -> None:
    # Dunnett (1964), Biometrics 20, table II: two-sided 5 %, three treatments, 20 df and infinity.
    family = largest_t(np.eye(4), np.array([1, 2, 3]), np.zeros(3, dtype=int), seed=2)
    assert family.critical(0.95, 20) == pytest.approx(2.54, abs=0.01)
    assert family.critical(0.95, np.inf) == pytest.approx(2.35, abs=0.01)


def test_one_comparison_is_an_exact_t_test() -> None:
    covariance = np.array([[1.0, 0.3], [0.3, 2.0]])
    family = largest_t(covariance, np.array([1]), np.array([0]), seed=3)
    assert family.p_value(np.array([2.1]), 12)[0] == pytest.approx(2 * stats.t.sf(2.1, 12), rel=1e-12)
    assert family.critical(0.9, 12) == pytest.approx(stats.t.isf(0.05, 12))


def test_errors_of_their_own_with_many_df_are_tukeys_range() -> None:
    first, second = pairs(5)
    found = smallest_p(np.eye(5), first, second, np.full(10, 1e6), np.full(5, 1e6), seed=4)
    t = np.array([1.5, 2.5, 3.5])
    wanted = stats.studentized_range.sf(np.sqrt(2) * t, 5, np.inf)
    assert found.p_value(2 * stats.norm.sf(t)) == pytest.approx(wanted, rel=0.03)


@settings(max_examples=12, deadline=None)
@given(st.integers(3, 6), st.integers(0, 1000), st.booleans(), st.sampled_from([0.8, 0.95, 0.99]))
def test_p_agrees_with_intervals_and_is_never_below_the_single_p(
    count: int, seed: int, own: bool, level: float
) -> None:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(count, count + 2))
    first, second = pairs(count)
    df = rng.uniform(2, 30, len(first)) if own else np.full(len(first), 7.0)
    statistic = rng.normal(0, 3, len(first))
    own_df = rng.uniform(2, 20, count) if own else None
    p, critical = adjusted(
        "max-t", root @ root.T, first, second, statistic, df, level=level, seed=1, own_df=own_df
    )
    alone = 2 * stats.t.sf(np.abs(statistic), df)
    assert (p >= alone * (1 - 1e-9)).all()
    assert (p <= 1).all()
    assert ((p <= 1 - level) == (np.abs(statistic) >= critical)).all()
    order = np.argsort(alone)
    assert (np.diff(p[order]) >= -1e-12).all()


@pytest.mark.slow
def test_few_units_a_zone_keep_their_level() -> None:
    # Six zones of four units each, alike; a common estimate of scale would call them different too often.
    rng = np.random.default_rng(11)
    zones, units, runs = 6, 4, 150
    first, second = pairs(zones)
    wrong = {"own": 0, "shared": 0}
    for _ in range(runs):
        y = rng.normal(size=(zones, units))
        variance, mean = y.var(axis=1, ddof=1) / units, y.mean(axis=1)
        one, two = variance[first], variance[second]
        t = (mean[first] - mean[second]) / np.sqrt(one + two)
        df = (one + two) ** 2 / (one**2 / (units - 1) + two**2 / (units - 1))
        own_df = np.full(zones, units - 1.0)
        family = smallest_p(np.diag(variance), first, second, df, own_df, seed=1)
        wrong["own"] += family.p_value(2 * stats.t.sf(np.abs(t), df)).min() <= 0.05
        shared = largest_t(np.diag(variance), first, second, seed=1)
        wrong["shared"] += shared.p_value(t, zones * (units - 1)).min() <= 0.05
    assert wrong["own"] / runs < 0.11
    assert wrong["shared"] / runs > 0.12


def test_holm() -> None:
    # Holm (1979): sorted p times the number not yet rejected, never falling.
    p = np.array([0.01, 0.04, 0.03, np.nan, 0.005])
    assert holm(p) == pytest.approx([0.03, 0.06, 0.06, np.nan, 0.02], nan_ok=True)


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, second = pairs(4)
    one, two = (largest_t(np.eye(4), first, second, seed=9).critical(0.95, 15) for _ in range(2))
    assert one == two
