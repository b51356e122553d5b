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
        value, score, information = self._at(at, x, weights)
        for _ in range(_STEPS):
            try:
                step = np.linalg.solve(information, weights @ score)
            except np.linalg.LinAlgError as error:
                raise NotSettled("the information matrix became singular") from error
            for _ in range(40):
                trial = at + step
                if (np.diff(trial[p:]) > 0).all():
                    new, new_score, new_information = self._at(trial, x, weights)
                    if np.isfinite(new) and new >= value - 1e-10 * (abs(value) + 1):
                        break
                step = step / 2
            else:
                raise NotSettled("no step raises the likelihood")
            at, value, score, information = trial, new, new_score, new_information
            if np.abs(step).max() <= _CLOSE * max(1.0, np.abs(at).max()):
                break
        if np.abs(step).max() > 1e-7 or np.linalg.cond(information) > 1e12:
            raise NotSettled(f"no maximum after {_STEPS} steps")
        solution: Floats = at / np.concatenate([scale, np.ones(q)])
        return solution

    def influence(self, weights: Floats, coefficients: Floats) -> Floats:
        """Scores times the inverse of the weighted observed information."""
        _, score, information = self._at(coefficients, self.x, weights)
        size = np.sqrt(np.diag(information))
        inverse = np.linalg.inv(information / np.outer(size, size)) / np.outer(size, size)
        influence: Floats = score @ inverse
        return influence

    def _at(self, at: Floats, x: Floats, weights: Floats) -> tuple[float, Floats, Floats]:
        """Weighted log likelihood, (n, p+q) scores, and minus the weighted second derivatives."""
        p, q = x.shape[1], self.levels - 1
        eta = x @ at[:p]
        edges = np.concatenate([[-np.inf], at[p:], [np.inf]])
        upper, lower = edges[self.y + 1] - eta, edges[self.y] - eta
        below, above = _logistic(lower), _logistic(upper)
        # From the far tail both ends are measured from the other side, where they are small.
        far = lower > 0
        inside = np.where(far, _logistic(-lower) - _logistic(-upper), above - below)
        inside = np.maximum(inside, 1e-300)
        dense_up, dense_low = _density(upper), _density(lower)
        up, low = dense_up / inside, -dense_low / inside
        curve_up = dense_up * (1 - 2 * above) / inside - up * up
        curve_low = -dense_low * (1 - 2 * below) / inside - low * low
        mixed = -up * low
        rows = np.arange(len(eta))
        has_up, has_low = self.y < q, self.y > 0
        score = np.zeros((len(eta), p + q))
        score[:, :p] = -x * (up + low)[:, None]
        score[rows[has_up], p + self.y[has_up]] += up[has_up]
        score[rows[has_low], p + self.y[has_low] - 1] += low[has_low]

        information = np.zeros((p + q, p + q))
        whole = weights * (curve_up + curve_low + 2 * mixed)
        information[:p, :p] = -(x.T * whole) @ x
        to_up, to_low = weights * (curve_up + mixed), weights * (curve_low + mixed)
        for k in range(q):
            at_up, at_low = self.y == k, self.y == k + 1
            cross = x[at_up].T @ to_up[at_up] + x[at_low].T @ to_low[at_low]
            information[:p, p + k] = information[p + k, :p] = cross
            own = (weights * curve_up)[at_up].sum() + (weights * curve_low)[at_low].sum()
            information[p + k, p + k] = -own
            if k + 1 < q:
                both = -(weights * mixed)[at_low].sum()
                information[p + k, p + k + 1] = information[p + k + 1, p + k] = both
        return float(weights @ np.log(inside)), score, information


def _logistic(z: Floats) -> Floats:
    e = np.exp(-np.abs(z))
    share: Floats = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return share


def _density(z: Floats) -> Floats:
    e = np.exp(-np.abs(z))
    density: Floats = e / (1 + e) ** 2
    return density
