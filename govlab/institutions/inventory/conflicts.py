"""Why no match can hold all rules: small sets of rules that cannot stand together, each needed for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault
from govlab.institutions.inventory.eligible import Step
from govlab.institutions.inventory.solve import Problem, solve

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.inventory.eligible import Pairs


@dataclass(frozen=True, eq=False)
class Fixed:
    """What ``must`` rules fix: pairs (need, resource, line of the rule) and needs to be met by whomever."""

    pairs: tuple[tuple[int, int, int], ...]
    needs: tuple[tuple[int, int], ...]


def fixed(needs: pd.DataFrame, resources: pd.DataFrame, rules: pd.DataFrame) -> Fixed:
    """The ``must`` rules that speak of needs and resources at hand."""
    rows = {code: place for place, code in enumerate(needs["id"])}
    columns = {code: place for place, code in enumerate(resources["id"])}
    both, alone = [], []
    own = rules[rules["rule"] == "must"]
    for need, resource, row in zip(own["need"], own["resource"], own["row"], strict=True):
        if need not in rows:
            continue
        if resource in columns:
            both.append((rows[need], columns[resource], int(row)))
        elif not resource:
            alone.append((rows[need], int(row)))
    return Fixed(tuple(dict.fromkeys(both)), tuple(dict.fromkeys(alone)))


def explain(needs: pd.DataFrame, resources: pd.DataFrame, held: Pairs, must: Fixed, file: str) -> list[Fault]:
    """One fault for each set of rules in conflict: single pairs, a need fixed twice, a supplier overfull,
    needs that must be met and jointly cannot. Without any of the rules named the others of a set can stand
    (an irreducible infeasible set, found by leaving out one after the other: Chinneck & Dravnieks 1991,
    ORSA Journal on Computing 3).
    """
    name, supply = needs["id"].to_list(), resources["id"].to_list()
    found = []
    for need, resource, row in must.pairs:
        if held.step[need, resource] != Step.FITS:
            values = {"need": name[need], "resource": supply[resource]}
            key = f"cannot_{Step(int(held.step[need, resource])).name.lower()}"
            found.append(Fault(f"inventory.{key}", values, _rules_at(file, [row])))
    good = [one for one in must.pairs if held.step[one[0], one[1]] == Step.FITS]
    for need in dict.fromkeys(one[0] for one in good):
        own = [one for one in good if one[0] == need]
        if len(own) > 1:
            listed = ", ".join(supply[one[1]] for one in own)
            values = {"need": name[need], "resources": listed}
            found.append(Fault("inventory.fixed_twice", values, _rules_at(file, [one[2] for one in own])))
    capacity, amount = resources["capacity"].to_numpy(float), needs["amount"].to_numpy(float)
    for resource in dict.fromkeys(one[1] for one in good):
        own = _overfull([one for one in good if one[1] == resource], amount, capacity[resource])
        if own:
            values = {
                "resource": supply[resource], "capacity": f"{capacity[resource]:g}",
                "needs": ", ".join(name[one[0]] for one in own),
                "amount": f"{sum(amount[one[0]] for one in own):g}",
            }  # fmt: skip
            found.append(Fault("inventory.overfull", values, _rules_at(file, [one[2] for one in own])))
    if found:
        return found
    return _jointly(needs, resources, held, must, file)


def _overfull(
    own: Sequence[tuple[int, int, int]], amount: NDArray[np.float64], capacity: float
) -> list[tuple[int, int, int]]:
    """As few fixed pairs of a supplier as already exceed it; nothing if all fit."""
    kept, total = [], 0.0
    for one in sorted(own, key=lambda pair: (-amount[pair[0]], pair[2])):
        kept.append(one)
        total += amount[one[0]]
        if total > capacity + 1e-9:
            return sorted(kept, key=lambda pair: pair[2])
    return []


def _jointly(
    needs: pd.DataFrame, resources: pd.DataFrame, held: Pairs, must: Fixed, file: str
) -> list[Fault]:
    """Needs that must be met by whomever: alone without anybody, or together too many."""
    name, supply = needs["id"].to_list(), resources["id"].to_list()
    found, left = [], []
    for need, row in must.needs:
        steps = held.step[need]
        if (steps == Step.FITS).any():
            left.append((need, row))
            continue
        closest = Step(int(steps.max())) if len(steps) else Step.CAPABILITY
        values = {"need": name[need]}
        found.append(Fault(f"inventory.nobody_{closest.name.lower()}", values, _rules_at(file, [row])))
    fits = held.step == Step.FITS
    while True:
        core = _core(left, lambda some: _can(needs, resources, fits, must, some))
        if not core:
            return found
        own = [need for need, _ in core]
        open_to = np.flatnonzero(fits[own].any(axis=0))
        capacity = float(resources["capacity"].to_numpy(float)[open_to].sum())
        values = {
            "needs": ", ".join(name[one] for one in own),
            "resources": ", ".join(supply[one] for one in open_to),
            "amount": f"{float(needs['amount'].to_numpy(float)[own].sum()):g}", "capacity": f"{capacity:g}",
        }  # fmt: skip
        found.append(Fault("inventory.jointly", values, _rules_at(file, [row for _, row in core])))
        left = [one for one in left if one not in core]


def _core(
    elements: list[tuple[int, int]], can: Callable[[list[tuple[int, int]]], bool]
) -> list[tuple[int, int]]:
    """A set that cannot stand and of which every proper part can; nothing if all can."""
    if can(elements):
        return []
    core = list(elements)
    for one in elements:
        rest = [other for other in core if other != one]
        if rest and not can(rest):
            core = rest
    return core


def _can(
    needs: pd.DataFrame, resources: pd.DataFrame, fits: NDArray[np.bool_], must: Fixed,
    required: Sequence[tuple[int, int]],
) -> bool:  # fmt: skip
    """Whether the fixed pairs and some required needs can all be held."""
    both = {(need, resource) for need, resource, _ in must.pairs}
    own = sorted({need for need, _ in required} | {need for need, _ in both})
    if not own:
        return True
    row, column = np.nonzero(fits[own])
    pairs = [(own[one], int(other)) for one, other in zip(row, column, strict=True)]
    problem = Problem(
        need=row.astype(np.int64),
        supplier=column.astype(np.int64),
        weight=np.ones(len(own)),
        amount=needs["amount"].to_numpy(float)[own],
        whole=(needs["whole"].to_numpy()[own] == "yes"),
        capacity=resources["capacity"].to_numpy(float),
        must=np.array([place for place, one in enumerate(pairs) if one in both], dtype=np.int64),
        required=np.ones(len(own), dtype=bool),
    )
    return solve(problem, seconds=5.0).feasible


def _rules_at(file: str, rows: Sequence[int]) -> tuple[str, ...]:
    return (file, "rules", ", ".join(f"row {row}" for row in rows))
