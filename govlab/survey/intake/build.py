"""Matched columns -> the columns of the clean data, with a reason wherever a value is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from govlab.survey.answers import Answers, where_asked
from govlab.survey.intake.decode import CODE, Reasons, Rules, read_numbers, read_options, read_texts
from govlab.survey.intake.match import Target
from govlab.survey.intake.personal import Personal, by_content, in_text
from govlab.survey.intake.raw import Column, cell_text
from govlab.survey.intake.sets import Several, read_columns, read_joined
from govlab.survey.intake.times import read_times
from govlab.survey.logic import LogicError
from govlab.survey.questionnaire import OTHER_TEXT, Question, Questionnaire

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Unknown:
    """A value that could not be read: where, what was written, how often."""

    question: str
    head: str
    value: str
    n: int


@dataclass(eq=False)
class Built:
    """Columns while they are being made. schemes: question -> how its options stood in the file."""

    values: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, Reasons] = field(default_factory=dict)
    schemes: dict[str, str] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)
    redacted: dict[str, tuple[Personal, int]] = field(default_factory=dict)


def build(
    questionnaire: Questionnaire,
    columns: Mapping[Target, Column],
    rules_of: Callable[[Column], Rules],
    rows: int,
    *,
    gone: Mapping[str, str],
    hits: Mapping[int, NDArray[np.bool_]],
    kept: set[str],
) -> Built:
    """Every column of every question, (rows,). gone: question -> why its column is not used.
    hits: place of a column -> values in which something about a person stands.
    kept: text questions that may hold personal data.
    """
    built = Built()
    words: dict[str, NDArray[np.object_]] = {}
    takers = {question.other_text: question for question in questionnaire if question.other_text}
    for question in questionnaire:
        if not question.columns:
            continue
        own = {target.part: column for target, column in columns.items() if target.question == question.name}
        absent = CODE[gone.get(question.name, "no_column")]
        if question.name in takers and takers[question.name].name in built.schemes:
            # Its words stand beside "other" in the cell of the question before.
            absent = CODE["blank"]
        if question.kind == "one":
            beside = _one(built, question, own.get(""), rules_of, rows, absent)
        elif question.kind in ("many", "rank"):
            beside = _several(built, question, own, rules_of, rows, absent)
        else:
            column = own.get("")
            found = hits.get(column.place) if column is not None and question.name not in kept else None
            _other(built, question, column, rules_of, rows, absent, hits=found)
            continue
        taker = question.words_column or question.other_text
        if taker:
            words[taker] = beside
        if question.words_column:
            _words(built, question, own.get(OTHER_TEXT), rules_of, rows)
    for taker, beside in words.items():
        if taker in built.values:
            _lay_words(built, taker, beside, redact=taker not in kept)
    return built


def _one(
    built: Built,
    question: Question,
    column: Column | None,
    rules_of: Callable[[Column], Rules],
    rows: int,
    absent: int,
) -> NDArray[np.object_]:
    import pandas as pd

    if column is None:
        codes = np.full(rows, -1, dtype=np.int16)
        built.reasons[question.name] = np.full(rows, absent, dtype=np.int8)
        beside = np.full(rows, "", dtype=object)
    else:
        read = read_options(question, column, rules_of(column))
        codes = column.spread(read.option)
        takes_words = question.words_column or question.other_text
        beside = column.spread(read.words) if takes_words else np.full(rows, "", dtype=object)
        built.reasons[question.name] = column.spread(read.reason)
        built.schemes[question.name] = read.scheme
        _list_unknown(built, question, column, read.unknown())
    if question.measure == "scale":
        points = [float(one.name) if one.outside is None else np.nan for one in question.options]
        built.values[question.name] = np.array([*points, np.nan])[codes]
    else:
        inside = [one.name for one in question.inside]
        places = [inside.index(one.name) if one.outside is None else -1 for one in question.options]
        own = np.array([*places, -1], dtype=np.int16)[codes]
        kind = pd.CategoricalDtype(inside)
        built.values[question.name] = pd.Categorical.from_codes(own, dtype=kind)
    return beside


def _several(
    built: Built,
    question: Question,
    own: Mapping[str, Column],
    rules_of: Callable[[Column], Rules],
    rows: int,
    absent: int,
) -> NDArray[np.object_]:
    options = {part: column for part, column in own.items() if part not in ("", OTHER_TEXT)}
    if "" in own:
        several = read_joined(question, own[""], rules_of(own[""]))
    elif options:
        several = read_columns(question, options, rules_of, rows)
    else:
        count = len(question.inside)
        nothing = np.full((rows, count), np.nan), np.full((rows, count), absent, dtype=np.int8)
        several = Several(*nothing, np.full(rows, "", dtype=object))
    for at, name in enumerate(question.columns[: len(question.inside)]):
        built.values[name], built.reasons[name] = several.values[:, at], several.reasons[:, at]
    for (head, value), n in several.unknown.items():
        built.unknown.append(Unknown(question.name, head, value, n))
    if several.scheme:
        built.schemes[question.name] = several.scheme
    return several.words


def _other(
    built: Built,
    question: Question,
    column: Column | None,
    rules_of: Callable[[Column], Rules],
    rows: int,
    absent: int,
    *,
    hits: NDArray[np.bool_] | None,
) -> None:
    import pandas as pd

    name = question.name
    if column is None:
        built.reasons[name] = np.full(rows, absent, dtype=np.int8)
        empty: dict[str, Any] = {
            "number": np.full(rows, np.nan),
            "date": np.full(rows, np.datetime64("NaT", "us")),
            "text": _as_text(np.full(rows, None, dtype=object)),
        }
        built.values[name] = empty[question.kind]
        return
    rules = rules_of(column)
    if question.kind == "text":
        texts, reasons = read_texts(question, column, rules)
        if hits is not None:
            _redact(built, name, texts, reasons, column.counts(), hits)
        built.values[name] = _as_text(column.spread(texts))
    elif question.kind == "date":
        times, reasons = read_times(question, column, rules)
        built.values[name] = pd.array(column.spread(times), dtype="datetime64[us]")
    else:
        numbers, reasons = read_numbers(question, column, rules)
        built.values[name] = column.spread(numbers)
    built.reasons[name] = column.spread(reasons)
    _list_unknown(built, question, column, np.asarray(reasons == CODE["unreadable"]))


def _words(
    built: Built, question: Question, column: Column | None, rules_of: Callable[[Column], Rules], rows: int
) -> None:
    """The column of the words beside "other": its own in the file if there is one, else still empty."""
    name = question.words_column
    texts: NDArray[np.object_] = np.full(rows, None, dtype=object)
    reasons = _beside_other(built, question, rows)
    if column is not None:
        per_value, why = read_texts(question, column, rules_of(column))
        texts, own = column.spread(per_value), column.spread(why)
        reasons = np.where((own == 0) | (reasons == CODE["blank"]), own, reasons).astype(np.int8)
    built.values[name], built.reasons[name] = _as_text(texts), reasons


def _beside_other(built: Built, question: Question, rows: int) -> Reasons:
    """(rows,) why there are no words: no answer at all, "other" was not chosen, or nothing was written."""
    other = next(option.name for option in question.options if option.other_text)
    first = question.columns[0]
    if question.kind == "one":
        values = built.values[first]
        chosen = np.asarray(values == (float(other) if question.measure == "scale" else other), dtype=bool)
        reasons = built.reasons[first]
    else:
        at = [option.name for option in question.inside].index(other)
        chosen = np.asarray(built.values[question.columns[at]] > 0)
        columns = question.columns[: len(question.inside)]
        answered = np.any([built.reasons[column] == 0 for column in columns], axis=0)
        reasons = np.where(answered, 0, built.reasons[question.columns[at]])
    found = np.where(reasons > 0, reasons, CODE["not_asked"])
    return np.where(chosen, CODE["blank"], found).astype(np.int8)


def _lay_words(built: Built, name: str, beside: NDArray[np.object_], *, redact: bool) -> None:
    """Words written in the cell of "other" go to the question or column that takes them, if it is empty."""
    texts = np.asarray(built.values[name].to_numpy(dtype=object, na_value=None), dtype=object)
    empty = np.array([one is None for one in texts], dtype=bool)
    there = np.asarray(beside != "", dtype=bool) & empty
    if not there.any():
        return
    texts[there] = beside[there]
    built.reasons[name][there] = 0
    if redact:
        ones = np.ones(len(texts), dtype=np.intp)
        _, hits = by_content(
            [one if one is not None and kept else "" for one, kept in zip(texts, there, strict=True)], ones
        )
        _redact(built, name, texts, built.reasons[name], ones, hits)
    built.values[name] = _as_text(texts)


def _redact(
    built: Built,
    name: str,
    texts: NDArray[np.object_],
    reasons: Reasons,
    counts: NDArray[np.intp],
    hits: NDArray[np.bool_],
) -> None:
    """Single answers with a telephone number, an address and the like are taken out, and counted."""
    hits = hits & np.array([one is not None for one in texts], dtype=bool)
    if hits.any():
        kind = in_text(texts[int(np.flatnonzero(hits)[0])]) or "name"
        texts[hits], reasons[hits] = None, CODE["personal"]
        before = built.redacted.get(name, (kind, 0))[1]
        built.redacted[name] = (kind, before + int(counts[hits].sum()))


def _as_text(texts: NDArray[np.object_]) -> Any:
    import pandas as pd

    return pd.array(texts, dtype=pd.StringDtype(na_value=np.nan))


def _list_unknown(built: Built, question: Question, column: Column, which: NDArray[np.bool_]) -> None:
    counts = column.counts()
    for at in np.flatnonzero(which):
        if counts[at]:
            text = cell_text(column.values[at]).strip()
            built.unknown.append(Unknown(question.name, column.shown, text, int(counts[at])))


def tell_not_asked(questionnaire: Questionnaire, built: Built, rows: int) -> dict[str, int]:
    """Blanks where the form does not ask become ``not_asked``; -> answers where it does not ask, by question.

    Conditions that cannot be worked out here change nothing.
    """
    answers = Answers(questionnaire, built.values, built.reasons, rows)
    against: dict[str, int] = {}
    for question in questionnaire:
        if not question.columns or not question.relevant:
            continue
        try:
            asked = where_asked(question, answers, built.reasons, rows)
        except (LogicError, re.error):
            continue
        for column in question.columns:
            reasons = built.reasons[column]
            reasons = np.where(~asked & (reasons == CODE["blank"]), CODE["not_asked"], reasons).astype(
                np.int8
            )
            built.reasons[column] = reasons
        answered = np.any([built.reasons[column] == 0 for column in question.columns], axis=0)
        if (answered & ~asked).any():
            against[question.name] = int((answered & ~asked).sum())
    return against


def frames(built: Built, rows: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The columns and their reasons as two frames of the same rows."""
    import pandas as pd

    from govlab.survey.questionnaire import REASONS

    index = pd.RangeIndex(rows)
    kinds = pd.CategoricalDtype(list(REASONS))
    reasons = {name: pd.Categorical.from_codes(codes, dtype=kinds) for name, codes in built.reasons.items()}
    return (
        pd.DataFrame(built.values, index=index, copy=False),
        pd.DataFrame(reasons, index=index, copy=False),
    )
