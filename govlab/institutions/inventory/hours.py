"""The time bank: hours given and received by coded members; what is shown is of groups, never of persons.

An hour given is credit to the giver and debt to the receiver. What expires first is spent first;
debt is settled by what is given later. So for every member given - received - expired = balance, and the
balances and expired hours of all members come to nothing, grants of the bank apart.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.inventory.book import Inventory

BANK = "bank"
LEAST = 10  # members below which a group is not shown; never below this


@dataclass(frozen=True)
class Account:
    """Hours of one member on a day."""

    given: float
    received: float
    expired: float
    balance: float


@dataclass(frozen=True, eq=False)
class TimeBank(Result):
    """The bank on a day.

    frame: a row a group: ``members``, ``hours_given``, ``hours_received``, ``expired``, ``balance``, shares
    of members who ``only_give``, ``only_get``, do ``both``, and ``reason`` where the group is too small
    (``small-cell``: nothing of it is shown). Single members are not in it and cannot be ranked; a member
    may ask for the own ``statement``.
    """

    frame: pd.DataFrame
    flow: pd.DataFrame
    on: dt.date
    least: int
    _accounts: dict[str, Account] = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table of groups."""
        return self.frame.copy()

    def flows(self) -> pd.DataFrame:
        """Hours from group to group: ``giver_group``, ``receiver_group``, ``hours``, ``reason``."""
        return self.flow.copy()

    def statement(self, member: str) -> Account:
        """What one member has given, received, lost and has left, for that member; KeyError if unknown."""
        return self._accounts[member]

    def concentration(self) -> float:
        """Share of all hours given by the tenth of givers who give most; NaN below ``least`` givers."""
        given = np.sort([one.given for one in self._accounts.values() if one.given > 0])[::-1]
        if len(given) < self.least:
            return float("nan")
        return float(given[: max(1, len(given) // 10)].sum() / given.sum())

    def summary(self) -> str:
        """Members, hours, expired; groups withheld."""
        hidden = int((self.frame["reason"] != "").sum())
        given = sum(one.given for one in self._accounts.values())
        return (
            f"time bank on {self.on.isoformat()}: {len(self._accounts)} members, {given:g} hours given\n"
            f"groups withheld (fewer than {self.least} members, or to protect one): {hidden}"
        )


def accounts(
    days: np.ndarray, givers: Sequence[str], receivers: Sequence[str], hours: np.ndarray, expires: np.ndarray,
    on: np.datetime64,
) -> dict[str, Account]:  # fmt: skip
    """Account of every member on a day, from transactions in any order.

    days, expires: datetime64[D], not-a-time for hours that never expire. Hours count up to and including
    the day on which they expire.
    """
    credit: dict[str, deque[list[float]]] = {}
    debt: dict[str, float] = {}
    total: dict[str, list[float]] = {}
    never = np.iinfo(np.int64).max

    def drop(member: str, day: int) -> None:
        lots = credit[member]
        for lot in lots:
            if lot[0] < day:
                total[member][2] += lot[1]
                lot[1] = 0.0
        credit[member] = deque(lot for lot in lots if lot[1] > 0)

    order = np.argsort(days, kind="stable")
    for place in order[days[order] <= on]:
        day, amount = int(days[place].astype(int)), float(hours[place])
        last = never if np.isnat(expires[place]) else int(expires[place].astype(int))
        giver, receiver = givers[place], receivers[place]
        for member in (giver, receiver):
            credit.setdefault(member, deque())
            debt.setdefault(member, 0.0)
            total.setdefault(member, [0.0, 0.0, 0.0])
            drop(member, day)
        total[giver][0] += amount
        settled = min(debt[giver], amount)
        debt[giver] -= settled
        if amount > settled:
            credit[giver].append([last, amount - settled])
        total[receiver][1] += amount
        debt[receiver] += _spend(credit[receiver], amount)
    now = int(on.astype("datetime64[D]").astype(int))
    found = {}
    for member, (given, received, _) in total.items():
        drop(member, now)
        balance = sum(lot[1] for lot in credit[member]) - debt[member]
        found[member] = Account(given, received, total[member][2], balance)
    return found


def _spend(lots: deque[list[float]], amount: float) -> float:
    """Take an amount from the credit that expires first; what is not covered."""
    for lot in sorted(lots, key=lambda one: one[0]):
        taken = min(lot[1], amount)
        lot[1] -= taken
        amount -= taken
        if amount <= 0:
            break
    while lots and lots[0][1] <= 0:
        lots.popleft()
    return amount


def time_bank(inventory: Inventory, on: dt.date, *, least: int = LEAST) -> TimeBank:
    """The time bank of an inventory on a day, by group of members.

    least: members below which nothing of a group is shown; it may be raised, not lowered below ten.
    Where exactly one group would be hidden the next smallest is hidden with it, so that the totals do not
    give it away. Transactions with the bank itself (``bank``) are grants and returns.
    """
    import pandas as pd

    if least < LEAST:
        raise ValueError(f"least must be at least {LEAST}, got {least}")
    moves = inventory.sheet("time_bank")
    moves = moves[moves["date"].to_numpy("datetime64[D]") <= np.datetime64(on)]
    found = accounts(
        moves["date"].to_numpy("datetime64[D]"), moves["giver"].to_list(), moves["receiver"].to_list(),
        moves["hours"].to_numpy(float), moves["expires"].to_numpy("datetime64[D]"), np.datetime64(on),
    )  # fmt: skip
    found.pop(BANK, None)
    groups = {
        code: group
        for side in ("giver", "receiver")
        for code, group in zip(moves[side], moves[f"{side}_group"], strict=True)
        if code != BANK
    }
    rows = []
    for group in sorted(set(groups.values())):
        own = [found[code] for code, one in groups.items() if one == group]
        rows.append({
            "group": group, "members": len(own), "hours_given": sum(one.given for one in own),
            "hours_received": sum(one.received for one in own), "expired": sum(one.expired for one in own),
            "balance": sum(one.balance for one in own),
            "only_give": np.mean([one.given > 0 and one.received == 0 for one in own]),
            "only_get": np.mean([one.given == 0 and one.received > 0 for one in own]),
            "both": np.mean([one.given > 0 and one.received > 0 for one in own]), "reason": "",
        })  # fmt: skip
    columns = ["group", "members", "hours_given", "hours_received", "expired", "balance", "only_give",
               "only_get", "both", "reason"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    hidden = _hidden(dict(zip(frame["group"], frame["members"], strict=True)), least)
    small = frame["group"].isin(hidden)
    frame["members"] = frame["members"].astype("Float64")
    frame.loc[small, columns[1:-1]] = np.nan
    frame.loc[small, "reason"] = "small-cell"
    return TimeBank(frame, _flow(moves, hidden, least), on, least, found)


def _hidden(members: dict[str, int], least: int) -> frozenset[str]:
    """Groups too small to show, and one more where a single one could be worked out from the total."""
    hidden = {group for group, count in members.items() if count < least}
    if len(hidden) == 1 and len(members) > 1:
        rest = {group: count for group, count in members.items() if group not in hidden}
        hidden.add(min(rest, key=lambda group: (rest[group], group)))
    return frozenset(hidden)


def _flow(moves: pd.DataFrame, hidden: frozenset[str], least: int) -> pd.DataFrame:
    """Hours between groups; withheld where fewer than ``least`` members gave or received."""
    sides = ["giver_group", "receiver_group"]
    own = moves[(moves["giver"] != BANK) & (moves["receiver"] != BANK)]
    found = own.groupby(sides, as_index=False).agg(
        hours=("hours", "sum"), givers=("giver", "nunique"), receivers=("receiver", "nunique")
    )
    small = found[["givers", "receivers"]].min(axis=1) < least
    small |= found["giver_group"].isin(hidden) | found["receiver_group"].isin(hidden)
    # One cell withheld in a row or a column is the margin less the others: one more goes with it.
    for side in sides * 2:
        for group in found[side].unique():
            line = found[side] == group
            if (small & line).sum() == 1 and (line & ~small).any():
                small[found.loc[line & ~small, "hours"].idxmin()] = True
    found["hours"] = found["hours"].where(~small)
    found["reason"] = np.where(small, "small-cell", "")
    return found.drop(columns=["givers", "receivers"])
