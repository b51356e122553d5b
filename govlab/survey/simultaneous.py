"""Many comparisons at once: the distribution of the largest |t|, and Holm's step-down. Arrays only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Adjust = Literal["max-t", "holm", "none"]

_DRAWS = 40_000
_BINS = 250
_WORK = 60_000_000  # |t| values that are formed at most
_KNOTS = 32  # levels at which the chance of the smallest p is worked out; between them it is interpolated


@dataclass(frozen=True, eq=False)
class LargestT:
    """The null distribution of the largest |t| over a family of differences.

    A vector of t statistics is a length times a direction; the largest |t| of a direction is drawn,
    the length is integrated exactly (its square over the dimension is F), after Genz & Bretz (2009),
    Computation of Multivariate Normal and t Probabilities, sec. 4.1. So p falls smoothly with t, a
    critical value belongs to every level, one comparison is an exact t test, and p <= 1 - level exactly
    where the interval leaves out zero. All errors come from one estimate of scale with df degrees of
    freedom. largest: (B,) sorted; dimension: of the directions.
    """

    largest: Floats = field(repr=False)
    dimension: int

    def p_value(self, statistic: Floats, df: float) -> Floats:
        """(c,) chance that the largest |t| reaches each |statistic|; df inf for known variances."""
        from scipy import special

        squared = (np.abs(statistic)[:, None] / self.largest) ** 2
        if np.isinf(df):
            tails = special.chdtrc(self.dimension, squared)
        else:
            tails = special.fdtrc(self.dimension, df, squared / self.dimension)
        p: Floats = np.where(np.isnan(statistic), np.nan, tails.mean(axis=1))
        return p

    def critical(self, level: float, df: float) -> float:
        """The |t| that the family exceeds with probability 1 - level."""
        from scipy import optimize, stats

        low = float(stats.t.isf((1 - level) / 2, df))

        def excess(t: float) -> float:
            return float(self.p_value(np.array([t]), df)[0]) - (1 - level)

        if self.dimension == 1:
            return low
        high = 2 * low
        while excess(high) > 0:
            high *= 2
        return float(optimize.brentq(excess, 0.5 * low, high, xtol=1e-12))


@dataclass(frozen=True, eq=False)
class SmallestP:
    """The null distribution of the smallest p of a family whose estimates have errors of their own.

    Each difference has its own t distribution, so they are compared by p and not by |t| (Westfall &
    Young 1993, Resampling-Based Multiple Testing, ch. 2; pairs as in Games & Howell 1976). chance: of a
    smallest p at or below each level; both as logarithms, interpolated without overshoot.
    """

    level: Floats = field(repr=False)
    chance: Floats = field(repr=False)

    def p_value(self, alone: Floats) -> Floats:
        """(c,) adjusted p from the p-values of the single comparisons; never below those."""
        logs = np.log(np.maximum(alone, 1e-300))
        # Below the last knot the chance is proportional to the level, as in Bonferroni's bound.
        low = np.minimum(logs, self.level[0])
        adjusted = np.exp(self._curve(np.maximum(logs, self.level[0])) + low - self.level[0])
        return np.where(np.isnan(alone), np.nan, np.clip(adjusted, alone, 1.0))

    def single(self, family: float) -> float:
        """The level of each comparison that gives the family its level."""
        from scipy import optimize

        goal = float(np.log(family))

        def excess(log_level: float) -> float:
            return float(self._curve(np.array([log_level]))[0]) - goal

        return float(np.exp(optimize.brentq(excess, self.level[0], 0.0, xtol=1e-14)))

    def _curve(self, at: Floats) -> Floats:
        from scipy.interpolate import PchipInterpolator

        found: Floats = PchipInterpolator(self.level, self.chance)(at)
        return found


def largest_t(covariance: Floats, first: Codes, second: Codes, *, seed: int) -> LargestT:
    """The distribution for differences of correlated estimates under one estimate of scale.

    covariance: (Z, Z) of the estimates; first, second: (c,) which are subtracted, each difference with a
    positive variance; seed: of the directions, so that a report comes out the same twice.
    """
    root = _root(covariance, first, second)
    error = np.sqrt(((root[first] - root[second]) ** 2).sum(axis=1))
    if root.shape[1] == 1:
        return LargestT(np.ones(1), 1)
    # Whole bins: of sorted values, a rest left out would be the largest.
    count = _BINS * int(max(16, min(_DRAWS, _WORK // len(first)) // _BINS))
    rng = np.random.default_rng(seed)
    largest = np.empty(count)
    for start, stop in _blocks(count, len(first)):
        points = root @ _directions(rng, root.shape[1], stop - start)
        largest[start:stop] = (np.abs(points[first] - points[second]) / error[:, None]).max(axis=0)
    largest.sort()
    return LargestT(largest.reshape(_BINS, -1).mean(axis=1), root.shape[1])


def smallest_p(
    covariance: Floats, first: Codes, second: Codes, df: Floats, own_df: Floats, *, seed: int
) -> SmallestP:
    """The distribution for differences of estimates whose variances were estimated one by one.

    df: (c,) of the differences; own_df: (Z,) of the variance of each estimate. Directions and variances
    are drawn, the length of the direction is integrated exactly, as in ``LargestT``.
    """
    from scipy import special

    levels = np.geomspace(1e-8, 1.0, _KNOTS)
    root = _root(covariance, first, second)
    points_of = covariance[first, first], covariance[second, second], covariance[first, second]
    # critical: (knots, c) |t| at which each single comparison reaches each level
    critical = -special.stdtrit(df[None, :], levels[:, None] / 2)
    count = int(max(1_500, min(_DRAWS // 2, _WORK // (4 * len(first)))))
    rng = np.random.default_rng(seed)
    chance = np.zeros(_KNOTS)
    for start, stop in _blocks(count, len(first)):
        points = root @ _directions(rng, root.shape[1], stop - start)
        scale = np.sqrt(rng.chisquare(own_df[:, None], (len(own_df), stop - start)) / own_df[:, None])
        one, two = scale[first], scale[second]
        squared = points_of[0][:, None] * one**2 + points_of[1][:, None] * two**2
        squared -= 2 * points_of[2][:, None] * one * two
        per_length = np.abs(points[first] - points[second]) / np.sqrt(squared)
        for knot in range(_KNOTS):
            # The shortest length at which any comparison reaches this level.
            reach = 1 / (per_length / np.maximum(critical[knot], 1e-300)[:, None]).max(axis=0)
            chance[knot] += special.chdtrc(root.shape[1], reach**2).sum()
    return SmallestP(np.log(levels), np.log(chance / count))


def _root(covariance: Floats, first: Codes, second: Codes) -> Floats:
    """(Z, d) root of the covariance in the d directions that the differences can take, and no others."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    linked = np.zeros_like(covariance)
    np.add.at(linked, (first, first), 1.0)
    np.add.at(linked, (second, second), 1.0)
    np.add.at(linked, (first, second), -1.0)
    np.add.at(linked, (second, first), -1.0)
    sizes, axes = np.linalg.eigh(root.T @ linked @ root)
    kept: Floats = root @ axes[:, sizes > sizes.max() * 1e-12]
    return kept


