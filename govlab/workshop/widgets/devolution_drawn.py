"""The picture of the devolution bench: bars under a floor, and the count at every other share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.language import say
from govlab.plots.sheet import Sheet, fitted
from govlab.plots.style import BLUE, HAIR, INK, ORANGE, SOFT

if TYPE_CHECKING:
    from govlab.institutions.ledger import WhatIf

OWN, PALE = "#8fa3bd", "#f3e3d6"
LEFT, RIGHT = 46.0, 664.0
TOP, FOOT = 36.0, 196.0  # of the bars
LOW, HIGH = 330.0, 270.0  # of the curve: none and all below
_BETWEEN = 14.0  # px between two streets


@dataclass(frozen=True)
class Words:
    """The words on the picture, in a language."""

    lang: str

    def __call__(self, key: str, **values: object) -> str:
        """A message of the bench."""
        return say(f"bench_devolution.{key}", values, lang=self.lang)


def drawn(
    found: WhatIf, below: Sequence[int], least: float | None, top: float, unit: float,
    names: Mapping[str, str], words: Words,
) -> Sheet:  # fmt: skip
    """Bars street by street, each street's sorted by what its communities then hold; the curve below.

    below: how many lack at 0, 1, ... 100 percent. top: the amount at the upper edge. unit: of the scale.
    """
    sheet = Sheet(352)
    _legend(sheet, words)
    sheet.text(
        RIGHT, 12, words("unit.staff" if unit == 1 else "unit.funds"), size=12, colour=SOFT, anchor="end"
    )
    _bars(sheet, found, top, unit, names)
    floor = FOOT - found.floor.at_least / top * (FOOT - TOP)
    sheet.line(LEFT, floor, RIGHT, floor, INK, width=1.8, dashed=True)
    sheet.text(LEFT - 5, floor, f"{found.floor.at_least / unit:,.0f}", bold=True, size=12, anchor="end")
    _curve(sheet, below, least, found.share, words)
    return sheet


def _legend(sheet: Sheet, words: Words) -> None:
    x = LEFT
    for key in ("own", "received", "lacking"):
        if key == "lacking":
            sheet.bar(x, 6, 9, 12, "#ffffff", edge=ORANGE)
            sheet.bar(x, 12, 9, 6, PALE, edge=ORANGE)
            _mark(sheet, x + 16.5, 12)
            x += 13
        else:
            sheet.bar(x, 6, 12, 12, OWN if key == "own" else BLUE)
        said = words(f"legend.{key}")
        sheet.text(x + 16, 12, said, size=12, colour=SOFT)
        x += 46 + (12 if words.lang == "zh" else 6.2) * len(said)


def _mark(sheet: Sheet, x: float, y: float) -> None:
    sheet.path([(x - 4.5, y - 4), (x + 4.5, y - 4), (x, y + 4)], ORANGE, fill=ORANGE, width=0)


def _bars(sheet: Sheet, found: WhatIf, top: float, unit: float, names: Mapping[str, str]) -> None:
    frame = found.frame
    streets = list(dict.fromkeys(frame["street"]))
    step = (RIGHT - LEFT - 6 - _BETWEEN * (len(streets) - 1)) / len(frame)
    tall = (FOOT - TOP) / top
    for tick in range(0, int(top / unit) + 1, 5):
        y = FOOT - tick * unit * tall
        sheet.line(LEFT, y, RIGHT, y, HAIR)
        if abs(tick * unit - found.floor.at_least) * tall > 12:
            sheet.text(LEFT - 5, y, f"{tick}", size=11, colour=SOFT, anchor="end")
    x = LEFT + 6
    for street in streets:
        mine = frame[frame["street"] == street].sort_values(["after", "own"], kind="stable")
        start = x
        for own, received, after, lacks in zip(
            mine["own"], mine["received"], mine["after"], mine["below"], strict=True
        ):
            inner, y = step - 4, FOOT - after * tall
            edge, fill, more = (ORANGE, PALE, "#ffffff") if lacks else ("", OWN, BLUE)
            sheet.bar(x, FOOT - own * tall, inner, own * tall, fill, edge=edge)
            sheet.bar(x, y, inner, received * tall, more, edge=edge)
            if lacks:
                _mark(sheet, x + inner / 2, FOOT + 8)
            x += step
        name = fitted(names[street].partition("（")[0].partition(" (")[0], x - start, 11.5)
        sheet.text((start + x - 4) / 2, FOOT + 22, name, size=11.5, anchor="middle")
        x += _BETWEEN


def _curve(sheet: Sheet, below: Sequence[int], least: float | None, share: float, words: Words) -> None:
    total = max(1, *below)

    def across(one: float) -> float:
        return LEFT + one / 100 * (RIGHT - 18 - LEFT)

    def up(count: float) -> float:
        return LOW - count / total * (LOW - HIGH)

    sheet.text(LEFT - 40, HIGH - 30, words("curve"), size=12, colour=INK)
    for tick in range(0, 101, 10):
        sheet.line(across(tick), HIGH - 6, across(tick), LOW)
        sheet.text(across(tick), LOW + 12, f"{tick}%", size=11, colour=SOFT, anchor="middle")
    sheet.line(LEFT, LOW, across(100), LOW, SOFT)
    for count in (0, total):
        sheet.text(LEFT - 9, up(count), f"{count}", size=11, colour=SOFT, anchor="end")
    sheet.path([(across(place), up(count)) for place, count in enumerate(below)], INK, width=2)
    if least is not None:
        sheet.dot(across(least), LOW, 5, "#ffffff", edge=INK)
    count = below[round(share)]
    sheet.line(across(share), HIGH - 6, across(share), LOW, ORANGE, width=2.4)
    sheet.dot(across(share), up(count), 5.5, ORANGE, edge="#ffffff")
    middle = min(max(across(share), LEFT + 20), RIGHT - 40)
    said = words("curve.at", below=count, share=f"{share:g}")
    sheet.text(middle, HIGH - 14, said, size=12, bold=True, anchor="middle")
