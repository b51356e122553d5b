"""Cells -> answers and reasons: options by their words, their names or their places; numbers; times.

One way of writing holds for a whole column: where options stand as words, a number among them is not
taken for the place of an option. What cannot be read is kept as ``unknown_value`` or ``unreadable``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from govlab.survey.intake.platforms import Platform
from govlab.survey.intake.raw import Column, cell_text
from govlab.survey.questionnaire import REASONS, Option, Question
from govlab.survey.wording import half_width, last_bracket, plain, plain_option, whole

Scheme = Literal["words", "name", "place", "label", "ticks", "numbers", ""]
CODE: Mapping[str, int] = MappingProxyType({reason: place for place, reason in enumerate(REASONS)})
Reasons = NDArray[np.int8]

_SKIPPED = {plain(text) for text in ("-3", "(跳过)", "跳过", "-3.0")}
_LEFT = {plain(text) for text in ("-2", "(空)", "空", "-2.0", "(未填写)", "(未答)")}
_LONGEST_MARK = 12
_MARK = re.compile(r"\s*[(（]?\s*[-－−跳空未]")
_LETTER = re.compile(r"^([A-Za-z])\s*[.、．:]\s*")
_THOUSANDS = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")


@dataclass(frozen=True)
class Rules:
    """How a file writes. overrides: value as written -> option or reason, as a person settled it."""

    platform: Platform
    overrides: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def skips(self) -> bool:
        """Whether -3 means skipped and -2 means left blank."""
        return self.platform in ("wjx", "tencent")


@dataclass(frozen=True, eq=False)
class Options:
    """For each value of a column: place of the option in the list (-1 for none), reason, words beside it."""

    option: NDArray[np.int16]
    reason: Reasons
    words: NDArray[np.object_]
    scheme: Scheme

    def unknown(self) -> NDArray[np.bool_]:
        """The values that could not be read."""
        return np.asarray(self.reason == CODE["unknown_value"])


def missing_reason(
    value: Any, text: str, column: Column, rules: Rules, question: Question | None
) -> int | None:
    """The reason a value stands for, if it stands for none of the answers; else None."""
    if not text.strip():
        return CODE["blank"]
    if value in column.missing:
        return reason_of_label(column.missing[value], question)
    if rules.skips and len(text) < _LONGEST_MARK and _MARK.match(text):
        bare = plain(half_width(text))
        if bare in _SKIPPED:
            return CODE["not_asked"]
        if bare in _LEFT:
            return CODE["blank"]
    return None


def reason_of_label(label: str, question: Question | None) -> int:
    """A value that the file calls missing: its label may be one of our reasons or an outside answer."""
    words = plain_option(label)
    for option in question.options if question is not None else ():
        if option.outside is not None and words in map(plain_option, option.label.both()):
            return CODE[option.outside]
    return _reason_labels().get(words, CODE["user_missing"])


@lru_cache(maxsize=1)
def _reason_labels() -> dict[str, int]:
    from govlab.language import LANGUAGES, say

    return {
        plain_option(say(f"survey_intake.reason.{reason}", lang=lang)): CODE[reason]
        for reason in REASONS[1:]
        for lang in LANGUAGES
    }


class OptionReader:
    """Reads single cells for one list of options."""

    def __init__(self, options: tuple[Option, ...], rules: Rules) -> None:
        self._options = options
        self._rules = rules
        self._words = {plain_option(w): at for at, option in enumerate(options) for w in option.label.both()}
        self._names = {option.name.lower(): at for at, option in enumerate(options)}
        # Names such as 2.0 and 2.1 mean what they say.
        self._bare = half_width if any(whole(name) != name for name in self._names) else whole
        self.other = next((at for at, option in enumerate(options) if option.other_text), -1)

    def by_words(self, text: str) -> tuple[int, str]:
        """(place of the option, words written beside it) by its label; (-1, "") if it is none."""
        at = self._words.get(plain_option(text), self._words.get(plain_option(self._bare(text))))
        if at is not None:
            return at, ""
        cut = last_bracket(text.strip())
        if cut is not None and (at := self._words.get(plain_option(cut[0]))) is not None:
            return at, _own_words(cut[1])
        letter = _LETTER.match(half_width(text))
        if letter is not None:
            at, words = self.by_words(half_width(text)[letter.end() :])
            # The letter must agree with the place: an answer may begin with one by chance.
            if at >= 0 and at == ord(letter[1].upper()) - ord("A"):
                return at, words
        if self.other >= 0:
            label, colon, words = half_width(text).partition(":")
            if colon and self._words.get(plain_option(label)) == self.other:
                return self.other, words.strip()
        return -1, ""

    def by_name(self, text: str) -> tuple[int, str]:
        """By its name in the questionnaire."""
        return self._names.get(self._bare(text).lower(), -1), ""

    def by_place(self, text: str) -> tuple[int, str]:
        """By its place in the list from 1, as 问卷星 numbers options; words may follow in brackets."""
        bare = self._bare(text)
        cut = last_bracket(text.strip())
        number, words = (self._bare(cut[0]), cut[1]) if cut is not None else (bare, "")
        if number.isdecimal() and 1 <= int(number) <= len(self._options):
            return int(number) - 1, words.strip()
        return -1, ""


def _own_words(text: str) -> str:
    found = text.strip().strip(":：")
    return "" if plain(found) in ("请注明", "请填写", "请说明", "pleasespecify", "空", "跳过") else found


def read_options(question: Question, column: Column, rules: Rules) -> Options:
    """The options of a question that takes one answer, for each value of its column."""
    texts = [cell_text(value) for value in column.values]
    known = _Values(question, column, rules, texts)
    open_ = known.open
    reader = OptionReader(question.options, rules)
    if column.value_labels:
        labelled = {at: str(column.value_labels.get(column.values[at], "")) for at in open_}
        if any(labelled.values()):
            known.take(reader.by_words, labelled, "label")
            return known.done("label")
    written = {at: texts[at] for at in open_}
    if rules.platform == "govlab":
        known.take(reader.by_name, written, "name")
        return known.done("name")
    worded = known.take(reader.by_words, written, "words")
    if worded and not all(whole(written[at]).isdecimal() for at in worded):
        if rules.platform not in ("wjx", "tencent"):
            # names of options where one happens to be its label, as "retired" is: numbers stay unread
            left = {at: written[at] for at in known.open if not whole(written[at]).isdecimal()}
            known.take(reader.by_name, left, "words")
        return known.done("words")
    ways = [("place", reader.by_place), ("name", reader.by_name)]
    if rules.platform not in ("wjx", "tencent"):
        ways = [("name", reader.by_name)]
    for scheme, read in ways:
        if known.take(read, {at: written[at] for at in known.open}, scheme):  # type: ignore[arg-type]
            break
    return known.done(known.scheme)


def _overridden(text: str, rules: Rules) -> tuple[str, str] | None:
    """(what a person said a value means, words beside it); None if nobody said."""
    given = rules.overrides.get(text.strip())
    if given is not None:
        return given, ""
    cut = last_bracket(text.strip())
    given = rules.overrides.get(cut[0].strip()) if cut is not None else None
    return (given, cut[1].strip()) if given is not None and cut is not None else None


class _Values:
    """The values of a column while they are being read."""

    def __init__(self, question: Question, column: Column, rules: Rules, texts: list[str]) -> None:
        count = len(texts)
        self.option = np.full(count, -1, dtype=np.int16)
        self.reason = np.zeros(count, dtype=np.int8)
        self.words = np.full(count, "", dtype=object)
        self.scheme: Scheme = ""
        self._question = question
        self.open: list[int] = []
        for at, (value, text) in enumerate(zip(column.values, texts, strict=True)):
            if rules.overrides and (said := _overridden(text, rules)) is not None:
                self._settle(at, said[0])
                self.words[at] = said[1]
            elif (reason := missing_reason(value, text, column, rules, question)) is not None:
                self.reason[at] = reason
            else:
                self.open.append(at)

    def _settle(self, at: int, given: str) -> None:
        places = {option.name: place for place, option in enumerate(self._question.options)}
        if given in places:
            self._choose(at, places[given])
        else:
            self.reason[at] = CODE[given]

    def _choose(self, at: int, place: int) -> None:
        self.option[at] = place
        outside = self._question.options[place].outside
        self.reason[at] = CODE[outside] if outside is not None else 0

    def take(self, read: Any, texts: Mapping[int, str], scheme: Scheme) -> list[int]:
        """Read what can be read this way; the values that were."""
        taken = []
        for at, text in texts.items():
            place, words = read(text) if text else (-1, "")
            if place >= 0:
                self._choose(at, place)
                self.words[at] = words
                taken.append(at)
        self.open = [at for at in self.open if at not in set(taken)]
        if taken:
            self.scheme = scheme
        return taken

    def done(self, scheme: Scheme) -> Options:
        self.reason[self.open] = CODE["unknown_value"]
        return Options(self.option, self.reason, self.words, scheme)


def read_numbers(question: Question, column: Column, rules: Rules) -> tuple[NDArray[np.float64], Reasons]:
    """For each value: the number (NaN for none) and the reason."""
    numbers = np.full(len(column.values), np.nan)
    reasons = np.zeros(len(column.values), dtype=np.int8)
    for at, value in enumerate(column.values):
        text = cell_text(value)
        given = rules.overrides.get(text.strip())
        reason = (
            CODE.get(given) if given is not None else missing_reason(value, text, column, rules, question)
        )
        if reason is not None:
            reasons[at] = reason
            continue
        bare = half_width(given if given is not None else text)
        bare = bare.replace(",", "") if _THOUSANDS.match(bare) else bare
        try:
            numbers[at] = float(bare)
        except ValueError:
            reasons[at] = CODE["unreadable"]
        if not np.isfinite(numbers[at]):
            numbers[at], reasons[at] = np.nan, CODE["unreadable"]
    return numbers, reasons


def read_texts(
    question: Question | None, column: Column, rules: Rules
) -> tuple[NDArray[np.object_], Reasons]:
    """For each value: the words (None for none) and the reason."""
    texts = np.full(len(column.values), None, dtype=object)
    reasons = np.zeros(len(column.values), dtype=np.int8)
    for at, value in enumerate(column.values):
        text = cell_text(value).strip()
        reason = missing_reason(value, text, column, rules, question)
        if reason is None:
            texts[at] = text
        else:
            reasons[at] = reason
    return texts, reasons
