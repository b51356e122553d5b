"""The picture of the inventory matcher: needs met and unmet by kind, and lines to those who serve them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from govlab.plots.sheet import Sheet, fitted, words_width
from govlab.plots.style import INK, SOFT, is_dark

if TYPE_CHECKING:
    from govlab.workshop.widgets.matcher_work import Found

# Reasons that are told apart; what is left is "other".
SERIES = ("", "full", "place", "time", "other")
_EDGED = ("time", "other")
_SHADES = ("#163f70", "#5d7fa6", "#b4c2d4", "#f0e6d6", "#ffffff")
_TOP, _ROW, _LEFT, _RIGHT, _FROM, _TO, _END = 26.0, 27.0, 128.0, 352.0, 362.0, 492.0, 668.0
_THICK = 13.0


def drawn(
    found: Found, needs: Mapping[str, str], kinds: Mapping[str, str], names: Mapping[str, str],
    heads: Sequence[str],
) -> Sheet:  # fmt: skip
    """needs, kinds: labels of capabilities and of kinds of actors; names: of the series; heads: two."""
    bottom = _TOP + _ROW * len(needs)
    sheet = Sheet(bottom + 34)
    most = max((sum(one.values()) for one in found.series.values()), default=1) or 1
    unit = (_RIGHT - _LEFT) / most
    heights = {code: _TOP + _ROW * (place + 0.5) for place, code in enumerate(needs)}
    room = (bottom - _TOP) / max(len(kinds), 1)
    ends = {kind: _TOP + room * (place + 0.5) for place, kind in enumerate(kinds)}
    sheet.text(_LEFT, _TOP - 14, heads[0], size=11, colour=SOFT)
    sheet.text(_END, _TOP - 14, heads[1], size=11, colour=SOFT, anchor="end")
    _lines(sheet, found.served, heights, ends)
    for code, label in needs.items():
        y = heights[code]
        sheet.text(0, y, fitted(label, _LEFT - 4, 11), size=11)
        x = _LEFT
        grouped = grouped_by_series(found.series[code])
        for name, shade in zip(SERIES, _SHADES, strict=True):
            count = grouped.get(name, 0)
            if not count:
                continue
            width = unit * count
            edge = SOFT if name in _EDGED else "#ffffff"
            sheet.bar(x, y - 8, width, 16, shade, edge=edge, dashed=name == "time")
            colour = "#ffffff" if is_dark(shade) else INK
            if width > words_width(f"{count}", 10) + 1:
                sheet.text(x + width / 2, y, f"{count}", size=10, colour=colour, anchor="middle")
            x += width
    for kind, label in kinds.items():
        used = sum(amount for (_, one), amount in found.served.items() if one == kind)
        sheet.dot(_TO + 4, ends[kind], 3.4, INK if used else "white", edge=INK)
        words = f"{used:g} / {found.capacity.get(kind, 0):g}"
        sheet.text(_TO + 12, ends[kind], fitted(label, _END - _TO - 56, 11), size=11)
        sheet.text(_END, ends[kind], words, size=11, anchor="end")
    _legend(sheet, [names[one or "met"] for one in SERIES], bottom + 16)
    return sheet


def _lines(
    sheet: Sheet,
    served: Mapping[tuple[str, str], float],
    heights: Mapping[str, float],
    ends: Mapping[str, float],
) -> None:
    """A band for every need and kind of actor, side by side where they leave and where they arrive."""
    scale = _THICK / max(served.values(), default=1.0)
    order = sorted(served, key=lambda one: (heights[one[0]], ends[one[1]]))
    starts = _stacked([(code, scale * served[code, kind]) for code, kind in order], heights)
    arriving = sorted(order, key=lambda one: (ends[one[1]], heights[one[0]]))
    arrived = _stacked([(kind, scale * served[code, kind]) for code, kind in arriving], ends)
    goal = dict(zip(arriving, arrived, strict=True))
    for pair, start in zip(order, starts, strict=True):
        steps = [place / 16 for place in range(17)]
        points = [
            (_FROM + t * (_TO - _FROM), start + (goal[pair] - start) * t * t * (3 - 2 * t)) for t in steps
        ]
        sheet.path(points, "#9db0c8", width=max(1.0, scale * served[pair]))


def _stacked(bands: Sequence[tuple[str, float]], middle: Mapping[str, float]) -> list[float]:
    """Heights of bands that lie on each other around the middle of their node."""
    whole: dict[str, float] = {}
    for node, width in bands:
        whole[node] = whole.get(node, 0.0) + width
    reached = {node: middle[node] - width / 2 for node, width in whole.items()}
    found = []
    for node, width in bands:
        found.append(reached[node] + width / 2)
        reached[node] += width
    return found


def grouped_by_series(counts: Mapping[str, int]) -> dict[str, int]:
    """Needs by reason, reasons that are not told apart put together."""
    found: dict[str, int] = {}
    for reason, count in counts.items():
        name = reason if reason in SERIES else "other"
        found[name] = found.get(name, 0) + count
    return found


def _legend(sheet: Sheet, names: Sequence[str], y: float) -> None:
    x = 0.0
    for words, shade in zip(names, _SHADES, strict=True):
        sheet.bar(x, y - 6, 12, 12, shade, edge=SOFT)
        sheet.text(x + 16, y, words, size=11, colour=SOFT)
        x += words_width(words, 11) + 36
