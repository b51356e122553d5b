"""Which further cells have to be hidden so that none of the hidden ones can be worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from govlab.disclosure.bounds import Knowledge, Part, extremes, knowledge
from govlab.disclosure.margins import Codes
from govlab.disclosure.system import Floats, System, Truth

_MOVES = 1e-6
_WORLDS = 500  # possible worlds kept for later trials


@dataclass(frozen=True, eq=False)
class Problem:
    """What to hide: cells that must be (C,), what each other one costs (C,), and rows shown whole or not.

    guarded: (C,) cells whose count is kept back when they are hidden; of others only the results are.
    bundle: (C,) number of the row of shares a cell belongs to that shows all or none, -1 for none.
    width: how far apart the smallest and the largest possible count of a hidden cell must lie.
    """

    system: System
    must: Truth
    guarded: Truth
    cost: Floats
    bundle: Codes
    width: float


def hide(problem: Problem) -> Truth:
    """(C,) the cells to hide, so that each hidden one can have counts ``width`` apart.

    Cell by cell, the cheapest way to let a count move without moving anything published is a linear
    programme; what moves with it gets hidden too (Kelly, Golden & Assad 1992). Afterwards every
    complement that proves unnecessary is shown again, the dearest first.
    """
    hidden = _close(problem, problem.must.copy())
    if not hidden.any():
        return hidden
    seen = _Seen(problem.system.sizes)
    return _spare(problem, _protect(problem, hidden, seen), seen)


class _Seen:
    """Worlds looked at so far that agree with what is shown: how far each cell moves in them."""

    def __init__(self, sizes: Floats) -> None:
        self.sizes = sizes
        self.low, self.high = sizes.copy(), sizes.copy()
        self.worlds: list[Floats] = []

    def add(self, system: System, atoms: Codes, values: Floats) -> None:
        """Remember a world: these counts of atoms, the others as they are."""
        moved = np.zeros(len(system.counts))
        moved[atoms] = values - system.counts[atoms]
        self._keep((system.cells @ moved).astype(np.float32))

    def _keep(self, change: Floats) -> None:
        np.minimum(self.low, self.sizes + change, out=self.low)
        np.maximum(self.high, self.sizes + change, out=self.high)
        self.worlds.append(change)
        del self.worlds[:-_WORLDS]

    def spread(self, cell: int) -> float:
        """How far apart the counts of a cell lie in these worlds."""
        return float(self.high[cell] - self.low[cell])

    def without(self, cells: Sequence[int]) -> _Seen:
        """Those worlds in which some cells do not move: they still agree when these are shown."""
        found = _Seen(self.sizes)
        for change in self.worlds:
            if not change[list(cells)].any():
                found._keep(change)
        return found


def _close(problem: Problem, hidden: Truth) -> Truth:
    """Rows that show all or none: one hidden cell hides the others."""
    open_ = problem.bundle[hidden & (problem.bundle >= 0)]
    return hidden | (np.isin(problem.bundle, open_) & (problem.bundle >= 0))


def _protect(problem: Problem, hidden: Truth, seen: _Seen) -> Truth:
    """Hide more until every hidden cell is safe: in each round one cell of every part of each table."""
    system = problem.system
    while True:
        known = knowledge(system, hidden)
        unsafe = [cell for cell in _order(problem, hidden) if not _safe(problem, known, cell, seen)]
        if not unsafe:
            return hidden
        more = _near(problem, hidden, unsafe, seen)
        if not more.any():
            more = _anywhere(problem, hidden, unsafe[0], seen)
        hidden = _close(problem, hidden | more)


def _order(problem: Problem, hidden: Truth) -> list[int]:
    """Rows of respondents before rows of answers, small cells before large ones."""
    cells = np.flatnonzero(hidden & problem.guarded)
    shares = np.array([problem.system.tables[one].shares for one in problem.system.table[cells]], dtype=bool)
    return [int(one) for one in cells[np.lexsort((problem.system.sizes[cells], shares))]]


def _safe(problem: Problem, known: Knowledge, cell: int, seen: _Seen) -> bool:
    """Whether the counts a cell could have lie far enough apart."""
    if seen.spread(cell) >= problem.width:
        return True
    for atoms, values in extremes(problem.system, known, cell):
        seen.add(problem.system, atoms, values)
        if seen.spread(cell) >= problem.width:
            return True
    return False


def _near(problem: Problem, hidden: Truth, unsafe: Sequence[int], seen: _Seen) -> Truth:
    """(C,) complements within the tables of the unsafe cells, for one cell of each part of a table."""
    system = problem.system
    found = np.zeros(len(hidden), dtype=bool)
    for table in dict.fromkeys(int(system.table[cell]) for cell in unsafe):
        same = system.table == table
        known = knowledge(system, hidden | same)
        done: set[int] = set()
        for cell in unsafe:
            parts = known.parts_of(system, cell) if system.table[cell] == table else []
            if len(parts) != 1 or parts[0] in done:
                continue
            worlds = _move(problem, ~hidden & same, cell, problem.width, known.take(parts[0]))
            if worlds is not None:
                done.add(parts[0])
                found |= _moved(problem, hidden, worlds, seen)
    return found


def _anywhere(problem: Problem, hidden: Truth, cell: int, seen: _Seen) -> Truth:
    """(C,) complements of one cell among all cells."""
    everything = Part(np.arange(len(problem.system.counts)), problem.system.links)
    apart = problem.width
    for _ in range(20):
        worlds = _move(problem, ~hidden, cell, apart, everything)
        assert worlds is not None, "a count can always grow when everything moves with it"
        found = _moved(problem, hidden, worlds, seen)
        if found.any():
            return found
        apart *= 2  # parts of a count could lie that far apart, whole ones cannot: ask for more
    raise AssertionError("a count can always grow when everything moves with it")


def _moved(problem: Problem, hidden: Truth, worlds: Floats, seen: _Seen) -> Truth:
    """(C,) shown cells that differ between the truth and two changes of it (2, A)."""
    system = problem.system
    found = np.zeros(len(hidden), dtype=bool)
    for moved in worlds:
        if np.abs(moved - np.round(moved)).max(initial=0.0) < _MOVES:
            seen.add(system, np.arange(len(moved)), system.counts + np.round(moved))
        found |= np.abs(system.cells @ moved) > _MOVES
    return found & ~hidden


def _move(problem: Problem, free: Truth, cell: int, apart: float, part: Part) -> Floats | None:
    """(2, A) two changes of a part's counts, a cell ``apart`` between them, at the least cost; None: none.

    free: (C,) shown cells that may change, at their cost.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import block_array, csr_array, eye_array

    system, size = problem.system, len(part.atoms)
    cells = system.cells[:, part.atoms]
    priced = np.flatnonzero(free & (np.diff(cells.indptr) > 0))
    own = cells[[cell]]
    rows, moves, unit = part.rows, cells[priced], eye_array(len(priced), format="csr")
    none = csr_array((rows.shape[0], len(priced)))
    # the change of a shown cell is at most t one way or the other, and t costs
    table = block_array(
        [
            [rows, None, none],
            [None, rows, none],
            [own, -own, None],
            [moves, None, -unit],
            [-moves, None, -unit],
            [None, moves, -unit],
            [None, -moves, -unit],
        ],
        format="csr",
    )
    equal = 2 * rows.shape[0] + 1
    high = np.zeros(table.shape[0])
    high[equal - 1] = apart
    low = high.copy()
    low[equal:] = -np.inf
    least = np.concatenate([-system.counts[part.atoms]] * 2 + [np.zeros(len(priced))])
    found = milp(
        np.concatenate([np.zeros(2 * size), problem.cost[priced]]),
        bounds=Bounds(least, np.inf),
        constraints=LinearConstraint(table, low, high),
    )
    if found.x is None:
        return None
    worlds = np.zeros((2, len(system.counts)))
    worlds[:, part.atoms] = found.x[: 2 * size].reshape(2, size)
    return worlds


def _spare(problem: Problem, hidden: Truth, seen: _Seen) -> Truth:
    """Show again what need not be hidden, the dearest first; each trial is checked like an attack."""
    kept = _close(problem, problem.must.copy())
    extra = hidden & ~kept
    units: dict[tuple[int, int], list[int]] = {}
    for cell in np.flatnonzero(extra):
        bundle = int(problem.bundle[cell])
        units.setdefault((1, bundle) if bundle >= 0 else (0, int(cell)), []).append(int(cell))
    known = knowledge(problem.system, hidden)
    for cells in sorted(units.values(), key=lambda cells: -float(problem.cost[cells].sum())):
        trial = hidden.copy()
        trial[cells] = False
        touched = np.unique(known.part[problem.system.cells[cells].indices])
        near = np.isin(known.part, touched[touched >= 0])
        reached = problem.system.cells @ near.astype(np.float64) > 0
        affected = np.flatnonzero(trial & problem.guarded & reached)
        after = knowledge(problem.system, trial)
        still = seen.without(cells)
        if all(_safe(problem, after, int(cell), still) for cell in affected):
            hidden, known, seen = trial, after, still
    return hidden
