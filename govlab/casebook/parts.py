"""Parts that every report about the catalogue uses: figures of holdings, check cards, fact tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from govlab import plots, tables
from govlab.blocks import Block, Page
from govlab.casebook import words
from govlab.cases import Catalogue
from govlab.cases.checks import Outcome, Verdict
from govlab.cases.expression import Expression, number
from govlab.cases.gist import fill
from govlab.cases.models import Entry, Fact, Holding, Item, Source, Structure
from govlab.language import listed, say
from govlab.provenance import ClaimKind
from govlab.tables import Column, Shown, Table

Part = Block | Table | plots.Figure
CHIPS = {
    Verdict.CONSISTENT: "ok",
    Verdict.DOES_NOT_ADD_UP: "bad",
    Verdict.AMBIGUOUS: "amb",
    Verdict.INCOMPLETE: "no",
    Verdict.INTERPRETATION: "int",
    Verdict.DERIVED: "der",
}
# What a reader should see first.
ORDER = (
    Verdict.DOES_NOT_ADD_UP,
    Verdict.AMBIGUOUS,
    Verdict.INCOMPLETE,
    Verdict.INTERPRETATION,
    Verdict.CONSISTENT,
    Verdict.DERIVED,
)


@dataclass(frozen=True, eq=False)
class Teller:
    """Catalogue, language and page of one report; every method returns parts to show."""

    catalogue: Catalogue
    lang: str
    page: Page = field(repr=False)

    def say(self, key: str, **values: object) -> str:
        """A sentence of the casebook's catalogue."""
        return say(f"casebook.{key}", values, lang=self.lang)

    def basis(self, source: Source) -> str:
        """Who wrote the document behind the report, when, and what the report does with it."""
        said = self.say(
            "basis",
            author=source.author.in_language(self.lang),
            affiliation=source.affiliation.in_language(self.lang),
            document=source.document.in_language(self.lang),
            published=source.published.in_language(self.lang),
        )
        if source.data_until is not None:
            said += self.say("basis.until", until=source.data_until.in_language(self.lang))
        return said + self.say("basis.only")

    def unknown(self, entry: Entry) -> list[Part]:
        """What the source cannot carry, what is not known and which data would settle it."""
        source = self.catalogue.sources[entry.sources[0]]
        return [
            self.page.section(self.say("silences.title")),
            self.page.text(source.limits.in_language(self.lang)),
            self.silences(entry),
        ]

    def gist(self, entry: Entry) -> Block:
        """The entry's summary with its figures filled in from the facts."""
        facts = self.catalogue.facts
        return self.page.gist([fill(one.in_language(self.lang), facts) for one in entry.gist])

    def holdings(self, entries: Sequence[Entry], caption: str, *, grouped: bool = False) -> list[Part]:
        """Who holds what before and after, drawn; nothing where no text names a holder."""
        bars = [bar for entry in entries for bar in self._bars(entry, grouped)]
        if not bars:
            return []
        silent = all(not item.before for entry in entries for item in entry.holdings)
        to_scale = any(held.share for entry in entries for item in entry.holdings for held in item.after)
        notes = [self.say("holdings.silent_before")] if silent else []
        notes.append(self.say("holdings.scale" if to_scale else "holdings.blocks"))
        joint = "" if self.lang == "zh" else " "
        figure = plots.holdings(bars, lang=self.lang, caption=caption, note=joint.join(notes))
        return [self.page.figure(figure)]

    def _bars(self, entry: Entry, grouped: bool) -> Iterable[plots.Bar]:
        several = any(item.before for item in entry.holdings)
        for stage in ("before", "after") if several else ("after",):
            for item in entry.holdings:
                held: tuple[Holding, ...] = getattr(item, stage)
                if not held:
                    continue
                group = self.say(f"holdings.{stage}") if several else ""
                if grouped:
                    name = entry.label.in_language(self.lang)
                    group = f"{name}{'：' if self.lang == 'zh' else ': '}{group}" if group else name
                yield plots.Bar(
                    item.label.in_language(self.lang),
                    tuple(self._segment(one) for one in held),
                    _ids(item),
                    group,
                )

    def _segment(self, held: Holding) -> plots.Segment:
        body = held.body.in_language(self.lang)
        said = held.text.in_language(self.lang) if held.text else ""
        if held.share is None:
            colon = "：" if self.lang == "zh" else ": "
            return plots.Segment(body, None, f"{body}{colon}{said}" if said and body not in said else said)
        value = Expression.parse(held.share).value(self.catalogue.facts)
        share = float(value)  # type: ignore[arg-type]  # the reader of the catalogue made sure of it
        return plots.Segment(body, share, said if said else f"{body} {share:g}%")

    def figures_table(self, entry: Entry, facts: Sequence[Fact], caption: str) -> list[Part]:
        """Stated figures with their reading per community, household, resident or grid."""
        if not facts:
            return []
        units = [unit for unit in entry.denominators if any(unit in fact.per for fact in facts)]
        columns = [
            Column("label", self.say("table.item")),
            Column("value", self.say("table.value"), "number"),
        ]
        columns += [Column(unit, self.say(f"table.per.{unit}"), "number", 2) for unit in units]
        columns += [
            Column("place", self.say("table.place")),
            Column("claim", self.say("table.claim"), "mark"),
        ]
        rows = []
        for fact in facts:
            row: list[tables.Raw | Shown] = [
                words.label_with_unit(fact, self.lang),
                words.shown_value(fact, self.lang),
            ]
            row += [self._per(entry, fact, unit) for unit in units]
            row += [fact.locator.in_language(self.lang), words.kind_mark(fact, self.lang)]
            rows.append(tuple(row))
        notes = [self.say("table.per_note")] if units else []
        if any(fact.approximate for fact in facts):
            notes.append(self.say("table.about_note"))
        return [self.page.table(Table(tuple(columns), tuple(rows), caption, self.lang, tuple(notes)))]

    def _per(self, entry: Entry, fact: Fact, unit: str) -> tables.Raw | Shown:
        base = self.catalogue.facts[entry.denominators[unit]]  # type: ignore[index]
        if unit not in fact.per or base.id == fact.id or not isinstance(fact.value, (int, float)):
            return None
        assert isinstance(base.value, (int, float))
        value = fact.value / base.value
        digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 1 else 3
        return Shown(value, number(value, digits))

    def structure(self, one: Structure) -> Part:
        """A named arrangement as a table; what the source leaves out reads 'not stated'."""
        silent = say("tables.not_stated", lang=self.lang)
        columns = [Column("label", one.head.in_language(self.lang))]
        columns += [Column(column.id, column.in_language(self.lang)) for column in one.columns]
        with_facts = any(row.facts for row in one.rows)
        if with_facts:
            columns.append(Column("facts", self.say("table.facts"), "facts"))
        rows = []
        for row in one.rows:
            cells: list[tables.Raw | Shown] = [row.label.in_language(self.lang)]
            for column in one.columns:
                cell = row.cells.get(column.id)
                cells.append(cell.in_language(self.lang) if cell else silent)
            if with_facts:
                cells.append(row.facts)
            rows.append(tuple(cells))
        notes = (one.note.in_language(self.lang),) if one.note else ()
        title = one.title.in_language(self.lang)
        return self.page.table(Table(tuple(columns), tuple(rows), title, self.lang, notes))

    def check_counts(self, outcomes: Sequence[Outcome]) -> str:
        """How the checks come out, in one sentence."""
        found = Counter(outcome.verdict for outcome in outcomes)
        pieces = [
            self.say(
                "checks.count",
                verdict=say(f"cases.verdict.{verdict.value}", lang=self.lang),
                n=found[verdict],
            )
            for verdict in ORDER
            if found[verdict]
        ]
        return self.say("checks.sum", n=len(outcomes), pieces=listed(pieces, self.lang))

    def check_cards(self, outcomes: Sequence[Outcome]) -> list[Part]:
        """A card for each check, the ones that do not add up first."""
        ranked = sorted(outcomes, key=lambda outcome: ORDER.index(outcome.verdict))
        return [self._card(outcome) for outcome in ranked]

    def _card(self, outcome: Outcome) -> Block:
        check = outcome.check
        chip = say(outcome.sentence_key, lang=self.lang)
        lines = []
        if outcome.held:
            for (when, holds), written in zip(outcome.held, outcome.arithmetic, strict=False):
                key = "checks.holds" if holds else "checks.fails"
                lines.append(self.say(key, when=when.in_language(self.lang), arithmetic=written))
            rest = outcome.arithmetic[len(outcome.held) :]
        else:
            rest = outcome.arithmetic
        labels = [figure.label.in_language(self.lang) for figure in check.alternatives] + [
            figure.label.in_language(self.lang) for figure, _ in outcome.figures
        ]
        colon = "：" if self.lang == "zh" else ": "
        unlabelled = len(rest) - len(labels)
        for place, written in enumerate(rest):
            label = labels[place - unlabelled] if place >= unlabelled else ""
            lines.append(f"{label}{colon}{written}" if label else written)
        failing = outcome.verdict not in (Verdict.CONSISTENT, Verdict.DERIVED)
        if failing and check.holds_if is not None:
            lines.append(self.say("checks.holds_if", reading=check.holds_if.in_language(self.lang)))
        if check.note is not None:
            lines.append(check.note.in_language(self.lang))
        lines.append(self.say("checks.facts", facts=listed(check.facts, self.lang)))
        return self.page.card(chip, CHIPS[outcome.verdict], check.title.in_language(self.lang), lines)

    def fact_list(self, facts: Sequence[Fact], caption: str, *, anchored: bool = True) -> Part:
        """Every fact in a row: id, statement, the source's term, place, kind, standing."""
        columns = (
            Column("id", self.say("table.id"), "id"),
            Column("statement", self.say("table.statement")),
            Column("term", self.say("table.term")),
            Column("place", self.say("table.place")),
            Column("claim", self.say("table.claim"), "mark"),
            Column("standing", self.say("table.standing")),
        )
        rows = []
        for fact in facts:
            said = fact.statement.in_language(self.lang)
            if fact.parts:
                names = listed((part.in_language(self.lang) for part in fact.parts), self.lang)
                said += self.say("table.parts", names=names)
            rows.append(
                (
                    fact.id,
                    said,
                    fact.term or "—",
                    fact.locator.in_language(self.lang),
                    words.kind_mark(fact, self.lang),
                    words.standing(fact, self.lang) or "—",
                )
            )
        anchors = tuple(fact.id for fact in facts) if anchored else ()
        table = Table(columns, tuple(rows), caption, self.lang, anchors=anchors)
        return self.page.table(table)

    def claim_counts(self, entries: Sequence[Entry], caption: str) -> list[Part]:
        """How many facts of each kind of claim a source makes, drawn."""
        kinds = list(ClaimKind)
        rows = []
        for entry in entries:
            found = Counter(fact.claim for fact in self._all_facts(entry))
            if found:
                rows.append((entry.label.in_language(self.lang), [found[kind] for kind in kinds]))
        if not rows:
            return []
        names = [say(f"casebook.claim.{kind.value}", lang=self.lang) for kind in kinds]
        note = self.say("claims.note")
        return [self.page.figure(plots.counts(rows, names, lang=self.lang, caption=caption, note=note))]

    def _all_facts(self, entry: Entry) -> list[Fact]:
        """The facts of an entry; of a programme also those of its cases."""
        mine = list(entry.facts)
        if entry.kind == "programme":
            for other in self.catalogue.cases.values():
                if other.programme == entry.id:
                    mine.extend(other.facts)
        return mine

    def silences(self, entry: Entry) -> Part:
        """What is not known, and which data would settle it, as a table."""
        columns = (
            Column("unknown", self.say("silences.unknown")),
            Column("settle", self.say("silences.settle")),
        )
        rows = tuple(
            (one.unknown.in_language(self.lang), one.settle.in_language(self.lang)) for one in entry.silences
        )
        return self.page.table(Table(columns, rows, self.say("silences.caption"), self.lang))

    def references(self, entries: Sequence[Entry]) -> Block:
        """The documents behind the entries, as the standard cites them."""
        names = dict.fromkeys(name for entry in entries for name in entry.sources)
        return self.page.references([self.catalogue.sources[name].citation for name in names])

    def closing(self) -> Block:
        """What the report may be used for; version and date are added by the page itself."""
        return self.page.closing([self.say("closing.use")])


def _ids(item: Item) -> str:
    return item.facts[0] if len(item.facts) == 1 else f"{item.facts[0]} …"
