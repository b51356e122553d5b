"""Factor models with a stated structure fitted by maximum likelihood, in one group or several.

Each item belongs to one factor; the first item of a factor has loading 1. Derived from Jöreskog (1969),
Psychometrika 34, 183-202, and (1971), Psychometrika 36, 409-426; fitted by Fisher scoring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_FIXED = -1
_STEPS = 500


@dataclass(frozen=True, eq=False)
class Moments:
    """Of one group: n, (p,) means, (p, p) covariance over n."""

    n: int
    mean: Floats
    covariance: Floats


@dataclass(frozen=True, eq=False)
class Places:
    """Where each parameter of a group stands in the vector of all; -1: fixed (loading 1, factor mean 0).

    loading, residual, intercept: (p,); factor: (m, m) symmetric; centre: (m,). intercept is empty where
    means are not modelled.
    """

    loading: Integers
    factor: Integers
    residual: Integers
    intercept: Integers
    centre: Integers


@dataclass(frozen=True, eq=False)
class Fitted:
    """parameters, their covariance, the discrepancy F and whether the steps came to rest."""

    parameters: Floats
    covariance: Floats
    discrepancy: float
    converged: bool


def layout(
    owner: Sequence[int], groups: int, *, means: bool, same: Sequence[str]
) -> tuple[list[Places], int]:
    """Places of the parameters, and how many there are.

    owner: factor of each item. same: what all groups share, among ``loadings``, ``intercepts``,
    ``residuals``. With shared intercepts the factor means of the first group are 0 and the others free.
    """
    p, m = len(owner), max(owner) + 1
    firsts = {factor: list(owner).index(factor) for factor in range(m)}
    count = 0
    found: list[Places] = []

    def block(size: int, shared: bool, first: Integers | None) -> Integers:
        nonlocal count
        if shared and first is not None:
            return first
        made = np.arange(count, count + size, dtype=np.int64)
        count += size
        return made

    for group in range(groups):
        before = found[0] if found else None
        if before is not None and "loadings" in same:
            loading = before.loading
        else:
            loading = np.full(p, _FIXED, dtype=np.int64)
            free = [item for item in range(p) if item not in firsts.values()]
            loading[free] = block(len(free), False, None)
        factor = np.zeros((m, m), dtype=np.int64)
        lower = np.tril_indices(m)
        factor[lower] = block(len(lower[0]), False, None)
        factor = np.maximum(factor, factor.T)
        residual = block(p, "residuals" in same, before.residual if before else None)
        intercept = np.zeros(0, dtype=np.int64)
        centre = np.full(m, _FIXED, dtype=np.int64)
        if means:
            intercept = block(p, "intercepts" in same, before.intercept if before else None)
            if "intercepts" in same and group:
                centre = block(m, False, None)
        found.append(Places(loading, factor, residual, intercept, centre))
    return found, count


def matrices(theta: Floats, at: Places, owner: Sequence[int]) -> tuple[Floats, Floats, Floats, Floats]:
    """(p, m) loadings, (m, m) factor covariances, (p,) residual variances, (m,) factor means."""
    p, m = len(owner), len(at.factor)
    loadings = np.zeros((p, m))
    loadings[np.arange(p), list(owner)] = np.where(at.loading < 0, 1.0, theta[at.loading])
    centre = np.where(at.centre < 0, 0.0, theta[at.centre])
    return loadings, theta[at.factor], theta[at.residual], centre


def implied(theta: Floats, at: Places, owner: Sequence[int], sample: Moments) -> tuple[Floats, Floats]:
    """(p, p) covariance and (p,) means of the model; the sample's own means where they are not modelled."""
    loadings, factor, residual, centre = matrices(theta, at, owner)
    covariance = loadings @ factor @ loadings.T + np.diag(residual)
    mean = theta[at.intercept] + loadings @ centre if len(at.intercept) else sample.mean
    return covariance, mean


def fit(samples: Sequence[Moments], owner: Sequence[int], places: Sequence[Places], count: int) -> Fitted:
    """Maximum likelihood by Fisher scoring with steps halved until the discrepancy falls."""
    total = sum(one.n for one in samples)
    theta = _start(samples, owner, places, count)
    value = _value(theta, samples, owner, places, total)
    converged = False
    information = np.eye(count)
    for _ in range(_STEPS):
        slope, information = _slopes(theta, samples, owner, places, total)
        step = np.linalg.lstsq(information, slope, rcond=None)[0]
        if float(slope @ step) < 1e-22:
            converged = True
            break
        size = 1.0
        while size > 1e-8:
            moved = theta - size * step
            new = _value(moved, samples, owner, places, total)
            if new < value:
                break
            size /= 2
        else:
            # rounding hides any further fall
            converged = float(slope @ step) < 1e-10
            break
        theta, value = moved, new
    covariance: Floats = np.asarray(np.linalg.pinv(information * total / 2), dtype=np.float64)
    return Fitted(theta, covariance, value, converged)


