"""Units over periods: reading a long table into a rectangle, and refusing what the methods cannot carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
_SHOWN = 5  # units named in a message


@dataclass(frozen=True, eq=False)
class Panel:
    """A rectangle without gaps.

    values: (units, periods). units, periods: labels in order. first: (units,) place of the first treated
    period, ``len(periods)`` for units never treated while watched. clusters: (units,) codes. notes: what was
    read otherwise than it stood.
    """

    values: Floats = field(repr=False)
    units: tuple[object, ...]
    periods: tuple[object, ...]
    first: Codes
    clusters: Codes | None = None
    notes: tuple[str, ...] = ()

    @property
    def never(self) -> NDArray[np.bool_]:
        """(units,) not treated in any period."""
        return np.asarray(self.first >= len(self.periods))


def read(
    frame: pd.DataFrame,
    outcome: str,
    *,
    unit: str,
    time: str,
    treated: str | None = None,
    first_treated: str | None = None,
    cluster: str | None = None,
) -> Panel:
    """A long table, one row a unit and period, as a rectangle.

    treated: 0 / 1, whether the unit was treated in that period; or first_treated: the period it began in,
    0 or empty for never. InputError lists every fault: two rows for one unit and period, gaps (a missing
    outcome is one), treatment that turns off or a beginning that changes, nobody treated.
    """
    if (treated is None) == (first_treated is None):
        raise ValueError("give one of treated and first_treated")
    named = [name for name in (outcome, unit, time, treated, first_treated, cluster) if name]
    require(frame, named)
    faults: list[Fault] = []
    y = numbers(frame, outcome, faults)
    rows, units = coded(frame, unit, faults)
    columns, periods = ordered(frame, time, faults)
    if faults:
        raise InputError(faults)
    shape = (len(units), len(periods))
    if len(periods) < 2:
        raise InputError(Fault("did.one_period", {"column": time, "n": len(periods)}))
    seen = np.zeros(shape, dtype=np.intp)
    np.add.at(seen, (rows, columns), 1)
    if (seen > 1).any():
        faults.append(Fault("did.twice", {"n": int((seen > 1).sum()), "units": _named(units, seen > 1)}))
    values = np.full(shape, np.nan)
    values[rows, columns] = y
    gaps = np.isnan(values)
    if gaps.any():
        told = {"n": int(gaps.sum()), "all": gaps.size, "units": _named(units, gaps)}
        faults.append(Fault("did.gaps", told))
    notes: list[str] = []
    if treated is not None:
        on = np.zeros(shape)
        on[rows, columns] = zero_one(frame, treated, faults)
        first = starts(on, units, faults)
    else:
        assert first_treated is not None
        first = _given(frame, first_treated, rows, units, periods, faults, notes)
    if all(isinstance(one, (int, float)) for one in periods):
        steps = np.diff(np.array(periods, dtype=np.float64))
        if np.ptp(steps) > 1e-9:
            notes.append("periods are not evenly spaced: event times count periods, not time")
    groups = None if cluster is None else _constant(frame, cluster, rows, units, faults)
    if not faults and (first >= len(periods)).all():
        faults.append(Fault("did.nobody_treated", {"column": treated or first_treated}))
    if faults:
        raise InputError(faults)
    return Panel(values, units, periods, first, groups, tuple(notes))


def require(frame: pd.DataFrame, names: Sequence[str]) -> None:
    """KeyError for a column that the frame does not have."""
    for name in names:
        if name not in frame.columns:
            raise KeyError(f"the frame has no column {name!r}")


def numbers(frame: pd.DataFrame, name: str, faults: list[Fault]) -> Floats:
    """(n,) values, NaN where missing; a fault for what is not a number."""
    import pandas as pd

    found = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    odd = (np.isnan(found) & frame[name].notna().to_numpy()) | np.isinf(found)
    if odd.any():
        shown = ", ".join(str(one) for one in pd.unique(frame[name][odd])[:_SHOWN])
        faults.append(Fault("did.not_a_number", {"column": name, "values": shown}))
    return np.asarray(found, dtype=np.float64)


def coded(frame: pd.DataFrame, name: str, faults: list[Fault]) -> tuple[Codes, tuple[object, ...]]:
    """(n,) codes of the labels, and the labels in order; a fault where one is missing."""
    import pandas as pd

    codes, labels = pd.factorize(frame[name], sort=True)
    if (codes < 0).any():
        faults.append(Fault("did.empty_label", {"column": name, "n": int((codes < 0).sum())}))
    plain = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    return np.asarray(codes, dtype=np.intp), tuple(plain)


def ordered(frame: pd.DataFrame, name: str, faults: list[Fault]) -> tuple[Codes, tuple[object, ...]]:
    """As ``coded``, for periods: numbers, dates or an ordered category; a fault for text.

    Text has no order in time: sorted by its letters, 第三轮 comes before 第二轮 and w10 before w9.
    """
    import pandas as pd

    kind = frame[name].dtype
    is_ordered = isinstance(kind, pd.CategoricalDtype) and bool(kind.ordered)
    number_or_date = pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)
    if not (is_ordered or number_or_date or isinstance(kind, pd.PeriodDtype)):
        held = pd.unique(frame[name].dropna())
        if not all(isinstance(one, (int, float)) for one in held):
            shown = ", ".join(str(one) for one in held[:_SHOWN])
            faults.append(Fault("did.text_periods", {"column": name, "values": shown}))
            return np.zeros(len(frame), dtype=np.intp), (0,)
    return coded(frame, name, faults)


def zero_one(frame: pd.DataFrame, name: str, faults: list[Fault]) -> Floats:
    """(n,) 0 or 1; a fault for anything else."""
    import pandas as pd

    column = frame[name].astype("Int64") if frame[name].dtype == bool else frame[name]
    found = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    odd = ~np.isin(found, (0.0, 1.0))
    if odd.any():
        shown = ", ".join(str(one) for one in pd.unique(frame[name][odd])[:_SHOWN])
        faults.append(Fault("did.not_zero_one", {"column": name, "values": shown}))
    return np.where(odd, 0.0, found)


def starts(on: Floats, units: Sequence[object], faults: list[Fault]) -> Codes:
    """(units,) place of the first treated period from (units, periods) 0 / 1; a fault where it turns off."""
    off = np.diff(on, axis=1) < 0
    if off.any():
        faults.append(Fault("did.turns_off", {"n": int(off.any(axis=1).sum()), "units": _named(units, off)}))
    first = np.where(on.any(axis=1), np.argmax(on > 0, axis=1), on.shape[1])
    return np.asarray(first, dtype=np.intp)


def _given(
    frame: pd.DataFrame, name: str, rows: Codes, units: Sequence[object], periods: Sequence[object],
    faults: list[Fault], notes: list[str],
) -> Codes:  # fmt: skip
    import pandas as pd

    column = frame[name]
    never = column.isna().to_numpy() | (column.astype(object).astype(str) == "0").to_numpy()
    if pd.api.types.is_numeric_dtype(column.dtype) and all(isinstance(one, (int, float)) for one in periods):
        began = column.to_numpy(dtype=np.float64, na_value=np.nan)
        never |= np.isinf(began) | (began == 0)
        order = np.array(periods, dtype=np.float64)
        place = np.searchsorted(order, np.where(never, np.inf, began))
        between = ~never & (place < len(order)) & (order[np.minimum(place, len(order) - 1)] != began)
        if between.any():
            notes.append("a beginning between two periods counts from the later one")
    else:
        at = {str(label): number for number, label in enumerate(periods)}
        place = np.array([at.get(str(one), -1) for one in column])
        odd = (place < 0) & ~never
        if odd.any():
            shown = ", ".join(str(one) for one in pd.unique(column[odd])[:_SHOWN])
            faults.append(Fault("did.unknown_start", {"column": name, "values": shown}))
    place = np.where(never, len(periods), place).astype(np.intp)
    low = np.full(len(units), len(periods), dtype=np.intp)
    high = np.zeros(len(units), dtype=np.intp)
    np.minimum.at(low, rows, place)
    np.maximum.at(high, rows, place)
    if (low != high).any():
        told = {"column": name, "units": _named(units, (low != high)[:, None])}
        faults.append(Fault("did.start_changes", told))
    return low


def _constant(
    frame: pd.DataFrame, name: str, rows: Codes, units: Sequence[object], faults: list[Fault]
) -> Codes:
    codes, _ = coded(frame, name, faults)
    found = np.zeros(len(units), dtype=np.intp)
    found[rows] = codes
    torn = found[rows] != codes
    if torn.any():
        told = {"column": name, "units": ", ".join(str(units[one]) for one in np.unique(rows[torn])[:_SHOWN])}
        faults.append(Fault("did.torn_cluster", told))
    return found


def _named(units: Sequence[object], where: NDArray[np.bool_]) -> str:
    hit = np.flatnonzero(where.any(axis=1))
    shown = ", ".join(str(units[one]) for one in hit[:_SHOWN])
    return shown + (" …" if len(hit) > _SHOWN else "")
