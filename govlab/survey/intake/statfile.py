"""SPSS (.sav) and Stata (.dta) files: values with their labels, and what the file itself calls missing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from govlab.errors import Fault, InputError
from govlab.survey.intake.raw import Codes, Column, Raw, nothing
from govlab.survey.intake.spreadsheet import first_bytes

# What govlab writes into the notes of a file, so that it knows its own export again.
OURS = "govlab:"


def read_statfile(path: Path, form: Literal["sav", "dta"]) -> Raw:
    """Every variable as a column; InputError if the file is cut off or in no encoding that fits."""
    first_bytes(path)
    data, meta, encoding = _read(path, form)
    names = list(data)
    if not names:
        raise InputError(Fault("survey_intake.file.empty", {}, (path.name,)))
    columns = []
    for place, name in enumerate(names):
        codes = Codes()
        codes.extend([_hashable(value) for value in data[name]])
        bare = codes.column(name, place)
        labels = dict(meta.variable_value_labels.get(name, {}))
        columns.append(
            Column(
                name,
                place,
                bare.codes,
                bare.values,
                label=(meta.column_names_to_labels.get(name) or "").strip(),
                value_labels=labels,
                missing=_missing(bare.values, name, meta, labels),
            )
        )
    ours = _ours([*(meta.notes or ()), meta.file_label or ""])
    return Raw.filled(path.name, columns, form=form, encoding=encoding, first_row=1, ours=ours)


def _read(path: Path, form: str) -> tuple[Mapping[str, Sequence[Any]], Any, str]:
    import pyreadstat

    read = pyreadstat.read_sav if form == "sav" else pyreadstat.read_dta
    failed: Exception | None = None
    # Files of older Chinese editions carry GB18030 without saying so.
    for encoding in (None, "GB18030"):
        try:
            data, meta = read(str(path), user_missing=True, output_format="dict", encoding=encoding)
        except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
            failed = failed or error
            continue
        return data, meta, (encoding or meta.file_encoding or "utf-8").lower()
    raise InputError(Fault("survey_intake.file.stat_broken", {"why": str(failed)}, (path.name,))) from failed


def _hashable(value: Any) -> Any:
    # NaN is unequal to itself and would get a new place at every row.
    return None if nothing(value) else value


def _missing(values: Sequence[Any], name: str, meta: Any, labels: Mapping[Any, str]) -> dict[Any, str]:
    ranges = meta.missing_ranges.get(name, [])
    letters = set(meta.missing_user_values.get(name, []))
    found = {}
    for value in values:
        if value is None:
            continue
        inside = any(_inside(value, one) for one in ranges)
        if inside or (isinstance(value, str) and value in letters):
            found[value] = labels.get(value, "")
    return found


def _inside(value: Any, limits: Mapping[str, Any]) -> bool:
    try:
        return bool(limits["lo"] <= value <= limits["hi"])
    except TypeError:
        return False


def _ours(notes: Sequence[str]) -> dict[str, Any] | None:
    text = "".join(str(note) for note in notes)
    if OURS not in text:
        return None
    try:
        found = json.loads(text.partition(OURS)[2])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
