"""Clean data for colleagues: .sav, .dta, .xlsx or Parquet with labels, reasons, weights and design.

``read_responses`` reads every one of them back as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from govlab.errors import Fault, InputError
from govlab.survey.anonymity import LEAST, require
from govlab.survey.responses import ROW_COLUMNS, Responses

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".sav", ".dta", ".xlsx", ".parquet")
# Row columns that tell where somebody answered from or when, to the second.
_ROW_LEFT_OUT = ("file", "submitted", "source")


@dataclass(frozen=True)
class Exported:
    """What was written: where, how many rows, how many columns of data."""

    path: Path
    rows: int
    columns: int


def export(
    responses: Responses,
    path: Path,
    *,
    design: pd.DataFrame | None = None,
    lang: Literal["zh", "en"] = "zh",
    quasi_identifiers: Sequence[str] = (),
    k: int = LEAST,
    open_text: Literal["leave out", "include"] = "leave out",
    times: Literal["leave out", "include"] = "leave out",
    leave_out: Sequence[str] = (),
) -> Exported:
    """Write clean responses; the kind of file follows from the ending of ``path``.

    design: weights, strata, clusters and the like, same rows, added as columns. lang: language of the
    labels. quasi_identifiers: columns that together could point at a person; InputError unless every
    combination of them has at least ``k`` people. open_text: answers in people's own words. times: when
    somebody answered, from which file and by which channel. leave_out: columns that stay here. Nothing is
    written if anything is refused.
    """
    from govlab.data.atomic import write_whole

    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        values: dict[str, object] = {"suffix": path.suffix or path.name, "allowed": ", ".join(SUFFIXES)}
        raise InputError(Fault("survey_intake.export.suffix", values))
    shown = _with_design(responses, design)
    if open_text == "leave out":
        shown = without(shown, shown.open_text)
    if times == "leave out":
        shown = without(shown, _ROW_LEFT_OUT)
    _check_names(shown, [*quasi_identifiers, *leave_out])
    shown = without(shown, leave_out)
    left = [name for name in quasi_identifiers if name not in leave_out]
    if left:
        require(shown.frame, left, k)
    write_whole(path, _writer(path.suffix.lower())(shown, lang))
    return Exported(path, len(shown), len(shown.frame.columns))


def without(responses: Responses, columns: Sequence[str]) -> Responses:
    """The responses without these columns and their reasons."""
    return replace(
        responses,
        frame=responses.frame.drop(columns=[name for name in columns if name in responses.frame]),
        reasons=responses.reasons.drop(columns=[name for name in columns if name in responses.reasons]),
        carried=tuple(name for name in responses.carried if name not in columns),
    )


def _with_design(responses: Responses, design: pd.DataFrame | None) -> Responses:
    if design is None:
        return responses
    if len(design) != len(responses):
        values: dict[str, object] = {"got": len(design), "n": len(responses)}
        raise InputError(Fault("survey_intake.export.design_rows", values))
    new = [name for name in design.columns if name not in responses.frame.columns]
    for name in design.columns:
        if name in responses.frame.columns and not _same(design[name], responses.frame[name]):
            raise InputError(Fault("survey_intake.export.clash", {"names": name}))
    frame = responses.frame.join(design[new].reset_index(drop=True))
    return replace(responses, frame=frame, carried=(*responses.carried, *new))


def _same(one: pd.Series[Any], other: pd.Series[Any]) -> bool:
    mine, theirs = one.astype(object).reset_index(drop=True), other.astype(object).reset_index(drop=True)
    return bool(((mine == theirs) | (mine.isna() & theirs.isna())).all())


def _check_names(responses: Responses, names: Sequence[str]) -> None:
    from difflib import get_close_matches

    known = list(responses.frame.columns)
    faults = []
    for name in names:
        if name not in known:
            near = ", ".join(get_close_matches(name, known, n=3)) or "-"
            faults.append(Fault("survey_intake.export.no_column", {"name": name, "near": near}))
    if faults:
        raise InputError(faults)


def _writer(suffix: str) -> Callable[[Responses, str], bytes]:
    from govlab.survey import export_files

    writers: Mapping[str, Callable[[Responses, str], bytes]] = {
        ".sav": export_files.sav,
        ".dta": export_files.dta,
        ".xlsx": export_files.xlsx,
        ".parquet": export_files.parquet,
    }
    return writers[suffix]


def row_columns(responses: Responses) -> tuple[str, ...]:
    """The columns about the row itself that are there."""
    return tuple(name for name in ROW_COLUMNS if name in responses.frame)
