"""A scatter with its ceilings: the empty corner is what says that a condition is necessary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govlab.language import say
from govlab.plots.style import BLUE, HAIR, INK, SOFT, Figure, canvas, house_style, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from govlab.compare.necessity import Pair

_NAMED = 40  # cases up to which those on the ceiling get their names


def ceilings(
    pair: Pair, *, x: str, y: str, lang: str, caption: str, note: str = "", named: bool = True
) -> Figure:
    """Cases, the step ceiling (CE-FDH, dashed) and the line (CR-FDH), the empty zone shaded.

    x, y: printed names of condition and outcome. named: write the names of cases on the ceiling where there
    are few. ValueError where the pair has no ceilings.
    """
    import numpy as np

    if not pair.ceilings:
        raise ValueError(f"pair: {pair.not_applicable}")
    x0, x1, y0, y1 = pair.scope
    with house_style():
        sheet, axes = canvas(3.6, left=0.11, right=0.97)
        sheet.subplots_adjust(bottom=0.14, top=0.97)
        step_x, step_y = pair.line("ce-fdh")
        top = y1 if pair.corner.startswith("upper") else y0
        edge = x0 if pair.corner.endswith("left") else x1
        # From the corner of the scope along the step: what no case reaches.
        axes.fill(
            np.concatenate([[edge], [edge], step_x, [step_x[-1]]]),
            np.concatenate([[top], [step_y[0]], step_y, [top]]),
            facecolor="#f1f4f8", edgecolor=HAIR, hatch="///", linewidth=0,
        )  # fmt: skip
        axes.plot(step_x, step_y, color=SOFT, linestyle=(0, (4, 2)), linewidth=1.2)
        _label(axes, step_x, step_y, "CE-FDH", SOFT)
        line_x, line_y = pair.line("cr-fdh")
        if len(line_x):
            axes.plot(line_x, line_y, color=BLUE, linewidth=1.8)
            _label(axes, line_x, line_y, "CR-FDH", BLUE)
        axes.plot(pair.x, pair.y, "o", color=INK, markersize=4, markerfacecolor="white")
        if named and len(pair.x) <= _NAMED:
            _names(axes, pair)
        pad = 0.03
        axes.set_xlim(x0 - pad * (x1 - x0), x1 + pad * (x1 - x0))
        axes.set_ylim(y0 - pad * (y1 - y0), y1 + pad * (y1 - y0))
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        axes.tick_params(length=0)
        png = picture(sheet)
    found = {kind: f"{one.effect:.2f}" for kind, one in pair.ceilings.items()}
    values = {"n": len(pair.x), "x": x, "y": y, "step": found["ce-fdh"], "line": found["cr-fdh"]}
    return Figure(png, caption, say("necessity.plot.alt", values, lang=lang), lang, note)


def _names(axes: Axes, pair: Pair) -> None:
    from govlab.compare.ceilings import oriented

    signs = oriented(pair.corner)
    peers = {(signs[0] * one, signs[1] * two) for one, two in pair.ceilings["ce-fdh"].peers}
    for case, one, two in zip(pair.cases, pair.x, pair.y, strict=True):
        if (one, two) in peers:
            axes.annotate(
                case, (one, two), xytext=(5, -3), textcoords="offset points", fontsize=7.4, color=SOFT,
                va="top",
            )  # fmt: skip


def _label(axes: Axes, x: object, y: object, text: str, colour: str) -> None:
    import numpy as np

    across, up = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    middle = len(across) // 2
    at = (across[middle - 1] + across[middle]) / 2, (up[middle - 1] + up[middle]) / 2
    axes.annotate(
        text, at, xytext=(-6, 5), textcoords="offset points", fontsize=8, color=colour, ha="right",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip
