"""Points, variance of raters, covariance of scores: numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.institutions.scheme.arithmetic import (
    points,
    rater_covariance,
    rater_means,
    rater_spread,
    slope,
    survey_covariance,
)

NAN = float("nan")
# Two units, three raters: (70, 74, 78) and (60, 66, 66).
#   unit means 74, 64; rater means 65, 70, 72; grand mean 69.
#   deviations from unit means: (-4, 0, 4), (-4, 2, 2); their sum of squares 32 + 24 = 56, on 4 degrees of freedom.
#   raters: 2 * ((65-69)^2 + (70-69)^2 + (72-69)^2) = 2 * 26 = 52 on 2.
#   rest 56 - 52 = 4 on 2, so chance = 2; severity = (52/2 - 2) / 2 units = 12.
RATED = np.array([[[70.0, 74, 78], [60, 66, 66]]])


def test_points():
    values = np.array([1.0, 3, 5])
    assert points(values, 1, 5, more=True).tolist() == [0, 50, 100]
    assert points(values, 1, 5, more=False).tolist() == [100, 50, 0]
    assert points(np.array([2.0, 8]), 0, 5, more=True, capped=True).tolist() == [40, 100]
    assert slope(1, 5, more=True) == 25
    assert slope(0, 50, more=False) == -2


def test_rater_components_by_hand():
    found = rater_spread(RATED)
    assert found.known.tolist() == [True]
    assert found.severity == pytest.approx(np.array([[12.0]]), rel=1e-12)
    assert found.chance == pytest.approx(np.array([[2.0]]), rel=1e-12)


def test_shared_raters_bind_units():
    # Variance of a mean of three: (12 + 2) / 3; covariance of two units with the same three raters: 12 / 3.
    found = rater_covariance(RATED, rater_spread(RATED), np.array([1.0]))
    assert found == pytest.approx(np.array([[14 / 3, 4], [4, 14 / 3]]), rel=1e-12)
    # the severity that all share cancels between them: 2 * 2 / 3 is left
    assert found[0, 0] + found[1, 1] - 2 * found[0, 1] == pytest.approx(4 / 3, rel=1e-12)


def test_raters_that_share_nothing_bind_nothing():
    """Every unit has its own two raters: the spread within units is all chance, 8 and 2 on 2 degrees."""
    scores = np.array([[[10.0, 14, NAN, NAN], [NAN, NAN, 20, 22]]])
    found = rater_spread(scores)
    assert found.severity[0, 0] == 0
    assert found.chance[0, 0] == pytest.approx((8 + 2) / 2, rel=1e-12)
    assert rater_covariance(scores, found, np.ones(1)) == pytest.approx(np.diag([2.5, 2.5]), rel=1e-12)


def test_one_rater_tells_nothing():
    found = rater_spread(np.array([[[70.0], [60]]]))
    assert not found.known.any()
    assert rater_covariance(np.array([[[70.0], [60]]]), found, np.ones(1)).tolist() == [[0, 0], [0, 0]]
    assert not rater_spread(np.full((1, 2, 2), NAN)).known.any()


def test_two_indicators_are_the_indicator_of_their_sum():
    """With every cell there, components of a weighted sum are those of the pair, weighted."""
    rng = np.random.default_rng(4)
    units, raters = 9, 5
    base = rng.normal(size=(1, units, 1)) * 8 + rng.normal(size=(2, 1, raters)) * 6
    scores = 50 + base + rng.normal(size=(2, units, raters))
    weights = np.array([0.3, 0.7])
    pair, whole = rater_spread(scores), rater_spread((weights[:, None, None] * scores).sum(axis=0)[None])
    both = rater_covariance(scores, pair, weights)
    alone = rater_covariance((weights[:, None, None] * scores).sum(axis=0)[None], whole, np.ones(1))
    assert both == pytest.approx(alone, rel=1e-9)


def test_means_leave_gaps_out():
    scores = np.array([[[70.0, NAN], [NAN, NAN]]])
    assert rater_means(scores)[0, 0] == 70
    assert np.isnan(rater_means(scores)[0, 1])


def test_survey_covariance_by_hand():
    # Two items, two units; points of the score for one point of an item: 10 and 5.
    # Unit 1: 100 * 0.04 + 25 * 0.09 + 2 * 50 * 0.03 = 4 + 2.25 + 3 = 9.25.
    # Unit 2: 100 * 0.01 + 25 * 0.01 = 1.25. Between units: 100 * 0.002 = 0.2.
    covariance = np.array(
        [
            [0.04, 0.002, 0.03, 0.0],
            [0.002, 0.01, 0.0, 0.0],
            [0.03, 0.0, 0.09, 0.0],
            [0.0, 0.0, 0.0, 0.01],
        ]
    )
    found = survey_covariance(covariance, np.array([10.0, 5.0]))
    assert found == pytest.approx(np.array([[9.25, 0.2], [0.2, 1.25]]), rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(-50, 50))
def test_a_constant_for_all_or_for_a_unit_changes_no_component(seed, shift):
    rng = np.random.default_rng(seed)
    scores = rng.normal(50, 10, size=(1, 4, 3))
    moved = scores + shift + rng.normal(size=(1, 4, 1)) * 20
    one, two = rater_spread(scores), rater_spread(moved)
    assert two.chance == pytest.approx(one.chance, rel=1e-7, abs=1e-7)
    assert two.severity == pytest.approx(one.severity, rel=1e-7, abs=1e-7)


def test_the_covariance_is_what_repetition_shows():
    """10,000 panels drawn afresh: variance and covariance of means lie near what the true components say."""
    rng = np.random.default_rng(11)
    severity, chance, units, raters = 9.0, 16.0, 3, 4
    drawn = rng.normal(size=(10_000, 1, raters)) * 3 + rng.normal(size=(10_000, units, raters)) * 4
    means = drawn.mean(axis=2)
    shown = np.cov(means.T)
    found = np.full((units, units), severity / raters) + np.eye(units) * chance / raters
    assert shown == pytest.approx(found, abs=0.25)
    components = [rater_spread(50 + one[None]) for one in drawn[:400]]
    assert np.mean([one.chance[0, 0] for one in components]) == pytest.approx(chance, rel=0.06)
    # cut at zero, so a little above the truth
    assert 8 < np.mean([one.severity[0, 0] for one in components]) < 10.5
