"""The calibration bench: move the anchors of a set, and see memberships, truth table and solution change.

The cases are the invented ones of the demo study; a real place that has no measured outcome is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from govlab.errors import InputError
from govlab.language import say
from govlab.tables import Column, Table
from govlab.workshop.widgets.calibration_work import PARTS, Moved, elsewhere, movable, moved, recoded, span
from govlab.workshop.widgets.controls import Choice, Control, Slider
from govlab.workshop.widgets.frame import View

if TYPE_CHECKING:
    from govlab.study.coded import CodedCases, CodedSet
    from govlab.studybook.qca_words import SetWords

_KINDS = ("intermediate", "parsimonious")
_CUT, _CASES = 0.8, 1


class Calibration:
    """The model of the bench. coded: the cases it works on, the first outcome of which is compared."""

    def __init__(self, coded: CodedCases) -> None:
        self.coded = coded
        self.outcome = coded.outcomes[0]
        self.sets = movable(coded)
        self._spans = {one.name: span(coded, one) for one in self.sets}
        self._work = lru_cache(maxsize=64)(self._worked)

    def controls(self, lang: str) -> tuple[Control, ...]:
        """Which set and solution; three anchors for each set, on the screen one set at a time; two cuts."""
        words = self._words(lang)
        sets = tuple((one.name, words.labels[one.name]) for one in self.sets)
        kinds = tuple((kind, words.say(f"solution.{kind}")) for kind in _KINDS)
        anchors = [
            Slider(f"{one.name}_{part}", _said(part, lang), *self._spans[one.name], value, ("set", one.name))
            for one in self.sets
            for part, value in zip(PARTS, one.anchors, strict=True)
        ]
        return (
            Choice("set", _said("set", lang), sets, self.sets[0].name),
            Choice("solution", _said("solution", lang), kinds, _KINDS[0]),
            *anchors,
            Slider("inclusion", _said("inclusion", lang), 0.5, 1, 0.01, _CUT),
            Slider("frequency", _said("frequency", lang), 1, 4, 1, _CASES),
        )

    def view(self, values: Mapping[str, Any], lang: str) -> View:
        """The curve with its cases, the truth table beside it, the solution as a sentence."""
        from govlab.plots.sheet import Drawing
        from govlab.workshop.widgets.calibration_sheet import drawn

        chosen = next(one for one in self.sets if one.name == values["set"])
        try:
            found = self.worked(values)
        except InputError as error:
            sheet = drawn(self.coded, chosen, self._anchors(values)[chosen.name], None, frozenset(), lang)
            said = self._out_of_order(values, lang) or (error.text(lang),)
            return View(Drawing(sheet, self._caption(chosen, lang), said[0], lang), said)
        own = self.worked(
            {one.name: one.start for one in self.controls("en")} | {"solution": values["solution"]}
        )
        changed = recoded(found, own)
        sheet = drawn(
            self.coded, chosen, self._anchors(values)[chosen.name], found, changed, lang, values["inclusion"]
        )
        said = (self._solved(found, values["solution"], lang), *self._rows(found, own, changed, lang))
        said += tuple(self._halves(found, lang))
        drawing = Drawing(sheet, self._caption(chosen, lang), _joined(said, lang), lang, _said("note", lang))
        return View(drawing, said, self._table(found, lang))

    def worked(self, values: Mapping[str, Any]) -> Moved:
        """Memberships, table and solution at some values; InputError for anchors out of order."""
        anchors = tuple(sorted(self._anchors(values).items()))
        return self._work(anchors, values["inclusion"], values["frequency"], values["solution"])

    def _worked(
        self, anchors: tuple[tuple[str, tuple[float, ...]], ...], inclusion: float, frequency: int, kind: str
    ) -> Moved:
        return moved(self.coded, self.outcome, dict(anchors), inclusion, frequency, kind)

    def _anchors(self, values: Mapping[str, Any]) -> dict[str, tuple[float, ...]]:
        return {one.name: tuple(float(values[f"{one.name}_{part}"]) for part in PARTS) for one in self.sets}

    def _words(self, lang: str) -> SetWords:
        from govlab.studybook.qca_words import SetWords

        return SetWords(self.coded, lang)

    def _caption(self, one: CodedSet, lang: str) -> str:
        return _said("caption", lang, set=self._words(lang).labels[one.name])

    def _out_of_order(self, values: Mapping[str, Any], lang: str) -> tuple[str, ...]:
        """Which sets have anchors that neither rise nor fall."""
        labels, found = self._words(lang).labels, []
        for name, (out, cross, full) in self._anchors(values).items():
            if not (out < cross < full or out > cross > full):
                given = {"set": labels[name], "out": f"{out:g}", "cross": f"{cross:g}", "full": f"{full:g}"}
                found.append(_said("order", lang, **given))
        return tuple(found)

    def _solved(self, found: Moved, kind: str, lang: str) -> str:
        words = self._words(lang)
        if not found.models:
            return words.say(f"reason.{found.why.replace('_', '-')}")
        model = found.models[0]
        values = {
            "kind": words.say(f"solution.{kind}"),
            "terms": words.expression(model.expression, "or_else"),
            "outcome": words.outcome(self.outcome),
            "inclusion": f"{model.inclusion:.2f}",
            "coverage": f"{model.coverage:.2f}",
        }
        more = [_said("more", lang, n=len(found.models))] if len(found.models) > 1 else []
        return _joined((_said("solved", lang, **values), *more), lang)

    def _rows(self, found: Moved, own: Moved, changed: set[int], lang: str) -> list[str]:
        codes = found.table.outcome
        values = {"seen": len(codes), "space": found.table.data.space, "ones": codes.count("1")}
        first = _said("rows", lang, **values, zeros=codes.count("0"), few=codes.count("?"))
        second = _said("against", lang, n=len(found.against)) if found.against else _said("agree", lang)
        apart = elsewhere(found, own)
        key = "moved" if changed or apart else "same"
        return [_joined((first, second), lang), _said(key, lang, rows=len(changed), cases=apart)]

    def _halves(self, found: Moved, lang: str) -> list[str]:
        words = self._words(lang)
        return [
            _said("half", lang, set=words.labels[name], n=len(cases), cases=words.cases(cases))
            for name, cases in found.halves.items()
        ]

    def _table(self, found: Moved, lang: str) -> Table:
        words, table = self._words(lang), found.table
        place = {case: number for number, case in enumerate(table.data.cases)}
        columns = [
            *(Column(name, words.labels[name], "integer") for name in table.data.conditions),
            Column("n", words.say("column.n"), "integer"),
            Column("inclusion", words.say("column.inclusion"), "number", 2),
            Column("outcome", _said("code", lang)),
            Column("inside", words.outcome(self.outcome)),
            Column("outside", words.outcome(f"~{self.outcome}")),
            Column("against", _said("disagree", lang), "mark"),
        ]
        rows = []
        for row in reversed(range(len(table.rows))):
            sides = [
                [name for name in table.cases[row] if sign * (table.data.memberships[place[name]] - 0.5) > 0]
                for sign in (1, -1)
            ]
            rows.append(
                (
                    *(int(one) for one in table.configurations[row]),
                    int(table.n[row]),
                    float(table.inclusion[row]),
                    table.outcome[row],
                    *(words.cases(one) for one in sides),
                    _said("yes", lang) if int(table.rows[row]) in found.against else "",
                )
            )
        notes = (_said("table_note", lang),)
        return Table(
            tuple(columns), tuple(rows), words.say("truth_caption", outcome=words.outcome(self.outcome)),
            lang, notes, synthetic=self.coded.synthetic,
        )  # fmt: skip


@lru_cache(maxsize=1)
def opened() -> Calibration:
    """The model on the coded cases of the demo study."""
    from govlab.workshop.widgets import demo

    return Calibration(demo.study().coded_cases())


def _said(key: str, lang: str, **values: object) -> str:
    return say(f"bench_calibration.{key}", values, lang=lang)


def _joined(sentences: Iterable[str], lang: str) -> str:
    return ("" if lang == "zh" else " ").join(sentences)
