"""The report on what came in: how far these answers can be used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, isnan
from typing import TYPE_CHECKING

from govlab.blocks import Page, show
from govlab.errors import InputError
from govlab.results import NotApplicable
from govlab.studybook.parts import Part, Row, Telling
from govlab.studybook.source import open_study
from govlab.tables import Column, Raw, Shown

if TYPE_CHECKING:
    from govlab.survey.quality import Quality

MOST_ITEMS = 15
FLAGS = ("duplicate", "speeder", "straight_line", "impossible")
# A group this large hides a person behind a whole percent of its answers.
LARGE_GROUP = 100


@dataclass(frozen=True, eq=False)
class QualityReport:
    """The quality of all waves of a study in one language; each method shows a part."""

    tell: Telling

    @classmethod
    def open(cls, study: str, lang: str) -> QualityReport:
        """Begin the report; InputError for a study file with faults."""
        return cls(Telling.of(open_study(study), lang))

    @property
    def page(self) -> Page:
        """The page being written."""
        return self.tell.page

    @property
    def waves(self) -> tuple[int, ...]:
        """Waves whose responses are there."""
        return self.tell.study.waves

    @cached_property
    def looked(self) -> dict[int, Quality]:
        """What was found in each wave."""
        from govlab.survey.quality import quality

        groups = [one for one in ("age", "gender") if one in self.tell.study.survey.quasi_identifiers]
        found = {}
        for wave in self.waves:
            responses = self.tell.study.responses(wave)
            there = [name for name in groups if name in responses.frame]
            found[wave] = quality(responses, groups=there)
        return found

    # -- the page --------------------------------------------------------------------------------

    def opening(self) -> None:
        """Top line, title, basis, banner, the matter in a few sentences."""
        tell = self.tell
        top, title = tell.say("quality.top", kind=tell.kind()), tell.say("quality.title")
        basis = tell.say("zone.basis_none", study=tell.study.title(tell.lang))
        if not self.waves:
            show(*tell.opening(top, title, basis), self.page.text(tell.say("zone.no_wave")))
            return
        rows = sum(one.n for one in self.looked.values())
        flagged = sum(int(one.flags[_there(one)].any(axis=1).sum()) for one in self.looked.values())
        last = self.looked[self.waves[-1]].missing
        asked = last[last["asked"] > 0]
        gist = [
            tell.say("quality.gist.rows", n=f"{rows:,}", waves=len(self.waves)),
            tell.say("quality.gist.flagged", share=f"{100 * flagged / rows:.1f}" if rows else "—"),
            tell.say(
                "quality.gist.missing",
                median=f"{100 * asked['share_missing'].median():.0f}",
                most=f"{100 * asked['share_missing'].max():.0f}",
                wave=tell.names.wave(self.waves[-1]),
            ),
            self._left_out(),
        ]
        show(*tell.opening(top, title, basis, gist))

    def _left_out(self) -> str:
        found = [one for wave in self.waves for one in self.tell.study.responses(wave).excluded]
        if not found:
            return self.tell.say("quality.gist.nothing_out")
        rules = self.tell.listed([f"{one.reason} ({self._few(one.n)})" for one in found])
        return self.tell.say("quality.gist.out", rules=rules)

    def _few(self, n: int) -> str:
        """A count, or that it is small."""
        return f"{n:,}" if n == 0 or n >= self.tell.mask.threshold else f"1–{self.tell.mask.threshold - 1}"

    def _count(self, n: int) -> Shown | int:
        """A count for a cell; of a small one only that it is small."""
        return n if n == 0 or n >= self.tell.mask.threshold else Shown(None, self._few(n))

    def _share(self, share: float, n: int) -> Raw | Shown:
        """A percentage so coarse that the count behind it cannot be told within the threshold."""
        if isnan(share) or not n:
            return None
        grain = max(1, ceil(100 * self.tell.mask.threshold / n))
        return Shown(round(100 * share / grain) * grain, f"{round(100 * share / grain) * grain}%")

    def door(self) -> None:
        """Files, rows and columns, and what happened to them at the door."""
        tell = self.tell
        rows = []
        for wave in self.waves:
            for one in tell.study.responses(wave).reports:
                personal = sum(column.action != "kept" for column in one.personal)
                values = (one.rows, one.questions, len(one.absent), personal, len(one.held), one.no_consent)
                counts = (*values[:5], self._count(values[5]))
                rows.append(Row((tell.names.wave(wave), *counts)))
        if not rows:
            return
        heads = ("rows", "questions", "absent", "personal", "held", "no_consent")
        columns = [Column("wave", tell.say("column.wave"))]
        columns += [Column(name, tell.say(f"quality.door.{name}"), "integer") for name in heads]
        table = tell.table(columns, rows, tell.say("quality.door_caption"), (tell.say("quality.door_note"),))
        show(tell.section("quality.door_title"), table)

    def flags(self) -> None:
        """Duplicates, people too fast, one answer to everything, answers the form does not allow."""
        if not self.waves:
            return
        tell = self.tell
        columns = [Column("wave", tell.say("column.wave"))]
        columns += [Column(name, tell.say(f"quality.flag.{name}"), "integer") for name in FLAGS]
        columns.append(Column("median", tell.say("quality.median"), "integer"))
        rows = []
        for wave, one in self.looked.items():
            counts = [self._count(one.count(name)) if name in one.flags else None for name in FLAGS]
            median = round(one.speed["median"]) if one.speed["known"] else None
            rows.append(Row((tell.names.wave(wave), *counts, median)))
        notes = (tell.say("quality.flags_note", few=self._few(1)), tell.say("quality.nothing_deleted"))
        table = tell.table(columns, rows, tell.say("quality.flags_caption"), notes)
        show(tell.section("quality.flags_title"), table)

    def missing(self) -> None:
        """Questions most often left without an answer, wave by wave, and by groups of people."""
        if not self.waves:
            return
        tell = self.tell
        last = self.looked[self.waves[-1]].missing
        asked = last[(last["asked"] >= LARGE_GROUP) & (last["share_missing"] > 0)]
        chosen = asked.sort_values("share_missing", ascending=False, kind="stable").head(MOST_ITEMS)
        columns = [Column("item", tell.say("column.item"))]
        columns += [Column(f"w{wave}", tell.names.wave(wave), "percent", 0) for wave in self.waves]
        columns.append(Column("dont_know", tell.say("quality.dont_know"), "percent", 0))
        found = {wave: _unanswered(one) for wave, one in self.looked.items()}
        rows = []
        for row in chosen.to_dict("records"):
            item, n = str(row["item"]), int(row["asked"])
            shares: list[Raw | Shown] = []
            for wave in self.waves:
                one = found[wave].get(item)
                shares.append(None if one is None else self._share(*one))
            label = tell.names.item(item) if item in _owned(tell) else _asked(tell, item)
            rows.append(Row((label, *shares, self._share(row["dont_know"] / n, n))))
        notes = (tell.say("quality.missing_note", n=len(rows)), tell.say("quality.coarse"))
        table = tell.table(columns, rows, tell.say("quality.missing_caption"), notes)
        show(tell.section("quality.missing_title"), table, *self._groups())

    def _groups(self) -> list[Part]:
        tell = self.tell
        frame = self.looked[self.waves[-1]].groups
        if not len(frame):
            return []
        rows = []
        for group in dict.fromkeys(frame["group"]):
            assert tell.study.questionnaire is not None
            question = tell.study.questionnaire.question(str(group))
            part = frame[(frame["group"] == group) & (frame["level"] != "")]
            for level, one in part.groupby("level", sort=False):
                if one["asked"].max() < LARGE_GROUP:
                    continue
                option = question.option(str(level))
                name = option.label.in_language(tell.lang) if option else str(level)
                share = float((one["share_missing"] * one["asked"]).sum() / one["asked"].sum())
                rows.append(Row((tell.names.item(str(group)), name, 100 * share)))
        if not rows:
            return []
        columns = (
            Column("group", tell.say("column.item")),
            Column("level", tell.say("quality.group")),
            Column("share", tell.say("quality.unanswered"), "percent", 1),
        )
        note = tell.say("quality.groups_note", n=LARGE_GROUP)
        return [tell.table(columns, rows, tell.say("quality.groups_caption"), (note,))]

    def zones(self) -> None:
        """Responses from each zone in the last wave, beside what was planned."""
        if not self.waves:
            return
        tell = self.tell
        wave = self.waves[-1]
        frame = self.looked[wave].zones
        frame = frame[frame["zone"] != ""]
        planned = bool(frame["planned"].notna().any())
        columns = [Column("zone", tell.say("column.zone"))]
        columns += [Column("planned", tell.say("quality.planned"), "integer")] if planned else []
        columns.append(Column("received", tell.say("quality.received"), "integer"))
        columns += [Column("share", tell.say("quality.response"), "percent", 0)] if planned else []
        rows = []
        for row in frame.to_dict("records"):
            shown = tell.mask.shows({tell.zone: row["zone"], "wave": wave})
            cells: list[Raw | Shown] = [tell.names.zone(row["zone"])]
            cells += [row["planned"]] if planned else []
            cells.append(int(row["received"]))
            cells += [100 * row["share"]] if planned else []
            rows.append(Row(tuple(cells), not shown))
        notes = () if planned else (tell.say("quality.no_plan"),)
        caption = tell.say("quality.zones_caption", wave=tell.names.wave(wave))
        show(tell.section("quality.zones_title"), tell.table(columns, rows, caption, notes))

    def scales(self) -> None:
        """Whether the items of each construct go together: alpha with its interval, omega."""
        from govlab.survey import scale

        if not self.waves:
            return
        tell, wave = self.tell, self.waves[-1]
        responses, design = tell.study.responses(wave), tell.design(wave)
        rows = []
        for name, items in responses.questionnaire.constructs.items():
            there = [item.name for item in items if item.name in design.frame]
            if len(there) < 2:
                continue
            turned = responses.items(name)
            values = {one: turned[one].to_numpy() for one in there}
            try:
                found = scale(design.with_columns(values), there)
            except InputError:
                continue
            omega = None if isinstance(found.omega, NotApplicable) else found.omega
            weakest = float(found.items["item_rest"].min())
            cells = (found.alpha, found.conf_low, found.conf_high, omega, weakest)
            rows.append(Row((tell.names.item(name), len(there), *cells, found.n_used)))
        if not rows:
            return
        columns = [
            Column("construct", tell.say("quality.construct")),
            Column("items", tell.say("quality.items"), "integer"),
            Column("alpha", "α", "number", 2),
            Column("low", tell.say("column.low"), "number", 2),
            Column("high", tell.say("column.high"), "number", 2),
            Column("omega", "ω", "number", 2),
            Column("weakest", tell.say("quality.weakest"), "number", 2),
            Column("n", tell.say("column.n"), "integer"),
        ]
        caption = tell.say("quality.scales_caption", wave=tell.names.wave(wave))
        notes = (tell.say("quality.scales_note"),)
        show(tell.section("quality.scales_title"), tell.table(columns, rows, caption, notes))

    def weights(self) -> None:
        """How unequal the weights are, and what that costs."""
        if not self.waves:
            return
        tell = self.tell
        rows = []
        for wave in self.waves:
            weights = tell.design(wave).weights
            effect = float((weights**2).mean() / weights.mean() ** 2)
            spread = float(weights.max() / weights.min())
            cells = (len(weights), spread, effect, round(len(weights) / effect))
            rows.append(Row((tell.names.wave(wave), *cells)))
        columns = [
            Column("wave", tell.say("column.wave")),
            Column("n", tell.say("column.n"), "integer"),
            Column("spread", tell.say("quality.spread"), "number", 1),
            Column("effect", tell.say("quality.effect"), "number", 2),
            Column("effective", tell.say("quality.effective"), "integer"),
        ]
        notes = (tell.say("quality.weights_note"),)
        table = tell.table(columns, rows, tell.say("quality.weights_caption"), notes)
        show(tell.section("quality.weights_title"), table)

    def ending(self) -> None:
        """Limits and closing lines."""
        if self.waves:
            show(*self.tell.limits(self.waves, compared=False), self.tell.closing())


def _there(quality: Quality) -> list[str]:
    return [name for name in FLAGS if name in quality.flags]


def _unanswered(quality: Quality) -> dict[str, tuple[float, int]]:
    """Question -> share of those asked who gave no answer, and how many were asked."""
    rows = quality.missing.to_dict("records")
    return {str(one["item"]): (float(one["share_missing"]), int(one["asked"])) for one in rows}


def _owned(tell: Telling) -> frozenset[str]:
    """Columns of the data that are a question of their own."""
    assert tell.study.questionnaire is not None
    return frozenset(tell.study.questionnaire.owners)


def _asked(tell: Telling, item: str) -> str:
    """The words of a question whose answers fill several columns."""
    assert tell.study.questionnaire is not None
    return tell.names.in_group(tell.study.questionnaire.question(item))
