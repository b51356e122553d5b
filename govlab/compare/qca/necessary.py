"""Necessity: conditions, and minimal disjunctions of them, that cases with the outcome do not lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.qca import fit
from govlab.compare.qca.cases import Cases, Missing, read_cases
from govlab.compare.qca.expression import literal, literal_membership
from govlab.compare.qca.table import TOLERANCE
from govlab.errors import Fault
from govlab.language import say
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Literals = tuple[int, ...]
MOST = 50_000  # combinations of one length that are looked at


@dataclass(frozen=True, eq=False)
class Necessity(Result):
    """Sets of which the outcome may be a subset.

    frame: ``term``, ``kind`` (condition, disjunction, conjunction), ``inclusion``, ``ron``, ``coverage``,
    ``necessary``: whether both cuts are reached. longest: most literals of a combination looked at.
    """

    data: Cases
    frame: pd.DataFrame
    inclusion_cut: float
    ron_cut: float
    longest: int
    notes: tuple[Fault, ...] = ()

    @property
    def necessary(self) -> tuple[str, ...]:
        """What reaches both cuts."""
        return tuple(self.frame.loc[self.frame["necessary"], "term"])

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame``."""
        names = ("term", "kind", "inclusion", "ron", "coverage", "necessary")
        found = {name: say(f"qca.column.{name}", lang=lang) for name in names}
        return found | {"inclusion": say("qca.column.inclusion_n", lang=lang)}

    def summary(self) -> str:
        """What is necessary, by which cuts."""
        found = ", ".join(self.necessary) or "nothing"
        lines = [
            f"necessary for {self.data.outcome} (inclusion at least {self.inclusion_cut:g}, RoN at least "
            f"{self.ron_cut:g}): {found}"
        ]
        return "\n".join([*lines, *(note.text("en") for note in self.notes)])


