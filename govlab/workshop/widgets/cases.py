"""The case explorer: what kinds of things a case's sources say, who says them, and on what an effect rests.

Facts that may never be scored are shown as what a source says, and stand apart from every other count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from govlab.casebook import words
from govlab.language import say
from govlab.provenance import NEVER_SCORED, ClaimKind, SourceKind
from govlab.workshop.widgets.controls import Choice, Control, Press
from govlab.workshop.widgets.frame import View

if TYPE_CHECKING:
    from govlab.cases import Catalogue
    from govlab.cases.models import Fact
    from govlab.tables import Table

ANY, QUOTED = "any", "quoted"
CHAIN = (ClaimKind.INPUT, ClaimKind.OUTPUT, ClaimKind.OUTCOME, ClaimKind.EFFECT, ClaimKind.CONTEXT)
# Sources that could measure a change; the others tell of it.
MEASURING = (SourceKind.STATISTICS, SourceKind.SURVEY, SourceKind.EVALUATION)
PAGE = 12


@dataclass(frozen=True, eq=False)
class Cases:
    """The model: the catalogue, and the kinds of source that are in it."""

    catalogue: Catalogue
    kinds: tuple[SourceKind, ...]

    def controls(self, lang: str) -> tuple[Control, ...]:
        """The case, the kind of claim, the kind of source, and the next facts."""
        claims = [(ANY, _said("claim.any", {}, lang))]
        claims += [(one.value, say(f"casebook.claim.{one.value}", lang=lang)) for one in CHAIN]
        claims.append((QUOTED, _said("claim.quoted", {}, lang)))
        sources = [(ANY, _said("source.any", {}, lang))]
        sources += [(one.value, say(f"casebook.source.{one.value}", lang=lang)) for one in self.kinds]
        return (
            _choice("case", self._cases(lang), ANY, lang),
            _choice("claim", claims, ClaimKind.EFFECT.value, lang),
            _choice("source", sources, ANY, lang),
            Press("more", _said("more", {}, lang)),
        )

    def _cases(self, lang: str) -> list[tuple[str, str]]:
        """Every entry of the catalogue with its name; a programme with how many zones belong to it."""
        entries = self.catalogue.entries
        found = [(ANY, _said("case.any", {}, lang))]
        for key, one in entries.items():
            name = one.label.in_language(lang)
            members = sum(other.programme == key for other in entries.values())
            kind = f"case.{one.kind}" if members or one.kind == "framework" else "case.case"
            found.append((key, _said(kind, {"name": name, "n": members}, lang)))
        return found

    def view(self, values: Mapping[str, Any], lang: str) -> View:
        """Facts by kind of claim and kind of source, and a page of those chosen."""
        from govlab.plots.sheet import Drawing
        from govlab.workshop.widgets.cases_drawn import Bar, drawn

        here = self.of(values["case"])
        chosen = [fact for fact in here if self._fits(fact, values)]
        counts, held = (Counter((_row(fact), self._kind(fact)) for fact in some) for some in (here, chosen))
        bars = [
            Bar(
                _claim(kind, lang),
                tuple(counts[kind, source] for source in self.kinds),
                tuple(held[kind, source] > 0 for source in self.kinds),
                quoted=kind == QUOTED,
            )
            for kind in (*(one.value for one in CHAIN), QUOTED)
        ]
        name = dict(self._cases(lang))[values["case"]]
        counted = [fact for fact in here if not never_scored(fact)]
        total = {"name": name, "n": len(counted), "quoted": len(here) - len(counted), "chosen": len(chosen)}
        sources = [say(f"casebook.source.{one.value}", lang=lang) for one in self.kinds]
        said = (
            _said("chosen" if total["quoted"] else "chosen_plain", total, lang),
            self._told_effects(counted, lang),
            *([_said("quoted", total, lang)] if total["quoted"] else []),
        )
        drawing = Drawing(
            drawn(bars, sources, lang), _said("caption", total, lang), self._alt(bars, lang), lang,
            _said("note", {}, lang),
        )  # fmt: skip
        return View(drawing, said, self._table(chosen, int(values["more"]), lang))

    def of(self, case: str) -> list[Fact]:
        """The facts of an entry and of those that belong to it; of all for ``any``."""
        entries = self.catalogue.entries
        return [
            fact
            for key, one in entries.items()
            if case in (ANY, key, one.programme)
            for fact in one.facts
        ]  # fmt: skip

    def _kind(self, fact: Fact) -> SourceKind:
        return self.catalogue.source_of(fact).kind

    def _fits(self, fact: Fact, values: Mapping[str, Any]) -> bool:
        claim, source = values["claim"], values["source"]
        return claim in (ANY, _row(fact)) and source in (ANY, self._kind(fact).value)

    def _told_effects(self, counted: list[Fact], lang: str) -> str:
        effects = [fact for fact in counted if fact.claim is ClaimKind.EFFECT]
        outcomes = sum(fact.claim is ClaimKind.OUTCOME for fact in counted)
        measured = sum(self._kind(fact) in MEASURING for fact in effects)
        values = {
            "n": len(effects), "outcomes": outcomes, "measured": measured,
            "own": sum(self._kind(fact) is SourceKind.SELF_REPORT for fact in effects),
        }  # fmt: skip
        key = "effects_none" if not effects else "effects" if measured else "effects_bare"
        return _said(key, values, lang)

    def _alt(self, bars: list[Any], lang: str) -> str:
        comma = "，" if lang == "zh" else ", "
        return comma.join(f"{one.label} {sum(one.counts)}" for one in bars)

    def _table(self, chosen: list[Fact], presses: int, lang: str) -> Table | None:
        from govlab.tables import Column, Table

        if not chosen:
            return None
        pages = -(-len(chosen) // PAGE)
        first = presses % pages * PAGE
        shown = chosen[first : first + PAGE]
        columns = (
            Column("fact", _said("column.fact", {}, lang), "id"),
            *(
                Column(one, _said(f"column.{one}", {}, lang))
                for one in ("statement", "value", "source", "kind")
            ),
        )
        rows = tuple(
            (
                fact.id, fact.statement.in_language(lang), _value(fact, lang), self._who(fact, lang),
                self._grade(fact, lang),
            )
            for fact in shown
        )  # fmt: skip
        place = {"n": len(chosen), "first": first + 1, "last": first + len(shown)}
        notes = (_said("table.more", place | {"rest": len(chosen) - len(shown)}, lang),) if pages > 1 else ()
        return Table(columns, rows, _said("table", place, lang), lang, notes)

    def _who(self, fact: Fact, lang: str) -> str:
        author = (fact.claimant or self.catalogue.source_of(fact).author).in_language(lang)
        place = {"author": author, "place": fact.locator.in_language(lang)}
        return _said("who", place, lang)

    def _grade(self, fact: Fact, lang: str) -> str:
        source = words.source_mark(self.catalogue.source_of(fact), lang)
        told = [words.kind_mark(fact, lang), source]
        told += [_said("claim.quoted", {}, lang)] if never_scored(fact) else []
        standing = words.standing(fact, lang)
        return ("；" if lang == "zh" else "; ").join([*told, *([standing] if standing else [])])


@lru_cache(maxsize=1)
def opened() -> Cases:
    """The model, of the shipped catalogue."""
    from govlab.cases import load_catalogue

    catalogue = load_catalogue()
    there = {catalogue.source_of(fact).kind for fact in catalogue.facts.values()}
    return Cases(catalogue, tuple(one for one in SourceKind if one in there))


def never_scored(fact: Fact) -> bool:
    """Whether a fact may be quoted and taught only."""
    return not NEVER_SCORED.isdisjoint(fact.flags)


def _row(fact: Fact) -> str:
    return QUOTED if never_scored(fact) else fact.claim.value


def _claim(kind: str, lang: str) -> str:
    return _said("claim.quoted", {}, lang) if kind == QUOTED else say(f"casebook.claim.{kind}", lang=lang)


def _value(fact: Fact, lang: str) -> str:
    if fact.value is None:
        return "—"
    text = words.shown_value(fact, lang).text
    unit = fact.unit.in_language(lang) if fact.unit is not None else ""
    return f"{text} {unit}".strip()


def _choice(name: str, options: list[tuple[str, str]], start: str, lang: str) -> Choice:
    """A choice that turns the table back to its first page."""
    sets = tuple((key, "more", 0) for key, _ in options)
    return Choice(name, _said(name, {}, lang), tuple(options), start, sets)


def _said(key: str, values: Mapping[str, object], lang: str) -> str:
    return say(f"bench_cases.{key}", values, lang=lang)
