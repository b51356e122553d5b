"""How many people share a combination of characteristics: k-anonymity of named columns.

Sweeney (2002), Int. J. of Uncertainty, Fuzziness and Knowledge-Based Systems 10, 557-570. A missing value
is a value of its own: a gap can give somebody away as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.errors import Fault, InputError
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

LEAST = 5


@dataclass(frozen=True, eq=False)
class Anonymity(Result):
    """Combinations of the columns, and how many people are in small ones.

    k: people that a combination must have. smallest: people in the smallest one. exposed: people in
    combinations of fewer than k. cells: such combinations. without: column -> people exposed if that
    column were left out.
    """

    columns: tuple[str, ...]
    k: int
    smallest: int
    exposed: int
    cells: int
    without: dict[str, int]

    @property
    def holds(self) -> bool:
        """Whether every combination has at least k people."""
        return self.exposed == 0

    def to_frame(self) -> pd.DataFrame:
        """A row a column: people exposed if it were left out."""
        import pandas as pd

        return pd.DataFrame({"column": list(self.without), "exposed_without": list(self.without.values())})

    def summary(self) -> str:
        """The columns, the smallest combination and the people exposed."""
        return (
            f"{', '.join(self.columns)}: smallest combination {self.smallest}, "
            f"{self.exposed} people in {self.cells} combinations of fewer than {self.k}"
        )


def k_anonymity(frame: pd.DataFrame, columns: Sequence[str], k: int = LEAST) -> Anonymity:
    """Count people by the combination of ``columns``. KeyError for a column that is not there."""
    if k < 2:
        raise ValueError(f"k must be at least 2, got {k!r}")
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise KeyError(f"columns not in the frame: {', '.join(missing)}")
    if not columns:
        raise ValueError("columns must name at least one column")
    sizes = _sizes(frame, columns)
    small = sizes[sizes < k]
    without = {}
    for name in columns:
        rest = [other for other in columns if other != name]
        left = _sizes(frame, rest) if rest else None
        without[name] = int(left[left < k].sum()) if left is not None else 0
    smallest = int(sizes.min()) if len(sizes) else 0
    return Anonymity(tuple(columns), k, smallest, int(small.sum()), len(small), without)


def _sizes(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series[int]:
    keys = frame[list(columns)].astype(object)
    return keys.where(keys.notna(), "").astype(str).groupby(list(columns), sort=False).size()


def require(frame: pd.DataFrame, columns: Sequence[str], k: int = LEAST) -> None:
    """InputError, with the column that matters most, unless every combination has at least k people."""
    found = k_anonymity(frame, columns, k)
    if not found.holds:
        worst = min(found.without, key=lambda name: found.without[name])
        values: dict[str, object] = {
            "columns": ", ".join(columns),
            "n": found.exposed,
            "k": k,
            "cells": found.cells,
            "worst": worst,
        }
        raise InputError(Fault("survey_intake.export.k", values))
