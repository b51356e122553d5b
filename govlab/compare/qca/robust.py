"""Robustness: how far cut-offs and anchors can move before a solution changes, and what stays if they do.

Oana & Schneider (2024), A robustness test protocol for applied QCA, Sociological Methods & Research 53,
57-88: sensitivity ranges, fit-oriented and case-oriented robustness of an initial solution (IS) against a
set of test solutions (TS).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.qca import fit
from govlab.compare.qca.calibration import Calibrated
from govlab.compare.qca.cases import Cases
from govlab.compare.qca.cover import Kind
from govlab.compare.qca.solution import Expectation, Solution, SolutionKind, minimise
from govlab.compare.qca.table import TOLERANCE, TruthTable, tabulate
from govlab.errors import InputError
from govlab.language import say
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
STEPS = 50  # of an anchor, each a hundredth of the range of its values


@dataclass(frozen=True)
class Change:
    """One thing done differently: a cut, or the anchors of a set (a condition or the outcome)."""

    inclusion: float | None = None
    pri: float | None = None
    frequency: int | None = None
    anchors: tuple[str, tuple[float, ...]] | None = None

    @property
    def text(self) -> str:
        """What is changed, in signs: ``inclusion 0.75``."""
        found = []
        for name in ("inclusion", "pri", "frequency"):
            value = getattr(self, name)
            if value is not None:
                found.append(f"{name} {value:g}")
        if self.anchors is not None:
            found.append(f"{self.anchors[0]} {', '.join(f'{one:g}' for one in self.anchors[1])}")
        return "; ".join(found)


@dataclass(frozen=True, eq=False)
class Robustness(Result):
    """What a solution owes to its choices.

    ranges: a row a choice: ``what`` (inclusion, pri, frequency, or a set with the number of its anchor),
    ``value``, ``low``, ``high``: the solution stays the same above ``low`` (for cuts: not at it) up to
    ``high``. tests: a row a change: ``change``, ``expression``, ``same``, ``coincidence`` with the initial
    solution, nan where there is none. fit: RF_cons, RF_cov, RF_SC_min, RF_SC_max. cases: ``case``, ``kind``
    (robust: in all; shaky: in the initial solution but not in all; possible: in some test only; outside),
    ``outcome``. ratios: RCR_typ, RCR_dev, robust cases among those ever in, typical and deviant.
    """

    initial: Solution
    ranges: pd.DataFrame
    tests: pd.DataFrame
    fit: Mapping[str, float]
    cases: pd.DataFrame
    ratios: Mapping[str, float]

    def to_frame(self) -> pd.DataFrame:
        """The test solutions."""
        return self.tests.copy()

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame`` and of ``ranges``."""
        names = ("change", "expression", "same", "coincidence", "what", "value", "low", "high")
        return {name: say(f"qca.column.{name}", lang=lang) for name in names}

    def summary(self) -> str:
        """Fit of the robust core, cases, ranges."""
        same = int(self.tests["same"].sum())
        lines = [f"the same solution in {same} of {len(self.tests)} tests"]
        lines += [f"{name} {value:.3f}" for name, value in (*self.fit.items(), *self.ratios.items())]
        return "\n".join(lines)


def robustness(
    table: TruthTable,
    *,
    solution: SolutionKind = "intermediate",
    expectations: Mapping[str, Expectation] | None = None,
    models: Kind = "fewest",
    exclude: Sequence[int] = (),
    changes: Sequence[Change] | None = None,
    calibrated: Mapping[str, Calibrated] | None = None,
) -> Robustness:
    """How a solution fares when its cut-offs and anchors are moved.

    table: of the initial solution, whose first model stands for it. changes: the test solutions, by default
    inclusion and PRI 0.05 either way and one case more. calibrated: set -> its calibration, whose anchors
    are then moved too (one at a time, by a hundredth of the range of its values, up to fifty times and not
    beyond the values) and may be part of ``changes``. A test without any solution counts as one that holds
    no case.
    """
    work = _Work(table, solution, dict(expectations or {}), models, tuple(exclude), dict(calibrated or {}))
    initial = minimise(
        table, solution=solution, expectations=work.expectations, models=models, exclude=work.barred(table)
    )
    tests = list(changes) if changes is not None else _default(table)
    solved = [(one, work.solve(work.changed(one))) for one in tests]
    own = initial.models[0].membership
    y = table.data.memberships
    held = [np.zeros(len(own)) if one is None else one.models[0].membership for _, one in solved]
    return Robustness(
        initial,
        _ranges(work, initial),
        _tests(initial, solved),
        *_core(own, y, held, table.data.cases),
    )


