"""Domains: the groups that a ``by`` names, as codes over all rows of a design and a label for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from govlab.survey import stages
from govlab.survey.design import Design, Mask
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
    codes, labels = stages.encode(design.frame[columns[0]])
    outside = None if design.inside is None else ~design.inside
    outside = _also(outside, codes)
    levels = [labels]
    for name in columns[1:]:
        more, labels = stages.encode(design.frame[name])
        outside = _also(outside, more)
        levels.append(labels)
        codes = codes * len(labels) + more
    present = np.arange(len(labels))
    if outside is not None or len(columns) > 1:
        if outside is not None:
            codes = np.where(outside, -1, codes)
        codes, kept = stages.dense(codes)
        present = kept.astype(np.intp)
        if len(present) and present[0] < 0:
            codes -= 1
            present = present[1:]
            codes[codes < 0] = len(present)
    shown: dict[str, object] = {}
    for name, labels in zip(columns[::-1], levels[::-1], strict=True):
        shown[name] = labels.iloc[present % len(labels)].array
        present = present // len(labels)
    frame = pd.DataFrame({name: shown[name] for name in columns})
    return Domains(codes, len(frame), frame)


def _also(outside: Mask | None, codes: Codes) -> Mask | None:
    if codes.min(initial=0) >= 0:
        return outside
    missing = codes < 0
    return missing if outside is None else outside | missing
