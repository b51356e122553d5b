"""A table of what was measured on a ledger or a matrix of duties, with what a reader must know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Measured(Result):
    """Rows of a measure.

    frame: a row each; ``reason`` says why a number is missing (a stable id, empty where there is one).
    method: what was computed, in words. notes: what a reader must know.
    """

    frame: pd.DataFrame
    method: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """Method, rows, rows without a number, notes."""
        lines = [self.method, f"rows: {len(self.frame):,}"]
        if "reason" in self.frame:
            missing = self.frame.loc[self.frame["reason"] != "", "reason"].value_counts(sort=False)
            lines += [f"without a number ({reason}): {count:,}" for reason, count in missing.items()]
        lines.extend(self.notes)
        return "\n".join(lines)
