"""The scoring bench: an assessment of communities under weights that everybody may set for himself.

The communities are the invented ones of the demo study. Ranks are seen with what the data allow; to see
them without is one tick away, and a page made of the bench shows the intervals all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from govlab.language import listed, say
from govlab.plots.sheet import Drawing
from govlab.workshop.widgets.controls import Control, Slider, Tick
from govlab.workshop.widgets.frame import View
from govlab.workshop.widgets.scoring_work import DRAWS, Scorer, Standings

SCHEME = "aksu-3-plus-1"
_LONG = " zone, community "
_MARKS = ("（虚构）", " (fictional)")


@dataclass(frozen=True, eq=False)
class Covered(Drawing):
    """A drawing with the intervals, for whatever leaves the screen; on the screen ``live`` is shown."""

    live: Drawing | None = None

    def to_html(self) -> str:
        """The live form."""
        return self.live.to_html() if self.live is not None else super().to_html()


class Scoring:
    """The model of the bench. names: by language, of every unit in the order of the evidence."""

    def __init__(self, scorer: Scorer, names: Mapping[str, Sequence[str]]) -> None:
        self.scorer = scorer
        self._names = names
        self._labels = {one.id: one.label for one in scorer.scheme.file.nodes if one.id in scorer.parts}
        self._start = {name: scorer.scheme.node(name).weight.value for name in scorer.parts}

    def controls(self, lang: str) -> tuple[Control, ...]:
        """A weight for every part, points for merit and fault, and the look without uncertainty."""
        weights = [
            Slider(name, self._labels[name].in_language(lang), 0, 100, 1, round(self._start[name]))
            for name in self.scorer.parts
        ]
        return (*weights, Tick("points", _said("points", lang), True), Tick("only", _said("only", lang)))

    def view(self, values: Mapping[str, Any], lang: str) -> View:
        """Rank intervals and what can be told apart; how many pairs are sure, and where the first may be."""
        from govlab.workshop.widgets.scoring_sheet import drawn

        found = self.scorer.standings(values, points=values["points"])
        names = self._names[lang]
        said = (self._weights(values, lang), *self._told(found, names, lang))
        if values["only"] and found.ranked:
            said += (_said("only_told", lang, open=found.pairs - found.sure, pairs=found.pairs),)
        alt = ("" if lang == "zh" else " ").join(said)
        plain, n = _said("note_unranked", lang), len(found.place)
        note = _said("note", lang, draws=f"{DRAWS:,}") if found.ranked else plain
        live = None
        if values["only"]:
            sheet = drawn(found, names, lang, only=True)
            live = Drawing(sheet, _said("caption_only", lang, n=n), alt, lang, plain)
        paper = drawn(found, names, lang)
        return View(Covered(paper, _said("caption", lang, n=n), alt, lang, note, live), said)

    def _weights(self, values: Mapping[str, Any], lang: str) -> str:
        shares = self.scorer.shares(values)
        parts = [f"{self._labels[name].in_language(lang)} {share:.1f}%" for name, share in shares.items()]
        key = "weights" if any(values[name] for name in self.scorer.parts) else "weights_none"
        return _said(key, lang, parts=listed(parts, lang))

    def _told(self, found: Standings, names: Sequence[str], lang: str) -> tuple[str, ...]:
        if not found.ranked:
            return (_said("no_error", lang, n=len(found.place)),)
        share = f"{100 * found.sure / found.pairs:.0f}"
        sure = _said("sure", lang, n=len(found.place), pairs=found.pairs, sure=found.sure, share=share)
        first = {"name": names[found.place[0]], "low": int(found.low[0]), "high": int(found.high[0])}
        may = int((found.low == 1).sum())
        told = _said("first_sure" if may == 1 else "first", lang, **first, may=may)
        lost = (_said("lost", lang, n=found.lost),) if found.lost else ()
        return (sure, told, *lost)


@lru_cache(maxsize=1)
def opened() -> Scoring:
    """The model on the communities that the demo study appraises under the 3+1 scheme."""
    from govlab.institutions.scheme import read_scheme, shipped_schemes
    from govlab.study import assessing
    from govlab.studybook.assessed import Assessment
    from govlab.workshop.widgets import demo

    # Read without the flags of the catalogue, which takes a second; the shipped scheme is held against them.
    scheme = read_scheme(shipped_schemes()[SCHEME])
    wave = assessing.periods(demo.study(), SCHEME)[-1]
    evidence = Assessment(demo.telling(), scheme, wave).evidence
    names = {lang: [_bare(one.name(lang)) for one in evidence.units] for lang in ("zh", "en")}
    return Scoring(Scorer(scheme, evidence), names)


def _bare(name: str) -> str:
    """Short, and without the mark of what is invented, which the note under the picture has."""
    for mark in _MARKS:
        name = name.removesuffix(mark)
    return name.replace(_LONG, " ")


def _said(key: str, lang: str, **values: object) -> str:
    return say(f"bench_scoring.{key}", values, lang=lang)