class _Work:
    """Solves changed tables; tables that are coded alike are solved once."""

    def __init__(
        self,
        table: TruthTable,
        kind: SolutionKind,
        expectations: Mapping[str, Expectation],
        models: Kind,
        exclude: tuple[int, ...],
        calibrated: Mapping[str, Calibrated],
    ) -> None:
        self.table, self.kind, self.expectations, self.models = table, kind, expectations, models
        self.exclude, self.calibrated = exclude, calibrated
        self.known: dict[object, tuple[str, ...] | None] = {}

    def barred(self, table: TruthTable) -> tuple[int, ...]:
        """Rows ruled out that are remainders of this table."""
        rest = set(table.remainders().tolist()) if self.exclude else set()
        return tuple(row for row in self.exclude if row in rest)

    def solve(self, table: TruthTable) -> Solution | None:
        """The solution, None where no row, or every row, is coded 1."""
        try:
            return minimise(
                table,
                solution=self.kind,
                expectations=self.expectations,
                models=self.models,
                exclude=self.barred(table),
            )
        except InputError:
            return None

    def expressions(self, table: TruthTable) -> tuple[str, ...] | None:
        """The models of a table as expressions, remembered by how it is coded."""
        key = (tuple(table.rows.tolist()), table.outcome)
        if key not in self.known:
            found = self.solve(table)
            self.known[key] = None if found is None else found.expressions
        return self.known[key]

    def cut(self, **cuts: float) -> TruthTable:
        """The table at other cuts."""
        return self.changed(Change(**cuts))  # type: ignore[arg-type]  # names of cuts

    def changed(self, change: Change) -> TruthTable:
        """The table with one thing done differently."""
        table, data = self.table, self.table.data
        if change.anchors is not None:
            name, values = change.anchors
            if name not in self.calibrated:
                raise ValueError(f"changes: no calibration of {name!r} was given")
            data = _with_column(data, name, self.calibrated[name].again(values))
        return tabulate(
            data,
            table.inclusion_cut if change.inclusion is None else change.inclusion,
            table.pri_cut if change.pri is None else change.pri,
            table.frequency_cut if change.frequency is None else change.frequency,
        )


def _with_column(data: Cases, name: str, made: Calibrated) -> Cases:
    """The cases with one set calibrated anew."""
    by_case = dict(zip(made.cases, made.memberships, strict=True))
    if not set(data.cases) <= set(by_case):
        raise ValueError(f"calibrated: the cases of {name!r} are not those of the table")
    column = np.array([by_case[case] for case in data.cases])
    if name == data.outcome.lstrip("~"):
        return replace(data, memberships=1 - column if data.outcome.startswith("~") else column)
    values = data.values.copy()
    values[:, data.conditions.index(name)] = column
    return replace(data, values=values)


def _default(table: TruthTable) -> list[Change]:
    found = [Change(inclusion=round(table.inclusion_cut + step, 10)) for step in (-0.05, 0.05)]
    found += [Change(pri=round(table.pri_cut + step, 10)) for step in (-0.05, 0.05)]
    found.append(Change(frequency=table.frequency_cut + 1))
    return [one for one in found if 0 <= (one.inclusion or 0) <= 1 and 0 <= (one.pri or 0) <= 1]


def _ranges(work: _Work, initial: Solution) -> pd.DataFrame:
    import pandas as pd

    table, want = work.table, initial.expressions
    counted = table.n >= table.frequency_cut
    rows: list[tuple[object, ...]] = []
    for name, values, cut in (
        ("inclusion", table.inclusion[counted], table.inclusion_cut),
        ("pri", np.nan_to_num(table.pri[counted], nan=0.0), table.pri_cut),
    ):

        def same(at: float, name: str = name) -> bool:
            return work.expressions(work.cut(**{name: at})) == want

        rows.append((name, 0, cut, *_cut_range(np.unique(values), cut, same)))
    high = table.frequency_cut
    while high < table.n.max() and work.expressions(work.cut(frequency=high + 1)) == want:
        high += 1
    low = table.frequency_cut
    while low > 1 and work.expressions(work.cut(frequency=low - 1)) == want:
        low -= 1
    rows.append(("frequency", 0, table.frequency_cut, low, high))
    for name, made in work.calibrated.items():
        for place, value in enumerate(made.anchors.values):
            rows.append((name, place + 1, value, *_anchor_range(work, name, made, place, want)))
    return pd.DataFrame(rows, columns=["what", "anchor", "value", "low", "high"])


