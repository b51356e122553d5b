"""Coupling coordination of subsystems: the right degree of coupling, and the common wrong ones by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
FORMULAS = ("standard", "without-coefficient", "without-root")
LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)  # upper ends of the ten customary classes


@dataclass(frozen=True, eq=False)
class Coupling(Result):
    """Coupling of subsystems, one row a unit: names, ``coupling`` (C), ``development`` (T), ``coordination`` (D).

    level: 1 to 10, the customary ten classes of D (a convention, without a test behind it). formula: which C.
    largest: the largest value that this C can take.
    """  # noqa: E501

    frame: pd.DataFrame
    formula: str
    largest: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """The formula and what its C can reach."""
        return "\n".join([f"coupling coordination, C {self.formula} (at most {self.largest:g})", *self.notes])


def degree(u: Floats, formula: str = "standard") -> Floats:
    """(n,) degree of coupling C of (n, m) non-negative subsystem scores.

    standard: m (prod U)^(1/m) / sum U, the geometric over the arithmetic mean, from 0 to 1 (1: all equal).
    Two that many papers print instead, kept so that such a paper can be matched: ``without-coefficient``
    drops the m and cannot exceed 1 / m; ``without-root`` takes prod U / ((sum U) / m)^m, from 0 to 1 but
    lower than standard, not comparable with it. Liu (2017); Wang, Kong, Ren, Zhi & Dai (2021), J. Nat.
    Resour. 36(3), 793-810. A row of zeros has no coupling (nan). ValueError for another formula.
    """
    m = u.shape[1]
    total = u.sum(axis=1)
    arithmetic = np.divide(total, m, out=np.full(len(u), np.nan), where=total > 0)
    ratio: Floats = np.prod(u / arithmetic[:, None], axis=1)
    if formula == "standard":
        return np.asarray(ratio ** (1 / m))
    if formula == "without-coefficient":
        return np.asarray(ratio ** (1 / m) / m)
    if formula == "without-root":
        return ratio
    raise ValueError(f"formula must be one of {', '.join(FORMULAS)}, got {formula!r}")


def coupling(
    scores: pd.DataFrame, *, unit: str, weights: Floats | None = None, formula: str = "standard"
) -> Coupling:
    """C, T and D = root(C T) of subsystems for every unit.

    scores: a column of names and a column a subsystem, each from 0 to 1. weights: of the subsystems in T =
    sum w U, equal by default. C tells how alike the scores are, not that the subsystems act on each other:
    two that are equally bad are perfectly coupled. InputError for scores outside 0 to 1 or missing.
    """
    import pandas as pd

    names = [name for name in scores.columns if name != unit]
    if len(names) < 2:
        raise ValueError(f"scores need two or more columns beside {unit!r}, got {names}")
    u = scores[names].to_numpy(dtype=np.float64)
    faults = []
    for place, name in enumerate(names):
        bad = ~((u[:, place] >= 0) & (u[:, place] <= 1))
        if bad.any():
            shown = ", ".join(scores[unit][bad].astype(str)[:5])
            faults.append(Fault("index.coupling_range", {"name": name, "n": int(bad.sum()), "units": shown}))
    if faults:
        raise InputError(faults)
    w = np.full(len(names), 1 / len(names)) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != (len(names),) or (w < 0).any() or not w.sum() > 0:
        raise ValueError(f"weights: {len(names)} non-negative numbers, got {weights!r}")
    c, t = degree(u, formula), u @ (w / w.sum())
    d = np.sqrt(c * t)
    level = pd.array([pd.NA] * len(d), dtype="Int64")
    known = ~np.isnan(d)
    level[known] = 1 + np.searchsorted(LEVELS, d[known], side="left")
    frame = pd.DataFrame(
        {unit: scores[unit].to_numpy(), "coupling": c, "development": t, "coordination": d, "level": level}
    )
    frame["reason"] = np.where(known, "", "all-zero")
    largest = 1 / len(names) if formula == "without-coefficient" else 1.0
    notes = () if formula == "standard" else ("this C is not the standard one: for matching a paper only",)
    return Coupling(frame, formula, largest, notes)


def compressed(values: Floats, low: float = 0.01, high: float = 0.99) -> Floats:
    """(n, m) columns brought to [low, high] by their range, as SPSSAU does before coupling by default.

    The scores then tell the place among these units only: the worst of a good lot gets 0.01.
    """
    from govlab.compare.index.normalising import minmax

    return minmax(values, low, high)
