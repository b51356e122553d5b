"""Confidence limits of a proportion from its value and design-based error: pure arithmetic on arrays."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from govlab.survey.stages import Floats
from govlab.survey.table import t_quantile

Method = Literal["logit", "beta", "wilson", "likelihood", "asin", "xlogit", "mean"]
METHODS: tuple[str, ...] = get_args(Method)


def limits(
    method: Method,
    p: Floats,
    error: Floats,
    n: Floats,
    df: Floats,
    level: float,
    *,
    scale: Floats | float = 1.0,
) -> tuple[Floats, Floats]:
    """Low and high limits, elementwise; NaN where the method has none (a share of 0 or 1, as a rule).

    logit, xlogit: symmetric in log odds. asin: in arcsin of the root. mean: on the share itself. beta:
    Clopper-Pearson with the effective sample size and its df correction (Korn & Graubard 1998, Survey
    Methodology 24, 193-201). wilson: score interval with the effective size and t for z (Franco et al.
    2019, J. Surv. Stat. Methodol. 7, 334-364). likelihood: shares whose deviance, in units of design
    effect and dispersion, stays below t^2 (Rao & Scott 1984); ``scale`` is that dispersion.
    n: rows, by which beta corrects its df; the effective size of beta and wilson where the share is 0 or 1.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    t = t_quantile(df, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        if method == "mean":
            return p - t * error, p + t * error
        if method in ("logit", "xlogit"):
            centre, half = np.log(p / (1 - p)), t * error / (p * (1 - p))
            return _share(centre - half), _share(centre + half)
        if method == "asin":
            centre, half = np.arcsin(np.sqrt(p)), t * error / (2 * np.sqrt(p * (1 - p)))
            low, high = np.clip(centre - half, 0, np.pi / 2), np.clip(centre + half, 0, np.pi / 2)
            return np.sin(low) ** 2, np.sin(high) ** 2
        effective = p * (1 - p) / error**2
        if method == "likelihood":
            return _deviance(p, effective, t * t * scale)
        effective = np.where((p <= 0) | (p >= 1), n, effective)
        if method == "wilson":
            centre = (p + t * t / 2 / effective) / (1 + t * t / effective)
            root = np.sqrt(p * (1 - p) / effective + (t / 2 / effective) ** 2)
            half = t / (1 + t * t / effective) * root
            return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
        effective = effective * (t_quantile(n - 1, level) / t) ** 2
        return _clopper_pearson(p, effective, level)


def _share(log_odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-log_odds))


def _clopper_pearson(p: Floats, size: Floats, level: float) -> tuple[Floats, Floats]:
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    ok = np.isfinite(size) & (size > 0)
    size = np.where(ok, size, 1.0)
    low = betaincinv(np.maximum(size * p, 1e-300), size * (1 - p) + 1, tail)
    high = betaincinv(size * p + 1, np.maximum(size * (1 - p), 1e-300), 1 - tail)
    low, high = np.where(p <= 0, 0.0, low), np.where(p >= 1, 1.0, high)
    return np.where(ok, low, np.nan), np.where(ok, high, np.nan)


def _deviance(p: Floats, size: Floats, bound: Floats) -> tuple[Floats, Floats]:
    """Both roots q of 2 size (p log(p/q) + (1-p) log((1-p)/(1-q))) = bound."""
    from scipy.optimize import brentq
    from scipy.special import rel_entr

    low, high = np.full(np.shape(p), np.nan), np.full(np.shape(p), np.nan)
    p, size, bound = np.broadcast_arrays(p, size, bound)
    for place in np.ndindex(p.shape):
        share, n, top = float(p[place]), float(size[place]), float(bound[place])
        if not (0 < share < 1 and np.isfinite(n) and np.isfinite(top)):
            continue

        def excess(q: float, share: float = share, n: float = n, top: float = top) -> float:
            return float(2 * n * (rel_entr(share, q) + rel_entr(1 - share, 1 - q)) - top)

        # The deviance at q is at least that of the rarer side alone, which brackets the roots.
        bottom = share * np.exp(-top / (2 * n * share) - 1 / share)
        ceiling = (1 - share) * np.exp(-top / (2 * n * (1 - share)) - 1 / (1 - share))
        low[place] = brentq(excess, max(bottom, 1e-300), share, xtol=1e-16, rtol=1e-14)
        high[place] = 1 - brentq(
            lambda q, excess=excess: excess(1 - q), max(ceiling, 1e-300), 1 - share, xtol=1e-16, rtol=1e-14
        )
    return low, high
