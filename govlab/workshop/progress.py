"""A participant's progress: a small JSON file in the folder they work in, under an alias of their choice."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from govlab.data.atomic import write_whole
from govlab.errors import Fault, InputError

FILE = "govlab-progress.json"
FORMAT = 1
MOST_BYTES = 64 * 1024
MOST_TRIES = 50
_LONGEST = 60
# What could be a telephone or an identity number has no place in an alias.
_NUMBER = re.compile(r"\d{7,}")


@dataclass(frozen=True)
class Tries:
    """What was tried at one exercise, in order; answers as short texts."""

    answers: tuple[str, ...] = ()
    right: bool = False
    hints: int = 0
    solution: bool = False


@dataclass(frozen=True)
class Progress:
    """An alias, the language asked for, and the tries by exercise. No opinions are in it."""

    alias: str = ""
    lang: str = ""
    exercises: dict[str, Tries] = field(default_factory=dict)

    def tried(self, number: str, answer: str, *, right: bool) -> Progress:
        """With one more try; after a right one nothing more is counted."""
        before = self.exercises.get(number, Tries())
        if before.right or len(before.answers) >= MOST_TRIES:
            return self
        after = replace(before, answers=(*before.answers, answer[:_LONGEST]), right=right)
        return replace(self, exercises=self.exercises | {number: after})

    def helped(self, number: str, *, hints: int = 0, solution: bool = False) -> Progress:
        """With help that was asked for."""
        before = self.exercises.get(number, Tries())
        after = replace(before, hints=max(before.hints, hints), solution=before.solution or solution)
        return replace(self, exercises=self.exercises | {number: after})


def read_alias(alias: str) -> str:
    """An alias that tells of nobody; InputError for one that is empty, long, or holds a long number."""
    alias = alias.strip()
    if not 0 < len(alias) <= _LONGEST or _NUMBER.search(alias) or not alias.isprintable():
        raise InputError(Fault("workshop.alias", {"got": alias[:_LONGEST], "longest": _LONGEST}))
    return alias


def read_progress(path: Path) -> Progress:
    """The progress in a file; empty where there is none. InputError for a file that is something else."""
    if not path.is_file():
        return Progress()
    if path.stat().st_size > MOST_BYTES:
        values = {"bytes": path.stat().st_size, "most": MOST_BYTES}
        raise InputError(Fault("workshop.progress_large", values, (path.name,)))
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise ValueError(raw["format"])
        found = {str(number): _tries(one) for number, one in raw["exercises"].items()}
        alias, lang = raw["alias"], raw["lang"]
        if not isinstance(alias, str) or lang not in ("", "zh", "en") or len(found) > 500:
            raise ValueError("alias, lang or too many exercises")
        return Progress(alias[:_LONGEST], lang, found)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(Fault("workshop.progress_broken", {}, (path.name,))) from error


def _tries(raw: dict[str, Any]) -> Tries:
    answers = tuple(str(one)[:_LONGEST] for one in raw["answers"][:MOST_TRIES])
    hints = raw["hints"]
    if not isinstance(hints, int) or not isinstance(raw["right"], bool):
        raise TypeError("hints and right")
    return Tries(answers, raw["right"], min(max(hints, 0), 99), raw["solution"] is True)


def write_progress(path: Path, progress: Progress) -> None:
    """Keep the progress; WorkspaceError if the folder cannot be written."""
    content = {
        "format": FORMAT,
        "alias": progress.alias,
        "lang": progress.lang,
        "exercises": {
            number: {"answers": one.answers, "right": one.right, "hints": one.hints, "solution": one.solution}
            for number, one in sorted(progress.exercises.items())
        },
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    write_whole(path, text.encode("utf-8"))
