"""Tables of a comparison of coded cases, as papers print them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.blocks import Page
from govlab.compare import qca
from govlab.results import NotApplicable
from govlab.studybook.numbers import known
from govlab.studybook.qca_words import SetWords
from govlab.tables import Column, Raw, Shown, Table

if TYPE_CHECKING:
    from govlab.compare.qca import Analysis, ChoiceLog, Model, Necessity, Redrawn, Robustness, TruthTable

Cells = tuple[Raw | Shown, ...]
FITS = ("inclusion", "pri", "coverage", "unique_coverage")


@dataclass(frozen=True, eq=False)
class QcaTables:
    """Makes numbered tables on one page; all of them marked where the cases are invented."""

    words: SetWords
    page: Page
    synthetic: bool

    def _made(
        self, columns: Sequence[Column], rows: Sequence[Cells], caption: str, notes: Sequence[str] = ()
    ) -> Table:
        table = Table(
            tuple(columns), tuple(rows), caption, self.words.lang, tuple(notes), synthetic=self.synthetic
        )
        return self.page.table(table)

    def _text(self, key: str) -> Column:
        return Column(key, self.words.say(f"column.{key}"))

    def _number(self, key: str, digits: int = 2) -> Column:
        return Column(key, self.words.say(f"column.{key}"), "number", digits)

    def _count(self, key: str) -> Column:
        return Column(key, self.words.say(f"column.{key}"), "integer")

    def sets(self) -> Table:
        """Every set: what it is made of, anchors, reason."""
        columns = [self._text("set"), self._text("role"), self._text("anchors"), self._text("reason")]
        rows: list[Cells] = []
        for one in self.words.coded.sets:
            anchors = self.words.say("anchors_coded")
            if one.anchors:
                anchors = " / ".join(f"{value:g}" for value in one.anchors)
            rows.append(
                (
                    one.label.in_language(self.words.lang),
                    self.words.say(f"role.{one.role}"),
                    anchors,
                    one.reason.in_language(self.words.lang),
                )
            )
        direct = any(one.method == "direct" for one in self.words.coded.sets)
        notes = [self.words.say("sets_note"), *([self.words.say("direct_note")] if direct else [])]
        return self._made(columns, rows, self.words.say("sets_caption"), notes)

    def necessity(self, both: Sequence[Necessity]) -> Table:
        """Conditions and minimal disjunctions for the outcome and its negation."""
        columns = [
            self._text("outcome"), self._text("set"), self._number("inclusion"), self._number("ron"),
            self._number("coverage"), self._text("necessary"),
        ]  # fmt: skip
        rows: list[Cells] = []
        for one in both:
            for row in one.to_frame().to_dict("records"):
                joint = "*" if row["kind"] == "conjunction" else " + "
                text = self.words.say("and" if joint == "*" else "or").join(
                    self.words.term(part) for part in str(row["term"]).split(joint)
                )
                mark = self.words.say("yes") if row["necessary"] else None
                fits = (known(row["inclusion"]), known(row["ron"]), known(row["coverage"]))
                rows.append((self.words.outcome(one.data.outcome), text, *fits, mark))
        cuts = {"cut": f"{both[0].inclusion_cut:g}", "ron": f"{both[0].ron_cut:g}"}
        note = self.words.say("necessity_note", **cuts)
        return self._made(columns, rows, self.words.say("necessity_caption"), (note,))

    def truth_table(self, table: TruthTable) -> Table:
        """Configurations with cases; 1 and 0 by condition."""
        data = table.data
        heads = [Column(name, self.words.labels[name], "integer") for name in data.conditions]
        columns = [
            *heads, self._count("n"), self._number("inclusion"), self._number("pri"),
            Column("outcome", self.words.outcome(data.outcome)), self._text("cases"),
        ]  # fmt: skip
        rows: list[Cells] = []
        for row in table.to_frame().sort_values(["outcome", "inclusion"], ascending=False).to_dict("records"):
            rows.append(
                (
                    *(int(row[name]) for name in data.conditions),
                    int(row["n"]),
                    known(row["inclusion"]),
                    known(row["pri"]),
                    str(row["outcome"]),
                    self.words.cases(str(row["cases"])),
                )
            )
        values = {"rows": data.space, "seen": len(table.rows), "rest": len(table.remainders())}
        values |= {"cut": f"{table.inclusion_cut:g}", "pri": f"{table.pri_cut:g}"}
        notes = (self.words.say("truth_note", frequency=table.frequency_cut, **values),)
        caption = self.words.say("truth_caption", outcome=self.words.outcome(data.outcome))
        return self._made(columns, rows, caption, notes)

    def solutions(self, analysis: Analysis, strict: Analysis) -> Table:
        """Every model of every kind of solution, both sides; strict: without untenable assumptions."""
        columns = [
            self._text("outcome"), self._text("solution"), self._text("expression"),
            *(self._number(name) for name in FITS[:3]),
        ]  # fmt: skip
        rows: list[Cells] = []
        for outcome, side in analysis.sides.items():
            held = [(self.words.say(f"solution.{kind}"), one) for kind, one in side.solutions.items()]
            if not analysis.enhanced:
                other = strict.sides[outcome].solutions["intermediate"]
                held.append((self.words.say("solution.enhanced"), other))
            for kind, found in held:
                first = (self.words.outcome(outcome), kind)
                if isinstance(found, NotApplicable):
                    rows.append((*first, self.words.say(f"reason.{found.reason}"), None, None, None))
                    continue
                for model in found.models[:5]:
                    fits = (known(model.inclusion), known(model.pri), known(model.coverage))
                    rows.append((*first, self.words.expression(model.expression), *fits))
        note = self.words.say("solutions_note")
        return self._made(columns, rows, self.words.say("solutions_caption"), (note,))

    def published(
        self, analysis: Analysis, solutions: Mapping[str, Mapping[str, str]], citation: str
    ) -> Table:
        """Published solutions, and whether the same comes out here."""
        columns = [self._text("outcome"), self._text("solution"), self._text("published"), self._text("here")]
        rows: list[Cells] = []
        for outcome, kinds in solutions.items():
            for kind, text in kinds.items():
                found = analysis.sides[outcome].solutions[kind]
                models = () if isinstance(found, NotApplicable) else found.models
                hit = any(set(one.expression.split(" + ")) == set(text.split(" + ")) for one in models)
                said = self.words.say("same" if hit else "other")
                first = (self.words.outcome(outcome), self.words.say(f"solution.{kind}"))
                rows.append((*first, self.words.expression(text), said))
        note = self.words.say("published_note", citation=citation)
        return self._made(columns, rows, self.words.say("published_caption"), (note,))

    def terms(self, model: Model) -> Table:
        """The paths of a model with their fit and cases."""
        columns = [self._text("path"), *(self._number(name) for name in FITS)]
        columns += [self._text("cases"), self._text("unique_cases")]
        rows: list[Cells] = []
        for one in model.terms:
            fits = (one.inclusion, one.pri, one.coverage, one.unique_coverage)
            held = (self.words.cases(one.cases), self.words.cases(one.unique_cases))
            rows.append((self.words.term(one.expression), *map(known, fits), *held))
        whole = (known(model.inclusion), known(model.pri), known(model.coverage))
        rows.append((self.words.say("whole"), *whole, None, None, None))
        caption = self.words.say("terms_caption", outcome=self.words.outcome(model.data.outcome))
        return self._made(columns, rows, caption)

    def ranges(self, robust: Robustness) -> Table:
        """How far every choice can be moved."""
        columns = [self._text("choice"), self._number("value"), self._number("low"), self._number("high")]
        rows: list[Cells] = []
        for row in robust.ranges.to_dict("records"):
            what = str(row["what"])
            if row["anchor"]:
                values = {"name": self.words.labels.get(what, what), "n": int(row["anchor"])}
                label = self.words.say("anchor_of", **values)
            else:
                label = self.words.say(f"column.{what}")
            ends = [float(row[name]) for name in ("value", "low", "high")]
            whole = what == "frequency"
            rows.append((label, *(Shown(round(one), f"{one:.0f}") if whole else one for one in ends)))
        return self._made(columns, rows, self.words.say("ranges_caption"), (self.words.say("ranges_note"),))

    def tests(self, robust: Robustness, changes: Sequence[qca.Change]) -> Table:
        """What the solution becomes when a cut is changed."""
        columns = [self._text("change"), self._text("expression"), self._number("coincidence")]
        rows: list[Cells] = []
        for change, row in zip(changes, robust.tests.to_dict("records"), strict=True):
            text = self.words.say("no_solution")
            if row["same"]:
                text = self.words.say("same")
            elif row["expression"]:
                text = self.words.expression(str(row["expression"]))
            rows.append((self.change(change), text, known(row["coincidence"])))
        return self._made(columns, rows, self.words.say("tests_caption"), (self.words.say("tests_note"),))

    def change(self, change: qca.Change) -> str:
        """What is done differently, in words."""
        for name in ("inclusion", "pri", "frequency"):
            value = getattr(change, name)
            if value is not None:
                return self.words.say("changed", what=self.words.say(f"column.{name}"), value=f"{value:g}")
        assert change.anchors is not None
        values = ", ".join(f"{one:g}" for one in change.anchors[1])
        return self.words.say("changed", what=self.words.labels[change.anchors[0]], value=values)

    def redrawn(self, found: Redrawn) -> Table:
        """How often every path comes back when the outcome is drawn again from its errors."""
        columns = [self._text("path"), Column("share", self.words.say("column.share"), "percent", 0)]
        columns.append(self._text("initial"))
        rows: list[Cells] = []
        for row in found.to_frame().to_dict("records"):
            if row["initial"] or row["share"] >= 0.1:
                mark = self.words.say("yes") if row["initial"] else None
                rows.append((self.words.term(str(row["term"])), 100 * float(row["share"]), mark))
        note = self.words.say("redrawn_note", draws=f"{found.draws:,}", seed=found.seed)
        return self._made(columns, rows, self.words.say("redrawn_caption"), (note,))

    def log(self, log: ChoiceLog) -> Table:
        """Every choice with its reason."""
        columns = [self._text("step"), self._text("chosen"), self._text("reason")]
        labels = self.words.labels
        known_names = re.compile("|".join(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])" for name in labels))
        rows: list[Cells] = []
        for row in log.to_frame(self.words.lang).to_dict("records"):
            chosen = known_names.sub(lambda hit: labels[hit[0]], str(row["choice"]))
            rows.append((str(row["step"]), chosen, str(row["reason"]) or "—"))
        return self._made(columns, rows, self.words.say("log_caption"), (self.words.say("log_note"),))

    def memberships(self) -> Table:
        """Memberships of all cases in all sets."""
        columns = [self._text("case")]
        columns += [
            Column(one.name, one.label.in_language(self.words.lang), "number", 2)
            for one in self.words.coded.sets
        ]
        rows: list[Cells] = []
        for case, row in zip(
            self.words.coded.frame.index, self.words.coded.frame.to_dict("records"), strict=True
        ):
            rows.append(
                (self.words.case(str(case)), *(known(row[one.name]) for one in self.words.coded.sets))
            )
        return self._made(columns, rows, self.words.say("memberships_caption"))
