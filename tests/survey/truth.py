"""What intake must make of known answers, worked out without it."""

from __future__ import annotations

from typing import Any

from govlab.survey.questionnaire import Questionnaire
from tests.survey.exports import BLANK, SKIPPED, Answers

MARKS = {SKIPPED: "not_asked", BLANK: "blank"}


def expected(form: Questionnaire, answers: Answers, column: str) -> tuple[list[Any], list[str]]:
    """(values with None for missing, reasons) of one column of the clean data."""
    question = form.owners[column]
    values, reasons = [], []
    for row in answers:
        answer = row[question.name]
        value, reason = None, ""
        if isinstance(answer, str) and answer in MARKS:
            reason = MARKS[answer]
        elif column == question.words_column:
            chosen = "other" in answer
            value, reason = ("跳广场舞的音响", "") if chosen else (None, "not_asked")
        elif question.kind == "one":
            option = question.option(answer)
            reason = option.outside or ""
            if not reason:
                value = float(answer) if question.measure == "scale" else answer
        elif question.kind == "many":
            value = float(column.removeprefix(f"{question.name}__") in answer)
        elif question.kind == "rank":
            name = column.removeprefix(f"{question.name}__")
            value, reason = (float(answer.index(name) + 1), "") if name in answer else (None, "not_ranked")
        else:
            value = float(answer) if question.kind == "number" else answer
        values.append(value)
        reasons.append(reason)
    return values, reasons


def plain(series: Any) -> list[Any]:
    """A column as a list with None for missing."""
    return [None if missing else value for value, missing in zip(series.tolist(), series.isna(), strict=True)]
