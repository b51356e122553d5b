"""``Ledger``: a definition that was read and checked, and everything that can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from govlab.data.definition import (
    Origin,
    open_definition,
    shipped_definitions,
)
from govlab.errors import Fault, InputError
from govlab.institutions.defined import Opened
from govlab.institutions.ledger import check, funding, measures, route
from govlab.institutions.ledger.model import Floor, Holding, LedgerFile, Route

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.ledger.route import RouteRun
    from govlab.institutions.measured import Measured
    from govlab.results import NotApplicable

KIND = "ledger"
T = TypeVar("T", Floor, Route)


def names() -> tuple[str, ...]:
    """Ledgers that come with govlab."""
    return tuple(shipped_definitions(KIND))


@dataclass(frozen=True, eq=False)
class Ledger(Opened[LedgerFile]):
    """Who holds what, when: measures of one definition. Levels, periods and items are named by their ids."""

    file: LedgerFile

    @classmethod
    def _read(cls, name: str | Path) -> tuple[LedgerFile, str]:
        return open_definition(name, LedgerFile, KIND)

    @classmethod
    def _faults(cls, file: LedgerFile, where: str) -> list[Fault]:
        return check.faults(file, where)

    # -- what it is ------------------------------------------------------------------------------

    def floor(self, name: str) -> Floor:
        """A floor by its id; ValueError where there is none."""
        return _by_id(self.file.floors, name, "floor")

    def route(self, name: str) -> Route:
        """A route of approval by its id; ValueError where there is none."""
        return _by_id(self.file.routes, name, "route")

    def assuming(self, item: str, period: str, shares: Mapping[str, float]) -> Ledger:
        """A copy in which bodies (id -> percent) hold an item in a period for which no quantity is stated.

        What is assumed is marked ``user``. InputError where the definition already gives a quantity.
        """
        here = [one for one in self.file.holdings if one.item == item and one.period == period]
        if any(one.share is not None or one.amount is not None for one in here):
            raise InputError(Fault("ledger.already_stated", {"item": item, "period": period}))
        more = tuple(
            Holding(origin=Origin.USER, item=item, body=body, period=period, share=share)
            for body, share in shares.items()
        )
        kept = tuple(one for one in self.file.holdings if one not in here)
        held = self.file.model_copy(update={"holdings": (*kept, *more)})
        return replace(self, file=Ledger.of(held, where=self.file.id).file)

    # -- measures --------------------------------------------------------------------------------

    def shares(self) -> Measured:
        """Who holds what in which period: ``item kind period level body share amount state origin facts``."""
        return measures.shares(self.file)

    def shift(self, level: str, before: str = "before", after: str = "after") -> Measured:
        """Points by which the share of a level changed: ``item kind level before after shift reason``."""
        self._known(level, before, after)
        return measures.shift(self.file, level, before, after)

    def concentration(self) -> Measured:
        """Herfindahl index by item and period: ``item kind period holders index equal_holders reason``."""
        return measures.concentration(self.file)

    def funds_follow(self, level: str, before: str = "before", after: str = "after") -> Measured:
        """Whether money moved to a level with its duties; see ``measures.funds_follow`` for the columns."""
        self._known(level, before, after)
        return measures.funds_follow(self.file, level, before, after)

    def coverage(self) -> Measured:
        """What is announced and what is named: ``item announced named unnamed``."""
        return measures.coverage(self.file)

    def stated(self, period: str) -> Measured:
        """What the text gives for every body and kind of item: ``body kind state``."""
        return measures.stated(self.file, period)

    def levels_passed(self, before: str = "before", after: str = "after") -> Measured:
        """Levels that affairs go through before and after: ``chain before after change``."""
        return measures.levels_passed(self.file, before, after)

    def below_at_least(self, name: str, period: str = "after") -> int | NotApplicable:
        """How many units must lie below a floor, from what they hold together; or why it cannot be said."""
        return measures.below_at_least(self.file, self.floor(name), period)

    def run(
        self, name: str, payments: pd.DataFrame, *, reading: Mapping[float, str] | None = None
    ) -> RouteRun:
        """Payments down a route of approval; see ``route.run``."""
        return route.run(self.route(name), payments, reading=reading)

    def funding(self, table: pd.DataFrame) -> Measured:
        """Money received, spent, unspent by channel; see ``funding.by_channel``."""
        return funding.by_channel(self.file, table)

    def uncoordinated(self, table: pd.DataFrame) -> Measured:
        """Purposes that several channels pay for without a plan in common."""
        return funding.uncoordinated(self.file, table)

    def _known(self, level: str, *periods: str) -> None:
        levels = [one.id for one in self.file.levels]
        if level not in levels:
            raise ValueError(f"level must be one of {', '.join(levels)}, got {level!r}")
        known = [one.id for one in self.file.periods]
        for one in periods:
            if one not in known:
                raise ValueError(f"period must be one of {', '.join(known)}, got {one!r}")


def _by_id(things: tuple[T, ...], name: str, kind: str) -> T:
    for one in things:
        if one.id == name:
            return one
    raise ValueError(f"{kind} must be one of {', '.join(one.id for one in things)}, got {name!r}")
