"""A mask laid over a table of results: what may not be shown is emptied, and the row says so."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any, overload

from govlab.disclosure.mask import Mask
from govlab.errors import Fault, InputError
from govlab.results import COLUMNS, Estimates

if TYPE_CHECKING:
    import pandas as pd

REASON = "suppressed"
# Columns that name a row; they stay when its numbers go.
_NAMES = ("variable", "term", "reason")


@overload
def apply(
    mask: Mask,
    estimates: Estimates,
    *,
    item: str = ...,
    within: Mapping[str, object] | None = ...,
    columns: Mapping[str, str] | None = ...,
) -> Estimates: ...


@overload
def apply(
    mask: Mask,
    estimates: pd.DataFrame,
    *,
    item: str = ...,
    within: Mapping[str, object] | None = ...,
    columns: Mapping[str, str] | None = ...,
) -> pd.DataFrame: ...


def apply(
    mask: Mask,
    estimates: Estimates | pd.DataFrame,
    *,
    item: str = "",
    within: Mapping[str, object] | None = None,
    columns: Mapping[str, str] | None = None,
) -> Estimates | pd.DataFrame:
    """The table with every number of a hidden cell emptied and ``suppressed`` as its reason.

    Columns named as in the margins say which cell a row is; ``columns`` says so for others (column of
    the table -> column of the margin; two of one margin, as in a comparison, need both cells shown).
    within: what the whole table is about, as ``{"wave": 3}``. The question of a row is ``item``, else
    its ``variable`` (then ``term`` is the answer), else a column named as an item (its values are
    answers), else ``term``. Estimates come back without what they were computed from. InputError for a
    table that was not among the margins, or that has a column nobody declared.
    """
    fixed = dict(within or {})
    if isinstance(estimates, Estimates):
        frame, hidden = _emptied(mask, estimates.to_frame(), item, fixed, dict(columns or {}))
        return _told(mask, estimates, frame, hidden, fixed)
    return _emptied(mask, estimates.copy(), item, fixed, dict(columns or {}))[0]


def _emptied(
    mask: Mask, frame: pd.DataFrame, item: str, within: dict[str, object], columns: dict[str, str]
) -> tuple[pd.DataFrame, int]:
    """The masked table, and how many of its rows are hidden."""
    hidden = ~_shown(mask, frame, item, within, columns)
    if hidden.any():
        kept = {*_by(mask, frame, columns), *_NAMES, *_items(mask, frame)}
        for name in frame.columns:
            if name not in kept:
                frame[name] = _without(frame[name], hidden)
        if "reason" not in frame:
            frame["reason"] = ""
        frame.loc[hidden, "reason"] = REASON
    return frame, int(hidden.sum())


def _told(
    mask: Mask, estimates: Estimates, frame: pd.DataFrame, hidden: int, within: dict[str, object]
) -> Estimates:
    """Plain estimates around a masked table: what it was computed from would tell all of it."""
    used, dropped, notes = estimates.n_used, estimates.n_dropped, estimates.notes
    if hidden:
        few = f"rows not shown: {hidden} (under {mask.threshold} respondents, or they would tell of such)"
        notes = (*notes, few)
        if not _whole(mask, within):
            used = dropped = 0
            notes = (*notes, "rows used are not shown either")
    return Estimates(
        frame=frame,
        method=estimates.method,
        level=estimates.level,
        n_used=used,
        n_dropped=dropped,
        notes=notes,
    )


def _by(mask: Mask, frame: pd.DataFrame, columns: dict[str, str]) -> dict[str, str]:
    """Column of the table -> column of the margins."""
    declared = {name for margin in mask.margins for name in margin.by}
    found = {name: name for name in frame.columns if name in declared and name not in columns}
    return found | {name: to for name, to in columns.items() if name in frame.columns}


def _items(mask: Mask, frame: pd.DataFrame) -> list[str]:
    declared = {name for margin in mask.margins for name in margin.items}
    return [name for name in frame.columns if name in declared]


def _shown(
    mask: Mask, frame: pd.DataFrame, item: str, within: dict[str, object], columns: dict[str, str]
) -> pd.Series[bool]:
    """Which rows may be shown."""
    import pandas as pd

    by = _by(mask, frame, columns)
    declared = {name for margin in mask.margins for name in margin.items}
    own = _items(mask, frame)
    _refuse_unnamed(frame, {*by, *own})
    shown = []
    for row in frame.to_dict("records"):
        about, answer = item, True
        if not about and "variable" in row:
            about, answer = str(row["variable"]), row["term"]
        elif not about and own:
            about, answer = own[0], row[own[0]]
        elif not about and str(row.get("term", "")) in declared:
            about = str(row["term"])
        elif not about and "term" in row:
            raise InputError(Fault("disclosure.unnamed", {"column": f"term = {row['term']}"}))
        values: dict[str, list[object]] = {}
        for column, name in by.items():
            values.setdefault(name, []).append(row[column])
        cells = [dict(zip(values, one, strict=True)) for one in product(*values.values())]
        shown.append(all(mask.shows(within | cell, about, answer) for cell in cells))
    return pd.Series(shown, index=frame.index, dtype=bool)


def _refuse_unnamed(frame: pd.DataFrame, named: set[str]) -> None:
    """A column of text or categories that no margin has would cut the respondents finer than declared."""
    import pandas as pd

    for name in frame.columns:
        if name in named or name in COLUMNS or name in _NAMES or name in ("letters", "stars"):
            continue
        if not (pd.api.types.is_numeric_dtype(frame[name]) or pd.api.types.is_bool_dtype(frame[name])):
            raise InputError(Fault("disclosure.unnamed", {"column": name}))


def _without(column: pd.Series[Any], hidden: pd.Series[bool]) -> pd.Series[Any]:
    import pandas as pd

    if pd.api.types.is_bool_dtype(column.dtype):
        column = column.astype("boolean")
    elif pd.api.types.is_integer_dtype(column.dtype):
        column = column.astype("Int64")
    elif not pd.api.types.is_numeric_dtype(column.dtype):
        return column.where(~hidden, "")
    return column.mask(hidden)


def _whole(mask: Mask, within: dict[str, object]) -> bool:
    """Whether the number of all respondents of a table may be shown."""
    try:
        return mask.shows(within)
    except InputError:
        return False
