"""Estimates, their variances and degrees of freedom as rows in the common columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEW = 5  # arms below this many clusters: read the p beside what enumeration can give


def rows(
    value: Floats, variance: Floats, df: Floats, reason: NDArray[np.object_], level: float
) -> dict[str, NDArray[np.object_] | Floats]:
    """(k,) each -> columns ``estimate`` to ``conf_high`` and ``reason``; df inf for the normal law."""
    from scipy import stats

    fit = (reason == "") & (df > 0) & ~np.isnan(variance)
    # What is left of a variance that is zero but for rounding says nothing of chance.
    still = fit & (np.sqrt(np.maximum(variance, 0.0)) <= 1e-13 * np.abs(value))
    fit &= ~still
    reason = np.where((reason == "") & ~fit, np.where(still, "no-variation", "no-df"), reason)
    error = np.where(fit, np.sqrt(np.maximum(variance, 0.0)), np.nan)
    free = np.where(fit, df, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = value / error
    reach = np.where(fit, stats.t.isf((1 - level) / 2, free), np.nan) * error
    return {
        "estimate": value,
        "std_error": error,
        "statistic": statistic,
        "df": np.where(fit, df, np.nan),
        "p_value": np.where(fit, 2 * stats.t.sf(np.abs(statistic), free), np.nan),
        "conf_low": value - reach,
        "conf_high": value + reach,
        "reason": reason,
    }
