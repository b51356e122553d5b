"""Proportional odds by weighted likelihood (McCullagh 1980, J. R. Statist. Soc. B 42): arrays only.

P(y <= k) = F(threshold_k - x'b) with F logistic, as MASS::polr and survey::svyolr sign it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govlab.survey.glm import NotSettled, column_scale

Floats = NDArray[np.float64]

_STEPS = 200
_CLOSE = 1e-12


@dataclass(frozen=True, eq=False)
class _Rows:
    """Per row: log likelihood, and derivatives in the upper and the lower end of its interval.

    up, low: first; up_up, low_low, up_low: second.
    """

    log: Floats
    up: Floats
    low: Floats
    up_up: Floats
    low_low: Floats
    up_low: Floats


@dataclass(frozen=True, eq=False)
class ProportionalOdds:
    """y: (n,) codes 0 .. levels - 1; x: (n, p) without an intercept. Parameters: slopes, then thresholds."""

    y: NDArray[np.intp]
    x: Floats
    levels: int

    def solve(self, weights: Floats, start: Floats | None = None) -> Floats:
        """Newton's method with step halving. NotSettled where the likelihood has no maximum."""
        p, q = self.x.shape[1], self.levels - 1
        total = weights.sum()
        scale = column_scale(self.x, weights)
        x = self.x / scale
        if start is None:
            share = np.cumsum(np.bincount(self.y, weights, minlength=self.levels))[:-1] / total
            at = np.concatenate([np.zeros(p), np.log(share / (1 - share))])
        else:
            at = np.concatenate([start[:p] * scale, start[p:]])
        value, gradient, information = self._at(at, x, weights)
        for _ in range(_STEPS):
            try:
                step = np.linalg.solve(information, gradient)
            except np.linalg.LinAlgError as error:
                raise NotSettled("the information matrix became singular") from error
            for _ in range(40):
                trial = at + step
                if (np.diff(trial[p:]) > 0).all():
                    new, new_gradient, new_information = self._at(trial, x, weights)
                    if np.isfinite(new) and new >= value - 1e-10 * (abs(value) + 1):
                        break
                step = step / 2
            else:
                raise NotSettled("no step raises the likelihood")
            at, value, gradient, information = trial, new, new_gradient, new_information
            if np.abs(step).max() <= _CLOSE * max(1.0, np.abs(at).max()):
                break
        if np.abs(step).max() > 1e-7 or np.linalg.cond(information) > 1e12:
            raise NotSettled(f"no maximum after {_STEPS} steps")
        solution: Floats = at / np.concatenate([scale, np.ones(q)])
        return solution

    def influence(self, weights: Floats, coefficients: Floats) -> Floats:
        """Scores times the inverse of the weighted observed information."""
        p, q = self.x.shape[1], self.levels - 1
        rows = self._rows(coefficients, self.x)
        score = np.zeros((len(self.y), p + q))
        score[:, :p] = -self.x * (rows.up + rows.low)[:, None]
        number = np.arange(len(self.y))
        has_up, has_low = self.y < q, self.y > 0
        score[number[has_up], p + self.y[has_up]] = rows.up[has_up]
        score[number[has_low], p + self.y[has_low] - 1] = rows.low[has_low]
        _, _, information = self._at(coefficients, self.x, weights)
        size = np.sqrt(np.diag(information))
        inverse = np.linalg.inv(information / np.outer(size, size)) / np.outer(size, size)
        influence: Floats = score @ inverse
        return influence

    def _rows(self, at: Floats, x: Floats) -> _Rows:
        p = x.shape[1]
        eta = x @ at[:p]
        edges = np.concatenate([[-np.inf], at[p:], [np.inf]])
        upper, lower = edges[self.y + 1] - eta, edges[self.y] - eta
        above, above_rest, dense_up = _logistic(upper)
        below, below_rest, dense_low = _logistic(lower)
        # From the far tail both ends are measured from the other side, where they are small.
        inside = np.where(lower > 0, below_rest - above_rest, above - below)
        inside = np.maximum(inside, 1e-300)
        up, low = dense_up / inside, -dense_low / inside
        return _Rows(
            log=np.log(inside),
            up=up,
            low=low,
            up_up=up * (1 - 2 * above) - up * up,
            low_low=low * (1 - 2 * below) - low * low,
            up_low=-up * low,
        )

    def _at(self, at: Floats, x: Floats, weights: Floats) -> tuple[float, Floats, Floats]:
        """Weighted log likelihood, its (p+q,) gradient, and minus its second derivatives."""
        p, q = x.shape[1], self.levels - 1
        rows = self._rows(at, x)
        up, low = self._by_level(weights * rows.up), self._by_level(weights * rows.low)
        gradient = np.concatenate([-(x.T @ (weights * (rows.up + rows.low))), up[:q] + low[1:]])

        to_up, to_low = weights * (rows.up_up + rows.up_low), weights * (rows.low_low + rows.up_low)
        information = np.zeros((p + q, p + q))
        information[:p, :p] = -(x.T * (to_up + to_low)) @ x
        for column in range(p):
            cross = self._by_level(x[:, column] * to_up)[:q] + self._by_level(x[:, column] * to_low)[1:]
            information[column, p:] = information[p:, column] = cross
        own = self._by_level(weights * rows.up_up)[:q] + self._by_level(weights * rows.low_low)[1:]
        both = self._by_level(weights * rows.up_low)[1:q]
        place = np.arange(p, p + q)
        information[place, place] = -own
        information[place[:-1], place[1:]] = information[place[1:], place[:-1]] = -both
        return float(weights @ rows.log), gradient, information

    def _by_level(self, values: Floats) -> Floats:
        return np.asarray(np.bincount(self.y, values, minlength=self.levels), dtype=np.float64)


def _logistic(z: Floats) -> tuple[Floats, Floats, Floats]:
    """F(z), 1 - F(z) and the density, each without loss at either end."""
    e = np.exp(-np.abs(z))
    large = 1 / (1 + e)
    small = e * large
    high = z >= 0
    return np.where(high, large, small), np.where(high, small, large), small * large
