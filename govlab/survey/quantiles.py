"""Weighted quantiles with Woodruff intervals, over all rows or by domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.survey import intervals, table
from govlab.survey.design import Design
from govlab.survey.estimate import finish, numeric, start
from govlab.survey.sample import RATIO, Columns, Estimated, Sample
from govlab.survey.stages import Floats
from govlab.survey.table import DfRule, SurveyEstimates

Rule = Literal["math", "school", "hf7"]
QuantileMethod = Literal["mean", "beta", "xlogit", "logit", "wilson", "asin"]

_EQUAL = 1e-12  # of the total weight: a running sum this close to p is taken to hit it


def quantile(
    design: Design,
    variables: str | Sequence[str],
    q: float | Sequence[float] = 0.5,
    *,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    method: QuantileMethod = "mean",
    rule: Rule = "math",
    df: DfRule = "design",
) -> SurveyEstimates:
    """Weighted quantiles with intervals, a row a variable, probability and domain.

    rule: ``math`` the smallest value whose share of weight at or below is at least q; ``school`` the mean
    of two neighbours where that share is q exactly; ``hf7`` interpolated between values (Hyndman & Fan
    1996, type 7, with weights). Interval: limits of the share at or below the quantile, by ``method``
    (see ``intervals.limits``), carried back by the same rule (Woodruff 1952); std_error: its width over
    2 t. A limit is missing where the share's own limit leaves 0 .. 1. Degrees of freedom: of the rows with
    a value. The covariance between rows is not computed.
    """
    asked, sample = start(design, variables, by, level, df)
    if rule not in get_args(Rule):
        raise ValueError(f"rule must be one of {', '.join(get_args(Rule))}, got {rule!r}")
    if method not in get_args(QuantileMethod):
        raise ValueError(f"method must be one of {', '.join(get_args(QuantileMethod))}, got {method!r}")
    probabilities = [float(one) for one in np.atleast_1d(np.asarray(q, dtype=np.float64))]
    if not probabilities or any(not 0 < one < 1 for one in probabilities):
        raise ValueError(f"q must lie between 0 and 1, got {q!r}")
    found: list[Estimated] = []
    blocks = []
    for name in asked:
        values = numeric(design, name)
        curves = _curves(sample, values)
        own = design if not np.isnan(values).any() else design.subset(~np.isnan(values))
        for probability in probabilities:
            at = np.array([one.invert(probability, rule) for one in curves])
            below = np.where(np.isnan(values), np.nan, values <= sample.spread_out(at))
            one = sample.estimate(RATIO, Columns((below, None)))
            found.append(one)
            known = table.uncertainty(sample, one, df)
            freedom = np.full(len(at), float(own.degf)) if df == "design" else known.df
            n = np.where(one.value < 1, one.n, np.nan)  # at the largest value there is no share to bound
            low, high = intervals.limits(method, one.value, known.std_error, n, freedom, level)
            ends = [
                [curve.limit(bound, rule) for curve, bound in zip(curves, side, strict=True)]
                for side in (low, high)
            ]
            fits = known.reason == ""
            lower, upper = (np.where(fits, np.array(side), np.nan) for side in ends)
            error = (upper - lower) / (2 * table.t_quantile(freedom, level))
            open_ended = fits & ~np.isfinite(error)
            columns: dict[str, NDArray[Any]] = {
                "estimate": at,
                "std_error": error,
                "df": freedom,
                "conf_low": lower,
                "conf_high": upper,
                "n": one.n.astype(np.int64),
                "reason": np.where(open_ended, "beyond-data", known.reason),
            }
            blocks.append(table.Block({"quantile": probability, "term": name}, columns))
    frame = table.stack(sample.domains.labels, blocks)
    result = finish(sample, frame, found, f"weighted quantile, {method} interval", level, df)
    return replace(result, source=None)


class _Curve:
    """The weighted distribution of the values in one domain, sorted."""

    def __init__(self, values: Floats, weights: Floats) -> None:
        self.values = values
        self.sums = np.cumsum(weights)

    def invert(self, p: float, rule: Rule) -> float:
        """The quantile at p; NaN without values."""
        if len(self.values) == 0:
            return float("nan")
        total = self.sums[-1]
        if rule == "hf7":
            if len(self.values) == 1:
                return float(self.values[0])
            places = np.concatenate([[0.0], self.sums[:-1]]) / self.sums[-2]
            return float(np.interp(p, places, self.values))
        place = int(np.searchsorted(self.sums, (p - _EQUAL) * total))
        place = min(place, len(self.values) - 1)
        here = float(self.values[place])
        if rule == "school" and abs(self.sums[place] - p * total) <= _EQUAL * total:
            return (here + float(self.values[min(place + 1, len(self.values) - 1)])) / 2
        return here

    def limit(self, p: float, rule: Rule) -> float:
        """The quantile at a limit of the share; NaN outside 0 .. 1."""
        return self.invert(p, rule) if 0 <= p <= 1 else float("nan")


def _curves(sample: Sample, values: Floats) -> list[_Curve]:
    """The distribution in each domain. Ties are ordered by weight, so that the order of rows never counts."""
    weights, codes = sample.design.weights, sample.domains.codes
    inside = ~np.isnan(values)
    if codes is not None:
        inside &= codes < sample.domains.count
    rows = np.flatnonzero(inside)
    if codes is None:
        order = rows[np.lexsort((weights[rows], values[rows]))]
        return [_Curve(values[order], weights[order])]
    order = rows[np.lexsort((weights[rows], values[rows], codes[rows]))]
    parts = np.split(order, np.searchsorted(codes[order], np.arange(1, sample.domains.count)))
    return [_Curve(values[part], weights[part]) for part in parts[: sample.domains.count]]
