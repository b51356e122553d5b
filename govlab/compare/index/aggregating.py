"""Indicators of one scale put together: means of three kinds, and closeness to the best (TOPSIS)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
METHODS = ("arithmetic", "geometric", "harmonic", "topsis")


def mean(x: Floats, weights: Floats, method: str) -> Floats:
    """(n,) weighted mean of (n, k) values; where some are missing, of those that are there.

    geometric and harmonic need positive values. A row without any value is missing.
    """
    if method == "geometric":
        x = np.log(x)
    elif method == "harmonic":
        x = 1 / x
    found = _weighted(x, weights)
    if method == "geometric":
        return np.asarray(np.exp(found))
    return np.asarray(1 / found) if method == "harmonic" else found


def _weighted(x: Floats, weights: Floats) -> Floats:
    there = ~np.isnan(x)
    if there.all():
        whole: Floats = x @ weights / weights.sum()
        return whole
    mass = there @ weights
    total = np.where(there, x, 0.0) @ weights
    return np.asarray(np.divide(total, mass, out=np.full(len(x), np.nan), where=mass > 0))


def topsis(values: Floats, weights: Floats) -> Floats:
    """(n,) closeness to the ideal unit, 0 to 1: distance to the worst over the sum of both distances.

    values: (n, k) turned so that more is better and brought to one scale (vector or min-max); weights (k,)
    multiply the values. Ideal and worst are made of the best and worst value of each column among these
    units: a unit added or left out can change the order of the others. Hwang & Yoon (1981), Multiple
    Attribute Decision Making, ch. 3. Missing values leave the row missing.
    """
    scaled = np.asarray(values, dtype=np.float64) * (weights / weights.sum())
    best, worst = distances(scaled)
    both = best + worst
    return np.asarray(np.divide(worst, both, out=np.full(len(both), np.nan), where=both > 0))


def distances(scaled: Floats) -> tuple[Floats, Floats]:
    """(n,) Euclidean distances of weighted values to the ideal and to the worst unit."""
    best, worst = np.nanmax(scaled, axis=0), np.nanmin(scaled, axis=0)
    return (
        np.sqrt(((scaled - best) ** 2).sum(axis=1)),
        np.sqrt(((scaled - worst) ** 2).sum(axis=1)),
    )
