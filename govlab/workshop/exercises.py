"""Exercises of the lessons: what is asked, what is right, what helps, which mistakes are typical.

They are written in YAML (``exercises/lesson-01.yaml``); a right answer that follows from the facts of the
catalogue is written as arithmetic over fact ids, one that follows from the demo study as the name of a
function of ``govlab.workshop.worked``, so that no number stands in two places.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from govlab.data.definition import Model, Text, read_definition
from govlab.errors import Fault, InputError

FOLDER = Path(__file__).resolve().parent / "exercises"
Given = float | int | str | bool | tuple[str, ...]
Kind = Literal["number", "choice", "choices"]
ExerciseId = Annotated[str, Field(pattern=r"^\d{1,2}[a-z]?\.\d{1,2}$")]


class Option(Model):
    """One answer to choose from."""

    id: Annotated[str, Field(pattern=r"^[a-z]$")]
    text: Text


class Mistake(Model):
    """An answer that people give for a reason, and what to say to it.

    answer: as the answer of the exercise. within: how far a number may lie from it.
    """

    answer: float | int | str | tuple[str, ...]
    within: float | None = None
    says: Text


class Exercise(Model):
    """One exercise.

    answer: a number, an option or several; or how to come by it: ``facts: ...`` (arithmetic over fact
    ids), ``worked: name``. within: how far a number may lie from it. right: what is said to a right
    answer, a question to go on with. solution: how one comes by it.
    """

    id: ExerciseId
    kind: Kind
    ask: Text
    answer: float | int | str | tuple[str, ...]
    within: Annotated[float, Field(ge=0)] = 0.0
    options: tuple[Option, ...] = ()
    hints: Annotated[tuple[Text, ...], Field(min_length=1)]
    mistakes: tuple[Mistake, ...] = ()
    right: Text
    solution: Text

    @model_validator(mode="after")
    def _fits(self) -> Exercise:
        """Options where something is chosen, and only those chosen that are offered."""
        ids = [one.id for one in self.options]
        if (self.kind == "number") == bool(ids):
            raise ValueError("options belong to exercises in which something is chosen, and only to them")
        for given in (self.answer, *(one.answer for one in self.mistakes)):
            if self.kind == "choices" and (not isinstance(given, tuple) or not set(given) <= set(ids)):
                raise ValueError(f"{given!r} is no choice of {', '.join(ids)}")
            if self.kind == "choice" and given not in ids:
                raise ValueError(f"{given!r} is none of {', '.join(ids)}")
        return self


class Sheet(Model):
    """The exercises of one lesson, as its file holds them."""

    kind: Literal["exercises"]
    lesson: Annotated[str, Field(pattern=r"^\d{1,2}[a-z]?$")]
    exercises: Annotated[tuple[Exercise, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _numbered(self) -> Sheet:
        """Numbers begin with that of the lesson, and none is there twice."""
        ids = [one.id for one in self.exercises]
        if len(set(ids)) < len(ids) or any(one.partition(".")[0] != self.lesson for one in ids):
            raise ValueError(
                f"exercises of lesson {self.lesson} are numbered {self.lesson}.1, {self.lesson}.2 ..."
            )
        return self


@lru_cache(maxsize=1)
def exercises() -> Mapping[str, Exercise]:
    """Every shipped exercise by its number; InputError lists the faults of a file."""
    found: dict[str, Exercise] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        found |= {one.id: one for one in read_definition(path, Sheet, "exercises").exercises}
    return found


def exercise(number: str) -> Exercise:
    """The exercise of that number; InputError names what is near."""
    known = exercises()
    if number not in known:
        lesson = number.partition(".")[0]
        near = [one for one in known if one.partition(".")[0] == lesson] or list(known)
        raise InputError(Fault("workshop.no_exercise", {"number": number, "known": ", ".join(near)}))
    return known[number]


def right_answer(one: Exercise) -> Given:
    """The answer itself: worked out where it follows from facts or from the demo study."""
    given = one.answer
    if isinstance(given, str) and given.startswith("facts: "):
        return _from_facts(given.removeprefix("facts: "))
    if isinstance(given, str) and given.startswith("worked: "):
        from govlab.workshop import worked

        return worked.answer(given.removeprefix("worked: "))
    return given


@lru_cache(maxsize=64)
def _from_facts(expression: str) -> float:
    """Arithmetic over fact ids, worked out once; TypeError where it gives no number."""
    from govlab.cases import load_catalogue
    from govlab.cases.expression import Expression

    value = Expression.parse(expression).value(load_catalogue().facts)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{expression!r} is no number")
    return float(value)
