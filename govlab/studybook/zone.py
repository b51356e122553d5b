"""The report on one zone: who answered, where it stands, what its residents say, what has changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from govlab.blocks import Page, show
from govlab.disclosure import apply
from govlab.errors import Fault, InputError
from govlab.plots import Course, Interval, courses, intervals
from govlab.studybook import answers
from govlab.studybook.numbers import counted, known, point, signed
from govlab.studybook.parts import SUPPRESSED, Part, Row, Telling
from govlab.studybook.source import main_item, open_study
from govlab.tables import Column

if TYPE_CHECKING:
    import pandas as pd

    from govlab.survey.questionnaire import Questionnaire
    from govlab.survey.zones import ZoneComparison


@dataclass(frozen=True, eq=False)
class ZoneReport:
    """One zone of a study in one language; each method shows a part."""

    tell: Telling
    zone: str
    wave: int
    item: str

    @classmethod
    def open(cls, study: str, zone: str, lang: str, wave: int = 0, item: str = "") -> ZoneReport:
        """Begin the report on a zone ("": the first) and its last wave (or ``wave``).

        item: the question it leads with. InputError for a zone, wave or item that is not of the study.
        """
        found = open_study(study)
        tell = Telling.of(found, lang)
        zones = tell.names.zones
        if zone and zone not in zones:
            raise InputError(Fault("studybook.no_zone", {"zone": zone, "known": ", ".join(zones)}))
        waves = found.waves
        if wave and wave not in waves:
            known = ", ".join(map(str, waves)) or "-"
            raise InputError(Fault("study.no_wave", {"wave": wave, "known": known}))
        assert found.questionnaire is not None
        return cls(
            tell, zone or zones[0], wave or max(waves, default=0), item or main_item(found.questionnaire)
        )

    @property
    def page(self) -> Page:
        """The page being written."""
        return self.tell.page

    @property
    def name(self) -> str:
        """What the zone is called."""
        return self.tell.names.zone(self.zone)

    @property
    def empty(self) -> bool:
        """Whether there is nobody to report on: no wave yet, or no answer from this zone."""
        return self.wave == 0 or self.answered == 0

    @cached_property
    def answered(self) -> int:
        """Respondents of the zone in the wave."""
        if self.wave == 0:
            return 0
        frame = self.tell.design(self.wave).frame
        return int((frame[self.tell.zone].astype(str) == self.zone).sum())

    @cached_property
    def before(self) -> tuple[int, ...]:
        """Waves before the one reported, oldest first."""
        return tuple(one for one in self.tell.study.waves if one < self.wave)

    @cached_property
    def themes(self) -> list[str]:
        """Constructs and questions of their own that have a mean here, the leading one first."""
        questionnaire = self._questionnaire
        alone = [
            one.name
            for one in questionnaire
            if one.kind == "one" and one.measure == "scale" and one.group is None and not one.construct_name
        ]
        background = self.tell.study.survey.quasi_identifiers
        found = [self.item, *questionnaire.constructs, *(one for one in alone if one not in background)]
        by = (self.tell.zone, "wave")
        return [one for one in dict.fromkeys(found) if self.tell.margin(by, one)]

    @property
    def _questionnaire(self) -> Questionnaire:
        assert self.tell.study.questionnaire is not None
        return self.tell.study.questionnaire

    # -- the page --------------------------------------------------------------------------------

    def opening(self) -> None:
        """Top line, title, basis, banner, the matter in three sentences."""
        tell, names = self.tell, self.tell.names
        model = names.model_of(self.zone)
        title = tell.say("zone.title", zone=names.full(self.zone) if not tell.synthetic else self.name)
        top = tell.say("zone.top", kind=tell.kind())
        if self.wave == 0:
            show(*tell.opening(top, title, tell.say("zone.basis_none", study=tell.study.title(tell.lang))))
            show(self.page.text(tell.say("zone.no_wave")))
            return
        basis = tell.say(
            "zone.basis",
            study=tell.study.title(tell.lang),
            model=tell.say("zone.model", model=names.model(model)) if model else "",
            wave=names.wave(self.wave),
            date=names.date(self.wave) or "—",
            n=self._shown_n(),
        )
        show(*tell.opening(top, title, basis, self._gist() if not self.empty else ()))
        if self.empty:
            show(self.page.text(tell.say("zone.nobody", zone=self.name)))

    def _shown_n(self) -> str:
        shown = self.tell.mask.shows({self.tell.zone: self.zone, "wave": self.wave})
        return f"{self.answered:,}" if shown else self.tell.say("few", threshold=self.tell.mask.threshold)

    def _gist(self) -> list[str]:
        tell = self.tell
        mine = self._own(self.item)
        if mine is None or mine["reason"] == SUPPRESSED:
            return [tell.say("zone.gist.few", threshold=tell.mask.threshold)]
        everyone = tell.means([self.item], self.wave).to_dict("records")
        label = tell.names.item(self.item)
        found = [tell.say("zone.gist.level", item=label, value=tell.interval(mine))]
        if everyone and everyone[0]["reason"] != SUPPRESSED:
            found[0] = tell.say(
                "zone.gist.beside",
                item=label,
                value=tell.interval(mine),
                all=f"{everyone[0]['estimate']:.2f}",
            )
        if self.comparison is not None:
            found.append(self._beside())
        if self.before and tell.study.inference_allowed:
            row = self._change(self.item)
            if row is not None:
                found.append(self._moved(row))
        return found

    def _beside(self) -> str:
        """How many zones differ from this one, and what could have been seen."""
        frame = self._differences()
        known = frame[frame["reason"] == ""]
        higher = int((known["different"].astype(bool) & (known["estimate"] > 0)).sum())
        lower = int((known["different"].astype(bool) & (known["estimate"] < 0)).sum())
        values = {
            "zones": len(known),
            "higher": higher,
            "lower": lower,
            "open": len(known) - higher - lower,
            "detectable": f"{known['detectable'].max():.2f}",
        }
        return self.tell.say("zone.gist.differ" if higher + lower else "zone.gist.alike", **values)

    def _moved(self, row: dict[str, Any]) -> str:
        key = "moved" if row["conf_low"] > 0 or row["conf_high"] < 0 else "unmoved"
        earlier = self.tell.names.wave(self.before[-1])
        return self.tell.say(f"zone.gist.{key}", wave=earlier, change=signed(row, self.tell.lang))

    def answered_by_wave(self) -> None:
        """How many answered, wave by wave, here and in all zones."""
        if self.wave == 0:
            return
        tell = self.tell
        columns = (
            Column("wave", tell.say("column.wave")),
            Column("date", tell.say("column.date")),
            Column("n", tell.say("zone.column.here"), "integer"),
            Column("all", tell.say("zone.column.all"), "integer"),
        )
        rows = []
        for wave in (*self.before, self.wave):
            zones = tell.design(wave).frame[tell.zone].astype(str)
            shown = tell.mask.shows({tell.zone: self.zone, "wave": wave})
            cells = (
                tell.names.wave(wave),
                tell.names.date(wave),
                int((zones == self.zone).sum()),
                len(zones),
            )
            rows.append(Row(cells, not shown))
        note = tell.say("zone.answered_note")
        caption = tell.say("zone.answered_caption")
        show(tell.section("zone.answered_title"), tell.table(columns, rows, caption, (note,)))

    # -- where it stands -------------------------------------------------------------------------

    @cached_property
    def comparison(self) -> ZoneComparison | None:
        """Every other zone less this one on the leading question; None where nothing can be compared."""
        from govlab.survey import compare_zones

        if self.empty or not self.tell.study.inference_allowed or len(self.tell.names.zones) < 2:
            return None
        try:
            found: ZoneComparison = compare_zones(
                self.tell.design(self.wave), self.item, zone=self.tell.zone, reference=self.zone
            )
        except InputError:
            return None
        return found

    def _differences(self) -> pd.DataFrame:
        assert self.comparison is not None
        frame = self.comparison.to_frame()
        columns = {"zone": self.tell.zone, "against": self.tell.zone}
        within = {"wave": self.wave}
        return apply(self.tell.mask, frame, item=self.item, within=within, columns=columns)

    def standing(self) -> None:
        """The other zones beside this one on the leading question: intervals of all differences at once."""
        if self.comparison is None:
            return
        tell = self.tell
        frame = self._differences()
        if tell.study.no_ranks is None:
            frame = frame.sort_values("estimate", ascending=False, na_position="last", kind="stable")
        rows = [
            Interval(
                tell.names.zone(row["zone"]),
                known(row["estimate"]),
                known(row["conf_low"]),
                known(row["conf_high"]),
                self._others(row["n"]),
                reason="*" if row["reason"] == SUPPRESSED else "",
            )
            for row in frame.to_dict("records")
        ]
        if not any(row.estimate is not None for row in rows):
            return
        label = tell.names.item(self.item)
        figure = intervals(
            rows,
            lang=tell.lang,
            caption=tell.say("zone.standing_caption", item=label, zone=self.name),
            note=tell.say("zone.standing_note", zone=self.name),
            zero=True,
        )
        show(tell.section("zone.standing_title"), self.page.text(self._beside()), tell.figure(figure))

    def _others(self, n: object) -> int | None:
        """Respondents of the other zone in a comparison."""
        both = counted(n)
        return None if both is None else both - self._used

    @cached_property
    def _used(self) -> int:
        """Respondents of this zone who answered the leading question."""
        rows = self._own(self.item)
        return 0 if rows is None else counted(rows["n"]) or 0

    def what_they_say(self) -> None:
        """Themes of this zone beside all zones together, in a table."""
        if self.empty:
            return
        tell = self.tell
        own = tell.means(self.themes, self.wave, tell.zone, names=[self.zone])
        whole = tell.means(self.themes, self.wave)
        there = {str(row["term"]): row for row in whole.to_dict("records")}
        columns = tell.estimate_columns([Column("item", tell.say("column.item"))])
        columns.insert(4, Column("all", tell.say("zone.column.all_mean"), "number", 2))
        rows = []
        for row in own.to_dict("records"):
            term = str(row["term"])
            base = tell.estimate_row([tell.names.item(term)], row)
            other = there.get(term)
            value = None if other is None or other["reason"] == SUPPRESSED else float(other["estimate"])
            rows.append(Row((*base.cells[:4], value, *base.cells[4:]), base.hidden))
        notes = [tell.say("note.means"), *tell.reasons(own)]
        show(
            tell.section("zone.themes_title"),
            tell.table(columns, rows, tell.say("zone.themes_caption", zone=self.name), notes),
            *answers.likert_of(tell, self.wave, tell.zone, self.zone),
        )

    def items(self) -> None:
        """Every question with a mean, under the heading of its table."""
        if self.empty:
            return
        tell = self.tell
        by = (tell.zone, "wave")
        parts: list[Part] = []
        for heading, questions in answers.batteries(self._questionnaire, tell.names):
            names = [one.name for one in questions if tell.margin(by, one.name)]
            if not names:
                continue
            frame = tell.means(names, self.wave, tell.zone, names=[self.zone])
            turned = {one.name for one in questions if one.scale_reverse}
            rows = []
            for row in frame.to_dict("records"):
                term = str(row["term"])
                label = tell.names.item(term)
                rows.append(
                    tell.estimate_row([tell.say("reversed", item=label) if term in turned else label], row)
                )
            columns = tell.estimate_columns([Column("item", tell.say("column.item"))])
            notes = [tell.say("note.reversed")] if turned else []
            parts.append(tell.table(columns, rows, heading, [*notes, *tell.reasons(frame)]))
        if parts:
            show(tell.section("zone.items_title"), self.page.text(tell.say("zone.items_text")), *parts)

    # -- over time -------------------------------------------------------------------------------

    def _own(self, item: str) -> dict[str, Any] | None:
        rows = self.tell.means([item], self.wave, self.tell.zone, names=[self.zone]).to_dict("records")
        return {str(key): value for key, value in rows[0].items()} if rows else None

    def _changes(self, items: list[str]) -> list[dict[str, Any]]:
        from govlab.survey import change

        tell, earlier = self.tell, self.before[-1]
        design = tell.design(earlier, self.wave)
        found = []
        for item in items:
            frame = change(design, item, wave="wave", between=(earlier, self.wave), by=tell.zone).to_frame()
            row = frame[frame[tell.zone].astype(str) == self.zone].to_dict("records")[0]
            cells = [{tell.zone: self.zone, "wave": wave} for wave in (earlier, self.wave)]
            shown = all(tell.mask.shows(cell, item) for cell in cells)
            found.append({str(key): value for key, value in row.items()} | {"term": item, "shown": shown})
        return found

    def _change(self, item: str) -> dict[str, Any] | None:
        row = self._changes([item])[0]
        return row if row["shown"] and row["reason"] == "" else None

    def course(self) -> None:
        """The leading question over the waves, and what changed since the wave before."""
        if self.empty or not self.before or not self.tell.study.inference_allowed:
            return
        tell = self.tell
        waves = (*self.before, self.wave)
        lines = [Course(self.name, tuple(point(self._at(wave)) for wave in waves))]
        others = self._compared(waves)
        if others is not None:
            lines.append(others)
        figure = courses(
            lines,
            [tell.names.wave(wave) for wave in waves],
            lang=tell.lang,
            caption=tell.say("zone.course_caption", item=tell.names.item(self.item)),
            note=tell.say("zone.course_note"),
        )
        columns = [
            Column("item", tell.say("column.item")),
            Column("before", tell.names.wave(self.before[-1]), "number", 2),
            Column("after", tell.names.wave(self.wave), "number", 2),
            Column("estimate", tell.say("column.change"), "number", 2),
            Column("conf_low", tell.say("column.low"), "number", 2),
            Column("conf_high", tell.say("column.high"), "number", 2),
        ]
        rows = []
        for row in self._changes(self.themes):
            values = [known(row[name]) for name in ("before", "after", "estimate", "conf_low", "conf_high")]
            rows.append(Row((tell.names.item(row["term"]), *values), not row["shown"]))
        caption = tell.say("zone.change_caption", zone=self.name)
        notes = (tell.say("zone.change_note", n=len(rows)),)
        show(tell.section("zone.course_title"), tell.figure(figure))
        show(tell.table(columns, rows, caption, notes))

    def _at(self, wave: int) -> dict[str, Any] | None:
        rows = self.tell.means([self.item], wave, self.tell.zone, names=[self.zone]).to_dict("records")
        return {str(key): value for key, value in rows[0].items()} if rows else None

    def _compared(self, waves: tuple[int, ...]) -> Course | None:
        """The zones for comparison together, where this is not one of them."""
        tell = self.tell
        model = next(iter(sorted(tell.names.compared)), "")
        published = tell.margin(("model", "wave"), self.item)
        if not model or not published or tell.names.model_of(self.zone) == model:
            return None
        points = []
        for wave in waves:
            rows = tell.means([self.item], wave, "model", names=[model]).to_dict("records")
            points.append(point({str(key): value for key, value in rows[0].items()} if rows else None))
        return Course(tell.names.model(model), tuple(points))

    def ending(self) -> None:
        """The log of the action research, limits, closing lines."""
        if self.wave == 0:
            return
        waves = (*self.before, self.wave)
        show(*self.tell.log(self.zone), *self.tell.limits(waves), self.tell.closing())
