"""Who serves which need: a linear programme over eligible pairs, whole numbers only where it needs them.

Maximise the weight of the needs met, sum w_i x_ij, with every need met at most once (sum_j x_ij <= 1) and
no supplier beyond its capacity (sum_i a_i x_ij <= c_j). Where every need takes one unit, or may be shared
among suppliers, the relaxation is a transport problem and its basic solutions are integral (Hoffman &
Kruskal 1956, "Integral Boundary Points of Convex Polyhedra"); otherwise it is the generalised assignment
problem and branch and bound is called for what stays fractional.

Columns are taken in as they are needed (Dantzig & Wolfe 1960; Lübbecke & Desrosiers 2005, Operations
Research 53): the programme starts from a greedy match and a few further pairs a need, and its dual prices
show which of the other pairs could still help. When none can, the solution is optimal over all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FIRST = 4  # pairs a need begins with, beside the greedy one
_WHOLE = 1e-6
_MORE = 6  # pairs a need may gain in a round
_MANY = 60_000  # pairs beyond which branch and bound is not asked for a proof


@dataclass(frozen=True, eq=False)
class Problem:
    """Eligible pairs (``need``, ``supplier``: indices), and what every need and supplier brings.

    weight, amount, whole: a need's worth, units asked, and whether one supplier must give them all.
    capacity: units a supplier has. must: positions in ``need`` / ``supplier`` of pairs that are fixed.
    required: needs that must be met, by whomever.
    """

    need: Ints
    supplier: Ints
    weight: Floats
    amount: Floats
    whole: NDArray[np.bool_]
    capacity: Floats
    must: Ints
    required: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Solution:
    """Share of a need that each pair meets; ``bound`` is what no solution can exceed.

    feasible: whether the fixed pairs can stand together. integral: whether the relaxation was enough.
    spare_price: weight gained by one more unit of each supplier, from the relaxation.
    """

    feasible: bool
    share: Floats
    value: float
    bound: float
    integral: bool
    spare_price: Floats
    columns: int
    rounds: int


def solve(problem: Problem, *, seconds: float = 20.0) -> Solution:
    """The best match; ``seconds`` limits branch and bound, whose ``bound`` then tells what is unproven.

    Fixed pairs must fit by themselves (each need once, capacities kept): ``conflicts`` looks at them first.
    """
    if not problem.required.any():
        return _solve(problem, seconds)
    # A required need outweighs all that are not: it goes unmet only where it cannot be met.
    lift = float(problem.weight[~problem.required].sum() + problem.weight.max() + 1)
    lifted = np.where(problem.required, problem.weight + lift, problem.weight)
    found = _solve(replace(problem, weight=lifted), seconds)
    met = np.bincount(problem.need, weights=found.share, minlength=len(problem.weight))
    held = bool((met[problem.required] > 1 - _WHOLE).all())
    extra = lift * float(problem.required.sum())
    value = float(problem.weight[problem.need] @ found.share)
    return replace(found, feasible=held, value=value, bound=max(value, found.bound - extra))


def _solve(problem: Problem, seconds: float) -> Solution:
    pairs = len(problem.need)
    if pairs == 0:
        nothing = np.zeros(0)
        return Solution(True, nothing, 0.0, 0.0, True, np.zeros(len(problem.capacity)), 0, 0)
    chosen = _first_columns(problem)
    rounds = 0
    while True:
        rounds += 1
        columns = np.flatnonzero(chosen)
        found = _relaxed(problem, columns)
        if found is None:
            nothing, prices = np.zeros(pairs), np.zeros(len(problem.capacity))
            return Solution(False, nothing, 0.0, 0.0, True, prices, len(columns), rounds)
        values, need_price, unit_price = found
        reduced = _reduced(problem, need_price, unit_price)
        better = np.flatnonzero((reduced > 1e-9) & ~chosen)
        if not len(better):
            break
        chosen[_best_of_each(problem.need[better], reduced[better], better)] = True
    share = np.zeros(pairs)
    share[columns] = values
    broken = problem.whole[problem.need] & (np.abs(share - share.round()) > _WHOLE)
    if not broken.any():
        share = np.where(problem.whole[problem.need], share.round(), np.clip(share, 0.0, 1.0))
        value = float(problem.weight[problem.need] @ share)
        return Solution(True, share, value, value, True, unit_price, len(columns), rounds)
    return _whole(problem, columns, reduced, share, unit_price, rounds, seconds)


def _first_columns(problem: Problem) -> NDArray[np.bool_]:
    """A greedy match, the fixed pairs, and a few pairs of each need spread over its suppliers."""
    chosen = np.zeros(len(problem.need), dtype=bool)
    chosen[problem.must] = True
    order = np.argsort(problem.need, kind="stable")
    starts = np.searchsorted(problem.need[order], np.arange(len(problem.weight) + 1))
    left = problem.capacity.copy()
    # The dearest a unit first; a need takes the supplier that has most left.
    for one in np.argsort(-problem.weight / problem.amount, kind="stable"):
        own = order[starts[one] : starts[one + 1]]
        if not len(own):
            continue
        best = own[np.argmax(left[problem.supplier[own]])]
        chosen[best] = True
        left[problem.supplier[best]] -= problem.amount[one]
        step = max(1, len(own) // _FIRST)
        chosen[own[one % step :: step]] = True
    return chosen


def _relaxed(problem: Problem, columns: Ints) -> tuple[Floats, Floats, Floats] | None:
    """Values of the columns, prices of needs and of units; None where nothing is feasible."""
    from scipy.optimize import linprog

    matrix, limits = _rows(problem, columns)
    low = np.isin(columns, problem.must).astype(float)
    bounds = np.column_stack([low, np.ones(len(columns))])
    found = linprog(
        -problem.weight[problem.need[columns]], A_ub=matrix, b_ub=limits, bounds=bounds, method="highs-ds"
    )
    if found.status == 2:
        return None
    if found.status != 0:
        raise ArithmeticError(f"the linear programme was not solved: {found.message}")
    prices = -found.ineqlin.marginals
    return found.x, prices[: len(problem.weight)], prices[len(problem.weight) :]


def _rows(problem: Problem, columns: Ints) -> tuple[object, Floats]:
    """Each need at most once, each supplier within its capacity."""
    from scipy import sparse

    need, supplier = problem.need[columns], problem.supplier[columns]
    place = np.arange(len(columns))
    count, suppliers = len(problem.weight), len(problem.capacity)
    once = sparse.csr_matrix((np.ones(len(columns)), (need, place)), (count, len(columns)))
    within = sparse.csr_matrix((problem.amount[need], (supplier, place)), (suppliers, len(columns)))
    return sparse.vstack([once, within]).tocsc(), np.concatenate([np.ones(count), problem.capacity])


def _reduced(problem: Problem, need_price: Floats, unit_price: Floats) -> Floats:
    """What a pair would add at these prices."""
    need = problem.need
    worth = problem.weight[need] - need_price[need]
    return np.asarray(worth - problem.amount[need] * unit_price[problem.supplier])


def _best_of_each(need: Ints, gain: Floats, pairs: Ints) -> Ints:
    """The few best pairs of every need."""
    order = np.lexsort((-gain, need))
    sorted_needs = need[order]
    first = np.searchsorted(sorted_needs, sorted_needs)
    return pairs[order[np.arange(len(order)) - first < _MORE]]


def _whole(
    problem: Problem,
    columns: Ints,
    reduced: Floats,
    relaxed: Floats,
    unit_price: Floats,
    rounds: int,
    seconds: float,
) -> Solution:
    """Branch and bound: around the relaxation first, then over every pair that could still improve on it."""
    worth = problem.weight[problem.need]
    bound = _ceiling(problem, float(worth @ relaxed))
    share = _greedy(problem, relaxed)
    value = float(worth @ share)
    if bound - value > _WHOLE:
        around = _around(problem, relaxed, seconds / 4)
        if around is not None and float(worth @ around) > value:
            share, value = around, float(worth @ around)
    if bound - value > _WHOLE:
        # A pair that would lose more than the gap cannot be part of anything better.
        kept = np.union1d(np.flatnonzero(reduced >= -(bound - value) - 1e-9), np.flatnonzero(share > 0))
        near = np.union1d(columns, problem.must) if len(kept) > _MANY else kept
        again, proven = _branch(problem, near, seconds / 2)
        if again is not None and float(worth @ again) > value:
            share, value = again, float(worth @ again)
        if near is kept:
            bound = max(value, min(bound, _ceiling(problem, proven)))
    return Solution(True, share, value, bound, False, unit_price, len(columns), rounds)


def _ceiling(problem: Problem, bound: float) -> float:
    """The bound, rounded down where only whole values can be reached."""
    whole = bool(np.isfinite(bound) and problem.whole.all() and (problem.weight % 1 == 0).all())
    return float(np.floor(bound + _WHOLE)) if whole else bound


def _greedy(problem: Problem, relaxed: Floats) -> Floats:
    """What is whole in the relaxation stays; other needs, the dearest unit first, take what room is left."""
    need, supplier, amount = problem.need, problem.supplier, problem.amount
    share = np.where(problem.whole[need] & (relaxed > 1 - _WHOLE), 1.0, 0.0)
    left = problem.capacity - np.bincount(
        supplier, weights=share * amount[need], minlength=len(problem.capacity)
    )
    done = np.bincount(need, weights=share, minlength=len(problem.weight)) > 0
    order = np.argsort(need, kind="stable")
    starts = np.searchsorted(need[order], np.arange(len(problem.weight) + 1))
    for one in np.argsort(-problem.weight / amount, kind="stable"):
        own = order[starts[one] : starts[one + 1]]
        if done[one] or not len(own):
            continue
        asked = 1.0
        # The fullest supplier that still has room, so that large needs find room elsewhere.
        for pair in own[np.argsort(left[supplier[own]], kind="stable")]:
            room = max(0.0, left[supplier[pair]]) / amount[one]
            part = min(asked, room) if not problem.whole[one] else float(room >= 1 - 1e-12)
            share[pair] = part
            left[supplier[pair]] -= part * amount[one]
            asked -= part
            if asked <= _WHOLE:
                break
    return share


def _around(problem: Problem, relaxed: Floats, seconds: float) -> Floats | None:
    """What is whole in the relaxation stays; the rest is matched anew with the capacity that is left."""
    need, supplier = problem.need, problem.supplier
    kept = problem.whole[need] & (relaxed > 1 - _WHOLE)
    used = np.bincount(supplier[kept], weights=problem.amount[need[kept]], minlength=len(problem.capacity))
    left = problem.capacity - used
    done = np.zeros(len(problem.weight), dtype=bool)
    done[need[kept]] = True
    still = ~done[need] & (~problem.whole[need] | (problem.amount[need] <= left[supplier] + 1e-9))
    must = np.zeros(len(need), dtype=bool)
    must[problem.must] = True
    if (must & ~kept & ~still).any():
        return None
    columns = np.flatnonzero(still)
    share = kept.astype(float)
    if not len(columns):
        return share
    rest = Problem(
        need, supplier, problem.weight, problem.amount, problem.whole, np.maximum(left, 0.0),
        np.flatnonzero(must & still), problem.required,
    )  # fmt: skip
    found, _ = _branch(rest, columns, seconds)
    return None if found is None else share + found


def _branch(problem: Problem, columns: Ints, seconds: float) -> tuple[Floats | None, float]:
    """Shares of all pairs from the columns given, and the bound proven for them (-inf: none exists)."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix, limits = _rows(problem, columns)
    low = np.isin(columns, problem.must).astype(float)
    own = problem.whole[problem.need[columns]]
    found = milp(
        -problem.weight[problem.need[columns]],
        constraints=LinearConstraint(matrix, -np.inf, limits),
        bounds=Bounds(low, np.ones(len(columns))),
        integrality=own.astype(int),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None, -np.inf if found.status == 2 else np.inf
    share = np.zeros(len(problem.need))
    share[columns] = np.where(own, found.x.round(), np.clip(found.x, 0.0, 1.0))
    bound = found.mip_dual_bound
    return share, np.inf if bound is None else -float(bound)
