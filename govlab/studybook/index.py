"""The report on a composite index of a study's zones: what it is made of, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from govlab.blocks import Page, show
from govlab.compare.index import Index, LeaveOneOut, RankRanges, build, leave_one_out, uncertainty
from govlab.language import say
from govlab.plots import Interval, Ranged, Shift, intervals, rank_ranges, shifts, weight_dots
from govlab.studybook import index_methods as methods
from govlab.studybook.index_source import Source, open_source
from govlab.studybook.numbers import known
from govlab.studybook.parts import Part, Row, Telling
from govlab.studybook.source import open_study
from govlab.tables import Column

DRAWS = 1000
REFERENCES = (
    "Nardo, M. et al. (2008). Handbook on Constructing Composite Indicators. OECD and JRC.",
    "Saisana, M., Saltelli, A. & Tarantola, S. (2005). Uncertainty and Sensitivity Analysis Techniques as "
    "Tools for the Quality Assessment of Composite Indicators. Journal of the Royal Statistical Society A "
    "168, 307–323.",
    "Mogstad, M., Romano, J., Shaikh, A. & Wilhelm, D. (2024). Inference for Ranks. Review of Economic "
    "Studies 91, 476–518.",
    "Saaty, T. (1977). A Scaling Method for Priorities in Hierarchical Structures. Journal of Mathematical "
    "Psychology 15, 234–281.",
    "Wang, S., Kong, W., Ren, L. & Zhi, D. (2021). Research on Misuses and Modification of Coupling "
    "Coordination Degree Model in China. Journal of Natural Resources 36, 793–810.",
)


@dataclass(frozen=True, eq=False)
class IndexReport:
    """An index of the zones of a study in one language; each method shows a part.

    The index is the one stated in ``index.toml`` beside ``study.toml``.
    """

    tell: Telling
    source: Source | None

    @classmethod
    def open(cls, study: str, lang: str) -> IndexReport:
        """Begin the report; InputError for faults in the file of the index or its table."""
        tell = Telling.of(open_study(study), lang)
        return cls(tell, open_source(tell))

    @property
    def page(self) -> Page:
        """The page being written."""
        return self.tell.page

    def say(self, key: str, **values: object) -> str:
        """A sentence of this report."""
        return say(f"index_report.{key}", values, lang=self.tell.lang)

    @cached_property
    def index(self) -> Index:
        """The index as its file states it."""
        one = self._source
        return build(one.table, one.spec, unit=one.unit, errors=one.errors or None)

    @cached_property
    def ranges(self) -> RankRanges:
        """Ranks over what might have been chosen otherwise."""
        one = self._source
        return uncertainty(one.table, one.spec, one.choices, unit=one.unit, draws=DRAWS)

    @cached_property
    def without(self) -> LeaveOneOut:
        """The index without each indicator."""
        return leave_one_out(self._source.table, self._source.spec, unit=self._source.unit)

    @property
    def _source(self) -> Source:
        assert self.source is not None
        return self.source

    def name(self, unit: object) -> str:
        """What a zone is called."""
        return self.tell.names.zone(unit)

    # -- parts -----------------------------------------------------------------------------------

    def opening(self) -> None:
        """Top line, title, basis and the gist; where there is no index, what to write to have one."""
        if self.source is None:
            title = self.say("none_title")
            show(*self.tell.opening(self.say("top"), title, self.say("none_basis")))
            show(self.page.text(self.say("none_text")))
            return
        one = self.source
        basis = self.say("basis", zones=len(one.table), k=len(one.spec.codes), source=one.words("source"))
        show(*self.tell.opening(self.say("top"), one.words("title"), basis, self._gist()))

    def _gist(self) -> list[str]:
        frame = self.ranges.to_frame().sort_values("score", ascending=False, kind="stable")
        top, last = frame.iloc[0], frame.iloc[-1]
        wide = int((frame["rank_95"] - frame["rank_5"] >= len(frame) / 4).sum())
        unit = self._source.unit
        said = [
            self.say(
                "gist_scores", top=self.name(top[unit]), high=f"{top['score']:.1f}",
                last=self.name(last[unit]), low=f"{last['score']:.1f}",
                whole=self.say("of_hundred") if self._hundred else "",
            ),
            self.say(
                "gist_ranges", draws=f"{DRAWS:,}", top=self.name(top[unit]), best=int(top["rank_best"]),
                worst=int(top["rank_worst"]), first=f"{100 * top['first']:.0f}", wide=wide,
                zones=len(frame), quarter=f"{len(frame) / 4:g}",
            ),
        ]  # fmt: skip
        part = self._most_telling()
        if part is not None:
            said.append(self.say("gist_choice", choice=self.say(f"choice.{part[0]}"), share=f"{part[1]:.0f}"))
        return said

    def _most_telling(self) -> tuple[str, float] | None:
        table = self.ranges.by_choice
        if table.empty:
            return None
        row = table.sort_values("explained", ascending=False, kind="stable").iloc[0]
        return str(row["choice"]), 100 * float(row["explained"])

    def made_of(self) -> None:
        """The indicators with their directions, weights and spread; judgements behind the weights."""
        if self.source is None:
            return
        one = self.source
        shown = self.index.weights.set_index("code")["effective"]
        treated = set(self.index.treated["code"])
        columns = (
            Column("group", self.say("group")),
            Column("indicator", self.say("indicator")),
            Column("unit", self.say("unit")),
            Column("direction", self.say("direction")),
            Column("weight", self.say("weight"), "percent", 1),
            Column("least", self.say("least"), "number", 1),
            Column("median", self.say("median"), "number", 1),
            Column("most", self.say("most"), "number", 1),
        )
        rows = []
        for each in one.spec.indicators:
            values = one.table[each.code]
            label = one.label(each.code) + ("*" if each.code in treated else "")
            cells = (values.min(), values.median(), values.max())
            rows.append(
                Row(
                    (
                        one.label(each.parent),
                        label,
                        one.unit_of(each.code),
                        self.say("more" if each.direction > 0 else "less"),
                        100 * float(shown[each.code]),
                        *map(float, cells),
                    )
                )
            )
        notes = [self.say("made_note", how=self._how())]
        if treated:
            notes.append(self.say("treated_note"))
        parts: list[Part] = [
            self.page.section(self.say("made_title")),
            self.page.text(self.say("made_text")),
            self.tell.table(columns, rows, self.say("made_caption"), notes),
        ]
        if one.plan.judgements is not None:
            parts += methods.judged(self.say, self.page, one)
        show(*parts)

    def _how(self) -> str:
        """The choices of the index in words."""
        spec = self._source.spec
        names = ("outliers", "normalisation", "weights", "aggregation")
        comma = "，" if self.tell.lang == "zh" else ", "
        return comma.join(self.say(f"option.{name}.{getattr(spec, name)}") for name in names)

    def scores(self) -> None:
        """Scores with group scores, and beside them the ranks over all specifications."""
        if self.source is None:
            return
        one, unit = self.source, self.source.unit
        groups = [each.code for each in one.spec.groups]
        frame = self.index.to_frame().sort_values(one.spec.top, ascending=False, kind="stable")
        columns = [
            Column("zone", self.tell.say("column.zone")),
            Column("index", self.say("index"), "number", 1),
            *(Column(each, one.label(each), "number", 1) for each in groups),
        ]
        ranges = self.ranges.to_frame().set_index(unit)
        columns.append(Column("ranks", self.say("rank_range")))
        rows = []
        for row in frame.to_dict("records"):
            found = ranges.loc[row[unit]]
            span = f"{found['rank_5']:.0f}–{found['rank_95']:.0f}"
            numbers = (known(row[name]) for name in (one.spec.top, *groups))
            rows.append(Row((self.name(row[unit]), *numbers, span)))
        notes = [self.say("scores_note", draws=f"{DRAWS:,}")]
        if self._hundred:
            notes.insert(0, self.say("scores_scale"))
        share = 100 * one.choices.weight_noise
        noise = self.say("noise", share=f"{share:g}") if share else ""
        drawn = [
            Ranged(
                self.name(row[unit]), row["score"], row["rank"], row["rank_best"], row["rank_worst"],
                row["rank_5"], row["rank_95"],
            )
            for row in self.ranges.to_frame()
            .sort_values("score", ascending=False, kind="stable")
            .to_dict("records")
        ]  # fmt: skip
        figure = rank_ranges(
            drawn, lang=self.tell.lang, caption=self.say("ranges_caption", draws=f"{DRAWS:,}"),
            note=self.say("ranges_note"), heads=(self.say("index"), self.say("rank_head")),
        )  # fmt: skip
        show(
            self.page.section(self.say("scores_title")),
            self.page.text(self.say("scores_text", options=self._options(), noise=noise)),
            self.tell.figure(figure),
            self.tell.table(columns, rows, self.say("scores_caption"), notes),
        )

    @property
    def _hundred(self) -> bool:
        """Whether scores run up to 100."""
        spec = self._source.spec
        return bool(spec.normalisation == "minmax" and spec.aggregation != "topsis")

    def _options(self) -> str:
        """What was varied, in words."""
        found = self.ranges.drawn
        pieces = []
        for name in ("outliers", "normalisation", "weights", "aggregation"):
            drawn = set(found[name])
            options = [
                self.say(f"option.{name}.{one}")
                for one in getattr(self._source.choices, name)
                if one in drawn
            ]
            pieces.append(
                self.say(
                    "varied", choice=self.say(f"choice.{name}"), options=_joined(options, self.tell.lang)
                )
            )
        return ("；" if self.tell.lang == "zh" else "; ").join(pieces)

    def weights(self) -> None:
        """Weights by several methods side by side."""
        if self.source is None:
            return
        labels, found = methods.weights(self.say, self.source)
        figure = weight_dots(
            labels, found, lang=self.tell.lang, caption=self.say("weights_caption"),
            note=self.say("weights_note"),
        )  # fmt: skip
        show(
            self.page.section(self.say("weights_title")),
            self.page.text(self.say("weights_text")),
            self.tell.figure(figure),
        )

    def sensitivity(self) -> None:
        """Which choice moves the order, and which indicator."""
        if self.source is None:
            return
        parts: list[Part] = [self.page.section(self.say("sensitivity_title"))]
        table = self.ranges.by_choice
        if not table.empty:
            bars = [
                Shift(
                    self.say(f"option.{row['choice']}.{row['option']}"),
                    row["shift"],
                    self.say("explains", choice=self.say(f"choice.{row['choice']}"),
                             share=f"{100 * row['explained']:.0f}"),
                )
                for row in table.to_dict("records")
            ]  # fmt: skip
            parts.append(self.page.text(self.say("sensitivity_text")))
            parts.append(
                self.tell.figure(
                    shifts(bars, lang=self.tell.lang, caption=self.say("choices_caption"),
                           note=self.say("choices_note"), digits=2)
                )
            )  # fmt: skip
        frame = self.without.to_frame().sort_values("shift", ascending=False, kind="stable")
        most = frame.iloc[0]
        said = self.say(
            "without_text", indicator=self._source.label(most["code"]), shift=f"{most['shift']:.1f}",
            unit=self.name(most["unit"]), largest=int(most["largest"]),
        )  # fmt: skip
        bars = [Shift(self._source.label(row["code"]), row["shift"]) for row in frame.to_dict("records")]
        figure = shifts(bars, lang=self.tell.lang, caption=self.say("without_caption"), digits=2)
        show(*parts, self.page.text(said), self.tell.figure(figure))

    def error(self) -> None:
        """Confidence sets of the ranks from sampling error alone: another question, kept apart."""
        if self.source is None:
            return
        head = self.page.section(self.say("error_title"))
        why = self.source.no_sets
        if why:
            show(head, self.page.text(self.say(f"error_none.{why}")))
            return
        ranks = self.index.ranks()
        frame = ranks.to_frame().sort_values("rank", kind="stable")
        rows = [
            Interval(self.name(row[self.source.unit]), float(row["rank"]), float(row["rank_low"]),
                     float(row["rank_high"]))
            for row in frame.to_dict("records")
        ]  # fmt: skip
        names = self.tell.listed([self.source.label(code) for code in self.source.errors])
        settled = int((frame["rank_low"] == frame["rank_high"]).sum())
        note = self.say("error_note", draws=f"{ranks.draws:,}", seed=ranks.seed)
        figure = intervals(rows, lang=self.tell.lang, caption=self.say("error_caption"), note=note, digits=0)
        said = self.say("settled_some", n=settled, zones=len(frame)) if settled else self.say("settled_none")
        text = self.say("error_text", names=names, settled=said)
        show(head, self.page.text(text), self.tell.figure(figure))

    def coupled(self) -> None:
        """Coupling coordination of the groups, with the right degree and the common wrong one."""
        if self.source is not None and methods.can_be_coupled(self.source.spec):
            show(*methods.coupled(self.say, self.tell, self.source, self.index))

    def conventions(self) -> None:
        """The same data under conventions that old papers used, and what differs."""
        if self.source is not None:
            show(*methods.conventions(self.say, self.tell, self.source, self.index))

    def truth(self) -> None:
        """Invented data have an answer: how near the index comes to it."""
        if self.source is None or not self.source.truth:
            return
        show(*methods.against_truth(self.say, self.page, self.source, self.index, self.ranges, self.without))

    def ending(self) -> None:
        """What this carries and what not, references, closing lines."""
        if self.source is None:
            show(self.tell.closing())
            return
        points = [self.say(f"limit.{name}") for name in ("choices", "weights", "sampling", "places", "cause")]
        if self.tell.synthetic:
            points.append(self.tell.say("limits.synthetic"))
        show(
            self.page.section(self.tell.say("limits.title")),
            self.page.points(points),
            self.page.section(self.say("references")),
            self.page.references(REFERENCES),
            self.tell.closing(),
        )


def _joined(options: list[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(options)
