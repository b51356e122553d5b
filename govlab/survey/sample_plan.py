"""The sample plan: drawn from a list with a seed, written as a workbook, read back to build a design.

Sheets of ``sample_plan.xlsx``: ``sample`` (the units, how likely each was to be drawn, its base weight),
``method`` (how, from which file, with which seed, and what a design reads), ``strata``, and ``people``
where people are drawn in the units by their number in a register.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from govlab.errors import Fault, InputError
from govlab.language import LANGUAGES, say
from govlab.survey.intake.raw import cell_text, nothing
from govlab.survey.sampling import Allocation, DrawnSample, Method, draw, draw_two_stage
from govlab.survey.unit_list import UnitList, check_units, number

if TYPE_CHECKING:
    import pandas as pd

FIGURES = (
    "stratum_units", "probability_unit", "probability_person", "probability", "weight", "take",
    "number", "respondent",
)  # fmt: skip
BY_SIZE = ("pps", "sampford")


@dataclass(frozen=True)
class Request:
    """What is to be drawn: ``n`` in all or by stratum, from which columns, and how.

    take: people in each unit that is drawn (a second stage); None where the units themselves are asked.
    """

    n: int | Mapping[object, int]
    unit: str
    seed: int
    method: Method = "simple"
    strata: str | None = None
    size: str | None = None
    take: int | None = None
    allocation: Allocation = "proportional"


@dataclass(frozen=True, eq=False)
class SamplePlan:
    """What was drawn.

    frame: the drawn units in the order of the list. strata: drawn and available. people: whom to visit
    in each unit by number, None without a second stage. said: how it was drawn, key by key, and under
    ``design.`` the columns that ``survey.design`` of the study file names.
    """

    frame: pd.DataFrame
    strata: pd.DataFrame
    people: pd.DataFrame | None
    said: Mapping[str, str]
    notes: tuple[Fault, ...] = field(default=())

    @property
    def design(self) -> dict[str, str]:
        """Field of ``survey.design`` -> column."""
        heads = {key.removeprefix("design."): value for key, value in self.said.items() if "design." in key}
        return {name: value for name, value in heads.items() if value}

    def planned(self, by: str) -> dict[str, int]:
        """How many are to be asked for each value of a column (zone, stratum): people, else units."""
        takes = self.frame["take"] if "take" in self.frame else np.ones(len(self.frame), dtype=int)
        counts: Counter[str] = Counter()
        for name, take in zip(self.frame[by], takes, strict=True):
            counts[str(name)] += int(take)
        return dict(counts)


def draw_plan(units: UnitList, request: Request, *, version: str) -> SamplePlan:
    """Draw; InputError lists every fault of the list with file, sheet and row. Same input, same plan."""
    _check(units, request)
    frame = _frame(units, request)
    by_size = request.method in BY_SIZE
    try:
        if request.take is not None and request.size is not None:
            drawn = draw_two_stage(
                frame, request.n, request.take, population=request.size, method=request.method,
                strata=request.strata, allocation=request.allocation, seed=request.seed,
            )  # fmt: skip
        else:
            drawn = draw(
                frame, request.n, method=request.method, strata=request.strata,
                size=request.size if by_size else None, allocation=request.allocation, seed=request.seed,
            )  # fmt: skip
    except InputError as error:
        raise InputError([_placed(fault, units, request) for fault in error.faults]) from error
    except RuntimeError as error:
        raise InputError(Fault("survey_sample.sampford", {}, units.where)) from error
    said = _said(units, request, drawn, version)
    listed = [name for name in drawn.frame.columns if name not in FIGURES]
    ordered = drawn.frame[[*listed, *(name for name in FIGURES if name in drawn.frame)]]
    return SamplePlan(ordered, drawn.strata, _people(drawn, request), said, _notes(units, request, drawn))


def _check(units: UnitList, request: Request) -> None:
    if (request.take is not None or request.method in BY_SIZE) and request.size is None:
        known = ", ".join(str(name) for name in units.texts.columns)
        raise InputError(Fault("survey_sample.needs_size", {"known": known}, units.where))
    check_units(
        units, unit=request.unit, strata=request.strata, size=request.size, whole=request.take is not None
    )
    clash = [name for name in FIGURES if units.has(name)]
    if clash:
        raise InputError(Fault("survey.draw_columns", {"columns": ", ".join(clash)}, units.where))


def _frame(units: UnitList, request: Request) -> pd.DataFrame:
    """The list with numbers where they are meant: sizes, and columns of figures that are no codes."""
    frame = units.texts.copy()
    for name in frame.columns:
        texts = units.column(name)
        filled = [text for text in texts if text]
        figures = all(text == cell_text(number(text)) for text in filled)
        if name == request.size or (figures and filled and name not in (request.unit, request.strata)):
            frame[name] = [_whole(number(text)) for text in texts]
    return frame


def _whole(value: float) -> float | int | None:
    if isnan(value):
        return None
    return int(value) if value.is_integer() else value


def _placed(fault: Fault, units: UnitList, request: Request) -> Fault:
    """A fault of the drawing with its file, and the rows of the stratum that is too small."""
    if fault.key != "survey.draw_too_many":
        return Fault(fault.key, fault.values, units.where)
    if request.strata is None:
        return Fault("survey_sample.too_many_all", fault.values, units.where)
    named = zip(units.rows, units.column(request.strata), strict=True)
    rows = _runs([row for row, name in named if name == str(fault.values["stratum"])])
    return Fault("survey_sample.too_many", {**fault.values, "rows": rows}, units.where)


def _runs(rows: Sequence[int]) -> str:
    """2-5, 9: rows that follow each other as a range."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    shown = [str(low) if low == high else f"{low}-{high}" for low, high in runs[:5]]
    return ", ".join(shown) + (", ..." if len(runs) > 5 else "")


