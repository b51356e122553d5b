"""The workbook in which a coder codes passages by a rubric: written, and read back from several coders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.compare.agreement.categories import disagreements
from govlab.compare.agreement.coefficients import Metric, krippendorff
from govlab.errors import Fault, InputError
from govlab.language import LANGUAGES, say
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

_LEAD = ("unit", "source", "place", "passage")
_NOTE = "note"
_SHEETS = ("coding", "rubric", "coder")


@dataclass(frozen=True)
class Passage:
    """What is coded: a unit's id, the document, the place in it, the words."""

    unit: str
    source: str
    place: str
    text: str


@dataclass(frozen=True)
class Item:
    """A question of the rubric. options: (code, Chinese, English) in order. metric: level of measurement."""

    code: str
    zh: str
    en: str
    options: tuple[tuple[str, str, str], ...]
    metric: Metric = "nominal"


@dataclass(frozen=True)
class Rubric:
    """The items that every passage is coded on. unclear: the code for "the passage does not say"."""

    items: tuple[Item, ...]
    unclear: str = "?"

    def __post_init__(self) -> None:
        codes = [one.code for one in self.items]
        taken = set(codes) & {*_LEAD, _NOTE}
        if not codes or len(set(codes)) < len(codes) or taken:
            raise ValueError(f"items: different codes, none of {(*_LEAD, _NOTE)}, got {codes!r}")
        for one in self.items:
            allowed = [code for code, _, _ in one.options]
            if len(set(allowed)) < max(2, len(allowed)) or self.unclear in allowed:
                raise ValueError(f"item {one.code!r}: two or more different codes, got {allowed!r}")

    def allowed(self, item: Item) -> list[str]:
        """The codes of an item, in order."""
        return [code for code, _, _ in item.options]


@dataclass(frozen=True, eq=False)
class Codings(Result):
    """Codes of several coders.

    frame: coder, unit, item, code (None where empty), source, place, passage, note.
    """

    frame: pd.DataFrame
    rubric: Rubric
    coders: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """A copy of the long table."""
        return self.frame.copy()

    def summary(self) -> str:
        """How many codes of how many passages."""
        empty = int(self.frame["code"].isna().sum())
        return (
            f"codes of {self.frame['unit'].nunique()} passages on {len(self.rubric.items)} items by "
            f"{', '.join(self.coders)}; left empty: {empty}"
        )

    def wide(self, item: str) -> pd.DataFrame:
        """One item: a row a passage, a column a coder."""
        if item not in {one.code for one in self.rubric.items}:
            raise ValueError(f"item: not in the rubric, got {item!r}")
        mine = self.frame[self.frame["item"] == item]
        lead = mine.drop_duplicates("unit").set_index("unit")[["source", "place", "passage"]]
        codes = mine.pivot(index="unit", columns="coder", values="code").reindex(lead.index)
        return lead.join(codes[list(self.coders)]).reset_index()

    def records(self, scheme: str) -> pd.DataFrame:
        """The codes as records of evidence for a rubric of that id: a row a unit, item and coder.

        Columns ``scheme unit indicator rater value where``; empty and unclear codes are left out.
        """
        import pandas as pd

        mine = self.frame[self.frame["code"].notna() & (self.frame["code"] != self.rubric.unclear)]
        return pd.DataFrame(
            {
                "scheme": scheme,
                "unit": mine["unit"].to_numpy(),
                "indicator": mine["item"].to_numpy(),
                "rater": mine["coder"].to_numpy(),
                "value": mine["code"].to_numpy(),
                "where": [
                    ", ".join(filter(None, pair)) for pair in zip(mine["source"], mine["place"], strict=True)
                ],
            }
        )

    def agreement(self, *, level: float = 0.95, draws: int = 2000, seed: int = 1) -> pd.DataFrame:
        """Krippendorff's alpha of every item at its level of measurement, with interval and counts."""
        import pandas as pd

        parts = []
        for item in self.rubric.items:
            found = krippendorff(
                self.wide(item.code),
                self.coders,
                metric=item.metric,
                missing=[self.rubric.unclear],
                values=self.rubric.allowed(item),
                level=level,
                draws=draws,
                seed=seed,
            )
            part = found.to_frame()
            part.insert(0, "item", item.code)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def disagreements(self) -> pd.DataFrame:
        """Every passage and item on which coders differ, with where to read it; widest apart first."""
        import pandas as pd

        parts = []
        for item in self.rubric.items:
            found = disagreements(
                self.wide(item.code),
                self.coders,
                keep=_LEAD,
                missing=[self.rubric.unclear],
                values=self.rubric.allowed(item),
            )
            found.insert(0, "item", item.code)
            parts.append(found)
        whole = pd.concat(parts, ignore_index=True)
        return whole.sort_values("apart", ascending=False, kind="stable").reset_index(drop=True)


