"""Where coders part: agreement code by code, and the list of disagreements with their passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from govlab.compare.agreement.codes import pairs, read
from govlab.compare.agreement.coefficients import alpha, tallies

if TYPE_CHECKING:
    import pandas as pd


def by_category(
    data: pd.DataFrame,
    coders: Sequence[str],
    *,
    missing: Sequence[object] = (),
    values: Sequence[object] | None = None,
) -> pd.DataFrame:
    """Agreement on each code against all others.

    Columns: ``code``; ``n`` times given (among units with two codes or more); ``specific``: when one coder
    gives it, how often another does (Cicchetti & Feinstein 1990); ``alpha``: Krippendorff's of this code
    against the rest; ``kappa``: Fleiss' on units coded by all (Fleiss 1971); ``mistaken_for``: the code
    that most often stands against it. Codes never given have no number.
    """
    import pandas as pd

    codes = read(data, coders, missing, values)
    places = codes.places[(codes.places >= 0).sum(axis=1) >= 2]
    k = len(codes.values)
    _, first, second, weight = pairs(places)
    together = np.bincount(first * k + second, weights=weight, minlength=k * k).reshape(k, k)
    totals = together.sum(axis=0)
    full = tallies(places[(places >= 0).all(axis=1)], k)
    rows = []
    for place, code in enumerate(codes.values):
        given = totals[place]
        rest = totals.sum() - given
        own = together[place, place]
        two = np.array([[own, given - own], [given - own, rest - (given - own)]])
        away = together[place].copy()
        away[place] = 0
        rows.append(
            {
                "code": code,
                "n": int((places == place).sum()),
                "specific": own / given if given > 0 else np.nan,
                "alpha": alpha(two, np.arange(2.0), "nominal"),
                "kappa": _kappa(full, place),
                "mistaken_for": codes.values[int(away.argmax())] if away.any() else None,
            }
        )
    frame = pd.DataFrame(rows)
    frame["mistaken_for"] = pd.Series([row["mistaken_for"] for row in rows], dtype=object)
    return frame


def _kappa(counts: np.ndarray, place: int) -> float:
    """Fleiss' kappa of one code against the rest, from (units, k) tallies of units coded by all."""
    if not len(counts):
        return float("nan")
    m, n = counts[0].sum(), len(counts)
    mine = counts[:, place]
    share = mine.sum() / (n * m)
    if not 0 < share < 1:
        return float("nan")
    return float(1 - (mine * (m - mine)).sum() / (n * m * (m - 1) * share * (1 - share)))


def disagreements(
    data: pd.DataFrame,
    coders: Sequence[str],
    *,
    keep: Sequence[str] = (),
    missing: Sequence[object] = (),
    values: Sequence[object] | None = None,
) -> pd.DataFrame:
    """Units on which coders differ, the widest apart first, with the columns that lead to the passage.

    keep: columns shown before the codes (unit, item, document, place, passage). Adds ``codes``: different
    codes given; ``apart``: places between lowest and highest in the order of the codes; ``most``: the code
    that most gave, None without one.
    """
    import pandas as pd

    for name in keep:
        if name not in data.columns:
            raise KeyError(f"keep: the table has no column {name!r}")
    codes = read(data, coders, missing, values)
    rows = []
    for row, places in enumerate(codes.places):
        given = places[places >= 0]
        kinds, counts = np.unique(given, return_counts=True)
        if len(kinds) < 2:
            continue
        alone = (counts == counts.max()).sum() == 1
        line = {name: data[name].iloc[row] for name in (*keep, *coders)}
        line["codes"], line["apart"] = len(kinds), int(given.max() - given.min())
        line["most"] = codes.values[kinds[counts.argmax()]] if alone else None
        rows.append(line)
    frame = pd.DataFrame(rows, columns=[*keep, *coders, "codes", "apart", "most"])
    frame["most"] = pd.Series([row["most"] for row in rows], dtype=object)
    return frame.sort_values(["apart", "codes"], ascending=False, kind="stable").reset_index(drop=True)
