"""The report on all communities under a scheme: scores, ranks, streets, weights, last year beside this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govlab.blocks import Page, show
from govlab.plots import Interval, intervals
from govlab.results import NotApplicable
from govlab.studybook.assessed import Assessment
from govlab.studybook.assessed_rows import rank_figure, score_columns, year_columns, year_row
from govlab.studybook.numbers import known as number
from govlab.studybook.parts import Part, Row
from govlab.tables import Column

if TYPE_CHECKING:
    from govlab.institutions.scheme.scores import Scores


@dataclass(frozen=True, eq=False)
class AssessmentOverview:
    """All units under a scheme; each method shows a part."""

    held: Assessment

    @classmethod
    def open(cls, study: str, scheme: str, lang: str, wave: int = 0) -> AssessmentOverview:
        """Begin the overview of a scheme in its last wave (or ``wave``)."""
        return cls(Assessment.open(study, scheme, lang, wave))

    @property
    def page(self) -> Page:
        """The page being written."""
        return self.held.tell.page

    def opening(self) -> None:
        """Top line, title, basis, banner, the matter in a few sentences."""
        held = self.held
        scored = np.isfinite(held.scores.estimate)
        basis = held.say(
            "all.basis" if held.scores.n.sum() else "all.basis_none",
            period=held.period,
            units=len(held.scores.units),
            unit=held.many_word,
            n=f"{int(held.scores.n.sum()):,}",
        )
        title = held.say("all.title", scheme=held.title)
        show(*held.tell.opening(held.top(), title, basis, self._gist() if scored.any() else ()))
        if not scored.any():
            show(self.page.text(held.say("all.nobody", unit=held.many_word)))

    def _gist(self) -> list[str]:
        held = self.held
        values = held.scores.estimate[np.isfinite(held.scores.estimate)]
        found = [
            held.say(
                "all.gist.scores",
                scored=len(values),
                units=len(held.scores.units),
                unit=held.many_word,
                low=f"{values.min():.1f}",
                high=f"{values.max():.1f}",
            ),
            self._ranked(),
        ]
        drivers = held.scores.drivers().frame
        if len(drivers):
            first = drivers.iloc[0]
            found.append(
                held.say(
                    "all.gist.driver",
                    indicator=held.label(first["indicator"]),
                    share=f"{100 * first['spread']:.0f}%",
                    moved=f"{first['moved']:.1f}",
                    most=first["most"],
                )
            )
        return found

    def _ranked(self) -> str:
        """How many ranks are settled, and how many may be the first; or why nothing is ranked."""
        held = self.held
        if isinstance(held.ranks, NotApplicable):
            return held.say(f"no_ranks.{held.ranks.reason.replace('-', '_')}")
        frame = held.ranks.frame[held.ranks.frame["reason"] == ""]
        settled = int((frame["rank_low"] == frame["rank_high"]).sum())
        if settled == len(frame):
            return held.say("all.gist.settled", ranked=len(frame))
        return held.say(
            "all.gist.ranks",
            ranked=len(frame),
            settled=settled,
            first=int((frame["rank_low"] == 1).sum()),
        )

    def scores(self) -> None:
        """Every unit with its interval, in the order of the list, and those without a score."""
        held, tell = self.held, self.held.tell
        frame = held.scores.to_frame()
        if held.scores.no_ranks is None:
            frame = frame.sort_values("estimate", ascending=False, na_position="last", kind="stable")
        rows = [
            Interval(
                held.unit_name(row["unit"]),
                number(row["estimate"]),
                number(row["conf_low"]),
                number(row["conf_high"]),
                int(row["n"]) or None,
                reason=held.reason(row["reason"]) if row["reason"] else "",
            )
            for row in frame.to_dict("records")
        ]
        section = tell.page.section(held.say("all.scores_title"))
        if not any(one.estimate is not None for one in rows):
            show(section, tell.page.text(held.say("all.nobody", unit=held.many_word)))
            return
        caption = held.say("all.scores_caption", kind=held.many_word, errors=held.error_heading(held.scores))
        figure = intervals(rows, lang=tell.lang, caption=caption, note=held.say("all.scores_note"), digits=0)
        show(section, tell.figure(figure))

    def ranks(self) -> None:
        """Ranks with what the data leave open, and what other weights do to them."""
        held, tell = self.held, self.held.tell
        show(tell.page.section(held.say("standing.title")), tell.page.text(self._ranked()))
        if isinstance(held.ranks, NotApplicable):
            return
        show(tell.figure(rank_figure(held, held.scores)))
        if held.scheme.file.choice is not None:
            show(tell.page.text(self._chosen()))

    def _chosen(self) -> str:
        """Who may be among the ones chosen."""
        held, k = self.held, self.held.scheme.file.choice
        assert k is not None
        found = held.scores.top()
        assert not isinstance(found, NotApplicable)
        names = [held.unit_name(name) for name in found.frame.loc[found.frame["possible"], "unit"]]
        return held.say("all.chosen", k=k.k, n=len(names), units=held.tell.listed(names))

    def weights(self) -> None:
        """What holds whatever the weights, and which indicator decides the order."""
        held, tell = self.held, self.held.tell
        if not np.isfinite(held.scores.estimate).any():
            return
        drivers = held.scores.drivers().frame
        columns = [
            Column("indicator", held.say("column.indicator")),
            Column("weight", held.say("column.weight"), "number", 1, "%"),
            Column("origin", held.say("column.weight_origin")),
            Column("spread", held.say("column.spread"), "number", 0, "%"),
            Column("moved", held.say("column.moved"), "number", 1),
            Column("most", held.say("column.most"), "integer"),
            Column("unit", held.say("column.whose")),
        ]
        rows = [
            Row(
                (
                    held.label(one["indicator"]), 100 * one["weight"],
                    held.say(f"origin.{one['weight_origin']}"),
                    100 * one["spread"], one["moved"], int(one["most"]), held.unit_name(one["unit"]),
                )
            )
            for one in drivers.to_dict("records")
        ]  # fmt: skip
        show(tell.page.section(held.say("weights.title")))
        if not isinstance(held.sweep, NotApplicable):
            show(tell.page.text(*self._whatever()))
        caption = held.say("all.drivers_caption")
        show(tell.table(columns, rows, caption, (held.say("all.drivers_note"),)))

    def _whatever(self) -> list[str]:
        """What holds under every weighting tried: only where the upper end of the rank set says so."""
        held = self.held
        assert not isinstance(held.sweep, NotApplicable)
        units = len(held.sweep.frame)
        kept = f"{100 * held.sweep.keep:.0f}%"
        found = [held.say("all.swept", n=held.sweep.weightings, keep=kept)]
        k = min(5, max(1, units // 2))
        for which, names in (("surely", held.sweep.surely(k)), ("never", held.sweep.never(k))):
            if names:
                listed = held.tell.listed([held.unit_name(name) for name in names])
                found.append(held.say(f"all.{which}", k=k, units=listed))
            else:
                found.append(held.say(f"all.{which}_none", k=k))
        return found

    def streets(self) -> None:
        """The bodies above, rolled up, with their ranks."""
        held, tell = self.held, self.held.tell
        if held.streets is None:
            return
        rule = held.scheme.file.rollup
        assert rule is not None
        section = tell.page.section(held.say("all.streets_title", above=held.many_above))
        text = held.say(
            "all.streets_text",
            above=held.above_word,
            unit=held.many_word,
            units=f"{rule.units.value:g}%",
            own=f"{rule.own.value:g}%",
            mean=held.say(f"mean.{rule.mean}"),
        )
        show(section, tell.page.text(text), self._street_table(held.streets))

    def _street_table(self, streets: Scores) -> Part:
        held, tell = self.held, self.held.tell
        found = streets.ranks()
        columns = score_columns(held, [Column("unit", held.head(held.above_word))])
        ranked = not isinstance(found, NotApplicable)
        if ranked:
            columns += [
                Column("rank", held.say("column.rank"), "integer"),
                Column("rank_low", held.say("column.rank_low"), "integer"),
                Column("rank_high", held.say("column.rank_high"), "integer"),
            ]
        columns.append(Column("missing", held.say("column.missing", unit=held.many_word), "integer"))
        rows = []
        for place, row in enumerate(streets.to_frame().to_dict("records")):
            ends = [number(row[name]) for name in ("estimate", "conf_low", "conf_high")]
            cells: list[str | float | int | None] = [
                held.unit_name(row["unit"]),
                *ends,
                int(row["n"]) or None,
            ]
            if not isinstance(found, NotApplicable):
                one = found.frame.iloc[place]
                cells += [
                    None if one["reason"] else int(one[name]) for name in ("rank", "rank_low", "rank_high")
                ]
            lost = [
                unit.id
                for unit, reason in zip(held.scores.units, held.scores.reasons, strict=True)
                if unit.parent == row["unit"] and reason
            ]
            rows.append(Row((*cells, len(lost))))
        heading = held.error_heading(streets)
        return tell.table(
            columns, rows, held.say("all.streets_caption", errors=heading), (held.say("all.streets_note"),)
        )

    def years(self) -> None:
        """The wave before beside this one, unit by unit."""
        held, tell = self.held, self.held.tell
        if held.earlier is None or held.before is None:
            return
        rows = [Row(year_row(held, held.scores, held.earlier, one.id)) for one in held.scores.units]
        pairs = [
            row.cells for row in rows if isinstance(row.cells[4], float) and isinstance(row.cells[5], float)
        ]
        higher = sum(float(str(one[4])) > 0 for one in pairs)
        lower = sum(float(str(one[5])) < 0 for one in pairs)
        text = held.say("all.years_text", known=len(pairs), higher=higher, lower=lower,
                        open=len(pairs) - higher - lower, unit=held.many_word)  # fmt: skip
        section = tell.page.section(held.say("years.title", before=held.wave_name(held.before)))
        caption = held.say("all.years_caption", errors=held.error_heading(held.scores))
        table = tell.table(year_columns(held, held.unit_word), rows, caption, (held.say("years.note"),))
        show(section, tell.page.text(text), table)

    def definition(self) -> None:
        """The scheme: its tree, whose its parts are, what the source does not say."""
        show(*self.held.definition())

    def ending(self) -> None:
        """Limits and closing lines."""
        show(*self.held.ending())
