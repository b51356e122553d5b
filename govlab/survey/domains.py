"""Domains: the groups that a ``by`` names, as codes over all rows of a design and a label for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govlab.survey import stages
from govlab.survey.design import Design
from govlab.survey.stages import Codes

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Domains:
    """Which rows belong to which domain.

    codes: (n,) 0 .. count-1, and ``count`` for rows of no domain; None: one domain that holds every row.
    labels: one row a domain, the columns of ``by``, in the order of their values.
    """

    codes: Codes | None
    count: int
    labels: pd.DataFrame

    def rows(self, domain: int) -> Codes:
        """The rows of one domain."""
        if self.codes is None:
            raise LookupError("one domain that holds every row")
        return np.flatnonzero(self.codes == domain)


def names(by: str | Sequence[str] | None) -> list[str]:
    """``by`` as a list of column names."""
    if by is None:
        return []
    return [by] if isinstance(by, str) else list(by)


def split(design: Design, by: str | Sequence[str] | None) -> Domains:
    """The domains of a design that occur among its rows inside; rows with a missing label are in none."""
    import pandas as pd

    columns = names(by)
    for name in columns:
        if name not in design.frame.columns:
            raise KeyError(f"by={name!r}: the frame has no such column")
    if not columns:
        codes = None if design.inside is None else np.where(design.inside, 0, 1)
        return Domains(codes, 1, pd.DataFrame(index=[0]))
    codes, count = stages.encode(design.frame[columns[0]])
    outside = None if design.inside is None else ~design.inside
    outside = _also(outside, codes)
    for name in columns[1:]:
        more, levels = stages.encode(design.frame[name])
        outside = _also(outside, more)
        codes, count = codes * levels + more, count * levels
    if outside is not None:
        codes = np.where(outside, -1, codes)
    if outside is not None or len(columns) > 1:
        codes, count = stages.dense(codes)
        if outside is not None and outside.any():
            codes -= 1
            count -= 1
    example = np.zeros(count + 1, dtype=np.intp)
    example[codes] = np.arange(len(codes))  # -1 lands in the spare last place
    labels = design.frame[columns].iloc[example[:count]].reset_index(drop=True)
    order = _order(labels)
    if (order[1:] < order[:-1]).any():
        place = np.empty(count + 1, dtype=np.intp)
        place[order] = np.arange(count)
        place[count] = count
        codes = place[codes]
        labels = labels.iloc[order].reset_index(drop=True)
    elif outside is not None:
        codes = np.where(codes < 0, count, codes)
    return Domains(codes, count, labels)


def _also(outside: np.ndarray | None, codes: Codes) -> np.ndarray | None:
    if codes.min(initial=0) >= 0:
        return outside
    missing: np.ndarray = codes < 0
    return missing if outside is None else outside | missing


def _order(labels: pd.DataFrame) -> Codes:
    """The order of the labels by value; as they came where values do not compare."""
    try:
        return labels.sort_values(list(labels.columns), kind="stable").index.to_numpy(dtype=np.intp)
    except TypeError:
        return np.arange(len(labels), dtype=np.intp)
