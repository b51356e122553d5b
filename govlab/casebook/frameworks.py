"""The report that holds the two frameworks against the cases."""

from __future__ import annotations

from dataclasses import dataclass

from govlab import plots
from govlab.blocks import Page, show
from govlab.casebook.names import open_catalogue
from govlab.casebook.parts import Part, Teller
from govlab.cases import Catalogue
from govlab.cases.models import Entry, Structure
from govlab.language import listed

HELD = "held-against-cases"  # id of the structure in which a framework meets the cases


@dataclass(frozen=True, eq=False)
class FrameworkReport:
    """Lu Lei's and Kong Nana's frameworks beside the cases, in one language; each method shows a part."""

    catalogue: Catalogue
    entries: tuple[Entry, ...]
    lang: str
    tell: Teller

    @classmethod
    def open(cls, lang: str) -> FrameworkReport:
        """Read the catalogue and begin the report on its frameworks."""
        catalogue = open_catalogue()
        order = {"framework-lulei": 0, "framework-kong": 1}
        found = [entry for entry in catalogue.entries.values() if entry.kind == "framework"]
        entries = tuple(sorted(found, key=lambda entry: order.get(entry.id, 2)))
        return cls(catalogue, entries, lang, Teller(catalogue, lang, Page(lang)))

    @property
    def page(self) -> Page:
        """The page being written."""
        return self.tell.page

    def opening(self) -> None:
        """Top line, title, basis, and what can be seen of the frameworks in the cases."""
        names = listed((entry.label.in_language(self.lang) for entry in self.entries), self.lang)
        facts = sum(len(entry.facts) for entry in self.entries)
        rows = [
            row for entry in self.entries for one in entry.structures if one.id == HELD for row in one.rows
        ]
        nowhere = [row.label.in_language(self.lang) for row in rows if not row.cells]
        everywhere = [row for row in rows if len(row.cells) == 3]
        show(
            self.page.opening(
                self.tell.say("frameworks.top"),
                self.tell.say("frameworks.title"),
                self.tell.say("frameworks.basis", names=names, n=facts),
            ),
            self.page.gist(
                [
                    self.tell.say("frameworks.gist1"),
                    self.tell.say(
                        "frameworks.gist2", parts=len(rows), everywhere=len(everywhere), nowhere=len(nowhere)
                    ),
                    self.tell.say("frameworks.gist3"),
                ]
            ),
        )

    def framework(self, place: int) -> None:
        """One framework: its summary, its arrangements, its own silences."""
        entry = self.entries[place]
        source = self.catalogue.sources[entry.sources[0]]
        parts: list[Part] = [
            self.page.section(entry.title.in_language(self.lang)),
            self.page.text(source.limits.in_language(self.lang)),
            self.tell.gist(entry),
        ]
        parts += [self.tell.structure(one) for one in entry.structures if one.id != HELD]
        show(*parts)

    def held(self) -> None:
        """What of each framework is visible in the three programmes: drawn, then in words."""
        parts: list[Part] = [self.page.section(self.tell.say("frameworks.held_title"))]
        for entry in self.entries:
            for one in entry.structures:
                if one.id == HELD:
                    parts.append(self.page.figure(self._grid(entry, one)))
                    parts.append(self.tell.structure(one))
        show(*parts)

    def _grid(self, entry: Entry, one: Structure) -> plots.Figure:
        rows = [
            (row.label.in_language(self.lang), [column.id in row.cells for column in one.columns])
            for row in one.rows
        ]
        columns = [column.in_language(self.lang) for column in one.columns]
        caption = self.tell.say("frameworks.grid_caption", name=entry.label.in_language(self.lang))
        return plots.grid(
            rows, columns, lang=self.lang, caption=caption, note=self.tell.say("frameworks.grid_note")
        )

    def checks(self) -> None:
        """The frameworks' own numbers held against each other."""
        outcomes = [found for entry in self.entries for found in self.catalogue.checks(entry.id)]
        show(
            self.page.section(self.tell.say("checks.title")),
            self.page.text(self.tell.check_counts(outcomes)),
            *self.tell.check_cards(outcomes),
        )

    def unknown(self) -> None:
        """What the frameworks leave open."""
        parts: list[Part] = [self.page.section(self.tell.say("silences.title"))]
        for entry in self.entries:
            parts.append(self.page.heading(entry.label.in_language(self.lang)))
            parts.append(self.tell.silences(entry))
        show(*parts)

    def ending(self) -> None:
        """References, the facts of both essays, versions."""
        parts: list[Part] = [
            self.page.section(self.tell.say("references.title")),
            self.tell.references(self.entries),
            self.page.section(self.tell.say("appendix.title")),
        ]
        parts += [
            self.tell.fact_list(entry.facts, entry.label.in_language(self.lang)) for entry in self.entries
        ]
        show(*parts, self.tell.closing())
