"""Between waves: courses by model, and change in a model's zones less change in the zones for comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.errors import InputError
from govlab.plots import Course, courses
from govlab.studybook.numbers import known, plus, point
from govlab.studybook.parts import Part, Row, Telling
from govlab.tables import Column, Shown

if TYPE_CHECKING:
    from govlab.survey import Design

Ends = tuple[float | None, float | None]


@dataclass(frozen=True)
class Gap:
    """A difference in differences of one item. here: interval for these zones; beyond: for the model.

    earlier: the same between the two waves before, with its interval for these zones; None where there
    were no such waves.
    """

    item: str
    estimate: float
    here: Ends
    beyond: Ends
    earlier: tuple[float, Ends] | None = None

    @property
    def stands(self) -> bool:
        """Whether the interval for these zones leaves out zero."""
        return _off(self.here)

    @property
    def stands_beyond(self) -> bool:
        """Whether the interval for the model leaves out zero."""
        return _off(self.beyond)

    @property
    def moved_before(self) -> bool:
        """Whether the groups already moved apart beforehand."""
        return self.earlier is not None and _off(self.earlier[1])


def _off(ends: Ends) -> bool:
    low, high = ends
    return low is not None and high is not None and (low > 0 or high < 0)


def courses_by_model(tell: Telling, item: str, waves: Sequence[int]) -> list[Part]:
    """Means of one item over the waves, a line a model."""
    if not tell.margin(("model", "wave"), item):
        return []
    lines = []
    for model in tell.names.models:
        points = []
        for wave in waves:
            rows = tell.means([item], wave, "model", names=[model]).to_dict("records")
            points.append(point(rows[0]) if rows else None)
        lines.append(Course(tell.names.model(model), tuple(points)))
    if not any(one is not None for line in lines for one in line.points):
        return []
    caption = tell.say("zone.course_caption", item=tell.names.item(item))
    names = [tell.names.wave(wave) for wave in waves]
    figure = courses(lines, names, lang=tell.lang, caption=caption, note=tell.say("effects.course_note"))
    return [tell.section("zone.course_title"), tell.figure(figure)]


def gaps(tell: Telling, items: Sequence[str], model: str, waves: Sequence[int]) -> list[Gap]:
    """Differences in differences of one model against the zones for comparison, item by item."""
    against = tuple(sorted(tell.names.compared))
    wanted = [one for one in items if tell.margin(("model", "wave"), one)]
    pairs = [(waves[-2], waves[-1])] + ([(waves[-3], waves[-2])] if len(waves) > 2 else [])
    designs = [_treated(tell, pair, model, against) for pair in pairs]
    found = []
    for item in wanted:
        cells = [{"model": one, "wave": wave} for one in (model, *against) for wave in waves[-3:]]
        if not all(tell.mask.shows(cell, item) for cell in cells):
            continue
        now = _gap(designs[0], item, pairs[0], tell.zone)
        if now is None:
            continue
        before = _gap(designs[1], item, pairs[1], tell.zone) if len(pairs) > 1 else None
        earlier = None if before is None else (before[0], before[1])
        found.append(Gap(item, *now, earlier))
    return found


def _treated(tell: Telling, pair: tuple[int, int], model: str, against: Sequence[str]) -> Design:
    """The design of two waves seen through a model's zones and those for comparison."""
    design = tell.design(*pair)
    models = design.frame["model"].astype(str)
    design = design.with_columns({"treated": (models == model).astype(float)})
    return design.subset(models.isin([model, *against]).to_numpy())


def _gap(design: Design, item: str, between: tuple[int, int], zone: str) -> tuple[float, Ends, Ends] | None:
    from govlab.survey import difference_in_differences

    try:
        found = difference_in_differences(
            design, item, wave="wave", between=between, treated="treated", zone=zone
        )
    except InputError:
        return None
    here, beyond = found.to_frame().to_dict("records")
    ends = [(known(one["conf_low"]), known(one["conf_high"])) for one in (here, beyond)]
    return float(here["estimate"]), ends[0], ends[1]


