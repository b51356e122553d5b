"""The bytes of an export in each kind of file; reasons are declared missing values where it has them."""

from __future__ import annotations

import json
import string
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from govlab.language import LANGUAGES, say
from govlab.survey.questionnaire import REASONS, Question
from govlab.survey.responses import FLAG, WHY, Responses

if TYPE_CHECKING:
    import pandas as pd

_MARK = "govlab:" + json.dumps({"export": 1})
_LETTERS = string.ascii_lowercase
_LONGEST = {"sav": 64, "dta": 31}
_LABEL = {"sav": 120, "dta": 80}


@dataclass(frozen=True, eq=False)
class Variable:
    """One column ready to be written: (n,) numbers or texts, labels of values, and what is missing.

    reasons: (n,) codes of REASONS where the column itself can say why it is missing, else None.
    """

    name: str
    label: str
    values: Any
    labels: Mapping[int, str]
    reasons: Any = None
    measure: str = "unknown"


def variables(responses: Responses, lang: str) -> list[Variable]:
    """Every column in order: the row, the answers (texts and dates followed by their reasons), what was
    carried along, the flags."""
    owners = responses.questionnaire.owners
    found = []
    for name in responses.frame.columns:
        column = responses.frame[name]
        if name in owners and name in responses.reasons:
            found += _answers(responses, name, owners[name], lang)
        else:
            label = say(f"survey_intake.export.row.{name}", lang=lang) if name in _ROW else name
            found.append(Variable(name, label, _plain(column), {}))
    for name in responses.flags.columns:
        label = say("survey_intake.export.flag", {"name": name}, lang=lang)
        values = responses.flags[name].to_numpy(dtype=float)
        found.append(Variable(f"{FLAG}{name}", label, values, {}, measure="nominal"))
    return found


_ROW = ("respondent", "file", "submitted", "seconds", "source")


def _answers(responses: Responses, name: str, question: Question, lang: str) -> list[Variable]:
    column, codes = responses.frame[name], responses.reasons[name].cat.codes.to_numpy()
    label = _label(responses, name, question, lang)
    if hasattr(column, "cat"):
        options = [question.option(str(one)) for one in column.cat.categories]
        labels = {at: one.label.in_language(lang) for at, one in enumerate(options, 1) if one is not None}
        values = np.where(column.cat.codes >= 0, column.cat.codes + 1.0, np.nan)
        return [Variable(name, label, values, labels, codes, "nominal")]
    if column.dtype.kind == "f":
        return [Variable(name, label, column.to_numpy(), *_of_numbers(question, codes, lang))]
    why = say("survey_intake.export.why", {"label": label}, lang=lang)
    words = np.array(REASONS, dtype=object)[codes]
    return [Variable(name, label, _plain(column), {}), Variable(f"{name}{WHY}", why, words, {})]


def _of_numbers(question: Question, codes: Any, lang: str) -> tuple[dict[int, str], Any, str]:
    if question.measure == "scale":
        return {int(one.name): one.label.in_language(lang) for one in question.inside}, codes, "ordinal"
    if question.kind == "many":
        keys = ("not_chosen", "chosen")
        return (
            {at: say(f"survey_intake.export.{key}", lang=lang) for at, key in enumerate(keys)},
            codes,
            "nominal",
        )
    return {}, codes, "ordinal" if question.kind == "rank" else "scale"


def _label(responses: Responses, name: str, question: Question, lang: str) -> str:
    words = responses.questionnaire.column_label(name, lang)
    if question.group is not None and question.group.table:
        stem = question.group.label.in_language(lang)
        return f"{stem}—{words}" if lang == "zh" else f"{stem} - {words}"
    return words


def _plain(column: pd.Series[Any]) -> Any:
    """Texts with None for missing, numbers as floats, times as they are."""
    if column.dtype.kind == "M":
        return column
    if column.dtype.kind in "fiub":
        return column.to_numpy(dtype=float)
    texts = column.astype(object)
    return np.array(
        [None if gone else str(one) for one, gone in zip(texts, texts.isna(), strict=True)], dtype=object
    )


# -- statistics files -------------------------------------------------------------------------------


