"""Before fieldwork: what a difference needs, and what the communities and people one has can show.

Three comparisons of pilot with comparison zones are looked at side by side: levels in one wave, change
over two waves with other people asked each time (pilot x wave), and change with the same people asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal, get_args

from govlab.errors import Fault, InputError
from govlab.survey.planning import LEAST, Plan, detectable, power, sample_size, share_sd, size_for_margin

Comparison = Literal["levels", "other_people", "same_people"]


@dataclass(frozen=True)
class Aim:
    """What one wants to know and what one takes for granted.

    difference: worth finding; sd: of answers; share: of residents answering yes, instead of sd. icc:
    share of the variance between communities. take: people answering in each community and wave.
    response: share of those invited who answer. person_correlation: of a person's two answers;
    community_correlation: of a community's two means. comparisons: tests that share the level.
    weighting: design effect of unequal weights. margin: half width of a zone's own interval, None for
    half the difference.
    """

    difference: float = 0.3
    sd: float = 1.0
    share: float | None = None
    icc: float = 0.05
    take: int = 20
    response: float = 0.7
    person_correlation: float = 0.5
    community_correlation: float = 0.5
    comparisons: int = 1
    weighting: float = 1.0
    power: float = 0.8
    level: float = 0.95
    margin: float | None = None

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise InputError(faults)

    @property
    def spread(self) -> float:
        """Standard deviation of answers: sd, or that of a share."""
        if self.share is None:
            return self.sd
        return share_sd(self.share, self.share + self.difference)

    @property
    def half_width(self) -> float:
        """Of a zone's interval."""
        return self.difference / 2 if self.margin is None else self.margin

    @property
    def design_effect(self) -> float:
        """Of a mean where communities are drawn and ``take`` people answer in each."""
        return self.weighting * (1 + (self.take - 1) * self.icc)

    def plan(self, kind: Comparison, clusters: tuple[int, int], take: int) -> Plan:
        """The plan of one comparison."""
        two = kind != "levels"
        return Plan(
            self.difference,
            self.spread,
            clusters,
            take,
            icc=self.icc,
            waves=2 if two else 1,
            person_correlation=self.person_correlation if kind == "same_people" else 0.0,
            cluster_correlation=self.community_correlation if two else 0.0,
            weighting=self.weighting,
            comparisons=self.comparisons,
            response=self.response,
            level=self.level,
        )


@dataclass(frozen=True)
class Have:
    """What is there: communities in the pilot and the comparison group, people answering in each."""

    clusters: tuple[int, int]
    take: int

    @property
    def testable(self) -> bool:
        """Whether a test between the groups has degrees of freedom."""
        return min(self.clusters) >= 1 and sum(self.clusters) >= LEAST


@dataclass(frozen=True)
class Prospect:
    """One comparison. needed: communities for the difference with ``take`` people in each.

    yours: power for the difference with what is there; found: what that finds with the wanted power;
    enlarged: people in each of the communities there that would do. None where there is nothing to say,
    and ``why`` says why no number of people would do.
    """

    kind: Comparison
    needed: Plan | None
    yours: Plan | None = None
    found: Plan | None = None
    enlarged: Plan | None = None
    why: Fault | None = None


@dataclass(frozen=True)
class Zone:
    """A zone of the list: its communities and residents where the list says them."""

    name: str
    communities: int | None = None
    residents: int | None = None


@dataclass(frozen=True)
class ZoneNeed:
    """Answers for the wanted interval of one zone.

    whole: where every community of it is asked; drawn: where communities are drawn, and ``communities``
    how many; None for both where the zone has not that many. invite: people to invite for ``whole``,
    and ``each`` of them in a community; None for all where even all its residents are too few.
    """

    zone: Zone
    whole: int
    invite: int | None
    each: int | None
    drawn: int | None
    communities: int | None


@dataclass(frozen=True)
class Pairs:
    """Telling any two of the zones apart, all pairs at once: people in each zone.

    whole: where every community is asked and the claim is about these communities; communities: to be
    drawn in each zone with ``take`` people where it is about zones of that kind.
    """

    count: int
    whole: int
    communities: int


def prospects(aim: Aim, have: Have | None = None) -> tuple[Prospect, ...]:
    """The three comparisons under one aim, with what is there if that is known."""
    return tuple(_prospect(aim, kind, have) for kind in get_args(Comparison))


