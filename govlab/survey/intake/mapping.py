"""The mapping workbook: which column answers which question and which value means which answer.

Intake writes it, a person edits it, intake reads it again. What a person decided goes before everything
that intake would find by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from govlab.errors import Fault, InputError
from govlab.language import LANGUAGES, say
from govlab.survey.intake.match import How, Match, Target
from govlab.survey.intake.personal import in_text
from govlab.survey.intake.raw import cell_text
from govlab.survey.intake.report import IntakeReport
from govlab.survey.questionnaire import OTHER_TEXT, REASONS, Question, Questionnaire

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

COLUMNS = ("file", "column", "head", "question", "option", "words", "use", "how", "similarity", "note")
VALUES = ("file", "head", "question", "value", "n", "answer", "how")
USES = ("yes", "no", "ask", "carry")
# What intake finds by itself; anything else that is taken was settled by a person.
_FOUND: Mapping[str, How] = {"name": "name", "words": "words", "options": "options", "order": "order"}
_WIDTHS = {
    "file": 22,
    "column": 8,
    "head": 52,
    "question": 22,
    "option": 14,
    "words": 52,
    "note": 30,
    "value": 30,
}


@dataclass(frozen=True)
class Line:
    """A row of the sheet ``columns``: a column of a file and what to do with it."""

    file: str
    head: str
    occurrence: int
    question: str
    option: str
    use: str
    how: str
    similarity: float
    note: str = ""
    column: str = ""


@dataclass(frozen=True)
class ValueLine:
    """A row of the sheet ``values``: a value as written and the answer it stands for, "" if not known."""

    file: str
    head: str
    question: str
    value: str
    n: int
    answer: str
    how: str
    untouched: bool = False


@dataclass(frozen=True)
class Settled:
    """What a mapping workbook says. Empty where there is none yet."""

    lines: tuple[Line, ...] = ()
    values: tuple[ValueLine, ...] = ()
    name: str = ""
    _by_column: Mapping[tuple[str, str, int], Line] = field(default_factory=lambda: MappingProxyType({}))

    def match(self, file: str, place: int, head: str, occurrence: int) -> Match | None:
        """What the workbook says of a column; None where it leaves that to intake."""
        line = self._by_column.get((file, head, occurrence))
        if line is None or line.use == "ask":
            return None
        if line.use == "carry":
            return Match(place, head, occurrence, "mapping", "carry", Target(line.question or head))
        if line.use == "yes" and line.question:
            how = _FOUND.get(line.how, "mapping")
            return Match(
                place, head, occurrence, how, "yes", Target(line.question, line.option), line.similarity
            )
        if line.use == "no" and (line.how in _FOUND or line.how in ("close", "twice", "mapping")):
            return Match(place, head, occurrence, "mapping", "no")
        return None

    def overrides(self, file: str, head: str) -> dict[str, str]:
        """Value as written -> answer, for one column, where a person said other than intake would."""
        return {
            line.value: line.answer
            for line in self.values
            if line.answer and line.head == head and line.file == file and not line.untouched
        }


def read_mapping(path: Path, questionnaire: Questionnaire) -> Settled:
    """The mapping workbook; InputError lists every cell that says what cannot be done."""
    from govlab.survey.intake.spreadsheet import open_book

    faults: list[Fault] = []
    with open_book(path) as book:
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in ("columns", "values")
            if name in book.sheet_names
        }
    if "columns" not in sheets:
        raise InputError(Fault("survey_intake.mapping.no_sheet", {"sheet": "columns"}, (path.name,)))
    lines = []
    for row, cells in _rows(path, "columns", sheets["columns"], ("file", "head", "question", "use"), faults):
        line = Line(
            cells["file"],
            cells["head"],
            int(cells.get("occurrence") or 1),
            cells["question"],
            cells.get("option", ""),
            cells["use"].lower() or "ask",
            cells.get("how", ""),
            _number(cells.get("similarity", "")),
            cells.get("note", ""),
            cells.get("column", ""),
        )
        faults.extend(_line_faults(line, questionnaire, (path.name, "columns", str(row))))
        lines.append(line)
    values = []
    for row, cells in _rows(path, "values", sheets.get("values", []), VALUES, faults):
        one = ValueLine(
            cells["file"], cells["head"], cells["question"], cells["value"], int(_number(cells["n"])),
            cells["answer"], cells["how"],
        )  # fmt: skip
        faults.extend(_value_faults(one, questionnaire, (path.name, "values", str(row))))
        values.append(replace(one, untouched=_as_written(one, questionnaire)))
    if faults:
        raise InputError(faults)
    return _settled(lines, values, path.name)


def _as_written(line: ValueLine, questionnaire: Questionnaire) -> bool:
    """Whether a row says what intake would do by itself: the n-th option for the number n."""
    if line.how != "place" or not questionnaire.has(line.question) or not line.value.isdecimal():
        return False
    options = questionnaire.question(line.question).options
    place = int(line.value)
    return 1 <= place <= len(options) and options[place - 1].name == line.answer


def _settled(lines: Sequence[Line], values: Sequence[ValueLine], name: str) -> Settled:
    by_column = {(line.file, line.head, line.occurrence): line for line in lines}
    return Settled(tuple(lines), tuple(values), name, MappingProxyType(by_column))


def _rows(
    path: Path, sheet: str, cells: Sequence[Sequence[Any]], needed: Sequence[str], faults: list[Fault]
) -> list[tuple[int, dict[str, str]]]:
    from govlab.data.workbook import as_typed

    heads = [cell_text(cell).strip().lower() for cell in cells[0]] if cells else []
    missing = [name for name in needed if name not in heads]
    if cells and missing:
        values: dict[str, object] = {"missing": ", ".join(missing)}
        faults.append(Fault("survey_intake.mapping.no_column", values, (path.name, sheet)))
        return []
    found = []
    for number, row in enumerate(cells[1:], 2):
        texts = {head: as_typed(cell_text(cell).strip()) for head, cell in zip(heads, row, strict=False)}
        if any(text.strip() for text in texts.values()):
            found.append((number, texts))
    return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _line_faults(line: Line, questionnaire: Questionnaire, where: tuple[str, ...]) -> list[Fault]:
    if line.use not in USES:
        return [Fault("survey_intake.mapping.use", {"got": line.use, "allowed": ", ".join(USES)}, where)]
    if line.use != "yes":
        return []
    if not line.question:
        return [Fault("survey_intake.mapping.no_question", {}, where)]
    if not questionnaire.has(line.question):
        from difflib import get_close_matches

        near = get_close_matches(line.question, [one.name for one in questionnaire], n=1)
        return [
            Fault(
                "survey_intake.mapping.question",
                {"got": line.question, "near": near[0] if near else "-"},
                where,
            )
        ]
    question = questionnaire.question(line.question)
    if line.option and line.option != OTHER_TEXT and question.option(line.option) is None:
        allowed = ", ".join(option.name for option in question.options) or "-"
        return [Fault("survey_intake.mapping.option", {"got": line.option, "allowed": allowed}, where)]
    return []


def _value_faults(line: ValueLine, questionnaire: Questionnaire, where: tuple[str, ...]) -> list[Fault]:
    if not line.answer or not questionnaire.has(line.question):
        return []
    question = questionnaire.question(line.question)
    if line.answer in REASONS or question.option(line.answer) is not None:
        return []
    if question.kind == "number" and _is_number(line.answer):
        return []
    names = [option.name for option in question.options] or ["0, 1, 2 ..."]
    allowed = ", ".join([*names, *REASONS[1:]])
    return [Fault("survey_intake.mapping.answer", {"got": line.answer, "allowed": allowed}, where)]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def updated(settled: Settled, reports: Sequence[IntakeReport], questionnaire: Questionnaire) -> Settled:
    """What the workbook should hold now: what it held, and a row for everything that is new."""
    known = {(line.file, line.head, line.occurrence): line for line in settled.lines}
    lines = []
    for report in reports:
        for match in report.matches:
            old = known.pop((report.file, match.head, match.occurrence), None)
            if old is None or (old.use == "ask" and match.use in ("yes", "held")):
                lines.append(_line(report.file, match))
            else:
                lines.append(old)
    lines.extend(known.values())
    told = {(line.file, line.head, line.value): line for line in settled.values}
    values = []
    for report in reports:
        for line in _value_lines(report, questionnaire):
            values.append(told.pop((line.file, line.head, line.value), line))
    values.extend(line for line in told.values() if line.answer)
    return _settled(lines, values, settled.name)


def _line(file: str, match: Match) -> Line:
    from openpyxl.utils import get_column_letter

    use = {"held": "ask", "drop": "no"}.get(match.use, match.use)
    target = match.target or Target("")
    return Line(
        file,
        match.head,
        match.occurrence,
        target.question,
        target.part,
        use,
        match.how,
        match.similarity,
        match.note,
        str(get_column_letter(match.place + 1)),
    )


def _value_lines(report: IntakeReport, questionnaire: Questionnaire) -> list[ValueLine]:
    found = []
    for one in report.unknown:
        # What may point at a person is not copied into another file.
        if in_text(one.value) is None:
            found.append(ValueLine(report.file, one.head, one.question, one.value, one.n, "", "unknown"))
    for name, head in report.by_place.items():
        for place, option in enumerate(questionnaire.question(name).options, 1):
            line = ValueLine(report.file, head, name, str(place), 0, option.name, "place", untouched=True)
            found.append(line)
    return found


def mapping_bytes(settled: Settled, questionnaire: Questionnaire) -> bytes:
    """The workbook: ``columns``, ``values``, and a sheet that explains both in two languages."""
    from openpyxl import Workbook

    from govlab.data.workbook import book_bytes, harmless

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "columns"
    twice = any(line.occurrence > 1 for line in settled.lines)
    heads = (*COLUMNS, "occurrence") if twice else COLUMNS
    _fill(sheet, heads)
    for line in settled.lines:
        words = ""
        if line.question and questionnaire.has(line.question):
            words = _words(questionnaire.question(line.question), line.option)
        cells = {**vars(line), "words": words}
        sheet.append([harmless(one) if isinstance(one := cells[head], str) else one for head in heads])
        if line.use == "ask":
            _mark(sheet)
    _choose_from(sheet, heads.index("use"), USES)
    values = book.create_sheet("values")
    _fill(values, VALUES)
    for value in settled.values:
        cells = dict(vars(value))
        values.append([harmless(one) if isinstance(one := cells[head], str) else one for head in VALUES])
        if not value.answer:
            _mark(values)
    notes = book.create_sheet("说明 notes")
    _fill(notes, ("中文", "English"))
    for key in ("columns", "use", "ask", "values", "again"):
        notes.append([say(f"survey_intake.mapping.note.{key}", lang=lang) for lang in LANGUAGES])
    for letter in ("A", "B"):
        notes.column_dimensions[letter].width = 90
    return book_bytes(book)


def _words(question: Question, option: str) -> str:
    """The question as it stands in the questionnaire, for the eye."""
    text = " / ".join(question.label.both()) or question.name
    if question.group is not None and question.group.table and question.group.label.both():
        text = f"{question.group.label.both()[0]} — {text}"
    chosen = question.option(option)
    return f"{text} ({' / '.join(chosen.label.both())})" if chosen is not None else text


def _fill(sheet: Worksheet, heads: Sequence[str]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.append(list(heads))
    for place, head in enumerate(heads, 1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(head, 12)
    sheet.freeze_panes = "A2"


def _mark(sheet: Worksheet) -> None:
    from openpyxl.styles import PatternFill

    for cell in sheet[sheet.max_row]:
        cell.fill = PatternFill("solid", fgColor="FCE8D5")


def _choose_from(sheet: Worksheet, place: int, allowed: Sequence[str]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = get_column_letter(place + 1)
    choice = DataValidation(type="list", formula1=f'"{",".join(allowed)}"', allow_blank=True)
    choice.add(f"{letter}2:{letter}5000")
    sheet.add_data_validation(choice)
