"""Everything published about the same respondents as one system of linear equations.

The unknowns are the counts of a joint table of the respondents. One table of all variables would be far
too large, and is not needed: tables that no published margin links are held apart, in cliques of a
triangulated graph of the variables. Counts of cliques that agree where they overlap extend to a table of
all variables (Lauritzen 1996, ch. 2-4; Dobra & Fienberg 2000), so an attacker knows nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.disclosure.margins import Codes, Table, View
from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]
_MOST_ATOMS = 300_000


@dataclass(frozen=True, eq=False)
class System:
    """Unknown counts and what is said about them.

    counts: (A,) the true counts. rows: (E, A) which counts a sum adds up: the first C are the cells of
    all tables, then the same cells as sums over further cliques that hold them; cell: (E,) of which cell.
    links: (L, A) differences that are zero because two cliques overlap; link: (L,) the cell that both
    sides are, -1 where no table has it. tables: the tables; table: (C,) which one a cell belongs to;
    codes: (C, widest) its codes, -1 beyond its variables. clique: (A,) of each count.
    """

    counts: Floats
    rows: csr_array
    cell: Codes
    links: csr_array
    link: Codes
    tables: tuple[Table, ...]
    table: Codes
    codes: Codes
    clique: Codes

    @cached_property
    def cells(self) -> csr_array:
        """(C, A) which counts each cell of a table adds up."""
        return self.rows[: len(self.table)]

    @cached_property
    def sizes(self) -> Floats:
        """(C,) the true count of every cell."""
        found: Floats = self.cells @ self.counts
        return found

    @cached_property
    def finer(self) -> tuple[tuple[Codes, Codes], ...]:
        """For every two tables of a clique, one finer than the other: rows, and rows that lie inside them."""
        from scipy.sparse import coo_array

        home = self.clique[self.rows.indices[self.rows.indptr[:-1]]]
        group = self.table[self.cell] * (int(home.max(initial=0)) + 1) + home
        members = {int(one): np.flatnonzero(group == one) for one in np.unique(group)}
        order = sorted(members, key=lambda one: (len(members[one]), one))
        sizes = np.diff(self.rows.indptr)
        found = []
        for place, one in enumerate(order):
            for other in order[place + 1 :]:
                if home[members[one][0]] != home[members[other][0]]:
                    continue
                shared = coo_array(self.rows[members[one]] @ self.rows[members[other]].T)
                within = members[other][shared.col]
                inside = shared.data == sizes[within]
                if inside.any():
                    found.append((members[one][shared.row[inside]], within[inside]))
        return tuple(found)


@dataclass(frozen=True, eq=False)
class _Clique:
    """Some variables together: codes (A, k) of the combinations that can be, and the respondents in each."""

    names: tuple[str, ...]
    atoms: Codes
    counts: Floats


def build(view: View) -> System:
    """The system of all tables of a view; InputError where the margins tie too many variables together."""
    from scipy.sparse import csr_array, vstack

    edges = {pair for table in view.tables for pair in combinations(sorted(view.needs(table)), 2)}
    edges |= _nested(view)
    used = sorted({name for table in view.tables for name in view.needs(table)})
    sizes = {name: view.variables[name].size for name in used}
    cliques = [_atoms(view, names) for names in _cliques(used, edges, sizes)]
    starts = np.cumsum([0, *(len(one.counts) for one in cliques)])
    width = int(starts[-1])

    rows: list[csr_array] = []
    copies: list[csr_array] = []
    copy: list[Codes] = [np.zeros(0, dtype=np.intp)]
    codes: list[Codes] = []
    table_of: list[Codes] = []
    tables_at: dict[frozenset[str], tuple[tuple[str, ...], int]] = {}
    cells = 0
    widest = max(len(table.variables) for table in view.tables)
    for number, table in enumerate(view.tables):
        names, needs = table.variables, set(view.needs(table))
        homes = [place for place, one in enumerate(cliques) if needs <= set(one.names)]
        homes.sort(key=lambda place: len(cliques[place].counts))
        for place in homes:
            merge = (table.item, view.group) if table.merged else None
            own, matrix = _sums(cliques[place], names, _answered(view, table, cliques[place]), merge)
            matrix = _shift(matrix, int(starts[place]), width)
            if place == homes[0]:
                rows.append(matrix)
            else:
                copies.append(matrix)
                copy.append(np.arange(cells, cells + len(own)))
        padded = np.full((len(own), widest), -1, dtype=np.intp)
        padded[:, : own.shape[1]] = own
        codes.append(padded)
        table_of.append(np.full(len(own), number, dtype=np.intp))
        if needs == set(names) and not (view.among and table.item):  # a sum over whole cliques
            tables_at.setdefault(frozenset(names), (names, cells))
        cells += len(own)

    links: list[csr_array] = [csr_array((0, width))]
    link: list[Codes] = [np.zeros(0, dtype=np.intp)]  # of which cell both sides are
    for left, right in _tree(cliques):
        both = frozenset(cliques[left].names) & frozenset(cliques[right].names)
        shared, start = tables_at.get(both, (tuple(sorted(both)), -1))
        one, first = _sums(cliques[left], shared)
        other, second = _sums(cliques[right], shared)
        assert np.array_equal(one, other)
        links.append(_shift(first, int(starts[left]), width) - _shift(second, int(starts[right]), width))
        cell = np.arange(start, start + len(one), dtype=np.intp)
        link.append(cell if start >= 0 else np.full(len(one), -1, dtype=np.intp))
    return System(
        counts=np.concatenate([one.counts for one in cliques]),
        rows=csr_array(vstack([*rows, *copies], format="csr")),
        cell=np.concatenate([np.arange(cells), *copy]),
        links=csr_array(vstack(links, format="csr")),
        link=np.concatenate(link),
        tables=view.tables,
        table=np.concatenate(table_of),
        codes=np.vstack(codes),
        clique=np.repeat(np.arange(len(cliques)), [len(one.counts) for one in cliques]),
    )


def _nested(view: View) -> set[tuple[str, str]]:
    """Pairs of places of which one settles the other, as a community its zone: everybody knows that."""
    found = set()
    for one, other in combinations(sorted(view.places), 2):
        first, second = view.variables[one].codes, view.variables[other].codes
        pairs = len(np.unique(np.column_stack([first, second]), axis=0))
        if pairs <= max(len(np.unique(first)), len(np.unique(second))):
            found.add((one, other))
    return found


def _cliques(
    names: Sequence[str], edges: Iterable[tuple[str, str]], sizes: Mapping[str, int]
) -> list[tuple[str, ...]]:
    """Maximal cliques of the graph after triangulation; each step removes the node that adds fewest edges."""
    near: dict[str, set[str]] = {name: set() for name in names}
    for one, other in edges:
        near[one].add(other)
        near[other].add(one)
    found: list[set[str]] = []
    while near:

        def cost(name: str) -> tuple[int, float, str]:
            added = sum(other not in near[one] for one, other in combinations(sorted(near[name]), 2))
            return added, float(np.prod([float(sizes[one]) for one in near[name]])), name

        chosen = min(near, key=cost)
        group = near.pop(chosen)
        if not any({chosen, *group} <= one for one in found):
            found.append({chosen, *group})
        for one in group:
            near[one] |= group - {one}
            near[one].discard(chosen)
    return [tuple(sorted(one)) for one in found] or [()]


def _atoms(view: View, names: tuple[str, ...]) -> _Clique:
    """Combinations that can be: of places those that occur, of everything else all."""
    places = [name for name in names if name in view.places]
    others = [name for name in names if name not in view.places]
    rows = max(view.size, 1)
    seen = np.zeros((rows, 0), dtype=np.intp)
    if places and view.size:
        seen = np.column_stack([view.variables[name].codes for name in places])
    base = np.unique(seen, axis=0)
    shape = [view.variables[name].size for name in others]
    if len(base) * np.prod([float(one) for one in shape]) > _MOST_ATOMS:
        raise InputError(Fault("disclosure.too_many", {"columns": ", ".join(names)}))
    more = np.zeros((1, 0), dtype=np.intp)
    if shape:
        more = np.indices(shape, dtype=np.intp).reshape(len(shape), -1).T
    atoms = np.hstack([np.repeat(base, len(more), axis=0), np.tile(more, (len(base), 1))])
    order = [[*places, *others].index(name) for name in names]
    atoms = atoms[:, order]
    own = np.zeros((view.size, 0), dtype=np.intp)
    if names:
        own = np.column_stack([view.variables[name].codes for name in names])
    present, counts = np.unique(own, axis=0, return_counts=True)
    found = np.zeros(len(atoms))
    if view.size:
        found[_match(atoms, present)] = counts
    return _Clique(names, atoms, found)


def _match(atoms: Codes, wanted: Codes) -> Codes:
    """The rows of ``atoms`` that equal the rows of ``wanted``."""
    if atoms.shape[1] == 0:
        return np.zeros(len(wanted), dtype=np.intp)
    both, place = np.unique(np.vstack([atoms, wanted]), axis=0, return_inverse=True)
    row = np.empty(len(both), dtype=np.intp)
    row[place[: len(atoms)]] = np.arange(len(atoms))
    return row[place[len(atoms) :]]


def _answered(view: View, table: Table, clique: _Clique) -> Truth | None:
    """Which combinations a table counts: with an item, those who answered it; None for all."""
    if not (view.among and table.item):
        return None
    answers = clique.atoms[:, clique.names.index(table.item)]
    return np.asarray(answers < len(view.variables[table.item].levels))


def _sums(
    clique: _Clique,
    names: Sequence[str],
    counted: Truth | None = None,
    merge: tuple[str, Codes] | None = None,
) -> tuple[Codes, csr_array]:
    """The combinations of some variables of a clique, and (combinations, atoms) which atoms make them up.

    counted: (atoms,) those that are. merge: a variable, and the group of each of its codes to stand for it.
    """
    from scipy.sparse import csr_array

    atoms = np.arange(len(clique.atoms)) if counted is None else np.flatnonzero(counted)
    own = clique.atoms[atoms][:, [clique.names.index(name) for name in names]]
    if merge is not None:
        at = list(names).index(merge[0])
        own[:, at] = merge[1][own[:, at]]
    codes, place = np.unique(own, axis=0, return_inverse=True)
    shape = (len(codes), len(clique.atoms))
    return codes, csr_array((np.ones(len(own)), (place.ravel(), atoms)), shape)


def _shift(matrix: csr_array, start: int, width: int) -> csr_array:
    from scipy.sparse import csr_array

    return csr_array((matrix.data, matrix.indices + start, matrix.indptr), (matrix.shape[0], width))


def _tree(cliques: Sequence[_Clique]) -> list[tuple[int, int]]:
    """Pairs of cliques that make a tree, each joined where the overlap is largest (Prim)."""
    joined, found = [0], []
    waiting = list(range(1, len(cliques)))
    while waiting:
        pairs = [(one, other) for one in joined for other in waiting]
        shared = [len(set(cliques[one].names) & set(cliques[other].names)) for one, other in pairs]
        best = pairs[int(np.argmax(shared))]
        found.append(best)
        joined.append(best[1])
        waiting.remove(best[1])
    return found
