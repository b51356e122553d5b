"""Event study: effects by time since the beginning, before it and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.compare.did.aggregate import Aggregated
from govlab.compare.did.groups import Control, GroupTime, group_time
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.compare.did.trends import PreTrend


@dataclass(frozen=True, eq=False)
class EventStudy(Result):
    """Effects by event time against the last period before the beginning (-1, which is 0 by itself)."""

    cells: GroupTime
    averages: Aggregated

    def to_frame(self) -> pd.DataFrame:
        """``event_time``, the common columns, ``band_low``, ``band_high``; the row of -1 says ``base``."""
        import pandas as pd

        base = pd.DataFrame([{"event_time": -1, "estimate": 0.0, "reason": "base"}])
        rows = pd.concat([self.averages.frame, base], ignore_index=True)
        return rows.sort_values("event_time", ignore_index=True)

    def pre_trend(self, *, power: float = 0.8) -> PreTrend:
        """What the periods before the beginning say, and what they could have missed."""
        from govlab.compare.did.trends import pre_trend

        return pre_trend(self.averages, power=power)

    def summary(self) -> str:
        """The average after the beginning."""
        return "\n".join([self.cells.summary(), self.averages.summary()])


def event_study(
    frame: pd.DataFrame,
    outcome: str,
    *,
    unit: str,
    time: str,
    treated: str | None = None,
    first_treated: str | None = None,
    control: Control = "never-treated",
    cluster: str | None = None,
    small_sample: bool = True,
    level: float = 0.95,
) -> EventStudy:
    """Dynamic averages of group-time effects, all against the last period before the beginning.

    Arguments as of ``group_time``. Unlike a regression on leads and lags it never uses units already
    treated as controls (Sun & Abraham 2021, J. Econometrics 225, 175-199).
    """
    cells = group_time(
        frame, outcome, unit=unit, time=time, treated=treated, first_treated=first_treated,
        control=control, base="universal", cluster=cluster, small_sample=small_sample, level=level,
    )  # fmt: skip
    return EventStudy(cells, cells.aggregate("dynamic"))
