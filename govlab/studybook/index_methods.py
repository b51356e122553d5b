"""Parts of the index report about method: judgements, weights side by side, conventions, the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from govlab.blocks import Page
from govlab.compare.index import PRESETS, Index, IndexSpec, LeaveOneOut, RankRanges, build, coupling, preset
from govlab.compare.index.robustness import correlation, rank_of
from govlab.errors import InputError
from govlab.studybook.index_source import Source
from govlab.studybook.numbers import known
from govlab.studybook.parts import Part, Row, Telling
from govlab.tables import Column

Say = Callable[..., str]
SHOWN = ("spssau-entropy", "spssau-entropy-topsis", "spssau-critic", "spssau-pca")
TOLD = ("spssau-ahp", "spssau-coupling")


def judged(say: Say, page: Page, source: Source) -> list[Part]:
    """How consistent the judgements behind the weights of the groups are, and the most strained of them."""
    found = source.plan.judgements
    assert found is not None
    ratio = f"{found.consistency_ratio:.3f}"
    said = [say("judged", n=len(found.pairs), ratio=ratio)]
    if found.consistent:
        said.append(say("judged_fits"))
    else:
        worst = found.pairs.iloc[0]
        said.append(
            say(
                "judged_worst", first=source.label(worst["first"]), second=source.label(worst["second"]),
                given=f"{worst['given']:.3g}", implied=f"{worst['implied']:.3g}",
                without=f"{worst['ratio_without']:.3f}",
            )
        )  # fmt: skip
    return [page.text(("" if source.lang == "zh" else " ").join(said))]


def weights(say: Say, source: Source) -> tuple[list[str], list[tuple[str, Sequence[float]]]]:
    """Labels of the indicators, and their weights in the index by each method that can be had."""
    found: list[tuple[str, Sequence[float]]] = []
    for method in ("given", "equal", "entropy", "critic", "pca"):
        try:
            one = build(source.table, replace(source.spec, weights=method), unit=source.unit)
        except InputError:
            continue
        effective = one.weights.set_index("code")["effective"]
        found.append((say(f"option.weights.{method}"), [float(effective[c]) for c in source.spec.codes]))
    return [source.label(code) for code in source.spec.codes], found


def can_be_coupled(spec: IndexSpec) -> bool:
    """Whether there are two or more groups with scores from 0 to the top of the scale."""
    scored = spec.normalisation == "minmax" and spec.scale[0] >= 0 and spec.aggregation != "topsis"
    return len(spec.groups) > 1 and scored and all(one.parent == spec.top for one in spec.groups)


def coupled(say: Say, tell: Telling, source: Source, index: Index) -> list[Part]:
    """A table of C, T and D of the groups, and what C would be without its factor."""
    groups = [each.code for each in source.spec.groups]
    scores = index.to_frame()[[source.unit, *groups]]
    scores[groups] = scores[groups] / source.spec.scale[1]
    found = coupling(scores, unit=source.unit)
    wrong = coupling(scores, unit=source.unit, formula="without-coefficient")
    columns = (
        Column("zone", tell.say("column.zone")),
        Column("coupling", say("coupling_c"), "number", 3),
        Column("development", say("coupling_t"), "number", 3),
        Column("coordination", say("coupling_d"), "number", 3),
        Column("wrong", say("coupling_wrong"), "number", 3),
    )
    frame = found.to_frame().assign(wrong=wrong.to_frame()["coupling"].to_numpy())
    names = ("coupling", "development", "coordination", "wrong")
    rows = [
        Row((tell.names.zone(row[source.unit]), *(known(row[name]) for name in names)))
        for row in frame.to_dict("records")
    ]
    low, high = (f"{value:.2f}" for value in (frame["coupling"].min(), frame["coupling"].max()))
    return [
        tell.page.section(say("coupling_title")),
        tell.page.text(say("coupling_text", low=low, high=high, largest=f"{wrong.largest:.2f}")),
        tell.table(columns, rows, say("coupling_caption"), (say("coupling_note"),)),
    ]


def conventions(say: Say, tell: Telling, source: Source, index: Index) -> list[Part]:
    """A table: the same data under each convention, how near the order is, and what differs."""
    own = rank_of(index.values)
    flat = replace(
        source.spec,
        indicators=tuple(replace(one, parent=source.spec.top) for one in source.spec.indicators),
        groups=(),
    )
    columns = (
        Column("name", say("convention")),
        Column("correlation", say("rank_correlation"), "number", 2),
        Column("largest", say("largest_move"), "integer"),
    )
    rows, told = [], []
    for name in SHOWN:
        told.append((say(f"preset.{name}"), PRESETS[name].text(tell.lang)))
        try:
            ranks = rank_of(build(source.table, preset(flat, name), unit=source.unit).values)
        except InputError:
            rows.append(Row((say(f"preset.{name}"), None, None)))
            continue
        moved = int(np.nanmax(np.abs(ranks - own)))
        rows.append(Row((say(f"preset.{name}"), correlation(ranks, own), moved)))
    told += [(say(f"preset.{name}"), PRESETS[name].text(tell.lang)) for name in TOLD]
    notes = (say("convention_note"),)
    return [
        tell.page.section(say("conventions_title")),
        tell.page.text(say("conventions_text")),
        tell.table(columns, rows, say("conventions_caption"), notes),
        tell.page.definitions(told),
    ]


def against_truth(
    say: Say, page: Page, source: Source, index: Index, ranges: RankRanges, without: LeaveOneOut
) -> list[Part]:
    """How the order of the index compares with the order the data were made from."""
    strength = {zone: float(np.mean(values)) for zone, values in source.truth["strength"].items()}
    true = rank_of(np.array([strength[str(zone)] for zone in index.units]))
    near = correlation(rank_of(index.values), true)
    frame = ranges.to_frame()
    all_of = int(((frame["rank_best"] <= true) & (true <= frame["rank_worst"])).sum())
    most = int(((frame["rank_5"] <= true) & (true <= frame["rank_95"])).sum())
    said = [say("truth_text", near=f"{near:.2f}", all=all_of, most=most, zones=len(frame))]
    for code in source.truth.get("unrelated_to_strength", []):
        if code in source.spec.codes:
            other = correlation(without.ranks[source.spec.codes.index(code)], true)
            key = "truth_noise_worse" if other < near else "truth_noise_better"
            said.append(say(key, indicator=source.label(code), near=f"{other:.2f}"))
    return [page.section(say("truth_title")), page.text(*said)]
