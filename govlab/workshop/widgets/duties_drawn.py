"""The picture of the duties board: tasks on every body then and now, and who is led by two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govlab.language import listed, say
from govlab.plots.sheet import Sheet, fitted
from govlab.plots.style import BLUE, HAIR, INK, ORANGE, REST, SOFT

LEFT, RIGHT = 222.0, 512.0
TOP, STEP = 30.0, 26.0
PAST = "#8fa3bd"


@dataclass(frozen=True)
class Load:
    """Tasks a body does, administrative ones among them, and the hours a week of those."""

    tasks: int
    administrative: int
    hours: float


@dataclass(frozen=True)
class Row:
    """A body: its load then and now, and those that lead it."""

    name: str
    then: Load
    now: Load
    led_by: tuple[str, ...]


def drawn(rows: Sequence[Row], most: int, lang: str) -> Sheet:
    """Two bars a body: above and thin as it was, below and thick as it is. most: tasks there are."""
    sheet = Sheet(TOP + STEP * len(rows) + 4)
    wide = (RIGHT - LEFT) / most
    _legend(sheet, lang)
    for place, row in enumerate(rows):
        y = TOP + STEP * place
        dual = len(row.led_by) > 1
        sheet.line(0, y - 1, 670, y - 1, HAIR)
        sheet.text(0, y + (7 if dual else 12.5), fitted(row.name, LEFT - 12), size=13)
        if dual:
            by = say("bench_duties.led", {"by": listed(row.led_by, lang)}, lang=lang)
            sheet.bar(0, y + 16, 7, 7, ORANGE)
            sheet.text(11, y + 20, fitted(by, LEFT - 12, 10.5), size=10.5, colour=INK)
        _bar(sheet, row.then, y + 2, 7, wide, outlined=True)
        _bar(sheet, row.now, y + 10, 13, wide, outlined=False)
        sheet.text(670, y + 12.5, _words(row, lang), size=12, colour=INK, anchor="end")
    sheet.line(LEFT, TOP - 4, LEFT, TOP + STEP * len(rows), SOFT)
    return sheet


def _bar(sheet: Sheet, load: Load, y: float, height: float, wide: float, *, outlined: bool) -> None:
    x = LEFT
    for count, fill in ((load.administrative, BLUE), (load.tasks - load.administrative, REST)):
        for _ in range(count):
            shade = (PAST if fill == BLUE else "#ffffff") if outlined else fill
            sheet.bar(x + 1, y, wide - 2, height, shade, edge=PAST if outlined else "")
            x += wide


def _words(row: Row, lang: str) -> str:
    values = {
        "then": row.then.administrative, "now": row.now.administrative,
        "then_hours": f"{row.then.hours:g}", "now_hours": f"{row.now.hours:g}",
    }  # fmt: skip
    if not row.then.administrative and not row.now.administrative:
        return ""
    return say("bench_duties.beside", values, lang=lang)


def _legend(sheet: Sheet, lang: str) -> None:
    x = LEFT
    for key, fill in (("office", BLUE), ("other", REST), ("then", "")):
        if key == "then":
            sheet.bar(x, 9, 9, 7, PAST, edge=PAST)
            sheet.bar(x + 10, 9, 9, 7, "#ffffff", edge=PAST)
            x += 6
        else:
            sheet.bar(x, 6, 13, 12, fill)
        words = say(f"bench_duties.legend.{key}", lang=lang)
        sheet.text(x + 18, 12, words, size=12, colour=SOFT)
        x += 34 + (12 if lang == "zh" else 6.2) * len(words)
    sheet.text(670, 12, say("bench_duties.legend.beside", lang=lang), size=12, colour=SOFT, anchor="end")
