"""The report on coded cases: which combinations of conditions go with the outcome, and how firm that is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING

from govlab.blocks import Page, show
from govlab.compare import qca
from govlab.compare.necessity import nca
from govlab.errors import Fault, InputError
from govlab.language import say
from govlab.plots.qca import fiss_chart, membership_plot
from govlab.results import NotApplicable
from govlab.studybook import necessity as degree
from govlab.studybook.qca_source import REFERENCES, open_coded
from govlab.studybook.qca_tables import QcaTables
from govlab.studybook.qca_words import SetWords
from govlab.studybook.source import UNSAID

if TYPE_CHECKING:
    from govlab.compare.qca import Analysis, Model, Redrawn, Robustness
    from govlab.compare.qca.analysis import Side
    from govlab.plots import Figure
    from govlab.study import Study
    from govlab.study.coded import CodedCases

TRUTH = "coded_truth.json"
PUBLISHED = "published.json"
CRISP = 2  # values of a set that cases are in or out of


@dataclass(frozen=True, eq=False)
class QcaReport:
    """Coded cases compared as sets in one language; each method shows a part.

    coded: None where the study has none, which the report then says in one page. cuts: inclusion, PRI,
    cases that make a row count. enhanced: whether untenable assumptions are ruled out.
    """

    study: Study
    lang: str
    coded: CodedCases | None
    name: str
    cuts: tuple[float, float, int]
    enhanced: bool
    page: Page = field(repr=False)

    @classmethod
    def open(
        cls,
        study: str,
        lang: str,
        outcome: str = UNSAID,
        inclusion: float = 0.8,
        pri: float = 0.5,
        frequency: int = 1,
        assumptions: str = "standard",
    ) -> QcaReport:
        """Begin the report on an outcome, the first of the study unless named; InputError for another."""
        if assumptions not in ("standard", "enhanced"):
            raise ValueError(f"assumptions must be 'standard' or 'enhanced', got {assumptions!r}")
        found = open_coded(study)
        assert found.workspace.study is not None
        coded = None if found.workspace.study.coded is None else found.coded_cases()
        known = [] if coded is None else coded.outcomes
        if outcome and outcome not in known:
            raise InputError(Fault("qca_report.no_outcome", {"outcome": outcome, "known": ", ".join(known)}))
        name = outcome or (known[0] if known else "")
        cuts = (inclusion, pri, frequency)
        return cls(found, lang, coded, name, cuts, assumptions == "enhanced", Page(lang))

    def say(self, key: str, **values: object) -> str:
        """A sentence of this report."""
        return say(f"qca_report.{key}", values, lang=self.lang)

    # -- what is computed ------------------------------------------------------------------------

    @cached_property
    def cases(self) -> CodedCases:
        """The coded cases; only where there are some."""
        assert self.coded is not None
        return self.coded

    @cached_property
    def words(self) -> SetWords:
        """Names of sets and cases."""
        return SetWords(self.cases, self.lang)

    @cached_property
    def tables(self) -> QcaTables:
        """The tables of this page."""
        return QcaTables(self.words, self.page, self.cases.synthetic)

    @cached_property
    def analysis(self) -> Analysis:
        """Both sides as asked for; cases that lack a value are left out and named."""
        return self._analysed(self.enhanced)

    @cached_property
    def strict(self) -> Analysis:
        """The same with untenable assumptions ruled out."""
        return self.analysis if self.enhanced else self._analysed(True)

    def _analysed(self, enhanced: bool) -> Analysis:
        inclusion, pri, frequency = self.cuts
        held = {self.name, *self.cases.conditions}
        made = {name: one for name, one in self.cases.calibrated(self.lang).items() if name in held}
        return qca.analyse(
            self.cases.frame, self.name, self.cases.conditions, inclusion=inclusion, pri=pri,
            frequency=frequency, expectations=self.cases.expectations, enhanced=enhanced, missing="leave out",
            calibrated=made,
        )  # fmt: skip

    @property
    def positive(self) -> Side:
        """The side of the outcome."""
        found: Side = self.analysis.positive
        return found

    @cached_property
    def model(self) -> Model | None:
        """The first intermediate model of the outcome, if there is one."""
        found = self.positive.solutions["intermediate"]
        return None if isinstance(found, NotApplicable) else found.models[0]

    @cached_property
    def changes(self) -> list[qca.Change]:
        """Test solutions: every cut a step either way."""
        inclusion, pri, frequency = self.cuts
        found = [qca.Change(inclusion=round(inclusion + step, 4)) for step in (-0.05, 0.05)]
        found += [qca.Change(pri=round(pri + step, 4)) for step in (-0.1, 0.1) if 0 <= pri + step <= 1]
        return [*found, qca.Change(frequency=frequency + 1)]

    @cached_property
    def robust(self) -> Robustness:
        """Ranges and test solutions."""
        return qca.robustness(
            self.positive.table, expectations=self.positive.expectations, changes=self.changes,
            exclude=self.positive.ruled_out.rows, calibrated=self.analysis.calibrated,
        )  # fmt: skip

    @cached_property
    def redrawn(self) -> Redrawn | None:
        """The outcome drawn again from its errors; None where it has none."""
        drawn = self.cases.drawn(self.lang)
        table = self.positive.table
        if self.name not in drawn or table.data.left_out:
            return None
        side = self.positive
        return qca.redraw(
            table, {self.name: drawn[self.name]}, expectations=side.expectations, exclude=side.ruled_out.rows
        )

    # -- the page --------------------------------------------------------------------------------

    def opening(self) -> None:
        """Top line, title, basis, banner, the gist; or that there are no coded cases."""
        if self.coded is None:
            show(self.page.opening(self.say("top"), self.say("missing_title"), self.say("missing")))
            return
        data = self.positive.table.data
        values = {"study": self.study.title(self.lang), "n": len(data), "k": len(data.conditions)}
        title = self.say("title", outcome=self.words.outcome(self.name))
        show(self.page.opening(self.say("top"), title, self.say("basis", **values)))
        if self.cases.synthetic:
            show(self.page.banner(self.say("synthetic")))
        show(self.page.gist(self._gist()))

    def _gist(self) -> list[str]:
        words = self.words
        if self.model is None:
            return [self._no_solution("intermediate")]
        fits = {"inclusion": f"{self.model.inclusion:.2f}", "coverage": f"{self.model.coverage:.2f}"}
        terms = words.expression(self.model.expression, "or_else")
        found = [self.say("gist.paths", outcome=words.outcome(self.name), terms=terms, **fits)]
        frame = self.model.cases()
        off = frame.loc[frame["kind"].str.startswith("deviant"), "case"].tolist()
        typical = int((frame["kind"] == "typical").sum())
        key = "gist.deviant" if off else "gist.no_deviant"
        found.append(self.say(key, typical=typical, n=len(off), cases=words.cases(off)))
        same, of = int(self.robust.tests["same"].sum()), len(self.robust.tests)
        share = f"{100 * self.robust.ratios['RCR_typ']:.0f}"
        found.append(self.say("gist.robust", same=same, of=of, share=share))
        return found

    def _no_solution(self, kind: str) -> str:
        found = self.positive.solutions[kind]
        assert isinstance(found, NotApplicable)
        return self.say(f"reason.{found.reason}")

    def sets(self) -> None:
        """What the sets are and why their borders lie where they do."""
        if self.coded is None:
            return
        show(self.page.section(self.say("sets_title")), self.page.text(self.say("sets_text")))
        show(self.tables.sets())
        notes = [note for note in self.positive.table.data.notes if note.key != "qca.note.left_out"]
        left = self.positive.table.data.left_out
        if left:
            show(self.page.note(self.say("left_out", cases=self.words.cases(left))))
        for note in notes:
            show(self.page.note(self._told(note) + ("。" if self.lang == "zh" else ".")))

    def _told(self, note: Fault) -> str:
        values = {key: self._named(value) for key, value in note.values.items()}
        return Fault(note.key, values).text(self.lang)

    def _named(self, value: object) -> object:
        """Names of sets and cases for their ids."""
        if not isinstance(value, str):
            return value
        if value.lstrip("~") in self.words.labels:
            return self.words.outcome(value)
        parts = value.split(", ")
        known = self.words.case_names
        return self.words.cases(parts) if all(one in known for one in parts) else value

    def necessity(self) -> None:
        """What no case with the outcome lacks."""
        if self.coded is None:
            return
        both = [side.necessity for side in self.analysis.sides.values()]
        said = []
        for one in both:
            outcome = self.words.outcome(one.data.outcome)
            singles = one.frame[(one.frame["kind"] == "condition") & one.frame["necessary"]]["term"]
            key = "necessity_some" if len(singles) else "necessity_none"
            names = self.words.say("list").join(self.words.term(str(term)) for term in singles)
            said.append(self.say(key, outcome=outcome, names=names))
        show(
            self.page.section(self.say("necessity_title")), self.page.text(*said), self.tables.necessity(both)
        )

    def degrees(self) -> None:
        """How much of each condition a degree of the outcome needs; not asked of sets that are in or out."""
        if self.coded is None:
            return
        names = [*self.coded.conditions, self.name]
        if (self.coded.frame[names].nunique() <= CRISP).any():
            return
        found = nca(self.coded.frame, self.coded.conditions, self.name)
        show(*degree.section(self.page, found, self.words.labels, synthetic=self.coded.synthetic))

    def truth_tables(self) -> None:
        """Configurations of the outcome; rows whose cases disagree."""
        if self.coded is None:
            return
        table = self.positive.table
        show(self.page.section(self.say("truth_title")), self.page.text(self.say("truth_text")))
        show(self.tables.truth_table(table))
        found = table.contradictions()
        if len(found):
            lines = [
                self.say(
                    "contradiction", inside=self.words.cases(str(row.inside)),
                    outside=self.words.cases(str(row.outside)),
                )
                for row in found.itertuples()
            ]  # fmt: skip
            show(self.page.text(self.say("contradictions")), self.page.points(lines))

    def paths(self) -> None:
        """The intermediate solution: chart, paths with their cases, cases off the pattern."""
        if self.coded is None:
            return
        show(self.page.section(self.say("paths_title")))
        if self.model is None:
            show(self.page.text(self._no_solution("intermediate")))
            return
        words = self.words
        self._ambiguous(self.positive)
        show(self.page.figure(self._chart(self.positive)), self.tables.terms(self.model))
        values = {"outcome": words.outcome(self.name)}
        if not set(self.model.membership.tolist()) <= {0.0, 1.0}:  # a plot of 0 and 1 shows two dots
            figure = membership_plot(
                self.model, lang=self.lang, caption=self.say("plot_caption", **values),
                across=self.say("across"), upward=self.say("upward", **values), names=words.case_names,
                note=self.say("plot_note"),
            )  # fmt: skip
            show(self.page.figure(figure))
        frame = self.model.cases()
        for kind in ("deviant-consistency", "deviant-coverage"):
            names = frame.loc[frame["kind"] == kind, "case"].tolist()
            if names:
                show(self.page.text(self.say(f"told.{kind}", cases=words.cases(names), **values)))

    def _ambiguous(self, side: Side) -> None:
        found = side.solutions["intermediate"]
        if not isinstance(found, NotApplicable) and found.ambiguous:
            show(self.page.text(self.say("ambiguous", n=len(found.models))))

    def _chart(self, side: Side) -> Figure:
        found, short = side.solution("intermediate"), side.solution("parsimonious")
        model = found.models[0]
        caption = self.say("chart_caption", outcome=self.words.outcome(model.data.outcome))
        fits = {"inclusion": f"{model.inclusion:.2f}", "coverage": f"{model.coverage:.2f}"}
        note = self.say("chart_note", **fits)
        chart = qca.fiss(model, short)
        return fiss_chart(chart, lang=self.lang, caption=caption, labels=self.words.labels, note=note)

    def negation(self) -> None:
        """What goes with the absence of the outcome: a question of its own."""
        if self.coded is None:
            return
        side = self.analysis.negative
        outcome = self.words.outcome(side.table.data.outcome)
        show(self.page.section(self.say("negation_title", outcome=outcome)))
        show(self.page.text(self.say("negation_text")))
        if isinstance(side.solutions["intermediate"], NotApplicable):
            show(self.page.text(self.say(f"reason.{side.solutions['intermediate'].reason}")))
            return
        self._ambiguous(side)
        show(self.page.figure(self._chart(side)), self.tables.terms(side.solution("intermediate").models[0]))

    def robustness(self) -> None:
        """How far the choices can be moved, what stays, what the errors of the outcome leave."""
        if self.coded is None or self.model is None:
            return
        robust = self.robust
        show(self.page.section(self.say("robust_title")), self.page.text(self.say("robust_text")))
        show(self.tables.ranges(robust), self.tables.tests(robust, self.changes))
        values = {name: f"{value:.2f}" for name, value in (*robust.fit.items(), *robust.ratios.items())}
        shaky = robust.cases.loc[robust.cases["kind"] == "shaky", "case"].tolist()
        possible = robust.cases.loc[robust.cases["kind"] == "possible", "case"].tolist()
        said = [self.say("robust_core", **values)]
        if not isnan(robust.ratios["RCR_dev"]):
            said.append(self.say("robust_deviant", **values))
        if shaky:
            said.append(self.say("robust_shaky", cases=self.words.cases(shaky)))
        if possible:
            said.append(self.say("robust_possible", cases=self.words.cases(possible)))
        show(self.page.text(*said))
        if self.redrawn is not None:
            show(self.page.heading(self.say("redrawn_title")), self.page.text(self.say("redrawn_text")))
            show(self.tables.redrawn(self.redrawn))

    def truth(self) -> None:
        """What is true, where the cases are invented; what was published, where that lies beside them."""
        published = self.study.workspace.root / PUBLISHED
        if self.coded is not None and published.is_file():
            said = json.loads(published.read_text(encoding="utf-8"))
            show(self.page.section(self.say("published_title")), self.page.text(self.say("published_text")))
            show(self.tables.published(self.analysis, said["solutions"], said["citation"]))
        path = self.study.workspace.root / TRUTH
        if self.coded is None or not self.cases.synthetic or not path.is_file() or self.model is None:
            return
        true = json.loads(path.read_text(encoding="utf-8"))
        hit = set(self.model.expression.split(" + ")) == set(true["recipe"].split(" + "))
        values = {"recipe": self.words.expression(true["recipe"])}
        values["cases"] = self.words.cases(true["against_the_recipe"])
        show(self.page.section(self.say("true_title")))
        show(self.page.text(self.say("true_hit" if hit else "true_miss", **values)))

    def ending(self) -> None:
        """Limits, appendix of choices, memberships, references, closing."""
        if self.coded is None:
            return
        table = self.positive.table
        limits = [
            self.say("limits.cases", n=len(table.data), rows=table.data.space, rest=len(table.remainders())),
            self.say("limits.sets"),
            self.say("limits.not_cause"),
            self.say("limits.coders"),
        ]
        show(self.page.section(self.say("limits.title")), self.page.points(limits))
        show(self.page.section(self.say("appendix")), self.page.text(self.say("appendix_text")))
        show(self.tables.log(qca.choices(self.analysis, self._reasons())))
        show(self.tables.solutions(self.analysis, self.strict), self.tables.memberships())
        show(self.page.section(self.say("references")), self.page.references(REFERENCES))
        lines: Sequence[str] = [self.say("closing", study=self.study.title(self.lang))]
        show(self.page.closing(lines))

    def _reasons(self) -> dict[str, str]:
        """Reasons that lie in the data, such as the gap a cut stands in; else that there is none."""
        steps = ("inclusion", "pri", "frequency", "necessity", "models", "enhanced")
        found = dict.fromkeys(steps, self.say("why_default"))
        values = sorted(self.positive.table.inclusion.tolist())
        below = [value for value in values if value < self.cuts[0]]
        above = [value for value in values if value >= self.cuts[0]]
        if below and above:
            found["inclusion"] = self.say("why_inclusion", low=f"{below[-1]:.2f}", high=f"{above[0]:.2f}")
        if self.cuts[1] >= 0.5:
            found["pri"] = self.say("why_pri")
        return found
