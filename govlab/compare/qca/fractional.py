"""The indirect method: memberships predicted from degrees that a researcher gave to groups of cases.

Ragin (2008), ch. 5: a logit of the six degrees on a fractional polynomial of the measured values.
Fractional polynomials: Royston & Altman (1994), Applied Statistics 43, 429-467; fractional logit: Papke &
Wooldridge (1996), Journal of Applied Econometrics 11, 619-632.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_DEGREES = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
_POWERS = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0)


def indirect(x: Floats, cuts: Sequence[float]) -> Floats:
    """(n,) memberships of values x whose groups are parted by five rising cuts."""
    degrees = _DEGREES[np.searchsorted(np.array(cuts), x, side="right")]
    shifted = x - min(float(x.min()), 0.0) + (1.0 if x.min() <= 0 else 0.0)
    scaled = shifted / np.exp(np.log(shifted).mean())
    best: tuple[float, Floats] | None = None
    for first, second in combinations_with_replacement(_POWERS, 2):
        columns = [_power(scaled, first), _power(scaled, second)]
        if first == second:
            columns[1] = columns[1] * np.log(scaled)
        fitted = _logit(np.column_stack([np.ones(len(x)), *columns]), degrees)
        if fitted is not None and (best is None or fitted[0] < best[0] - 1e-12):
            best = fitted
    if best is None:
        raise ValueError("values: no fractional polynomial fits the groups")
    return best[1]


def _power(x: Floats, power: float) -> Floats:
    found: Floats = np.log(x) if power == 0 else x**power
    return found


def _logit(design: Floats, y: Floats) -> tuple[float, Floats] | None:
    """Deviance and fitted shares of a fractional logit by weighted least squares; None if it runs away."""
    scale = np.abs(design).max(axis=0)
    design = design / scale
    beta = np.zeros(design.shape[1])
    for _ in range(100):
        eta = np.clip(design @ beta, -30, 30)
        fitted = 1 / (1 + np.exp(-eta))
        weight = np.maximum(fitted * (1 - fitted), 1e-10)
        root = np.sqrt(weight)
        step, *_ = np.linalg.lstsq(design * root[:, None], (y - fitted) / root, rcond=None)
        beta = beta + step
        if np.abs(step).max() < 1e-10 * max(1.0, np.abs(beta).max()):
            break
    else:
        return None
    fitted = np.clip(1 / (1 + np.exp(-np.clip(design @ beta, -30, 30))), 1e-15, 1 - 1e-15)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(y > 0, y * np.log(y / fitted), 0) + np.where(
            y < 1, (1 - y) * np.log((1 - y) / (1 - fitted)), 0
        )
    return float(2 * apart.sum()), fitted
