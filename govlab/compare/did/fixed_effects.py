"""Two-way fixed effects: one number for "treated", errors robust to clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.compare.did import panel as _panel
from govlab.compare.did.rows import FEW, rows
from govlab.compare.did.sandwich import cr2
from govlab.errors import Fault, InputError
from govlab.results import Estimates, NotApplicable

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Correction = Literal["cr2", "nested", "all", "clusters", "none"]


@dataclass(frozen=True, eq=False)
class Model:
    """A two-way regression taken apart for the coefficient of treatment.

    Rows are scaled by the root of their weight. rest: (n, q) all columns but treatment, without unit means,
    orthonormal. y, treat: (n,) outcome and treatment with unit means and rest taken out. home: (n,) unit of
    the effects; scale: (n,) roots of weights; on: (n,) treated rows. clusters: (n,) codes. parameters: of
    the whole model, and without effects nested in clusters. treated_clusters: ever treated, never treated.
    """

    y: Floats
    rest: Floats
    treat: Floats
    home: Codes
    scale: Floats
    on: NDArray[np.bool_]
    clusters: Codes
    parameters: tuple[int, int]
    treated_clusters: tuple[int, int]

    @property
    def count(self) -> int:
        """Number of clusters."""
        return int(self.clusters.max()) + 1

    def swept(self, columns: Floats) -> Floats:
        """(n, k) scaled columns with unit means and all other regressors but treatment taken out."""
        left = _within(columns, self.home, self.scale)
        return left - self.rest @ (self.rest.T @ left)

    def factor(self, correction: Correction) -> float:
        """What the sandwich is multiplied by for a finite number of clusters and rows."""
        groups, n = self.count, len(self.y)
        if correction == "none" or groups < 2:
            return 1.0
        lost = self.parameters[0 if correction == "all" else 1]
        rows_left = 1.0 if correction == "clusters" else (n - 1) / (n - lost)
        return groups / (groups - 1) * rows_left


@dataclass(frozen=True, eq=False)
class TwoWay(Estimates):
    """The coefficient of treatment, one row.

    clusters: their number; treated, untreated: ever and never treated ones. negative: the share of treated
    rows that enter with a negative weight, which happens where beginnings are staggered, and the sum of those
    weights. model: for ``wild_bootstrap``.
    """

    clusters: int = 0
    treated: int = 0
    untreated: int = 0
    negative: tuple[float, float] = (0.0, 0.0)
    not_applicable: NotApplicable | None = None
    model: Model | None = field(default=None, repr=False)


def two_way(
    frame: pd.DataFrame,
    outcome: str,
    *,
    treated: str,
    unit: str,
    time: str,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    weights: str | None = None,
    correction: Correction = "cr2",
    level: float = 0.95,
) -> TwoWay:
    """Outcome on treatment, effects of units and of periods; errors by cluster.

    treated: 0 / 1, whether the model was in place in that row. unit: what the effects belong to; rows may
    be people in it. cluster: the level of assignment, by default the unit. correction: ``cr2``, each
    cluster's residuals widened by what the regression took from them, with degrees of freedom to match
    (``sandwich``); else t on (clusters - 1) df and a factor: G / (G - 1) times (n - 1) / (n - parameters),
    counting all parameters (``all``, CR1) or not those of units that lie inside one cluster (``nested``,
    Cameron & Miller 2015, J. Hum. Resour. 50, 317-372), only G / (G - 1) (``clusters``), or 1 (``none``,
    CR0). weights: as inverse variances. With one cluster in an arm there is no error, and a reason.
    InputError where treatment turns off or is explained by the effects.
    """
    if correction not in get_args(Correction):
        raise ValueError(f"correction must be one of {', '.join(get_args(Correction))}, got {correction!r}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")
    model, used, dropped, staggered = read(
        frame, outcome, treated=treated, unit=unit, time=time, cluster=cluster, covariates=covariates,
        weights=weights,
    )  # fmt: skip
    size = float(model.treat @ model.treat)
    value = float(model.treat @ model.y) / size
    residual = model.swept(model.y[:, None])[:, 0] - model.treat * value
    df = float(model.count - 1)
    if correction == "cr2":
        variance, df = cr2(model.treat, residual, model.rest, model.home, model.scale, model.clusters)
    else:
        scores = np.bincount(model.clusters, model.treat * residual, minlength=model.count)
        variance = model.factor(correction) * float(scores @ scores) / size**2
    ever, never = model.treated_clusters
    why = _why_not(model)
    columns = rows(
        np.array([value]), np.array([variance]), np.array([df]),
        np.array([why.reason if why else ""], dtype=object), level,
    )  # fmt: skip
    import pandas as pd

    table = pd.DataFrame({"term": [treated]} | columns | {"n": [used]})
    notes = [f"{model.count} clusters, {ever} ever treated"]
    if why is not None:
        notes.append(f"no error: {why.detail}")
    elif min(ever, never or FEW) < FEW:
        notes.append(f"fewer than {FEW} clusters in an arm: errors by cluster come out too small")
    negative = _negative(model)
    if staggered:
        notes.append(
            "beginnings differ: units already treated serve as controls here; effects of "
            f"{100 * negative[0]:.0f} % of treated rows enter with a negative weight; see group_time"
        )
    return TwoWay(
        table, f"two-way fixed effects: {outcome} on {treated}, {unit} and {time}", level, used, dropped,
        tuple(notes), model.count, ever, never, negative, why, model,
    )  # fmt: skip


def read(
    frame: pd.DataFrame, outcome: str, *, treated: str, unit: str, time: str, cluster: str | None = None,
    covariates: Sequence[str] = (), weights: str | None = None,
) -> tuple[Model, int, int, bool]:  # fmt: skip
    """The model of the complete rows, how many those are, how many were left out, whether starts differ."""
    named = [outcome, treated, unit, time, *covariates, *([cluster] if cluster else [])]
    _panel.require(frame, [*named, *([weights] if weights else [])])
    faults: list[Fault] = []
    y = _panel.numbers(frame, outcome, faults)
    x = [_panel.numbers(frame, name, faults) for name in covariates]
    w = _panel.numbers(frame, weights, faults) if weights else np.ones(len(frame))
    known = ~np.isnan(np.column_stack([y, w, *x])).any(axis=1)
    if weights and (w[known] <= 0).any():
        faults.append(Fault("did.weights", {"column": weights}))
    on = _panel.zero_one(frame, treated, faults)
    home, units = _panel.coded(frame, unit, faults)
    at, periods = _panel.ordered(frame, time, faults)
    groups = _panel.coded(frame, cluster, faults)[0] if cluster else home
    if faults:
        raise InputError(faults)
    staggered = _beginnings(on, home, at, units, len(periods))
    y, w, on = y[known], w[known], on[known]
    home, at, groups = (np.unique(one[known], return_inverse=True)[1] for one in (home, at, groups))
    dummies = (at[:, None] == np.arange(1, at.max() + 1)).astype(np.float64) if len(at) else np.zeros((0, 0))
    scale = np.sqrt(w)
    others = np.column_stack([one[known] for one in x] + [dummies]) * scale[:, None]
    rest = _basis(_within(others, home, scale))
    nested = _nested(home, groups)
    whole = 1 + rest.shape[1] + int(home.max()) + 1
    arms = np.zeros((int(groups.max()) + 1, 2), dtype=np.bool_)
    arms[groups[on == 1], 1] = True
    draft = Model(y * scale, rest, on, home, scale, on == 1, groups, (whole, whole), (0, 0))
    treat = draft.swept((on * scale)[:, None])[:, 0]
    if treat @ treat < 1e-10 * max(float(on @ on), 1.0):
        raise InputError(Fault("did.no_contrast", {"column": treated}))
    ever = int(arms[:, 1].sum())
    model = Model(
        draft.swept((y * scale)[:, None])[:, 0], rest, treat, home, scale, on == 1, groups,
        (whole, whole - (int(home.max()) + 1 if nested else 0)), (ever, len(arms) - ever),
    )  # fmt: skip
    return model, int(known.sum()), int((~known).sum()), staggered


def _beginnings(on: Floats, home: Codes, at: Codes, units: Sequence[object], count: int) -> bool:
    """Whether units begin in different periods; InputError where one turns off or is torn in a period."""
    low = np.full((len(units), count), np.nan)
    high = np.full((len(units), count), np.nan)
    np.fmin.at(low, (home, at), on)
    np.fmax.at(high, (home, at), on)
    faults: list[Fault] = []
    torn = low != high
    torn &= ~np.isnan(low)
    if torn.any():
        shown = ", ".join(str(units[one]) for one in np.flatnonzero(torn.any(axis=1))[:5])
        faults.append(Fault("did.torn_treatment", {"units": shown}))
    # A period that a unit lacks repeats the one before it.
    filled = high.copy()
    filled[:, 0] = np.where(np.isnan(filled[:, 0]), 0.0, filled[:, 0])
    for place in range(1, count):
        filled[:, place] = np.where(np.isnan(filled[:, place]), filled[:, place - 1], filled[:, place])
    first = _panel.starts(filled, units, faults)
    if faults:
        raise InputError(faults)
    return len(np.unique(first[first < count])) > 1


def _why_not(model: Model) -> NotApplicable | None:
    ever, never = model.treated_clusters
    if model.count < 3:
        return NotApplicable("few-clusters", f"{model.count} clusters cannot carry an error between clusters")
    if ever == 1 or never == 1:
        which = "treated" if ever == 1 else "untreated"
        detail = f"only one {which} cluster: how much such clusters differ cannot be seen"
        return NotApplicable("one-cluster-in-an-arm", detail)
    return None


def _within(columns: Floats, home: Codes, scale: Floats) -> Floats:
    """(n, k) scaled columns less their weighted unit means."""
    total = np.bincount(home, scale**2)
    out = np.empty_like(columns)
    for place in range(columns.shape[1]):
        means = np.bincount(home, columns[:, place] * scale) / total
        out[:, place] = columns[:, place] - means[home] * scale
    return out


def _basis(columns: Floats) -> Floats:
    """Orthonormal columns of the same span, dependent ones left out."""
    if columns.shape[1] == 0:
        return columns
    size = np.sqrt((columns**2).sum(axis=0))
    u, s, _ = np.linalg.svd(columns / np.where(size > 0, size, 1.0), full_matrices=False)
    return np.asarray(u[:, s > 1e-10 * max(float(s.max(initial=0.0)), 1e-300)])


def _nested(home: Codes, groups: Codes) -> bool:
    of_unit = np.zeros(int(home.max()) + 1, dtype=np.intp)
    of_unit[home] = groups
    return bool((of_unit[home] == groups).all())


def _negative(model: Model) -> tuple[float, float]:
    """Share of treated rows whose effect enters with a negative weight, and the sum of those weights.

    Source: de Chaisemartin & D'Haultfoeuille (2020), Am. Econ. Rev. 110, 2964-2996.
    """
    enters = (model.treat * model.scale)[model.on]
    enters = enters / enters.sum()
    below = enters < -1e-12
    return float(below.mean()), float(enters[below].sum())
