"""Tests of a difference between groups: of means (t) and of ranks (Wilcoxon, Kruskal-Wallis)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from govlab.results import NotApplicable, TestResult
from govlab.survey import table
from govlab.survey.design import Design
from govlab.survey.estimate import numeric
from govlab.survey.stages import Floats
from govlab.survey.table import REASONS, SurveyEstimates

if TYPE_CHECKING:
    import pandas as pd

Scores = Literal["rank", "normal", "median"]


@dataclass(frozen=True, eq=False)
class Difference(TestResult):
    """A test of one difference, with the difference itself."""

    estimate: float = float("nan")
    std_error: float = float("nan")
    conf_low: float = float("nan")
    conf_high: float = float("nan")
    level: float = 0.95
    term: str = ""

    def to_frame(self) -> pd.DataFrame:
        """One row in the common columns."""
        frame = super().to_frame()
        more = ("term", "estimate", "std_error", "conf_low", "conf_high")
        for name in more:
            frame[name] = getattr(self, name)
        order = ["term", "estimate", "std_error", "statistic", "df", "p_value", "conf_low", "conf_high"]
        return frame[[*order, "n", "reason"]]


def ttest(
    design: Design, variable: str, by: str | None = None, *, value: float = 0.0, level: float = 0.95
) -> Difference:
    """Design-based t test that two groups have the same mean, or, without ``by``, that the mean is ``value``.

    The difference is the second group minus the first, in the order of their labels. Degrees of freedom:
    sampled units minus strata among the rows used, one less for two groups. Not applicable, with the
    reason, where a group is empty or comes from one sampled unit. ValueError for more than two groups.
    """
    from govlab.survey.estimate import mean

    table.check_level(level)
    values = numeric(design, variable, "variable")
    used = _used(design, values, by)
    if by is None:
        found = mean(used, variable)
        null = f"the mean of {variable} is {value:g}"
        return _difference(used, found, value, used.degf, level, null, variable, design)
    found = mean(used, variable, by=by)
    labels = found.frame[by].tolist()
    if len(labels) > 2:
        raise ValueError(f"by={by!r} has {len(labels)} groups, a t test compares two")
    null = f"the mean of {variable} is the same in both groups of {by}"
    if len(labels) < 2:
        why = NotApplicable("empty-cell", f"{by} has {len(labels)} group(s) with a value of {variable}")
        return Difference(null, "design-based t test", np.nan, (), np.nan, not_applicable=why, level=level)
    term = f"{labels[1]} - {labels[0]}"
    return _difference(used, found, 0.0, used.degf - 1, level, null, term, design)


def rank_test(
    design: Design, variable: str, by: str, *, scores: Scores = "rank", level: float = 0.95
) -> TestResult:
    """Design-based rank test that a variable is distributed alike in all groups of ``by``.

    Scores of the weighted mid-distribution (share below plus half the share tied): ``rank`` themselves
    (Wilcoxon; Kruskal-Wallis for more than two groups), ``normal`` (van der Waerden), ``median`` (above
    one half). Mean scores are compared by t on degf - 1, or by a Wald F on (groups - 1, degf - groups + 1),
    degf of the rows used (Lumley & Scott 2013, Biometrika 100, 831-842). Tied values share one score, so
    the order of rows never counts. variable: numeric, or an ordered category.
    """
    from govlab.survey.estimate import mean

    table.check_level(level)
    if scores not in get_args(Scores):
        raise ValueError(f"scores must be one of {', '.join(get_args(Scores))}, got {scores!r}")
    values = _ordered(design, variable)
    used = _used(design, values, by)
    name = f"score of {variable}"
    scored = used.with_columns({name: _scores(used, values, scores)})
    found = mean(scored, name, by=by)
    labels = found.frame[by].tolist()
    null = f"{variable} is distributed alike in all groups of {by}"
    method = {"rank": "Wilcoxon" if len(labels) == 2 else "Kruskal-Wallis", "normal": "van der Waerden"}
    title = f"design-based rank test ({method.get(scores, 'median')})"
    if len(labels) == 2:
        term = f"{labels[1]} - {labels[0]}"
        one = _difference(scored, found, 0.0, used.degf - 1, level, null, term, design)
        return replace(one, method=title)
    rows = len(design) if design.inside is None else int(design.inside.sum())
    n = int(found.frame["n"].sum())
    df = (float(len(labels) - 1), float(used.degf - len(labels) + 1))
    reason = next((one for one in found.frame["reason"] if one), "") or ("no-df" if df[1] <= 0 else "")
    if len(labels) < 2:
        reason = "empty-cell"
    if reason:
        why = NotApplicable(reason, REASONS[reason])
        return TestResult(null, title, np.nan, (), np.nan, n, rows - n, not_applicable=why)
    statistic, p_value = _wald(found, df)
    return TestResult(null, title, statistic, df, p_value, n, rows - n, notes=used.notes)


def _wald(found: SurveyEstimates, df: tuple[float, float]) -> tuple[float, float]:
    """Wald chi-square that all means agree, and its p by F."""
    from scipy.special import fdtrc

    means = found.frame["estimate"].to_numpy(dtype=np.float64)
    turn = np.hstack([-np.ones((len(means) - 1, 1)), np.eye(len(means) - 1)])
    apart = turn @ means
    statistic = float(apart @ np.linalg.solve(turn @ found.covariance @ turn.T, apart))
    return statistic, float(fdtrc(df[0], df[1], statistic / df[0]))


def _ordered(design: Design, name: str) -> Floats:
    if name in design.frame.columns and getattr(design.frame[name].dtype, "ordered", False):
        codes = design.frame[name].cat.codes.to_numpy().astype(np.float64)
        return np.where(codes < 0, np.nan, codes)
    return numeric(design, name, "variable")


def _scores(used: Design, values: Floats, scores: Scores) -> Floats:
    """(n,) score of each row used, NaN for the others."""
    inside = ~np.isnan(values) if used.inside is None else used.inside
    _, place = np.unique(values[inside], return_inverse=True)
    weight = np.bincount(place, weights=used.weights[inside])
    up_to = np.cumsum(weight)
    middle = (up_to - weight / 2) / up_to[-1] if len(up_to) else up_to
    if scores == "normal":
        from scipy.special import ndtri

        middle = ndtri(middle)
    elif scores == "median":
        middle = (middle > 0.5).astype(np.float64)
    found = np.full(len(values), np.nan)
    found[inside] = middle[place]
    return found


def _used(design: Design, values: Floats, by: str | None) -> Design:
    keep = ~np.isnan(values)
    if by is not None:
        if by not in design.frame.columns:
            raise KeyError(f"by={by!r}: the frame has no such column")
        keep &= design.frame[by].notna().to_numpy()
    return design if keep.all() else design.subset(keep)


def _difference(
    used: Design,
    found: SurveyEstimates,
    null_value: float,
    df: float,
    level: float,
    null: str,
    term: str,
    design: Design,
) -> Difference:
    from scipy.special import stdtr

    means = found.frame["estimate"].to_numpy(dtype=np.float64)
    row = np.array([1.0]) if len(means) == 1 else np.array([-1.0, 1.0])
    estimate = float(row @ means)
    reason = next((one for one in found.frame["reason"] if one), "") or ("no-df" if df <= 0 else "")
    rows = len(design) if design.inside is None else int(design.inside.sum())
    n = int(found.frame["n"].sum())
    method = "design-based t test"
    if reason:
        why = NotApplicable(reason, REASONS[reason])
        return Difference(
            null, method, np.nan, (), np.nan, n, rows - n, not_applicable=why, estimate=estimate,
            level=level, term=term,
        )  # fmt: skip
    error = float(np.sqrt(row @ found.covariance @ row))
    statistic = (estimate - null_value) / error if error > 0 else np.nan
    half = float(table.t_quantile(df, level)) * error
    return Difference(
        null=null,
        method=method,
        statistic=statistic,
        df=(float(df),),
        p_value=float(2 * stdtr(df, -abs(statistic))),
        n_used=n,
        n_dropped=rows - n,
        notes=used.notes,
        estimate=estimate,
        std_error=error,
        conf_low=estimate - half,
        conf_high=estimate + half,
        level=level,
        term=term,
    )
