"""Result types and the one vocabulary of columns that every estimate table uses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# Order in which a frame of estimates shows its columns, after the grouping columns.
COLUMNS = (
    "term",
    "estimate",
    "std_error",
    "statistic",
    "df",
    "p_value",
    "conf_low",
    "conf_high",
    "deff",
    "n",
    "reason",
)


class Result(ABC):
    """Something computed that shows itself: a frame, a summary in words, an HTML table."""

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """The numbers as a new data frame; changing it changes nothing here."""

    @abstractmethod
    def summary(self) -> str:
        """What was computed, on how many rows, in a few plain lines."""

    def _repr_html_(self) -> str:
        from html import escape

        table = self.to_frame().to_html(index=False, border=0, float_format="{:.4g}".format, na_rep="")
        return f"<pre>{escape(self.summary())}</pre>{table}"

    def __str__(self) -> str:
        return self.summary()


@dataclass(frozen=True)
class NotApplicable:
    """A statistic that does not exist here, and why; stands where the number would stand.

    reason: stable id, e.g. ``one-psu``, ``empty-cell``, ``few-clusters``.
    detail: one English sentence with the numbers that led to it.
    """

    reason: str
    detail: str

    def __str__(self) -> str:
        return self.detail


@dataclass(frozen=True, eq=False)
class Estimates(Result):
    """A table of estimates in the common columns.

    frame: grouping columns first, then those of COLUMNS that apply; ``reason`` says why a cell is empty.
    method: what was computed, in words. level: confidence level of the intervals, or None.
    n_used, n_dropped: rows used, and rows left out for missing values.
    notes: what a reader must know (df rule, lonely PSUs, calibration).
    """

    frame: pd.DataFrame
    method: str
    level: float | None = 0.95
    n_used: int = 0
    n_dropped: int = 0
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """Method, level, rows used and dropped, notes."""
        lines = [self.method]
        if self.level is not None:
            lines.append(f"intervals: {100 * self.level:g} %")
        lines.append(f"rows used: {self.n_used:,}; left out: {self.n_dropped:,}")
        lines.extend(self.notes)
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class TestResult(Result):
    """One test: the null in words, the statistic, its reference distribution, p; or why there is none."""

    __test__ = False  # not a test class, whatever its name

    null: str
    method: str
    statistic: float
    df: tuple[float, ...]
    p_value: float
    n_used: int = 0
    n_dropped: int = 0
    notes: tuple[str, ...] = ()
    not_applicable: NotApplicable | None = None

    def to_frame(self) -> pd.DataFrame:
        """One row: statistic, df (one or two), p."""
        import pandas as pd

        row: dict[str, object] = {"statistic": self.statistic, "df": self.df[0] if self.df else float("nan")}
        if len(self.df) > 1:
            row["df_denominator"] = self.df[1]
        row |= {"p_value": self.p_value, "n": self.n_used}
        row["reason"] = self.not_applicable.reason if self.not_applicable else ""
        return pd.DataFrame([row])

    def summary(self) -> str:
        """The null, the method and the outcome in plain lines."""
        lines = [f"null: {self.null}", self.method]
        if self.not_applicable is not None:
            lines.append(f"not applicable: {self.not_applicable.detail}")
        else:
            dfs = ", ".join(f"{one:g}" for one in self.df)
            lines.append(f"statistic {self.statistic:.4g} on {dfs} df, p = {self.p_value:.4g}")
        lines.append(f"rows used: {self.n_used:,}; left out: {self.n_dropped:,}")
        lines.extend(self.notes)
        return "\n".join(lines)
