"""Answers as the conditions of a form see them: the names of what was chosen, or numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from govlab.survey.logic import Given, LogicError, holds
from govlab.survey.questionnaire import REASONS, Question, Questionnaire

if TYPE_CHECKING:
    from numpy.typing import NDArray


def given(
    question: Question, values: Mapping[str, Any], reasons: Mapping[str, NDArray[np.int8]], rows: int
) -> Given:
    """The answers to one question, those outside the scale too. values, reasons: column -> (rows,)."""
    if not question.columns or question.columns[0] not in values:
        return Given(np.full(rows, "", dtype=object))
    if question.kind == "number":
        return Given(number=np.asarray(values[question.name], dtype=float))
    if question.kind in ("many", "rank"):
        text = np.full(rows, "", dtype=object)
        for option, column in zip(question.inside, question.columns, strict=False):
            chosen = np.asarray(values[column], dtype=float) > 0
            text[chosen] += f"{option.name} "
        column = question.columns[0]
    else:
        text = _single(question, values[question.name], rows)
        column = question.name
    for option in question.options:
        if option.outside is not None:
            text[np.asarray(reasons[column] == REASONS.index(option.outside))] = option.name
    return Given(text)


def _single(question: Question, values: Any, rows: int) -> NDArray[np.object_]:
    if question.measure == "scale":
        numbers = np.asarray(values, dtype=float)
        text = np.full(rows, "", dtype=object)
        for option in question.inside:
            text[numbers == float(option.name)] = option.name
        return text
    if hasattr(values, "cat"):
        values = values.array
    if hasattr(values, "categories"):
        names = np.array([*map(str, values.categories), ""], dtype=object)
        return np.asarray(names[values.codes], dtype=object)
    import pandas as pd

    return np.array(
        ["" if nothing else str(one) for one, nothing in zip(values, pd.isna(values), strict=True)],
        dtype=object,
    )


# With such an answer nobody can say whether the next question was put.
_UNKNOWN = tuple(
    REASONS.index(reason)
    for reason in ("unknown_value", "unreadable", "personal", "no_consent", "no_column", "not_confirmed")
)


def where_asked(
    question: Question, answers: Answers, reasons: Mapping[str, NDArray[np.int8]], rows: int
) -> NDArray[np.bool_]:
    """(rows,) False where a question was certainly not put; LogicError if its conditions cannot be read."""
    asked = np.ones(rows, dtype=bool)
    for node in question.relevant:
        if not node.checkable():
            raise LogicError(", ".join(sorted(node.calls())))
        known = np.ones(rows, dtype=bool)
        for name in node.references():
            columns = answers.questionnaire.question(name).columns
            known &= ~np.isin(reasons[columns[0]], _UNKNOWN) if columns and columns[0] in reasons else False
        asked &= ~known | holds(node, rows, answers)
    return asked


class Answers(Mapping[str, Given]):
    """Question -> its answers, each worked out when it is first asked for."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        values: Mapping[str, Any],
        reasons: Mapping[str, NDArray[np.int8]],
        rows: int,
    ) -> None:
        self.questionnaire, self._values, self._reasons, self._rows = questionnaire, values, reasons, rows
        self._made: dict[str, Given] = {}

    def __getitem__(self, name: str) -> Given:
        if name not in self._made:
            question = self.questionnaire.question(name)
            self._made[name] = given(question, self._values, self._reasons, self._rows)
        return self._made[name]

    def __iter__(self) -> Any:
        return (question.name for question in self.questionnaire)

    def __len__(self) -> int:
        return len(self.questionnaire.questions)
