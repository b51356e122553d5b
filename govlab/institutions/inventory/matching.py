"""Needs matched with what local units open: who serves whom and why, what stays unmet, what would help."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast, get_args

import numpy as np

from govlab.errors import InputError
from govlab.institutions.inventory.conflicts import explain, fixed
from govlab.institutions.inventory.eligible import CLOSENESS, Pairs, Reading, Step, pairs
from govlab.institutions.inventory.solve import Problem, Solution, solve
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.inventory.book import Inventory

_TINY = 1e-9
_LIVE = ("open", "under-way")


@dataclass(frozen=True)
class Change:
    """A single change: its kind (as in ``Match.unlocks``), of what, gain in weight, needs more met."""

    change: str
    of: str
    gain: float
    needs: int


@dataclass(frozen=True, eq=False)
class Match(Result):
    """A best match of open needs with open resources.

    frame: a row a pair: ``need``, ``resource``, ``actor``, ``amount``, ``share`` of the need, ``reason``
    (``fits``, ``may`` for an exception made by a rule, ``must``). value: weight met; bound: what no match
    can exceed (equal where it is proven best). tests: the reading of the four tests that was used.
    """

    frame: pd.DataFrame
    needs: pd.DataFrame
    resources: pd.DataFrame
    value: float
    bound: float
    integral: bool
    tests: str
    held: Pairs = field(repr=False)
    problem: Problem = field(repr=False)
    solution: Solution = field(repr=False)

    @property
    def best(self) -> bool:
        """Whether no match can be better."""
        return self.bound - self.value < 1e-6

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table of pairs."""
        return self.frame.copy()

    def summary(self) -> str:
        """Needs met, weight met, how sure that it is the best."""
        met = self.by_need()
        whole = int((met["met"] > 1 - 1e-6).sum())
        sure = "no match can be better" if self.best else f"no match can exceed {self.bound:g}"
        how = "linear programme alone" if self.integral else "branch and bound"
        return (
            f"{whole} of {len(met)} needs met in full, weight {self.value:g} of "
            f"{float(self.needs['weight'].sum()):g}\n{sure} ({how})"
        )

    def by_need(self) -> pd.DataFrame:
        """One row a need: ``met`` (share), ``reason`` why not (a step), ``near``: offers one step away."""
        met = np.bincount(self.problem.need, weights=self.solution.share, minlength=len(self.needs))
        frame = self.needs[["id", "capability", "place", "amount", "weight"]].copy()
        frame["met"] = np.clip(met, 0.0, 1.0)
        closest = _closest(self.held)
        short = frame["met"].to_numpy() < 1 - 1e-6
        frame["reason"] = [
            Step(int(step)).name.lower() if late else "" for step, late in zip(closest, short, strict=True)
        ]
        apart = np.isin(self.held.step, (Step.NEVER, Step.CAPABILITY))
        near = (self.held.failures == 1) & ~apart
        ids = self.resources["id"].to_numpy()
        frame["near"] = [tuple(ids[near[row]]) if late else () for row, late in enumerate(short)]
        return frame

    def by_resource(self) -> pd.DataFrame:
        """One row a resource: capacity, used, left, and the weight one more unit of it would add."""
        used = np.bincount(
            self.problem.supplier,
            weights=self.solution.share * self.problem.amount[self.problem.need],
            minlength=len(self.resources),
        )
        frame = self.resources[["id", "actor", "shares", "capacity"]].copy()
        frame["used"] = used
        frame["left"] = np.maximum(frame["capacity"] - used, 0.0)
        frame["unit_price"] = self.solution.spare_price if self.integral else np.nan
        return frame

    def unlocks(self, most: int = 10) -> pd.DataFrame:
        """What single change would help most: a row a change, ``gain`` in weight and ``needs`` more met.

        Changes: a resource serves every place, is open all the time, has twice its capacity (at least one
        unit more), or its actor comes to pass the tests; and a new supplier of a capability, everywhere, of
        the amount that is unmet. The most promising are solved anew, so that a gain counts what the whole
        match can do with the change, moves of others included.
        """
        import pandas as pd

        tried = sorted(_changes(self), key=lambda one: -one[2])[:most]
        rows = []
        for kind, what, upper, problem in tried:
            one = self._changed(kind, what, problem)
            rows.append({"change": kind, "of": what, "gain": one.gain, "needs": one.needs, "at_most": upper})
        frame = pd.DataFrame(rows, columns=["change", "of", "gain", "needs", "at_most"])
        frame = frame[frame["gain"] > 1e-6]
        return frame.sort_values(["gain", "change", "of"], ascending=[False, True, True], ignore_index=True)

    def unlock(self) -> Change | None:
        """The single change that helps most, of all that ``unlocks`` knows; None where none helps.

        Changes that cannot reach the best one found are not solved anew.
        """
        best: Change | None = None
        tried = sorted(_changes(self), key=lambda one: (-one[2], one[0] != "new"))
        for kind, what, upper, problem in tried:
            if best is not None and _order(Change(kind, what, upper, 0)) > _order(best):
                continue
            one = self._changed(kind, what, problem)
            if one.gain > 1e-6 and (best is None or _order(one) < _order(best)):
                best = one
        return best

    def _changed(self, kind: str, what: str, problem: Problem) -> Change:
        """What a change brings, solved anew."""
        found = solve(problem, seconds=5.0)
        more = _needs_met(problem, found) - _needs_met(self.problem, self.solution)
        return Change(kind, what, max(found.value - self.value, 0.0), more)