def _people(drawn: DrawnSample, request: Request) -> pd.DataFrame | None:
    if drawn.people is None:
        return None
    people = drawn.people
    numbers = zip(people[request.unit], people["number"], strict=True)
    people = people.assign(respondent=[f"{unit}-{place:04d}" for unit, place in numbers])
    columns = ["respondent", request.unit, request.strata, "number", "weight"]
    return people[[name for name in dict.fromkeys(columns) if name is not None]]


def _said(units: UnitList, request: Request, drawn: DrawnSample, version: str) -> dict[str, str]:
    by_stratum = isinstance(request.n, Mapping)
    said = {
        "method": request.method,
        "seed": str(request.seed),
        "unit": request.unit,
        "strata": request.strata or "",
        "size": request.size or "",
        "take": str(request.take or ""),
        "allocation": "given" if by_stratum else request.allocation if request.strata else "",
        "drawn": str(int(drawn.strata["drawn"].sum())),
        "population": str(int(drawn.strata["population"].sum())),
        "list": "#".join(units.where),
        "list_sha256": units.digest,
        "govlab": version,
    }
    return said | {f"design.{name}": value for name, value in _design(request, drawn).items()}


def _design(request: Request, drawn: DrawnSample) -> dict[str, str]:
    """Which columns a design reads.

    One stage: each unit is a cluster of one, or of all who answer in it where a whole unit was asked.
    Two stages: the first-stage units are clusters, taken as drawn with replacement, which errs on the
    safe side. Where every unit was taken there is no first stage left: units are strata and people are
    drawn from their residents.
    """
    design = {"key": request.unit, "weights": "weight"}
    if request.take is None:
        fpc = "stratum_units" if "stratum_units" in drawn.frame else ""
        return design | {"strata": request.strata or "", "clusters": request.unit, "fpc": fpc}
    if (drawn.frame["probability_unit"] >= 1 - 1e-12).all():
        return design | {"strata": request.unit, "clusters": "", "fpc": request.size or ""}
    return design | {"strata": request.strata or "", "clusters": request.unit, "fpc": ""}


