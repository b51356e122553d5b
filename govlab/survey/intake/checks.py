"""What a file can have wrong with it beyond its format, and columns that go along as they are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govlab.data.workbook import runs
from govlab.errors import Fault, InputError
from govlab.survey.intake.build import Built
from govlab.survey.intake.decode import CODE
from govlab.survey.intake.raw import Column, Raw, cell_text
from govlab.survey.intake.times import moments
from govlab.survey.questionnaire import Question, Questionnaire

_SCRIPT = re.compile(
    r"<\s*(script|iframe|img|svg|object)\b|javascript:|\bon(error|load|click)\s*=", re.IGNORECASE
)
_SHOWN = 5
# What a formula begins with, blanks before it included.
_BEGINS = "=+-@\t\r \u3000"


def one_head_a_column(raw: Raw) -> None:
    """InputError where many filled columns have no head, as under heads in two rows."""
    bare = [column for column in raw.columns if not column.head and not column.blank().all()]
    if len(bare) > 1 and len(bare) > 0.2 * len(raw.columns):
        from openpyxl.utils import get_column_letter

        letters = ", ".join(get_column_letter(column.place + 1) for column in bare[:_SHOWN])
        where = (raw.file, raw.sheet) if raw.sheet else (raw.file,)
        raise InputError(
            Fault("survey_intake.file.heads_missing", {"n": len(bare), "columns": letters}, where)
        )


def repeated_ids(raw: Raw, head: str, ids: Sequence[str], again: Sequence[str]) -> Fault:
    """The fault for ids that stand in more than one row, with the rows."""
    shown = again[:_SHOWN]
    rows = [str(raw.row_number(row)) for row, one in enumerate(ids) if one in shown]
    values: dict[str, object] = {
        "n": len(again),
        "head": head,
        "ids": ", ".join(shown),
        "rows": ", ".join(rows[:20]),
    }
    return Fault("survey_intake.file.repeated_ids", values, (raw.file,))


def active_text(raw: Raw, columns: Sequence[Column]) -> list[Fault]:
    """Answers that a spreadsheet would run, or a browser: kept as the words they are, and said."""
    counts = {"formula_answers": 0, "script_answers": 0}
    rows: dict[str, list[int]] = {key: [] for key in counts}
    for column in columns:
        for at, value in enumerate(column.values):
            if not isinstance(value, str) or not value:
                continue
            found = []
            if value[0] in _BEGINS and runs(value.strip()):
                found.append("formula_answers")
            if ("<" in value or ":" in value or "=" in value) and _SCRIPT.search(value):
                found.append("script_answers")
            for key in found:
                places = np.flatnonzero(column.codes == at)
                counts[key] += len(places)
                rows[key] += [raw.row_number(int(place)) for place in places[:_SHOWN]]
    return [
        Fault(
            f"survey_intake.note.{key}",
            {"n": count, "rows": ", ".join(map(str, sorted(set(rows[key]))[:_SHOWN]))},
        )
        for key, count in counts.items()
        if count
    ]


def apply_consent(questionnaire: Questionnaire, built: Built, rows: int) -> int:
    """Whoever did not agree has not answered: all is taken out but that. How many that were.

    The first answer offered is the agreement. The code that links waves stays only with those who
    agreed to that as well.
    """
    refused = np.zeros(rows, dtype=bool)
    asked = questionnaire.with_role("consent")
    if asked is not None and asked.name in built.schemes:
        refused = np.asarray(built.reasons[asked.name] == 0) & ~_agreed(built, asked)
        take_out(built, [name for name in built.values if name != asked.name], refused)
    again, code = questionnaire.with_role("panel_consent"), questionnaire.with_role("study_code")
    if again is not None and code is not None and again.name in built.schemes:
        take_out(built, [code.name], ~_agreed(built, again) & (built.reasons[code.name] == 0))
    return int(refused.sum())


def _agreed(built: Built, question: Question) -> NDArray[np.bool_]:
    return np.asarray(built.values[question.name] == question.options[0].name, dtype=bool)


def take_out(built: Built, names: Sequence[str], rows: NDArray[np.bool_]) -> None:
    """Remove the answers of these rows, for want of consent."""
    import pandas as pd

    if not rows.any():
        return
    for name in names:
        values = built.values[name]
        if isinstance(values, pd.Categorical):
            codes = np.where(rows, -1, values.codes)
            built.values[name] = pd.Categorical.from_codes(codes, dtype=values.dtype)
        elif isinstance(values, np.ndarray):
            built.values[name] = np.where(rows, np.nan, values)
        else:
            emptied = values.copy()
            emptied[rows] = pd.NaT if values.dtype.kind == "M" else np.nan
            built.values[name] = emptied
        built.reasons[name] = np.where(rows, CODE["no_consent"], built.reasons[name]).astype(np.int8)


def as_column(column: Column, *, typed: bool) -> Any:
    """A column that goes along as it is: numbers where every value is one, else text.

    typed: whether the file tells numbers from texts that look like one.
    """
    import pandas as pd

    if any(isinstance(value, dt.datetime) for value in column.values):
        return pd.array(moments(column), dtype="datetime64[us]")
    texts = [cell_text(value).strip() for value in column.values]
    numbers = np.full(len(texts), np.nan)
    for at, text in enumerate(texts):
        if text:
            try:
                numbers[at] = float("x" if typed and isinstance(column.values[at], str) else text)
            except ValueError:
                filled = np.array([text or None for text in texts], dtype=object)
                return pd.array(filled[column.codes], dtype=pd.StringDtype(na_value=np.nan))
    return numbers[column.codes]
