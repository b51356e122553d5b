"""The report on change before and after a reform, against zones that stayed as they were."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast, get_args

from govlab.blocks import Page, show
from govlab.errors import Fault, InputError
from govlab.language import say
from govlab.plots import Figure, Moment, event_study
from govlab.studybook import did_items as items
from govlab.studybook import did_zones as zones
from govlab.studybook import effects
from govlab.studybook.did_arms import Arm, Assignment, arms, minus, opened, probability
from govlab.studybook.did_truth import truth_of
from govlab.studybook.numbers import plus
from govlab.studybook.parts import Part, Row, Telling
from govlab.studybook.source import main_item, open_study, with_means
from govlab.tables import Column, Shown

REFERENCES = (
    "Bertrand, M., Duflo, E. & Mullainathan, S. (2004). How Much Should We Trust "
    "Differences-in-Differences Estimates? Quarterly Journal of Economics 119, 249–275.",
    "Donald, S. & Lang, K. (2007). Inference with Difference-in-Differences and Other Panel Data. "
    "Review of Economics and Statistics 89, 221–233.",
    "Roth, J. (2022). Pretest with Caution: Event-Study Estimates after Testing for Parallel Trends. "
    "American Economic Review: Insights 4, 305–322.",
    "Rosenbaum, P. (2002). Observational Studies, 2nd ed. Springer, ch. 2.",
    "MacKinnon, J. & Webb, M. (2017). Wild Bootstrap Inference for Wildly Different Cluster Sizes. "
    "Journal of Applied Econometrics 32, 233–254.",
    "Abadie, A., Diamond, A. & Hainmueller, J. (2010). Synthetic Control Methods for Comparative Case "
    "Studies. Journal of the American Statistical Association 105, 493–505.",
)


@dataclass(frozen=True, eq=False)
class DidReport:
    """Change in reform zones less change in the others, in one language; each method shows a part.

    item: the question the report leads with. start: the first wave under the reform. assignment: whether
    zones were assigned at random, which decides what a permutation p may be called.
    """

    tell: Telling
    item: str
    start: int
    assignment: Assignment

    @classmethod
    def open(
        cls, study: str, lang: str, item: str = "", start: int = 0, assignment: str = "not-random"
    ) -> DidReport:
        """Begin the report on the main question (or ``item``), reform from ``start`` or the last wave.

        InputError for an item or a wave that is not of the study.
        """
        if assignment not in get_args(Assignment):
            raise ValueError(
                f"assignment must be one of {', '.join(get_args(Assignment))}, got {assignment!r}"
            )
        found = open_study(study)
        if start and start not in found.waves:
            known_waves = ", ".join(map(str, found.waves)) or "-"
            raise InputError(Fault("study.no_wave", {"wave": start, "known": known_waves}))
        assert found.questionnaire is not None
        known = with_means(found.questionnaire)
        if item and item not in known:
            raise InputError(Fault("studybook.no_item", {"item": item, "known": ", ".join(known)}))
        tell = Telling.of(found, lang)
        first = start or max(found.waves, default=0)
        return cls(tell, item or main_item(found.questionnaire), first, cast(Assignment, assignment))

    @property
    def page(self) -> Page:
        """The page being written."""
        return self.tell.page

    def say(self, key: str, **values: object) -> str:
        """A sentence of this report."""
        return say(f"did_report.{key}", values, lang=self.tell.lang)

    @cached_property
    def before(self) -> tuple[int, ...]:
        """Waves before the reform."""
        return tuple(one for one in self.tell.study.waves if one < self.start)

    @cached_property
    def after(self) -> tuple[int, ...]:
        """Waves under the reform."""
        return tuple(one for one in self.tell.study.waves if one >= self.start)

    @property
    def waves(self) -> tuple[int, ...]:
        """All waves."""
        return (*self.before, *self.after)

    @cached_property
    def missing(self) -> str:
        """Why nothing is compared: ``no_wave``, ``one_wave``, ``no_comparison``, ``no_sample`` or ""."""
        if not self.waves:
            return "no_wave"
        if not self.before or not self.after:
            return "one_wave"
        if not self.tell.names.compared or len(self.tell.names.models) < 2:
            return "no_comparison"
        return "" if self.tell.study.inference_allowed else "no_sample"

    @cached_property
    def arms(self) -> list[Arm]:
        """Every model against the zones for comparison."""
        if self.missing:
            return []
        return arms(self.tell, self.item, self.before, self.after, self.assignment)

    @property
    def label(self) -> str:
        """The leading question in words."""
        return self.tell.names.item(self.item)

    # -- the page --------------------------------------------------------------------------------

    def opening(self) -> None:
        """Top line, title, basis, banner, the matter in a few sentences."""
        tell = self.tell
        top = self.say("top", kind=tell.kind())
        title = self.say("title", item=self.label)
        n = len(tell.design(*self.waves)) if self.waves else 0
        basis = self.say(
            "basis", study=tell.study.title(tell.lang), waves=len(self.waves), n=f"{n:,}",
            zones=len(tell.names.zones),
        )  # fmt: skip
        show(*tell.opening(top, title, basis, self._gist()))
        if self.missing:
            show(self.page.text(self.say(f"missing.{self.missing}")))
        elif not self.arms:
            show(self.page.text(self.say("missing.hidden")))

    def _gist(self) -> list[str]:
        if not self.arms:
            return []
        found = [self._gaps(), self._standing(), *self._trends()]
        last = self._few()
        return [one for one in (*found, last) if one]

    def _gaps(self) -> str:
        base, last = (self.tell.names.wave(one) for one in (self.before[-1], self.after[-1]))
        semicolon = "；" if self.tell.lang == "zh" else "; "
        values = [f"{arm.name} {self._with_ends(arm)}" for arm in self.arms]
        return self.say("gist.gaps", item=self.label, base=base, last=last, gaps=semicolon.join(values))

    def _with_ends(self, arm: Arm) -> str:
        one = arm.gap
        comma = "，" if self.tell.lang == "zh" else ", "
        ends = one.here or ()
        told = f" [{comma.join(plus(end) for end in ends)}]" if ends else ""
        return f"{plus(one.estimate)}{told}"

    def _standing(self) -> str:
        here = [arm.name for arm in self.arms if arm.stands]
        beyond = [arm.name for arm in self.arms if arm.stands and arm.stands_beyond]
        if not here:
            return self.say("gist.none")
        if not beyond:
            return self.say("gist.here", here=self.tell.listed(here))
        return self.say("gist.beyond", here=self.tell.listed(here), beyond=self.tell.listed(beyond))

    def _trends(self) -> list[str]:
        said = []
        for verdict in ("diverged", "hides", "clear"):
            names = [
                arm.name
                for arm in self.arms
                if arm.verdict == verdict and (arm.stands or verdict == "diverged")
            ]
            if names:
                said.append(
                    self.say(f"gist.{verdict}", names=opened(self.tell.listed(names), self.tell.lang))
                )
        return [self.tell.joined(said)] if said else []

    def _few(self) -> str:
        held = [arm for arm in self.arms if arm.assignments is not None]
        if not held:
            return ""
        found = held[0].assignments
        assert found is not None
        values = {"treated": found.treated, "others": found.clusters - found.treated}
        values |= {"ways": len(found.statistics)}
        key = "gist.few" if self.assignment == "not-random" else "gist.few_random"
        return self.say(key, smallest=f"{found.smallest_p:.3f}", **values)

    def compared(self) -> None:
        """What is held against what, and the course of the leading question."""
        if self.missing:
            return
        tell = self.tell
        values = {"base": tell.names.wave(self.before[-1]), "last": tell.names.wave(self.after[-1])}
        columns = [
            Column("model", tell.say("column.model")), Column("zones", self.say("column.zones"), "integer"),
            Column("names", self.say("column.names")),
        ]  # fmt: skip
        rows = []
        for model in tell.names.models:
            own = [zone for zone in tell.names.zones if tell.names.model_of(zone) == model]
            rows.append(
                Row(
                    (
                        opened(tell.names.model(model), tell.lang),
                        len(own),
                        tell.listed([tell.names.zone(z) for z in own]),
                    )
                )
            )
        table = tell.table(columns, rows, self.say("compared.caption"), (self.say("compared.note"),))
        show(
            tell.page.section(self.say("compared.title")),
            tell.page.text(self.say("compared.text", **values)),
            table,
        )
        if self.arms and not self.missing:
            show(*effects.courses_by_model(tell, self.item, self.waves))

    def gaps(self) -> None:
        """The difference of each model with its two intervals, and what could have been seen."""
        if not self.arms:
            return
        tell = self.tell
        columns = [
            Column("model", tell.say("column.model")),
            Column("gap", self.say("column.gap"), "number", 2),
            Column("here_low", self.say("column.here_low"), "number", 2),
            Column("here_high", tell.say("column.high"), "number", 2),
            Column("beyond_low", self.say("column.beyond_low"), "number", 2),
            Column("beyond_high", tell.say("column.high"), "number", 2),
            Column("smallest", self.say("column.detectable"), "number", 2),
            Column("n", tell.say("column.n"), "integer"),
        ]
        rows = []
        for arm in self.arms:
            one = arm.gap
            ends = [minus(end) for end in (*(one.here or (None, None)), *(one.beyond or (None, None)))]
            rows.append(Row((arm.head, Shown(one.estimate, plus(one.estimate)), *ends, one.smallest, one.n)))
        notes = [self.say("gaps.note")]
        caption = self.say("gaps.caption", item=self.label)
        show(
            tell.page.section(self.say("gaps.title")),
            tell.table(columns, rows, caption, notes),
            tell.page.text(self.say("gaps.text")),
            tell.page.points([self._claim(arm) for arm in self.arms]),
        )

    def _claim(self, arm: Arm) -> str:
        name = arm.head
        if arm.stands and arm.stands_beyond:
            return self.say("claim.beyond", model=name)
        if arm.stands:
            return self.say("claim.here", model=name)
        smallest = arm.gap.smallest
        if smallest is None:
            return self.say("claim.none", model=name)
        return self.say("claim.none_below", model=name, smallest=f"{smallest:.2f}")

    def trends(self) -> None:
        """How the groups moved before, and what would have gone unseen."""
        if not self.arms:
            return
        tell = self.tell
        parts: list[Part] = [
            tell.page.section(self.say("trends.title")),
            tell.page.text(self.say("trends.text")),
        ]
        for arm in self.arms:
            parts.append(tell.figure(self._event(arm)))
        if len(self.before) > 1:
            parts.append(self._trend_table())
        parts.append(tell.page.points([self._verdict(arm) for arm in self.arms]))
        show(*parts)

    def _event(self, arm: Arm) -> Figure:
        tell = self.tell
        moments = []
        for wave in self.waves:
            label = tell.names.wave(wave)
            if wave == arm.base:
                moments.append(Moment(label, None, before=True))
            else:
                one = arm.moments[wave]
                moments.append(Moment(label, one.estimate, one.here, one.beyond, wave < arm.base))
        note = [self.say("trends.figure_note")]
        if arm.wedge is not None:
            note.append(self.say("trends.wedge", slope=f"{arm.wedge:.2f}"))
        caption = self.say("trends.figure_caption", model=arm.head, item=self.label)
        return event_study(moments, lang=tell.lang, caption=caption, note=tell.joined(note), wedge=arm.wedge)

    def _trend_table(self) -> Part:
        tell = self.tell
        columns = [
            Column("model", tell.say("column.model")),
            Column("basis", self.say("column.basis")),
            Column("slope", self.say("column.slope"), "number", 2),
            Column("p", self.say("column.p"), "number", 3),
            Column("detectable", self.say("column.detectable"), "number", 2),
            Column("bias", self.say("column.bias"), "number", 2),
            Column("gap", self.say("column.gap"), "number", 2),
        ]
        rows = []
        for arm in self.arms:
            for basis, one in arm.trends.items():
                told = self.say(f"basis.{basis}")
                if one.not_applicable is not None:
                    rows.append(Row((arm.head, told, None, None, None, None, one.effect)))
                    continue
                slope, gap = Shown(one.slope[0], plus(one.slope[0])), Shown(one.effect, plus(one.effect))
                rows.append(
                    Row((arm.head, told, slope, probability(one.p_value), one.detectable, one.bias, gap))
                )
        notes = (self.say("trends.note", power=80),)
        return tell.table(columns, rows, self.say("trends.caption"), notes)

    def _verdict(self, arm: Arm) -> str:
        name, verdict = arm.head, arm.verdict
        held = [one for one in arm.trends.values() if one.not_applicable is None]
        if not held:
            return self.say("verdict.none", model=name)
        worst = max(held, key=lambda one: one.detectable)
        values = {
            "model": name, "slope": plus(worst.slope[0]),
            "course": plus(worst.slope[0] * worst.bias / worst.detectable), "bias": f"{worst.bias:.2f}",
            "detectable": f"{worst.detectable:.2f}", "gap": plus(arm.gap.estimate),
        }  # fmt: skip
        if verdict == "hides" and not arm.stands:
            verdict = "hides_nothing"
        return self.say(f"verdict.{verdict}", **values)

    def few(self) -> None:
        """What so few zones can carry, and where each model lies among all ways to assign."""
        if self.arms:
            show(*zones.few(self.tell, self.arms, self.item, self.say))

    def synthetic(self) -> None:
        """One zone beside a weighted mean of zones for comparison: a picture, with what it cannot carry."""
        if self.arms:
            show(*zones.synthetic(self.tell, self.arms[0], self.say))

    def others(self) -> None:
        """Every scale in one table: what stands, for whom, and what had moved before."""
        if self.arms:
            show(*items.others(self.tell, self.arms, self.item, self.say))

    def truth(self) -> None:
        """On the demo study: the differences that were put into the invented data."""
        if self.arms:
            show(*truth_of(self.tell, self.arms, self.say))

    def ending(self) -> None:
        """What was done, the log, limits, references, closing lines."""
        if not self.waves:
            return
        tell = self.tell
        parts: list[Part] = []
        if self.arms:
            points = [
                self.say(f"method_text.{key}") for key in ("gap", "basis", "trend", "permutation", "not_done")
            ]
            parts = [tell.page.section(self.say("methods")), tell.page.points(points)]
        parts += [*tell.log(), *tell.limits(self.waves)]
        if self.arms:
            parts += [tell.page.section(self.say("references")), tell.page.references(REFERENCES)]
        show(*parts, tell.closing())
