"""Shares, shifts, concentration, money that follows duties: measures of who holds what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from govlab.institutions.ledger.check import TOLERANCE
from govlab.institutions.ledger.model import Floor, Holding, Item, Kind, LedgerFile
from govlab.institutions.measured import Measured
from govlab.results import NotApplicable

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
# Duty and money count as moving together when their shifts differ by no more than this many points.
TOGETHER = 10.0


def herfindahl(shares: Floats) -> float:
    """Sum of squared shares (fractions that sum to one): 1 where one holds all, 1/k where k hold alike.

    Herfindahl (1950), Hirschman (1964); its inverse is the number of equal holders that would be as
    concentrated (Laakso & Taagepera 1979).
    """
    return float(np.square(shares).sum())


def in_percent(held: list[Holding]) -> list[float | None]:
    """Share of each holding: as given, else from the amounts where every holder has one."""
    if all(one.amount is not None for one in held):
        amounts = np.array([one.amount for one in held], dtype=np.float64)
        if amounts.sum() > 0:
            return [float(one) for one in 100 * amounts / amounts.sum()]
    return [one.share for one in held]


def _held(file: LedgerFile, item: str, period: str) -> list[Holding]:
    return [one for one in file.holdings if one.item == item and one.period == period]


_NUMBERS = frozenset(
    ("share", "amount", "before", "after", "shift", "index", "equal_holders", "shift_item", "shift_money")
) | {"gap", "change"}


def _frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    found = pd.DataFrame(rows, columns=list(columns))
    return found.astype({name: "float64" for name in columns if name in _NUMBERS})


SHARES = ("item", "kind", "period", "level", "body", "share", "amount", "state", "origin", "facts")


def shares(file: LedgerFile) -> Measured:
    """Who holds what in which period: a row a holder, and one for every period a text is silent on.

    state: ``share`` or ``amount`` (a quantity is given), ``holder`` (only who), ``not-stated``.
    """
    level = {one.id: one.level for one in file.bodies}
    rows: list[dict[str, Any]] = []
    for item in file.items:
        for period in file.periods:
            held = _held(file, item.id, period.id)
            lead: dict[str, Any] = {"item": item.id, "kind": item.kind.value, "period": period.id}
            if not held:
                rows.append(
                    lead | {"level": "", "body": "", "state": "not-stated", "origin": "", "facts": ()}
                )
            for one, share in zip(held, in_percent(held), strict=True):
                state = "amount" if one.amount is not None else "share" if share is not None else "holder"
                about = {"level": level[one.body], "body": one.body, "share": share, "amount": one.amount}
                rows.append(lead | about | {"state": state, "origin": one.origin.value, "facts": one.facts})
    return Measured(_frame(rows, SHARES), "share of each item held by each body, by period")


def held_by(file: LedgerFile, item: str, level: str, period: str) -> tuple[float | None, str]:
    """Share of an item on one level in one period, or why there is none.

    A level that is not among the holders has 0 only where the shares that are given make up the whole.
    """
    held = _held(file, item, period)
    if not held:
        return None, "not-stated"
    at = {one.id: one.level for one in file.bodies}
    found = in_percent(held)
    given = [share for share in found if share is not None]
    mine = [share for one, share in zip(held, found, strict=True) if at[one.body] == level]
    if any(share is None for share in mine):
        return None, "holder-only"
    if mine:
        return float(sum(share for share in mine if share is not None)), ""
    complete = len(given) == len(held) and abs(sum(given) - 100) <= TOLERANCE
    return (0.0, "") if complete else (None, "holder-only" if len(given) < len(held) else "not-stated")


SHIFT = ("item", "kind", "level", "before", "after", "shift", "reason")


def shift(file: LedgerFile, level: str, before: str, after: str) -> Measured:
    """Percentage points by which the share of a level changed, item by item, or why it cannot be said."""
    rows = [_shift(file, item, level, before, after) for item in file.items]
    return Measured(_frame(rows, SHIFT), f"change of the share held at level {level}, {before} to {after}")


def _shift(file: LedgerFile, item: Item, level: str, before: str, after: str) -> dict[str, Any]:
    first, why_first = held_by(file, item.id, level, before)
    then, why_then = held_by(file, item.id, level, after)
    change = None if first is None or then is None else then - first
    reason = "" if change is not None else f"before-{why_first}" if first is None else f"after-{why_then}"
    lead = {"item": item.id, "kind": item.kind.value, "level": level}
    return lead | {"before": first, "after": then, "shift": change, "reason": reason}


CONCENTRATION = ("item", "kind", "period", "holders", "index", "equal_holders", "reason")


def concentration(file: LedgerFile) -> Measured:
    """Herfindahl index of the shares of the holders, and how many equal holders would give it."""
    rows: list[dict[str, Any]] = []
    for item in file.items:
        for period in file.periods:
            held = _held(file, item.id, period.id)
            found = in_percent(held)
            lead = {
                "item": item.id,
                "kind": item.kind.value,
                "period": period.id,
                "holders": len(held) or None,
            }
            given = np.array([one for one in found if one is not None], dtype=np.float64)
            reason = "not-stated" if not held else "holder-only" if len(given) < len(held) else ""
            if not reason and abs(given.sum() - 100) > TOLERANCE:
                reason = "in-part"
            index = None if reason else herfindahl(given / given.sum())
            equal = None if index is None else 1 / index
            rows.append(lead | {"index": index, "equal_holders": equal, "reason": reason})
    return Measured(_frame(rows, CONCENTRATION), "Herfindahl index of the shares held, by item and period")


FOLLOW = ("item", "kind", "money", "origin", "shift_item", "shift_money", "gap", "verdict", "reason")


def funds_follow(file: LedgerFile, level: str, before: str, after: str) -> Measured:
    """Whether money moved to a level with the powers and duties that did (``fei sui shi zhuan``).

    verdict: ``together`` (shifts within 10 points), ``lags`` (money moves the same way by less), ``leads``
    (by more), ``without-money``, ``money-only``, ``apart`` (opposite ways), ``neither``; empty with the
    reason where a shift is not stated or no money line is linked.
    """
    items = {one.id: one for one in file.items}
    rows: list[dict[str, Any]] = []
    for item in file.items:
        if item.kind not in (Kind.POWER, Kind.DUTY):
            continue
        mine = _shift(file, item, level, before, after)
        lead = {"item": item.id, "kind": item.kind.value, "shift_item": mine["shift"]}
        if not item.funds:
            rows.append(lead | {"money": "", "origin": "", "verdict": "", "reason": "no-money-line"})
        for link in item.funds:
            money = _shift(file, items[link.item], level, before, after)
            row = lead | {"money": link.item, "origin": link.origin.value, "shift_money": money["shift"]}
            if mine["shift"] is None or money["shift"] is None:
                reason = f"item-{mine['reason']}" if mine["shift"] is None else f"money-{money['reason']}"
                rows.append(row | {"verdict": "", "reason": reason})
                continue
            gap = mine["shift"] - money["shift"]
            said = {"gap": gap, "verdict": _verdict(mine["shift"], money["shift"]), "reason": ""}
            rows.append(row | said)
    return Measured(_frame(rows, FOLLOW), f"shift of powers and duties to {level} beside that of their money")


def _verdict(item: float, money: float) -> str:
    still_item, still_money = abs(item) <= TOLERANCE, abs(money) <= TOLERANCE
    if still_item or still_money:
        return "neither" if still_item and still_money else "money-only" if still_item else "without-money"
    if item * money < 0:
        return "apart"
    if abs(item - money) <= TOGETHER:
        return "together"
    return "lags" if abs(money) < abs(item) else "leads"


def coverage(file: LedgerFile) -> Measured:
    """Of the items that a text counts: how many it announces, how many it names."""
    rows = [
        {"item": one.id, "announced": one.announced, "named": len(one.named), "reason": ""}
        | {"unnamed": one.announced - len(one.named)}
        for one in file.items
        if one.announced is not None
    ]
    columns = ("item", "announced", "named", "unnamed", "reason")
    return Measured(_frame(rows, columns), "things announced and things named")


def stated(file: LedgerFile, period: str) -> Measured:
    """For every body and kind of item: what a text gives in a period (quantity, content, holder, nothing).

    ``content`` stands for a holding told in words; ``holder`` for one of which only the holder is told.
    """
    kinds = {one.id: one.kind.value for one in file.items}
    rows = []
    for body in file.bodies:
        for kind in Kind:
            held = [
                one
                for one in file.holdings
                if one.body == body.id and one.period == period and kinds[one.item] == kind.value
            ]
            said = {
                "quantity" if one.amount is not None or one.share is not None
                else "content" if one.words else "holder"
                for one in held
            }  # fmt: skip
            best = next((one for one in ("quantity", "content", "holder") if one in said), "not-stated")
            rows.append({"body": body.id, "kind": kind.value, "state": best, "reason": ""})
    return Measured(_frame(rows, ("body", "kind", "state", "reason")), f"what is stated for {period}")


def levels_passed(file: LedgerFile, before: str, after: str) -> Measured:
    """Levels each affair goes through before and after, and the change."""
    names = list(dict.fromkeys(one.id for one in file.chains))
    rows: list[dict[str, Any]] = []
    for name in names:
        found = {one.period: one for one in file.chains if one.id == name}
        first, then = found.get(before), found.get(after)
        row: dict[str, Any] = {"chain": name, "before": None, "after": None, "change": None, "reason": ""}
        row["before"] = len(first.levels) if first else None
        row["after"] = len(then.levels) if then else None
        if first and then:
            row["change"] = len(then.levels) - len(first.levels)
        else:
            row["reason"] = "after-not-stated" if first else "before-not-stated"
        rows.append(row)
    columns = ("chain", "before", "after", "change", "reason")
    return Measured(_frame(rows, columns), "levels that each affair goes through")


def least_below(total: float, units: int, floor: float) -> int:
    """How many of ``units`` must lie below a floor when they have ``total`` together, divided at best."""
    return max(0, units - int(total // floor)) if floor > 0 else 0


def below_at_least(file: LedgerFile, floor: Floor, period: str) -> int | NotApplicable:
    """Units of a level that must lie below a floor, from what they hold together in a period.

    Assumes that the floor and what is held speak of the same people or money.
    """
    level = next(one for one in file.levels if one.id == floor.level)
    at = {one.id: one.level for one in file.bodies}
    held = [one.amount for one in _held(file, floor.item, period) if at[one.body] == floor.level]
    if floor.text_only:
        return NotApplicable("text-only", f"floor {floor.id} is recorded as text only")
    if not held or any(one is None for one in held) or level.count is None:
        return NotApplicable("not-stated", f"amount of {floor.item} or number of units at {floor.level}")
    return least_below(sum(one for one in held if one is not None), level.count, floor.at_least)
