"""The chart papers print: terms as columns, conditions as rows, core conditions large, others small.

Ragin & Fiss (2008), in Ragin, Redesigning Social Inquiry, ch. 11; Fiss (2011), Academy of Management Journal
54, 393-420: core is what the parsimonious solution holds too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govlab.compare.qca.expression import FREE
from govlab.compare.qca.model import Model
from govlab.compare.qca.solution import Solution
from govlab.language import say
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

# present and core, present, absent and core, absent; the small ones stand in brackets where size is lost
MARKS = {(1, True): "●", (1, False): "(●)", (0, True): "⊗", (0, False): "(⊗)"}


@dataclass(frozen=True, eq=False)
class FissChart(Result):
    """A model drawn by condition. marks: (k, t) value or None for silence; core: (k, t)."""

    model: Model
    marks: tuple[tuple[int | None, ...], ...]
    core: tuple[tuple[bool, ...], ...]

    def to_frame(self) -> pd.DataFrame:
        """A row a condition, then fit by term: ``●`` present, ``⊗`` absent, in brackets where not core."""
        import pandas as pd

        levels = self.model.data.levels
        rows: dict[str, list[object]] = {}
        for place, name in enumerate(self.model.data.conditions):
            marks = zip(self.marks[place], self.core[place], strict=True)
            rows[name] = [self._mark(value, core, levels[place]) for value, core in marks]
        frame = pd.DataFrame(rows).T
        frame.columns = [f"term {number}" for number in range(1, len(self.model.terms) + 1)]
        frame.insert(0, "condition", list(rows))
        return frame.reset_index(drop=True)

    @staticmethod
    def _mark(value: int | None, core: bool, levels: int) -> str:
        if value is None:
            return ""
        if levels > 2:
            return f"{value}" if core else f"({value})"
        return MARKS[value, core]

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame``."""
        found = {"condition": say("qca.column.condition", lang=lang)}
        for number in range(1, len(self.model.terms) + 1):
            found[f"term {number}"] = say("qca.column.term_number", {"number": number}, lang=lang)
        return found

    def summary(self) -> str:
        """The model."""
        return self.model.summary()


def fiss(model: Model, parsimonious: Solution | None = None) -> FissChart:
    """The chart of a model; core are the literals of a parsimonious term that holds the model's term.

    parsimonious: of the same table; where several models hold, one of them is enough. None: all core.
    """
    literals = model.literals
    core = np.full(literals.shape, parsimonious is None)
    if parsimonious is not None:
        for other in parsimonious.models:
            for goal in other.literals:
                within = ((goal == FREE) | (goal == literals)).all(axis=1)
                core |= within[:, None] & (goal != FREE)
    core &= literals != FREE
    marks = tuple(tuple(None if value == FREE else int(value) for value in row) for row in literals.T)
    return FissChart(model, marks, tuple(tuple(map(bool, row)) for row in core.T))
