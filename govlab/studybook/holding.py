"""What the reports on ledgers and duties share: sentences, tables with fact ids, who says so, references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import TYPE_CHECKING

from govlab.blocks import Block, Page
from govlab.cases import load_catalogue
from govlab.language import listed, say
from govlab.plots import Figure
from govlab.tables import Column, Kind, Raw, Shown, Table

if TYPE_CHECKING:
    from govlab.cases import Catalogue
    from govlab.data.definition import Text

Part = Block | Table | Figure
Cells = tuple[Raw | Shown, ...]
NEITHER = "—"


@dataclass(frozen=True, eq=False)
class Writer:
    """A page being written from one room of sentences; ``holding`` has those that both reports share."""

    room: str
    lang: str
    page: Page = field(repr=False)
    catalogue: Catalogue = field(repr=False)

    @classmethod
    def of(cls, room: str, lang: str) -> Writer:
        """Begin a page."""
        return cls(room, lang, Page(lang), load_catalogue())

    def say(self, key: str, **values: object) -> str:
        """A sentence of the report's own room."""
        return say(f"{self.room}.{key}", values, lang=self.lang)

    def shared(self, key: str, **values: object) -> str:
        """A sentence that both reports use."""
        return say(f"holding.{key}", values, lang=self.lang)

    def text(self, words: Text | None) -> str:
        """Words in the language of the page; a dash for none."""
        return words.in_language(self.lang) if words is not None else NEITHER

    def listed(self, names: Sequence[str]) -> str:
        """Several names in a sentence."""
        return listed(names, self.lang)

    def joined(self, sentences: Sequence[str]) -> str:
        """Sentences one after the other."""
        return ("" if self.lang == "zh" else " ").join(one for one in sentences if one)

    def head(self, words: Text | str | None) -> str:
        """Words that begin a row or a sentence: with a capital where the language has them."""
        found = words if isinstance(words, str) else self.text(words)
        return found[:1].upper() + found[1:]

    @property
    def silent(self) -> str:
        """``not stated`` in words."""
        return say("tables.not_stated", lang=self.lang)

    def number(self, value: float | None, digits: int = 0, *, sign: bool = False) -> Shown:
        """A number for a table; ``not stated`` where there is none."""
        if value is None or isnan(value):
            return Shown(None, self.silent)
        text = f"{abs(value):,.{digits}f}"
        if float(text.replace(",", "")) != 0:
            text = ("−" if value < 0 else "+" if sign else "") + text
        return Shown(float(value), text)

    def section(self, key: str, *, fictional: bool = False) -> list[Part]:
        """A numbered heading with its lead; on invented data the banner stands right below."""
        parts: list[Part] = [self.page.section(self.say(f"{key}.title"))]
        if fictional:
            parts.append(self.page.banner(self.shared("fictional")))
        parts.append(self.page.text(self.say(f"{key}.lead")))
        return parts

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Cells],
        caption: str,
        notes: Sequence[str] = (),
        *,
        fictional: bool = False,
    ) -> Table:
        """A numbered three-line table."""
        found = Table(tuple(columns), tuple(rows), caption, self.lang, tuple(notes), synthetic=fictional)
        return self.page.table(found)

    def figure(self, figure: Figure) -> Figure:
        """A numbered figure."""
        return self.page.figure(figure)

    def column(self, key: str, kind: Kind = "text", digits: int | None = None) -> Column:
        """A column whose head is in the shared room."""
        return Column(key, self.shared(f"column.{key}"), kind, digits)

    def origins(self, definitions: Sequence[tuple[str, Mapping[str, int]]]) -> list[Part]:
        """How much of each definition comes from a document, from govlab, from the user."""
        rows: list[Cells] = []
        for title, counts in definitions:
            total = sum(counts.values())
            ours = 100 * counts["govlab"] / total if total else 0.0
            rows.append((title, counts["source"], counts["govlab"], counts["user"], ours))
        columns = (
            self.column("definition"),
            self.column("source", "integer"),
            self.column("govlab", "integer"),
            self.column("user", "integer"),
            self.column("ours", "percent", 0),
        )
        return [
            self.page.section(self.shared("origins.title")),
            self.page.text(self.shared("origins.lead")),
            self.table(columns, rows, self.shared("origins.caption"), (self.shared("origins.note"),)),
        ]

    def unknown(self, entries: Sequence[str], facts: Sequence[str]) -> list[Part]:
        """What the documents leave open on these matters: the silences that name one of the facts."""
        wanted = set(facts)
        rows: list[Cells] = []
        for name in entries:
            entry = self.catalogue.entry(name)
            for one in entry.silences:
                if wanted & set(one.facts):
                    rows.append((self.text(entry.label), self.text(one.unknown), self.text(one.settle)))
        columns = (self.column("case"), self.column("unknown"), self.column("settle"))
        return [
            self.page.section(self.shared("unknown.title")),
            self.table(columns, rows, self.shared("unknown.caption")),
        ]

    def ending(self, entries: Sequence[str]) -> list[Part]:
        """References and the last lines."""
        names = dict.fromkeys(source for name in entries for source in self.catalogue.entry(name).sources)
        return [
            self.page.section(self.shared("references.title")),
            self.page.references([self.catalogue.sources[name].citation for name in names]),
            self.page.closing([self.shared("closing.use"), self.shared("closing.facts")]),
        ]
