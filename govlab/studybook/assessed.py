"""What both reports on an assessment share: the scheme, masked evidence, scores, names, the definition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from govlab.data.definition import Origin
from govlab.errors import Fault, InputError
from govlab.language import say
from govlab.plots.scheme import Branch, tree
from govlab.results import NotApplicable
from govlab.studybook.parts import Part, Row, Telling
from govlab.studybook.source import demo_folder, open_study
from govlab.tables import Column, Shown

if TYPE_CHECKING:
    from govlab.institutions.scheme.evidence import Evidence, Unit
    from govlab.institutions.scheme.scheme import Scheme
    from govlab.institutions.scheme.scores import Scores
    from govlab.institutions.scheme.sweep import Sweep
    from govlab.ranks import Ranks

DEFAULT = "aksu-3-plus-1"
FEW = "few-respondents"


@dataclass(frozen=True, eq=False)
class Assessment:
    """A scheme on a study's units in one wave, in one language. Answers that the mask hides are not used."""

    tell: Telling
    scheme: Scheme
    wave: int

    @classmethod
    def open(cls, study: str, scheme: str, lang: str, wave: int = 0) -> Assessment:
        """Begin on the last wave that was recorded for the scheme (or ``wave``); InputError for others."""
        from govlab.study import assessing

        found = open_study(study)
        chosen = found.scheme(scheme or DEFAULT)
        known = assessing.periods(found, chosen.id)
        if not known or (wave and wave not in known):
            values = {"wave": wave, "known": ", ".join(map(str, known)) or "-"}
            raise InputError(Fault("assessment.no_wave", values | {"scheme": chosen.id}))
        return cls(Telling.of(found, lang), chosen, wave or known[-1])

    def say(self, key: str, **values: object) -> str:
        """A sentence of the reports on assessments."""
        return say(f"assessment.{key}", values, lang=self.tell.lang)

    # -- what is known ---------------------------------------------------------------------------

    @cached_property
    def evidence(self) -> Evidence:
        """The evidence of the wave, without the answers that must not be shown."""
        return self._masked(self.wave)

    @cached_property
    def scores(self) -> Scores:
        """Scores of the units."""
        return self.scheme.score(self.evidence)

    @cached_property
    def before(self) -> int | None:
        """The wave before, where something was recorded for this scheme."""
        from govlab.study import assessing

        earlier = [one for one in assessing.periods(self.tell.study, self.scheme.id) if one < self.wave]
        return earlier[-1] if earlier else None

    @cached_property
    def earlier(self) -> Scores | None:
        """Scores of the wave before."""
        return None if self.before is None else self.scheme.score(self._masked(self.before))

    @cached_property
    def streets(self) -> Scores | None:
        """Scores of the bodies above; None where the scheme has none."""
        return self.scores.above() if self.scheme.file.rollup is not None else None

    @cached_property
    def sweep(self) -> Sweep | NotApplicable:
        """Ranks under other weights than those that the source leaves open."""
        return self.scores.sweep()

    @cached_property
    def ranks(self) -> Ranks | NotApplicable:
        """Ranks of the units."""
        return self.scores.ranks()

    def _masked(self, wave: int) -> Evidence:
        found = self.tell.study.evidence(self.scheme.file.of, wave)
        items = [one.measure.item for one in self.scheme.indicators if one.measure and one.measure.item]
        column = self.tell.study.survey.community if items and self._surveyed else None
        if found.ask is None or column is None:
            return found
        mask, names = self.tell.mask, [one.id for one in found.units]
        if not all(self.tell.margin((column, "wave"), item) for item in items):
            return found.keep_back(names)  # the study publishes no table by community
        asked = set(self.tell.design(wave).frame[column].astype(str))
        hidden = [
            name
            for name in names
            if name in asked
            and not all(mask.shows({column: name, "wave": wave}, item) for item in ("", *items))
        ]
        return found.keep_back(hidden)

    @property
    def _surveyed(self) -> bool:
        file = self.tell.study.workspace.study
        return file is not None and file.survey is not None

    # -- names -----------------------------------------------------------------------------------

    def unit_name(self, unit: Unit | str) -> str:
        """A unit as its list names it, without the mark of a fictional one, which the page has on top."""
        found = self.named[unit] if isinstance(unit, str) else unit
        name = found.name(self.tell.lang)
        for opening in ("（虚构）", " (fictional)"):
            name = name.removesuffix(opening)
        return name

    @cached_property
    def named(self) -> dict[str, Unit]:
        """Every unit and body above by its id."""
        return {one.id: one for one in (*self.evidence.units, *self.evidence.above)}

    def label(self, name: str) -> str:
        """What an indicator or a kind of points is called."""
        file = self.scheme.file
        if file.rollup is not None and name == "own":
            return file.rollup.own_label.in_language(self.tell.lang)
        if name == "units":
            return self.say("mean_of_units", units=self.many_word)
        labels = {one.id: one.label for one in file.nodes} | {one.id: one.label for one in file.points}
        return labels[name].in_language(self.tell.lang)

    @property
    def title(self) -> str:
        """The name of the scheme."""
        return self.scheme.file.title.in_language(self.tell.lang)

    @property
    def unit_word(self) -> str:
        """What is scored: community, project."""
        return self.scheme.file.unit.in_language(self.tell.lang)

    @property
    def many_word(self) -> str:
        """Several units: communities, projects."""
        file = self.scheme.file
        return (file.many or file.unit).in_language(self.tell.lang)

    def head(self, word: str) -> str:
        """A word at the head of a column."""
        return word[:1].upper() + word[1:]

    @property
    def many_above(self) -> str:
        """Several bodies above: streets."""
        rollup = self.scheme.file.rollup
        return "" if rollup is None else (rollup.many or rollup.label).in_language(self.tell.lang)

    @property
    def above_word(self) -> str:
        """What the body above is called."""
        rollup = self.scheme.file.rollup
        return "" if rollup is None else rollup.label.in_language(self.tell.lang)

    @property
    def period(self) -> str:
        """What the wave is called."""
        return self.wave_name(self.wave)

    def wave_name(self, wave: int) -> str:
        """What a wave is called, where the study has it."""
        if self._surveyed and self.tell.study.survey.wave(wave) is not None:
            return self.tell.names.wave(wave)
        return say("studybook.wave", {"n": wave}, lang=self.tell.lang)

    def reason(self, reason: str) -> str:
        """Why there is no score, in words."""
        threshold = self.tell.mask.threshold if reason == FEW else 0
        return self.say(f"reason.{reason.replace('-', '_')}", threshold=threshold)

    def interval(self, scores: Scores, place: int) -> str:
        """``75.2 [72.6, 77.8]``, or the number alone where no error is known."""
        row = scores.to_frame().iloc[place]
        value = f"{row['estimate']:.1f}"
        if np.isnan(row["std_error"]):
            return value
        comma = "，" if self.tell.lang == "zh" else ", "
        return f"{value} [{row['conf_low']:.1f}{comma}{row['conf_high']:.1f}]"

    def top(self) -> str:
        """The top line of both pages."""
        return self.say("top")

    def error_heading(self, scores: Scores) -> str:
        """What the errors hold, as it stands in the heads of tables."""
        return self.say("head.survey_and_rater" if scores.heading != "all" else "head.all")

    # -- parts that both reports have --------------------------------------------------------------

    def definition(self) -> list[Part]:
        """The tree drawn, whose the parts are, what the source does not say."""
        tell, file = self.tell, self.scheme.file
        counts = self.scheme.origins
        branches = list(self._branches(None, 0))
        text = self.say(
            "definition.text",
            source=counts["source"],
            ours=counts["govlab"],
            user=counts["user"],
            share=f"{100 * self.scheme.share_ours:.0f}%",
        )
        caption = self.say("definition.caption", scheme=self.title)
        figure = tree(branches, lang=tell.lang, caption=caption, note=self.say("definition.note"))
        return [
            tell.page.section(self.say("definition.title")),
            tell.page.text(file.about.in_language(tell.lang), text),
            tell.figure(figure),
            self._origin_table(),
            tell.page.text(self.say("definition.silences")),
            tell.page.points([one.in_language(tell.lang) for one in file.silences]),
        ]

    def _branches(self, parent: str | None, depth: int, share: float = 100.0) -> list[Branch]:
        from govlab.institutions.scheme.tree import children

        found = []
        below = children(self.scheme.file.nodes, parent)
        total = sum(one.weight.value for one in below)
        for one in below:
            mine = share * one.weight.value / total
            given = one.weight.origin is Origin.SOURCE
            found.append(Branch(self.label(one.id), mine, depth, given, one.measure is None))
            found += self._branches(one.id, depth + 1, mine)
        return found

    def _origin_table(self) -> Part:
        """Every indicator, group and kind of points: what it rests on, and who says so."""
        tell, file = self.tell, self.scheme.file
        columns = [
            Column("name", self.say("column.indicator")),
            Column("evidence", self.say("column.evidence")),
            Column("origin", self.say("column.origin")),
            Column("weight", self.say("column.weight_of"), "number", 1, "%"),
            Column("weight_origin", self.say("column.weight_origin")),
            Column("facts", self.say("column.facts"), "facts"),
        ]
        depth = {one.id: one.parent is not None for one in file.nodes}
        rows = [
            Row(
                (
                    ("　" if depth[one.id] and tell.lang == "zh" else "– " if depth[one.id] else "")
                    + self.label(one.id),
                    self.say(f"kind.{one.measure.kind if one.measure else 'group'}"),
                    self.say(f"origin.{one.origin.value}"),
                    one.weight.value,
                    self.say(f"origin.{one.weight.origin.value}"),
                    one.facts,
                )
            )
            for one in file.nodes
        ]
        for extra in file.points:
            each = self.say("points_each", each=f"{extra.each:+g}".replace("-", "−"), most=f"{extra.most:g}")
            rows.append(
                Row(
                    (
                        self.label(extra.id), each, self.say(f"origin.{extra.origin.value}"), None,
                        self.say(f"origin.{extra.amount.origin.value}"), extra.facts,
                    )
                )
            )  # fmt: skip
        if file.rollup is not None:
            for name, weight in (("units", file.rollup.units), ("own", file.rollup.own)):
                mean = (
                    self.say(f"mean.{file.rollup.mean}")
                    if name == "units"
                    else self.say(f"kind.{file.rollup.own_measure.kind}")
                )
                rows.append(
                    Row(
                        (
                            f"{self.above_word}{'：' if tell.lang == 'zh' else ': '}{self.label(name)}", mean,
                            self.say(f"origin.{file.rollup.origin.value}"), weight.value,
                            self.say(f"origin.{weight.origin.value}"), weight.facts,
                        )
                    )
                )  # fmt: skip
        return tell.table(columns, rows, self.say("origin_caption"), (self.say("origin_note"),))

    def ending(self) -> list[Part]:
        """Limits of the survey behind it, limits of the scores, closing lines."""
        tell = self.tell
        points = [self.say("limit.unknown"), self.say("limit.normal"), self.say("limit.raters")]
        if self.before is not None:
            points.append(self.say("limit.years"))
        points += [self.say("limit.not_sampling"), self.say("limit.flagged")]
        parts: list[Part] = [tell.page.section(self.say("limit.title")), tell.page.points(points)]
        if self.evidence.ask is not None and self.scheme.asks_residents:
            parts += tell.limits([self.wave], compared=False)
        return [*parts, tell.closing()]


def shown_error(value: float | None, unknown: str) -> Shown | float:
    """A standard error, or the words for one that nobody knows."""
    if value is None or np.isnan(value):
        return Shown(None, unknown)
    return float(value)


def scheme_names(root: Path | None = None) -> tuple[str, ...]:
    """Scored schemes of the study around ``root`` and the shipped ones."""
    from govlab.data.definition import kind_of
    from govlab.data.locate import workspace
    from govlab.study.assessing import definitions

    files = definitions(workspace(root) or demo_folder())
    return ("", *(name for name, path in files.items() if kind_of(path) == "scheme"))


def appraised_names(root: Path | None = None) -> tuple[str, ...]:
    """Units and bodies that may have a report, of the study around and the demo study; "" for the first."""
    from govlab.data.locate import workspace
    from govlab.study.assessing import listed_units

    around = workspace(root)
    folders = [demo_folder()] if around is None else [around, demo_folder()]
    return tuple(dict.fromkeys(["", *(name for one in folders for name in listed_units(one))]))
