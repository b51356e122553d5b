"""Questions with several answers: joined in one column, or a column for each option; and rankings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from govlab.survey.intake.decode import CODE, OptionReader, Reasons, Rules, missing_reason
from govlab.survey.intake.raw import Column, cell_text
from govlab.survey.questionnaire import Question
from govlab.survey.wording import half_width, last_bracket, plain, whole

# 问卷星 joins chosen options with the first, ranked ones with the second.
_JOINS = ("┋", "→", "|", ";", "；", "\n", ",", "，")
_TICKED = {
    plain(text) for text in ("1", "是", "√", "✓", "true", "yes", "y", "选中", "已选", "checked", "selected")
}
_UNTICKED = {
    plain(text) for text in ("0", "否", "false", "no", "n", "未选", "未选中", "not selected", "unchecked")
}

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Several:
    """Answers (n, k) to k options: 1 / 0 or ranks, NaN for none; reasons (n, k); words beside "other" (n,).

    unknown: (head of the column, value as written) -> how often it could not be read.
    scheme: how options were read.
    """

    values: Floats
    reasons: Reasons
    words: NDArray[np.object_]
    unknown: Mapping[tuple[str, str], int] = field(default_factory=dict)
    scheme: str = ""


def read_joined(question: Question, column: Column, rules: Rules) -> Several:
    """A column such as ``A┋B┋其他〖words〗`` or ``B→A→C``; each value is read once."""
    inside = [option.name for option in question.inside]
    at_inside = {name: at for at, name in enumerate(inside)}
    texts = [cell_text(value) for value in column.values]
    reader, scheme = _reader(question, texts, column, rules)
    counts = column.counts()
    values = np.full((len(texts), len(inside)), np.nan)
    reasons = np.zeros((len(texts), len(inside)), dtype=np.int8)
    words = np.full(len(texts), "", dtype=object)
    unknown: dict[tuple[str, str], int] = {}
    for at, (value, text) in enumerate(zip(column.values, texts, strict=True)):
        reason = missing_reason(value, text, column, rules, question)
        if reason is not None:
            reasons[at] = reason
            continue
        chosen: list[str] = []
        for piece in _pieces(text, reader, question, rules):
            name, beside = _choose(piece, reader, question, rules)
            if name is None:
                place = column.shown, piece.strip()
                unknown[place] = unknown.get(place, 0) + int(counts[at])
            else:
                chosen.append(name)
                words[at] = words[at] or beside
        _fill(question, chosen, at_inside, values[at], reasons[at])
    return Several(values[column.codes], reasons[column.codes], words[column.codes], unknown, scheme)


def _fill(
    question: Question, chosen: list[str], at_inside: Mapping[str, int], values: Floats, reasons: Reasons
) -> None:
    """Write one answer into its row of options."""
    ours = [at_inside[name] for name in chosen if name in at_inside]
    if ours and question.kind == "rank":
        reasons[:] = CODE["not_ranked"]
        for rank, at in enumerate(ours, 1):
            values[at], reasons[at] = rank, 0
    elif ours:
        values[:] = 0.0
        values[ours] = 1.0
    else:
        outside = next(
            (one.outside for name in chosen if (one := question.option(name)) and one.outside), None
        )
        reasons[:] = CODE[outside or "unknown_value"]


def _reader(question: Question, texts: list[str], column: Column, rules: Rules) -> tuple[OptionReader, str]:
    """Whether a joined column writes options as words, names or places: the way that reads every piece."""
    reader = OptionReader(question.options, rules)
    scheme = "words"
    ways = {"words": reader.by_words, "place": reader.by_place, "name": reader.by_name}
    if rules.platform not in ("wjx", "tencent"):
        ways = {"words": reader.by_words, "name": reader.by_name}
    for name, read in ways.items():
        hits = 0
        for value, text in zip(column.values, texts, strict=True):
            if missing_reason(value, text, column, rules, question) is None:
                hits += any(read(piece)[0] >= 0 for piece in _rough(text))
        if hits:
            scheme = name
            break
    return reader, scheme


def _rough(text: str) -> list[str]:
    return [text, *re.split("[┋→|;；\n,， ]", text)]


def _pieces(text: str, reader: OptionReader, question: Question, rules: Rules) -> list[str]:
    """The options in a cell. The sign that joins them may also stand inside an option."""
    if _choose(text, reader, question, rules)[0] is not None:
        return [text]
    for join in _JOINS:
        if join in text:
            pieces = [piece for piece in text.split(join) if piece.strip()]
            if join in "┋→" or all(
                _choose(piece, reader, question, rules)[0] is not None for piece in pieces
            ):
                return pieces
    pieces = text.split()
    if all(reader.by_name(piece)[0] >= 0 for piece in pieces):
        return pieces
    return [text]


def _choose(piece: str, reader: OptionReader, question: Question, rules: Rules) -> tuple[str | None, str]:
    given = rules.overrides.get(piece.strip())
    if given is not None:
        return given, ""
    ways = [reader.by_words, reader.by_name]
    if rules.platform in ("wjx", "tencent"):
        ways = [reader.by_words, reader.by_place, reader.by_name]
    for read in ways:
        at, words = read(piece)
        if at >= 0:
            return question.options[at].name, words
    return None, ""


def read_columns(
    question: Question, columns: Mapping[str, Column], rules_of: Callable[[Column], Rules], rows: int
) -> Several:
    """A column for each option, ticked or ranked. Options without a column are missing for that reason."""
    inside = [option.name for option in question.inside]
    values = np.full((rows, len(inside)), np.nan)
    reasons = np.full((rows, len(inside)), CODE["no_column"], dtype=np.int8)
    words = np.full(rows, "", dtype=object)
    unknown: dict[tuple[str, str], int] = {}
    ticked = np.zeros(rows, dtype=bool)
    outside = np.zeros(rows, dtype=np.int8)
    for option in question.options:
        column = columns.get(option.name)
        if column is None:
            continue
        ticks, why, beside = _ticks(question, option.name, column, rules_of(column), unknown)
        if option.outside is not None:
            hit = column.spread(ticks) > 0
            outside[hit] = CODE[option.outside]
            continue
        at = inside.index(option.name)
        values[:, at], reasons[:, at] = column.spread(ticks), column.spread(why)
        ticked |= values[:, at] > 0
        if option.other_text:
            words = column.spread(beside)
    present = [at for at, name in enumerate(inside) if name in columns]
    bare = any(rules_of(column).skips for column in columns.values())
    _settle(question, values, reasons, present, ticked, outside, bare=bare)
    return Several(values, reasons, words, unknown, "ticks")


def _settle(
    question: Question,
    values: Floats,
    reasons: Reasons,
    present: list[int],
    ticked: NDArray[np.bool_],
    outside: Reasons,
    *,
    bare: bool,
) -> None:
    """What an empty cell means depends on its row: not chosen where something else is, else no answer."""
    empty = np.isnan(values)
    for at in present:
        left = ticked & empty[:, at] & (reasons[:, at] == CODE["blank"])
        if question.kind == "rank":
            reasons[left, at] = CODE["not_ranked"]
        else:
            values[left, at], reasons[left, at] = 0.0, 0
    alone = ~ticked & (outside > 0)
    # Platforms print 0 for everyone who did not tick; elsewhere a 0 was written by somebody who meant it.
    nothing = ~ticked & (outside == 0)
    for at in present:
        values[alone, at], reasons[alone, at] = np.nan, outside[alone]
        zero = nothing & (reasons[:, at] == 0)
        if bare and question.kind != "rank":
            values[zero, at], reasons[zero, at] = np.nan, CODE["blank"]


def _ticks(
    question: Question, name: str, column: Column, rules: Rules, unknown: dict[tuple[str, str], int]
) -> tuple[Floats, Reasons, NDArray[np.object_]]:
    """For each value of one option's column: 1 / 0 or its rank, the reason, the words beside it."""
    option = question.option(name)
    own = {plain(words) for words in option.label.both()} | {plain(name)} if option is not None else set()
    reader = OptionReader(question.options, rules)
    ticks = np.full(len(column.values), np.nan)
    why = np.zeros(len(column.values), dtype=np.int8)
    beside = np.full(len(column.values), "", dtype=object)
    counts = column.counts()
    for at, value in enumerate(column.values):
        text = cell_text(value)
        reason = missing_reason(value, text, column, rules, question)
        bare = plain(whole(text))
        given = rules.overrides.get(text.strip())
        if given is not None:
            ticks[at], why[at] = (np.nan, CODE[given]) if given in CODE else (float(given == name), 0)
        elif reason is not None:
            why[at] = reason
        elif question.kind == "rank":
            if whole(text).isdecimal() and 1 <= int(whole(text)) <= len(question.options):
                ticks[at] = int(whole(text))
            elif bare in _UNTICKED:
                why[at] = CODE["blank"]
            else:
                why[at] = CODE["unknown_value"]
        elif bare in _TICKED or bare in own:
            ticks[at] = 1.0
        elif bare in _UNTICKED:
            ticks[at] = 0.0
        else:
            words = _words_beside(text, name, reader, question)
            if words is None:
                why[at] = CODE["unknown_value"]
            else:
                ticks[at], beside[at] = 1.0, words
        if why[at] == CODE["unknown_value"]:
            unknown[column.shown, text.strip()] = int(counts[at])
    return ticks, why, beside


def _words_beside(text: str, name: str, reader: OptionReader, question: Question) -> str | None:
    """The words written beside an option that is ticked; None if the cell says something else."""
    cut = last_bracket(text.strip())
    if cut is not None and half_width(cut[0]) == "1":
        return cut[1].strip()
    at, words = reader.by_words(text)
    if at >= 0 and question.options[at].name == name:
        return words
    option = question.option(name)
    # Beside "other", Tencent prints the words alone.
    return text.strip() if option is not None and option.other_text else None