def _notes(units: UnitList, request: Request, drawn: DrawnSample) -> tuple[Fault, ...]:
    """What a reader of the plan must know, as messages."""
    found = []
    chance = drawn.frame["probability" if request.take is None else "probability_unit"]
    certain = int((chance >= 1 - 1e-12).sum())
    if request.method in BY_SIZE and certain:
        found.append(Fault("survey_sample.note.certain", {"n": certain}))
    if request.take is not None:
        short = int((drawn.frame["take"] < request.take).sum())
        if short:
            found.append(Fault("survey_sample.note.asked_whole", {"n": short, "take": request.take}))
    strata = drawn.strata.itertuples(index=False, name=None)
    lone = [str(name) for name, some, there in strata if some == 1 and there > 1]
    if lone:
        found.append(Fault("survey_sample.note.lone", {"strata": ", ".join(lone)}))
    if request.method == "systematic":
        found.append(Fault("survey_sample.note.order"))
    if units.personal:
        found.append(Fault("survey_sample.note.personal", {"columns": ", ".join(units.personal)}))
    return tuple(found)


def plan_bytes(plan: SamplePlan) -> bytes:
    """The plan as a workbook; the same plan gives the same bytes and no cell runs as a formula."""
    from openpyxl import Workbook

    from govlab.data.workbook import book_bytes

    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "sample", list(plan.frame.columns), _rows(plan.frame))
    explained = [
        [key, value, *(say(f"survey_sample.said.{key}", lang=lang) for lang in LANGUAGES)]
        for key, value in plan.said.items()
    ]
    notes = [["note", "", *(note.text(lang) for lang in LANGUAGES)] for note in plan.notes]
    columns = [
        [f"sample.{name}", "", *(say(f"survey_sample.column.{name}", lang=lang) for lang in LANGUAGES)]
        for name in FIGURES
        if name in plan.frame or (plan.people is not None and name in plan.people)
    ]
    _sheet(book, "method", ["item", "value", "中文", "English"], [*explained, *columns, *notes])
    _sheet(book, "strata", list(plan.strata.columns), _rows(plan.strata))
    if plan.people is not None:
        _sheet(book, "people", list(plan.people.columns), _rows(plan.people))
    return book_bytes(book)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV that Excel opens with its Chinese intact."""
    import csv
    import io

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([_harmless(name) for name in frame.columns])
    writer.writerows([[_harmless(cell) for cell in row] for row in _rows(frame)])
    return stream.getvalue().encode("utf-8-sig")


def read_plan(path: Path) -> SamplePlan:
    """A plan that ``plan_bytes`` wrote, ids as text; InputError if a sheet or a column of it is gone."""
    import pandas as pd

    from govlab.data.workbook import as_typed
    from govlab.survey.intake.spreadsheet import open_book

    with open_book(path) as book:
        known = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    gone = [name for name in ("sample", "method", "strata") if not known.get(name)]
    if gone:
        raise InputError(Fault("survey_sample.no_sheets", {"sheets": ", ".join(gone)}, (path.name,)))

    def table(name: str) -> pd.DataFrame:
        heads, *rows = known[name]
        typed = [[as_typed(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
        return pd.DataFrame(typed, columns=[as_typed(cell_text(head)) for head in heads])

    said = {
        cell_text(row[0]): as_typed(cell_text(row[1]))
        for row in known["method"][1:]
        if not cell_text(row[0]).startswith(("sample.", "note"))
    }
    people = table("people") if known.get("people") else None
    plan = SamplePlan(table("sample"), table("strata"), people, said)
    lost = [name for name in dict.fromkeys(plan.design.values()) if name not in plan.frame]
    if lost or not plan.design:
        values = {"columns": ", ".join(lost or ["design.key"])}
        raise InputError(Fault("survey_sample.no_columns", values, (path.name, "sample")))
    for name in {plan.said["unit"], plan.said["strata"]} - {""}:
        for one in (plan.frame, plan.people):
            if one is not None and name in one:
                one[name] = [cell_text(cell) for cell in one[name]]
    return plan


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    return [[_cell(cell) for cell in row] for row in frame.itertuples(index=False, name=None)]


def _cell(value: Any) -> Any:
    if nothing(value):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _harmless(value: Any) -> Any:
    from govlab.data.workbook import harmless

    return harmless(value) if isinstance(value, str) else value


def _sheet(book: Any, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    sheet.append([_harmless(head) for head in heads])
    for row in rows:
        sheet.append([_harmless(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    for place in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 60 if name == "method" and place > 2 else 18
