"""Linear combinations of estimates from one design: differences, changes, differences of changes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from govlab.results import COLUMNS
from govlab.survey import table
from govlab.survey.stages import Floats
from govlab.survey.table import SurveyEstimates

if TYPE_CHECKING:
    import pandas as pd

Coefficients = Mapping[Hashable, float] | Sequence[float] | Floats


def contrast(
    estimates: SurveyEstimates, contrasts: Mapping[str, Coefficients], *, level: float | None = None
) -> SurveyEstimates:
    """Linear combinations of the rows of a table, with errors from their joint covariance.

    contrasts: a name for each, and its coefficients: one a row of the table, or by row key, rows not named
    counting 0. A row's key is its domain label (a tuple of them for several ``by``), followed by the
    term where the table holds several. Statistic and p are those of t against 0 on the degrees of freedom
    of the rows. A combination that needs a row without an interval (one sampled unit, say) has an
    estimate and that row's reason. level: that of ``estimates`` unless given.
    """
    import pandas as pd
    from scipy.special import stdtr

    level = table.check_level(level if level is not None else (estimates.level or 0.95))
    if not contrasts:
        raise ValueError("contrasts: name at least one")
    frame = estimates.frame
    keys = row_keys(frame)
    matrix = np.array([_row(name, given, keys) for name, given in contrasts.items()])
    values = frame["estimate"].to_numpy(dtype=np.float64)
    covariance = estimates.covariance
    unfit = np.isnan(np.diag(covariance))
    known = np.where(unfit[:, None] | unfit, 0.0, covariance)
    joint = matrix @ known @ matrix.T
    uses = matrix != 0
    lost = (uses & unfit).any(axis=1)
    joint[lost, :] = np.nan
    joint[:, lost] = np.nan
    value = np.array([float(row[use] @ values[use]) for row, use in zip(matrix, uses, strict=True)])
    error = np.sqrt(np.maximum(np.diag(joint), 0.0))
    freedom = frame["df"].to_numpy(dtype=np.float64)
    df = np.array([freedom[use].min(initial=np.inf) for use in uses])
    reasons = frame["reason"].tolist()
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = value / error
        p_value = 2 * stdtr(np.where(df > 0, df, np.nan), -np.abs(statistic))
    half = table.t_quantile(df, level) * error
    out = pd.DataFrame(
        {
            "term": list(contrasts),
            "estimate": value,
            "std_error": error,
            "statistic": statistic,
            "df": df,
            "p_value": p_value,
            "conf_low": value - half,
            "conf_high": value + half,
            "reason": [
                next((reasons[i] for i in np.flatnonzero(use & unfit)), "") or ("no-df" if d <= 0 else "")
                for use, d in zip(uses, df, strict=True)
            ],
        }
    )
    return SurveyEstimates(
        frame=out,
        method=f"linear combinations of: {estimates.method}",
        level=level,
        n_used=estimates.n_used,
        n_dropped=estimates.n_dropped,
        notes=estimates.notes,
        df=estimates.df,
        source=joint,
    )


def row_keys(frame: pd.DataFrame) -> list[Hashable]:
    """The key of each row: its labels, and its term where there are several; a tuple if more than one."""
    names = [name for name in frame.columns if name not in COLUMNS]
    if "term" in frame.columns and (not names or frame["term"].nunique(dropna=False) > 1):
        names.append("term")
    if len(names) == 1:
        return frame[names[0]].tolist()
    return list(zip(*(frame[name].tolist() for name in names), strict=True))


def _row(name: str, given: Coefficients, keys: list[Hashable]) -> Floats:
    if isinstance(given, Mapping):
        unknown = [key for key in given if key not in keys]
        if unknown:
            shown = ", ".join(map(repr, keys[:8])) + (", ..." if len(keys) > 8 else "")
            raise KeyError(f"contrasts[{name!r}]: no row {unknown[0]!r}; there are {shown}")
        return np.array([float(given.get(key, 0.0)) for key in keys])
    row = np.asarray(given, dtype=np.float64)
    if row.shape != (len(keys),):
        raise ValueError(f"contrasts[{name!r}] needs {len(keys)} coefficients, got shape {row.shape}")
    return row
