"""What a ledger file may hold: items, who holds them when, floors, chains of levels, routes, channels."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from govlab.data.definition import FactId, Model, Slug, Sourced, Text


class Kind(StrEnum):
    """What sort of thing is held."""

    STAFF = "staff"
    MONEY = "money"
    POWER = "power"
    DUTY = "duty"


class Period(Model):
    """A stretch of time; the dates are given where they are known, ``until`` is its last day."""

    id: Slug
    label: Text
    since: dt.date | None = None
    until: dt.date | None = None


class Level(Model):
    """A level of the administration; a file lists them from the top down. count: how many units it has."""

    id: Slug
    label: Text
    count: Annotated[int, Field(gt=0)] | None = None
    facts: tuple[FactId, ...] = ()


class Body(Model):
    """An organisation that can hold something, and the level it stands on."""

    id: Slug
    label: Text
    level: Slug


class Link(Sourced):
    """A money line that ought to move when a power or duty moves."""

    item: Slug


class Item(Sourced):
    """A thing that can be held.

    announced: how many of it the text announces. named: those it names. funds: money lines that ought to
    go with it.
    """

    id: Slug
    kind: Kind
    label: Text
    unit: Text | None = None
    announced: Annotated[int, Field(gt=0)] | None = None
    named: tuple[Text, ...] = ()
    funds: tuple[Link, ...] = ()
    note: Text | None = None


class Holding(Sourced):
    """A body holds (some of) an item in a period.

    share: percent of the item; amount: posts, yuan or a count; neither where only the holder is stated.
    """

    item: Slug
    body: Slug
    period: Slug
    share: Annotated[float, Field(ge=0, le=100)] | None = None
    amount: Annotated[float, Field(ge=0)] | None = None
    words: Text | None = None


class Floor(Sourced):
    """The least that each body of a level is to have of an item.

    text_only: recorded because the text says it, never applied to anything.
    """

    id: Slug
    label: Text
    item: Slug
    level: Slug
    at_least: Annotated[float, Field(ge=0)]
    unit: Text | None = None
    text_only: bool = False
    note: Text | None = None


class Chain(Sourced):
    """The levels an affair goes through in a period, from the top down."""

    id: Slug
    label: Text
    period: Slug
    levels: Annotated[tuple[Slug, ...], Field(min_length=1)]


class Step(Model):
    """What a body does with a payment."""

    body: Slug
    label: Text


class Branch(Sourced):
    """Payments of one range of amounts and the way they go; ``decides`` has the last word."""

    id: Slug
    label: Text
    lower: float | None = None
    upper: float | None = None
    lower_included: bool = False
    upper_included: bool = False
    signatures: Annotated[int, Field(ge=0)] = 0
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    decides: Slug

    def holds(self, amount: float) -> bool:
        """Whether the words of this branch cover an amount."""
        if self.lower is not None and (
            amount < self.lower or (amount == self.lower and not self.lower_included)
        ):
            return False
        if self.upper is None:
            return True
        return amount < self.upper or (amount == self.upper and self.upper_included)


class Route(Model):
    """A rule of approval: branches by amount. Words of two branches may both cover one amount."""

    id: Slug
    label: Text
    unit: Text
    branches: Annotated[tuple[Branch, ...], Field(min_length=1)]
    note: Text | None = None


class Channel(Sourced):
    """A way in which money reaches a community; amounts are filled in, no text gives them."""

    id: Slug
    label: Text
    giver: Text | None = None
    standing: Literal["existing", "proposed"]


class LedgerFile(Model):
    """A ledger definition."""

    format: Literal[1]
    kind: Literal["ledger"]
    id: Slug
    title: Text
    about: Text
    programme: Slug | None = None
    fictional: bool = False
    periods: Annotated[tuple[Period, ...], Field(min_length=1)]
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    bodies: tuple[Body, ...] = ()
    items: tuple[Item, ...] = ()
    holdings: tuple[Holding, ...] = ()
    floors: tuple[Floor, ...] = ()
    chains: tuple[Chain, ...] = ()
    routes: tuple[Route, ...] = ()
    channels: tuple[Channel, ...] = ()
