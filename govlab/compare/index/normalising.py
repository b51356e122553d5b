"""Indicators of different units brought to one scale, after their direction: more is better.

Every function takes (n, k) values already turned (times the direction) and returns (n, k); what is
missing stays missing. Nardo et al. (2008), OECD/JRC Handbook on Constructing Composite Indicators,
step 5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

METHODS = (
    "minmax", "zscore", "rank", "percentile", "borda", "distance_to_best", "share_of_best", "goalposts",
    "target", "vector", "none",
)  # fmt: skip


def minmax(x: Floats, low: float = 0.0, high: float = 1.0) -> Floats:
    """The smallest value to ``low``, the largest to ``high``."""
    least, most = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    found: Floats = (x - least) / (most - least) * (high - low) + low
    return found


def zscore(x: Floats) -> Floats:
    """Mean 0, standard deviation 1 (over n - 1)."""
    found: Floats = (x - np.nanmean(x, axis=0)) / np.nanstd(x, axis=0, ddof=1)
    return found


def rank(x: Floats) -> Floats:
    """1 for the smallest; equal values share the lowest rank."""
    found = np.full(x.shape, np.nan)
    for column in range(x.shape[1]):
        values = x[:, column]
        here = ~np.isnan(values)
        ordered = np.sort(values[here])
        found[here, column] = 1 + np.searchsorted(ordered, values[here], side="left")
    return found


def borda(x: Floats) -> Floats:
    """How many are smaller."""
    return rank(x) - 1


def percentile(x: Floats) -> Floats:
    """The share of the other units that are smaller."""
    return np.asarray(borda(x) / (np.count_nonzero(~np.isnan(x), axis=0) - 1))


def distance_to_best(x: Floats) -> Floats:
    """1 less the distance to the best, as a share of the range."""
    least, most = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    found: Floats = 1 - (most - x) / (most - least)
    return found


def share_of_best(x: Floats) -> Floats:
    """The value over the best one; only for positive indicators of which more is better."""
    found: Floats = x / np.nanmax(x, axis=0)
    return found


def goalposts(x: Floats, worst: Floats, best: Floats) -> Floats:
    """(k,) fixed ends instead of those of the data; 0 at the worst, 1 at the best, cut there."""
    return np.clip((x - worst) / (best - worst), 0.0, 1.0)


def target(x: Floats, aim: Floats) -> Floats:
    """How much of the way from the worst unit to the (k,) target is gone, at most 1."""
    least = np.nanmin(x, axis=0)
    return np.asarray(np.minimum((x - least) / (aim - least), 1.0))


def vector(x: Floats) -> Floats:
    """Over the root of the sum of squares, as TOPSIS uses it (Hwang & Yoon 1981)."""
    found: Floats = x / np.sqrt(np.nansum(x**2, axis=0))
    return found
