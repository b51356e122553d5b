"""Importance against satisfaction by kind of service: intervals both ways, the middle of both marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govlab.language import say
from govlab.plots.style import BLUE, HAIR, INK, SOFT, Figure, canvas, house_style, picture

Ends = tuple[float, float]
# Shapes and fills tell the points apart without colour.
MARKS = (("o", BLUE), ("s", "white"), ("^", INK), ("D", "white"), ("v", BLUE), ("P", INK))


@dataclass(frozen=True)
class Service:
    """A point of the figure: a kind of service, its two means and their intervals, None for none.

    reason: why the point is withheld; the means are then not looked at.
    """

    label: str
    importance: float | None
    satisfaction: float | None
    importance_ends: Ends | None = None
    satisfaction_ends: Ends | None = None
    reason: str = ""

    @property
    def shown(self) -> bool:
        """Whether there is a point to draw."""
        return not self.reason and self.importance is not None and self.satisfaction is not None


def importance_performance(
    kinds: Sequence[Service], *, lang: str, caption: str, note: str = "", digits: int = 2
) -> Figure:
    """Satisfaction to the right, importance upward; dashed lines at the mean of either over the kinds shown.

    Upper left of the crossing: matters more than the others and satisfies less (Martilla & James 1977).
    ValueError if no kind has both means.
    """
    held = [kind for kind in kinds if kind.shown]
    if not held:
        raise ValueError("kinds: none has both means")
    x = [float(kind.satisfaction or 0.0) for kind in held]
    y = [float(kind.importance or 0.0) for kind in held]
    with house_style():
        sheet, axes = canvas(3.9, left=0.1, right=0.97)
        sheet.subplots_adjust(bottom=0.14, top=0.97)
        for values, draw in ((x, axes.axvline), (y, axes.axhline)):
            draw(sum(values) / len(values), color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
        for place, kind in enumerate(held):
            mark, fill = MARKS[place % len(MARKS)]
            across, up = kind.satisfaction_ends, kind.importance_ends
            if across is not None:
                axes.hlines(y[place], *across, color=INK, linewidth=1.3)
            if up is not None:
                axes.vlines(x[place], *up, color=INK, linewidth=1.3)
            axes.plot(x[place], y[place], mark, markersize=8, markerfacecolor=fill, markeredgecolor=INK)
            axes.annotate(
                kind.label, (x[place], y[place]), xytext=(8, 8), textcoords="offset points", fontsize=8.8
            )
        axes.margins(0.18)
        axes.set_xlabel(say("plots.satisfaction", lang=lang))
        axes.set_ylabel(say("plots.importance", lang=lang))
        axes.grid(color=HAIR, linewidth=0.5)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        png = picture(sheet)
    return Figure(png, caption, _alt(kinds, lang, digits), lang, note)


def _alt(kinds: Sequence[Service], lang: str, digits: int) -> str:
    colon, comma, stop = ("：", "，", "；") if lang == "zh" else (": ", ", ", "; ")
    said = []
    for kind in kinds:
        if not kind.shown:
            said.append(f"{kind.label}{colon}{kind.reason or '*'}")
            continue
        parts = []
        for key, value, ends in (
            ("plots.importance", kind.importance, kind.importance_ends),
            ("plots.satisfaction", kind.satisfaction, kind.satisfaction_ends),
        ):
            reach = "" if ends is None else f" [{ends[0]:.{digits}f}{comma}{ends[1]:.{digits}f}]"
            parts.append(f"{say(key, lang=lang)} {value:.{digits}f}{reach}")
        said.append(kind.label + colon + comma.join(parts))
    return stop.join(said)