def necessity(
    frame: pd.DataFrame,
    outcome: str,
    conditions: Sequence[str],
    *,
    inclusion: float = 0.9,
    ron: float = 0.5,
    longest: int | None = None,
    missing: Missing = "refuse",
) -> Necessity:
    """How far every condition and its absence is necessary for an outcome ``Y`` or ``~Y``.

    Below the single conditions: the minimal disjunctions (none does without one of its parts) and the
    maximal conjunctions that reach ``inclusion`` and ``ron``, the relevance of necessity. longest:
    literals of a disjunction, by default all conditions up to six of them, else three. Schneider &
    Wagemann (2012), ch. 3 and 9.2. InputError as for ``truth_table``.
    """
    for name, value in (("inclusion", inclusion), ("ron", ron)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must lie between 0 and 1, got {value!r}")
    data = read_cases(frame, outcome, conditions, missing=missing)
    return necessity_of(data, inclusion, ron, longest)


def necessity_of(
    data: Cases, inclusion: float = 0.9, ron: float = 0.5, longest: int | None = None
) -> Necessity:
    """Necessity over cases that were read."""
    import pandas as pd

    parts, columns, owners = _literals(data)
    k = len(data.conditions)
    longest = longest or (k if k <= 6 else 3)
    singles: list[Literals] = [(place,) for place in range(len(parts))]
    rows = _rows(data, parts, columns, singles, "condition", np.minimum)
    good = fit.coverage(columns, data.memberships) >= inclusion - TOLERANCE
    disjunctions, stopped = _disjunctions(data, columns, owners, good, inclusion, longest)
    conjunctions = _conjunctions(data, columns, owners, good, inclusion)
    found = _rows(data, parts, columns, disjunctions, "disjunction", np.maximum)
    found += _rows(data, parts, columns, conjunctions, "conjunction", np.minimum)
    frame = pd.DataFrame(rows + found, columns=["term", "kind", "inclusion", "ron", "coverage"])
    reached = frame["inclusion"] >= inclusion - TOLERANCE
    frame["necessary"] = reached & (frame["ron"].fillna(0.0) >= ron - TOLERANCE)
    frame = frame[(frame["kind"] == "condition") | frame["necessary"]].reset_index(drop=True)
    notes = list(data.notes)
    if stopped:
        notes.append(Fault("qca.note.longest", {"n": stopped - 1}))
    return Necessity(data, frame, inclusion, ron, longest, tuple(notes))


def _literals(data: Cases) -> tuple[list[str], Floats, list[int]]:
    """Every literal, its memberships (n, l), and the condition it belongs to; presence first."""
    names, columns, owners = [], [], []
    for place, level in enumerate(data.levels):
        for value in (1, 0) if level == 2 else range(level):
            names.append(literal(data.conditions[place], value, level))
            columns.append(literal_membership(data.values[:, place], value, level))
            owners.append(place)
    order = np.argsort([name.startswith("~") for name in names], kind="stable")
    return [names[one] for one in order], np.column_stack(columns)[:, order], [owners[one] for one in order]


def _rows(
    data: Cases, names: list[str], columns: Floats, sets: list[Literals], kind: str, join: np.ufunc
) -> list[tuple[object, ...]]:
    if not sets:
        return []
    x = np.column_stack([join.reduce(columns[:, list(one)], axis=1) for one in sets])
    y = data.memberships
    sign = " + " if kind == "disjunction" else "*"
    found = zip(sets, fit.coverage(x, y), fit.relevance(x, y), fit.inclusion(x, y), strict=True)
    place = {name: number for number, name in enumerate(data.conditions)}

    def in_order(one: Literals) -> str:
        texts = sorted((names[part] for part in one), key=lambda text: place[text.lstrip("~").split("{")[0]])
        return sign.join(texts)

    return [(in_order(one), kind, float(a), float(b), float(c)) for one, a, b, c in found]


def _disjunctions(
    data: Cases, columns: Floats, owners: list[int], good: NDArray[np.bool_], inclusion: float, longest: int
) -> tuple[list[Literals], int]:
    """Disjunctions that reach the cut while none of their parts does; and the length given up at, or 0."""
    y = data.memberships
    weak = [int(one) for one in np.flatnonzero(~good)]
    open_: list[Literals] = [(one,) for one in weak]
    found: list[Literals] = []
    minimal: set[frozenset[int]] = set()
    for length in range(2, longest + 1):
        longer = [
            (*one, other)
            for one in open_
            for other in weak
            if other > one[-1] and owners[other] not in {owners[part] for part in one}
        ]
        longer = [one for one in longer if not any(set(part) <= set(one) for part in minimal)]
        if len(longer) > MOST:
            return found, length
        if not longer:
            break
        x = np.column_stack([columns[:, list(one)].max(axis=1) for one in longer])
        reached = fit.coverage(x, y) >= inclusion - TOLERANCE
        found += [one for one, yes in zip(longer, reached, strict=True) if yes]
        minimal |= {frozenset(one) for one, yes in zip(longer, reached, strict=True) if yes}
        open_ = [one for one, yes in zip(longer, reached, strict=True) if not yes]
    return found, 0


def _conjunctions(
    data: Cases, columns: Floats, owners: list[int], good: NDArray[np.bool_], inclusion: float
) -> list[Literals]:
    """Conjunctions of necessary literals that still reach the cut, the longest ones only."""
    y = data.memberships
    level: list[Literals] = [(int(one),) for one in np.flatnonzero(good)]
    kept: list[Literals] = []
    while level:
        longer = [
            (*one, int(other))
            for one in level
            for other in np.flatnonzero(good)
            if other > one[-1] and owners[other] not in {owners[part] for part in one}
        ][:MOST]
        if not longer:
            break
        x = np.column_stack([columns[:, list(one)].min(axis=1) for one in longer])
        level = [one for one, c in zip(longer, fit.coverage(x, y), strict=True) if c >= inclusion - TOLERANCE]
        kept = [one for one in kept if not any(set(one) < set(other) for other in level)] + level
    return kept
