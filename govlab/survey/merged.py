"""Answers on a scale put together to three: below its middle, the middle, above it.

Where a zone has too few respondents for five points, three can often be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from govlab.survey.design import Design

if TYPE_CHECKING:
    import pandas as pd

    from govlab.survey.questionnaire import Question

Groups = tuple[tuple[str, tuple[int, ...]], ...]
LOW, MIDDLE, HIGH = "low", "middle", "high"


def three(scale: Sequence[int]) -> Groups:
    """Points of a scale -> ``low``, ``middle`` and ``high`` with their points; no middle where there is none.

    Three points or fewer stay as they are: nothing is returned for them.
    """
    points = tuple(sorted(scale))
    if len(points) <= 3:
        return ()
    half = len(points) // 2
    middle = points[half : len(points) - half]
    found = ((LOW, points[:half]), (MIDDLE, middle), (HIGH, points[len(points) - half :]))
    return tuple((name, some) for name, some in found if some)


def merge_answers(design: Design, groups: Mapping[str, Groups]) -> Design:
    """The design with groups of answers in place of each answer, as ordered categories; item -> groups.

    The sampling does not change, so ``proportion`` of an item gives the shares of its groups, named as
    the suppression mask names them.
    """
    return design.with_columns(
        {item: merge_column(design.frame[item], some) for item, some in groups.items()}
    )


def merge_column(column: pd.Series, groups: Groups) -> pd.Series:
    """(n,) answers -> names of their groups, missing where nothing was answered."""
    import pandas as pd

    names = {float(level): name for name, levels in groups for level in levels}
    values = column.astype("float64")
    unknown = sorted(set(values.dropna()) - set(names))
    if unknown:
        raise ValueError(f"{column.name}: no group for {unknown}")
    return pd.Series(
        pd.Categorical(values.map(names), [name for name, _ in groups], ordered=True),
        index=column.index,
        name=column.name,
    )


def of_questions(questions: Iterable[Question]) -> Mapping[str, Groups]:
    """Item -> groups, of those questions whose answers lie on a scale of more than three points."""
    found = {one.name: three(one.scale) for one in questions if one.kind == "one"}
    return MappingProxyType({name: groups for name, groups in found.items() if groups})


def group_label(question: Question, levels: Sequence[int], lang: str) -> str:
    """The words of the answers in a group, one after the other."""
    options = [question.option(str(level)) for level in levels]
    words = [one.label.in_language(lang) for one in options if one is not None]
    return ("、" if lang == "zh" else " / ").join(words)
