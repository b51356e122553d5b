"""What ``govlab sample --plan`` prints: assumptions by name, what they need, what is there can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import ceil, isnan
from typing import TYPE_CHECKING, Any

from govlab.errors import Fault, InputError
from govlab.language import say

if TYPE_CHECKING:
    from govlab.cli.screen import Screen
    from govlab.survey.fieldwork import Aim, Have, Pairs, Prospect, Zone, ZoneNeed
    from govlab.survey.planning import Plan
    from govlab.survey.unit_list import UnitList

ROLES = ("pilot", "comparison")


@dataclass(frozen=True)
class Listed:
    """What a list says for planning. groups: communities of pilot and comparison zones, None if unknown."""

    where: str
    zones: tuple[Zone, ...]
    groups: tuple[int, int] | None
    fictional: int


def show_sizes(
    screen: Screen,
    units: UnitList | None,
    given: Mapping[str, Any],
    communities: tuple[int, int] | None,
    people: int | None,
    columns: tuple[str | None, str | None],
    *,
    as_json: bool,
) -> None:
    """Work out and print. given: assumptions that the user named; columns: of zones and of residents."""
    from govlab.survey import fieldwork

    aim = fieldwork.Aim(**given)
    listed = None if units is None else _listed(units, columns, screen.lang)
    groups = communities or (listed.groups if listed is not None else None)
    have = fieldwork.have_from(aim, clusters=groups, people=people)
    found = fieldwork.prospects(aim, have)
    zones = fieldwork.zone_needs(aim, listed.zones) if listed is not None else ()
    apart = fieldwork.pairs(aim, len(zones))
    if as_json:
        screen.json(_plain(aim, given, have, found, zones, apart))
        return
    _assumptions(screen, aim, given)
    if have is not None:
        _have(screen, aim, have, listed if communities is None and people is None else None)
    for place, one in enumerate(found, 1):
        _prospect(screen, aim, place, one)
    if zones:
        _zones(screen, aim, zones, apart)
    if listed is not None and listed.fictional:
        screen.line()
        _say(screen, "fictional", n=listed.fictional, list=listed.where)
    screen.line()
    for name in ("limit_icc", "limit_cause", "limit_zone"):
        _say(screen, name)
    # Who is drawn is invited; not everybody answers.
    _say(screen, "limit_draw", take=aim.take, invite=ceil(aim.take / aim.response - 1e-9))


def _listed(units: UnitList, columns: tuple[str | None, str | None], lang: str) -> Listed:
    """Zones and groups: a row is a zone where there is a column ``communities``, else a community."""
    from govlab.survey.fieldwork import Zone
    from govlab.survey.unit_list import check_units, size_faults

    named, size = columns
    check_units(units, unit=units.id_column, strata=named)
    of_zones = units.has("communities") and named is None
    strata = named or ("zone" if units.has("zone") else units.id_column)
    if size is not None and not units.has(size):
        check_units(units, unit=units.id_column, size=size)
    residents = size or ("residents" if units.has("residents") else None)
    faults: list[Fault] = []
    for column in (residents, "communities" if of_zones else None):
        if column is not None:
            faults += size_faults(units, column, whole=True, blank=True)
    if faults:
        raise InputError(faults)
    count = units.numbers("communities") if of_zones else [1.0] * len(units.rows)
    people = units.numbers(residents) if residents is not None else [float("nan")] * len(units.rows)
    names = units.column(strata)
    if of_zones or strata != units.id_column:
        zones = tuple(
            Zone(_shown(units, names, name, lang), _total(count, names, name), _total(people, names, name))
            for name in dict.fromkeys(names)
        )
    else:
        zones = ()
    roles = [text.lower() for text in units.column("role")] if units.has("role") else [""] * len(names)
    pilot, other = (_total(count, roles, role) for role in ROLES)
    # A role nobody has, or a zone whose communities are not known yet, leaves the group open.
    groups = (pilot, other) if pilot is not None and other is not None else None
    marks = units.column("fictional") if units.has("fictional") else []
    fictional = sum(mark.lower() in ("yes", "是") for mark in marks)
    return Listed("#".join(units.where), zones, groups, fictional)


def _total(values: Sequence[float], names: Sequence[str], name: str) -> int | None:
    """The sum over the rows of one name; None if one of them is not known."""
    found = [value for value, one in zip(values, names, strict=True) if one == name]
    return int(sum(found)) if found and not any(map(isnan, found)) else None


def _shown(units: UnitList, names: Sequence[str], name: str, lang: str) -> str:
    """A zone by its name in the language, where the list has one."""
    for head in units.texts.columns:
        if str(head).startswith("name::") and str(head).endswith(f"({lang})"):
            return units.column(str(head))[list(names).index(name)] or name
    return name


def _say(screen: Screen, key: str, **values: object) -> None:
    screen.line(say(f"survey_sample.sizes.{key}", values, lang=screen.lang))


def _text(screen: Screen, key: str, **values: object) -> str:
    return say(f"survey_sample.sizes.{key}", values, lang=screen.lang)


def _assumptions(screen: Screen, aim: Aim, given: Mapping[str, Any]) -> None:
    _say(screen, "intro")
    heads = [_text(screen, f"head.{name}") for name in ("option", "value", "by", "meaning")]
    table = screen.table(*heads, right=(heads[1],))
    for name, value in _assumed(aim).items():
        by = _text(screen, "yours" if name in given else "ours")
        option = f"--{name.replace('_', '-')}"
        table.add_row(option, f"{value:g}", by, _text(screen, f"assumed.{name}"))
    screen.show(table)


def _assumed(aim: Aim) -> dict[str, float]:
    """What the sizes rest on, by option; of sd and share only the one that is used."""
    left_out = "share" if aim.share is None else "sd"
    values = {one.name: getattr(aim, one.name) for one in fields(aim) if one.name != left_out}
    return values | {"margin": aim.half_width}


def _have(screen: Screen, aim: Aim, have: Have, listed: Listed | None) -> None:
    if listed is not None:
        _say(screen, "from_list", list=listed.where)
    plan = aim.plan("levels", have.clusters, have.take)
    deff = plan.design_effect
    worth = [int(count / deff) for count in plan.people]
    _say(
        screen, "have", pilot=have.clusters[0], other=have.clusters[1], take=have.take, deff=f"{deff:.2f}",
        answers=_two(plan.people), invited=_two(plan.invited), worth=_two(worth),
    )  # fmt: skip


def _two(pair: Sequence[int]) -> str:
    return f"{pair[0]:,} + {pair[1]:,}"


def _percent(share: float) -> str:
    """A share as a percentage that is never rounded up to certainty."""
    return ">99" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def _prospect(screen: Screen, aim: Aim, place: int, one: Prospect) -> None:
    screen.line()
    screen.line(f"{place}. {_text(screen, f'kind.{one.kind}')}")
    lines = []
    if one.needed is not None:
        clusters = one.needed.clusters
        lines.append(
            _text(
                screen, "needed", difference=f"{aim.difference:g}", power=_percent(aim.power),
                pilot=clusters[0], other=clusters[1], take=aim.take, answers=_two(one.needed.people),
                invited=_two(one.needed.invited),
            )
        )  # fmt: skip
    if one.yours is not None and one.found is not None:
        chance = _percent(one.yours.power)
        lines.append(
            _text(
                screen, "yours_can", chance=chance, difference=f"{aim.difference:g}",
                power=_percent(aim.power), least=f"{one.found.difference:.2g}",
            )
        )  # fmt: skip
    if one.enlarged is not None:
        lines.append(_text(screen, "enlarged", take=one.enlarged.cluster_size))
    if one.why is not None:
        lines.append(one.why.text(screen.lang))
    for line in lines:
        screen.line(f"   {line}")


def _zones(screen: Screen, aim: Aim, zones: Sequence[ZoneNeed], apart: Pairs | None) -> None:
    screen.line()
    _say(screen, "zones", margin=f"{aim.half_width:g}", level=f"{100 * aim.level:g}")
    heads = [
        _text(screen, f"head.{name}")
        for name in ("zone", "communities", "residents", "whole", "invite", "each", "drawn", "drawn_from")
    ]
    table = screen.table(*heads, right=tuple(heads[1:]))
    for one in zones:
        counts = (
            one.zone.communities, one.zone.residents, one.whole, one.invite, one.each, one.drawn,
            one.communities,
        )  # fmt: skip
        table.add_row(one.zone.name, *("-" if count is None else f"{count:,}" for count in counts))
    screen.show(table)
    _say(screen, "zones_dash")
    if apart is not None:
        _say(
            screen, "pairs", zones=len(zones), count=apart.count, difference=f"{aim.difference:g}",
            whole=apart.whole, communities=apart.communities, take=aim.take,
        )  # fmt: skip


def _plain(
    aim: Aim,
    given: Mapping[str, Any],
    have: Have | None,
    found: Sequence[Prospect],
    zones: Sequence[ZoneNeed],
    apart: Pairs | None,
) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "assumed": {name: {"value": v, "given": name in given} for name, v in _assumed(aim).items()},
        "have": None if have is None else asdict(have),
        "comparisons": [
            {
                "kind": one.kind,
                "needed": _plain_plan(one.needed),
                "yours": _plain_plan(one.yours),
                "detectable": None if one.found is None else one.found.difference,
                "enough_in_each": None if one.enlarged is None else one.enlarged.cluster_size,
                "why": None if one.why is None else {"zh": one.why.text("zh"), "en": one.why.text("en")},
            }
            for one in found
        ],
        "zones": [asdict(one) for one in zones],
        "pairs": None if apart is None else asdict(apart),
    }


def _plain_plan(plan: Plan | None) -> dict[str, object] | None:
    if plan is None:
        return None
    return {
        "communities": plan.clusters,
        "people_in_each": plan.cluster_size,
        "answers": plan.people,
        "invited": plan.invited,
        "power": plan.power,
        "design_effect": plan.design_effect,
    }
