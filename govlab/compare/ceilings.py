"""Ceilings over a scatter whose upper left corner may be empty: the arithmetic of necessity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Scope = tuple[float, float, float, float]  # x from, to; y from, to


@dataclass(frozen=True, eq=False)
class Ceiling:
    """A ceiling. CE-FDH is a step through ``peers``, CR-FDH the least squares line through them.

    peers: (k, 2) highest cases from left to right, each higher than all before. effect: empty share of the
    scope. accuracy: share of cases on or below. slope, intercept: of the line, NaN for the step.
    inefficiency: shares of the condition's and of the outcome's range where nothing is constrained.
    reason: why there is no line.
    """

    kind: str
    peers: Floats
    effect: float
    accuracy: float
    slope: float
    intercept: float
    inefficiency: tuple[float, float]
    reason: str = ""

    @property
    def complexity(self) -> int:
        """Number of peers a step needs; 1 for a line."""
        return len(self.peers) if self.kind == "ce-fdh" else 1

    def path(self, scope: Scope) -> tuple[Floats, Floats]:
        """Corners of the ceiling inside the scope, from left to right."""
        x0, x1, y0, y1 = scope
        if self.kind == "ce-fdh":
            ends = np.append(self.peers[1:, 0], x1)
            x = np.stack([self.peers[:, 0], ends], axis=1).ravel()
            y = np.repeat(self.peers[:, 1], 2)
            return np.concatenate([[self.peers[0, 0]], x]), np.concatenate([[y0], y])
        if self.reason:
            return np.zeros(0), np.zeros(0)
        left = max(x0, (y0 - self.intercept) / self.slope)
        right = min(x1, (y1 - self.intercept) / self.slope)
        x = np.array([left, right])
        return x, self.intercept + self.slope * x

    def required(self, levels: Floats, scope: Scope) -> tuple[Floats, tuple[str, ...]]:
        """(s,) smallest x that the ceiling allows each level of y at; NaN and the reason where none."""
        x0, x1, y0, y1 = scope
        slack = 1e-9 * (y1 - y0)  # levels are computed: a level that is a peer's height must find it
        if self.kind == "ce-fdh":
            place = np.searchsorted(self.peers[:, 1], levels - slack)
            need = np.append(self.peers[:, 0], np.inf)[place]
            need = np.where(levels <= y0 + slack, x0, need)
        elif self.reason:
            need = np.full(len(levels), x0)
        else:
            need = (levels - self.intercept) / self.slope
        free, beyond = need <= x0 + 1e-12 * (x1 - x0), need > x1 + 1e-12 * (x1 - x0)
        words = np.where(free, "not-necessary", np.where(beyond, "not-attained", ""))
        return np.where(free | beyond, np.nan, need), tuple(str(one) for one in words)


def oriented(corner: str) -> tuple[int, int]:
    """Signs for x and y that turn the named corner into the upper left one."""
    return (1 if corner.endswith("left") else -1), (1 if corner.startswith("upper") else -1)


def ceiling(x: Floats, y: Floats, scope: Scope, kind: str) -> Ceiling:
    """The ceiling over (n,) x and y: kind ``ce-fdh`` or ``cr-fdh``; x and y must vary."""
    x0, x1, y0, y1 = scope
    peers = _peers(x, y)
    if kind == "ce-fdh":
        effect = _step_zone(peers, scope) / ((x1 - x0) * (y1 - y0))
        unused = ((x1 - peers[-1, 0]) / (x1 - x0), (peers[0, 1] - y0) / (y1 - y0))
        return Ceiling(kind, peers, effect, 1.0, np.nan, np.nan, unused)
    if len(peers) < 2:
        # The highest case is also the furthest left: nothing is empty, and no line can be drawn.
        return Ceiling(kind, peers, 0.0, 1.0, np.nan, np.nan, (1.0, 1.0), "one-peer")
    centre = peers - peers.mean(axis=0)
    slope = float(centre[:, 0] @ centre[:, 1] / (centre[:, 0] @ centre[:, 0]))
    intercept = float(peers[:, 1].mean() - slope * peers[:, 0].mean())
    zone = float(_line_zone(np.array([slope]), np.array([intercept]), scope)[0])
    inside = y <= intercept + slope * x + 1e-9 * (y1 - y0)
    left, right = intercept + slope * x0, (y1 - intercept) / slope
    unused = (min(1.0, max(0.0, (x1 - right) / (x1 - x0))), min(1.0, max(0.0, (left - y0) / (y1 - y0))))
    return Ceiling(
        kind, peers, zone / ((x1 - x0) * (y1 - y0)), float(inside.mean()), slope, intercept, unused
    )


def effects(x: Floats, many: Floats, scope: Scope) -> dict[str, Floats]:
    """Effect sizes for many outcomes at once: x (n,), many (draws, n) -> (draws,) by kind."""
    x0, x1, y0, y1 = scope
    area = (x1 - x0) * (y1 - y0)
    order = np.argsort(x, kind="stable")
    at, first = np.unique(x[order], return_index=True)
    highest = np.maximum.accumulate(np.maximum.reduceat(many[:, order], first, axis=1), axis=1)
    step = (y1 - highest) @ np.append(np.diff(at), x1 - at[-1]) + (at[0] - x0) * (y1 - y0)
    peer = np.ones(highest.shape)
    peer[:, 1:] = highest[:, 1:] > highest[:, :-1]
    count = peer.sum(axis=1)
    mean_x, mean_y = peer @ at / count, (peer * highest).sum(axis=1) / count
    across = (at - mean_x[:, None]) * peer
    one = count < 2
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(
            one, 1.0, (across * (highest - mean_y[:, None])).sum(axis=1) / (across**2).sum(axis=1)
        )
    line = _line_zone(slope, mean_y - slope * mean_x, scope)
    return {"ce-fdh": step / area, "cr-fdh": np.where(one, 0.0, line) / area}


def _peers(x: Floats, y: Floats) -> Floats:
    order = np.lexsort((-y, x))
    x, y = x[order], y[order]
    above = np.append(True, y[1:] > np.maximum.accumulate(y)[:-1])
    return np.stack([x[above], y[above]], axis=1)


def _step_zone(peers: Floats, scope: Scope) -> float:
    x0, x1, y0, y1 = scope
    widths = np.diff(np.append(peers[:, 0], x1))
    return float(widths @ (y1 - peers[:, 1]) + (peers[0, 0] - x0) * (y1 - y0))


def _line_zone(slope: Floats, intercept: Floats, scope: Scope) -> Floats:
    """Area of the scope above rising lines."""
    x0, x1, y0, y1 = scope
    # Between where the line enters at the bottom and leaves at the top; left of it all is empty.
    left = np.clip((y0 - intercept) / slope, x0, x1)
    right = np.clip((y1 - intercept) / slope, x0, x1)
    middle = (right - left) * (y1 - intercept - slope * (left + right) / 2)
    return np.asarray((left - x0) * (y1 - y0) + middle, dtype=np.float64)
