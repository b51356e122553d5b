"""Effects by group of beginning and period, each against units that were not treated yet or never.

Source: Callaway & Sant'Anna (2021), J. Econometrics 225, 200-230, without covariates: differences of
mean changes, standard errors from influence values.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.compare.did import panel as _panel
from govlab.compare.did.panel import Panel
from govlab.compare.did.rows import FEW, rows
from govlab.errors import Fault, InputError
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.compare.did.aggregate import Aggregated, Kind

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Control = Literal["never-treated", "not-yet-treated"]
Base = Literal["varying", "universal"]


@dataclass(frozen=True, eq=False)
class Cells:
    """Effects by cell: places of group, period and base; influence (units, cells); counts."""

    group: Codes
    time: Codes
    base: Codes
    att: Floats
    influence: Floats
    treated: Codes
    control: Codes


@dataclass(frozen=True, eq=False)
class GroupTime(Result):
    """Effects by group (period of beginning) and period; ``aggregate`` averages them.

    small_sample: errors with the degrees of freedom of the units in each group, t intervals; without it
    the large-sample errors and normal intervals of the paper.
    """

    outcome: str
    panel: Panel = field(repr=False)
    cells: Cells = field(repr=False)
    control: Control
    base: Base
    small_sample: bool
    level: float

    def to_frame(self) -> pd.DataFrame:
        """``group``, ``time``, ``event_time``, ``base``, the common columns, ``n_treated``, ``n_control``."""
        import pandas as pd

        cells, labels = self.cells, np.array(self.panel.periods, dtype=object)
        reasons = [self.alone(np.array([k])) for k in range(len(cells.att))]
        variance, df, reason = errors(self, cells.influence, reasons)
        frame = pd.DataFrame(
            {
                "group": labels[cells.group],
                "time": labels[cells.time],
                "event_time": cells.time - cells.group,
                "base": labels[cells.base],
            }
            | rows(cells.att, np.diag(variance), df, reason, self.level)
            | {"n_treated": cells.treated, "n_control": cells.control}
        )
        return frame.infer_objects()

    def alone(self, places: Codes) -> str:
        """Why the cells at ``places`` have no error: a mean change of one unit has no spread to see."""
        if (self.cells.treated[places] < 2).any():
            return "one-treated-unit"
        if (self.cells.control[places] < 2).any():
            return "one-control-unit"
        clusters = self.panel.clusters
        if clusters is not None:
            own = np.isin(self.panel.first, self.cells.group[places])
            if len(np.unique(clusters[own])) < 2 or len(np.unique(clusters[~own])) < 2:
                return "one-cluster-in-an-arm"
        return ""

    def aggregate(self, kind: Kind = "simple") -> Aggregated:
        """Averages over cells: ``simple``, ``dynamic`` (by event time), ``group`` or ``calendar``."""
        from govlab.compare.did.aggregate import aggregate

        return aggregate(self, kind)

    def since(self, period: object) -> GroupTime:
        """A copy without the cells of earlier periods."""
        kept = self.cells.time >= self.panel.periods.index(period)
        c = self.cells
        cells = Cells(
            c.group[kept], c.time[kept], c.base[kept], c.att[kept], c.influence[:, kept],
            c.treated[kept], c.control[kept],
        )  # fmt: skip
        return replace(self, cells=cells)

    def summary(self) -> str:
        """What was compared with what, and how few carry it."""
        never = int(self.panel.never.sum())
        groups = np.unique(self.panel.first[~self.panel.never])
        sizes = [int((self.panel.first == one).sum()) for one in groups]
        told = ", ".join(f"{self.panel.periods[g]}: {n}" for g, n in zip(groups, sizes, strict=True))
        lines = [
            f"effects on {self.outcome} by group and period, {self.control} units as controls",
            f"units by beginning: {told}; never: {never}",
            "errors: " + ("small-sample, t" if self.small_sample else "large-sample, normal"),
        ]
        if min([*sizes, never or FEW]) < FEW:
            lines.append(f"a group has fewer than {FEW} units: its error is itself hardly known")
        return "\n".join([*lines, *self.panel.notes])


def group_time(
    frame: pd.DataFrame,
    outcome: str,
    *,
    unit: str,
    time: str,
    treated: str | None = None,
    first_treated: str | None = None,
    control: Control = "never-treated",
    base: Base = "varying",
    cluster: str | None = None,
    small_sample: bool = True,
    level: float = 0.95,
) -> GroupTime:
    """ATT(g, t): mean change since before the beginning, less the mean change of controls.

    frame: one row a unit and period, no gaps; treated (0 / 1 by row) or first_treated (period, 0 for never).
    control: ``never-treated`` or ``not-yet-treated`` units. base: before the beginning each period is
    compared with the one before it (``varying``) or with the last before the beginning (``universal``).
    cluster: sums of influence by a column that is constant in a unit. Units treated in the first period
    have no before and are left out, which is noted. InputError where nothing can be compared.
    """
    for name, value, allowed in (("control", control, Control), ("base", base, Base)):
        if value not in get_args(allowed):
            raise ValueError(f"{name} must be one of {', '.join(get_args(allowed))}, got {value!r}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")
    data = _panel.read(
        frame, outcome, unit=unit, time=time, treated=treated, first_treated=first_treated, cluster=cluster
    )
    data = _with_a_before(data)
    if control == "never-treated" and not data.never.any():
        raise InputError(Fault("did.no_never_treated"))
    cells = effects(data, control, base)
    if not len(cells.att):
        raise InputError(Fault("did.nothing_to_compare"))
    return GroupTime(outcome, data, cells, control, base, small_sample, level)


def effects(data: Panel, control: Control, base: Base) -> Cells:
    """Every cell that has a base and controls; the variance is the mean square of its influence over n."""
    first, n, last = data.first, len(data.first), len(data.periods)
    found = []
    for g in np.unique(first[first < last]):
        own = first == g
        for t in range(last):
            b = g - 1 if t >= g or base == "universal" else t - 1
            if b < 0 or t == b:
                continue
            others = data.never if control == "never-treated" else (first > max(t, b)) & ~own
            if not others.any():
                continue
            change = data.values[:, t] - data.values[:, b]
            one, two = float(change[own].mean()), float(change[others].mean())
            psi = np.where(own, (change - one) * n / own.sum(), 0.0)
            psi -= np.where(others, (change - two) * n / others.sum(), 0.0)
            found.append((int(g), t, int(b), one - two, psi, int(own.sum()), int(others.sum())))
    if not found:
        none = np.zeros(0, dtype=np.intp)
        return Cells(none, none, none, np.zeros(0), np.zeros((n, 0)), none, none)
    g_, t_, b_, att, psi_, own_, others_ = zip(*found, strict=True)
    counts = np.array(own_, dtype=np.intp), np.array(others_, dtype=np.intp)
    return Cells(
        np.array(g_, dtype=np.intp), np.array(t_, dtype=np.intp), np.array(b_, dtype=np.intp),
        np.array(att), np.stack(psi_, axis=1), *counts,
    )  # fmt: skip


def errors(
    result: GroupTime, influence: Floats, reasons: list[str]
) -> tuple[Floats, Floats, NDArray[np.object_]]:
    """(k, k) covariance of (units, k) influence values, (k,) degrees of freedom, (k,) reasons.

    Small samples: each group's part times m / (m - 1) for its m units, and Satterthwaite's degrees of
    freedom over the groups; under clusters G / (G - 1) and G - 1.
    """
    data = result.panel
    n, k = influence.shape
    reason = np.array(reasons, dtype=object)
    sizes = {int(one): int((data.first == one).sum()) for one in np.unique(data.first)}
    if data.clusters is not None:
        count = int(data.clusters.max()) + 1
        sums = np.zeros((count, k))
        np.add.at(sums, data.clusters, influence)
        factor = count / (count - 1) if result.small_sample and count > 1 else 1.0
        if count < 2:
            reason[:] = "few-clusters"
        df = np.full(k, float(count - 1) if result.small_sample else np.inf)
        return factor * sums.T @ sums / n**2, df, reason
    if not result.small_sample:
        return influence.T @ influence / n**2, np.full(k, np.inf), reason
    total, squared = np.zeros((k, k)), np.zeros(k)
    for label, size in sizes.items():
        own = influence[data.first == label]
        free = max(size - 1, 1)
        part = own.T @ own * (size / free) / n**2
        total += part
        squared += np.diag(part) ** 2 / free
    with np.errstate(divide="ignore", invalid="ignore"):
        df = np.where(squared > 0, np.diag(total) ** 2 / squared, 1.0)  # no variance: said in rows
    return total, df, reason


def _with_a_before(data: Panel) -> Panel:
    always = data.first == 0
    if not always.any():
        return data
    if always.all():
        raise InputError(Fault("did.no_before"))
    kept = ~always
    note = f"{int(always.sum())} unit(s) treated from the first period on were left out: they have no before"
    units = tuple(one for one, keep in zip(data.units, kept, strict=True) if keep)
    clusters = None if data.clusters is None else np.unique(data.clusters[kept], return_inverse=True)[1]
    return Panel(data.values[kept], units, data.periods, data.first[kept], clusters, (*data.notes, note))
