"""Importance beside satisfaction by kind of service, and whether supply is less even than demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from govlab.results import NotApplicable, Result, TestResult
from govlab.survey import table
from govlab.survey.contrasts import contrast
from govlab.survey.design import Design
from govlab.survey.estimate import mean
from govlab.survey.stages import Floats
from govlab.survey.table import SurveyEstimates

if TYPE_CHECKING:
    import pandas as pd

IMPORTANCE, SATISFACTION = "importance", "satisfaction"
Finding = Literal["supply-less-even", "demand-less-even", "cannot-tell"]
Between = Literal["kinds", "zones"]


@dataclass(frozen=True)
class Spread:
    """How far means lie apart: variance of importance and of satisfaction, their difference with interval.

    between: kinds of service, or zones (then averaged over kinds). Sampling error is taken out of both
    variances, so that one of them may come out below 0: no spread is to be seen. not_applicable: why
    there is no interval.
    """

    between: Between
    importance: float
    satisfaction: float
    difference: float
    std_error: float
    df: float
    conf_low: float
    conf_high: float
    not_applicable: NotApplicable | None = None

    @property
    def finding(self) -> Finding:
        """Which side is less even, if the data tell."""
        if self.not_applicable is None and self.conf_low > 0:
            return "supply-less-even"
        if self.not_applicable is None and self.conf_high < 0:
            return "demand-less-even"
        return "cannot-tell"


@dataclass(frozen=True, eq=False)
class Services(Result):
    """Importance and satisfaction by kind of service.

    kinds: kind -> its columns of importance and of satisfaction. means: of these columns, one design, so
    that they have a joint covariance. gaps: satisfaction minus importance, a row a kind, ``term`` the
    kind. even: whether all kinds have one mean, for importance and for satisfaction. spreads: how uneven
    either side is between kinds, and between zones where these were asked for.
    """

    kinds: Mapping[str, tuple[str, str]]
    means: SurveyEstimates
    gaps: SurveyEstimates
    even: Mapping[str, TestResult]
    spreads: tuple[Spread, ...]
    notes: tuple[str, ...] = field(default=())

    def to_frame(self) -> pd.DataFrame:
        """Means and gaps one below another: kind, measure, and the common columns."""
        import pandas as pd

        owners = {name: (kind, measure) for kind, pair in self.kinds.items()
                  for name, measure in zip(pair, (IMPORTANCE, SATISFACTION), strict=True)}  # fmt: skip
        means = self.means.to_frame()
        means.insert(0, "measure", [owners[term][1] for term in means["term"]])
        means.insert(0, "kind", [owners[term][0] for term in means["term"]])
        gaps = self.gaps.to_frame()
        gaps.insert(0, "measure", "gap")
        gaps.insert(0, "kind", gaps["term"])
        shared = [name for name in means.columns if name in gaps.columns]
        return pd.concat([means[shared], gaps[shared]], ignore_index=True)

    def spread_frame(self) -> pd.DataFrame:
        """The spreads: between what, of importance, of satisfaction, their difference with its interval."""
        import pandas as pd

        rows = [
            {name: getattr(one, name) for name in _SPREAD} | {"finding": one.finding,
             "reason": one.not_applicable.reason if one.not_applicable else ""}
            for one in self.spreads
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """Gaps and spreads in plain lines."""
        lines = ["satisfaction beside importance by kind of service"]
        for row in self.gaps.frame.itertuples():
            lines.append(f"{row.term}: {row.estimate:+.2f} [{row.conf_low:+.2f}, {row.conf_high:+.2f}]")
        for one in self.spreads:
            lines.append(
                f"between {one.between}: variance of importance {one.importance:.4g}, of satisfaction "
                f"{one.satisfaction:.4g}; difference [{one.conf_low:.4g}, {one.conf_high:.4g}]: {one.finding}"
            )
        return "\n".join([*lines, *self.notes])


_SPREAD = (
    *("between", "importance", "satisfaction", "difference"),
    *("std_error", "df", "conf_low", "conf_high"),
)


def service_kinds(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Kind -> columns ``importance_<kind>`` and ``satisfaction_<kind>``, of those named so and both there."""
    found = {}
    for name in names:
        kind = name.removeprefix(f"{SATISFACTION}_")
        if kind != name and f"{IMPORTANCE}_{kind}" in names:
            found[kind] = (f"{IMPORTANCE}_{kind}", name)
    return found


