"""Any file of responses as a raw table: what it is, is told by its first bytes, not by its name."""

from __future__ import annotations

from pathlib import Path

from govlab.errors import Fault, InputError
from govlab.survey.intake.archive import Limits
from govlab.survey.intake.raw import Raw
from govlab.survey.intake.spreadsheet import first_bytes

SUFFIXES = (".xlsx", ".xls", ".csv", ".tsv", ".txt", ".sav", ".zsav", ".dta", ".parquet")


def read_raw(path: Path, limits: Limits, *, sheet: str | None = None, header_row: int = 1) -> Raw:
    """Read a file as it came; InputError if it is none that can be read, is broken or holds nothing."""
    start = first_bytes(path)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        from govlab.survey.intake.spreadsheet import read_book

        return read_book(path, limits, sheet, header_row)
    if start.startswith((b"$FL2", b"$FL3")):
        from govlab.survey.intake.statfile import read_statfile

        return read_statfile(path, "sav")
    if start.startswith(b"<stata_dta>") or (path.suffix.lower() == ".dta" and start[0] in range(102, 120)):
        from govlab.survey.intake.statfile import read_statfile

        return read_statfile(path, "dta")
    if start.startswith(b"PAR1"):
        from govlab.survey.intake.columnar import read_columnar

        return read_columnar(path)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<html", b"<!doc", b"<table", b"<?xml")):
        raise InputError(Fault("survey_intake.file.html", {}, (path.name,)))
    if path.suffix.lower() in (".xlsx", ".xls", ".sav", ".zsav", ".dta", ".parquet"):
        raise InputError(Fault("survey_intake.file.not_what", {"suffix": path.suffix.lower()}, (path.name,)))
    from govlab.survey.intake.delimited import read_text

    return read_text(path, limits, header_row)
