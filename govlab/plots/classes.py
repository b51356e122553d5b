"""The picture of a class: first answers to each exercise, and how many were right in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.language import say
from govlab.plots.style import (
    BLUE,
    HAIR,
    INK,
    LETTER,
    ORANGE,
    REST,
    SOFT,
    Figure,
    bare,
    canvas,
    house_style,
    is_dark,
    picture,
    text_width,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The right answer is dark; wrong ones alternate, so that neighbours differ in greyscale too.
_WRONG = ("#8fa3bd", REST)
_REST = "#eef1f5"
_LEFT = 21  # room for labels, in hundredths of a full bar


@dataclass(frozen=True)
class Given:
    """A piece of a bar: the words on it, its share of the files, whether right, or all the rest."""

    words: str
    share: float
    right: bool = False
    rest: bool = False

    @property
    def said(self) -> str:
        """The words with the share; of a bar in one piece the words alone."""
        return self.words if self.share == 1 else f"{self.words} {100 * self.share:.0f}%"


@dataclass(frozen=True)
class ClassRow:
    """An exercise: first answers, files, share right in the end, agreement, whether to discuss it.

    given: empty where too few files answered, then ``reason`` is printed. final, agreement: None
    where they are not shown.
    """

    label: str
    given: tuple[Given, ...]
    n: int | None = None
    final: float | None = None
    agreement: float | None = None
    discuss: bool = False
    reason: str = ""


def class_answers(rows: Sequence[ClassRow], *, lang: str, caption: str, note: str = "") -> Figure:
    """A bar an exercise: right at first dark, frequent wrong answers lighter; a diamond for the end.

    ValueError for no rows, and for a bar whose shares do not add up to one.
    """
    if not rows:
        raise ValueError("rows must hold at least one exercise")
    for row in rows:
        if row.given and abs(sum(one.share for one in row.given) - 1) > 1e-9:
            raise ValueError(f"rows: shares of {row.label} must add up to one")
    with house_style():
        sheet, axes = canvas(0.36 * len(rows) + 0.5, left=0.005, right=0.995)
        bare(axes)
        axes.set_xlim(-_LEFT, 138)
        axes.set_ylim(len(rows) + 0.1, -0.9)
        heads = ((103, "files"), (113, "agreement"))
        for x, name in heads:
            words = say(f"workshop_papers.class.{name}", lang=lang)
            axes.text(x, -0.4, words, fontsize=8, color=SOFT, ha="left", va="center")
        axes.plot([0, 0], [-0.05, len(rows)], color=HAIR, linewidth=0.8, zorder=0)
        for place, row in enumerate(rows):
            _row(axes, row, place + 0.5, lang)
        png = picture(sheet)
    return Figure(png, caption, _alt(rows, lang), lang, note)


def _row(axes: Axes, row: ClassRow, y: float, lang: str) -> None:
    axes.text(-_LEFT, y, row.label, va="center", ha="left", fontsize=8.8)
    if not row.given:
        axes.text(1, y, row.reason, va="center", ha="left", fontsize=8, color=SOFT)
        return
    left, wrong = 0.0, 0
    for one in row.given:
        colour = BLUE if one.right else _REST if one.rest else _WRONG[wrong % len(_WRONG)]
        wrong += not one.right
        width = 100 * one.share
        axes.barh(y, width, 0.68, left=left, color=colour, edgecolor="white", linewidth=1)
        words = next((each for each in (one.said, one.words) if text_width(each) * LETTER <= width - 2), "")
        if words:
            ink = "white" if is_dark(colour) else INK
            axes.text(left + width / 2, y, words, va="center", ha="center", fontsize=7.8, color=ink)
        left += width
    if row.final is not None:
        axes.plot(
            100 * row.final, y, "D", markersize=5, markerfacecolor="white", markeredgecolor=INK, clip_on=False
        )
    if row.n is not None:
        axes.text(103, y, f"{row.n}", va="center", ha="left", fontsize=8, color=SOFT)
    if row.agreement is not None:
        axes.text(113, y, f"{row.agreement:.1f}", va="center", ha="left", fontsize=8, color=SOFT)
    if row.discuss:
        words = say("workshop_papers.class.discuss", lang=lang)
        axes.text(124, y, words, va="center", ha="left", fontsize=8.4, color=ORANGE)


def _alt(rows: Sequence[ClassRow], lang: str) -> str:
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    said = []
    for row in rows:
        if not row.given:
            said.append(f"{row.label}{colon}{row.reason}")
            continue
        parts = [one.said for one in row.given]
        if row.final is not None:
            parts.append(f"{say('workshop_papers.class.finally', lang=lang)} {100 * row.final:.0f}%")
        if row.discuss:
            parts.append(say("workshop_papers.class.discuss", lang=lang))
        said.append(row.label + colon + comma.join(parts))
    return stop.join(said)
