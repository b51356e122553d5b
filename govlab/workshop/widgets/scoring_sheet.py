"""The picture of the scoring bench: rank intervals and scores, and beside them which orders are sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from govlab.language import say
from govlab.plots.sheet import Sheet, fitted
from govlab.plots.style import BLUE, HAIR, INK, ORANGE, SOFT

if TYPE_CHECKING:
    from govlab.workshop.widgets.scoring_work import Standings

_TOP, _ROW = 30.0, 12.6
_LEFT, _RIGHT, _SCORE, _GRID, _END = 132.0, 392.0, 476.0, 492.0, 666.0
_PALE, _LIGHT = "#eef1f5", "#b4c2d4"
_Z = 1.96


def drawn(found: Standings, names: Sequence[str], lang: str, *, only: bool = False) -> Sheet:
    """Units best first; ``only`` leaves the uncertainty out, and says that it does."""
    count = len(found.place)
    row = min(_ROW, 353 / max(count, 1))
    bottom = _TOP + row * count
    sheet = Sheet(bottom + 32)
    step = (_RIGHT - _LEFT) / max(count - 1, 1)

    def across(rank: float) -> float:
        return _LEFT + (rank - 1) * step

    if found.ranked:
        _axis(sheet, count, across(1), step, bottom, lang)
    head = _said("score_error" if found.ranked and not only else "score", lang)
    sheet.text(_SCORE, _TOP - 10, head, size=10, colour=SOFT, anchor="end")
    for place in range(count):
        y = _TOP + row * (place + 0.5)
        name = fitted(names[found.place[place]], _LEFT - 12, 10)
        sheet.text(0, y, name, size=10)
        words = f"{found.estimate[place]:.1f}"
        if not only and found.ranked:
            words += f" ±{_Z * found.std_error[place]:.1f}"
        sheet.text(_SCORE, y, words, size=10, anchor="end")
        if not found.ranked:
            continue
        low, high, rank = int(found.low[place]), int(found.high[place]), int(found.rank[place])
        first = low == 1
        if not only:
            thick = row - 5
            sheet.bar(
                across(low) - 3, y - thick / 2, across(high) - across(low) + 6, thick,
                BLUE if first else _LIGHT, round_=2,
            )  # fmt: skip
        sheet.dot(across(rank), y, 3, "white" if first and not only else INK, edge=INK)
        if not only:
            _apart(sheet, found, place, y, row)
    if not found.ranked:
        sheet.text(_LEFT + 10, _TOP + 10, _said("unranked", lang), size=12, colour=ORANGE)
    elif only:
        for line, key in enumerate(("only_1", "only_2", "only_3")):
            sheet.text(_GRID, _TOP + 16 + 18 * line, _said(key, lang), size=12, colour=ORANGE, bold=True)
    else:
        sheet.text(_GRID, _TOP - 10, _said("apart", lang), size=10, colour=SOFT)
    return sheet


def _axis(sheet: Sheet, count: int, left: float, step: float, bottom: float, lang: str) -> None:
    ticks = [1, *(tick for tick in range(5, count - 1, 5)), count]
    for tick in ticks:
        x = left + (tick - 1) * step
        sheet.line(x, _TOP, x, bottom, HAIR)
        sheet.text(x, bottom + 9, f"{tick}", size=10, colour=SOFT, anchor="middle")
    sheet.text(left - 4, _TOP - 10, _said("rank", lang), size=10, colour=SOFT)


def _apart(sheet: Sheet, found: Standings, place: int, y: float, row: float) -> None:
    """A row of squares: dark where the order with that unit is sure, an empty one for the unit itself."""
    size = (_END - _GRID) / len(found.place)
    sheet.bar(_GRID, y - row / 2 + 0.6, _END - _GRID, row - 1.2, _PALE)
    run = 0
    sure = found.above[place] | found.above[:, place]
    for other in range(len(sure) + 1):
        if other < len(sure) and sure[other]:
            run += 1
            continue
        if run:
            sheet.bar(_GRID + size * (other - run), y - row / 2 + 0.6, size * run, row - 1.2, "#5d7fa6")
        run = 0
    sheet.bar(_GRID + size * place, y - row / 2 + 0.6, size, row - 1.2, "white", edge=INK)


def _said(key: str, lang: str, **values: object) -> str:
    return say(f"bench_scoring.{key}", values, lang=lang)
