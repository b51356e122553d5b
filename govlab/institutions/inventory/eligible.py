"""Which resource could serve which need, and the first thing that stands between them where it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Truth = NDArray[np.bool_]
Reading = Literal["any", "all"]


class Step(IntEnum):
    """What is asked in turn; a pair fails at the first that does not hold, 0 where all do."""

    FITS = 0
    CAPABILITY = 1
    PLACE = 2
    TIME = 3
    ACTOR = 4  # the participant does not pass the tests, or is not willing
    SIZE = 5  # one supplier must give it all, and has not that much
    NEVER = 6  # ruled out
    FULL = 7  # eligible, but others took what there is


# A need that fails at a later step came closer; a miss on capability is the farthest.
CLOSENESS = (Step.CAPABILITY, Step.PLACE, Step.TIME, Step.ACTOR, Step.SIZE, Step.NEVER, Step.FULL)


@dataclass(frozen=True, eq=False)
class Pairs:
    """needs x resources: the step at which each pair fails, how many steps fail, and exceptions made.

    step: ``Step`` codes. failures: number of steps that do not hold, exceptions not counted. excepted:
    pairs that a ``may`` rule lets in. failing: step -> whether it fails.
    """

    step: NDArray[np.int8]
    failures: NDArray[np.int8]
    excepted: Truth
    failing: dict[Step, Truth]


def pairs(
    needs: pd.DataFrame, resources: pd.DataFrame, actors: pd.DataFrame, rules: pd.DataFrame, tests: Reading
) -> Pairs:
    """Every need beside every resource.

    capability: what is needed is among what is offered. place: the resource serves it (``*``: everywhere).
    time: the period of the need lies within that of the resource, blank ends being open. tests: a
    participant must pass ``any`` or ``all`` of the four; the source does not say which. One whose will is
    ``no`` serves nobody.
    """
    failing = {
        Step.CAPABILITY: ~_among(needs["capability"], resources["capability"]),
        Step.PLACE: ~_among(needs["place"], resources["place"]),
        Step.TIME: ~_within(needs, resources),
        Step.ACTOR: np.broadcast_to(~_passes(resources, actors, tests), (len(needs), len(resources))),
        Step.SIZE: (needs["whole"].to_numpy() == "yes")[:, None]
        & (needs["amount"].to_numpy(float)[:, None] > resources["capacity"].to_numpy(float)[None, :] + 1e-9),
    }
    step = np.zeros((len(needs), len(resources)), dtype=np.int8)
    failures = np.zeros_like(step)
    for name, fails in failing.items():
        step[(step == 0) & fails] = name
        failures += fails
    may = _ruled(needs, resources, rules, "may")
    excepted = may & (step > 0) & ~failing[Step.SIZE]
    step[excepted] = Step.FITS
    never = _ruled(needs, resources, rules, "never")
    step[never & (step == 0)] = Step.NEVER
    failing[Step.NEVER] = never
    return Pairs(step, failures, excepted, failing)


def _among(wanted: pd.Series, offered: pd.Series) -> Truth:
    """Whether each wanted code is among the offered ones; ``*`` offers all."""
    names = {code: place for place, code in enumerate(dict.fromkeys(wanted))}
    table = np.zeros((len(names), len(offered)), dtype=bool)
    for column, codes in enumerate(offered):
        if "*" in codes:
            table[:, column] = True
        table[[names[code] for code in codes if code in names], column] = True
    return table[[names[code] for code in wanted], :]


def _within(needs: pd.DataFrame, resources: pd.DataFrame) -> Truth:
    start, end = (_days(needs[one], fill) for one, fill in (("since", -np.inf), ("until", np.nan)))
    # A need without an end is over with its first day: it can be met on any one day from then on.
    open_end = np.isnan(end)
    opens, closes = (_days(resources[one], fill) for one, fill in (("since", -np.inf), ("until", np.inf)))
    starts_in = np.where(open_end[:, None], closes >= start[:, None], opens <= start[:, None])
    ends_in = np.where(open_end[:, None], True, closes >= end[:, None])
    return np.asarray(starts_in & ends_in)


def _days(dates: pd.Series, blank: float) -> NDArray[np.float64]:
    days = dates.to_numpy("datetime64[D]")
    return np.where(np.isnat(days), blank, days.astype("int64").astype(float))


def _passes(resources: pd.DataFrame, actors: pd.DataFrame, tests: Reading) -> Truth:
    names = ["will", "ability", "means", "relation"]
    held = (actors[names] == "yes").to_numpy()
    good = held.all(axis=1) if tests == "all" else held.any(axis=1)
    good &= (actors["will"] != "no").to_numpy()
    passing = set(actors["id"][good])
    return np.array([one in passing for one in resources["actor"]], dtype=bool)


def _ruled(needs: pd.DataFrame, resources: pd.DataFrame, rules: pd.DataFrame, rule: str) -> Truth:
    """Pairs that rules of one kind name; a blank need or resource stands for all."""
    found = np.zeros((len(needs), len(resources)), dtype=bool)
    rows = {code: place for place, code in enumerate(needs["id"])}
    columns = {code: place for place, code in enumerate(resources["id"])}
    for one in rules[rules["rule"] == rule].itertuples():
        row = slice(None) if not one.need else rows.get(one.need)
        column = slice(None) if not one.resource else columns.get(one.resource)
        if row is not None and column is not None:
            found[row, column] = True
    return found
