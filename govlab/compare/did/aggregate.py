"""Averages of group-time effects, with the influence of the estimated shares of the groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.compare.did.rows import rows
from govlab.results import Estimates, Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.compare.did.groups import GroupTime

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Kind = Literal["simple", "dynamic", "group", "calendar"]
_KEY = {"simple": "term", "dynamic": "event_time", "group": "group", "calendar": "time"}


@dataclass(frozen=True, eq=False)
class Aggregated(Result):
    """Averages by event time, group or period, and over all of them.

    frame: the key, the common columns and, by event time, ``band_low`` and ``band_high``, which hold for
    all event times at once. covariance: (k, k) of the rows. df: (k,). overall: one row; by event time the
    mean over those from the beginning on.
    """

    kind: Kind
    outcome: str
    frame: pd.DataFrame
    covariance: Floats = field(repr=False)
    df: Floats = field(repr=False)
    overall: Estimates
    level: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the rows."""
        return self.frame.copy()

    def summary(self) -> str:
        """The overall average in a line."""
        one = self.overall.frame.iloc[0]
        said = f"overall {one['estimate']:.4g}"
        if not one["reason"]:
            said += f" [{one['conf_low']:.4g}, {one['conf_high']:.4g}]"
        lines = [f"effects on {self.outcome}, {self.kind} averages", said, *self.notes]
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class _Average:
    key: object
    value: float
    influence: Floats
    places: Codes  # the cells in it


def aggregate(result: GroupTime, kind: Kind) -> Aggregated:
    """The averages of Callaway & Sant'Anna (2021), sec. 3.3: weights are the groups' shares of units."""
    if kind not in get_args(Kind):
        raise ValueError(f"kind must be one of {', '.join(get_args(Kind))}, got {kind!r}")
    cells = result.cells
    event = cells.time - cells.group
    post = np.flatnonzero(event >= 0)
    labels = result.panel.periods
    whole = _shared(result, post, "overall")
    if kind == "simple":
        parts = [whole]
    elif kind == "dynamic":
        parts = [_shared(result, np.flatnonzero(event == k), int(k)) for k in np.unique(event)]
        whole = _mean([one for one in parts if isinstance(one.key, int) and one.key >= 0])
    elif kind == "group":
        groups = np.unique(cells.group[post])
        parts = [_plain(result, post[cells.group[post] == g], labels[g]) for g in groups]
        whole = _weighted(result, parts, groups)
    else:
        times = np.unique(cells.time[post])
        parts = [_shared(result, post[cells.time[post] == t], labels[t]) for t in times]
        whole = _mean(parts)
    return _result(result, kind, parts, whole)


def _shares(result: GroupTime, groups: Codes) -> tuple[Floats, Floats]:
    """(k,) shares of units in each group and their (units, k) influence values."""
    own = (result.panel.first[:, None] == groups).astype(np.float64)
    share = own.mean(axis=0)
    return share, own - share


def _shared(result: GroupTime, places: Codes, key: object) -> _Average:
    """Cells weighted by the share of their group."""
    groups = result.cells.group[places]
    share, influence = _shares(result, groups)
    value, psi = _combine(result.cells.att[places], result.cells.influence[:, places], share, influence)
    return _Average(key, value, psi, places)


def _weighted(result: GroupTime, parts: list[_Average], groups: Codes) -> _Average:
    share, influence = _shares(result, groups)
    values = np.array([one.value for one in parts])
    value, psi = _combine(values, np.stack([one.influence for one in parts], axis=1), share, influence)
    return _Average("overall", value, psi, np.concatenate([one.places for one in parts]))


def _combine(value: Floats, psi: Floats, share: Floats, influence: Floats) -> tuple[float, Floats]:
    total = share.sum()
    weights = share / total
    of_shares = (influence - influence.sum(axis=1, keepdims=True) * weights) @ value / total
    return float(weights @ value), psi @ weights + of_shares


def _plain(result: GroupTime, places: Codes, key: object) -> _Average:
    cells = result.cells
    return _Average(
        key, float(cells.att[places].mean()), cells.influence[:, places].mean(axis=1), places
    )  # fmt: skip


def _mean(parts: list[_Average]) -> _Average:
    return _Average(
        "overall",
        float(np.mean([one.value for one in parts])),
        np.mean([one.influence for one in parts], axis=0),
        np.concatenate([one.places for one in parts]),
    )


def _result(result: GroupTime, kind: Kind, parts: list[_Average], whole: _Average) -> Aggregated:
    import pandas as pd

    from govlab.compare.did.groups import errors

    every = [*parts, whole]
    psi = np.stack([one.influence for one in every], axis=1)
    covariance, df, reason = errors(result, psi, [result.alone(one.places) for one in every])
    values = np.array([one.value for one in every])
    columns = rows(values, np.diag(covariance), df, reason, result.level)
    frame = pd.DataFrame({_KEY[kind]: [one.key for one in every]} | columns)
    overall = frame.iloc[[-1]].rename(columns={_KEY[kind]: "term"}).reset_index(drop=True)
    overall["term"] = "overall"
    table = frame.iloc[:-1].reset_index(drop=True).infer_objects()
    inner = covariance[:-1, :-1]
    if kind == "dynamic":
        table = table.assign(**_band(table, inner, df[:-1], result.level))
    notes = result.panel.notes
    method = f"{kind} average of effects on {result.outcome}"
    one_row = Estimates(overall, method, result.level, result.panel.values.size, 0, notes)
    return Aggregated(kind, result.outcome, table, inner, df[:-1], one_row, result.level, notes)


def _band(table: pd.DataFrame, covariance: Floats, df: Floats, level: float) -> dict[str, Floats]:
    """Ends of intervals that hold together, from the largest |t| under the smallest degrees of freedom."""
    from govlab.survey.simultaneous import largest_t

    fit = np.flatnonzero((table["reason"] == "").to_numpy() & (np.diag(covariance) > 0))
    reach = np.full(len(table), np.nan)
    if len(fit):
        # Each effect less a quantity that is known to be zero: the differences the routine speaks of.
        padded = np.zeros((len(fit) + 1, len(fit) + 1))
        padded[:-1, :-1] = covariance[np.ix_(fit, fit)]
        places = np.arange(len(fit), dtype=np.intp)
        family = largest_t(padded, places, np.full(len(fit), len(fit), dtype=np.intp), seed=1)
        reach[fit] = family.critical(level, float(df[fit].min())) * np.sqrt(np.diag(covariance)[fit])
    value = table["estimate"].to_numpy(dtype=np.float64)
    return {"band_low": value - reach, "band_high": value + reach}
