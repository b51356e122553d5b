"""The quarter-hour life circle: who has which kinds of service within reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.institutions.reach.access import cumulative, two_step
from govlab.institutions.reach.walking import DETOUR, MINUTES, SPEED, Near, times
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.reach.places import Places

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Circle(Result):
    """What residents reach within a time on foot.

    frame: a row a kind: ``facilities``, ``residents`` who reach one, ``share`` of all, ``nearest`` (median
    minutes of those who do), ``two_step_low``, ``two_step_mid``, ``two_step_high``: capacity per 1,000
    residents by two-step floating catchments at the 10th, 50th and 90th percentile of residents; ``reason``
    where no capacity is stated. reached: (points, kinds), whether one is within reach. The times rest on
    ``minutes``, ``detour`` and ``speed``, or on a matrix of times (``given``).
    """

    frame: pd.DataFrame
    places: Places
    minutes: float
    detour: float
    speed: float
    given: bool
    reached: NDArray[np.bool_] = field(repr=False)
    near: Near = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table of kinds."""
        return self.frame.copy()

    @property
    def kinds_reached(self) -> NDArray[np.int64]:
        """How many kinds each point reaches."""
        return np.asarray(self.reached.sum(axis=1), dtype=np.int64)

    @property
    def complete(self) -> float:
        """Share of residents who reach every kind."""
        residents = self.places.points["residents"].to_numpy(float)
        return _ratio(residents[self.reached.all(axis=1)].sum(), residents.sum())

    def by_place(self) -> pd.DataFrame:
        """A row a place: residents, mean number of kinds they reach, share who reach all."""
        import pandas as pd

        points = self.places.points
        residents = points["residents"].to_numpy(float)
        rows = []
        for place in dict.fromkeys(points["place"]):
            own = (points["place"] == place).to_numpy()
            total = residents[own].sum()
            rows.append(
                {
                    "place": place, "residents": total,
                    "kinds": _ratio((residents * self.kinds_reached)[own].sum(), total),
                    "complete": _ratio(residents[own & self.reached.all(axis=1)].sum(), total),
                }
            )  # fmt: skip
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """Kinds, share who reach all, what it rests on."""
        how = "given travel times" if self.given else f"{self.speed:g} m a minute, detour {self.detour:g}"
        return (
            f"{len(self.frame)} kinds of service within {self.minutes:g} minutes ({how})\n"
            f"residents who reach all of them: {100 * self.complete:.1f} %"
        )


def circle(
    places: Places, *, minutes: float = MINUTES, detour: float = DETOUR, speed: float = SPEED
) -> Circle:
    """Shares of residents with each kind of service within ``minutes`` on foot, and how crowded it is.

    The source names a quarter of an hour and says neither how one travels nor to what (BJ-020): speed,
    detour and the list of facilities are the user's. Given travel times replace the first two.
    """
    import pandas as pd

    near = times(places, minutes=minutes, detour=detour, speed=speed)
    residents = places.points["residents"].to_numpy(float)
    capacity = places.facilities["capacity"].to_numpy(float)
    kind_of = places.facilities["kind"].to_numpy()
    reached = np.zeros((len(residents), len(places.kinds)), dtype=bool)
    rows = []
    for column, kind in enumerate(places.kinds):
        own = kind_of == kind
        mine = own[near.facility]
        part = Near(near.point[mine], near.facility[mine], near.minutes[mine])
        reached[:, column] = cumulative(part, np.ones(len(own)), len(residents)) > 0
        row: dict[str, object] = {
            "kind": kind, "facilities": int(own.sum()),
            "residents": float(residents[reached[:, column]].sum()),
            "share": _ratio(residents[reached[:, column]].sum(), residents.sum()),
            "nearest": _nearest(part, residents),
        }  # fmt: skip
        stated = bool(np.isfinite(capacity[own]).all() and own.any())
        head = 1000 * two_step(part, np.where(own, np.nan_to_num(capacity), 0.0), residents)
        for name, level in (("low", 0.1), ("mid", 0.5), ("high", 0.9)):
            row[f"two_step_{name}"] = _quantile(head, residents, level) if stated else np.nan
        row["reason"] = "" if stated else "no-capacity"
        rows.append(row)
    given = not places.travel.empty
    return Circle(pd.DataFrame(rows), places, minutes, detour, speed, given, reached, near)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def _nearest(near: Near, residents: Floats) -> float:
    """Median minutes to the nearest, over residents who reach one."""
    if not len(near.point):
        return float("nan")
    best = np.full(len(residents), np.inf)
    np.minimum.at(best, near.point, near.minutes)
    there = np.isfinite(best)
    return _quantile(best[there], residents[there], 0.5)


def _quantile(values: Floats, weights: Floats, level: float) -> float:
    """The smallest value at or below which the share ``level`` of the weight lies."""
    if weights.sum() <= 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(share, level - 1e-12)])
