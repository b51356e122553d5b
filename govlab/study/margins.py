"""Which tables of a study will be published, spelled out item by item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from govlab.data.survey_file import MarginTable, Survey
from govlab.disclosure import Margin

if TYPE_CHECKING:
    import pandas as pd

    from govlab.disclosure.margins import Shows
    from govlab.survey.questionnaire import Questionnaire

ALL = "*"
Kind = Literal["scale", "category", "number"]
# Roles of questions that are no matter for tables of their own.
_NO_ITEMS = ("consent", "panel_consent", "study_code", "zone", "community")


def declared(survey: Survey, columns: Sequence[str]) -> tuple[MarginTable, ...]:
    """The margins of the study file; without any: by wave, by zone and wave, by model and wave."""
    if survey.margins:
        return survey.margins
    found = [MarginTable(by=("wave",), items=(ALL,), shows="both")]
    for name in (survey.zone, "model"):
        if name in columns:
            found.append(MarginTable(by=(name, "wave"), items=(ALL,), shows="mean"))
    return tuple(found)


def spell_out(
    tables: Iterable[MarginTable], questionnaire: Questionnaire, frame: pd.DataFrame
) -> tuple[Margin, ...]:
    """Margins with the columns they need: categories have no mean, and numbers no shares.

    A table that merges answers shows those on a scale of more than three points, of all else the means.
    """
    from govlab.survey.merged import Groups, of_questions

    groups = of_questions(questionnaire)
    tables = tuple(tables)
    by = {name for table in tables for name in table.by}
    kinds = {name: kind for name, kind in item_kinds(questionnaire, frame).items() if name not in by}
    found: dict[tuple[tuple[str, ...], Shows, Groups], set[str]] = {}
    for table in tables:
        named = [*(kinds if ALL in table.items else ()), *(one for one in table.items if one != ALL)]
        found.setdefault((table.by, "mean", ()), set())
        for name in named:
            kind = kinds.get(name, "number")
            merge = groups.get(name, ()) if table.merge is not None and kind == "scale" else ()
            asked: Shows = table.shows if table.merge is None or merge else "mean"
            if kind == "category" and asked == "mean" and frame[name].nunique() > 2:
                continue
            shows: Shows = "mean" if kind == "number" else "answers" if kind == "category" else asked
            found.setdefault((table.by, shows, merge), set()).add(name)
    return tuple(
        Margin(names, tuple(items), shows, merge)
        for (names, shows, merge), items in found.items()
    )


def item_kinds(questionnaire: Questionnaire, frame: pd.DataFrame) -> dict[str, Kind]:
    """Closed questions and constructs that somebody answered -> what kind of item each column is."""
    found: dict[str, Kind] = {}
    for column, question in questionnaire.owners.items():
        if question.role in _NO_ITEMS or column not in frame or column == question.words_column:
            continue
        if question.kind not in ("one", "many", "rank", "number") or frame[column].notna().sum() == 0:
            continue
        if question.kind == "one" and question.measure != "scale":
            found[column] = "category"
        else:
            found[column] = "scale" if question.kind in ("one", "many") else "number"
    for name in questionnaire.constructs:
        if name in frame and frame[name].notna().any():
            found[name] = "number"
    return found


def closed_questions(questionnaire: Questionnaire) -> list[str]:
    """Closed questions, as they stand in the questionnaire."""
    closed = ("one", "many", "rank", "number")
    return [one.name for one in questionnaire if one.kind in closed and one.role not in _NO_ITEMS]
