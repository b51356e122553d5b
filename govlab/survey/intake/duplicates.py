"""Who may have answered twice: looked at while account and IP columns are still there, then kept as flags."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govlab.survey.intake.raw import Column

_FEWEST_ANSWERS = 10
_STEP = np.uint64(0x9E3779B97F4A7C15)


def repeats(columns: Sequence[Column], rows: int) -> NDArray[np.bool_]:
    """(rows,) True where one of the columns holds a value that an earlier row already had."""
    found = np.zeros(rows, dtype=bool)
    for column in columns:
        found |= _later(column.codes.astype(np.int64)) & ~column.spread(column.blank())
    return found


def same_answers(columns: Sequence[Column], rows: int, fewest: int = _FEWEST_ANSWERS) -> NDArray[np.bool_]:
    """(rows,) True where every answer is that of an earlier row, and at least ``fewest`` were given."""
    if not columns:
        return np.zeros(rows, dtype=bool)
    digest = np.zeros(rows, dtype=np.uint64)
    given = np.zeros(rows, dtype=np.int32)
    for column in columns:
        blank = column.blank()
        # Blank cells count as one value, however they are written.
        codes = np.where(blank, len(column.values), np.arange(len(column.values))).astype(np.uint64)
        digest = (digest ^ (codes[column.codes] + np.uint64(1))) * _STEP
        digest ^= digest >> np.uint64(29)
        given += ~blank[column.codes]
    return _later(digest) & (given >= fewest)


def _later(keys: NDArray[np.generic]) -> NDArray[np.bool_]:
    """True at every occurrence of a key but its first."""
    order = np.argsort(keys, kind="stable")
    again = np.zeros(len(keys), dtype=bool)
    ordered = keys[order]
    again[order[1:]] = ordered[1:] == ordered[:-1]
    return again
