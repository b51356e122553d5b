"""Population variances, covariances and correlations from a survey, over all rows or by domain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from govlab.survey.design import Design
from govlab.survey.estimate import assemble, numeric, start
from govlab.survey.sample import Columns, Estimated, Statistic
from govlab.survey.stages import Floats
from govlab.survey.table import DfRule, SurveyEstimates


def variance_of(
    design: Design,
    variables: str | Sequence[str],
    *,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    df: DfRule = "design",
) -> SurveyEstimates:
    """Population variances, sum(w (y - mean)^2) / sum(w) * n / (n - 1), with linearised errors."""
    asked, sample = start(design, variables, by, level, df)
    found: list[Estimated] = []
    for name in asked:
        values = numeric(design, name)
        off = values - sample.spread_out(sample.mean(values).value)
        one = sample.estimate(_VARIANCE, Columns((off * off, off, None)))
        found.append(one.times(_unbiased(one)))
    return assemble(sample, asked, found, "population variance", level, df)


def covariance_of(
    design: Design,
    first: str,
    second: str,
    *,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    df: DfRule = "design",
) -> SurveyEstimates:
    """Population covariance and correlation of two variables, a row each, with linearised errors.

    Rows that miss either value leave both. Scaled as ``variance_of``.
    """
    _, sample = start(design, first, by, level, df)
    x, y = numeric(design, first, "first"), numeric(design, second, "second")
    present = ~(np.isnan(x) | np.isnan(y))
    x, y = np.where(present, x, np.nan), np.where(present, y, np.nan)
    dx = x - sample.spread_out(sample.mean(x).value)
    dy = y - sample.spread_out(sample.mean(y).value)
    columns = Columns((dx * dy, dx * dx, dy * dy, dx, dy, None))
    covariance = sample.estimate(_COVARIANCE, columns)
    found = [covariance.times(_unbiased(covariance)), sample.estimate(_CORRELATION, columns)]
    terms = ["covariance", "correlation"]
    return assemble(sample, terms, found, f"population covariance of {first} and {second}", level, df)


def _unbiased(one: Estimated) -> Floats:
    return one.n / np.maximum(one.n - 1, 1)


# Totals are of products of deviations from any centre near the mean: values and errors do not depend on it.
def _variance(t: Sequence[Floats]) -> Floats:
    return t[0] / t[2] - (t[1] / t[2]) ** 2


def _variance_gradient(t: Sequence[Floats]) -> Sequence[Floats]:
    off = t[1] / t[2]
    return 1 / t[2], -2 * off / t[2], (2 * off**2 - t[0] / t[2]) / t[2]


def _covariance(t: Sequence[Floats]) -> Floats:
    return t[0] / t[5] - t[3] / t[5] * t[4] / t[5]


def _covariance_gradient(t: Sequence[Floats]) -> Sequence[Floats]:
    x, y, zero = t[3] / t[5], t[4] / t[5], np.zeros_like(t[5])
    return 1 / t[5], zero, zero, -y / t[5], -x / t[5], (2 * x * y - t[0] / t[5]) / t[5]


def _correlation(t: Sequence[Floats]) -> Floats:
    spread = _variance((t[1], t[3], t[5])) * _variance((t[2], t[4], t[5]))
    return np.asarray(_covariance(t) / np.sqrt(spread))


def _correlation_gradient(t: Sequence[Floats]) -> Sequence[Floats]:
    of_x, of_y = (t[1], t[3], t[5]), (t[2], t[4], t[5])
    var_x, var_y, r = _variance(of_x), _variance(of_y), _correlation(t)
    root = np.sqrt(var_x * var_y)
    product = [one / root for one in _covariance_gradient(t)]
    x, y = _variance_gradient(of_x), _variance_gradient(of_y)
    less_x, less_y = ([r / 2 * one / size for one in side] for side, size in ((x, var_x), (y, var_y)))
    return (
        product[0],
        product[1] - less_x[0],
        product[2] - less_y[0],
        product[3] - less_x[1],
        product[4] - less_y[1],
        product[5] - less_x[2] - less_y[2],
    )


_VARIANCE = Statistic(_variance, _variance_gradient)
_COVARIANCE = Statistic(_covariance, _covariance_gradient)
_CORRELATION = Statistic(_correlation, _correlation_gradient)