def have_from(
    aim: Aim, *, clusters: tuple[int, int] | None = None, people: int | None = None, take: int | None = None
) -> Have | None:
    """What is there, from communities by group, or people answering a wave in all, or both.

    Communities alone: ``take`` (default: the aim's) in each. Both: people spread evenly. People alone:
    as many communities as they fill, half in each group. None if neither is given; InputError if they
    do not go together.
    """
    each = take or aim.take
    if people is None:
        return None if clusters is None else Have(clusters, each)
    if clusters is None:
        half = people // each // 2
        if half < 1:
            raise InputError(Fault("survey_sample.people_few", {"people": people, "n": 2 * each}))
        return Have((half, half), each)
    each = people // sum(clusters)
    if each < 1:
        raise InputError(Fault("survey_sample.people_few", {"people": people, "n": sum(clusters)}))
    return Have(clusters, each)


def zone_needs(aim: Aim, zones: tuple[Zone, ...]) -> tuple[ZoneNeed, ...]:
    """Answers and invitations for an interval of ``aim.half_width`` in each zone by itself."""
    return tuple(_need(aim, zone) for zone in zones)


def pairs(aim: Aim, zones: int) -> Pairs | None:
    """What telling any two zones apart needs; None with fewer than two zones."""
    if zones < 2:
        return None
    count = zones * (zones - 1) // 2
    one = replace(aim, comparisons=count)
    people = replace(one.plan("levels", (1, 1), 1), icc=0.0)
    drawn = one.plan("levels", (1, 1), aim.take)
    whole = sample_size(people, target=aim.power).clusters[0]
    return Pairs(count, whole, sample_size(drawn, target=aim.power).clusters[0])


def _prospect(aim: Aim, kind: Comparison, have: Have | None) -> Prospect:
    ratio = have.clusters if have is not None and min(have.clusters) >= 1 else (1, 1)
    needed = _needed(aim, kind, ratio)
    if have is None:
        return Prospect(kind, needed)
    if not have.testable:
        values = {"n": sum(have.clusters), "least": LEAST}
        return Prospect(kind, needed, why=Fault("survey_sample.no_test", values))
    plan = aim.plan(kind, have.clusters, have.take)
    yours, found = power(plan), detectable(plan, target=aim.power)
    try:
        enlarged = sample_size(plan, target=aim.power, seek="cluster_size")
    except InputError as error:
        why = Fault("survey_sample.not_enough", error.faults[0].values)
        return Prospect(kind, needed, yours, found, why=why)
    return Prospect(kind, needed, yours, found, enlarged)


def _needed(aim: Aim, kind: Comparison, ratio: tuple[int, int]) -> Plan:
    """Communities in the proportion of what is there.

    The search counts pilot communities and rounds the others up, so the smaller group leads.
    """
    small, large = min(ratio), max(ratio)
    plan = sample_size(aim.plan(kind, (small, large), aim.take), target=aim.power)
    return plan if ratio[0] <= ratio[1] else replace(plan, clusters=(plan.clusters[1], plan.clusters[0]))


def _need(aim: Aim, zone: Zone) -> ZoneNeed:
    margin, sd, level = aim.half_width, aim.spread, aim.level
    there = zone.residents
    whole = size_for_margin(margin, sd=sd, population=there, design_effect=aim.weighting, level=level)
    invite: int | None = ceil(whole / aim.response - 1e-9)
    if invite is not None and there is not None and invite > there:
        invite = None
    each = None if invite is None or not zone.communities else ceil(invite / zone.communities)
    drawn: int | None = size_for_margin(
        margin, sd=sd, population=there, design_effect=aim.design_effect, level=level
    )
    communities: int | None = ceil((drawn or 0) / aim.take)
    if zone.communities is not None and communities is not None and communities >= zone.communities:
        drawn = communities = None
    return ZoneNeed(zone, whole, invite, each, drawn, communities)


def _faults(aim: Aim) -> Iterator[Fault]:
    def outside(name: str, allowed: str) -> Fault:
        values = {"name": name, "allowed": allowed, "got": getattr(aim, name)}
        return Fault("survey_sample.range", values)

    for name in ("difference", "sd", "weighting"):
        if not getattr(aim, name) > 0:
            yield outside(name, "> 0")
    if aim.margin is not None and not aim.margin > 0:
        yield outside("margin", "> 0")
    for name in ("icc", "person_correlation", "community_correlation"):
        if not 0 <= getattr(aim, name) < 1:
            yield outside(name, "≥ 0, < 1")
    for name in ("power", "level"):
        if not 0 < getattr(aim, name) < 1:
            yield outside(name, "> 0, < 1")
    if not 0 < aim.response <= 1:
        yield outside("response", "> 0, ≤ 1")
    if aim.share is not None and not (0 < aim.share < 1 and 0 < aim.share + aim.difference < 1):
        values = {"share": aim.share, "sum": f"{aim.share + aim.difference:g}"}
        yield Fault("survey_sample.share", values)
