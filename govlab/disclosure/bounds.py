"""What an attacker can work out: the smallest and largest count each hidden cell can have.

Every published number and every overlap is an equation between unknown counts that are not negative;
the extremes of a hidden cell under them are linear programmes (Dobra & Fienberg 2000; Hundepool et al.
2012, "Statistical Disclosure Control", ch. 4). Counts are whole, so an extreme that is not whole is
looked for again among whole ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from govlab.disclosure.margins import Codes
from govlab.disclosure.system import Floats, System, Truth

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_NEAR = 1e-6
_FAR = 1e4


@dataclass(frozen=True, eq=False)
class Part:
    """Unknown counts that some equations tie together, apart from all others.

    atoms: their places in the system; rows: (r, a) the equations.
    """

    atoms: Codes
    rows: csr_array

    @cached_property
    def alone(self) -> bool:
        """Whether all that is known is one sum of all the counts."""
        rows = self.rows
        if not rows.shape[0] or len(rows.data) != rows.shape[0] * rows.shape[1]:
            return False
        return bool((rows.data == 1).all())


@dataclass(frozen=True, eq=False)
class Knowledge:
    """The system as an attacker sees it: parts that hang together.

    part: (A,) the part of each count, -1 where it is known. rows: equations over the unknown counts,
    ``atoms``; both lie part by part, from ``ends`` and ``row_ends``.
    """

    part: Codes
    atoms: Codes
    rows: csr_array
    ends: Codes
    row_ends: Codes

    def parts_of(self, system: System, cell: int) -> list[int]:
        """The parts in which a cell has unknown counts."""
        found = np.unique(self.part[system.cells[[cell]].indices])
        return [int(one) for one in found if one >= 0]

    def take(self, part: int) -> Part:
        """One part."""
        own = slice(self.ends[part], self.ends[part + 1])
        return Part(self.atoms[own], self.rows[self.row_ends[part] : self.row_ends[part + 1], own])


def knowledge(system: System, hidden: Truth) -> Knowledge:
    """What is left unknown when all cells but the hidden ones are published."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, unknown = _solve(system, _equations(system, hidden))
    atoms = np.flatnonzero(unknown)
    part = np.full(len(unknown), -1, dtype=np.intp)
    pairs = coo_array(rows)
    size = len(atoms) + rows.shape[0]
    graph = coo_array((np.ones(pairs.nnz), (pairs.col, len(atoms) + pairs.row)), (size, size))
    count, label = connected_components(graph, directed=False) if size else (0, part[:0])
    of_atom, of_row = label[: len(atoms)], label[len(atoms) :]
    part[atoms] = of_atom
    order, row_order = np.argsort(of_atom, kind="stable"), np.argsort(of_row, kind="stable")
    numbers = np.arange(count + 1)
    return Knowledge(
        part=part,
        atoms=atoms[order],
        rows=rows[row_order][:, order],
        ends=np.searchsorted(of_atom[order], numbers),
        row_ends=np.searchsorted(of_row[row_order], numbers),
    )


def _equations(system: System, hidden: Truth) -> csr_array:
    """(rows, A) the sums that are known, and the overlaps.

    A sum loses the published cells of one finer table that lie inside it, of the table that leaves
    least: what is left says the same and ties fewer counts together.
    """
    from scipy.sparse import csr_array, vstack

    shown = ~hidden[system.cell]
    size = np.diff(system.rows.indptr)
    covered = np.zeros(len(shown), dtype=np.intp)
    chosen = np.full(len(shown), -1, dtype=np.intp)
    for number, (row, part) in enumerate(system.finer):
        reach = np.bincount(row, weights=size[part] * shown[part], minlength=len(shown)).astype(np.intp)
        better = reach > covered
        covered[better], chosen[better] = reach[better], number
    out, taken = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.intp)]
    for number, (row, part) in enumerate(system.finer):
        use = (chosen[row] == number) & shown[part] & shown[row]
        out.append(row[use])
        taken.append(part[use])
    less_row, less = np.concatenate(out), np.concatenate(taken)
    parts = csr_array((np.ones(len(less)), (less_row, less)), (len(shown), len(shown)))
    published = np.flatnonzero(shown)
    rows = csr_array(system.rows[published] - parts[published] @ system.rows)
    rows.eliminate_zeros()
    # where an overlap is published itself, both sides are known and the link says nothing more
    open_ = (system.link < 0) | hidden[system.link]
    return csr_array(vstack([rows, system.links[np.flatnonzero(open_)]], format="csr"))


def _solve(system: System, rows: csr_array) -> tuple[csr_array, Truth]:
    """Equations between what stays unknown after the plain deductions, and (A,) what does.

    An unknown alone in an equation is known, and so are several that add up to nothing.
    """
    unknown = np.ones(len(system.counts), dtype=bool)
    totals = rows @ system.counts
    signs = abs(rows)
    while True:
        open_ = unknown.astype(np.float64)
        left = signs @ open_
        rest = totals - rows @ np.where(unknown, 0.0, system.counts)
        solved = (left == 1) | ((left > 0) & (rows @ open_ == left) & (np.abs(rest) < _NEAR))
        if not solved.any():
            return rows[np.flatnonzero(left > 0)][:, np.flatnonzero(unknown)], unknown
        unknown[np.unique(signs[np.flatnonzero(solved)].indices)] = False


def extremes(system: System, known: Knowledge, cell: int) -> Iterator[tuple[Codes, Floats]]:
    """Whole counts that agree with all that is published, first with a largest, then with a smallest cell.

    Yields places of atoms and their counts there; nothing where the cell is known. A cell over several
    parts is taken in all of them at once.
    """
    parts = [known.take(one) for one in known.parts_of(system, cell)]
    if not parts:
        return
    row = system.cells[[cell]]
    weights = np.zeros(len(system.counts))
    weights[row.indices] = row.data
    for sign in (-1.0, 1.0):
        values = [_extreme(one, sign * weights[one.atoms], system.counts[one.atoms]) for one in parts]
        yield np.concatenate([one.atoms for one in parts]), np.concatenate(values)


def _extreme(part: Part, objective: Floats, truth: Floats) -> Floats:
    """Counts of a part that make the objective smallest; whole ones."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    total = part.rows @ truth
    if part.alone:  # one sum is known: all of it may lie on any one count
        values = np.zeros(len(truth))
        values[np.argmin(objective)] = total[0]
        return values
    # where nothing limits a count, far more than there are respondents is as good as no limit
    bounds = Bounds(0, float(truth.sum()) + _FAR)
    constraints = LinearConstraint(part.rows, total, total)
    for integrality in (0, 1):
        found = milp(
            objective,
            integrality=np.full(len(objective), integrality),
            bounds=bounds,
            constraints=constraints,
            options={"time_limit": 20.0},
        )
        if found.x is not None and np.abs(found.x - np.round(found.x)).max() < _NEAR:
            return np.asarray(np.round(found.x))
    return truth  # without an answer in time, nothing beyond the truth counts as possible
