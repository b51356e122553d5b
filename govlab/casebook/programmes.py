"""The report that sets the three programmes side by side."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from govlab.blocks import Page, show
from govlab.casebook import words
from govlab.casebook.names import open_catalogue
from govlab.casebook.parts import ORDER, Part, Teller
from govlab.cases import Catalogue
from govlab.cases.models import Entry
from govlab.language import listed, say
from govlab.provenance import ClaimKind
from govlab.tables import Column, Raw, Table

PROGRAMMES = ("zhejiang", "beijing", "aksu")


@dataclass(frozen=True, eq=False)
class ProgrammeReport:
    """Zhejiang, Beijing and Aksu in one language; each method shows a part."""

    catalogue: Catalogue
    entries: tuple[Entry, ...]
    lang: str
    tell: Teller

    @classmethod
    def open(cls, lang: str) -> ProgrammeReport:
        """Read the catalogue and begin the comparison."""
        catalogue = open_catalogue()
        entries = tuple(catalogue.entry(name) for name in PROGRAMMES)
        return cls(catalogue, entries, lang, Teller(catalogue, lang, Page(lang)))

    @property
    def page(self) -> Page:
        """The page being written."""
        return self.tell.page

    def members(self, entry: Entry) -> list[Entry]:
        """The entry and, for a programme, its cases."""
        if entry.kind != "programme":
            return [entry]
        return [entry, *(one for one in self.catalogue.cases.values() if one.programme == entry.id)]

    def opening(self) -> None:
        """Top line, title, basis, summary with the numbers in it."""
        facts = sum(len(one.facts) for entry in self.entries for one in self.members(entry))
        outcomes = [
            fact
            for entry in self.entries
            for one in self.members(entry)
            for fact in one.facts
            if fact.claim in (ClaimKind.OUTCOME, ClaimKind.EFFECT)
        ]
        matrix = self.catalogue.matrix(PROGRAMMES)
        shared = sum(
            all(matrix.cell(dimension.id, name) is not None for name in PROGRAMMES)
            for dimension in matrix.dimensions
        )
        names = listed((entry.label.in_language(self.lang) for entry in self.entries), self.lang)
        show(
            self.page.opening(
                self.tell.say("programmes.top"),
                self.tell.say("programmes.title"),
                self.tell.say("programmes.basis", names=names, n=facts),
            ),
            self.page.gist(
                [
                    self.tell.say("programmes.gist1"),
                    self.tell.say("programmes.gist2", shared=shared, all=len(matrix.dimensions)),
                    self.tell.say("programmes.gist3", n=len(outcomes)),
                ]
            ),
        )

    def sources(self) -> None:
        """Who speaks about each programme, and what that source cannot carry."""
        columns = (
            Column("entry", self.tell.say("programmes.programme")),
            Column("author", self.tell.say("programmes.author")),
            Column("kind", self.tell.say("programmes.kind"), "mark"),
            Column("level", self.tell.say("place.level")),
            Column("n", self.tell.say("programmes.facts"), "integer"),
        )
        rows = []
        for entry in self.entries:
            source = self.catalogue.sources[entry.sources[0]]
            rows.append(
                (
                    entry.label.in_language(self.lang),
                    source.author.in_language(self.lang),
                    words.source_mark(source, self.lang),
                    words.level(entry, self.lang),
                    sum(len(one.facts) for one in self.members(entry)),
                )
            )
        table = Table(columns, tuple(rows), self.tell.say("programmes.sources_caption"), self.lang)
        limits = [
            (entry.label.in_language(self.lang), self.catalogue.sources[name].limits.in_language(self.lang))
            for entry in self.entries
            for name in entry.sources[:1]
        ]
        show(
            self.page.section(self.tell.say("programmes.sources_title")),
            self.page.table(table),
            self.page.heading(self.tell.say("programmes.limits")),
            self.page.definitions(limits),
        )

    def holdings(self) -> None:
        """Who holds what in each programme, one picture each, so that bodies keep their names."""
        parts: list[Part] = [self.page.section(self.tell.say("programmes.holdings_title"))]
        for entry in self.entries:
            held = [one for one in self.members(entry) if one.holdings]
            caption = self.tell.say("programmes.holdings_caption", name=entry.label.in_language(self.lang))
            parts += self.tell.holdings(held, caption, grouped=len(held) > 1)
        show(*parts)

    def matrix(self) -> None:
        """Dimension by dimension: three programmes, the facts behind every cell, the kinds of claim."""
        matrix = self.catalogue.matrix(PROGRAMMES)
        silent = self.tell.say("not_stated")
        columns = [Column("dimension", self.tell.say("matrix.dimension"))]
        columns += [Column(entry.id, entry.label.in_language(self.lang)) for entry in matrix.entries]
        rows: list[tuple[Raw, ...]] = []
        behind: list[tuple[Raw, ...]] = []
        for dimension in matrix.dimensions:
            cells = [matrix.cell(dimension.id, entry.id) for entry in matrix.entries]
            said = [cell.cell.in_language(self.lang) if cell else silent for cell in cells]
            rows.append((dimension.title.in_language(self.lang), *said))
            traces: list[Raw] = []
            for cell in cells:
                if cell is None:
                    traces.append("—")
                    continue
                kinds = listed((self.tell.say(f"claim.{kind.value}") for kind in cell.claims), self.lang)
                brackets = "（{}）" if self.lang == "zh" else " ({})"
                traces.append(" ".join(cell.cell.facts) + brackets.format(kinds))
            behind.append((dimension.title.in_language(self.lang), *traces))
        first = Table(tuple(columns), tuple(rows), self.tell.say("programmes.matrix_caption"), self.lang)
        note = (self.tell.say("programmes.behind_note"),)
        second = Table(
            tuple(columns), tuple(behind), self.tell.say("programmes.behind_caption"), self.lang, note
        )
        show(
            self.page.section(self.tell.say("programmes.matrix_title")),
            self.page.table(first),
            self.page.table(second),
        )

    def claims(self) -> None:
        """What the statements are about: staff and rules, or a change in residents' lives."""
        show(
            self.page.section(self.tell.say("programmes.claims_title")),
            *self.tell.claim_counts(self.entries, self.tell.say("programmes.claims_caption")),
        )

    def checks(self) -> None:
        """How many of each programme's checks come out how; the ones that do not add up in full."""
        columns = [Column("entry", self.tell.say("programmes.programme"))]
        columns += [
            Column(one.value, say(f"cases.verdict.{one.value}", lang=self.lang), "integer") for one in ORDER
        ]
        rows: list[tuple[Raw, ...]] = []
        tensions = []
        for entry in self.entries:
            outcomes = [found for one in self.members(entry) for found in self.catalogue.checks(one.id)]
            found = Counter(outcome.verdict for outcome in outcomes)
            rows.append((entry.label.in_language(self.lang), *(found[one] for one in ORDER)))
            tensions += [outcome for outcome in outcomes if outcome.verdict in ORDER[:2]]
        table = Table(tuple(columns), tuple(rows), self.tell.say("programmes.checks_caption"), self.lang)
        show(
            self.page.section(self.tell.say("programmes.checks_title")),
            self.page.table(table),
            *self.tell.check_cards(tensions),
        )

    def caveats(self) -> None:
        """Why the three cannot simply be ranked, and what would have to be collected."""
        points = [self.tell.say(f"programmes.caveat{number}") for number in range(1, 5)]
        parts: list[Part] = [
            self.page.section(self.tell.say("programmes.caveats_title")),
            self.page.points(points),
        ]
        for entry in self.entries:
            parts.append(self.page.heading(entry.label.in_language(self.lang)))
            parts.append(self.tell.silences(entry))
        show(*parts)

    def ending(self) -> None:
        """References and versions."""
        show(
            self.page.section(self.tell.say("references.title")),
            self.tell.references(self.entries),
            self.tell.closing(),
        )
