"""Synthetic control: a weighted mean of untreated units that moved like the treated one before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.did import panel as _panel
from govlab.errors import Fault, InputError
from govlab.results import NotApplicable, Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_PERFECT = 1e-8  # a fit before the beginning this close, relative to the outcome's spread, is an identity


@dataclass(frozen=True, eq=False)
class SyntheticControl(Result):
    """A treated unit, its synthetic control, and the same for every donor as a placebo.

    path: ``time``, ``treated``, ``synthetic``, ``gap``, ``gap_low`` and ``gap_high`` (where other weights fit
    as well before, the gap is a range). weights: by donor. unique: whether no other weights fit as well.
    fit: root mean square of the gaps before. placebos: (donors, periods) gaps. ratio: of root mean squares
    after to before, the treated unit first; p_value: the rank of that ratio among all; smallest_p: 1 /
    (donors + 1). not_applicable: why there is no p.
    """

    outcome: str
    unit: str
    path: pd.DataFrame = field(repr=False)
    weights: dict[str, float]
    begins: object
    unique: bool
    fit: float
    donors: tuple[str, ...]
    placebos: Floats = field(repr=False)
    ratio: Floats = field(repr=False)
    p_value: float
    smallest_p: float
    not_applicable: NotApplicable | None = None
    notes: tuple[str, ...] = ()

    @property
    def effect(self) -> float:
        """Mean gap from the beginning on."""
        return float(self.path.loc[self.path["after"], "gap"].mean())

    def to_frame(self) -> pd.DataFrame:
        """A copy of the path."""
        return self.path.copy()

    def summary(self) -> str:
        """The gap, the donors that carry it, the rank among placebos."""
        carried = [f"{name} {100 * one:.0f} %" for name, one in self.weights.items() if one > 5e-3]
        lines = [
            f"synthetic control of {self.unit}, {self.outcome}: "
            f"mean gap since {self.begins} {self.effect:.4g}",
            f"donors: {', '.join(carried)} (of {len(self.donors)}); "
            f"root mean square gap before {self.fit:.4g}",
        ]
        if not self.unique:
            after = self.path[self.path["after"]]
            lines.append(
                f"other weights fit as well: mean gap between {after['gap_low'].mean():.4g} and "
                f"{after['gap_high'].mean():.4g}"
            )
        if self.not_applicable is not None:
            lines.append(f"no p: {self.not_applicable.detail}")
        else:
            lines.append(f"placebo p = {self.p_value:.4g}, smallest attainable {self.smallest_p:.4g}")
        return "\n".join([*lines, *self.notes])


def synthetic_control(
    frame: pd.DataFrame,
    outcome: str,
    *,
    unit: str,
    time: str,
    treated: str | None = None,
    first_treated: str | None = None,
    of: object = None,
) -> SyntheticControl:
    """Weights on never-treated units, at least 0 and summing to 1, that fit the outcome before best.

    of: the treated unit; needed where there are several, which then stay out of the donors. Placebos:
    every donor in the place of the treated unit, which is not among its donors. With no more periods
    before than donors carrying weight, other weights fit as well: the gap is then given as a range.
    InputError with fewer than two donors or no two periods before. Source: Abadie, Diamond &
    Hainmueller (2010), J. Am. Stat. Assoc. 105, 493-505.
    """
    data = _panel.read(frame, outcome, unit=unit, time=time, treated=treated, first_treated=first_treated)
    chosen = np.flatnonzero(~data.never)
    names = [str(one) for one in data.units]
    if of is not None:
        chosen = np.array([place for place in chosen if names[place] == str(of)], dtype=np.intp)
    if len(chosen) != 1:
        among = ", ".join(names[one] for one in np.flatnonzero(~data.never)[:8])
        raise InputError(Fault("did.which_treated", {"of": "" if of is None else str(of), "units": among}))
    one = int(chosen[0])
    pool = np.flatnonzero(data.never)
    begins = int(data.first[one])
    faults = []
    if len(pool) < 2:
        faults.append(Fault("did.few_donors", {"n": len(pool)}))
    if begins < 2:
        faults.append(Fault("did.few_before", {"unit": names[one], "n": begins}))
    if faults:
        raise InputError(faults)
    target, donors = data.values[one], data.values[pool]
    weights = fitted(target[:begins], donors[:, :begins])
    gap = target - weights @ donors
    low, high = _range(target, donors, weights, begins)
    spread = max(float(data.values[:, :begins].std()), 1e-300)
    unique = bool((high - low).max() <= 1e-6 * spread)
    placebos = np.array([_placebo(donors, place, begins) for place in range(len(pool))])
    gaps = np.vstack([gap, placebos])
    before = np.sqrt((gaps[:, :begins] ** 2).mean(axis=1))
    after = np.sqrt((gaps[:, begins:] ** 2).mean(axis=1))
    perfect = before <= _PERFECT * spread
    ratio = np.where(perfect, np.inf, after / np.where(perfect, 1.0, before))
    why, p = _rank(ratio, perfect, len(pool))
    import pandas as pd

    periods = list(data.periods)
    path = pd.DataFrame(
        {"time": periods, "treated": target, "synthetic": target - gap, "gap": gap, "gap_low": low,
         "gap_high": high, "after": np.arange(len(periods)) >= begins}
    )  # fmt: skip
    notes = (
        *data.notes,
        f"{begins} periods before the beginning, {len(pool)} donors",
        *(["few periods before: a close fit is little evidence"] if begins < 5 else []),
    )
    return SyntheticControl(
        outcome, names[one], path, {names[place]: float(w) for place, w in zip(pool, weights, strict=True)},
        periods[begins], unique, float(before[0]), tuple(names[place] for place in pool), placebos, ratio,
        p, 1 / (len(pool) + 1), why, notes,
    )  # fmt: skip


def fitted(target: Floats, donors: Floats) -> Floats:
    """(d,) weights, at least 0 and of sum 1, of the donors (d, t) closest to the target (t,).

    The nearest point of the donors' hull: as the least norm of a hull it is a least squares problem
    with no other constraint than signs (Lawson & Hanson 1974, Solving Least Squares Problems, ch. 23).
    """
    from scipy.optimize import nnls

    away = donors - target
    size = max(float(np.abs(away).max()), 1e-300)
    system = np.vstack([away.T / size, np.ones(len(donors))])
    goal = np.append(np.zeros(len(target)), 1.0)
    found, _ = nnls(system, goal)
    return np.asarray(found / found.sum(), dtype=np.float64)


def _placebo(donors: Floats, place: int, begins: int) -> Floats:
    others = np.delete(donors, place, axis=0)
    weights = fitted(donors[place, :begins], others[:, :begins])
    return np.asarray(donors[place] - weights @ others)


def _range(target: Floats, donors: Floats, weights: Floats, begins: int) -> tuple[Floats, Floats]:
    """(t,) least and largest gap over all weights that fit as well before the beginning."""
    from scipy.optimize import linprog

    gap = target - weights @ donors
    low, high = gap.copy(), gap.copy()
    size = max(float(np.abs(donors).max()), 1e-300)
    same = np.vstack([donors[:, :begins].T / size, np.ones(len(donors))])
    goal = same @ weights
    for place in range(begins, len(target)):
        for sign, into in ((1.0, high), (-1.0, low)):
            found = linprog(sign * donors[:, place] / size, A_eq=same, b_eq=goal, bounds=(0, None))
            if found.status == 0:
                edge = float(target[place] - found.x @ donors[:, place])
                into[place] = max(into[place], edge) if sign > 0 else min(into[place], edge)
    return low, high


def _rank(ratio: Floats, perfect: NDArray[np.bool_], donors: int) -> tuple[NotApplicable | None, float]:
    if perfect.any():
        detail = (
            f"{int(perfect.sum())} of {len(ratio)} units are fitted without error before the beginning: "
            "there are too few periods for a fit to mean anything, and ratios to it have no size"
        )
        return NotApplicable("perfect-fit", detail), float("nan")
    p = float((ratio >= ratio[0] * (1 - 1e-12)).mean())
    return None, p
