"""What intake saw in one file, kept with the responses and shown on the page of ``govlab intake``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from govlab.errors import Fault
from govlab.survey.intake.build import Unknown
from govlab.survey.intake.match import Match
from govlab.survey.intake.personal import Personal
from govlab.survey.intake.platforms import Platform

Written = Literal["words", "places", "names", "mixed", ""]


@dataclass(frozen=True)
class PersonalColumn:
    """A column with personal data. by: what gave it away. filled: answers in it.

    action: dropped whole, kept for the reason given, or redacted (single answers taken out).
    """

    head: str
    kind: Personal
    by: Literal["head", "content", "platform"]
    filled: int
    action: Literal["dropped", "kept", "redacted"]
    reason: str = ""


@dataclass(frozen=True, eq=False)
class IntakeReport:
    """One file of responses.

    written: whether options stood there as words, as their places or by name. absent: questions without a
    column. repeats: flag -> rows. against: question -> answers given although the form does not ask.
    by_place: question -> its column's head, where numbers were read as places of options. notes: what
    is no error and should be known.
    """

    file: str
    form: str
    platform: Platform
    rows: int
    columns: int
    digest: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    written: Written = ""
    matches: tuple[Match, ...] = ()
    absent: tuple[str, ...] = ()
    personal: tuple[PersonalColumn, ...] = ()
    repeats: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    unknown: tuple[Unknown, ...] = ()
    against: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    by_place: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    no_consent: int = 0
    notes: tuple[Fault, ...] = ()

    @property
    def matched(self) -> tuple[Match, ...]:
        """Columns whose answers were taken."""
        return tuple(match for match in self.matches if match.use == "yes")

    @property
    def held(self) -> tuple[Match, ...]:
        """Columns that wait for the user."""
        return tuple(match for match in self.matches if match.use == "held")

    @property
    def unmatched(self) -> tuple[Match, ...]:
        """Columns that belong to no question, as far as can be told."""
        return tuple(
            match for match in self.matches if match.use == "no" and match.how in ("none", "mapping")
        )

    @property
    def questions(self) -> int:
        """Questions that have at least one column."""
        return len({match.target.question for match in self.matched if match.target is not None})

    @property
    def dropped(self) -> tuple[PersonalColumn, ...]:
        """Personal columns that did not go further."""
        return tuple(column for column in self.personal if column.action == "dropped")
