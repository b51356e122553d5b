"""Agreements on co-building, measured on the three deficits that Kong Nana names, and on reciprocity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from govlab.institutions.inventory.lists import KINDS, RESIDENTS, SHARING
from govlab.institutions.measured import Measured

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.inventory.book import Inventory

# The old kind of partner, as the source has it: formal bodies (KO-004, first deficit).
FORMAL = frozenset({"party", "committee", "public-body", "institution", "enterprise"})
HOUSEHOLDS = "households"


def effective(counts: Iterable[float]) -> float:
    """How many equally common kinds would be as diverse: 1 / sum p^2 (Simpson 1949; Hill 1973, order 2)."""
    held = np.array([one for one in counts if one > 0], dtype=float)
    if not len(held):
        return float("nan")
    shares = held / held.sum()
    return float(1 / (shares**2).sum())


def agreements(inventory: Inventory, on: dt.date) -> Measured:
    """Deficits and reciprocity of agreements in force on a day: ``measure``, ``value``, ``of``, ``reason``.

    kinds_of_actors, effective_actors, informal_share: kinds among the parties (of nine), how many equally
    common ones they come to, share of parties that are no formal body. things_shared, effective_things,
    space_share: the same of what is given (of six), and the share of lines that open space, the old content.
    renewed: share of the agreements that ended before the day and were renewed. two_way: share of giver-
    receiver ties that are returned; both_ways: share of agreements in which every party gives and gets.
    """
    import pandas as pd

    frame, actors = inventory.sheet("agreements"), inventory.sheet("actors")
    day = np.datetime64(on)
    since, until = (frame[one].to_numpy("datetime64[D]") for one in ("since", "until"))
    now = frame[(since <= day) & ~(until < day)]
    rows = [*_actors(now, actors), *_things(now), *_renewal(frame, day), *_ties(now)]
    table = pd.DataFrame(rows, columns=["measure", "value", "of", "reason"])
    return Measured(table, f"agreements in force on {on.isoformat()}: {now['agreement'].nunique()}")


Row = tuple[str, float, int, str]


def _row(measure: str, value: float, of: int, reason: str = "no-agreement") -> Row:
    return (measure, value, of, "" if np.isfinite(value) else reason)


def _actors(now: pd.DataFrame, actors: pd.DataFrame) -> list[Row]:
    kinds = dict(zip(actors["id"], actors["kind"], strict=True)) | {RESIDENTS: HOUSEHOLDS}
    parties = [one for one in dict.fromkeys([*now["giver"], *now["receiver"]]) if one in kinds]
    own = [kinds[one] for one in parties]
    n = len(own)
    informal = sum(one not in FORMAL for one in own)
    return [
        _row("kinds_of_actors", len(set(own)) if n else np.nan, len(KINDS)),
        _row("effective_actors", effective(own.count(one) for one in dict.fromkeys(own)), len(KINDS)),
        _row("informal_share", informal / n if n else np.nan, n),
    ]


def _things(now: pd.DataFrame) -> list[Row]:
    n = len(now)
    counts = now["shares"].value_counts()
    space = float(counts.get("space", 0))
    return [
        _row("things_shared", len(counts) if n else np.nan, len(SHARING)),
        _row("effective_things", effective(counts.to_list()), len(SHARING)),
        _row("space_share", space / n if n else np.nan, n),
    ]


def _renewal(frame: pd.DataFrame, day: np.datetime64) -> list[Row]:
    until = frame.groupby("agreement")["until"].max()
    ended = set(until.index[until.to_numpy("datetime64[D]") < day])
    renewed = ended & set(frame["renews"])
    return [_row("renewed", len(renewed) / len(ended) if ended else np.nan, len(ended), "none-ended")]


def _ties(now: pd.DataFrame) -> list[Row]:
    ties = set(zip(now["giver"], now["receiver"], strict=True))
    back = sum((receiver, giver) in ties for giver, receiver in ties)
    both, n = 0, 0
    for _, own in now.groupby("agreement"):
        n += 1
        both += set(own["giver"]) == set(own["receiver"])
    return [
        _row("two_way", back / len(ties) if ties else np.nan, len(ties)),
        _row("both_ways", both / n if n else np.nan, n),
    ]
