"""Codes of several coders as numbers: which value, by whom, on what unit; what counts as missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Codes:
    """places: (units, coders) position of each code among ``values``, -1 where there is none.

    values: the codes in their order. numbers: (k,) their values, for intervals and ratios; else positions.
    """

    places: Integers
    values: tuple[object, ...]
    numbers: Floats
    coders: tuple[str, ...]


def read(
    data: pd.DataFrame,
    coders: Sequence[str],
    missing: Sequence[object],
    values: Sequence[object] | None,
    *,
    numeric: bool = False,
    ordered: bool = False,
) -> Codes:
    """The coders' columns; InputError lists codes outside ``values``, or text where numbers are needed.

    values: the allowed codes in order; without them those that occur, numbers in their order. Codes that
    are ordered but not numbers need values.
    """
    import pandas as pd

    if len(coders) < 2 or len(set(coders)) != len(coders):
        raise ValueError(f"coders: two or more different columns, got {list(coders)!r}")
    for name in coders:
        if name not in data.columns:
            raise KeyError(f"coders: the table has no column {name!r}")
    raw = data[list(coders)].astype(object)
    raw = raw.where(raw.notna() & ~raw.isin(list(missing)), None)
    used = list(dict.fromkeys(one for one in raw.to_numpy().ravel() if one is not None))
    as_numbers = pd.to_numeric(pd.Series(used, dtype=object), errors="coerce")
    whole = bool(as_numbers.notna().all())
    faults = []
    if numeric and not whole:
        strange = [str(one) for one, gone in zip(used, as_numbers.isna(), strict=True) if gone]
        faults.append(Fault("agreement.not_numbers", {"values": ", ".join(strange[:_SHOWN])}))
    elif ordered and values is None and not whole:
        shown = ", ".join(map(str, used[:_SHOWN]))
        faults.append(Fault("agreement.no_order", {"values": shown}))
    if values is not None:
        known = {_key(one) for one in values}
        strange = [str(one) for one in used if _key(one) not in known]
        if strange:
            faults.append(Fault("agreement.unknown_codes", {"values": ", ".join(strange[:_SHOWN])}))
    if not used:
        faults.append(Fault("agreement.no_codes"))
    if faults:
        raise InputError(faults)
    if values is not None:
        order = list(values)
    else:
        order = sorted(used, key=lambda one: float(str(one))) if whole else sorted(used, key=str)
    keys = {_key(one): place for place, one in reversed(list(enumerate(order)))}
    order = [one for place, one in enumerate(order) if keys[_key(one)] == place]
    keys = {_key(one): place for place, one in enumerate(order)}
    places = raw.map(lambda one: -1 if one is None else keys[_key(one)]).to_numpy(dtype=np.int64)
    numbers = pd.to_numeric(pd.Series(order, dtype=object), errors="coerce").to_numpy(dtype=np.float64)
    return Codes(places, tuple(order), numbers, tuple(coders))


def _key(one: object) -> object:
    """2, 2.0 and "2" are one code: a workbook gives what the cell happens to hold."""
    if isinstance(one, str):
        one = one.strip()
        try:
            return float(one)
        except ValueError:
            return one
    return float(one) if isinstance(one, (int, float, np.number)) else one


def pairs(places: Integers) -> tuple[Integers, Integers, Integers, Floats]:
    """All ordered pairs of codes of the same unit by different coders: unit, first, second, weight.

    weight: 1 over the number of other codes of the unit, as the coincidence matrix counts them.
    """
    units, firsts, seconds, weights = [], [], [], []
    there = places >= 0
    count = there.sum(axis=1)
    for i in range(places.shape[1]):
        for j in range(places.shape[1]):
            both = there[:, i] & there[:, j] if i != j else np.zeros(len(places), dtype=bool)
            rows = np.flatnonzero(both)
            units.append(rows)
            firsts.append(places[rows, i])
            seconds.append(places[rows, j])
            weights.append(1.0 / (count[rows] - 1))
    return (
        np.concatenate(units),
        np.concatenate(firsts),
        np.concatenate(seconds),
        np.concatenate(weights),
    )
