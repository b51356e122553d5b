"""Calibration of weights to known totals: pure arithmetic on arrays.

A row's factor depends on its auxiliary values alone, so rows that share them are one cell: ``x`` holds
one row per cell and ``size`` the sum of base weights in it. The factors g solve sum(size g x) = totals
with g = F(x'lambda) (Deville & Särndal 1992, J. Amer. Statist. Assoc. 87, 376-382), found as the minimum
of a convex dual by Newton steps with a line search, so that a solution that exists is found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DistanceName = Literal["linear", "raking", "logit"]

_STEPS = 100
_CLOSE = 1e-10  # largest relative distance from the totals that counts as calibrated


@dataclass(frozen=True, eq=False)
class Distance:
    """One way of staying close to the base weights: the factor F(u), its slope, and the integral of F."""

    factor: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    integral: Callable[[Floats], Floats]


class NoSolution(ArithmeticError):
    """The totals cannot be reached; ``gap`` holds the relative distance left at each total."""

    def __init__(self, gap: Floats) -> None:
        self.gap = gap
        super().__init__(f"calibration stopped {np.max(np.abs(gap)):.3g} (relative) from its totals")


def distance(name: DistanceName, bounds: tuple[float, float] | None = None) -> Distance:
    """The distance called ``name``: linear (bounded: cut at the bounds), raking, or logit within bounds.

    ValueError for an unknown name, for logit without bounds, for raking with bounds (use logit), and for
    bounds that do not enclose 1.
    """
    if bounds is not None and not bounds[0] < 1 < bounds[1]:
        raise ValueError(f"bounds must be (low, high) with low < 1 < high, got {bounds!r}")
    if name == "linear":
        return _linear() if bounds is None else _cut(*bounds)
    if name == "raking" and bounds is None:
        # A guard against overflow in a rejected trial step; no accepted factor comes near e^500.
        def power(u: Floats) -> Floats:
            return np.exp(np.minimum(u, 500.0))

        return Distance(power, power, power)
    if name == "logit" and bounds is not None:
        return _logit(*bounds)
    if name == "logit":
        raise ValueError("distance='logit' needs bounds=(low, high)")
    if name == "raking":
        raise ValueError("distance='raking' takes no bounds; use distance='logit' with them")
    raise ValueError(f"distance must be 'linear', 'raking' or 'logit', got {name!r}")


def _linear() -> Distance:
    return Distance(lambda u: 1 + u, np.ones_like, lambda u: u + u * u / 2)


def _cut(low: float, high: float) -> Distance:
    def integral(u: Floats) -> Floats:
        inner = np.clip(u, low - 1, high - 1)
        outer = np.where(u < inner, low * (u - inner), np.where(u > inner, high * (u - inner), 0.0))
        return inner + inner * inner / 2 + outer

    return Distance(
        lambda u: np.clip(1 + u, low, high),
        lambda u: ((u > low - 1) & (u < high - 1)).astype(np.float64),
        integral,
    )


def _logit(low: float, high: float) -> Distance:
    a, b = high - 1, 1 - low
    rate = (high - low) / (a * b)

    def share(u: Floats) -> Floats:  # b e^(rate u) / (a + b e^(rate u)), safe at both ends
        z = rate * u + np.log(b / a)
        e = np.exp(-np.abs(z))
        found: Floats = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
        return found

    def slope(u: Floats) -> Floats:
        p = share(u)
        found: Floats = (high - low) * rate * p * (1 - p)
        return found

    def integral(u: Floats) -> Floats:
        found: Floats = low * u + (high - low) / rate * np.logaddexp(np.log(a), np.log(b) + rate * u)
        return found

    return Distance(lambda u: low + (high - low) * share(u), slope, integral)


def factors(x: Floats, size: Floats, totals: Floats, how: Distance) -> Floats:
    """Calibration factors g of each cell: (m,) from x (m, p), base sums size (m,) and totals (p,).

    Dependent columns are allowed as long as their totals agree. Raises NoSolution otherwise, and where
    bounds are too narrow.
    """
    basis, back = _orthonormal(x, size)
    target = back @ totals
    span = np.abs(x).T @ size + np.abs(totals)
    step_at = np.zeros(basis.shape[1])
    value = float(size @ how.integral(basis @ step_at) - step_at @ target)
    best = how.factor(basis @ step_at)
    best_gap = np.abs(basis.T @ (size * best) - target).max(initial=0.0)
    for _ in range(_STEPS):
        u = basis @ step_at
        gradient = basis.T @ (size * how.factor(u)) - target
        hessian = (basis.T * (size * how.slope(u))) @ basis
        step = np.asarray(-np.linalg.lstsq(hessian, gradient, rcond=None)[0], dtype=np.float64)
        step_at, value, moved = _line(basis, size, target, how, step_at, step, value, gradient)
        g = how.factor(basis @ step_at)
        gap = np.abs(basis.T @ (size * g) - target).max(initial=0.0)
        if gap < best_gap:
            best, best_gap = g, gap
        elif not moved or gap <= _CLOSE * np.abs(target).max(initial=1.0):
            break
    left = (x.T @ (size * best) - totals) / np.where(span > 0, span, 1.0)
    if not np.isfinite(best).all() or np.abs(left).max(initial=0.0) > _CLOSE:
        raise NoSolution(left)
    return best


def _orthonormal(x: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Columns that span x, orthonormal under the weights size, and the map from totals of x to theirs."""
    root = np.sqrt(size)
    scale = np.sqrt(np.einsum("ij,ij,i->j", x, x, size))
    scale[scale == 0] = 1.0
    left, values, right = np.linalg.svd((x / scale) * root[:, None], full_matrices=False)
    keep = values > values.max(initial=0.0) * 1e-10
    back = (right[keep] / values[keep, None]) / scale
    with np.errstate(divide="ignore", invalid="ignore"):
        basis = np.where(root[:, None] > 0, left[:, keep] / root[:, None], 0.0)
    # Cells without weight in this sample still take a factor, from their own x.
    empty = root == 0
    if empty.any():
        basis[empty] = x[empty] @ back.T
    return basis, back


