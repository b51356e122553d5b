"""A map of the life circle: where residents live, what kinds of service they reach, where facilities are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govlab.plots.style import (
    BLUE,
    HAIR,
    INK,
    SOFT,
    Figure,
    canvas,
    house_style,
    legend_rows,
    picture,
    text_width,
)

_MARKS = ("^", "s", "D", "v", "P", "X", "*", "p", "h", "8")
_LIGHT, _DARK = "#e6ebf2", "#0e2a4d"


@dataclass(frozen=True, eq=False)
class Spots:
    """Facilities of one kind: its name and (n, 2) metres."""

    label: str
    at: NDArray[np.float64]


def circle_map(
    at: NDArray[np.float64],
    residents: NDArray[np.float64],
    kinds: NDArray[np.int64],
    spots: Sequence[Spots],
    *,
    lang: str,
    caption: str,
    words: tuple[str, str],
    scale: tuple[float, str],
    note: str = "",
) -> Figure:
    """Points by size (residents) and shade (kinds reached: the darker the more), facilities by mark.

    at: (n, 2) metres. words: what light and dark mean. scale: length of the bar in metres, and its label.
    The picture stands for itself on a page: no tiles are fetched. ValueError without points, or with more
    kinds than marks.
    """
    if not len(at) or len(spots) > len(_MARKS):
        raise ValueError(f"at: at least one point; spots: at most {len(_MARKS)} kinds")
    everything = np.concatenate([at, *(one.at for one in spots)])
    low, high = everything.min(axis=0), everything.max(axis=0)
    span = np.maximum(high - low, 1.0)
    height = float(np.clip(6.1 * span[1] / span[0], 2.2, 6.4))
    most = max(len(spots), int(kinds.max(initial=0)), 1)
    rows = legend_rows([one.label for one in spots])
    below = 0.28 * (len(rows) + 1) + 0.2
    with house_style():
        from matplotlib.colors import LinearSegmentedColormap

        shades = LinearSegmentedColormap.from_list("reach", [_LIGHT, BLUE, _DARK])
        sheet, axes = canvas(height + below, left=0.01, right=0.99)
        sheet.subplots_adjust(top=0.995, bottom=below / (height + below))
        axes.set_xlim(low[0] - 0.03 * span[0], high[0] + 0.03 * span[0])
        axes.set_ylim(low[1] - 0.03 * span[1], high[1] + 0.03 * span[1])
        axes.set_aspect("equal", adjustable="box")
        axes.set_xticks([])
        axes.set_yticks([])
        for side in axes.spines.values():
            side.set_visible(True)
            side.set_color(HAIR)
        size = 8 + 70 * residents / max(float(residents.max()), 1.0)
        axes.scatter(
            at[:, 0], at[:, 1], s=size, c=shades(kinds / most), edgecolors=SOFT, linewidths=0.3, zorder=1
        )
        for one, mark in zip(spots, _MARKS, strict=False):
            axes.scatter(
                one.at[:, 0],
                one.at[:, 1],
                s=46,
                marker=mark,
                facecolors="white",
                edgecolors=INK,
                linewidths=1.2,
                zorder=3,
            )
        _scale_bar(axes, scale)
        _legend(sheet, rows, height + below, below, shades, words, most)
        png = picture(sheet)
    return Figure(png, caption, _alt(residents, kinds, spots, lang), lang, note)


def _scale_bar(axes: object, scale: tuple[float, str]) -> None:
    from matplotlib.axes import Axes

    assert isinstance(axes, Axes)
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    x, y = left + 0.03 * (right - left), bottom + 0.035 * (top - bottom)
    axes.plot([x, x + scale[0]], [y, y], color=INK, linewidth=2.2, solid_capstyle="butt", zorder=4)
    axes.text(
        x, y + 0.012 * (top - bottom), scale[1], fontsize=8, color=INK, va="bottom", ha="left", zorder=4
    )


def _legend(
    sheet: object,
    rows: Sequence[Sequence[str]],
    total: float,
    below: float,
    shades: object,
    words: tuple[str, str],
    most: int,
) -> None:
    from matplotlib.figure import Figure as Canvas

    assert isinstance(sheet, Canvas)
    assert callable(shades)
    axes = sheet.add_axes((0.01, 0.0, 0.98, below / total))
    axes.set_axis_off()
    axes.set_xlim(0, 100)
    axes.set_ylim(len(rows) + 1.25, -0.25)
    number = 0
    for line, labels in enumerate(rows):
        x = 1.0
        for label in labels:
            axes.plot(
                x,
                line + 0.4,
                marker=_MARKS[number],
                markersize=6.5,
                markerfacecolor="white",
                markeredgecolor=INK,
                markeredgewidth=1.1,
            )
            axes.text(x + 1.8, line + 0.4, label, fontsize=8.4, color=SOFT, va="center", ha="left")
            x += 1.08 * text_width(label) + 6
            number += 1
    y = len(rows) + 0.55
    axes.text(0.3, y, words[0], fontsize=8.4, color=SOFT, va="center", ha="left")
    x = 2.2 + 1.08 * text_width(words[0])
    for step in range(most + 1):
        axes.barh(y, 2.6, 0.5, left=x + 2.6 * step, color=shades(step / most), edgecolor=SOFT, linewidth=0.3)
    axes.text(x + 2.6 * (most + 1) + 1.2, y, words[1], fontsize=8.4, color=SOFT, va="center", ha="left")


def _alt(residents: NDArray[np.float64], kinds: NDArray[np.int64], spots: Sequence[Spots], lang: str) -> str:
    comma, colon, stop = ("，", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    reached = comma.join(
        f"{count}{colon}{residents[kinds == count].sum():,.0f}" for count in sorted(set(kinds.tolist()))
    )
    return stop.join([reached, comma.join(f"{one.label} {len(one.at)}" for one in spots)])