def match(
    inventory: Inventory, *, on: dt.date | None = None, tests: str = "any", seconds: float = 20.0
) -> Match:
    """Match the needs that are open with the resources that are, so that the most weight is met.

    on: day whose lists are matched; needs and resources over before it, or begun later than they can
    serve, are left out (None: all that are open). tests: participants pass ``any`` or ``all`` of the four.
    InputError, naming the rules in conflict, where the ``must`` rules cannot be held.
    """
    if tests not in get_args(Reading):
        raise ValueError(f"tests must be 'any' or 'all', got {tests!r}")
    needs, resources = (_live(inventory.sheet(one), on) for one in ("needs", "resources"))
    rules, actors = inventory.sheet("rules"), inventory.sheet("actors")
    held = pairs(needs, resources, actors, rules, cast(Reading, tests))
    must = fixed(needs, resources, rules)
    problem = _problem(needs, resources, held.step == Step.FITS)
    places = {pair: place for place, pair in enumerate(zip(problem.need, problem.supplier, strict=True))}
    sure = [places[need, resource] for need, resource, _ in must.pairs if (need, resource) in places]
    required = np.zeros(len(needs), dtype=bool)
    required[[need for need, _ in must.needs]] = True
    problem = replace(problem, must=np.array(sure, dtype=np.int64), required=required)
    faults = explain(needs, resources, held, must, inventory.file) if must.pairs or must.needs else []
    if faults:
        raise InputError(faults)
    found = solve(problem, seconds=seconds)
    frame = _frame(needs, resources, held, problem, found)
    return Match(
        frame, needs, resources, found.value, found.bound, found.integral, tests, held, problem, found
    )


def _live(frame: pd.DataFrame, on: dt.date | None) -> pd.DataFrame:
    kept = frame["status"].isin(_LIVE)
    if on is not None:
        day = np.datetime64(on)
        kept &= ~(frame["until"].to_numpy("datetime64[D]") < day)
    return frame[kept].reset_index(drop=True)


def _problem(needs: pd.DataFrame, resources: pd.DataFrame, fits: np.ndarray) -> Problem:
    need, supplier = np.nonzero(fits)
    return Problem(
        need.astype(np.int64),
        supplier.astype(np.int64),
        needs["weight"].to_numpy(float),
        needs["amount"].to_numpy(float),
        needs["whole"].to_numpy() == "yes",
        resources["capacity"].to_numpy(float),
        np.zeros(0, dtype=np.int64),
        np.zeros(len(needs), dtype=bool),
    )


