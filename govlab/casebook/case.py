"""The report on one case: what the source says, how far it adds up, what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from govlab.blocks import Page, show
from govlab.casebook import words
from govlab.casebook.names import open_catalogue
from govlab.casebook.parts import Part, Teller
from govlab.cases import Catalogue
from govlab.cases.checks import Verdict
from govlab.cases.models import Entry, Fact
from govlab.language import listed
from govlab.provenance import NEVER_SCORED, ClaimKind, FactStatus, Flag
from govlab.tables import Column, Table

Edition = Literal["full", "brief", "teaching"]
FEW_FACTS = 6  # below this a source tells too little for a table of figures to mean anything


@dataclass(frozen=True, eq=False)
class CaseReport:
    """One case in one language and edition; each method shows a part, or nothing where there is none."""

    catalogue: Catalogue
    entry: Entry
    lang: str
    edition: Edition
    tell: Teller

    @classmethod
    def open(cls, case: str, lang: str, edition: Edition = "full") -> CaseReport:
        """Read the catalogue (the workspace's own included) and begin the report on ``case``."""
        catalogue = open_catalogue()
        entry = catalogue.entry(case)
        linked = [fact.id for fact in entry.facts] if edition != "brief" else []
        return cls(catalogue, entry, lang, edition, Teller(catalogue, lang, Page(lang, linked)))

    @property
    def page(self) -> Page:
        """The page being written."""
        return self.tell.page

    def opening(self) -> None:
        """Top line, title, basis, summary; a note where the source tells very little."""
        source = self.catalogue.sources[self.entry.sources[0]]
        top = self.tell.say(f"top.{self.edition}", kind=words.source_mark(source, self.lang))
        parts: list[Part] = [
            self.page.opening(top, self.entry.title.in_language(self.lang), self.tell.basis(source)),
            self.tell.gist(self.entry),
        ]
        if len(self.entry.facts) < FEW_FACTS:
            parts.append(self.page.text(self.tell.say("few_facts", n=len(self.entry.facts))))
        show(*parts)

    def place(self) -> None:
        """Level, code, programme and the model in a sentence."""
        tell = self.tell
        pairs = [(tell.say("place.level"), words.level(self.entry, self.lang))]
        if self.entry.place is not None:
            name = self.entry.place.name.in_language(self.lang)
            code = words.place_code(self.entry.place, self.lang)
            pairs.append((tell.say("place.code"), tell.say("place.code_of", name=name, code=code)))
        for member in self.entry.members:
            code = words.place_code(member, self.lang)
            pairs.append(
                (
                    tell.say("place.member"),
                    tell.say("place.code_of", name=member.name.in_language(self.lang), code=code),
                )
            )
        if self.entry.programme and self.entry.programme != self.entry.id:
            programme = self.catalogue.entry(self.entry.programme)
            pairs.append((tell.say("place.programme"), programme.name.in_language(self.lang)))
        if self.entry.model is not None:
            pairs.append((tell.say("place.model"), self.entry.model.in_language(self.lang)))
        parts: list[Part] = [self.page.section(tell.say("place.title")), self.page.definitions(pairs)]
        if self.entry.place is not None and self.entry.place.note is not None:
            parts.append(self.page.note(self.entry.place.note.in_language(self.lang)))
        show(*parts)

    def holdings(self) -> None:
        """The institutional picture: who holds what."""
        figure = self.tell.holdings([self.entry], self.tell.say("holdings.caption"))
        if figure:
            show(self.page.section(self.tell.say("holdings.title")), *figure)

    def figures(self) -> None:
        """Stated figures with their readings per community and so on."""
        facts = [fact for fact in self.entry.facts if words.is_number(fact) and not self._controls(fact)]
        per = [fact for fact in facts if fact.per or fact.id in self.entry.denominators.values()]
        rest = [fact for fact in facts if fact not in per]
        if not facts:
            return
        parts: list[Part] = [self.page.section(self.tell.say("figures.title"))]
        parts += self.tell.figures_table(self.entry, per, self.tell.say("figures.scale"))
        if self.edition != "brief":
            caption = self.tell.say("figures.rest" if per else "figures.all")
            parts += self.tell.figures_table(self.entry, rest, caption)
        if len(parts) > 1:
            show(*parts)

    def structures(self) -> None:
        """Named arrangements laid out; the codes that the source never unpacks."""
        if self.edition == "brief":
            return
        sealed = [fact for fact in self.entry.facts if fact.status is FactStatus.NOT_UNPACKED]
        if not self.entry.structures and not sealed:
            return
        parts: list[Part] = [self.page.section(self.tell.say("structures.title"))]
        parts += [self.tell.structure(one) for one in self.entry.structures]
        if sealed:
            names = listed((fact.term or fact.label.in_language(self.lang) for fact in sealed), self.lang)
            if self.lang == "en":
                names = listed((fact.label.en for fact in sealed), "en")
            parts.append(self.page.text(self.tell.say("structures.sealed", names=names)))
        show(*parts)

    def results(self) -> None:
        """What the source says came of it, and that it shows no data for it."""
        facts = [fact for fact in self.entry.facts if fact.claim in (ClaimKind.OUTCOME, ClaimKind.EFFECT)]
        facts = [fact for fact in facts if not self._controls(fact)]
        parts: list[Part] = [self.page.section(self.tell.say("results.title"))]
        if not facts:
            parts.append(self.page.text(self.tell.say("results.none")))
        else:
            parts.append(self.page.text(self.tell.say("results.intro", n=len(facts))))
            parts.append(self.tell.fact_list(facts, self.tell.say("results.caption"), anchored=False))
        if self.edition != "brief" and len(self.entry.facts) >= FEW_FACTS:
            parts += self.tell.claim_counts([self.entry], self.tell.say("claims.caption"))
        show(*parts)

    def checks(self) -> None:
        """The source held against itself, tensions first."""
        outcomes = self.catalogue.checks(self.entry.id)
        if not outcomes:
            return
        counted = self.tell.check_counts(outcomes)
        if self.edition == "brief":
            shown = [one for one in outcomes if one.verdict not in (Verdict.CONSISTENT, Verdict.DERIVED)]
            cards = self.tell.check_cards(shown)
        else:
            cards = self.tell.check_cards(outcomes)
        show(self.page.section(self.tell.say("checks.title")), self.page.text(counted), *cards)

    def control(self) -> None:
        """Passages on population control: attributed, with context, never scored."""
        facts = [fact for fact in self.entry.facts if self._controls(fact)]
        if not facts or self.edition == "brief":
            return
        parts: list[Part] = [
            self.page.section(self.tell.say("control.title")),
            self.page.banner(self.tell.say("control.banner")),
            self.tell.fact_list(facts, self.tell.say("control.caption"), anchored=False),
        ]
        notes = [fact.note.in_language(self.lang) for fact in facts if fact.note is not None]
        if notes:
            parts.append(self.page.points(notes))
        show(*parts)

    def matrix(self) -> None:
        """Where the case stands on each dimension, beside the programmes it can be held against."""
        others = [name for name in ("zhejiang", "beijing", "aksu") if name in self.catalogue.entries]
        own = self.entry.programme or self.entry.id
        others = [name for name in others if name not in (self.entry.id, own)]
        if self.edition == "brief":
            others = []
        found = self.catalogue.matrix([self.entry.id, *others])
        silent = self.tell.say("not_stated")
        columns = [Column("dimension", self.tell.say("matrix.dimension"))]
        columns += [Column(entry.id, entry.label.in_language(self.lang)) for entry in found.entries]
        columns += [
            Column("facts", self.tell.say("matrix.facts"), "facts"),
            Column("claim", self.tell.say("table.claim")),
        ]
        rows = []
        for dimension in found.dimensions:
            cells = [found.cell(dimension.id, entry.id) for entry in found.entries]
            said = [cell.cell.in_language(self.lang) if cell else silent for cell in cells]
            mine = cells[0]
            kinds = listed(
                (self.tell.say(f"claim.{kind.value}") for kind in mine.claims) if mine else (), self.lang
            )
            facts = mine.cell.facts if mine else None
            rows.append((dimension.title.in_language(self.lang), *said, facts, kinds or None))
        stated = self.tell.say("matrix.stated", n=found.stated(self.entry.id), all=len(found.dimensions))
        kinds = listed(
            dict.fromkeys(
                words.source_mark(self.catalogue.sources[name], self.lang)
                for entry in found.entries
                for name in entry.sources
            ),
            self.lang,
        )
        notes = (self.tell.say("matrix.note", kinds=kinds),)
        table = Table(tuple(columns), tuple(rows), self.tell.say("matrix.caption"), self.lang, notes)
        show(self.page.section(self.tell.say("matrix.title")), self.page.text(stated), self.page.table(table))

    def unknown(self) -> None:
        """What is not known and which data would settle it."""
        show(*self.tell.unknown(self.entry))

    def questions(self) -> None:
        """Questions for a class; answers are withheld."""
        if self.edition == "teaching" and self.entry.questions:
            asked = [self.page.question(one.ask.in_language(self.lang)) for one in self.entry.questions]
            show(
                self.page.section(self.tell.say("questions.title")),
                self.page.text(self.tell.say("questions.intro")),
                *asked,
            )

    def ending(self) -> None:
        """References, every fact with its place, versions."""
        parts: list[Part] = [
            self.page.section(self.tell.say("references.title")),
            self.tell.references([self.entry]),
        ]
        if self.edition != "brief":
            parts.append(self.page.section(self.tell.say("appendix.title")))
            parts.append(self.tell.fact_list(self.entry.facts, self.tell.say("appendix.caption")))
            doubtful = [fact.id for fact in self.entry.facts if Flag.DOUBTFUL_PRINT in fact.flags]
            if doubtful:
                parts.append(
                    self.page.note(self.tell.say("appendix.doubtful", ids=listed(doubtful, self.lang)))
                )
        parts.append(self.tell.closing())
        show(*parts)

    def _controls(self, fact: Fact) -> bool:
        return bool(NEVER_SCORED & set(fact.flags))
