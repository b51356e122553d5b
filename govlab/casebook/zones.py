"""The report on the ten named zones of Zhejiang."""

from __future__ import annotations

from dataclasses import dataclass

from govlab import plots
from govlab.blocks import Page, show
from govlab.casebook import words
from govlab.casebook.names import open_catalogue
from govlab.casebook.parts import Part, Teller
from govlab.cases import Catalogue
from govlab.cases.models import Entry
from govlab.language import listed
from govlab.provenance import FactStatus
from govlab.tables import Column, Table


@dataclass(frozen=True, eq=False)
class ZoneReport:
    """The zones of one programme in one language; each method shows a part."""

    catalogue: Catalogue
    programme: Entry
    zones: tuple[Entry, ...]
    lang: str
    tell: Teller

    @classmethod
    def open(cls, lang: str, programme: str = "zhejiang") -> ZoneReport:
        """Read the catalogue and begin the report on a programme's zones."""
        catalogue = open_catalogue()
        zones = tuple(one for one in catalogue.cases.values() if one.programme == programme)
        return cls(catalogue, catalogue.entry(programme), zones, lang, Teller(catalogue, lang, Page(lang)))

    @property
    def page(self) -> Page:
        """The page being written."""
        return self.tell.page

    def opening(self) -> None:
        """Top line, title, basis and the programme's summary."""
        source = self.catalogue.sources[self.programme.sources[0]]
        facts = len(self.programme.facts) + sum(len(zone.facts) for zone in self.zones)
        show(
            self.page.opening(
                self.tell.say("zones.top", kind=words.source_mark(source, self.lang)),
                self.programme.title.in_language(self.lang),
                self.tell.basis(source),
            ),
            self.tell.gist(self.programme),
            self.page.text(self.tell.say("zones.intro", n=facts, zones=len(self.zones))),
        )

    def places(self) -> None:
        """Zone, level, code with its years, model."""
        columns = (
            Column("zone", self.tell.say("zones.zone")),
            Column("level", self.tell.say("place.level")),
            Column("code", self.tell.say("zones.code")),
            Column("model", self.tell.say("place.model")),
            Column("n", self.tell.say("programmes.facts"), "integer"),
        )
        rows = tuple(
            (
                zone.name.in_language(self.lang),
                words.level(zone, self.lang),
                words.place_code(zone.place, self.lang),
                zone.model.in_language(self.lang) if zone.model else self.tell.say("not_stated"),
                len(zone.facts),
            )
            for zone in self.zones
        )
        notes = (self.tell.say("zones.code_note"),)
        table = Table(columns, rows, self.tell.say("zones.places_caption"), self.lang, notes)
        show(self.page.section(self.tell.say("zones.places_title")), self.page.table(table))

    def shifts(self) -> None:
        """The programme's own arrangements: the five shifts among them."""
        show(
            self.page.section(self.tell.say("zones.shifts_title")),
            *[self.tell.structure(one) for one in self.programme.structures],
        )

    def models(self) -> None:
        """Each zone's own model, unpacked where the text unpacks it."""
        parts: list[Part] = [self.page.section(self.tell.say("zones.models_title"))]
        for zone in self.zones:
            if not zone.structures:
                continue
            parts.append(self.page.heading(zone.name.in_language(self.lang)))
            parts += [self.tell.structure(one) for one in zone.structures]
        sealed = [
            fact
            for zone in (self.programme, *self.zones)
            for fact in zone.facts
            if fact.status is FactStatus.NOT_UNPACKED
        ]
        if sealed:
            labels = [f"{fact.label.in_language(self.lang)} ({fact.id})" for fact in sealed]
            if self.lang == "zh":
                labels = [f"{fact.label.zh}（{fact.id}）" for fact in sealed]
            parts.append(self.page.text(self.tell.say("structures.sealed", names=listed(labels, self.lang))))
        show(*parts)

    def holdings(self) -> None:
        """Which bodies hold what in the zones whose text names them."""
        held = [zone for zone in self.zones if zone.holdings]
        figure = self.tell.holdings(held, self.tell.say("zones.holdings_caption"), grouped=True)
        if figure:
            show(self.page.section(self.tell.say("holdings.title")), *figure)

    def matrix(self) -> None:
        """Where each zone is told about, drawn, then in words dimension by dimension."""
        matrix = self.catalogue.matrix([zone.id for zone in self.zones])
        rows = [
            (
                zone.name.in_language(self.lang),
                [matrix.cell(dimension.id, zone.id) is not None for dimension in matrix.dimensions],
            )
            for zone in self.zones
        ]
        titles = [dimension.title.in_language(self.lang) for dimension in matrix.dimensions]
        figure = plots.grid(
            rows,
            titles,
            lang=self.lang,
            caption=self.tell.say("zones.grid_caption"),
            note=self.tell.say("zones.grid_note"),
        )
        columns = (
            Column("zone", self.tell.say("zones.zone")),
            Column("words", self.tell.say("zones.said")),
            Column("facts", self.tell.say("table.facts"), "facts"),
            Column("claim", self.tell.say("table.claim")),
        )
        parts: list[Part] = [self.page.section(self.tell.say("zones.matrix_title")), self.page.figure(figure)]
        silent = []
        for dimension in matrix.dimensions:
            said = [(zone, matrix.cell(dimension.id, zone.id)) for zone in self.zones]
            lines = tuple(
                (
                    zone.name.in_language(self.lang),
                    cell.cell.in_language(self.lang),
                    cell.cell.facts,
                    listed((self.tell.say(f"claim.{kind.value}") for kind in cell.claims), self.lang),
                )
                for zone, cell in said
                if cell is not None
            )
            if lines:
                title = dimension.title.in_language(self.lang)
                parts.append(self.page.table(Table(columns, lines, title, self.lang)))
            else:
                silent.append(dimension.title.in_language(self.lang))
        if silent:
            parts.append(self.page.note(self.tell.say("zones.silent", names=listed(silent, self.lang))))
        show(*parts)

    def checks(self) -> None:
        """The checks of the programme and of its zones."""
        outcomes = [found for one in (self.programme, *self.zones) for found in self.catalogue.checks(one.id)]
        show(
            self.page.section(self.tell.say("checks.title")),
            self.page.text(self.tell.check_counts(outcomes)),
            *self.tell.check_cards(outcomes),
        )

    def unknown(self) -> None:
        """What is not known and which data would settle it."""
        show(*self.tell.unknown(self.programme))

    def ending(self) -> None:
        """References and versions."""
        show(
            self.page.section(self.tell.say("references.title")),
            self.tell.references([self.programme]),
            self.tell.closing(),
        )
