"""Shares of the categories of a variable, with intervals that stay between 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govlab.survey import intervals, table
from govlab.survey.design import Design
from govlab.survey.estimate import Deff, categories, effect, finish, start
from govlab.survey.intervals import Method
from govlab.survey.sample import RATIO, Columns, Estimated, Sample, Statistic
from govlab.survey.stages import Codes, Floats
from govlab.survey.table import DfRule, SurveyEstimates


def proportion(
    design: Design,
    variables: str | Sequence[str],
    *,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    method: Method = "logit",
    deff: Deff = False,
    df: DfRule = "design",
) -> SurveyEstimates:
    """Weighted shares of every category with design-based errors, a row a variable, category and domain.

    Categories in their order, declared ones also where nobody chose them; missing answers leave the
    share, not the design. method: see ``intervals.limits``. A share of 0 or 1 has an interval under
    ``beta`` and ``wilson`` only. Other arguments as for ``mean``.
    """
    asked, sample = start(design, variables, by, level, df)
    if method not in intervals.METHODS:
        raise ValueError(f"method must be one of {', '.join(intervals.METHODS)}, got {method!r}")
    found: list[Estimated] = []
    blocks = []
    for name in asked:
        codes, labels = categories(design, name)
        for position, label in enumerate(labels):
            values = indicator(codes, position)
            one = sample.estimate(RATIO, Columns((values, None)))
            found.append(one)
            known = table.uncertainty(sample, one, df)
            error = known.std_error
            if method == "logit" and design.replicates is not None:
                # Replicates of the log odds themselves; the delta method would give those of xlogit.
                odds = np.sqrt(sample.estimate(_LOG_ODDS, one.columns).variance)
                error = np.where(np.isnan(error), np.nan, odds * one.value * (1 - one.value))
            low, high = intervals.limits(
                method, one.value, error, sample.rows, known.df, level, scale=_dispersion(sample, one)
            )
            fits = known.reason == ""
            reason = np.where(fits & ~(np.isfinite(low) & np.isfinite(high)), "all-or-none", known.reason)
            columns: dict[str, NDArray[Any]] = {
                "estimate": one.value,
                "std_error": known.std_error,
                "df": known.df,
                "conf_low": np.where(fits, low, np.nan),
                "conf_high": np.where(fits, high, np.nan),
            }
            if deff:
                columns["deff"] = effect(sample, one, values, one.value, total=False, deff=deff)
            columns |= {"n": one.n.astype(np.int64), "reason": reason}
            blocks.append(table.Block({"variable": name, "term": label}, columns))
    if not blocks:
        raise ValueError(f"variables: {', '.join(asked)} hold no value at all")
    frame = table.stack(sample.domains.labels, blocks)
    return finish(sample, frame, found, f"weighted share, {method} interval", level, df)


def _log_odds(t: Sequence[Floats]) -> Floats:
    return np.asarray(np.log(t[0] / (t[1] - t[0])))


def _log_odds_gradient(t: Sequence[Floats]) -> Sequence[Floats]:
    return 1 / t[0] + 1 / (t[1] - t[0]), -1 / (t[1] - t[0])


_LOG_ODDS = Statistic(_log_odds, _log_odds_gradient)


def indicator(codes: Codes, position: int) -> Floats:
    """1 where a row has the category, 0 where it has another, NaN where it has none."""
    return np.where(codes < 0, np.nan, codes == position)


def _dispersion(sample: Sample, one: Estimated) -> Floats:
    """Pearson dispersion of a share's own binomial model: weights averaging 1 over the rows inside."""
    design = sample.design
    weights = design.weights if design.inside is None else design.weights[design.inside]
    return np.asarray(one.weight / weights.mean() / np.maximum(one.n - 1, 1))
