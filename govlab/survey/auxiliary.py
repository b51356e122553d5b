"""Known population totals and the columns they belong to, read into cells and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

_ROUNDING = 1e-6  # relative difference of margin sums that is taken for rounding
_SHOWN = 8


@dataclass(frozen=True, eq=False)
class Auxiliary:
    """x: (m, p) values of each cell; cells: (n,) the cell of each row; totals: (p,); names: (p,)."""

    x: Floats
    cells: Codes
    totals: Floats
    names: tuple[str, ...]


def read_auxiliary(
    frame: pd.DataFrame,
    tables: Mapping[tuple[str, ...], Mapping[object, float]],
    sums: Mapping[str, float],
    size: float | None = None,
) -> Auxiliary:
    """Sizes by level and sums of numeric columns -> indicator and value columns by cell.

    KeyError for a column that is not there; InputError lists every fault of levels, sizes and values.
    """
    from govlab.survey.stages import cross

    for name in (*(one for names in tables for one in names), *sums):
        if name not in frame.columns:
            raise KeyError(f"{name!r}: the frame has no such column")
    faults: list[Fault] = []
    cells = np.zeros(len(frame), dtype=np.intp)
    columns: list[Floats] = []
    totals: list[float] = []
    labels: list[str] = []
    first: tuple[str, float] | None = None
    if size is not None:
        columns.append(np.ones(len(frame)))
        totals.append(float(size))
        labels.append("size")
        first = ("size", float(size))
    parts: list[tuple[Codes, int]] = []
    for names, sizes in tables.items():
        codes, known = _levels(frame, names, sizes, faults)
        shown = " x ".join(names)
        first = first or (shown, sum(known))
        if faults:
            continue
        total = sum(known)
        if abs(total - first[1]) > _ROUNDING * abs(first[1]):
            values = {"first": first[0], "first_sum": f"{first[1]:,.10g}"}
            values |= {"other": shown, "other_sum": f"{total:,.10g}"}
            faults.append(Fault("survey.calibrate_sums_differ", values))
        parts.append((codes, len(known)))
        for place, (level, count) in enumerate(zip(sizes, known, strict=True)):
            columns.append((codes == place).astype(np.float64))
            totals.append(count * first[1] / total)
            labels.append(f"{shown} = {_show(level)}")
    for name, total in sums.items():
        values_of, codes, count = _numbers(frame, name, faults)
        columns.append(values_of)
        totals.append(total)
        labels.append(name)
        parts.append((codes, count))
    if faults:
        raise InputError(faults)
    for codes, count in parts:
        cells = cross(cells, codes, count)
    one_of = np.zeros(int(cells.max(initial=-1)) + 1, dtype=np.intp)
    one_of[cells] = np.arange(len(frame))
    x = np.stack([column[one_of] for column in columns], axis=1)
    return Auxiliary(x, cells, np.array(totals), tuple(labels))


def _show(level: object) -> str:
    """A level as text: 2 and 2.0 are one level, as a column with gaps turns whole numbers to floats."""
    if isinstance(level, tuple):
        return ", ".join(_show(one) for one in level)
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    return str(level)


def _levels(
    frame: pd.DataFrame, names: tuple[str, ...], sizes: Mapping[object, float], faults: list[Fault]
) -> tuple[Codes, list[float]]:
    """The place of each row in ``sizes``, and the sizes. Labels agree by value, else by their text."""
    import pandas as pd

    shown = " x ".join(names)
    missing = frame[list(names)].isna().any(axis=1).to_numpy()
    if missing.any():
        faults.append(Fault("survey.calibrate_missing", {"column": shown, "n": int(missing.sum())}))
    place: dict[str, int] = {}
    known: list[float] = []
    for level, value in sizes.items():
        place[_show(level)] = len(known)
        known.append(float(value))
        if not (np.isfinite(known[-1]) and known[-1] > 0):
            faults.append(
                Fault("survey.calibrate_total", {"column": shown, "level": _show(level), "total": value})
            )
    present = frame.loc[~missing, list(names)]
    keys = present[names[0]] if len(names) == 1 else pd.MultiIndex.from_frame(present)
    codes, found = pd.factorize(keys)
    texts = [_show(level) for level in found]
    target = np.array([place.get(text, -1) for text in texts], dtype=np.intp)
    extra = [text for text in texts if text not in place]
    empty = [text for text in place if text not in set(texts)]
    for key, levels in (("survey.calibrate_no_total", extra), ("survey.calibrate_no_rows", empty)):
        if levels:
            faults.append(Fault(key, {"column": shown, "levels": _list(levels)}))
    inside = np.zeros(len(frame), dtype=np.intp)
    inside[~missing] = target[codes]
    return inside, known


def _numbers(frame: pd.DataFrame, name: str, faults: list[Fault]) -> tuple[Floats, Codes, int]:
    import pandas as pd

    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    missing = ~np.isfinite(values)
    if missing.any():
        faults.append(Fault("survey.calibrate_missing", {"column": name, "n": int(missing.sum())}))
    codes, found = pd.factorize(values)
    return values, codes.astype(np.intp), len(found)


def _list(texts: list[str]) -> str:
    return ", ".join(texts[:_SHOWN]) + (", …" if len(texts) > _SHOWN else "")
