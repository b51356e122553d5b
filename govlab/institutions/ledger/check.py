"""What a ledger file can have wrong that its model cannot see; every fault at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from govlab.errors import Fault
from govlab.institutions.ledger.model import Kind, LedgerFile

TOLERANCE = 0.5  # percentage points that a rounded share may be off


def faults(file: LedgerFile, where: str) -> list[Fault]:
    """Ids twice, names not declared, periods that overlap, shares beyond 100, parts of posts."""
    return [*_ids(file, where), *_names(file, where), *_periods(file, where), *_holdings(file, where)]


def _ids(file: LedgerFile, where: str) -> Iterator[Fault]:
    for field in ("periods", "levels", "bodies", "items", "floors", "routes", "channels"):
        counted = Counter(one.id for one in getattr(file, field))
        for name, times in counted.items():
            if times > 1:
                yield Fault("ledger.twice", {"id": name}, (where, field))
    for (name, period), times in Counter((one.id, one.period) for one in file.chains).items():
        if times > 1:
            yield Fault("ledger.twice", {"id": f"{name} ({period})"}, (where, "chains"))


def _names(file: LedgerFile, where: str) -> Iterator[Fault]:
    """Names that are used and nowhere declared."""
    known = {
        "period": {one.id for one in file.periods},
        "level": {one.id for one in file.levels},
        "body": {one.id for one in file.bodies},
        "item": {one.id for one in file.items},
    }
    money = {one.id for one in file.items if one.kind is Kind.MONEY}
    used: list[tuple[str, str, str]] = [("level", one.level, f"bodies.{one.id}") for one in file.bodies]
    for place, held in enumerate(file.holdings, 1):
        at = f"holdings[{place}]"
        used += [("item", held.item, at), ("body", held.body, at), ("period", held.period, at)]
    for floor in file.floors:
        used += [("item", floor.item, f"floors.{floor.id}"), ("level", floor.level, f"floors.{floor.id}")]
    for chain in file.chains:
        used.append(("period", chain.period, f"chains.{chain.id}"))
        used += [("level", one, f"chains.{chain.id}") for one in chain.levels]
    for route in file.routes:
        for branch in route.branches:
            at = f"routes.{route.id}.{branch.id}"
            used += [("body", branch.decides, at), *(("body", one.body, at) for one in branch.steps)]
    for kind, name, at in used:
        if name not in known[kind]:
            listed = ", ".join(sorted(known[kind]))
            yield Fault(f"ledger.unknown_{kind}", {"name": name, "known": listed}, (where, at))
    for item in file.items:
        for link in item.funds:
            if link.item not in money:
                yield Fault("ledger.not_money", {"name": link.item}, (where, f"items.{item.id}.funds"))


def _periods(file: LedgerFile, where: str) -> Iterator[Fault]:
    for one in file.periods:
        if one.since and one.until and one.until < one.since:
            yield Fault("ledger.period_order", {}, (where, f"periods.{one.id}"))
    dated = sorted((one for one in file.periods if one.since), key=lambda one: str(one.since))
    for first, then in pairwise(dated):
        if first.until is None or (then.since and then.since <= first.until):
            values = {"first": first.id, "second": then.id}
            yield Fault("ledger.overlap", values, (where, "periods"))


def _holdings(file: LedgerFile, where: str) -> Iterator[Fault]:
    kinds = {one.id: one.kind for one in file.items}
    seen: set[tuple[str, str, str]] = set()
    shares: dict[tuple[str, str], float] = {}
    for place, one in enumerate(file.holdings, 1):
        at = (where, f"holdings[{place}]")
        key = (one.item, one.body, one.period)
        if key in seen:
            yield Fault("ledger.held_twice", {"item": one.item, "body": one.body, "period": one.period}, at)
        seen.add(key)
        if one.share is not None:
            shares[one.item, one.period] = shares.get((one.item, one.period), 0.0) + one.share
        whole = one.amount is None or float(one.amount).is_integer()
        if kinds.get(one.item) is Kind.STAFF and not whole:
            yield Fault("ledger.part_post", {"amount": f"{one.amount:g}"}, at)
    for (item, period), total in shares.items():
        if total > 100 + TOLERANCE:
            yield Fault("ledger.over_100", {"item": item, "period": period, "total": f"{total:g}"}, (where,))
    for route in file.routes:
        for branch in route.branches:
            if branch.lower is not None and branch.upper is not None and branch.upper < branch.lower:
                yield Fault("ledger.branch_order", {}, (where, f"routes.{route.id}.{branch.id}"))
