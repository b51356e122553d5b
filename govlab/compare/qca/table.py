"""The truth table: configurations that cases show, how far they lie within the outcome, their codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.qca import fit
from govlab.compare.qca.cases import Cases, Missing, read_cases
from govlab.compare.qca.expression import Terms, configurations_of, membership, row_numbers
from govlab.errors import Fault
from govlab.language import say
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

# A cut of 0.8 is met by what is 0.8 but for rounding.
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class TruthTable(Result):
    """Configurations that cases show.

    inclusion_cut, pri_cut, frequency_cut: what codes a row. rows: their numbers, the first condition
    counting most; configurations: (r, k). n: cases nearest to each; inclusion, pri: (r,) of each row in
    the outcome (nan: undefined). outcome: ``1``, ``0``, or ``?`` for too few cases, which makes the row a
    remainder. cases: names by row.
    """

    data: Cases
    inclusion_cut: float
    pri_cut: float
    frequency_cut: int
    rows: NDArray[np.int64]
    configurations: Terms
    n: NDArray[np.int64]
    inclusion: NDArray[np.float64]
    pri: NDArray[np.float64]
    outcome: tuple[str, ...]
    cases: tuple[tuple[str, ...], ...]

    @property
    def notes(self) -> tuple[Fault, ...]:
        """What a reader must know: cases at 0.5, few cases, contradictions, no positive row."""
        found = list(self.data.notes)
        frame = self.contradictions()
        for row in frame.itertuples():
            values = {"row": row.row, "inside": row.inside, "outside": row.outside}
            found.append(Fault("qca.note.contradiction", values))
        if "1" not in self.outcome:
            found.append(Fault("qca.note.no_positive", {"outcome": self.data.outcome}))
        return tuple(found)

    def coded(self, code: str) -> Terms:
        """(r, k) the configurations coded ``1``, ``0`` or ``?``."""
        found: Terms = self.configurations[np.array([one == code for one in self.outcome], dtype=bool)]
        return found

    def remainders(self) -> NDArray[np.int64]:
        """Numbers of the rows without enough cases, in order. Up to 2^20 of them."""
        there = [row for row, code in zip(self.rows, self.outcome, strict=True) if code != "?"]
        return np.setdiff1d(np.arange(1, self.data.space + 1), np.array(there, dtype=np.int64))

    def contradictions(self) -> pd.DataFrame:
        """Rows whose cases disagree: ``row``, ``inside`` and ``outside`` the outcome, ``n``."""
        import pandas as pd

        place = {case: number for number, case in enumerate(self.data.cases)}
        found = []
        for row, names in zip(self.rows, self.cases, strict=True):
            values = [self.data.memberships[place[name]] for name in names]
            inside = [name for name, value in zip(names, values, strict=True) if value > 0.5]
            outside = [name for name, value in zip(names, values, strict=True) if value < 0.5]
            if inside and outside:
                found.append((int(row), ", ".join(inside), ", ".join(outside), len(names)))
        return pd.DataFrame(found, columns=["row", "inside", "outside", "n"])

    def to_frame(self, *, complete: bool = False) -> pd.DataFrame:
        """``row``, the conditions, ``n``, ``inclusion``, ``pri``, ``outcome``, ``cases``, by configuration.

        complete: configurations without cases too.
        """
        import pandas as pd

        frame = pd.DataFrame({"row": self.rows})
        for place, name in enumerate(self.data.conditions):
            frame[name] = self.configurations[:, place].astype(int)
        frame["n"] = self.n
        frame["inclusion"] = self.inclusion
        frame["pri"] = self.pri
        frame["outcome"] = list(self.outcome)
        frame["cases"] = [", ".join(names) for names in self.cases]
        if complete:
            missing = np.setdiff1d(np.arange(1, self.data.space + 1), self.rows)
            more = pd.DataFrame({"row": missing})
            configurations = configurations_of(missing, self.data.levels)
            for place, name in enumerate(self.data.conditions):
                more[name] = configurations[:, place].astype(int)
            more = more.assign(n=0, inclusion=np.nan, pri=np.nan, outcome="?", cases="")
            frame = pd.concat([frame, more], ignore_index=True).sort_values("row", ignore_index=True)
        return frame

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame``, for ``tables.publish``."""
        names = ("row", "n", "inclusion", "pri", "outcome", "cases")
        found = {name: say(f"qca.column.{name}", lang=lang) for name in names}
        found["outcome"] = self.data.outcome
        return found | {name: name for name in self.data.conditions}

    def summary(self) -> str:
        """Cases, rows, cuts, and what to know."""
        codes = {code: self.outcome.count(code) for code in ("1", "0", "?")}
        lines = [
            f"truth table of {self.data.outcome}: {len(self.data)} cases in {len(self.rows)} of "
            f"{self.data.space} configurations",
            f"coded 1: {codes['1']}, 0: {codes['0']}, too few cases: {codes['?']} (inclusion at least "
            f"{self.inclusion_cut:g}, PRI at least {self.pri_cut:g}, cases at least {self.frequency_cut})",
        ]
        return "\n".join([*lines, *(note.text("en") for note in self.notes)])


def truth_table(
    frame: pd.DataFrame,
    outcome: str,
    conditions: Sequence[str],
    *,
    inclusion: float = 0.8,
    pri: float = 0.0,
    frequency: int = 1,
    missing: Missing = "refuse",
) -> TruthTable:
    """The truth table of an outcome ``Y`` or ``~Y`` over conditions.

    frame: a row a case, memberships from 0 to 1 (or whole numbers for multi-value conditions), cases
    named by the index or a column ``case``. inclusion, pri: a row is coded 1 where it reaches both;
    frequency: and only rows with so many cases are coded at all. missing: as for ``read_cases``.
    InputError lists everything that is wrong with the columns. Ragin (2008), ch. 7.
    """
    for name, value in (("inclusion", inclusion), ("pri", pri)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must lie between 0 and 1, got {value!r}")
    if frequency < 1:
        raise ValueError(f"frequency must be at least 1, got {frequency!r}")
    return tabulate(read_cases(frame, outcome, conditions, missing=missing), inclusion, pri, frequency)


def tabulate(data: Cases, inclusion: float, pri: float, frequency: int) -> TruthTable:
    """The truth table of cases that were read."""
    near = data.configurations
    somewhere = (near >= 0).all(axis=1)
    numbers = np.where(somewhere, row_numbers(near, data.levels), 0)
    rows = np.unique(numbers[somewhere])
    configurations = configurations_of(rows, data.levels)
    x = membership(data.values, configurations, data.levels)
    included, reduction = fit.inclusion(x, data.memberships), fit.pri(x, data.memberships)
    n = np.array([(numbers == row).sum() for row in rows], dtype=np.int64)
    cases = tuple(tuple(data.cases[one] for one in np.flatnonzero(numbers == row)) for row in rows)
    codes = code(n, included, reduction, inclusion, pri, frequency)
    return TruthTable(
        data, inclusion, pri, frequency, rows, configurations, n, included, reduction, codes, cases
    )


def code(
    n: NDArray[np.int64],
    included: NDArray[np.float64],
    reduction: NDArray[np.float64],
    inclusion: float,
    pri: float,
    frequency: int,
) -> tuple[str, ...]:
    """``1``, ``0`` or ``?`` for each row; an undefined PRI counts as 0."""
    reaches = included >= inclusion - TOLERANCE
    reaches &= np.nan_to_num(reduction, nan=0.0) >= pri - TOLERANCE
    return tuple(
        "?" if count < frequency else "1" if good else "0" for count, good in zip(n, reaches, strict=True)
    )