def importance_beside_satisfaction(
    design: Design,
    kinds: Mapping[str, tuple[str, str]],
    *,
    zone: str | None = None,
    level: float = 0.95,
) -> Services:
    """Importance and satisfaction by kind of service, gaps, and which side is less even.

    kinds: kind -> its columns of importance and satisfaction, at least two kinds, all on one scale (Martilla
    & James 1977, J. Marketing 41(1), 77-79). A gap compares two questions with different words: read it
    from kind to kind, not against 0. Spread is the variance of means; that of satisfaction less that of
    importance is a quadratic form in all means, with the error that normal means give it (Searle 1971,
    "Linear Models", sec. 2.5). zone: also between zones, averaged over kinds. Evenness: Wald F with the
    design's degrees of freedom (Korn & Graubard 1990, Amer. Statist. 44, 270-276).
    """
    if len(kinds) < 2:
        raise ValueError(f"kinds: at least two are compared, got {list(kinds)}")
    columns = [pair[side] for side in (0, 1) for pair in kinds.values()]
    if len(set(columns)) < len(columns):
        raise ValueError("kinds: a column stands for one kind and one measure")
    means = mean(design, columns, level=level)
    gaps = contrast(means, {kind: {pair[1]: 1.0, pair[0]: -1.0} for kind, pair in kinds.items()})
    count = len(kinds)
    even = {
        name: _even(means, slice(side * count, (side + 1) * count), name)
        for side, name in enumerate((IMPORTANCE, SATISFACTION))
    }
    spreads = [_spread(means, "kinds", _centring(count, 1), level)]
    if zone is not None:
        by_zone = mean(design, columns, by=zone, level=level)
        zones = by_zone.frame[zone].nunique()
        if zones < 2:
            raise ValueError(f"zone={zone!r}: there are fewer than two")
        spreads.append(_spread(by_zone, "zones", _centring(zones, count), level))
    return Services(dict(kinds), means, gaps, even, tuple(spreads), means.notes)


def _centring(count: int, blocks: int) -> Floats:
    """(blocks count, same): x' A x is the variance of ``count`` values, averaged over blocks of them."""
    one = (np.eye(count) - 1 / count) / (count - 1)
    found: Floats = np.kron(np.eye(blocks), one) / blocks
    return found


def _spread(means: SurveyEstimates, between: Between, centring: Floats, level: float) -> Spread:
    """Rows of ``means``: first all of importance, then all of satisfaction, as ``centring`` orders them."""
    half = len(centring)
    values = means.frame["estimate"].to_numpy(dtype=np.float64)
    why = _why(means)
    if why is not None:
        spreads = [float(part @ centring @ part) for part in (values[:half], values[half:])]
        none = float("nan")
        apart = spreads[1] - spreads[0]
        return Spread(between, spreads[0], spreads[1], apart, none, none, none, none, why)
    covariance = means.covariance
    noise = [float(np.trace(centring @ covariance[at, at])) for at in (slice(half), slice(half, None))]
    spreads = [
        float(part @ centring @ part) - lost
        for part, lost in zip((values[:half], values[half:]), noise, strict=True)
    ]
    form = np.zeros((2 * half, 2 * half))
    form[:half, :half], form[half:, half:] = -centring, centring
    error = np.sqrt(form_variance(form, values, covariance))
    df = float(means.frame["df"].min())
    reach = float(table.t_quantile(df, level)) * error
    difference = spreads[1] - spreads[0]
    return Spread(
        between, spreads[0], spreads[1], difference, error, df, difference - reach, difference + reach
    )


def form_variance(form: Floats, values: Floats, covariance: Floats) -> float:
    """Variance of values' form values for normal values, on the safe side.

    It is 4 m'ASAm + 2 tr(ASAS) at the true means m. With estimated means the first part is too large by
    4 tr(ASAS) on average, so it stands for both; it is never taken for less than the second part, which
    is all there is when no mean differs.
    """
    left = form @ covariance
    trace = float(np.trace(left @ left))
    middle = form @ covariance @ form
    return max(4 * float(values @ middle @ values), 2 * trace)


def _even(means: SurveyEstimates, rows: slice, name: str) -> TestResult:
    """Whether the means of these rows are one: Wald F of the differences from the first."""
    from scipy import stats

    null = f"all kinds of service have one mean of {name}"
    method = "Wald F of design-based means"
    why = _why(means)
    values = means.frame["estimate"].to_numpy(dtype=np.float64)[rows]
    count = len(values) - 1
    df = float(means.frame["df"].min())
    if why is None and df < count:
        why = NotApplicable("few-clusters", f"{df:g} degrees of freedom cannot test {count} differences")
    if why is not None:
        nothing = float("nan")
        return TestResult(null, method, nothing, (), nothing, means.n_used, means.n_dropped, (), why)
    turn = np.column_stack([-np.ones(count), np.eye(count)])
    apart = turn @ values
    wald = float(apart @ np.linalg.solve(turn @ means.covariance[rows, rows] @ turn.T, apart))
    below = df - count + 1
    statistic = wald * below / (df * count)
    p_value = float(stats.f.sf(statistic, count, below))
    return TestResult(null, method, statistic, (float(count), below), p_value, means.n_used, means.n_dropped)


def _why(means: SurveyEstimates) -> NotApplicable | None:
    """Why these means have no joint covariance; None where they have one."""
    reasons = means.not_applicable()
    return next(iter(reasons.values()), None)
