"""Enhanced standard analysis: remainders that nobody can assume to have the outcome are ruled out first.

Schneider & Wagemann (2012), Set-Theoretic Methods for the Social Sciences, ch. 8; (2013), Political
Research Quarterly 66, 211-220.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.qca.expression import Terms, configurations_of, covers, parse, term_text
from govlab.compare.qca.solution import minimise
from govlab.compare.qca.table import TruthTable
from govlab.errors import Fault
from govlab.language import say
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

REASONS = ("impossible", "against-necessity", "both-ways")


@dataclass(frozen=True, eq=False)
class Untenable(Result):
    """Remainders that no solution may assume, and why.

    frame: ``row``, ``configuration``, ``reason`` (impossible, against-necessity, both-ways). rows: for
    ``minimise(exclude=)``. subset_of_both: rows with cases that pass for the outcome and its negation.
    """

    frame: pd.DataFrame
    rows: tuple[int, ...]
    subset_of_both: tuple[int, ...]
    notes: tuple[Fault, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame``."""
        return {name: say(f"qca.column.{name}", lang=lang) for name in ("row", "configuration", "reason")}

    def summary(self) -> str:
        """How many rows are ruled out."""
        lines = [f"remainders ruled out: {len(self.rows)}"]
        return "\n".join([*lines, *(note.text("en") for note in self.notes)])


def untenable(
    table: TruthTable,
    *,
    negation: TruthTable | None = None,
    necessary: Sequence[str] = (),
    impossible: Sequence[str] = (),
) -> Untenable:
    """Remainders of a truth table that must not be assumed to show its outcome.

    negation: the table of the negated outcome; remainders that the parsimonious solutions of both use are
    assumed both ways. necessary: what was found necessary for the outcome, ``A`` or ``A + ~B``; a
    configuration outside cannot show it. impossible: terms that cannot exist, ``A*~B``.
    """
    import pandas as pd

    levels, names = table.data.levels, table.data.conditions
    rows = table.remainders()
    configurations = configurations_of(rows, levels)
    reasons: list[tuple[str, NDArray[np.bool_]]] = []
    if impossible:
        hit = _within(" + ".join(impossible), table, configurations)
        reasons.append(("impossible", hit))
    for expression in necessary:
        reasons.append(("against-necessity", ~_within(expression, table, configurations)))
    both: tuple[int, ...] = ()
    if negation is not None:
        if negation.data.conditions != names:
            raise ValueError("negation: a table over the same conditions, in the same order")
        reasons.append(("both-ways", np.isin(rows, _both_ways(table, negation))))
        mine = {int(r) for r, code in zip(table.rows, table.outcome, strict=True) if code == "1"}
        theirs = {int(r) for r, code in zip(negation.rows, negation.outcome, strict=True) if code == "1"}
        both = tuple(sorted(mine & theirs))
    found = []
    for place, row in enumerate(rows):
        why = [reason for reason, hit in reasons if hit[place]]
        if why:
            found.append((int(row), term_text(configurations[place], names, levels), why[0]))
    frame = pd.DataFrame(found, columns=["row", "configuration", "reason"])
    notes = (Fault("qca.note.subset_of_both", {"rows": ", ".join(map(str, both))}),) if both else ()
    return Untenable(frame, tuple(frame["row"]), both, notes)


def _within(expression: str, table: TruthTable, configurations: Terms) -> NDArray[np.bool_]:
    """(r,) which configurations lie within an expression."""
    terms = parse(expression, table.data.conditions, table.data.levels)
    return np.asarray(covers(terms, configurations).any(axis=1), dtype=bool)


def _both_ways(table: TruthTable, negation: TruthTable) -> NDArray[np.int64]:
    """Remainders that some parsimonious model of the outcome and some of its negation assume."""
    if "1" not in table.outcome or "1" not in negation.outcome:
        return np.zeros(0, dtype=np.int64)
    used = []
    for one in (table, negation):
        models = minimise(one, solution="parsimonious").models
        used.append({row for model in models for row in model.assumptions})
    return np.array(sorted(used[0] & used[1]), dtype=np.int64)