def _line(
    basis: Floats,
    size: Floats,
    target: Floats,
    how: Distance,
    at: Floats,
    step: Floats,
    value: float,
    gradient: Floats,
) -> tuple[Floats, float, bool]:
    """Shorten the Newton step until the dual falls; at the end of the road rounding decides, so take it."""
    slope = float(gradient @ step)
    noise = 1e-13 * (abs(value) + float(size.sum()))
    length = 1.0
    for _ in range(60):
        trial = at + length * step
        new = float(size @ how.integral(basis @ trial) - trial @ target)
        if np.isfinite(new) and new <= value + 1e-4 * length * slope + noise:
            return trial, new, True
        length /= 2
    return at, value, False


@dataclass(frozen=True, eq=False)
class Projection:
    """A weighted fit. basis: (m, q) orthonormal columns by cell; cells, weights: (n,) of the rows."""

    basis: Floats
    cells: NDArray[np.intp]
    weights: Floats

    def residuals(self, columns: Floats) -> Floats:
        """(n, k) columns -> their residuals."""
        m = len(self.basis)
        one_by_one = (np.bincount(self.cells, self.weights * one, minlength=m) for one in columns.T)
        sums = np.stack(list(one_by_one), axis=1)
        return columns - (self.basis @ (self.basis.T @ sums))[self.cells]


def projection(x: Floats, cells: NDArray[np.intp], weights: Floats) -> Projection:
    """The weighted fit on x.

    x: (m, p), one row per cell; cells: (n,) the cell of each row; weights: (n,) of the fit. Directions
    of x that depend on others are dropped by singular value.
    """
    size = np.asarray(np.bincount(cells, weights, minlength=len(x)), dtype=np.float64)
    basis, _ = _orthonormal(x, size)
    return Projection(basis, cells, weights)
