"""Every scale of a study in one table of differences in change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from govlab.studybook import effects
from govlab.studybook.did_arms import Arm, off, opened
from govlab.studybook.numbers import plus
from govlab.studybook.parts import Part, Row, Telling
from govlab.tables import Column, Shown

Words = Callable[..., str]


def others(tell: Telling, arms: Sequence[Arm], item: str, words: Words) -> list[Part]:
    """Every scale in one table: what stands, for whom, and what had moved before."""
    assert tell.study.questionnaire is not None
    items = list(dict.fromkeys([item, *tell.study.questionnaire.constructs]))
    waves = (*arms[0].before, arms[0].after[-1])
    by_model = {
        arm.model: {one.item: one for one in effects.gaps(tell, items, arm.model, waves)} for arm in arms
    }
    columns = [Column("item", tell.say("column.item"))]
    columns += [Column(model, opened(tell.names.model(model), tell.lang), "number", 2) for model in by_model]
    rows = []
    for one in items:
        cells = [_marked(found.get(one)) for found in by_model.values()]
        if any(cell is not None for cell in cells):
            rows.append(Row((tell.names.item(one), *cells)))
    count = sum(len(found) for found in by_model.values())
    notes = [words("others.note"), words("others.many", n=count, chance=round(0.05 * count, 1))]
    return [
        tell.page.section(words("others.title")),
        tell.table(columns, rows, words("others.caption"), notes),
    ]


def _marked(one: effects.Gap | None) -> Shown | None:
    """A difference with its marks: stands for these zones, for the model too, had moved before."""
    if one is None:
        return None
    mark = ("●" if off(_both(one.beyond)) else "○") if off(_both(one.here)) else ""
    return Shown(one.estimate, plus(one.estimate) + mark + ("†" if one.moved_before else ""))


def _both(ends: Sequence[float | None]) -> tuple[float, float] | None:
    low, high = ends
    return None if low is None or high is None else (low, high)
