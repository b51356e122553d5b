"""The arithmetic of the inventory matcher: the lists with some conditions loosened, matched anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govlab.errors import InputError
from govlab.institutions.inventory import Inventory, match
from govlab.institutions.inventory.lists import TESTS
from govlab.institutions.reach.walking import walking_pairs

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.inventory.matching import Change, Match
    from govlab.institutions.reach import Places

EVERYWHERE = "*"
LISTED = "listed"  # everybody on the list, whatever the tests say
_SHEETS = ("needs", "resources", "actors", "rules")  # what a match reads
READINGS = (LISTED, "any", "all")


@dataclass(frozen=True)
class Loosened:
    """What is loosened: minutes people walk beyond the places a resource serves, weeks it is open before
    and after, per cent more capacity, whose resources count, which kind of need counts how many times.
    """

    minutes: int = 0
    weeks: int = 0
    capacity: int = 0
    tests: str = "any"
    kinds: tuple[str, ...] = ()
    more: str = ""
    times: float = 1.0


@dataclass(frozen=True, eq=False)
class Found:
    """A match, needs by kind with why they are unmet, who serves how many of which kind, the best change.

    series: capability -> reason ("" for met) -> needs. served: (capability, kind of actor) -> amount.
    capacity: kind of actor -> what its resources hold. broken: promises of the rules that cannot be kept.
    """

    match: Match
    series: dict[str, dict[str, int]]
    served: dict[tuple[str, str], float]
    capacity: dict[str, float]
    change: Change | None
    broken: int

    @property
    def met(self) -> int:
        """Needs met in full."""
        return sum(one.get("", 0) for one in self.series.values())

    @property
    def needs(self) -> int:
        """Open needs."""
        return sum(sum(one.values()) for one in self.series.values())


def neighbours(places: Places, most: float) -> dict[tuple[str, str], float]:
    """Minutes on foot between the middles of two places, where they are at most ``most`` apart.

    The middle is the mean of a place's points, weighted by residents.
    """
    points = places.points
    at = places.coordinates("points")
    codes = points["place"].to_numpy(dtype=str)
    residents = points["residents"].to_numpy(dtype=float)
    names = sorted({one for one in codes if one})
    middle = np.array(
        [np.average(at[codes == one], axis=0, weights=residents[codes == one]) for one in names]
    )
    near = walking_pairs(middle, middle, projected=places.projected, minutes=most)
    return {
        (names[one], names[two]): float(minutes)
        for one, two, minutes in zip(near.point, near.facility, near.minutes, strict=True)
    }


class Matcher:
    """Lists with a day, and the minutes between their places."""

    def __init__(self, held: Inventory, day: dt.date, apart: dict[tuple[str, str], float]) -> None:
        self.held = held
        self._plain = {name: _plain(held.frames[name]) for name in _SHEETS}
        self.day = day
        self.apart = apart
        self.actor_kind = dict(zip(held.frames["actors"]["id"], held.frames["actors"]["kind"], strict=True))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of actors that open something, as listed."""
        return tuple(dict.fromkeys(self.actor_kind[one] for one in self.held.frames["resources"]["actor"]))

    @property
    def capabilities(self) -> tuple[str, ...]:
        """What is needed, as listed."""
        codes = self.held.frames["codes"]
        wanted = set(self.held.frames["needs"]["capability"])
        return tuple(one for one in codes.loc[codes["list"] == "capability", "code"] if one in wanted)

    def found(self, asked: Loosened) -> Found:
        """The best match under loosened conditions; promises that cannot be kept are left out and counted."""
        changed = self.loosened(asked)
        tests = "any" if asked.tests == LISTED else asked.tests
        broken = 0
        try:
            found = match(changed, on=self.day, tests=tests, seconds=2.0)
        except InputError:
            rules = changed.frames["rules"]
            promised = rules["rule"] == "must"
            broken = int(promised.sum())
            free = Inventory(
                changed.frames | {"rules": rules[~promised].reset_index(drop=True)}, changed.file
            )
            found = match(free, on=self.day, tests=tests, seconds=2.0)
        by_need = found.by_need()
        series: dict[str, dict[str, int]] = {one: {} for one in self.capabilities}
        for capability, reason in zip(by_need["capability"], by_need["reason"], strict=True):
            own = series[str(capability)]
            own[str(reason)] = own.get(str(reason), 0) + 1
        served: dict[tuple[str, str], float] = {}
        pairs = found.frame
        for capability, actor, amount in zip(
            pairs["capability"], pairs["actor"], pairs["amount"], strict=True
        ):
            key = (str(capability), self.actor_kind[actor])
            served[key] = served.get(key, 0.0) + float(amount)
        capacity: dict[str, float] = dict.fromkeys(self.kinds, 0.0)
        for actor, units in zip(found.resources["actor"], found.resources["capacity"], strict=True):
            capacity[self.actor_kind[actor]] += float(units)
        return Found(found, series, served, capacity, found.unlock(), broken)

    def loosened(self, asked: Loosened) -> Inventory:
        """The lists as they would read."""
        frames = dict(self._plain)
        resources = frames["resources"].copy()
        if asked.minutes:
            resources["place"] = [self._wider(one, asked.minutes) for one in resources["place"]]
        if asked.weeks:
            room = np.timedelta64(7 * asked.weeks, "D")
            resources["since"] = resources["since"] - room
            resources["until"] = resources["until"] + room
        if asked.capacity:
            resources["capacity"] = np.ceil(resources["capacity"] * (1 + asked.capacity / 100) - 1e-9)
        kept = [self.actor_kind[one] in asked.kinds for one in resources["actor"]]
        frames["resources"] = resources[kept].reset_index(drop=True)
        if asked.tests == LISTED:
            frames["actors"] = frames["actors"].assign(**dict.fromkeys(TESTS, "yes"))
        if asked.more and asked.times != 1:
            needs = frames["needs"]
            times = np.where(needs["capability"] == asked.more, asked.times, 1.0)
            frames["needs"] = needs.assign(weight=needs["weight"] * times)
        frames["rules"] = _known(frames["rules"], frames["resources"]["id"])
        return Inventory(frames, self.held.file)

    def _wider(self, served: Iterable[str], minutes: float) -> tuple[str, ...]:
        """Places served, and those from which it is so many minutes to one of them."""
        found = dict.fromkeys(served)
        if EVERYWHERE not in found:
            found |= dict.fromkeys(
                here for (here, there), away in self.apart.items() if there in found and away <= minutes
            )
        return tuple(found)


def _known(rules: pd.DataFrame, resources: Iterable[str]) -> pd.DataFrame:
    """Rules about resources that are still there; a promise about one that is not is no promise any more."""
    there = {"", *resources}
    return rules[[one in there for one in rules["resource"]]].reset_index(drop=True)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """What a match reads of a table, texts as plain objects: they are gone through again at every touch."""
    kept = frame.drop(columns=[name for name in frame.columns if "::" in name or name == "closed"])
    return kept.astype({name: object for name in kept.columns if kept[name].dtype == "string"})
