"""One model of a solution: its terms with their fit, the cases they cover, and the cases they do not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.qca import fit
from govlab.compare.qca.cases import Cases
from govlab.compare.qca.expression import (
    Terms,
    canonical,
    configurations_within,
    membership,
    order_key,
    row_numbers,
    term_text,
)
from govlab.language import say
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
# Kinds of cases (Schneider & Rohlfing 2013, Sociological Methods & Research 42, 559-597).
KINDS = ("typical", "deviant-consistency", "deviant-coverage", "irrelevant", "undecided")


@dataclass(frozen=True, eq=False)
class Term:
    """A term of a model. cases: more in it than out; unique_cases: those of them in no other term."""

    expression: str
    inclusion: float
    pri: float
    coverage: float
    unique_coverage: float
    cases: tuple[str, ...]
    unique_cases: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Model(Result):
    """Terms that together are sufficient for the outcome.

    literals: (t, k) in order, see ``expression``. coded: numbers of the truth-table rows that have cases.
    Fit is worked out when it is asked for, so that a thousand models cost little.
    """

    data: Cases
    literals: Terms
    coded: NDArray[np.int64]

    @cached_property
    def expression(self) -> str:
        """Canonical: terms and literals in the order of the conditions."""
        return canonical(self.literals, self.data.conditions, self.data.levels)

    @property
    def inclusion(self) -> float:
        """How far the model lies within the outcome."""
        return self._fit[0]

    @property
    def pri(self) -> float:
        """Proportional reduction in inconsistency of the model."""
        return self._fit[1]

    @property
    def coverage(self) -> float:
        """How much of the outcome lies within the model."""
        return self._fit[2]

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Every term by itself, in order."""
        each, y = membership(self.data.values, self.literals, self.data.levels), self.data.memberships
        fits = np.column_stack(
            [fit.inclusion(each, y), fit.pri(each, y), fit.coverage(each, y), fit.unique_coverage(each, y)]
        )
        inside = each > 0.5
        alone = inside & (inside.sum(axis=1) == 1)[:, None]
        found = []
        for place, row in enumerate(self.literals):
            held, own = (
                tuple(self.data.cases[one] for one in np.flatnonzero(which[:, place]))
                for which in (inside, alone)
            )
            text = term_text(row, self.data.conditions, self.data.levels)
            inclusion, reduction, share, alone_share = (float(one) for one in fits[place])
            found.append(Term(text, inclusion, reduction, share, alone_share, held, own))
        return tuple(found)

    @cached_property
    def assumptions(self) -> tuple[int, ...]:
        """Numbers of the remainders that the model covers."""
        rows: set[int] = set()
        for term in self.literals:
            inside = row_numbers(configurations_within(term, self.data.levels), self.data.levels)
            rows |= set(inside.tolist())
        return tuple(sorted(rows - set(self.coded.tolist())))

    @cached_property
    def _fit(self) -> tuple[float, float, float]:
        whole, y = self.membership[:, None], self.data.memberships
        found = (fit.inclusion(whole, y), fit.pri(whole, y), fit.coverage(whole, y))
        return float(found[0][0]), float(found[1][0]), float(found[2][0])

    @cached_property
    def membership(self) -> Floats:
        """(n,) membership of the cases in the model: the largest of those in its terms."""
        found: Floats = membership(self.data.values, self.literals, self.data.levels).max(axis=1)
        return found

    def to_frame(self) -> pd.DataFrame:
        """``term``, its fit, ``cases`` and ``unique_cases``; a row a term, the model in the last."""
        import pandas as pd

        rows = [
            (
                one.expression, one.inclusion, one.pri, one.coverage, one.unique_coverage,
                ", ".join(one.cases), ", ".join(one.unique_cases),
            )
            for one in self.terms
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=["term", *_COLUMNS])
        whole: dict[str, object] = dict.fromkeys(frame.columns, "")
        whole |= {"term": self.expression, "unique_coverage": np.nan}
        whole |= {"inclusion": self.inclusion, "pri": self.pri, "coverage": self.coverage}
        return pd.concat([frame, pd.DataFrame([whole])], ignore_index=True)

    def cases(self) -> pd.DataFrame:
        """A row a case: membership in the model and the outcome, the terms it is in, its kind.

        typical: in both; deviant-consistency: in the model only; deviant-coverage: in the outcome only;
        irrelevant: in neither; undecided: at 0.5.
        """
        import pandas as pd

        each = membership(self.data.values, self.literals, self.data.levels)
        model, outcome = each.max(axis=1), self.data.memberships
        within = [
            " + ".join(term.expression for term, own in zip(self.terms, row, strict=True) if own > 0.5)
            for row in each
        ]
        kinds = [kind_of(x, y) for x, y in zip(model, outcome, strict=True)]
        return pd.DataFrame(
            {"case": self.data.cases, "model": model, "outcome": outcome, "terms": within, "kind": kinds}
        )

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame``."""
        return {name: say(f"qca.column.{name}", lang=lang) for name in ("term", *_COLUMNS)}

    def summary(self) -> str:
        """The expression and its fit."""
        return (
            f"{self.expression} -> {self.data.outcome}\n"
            f"inclusion {self.inclusion:.3f}, PRI {self.pri:.3f}, coverage {self.coverage:.3f}"
        )


_COLUMNS = ("inclusion", "pri", "coverage", "unique_coverage", "cases", "unique_cases")


def kind_of(model: float, outcome: float) -> str:
    """The kind of a case from its membership in model and outcome."""
    if model == 0.5 or outcome == 0.5:
        return "undecided"
    if model > 0.5:
        return "typical" if outcome > 0.5 else "deviant-consistency"
    return "deviant-coverage" if outcome > 0.5 else "irrelevant"


def model_of(data: Cases, literals: Terms, coded: NDArray[np.int64]) -> Model:
    """The model of (t, k) terms. coded: numbers of the rows with cases."""
    ordered = np.array(sorted(literals, key=order_key), dtype=np.int8)
    return Model(data, ordered, coded)
