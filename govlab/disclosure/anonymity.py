"""Rows that few others resemble: what to look at before respondents' data leave the house."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def rare_groups(frame: pd.DataFrame, quasi_identifiers: Sequence[str], *, k: int = 5) -> pd.DataFrame:
    """The combinations of quasi-identifiers that fewer than ``k`` rows have, with their ``n``, rarest first.

    None are left where the rows are k-anonymous (Sweeney 2002). A missing value counts as a value of
    its own. KeyError names columns that are not there.
    """
    if k < 2:
        raise ValueError(f"k must be at least 2, got {k!r}")
    names = list(quasi_identifiers)
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise KeyError(f"quasi_identifiers: the frame has no column {', '.join(missing)}")
    if not names or frame.empty:
        return frame[names].iloc[:0].assign(n=0)
    sizes = frame.groupby(names, dropna=False, observed=True).size().rename("n").reset_index()
    return sizes[sizes["n"] < k].sort_values(["n", *names], ignore_index=True)