def write_sheet(path: Path, rubric: Rubric, passages: Sequence[Passage], *, coder: str) -> None:
    """A workbook for one coder: ``coding`` to fill (codes chosen from lists), ``rubric``, ``coder``.

    The same content gives the same bytes; texts cannot run as formulas. An existing file is not touched
    (WorkspaceError): a coder's work may be in it. ValueError for passages with one id twice.
    """
    from openpyxl import Workbook

    from govlab.data.atomic import write_new
    from govlab.data.workbook import book_bytes, harmless

    ids = [one.unit for one in passages]
    if not ids or len(set(ids)) < len(ids) or not coder.strip():
        raise ValueError("passages: one or more with different ids, and coder a name")
    book = Workbook()
    coding, meaning, who = (book.create_sheet(name) for name in _SHEETS)
    for spare in [one for one in book.worksheets if one.title not in _SHEETS]:
        book.remove(spare)
    coding.append([*_LEAD, *(one.code for one in rubric.items), _NOTE])
    for one in passages:
        coding.append([harmless(text) for text in (one.unit, one.source, one.place, one.text)])
    meaning.append(["item", "code", "中文", "English"])
    for item in rubric.items:
        meaning.append([item.code, "", harmless(item.zh), harmless(item.en)])
        for code, zh, en in item.options:
            meaning.append([item.code, harmless(code), harmless(zh), harmless(en)])
    meaning.append(["", rubric.unclear, *(say("agreement.unclear", lang=lang) for lang in LANGUAGES)])
    who.append(["coder", harmless(coder)])
    _dress(coding, meaning, rubric, len(passages))
    write_new(path, book_bytes(book))


def _dress(coding: Worksheet, meaning: Worksheet, rubric: Rubric, rows: int) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for sheet in (coding, meaning):
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "B2"
    for letter, width in zip("ABCD", (12, 20, 16, 70), strict=True):
        coding.column_dimensions[letter].width = width
    for cells in coding.iter_rows(min_row=2, min_col=4, max_col=4):
        cells[0].alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCD", (16, 10, 50, 50), strict=True):
        meaning.column_dimensions[letter].width = width
    for place, item in enumerate(rubric.items, len(_LEAD) + 1):
        listed = ",".join([*rubric.allowed(item), rubric.unclear])
        if len(listed) > 255 or any("," in code for code in rubric.allowed(item)):
            continue  # a list in a cell holds no more; reading checks the codes all the same
        choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
        letter = get_column_letter(place)
        choice.add(f"{letter}2:{letter}{rows + 1}")
        coding.add_data_validation(choice)


def read_sheets(paths: Sequence[Path], rubric: Rubric) -> Codings:
    """The codes from the workbooks of two or more coders.

    An empty cell is no code; ``rubric.unclear`` is kept as given. InputError lists every fault with file,
    row and item: heads changed, codes outside the rubric, a passage twice, a passage whose words differ from
    those of another coder, one coder in two files.
    """
    import pandas as pd

    if len(paths) < 2:
        raise ValueError(f"paths: two or more coding sheets, got {len(paths)}")
    faults: list[Fault] = []
    rows: list[dict[str, object]] = []
    coders: dict[str, str] = {}
    texts: dict[str, tuple[str, str]] = {}
    for path in paths:
        coder, lines = _read_one(path, rubric, faults)
        if coder in coders:
            values = {"coder": coder, "other": coders[coder]}
            faults.append(Fault("agreement.coder_twice", values, (path.name,)))
        coders[coder] = path.name
        for number, line in lines:
            text, other = texts.setdefault(line["unit"], (line["passage"], path.name))
            if text != line["passage"]:
                values = {"unit": line["unit"], "other": other}
                faults.append(Fault("agreement.passage_changed", values, (path.name, f"{number}")))
            lead = {name: line[name] for name in (*_LEAD, _NOTE)}
            for item in rubric.items:
                code = line[item.code] or None
                rows.append({"coder": coder, **lead, "item": item.code, "code": code})
    if faults:
        raise InputError(faults)
    columns = ["coder", "unit", "item", "code", "source", "place", "passage", "note"]
    return Codings(pd.DataFrame(rows, columns=columns), rubric, tuple(coders))


def _read_one(
    path: Path, rubric: Rubric, faults: list[Fault]
) -> tuple[str, list[tuple[int, dict[str, str]]]]:
    from govlab.survey.intake.spreadsheet import open_book

    with open_book(path) as book:
        lost = [name for name in ("coding", "coder") if name not in book.sheet_names]
        if lost:
            faults.append(Fault("agreement.no_sheet", {"sheet": ", ".join(lost)}, (path.name,)))
            return path.name, []
        who = book.get_sheet_by_name("coder").to_python()
        table = book.get_sheet_by_name("coding").to_python()
    coder = _text(who[0][1]) if who and len(who[0]) > 1 else ""
    if not coder:
        faults.append(Fault("agreement.no_coder", {}, (path.name,)))
        coder = path.name
    heads = [_text(cell) for cell in table[0]] if table else []
    wanted = [*_LEAD, *(one.code for one in rubric.items), _NOTE]
    lacking = [name for name in wanted if name not in heads]
    if lacking:
        faults.append(Fault("agreement.no_column", {"columns": ", ".join(lacking)}, (path.name, "coding")))
        return coder, []
    places = {name: heads.index(name) for name in wanted}
    lines: list[tuple[int, dict[str, str]]] = []
    seen: set[str] = set()
    for number, cells in enumerate(table[1:], 2):
        line = {name: _text(cells[place]) for name, place in places.items()}
        if not any(line.values()):
            continue
        where = (path.name, "coding", f"{number}")
        if not line["unit"] or line["unit"] in seen:
            faults.append(Fault("agreement.unit_twice", {"unit": line["unit"]}, where))
        seen.add(line["unit"])
        for item in rubric.items:
            allowed = [*rubric.allowed(item), rubric.unclear]
            if line[item.code] and line[item.code] not in allowed:
                values = {"item": item.code, "code": line[item.code], "allowed": ", ".join(allowed)}
                faults.append(Fault("agreement.code", values, where))
        lines.append((number, line))
    return coder, lines


def _text(cell: object) -> str:
    """A cell as the coder sees it: 2 for 2.0, the apostrophe of a harmless text away."""
    from govlab.data.workbook import as_typed

    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return as_typed("" if cell is None else str(cell)).strip()
