"""From values and variances to the common table: errors, intervals, and the reason where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.results import Estimates, NotApplicable
from govlab.survey.sample import Estimated, Sample
from govlab.survey.stages import Floats

if TYPE_CHECKING:
    import pandas as pd

DfRule = Literal["design", "domain"]

REASONS = {
    "empty-cell": "no rows with a value in this domain",
    "one-psu": "all rows of this domain come from one sampled unit, so their spread between units is unknown",
    "no-df": "as many strata as sampled units: no degrees of freedom are left",
    "all-or-none": "the estimate lies on the edge of its range, where this interval has no meaning",
    "beyond-data": "the interval reaches beyond the smallest or largest value that was seen",
    "no-variance": "the variance cannot be computed here",
    "not-a-sample": "the respondents are no probability sample, so the result speaks of them only",
}


@dataclass(frozen=True, eq=False)
class SurveyEstimates(Estimates):
    """Estimates from a design, with their joint covariance on demand.

    df: degrees of freedom of the design. Rows of the table and of ``covariance`` correspond.
    """

    df: float = float("nan")
    source: tuple[Sample, tuple[Estimated, ...]] | Floats | None = field(default=None, repr=False)

    @cached_property
    def covariance(self) -> Floats:
        """(rows, rows) joint design covariance; NaN where a row has a reason not to be compared."""
        if isinstance(self.source, tuple):
            sample, estimated = self.source
            found = sample.covariance(estimated)
        elif self.source is None:
            raise ValueError("these estimates carry no covariance")
        else:
            found = self.source.copy()
        unfit = (self.frame["reason"] != "").to_numpy()
        found[unfit, :] = np.nan
        found[:, unfit] = np.nan
        found.setflags(write=False)
        return found

    def not_applicable(self) -> dict[int, NotApplicable]:
        """Row number -> why that row has no interval."""
        reasons = self.frame["reason"]
        return {
            row: NotApplicable(reason, REASONS.get(reason, reason))
            for row, reason in enumerate(reasons)
            if reason
        }


def check_level(level: float) -> float:
    """The confidence level, if it is one."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")
    return level


def check_df(df: str) -> None:
    """Refuse an unknown rule for degrees of freedom."""
    if df not in get_args(DfRule):
        raise ValueError(f"df must be 'design' or 'domain', got {df!r}")


def t_quantile(df: Floats | float, level: float) -> Floats:
    """Two-sided critical value of t; NaN where df is not above zero."""
    from scipy.special import stdtrit

    df = np.asarray(df, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.where(df > 0, stdtrit(np.where(df > 0, df, 1.0), (1 + level) / 2), np.nan)


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """Per row: what the table says of its error. reason: '' where an interval can be given."""

    std_error: Floats
    df: Floats
    reason: np.ndarray


def uncertainty(sample: Sample, one: Estimated, rule: DfRule, *, centred: bool = True) -> Uncertainty:
    """Errors, degrees of freedom and reasons of one statistic over the domains.

    centred: the statistic is measured from its own domain (a mean, a ratio), so that one sampled unit
    leaves no spread at all and its error would come out as 0; a total still has one.
    """
    error = np.sqrt(np.maximum(one.variance, 0.0))
    if rule == "design":
        df = np.full(len(error), float(sample.design.degf))
    else:
        df = (one.units - one.strata).astype(np.float64)
    reason = np.full(len(error), "", dtype=object)
    reason[~np.isfinite(error)] = "no-variance"
    reason[df <= 0] = "no-df"
    reason[one.units == 1] = "one-psu"
    reason[one.n == 0] = "empty-cell"
    lost = (one.n == 0) | ((one.units == 1) & centred)
    if sample.design.no_inference:
        reason[one.n > 0] = "not-a-sample"
        lost[:], df = True, np.full(len(error), np.nan)
    return Uncertainty(np.where(lost, np.nan, error), df, reason)


@dataclass(frozen=True, eq=False)
class Block:
    """The rows of one statistic: what is constant over the domains, and its (D,) columns."""

    fixed: Mapping[str, object]
    columns: Mapping[str, NDArray[Any]]


def stack(labels: pd.DataFrame, blocks: Sequence[Block]) -> pd.DataFrame:
    """Blocks one below another, each beside the labels of the domains."""
    import pandas as pd

    rows = len(labels)
    data: dict[str, Any] = {}
    place = np.tile(np.arange(rows), len(blocks))
    for name in labels.columns:
        data[name] = labels[name].array.take(place)
    for name in blocks[0].fixed:
        each = pd.Series([one.fixed[name] for one in blocks])
        data[name] = each.array.take(np.repeat(np.arange(len(blocks)), rows))
    for name in blocks[0].columns:
        data[name] = np.concatenate([one.columns[name] for one in blocks])
    return pd.DataFrame(data)
