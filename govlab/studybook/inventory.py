"""The report on a study's inventories: lists, matching, agreements, projects, deliberation, time bank."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast, get_args

from govlab.blocks import Block, Page, show
from govlab.errors import Fault, InputError
from govlab.institutions import inventory as inv
from govlab.institutions.inventory import Inventory, Match
from govlab.language import listed, say
from govlab.plots import Figure
from govlab.studybook.inventory_bank import time_bank
from govlab.studybook.inventory_match import matched, unlocking, unmet
from govlab.studybook.inventory_standing import lists, participants, twice
from govlab.studybook.numbers import known
from govlab.studybook.source import open_study
from govlab.tables import Column, Raw, Shown, Table

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.inventory import Definition
    from govlab.study import Study

Tests = Literal["any", "all"]
Part = Block | Table | Figure
REFERENCES = (
    "孔娜娜《辖区单位参与社区治理的机制创新》，《人民论坛》。",
    "Kong Nana. Innovation in the mechanisms by which local units take part in community governance. Renmin "
    "Luntan.",
    "Hoffman, A. & Kruskal, J. (1956). Integral Boundary Points of Convex Polyhedra. In: Linear Inequalities "
    "and Related Systems. Princeton University Press, 223–246.",
    "Hill, M. (1973). Diversity and Evenness: A Unifying Notation and Its Consequences. Ecology 54, 427–432.",
    "Luo, W. & Wang, F. (2003). Measures of Spatial Accessibility to Health Care in a GIS Environment. "
    "Environment and Planning B 30, 865–884.",
)


@dataclass(frozen=True, eq=False)
class InventoryReport:
    """Inventories of a study in one language; each method shows a part.

    tests: whether participants must pass any or all of the four tests, which the source leaves open.
    """

    study: Study
    lang: str
    page: Page
    tests: Tests
    held: Inventory
    words: Definition

    @classmethod
    def open(cls, study: str, lang: str, tests: str = "any") -> InventoryReport:
        """Begin the report; InputError lists every fault of the workbook."""
        if tests not in get_args(Tests):
            raise ValueError(f"tests must be 'any' or 'all', got {tests!r}")
        found = open_study(study)
        return cls(found, lang, Page(lang), cast(Tests, tests), found.inventory(), inv.definition())

    # -- words and numbers -----------------------------------------------------------------------

    def say(self, key: str, **values: object) -> str:
        """A sentence of the report's own catalogue."""
        return say(f"inventory_report.{key}", values, lang=self.lang)

    def word(self, group: str, code: str) -> str:
        """A word of the shipped definition."""
        return str(self.words.word(group, code).name.in_language(self.lang))

    def label(self, sheet: str, code: str) -> str:
        """What the workbook calls an entry, a capability or a place."""
        return str(self.held.label(sheet, code, self.lang))

    def listed(self, names: Sequence[str]) -> str:
        """Several names in a sentence."""
        return listed(names, self.lang)

    def date(self, day: dt.date) -> str:
        """A day as it is written."""
        return f"{day.year} 年 {day.month} 月 {day.day} 日" if self.lang == "zh" else day.isoformat()

    @cached_property
    def day(self) -> dt.date:
        """The day the report speaks of: the last one in the lists, so that it stays the same tomorrow."""
        found = []
        for name in (*inv.NINE, "time_bank", "library"):
            frame = self.held.sheet(name)
            for column in ("since", "closed", "date", "evaluated"):
                if column in frame and frame[column].notna().any():
                    found.append(frame[column].max().date())
        return max(found, default=dt.date(2000, 1, 1))

    @cached_property
    def synthetic(self) -> bool:
        """Whether what is listed is invented: every zone of the study is fictional."""
        zones = self.study.zones
        return bool("fictional" in zones and zones["fictional"].all())

    @cached_property
    def match(self) -> Match | InputError:
        """The best match, or why there is none."""
        try:
            return inv.match(self.held, on=self.day, tests=self.tests)
        except InputError as error:
            return error

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Raw | Shown]],
        caption: str,
        notes: Sequence[str] = (),
        suppressed: frozenset[tuple[int, int]] = frozenset(),
    ) -> Table:
        """A numbered table, marked where what it holds is invented."""
        return self.page.table(
            Table(
                tuple(columns),
                tuple(tuple(row) for row in rows),
                caption,
                self.lang,
                tuple(notes),
                suppressed=suppressed,
                synthetic=self.synthetic,
            )
        )

    def measures(
        self, frame: pd.DataFrame, keys: Sequence[str], caption: str, notes: Sequence[str] = ()
    ) -> Table:
        """A table of measures: what, how much, out of how many, with the reason where there is none."""
        columns = [
            Column("measure", self.say("column.measure")),
            Column("value", self.say("column.value"), "number", 2),
            Column("of", self.say("column.of"), "integer"),
        ]
        rows, reasons = [], []
        own = frame.set_index("measure")
        for key in keys:
            row = own.loc[key]
            value = known(row["value"])
            shown: Raw | Shown = value
            if value is not None and key not in _COUNTS:
                shown = Shown(value, f"{100 * value:.0f}%")
            if value is not None and key in _WHOLE:
                shown = Shown(value, f"{value:,.0f}")
            if row["reason"]:
                reasons.append(self.say(f"reason.{str(row['reason']).replace('-', '_')}"))
            rows.append((self.say(f"measure.{key}"), shown, int(own["of"][key])))
        return self.table(columns, rows, caption, [*notes, *dict.fromkeys(reasons)])

    # -- the page --------------------------------------------------------------------------------

    def opening(self) -> None:
        """Top line, title, basis, banner, the matter in a few sentences."""
        frame = self.held.to_frame()
        basis = self.say(
            "basis",
            study=self.study.title(self.lang),
            entries=int(frame["entries"].sum()),
            actors=len(self.held.sheet("actors")),
            day=self.date(self.day),
        )
        parts: list[Part] = [self.page.opening(self.say("top"), self.say("title"), basis)]
        if self.synthetic:
            parts.append(self.page.banner(self.say("synthetic")))
        show(*parts, self.page.gist(self._gist()))

    def _gist(self) -> list[str]:
        found = self.match
        if isinstance(found, InputError):
            said = [self.say("gist.infeasible", n=len(found.faults))]
        else:
            by = found.by_need()
            met = int((by["met"] > 1 - 1e-6).sum())
            said = [self.say("gist.met", met=met, n=len(by), share=f"{100 * met / max(len(by), 1):.0f}")]
            reasons = by.loc[by["reason"] != "", "reason"].value_counts()
            if len(reasons):
                why = self.say(f"why.{reasons.index[0]}")
                said.append(self.say("gist.why", n=int(reasons.iloc[0]), left=int(reasons.sum()), why=why))
        shares = inv.agreements(self.held, self.day).to_frame().set_index("measure")["value"]
        if shares.notna()["space_share"]:
            said.append(
                self.say(
                    "gist.sharing",
                    space=f"{100 * shares['space_share']:.0f}",
                    both=f"{100 * shares['both_ways']:.0f}",
                )
            )
        return said

    def standing(self) -> None:
        """The nine lists, participants, entries that may be one."""
        show(*lists(self), *participants(self), *twice(self))

    def matching(self) -> None:
        """Who serves whom, what stays unmet, what would help."""
        parts: list[Part] = [self.page.section(self.say("matching.title"))]
        found = self.match
        if isinstance(found, InputError):
            said = [self._conflict(fault) for fault in found.faults]
            show(*parts, self.page.text(self.say("matching.infeasible")), self.page.points(said))
            return
        show(*parts, *matched(self, found), *unmet(self, found), *unlocking(self, found))

    def _conflict(self, fault: Fault) -> str:
        """Rules that cannot stand together, by the names of what they speak of."""
        sheets = {"need": "needs", "needs": "needs", "resource": "resources", "resources": "resources"}
        values = {
            key: self.listed([self.label(sheets[key], one) for one in str(value).split(", ")])
            if key in sheets
            else value
            for key, value in fault.values.items()
        }
        rows = ", ".join(one.removeprefix("row ") for one in fault.where[-1].split(", "))
        rows = rows.replace(", ", "、") if self.lang == "zh" else rows
        return self.say("matching.conflict", what=say(fault.key, values, lang=self.lang), rows=rows)

    def sharing(self) -> None:
        """Agreements on the three deficits and on reciprocity."""
        found = inv.agreements(self.held, self.day)
        parts: list[Part] = [
            self.page.section(self.say("sharing.title")),
            self.page.text(self.say("sharing.text")),
        ]
        keys = [
            "kinds_of_actors",
            "effective_actors",
            "informal_share",
            "things_shared",
            "effective_things",
            "space_share",
            "renewed",
            "two_way",
            "both_ways",
        ]
        show(
            *parts,
            self.measures(found.to_frame(), keys, self.say("sharing.caption"), [self.say("sharing.note")]),
        )

    def projects(self) -> None:
        """The hub's library, from offer to evaluation."""
        frame = inv.library(self.held).to_frame()
        keys = ["bought_share", "spent", "evaluated_share", "independent_share", "kept"]
        states = [
            Column("state", self.say("column.state")),
            Column("n", self.say("column.projects"), "integer"),
        ]
        own = frame.set_index("measure")["value"]
        names = ("offered", "chosen", "bought", "running", "finished", "evaluated", "dropped")
        rows = [(self.say(f"state.{one}"), int(own[one])) for one in names]
        show(
            self.page.section(self.say("projects.title")),
            self.page.text(self.say("projects.text")),
            self.table(states, rows, self.say("projects.states")),
            self.measures(frame, keys, self.say("projects.caption"), [self.say("projects.note")]),
        )

    def deliberation(self) -> None:
        """The log of consultations on the four questions."""
        frame = inv.consultations(self.held).to_frame()
        keys = [
            "who",
            "what",
            "how",
            "rules",
            "all_four",
            "attended_share",
            "kinds",
            "written_rules",
            "minutes",
            "closed",
            "days",
        ]
        show(
            self.page.section(self.say("deliberation.title")),
            self.page.text(self.say("deliberation.text")),
            self.measures(frame, keys, self.say("deliberation.caption"), [self.say("deliberation.note")]),
        )

    def time_bank(self) -> None:
        """Hours given and received by groups; never persons."""
        show(*time_bank(self))

    def circle(self) -> None:
        """Who reaches which services on foot; nothing where the study has no facilities."""
        from govlab.studybook.inventory_circle import circle

        show(*circle(self))

    def ending(self) -> None:
        """What these numbers cannot carry, whose the definitions are, references, closing lines."""
        counts = self.words.origins()
        limits = [
            self.say(f"limits.{key}") for key in ("lists", "match", "weights", "persons", "cause", "circle")
        ]
        origins = self.say(
            "origins",
            source=counts["source"],
            ours=counts["govlab"],
            user=counts["user"],
            share=f"{100 * counts['govlab'] / sum(counts.values()):.0f}",
        )
        own = REFERENCES[:1] if self.lang == "zh" else REFERENCES[1:2]
        show(
            self.page.section(self.say("limits.title")),
            self.page.points(limits),
            self.page.text(origins),
            self.page.section(self.say("references")),
            self.page.references([*own, *REFERENCES[2:]]),
            self.page.closing(
                [self.say("closing", title=self.study.title(self.lang), day=self.date(self.day))]
            ),
        )


# Measures that are counts or days, not shares; those printed without decimals.
_COUNTS = (
    "kinds_of_actors",
    "effective_actors",
    "things_shared",
    "effective_things",
    "kinds",
    "days",
    "spent",
)
_WHOLE = ("kinds_of_actors", "things_shared", "days", "spent")
