"""Covers of the prime implicant chart: how few terms are enough, and every choice of them up to a cap."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from math import prod
from time import perf_counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Truth = NDArray[np.bool_]
Kind = Literal["fewest", "irredundant"]
SECONDS = 3.0  # for the proof that no smaller cover exists
CELLS = 2_000_000_000  # of charts that the search for all covers may look at
STEP = 100_000  # cells that a step costs at least
SMALL = 1_000  # cells of a chart that is searched without prices
SLACK = 1e-4  # of prices, kept in single precision


@dataclass
class Budget:
    """What one minimisation may still spend on proofs (seconds) and on the search for all models (cells)."""

    seconds: float = SECONDS
    cells: int = CELLS


@dataclass(frozen=True, eq=False)
class Covers:
    """covers: sets of columns, at most the cap. count: how many there are in all, None if the search stopped.

    size: columns of a smallest cover; proven: whether there is surely no smaller one.
    """

    covers: tuple[tuple[int, ...], ...]
    count: int | None
    size: int
    proven: bool


def all_covers(chart: Truth, kind: Kind, most: int, budget: Budget | None = None) -> Covers:
    """Every cover of the rows of ``chart`` (r, t) with the fewest columns, or without a needless one.

    Every row must have a column. Columns that cover the same rows stand for each other and are told
    apart only when covers are written out, so that a thousand of them cost no more than one. budget: is
    drawn on; where it runs out, what was found so far is returned and marked so.
    """
    budget = budget or Budget()
    packed, first, group = np.unique(chart, axis=1, return_index=True, return_inverse=True)
    members: list[list[int]] = [[] for _ in first]
    for column, own in enumerate(group.reshape(-1)):
        members[own].append(column)
    size, proven, best = smallest(packed, budget)
    search = _Search(packed, kind, size, [len(one) for one in members], most, budget)
    search.run()
    chosen = search.found or [best]
    covers: list[tuple[int, ...]] = []
    for classes in chosen:
        written = product(*(members[one] for one in classes))
        covers.extend(tuple(sorted(one)) for one in islice(written, most - len(covers)))
        if len(covers) >= most:
            break
    return Covers(tuple(covers), None if search.stopped else search.count, len(covers[0]), proven)


def smallest(chart: Truth, budget: Budget) -> tuple[int, bool, tuple[int, ...]]:
    """Size of a smallest cover, whether that is proven, and one such cover.

    Greedy where a bound proves it; else by HiGHS (Huangfu & Hall 2018, Math. Prog. Comp. 10, 119-142).
    """
    greedy = _greedy(chart)
    if len(greedy) <= _bound(chart):
        return len(greedy), True, greedy
    from scipy.optimize import Bounds, LinearConstraint, milp

    began = perf_counter()
    columns = _undominated(chart)
    part = chart[:, columns].astype(np.float64)
    done = milp(
        np.ones(part.shape[1]),
        constraints=LinearConstraint(part, lb=1),
        integrality=np.ones(part.shape[1]),
        bounds=Bounds(0, 1),
        options={"time_limit": max(0.2, budget.seconds)},
    )
    budget.seconds -= perf_counter() - began
    if done.x is None:
        return len(greedy), False, greedy
    chosen = tuple(int(one) for one in columns[done.x > 0.5])
    if len(chosen) >= len(greedy):
        chosen = greedy
    lowest = done.mip_dual_bound
    proven = done.status == 0 or (lowest is not None and lowest > len(chosen) - 1 + 1e-6)
    return len(chosen), bool(proven), chosen


def _greedy(chart: Truth) -> tuple[int, ...]:
    left = np.ones(len(chart), dtype=bool)
    chosen: list[int] = []
    numbers = chart.astype(np.int32)
    while left.any():
        best = int((left @ numbers).argmax())
        chosen.append(best)
        left &= ~chart[:, best]
    for one in list(chosen):
        rest = [other for other in chosen if other != one]
        if rest and chart[:, rest].any(axis=1).all():
            chosen = rest
    return tuple(sorted(chosen))


def _bound(chart: Truth) -> int:
    """Rows of which no two share a column need a column each."""
    found, used = 0, np.zeros(chart.shape[1], dtype=bool)
    for row in np.argsort(chart.sum(axis=1), kind="stable"):
        if not (chart[row] & used).any():
            found += 1
            used |= chart[row]
    return found


def _undominated(chart: Truth) -> NDArray[np.int64]:
    """Columns whose rows are not all covered by another column."""
    order = np.argsort(-chart.sum(axis=0), kind="stable")
    numbers = chart.T.astype(np.float32)
    held = np.empty_like(numbers)
    kept: list[int] = []
    for column in order:
        own = numbers[column]
        if not (held[: len(kept)] @ own >= own.sum()).any():
            held[len(kept)] = own
            kept.append(int(column))
    return np.array(sorted(kept), dtype=np.int64)


def prices(chart: Truth) -> NDArray[np.float64]:
    """(r,) the dual prices of the linear relaxation: no column is worth more than 1.

    Rows that are still open then need at least the sum of their prices in columns.
    """
    from scipy.optimize import linprog

    part = chart[:, _undominated(chart)].astype(np.float64)
    done = linprog(np.ones(part.shape[1]), A_ub=-part, b_ub=-np.ones(len(part)), method="highs")
    if done.status != 0:
        return np.zeros(len(chart))
    found = np.maximum(-done.ineqlin.marginals, 0.0)
    worth = float((found @ part).max())
    scaled: NDArray[np.float64] = found / max(worth, 1.0)
    return scaled


class _Search:
    """Walks through all covers: always at the open row with the fewest columns left.

    Of a row's columns the first is taken, or the first is ruled out and the second taken, and so on: no
    cover comes twice.
    """

    def __init__(
        self, chart: Truth, kind: Kind, size: int, weights: list[int], most: int, budget: Budget
    ) -> None:
        self.chart = chart
        self.fewest = kind == "fewest"
        self.size, self.weights, self.most, self.budget = size, weights, most, budget
        large = self.fewest and chart.size > SMALL
        self.price = prices(chart) if large else np.zeros(len(chart))
        self.numbers = chart.astype(np.float32)
        self.found: list[tuple[int, ...]] = []
        self.count, self.listed, self.stopped = 0, 0, False

    def run(self) -> None:
        """Start with nothing chosen; columns too dear for any smallest cover are left out."""
        allowed = np.ones(self.chart.shape[1], dtype=bool)
        if self.fewest:
            allowed = 1 - self.price @ self.numbers <= self.size - self.price.sum() + SLACK
        self._at([], np.ones(len(self.chart), dtype=bool), allowed)

    def _at(self, chosen: list[int], open_: Truth, allowed: Truth) -> None:
        if self.budget.cells <= 0:
            self.stopped = True
            return
        if not open_.any():
            self._keep(chosen)
            return
        rest = self.size - len(chosen)
        self.budget.cells -= max(self.chart.size, STEP)
        if self.fewest:
            price = self.price * open_
            needed = price.sum()
            if rest < 1 or needed > rest + SLACK:
                return
            if rest == 1:
                for one in np.flatnonzero(allowed & self.chart[open_].all(axis=0)):
                    self._keep([*chosen, int(one)])
                return
            # a column pays for what it leaves open
            allowed = allowed & (1 - price.astype(np.float32) @ self.numbers <= rest - needed + SLACK)
        ways = np.where(open_, self.numbers @ allowed.astype(np.float32), np.inf)
        row = int(ways.argmin())
        candidates = np.flatnonzero(self.chart[row] & allowed)
        for one in candidates:
            allowed = allowed.copy()
            allowed[one] = False
            taken = [*chosen, int(one)]
            if self.fewest or self._all_needed(taken):
                self._at(taken, open_ & ~self.chart[:, one], allowed)
            if self.stopped:
                return

    def _all_needed(self, chosen: list[int]) -> bool:
        part = self.chart[:, chosen]
        alone = part[part.sum(axis=1) == 1]
        return bool(alone.any(axis=0).all())

    def _keep(self, chosen: list[int]) -> None:
        if self.fewest and len(chosen) < self.size:  # the size was not proven, and there is a smaller one
            self.size, self.count, self.listed, self.found = len(chosen), 0, 0, []
        ways = prod(self.weights[one] for one in chosen)
        self.count += ways
        if self.listed < self.most:
            self.found.append(tuple(sorted(chosen)))
            self.listed += ways