def _cut_range(values: Floats, cut: float, same: Callable[[float], bool]) -> tuple[float, float]:
    """Between which values of rows a cut can lie: above the first, up to the second."""
    low = 0.0
    for value in values[values < cut - TOLERANCE][::-1]:
        if not same(float(value)):
            low = float(value)
            break
    high = 1.0
    for value in values[values >= cut - TOLERANCE]:
        if not same(min(1.0, float(value) + 10 * TOLERANCE)) and value < 1:
            high = float(value)
            break
    return low, high


def _anchor_range(
    work: _Work, name: str, made: Calibrated, place: int, want: tuple[str, ...]
) -> tuple[float, float]:
    """How far one anchor moves within the values before the solution changes or it meets its neighbour."""
    lowest, highest = float(np.nanmin(made.raw)), float(np.nanmax(made.raw))
    step = (highest - lowest) / 100
    ends = []
    for sign in (-1, 1):
        reached = made.anchors.values[place]
        for count in range(1, STEPS + 1):
            moved = list(made.anchors.values)
            moved[place] += sign * count * step
            if not lowest <= moved[place] <= highest:
                break
            try:
                table = work.changed(Change(anchors=(name, tuple(moved))))
            except InputError:  # out of order
                break
            if work.expressions(table) != want:
                break
            reached = moved[place]
        ends.append(reached)
    return ends[0], ends[1]


def _tests(initial: Solution, solved: Sequence[tuple[Change, Solution | None]]) -> pd.DataFrame:
    import pandas as pd

    own = initial.models[0].membership
    rows = []
    for change, found in solved:
        if found is None:
            rows.append((change.text, "", False, float("nan")))
            continue
        same = found.expressions == initial.expressions
        alike = coincidence(own, found.models[0].membership)
        rows.append((change.text, found.models[0].expression, same, alike))
    return pd.DataFrame(rows, columns=["change", "expression", "same", "coincidence"])


def coincidence(x: Floats, y: Floats) -> float:
    """sum min(x, y) / sum max(x, y) of two sets; nan for two empty ones."""
    whole = np.maximum(x, y).sum()
    return float(np.minimum(x, y).sum() / whole) if whole > 0 else float("nan")


def _core(
    own: Floats, y: Floats, held: Sequence[Floats], cases: Sequence[str]
) -> tuple[dict[str, float], pd.DataFrame, dict[str, float]]:
    """Fit and cases of the part of the initial solution that every test solution shares."""
    import pandas as pd

    smallest = np.min(held, axis=0) if held else own
    largest = np.max(held, axis=0) if held else own
    core = np.minimum(own, smallest)

    def of(x: Floats) -> tuple[float, float]:
        return float(fit.inclusion(x[:, None], y)[0]), float(fit.coverage(x[:, None], y)[0])

    initial, shared = of(own), of(core)
    values = {
        "RF_cons": initial[0] / shared[0] if shared[0] > 0 else float("nan"),
        "RF_cov": shared[1] / initial[1] if initial[1] > 0 else float("nan"),
        "RF_SC_min": coincidence(own, smallest),
        "RF_SC_max": coincidence(own, largest),
    }
    kinds = np.select(
        [(own > 0.5) & (smallest > 0.5), own > 0.5, largest > 0.5], ["robust", "shaky", "possible"], "outside"
    )
    table = pd.DataFrame({"case": list(cases), "kind": kinds, "outcome": y})
    ratios = {}
    for name, inside in (("RCR_typ", y > 0.5), ("RCR_dev", y < 0.5)):
        ever = inside & ((own > 0.5) | (largest > 0.5))
        sure = inside & (kinds == "robust")
        ratios[name] = float(sure.sum() / ever.sum()) if ever.any() else float("nan")
    return values, table, ratios
