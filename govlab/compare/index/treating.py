"""Outliers and gaps in indicators, before they are brought to one scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_SKEW, MOST_KURTOSIS = 2.0, 3.5


def skewness(x: Floats) -> float:
    """Of (n,) values without gaps: third moment with the small-sample factor (G1)."""
    n = len(x)
    off = x - x.mean()
    g1 = (off**3).mean() / (off**2).mean() ** 1.5
    return float(g1 * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(x: Floats) -> float:
    """Excess kurtosis of (n,) values without gaps, with the small-sample factor (G2)."""
    n = len(x)
    off = x - x.mean()
    g2 = (off**4).mean() / (off**2).mean() ** 2 - 3
    return float((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6))


def outlying(x: Floats) -> bool:
    """Both |skewness| over 2 and kurtosis over 3.5: the rule of the JRC."""
    return abs(skewness(x)) > MOST_SKEW and kurtosis(x) > MOST_KURTOSIS


def winsorise(x: Floats, most: int) -> tuple[Floats, int]:
    """(n,) the farthest values set to the next one, one at a time, until the shape is in order.

    most: points that may be changed. Returns the values and how many were changed.
    """
    values, changed = x.copy(), 0
    order = np.argsort(values, kind="stable")
    low, high = 0, len(values) - 1
    while changed < most and outlying(values):
        changed += 1
        if skewness(values) > 0:
            high -= 1
            values[order[high + 1 :]] = values[order[high]]
        else:
            low += 1
            values[order[:low]] = values[order[low]]
    return values, changed


def logged(x: Floats) -> Floats:
    """(n,) logarithm counted from the end without the tail; keeps the order."""
    reach = x.max() - x.min()
    if skewness(x) >= 0:
        return np.asarray(np.log(x - x.min() + 0.01 * reach))
    return np.asarray(-np.log(x.max() - x + 0.01 * reach))


def treat(x: Floats, most: int) -> tuple[Floats, list[tuple[str, int]]]:
    """(n, k) values with outliers treated column by column, gaps left; what was done to each column.

    Done: ``none``, ``winsorised`` with the number of points, or ``logged`` where ``most`` points were not
    enough (then from the values as they were).
    """
    found, done = x.copy(), []
    for column in range(x.shape[1]):
        here = ~np.isnan(x[:, column])
        values = x[here, column]
        if len(values) < 4 or not outlying(values):
            done.append(("none", 0))
            continue
        changed, count = winsorise(values, most)
        if outlying(changed):
            changed, count = logged(values), 0
            done.append(("logged", 0))
        else:
            done.append(("winsorised", count))
        found[here, column] = changed
    return found, done


def fill(x: Floats, method: str) -> Floats:
    """(n, k) gaps filled with the ``mean`` or ``median`` of the column."""
    centre = np.nanmean(x, axis=0) if method == "mean" else np.nanmedian(x, axis=0)
    return np.where(np.isnan(x), centre, x)
