"""A section on necessary conditions for any report: effect sizes, what is needed for how much, scatters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from govlab.blocks import Page
from govlab.language import listed, say
from govlab.plots import ceilings
from govlab.studybook.numbers import known
from govlab.tables import Column, Shown, Table

if TYPE_CHECKING:
    from govlab.blocks import Block
    from govlab.compare.necessity import Bottleneck, NecessaryConditions, Pair
    from govlab.plots import Figure

    Part = Block | Table | Figure

# Conventional names of sizes: Dul (2016), Organ. Res. Methods 19, p. 30.
SIZES = ((0.1, "small"), (0.3, "medium"), (0.5, "large"))
LEVEL = 0.05


def section(
    page: Page,
    found: NecessaryConditions,
    names: Mapping[str, str],
    *,
    kind: str = "cr-fdh",
    synthetic: bool = False,
    figures: bool = True,
) -> list[Part]:
    """Heading, table of effect sizes, what they say, bottleneck table, a scatter for every condition.

    names: printed names of the outcome and of every condition. kind: ceiling of the bottleneck table and of
    the sentences, ``cr-fdh`` or ``ce-fdh``. synthetic: mark tables as made from invented data.
    """
    lang = page.lang

    def words(key: str, **values: object) -> str:
        return say(f"necessity.report.{key}", values, lang=lang)

    held = [one for one in found.pairs if one.not_applicable is None]
    outcome = names[found.pairs[0].outcome]
    parts: list[Part] = [
        page.section(words("title")),
        page.text(words("text", outcome=outcome)),
        page.table(_effects(found, names, lang, synthetic)),
        page.text(*_said(held, names, kind, lang)),
    ]
    if held:
        bottleneck = found.bottleneck(kind=kind)
        parts.append(page.table(_bottleneck(bottleneck, names, outcome, lang, synthetic)))
    if figures:
        for one in held:
            caption = words("figure", condition=names[one.condition], outcome=outcome)
            figure = ceilings(
                one, x=names[one.condition], y=outcome, lang=lang, caption=caption, note=words("figure_note")
            )
            parts.append(page.figure(figure))
    return parts


def _effects(found: NecessaryConditions, names: Mapping[str, str], lang: str, synthetic: bool) -> Table:
    def words(key: str, **values: object) -> str:
        return say(f"necessity.report.{key}", values, lang=lang)

    tested = any(one.p for one in found.pairs)
    columns = [
        Column("condition", words("condition")), Column("ceiling", words("ceiling")),
        Column("effect", words("effect"), "number", 3), Column("accuracy", words("accuracy"), "percent", 1),
    ]  # fmt: skip
    if tested:
        columns += [Column("p", words("p"), "number", 3), Column("error", words("error"), "number", 3)]
    columns.append(Column("n", words("n"), "integer"))
    rows = []
    for one in found.pairs:
        for row in one.to_frame().to_dict("records"):
            accuracy = known(row["accuracy"])
            share = None if accuracy is None else 100 * accuracy
            measures: list[float | Shown | None] = [known(row["effect_size"]), share]
            if tested:
                p = known(row["p_value"])
                shown = None if p is None else Shown(p, f"{p:.3f}" if p >= 0.0005 else "<0.001")
                measures += [shown, known(row["p_error"])]
            rows.append((names[one.condition], str(row["ceiling"]).upper(), *measures, int(row["n"])))
    notes = [words("effects_note")]
    if tested:
        draws = max(one.draws for one in found.pairs)
        notes.append(words("p_note", draws=f"{draws:,}", n=len(found.pairs)))
    flat = [names[one.condition] for one in found.pairs if one.not_applicable is not None]
    if flat:
        notes.append(words("constant", names=listed(flat, lang)))
    return Table(tuple(columns), tuple(rows), words("effects"), lang, tuple(notes), synthetic=synthetic)


def _said(held: list[Pair], names: Mapping[str, str], kind: str, lang: str) -> list[str]:
    said = []
    for one in held:
        size = one.ceilings[kind].effect
        values = {"condition": names[one.condition], "effect": f"{size:.2f}", "kind": kind.upper()}
        if size == 0:
            key = "none"
        elif not one.p:
            key = "untested"
        else:
            key = "necessary" if one.p[kind][0] <= LEVEL else "could_be_chance"
        band = next((name for bound, name in SIZES if size < bound), "very_large")
        values["size"] = say(f"necessity.report.size.{band}", lang=lang)
        said.append(say(f"necessity.report.said.{key}", values, lang=lang))
    return said


def _bottleneck(
    found: Bottleneck, names: Mapping[str, str], outcome: str, lang: str, synthetic: bool
) -> Table:
    columns = [Column("level", outcome, "percent", 0)]
    columns += [Column(one.condition, names[one.condition], "percent", 1) for one in found.needs]
    rows = []
    for place, level in enumerate(found.needs[0].levels):
        cells: list[float | Shown | None] = [float(level)]
        for one in found.needs:
            reason = one.reasons[place]
            if reason:
                word = say(f"necessity.report.{reason.replace('-', '_')}", lang=lang)
                cells.append(Shown(None, word))
            else:
                cells.append(float(one.required[place]))
        rows.append(tuple(cells))
    caption = say("necessity.report.bottleneck", {"kind": found.kind.upper()}, lang=lang)
    notes = (say("necessity.report.bottleneck_note", lang=lang),)
    return Table(tuple(columns), tuple(rows), caption, lang, notes, synthetic=synthetic)
