"""The sheets of an XLSForm workbook as rows of text, their column heads checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from govlab.errors import Fault, InputError
from govlab.survey.questionnaire import Words

Row = dict[str, str]

YES = ("yes", "true", "true()", "1", "是")
NO = ("", "no", "false", "false()", "0", "否")
# Columns of ours, and those that pyxform knows; the beginnings that it passes on.
OWN = ("construct", "scale_reverse", "measure", "role")
_SURVEY = (
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "required",
    "required_message",
    "relevant",
    "relevance",
    "constraint",
    "constraint_message",
    "appearance",
    "default",
    "calculation",
    "choice_filter",
    "parameters",
    "read_only",
    "readonly",
    "repeat_count",
    "trigger",
    "note",
    "image",
    "audio",
    "video",
    "big-image",
    "autoplay",
    "body",
    "disabled",
    "rows",
    "intent",
    "save_to",
    "save_incomplete",
    "randomize",
)
_PREFIXES = ("bind::", "body::", "instance::", "control::", "media::", "$", "x_", "note", "kobo--", "#")
_REQUIRED: Mapping[str, tuple[str, ...]] = {"survey": ("type", "name"), "choices": ("list_name", "name")}
_LANGUAGE = re.compile(r"(?P<column>[a-z_]+)\s*::?\s*(?P<language>.+)")
_CODE = re.compile(r"\(([A-Za-z-]+)\)\s*$")


@dataclass(frozen=True)
class Sheet:
    """A sheet: the letter of every column head, and the rows that hold something with their numbers."""

    name: str
    letters: Mapping[str, str]
    rows: tuple[tuple[int, Row], ...]


def read_sheets(path: Path, faults: list[Fault]) -> dict[str, Sheet]:
    """The sheets ``survey``, ``choices``, ``settings`` that are there; InputError if the first is not.

    Faults of column heads are added to ``faults``.
    """
    from govlab.survey.intake.spreadsheet import open_book

    found = {}
    with open_book(path) as book:
        for name in book.sheet_names:
            short = name.strip().lower()
            if short in ("survey", "choices", "settings"):
                cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                found[short] = _sheet(path.name, short, cells, faults)
    if "survey" not in found:
        raise InputError(Fault("survey_intake.form.no_survey", {}, (path.name,)))
    if faults:
        raise InputError(faults)
    return found


def _sheet(file: str, name: str, cells: Sequence[Sequence[Any]], faults: list[Fault]) -> Sheet:
    heads = [_head(_text(cell)) for cell in cells[0]] if cells else []
    letters = {head: _letters(place) for place, head in enumerate(heads) if head}
    for head, count in Counter(head for head in heads if head).items():
        if count > 1:
            faults.append(Fault("survey_intake.form.column_twice", {"column": head}, (file, name)))
    if name == "survey":
        faults.extend(_unknown_heads(file, letters))
    for head in _REQUIRED.get(name, ()):
        if head not in letters and head.replace("_", " ") not in letters and (name == "survey" or any(heads)):
            faults.append(Fault("survey_intake.form.no_column", {"column": head}, (file, name)))
    rows = []
    for place, row in enumerate(cells[1:], 2):
        texts = {head: _text(cell) for head, cell in zip(heads, row, strict=False) if head}
        if any(texts.values()):
            rows.append((place, texts))
    return Sheet(name, letters, tuple(rows))


def _unknown_heads(file: str, letters: Mapping[str, str]) -> list[Fault]:
    """A misspelt column would be ignored by every tool, and its conditions with it."""
    found = []
    for head, letter in letters.items():
        match = _LANGUAGE.fullmatch(head)
        base = match["column"] if match else head
        if base in (*_SURVEY, *OWN) or head.startswith(_PREFIXES):
            continue
        near = get_close_matches(base, (*_SURVEY, *OWN), n=1, cutoff=0.6)
        values = {"column": head, "near": near[0] if near else f"x_{head}"}
        found.append(Fault("survey_intake.form.column_unknown", values, (file, "survey", f"{letter}1")))
    return found


def words(row: Row, column: str) -> Words:
    """A text in the languages that the sheet has it in; a column without a language counts for both."""
    found = {"zh": "", "en": ""}
    for head, text in row.items():
        match = _LANGUAGE.fullmatch(head)
        if match is not None and match["column"] == column and text:
            code = _language(match["language"])
            if code:
                found[code] = found[code] or text
    bare = row.get(column, "")
    return Words(zh=found["zh"] or bare, en=found["en"] or bare)


def _language(text: str) -> str:
    code = _CODE.search(text)
    name = (code[1] if code else text).strip().lower()
    if name.startswith("zh") or "中文" in name or name.startswith("chinese"):
        return "zh"
    return "en" if name.startswith("en") else ""


def _head(text: str) -> str:
    """A column head with its language as written and everything else in small letters."""
    column, colons, language = text.strip().partition("::")
    return column.strip().lower() + colons + language.strip()


def _text(cell: object) -> str:
    """A cell as text; whole numbers lose the ``.0`` that a spreadsheet gives them."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _letters(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(place + 1))
