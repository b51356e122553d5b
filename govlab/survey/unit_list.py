"""The list a sample is drawn from: one row a community, household or resident, checked row by row."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.errors import Fault, InputError
from govlab.survey.intake.personal import by_head
from govlab.survey.intake.raw import Column, Raw, cell_text

if TYPE_CHECKING:
    import pandas as pd

_THOUSANDS = re.compile(r"\d{1,3}([,，]\d{3})+(\.\d+)?")
_PLACE_NAMES = ("name", "名字")  # in a list of communities that is what the place is called


@dataclass(frozen=True, eq=False)
class UnitList:
    """A list as it stands in its file.

    texts: every column as text, blanks around it removed; rows: number of each row in the file. where:
    file, and sheet of a workbook. digest: SHA-256 of the file. personal: columns left out because they
    identify people.
    """

    texts: pd.DataFrame
    rows: tuple[int, ...]
    where: tuple[str, ...]
    digest: str
    encoding: str = ""
    personal: tuple[str, ...] = ()

    def column(self, name: str) -> list[str]:
        """One column as text."""
        return [str(one) for one in self.texts[name]]

    def has(self, name: str) -> bool:
        """Whether the list has the column."""
        return name in self.texts.columns

    def numbers(self, name: str) -> list[float]:
        """One column as numbers, NaN where there is none."""
        return [number(one) for one in self.column(name)]

    @property
    def id_column(self) -> str:
        """The column that names the unit unless another is asked for: the first."""
        return str(self.texts.columns[0])


def number(text: str) -> float:
    """A number as people type it (1,224 too), NaN if it is none."""
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "").replace("，", "")
    try:
        found = float(text)
    except ValueError:
        return math.nan
    return found if math.isfinite(found) else math.nan


def read_units(path: Path, sheet: str | None = None) -> UnitList:
    """Read a list from .xlsx, .xls or CSV (first sheet that holds something, or the one named).

    InputError if the file cannot be read, has no rows, or a column name is missing or there twice.
    """
    import pandas as pd

    from govlab.survey.intake.archive import Limits
    from govlab.survey.intake.sources import read_raw

    try:
        raw = read_raw(path, Limits(), sheet=sheet)
    except InputError as error:
        # The door for responses calls rows answers; here they are units.
        raise InputError([_of_lists(fault) for fault in error.faults]) from error
    where = (path.name, raw.sheet) if raw.sheet else (path.name,)
    faults = list(_head_faults(raw, where))
    if faults:
        raise InputError(faults)
    kept = {column.head: column for column in raw.columns if not _identifies(column.head)}
    personal = tuple(column.head for column in raw.columns if column.head not in kept)
    if not kept:
        raise InputError(Fault("survey_sample.list.personal_only", {"columns": ", ".join(personal)}, where))
    texts = pd.DataFrame({head: _texts(column) for head, column in kept.items()}, dtype=object)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    rows = tuple(raw.row_number(row) for row in range(raw.n))
    return UnitList(texts, rows, where, digest, raw.encoding, personal)


def check_units(
    units: UnitList, *, unit: str, strata: str | None = None, size: str | None = None, whole: bool = False
) -> None:
    """Refuse a list that cannot be drawn from; InputError names every faulty row.

    unit, strata, size: columns. Names must be there and differ, strata be there, sizes be numbers above
    zero (whole: and whole, as people are).
    """
    faults = list(_missing_columns(units, (unit, strata, size)))
    if faults:
        raise InputError(faults)
    faults += _id_faults(units, unit)
    if strata is not None:
        for row, text in zip(units.rows, units.column(strata), strict=True):
            if not text:
                faults.append(_at("list.no_stratum", units, row=row, column=strata))
    if size is not None:
        faults += size_faults(units, size, whole=whole)
    if faults:
        raise InputError(sorted(faults, key=_row_of))


def _row_of(fault: Fault) -> int:
    return int(str(fault.values["row"]))


def size_faults(units: UnitList, size: str, *, whole: bool, blank: bool = False) -> Iterator[Fault]:
    """Cells of a column of sizes that are no number above zero. blank: whether they may be empty."""
    for row, text in zip(units.rows, units.column(size), strict=True):
        value = number(text)
        if not text:
            if not blank:
                yield _at("list.no_size", units, row=row, column=size)
        elif math.isnan(value):
            yield _at("list.size_text", units, row=row, column=size, got=text)
        elif value <= 0:
            yield _at("list.size_low", units, row=row, column=size, got=text)
        elif whole and value % 1:
            yield _at("list.size_part", units, row=row, column=size, got=text)


def _of_lists(fault: Fault) -> Fault:
    if fault.key == "survey_intake.file.no_rows":
        return Fault("survey_sample.list.no_rows", fault.values, fault.where)
    return fault


def _identifies(head: str) -> bool:
    return by_head(head) is not None and head.strip().lower() not in _PLACE_NAMES


def _texts(column: Column) -> list[str]:
    texts = [cell_text(value).strip() for value in column.values]
    return [texts[code] for code in column.codes]


def _head_faults(raw: Raw, where: tuple[str, ...]) -> Iterator[Fault]:
    heads = [column.head for column in raw.columns]
    for column in raw.columns:
        if not column.head:
            yield Fault("survey_sample.list.no_head", {"place": column.place + 1}, where)
    for head in dict.fromkeys(head for head in heads if head and heads.count(head) > 1):
        yield Fault("survey_sample.list.head_twice", {"column": head}, where)


def _missing_columns(units: UnitList, names: Sequence[str | None]) -> Iterator[Fault]:
    known = [str(head) for head in units.texts.columns]
    for name in dict.fromkeys(name for name in names if name is not None):
        if name in units.personal:
            yield Fault("survey_sample.list.personal", {"column": name}, units.where)
        elif not units.has(name):
            near = get_close_matches(name, known, n=1)
            values = {"column": name, "known": ", ".join(near or known)}
            key = "survey_sample.list.no_column_near" if near else "survey_sample.list.no_column"
            yield Fault(key, values, units.where)


def _id_faults(units: UnitList, unit: str) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for row, text in zip(units.rows, units.column(unit), strict=True):
        if not text:
            yield _at("list.no_id", units, row=row, column=unit)
        elif text in seen:
            yield _at("list.id_twice", units, row=row, id=text, first=seen[text])
        else:
            seen[text] = row


def _at(key: str, units: UnitList, **values: object) -> Fault:
    return Fault(f"survey_sample.{key}", values, units.where)
