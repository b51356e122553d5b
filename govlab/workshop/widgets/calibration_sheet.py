"""The picture of the calibration bench: a set's curve with its cases, and the truth table beside it."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

import numpy as np

from govlab.compare.qca.calibration import calibrate
from govlab.language import say
from govlab.plots.sheet import Sheet, words_width
from govlab.plots.style import BLUE, HAIR, INK, ORANGE, SOFT, wrapped
from govlab.workshop.widgets.calibration_work import PARTS, PRI, Moved, span

if TYPE_CHECKING:
    from govlab.study.coded import CodedCases, CodedSet

_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 300.0, 40.0, 228.0
_ROW = 17.0
_GRID, _COLUMN = 340.0, 45.0
_PALE = "#e6ebf2"


def drawn(
    coded: CodedCases,
    chosen: CodedSet,
    anchors: tuple[float, ...],
    found: Moved | None,
    changed: Set[int],
    lang: str,
    cut: float = 0.0,
) -> Sheet:
    """Curve and cases; where anchors are out of order (``found`` is None) only what was measured."""
    rows = 0 if found is None else len(found.table.rows)
    sheet = Sheet(max(298.0, _TOP + rows * _ROW + 22))
    _curve(sheet, coded, chosen, anchors, found, lang)
    if found is not None:
        _grid(sheet, coded, found, changed, lang, cut)
    return sheet


def _curve(
    sheet: Sheet,
    coded: CodedCases,
    chosen: CodedSet,
    anchors: tuple[float, ...],
    found: Moved | None,
    lang: str,
) -> None:
    low, high, _ = span(coded, chosen)

    def across(value: float) -> float:
        return _LEFT + (value - low) / (high - low) * (_RIGHT - _LEFT)

    def up(value: float) -> float:
        return _BOTTOM - value * (_BOTTOM - _TOP)

    sheet.text(_LEFT - 26, _TOP - 22, _said("membership", lang), size=11, colour=SOFT)
    for tick in (0.0, 0.5, 1.0):
        sheet.line(_LEFT, up(tick), _RIGHT, up(tick), HAIR, dashed=tick == 0.5)
        sheet.text(_LEFT - 6, up(tick), f"{tick:g}", size=11, colour=SOFT, anchor="end")
    for place, (part, value) in enumerate(zip(PARTS, anchors, strict=True)):
        x, y = across(value), _BOTTOM + 12 + 14 * place
        sheet.line(
            x, _TOP - 6, x, _BOTTOM + 5, INK if part == "cross" else SOFT, width=1.4, dashed=part != "cross"
        )
        words = _said(f"anchor.{part}", lang, value=f"{value:g}")
        half = words_width(words, 11) / 2
        middle = min(max(x, _LEFT - 26 + half), _RIGHT + 8 - half)
        sheet.text(middle, y, words, size=11, anchor="middle", bold=part == "cross")
    measure = _said(f"measure.{chosen.column}", lang)
    sheet.text((_LEFT + _RIGHT) / 2, _BOTTOM + 58, measure, size=11, colour=SOFT, anchor="middle")
    values = coded.measured[chosen.column].to_numpy(dtype=float)
    if found is None:
        for value in values[~np.isnan(values)]:
            sheet.dot(across(value), up(0), 3.6, "white", edge=SOFT)
        return
    made = found.calibrated[chosen.name]
    along = calibrate(np.linspace(low, high, 81), made.anchors)
    points = zip(along.raw.tolist(), along.memberships.tolist(), strict=True)
    sheet.path([(across(x), up(y)) for x, y in points], INK)
    for value, member in zip(values.tolist(), made.memberships.tolist(), strict=True):
        if np.isnan(value):
            continue
        fill, edge, size = (BLUE, BLUE, 4.0) if member > 0.5 else ("white", BLUE, 4.0)
        if member == 0.5:
            fill, edge, size = ORANGE, INK, 6.0
        sheet.dot(across(value), up(member), size, fill, edge=edge)


def _grid(sheet: Sheet, coded: CodedCases, found: Moved, changed: Set[int], lang: str, cut: float) -> None:
    table = found.table
    names = table.data.conditions
    labels = {one.name: one.label.in_language(lang) for one in coded.sets}
    count = _GRID + _COLUMN * len(names) + 12
    bar, room, code = count + 20, 60.0, 660.0
    for place, name in enumerate(names):
        lines = wrapped(labels[name], 8.5).split("\n")
        for line, words in enumerate(reversed(lines)):
            x = _GRID + _COLUMN * (place + 0.5)
            sheet.text(x, _TOP - 12 - 12 * line, words, size=10, colour=SOFT, anchor="middle")
    sheet.text(count, _TOP - 12, _said("n", lang), size=10, colour=SOFT, anchor="middle")
    sheet.text(bar, _TOP - 12, _said("inclusion_short", lang), size=10, colour=SOFT)
    sheet.text(code + 6, _TOP - 12, _said("code", lang), size=10, colour=SOFT, anchor="end")
    sheet.line(_GRID, _TOP - 3, code + 6, _TOP - 3, INK)
    for line, row in enumerate(reversed(range(len(table.rows)))):
        y = _TOP + _ROW * (line + 0.5)
        number, outcome = int(table.rows[row]), table.outcome[row]
        if number in changed:
            sheet.bar(_GRID - 2, y - _ROW / 2 + 0.5, code + 8 - _GRID, _ROW - 1, _PALE)
        if number in found.against:
            sheet.text(_GRID - 12, y, "≠", size=13, colour=ORANGE, anchor="middle", bold=True)
        for place, value in enumerate(table.configurations[row]):
            x = _GRID + _COLUMN * (place + 0.5)
            sheet.dot(x, y, 4.6, INK if value else "white", edge=INK)
        sheet.text(count, y, f"{int(table.n[row])}", size=11, anchor="middle")
        share = float(table.inclusion[row])
        good = outcome == "1"
        sheet.bar(bar, y - 4, room, 8, "white", edge=HAIR)
        if not np.isnan(share):
            sheet.bar(bar, y - 4, room * share, 8, BLUE if good else "#b4c2d4")
            sheet.text(bar + room + 4, y, f"{share:.2f}", size=11)
        sheet.text(code, y, outcome, size=12, anchor="middle", bold=good)
    bottom = _TOP + _ROW * len(table.rows)
    sheet.line(bar + room * cut, _TOP - 1, bar + room * cut, bottom, ORANGE, width=1.4)
    sheet.line(_GRID, bottom + 1, code + 6, bottom + 1, INK)
    sheet.text(_GRID, bottom + 12, _said("cut", lang, cut=f"{cut:.2f}", pri=f"{PRI:g}"), size=10, colour=SOFT)


def _said(key: str, lang: str, **values: object) -> str:
    return say(f"bench_calibration.{key}", values, lang=lang)
