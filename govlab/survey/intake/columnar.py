"""Parquet files, our own among them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from govlab.data.parquet import read_parquet
from govlab.errors import Fault, InputError
from govlab.survey.intake.raw import Codes, Raw
from govlab.survey.intake.spreadsheet import first_bytes


def read_columnar(path: Path) -> Raw:
    """Every column of a Parquet file; InputError if it is broken."""
    first_bytes(path)
    try:
        frame, said = read_parquet(path)
    except ValueError as error:
        raise InputError(Fault("survey_intake.file.truncated", {}, (path.name,))) from error
    columns = []
    for name in frame.columns:
        codes = Codes()
        cells = frame[name].astype(object)
        codes.extend([_plain(cell) for cell in cells.where(cells.notna(), None)])
        columns.append(codes)
    return Raw.of(path.name, frame.columns, columns, form="parquet", encoding="", first_row=1, ours=said)


def _plain(cell: Any) -> Any:
    """A cell that can be looked up: times as Python's, lists as their text."""
    if isinstance(cell, (list, dict, set)):
        return str(cell)
    if hasattr(cell, "to_pydatetime"):
        return cell.to_pydatetime()
    return cell if getattr(cell, "__hash__", None) is not None else str(cell)
