"""The report on one community or street under a scheme: its score, its parts, its rank, last year beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from govlab.blocks import Page, show
from govlab.errors import Fault, InputError
from govlab.plots.scheme import Mark, marks
from govlab.results import NotApplicable
from govlab.studybook.assessed import Assessment, shown_error
from govlab.studybook.assessed_rows import changed, rank_figure, score_columns, year_columns, year_row
from govlab.studybook.numbers import known as number
from govlab.studybook.numbers import plus
from govlab.studybook.parts import Part, Row
from govlab.tables import Column

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.scheme.scores import Scores


@dataclass(frozen=True, eq=False)
class AssessmentReport:
    """One unit, or one body above, under a scheme; each method shows a part."""

    held: Assessment
    unit: str

    @classmethod
    def open(cls, study: str, scheme: str, unit: str, lang: str, wave: int = 0) -> AssessmentReport:
        """Begin the report on a unit ("": the first); InputError for one that the scheme does not score."""
        held = Assessment.open(study, scheme, lang, wave)
        known = list(held.named) if held.streets is not None else [one.id for one in held.evidence.units]
        if unit and unit not in known:
            values = {"unit": unit, "scheme": held.scheme.id, "known": ", ".join(known[:8])}
            raise InputError(Fault("assessment.no_unit", values))
        return cls(held, unit or known[0])

    @property
    def page(self) -> Page:
        """The page being written."""
        return self.held.tell.page

    @property
    def name(self) -> str:
        """What the unit is called."""
        return self.held.unit_name(self.unit)

    @cached_property
    def is_above(self) -> bool:
        """Whether this is a body above, whose score is rolled up."""
        return self.unit in {one.id for one in self.held.evidence.above}

    @cached_property
    def scores(self) -> Scores:
        """The scores this unit stands among."""
        if self.is_above:
            assert self.held.streets is not None
            return self.held.streets
        return self.held.scores

    @cached_property
    def place(self) -> int:
        """Where the unit stands in its scores."""
        return [one.id for one in self.scores.units].index(self.unit)

    @property
    def reason(self) -> str:
        """Why the unit has no score; empty where it has one."""
        return self.scores.reasons[self.place]

    @property
    def kind(self) -> str:
        """Community or street, several of them."""
        return self.held.many_above if self.is_above else self.held.many_word

    @cached_property
    def ranks(self) -> pd.DataFrame | None:
        """Ranks of all; None where nothing is ranked."""
        found = self.scores.ranks() if self.is_above else self.held.ranks
        return None if isinstance(found, NotApplicable) else found.to_frame()

    # -- the page --------------------------------------------------------------------------------

    def opening(self) -> None:
        """Top line, title, basis, banner, the matter in a few sentences."""
        held, tell = self.held, self.held.tell
        title = held.say("unit.title", unit=self.name, scheme=held.title)
        n = int(self.scores.n[self.place])
        key = "unit.basis" if n else "unit.basis_none"
        basis = held.say(key, period=held.period, n=f"{n:,}", scheme=held.title)
        show(*tell.opening(held.top(), title, basis, () if self.reason else self._gist()))
        if self.reason:
            said = held.say("unit.no_score", unit=self.name, reason=held.reason(self.reason))
            show(self.page.text(said, held.say("unit.what_follows")))

    def _gist(self) -> list[str]:
        held = self.held
        key = "gist.score" if self.scores.heading == "all" else "gist.score_partly"
        found = [held.say(key, value=held.interval(self.scores, self.place))]
        found.append(self._rank_sentence())
        if not self.is_above and not isinstance(held.sweep, NotApplicable) and self.ranks is not None:
            row = self._swept()
            if row is not None:
                values = {"n": held.sweep.weightings, "best": row["best"], "worst": row["worst"]}
                found.append(held.say("gist.swept", **values))
        return found

    def _swept(self) -> dict[str, int] | None:
        held = self.held.sweep
        if isinstance(held, NotApplicable):
            return None
        mine = held.frame[held.frame["unit"] == self.unit]
        return {str(k): v for k, v in mine.iloc[0].items()} if len(mine) else None

    def _rank_sentence(self) -> str:
        held = self.held
        if self.ranks is None:
            why = self.scores.no_ranks
            assert why is not None
            return held.say(f"no_ranks.{why.reason.replace('-', '_')}")
        frame = self.ranks
        row = frame[frame["unit"] == self.unit].iloc[0]
        if row["reason"]:
            return held.say("rank.none")
        apart = self.scores.apart().set_index("unit")
        values = {
            "ranked": int((frame["reason"] == "").sum()),
            "kind": self.kind,
            "rank": int(row["rank"]),
            "low": int(row["rank_low"]),
            "high": int(row["rank_high"]),
            "open": int(apart["open"].to_dict()[self.unit]),
        }
        return held.say("rank.settled" if values["low"] == values["high"] else "rank.open", **values)

    def parts(self) -> None:
        """Every part of the score: points, weight, what it adds, and its error or that nobody knows it."""
        held, tell = self.held, self.held.tell
        mine = self.scores.parts[self.scores.parts["unit"] == self.unit]
        columns = [
            Column("part", held.say("column.indicator")),
            Column("evidence", held.say("column.evidence")),
            Column("value", held.say("column.value"), "number", 2),
            Column("points", held.say("column.points"), "number", 1),
            Column("error", held.say("column.points_error"), "number", 1),
            Column("weight", held.say("column.weight"), "number", 1, "%"),
            Column("adds", held.say("column.adds"), "number", 1),
        ]
        rows = []
        for row in mine.to_dict("records"):
            given = row["kind"] != "points"
            error = shown_error(row["std_error"], held.say("unknown") if given else "—")
            if given and np.isnan(row["points"]):
                error = shown_error(None, "—")
            if row["kind"] == "mean":
                error = shown_error(self._units_error(), held.say("unknown"))
            name = held.label(row["indicator"])
            what = self._raters(row)
            rows.append(
                Row(
                    (
                        name, what, number(row["value"]), number(row["points"]), error,
                        number(100 * row["weight"]), number(row["contribution"]),
                    )
                )
            )  # fmt: skip
        if not self.reason:
            total = held.say("total")
            error = shown_error(self.scores.std_error[self.place], held.say("unknown"))
            rows.append(Row((total, "", None, float(self.scores.estimate[self.place]), error, None, None)))
        caption = held.say("parts.caption", unit=self.name, errors=held.error_heading(self.scores))
        notes = [held.say("parts.note")]
        if self.is_above:
            notes.append(held.say("parts.above_note", units=held.many_word))
        show(tell.page.section(held.say("parts.title")), tell.table(columns, rows, caption, notes))
        if not self.is_above:
            show(self._figure())
        else:
            show(self._units())

    def _units_error(self) -> float:
        """Error of the mean of the units, in points."""
        rollup = self.held.scheme.file.rollup
        assert rollup is not None
        own = self.scores.parts
        mine = own[(own["unit"] == self.unit) & (own["indicator"] == "own")]["std_error"].iloc[0]
        beside, below = rollup.own.value / 100, rollup.units.value / 100
        rest = self.scores.std_error[self.place] ** 2 - (0 if np.isnan(mine) else (beside * mine) ** 2)
        return float(np.sqrt(max(rest, 0.0)) / below)

    def _raters(self, row: Mapping[Any, Any]) -> str:
        held = self.held
        what = held.say(f"kind.{row['kind']}")
        raters = int(row["raters"])
        return held.say("raters", kind=what, n=raters) if raters else what

    def _figure(self) -> Part:
        held, tell = self.held, self.held.tell
        every = self.scores.parts
        rows = []
        for row in every[(every["unit"] == self.unit) & (every["kind"] != "points")].to_dict("records"):
            others = every[every["indicator"] == row["indicator"]]["points"]
            known = None if np.isnan(row["std_error"]) else float(row["std_error"])
            missing = held.reason(self.reason) if np.isnan(row["points"]) else ""
            rows.append(
                Mark(
                    held.label(row["indicator"]),
                    number(row["points"]),
                    known,
                    number(others.mean()),
                    missing,
                )
            )
        caption = held.say("marks.caption", unit=self.name)
        return tell.figure(
            marks(rows, lang=tell.lang, caption=caption, note=held.say("marks.note", units=held.many_word))
        )

    def _units(self) -> Part:
        """The units of a body above, with their scores."""
        held, tell = self.held, self.held.tell
        frame = held.scores.to_frame()
        rows = []
        for row in frame[frame["parent"] == self.unit].to_dict("records"):
            cells = (number(row[name]) for name in ("estimate", "conf_low", "conf_high"))
            why = held.reason(row["reason"]) if row["reason"] else ""
            rows.append(Row((held.unit_name(row["unit"]), *cells, int(row["n"]) or None, why)))
        columns = score_columns(held, [Column("unit", held.head(held.unit_word))])
        columns.append(Column("reason", held.say("column.reason")))
        caption = held.say("units.caption", unit=self.name, units=held.many_word)
        return tell.table(columns, rows, caption, (held.error_heading(held.scores),))

    def standing(self) -> None:
        """Where the unit stands among the others: its rank set, and who cannot be told apart from it."""
        held, tell = self.held, self.held.tell
        section = tell.page.section(held.say("standing.title"))
        if self.reason or self.ranks is None:
            said = held.say("rank.none") if self.ranks is not None else self._rank_sentence()
            show(section, tell.page.text(said))
            return
        figure = rank_figure(held, self.scores, self.unit, above=self.is_above)
        show(section, tell.page.text(self._rank_sentence(), self._alike()), tell.figure(figure))

    def _alike(self) -> str:
        """Units whose order with this one the data leave open, by name."""
        held = self.held
        found = self.scores.ranks() if self.is_above else held.ranks
        assert not isinstance(found, NotApplicable)
        names = found.frame.loc[(found.frame["reason"] == "").to_numpy(), "unit"].tolist()
        mine = names.index(self.unit)
        open_ = [
            held.unit_name(name)
            for place, name in enumerate(names)
            if place != mine and not found.above[mine, place] and not found.above[place, mine]
        ]
        if not open_:
            return held.say("alike.none")
        shown = held.tell.listed(open_[:8])
        return held.say("alike.some" if len(open_) <= 8 else "alike.many", n=len(open_), units=shown)

    def weights(self) -> None:
        """What the weights that no source gives do to the rank, and the rank without each indicator."""
        held, tell = self.held, self.held.tell
        if self.is_above or self.reason or self.ranks is None or isinstance(held.sweep, NotApplicable):
            return
        row = self._swept()
        assert row is not None
        without = held.scores.drivers().without
        mine = without[without["unit"] == self.unit]
        columns = [
            Column("indicator", held.say("column.left_out")),
            Column("then", held.say("column.rank_then"), "integer"),
            Column("change", held.say("column.rank_change")),
        ]
        rows = [
            Row((held.label(one["indicator"]), int(one["then"]), _moved(int(one["then"] - one["rank"]))))
            for one in mine.to_dict("records")
        ]
        kept = f"{100 * held.sweep.keep:.0f}%"
        text = held.say(
            "weights.text", n=held.sweep.weightings, keep=kept, best=row["best"], worst=row["worst"]
        )
        sure = held.say("weights.bound", low=row["low"], high=row["high"])
        caption = held.say("weights.caption", unit=self.name, rank=int(mine["rank"].iloc[0]))
        show(
            tell.page.section(held.say("weights.title")),
            tell.page.text(text, sure),
            tell.table(columns, rows, caption, (held.say("weights.note"),)),
        )

    def years(self) -> None:
        """The wave before beside this one."""
        held, tell = self.held, self.held.tell
        if held.earlier is None or held.before is None:
            return
        earlier = held.earlier.above() if self.is_above else held.earlier
        section = tell.page.section(held.say("years.title", before=held.wave_name(held.before)))
        row = year_row(held, self.scores, earlier, self.unit)
        columns = year_columns(held, held.above_word if self.is_above else held.unit_word)
        caption = held.say("years.caption", unit=self.name)
        show(section, tell.page.text(self._moved(earlier)))
        show(tell.table(columns, [Row(row)], caption, (held.say("years.note"),)))

    def _moved(self, earlier: Scores) -> str:
        held = self.held
        change, error = changed(self.scores, earlier, self.unit)
        if np.isnan(change) or np.isnan(error):
            return held.say("years.none")
        low, high = change - 1.96 * error, change + 1.96 * error
        comma = "，" if held.tell.lang == "zh" else ", "
        value = f"{plus(change, 1)} [{plus(low, 1)}{comma}{plus(high, 1)}]"
        return held.say("years.moved" if low > 0 or high < 0 else "years.unmoved", change=value)

    def definition(self) -> None:
        """The scheme: its tree, whose its parts are, what the source does not say."""
        show(*self.held.definition())

    def ending(self) -> None:
        """Limits and closing lines."""
        show(*self.held.ending())


def _moved(places: int) -> str:
    return plus(places, 0) if places else "0"
