"""The report on duties: who does what as documents arrange it, what it comes to, what residents think."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from govlab.blocks import show
from govlab.institutions.duties import Duties, Mode
from govlab.plots import duties as figures
from govlab.studybook import duties_survey, duties_worked
from govlab.studybook.holding import Cells, Part, Writer
from govlab.studybook.source import open_study
from govlab.tables import Column, Shown

if TYPE_CHECKING:
    from govlab.study import Study

BEIJING, LULEI, AKSU, KNOWLEDGE = (
    "beijing-separation",
    "lulei-services",
    "aksu-admission",
    "resident-knowledge",
)
ENTRIES = ("beijing", "framework-lulei", "aksu")
ASKED = ("BJ-042", "BJ-061", "BJ-023", "LU-006", "LU-010", "LU-004", "AKS-015", "AKS-089")


@dataclass(frozen=True, eq=False)
class DutiesReport:
    """Duties in the documents, in a fictional community and in residents' minds; each method shows a part."""

    writer: Writer
    study: Study
    own: Duties | None
    definitions: dict[str, Duties]

    @classmethod
    def open(cls, lang: str, study: str = "here") -> DutiesReport:
        """Read the shipped definitions and the study, and begin the report."""
        definitions = {name: Duties.load(name) for name in (BEIJING, LULEI, AKSU, KNOWLEDGE)}
        opened = open_study(study)
        own = duties_worked.own_duties(opened)
        return cls(Writer.of("duties_report", lang), opened, own, definitions)

    def opening(self) -> None:
        """Top line, title, basis, the gist with its numbers."""
        tell = self.writer
        lines = self.definitions[BEIJING].leadership().frame.set_index("body").loc["station"]
        lulei = self.definitions[LULEI]
        idle = set(lulei.idle("proposed"))
        committees = [one.id for one in lulei.file.bodies if one.part_of == "committee"]
        silent = sum(one in idle for one in committees)
        load = self.definitions[AKSU].load_on("community").frame.set_index("arrangement")
        gist = [
            tell.say("gist1", leads=lines["leads"], lines=lines["lines"]),
            tell.say(
                "gist2_all" if silent == len(committees) else "gist2",
                silent=silent,
                committees=len(committees),
            ),
            tell.say("gist3", administrative=load.loc["after", "administrative"]),
        ]
        show(
            tell.page.opening(tell.say("top"), tell.say("title"), tell.say("basis")),
            tell.page.gist(gist),
        )

    def beijing(self) -> None:
        """Station and committee separated: roles, load on the committee, lines over the station."""
        tell, found = self.writer, self.definitions[BEIJING]
        parts = tell.section("beijing")
        parts.append(roles_figure(tell, found, "after", "beijing.figure"))
        parts += self._load(found, "committee")
        parts.append(self._lines(found, "station"))
        parts.append(tell.page.text(tell.say("beijing.lines_note")))
        show(*parts)

    def _load(self, found: Duties, body: str) -> list[Part]:
        tell = self.writer
        frame = found.load_on(body).frame.set_index("arrangement")
        before, after = frame.loc["before"], frame.loc["after"]
        values = {"before": before["administrative"], "after": after["administrative"]}
        return [tell.page.text(tell.say("beijing.load", **values))]

    def _lines(self, found: Duties, body: str) -> Part:
        tell = self.writer
        names = {one.id: tell.head(one.label) for one in found.file.bodies}
        rows: list[Cells] = [
            (names[one.by], tell.say(f"line.{one.kind}"), one.facts)
            for one in found.file.lines
            if one.over == body
        ]
        columns = (
            Column("by", tell.say("column.by")),
            Column("kind", tell.say("column.line")),
            tell.column("facts", "facts"),
        )
        return tell.table(columns, rows, tell.say("beijing.lines"))

    def lulei(self) -> None:
        """Four kinds of service, five committees, cross-appointment."""
        tell, found = self.writer, self.definitions[LULEI]
        idle = set(found.idle("proposed"))
        committees = [one for one in found.file.bodies if one.part_of == "committee"]
        names = tell.listed([tell.text(one.label) for one in committees])
        silent = sum(one.id in idle for one in committees)
        overlaps = found.overlaps("proposed").frame
        labels = {one.id: tell.text(one.label) for one in found.file.bodies}
        tasks = {one.id: tell.text(one.label) for one in found.file.tasks}
        parts = tell.section("lulei")
        parts.append(self._services(found, "lulei.services"))
        parts.append(
            tell.page.text(
                tell.say(
                    "lulei.committees_all" if silent == len(committees) else "lulei.committees",
                    names=names,
                    silent=silent,
                    n=len(committees),
                )
            )
        )
        for row in overlaps[overlaps["role"] == "does"].to_dict("records"):
            bodies = tell.listed([labels[one] for one in row["holders"]])
            parts.append(tell.page.text(tell.say("lulei.overlap", task=tasks[row["task"]], bodies=bodies)))
        cross = found.cross_appointment().frame
        joined = tell.listed([labels[one] for one in found.file.posts[0].bodies])
        parts.append(tell.page.text(tell.say("lulei.cross", bodies=joined, pairs=len(cross))))
        show(*parts)

    def _services(self, found: Duties, caption: str) -> Part:
        tell = self.writer
        labels = {one.id: tell.text(one.label) for one in found.file.bodies}
        rows: list[Cells] = []
        for one in found.file.services:
            rows.append(
                (
                    tell.head(one.label),
                    tell.head(tell.listed([labels[body] for body in one.leads])) or tell.silent,
                    tell.head(tell.listed([labels[body] for body in one.others])) or "—",
                    tell.head(tell.listed([tell.say(f"mode.{mode.value}") for mode in one.modes]))
                    or tell.silent,
                    tell.shared(f"origin.{one.origin.value}"),
                    one.facts,
                )
            )
        columns = (
            Column("service", tell.say("column.service")),
            Column("leads", tell.say("column.leads")),
            Column("others", tell.say("column.others")),
            Column("modes", tell.say("column.modes")),
            tell.column("origin"),
            tell.column("facts", "facts"),
        )
        notes = [tell.text(one.note) for one in found.file.services if one.note is not None]
        return tell.table(columns, rows, tell.say(caption), notes)

    def provision(self) -> None:
        """Modes of provision service by service, Beijing's three types beside Lu Lei's four kinds."""
        tell = self.writer
        rows: list[Cells] = []
        for name in (BEIJING, LULEI):
            found = self.definitions[name]
            labels = {one.id: tell.head(one.label) for one in found.file.services}
            for row in found.provision().frame.to_dict("records"):
                marks = [Shown(bool(row[mode.value]), "●" if row[mode.value] else "") for mode in Mode]
                rows.append((tell.say(f"from.{name}"), labels[row["service"]], *marks))
        columns = (
            tell.column("case"),
            Column("service", tell.say("column.service")),
            *(Column(mode.value, tell.say(f"mode.{mode.value}")) for mode in Mode),
        )
        show(
            *tell.section("provision"),
            self._services(self.definitions[BEIJING], "provision.beijing"),
            tell.table(columns, rows, tell.say("provision.caption"), (tell.say("provision.note"),)),
        )

    def aksu(self) -> None:
        """Do, assist, refuse: what the text says that communities do."""
        tell, found = self.writer, self.definitions[AKSU]
        rows: list[Cells] = []
        counts = {role: 0 for role in ("does", "assists", "refuses")}
        for one in found.arrangement("after").assignments:
            if one.body == "community" and one.role.value in counts:
                counts[one.role.value] += 1
        facts = {"does": ("AKS-089",), "assists": ("AKS-089",), "refuses": ("AKS-015", "AKS-089")}
        for role, count in counts.items():
            told = Shown(count, f"{count}") if count else Shown(None, tell.silent)
            rows.append((tell.say(f"admission.{role}"), told, facts[role]))
        columns = (
            Column("role", tell.say("column.class")),
            Column("n", tell.say("column.told"), "integer"),
            tell.column("facts", "facts"),
        )
        show(
            *tell.section("aksu"),
            roles_figure(tell, found, "after", "aksu.figure"),
            tell.table(columns, rows, tell.say("aksu.caption"), (tell.say("aksu.note"),)),
        )

    def compare(self) -> None:
        """Beijing's arrangement beside Lu Lei's proposal, on tasks and bodies that both know."""
        tell = self.writer
        first, second = self.definitions[BEIJING], self.definitions[LULEI]
        found = first.compare("after", "proposed", other=second)
        tasks = {one.id: tell.head(one.label) for one in first.file.tasks}
        bodies = {one.id: tell.text(one.label) for one in first.file.bodies}
        rows: list[Cells] = [
            (
                tasks[row["task"]],
                bodies[row["body"]],
                tell.say(f"role.{row['role']}"),
                tell.say(f"change.{row['change']}"),
            )
            for row in found.frame.to_dict("records")
        ]
        columns = (
            Column("task", tell.say("column.task")),
            tell.column("body"),
            Column("role", tell.say("column.role")),
            Column("change", tell.say("column.change")),
        )
        kept = int((found.frame["change"] == "kept").sum())
        notes = (tell.say("compare.note"),)
        show(
            *tell.section("compare"),
            tell.page.text(tell.say("compare.found", kept=kept, n=len(found.frame))),
            tell.table(columns, rows, tell.say("compare.caption"), notes),
        )

    def worked(self) -> None:
        """Load, overlap, gaps, lines and cross-appointment where every role is entered."""
        show(*duties_worked.parts(self.writer, self.own))

    def knowledge(self) -> None:
        """What residents think who does what, beside the matrix."""
        show(*duties_survey.parts(self.writer, self.study, self.definitions[KNOWLEDGE]))

    def ending(self) -> None:
        """Whose entries these are, what is not known, references."""
        tell = self.writer
        counts: list[Any] = [(tell.text(one.file.title), one.origins) for one in self.definitions.values()]
        if self.own is not None:
            counts.append((tell.text(self.own.file.title), self.own.origins))
        show(*tell.origins(counts), *tell.unknown(ENTRIES, ASKED), *tell.ending(ENTRIES))


def roles_figure(tell: Writer, found: Duties, arrangement: str, caption: str) -> Part:
    """Tasks by the bodies that have a role in any, drawn."""
    given = found.arrangement(arrangement)
    busy = [one for one in found.file.bodies if any(held.body == one.id for held in given.assignments)]
    matrix = found.matrix(arrangement).frame.set_index("task")
    rows = []
    for task in found.file.tasks:
        cells = [str(matrix.loc[task.id, body.id]) for body in busy]
        rows.append((tell.head(task.label), [[role for role in one.split("+") if role] for one in cells]))
    names = [tell.text(one.label) for one in busy]
    drawn = figures.roles(
        rows,
        names,
        lang=tell.lang,
        caption=tell.say(caption),
        note=tell.say("roles.complete" if given.complete else "roles.note"),
    )
    return tell.figure(drawn)