def differences(tell: Telling, items: Sequence[str], waves: Sequence[int]) -> list[Part]:
    """A table a model, what each of the two intervals claims, and which items had moved before."""
    parts: list[Part] = []
    for model in tell.names.models:
        if model in tell.names.compared:
            continue
        found = gaps(tell, items, model, waves)
        if found:
            parts += [_table(tell, model, found, waves), tell.page.text(_told(tell, model, found))]
    if not parts:
        return []
    values = {"before": tell.names.wave(waves[-2]), "after": tell.names.wave(waves[-1])}
    intro = tell.page.text(tell.say("effects.text", **values), tell.say("effects.two"))
    return [tell.section("effects.title"), intro, *parts]


def _table(tell: Telling, model: str, found: Sequence[Gap], waves: Sequence[int]) -> Part:
    columns = [
        Column("item", tell.say("column.item")),
        Column("estimate", tell.say("effects.gap"), "number", 2),
        Column("low", tell.say("effects.here_low"), "number", 2),
        Column("high", tell.say("column.high"), "number", 2),
        Column("model_low", tell.say("effects.beyond_low"), "number", 2),
        Column("model_high", tell.say("column.high"), "number", 2),
    ]
    before = any(one.earlier is not None for one in found)
    if before:
        columns.append(Column("earlier", tell.say("effects.earlier"), "number", 2))
    rows = []
    for one in found:
        mark = "†" if one.moved_before else ""
        cells: list[float | str | Shown | None] = [tell.names.item(one.item)]
        cells += [Shown(one.estimate, plus(one.estimate)), *one.here, *one.beyond]
        if before:
            value = one.earlier[0] if one.earlier is not None else None
            cells.append(None if value is None else Shown(value, plus(value) + mark))
        rows.append(Row(tuple(cells)))
    notes = [tell.say("effects.note", n=len(found))]
    if before:
        pair = {"first": tell.names.wave(waves[-3]), "second": tell.names.wave(waves[-2])}
        notes.append(tell.say("effects.earlier_note", **pair))
    caption = tell.say("effects.caption", model=tell.names.model(model))
    return tell.table(columns, rows, caption, notes)


def _told(tell: Telling, model: str, found: Sequence[Gap]) -> str:
    """Which items carry which claim, in sentences."""
    name = tell.names.model(model)
    moved = [one for one in found if one.moved_before]
    clean = [one for one in found if one.stands and not one.moved_before]
    said = []
    if clean:
        said.append(tell.say("effects.said.here", model=name, items=_list(tell, clean)))
        beyond = [one for one in clean if one.stands_beyond]
        if beyond:
            said.append(tell.say("effects.said.beyond", items=_list(tell, beyond)))
        else:
            said.append(tell.say("effects.said.not_beyond"))
    else:
        said.append(tell.say("effects.said.none", model=name))
    if moved:
        said.append(tell.say("effects.said.moved", items=_list(tell, moved)))
    return tell.joined(said)


def _list(tell: Telling, found: Sequence[Gap]) -> str:
    return tell.listed([tell.names.item(one.item) for one in found])


def gist(tell: Telling, items: Sequence[str], waves: Sequence[int]) -> list[str]:
    """One sentence for the top of the page: where change stands out against the zones for comparison."""
    said = []
    for model in tell.names.models:
        if model in tell.names.compared:
            continue
        found = [one for one in gaps(tell, items, model, waves) if one.stands and not one.moved_before]
        if found:
            values = {"model": tell.names.model(model), "n": len(found), "items": _list(tell, found[:3])}
            said.append(tell.say("effects.gist.model", **values))
    if not said:
        return [tell.say("effects.gist.none")]
    return [tell.say("effects.gist.some", models=("；" if tell.lang == "zh" else "; ").join(said))]
