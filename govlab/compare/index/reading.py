"""The table of an index read and checked: every fault found before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.index.specification import IndexSpec
from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Table:
    """units: (n,) names; values: (n, k) numbers in the order of the indicators, NaN where missing."""

    units: NDArray[np.object_]
    values: Floats


def read(data: pd.DataFrame, spec: IndexSpec, unit: str) -> Table:
    """The indicators of a specification from a table; InputError with all that is wrong."""
    import pandas as pd

    if unit not in data.columns:
        raise KeyError(f"unit: the table has no column {unit!r}")
    units = data[unit].astype(str).to_numpy(dtype=object)
    faults = []
    names, counts = np.unique(units.astype(str), return_counts=True)
    faults += [Fault("index.unit_twice", {"unit": name}) for name in names[counts > 1][:_SHOWN]]
    if len(units) < 3:
        faults.append(Fault("index.few_units", {"n": len(units)}))
    columns = []
    for one in spec.indicators:
        if one.code not in data.columns:
            faults.append(Fault("index.no_column", {"code": one.code}))
            continue
        numbers = pd.to_numeric(data[one.code], errors="coerce")
        strange = data[one.code][numbers.isna() & data[one.code].notna()]
        if len(strange):
            shown = ", ".join(str(value) for value in pd.unique(strange)[:_SHOWN])
            faults.append(Fault("index.not_numbers", {"code": one.code, "values": shown}))
            continue
        values = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
        faults += _column_faults(values, one.code, units, spec)
        columns.append(values)
    if faults:
        raise InputError(faults)
    return Table(units, np.stack(columns, axis=1))


def _column_faults(values: Floats, code: str, units: NDArray[np.object_], spec: IndexSpec) -> list[Fault]:
    faults = []
    gaps = np.isnan(values)
    here = values[~gaps]
    if np.isinf(here).any():
        return [Fault("index.not_numbers", {"code": code, "values": "inf"})]
    if len(here) == 0:
        return [Fault("index.no_values", {"code": code})]
    if gaps.any() and spec.missing == "refuse":
        shown = ", ".join(units[gaps][:_SHOWN]) + (", …" if gaps.sum() > _SHOWN else "")
        faults.append(Fault("index.missing", {"code": code, "n": int(gaps.sum()), "units": shown}))
    if here.min() == here.max() and spec.normalisation not in ("goalposts", "none"):
        faults.append(Fault("index.constant", {"code": code, "value": f"{here[0]:g}"}))
    positive = spec.normalisation in ("share_of_best", "none") and spec.aggregation in (
        "geometric",
        "harmonic",
    )
    if (positive and here.min() <= 0) or (spec.normalisation == "share_of_best" and here.max() <= 0):
        n = int((here <= 0).sum())
        faults.append(Fault("index.not_positive", {"code": code, "n": n, "aggregation": spec.aggregation}))
    return faults
