"""Which column is what: the platform's own, personal, an answer, to be carried along, or none of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault
from govlab.survey.intake.decode import Rules
from govlab.survey.intake.mapping import Settled
from govlab.survey.intake.match import Asked, Match, Target, match_columns
from govlab.survey.intake.personal import Personal, by_content, by_head
from govlab.survey.intake.platforms import Meta, Platform, meta_of, platform_of
from govlab.survey.intake.raw import Column, Raw
from govlab.survey.intake.report import PersonalColumn
from govlab.survey.questionnaire import OTHER_TEXT, Questionnaire
from govlab.survey.responses import FLAG, WHY
from govlab.survey.wording import plain

# What the platform's own columns hold about a person.
_META_PERSONAL: Mapping[Meta, Personal] = MappingProxyType(
    {
        "ip": "ip",
        "account": "account",
        "nickname": "account",
        "location": "location",
        "device": "device",
        "source_detail": "account",
    }
)
_CLOSED = ("one", "many", "rank")


@dataclass(frozen=True, eq=False)
class Sorted:
    """Every column of a file with what it is.

    meta: columns of the platform by what they hold. matches: place -> what became of the column.
    personal: what was found about people; kinds: place -> kind, kept columns included. kept: name ->
    personal column that goes along because a reason was given. hits: place -> values in which something
    about a person stands.
    """

    raw: Raw
    platform: Platform
    settled: Settled
    meta: Mapping[Meta, tuple[Column, ...]]
    matches: Mapping[int, Match]
    personal: tuple[PersonalColumn, ...]
    kinds: Mapping[int, Personal]
    kept: Mapping[str, Column]
    hits: Mapping[int, NDArray[np.bool_]]
    notes: tuple[Fault, ...]

    def rules(self, column: Column) -> Rules:
        """How the file writes the answers of a column, and what a person settled about them."""
        head = self.matches[column.place].head
        return Rules(self.platform, MappingProxyType(self.settled.overrides(self.raw.file, head)))

    @property
    def taken(self) -> dict[Target, Column]:
        """The columns whose answers are taken, by where they go."""
        return {target: column for target, column in self._with("yes")}

    @property
    def carried(self) -> dict[str, Column]:
        """The columns that go along as they are, by the name they get."""
        return {target.question: column for target, column in self._with("carry")} | dict(self.kept)

    def _with(self, use: str) -> list[tuple[Target, Column]]:
        found = []
        for column in self.raw.columns:
            match = self.matches[column.place]
            if match.use == use and match.target is not None:
                found.append((match.target, column))
        return found

    def gone(self) -> dict[str, str]:
        """Question -> reason, where there is a column that is not used."""
        reasons = {"held": "not_confirmed", "drop": "personal"}
        return {
            match.target.question: reasons[match.use]
            for match in self.matches.values()
            if match.use in reasons and match.target is not None
        }


def sort_columns(
    raw: Raw,
    questionnaire: Questionnaire,
    settled: Settled,
    keep: Mapping[str, str],
    carry: Sequence[str],
) -> Sorted:
    """Look at every column. keep: personal column -> why it is kept. carry: columns that go along."""
    work = _Work(raw, questionnaire, settled, keep, carry, platform_of(raw))
    work.match()
    work.find_personal()
    return Sorted(
        raw,
        work.platform,
        settled,
        MappingProxyType({meta: tuple(columns) for meta, columns in work.meta.items()}),
        MappingProxyType(work.matches),
        tuple(work.personal),
        MappingProxyType(work.kinds),
        MappingProxyType(work.kept),
        MappingProxyType(work.hits),
        tuple(work.missing_names()),
    )


@dataclass(eq=False)
class _Work:
    """The columns while they are being sorted."""

    raw: Raw
    questionnaire: Questionnaire
    settled: Settled
    keep: Mapping[str, str]
    carry: Sequence[str]
    platform: Platform
    meta: dict[Meta, list[Column]] = field(default_factory=dict)
    matches: dict[int, Match] = field(default_factory=dict)
    personal: list[PersonalColumn] = field(default_factory=list)
    kinds: dict[int, Personal] = field(default_factory=dict)
    kept: dict[str, Column] = field(default_factory=dict)
    hits: dict[int, NDArray[np.bool_]] = field(default_factory=dict)

    def match(self) -> None:
        seen: Counter[str] = Counter()
        asked: list[Asked] = []
        forced: dict[int, Match] = {}
        for column in self.raw.columns:
            heads = tuple(dict.fromkeys(head for head in (column.head, column.label) if head)) or ("",)
            seen[heads[-1]] += 1
            one = Asked(column.place, heads, seen[heads[-1]])
            asked.append(one)
            said = self.settled.match(self.raw.file, one.place, one.shown, one.occurrence)
            said = said or self._known(column, one)
            if said is not None:
                forced[one.place] = said
        for match in match_columns(asked, self.questionnaire, forced):
            self.matches[match.place] = match

    @cached_property
    def asked(self) -> set[str]:
        """The words of every question."""
        return {plain(words) for question in self.questionnaire for words in question.label.both()}

    def _known(self, column: Column, one: Asked) -> Match | None:
        """Columns known without the questionnaire: to be carried along, ours, the platform's."""
        place, head, occurrence = one.place, one.shown, one.occurrence
        texts = {plain(text) for text in one.heads}
        name = next((given for given in self.carry if plain(given) in texts), None)
        if name is not None:
            return Match(place, head, occurrence, "mapping", "carry", Target(name))
        meta = None if texts & self.asked else meta_of(one.heads)
        if self.platform == "govlab":
            if column.head.endswith(WHY) or column.head.startswith(FLAG) or column.head == "file":
                return Match(place, head, occurrence, "meta", "no")
            if not set(one.heads) & set(self.questionnaire.owners) and meta is None:
                return Match(place, head, occurrence, "meta", "carry", Target(column.head))
        if meta is None or set(one.heads) & set(self.questionnaire.owners):
            return None
        self.meta.setdefault(meta, []).append(column)
        return Match(place, head, occurrence, "meta", "no", note=meta)

    def find_personal(self) -> None:
        for meta, columns in self.meta.items():
            for column in columns:
                if meta in _META_PERSONAL:
                    self._found(column, _META_PERSONAL[meta], "platform")
        for column in self.raw.columns:
            match = self.matches[column.place]
            if match.how in ("meta", "personal") or column.place in self.kinds or self._is_closed(match):
                continue
            # A code that links the waves of a panel is made at random and says nothing about anybody.
            by_name = None if match.use == "carry" or self._is_code(match) else by_head(match.head)
            if by_name is not None:
                self._found(column, by_name, "head")
                continue
            kind, hits = by_content([text.strip() for text in column.texts()], column.counts())
            self.hits[column.place] = hits
            if kind is not None:
                self._found(column, kind, "content")

    def _is_closed(self, match: Match) -> bool:
        """Whether its answers can only be options of a list."""
        if match.target is None or not self.questionnaire.has(match.target.question):
            return False
        kind = self.questionnaire.question(match.target.question).kind
        return match.use in ("yes", "held") and kind in _CLOSED and match.target.part != OTHER_TEXT

    def _is_code(self, match: Match) -> bool:
        if match.target is None or not self.questionnaire.has(match.target.question):
            return False
        return self.questionnaire.question(match.target.question).role == "study_code"

    def _found(self, column: Column, kind: Personal, by: Literal["head", "content", "platform"]) -> None:
        match = self.matches[column.place]
        self.kinds[column.place] = kind
        filled = int(column.counts()[~column.blank()].sum())
        name = next((name for name in self.keep if self._meant(name, column)), None)
        if name is not None:
            self.personal.append(PersonalColumn(match.head, kind, by, filled, "kept", self.keep[name]))
            if match.use not in ("yes", "carry"):
                self.kept[name] = column
            return
        self.personal.append(PersonalColumn(match.head, kind, by, filled, "dropped"))
        target = match.target if match.use == "yes" else None
        self.matches[column.place] = replace(match, how="personal", use="drop", target=target, note=kind)

    def _meant(self, name: str, column: Column) -> bool:
        match = self.matches[column.place]
        heads = {plain(column.head), plain(column.label), plain(match.head)} - {""}
        return plain(name) in heads or (match.target is not None and match.target.question == name)

    def missing_names(self) -> list[Fault]:
        """Columns that somebody named and the file does not have."""
        carried = {
            match.target.question for match in self.matches.values() if match.use == "carry" and match.target
        }
        found = [
            Fault("survey_intake.note.no_carry", {"head": name}) for name in self.carry if name not in carried
        ]
        for name in self.keep:
            if not any(
                column.place in self.kinds and self._meant(name, column) for column in self.raw.columns
            ):
                found.append(Fault("survey_intake.note.no_keep", {"head": name}))
        return found
