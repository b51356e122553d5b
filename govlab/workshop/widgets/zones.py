"""The zone explorer: what residents of the demo study's zones answered, and which zones differ.

Everything goes through the study's suppression mask, as in the reports; what is withheld is a star.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from govlab.language import say
from govlab.studybook.names import Names
from govlab.workshop.widgets.controls import Choice, Control
from govlab.workshop.widgets.frame import View
from govlab.workshop.widgets.zones_sheet import Line, bars, differences, means
from govlab.workshop.widgets.zones_work import EVERYONE, Explorer

if TYPE_CHECKING:
    from govlab.plots.sheet import Sheet

# Of the shipped study: a question whose answers may be shown in every zone.
_FIRST = "gain_answer"
_VIEWS = ("answers", "means", "differences")


class Zones:
    """The model of the bench."""

    def __init__(self, explorer: Explorer) -> None:
        from govlab.studybook.source import main_item

        self.explorer = explorer
        self.study = explorer.tell.study
        assert self.study.questionnaire is not None
        self._main = main_item(self.study.questionnaire)
        self._names = {lang: Names(self.study, lang) for lang in ("zh", "en")}
        self._labelled = lru_cache(maxsize=2)(self._labels)

    @cached_property
    def items(self) -> tuple[str, ...]:
        """The main question, constructs, and questions on a scale, as far as they are published by zone."""
        from govlab.studybook.source import with_means

        tell = self.explorer.tell
        assert self.study.questionnaire is not None
        found = dict.fromkeys([self._main, *with_means(self.study.questionnaire)])
        asked_about = set(self.study.survey.quasi_identifiers)
        return tuple(one for one in found if one not in asked_about and tell.margin((tell.zone, "wave"), one))

    def controls(self, lang: str) -> tuple[Control, ...]:
        """Item, wave, what is seen of it, and the zone that others are compared with."""
        names = self._names[lang]
        waves = tuple((str(one), names.wave(one)) for one in self.study.waves)
        views = tuple((one, _said(f"view.{one}", lang)) for one in _VIEWS)
        zones = tuple((zone, names.zone(zone)) for zone in names.zones)
        begin = _FIRST if _FIRST in self.items else self.items[0]
        first = next((zone for zone in names.zones if names.model_of(zone) in names.compared), names.zones[0])
        return (
            Choice("item", _said("item", lang), tuple(self._labelled(lang).items()), begin),
            Choice("wave", _said("wave", lang), waves, waves[-1][0]),
            Choice("view", _said("view", lang), views, "answers"),
            Choice("against", _said("against", lang), zones, first, when=("view", "differences")),
        )

    def view(self, values: Mapping[str, Any], lang: str) -> View:
        """Bars, means or differences by zone, and what may be said of them."""
        from govlab.plots.sheet import Drawing

        item, wave, seen = values["item"], int(values["wave"]), values["view"]
        told: tuple[str, ...] = ()
        if seen == "answers" and not self.explorer.groups(item):
            seen, told = "means", (_said("no_bars", lang),)
        show = {"answers": self._answers, "means": self._means}.get(seen)
        sheet, said = show(item, wave, lang) if show else self._against(item, wave, values["against"], lang)
        said = (*told, *said)
        names = self._names[lang]
        label, what = self._labelled(lang)[item], _said(f"view.{seen}", lang)
        if seen == "differences":
            what = _said("differences_from", lang, name=names.zone(values["against"]))
        caption = _said("caption", lang, item=label, wave=names.wave(wave), view=what)
        alt = ("" if lang == "zh" else " ").join(said)
        return View(Drawing(sheet, caption, alt, lang, _said(f"note.{seen}", lang)), said)

    def _answers(self, item: str, wave: int, lang: str) -> tuple[Sheet, tuple[str, ...]]:
        from govlab.survey.merged import group_label

        found = self.explorer.bars(item, wave)
        assert self.study.questionnaire is not None
        question = self.study.questionnaire.question(item)
        levels = [group_label(question, points, lang) for _, points in self.explorer.groups(item)]
        heads = (_said("outside", lang), _said("n", lang))
        sheet = bars(self._lines(lang, whole=EVERYONE in found), found, levels, heads)
        zones = [found[zone] for zone in self._names[lang].zones if zone in found]
        shown = [one for one in zones if one.shares]
        threshold = self.explorer.tell.mask.threshold
        said = []
        if len(shown) < len(zones):
            values = {"n": len(zones) - len(shown), "shown": len(shown), "zones": len(zones)}
            said.append(_said("withheld", lang, threshold=threshold, **values))
        if shown:
            last = [f"{100 * one.shares[-1]:.0f}" for one in sorted(shown, key=lambda one: one.shares[-1])]
            said.append(_said("range", lang, level=levels[-1], low=last[0], high=last[-1], n=len(shown)))
        whole = found.get(EVERYONE)
        if whole is not None and whole.shares:
            share = f"{100 * whole.shares[-1]:.0f}"
            said.append(_said("everyone_share", lang, level=levels[-1], share=share, people=f"{whole.n:,}"))
        return sheet, tuple(said)

    def _means(self, item: str, wave: int, lang: str) -> tuple[Sheet, tuple[str, ...]]:
        found = self.explorer.means(item, wave)
        heads = (_said("letters", lang), _said("n", lang))
        sheet = means(self._lines(lang, whole=EVERYONE in found), found, EVERYONE, heads)
        said = [*self._hidden({zone: one.ends for zone, one in found.items()}, lang)]
        whole = found.get(EVERYONE)
        if whole is not None and whole.ends is not None:
            value, low, high = (f"{one:.2f}" for one in whole.ends)
            said.append(_said("everyone_mean", lang, value=value, low=low, high=high))
        pairs = self.explorer.pairs(item, wave)
        if pairs.least is not None:
            low, high = (f"{one:.2f}" for one in pairs.least)
            key = "gist.pairs" if pairs.apart else "gist.no_pairs"
            told = {"pairs": pairs.count, "n": pairs.apart, "low": low, "high": high}
            said.append(say(f"studybook.comparison.{key}", told, lang=lang))
        return sheet, tuple(said)

    def _against(self, item: str, wave: int, against: str, lang: str) -> tuple[Sheet, tuple[str, ...]]:
        found = self.explorer.differences(item, wave, against)
        sheet = differences(self._lines(lang), found, against)
        name = self._names[lang].zone(against)
        sure = [ends for ends in found.values() if ends[1] > 0 or ends[2] < 0]
        values = {"name": name, "n": len(found), "sure": len(sure)}
        values |= {"more": sum(ends[1] > 0 for ends in sure), "less": sum(ends[2] < 0 for ends in sure)}
        said = [_said("differ" if found else "differ_none", lang, **values)]
        said += self._hidden(
            {zone: found.get(zone) for zone in self._names[lang].zones if zone != against}, lang
        )
        return sheet, tuple(said)

    def _hidden(self, found: Mapping[str, object], lang: str) -> list[str]:
        n = sum(one is None for one in found.values())
        return [_said("hidden", lang, n=n, threshold=self.explorer.tell.mask.threshold)] if n else []

    def _lines(self, lang: str, *, whole: bool = False) -> list[Line]:
        """Everybody, then the zones under the name of their model, in the order of the study."""
        names = self._names[lang]
        found = [Line(_said("everyone", lang), EVERYONE)] if whole else []
        for model in names.models or ("",):
            if model:
                found.append(Line(names.model(model)))
            mine = [zone for zone in names.zones if not model or names.model_of(zone) == model]
            found += [Line(names.zone(zone), zone, model in names.compared) for zone in mine]
        return found

    def _labels(self, lang: str) -> dict[str, str]:
        """Item -> what it is called; of questions with the same words, what they are part of too."""
        names = self._names[lang]
        questionnaire = self.study.questionnaire
        assert questionnaire is not None
        found = {
            one: names.in_group(questionnaire.question(one)) if questionnaire.has(one) else names.item(one)
            for one in self.items
        }
        words = list(found.values())
        belongs = {
            part.name: names.item(construct)
            for construct, parts in questionnaire.constructs.items()
            for part in parts
        }
        return {
            one: _said("part", lang, words=label, of=belongs[one])
            if words.count(label) > 1 and one in belongs
            else label
            for one, label in found.items()
        }


@lru_cache(maxsize=1)
def opened() -> Zones:
    """The model on the demo study."""
    from govlab.workshop.widgets import demo

    return Zones(Explorer(demo.telling()))


def _said(key: str, lang: str, **values: object) -> str:
    return say(f"bench_zones.{key}", values, lang=lang)
