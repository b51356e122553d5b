"""The inventory matcher: loosen what stands between needs and resources, and see who serves what.

Needs and resources are the invented ones of the demo study; the match is the best there is, always.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from govlab.language import listed, say
from govlab.tables import Column, Raw, Shown, Table
from govlab.workshop.widgets.controls import Choice, Control, Several, Slider
from govlab.workshop.widgets.frame import View
from govlab.workshop.widgets.matcher_sheet import SERIES, drawn, grouped_by_series
from govlab.workshop.widgets.matcher_work import READINGS, Found, Loosened, Matcher, neighbours

if TYPE_CHECKING:
    from govlab.institutions.inventory import Definition

_FARTHEST = 45
_NONE = "none"


class Matching:
    """The model of the bench. words: of the shipped definition, for kinds of actors."""

    def __init__(self, matcher: Matcher, words: Definition) -> None:
        self.matcher = matcher
        self.found = lru_cache(maxsize=256)(matcher.found)
        self._needs = lru_cache(maxsize=2)(self._need_labels)
        self._kinds = lru_cache(maxsize=2)(self._kind_labels)
        self._label = lru_cache(maxsize=None)(matcher.held.label)
        self._words = words

    def controls(self, lang: str) -> tuple[Control, ...]:
        """Distance, time, capacity, which actors, and which needs count more."""
        kinds = tuple(self._kinds(lang).items())
        more = ((_NONE, _said("more.none", lang)), *self._needs(lang).items())
        readings = tuple((one, _said(f"tests.{one}", lang)) for one in READINGS)
        return (
            Slider("minutes", _said("minutes", lang), 0, _FARTHEST, 5, 0),
            Slider("weeks", _said("weeks", lang), 0, 26, 2, 0),
            Slider("capacity", _said("capacity", lang), 0, 100, 10, 0),
            Choice("tests", _said("tests", lang), readings, "any"),
            Choice("more", _said("more", lang), more, _NONE),
            Slider("times", _said("times", lang), 1, 5, 1, 2),
            Several("kinds", _said("kinds", lang), kinds, self.matcher.kinds),
        )

    def view(self, values: Mapping[str, Any], lang: str) -> View:
        """Needs met by kind, lines to those who serve them; how many, why not the rest, what would help."""
        from govlab.plots.sheet import Drawing

        found = self.worked(values)
        names = {one or "met": _series(one, lang) for one in SERIES}
        heads = (_said("head.needs", lang), _said("head.actors", lang))
        sheet = drawn(found, self._needs(lang), self._kinds(lang), names, heads)
        said = tuple(one for one in self._told(found, values, lang) if one)
        drawing = Drawing(
            sheet, _said("caption", lang), ("" if lang == "zh" else " ").join(said), lang, _said("note", lang)
        )
        return View(drawing, said, self._table(found, lang))

    def worked(self, values: Mapping[str, Any]) -> Found:
        """The match at some values."""
        more = values["more"] if values["more"] != _NONE else ""
        kinds = tuple(values["kinds"])
        return self.found(
            Loosened(
                values["minutes"], values["weeks"], values["capacity"], values["tests"], kinds,
                more, float(values["times"]) if more else 1.0,
            )
        )  # fmt: skip

    def _told(self, found: Found, values: Mapping[str, Any], lang: str) -> list[str]:
        listed_ = self.found(Loosened(kinds=self.matcher.kinds))
        weight, total = found.match.value, float(found.match.needs["weight"].sum())
        share = f"{100 * weight / total:.0f}" if total else "0"
        counts = {"met": found.met, "needs": found.needs, "share": share}
        counts |= {"weight": f"{weight:g}", "total": f"{total:g}"}
        first = _said("met", lang, **counts)
        gained = found.met - listed_.met
        if gained:
            first += ("" if lang == "zh" else " ") + _said("more_than" if gained > 0 else "fewer_than", lang,
                                                           n=abs(gained))  # fmt: skip
        return [
            first,
            self._unmet(found, lang),
            self._change(found, lang),
            _said("broken", lang, n=found.broken) if found.broken else "",
            "" if found.match.best else _said("bound", lang, bound=f"{found.match.bound:g}"),
        ]

    def _unmet(self, found: Found, lang: str) -> str:
        counts: dict[str, int] = {}
        for one in found.series.values():
            for reason, n in one.items():
                if reason:
                    counts[reason] = counts.get(reason, 0) + n
        parts = [
            _said("part", lang, why=say(f"inventory_report.why.{reason}", lang=lang), n=n)
            for reason, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        ]
        return _said("unmet", lang, n=sum(counts.values()), parts=listed(parts, lang)) if parts else ""

    def _change(self, found: Found, lang: str) -> str:
        if found.change is None:
            return _said("no_change", lang) if found.met < found.needs else ""
        sheet = "capability" if found.change.change == "new" else "resources"
        what = self._label(sheet, found.change.of, lang)
        said = say(f"inventory_report.change.{found.change.change}", {"what": what}, lang=lang)
        return _said("change", lang, change=said, gain=f"{found.change.gain:g}", n=found.change.needs)

    def _table(self, found: Found, lang: str) -> Table:
        kinds = self._kinds(lang)
        columns = (
            Column("need", _said("column.need", lang)),
            Column("needs", _said("column.needs", lang), "integer"),
            *(Column(one or "met", _series(one, lang), "integer") for one in SERIES),
            Column("by", _said("column.by", lang)),
        )
        rows: list[tuple[Raw | Shown, ...]] = []
        for code, label in self._needs(lang).items():
            counts = grouped_by_series(found.series[code])
            mine = {kind: found.served[code, kind] for kind in kinds if (code, kind) in found.served}
            served = [
                f"{kinds[kind]} {amount:g}" for kind, amount in sorted(mine.items(), key=lambda one: -one[1])
            ]
            numbers = (counts.get(one, 0) for one in SERIES)
            rows.append((label, sum(counts.values()), *numbers, listed(served, lang) or "—"))
        return Table(columns, tuple(rows), _said("table", lang), lang, synthetic=True)

    def _need_labels(self, lang: str) -> dict[str, str]:
        held = self.matcher.held
        return {one: held.label("capability", one, lang) for one in self.matcher.capabilities}

    def _kind_labels(self, lang: str) -> dict[str, str]:
        return {
            one: str(self._words.word("actors", one).name.in_language(lang)) for one in self.matcher.kinds
        }


@lru_cache(maxsize=1)
def opened() -> Matching:
    """The model on the lists of the demo study."""
    from govlab.blocks import Page
    from govlab.institutions.inventory import definition
    from govlab.studybook.inventory import InventoryReport
    from govlab.workshop.widgets import demo

    study = demo.study()
    report = InventoryReport(study, "en", Page("en"), "any", study.inventory(), definition())
    apart = neighbours(study.places(), _FARTHEST)
    return Matching(Matcher(report.held, report.day, apart), report.words)


def _series(name: str, lang: str) -> str:
    return say(f"inventory_report.series.{name or 'met'}", lang=lang)


def _said(key: str, lang: str, **values: object) -> str:
    return say(f"bench_matcher.{key}", values, lang=lang)
