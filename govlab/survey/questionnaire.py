"""Questionnaires: what was asked, which answers were offered, and which columns the answers become.

A questionnaire is an XLSForm workbook (``xlsform.read_questionnaire``), so that the same file loads into
KoboToolbox and ODK. Columns of our own, which those tools ignore: on ``survey`` ``construct`` (items that
measure one thing), ``scale_reverse`` (agreeing means less of it), ``measure`` and ``role``; on ``choices``
``outside_scale`` (an answer such as "don't know" that is no point of the scale) and ``other_text``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from govlab.survey.logic import Node

Kind = Literal["one", "many", "rank", "number", "text", "date", "place", "file", "note", "hidden"]
Measure = Literal["scale", "category", "number", "text", "date"]
Role = Literal["consent", "panel_consent", "study_code", "zone", "community"]
Reason = Literal[
    "not_asked",
    "blank",
    "dont_know",
    "refused",
    "not_applicable",
    "not_ranked",
    "unknown_value",
    "unreadable",
    "user_missing",
    "personal",
    "no_consent",
    "no_column",
    "not_confirmed",
]
# Why a value is missing. The first is an answer that is there; the order is that of every table.
REASONS: tuple[str, ...] = ("", *Reason.__args__)  # type: ignore[attr-defined]
# Answers that a list of choices may place outside its scale.
OUTSIDE: tuple[Reason, ...] = ("dont_know", "refused", "not_applicable")
# Between the question and the option where one question fills several columns.
JOIN = "__"
OTHER_TEXT = "text"


class Model(BaseModel):
    """Base of what a questionnaire is made of: frozen, nothing unknown accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Words(Model):
    """The same words in Chinese and in English; a workbook may lack one of them."""

    zh: str = ""
    en: str = ""

    def in_language(self, lang: str) -> str:
        """The words in ``lang``, or in the other language where there are none."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)

    def both(self) -> tuple[str, ...]:
        """The words that are there, Chinese first."""
        return tuple(dict.fromkeys(word for word in (self.zh, self.en) if word))


class Option(Model):
    """One answer offered. outside: the reason it stands for, if it is no point of the scale."""

    name: str
    label: Words
    outside: Reason | None = None
    other_text: bool = False


class Group(Model):
    """Questions under one heading; a table if its rows share one list of answers."""

    name: str
    label: Words = Words()
    table: bool = False


class Question(Model):
    """One row of the sheet ``survey``.

    relevant: every condition under which it is asked (its groups' too). other_text: the question that
    takes the words written beside "other". place: row of the workbook.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=64)]
    kind: Kind
    type: str
    label: Words = Words()
    options: tuple[Option, ...] = ()
    list_name: str = ""
    group: Group | None = None
    measure: Measure = "text"
    relevant: tuple[Node, ...] = ()
    constraint: Node | None = None
    required: bool = False
    construct_name: str = ""
    scale_reverse: bool = False
    role: Role | None = None
    other_text: str | None = None
    place: int = 0

    @property
    def inside(self) -> tuple[Option, ...]:
        """The options that are answers, without those outside the scale."""
        return tuple(option for option in self.options if option.outside is None)

    @property
    def scale(self) -> tuple[int, ...]:
        """The points of the scale, in order; empty where it is none."""
        return tuple(sorted(int(one.name) for one in self.inside)) if self.measure == "scale" else ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns its answers become: one, or one an option; then the words beside "other"."""
        if self.kind in ("note", "hidden", "place", "file"):
            return ()
        own: tuple[str, ...] = (self.name,)
        if self.kind in ("many", "rank"):
            own = tuple(f"{self.name}{JOIN}{option.name}" for option in self.inside)
        return (*own, self.words_column) if self.words_column else own

    @property
    def words_column(self) -> str:
        """Column of the words beside "other" where no question of the form takes them; else empty."""
        if self.other_text is None and any(option.other_text for option in self.options):
            return f"{self.name}{JOIN}{OTHER_TEXT}"
        return ""

    def option(self, name: str) -> Option | None:
        """The option of that name, None if there is none."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Option]:
        return {option.name: option for option in self.options}

    def outside_name(self, reason: str) -> str:
        """The option that stands for a reason; empty if none does."""
        return next((option.name for option in self.options if option.outside == reason), "")


class Questionnaire(Model):
    """A whole questionnaire, in the order of its sheet."""

    title: Words
    form_id: str
    version: str = ""
    questions: tuple[Question, ...]
    source: str = ""

    def __iter__(self) -> Iterator[Question]:  # type: ignore[override]
        return iter(self.questions)

    @cached_property
    def _by_name(self) -> dict[str, Question]:
        return {question.name: question for question in self.questions}

    @cached_property
    def owners(self) -> dict[str, Question]:
        """Column of the data -> the question it belongs to, in order."""
        return {column: question for question in self.questions for column in question.columns}

    def question(self, name: str) -> Question:
        """The question of that name; KeyError names what is near."""
        found = self._by_name.get(name)
        if found is None:
            from difflib import get_close_matches

            near = ", ".join(get_close_matches(name, self._by_name, n=3)) or ", ".join(self._by_name)
            raise KeyError(f"no question {name!r} in {self.form_id}; near it: {near}")
        return found

    def has(self, name: str) -> bool:
        """Whether there is a question of that name."""
        return name in self._by_name

    def with_role(self, role: Role) -> Question | None:
        """The question with that role, None if none has it."""
        return next((question for question in self.questions if question.role == role), None)

    @property
    def constructs(self) -> dict[str, tuple[Question, ...]]:
        """Construct -> its items, in order."""
        found: dict[str, list[Question]] = {}
        for question in self.questions:
            if question.construct_name:
                found.setdefault(question.construct_name, []).append(question)
        return {name: tuple(items) for name, items in found.items()}

    @property
    def tables(self) -> dict[str, tuple[Question, ...]]:
        """Group that is a table -> its rows, in order."""
        found: dict[str, list[Question]] = {}
        for question in self.questions:
            if question.group is not None and question.group.table and question.kind == "one":
                found.setdefault(question.group.name, []).append(question)
        return {name: tuple(rows) for name, rows in found.items()}

    def numbers(self) -> dict[str, int]:
        """Question -> its number on a platform that counts a table once and notes not at all."""
        found: dict[str, int] = {}
        tables: dict[str, int] = {}
        for question in self.questions:
            if question.kind in ("note", "hidden") or self._takes_other_words(question):
                continue
            if question.group is not None and question.group.table:
                number = tables.setdefault(question.group.name, len(set(found.values())) + 1)
            else:
                number = len(set(found.values())) + 1
            found[question.name] = number
        return found

    def _takes_other_words(self, question: Question) -> bool:
        return any(one.other_text == question.name for one in self.questions)

    def column_label(self, column: str, lang: str) -> str:
        """The words over a column of the data: the question, and the option where it has one a column."""
        question = self.owners[column]
        words = question.label.in_language(lang) or question.name
        part = column.removeprefix(question.name).removeprefix(JOIN)
        if not part:
            return words
        if column == question.words_column:
            other = next(option for option in question.options if option.other_text)
            part = other.name
        option = question.option(part)
        inner = option.label.in_language(lang) if option is not None else part
        return f"{words}（{inner}）" if lang == "zh" else f"{words} ({inner})"
