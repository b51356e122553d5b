"""Zones as units: what so few can carry, all ways to assign, one zone beside a synthetic control."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from govlab.plots import permutations, synthetic_path
from govlab.studybook.did_arms import Arm, minus, probability
from govlab.studybook.numbers import known, plus
from govlab.studybook.parts import Part, Row, Telling
from govlab.tables import Column, Shown

Words = Callable[..., str]


def few(tell: Telling, arms: Sequence[Arm], item: str, words: Words) -> list[Part]:
    """What so few zones can carry, and where each model lies among all ways to assign."""
    from govlab.compare import did

    parts: list[Part] = [tell.page.section(words("few.title")), tell.page.text(words("few.text"))]
    for treated, others in dict.fromkeys(arm.zones for arm in arms):
        carried = did.what_can_be_said(treated + others, treated, random=arms[0].assignment == "random")
        columns = [
            Column("method", words("column.method")),
            Column("smallest", words("column.smallest"), "number", 3),
            Column("carries", words("column.carries")), Column("reason", words("column.reason")),
        ]  # fmt: skip
        rows = [
            Row((
                words(f"method.{row['method'].replace('-', '_')}"),
                known(row["smallest_p"]),
                words(f"carries.{row['carries']}"),
                words(f"why.{row['reason'].replace('-', '_')}") if row["reason"] else "",
            ))
            for row in carried.to_frame().to_dict("records")
        ]  # fmt: skip
        caption = words("few.caption", treated=treated, others=others)
        parts.append(tell.table(columns, rows, caption, (words("few.note"),)))
    return [*parts, *_assignments(tell, arms, item, words)]


def _assignments(tell: Telling, arms: Sequence[Arm], item: str, words: Words) -> list[Part]:
    held = [arm for arm in arms if arm.assignments is not None]
    if not held:
        return [tell.page.text(words("few.not_shown"))]
    first = held[0].assignments
    assert first is not None
    note = words("few.figure_note", ways=len(first.statistics))
    caption = words("few.figure_caption", model=held[0].head, item=tell.names.item(item))
    figure = permutations(first, lang=tell.lang, caption=caption, note=note)
    columns = [
        Column("model", tell.say("column.model")),
        Column("change", words("column.change"), "number", 2),
        Column("low", words("column.kept_low"), "number", 2),
        Column("high", tell.say("column.high"), "number", 2),
        Column("p", words("column.p_permuted"), "number", 3),
        Column("wcr", words("column.wild_restricted"), "number", 3),
        Column("wcu", words("column.wild_unrestricted"), "number", 3),
    ]
    rows = []
    for arm in held:
        found, wild = arm.assignments, arm.bootstrap
        assert found is not None
        ends = [minus(end) if abs(end) != float("inf") else None for end in found.interval]
        beside = (None, None) if wild is None else (wild.restricted.p_value, wild.unrestricted.p_value)
        rows.append(
            Row(
                (
                    arm.head,
                    Shown(found.observed, plus(found.observed)),
                    *ends,
                    probability(found.p_value),
                    *map(probability, beside),
                )
            )
        )
    key = "few.permuted_note" if arms[0].assignment == "not-random" else "few.exact_note"
    notes = [words(key), words("few.wild_note"), words("few.once_note")]
    return [tell.figure(figure), tell.table(columns, rows, words("few.results"), notes)]


def synthetic(tell: Telling, arm: Arm, words: Words) -> list[Part]:
    """One zone beside a weighted mean of zones for comparison: a picture, with what it cannot carry."""
    zone = next(one for one in tell.names.zones if tell.names.model_of(one) == arm.model)
    found = arm.synthetic(zone)
    title = tell.page.section(words("synthetic.title"))
    if found is None:
        return [title, tell.page.text(words("synthetic.none"))]
    names = [tell.names.wave(wave) for wave in (*arm.before, arm.after[-1])]
    caption = words("synthetic.caption", zone=tell.names.zone(zone), item=tell.names.item(arm.item))
    figure = synthetic_path(
        found, names, name=tell.names.zone(zone), lang=tell.lang, caption=caption,
        note=words("synthetic.note"),
    )  # fmt: skip
    carried = [
        f"{tell.names.zone(one)} {100 * weight:.0f}%"
        for one, weight in found.weights.items()
        if weight > 5e-3
    ]
    said = [
        words(
            "synthetic.text", zone=tell.names.zone(zone), donors=len(found.donors), gap=plus(found.effect),
            weights=tell.listed(carried), before=len(arm.before), smallest=f"{found.smallest_p:.2f}",
        )
    ]  # fmt: skip
    if not found.unique:
        late = found.path[found.path["after"]]
        low, high = float(late["gap_low"].mean()), float(late["gap_high"].mean())
        said.append(words("synthetic.range", low=plus(low), high=plus(high)))
    return [title, tell.figure(figure), tell.page.text(tell.joined(said))]