def _start(samples: Sequence[Moments], owner: Sequence[int], places: Sequence[Places], count: int) -> Floats:
    theta = np.zeros(count)
    for sample, at in zip(samples, places, strict=True):
        s = sample.covariance
        own = np.asarray(owner)
        for factor in range(len(at.factor)):
            mine = np.flatnonzero(own == factor)
            between = s[np.ix_(mine, mine)]
            size = len(mine)
            common = (between.sum() - np.trace(between)) / max(size * (size - 1), 1)
            theta[at.factor[factor, factor]] = max(common, 0.1 * np.diag(between).mean())
        theta[at.loading[at.loading >= 0]] = 1.0
        theta[at.residual] = 0.6 * np.diag(s)
        if len(at.intercept):
            theta[at.intercept] = sample.mean
    return theta


def _value(
    theta: Floats, samples: Sequence[Moments], owner: Sequence[int], places: Sequence[Places], total: int
) -> float:
    found = 0.0
    for sample, at in zip(samples, places, strict=True):
        covariance, mean = implied(theta, at, owner, sample)
        try:
            root = np.linalg.cholesky(covariance)
        except np.linalg.LinAlgError:
            return float("inf")
        off = sample.mean - mean
        away = 2 * np.log(np.diag(root)).sum() - np.linalg.slogdet(sample.covariance)[1]
        inverse = np.linalg.inv(covariance)
        away += np.sum(sample.covariance * inverse) - len(covariance) + off @ inverse @ off
        found += sample.n / total * away
    return float(found)


def _slopes(
    theta: Floats, samples: Sequence[Moments], owner: Sequence[int], places: Sequence[Places], total: int
) -> tuple[Floats, Floats]:
    """Gradient of F and its expected second derivatives."""
    slope, information = np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
    for sample, at in zip(samples, places, strict=True):
        covariance, mean = implied(theta, at, owner, sample)
        inverse = np.linalg.inv(covariance)
        off = sample.mean - mean
        gap = inverse - inverse @ (sample.covariance + np.outer(off, off)) @ inverse
        which, by_covariance, by_mean = _derivatives(theta, at, owner)
        share = sample.n / total
        found = np.einsum("kij,ij->k", by_covariance, gap) - 2 * by_mean @ inverse @ off
        np.add.at(slope, which, share * found)
        turned = inverse @ by_covariance
        second = np.einsum("kij,lji->kl", turned, turned) + 2 * by_mean @ inverse @ by_mean.T
        np.add.at(information, (which[:, None], which[None, :]), share * second)
    return slope, information


def _derivatives(theta: Floats, at: Places, owner: Sequence[int]) -> tuple[Integers, Floats, Floats]:
    """Which parameters a group has, and the slopes of its covariance (q, p, p) and means (q, p)."""
    loadings, factor, _, centre = matrices(theta, at, owner)
    p, m = loadings.shape
    which: list[int] = []
    covariances: list[Floats] = []
    means: list[Floats] = []

    def add(place: int, covariance: Floats, mean: Floats) -> None:
        which.append(place)
        covariances.append(covariance)
        means.append(mean)

    still, flat = np.zeros(p), np.zeros((p, p))
    across = factor @ loadings.T
    for item, place in enumerate(at.loading):
        if place < 0:
            continue
        row = flat.copy()
        row[item] = across[owner[item]]
        mean = still.copy()
        mean[item] = centre[owner[item]]
        add(int(place), row + row.T, mean)
    for a in range(m):
        for b in range(a + 1):
            one = np.outer(loadings[:, a], loadings[:, b])
            add(int(at.factor[a, b]), one if a == b else one + one.T, still)
    for item in range(p):
        unit = np.eye(p)[item]
        add(int(at.residual[item]), np.diag(unit), still)
        if len(at.intercept):
            add(int(at.intercept[item]), flat, unit)
    for a, place in enumerate(at.centre):
        if place >= 0:
            add(int(place), flat, loadings[:, a])
    return np.array(which), np.array(covariances), np.array(means)
