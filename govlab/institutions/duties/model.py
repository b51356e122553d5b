"""What a file of duties may hold: tasks, bodies, arrangements with roles, lines of command, services."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from govlab.data.definition import FactId, Model, Slug, Sourced, Text


class Role(StrEnum):
    """What a body has to do with a task."""

    DECIDES = "decides"
    DOES = "does"
    ASSISTS = "assists"
    SUPERVISES = "supervises"
    CONSULTED = "consulted"
    REFUSES = "refuses"


class Nature(StrEnum):
    """What kind of task it is; administrative ones make up the administrative load."""

    ADMINISTRATIVE = "administrative"
    SELF_GOVERNMENT = "self-government"
    LEADERSHIP = "leadership"
    SERVICE = "service"
    MARKET = "market"


class Mode(StrEnum):
    """How a service is provided."""

    DIRECT = "direct"
    PURCHASE = "purchase"
    CONTRACT = "contract"
    ENTRUST = "entrust"
    RESIDENTS = "residents"
    MARKET = "market"


Kind = Literal[
    "party",
    "committee",
    "station",
    "street",
    "government",
    "social-organisation",
    "property",
    "residents",
    "firm",
    "unit",
]


class Body(Model):
    """Somebody who can have a role. answers: options of a questionnaire that name this body."""

    id: Slug
    label: Text
    kind: Kind
    part_of: Slug | None = None
    answers: tuple[str, ...] = ()
    facts: tuple[FactId, ...] = ()


class Task(Sourced):
    """Something to be done. hours: a week, where known. question: the survey question about it.

    asked: the role that the question asks for.
    """

    id: Slug
    label: Text
    nature: Nature
    hours: Annotated[float, Field(ge=0)] | None = None
    question: str | None = None
    asked: Role = Role.DOES
    note: Text | None = None


class Assignment(Sourced):
    """A body has a role in a task."""

    task: Slug
    body: Slug
    role: Role
    words: Text | None = None


class Arrangement(Sourced):
    """Who does what at one time. complete: every role is entered, so what is missing is missing.

    Where a text tells only some roles (not complete), what is missing is not stated.
    """

    id: Slug
    label: Text
    complete: bool = False
    assignments: tuple[Assignment, ...] = ()


class Line(Sourced):
    """A body stands under another, in one arrangement."""

    arrangement: Slug
    over: Slug
    by: Slug
    kind: Literal["leads", "guides", "supervises"]


class Post(Sourced):
    """One person holds posts in several bodies. holders: how many do, of so many posts."""

    id: Slug
    label: Text
    arrangement: Slug
    bodies: Annotated[tuple[Slug, ...], Field(min_length=2)]
    holders: Annotated[int, Field(ge=0)] | None = None
    posts: Annotated[int, Field(gt=0)] | None = None


class Service(Sourced):
    """A kind of service: who leads in providing it, who else, and how; empty where the text does not say."""

    id: Slug
    label: Text
    leads: tuple[Slug, ...] = ()
    others: tuple[Slug, ...] = ()
    modes: tuple[Mode, ...] = ()
    note: Text | None = None


class DutiesFile(Model):
    """A definition of duties."""

    format: Literal[1]
    kind: Literal["duties"]
    id: Slug
    title: Text
    about: Text
    programme: Slug | None = None
    fictional: bool = False
    bodies: Annotated[tuple[Body, ...], Field(min_length=1)]
    tasks: tuple[Task, ...] = ()
    arrangements: tuple[Arrangement, ...] = ()
    lines: tuple[Line, ...] = ()
    posts: tuple[Post, ...] = ()
    services: tuple[Service, ...] = ()
