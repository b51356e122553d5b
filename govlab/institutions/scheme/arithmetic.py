"""The arithmetic of scores on plain arrays: points from values, variance of raters, covariance of scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]


def points(values: Floats, low: float, high: float, *, more: bool, capped: bool = False) -> Floats:
    """Values as 0 to 100 points on a straight line between two ends; capped: no more beyond an end."""
    share = (values - low) / (high - low)
    found = 100 * (share if more else 1 - share)
    return np.asarray(np.clip(found, 0.0, 100.0)) if capped else found


def slope(low: float, high: float, *, more: bool) -> float:
    """Points for one unit of the value: what carries its error over."""
    return (100 if more else -100) / (high - low)


@dataclass(frozen=True, eq=False)
class RaterSpread:
    """How raters differ. severity: (K, K) covariance of what a rater adds everywhere; chance: (K, K) of
    what is left for one rater and unit; known: (K,) whether the ratings of an indicator tell it at all.
    """

    severity: Floats
    chance: Floats
    known: Truth


def rater_spread(scores: Floats) -> RaterSpread:
    """Variance components of raters by fitting units, then raters (Henderson's method 3).

    scores: (K, units, raters), NaN where a rater did not score. For each pair of indicators on the cells
    that both have: what remains after units and raters estimates chance; what raters explain beyond
    units, less its share of chance, estimates severity. Both are brought to the nearest matrix without
    negative eigenvalues. Where no rater can be told from chance (every unit has its own raters), all
    spread within units is chance. Searle, Casella & McCulloch (1992), Variance Components, ch. 5;
    for covariances by cross products, ch. 11.
    """
    count = len(scores)
    severity, chance = np.zeros((count, count)), np.zeros((count, count))
    known = np.zeros(count, dtype=bool)
    for one in range(count):
        for two in range(one + 1):
            found = _pair(scores[one], scores[two])
            if found is None:
                continue
            severity[one, two] = severity[two, one] = found[0]
            chance[one, two] = chance[two, one] = found[1]
            known[one] |= one == two
    # a covariance with something unknown says nothing
    severity[~known] = severity[:, ~known] = 0.0
    chance[~known] = chance[:, ~known] = 0.0
    return RaterSpread(_positive(severity), _positive(chance), known)


def _pair(one: Floats, two: Floats) -> tuple[float, float] | None:
    """Severity and chance of two indicators from the cells that both have; None where nothing tells."""
    both = ~np.isnan(one) & ~np.isnan(two)
    units, raters = np.nonzero(both)
    if not len(units):
        return None
    design = np.zeros((len(units), one.shape[1]))
    design[np.arange(len(units)), raters] = 1.0
    first, second = _within(one[both], units), _within(two[both], units)
    design = _within(design, units)
    inside = len(units) - len(np.unique(units))
    if inside <= 0:
        return None
    square = design.T @ design
    rank = int(np.linalg.matrix_rank(square, tol=1e-9 * max(1.0, float(np.trace(square)))))
    explained = float((design.T @ first) @ np.linalg.pinv(square, rcond=1e-10) @ (design.T @ second))
    whole = float(first @ second)
    if inside == rank:
        return 0.0, whole / inside
    chance = (whole - explained) / (inside - rank)
    return (explained - rank * chance) / float(np.trace(square)), chance


def _within(values: Floats, units: NDArray[np.intp]) -> Floats:
    """Deviations from the mean of each unit."""
    index = np.unique(units, return_inverse=True)[1]
    counts = np.bincount(index)
    if values.ndim == 1:
        return np.asarray(values - (np.bincount(index, weights=values) / counts)[index])
    sums = np.zeros((len(counts), values.shape[1]))
    np.add.at(sums, index, values)
    return np.asarray(values - (sums / counts[:, None])[index])


def _positive(matrix: Floats) -> Floats:
    roots, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(roots, 0.0)) @ vectors.T)


def rater_means(scores: Floats) -> Floats:
    """(K, units) means over the raters who scored; NaN where nobody did."""
    there = ~np.isnan(scores)
    counts = there.sum(axis=2)
    sums = np.where(there, scores, 0.0).sum(axis=2)
    return np.asarray(np.divide(sums, counts, out=np.full(counts.shape, np.nan), where=counts > 0))


def rater_covariance(scores: Floats, spread: RaterSpread, weights: Floats) -> Floats:
    """(units, units) covariance of the weighted sum of rater means; raters shared by two units bind them.

    weights: (K,). What a severe rater takes from every unit alike cancels between them.
    """
    there = ~np.isnan(scores)
    counts = np.maximum(there.sum(axis=2, keepdims=True), 1)
    shares = weights[:, None, None] * there / counts  # (K, units, raters)
    count = len(scores)
    units = scores.shape[1]
    found = np.zeros((units, units))
    own = np.zeros(units)
    for one in range(count):
        for two in range(count):
            if spread.severity[one, two]:
                found += spread.severity[one, two] * (shares[one] @ shares[two].T)
            own += spread.chance[one, two] * (shares[one] * shares[two]).sum(axis=1)
    found[np.diag_indices(units)] += own
    return found


def survey_covariance(covariance: Floats, weights: Floats) -> Floats:
    """(units, units) covariance of the weighted sum of items.

    covariance: (items * units, items * units), all units of the first item first. weights: (items,) points
    of the score for one point of the item.
    """
    items = len(weights)
    units = len(covariance) // items
    blocks = covariance.reshape(items, units, items, units)
    return np.asarray(np.einsum("i,iujv,j->uv", weights, blocks, weights))
