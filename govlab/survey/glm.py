"""Generalised linear models by weighted likelihood: arithmetic on arrays.

Every fit here is the root of a weighted score, sum(w_i s_i(b)) = 0, so its influence values are
A^-1 s_i with A the weighted information, whatever the design (Binder 1983, Int. Statist. Rev. 51).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GlmFamily = Literal["gaussian", "binomial", "poisson"]

_STEPS = 100
_CLOSE = 1e-11  # largest step, in units of a column's root mean square, at which the fit has settled


class NotSettled(ArithmeticError):
    """The likelihood has no maximum that can be reached: perfect separation, as a rule."""


class Likelihood(Protocol):
    """A model on fixed data, to be fitted under the design's weights and under each replicate's."""

    def solve(self, weights: Floats, start: Floats | None = None) -> Floats:
        """(p,) coefficients under weights (n,), from a start or from scratch."""
        ...

    def influence(self, weights: Floats, coefficients: Floats) -> Floats:
        """(n, p) unweighted influence values of the coefficients at their solution."""
        ...


@dataclass(frozen=True, eq=False)
class Glm:
    """y: (n,); x: (n, p) of full rank under the weights; links: identity, logit, log."""

    y: Floats
    x: Floats
    family: GlmFamily

    def solve(self, weights: Floats, start: Floats | None = None) -> Floats:
        """Newton's method to rounding, as these links are canonical. NotSettled without a maximum."""
        scale = column_scale(self.x, weights)
        x = self.x / scale
        at: Floats = self._first(x, weights) if start is None else start * scale
        value = self._deviance(x @ at, weights)
        for step_number in range(_STEPS):
            mean, slope = _mean(x @ at, self.family)
            score = x.T @ (weights * (self.y - mean))
            information = (x.T * (weights * slope)) @ x
            try:
                step = np.linalg.solve(information, score)
            except np.linalg.LinAlgError as error:
                raise NotSettled("the information matrix became singular") from error
            for _ in range(40):
                new = self._deviance(x @ (at + step), weights)
                if np.isfinite(new) and new <= value + 1e-10 * (abs(value) + 1):
                    break
                step = step / 2
            at, value = at + step, new
            if np.abs(step).max() <= _CLOSE * max(1.0, np.abs(at).max()) and step_number > 0:
                break
        else:
            raise NotSettled(f"no maximum after {_STEPS} steps")
        _, slope = _mean(x @ at, self.family)
        if self.family != "gaussian" and np.linalg.cond((x.T * (weights * slope)) @ x) > 1e12:
            raise NotSettled("fitted values reached their limits")
        solution: Floats = at / scale
        return solution

    def influence(self, weights: Floats, coefficients: Floats) -> Floats:
        """Scores times the inverse of the weighted information."""
        mean, slope = _mean(self.x @ coefficients, self.family)
        scale = column_scale(self.x, weights)
        x = self.x / scale
        information = (x.T * (weights * slope)) @ x
        influence: Floats = (x * (self.y - mean)[:, None]) @ np.linalg.inv(information) / scale
        return influence

    def _first(self, x: Floats, weights: Floats) -> Floats:
        """A weighted least-squares fit to the link of the outcome, drawn in from its limits."""
        if self.family == "gaussian":
            return np.zeros(x.shape[1])
        if self.family == "binomial":
            drawn_in = (self.y + 0.5) / 2
            target, slope = np.log(drawn_in / (1 - drawn_in)), drawn_in * (1 - drawn_in)
        else:
            target, slope = np.log(self.y + 0.1), self.y + 0.1
        root = np.sqrt(weights * slope)
        first: Floats = np.linalg.lstsq(x * root[:, None], target * root, rcond=None)[0]
        return first

    def _deviance(self, eta: Floats, weights: Floats) -> float:
        """Minus the log likelihood up to a constant."""
        if self.family == "gaussian":
            return float(weights @ (self.y - eta) ** 2) / 2
        with np.errstate(over="ignore"):
            cumulant = np.logaddexp(0, eta) if self.family == "binomial" else np.exp(eta)
        return float(weights @ (cumulant - self.y * eta))


def column_scale(x: Floats, weights: Floats) -> Floats:
    """(p,) weighted root mean squares of columns, 1 for a column that is zero under the weights."""
    scale = np.sqrt(np.einsum("ij,ij,i->j", x, x, weights) / weights.sum())
    return np.where(scale > 0, scale, 1.0)


def _mean(eta: Floats, family: GlmFamily) -> tuple[Floats, Floats]:
    """Mean and its slope in eta, which is the variance function: these links are canonical."""
    if family == "gaussian":
        return eta, np.ones_like(eta)
    if family == "poisson":
        mean = np.exp(eta)
        return mean, mean
    e = np.exp(-np.abs(eta))
    mean = np.where(eta >= 0, 1 / (1 + e), e / (1 + e))
    return mean, e / (1 + e) ** 2
