"""The report on devolution: who holds what before and after, as documents state it, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any

from govlab.blocks import show
from govlab.institutions.ledger import Ledger
from govlab.plots import Figure
from govlab.plots import ledger as figures
from govlab.studybook import devolution_demo
from govlab.studybook.holding import Cells, Part, Writer
from govlab.studybook.source import open_study
from govlab.tables import Column, Shown

if TYPE_CHECKING:
    from govlab.institutions.ledger.model import Item
    from govlab.results import NotApplicable
    from govlab.study import Study

AKSU, BEIJING, ZHEJIANG, FUNDING = (
    "aksu-four-sinkings",
    "beijing-three-fixings",
    "zhejiang-holdings",
    "lulei-funding",
)
ENTRIES = ("aksu", "beijing", "zhejiang", "framework-lulei")
# What is asked about devolution: facts whose silences the report repeats.
ASKED = ("AKS-017", "AKS-025", "AKS-030", "AKS-074", "BJ-009", "BJ-052", "LU-018", "LU-029", "ZJ-163")


@dataclass(frozen=True, eq=False)
class DevolutionReport:
    """Ledgers of the documents and what-if on fictional streets, in one language; each method shows a part.

    own: the study's own ledger. share: percent that goes down in the what-if. way: how it is divided.
    reading: branch that a payment of exactly the limit takes (``none``: it stays undecided).
    """

    writer: Writer
    study: Study
    own: Ledger | None
    ledgers: dict[str, Ledger]
    share: int
    way: str
    reading: str

    @classmethod
    def open(
        cls, lang: str, study: str = "here", share: int = 70, way: str = "equal", reading: str = "none"
    ) -> DevolutionReport:
        """Read the shipped ledgers and the study's own, and begin the report."""
        ledgers = {name: Ledger.load(name) for name in (AKSU, BEIJING, ZHEJIANG, FUNDING)}
        writer = Writer.of("devolution_report", lang)
        opened = open_study(study)
        return cls(writer, opened, devolution_demo.own_ledger(opened), ledgers, share, way, reading)

    @property
    def aksu(self) -> Ledger:
        """The four sinkings."""
        return self.ledgers[AKSU]

    @cached_property
    def assumed(self) -> Ledger:
        """The four sinkings if the street had held all of it before: an assumption, marked as ours."""
        found = self.aksu
        for item in ("street-staff", "operating-funds", "first-review"):
            found = found.assuming(item, "before", {"street-office": 100.0})
        return found

    # -- parts -----------------------------------------------------------------------------------

    def opening(self) -> None:
        """Top line, title, basis, three sentences with the numbers in them."""
        tell = self.writer
        shift = self.aksu.shift("community").frame
        follow = self.assumed.funds_follow("community").frame.iloc[0]
        known = int((shift["reason"] == "").sum())
        below = self.aksu.below_at_least("staff")
        covered = self.aksu.coverage().frame.iloc[0]
        parts: list[Part] = [
            tell.page.opening(tell.say("top"), tell.say("title"), tell.say("basis")),
            tell.page.gist(
                [
                    tell.say("gist1", items=len(shift), known=known)
                    if known
                    else tell.say("gist1_none", items=len(shift)),
                    tell.say(
                        "gist2",
                        duty=f"{follow['shift_item']:.0f}",
                        money=f"{follow['shift_money']:.0f}",
                        announced=covered["announced"],
                        named=covered["named"],
                    ),
                    tell.say("gist3", below=_count(below)),
                ]
            ),
        ]
        show(*parts)

    def aksu_held(self) -> None:
        """Who holds what in Aksu: drawn, then item by item with the facts behind it."""
        tell = self.writer
        show(*tell.section("aksu"), tell.figure(self._held(self.aksu, "aksu.figure")), self._shift_table())

    def _held(self, ledger: Ledger, caption: str, *, only: Sequence[str] = ()) -> Figure:
        tell, file = self.writer, ledger.file
        levels = {one.id: tell.text(one.label) for one in file.levels}
        bodies = {one.id: tell.text(one.label) for one in file.bodies}
        frame = ledger.shares().frame
        items = []
        for item in file.items:
            if only and item.id not in only:
                continue
            periods = []
            for period in file.periods:
                here = (frame["item"] == item.id) & (frame["period"] == period.id) & (frame["body"] != "")
                pieces = [
                    self._piece(item, row, levels[row["level"]], bodies[row["body"]])
                    for row in frame[here].to_dict("records")
                ]
                periods.append(tuple(pieces))
            items.append(figures.Held(tell.text(item.label), tuple(periods)))
        names = [tell.text(one.label) for one in file.periods]
        used = [name for key, name in levels.items() if key in set(frame["level"])]
        return figures.held(
            items, names, used, lang=tell.lang, caption=tell.say(caption), note=tell.say(f"{caption}.note")
        )

    def _piece(self, item: Item, row: dict[Any, Any], level: str, body: str) -> figures.Piece:
        tell = self.writer
        share = None if isnan(row["share"]) else float(row["share"])
        short = ""
        words = body if share is None else f"{body} {share:.0f}%"
        if not isnan(row["amount"]):
            unit = tell.text(item.unit) if item.unit else ""
            joint = " " if unit else ""
            short = f"{row['amount']:,.0f}{joint}{unit}"
            words = f"{body} {short}"
        return figures.Piece(level, share, words, short)

    def _shift_table(self) -> Part:
        tell, file = self.writer, self.aksu.file
        frame = self.aksu.shift("community").frame.set_index("item")
        assumed = self.assumed.shift("community").frame.set_index("item")
        rows: list[Cells] = []
        for item in file.items:
            row: Any = frame.loc[item.id]
            other: Any = assumed.loc[item.id]
            reading = other["shift"] if row["reason"] else float("nan")
            note = Shown(None, "—") if isnan(reading) else tell.number(float(reading), sign=True)
            rows.append(
                (
                    tell.text(item.label),
                    tell.shared(f"kind.{item.kind.value}"),
                    tell.number(row["before"]),
                    tell.number(row["after"]),
                    tell.number(row["shift"], sign=True),
                    note,
                    item.facts,
                )
            )
        columns = (
            tell.column("item"),
            tell.column("kind"),
            Column("before", tell.say("column.before"), "number"),
            Column("after", tell.say("column.after"), "number"),
            Column("shift", tell.say("column.shift"), "number"),
            Column("assumed", tell.say("column.assumed"), "number"),
            tell.column("facts", "facts"),
        )
        notes = (tell.say("aksu.shift.note"), tell.say("aksu.shift.assumed"))
        return tell.table(columns, rows, tell.say("aksu.shift"), notes)

    def powers(self) -> None:
        """Levels passed before and after; powers announced and named."""
        tell, file = self.writer, self.aksu.file
        levels = {one.id: tell.text(one.label) for one in file.levels}
        chains = {(one.id, one.period): one for one in file.chains}
        rows: list[Cells] = []
        for row in self.aksu.levels_passed().frame.to_dict("records"):
            first = chains[row["chain"], "before"]
            then = chains.get((row["chain"], "after"))
            arrow = " → "
            rows.append(
                (
                    tell.text(first.label),
                    arrow.join(levels[one] for one in first.levels),
                    arrow.join(levels[one] for one in then.levels) if then else tell.silent,
                    tell.number(row["change"], sign=True),
                    first.facts,
                )
            )
        columns = (
            tell.column("item"),
            Column("before", tell.say("column.before_levels")),
            Column("after", tell.say("column.after_levels")),
            Column("change", tell.say("column.change"), "number"),
            tell.column("facts", "facts"),
        )
        power = next(one for one in file.items if one.id == "first-review")
        named = tell.listed([tell.text(one) for one in power.named])
        counts = self.aksu.coverage().frame.iloc[0]
        said = {key: counts[key] for key in ("announced", "named", "unnamed")}
        show(
            *tell.section("powers"),
            tell.table(columns, rows, tell.say("powers.caption")),
            tell.page.text(tell.say("powers.named", names=named, **said)),
            tell.page.note(tell.text(power.note)),
        )

    def spending(self) -> None:
        """The rule of approval as it reads, and what it does with a list of invented payments."""
        tell, file = self.writer, self.aksu.file
        route = self.aksu.route("routine-spending")
        bodies = {one.id: tell.text(one.label) for one in file.bodies}
        rows: list[Cells] = [
            (
                tell.text(one.label),
                " → ".join(tell.text(step.label) for step in one.steps),
                bodies[one.decides],
                one.facts,
            )
            for one in route.branches
        ]
        columns = (
            Column("branch", tell.say("column.branch")),
            Column("steps", tell.say("column.steps")),
            Column("decides", tell.say("column.decides")),
            tell.column("facts", "facts"),
        )
        parts = [
            *tell.section("spending"),
            tell.table(columns, rows, tell.say("spending.caption"), (tell.text(route.note),)),
        ]
        parts += devolution_demo.payments(tell, self.study, self.aksu, bodies, self.reading)
        show(*parts)

    def floors(self) -> None:
        """The floors, and how many communities must lie below from the totals alone."""
        tell, file = self.writer, self.aksu.file
        level = next(one for one in file.levels if one.id == "community")
        cadres = next(one.amount for one in file.holdings if one.item == "cadres")
        assert level.count is not None and cadres is not None
        rows: list[Cells] = []
        for one in file.floors:
            below = self.aksu.below_at_least(one.id)
            told = tell.say("floors.text_only") if one.text_only else tell.silent
            found = Shown(below, f"{below}") if isinstance(below, int) else Shown(None, told)
            rows.append((tell.head(one.label), one.at_least, found, one.facts))
        columns = (
            Column("floor", tell.say("column.floor")),
            Column("at_least", tell.say("column.at_least"), "number", 0),
            Column("below", tell.say("column.below"), "number", 0),
            tell.column("facts", "facts"),
        )
        floor = self.aksu.floor("staff")
        reach = int(cadres // floor.at_least)
        said = tell.say(
            "floors.bound",
            cadres=f"{cadres:,.0f}",
            communities=level.count,
            mean=f"{cadres / level.count:.1f}",
            floor=f"{floor.at_least:.0f}",
            reach=reach,
            below=_count(self.aksu.below_at_least("staff")),
        )
        show(
            *tell.section("floors"),
            tell.table(columns, rows, tell.say("floors.caption"), (tell.say("floors.note"),)),
            tell.page.text(said),
            tell.page.note(tell.text(floor.note)),
        )

    def elsewhere(self) -> None:
        """Beijing's three fixings cell by cell; what Zhejiang's text gives."""
        tell, beijing = self.writer, self.ledgers[BEIJING]
        stated = beijing.stated("after").frame
        rows: list[Cells] = []
        filled = 0
        for body in beijing.file.bodies[:3]:
            mine = stated[stated["body"] == body.id].set_index("kind")["state"]
            tasks = next((mine[one] for one in ("power", "duty") if mine[one] != "not-stated"), "not-stated")
            states = (tasks, mine["staff"], mine["money"])
            filled += sum(one in ("content", "quantity") for one in states)
            rows.append((tell.head(body.label), *(tell.say(f"state.{one}") for one in states)))
        columns = (
            tell.column("body"),
            Column("tasks", tell.say("column.tasks")),
            Column("personnel", tell.say("column.personnel")),
            Column("funds", tell.say("column.funds")),
        )
        show(
            *tell.section("elsewhere"),
            tell.table(
                columns, rows, tell.say("beijing.caption"), (tell.say("beijing.note", filled=filled),)
            ),
            tell.figure(self._held(self.ledgers[ZHEJIANG], "zhejiang.figure")),
            tell.page.text(tell.say("zhejiang.posts", posts=self._posts())),
        )

    def _posts(self) -> str:
        """Haining's posts by holder, as a list in words."""
        tell, file = self.writer, self.ledgers[ZHEJIANG].file
        bodies = {one.id: tell.text(one.label) for one in file.bodies}
        held = [one for one in file.holdings if one.item == "haining-posts" and one.amount is not None]
        return tell.listed([f"{bodies[one.body]} {one.amount:.0f}" for one in held])

    def funding(self) -> None:
        """Channels of money as Lu Lei lists them, and what a filled-in table of them shows."""
        show(*devolution_demo.channels(self.writer, self.study, self.ledgers[FUNDING]))

    def follow(self) -> None:
        """Duties beside their money in a fictional ledger."""
        show(*devolution_demo.follow(self.writer, self.own))

    def whatif(self) -> None:
        """Another share, divided another way: who falls below the floor."""
        show(*devolution_demo.whatif(self.writer, self.study, self.own, self.share, self.way))

    def ending(self) -> None:
        """Whose entries these are, what is not known, references."""
        tell = self.writer
        counts: list[Any] = [(tell.text(one.file.title), one.origins) for one in self.ledgers.values()]
        counts += devolution_demo.origins(tell, self.own)
        show(*tell.origins(counts), *tell.unknown(ENTRIES, ASKED), *tell.ending(ENTRIES))


def _count(found: int | NotApplicable) -> str:
    return f"{found}" if isinstance(found, int) else "—"
