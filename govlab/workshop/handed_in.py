"""Answers to the short test: written as a small file, read from a folder of them or from one sheet.

Nothing in them is run, sizes are bounded; an alias is all that is known of a person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from govlab.errors import Fault, InputError
from govlab.workshop.judging import read_letters
from govlab.workshop.progress import read_alias
from govlab.workshop.short_test import Form, short_test

FORMAT = 1
MOST_FILES = 500
MOST_BYTES = 20_000_000
_MOST_FILE = 16 * 1024
_FORMS: Mapping[str, Form] = {"a": "a", "b": "b", "甲": "a", "乙": "b", "甲卷": "a", "乙卷": "b"}
_HEAD = re.compile(r"(?:q|第)?(\d{1,2})(?:题)?")


@dataclass(frozen=True)
class Sitting:
    """One person's answers to one form: question -> letter, unanswered ones left out."""

    alias: str
    form: Form
    answers: Mapping[str, str]

    def right(self, question: str) -> bool | None:
        """Whether the answer is right; None where there is none."""
        given = self.answers.get(question)
        if given is None:
            return None
        one = next(each for each in short_test().questions if each.id == question)
        return given == one.version(self.form).answer


def hand_in(form: str, alias: str, answers: Mapping[str, str], folder: Path | str = ".") -> Path:
    """Write one person's answers as a file for ``compared``; InputError for a form or an alias.

    answers: question -> letter, as ``{"1": "b", "2": "a"}``.
    """
    sitting = Sitting(read_alias(alias), _form(form), _letters(answers))
    content = {
        "format": FORMAT,
        "alias": sitting.alias,
        "form": sitting.form,
        "answers": dict(sitting.answers),
    }
    safe = re.sub(r"\W", "_", sitting.alias)
    path = Path(folder) / f"govlab-test-{sitting.form}-{safe}.json"
    from govlab.data.atomic import write_whole

    write_whole(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    return path


def read_sittings(place: Path | str) -> dict[str, Sitting]:
    """Alias -> answers, from a folder of files or a sheet (.xlsx, .csv) with a row a person.

    A sheet has the columns ``alias``, ``form`` (a, b, 甲, 乙) and one a question (``1``, ``q1``, ``第1题``).
    InputError lists what is wrong.
    """
    path = Path(place)
    if path.is_dir():
        raw = [_from_file(one) for one in _files(path)]
    elif path.is_file() and path.suffix.lower() in (".xlsx", ".csv"):
        raw = _from_sheet(path)
    else:
        raise InputError(Fault("workshop_papers.test.place", {"path": str(place)}))
    if not raw:
        raise InputError(Fault("workshop_papers.test.empty", {"path": str(place)}))
    found: dict[str, Sitting] = {}
    faults: list[Fault] = []
    for where, alias, form, answers in raw:
        try:
            one = Sitting(read_alias(alias), _form(form), _letters(answers))
        except InputError as error:
            faults += [Fault(fault.key, fault.values, where) for fault in error.faults]
            continue
        if one.alias in found:
            faults.append(Fault("workshop_papers.test.twice", {"alias": one.alias}, where))
        found[one.alias] = one
    if faults:
        raise InputError(faults)
    return found


_Raw = tuple[tuple[str, ...], str, str, Mapping[str, str]]


def _files(folder: Path) -> list[Path]:
    paths = sorted(folder.glob("*.json"))
    if len(paths) > MOST_FILES:
        raise InputError(Fault("workshop_papers.test.many", {"n": len(paths), "most": MOST_FILES}))
    return paths


def _from_file(path: Path) -> _Raw:
    try:
        if path.stat().st_size > _MOST_FILE:
            raise ValueError("size")
        raw = cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
        if raw["format"] != FORMAT:
            raise ValueError(raw["format"])
        answers = {str(number): str(letter)[:9] for number, letter in raw["answers"].items()}
        return (path.name,), str(raw["alias"])[:99], str(raw["form"])[:9], answers
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(Fault("workshop_papers.test.broken", {}, (path.name,))) from error


def _from_sheet(path: Path) -> list[_Raw]:
    import pandas as pd

    bounded(path)
    try:
        if path.suffix.lower() == ".csv":
            rows = pd.read_csv(path, dtype=str, nrows=MOST_FILES + 1, encoding=encoding_of(path))
        else:
            rows = pd.read_excel(path, dtype=str, nrows=MOST_FILES + 1, engine="calamine")
    except (ValueError, OSError) as error:
        raise InputError(Fault("workshop_papers.unreadable", {"why": str(error)}, (path.name,))) from error
    heads = {str(head): str(head).strip().lower() for head in rows.columns}
    names = {"化名": "alias", "卷": "form", "卷别": "form"}
    rows = rows.rename(columns={head: names.get(short, short) for head, short in heads.items()})
    missing = [head for head in ("alias", "form") if head not in rows]
    if missing:
        raise InputError(Fault("workshop_papers.test.heads", {"heads": ", ".join(missing)}, (path.name,)))
    if len(rows) > MOST_FILES:
        values = {"n": len(rows), "most": MOST_FILES}
        raise InputError(Fault("workshop_papers.test.many", values, (path.name,)))
    numbers = {head: match[1] for head in rows.columns if (match := _HEAD.fullmatch(head))}
    found: list[_Raw] = []
    for line, row in enumerate(rows.fillna("").to_dict("records"), 2):
        answers = {number: str(row[head]) for head, number in numbers.items()}
        if row["alias"] or any(answers.values()):
            found.append(((path.name, f"{line}"), str(row["alias"]), str(row["form"]), answers))
    return found


def bounded(path: Path) -> None:
    """InputError for a sheet that is too large, or a workbook that would unfold to far more than it is."""
    if path.stat().st_size > MOST_BYTES:
        raise InputError(Fault("workshop_papers.large", {"most": MOST_BYTES}, (path.name,)))
    if path.suffix.lower() == ".xlsx":
        from govlab.survey.intake.archive import Limits, check_archive

        check_archive(path, Limits(most=10 * MOST_BYTES))


def encoding_of(path: Path) -> str:
    """UTF-8 where the file is that, else GB18030, in which a Chinese Excel saves CSV."""
    try:
        path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _form(given: str) -> Form:
    form = _FORMS.get(given.strip().lower())
    if form is None:
        raise InputError(Fault("workshop_papers.test.form", {"got": given[:20]}))
    return form


def _letters(answers: Mapping[str, str]) -> dict[str, str]:
    """Letters of the questions that were answered; what is no single letter counts as no answer."""
    known = {one.id for one in short_test().questions}
    read = {number: read_letters(str(given)) for number, given in answers.items() if number in known}
    return {number: letters[0] for number, letters in read.items() if letters and len(letters) == 1}
