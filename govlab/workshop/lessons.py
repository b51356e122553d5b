"""The shipped lessons, and one source notebook's editions: language, participants or trainers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from govlab.errors import Fault, InputError
from govlab.language import LANGUAGES

Edition = Literal["participant", "trainer"]
# Tags of cells that a participant does not get.
WITHHELD = frozenset({"solution", "trainer"})
META = "govlab_lesson"


@dataclass(frozen=True)
class Lesson:
    """A lesson: number, titles, minutes, whether it is the trainer's choice, where its source is."""

    number: str
    title: Mapping[str, str]
    minutes: int
    optional: bool
    path: Path

    def source(self) -> dict[str, Any]:
        """The source notebook as plain data."""
        found: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        return found

    def edition(self, lang: str, edition: Edition = "participant") -> dict[str, Any]:
        """The notebook of one edition; see ``made``."""
        return made(self.source(), lang, edition)


def lessons() -> tuple[Lesson, ...]:
    """Every shipped lesson, in order."""
    from govlab.data.locate import shipped

    found = []
    for path in sorted((shipped("notebooks") / "lessons").glob("*.ipynb")):
        said = json.loads(path.read_text(encoding="utf-8"))["metadata"][META]
        found.append(
            Lesson(said["number"], said["title"], said["minutes"], said.get("optional", False), path)
        )
    return tuple(found)


def lesson(number: str) -> Lesson:
    """The lesson of that number; InputError lists those there are."""
    known = lessons()
    for one in known:
        if one.number == number:
            return one
    numbers = ", ".join(one.number for one in known)
    raise InputError(Fault("workshop.no_lesson", {"number": number, "known": numbers}))


def made(notebook: Mapping[str, Any], lang: str, edition: Edition) -> dict[str, Any]:
    """A copy of a source notebook in one language: participants' cells only, or all of them.

    Cells tagged for the other language go; of a participants' edition also solutions and notes for the
    trainer. Outputs are left out. ValueError for a language or an edition that there is not.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, got {lang!r}")
    if edition not in ("participant", "trainer"):
        raise ValueError(f"edition must be participant or trainer, got {edition!r}")
    without = set(LANGUAGES) - {lang} | (WITHHELD if edition == "participant" else frozenset())
    copy = deepcopy(dict(notebook))
    copy["cells"] = [cell for cell in copy["cells"] if not without & set(cell["metadata"].get("tags", []))]
    for cell in copy["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    title = copy["metadata"].get(META, {}).get("title", {}).get(lang)
    if title:
        copy["metadata"]["title"] = title
    return copy
