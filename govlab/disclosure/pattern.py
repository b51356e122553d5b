"""Which cells of all tables to hide: first those with few respondents, then what gives them away."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from govlab.disclosure import complements, system
from govlab.disclosure.margins import Codes, Respondents, Table, View
from govlab.disclosure.system import System, Truth

Cell = tuple[int, ...]
Hidden = dict[Table, set[Cell]]
# What it costs to hide a row, a table of all respondents, the number of all of them, beside a share.
_ROW, _EVERYONE, _TOTAL = 30.0, 1e3, 1e6
_ABSENT = 0.2


def find(people: Respondents, threshold: int, width: int) -> Hidden:
    """Table -> codes of the cells to hide, for every table.

    A cell hidden among all respondents is hidden for every item, or those who answered it would give it
    away. Rows of an item hide means: there it counts that no sum of hidden cells that can be worked out
    holds too few respondents. Shares are counts, and are kept back from one who also knows all the
    rest. Where that takes hiding more rows or respondents, it starts again with these.
    """
    more: Hidden = {}
    while True:
        found = _everyone(people, threshold, width, more)
        again = False
        for item in people.rows:
            while True:
                found |= _rows(people.rows[item], threshold, width, found, more)
                if item not in people.shares:
                    break
                extra = _shares(people.shares[item], threshold, width, found)
                asked = {table: cells - found.get(table, set()) for table, cells in extra.items()}
                found |= {table: cells for table, cells in extra.items() if table.shares}
                asked = {table: cells for table, cells in asked.items() if cells and not table.shares}
                # Rows that nobody answered stand in no table of rows: they are hidden as they are.
                for table, cells in asked.items():
                    if table.item:
                        found[table] = found.get(table, set()) | (cells & more.get(table, set()))
                asked = {table: cells - more.get(table, set()) for table, cells in asked.items()}
                asked = {table: cells for table, cells in asked.items() if cells}
                for table, cells in asked.items():
                    more.setdefault(table, set()).update(cells)
                again |= any(not table.item for table in asked)
                # What other items ask for is gathered before starting again, so that it is once for all.
                if again or not asked:
                    break
        if not again:
            return found


def _everyone(people: Respondents, threshold: int, width: int, more: Hidden) -> Hidden:
    view = people.everyone
    whole = system.build(view)
    absent = _absent(view, whole)
    must = (whole.sizes < threshold) & ~absent
    cost = (1 + whole.sizes) * np.where(absent, _ABSENT, 1.0)
    _dear(whole, cost)
    _mark(whole, must, more)
    return _hide(whole, must, cost, width)


def _rows(view: View, threshold: int, width: int, hidden: Hidden, more: Hidden) -> Hidden:
    whole = system.build(view)
    absent = _absent(view, whole)
    must = (whole.sizes < threshold) & (whole.sizes > 0)  # nobody answered: nothing is told of anybody
    for number in range(len(whole.tables)):
        must[whole.table == number] |= _unanimous(view, whole, number)
    must &= ~absent
    cost = (1 + whole.sizes) * np.where(absent, _ABSENT, 1.0)
    _dear(whole, cost)
    _mark(whole, must, more)
    everyone = {table: cells for table, cells in hidden.items() if not table.item}
    _mark(whole, must, {Table(table.by, view.item): cells for table, cells in everyone.items()})
    return _hide(whole, must, cost, width)


def _shares(view: View, threshold: int, width: int, hidden: Hidden) -> Hidden:
    whole = system.build(view)
    must = np.zeros(len(whole.sizes), dtype=bool)
    _mark(whole, must, {table: cells for table, cells in hidden.items() if not table.shares})
    absent = _absent(view, whole)
    cost = (1 + whole.sizes) * np.where(absent, _ABSENT, 1.0)
    guarded = np.ones(len(must), dtype=bool)
    bundle = np.full(len(must), -1, dtype=np.intp)
    groups = 0
    for number, table in enumerate(whole.tables):
        rows = np.flatnonzero(whole.table == number)
        if table.shares:
            group = _groups(whole.codes[rows][:, : len(table.by)])
            answered = np.bincount(group, weights=whole.sizes[rows])
            must[rows] |= (whole.sizes[rows] < threshold) & (answered[group] > 0) & ~absent[rows]
            if table.merged and table in view.bundled:
                must[rows] |= _settled(view, table, whole.codes[rows])
            if table in view.bundled:
                bundle[rows] = groups + group
                groups += int(group.max(initial=-1)) + 1
        elif table.item:
            guarded[rows] = False
            cost[rows] *= _ROW
        else:
            cost[rows] *= _EVERYONE
    _dear(whole, cost)
    return _hide(whole, must, cost, width, guarded=guarded, bundle=bundle)


def _hide(
    whole: System,
    must: Truth,
    cost: system.Floats,
    width: int,
    *,
    guarded: Truth | None = None,
    bundle: Codes | None = None,
) -> Hidden:
    problem = complements.Problem(
        system=whole,
        must=must,
        guarded=np.ones(len(must), dtype=bool) if guarded is None else guarded,
        cost=cost,
        bundle=np.full(len(must), -1, dtype=np.intp) if bundle is None else bundle,
        width=float(width),
    )
    found = complements.hide(problem)
    return {
        table: set(_cells(whole, number, np.flatnonzero((whole.table == number) & found)))
        for number, table in enumerate(whole.tables)
    }


def _cells(whole: System, number: int, rows: Codes) -> Iterable[Cell]:
    width = len(whole.tables[number].variables)
    return (tuple(int(code) for code in codes[:width]) for codes in whole.codes[rows])


def _mark(whole: System, must: Truth, hidden: Hidden) -> None:
    """Add cells that are hidden already."""
    for number, table in enumerate(whole.tables):
        cells = hidden.get(table)
        if cells:
            rows = np.flatnonzero(whole.table == number)
            must[rows] |= np.array([one in cells for one in _cells(whole, number, rows)], dtype=bool)


def _dear(whole: System, cost: system.Floats) -> None:
    """The number of all respondents stays visible as long as anything else can be hidden."""
    for number, table in enumerate(whole.tables):
        if not table.variables:
            cost[whole.table == number] *= _TOTAL


def _absent(view: View, whole: System) -> Truth:
    """(C,) cells of respondents without a value in some column; few of them tell nothing about anyone."""
    found = np.zeros(len(whole.table), dtype=bool)
    for number, table in enumerate(whole.tables):
        rows = np.flatnonzero(whole.table == number)
        for place, name in enumerate(table.by if table.merged else table.variables):
            found[rows] |= whole.codes[rows, place] == len(view.variables[name].levels)
    return found


def _settled(view: View, table: Table, codes: Codes) -> Truth:
    """Of merged answers beside their mean, the cells of rows in which the mean tells every single answer.

    That is so where everybody in a group gave its lowest answer, or everybody its highest.
    """
    assert view.values is not None
    by = codes[:, : len(table.by)]
    answered = view.variables[view.item].codes < len(view.variables[view.item].levels)
    columns = [view.variables[name].codes[answered] for name in table.by]
    own = np.column_stack([*columns, np.zeros(int(answered.sum()), dtype=np.intp)])
    row = _groups(np.vstack([np.column_stack([by, np.zeros(len(by), dtype=np.intp)]), own]))
    cell, person = row[: len(by)], row[len(by) :]
    group = view.group[view.variables[view.item].codes[answered]]
    values = view.values[answered]
    ends = np.array([[min(levels), max(levels)] for _, levels in view.merge], dtype=np.float64)
    slack = [
        np.bincount(person, weights=np.abs(ends[group, end] - values), minlength=len(row)) for end in (0, 1)
    ]
    return np.asarray(((slack[0] == 0) | (slack[1] == 0))[cell])


def _groups(codes: Codes) -> Codes:
    if codes.shape[1] == 0:
        return np.zeros(len(codes), dtype=np.intp)
    found: Codes = np.unique(codes, axis=0, return_inverse=True)[1].ravel()
    return found


def _unanimous(view: View, whole: System, number: int) -> Truth:
    """Of the cells of a table, those in which everybody gave the same answer."""
    assert view.values is not None
    table = whole.tables[number]
    codes = whole.codes[whole.table == number][:, : len(table.by)]
    if not view.size:
        return np.zeros(len(codes), dtype=bool)
    own = np.zeros((view.size, 0), dtype=np.intp)
    if table.by:
        own = np.column_stack([view.variables[name].codes for name in table.by])
    both = _groups(np.vstack([codes, own]))
    cell, person = both[: len(codes)], both[len(codes) :]
    low = np.full(int(both.max()) + 1, np.inf)
    high = np.full(len(low), -np.inf)
    np.minimum.at(low, person, view.values)
    np.maximum.at(high, person, view.values)
    return np.asarray((low == high)[cell])
