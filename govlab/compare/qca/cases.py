"""Cases with their memberships, as a user gives them, read and checked: every fault named at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Missing = Literal["refuse", "leave out"]
LARGEST_SPACE = 2**20  # configurations that a truth table may have
MOST_VALUES = 10  # of a multi-value condition
_OUTCOME = re.compile(r"(~?)(.+?)(?:\{(\d+)\})?")


@dataclass(frozen=True, eq=False)
class Cases:
    """Cases and their memberships in conditions and outcome.

    conditions: their names; levels: 2 for crisp and fuzzy conditions, more for multi-value ones. values:
    (n, k). outcome: as asked for, ``Y``, ``~Y`` or ``Y{2}``; memberships: (n,) in that. cases: names.
    notes: what a reader must know. left_out: cases without a value.
    """

    conditions: tuple[str, ...]
    levels: tuple[int, ...]
    values: Floats
    outcome: str
    memberships: Floats
    cases: tuple[str, ...]
    notes: tuple[Fault, ...] = ()
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.cases)

    @property
    def space(self) -> int:
        """How many configurations there could be."""
        return int(np.prod(np.array(self.levels, dtype=np.float64)))

    @property
    def configurations(self) -> NDArray[np.int8]:
        """(n, k) the corner of the property space each case is nearest to; -1 where it is in none."""
        near = np.where(self.values > 0.5, 1, 0).astype(np.int8)
        near[self.values == 0.5] = -1
        for place, level in enumerate(self.levels):
            if level > 2:
                near[:, place] = self.values[:, place].astype(np.int8)
        return near


def negated(outcome: str) -> str:
    """``~Y`` for ``Y`` and ``Y`` for ``~Y``."""
    return outcome[1:] if outcome.startswith("~") else f"~{outcome}"


def case_names(frame: pd.DataFrame) -> tuple[str, ...]:
    """The column ``case`` where rows are only counted, else the index."""
    import pandas as pd

    if "case" in frame and isinstance(frame.index, pd.RangeIndex):
        return tuple(map(str, frame["case"]))
    return tuple(map(str, frame.index))


def read_cases(
    frame: pd.DataFrame, outcome: str, conditions: Sequence[str], *, missing: Missing = "refuse"
) -> Cases:
    """Columns of a frame as sets.

    Values between 0 and 1 are memberships; a condition of whole numbers from 0 or 1 to at most 9, none
    skipped, is multi-value. missing: ``refuse`` cases without a value, or ``leave out`` and name them;
    never 0. InputError lists columns that are not there, not numbers, outside, missing or constant.
    """
    if missing not in ("refuse", "leave out"):
        raise ValueError(f"missing must be 'refuse' or 'leave out', got {missing!r}")
    names = list(conditions)
    if not names or len(set(names)) != len(names):
        raise ValueError(f"conditions must name one or more different columns, got {names!r}")
    hit = _OUTCOME.fullmatch(outcome)
    if hit is None:
        raise ValueError(f"outcome must be a column, 'Y' or '~Y', got {outcome!r}")
    sign, column, level = hit.groups()
    if column in names:
        raise ValueError(f"outcome {column!r} is among the conditions")
    faults = [Fault("qca.no_column", {"column": name}) for name in (*names, column) if name not in frame]
    if faults:
        raise InputError(faults)
    cases = case_names(frame)
    twice = sorted({one for one in cases if cases.count(one) > 1}) if len(set(cases)) < len(cases) else []
    if twice:
        faults.append(Fault("qca.case_twice", {"cases": _listed(twice)}))
    table = np.column_stack([_numbers(frame, name, faults) for name in (*names, column)])
    if faults:
        raise InputError(faults)
    gaps: NDArray[np.bool_] = np.asarray(np.isnan(table).any(axis=1), dtype=bool)
    if gaps.any() and missing == "refuse":
        raise InputError(_missing(table, (*names, column), cases))
    left_out = tuple(case for case, gap in zip(cases, gaps, strict=True) if gap)
    table, kept = table[~gaps], tuple(case for case, gap in zip(cases, gaps, strict=True) if not gap)
    if not kept:
        raise InputError(Fault("qca.no_cases"))
    levels = tuple(_level(table[:, place], name, faults) for place, name in enumerate(names))
    member = table[:, -1]
    if level is not None:
        member = (member == int(level)).astype(np.float64)
    elif ((member < 0) | (member > 1)).any():
        faults.append(_outside(column, member, kept))
    for place, name in enumerate((*names, column)):
        if np.ptp(table[:, place]) == 0:
            key = "qca.constant" if name != column else "qca.constant_outcome"
            faults.append(Fault(key, {"column": name, "value": f"{table[0, place]:g}", "n": len(kept)}))
    for place, name in enumerate(names):
        if levels[place] == 2 and ((table[:, place] < 0) | (table[:, place] > 1)).any():
            faults.append(_outside(name, table[:, place], kept))
    if faults:
        raise InputError(faults)
    if sign:
        member = 1 - member
    found = Cases(tuple(names), levels, table[:, :-1], outcome, member, kept, (), left_out)
    if found.space > LARGEST_SPACE:
        raise InputError(Fault("qca.space", {"k": len(names), "rows": found.space, "most": LARGEST_SPACE}))
    return Cases(
        found.conditions, levels, found.values, outcome, member, kept, tuple(_notes(found)), left_out
    )


def _numbers(frame: pd.DataFrame, name: str, faults: list[Fault]) -> Floats:
    import pandas as pd

    column = frame[name]
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = np.isnan(numbers) & column.notna().to_numpy()
    if wrong.any():
        got = str(column[wrong].iloc[0])
        faults.append(Fault("qca.not_number", {"column": name, "n": int(wrong.sum()), "got": got}))
    return numbers


def _level(column: Floats, name: str, faults: list[Fault]) -> int:
    top = float(column.max())
    if top <= 1:
        return 2
    # Counts that nobody calibrated are whole numbers too, but they leave gaps.
    values = np.unique(column)
    if values[0] in (0, 1) and len(values) == top - values[0] + 1 and top < MOST_VALUES:
        return int(top) + 1
    return 2  # and outside, which is said later


def _missing(table: Floats, names: Sequence[str], cases: Sequence[str]) -> list[Fault]:
    faults = []
    for place, name in enumerate(names):
        without = [case for case, gap in zip(cases, np.isnan(table[:, place]), strict=True) if gap]
        if without:
            values = {"column": name, "n": len(without), "cases": _listed(without)}
            faults.append(Fault("qca.missing", values))
    return faults


def _outside(name: str, column: Floats, cases: Sequence[str]) -> Fault:
    wrong = np.flatnonzero((column < 0) | (column > 1))
    shown = _listed([f"{cases[int(one)]} ({column[one]:g})" for one in wrong])
    return Fault("qca.outside", {"column": name, "n": len(wrong), "cases": shown})


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")


def _notes(found: Cases) -> list[Fault]:
    notes = []
    for place, name in enumerate(found.conditions):
        if found.levels[place] > 2:
            continue
        column = found.values[:, place]
        between = [case for case, value in zip(found.cases, column, strict=True) if value == 0.5]
        if between:
            notes.append(Fault("qca.note.half", {"column": name, "cases": _listed(between)}))
        if (column >= 0.5).all() or (column <= 0.5).all():
            notes.append(Fault("qca.note.one_side", {"column": name}))
    halves = [case for case, value in zip(found.cases, found.memberships, strict=True) if value == 0.5]
    if halves:
        notes.append(Fault("qca.note.half", {"column": found.outcome, "cases": _listed(halves)}))
    if (found.memberships <= 0.5).all() or (found.memberships >= 0.5).all():
        notes.append(Fault("qca.note.one_side", {"column": found.outcome}))
    if found.space > len(found):
        k, n = len(found.conditions), len(found)
        values = {"k": k, "n": n, "rows": found.space, "ratio": f"{k / n:.2f}"}
        notes.append(Fault("qca.note.many_conditions", values))
    if found.left_out:
        values = {"n": len(found.left_out), "cases": _listed(found.left_out)}
        notes.append(Fault("qca.note.left_out", values))
    return notes
