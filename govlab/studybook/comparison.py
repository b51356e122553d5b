"""The report that puts the zones of a study side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from govlab.blocks import Page, show
from govlab.disclosure import apply
from govlab.errors import Fault, InputError
from govlab.plots import Interval, intervals
from govlab.studybook import answers, effects, ranking
from govlab.studybook.numbers import counted, known
from govlab.studybook.parts import SUPPRESSED, Part, Row, Telling
from govlab.studybook.services import service_parts
from govlab.studybook.source import main_item, open_study, with_means
from govlab.tables import Column, Shown

if TYPE_CHECKING:
    import pandas as pd

    from govlab.survey.zones import ZoneComparison

MOST_PAIRS = 15
MOST_SETS = 8


@dataclass(frozen=True, eq=False)
class ZoneComparisonReport:
    """Zones of a study side by side in one language; each method shows a part.

    margin: largest difference that does not matter, declared beforehand; 0 where none was.
    """

    tell: Telling
    wave: int
    item: str
    margin: float = 0.0

    @classmethod
    def open(
        cls, study: str, lang: str, wave: int = 0, item: str = "", margin: float = 0.0
    ) -> ZoneComparisonReport:
        """Begin the report on the last wave (or ``wave``), led by the study's main question (or ``item``).

        InputError for a wave or an item that is not of the study.
        """
        found = open_study(study)
        waves = found.waves
        if wave and wave not in waves:
            known_waves = ", ".join(map(str, waves)) or "-"
            raise InputError(Fault("study.no_wave", {"wave": wave, "known": known_waves}))
        assert found.questionnaire is not None
        items = with_means(found.questionnaire)
        if item and item not in items:
            raise InputError(Fault("studybook.no_item", {"item": item, "known": ", ".join(items)}))
        tell = Telling.of(found, lang)
        return cls(tell, wave or max(waves, default=0), item or main_item(found.questionnaire), margin)

    @property
    def page(self) -> Page:
        """The page being written."""
        return self.tell.page

    @cached_property
    def before(self) -> tuple[int, ...]:
        """Waves before the one reported, oldest first."""
        return tuple(one for one in self.tell.study.waves if one < self.wave)

    @cached_property
    def items(self) -> list[str]:
        """The leading question and every construct that is published by zone."""
        assert self.tell.study.questionnaire is not None
        found = dict.fromkeys([self.item, *self.tell.study.questionnaire.constructs])
        return [one for one in found if self.tell.margin((self.tell.zone, "wave"), one)]

    @cached_property
    def compared(self) -> ZoneComparison | None:
        """All pairs of zones on the leading question; None where nothing can be compared."""
        from govlab.survey import compare_zones

        if self.wave == 0 or not self.tell.study.inference_allowed or len(self.tell.names.zones) < 2:
            return None
        try:
            found: ZoneComparison = compare_zones(
                self.tell.design(self.wave), self.item, zone=self.tell.zone, margin=self.margin or None
            )
        except InputError:
            return None
        return found

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """The comparisons after the mask."""
        assert self.compared is not None
        columns = {"zone": self.tell.zone, "against": self.tell.zone}
        return apply(
            self.tell.mask, self.compared.to_frame(), item=self.item, within={"wave": self.wave},
            columns=columns,
        )  # fmt: skip

    @cached_property
    def means(self) -> list[dict[Any, Any]]:
        """Masked means of the leading question by zone; highest first where zones may be ordered."""
        tell = self.tell
        if self.compared is not None and self.compared.means is not None:
            frame = apply(tell.mask, self.compared.means, item=self.item, within={"wave": self.wave})
        else:
            frame = tell.means([self.item], self.wave, tell.zone, names=tell.names.zones)
        if tell.study.no_ranks is None:
            frame = frame.sort_values("estimate", ascending=False, na_position="last", kind="stable")
        return frame.to_dict("records")

    # -- the page --------------------------------------------------------------------------------

    def opening(self) -> None:
        """Top line, title, basis, banner, the matter in a few sentences."""
        tell = self.tell
        top = tell.say("comparison.top", kind=tell.kind())
        title = tell.say("comparison.title", n=len(tell.names.zones))
        if self.wave == 0:
            show(*tell.opening(top, title, tell.say("zone.basis_none", study=tell.study.title(tell.lang))))
            show(self.page.text(tell.say("zone.no_wave")))
            return
        basis = tell.say(
            "comparison.basis",
            study=tell.study.title(tell.lang),
            wave=tell.names.wave(self.wave),
            date=tell.names.date(self.wave) or "—",
            n=f"{len(tell.design(self.wave)):,}",
        )
        show(*tell.opening(top, title, basis, self._gist()))

    def _gist(self) -> list[str]:
        tell = self.tell
        label = tell.names.item(self.item)
        whole = tell.means([self.item], self.wave).to_dict("records")
        found = []
        if whole and whole[0]["reason"] != SUPPRESSED:
            found.append(tell.say("comparison.gist.level", item=label, value=tell.interval(whole[0])))
        if self.compared is not None:
            found.append(self._told_apart())
        else:
            why = tell.study.no_inference
            found.append(
                tell.say(f"comparison.gist.{why.reason.replace('-', '_')}" if why else "comparison.one")
            )
        if self.before and tell.study.inference_allowed and tell.names.compared:
            found += effects.gist(tell, self.items, (*self.before, self.wave))
        return found

    def _told_apart(self) -> str:
        """How many pairs differ, and the smallest difference the sample shows."""
        frame = self.pairs[self.pairs["reason"] == ""]
        values = {
            "pairs": len(frame),
            "n": int(frame["different"].astype(bool).sum()),
            "low": f"{frame['detectable'].min():.2f}",
            "high": f"{frame['detectable'].max():.2f}",
        }
        return self.tell.say("comparison.gist.pairs" if values["n"] else "comparison.gist.no_pairs", **values)

    def answered(self) -> None:
        """How many answered in each zone and wave."""
        if self.wave == 0:
            return
        tell = self.tell
        waves = (*self.before, self.wave)
        columns = [Column("zone", tell.say("column.zone"))]
        columns += [Column("model", tell.say("column.model"))] if tell.has_models else []
        columns += [Column(f"wave{wave}", tell.names.wave(wave), "integer") for wave in waves]
        counts = {wave: tell.design(wave).frame[tell.zone].astype(str).value_counts() for wave in waves}
        rows = []
        for zone in tell.names.zones:
            model = (tell.names.model(tell.names.model_of(zone)),) if tell.has_models else ()
            shown = all(tell.mask.shows({tell.zone: zone, "wave": wave}) for wave in waves)
            cells = tuple(int(counts[wave].get(zone, 0)) for wave in waves)
            rows.append(Row((tell.names.zone(zone), *model, *cells), not shown))
        totals = tuple(len(tell.design(wave)) for wave in waves)
        if not any(row.hidden for row in rows):
            rows.append(Row((tell.say("total"), *(("",) if tell.has_models else ()), *totals)))
        notes = (tell.say("zone.answered_note"),)
        table = tell.table(columns, rows, tell.say("comparison.answered_caption"), notes)
        show(tell.section("zone.answered_title"), table)

    def leading(self) -> None:
        """Means of the leading question with intervals and letters, and the pairs that differ."""
        if self.wave == 0:
            return
        tell = self.tell
        rows = [
            Interval(
                tell.names.zone(row[tell.zone]),
                known(row["estimate"]),
                known(row["conf_low"]),
                known(row["conf_high"]),
                counted(row["n"]),
                letters=str(row.get("letters") or ""),
                reference=tell.names.model_of(row[tell.zone]) in tell.names.compared,
                reason="*" if row["reason"] == SUPPRESSED else "",
            )
            for row in self.means
        ]
        parts: list[Part] = [self.page.section(tell.names.item(self.item))]
        if self.compared is not None:
            parts.append(self.page.text(self._told_apart()))
        if any(row.estimate is not None for row in rows):
            key = "comparison.figure_note" if self.compared is not None else "comparison.figure_note_plain"
            note = tell.joined(
                [tell.say(key), tell.say("comparison.diamond") if any(row.reference for row in rows) else ""]
            )
            caption = tell.say("comparison.figure_caption", item=tell.names.item(self.item))
            parts.append(tell.figure(intervals(rows, lang=tell.lang, caption=caption, note=note)))
        show(*parts, *self._sets(), *self._different())

    def _sets(self) -> list[Part]:
        """Sets of zones that cannot be told apart."""
        if self.compared is None or any(row["reason"] == SUPPRESSED for row in self.means):
            return []
        sets = [one for one in self.compared.sets if len(one) > 1]
        if not 0 < len(sets) <= MOST_SETS:
            return []
        tell = self.tell
        said = [tell.listed([tell.names.zone(zone) for zone in one]) for one in sets]
        return [self.page.text(tell.say("comparison.sets")), self.page.points(said)]

    def _different(self) -> list[Part]:
        """Pairs that differ, the widest first; those equivalent within the declared margin are counted."""
        if self.compared is None:
            return []
        tell = self.tell
        frame = self.pairs[self.pairs["reason"] == ""]
        found = frame[frame["different"].astype(bool)]
        found = found.iloc[found["estimate"].abs().argsort(kind="stable")[::-1]]
        parts: list[Part] = []
        if self.margin and "equivalent" in frame:
            n = int(frame["equivalent"].astype(bool).sum())
            parts.append(self.page.text(tell.say("comparison.equivalent", n=n, margin=f"{self.margin:g}")))
        else:
            parts.append(self.page.text(tell.say("comparison.no_margin")))
        if not len(found):
            return parts
        columns = (
            Column("zone", tell.say("comparison.higher")),
            Column("against", tell.say("comparison.lower")),
            Column("estimate", tell.say("column.difference"), "number", 2),
            Column("conf_low", tell.say("column.low"), "number", 2),
            Column("conf_high", tell.say("column.high"), "number", 2),
            Column("p_value", "p", "number", 3),
        )
        rows = []
        for row in found.head(MOST_PAIRS).to_dict("records"):
            up = row["estimate"] > 0
            names = (row["zone"], row["against"]) if up else (row["against"], row["zone"])
            ends = (row["conf_low"], row["conf_high"]) if up else (-row["conf_high"], -row["conf_low"])
            cells = (abs(row["estimate"]), *ends)
            p = float(row["p_value"])
            shown = Shown(p, "< 0.001") if p < 0.001 else p
            rows.append(Row((*(tell.names.zone(one) for one in names), *map(float, cells), shown)))
        notes = [tell.say("comparison.pairs_note")]
        if len(found) > MOST_PAIRS:
            notes.append(tell.say("comparison.more_pairs", n=len(found) - MOST_PAIRS))
        return [*parts, tell.table(columns, rows, tell.say("comparison.pairs_caption"), notes)]

    def themes(self) -> None:
        """Every construct by model, then by zone."""
        if self.wave == 0 or not self.items:
            return
        tell = self.tell
        parts: list[Part] = [tell.section("comparison.themes_title")]
        if tell.has_models:
            models = {model: tell.names.model(model) for model in tell.names.models}
            published = [one for one in self.items if tell.margin(("model", "wave"), one)]
            if published:
                caption = tell.say("comparison.by_model")
                parts.append(self._grid("model", models, published, caption, items_as_rows=True))
        zones = {zone: tell.names.zone(zone) for zone in tell.names.zones}
        services = ("satisfaction_", "importance_")
        chosen = [one for one in self.items if not one.startswith(services)][:6]
        caption = tell.say("comparison.by_zone")
        parts.append(self._grid(tell.zone, zones, chosen, caption, items_as_rows=False))
        show(*parts)

    def _grid(
        self, by: str, levels: dict[str, str], items: list[str], caption: str, *, items_as_rows: bool
    ) -> Part:
        """Means of items by a column, in a grid; how far their intervals reach is said below."""
        tell = self.tell
        frame = tell.means(items, self.wave, by, names=list(levels))
        value = {(str(row[by]), str(row["term"])): row for row in frame.to_dict("records")}
        heads = {item: tell.names.item(item) for item in items}
        rows_of, columns_of = (heads, levels) if items_as_rows else (levels, heads)
        first = tell.say("column.item" if items_as_rows else "column.zone")
        columns = [Column("row", first), *(Column(k, v, "number", 2) for k, v in columns_of.items())]
        rows = []
        for key, label in rows_of.items():
            cells = [value.get((column, key) if items_as_rows else (key, column)) for column in columns_of]
            hidden = any(one is not None and one["reason"] == SUPPRESSED for one in cells)
            rows.append(
                Row((label, *(None if one is None else known(one["estimate"]) for one in cells)), hidden)
            )
        reach = (frame["conf_high"] - frame["conf_low"]).max() / 2
        notes = [tell.say("note.means")]
        if known(reach) is not None:
            notes.append(tell.say("comparison.reach", reach=f"{reach:.2f}"))
        return tell.table(columns, rows, caption, notes)

    def services(self) -> None:
        """Importance beside satisfaction by kind of service, and whether supply is less even than demand."""
        if self.wave:
            show(*service_parts(self.tell, self.wave))

    def answers(self) -> None:
        """Bars of answers: the leading question by model, then every battery for all respondents."""
        if self.wave == 0:
            return
        tell = self.tell
        assert tell.study.questionnaire is not None
        parts: list[Part] = []
        if tell.study.questionnaire.has(self.item) and tell.has_models:
            question = tell.study.questionnaire.question(self.item)
            models = {model: tell.names.model(model) for model in tell.names.models}
            parts += answers.beside(tell, question, self.wave, "model", models)
        parts += answers.likert_of(tell, self.wave)
        if parts:
            show(tell.section("comparison.answers_title"), *parts)

    def knowledge(self) -> None:
        """Who does what, as residents see it: tasks by the bodies they name."""
        if self.wave == 0:
            return
        found = answers.choices(self.tell, self.wave)
        if found:
            show(self.tell.section("comparison.knowledge_title"), *found)

    def pooled(self) -> None:
        """Partial pooling of zones beside the direct means."""
        if self.wave and self.tell.study.inference_allowed:
            show(*ranking.pooled(self.tell, self.item, self.wave))

    def courses(self) -> None:
        """The leading question over the waves, by model."""
        if self.before and self.tell.has_models:
            show(*effects.courses_by_model(self.tell, self.item, (*self.before, self.wave)))

    def differences(self) -> None:
        """Change in each model less change in the zones for comparison, printed with two errors."""
        if self.before and self.tell.study.inference_allowed and self.tell.names.compared:
            show(*effects.differences(self.tell, self.items, (*self.before, self.wave)))

    def ranks(self) -> None:
        """Ranks, only with the lowest and highest rank that the data allow; or why there are none."""
        if self.wave:
            show(*ranking.ranked(self.tell, self.item, self.wave))

    def ending(self) -> None:
        """The log of the action research, limits, closing lines."""
        if self.wave:
            waves = (*self.before, self.wave)
            show(*self.tell.log(), *self.tell.limits(waves), self.tell.closing())
