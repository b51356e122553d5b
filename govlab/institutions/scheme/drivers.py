"""Which indicator decides the order: its share of the spread between units, and the order without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govlab.errors import InputError
from govlab.institutions.scheme.arithmetic import Floats
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.scheme.scores import Scores


@dataclass(frozen=True, eq=False)
class Drivers(Result):
    """What each indicator does to the order.

    frame: ``indicator weight weight_origin spread moved most unit``: its share of the variance between
    scores (all of them and the added points make 1; negative where it works against the rest), the mean
    and the largest change of estimated rank when it is left out, and whose that is. without: unit,
    indicator left out, rank then; ``rank`` now.
    """

    frame: pd.DataFrame
    without: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table, the strongest first."""
        return self.frame.copy()

    def summary(self) -> str:
        """The indicator behind most of the spread."""
        first = self.frame.iloc[0]
        return (
            f"most of the spread: {first['indicator']} ({100 * first['spread']:.0f} %); "
            f"ranks without it move by {first['moved']:.1f} on average, at most {first['most']}"
        )


def order(values: Floats) -> np.ndarray:
    """(units,) estimated ranks, largest first, equal values sharing the better rank."""
    return np.asarray(1 + (values[None, :] > values[:, None]).sum(axis=1))


def drivers(scores: Scores) -> Drivers:
    """Shares of the spread and ranks without each indicator, over the units that have a score.

    Estimated ranks only: how sure they are is another question, which ``ranks`` answers.
    """
    import pandas as pd

    from govlab.institutions.scheme.scores import need_pieces

    held = need_pieces(scores)
    kept = np.flatnonzero(np.isfinite(scores.estimate))
    total = scores.estimate[kept]
    shares = scores.scheme.shares
    now = order(total)
    spread = float(total @ (total - total.mean()))
    rows, without = [], []
    for place, name in enumerate(held.names):
        if not shares.get(name):
            continue
        part = shares[name] * held.points[place, kept]
        share = float(part @ (total - total.mean())) / spread if spread > 0 else float("nan")
        try:
            other = scores.scheme.without(name).shares
        except InputError:
            continue  # the only indicator of all
        then = order(held.totals(other)[kept])
        moved = np.abs(then - now)
        who = scores.units[kept[int(moved.argmax())]].id
        origin = scores.scheme.node(name).weight.origin.value
        rows.append((name, shares[name], origin, share, float(moved.mean()), int(moved.max()), who))
        without += [
            (scores.units[at].id, name, int(a), int(b)) for at, a, b in zip(kept, now, then, strict=True)
        ]
    columns = ["indicator", "weight", "weight_origin", "spread", "moved", "most", "unit"]
    frame = pd.DataFrame(rows, columns=columns).sort_values("spread", ascending=False, kind="stable")
    ranks = pd.DataFrame(without, columns=["unit", "indicator", "rank", "then"])
    return Drivers(frame.reset_index(drop=True), ranks)