def sav(responses: Responses, lang: str) -> bytes:
    """SPSS: each reason is a declared missing value below every answer."""
    import pandas as pd
    import pyreadstat

    columns: dict[str, Any] = {}
    labels: dict[str, dict[Any, str]] = {}
    ranges: dict[str, list[Any]] = {}
    made = variables(responses, lang)
    names = _short_names([one.name for one in made], "sav")
    for one in made:
        name = names[one.name]
        if one.reasons is None:
            columns[name] = one.values
            continue
        base = _base(one.values)
        columns[name] = np.where(one.reasons > 0, -(base + one.reasons.astype(float)), one.values)
        used = {-(base + code): reason for code, reason in _used(one.reasons, lang).items()}
        labels[name] = {**one.labels, **used}
        ranges[name] = [{"lo": -(base + len(REASONS)), "hi": -(base + 1)}]
    said = {names[one.name]: _cut(one, names, "sav") for one in made}
    measures = {names[one.name]: one.measure for one in made}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.sav"
        pyreadstat.write_sav(
            pd.DataFrame(columns),
            str(path),
            column_labels=dict(said),
            variable_value_labels=labels,
            missing_ranges=ranges,
            variable_measure=measures,
            note=[_MARK],
            row_compress=True,
        )
        return path.read_bytes()


def _base(values: Any) -> int:
    """Below which no answer lies: reasons are numbered from there."""
    lowest = np.nanmin(values) if np.isfinite(values).any() else 0.0
    base = 100
    while lowest <= -base:
        base *= 10
    return base


def _used(reasons: Any, lang: str) -> dict[int, str]:
    return {
        int(code): say(f"survey_intake.reason.{REASONS[code]}", lang=lang)
        for code in np.unique(reasons)
        if code > 0
    }


def dta(responses: Responses, lang: str) -> bytes:
    """Stata: each reason is an extended missing value, .a onward; fractions get a column of reasons."""
    import pandas as pd
    import pyreadstat

    columns: dict[str, Any] = {}
    labels: dict[str, dict[Any, str]] = {}
    letters: dict[str, list[str]] = {}
    made = []
    for one in variables(responses, lang):
        made += [one] if one.reasons is None or _whole(one.values) else _apart(one, lang)
    names = _short_names([one.name for one in made], "dta")
    for one in made:
        name = names[one.name]
        if one.reasons is None:
            columns[name] = _no_gaps(one.values)
            continue
        used = _used(one.reasons, lang)
        if not used:
            columns[name] = one.values.astype(np.int32)
            labels[name] = dict(one.labels)
            continue
        cells = np.full(len(one.values), None, dtype=object)
        there = one.reasons == 0
        cells[there] = [int(value) for value in one.values[there]]
        cells[~there] = [_LETTERS[code - 1] for code in one.reasons[~there]]
        columns[name] = cells
        labels[name] = dict(one.labels) | {_LETTERS[code - 1]: words for code, words in used.items()}
        letters[name] = [_LETTERS[code - 1] for code in used]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.dta"
        pyreadstat.write_dta(
            pd.DataFrame(columns),
            str(path),
            file_label=_MARK,
            column_labels={names[one.name]: _cut(one, names, "dta") for one in made},
            variable_value_labels=labels,
            missing_user_values=letters,
        )
        return path.read_bytes()


def _no_gaps(values: Any) -> Any:
    """Stata knows no missing text, only an empty one."""
    texts = isinstance(values, np.ndarray) and values.dtype == object
    return np.array([one or "" for one in values], dtype=object) if texts else values


def _whole(values: Any) -> bool:
    there = values[np.isfinite(values)]
    return bool(np.all(there == np.round(there)) and np.all(np.abs(there) < 2**31))


def _apart(one: Variable, lang: str) -> list[Variable]:
    why = say("survey_intake.export.why", {"label": one.label}, lang=lang)
    words = np.array(REASONS, dtype=object)[one.reasons]
    return [Variable(one.name, one.label, one.values, {}), Variable(f"{one.name}{WHY}", why, words, {})]


def _short_names(names: Sequence[str], kind: str) -> dict[str, str]:
    """Names as the file allows them; a name cut short stands in full in its label."""
    longest = _LONGEST[kind]
    made: dict[str, str] = {}
    taken = {name for name in names if _fits(name, longest)}
    for name in names:
        short, number = name, 1
        while not _fits(short, longest) or (short != name and short in taken):
            ending = f"_{number}"
            stem = name.encode()[: longest - len(ending)].decode("utf-8", "ignore")
            short, number = f"{stem}{ending}", number + 1
        taken.add(short)
        made[name] = short
    return made


