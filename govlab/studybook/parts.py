"""What every report about a study shares: opening, masked estimates, tables, limits, log, ending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from govlab import disclosure
from govlab.blocks import Block, Page
from govlab.language import listed, say
from govlab.plots import Figure
from govlab.studybook.names import Names
from govlab.studybook.numbers import counted, known
from govlab.tables import Column, Raw, Shown, Table

if TYPE_CHECKING:
    import pandas as pd

    from govlab.disclosure import Mask
    from govlab.results import Estimates
    from govlab.study import Study
    from govlab.survey import Design

Part = Block | Table | Figure
Cells = Sequence[Raw | Shown]
SUPPRESSED = "suppressed"


@dataclass(frozen=True)
class Row:
    """A row of a table; of a hidden one every number is withheld."""

    cells: tuple[Raw | Shown, ...]
    hidden: bool = False


@dataclass(frozen=True, eq=False)
class Telling:
    """Study, language and page of one report. Everything that leaves it has gone through the mask."""

    study: Study
    lang: str
    page: Page = field(repr=False)
    names: Names = field(repr=False)

    @classmethod
    def of(cls, study: Study, lang: str) -> Telling:
        """Begin a page about a study."""
        return cls(study, lang, Page(lang), Names(study, lang))

    def say(self, key: str, **values: object) -> str:
        """A sentence of the room's own catalogue."""
        return say(f"studybook.{key}", values, lang=self.lang)

    def listed(self, names: Sequence[str]) -> str:
        """Several names in a sentence."""
        return listed(names, self.lang)

    def joined(self, sentences: Sequence[str]) -> str:
        """Sentences one after the other."""
        return ("" if self.lang == "zh" else " ").join(one for one in sentences if one)

    # -- what the study has ----------------------------------------------------------------------

    @cached_property
    def mask(self) -> Mask:
        """The suppression mask of the study."""
        return self.study.mask()

    @cached_property
    def synthetic(self) -> bool:
        """Whether the answers are invented."""
        return self.study.survey.synthetic

    @property
    def zone(self) -> str:
        """The column that says where somebody lives."""
        return self.study.survey.zone

    @property
    def has_models(self) -> bool:
        """Whether zones are under models that can be compared."""
        return len(self.names.models) > 1

    @cached_property
    def _designs(self) -> dict[tuple[int, ...], Design]:
        return {}

    def design(self, *waves: int) -> Design:
        """The design of one wave, or of several together, built once."""
        if waves not in self._designs:
            self._designs[waves] = self.study.design(waves[0] if len(waves) == 1 else list(waves))
        return self._designs[waves]

    def margin(self, by: Sequence[str], item: str, shows: str = "mean", *, merged: bool = False) -> bool:
        """Whether the study publishes an item by these columns: ``mean``, or ``answers`` (merged or not)."""
        names = tuple(sorted(by))
        return any(
            one.by == names
            and item in one.items
            and one.shows in ("both", shows)
            and (shows == "mean" or bool(one.merge) == merged)
            for one in self.mask.margins
        )

    def masked(self, found: Estimates, *, item: str = "", within: Mapping[str, object]) -> pd.DataFrame:
        """The table of estimates with what must not be shown taken out."""
        return disclosure.apply(self.mask, found, item=item, within=within).to_frame()

    def means(
        self, items: Sequence[str], wave: int, by: str | None = None, *, names: Sequence[object] = ()
    ) -> pd.DataFrame:
        """Masked means of items of one wave, over all or by a column; rows of ``names`` only, in order."""
        from govlab.survey import mean

        by_all = ("wave",) if by is None else (by, "wave")
        wanted = [one for one in items if self.margin(by_all, one)]
        # A group's own sampled units decide how sure its mean is, not those of the whole study.
        rule = "design" if by is None else "domain"
        found = mean(self.design(wave), wanted, by=by, df=rule)
        frame = self.masked(found, item="" if len(wanted) > 1 else wanted[0], within={"wave": wave})
        if by is not None and names:
            order = {str(name): place for place, name in enumerate(names)}
            frame = frame[frame[by].astype(str).isin(order)]
            frame = frame.iloc[frame[by].astype(str).map(order).argsort(kind="stable")]
        return frame.reset_index(drop=True)

    def reason(self, reason: str) -> str:
        """Why there is no interval or no number, in words."""
        return say(f"survey.reason.{reason}", lang=self.lang)

    # -- parts -----------------------------------------------------------------------------------

    def opening(self, top: str, title: str, basis: str, gist: Sequence[str] = ()) -> list[Part]:
        """Top line, title, basis, the banner of invented data, the gist."""
        parts: list[Part] = [self.page.opening(top, title, basis)]
        if self.synthetic:
            parts.append(self.page.banner(self.say("synthetic")))
        if gist:
            parts.append(self.page.gist(gist))
        return parts

    def kind(self) -> str:
        """How respondents were found, for the top line."""
        return self.say(f"kind.{self.study.survey.sampling.replace('-', '_')}")

    def section(self, key: str) -> Block:
        """A numbered heading."""
        return self.page.section(self.say(key))

    def table(
        self, columns: Sequence[Column], rows: Sequence[Row], caption: str, notes: Sequence[str] = ()
    ) -> Table:
        """A numbered table; numbers of hidden rows are withheld, and invented data is marked."""
        cells, hidden = [], set()
        for number, row in enumerate(rows):
            if row.hidden:
                hidden |= {(number, place) for place, one in enumerate(columns) if one.numeric}
                kept = [None if one.numeric else cell for one, cell in zip(columns, row.cells, strict=True)]
                cells.append(tuple(kept))
            else:
                cells.append(tuple(row.cells))
        return self.page.table(
            Table(
                tuple(columns), tuple(cells), caption, self.lang, tuple(notes),
                suppressed=frozenset(hidden), synthetic=self.synthetic,
            )
        )  # fmt: skip

    def figure(self, figure: Figure) -> Figure:
        """A numbered figure."""
        return self.page.figure(figure)

    def estimate_columns(self, first: Sequence[Column], *, digits: int = 2, n: bool = True) -> list[Column]:
        """Columns of a table of estimates: what a row is, estimate, both ends of its interval, n."""
        found = [
            *first,
            Column("estimate", self.say("column.mean"), "number", digits),
            Column("conf_low", self.say("column.low"), "number", digits),
            Column("conf_high", self.say("column.high"), "number", digits),
        ]
        return [*found, Column("n", self.say("column.n"), "integer")] if n else found

    def estimate_row(self, first: Cells, row: Mapping[Any, Any], *, n: bool = True) -> Row:
        """A row for ``estimate_columns`` from a masked row of estimates."""
        cells = [*first, *(known(row[name]) for name in ("estimate", "conf_low", "conf_high"))]
        if n:
            cells.append(counted(row["n"]))
        return Row(tuple(cells), row["reason"] == SUPPRESSED)

    def reasons(self, frame: pd.DataFrame) -> list[str]:
        """A note for every reason that leaves a row without an interval; the star explains itself."""
        found = dict.fromkeys(str(one) for one in frame["reason"] if one and one != SUPPRESSED)
        return [self.say("note.reason", reason=self.reason(one)) for one in found]

    def interval(self, row: Mapping[Any, Any], digits: int = 2) -> str:
        """``3.42 [3.31, 3.53]`` for a sentence, or the number alone."""
        value = f"{row['estimate']:.{digits}f}"
        low, high = known(row["conf_low"]), known(row["conf_high"])
        if low is None or high is None:
            return value
        comma = "，" if self.lang == "zh" else ", "
        return f"{value} [{low:.{digits}f}{comma}{high:.{digits}f}]"

    # -- what it all rests on --------------------------------------------------------------------

    def limits(self, waves: Sequence[int], *, compared: bool = True) -> list[Part]:
        """What these numbers can and cannot carry, written from the design of the study."""
        return [self.page.section(self.say("limits.title")), self.page.points(self._limits(waves, compared))]

    def _limits(self, waves: Sequence[int], compared: bool) -> list[str]:
        survey = self.study.survey
        found = [self._found(waves)]
        if self.study.inference_allowed:
            found.append(self.say("limits.sampling_error"))
        excluded = [one for wave in waves for one in self.study.responses(wave).excluded]
        if excluded:
            rules = self.listed([f"{one.reason} ({one.n})" for one in excluded])
            found.append(self.say("limits.excluded", rules=rules))
        if compared and self.has_models:
            counts = [sum(self.names.model_of(z) == m for z in self.names.zones) for m in self.names.models]
            low, high = min(counts), max(counts)
            each = str(low) if low == high else f"{low}–{high}"
            found.append(self.say("limits.few_zones", each=each, models=len(self.names.models)))
        if compared:
            found.append(self.say("limits.not_cause"))
        found.append(self.say("limits.self_report"))
        found.append(self.say("limits.small_cells", threshold=self.mask.threshold))
        if self.study.no_ranks is not None and self.study.inference_allowed:
            found.append(self.say("limits.not_safe"))
        if survey.synthetic:
            found.append(self.say("limits.synthetic"))
        return found

    def _found(self, waves: Sequence[int]) -> str:
        """How respondents were found, with the counts of the design."""
        survey = self.study.survey
        design = self.design(waves[-1])
        if not self.study.inference_allowed:
            return self.say(f"limits.{survey.sampling.replace('-', '_')}")
        stage = design.stages[0]
        values = {
            "strata": len(stage.sampled),
            "units": len(stage.stratum_of),
            "wave": self.names.wave(waves[-1]),
            "rows": len(design),
        }
        key = "census" if survey.sampling == "census" else "staged" if len(design.stages) > 1 else "direct"
        said = self.say(f"limits.{key}", **values)
        weights = design.weights
        effect = float((weights**2).mean() / weights.mean() ** 2)
        weighted = self.say("limits.weights", effect=f"{effect:.2f}") if effect > 1.005 else ""
        return self.joined([said, weighted, self._between(waves)])

    def _between(self, waves: Sequence[int]) -> str:
        """Whether the same people were asked again."""
        if len(waves) < 2:
            return ""
        asked = self.study.questionnaire.with_role("study_code") if self.study.questionnaire else None
        frames = [self.study.responses(wave).frame for wave in waves]
        if asked is None:
            return self.say("limits.other_people")
        codes = [set(frame[asked.name].dropna()) if asked.name in frame else set() for frame in frames]
        again = len(set.intersection(*codes))
        return self.say("limits.panel", n=again) if again else self.say("limits.other_people")

    def log(self, zone: str | None = None) -> list[Part]:
        """Lines of the action research, of all zones or those that name one; nothing if there are none."""
        lines = [one for one in self.study.log if zone is None or not one.zones or zone in one.zones]
        if not lines:
            return []
        columns = (
            Column("date", self.say("log.date")),
            Column("stage", self.say("log.stage")),
            Column("text", self.say("log.text")),
        )
        rows = [
            Row((one.date.isoformat(), self.say(f"log.{one.stage}"), one.text.in_language(self.lang)))
            for one in lines
        ]
        table = self.table(columns, rows, self.say("log.caption"), (self.say("log.note"),))
        return [self.page.section(self.say("log.title")), table]

    def closing(self) -> Block:
        """What the report may be used for, approval and retention; the page adds versions and the date."""
        survey = self.study.survey
        kept = survey.retention.isoformat()
        lines = [
            self.say("closing.study", title=self.study.title(self.lang)),
            self.say("closing.ethics", ethics=survey.ethics, date=kept),
            self.say("closing.mask", digest=self.mask.digest[:12]),
        ]
        return self.page.closing(lines)