def _directions(rng: np.random.Generator, dimension: int, count: int) -> Floats:
    drawn = rng.standard_normal((dimension, count))
    drawn /= np.sqrt((drawn**2).sum(axis=0))
    return drawn


def _blocks(count: int, comparisons: int) -> Iterator[tuple[int, int]]:
    step = max(1, 4_000_000 // comparisons)
    for start in range(0, count, step):
        yield start, min(count, start + step)


def holm(p: Floats) -> Floats:
    """Holm's (1979) step-down p-values, Scand. J. Statist. 6, 65-70; NaN stays and does not count."""
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * p[order]))
    return adjusted


def adjusted(
    how: Adjust,
    covariance: Floats,
    first: Codes,
    second: Codes,
    statistic: Floats,
    df: Floats,
    *,
    level: float,
    seed: int,
    own_df: Floats | None = None,
) -> tuple[Floats, Floats]:
    """(c,) p-values of differences first minus second, and the (c,) critical |t| that agree with them.

    covariance: (Z, Z) of the estimates; df: (c,) of the differences; own_df: (Z,) of each estimate's
    variance, None where all share one. Holm's have no intervals of their own: NaN.
    """
    from scipy import stats

    alone = 2 * stats.t.sf(np.abs(statistic), df)
    if how == "holm":
        return holm(alone), np.full(len(df), np.nan)
    if how == "none" or len(df) == 1:
        return alone, stats.t.isf((1 - level) / 2, df)
    if own_df is None:
        family = largest_t(covariance, first, second, seed=seed)
        return family.p_value(statistic, df[0]), np.full(len(df), family.critical(level, df[0]))
    smallest = smallest_p(covariance, first, second, df, own_df, seed=seed)
    return smallest.p_value(alone), stats.t.isf(smallest.single(1 - level) / 2, df)