def _fits(name: str, longest: int) -> bool:
    return len(name.encode()) <= longest


def _cut(one: Variable, names: Mapping[str, str], kind: str) -> str:
    return one.name if names[one.name] != one.name else one.label[: _LABEL[kind]]


# -- workbook and Parquet ---------------------------------------------------------------------------


def parquet(responses: Responses, lang: str) -> bytes:
    """Parquet as ``read_clean`` reads it, with the labels of columns and options beside."""
    from govlab.data.parquet import parquet_bytes

    frame = responses.clean_frame()
    for name in responses.carried:
        if not hasattr(frame[name], "cat") and frame[name].dtype == object:
            frame[name] = frame[name].astype("str")
    labels = {
        name: _label(responses, name, responses.questionnaire.owners[name], lang)
        for name in responses.columns
    }
    return parquet_bytes(frame, responses.said() | {"labels": labels})


def xlsx(responses: Responses, lang: str) -> bytes:
    """A workbook: ``data``, ``labels``, ``reasons``, ``codebook``; no cell runs as a formula."""
    from openpyxl import Workbook

    from govlab.data.workbook import book_bytes

    book = Workbook(write_only=True)
    owners = responses.questionnaire.owners
    frame, answers = responses.frame, responses.columns
    flags = {f"{FLAG}{name}": responses.flags[name].to_numpy(dtype=float) for name in responses.flags.columns}
    data = {name: _coded(frame[name]) for name in frame.columns} | flags
    _sheet(book, "data", data)
    words = {name: _worded(frame[name], owners[name], lang) for name in answers}
    row = {name: data[name] for name in frame.columns if name not in answers}
    _sheet(book, "labels", {name: (row | words)[name] for name in frame.columns})
    _sheet(book, "reasons", {name: responses.reasons[name].astype(object).to_numpy() for name in answers})
    _sheet(book, "codebook", _codebook(responses))
    return book_bytes(book)


def _coded(column: pd.Series[Any]) -> Any:
    values = _plain(column)
    return values.astype(object).where(values.notna(), None).to_numpy() if hasattr(values, "dt") else values


def _worded(column: pd.Series[Any], question: Question, lang: str) -> Any:
    if question.kind != "one" or column.name != question.name:
        return _coded(column)
    keys = column.astype(object)
    names = {
        (float(one.name) if question.measure == "scale" else one.name): one.label.in_language(lang)
        for one in question.inside
    }
    return keys.map(names).where(keys.notna(), None).to_numpy()


def _sheet(book: Any, name: str, columns: Mapping[str, Any]) -> None:
    from govlab.data.workbook import harmless

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    sheet.append([harmless(head) for head in columns])
    for row in zip(*columns.values(), strict=True):
        sheet.append([_cell(one, harmless) for one in row])


def _cell(one: Any, harmless: Any) -> Any:
    if isinstance(one, str):
        return harmless(one) or None
    if one is None or one != one:  # noqa: PLR0124 - true of NaN and of NaT alike
        return None
    return one.to_pydatetime() if hasattr(one, "to_pydatetime") else one


def _codebook(responses: Responses) -> dict[str, list[Any]]:
    owners = responses.questionnaire.owners
    found: dict[str, list[Any]] = {
        head: [] for head in ("column", *LANGUAGES, "type", "construct", "scale_reverse", "values", "missing")
    }
    for name in responses.columns:
        question = owners[name]
        single = question.kind == "one" and name == question.name
        options = (
            "; ".join(f"{one.name} = {' / '.join(one.label.both())}" for one in question.inside)
            if single
            else ""
        )
        counts = responses.reasons[name].value_counts()
        missing = "; ".join(f"{reason} {counts[reason]}" for reason in REASONS[1:] if counts[reason])
        cells = (
            question.type,
            question.construct_name,
            "yes" if question.scale_reverse else "",
            options,
            missing,
        )
        labels = [_label(responses, name, question, lang) for lang in LANGUAGES]
        for head, cell in zip(found, (name, *labels, *cells), strict=True):
            found[head].append(cell)
    return found
