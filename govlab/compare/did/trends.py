"""Before the beginning: were the groups moving alike, and could these data have shown it if not?

A pre-trend that is "not significant" may be one that nobody could have seen. Next to the test stands the
smallest linear divergence that the test finds with the stated power, and how much of the effect after the
beginning such a divergence would make up. Source: Roth (2022), AER: Insights 4, 305-322.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.results import NotApplicable, Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.compare.did.aggregate import Aggregated

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PreTrend(Result):
    """A test of the periods before the beginning, and its power.

    statistic, df, p_value: joint test that all of them are 0. slope: (estimate, error) of a linear
    divergence a period. detectable: the smallest slope, in absolute value, found with ``power``. bias:
    what that slope adds to the mean effect after the beginning. effect: that mean. hides: whether a
    divergence that explains the whole effect would be missed more often than power allows.
    """

    outcome: str
    periods: int
    statistic: float
    df: tuple[float, float]
    p_value: float
    slope: tuple[float, float]
    power: float
    detectable: float
    bias: float
    effect: float
    level: float
    not_applicable: NotApplicable | None = None

    @property
    def hides(self) -> bool:
        """Whether the smallest divergence that is found would make up the effect or more."""
        return bool(self.bias >= abs(self.effect))

    def to_frame(self) -> pd.DataFrame:
        """One row: the test, the slope, what is detectable and what it would add."""
        import pandas as pd

        row: dict[str, object] = {"term": self.outcome, "periods": self.periods}
        row |= {"statistic": self.statistic, "df": self.df[0], "df_denominator": self.df[1]}
        row |= {"p_value": self.p_value, "slope": self.slope[0], "slope_error": self.slope[1]}
        row |= {"power": self.power, "detectable_slope": self.detectable, "bias": self.bias}
        row |= {"effect": self.effect, "hides": self.hides}
        row["reason"] = self.not_applicable.reason if self.not_applicable else ""
        return pd.DataFrame([row])

    def summary(self) -> str:
        """The test in words, then what it could not have seen."""
        if self.not_applicable is not None:
            return f"pre-trend of {self.outcome}: not applicable: {self.not_applicable.detail}"
        lines = [
            f"pre-trend of {self.outcome}: F = {self.statistic:.4g} on {self.df[0]:g}, {self.df[1]:g} df, "
            f"p = {self.p_value:.4g} ({self.periods} period(s) before the base)",
            f"divergence a period {self.slope[0]:.4g} (error {self.slope[1]:.4g}); found with "
            f"{100 * self.power:g} % power only from {self.detectable:.4g} on",
            f"a divergence of that size would add {self.bias:.4g} to the effect, which is {self.effect:.4g}",
        ]
        if self.hides:
            lines.append("so a divergence that explains the whole effect could easily have been missed")
        return "\n".join(lines)


def pre_trend(study: Aggregated, *, power: float = 0.8) -> PreTrend:
    """The test and its power from dynamic averages (best with a universal base)."""
    if study.kind != "dynamic":
        raise ValueError(f"study must hold dynamic averages, got {study.kind}")
    frame = study.frame
    event = frame["event_time"].to_numpy()
    lead = np.flatnonzero((event < -1) & (frame["reason"] == "").to_numpy())
    if not len(lead) and (event == -1).any():
        raise ValueError("study: averages with a universal base are needed, these are period by period")
    lag = np.flatnonzero(event >= 0)
    return trend(
        study.outcome,
        event[lead],
        frame["estimate"].to_numpy(dtype=np.float64)[lead],
        study.covariance[np.ix_(lead, lead)],
        float(study.df[lead].min()) if len(lead) else 0.0,
        after=event[lag],
        effect=float(study.overall.frame["estimate"].iloc[0]),
        power=power,
        level=study.level,
    )


def trend(
    outcome: str,
    event: Sequence[int] | NDArray[np.intp],
    estimates: Floats,
    covariance: Floats,
    df: float,
    *,
    after: Sequence[int] | NDArray[np.intp] = (0,),
    effect: float,
    power: float = 0.8,
    level: float = 0.95,
) -> PreTrend:
    """The test and its power from (k,) estimates at event times before -1, against that of -1.

    covariance: (k, k), with df degrees of freedom (inf: known). after: event times over which the effect
    is the mean. Hotelling's T squared, and for the power the noncentral F.
    """
    if not 0 < power < 1 or not 0 < level < 1:
        raise ValueError(f"power and level must lie between 0 and 1, got {power!r}, {level!r}")
    k = len(estimates)
    why = _why_not(k, covariance, df)
    if why is not None:
        nan = float("nan")
        return PreTrend(
            outcome, k, nan, (float(k), nan), nan, (nan, nan), power, nan, nan, effect, level, why
        )
    inverse = np.linalg.inv(covariance)
    below = df - k + 1
    scale = below / (df * k) if np.isfinite(df) else 1 / k
    statistic = float(estimates @ inverse @ estimates) * scale
    distance = np.asarray(event, dtype=np.float64) + 1  # a divergence a period is 0 at the base
    information = float(distance @ inverse @ distance)
    slope = float(distance @ inverse @ estimates) / information
    found = _detectable(k, below, information, power, level)
    bias = found * float(np.mean(np.asarray(after, dtype=np.float64) + 1))
    return PreTrend(
        outcome, k, statistic, (float(k), below), _upper(statistic, k, below),
        (slope, float(1 / np.sqrt(information))), power, found, bias, effect, level,
    )  # fmt: skip


def detectable(std_error: float, df: float, *, power: float = 0.8, level: float = 0.95) -> float:
    """The smallest difference that a two-sided t test with this error finds with the power."""
    if not (std_error > 0 and df > 0):
        raise ValueError(f"std_error and df must be above 0, got {std_error!r}, {df!r}")
    return _detectable(1, df, 1 / std_error**2, power, level)


def _why_not(k: int, covariance: Floats, df: float) -> NotApplicable | None:
    if k == 0:
        return NotApplicable("no-period-before", "there is no period before the base to look at")
    if df < k:
        detail = f"{k} periods before the base need more than the {df:g} degrees of freedom that are there"
        return NotApplicable("few-clusters", detail)
    size = np.sqrt(np.diag(covariance))
    if not (size > 0).all() or np.linalg.matrix_rank(covariance / np.outer(size, size), tol=1e-9) < k:
        return NotApplicable("few-clusters", "there are fewer independent units than periods before the base")
    return None


def _upper(statistic: float, k: int, below: float) -> float:
    from scipy import stats

    if np.isinf(below):
        return float(stats.chi2.sf(statistic * k, k))
    return float(stats.f.sf(statistic, k, below))


def _detectable(k: int, below: float, information: float, power: float, level: float) -> float:
    """The slope at which the test rejects with the power."""
    from scipy import optimize, stats

    if np.isinf(below):
        critical = float(stats.chi2.isf(1 - level, k))

        def reject(centre: float) -> float:
            return float(stats.ncx2.sf(critical, k, centre))
    else:
        critical = float(stats.f.isf(1 - level, k, below))

        def reject(centre: float) -> float:
            return float(stats.ncf.sf(critical, k, below, centre))

    if power <= 1 - level:
        return 0.0
    high = 4.0
    while reject(high) < power:
        high *= 2
    centre = float(optimize.brentq(lambda one: reject(one) - power, 1e-9, high, xtol=1e-12))
    return float(np.sqrt(centre / information))
