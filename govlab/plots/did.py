"""Figures of differences in differences: event study, synthetic control, distribution over assignments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

from govlab.language import say
from govlab.plots.style import (
    BLUE,
    HAIR,
    INK,
    ORANGE,
    REST,
    SOFT,
    Figure,
    canvas,
    house_style,
    picture,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from govlab.compare.did import Randomisation, SyntheticControl
    from govlab.compare.did.event import EventStudy

Ends = tuple[float, float]
_BINS = 36


@dataclass(frozen=True)
class Moment:
    """A period of an event study. estimate None: the base, which is 0 by itself.

    inner: interval for the units that were watched; outer: for others like them. None for what does not
    exist. before: whether the period lies before the beginning.
    """

    label: str
    estimate: float | None
    inner: Ends | None = None
    outer: Ends | None = None
    before: bool = False


def moments(study: EventStudy) -> tuple[Moment, ...]:
    """An event study as moments, by event time: inner intervals hold one by one, outer ones all at once."""
    found = []
    for row in study.to_frame().to_dict("records"):
        place = int(row["event_time"])
        label = _signed(place, 0) if place else "0"
        if row["reason"] == "base":
            found.append(Moment(label, None, before=True))
            continue
        inner, outer = (_ends(row, name) for name in ("conf", "band"))
        found.append(Moment(label, float(row["estimate"]), inner, outer, before=place < 0))
    return tuple(found)


def _ends(row: dict[Any, Any], name: str) -> Ends | None:
    low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
    return None if isnan(low) or isnan(high) else (low, high)


def event_study(
    moments: Sequence[Moment],
    *,
    lang: str,
    caption: str,
    note: str = "",
    wedge: float | None = None,
    digits: int = 2,
) -> Figure:
    """Differences by period against the last one before the beginning, with two intervals each.

    wedge: the smallest divergence a period that the periods before would have shown; the grey wedge holds
    what would have gone unseen. ValueError without exactly one base and something after it.
    """
    bases = [place for place, one in enumerate(moments) if one.estimate is None]
    if len(bases) != 1 or bases[0] == len(moments) - 1:
        raise ValueError("moments: needs one base (estimate None) and a period after it")
    base, last = bases[0], len(moments) - 1
    with house_style():
        sheet, axes = _open(3.0)
        if wedge is not None:
            x = [-base, 0, last - base]
            ends = [abs(wedge * one) for one in x]
            axes.fill_between(
                [one + base for one in x], [-one for one in ends], ends, color="#eceff3", linewidth=0
            )
        axes.axhline(0, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.axvline(base + 0.5, color=ORANGE, linewidth=1.0)
        for place, one in enumerate(moments):
            _moment(axes, place, one)
        axes.set_xlim(-0.5, last + 0.5)
        low, high = axes.get_ylim()
        axes.set_ylim(low, high + 0.16 * (high - low))
        axes.text(
            base + 0.53, high + 0.1 * (high - low), say("did.plot.begins", lang=lang), fontsize=8.2,
            color=ORANGE, va="center",
        )  # fmt: skip
        axes.set_xticks(range(len(moments)), [one.label for one in moments])
        axes.set_ylabel(say("did.plot.difference", lang=lang), fontsize=8.6)
        png = picture(sheet)
    return Figure(png, caption, _moments_alt(moments, lang, digits), lang, note)


def _moment(axes: Axes, place: int, one: Moment) -> None:
    if one.estimate is None:
        axes.plot(place, 0, "D", markersize=5, markerfacecolor="white", markeredgecolor=INK)
        return
    colour = SOFT if one.before else BLUE
    if one.outer is not None:
        axes.vlines(place, *one.outer, color=colour, linewidth=1.1)
        for end in one.outer:
            axes.plot([place - 0.05, place + 0.05], [end, end], color=colour, linewidth=1.1)
    if one.inner is not None:
        axes.vlines(place, *one.inner, color=colour, linewidth=5, alpha=0.4)
    axes.plot(place, one.estimate, "s" if one.before else "o", markersize=5.5, color=colour)


def _moments_alt(moments: Sequence[Moment], lang: str, digits: int) -> str:
    comma, stop = ("，", "；") if lang == "zh" else (", ", "; ")
    said = []
    for one in moments:
        if one.estimate is None:
            said.append(f"{one.label} {say('did.plot.base', lang=lang)}")
            continue
        text = f"{one.label} {_signed(one.estimate, digits)}"
        for ends in (one.inner, one.outer):
            if ends is not None:
                text += f" [{comma.join(_signed(end, digits) for end in ends)}]"
        said.append(text)
    return stop.join(said)


def synthetic_path(
    result: SyntheticControl,
    periods: Sequence[str],
    *,
    name: str,
    lang: str,
    caption: str,
    note: str = "",
    donors: bool = True,
    digits: int = 2,
) -> Figure:
    """The treated unit beside its synthetic control; thin grey lines are placebo gaps put on its path.

    periods: printed names, one each. name: of the unit. Where other weights fit as well, a bar shows how far
    the synthetic control could lie. ValueError for periods that do not fit.
    """
    path = result.path
    if len(periods) != len(path):
        raise ValueError(f"periods: {len(path)} names are needed, got {len(periods)}")
    begins = int(path["after"].to_numpy().argmax())
    x = list(range(len(path)))
    with house_style():
        sheet, axes = _open(3.0, right=0.78)
        if donors:
            for gap in result.placebos:
                axes.plot(x, path["synthetic"] + gap, color=REST, linewidth=0.9, zorder=1)
        axes.axvline(begins - 0.5, color=ORANGE, linewidth=1.0)
        axes.plot(x, path["synthetic"], color=SOFT, linestyle=(0, (5, 2)), marker="s", markersize=4)
        axes.plot(x, path["treated"], color=BLUE, marker="o", markersize=5, linewidth=1.8)
        if not result.unique:
            low = path["treated"] - path["gap_high"]
            high = path["treated"] - path["gap_low"]
            axes.vlines(x[begins:], low[begins:], high[begins:], color=SOFT, linewidth=5, alpha=0.35)
        _, high = axes.get_ylim()
        axes.text(
            begins - 0.47, high, say("did.plot.begins", lang=lang), fontsize=8.2, color=ORANGE, va="top"
        )
        ends = [(float(path["treated"].iloc[-1]), name), (float(path["synthetic"].iloc[-1]),
                say("did.plot.synthetic", lang=lang))]  # fmt: skip
        _end_labels(axes, len(x) - 1, ends)
        axes.set_xlim(-0.25, len(x) - 0.75)
        axes.set_xticks(x, list(periods))
        png = picture(sheet)
    comma, stop = ("，", "；") if lang == "zh" else (", ", "; ")
    rows = path.to_dict("records")
    said = [
        f"{label} {name} {row['treated']:.{digits}f}{comma}{say('did.plot.synthetic', lang=lang)} "
        f"{row['synthetic']:.{digits}f}"
        for label, row in zip(periods, rows, strict=True)
    ]
    return Figure(png, caption, stop.join(said), lang, note)


def _end_labels(axes: Axes, x: int, ends: Sequence[tuple[float, str]]) -> None:
    """Names at the ends of lines, moved apart where they would touch."""
    low, high = axes.get_ylim()
    gap = 0.075 * (high - low)
    placed: list[float] = []
    for value, text in sorted(ends):
        y = value if not placed else max(value, placed[-1] + gap)
        placed.append(y)
        axes.text(x + 0.1, y, text, fontsize=8.6, color=INK, va="center")


def permutations(
    result: Randomisation, *, lang: str, caption: str, note: str = "", digits: int = 2
) -> Figure:
    """Every assignment's estimate as a histogram; those at least as large as the observed one are dark."""
    import numpy as np

    values = result.statistics
    slack = 1e-10 * max(1.0, float(np.abs(values).max()))
    reach = float(np.abs(values).max()) * 1.02 or 1.0
    edges = np.linspace(-reach, reach, min(_BINS, max(8, len(values) // 3)) + 1)
    extreme = np.abs(values) >= abs(result.observed) - slack
    rest = np.histogram(values[~extreme], edges)[0]
    dark = np.histogram(values[extreme], edges)[0]
    with house_style():
        sheet, axes = _open(2.5)
        width = edges[1] - edges[0]
        axes.bar(edges[:-1], rest, width, align="edge", color=REST, edgecolor="white", linewidth=0.6)
        axes.bar(
            edges[:-1], dark, width, bottom=rest, align="edge", color=BLUE, edgecolor="white", linewidth=0.6
        )
        top = float((rest + dark).max())
        axes.plot([result.observed] * 2, [0, 1.12 * top], color=ORANGE, linewidth=1.4)
        text = f"{say('did.plot.observed', lang=lang)} {_signed(result.observed, digits)}"
        # The label stands on the side that has more room.
        side = -1 if result.observed > 0 else 1
        axes.text(
            result.observed + side * 0.015 * reach, 1.12 * top, text, fontsize=8.6, color=INK, va="center",
            ha="right" if side < 0 else "left",
        )  # fmt: skip
        axes.set_xlim(-reach, reach)
        axes.set_ylim(0, 1.22 * top)
        axes.set_ylabel(say("did.plot.assignments", lang=lang), fontsize=8.6)
        png = picture(sheet)
    values_of = {
        "n": len(values),
        "extreme": int(extreme.sum()),
        "observed": _signed(result.observed, digits),
    }
    return Figure(png, caption, say("did.plot.permutations_alt", values_of, lang=lang), lang, note)


def _open(height: float, right: float = 0.97) -> tuple[Any, Axes]:
    sheet, axes = canvas(height, left=0.1, right=right)
    sheet.subplots_adjust(bottom=0.32 / height, top=1 - 0.1 / height)
    axes.grid(axis="y", color=HAIR, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    return sheet, axes


def _signed(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", "−")