def _frame(
    needs: pd.DataFrame, resources: pd.DataFrame, held: Pairs, problem: Problem, found: Solution
) -> pd.DataFrame:
    import pandas as pd

    used = np.flatnonzero(found.share > _TINY)
    need, supplier = problem.need[used], problem.supplier[used]
    fixed_pairs = np.isin(used, problem.must)
    why = np.where(fixed_pairs, "must", np.where(held.excepted[need, supplier], "may", "fits"))
    return pd.DataFrame(
        {
            "need": needs["id"].to_numpy()[need],
            "resource": resources["id"].to_numpy()[supplier],
            "actor": resources["actor"].to_numpy()[supplier],
            "capability": needs["capability"].to_numpy()[need],
            "place": needs["place"].to_numpy()[need],
            "amount": found.share[used] * problem.amount[need],
            "share": found.share[used],
            "reason": why,
        }
    )


def _closest(held: Pairs) -> np.ndarray:
    """The step at which the resource that came farthest fails; FULL where some were eligible."""
    if held.step.shape[1] == 0:
        return np.full(held.step.shape[0], Step.CAPABILITY, dtype=np.int8)
    order = np.zeros(len(Step), dtype=np.int8)
    for place, step in enumerate(CLOSENESS):
        order[step] = place
    order[Step.FITS] = order[Step.FULL]
    return np.asarray(np.array(CLOSENESS, dtype=np.int8)[order[held.step].max(axis=1)])


def _needs_met(problem: Problem, found: Solution) -> int:
    met = np.bincount(problem.need, weights=found.share, minlength=len(problem.weight))
    return int((met > 1 - 1e-6).sum())


def _order(one: Change) -> tuple[float, str, str]:
    """The largest gain first, then by name."""
    return (-round(one.gain, 9), one.change, one.of)


def _changes(found: Match) -> list[tuple[str, str, float, Problem]]:
    """Single changes with an upper bound on what they bring, and the problem each makes."""
    problem, held = found.problem, found.held
    met = np.bincount(problem.need, weights=found.solution.share, minlength=len(found.needs))
    short = met < 1 - 1e-6
    missing = problem.weight * (1 - np.clip(met, 0, 1))
    changes: list[tuple[str, str, float, Problem]] = []
    ids = found.resources["id"].to_list()
    for step, kind in ((Step.PLACE, "place"), (Step.TIME, "time"), (Step.ACTOR, "actor")):
        only = (held.failures == 1) & held.failing[step] & ~held.failing[Step.NEVER] & ~held.excepted
        upper = missing @ (only & short[:, None])
        for column in np.flatnonzero(upper > 1e-6):
            rows = np.flatnonzero(only[:, column])
            changes.append((kind, ids[column], float(upper[column]), _wider(problem, rows, int(column))))
    open_to = held.step == Step.FITS
    upper = missing @ (open_to & short[:, None])
    for column in np.flatnonzero(upper > 1e-6):
        capacity = problem.capacity.copy()
        capacity[column] += max(1.0, capacity[column])
        changes.append(("capacity", ids[column], float(upper[column]), replace(problem, capacity=capacity)))
    wanted = found.needs["capability"].to_numpy()
    for code in dict.fromkeys(wanted[short]):
        own = wanted == code
        amount = float((problem.amount * (1 - np.clip(met, 0, 1)))[own & short].sum())
        capacity = np.append(problem.capacity, amount)
        grown = replace(problem, capacity=capacity)
        upper_code = float(missing[own].sum())
        changes.append(("new", str(code), upper_code, _wider(grown, np.flatnonzero(own), len(ids))))
    return changes


def _wider(problem: Problem, rows: np.ndarray, column: int) -> Problem:
    """The problem with further pairs of one supplier, behind those it has."""
    return replace(
        problem,
        need=np.concatenate([problem.need, rows.astype(np.int64)]),
        supplier=np.concatenate([problem.supplier, np.full(len(rows), column, dtype=np.int64)]),
    )
