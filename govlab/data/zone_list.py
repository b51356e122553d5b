"""The workbooks in which a user lists zones and communities: one sheet to fill, one that explains it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from govlab.language import LANGUAGES, say


@dataclass(frozen=True)
class Column:
    """A column of a list; ``allowed`` becomes a drop-down list in Excel."""

    head: str
    note: str  # message id of its explanation
    width: int = 14
    allowed: tuple[str, ...] = ()


COLUMNS = (
    Column("zone", "data.zones.zone"),
    Column("name::中文 (zh)", "data.zones.name", 22),
    Column("name::English (en)", "data.zones.name", 28),
    Column("role", "data.zones.role", allowed=("pilot", "comparison")),
    Column("model", "data.zones.model", 16),
    Column("communities", "data.zones.communities"),
    Column("households", "data.zones.households"),
    Column("residents", "data.zones.residents"),
    Column("fictional", "data.zones.fictional", 10, ("yes", "no")),
    Column("note", "data.zones.note", 48),
)
COMMUNITY_COLUMNS = (
    Column("community", "data.communities.community", 16),
    Column("name", "data.zones.name", 40),
    Column("zone", "data.communities.zone"),
    Column("role", "data.zones.role", allowed=("pilot", "comparison")),
    Column("households", "data.zones.households"),
    Column("residents", "data.zones.residents"),
    Column("fictional", "data.zones.fictional", 10, ("yes", "no")),
    Column("note", "data.zones.note", 48),
)
# Fictional on purpose: no figure that we made up may look as if it belonged to a real place.
_EXAMPLES = (
    ("a", "甲", "A", "pilot", "example-model", 4, 3200, 9100),
    ("b", "乙", "B", "pilot", "example-model", 6, 4150, 12300),
    ("c", "丙", "C", "comparison", "comparison", 5, 3900, 10800),
    ("d", "丁", "D", "comparison", "comparison", 4, 2750, 7600),
)


def zone_list() -> bytes:
    """An ``.xlsx`` file: sheet ``zones`` with example rows marked fictional, sheet ``说明 notes``."""
    example = " / ".join(say("data.zones.example", lang=lang) for lang in LANGUAGES)
    rows: list[list[object]] = []
    for zone, zh, en, role, model, *counts in _EXAMPLES:
        names = (
            say("data.zones.example_name", {"letter": zh}, lang="zh"),
            say("data.zones.example_name", {"letter": en}, lang="en"),
        )
        rows.append([f"example-{zone}", *names, role, model, *counts, "yes", example])
    return filled_list("zones", COLUMNS, rows)


def community_list() -> bytes:
    """An ``.xlsx`` file with the communities of the example zones, from which ``govlab sample`` draws."""
    example = " / ".join(say("data.zones.example", lang=lang) for lang in LANGUAGES)
    rows: list[list[object]] = []
    for zone, zh, en, role, _, count, households, residents in _EXAMPLES:
        for place in range(int(count)):
            values = {"zh": f"{zh}{place + 1}", "en": f"{en}{place + 1}"}
            names = [
                say("data.communities.example_name", {"letter": values[lang]}, lang=lang)
                for lang in LANGUAGES
            ]
            # Sizes that differ, and add up to those of the zone.
            share = [
                (int(total) * (place + 2), count * (count + 3) // 2) for total in (households, residents)
            ]
            before = [
                (int(total) * _before(place), count * (count + 3) // 2) for total in (households, residents)
            ]
            sizes = [(a + b) // whole - b // whole for (a, whole), (b, _) in zip(share, before, strict=True)]
            rows.append(
                [
                    f"example-{zone}-{place + 1}",
                    " / ".join(names),
                    f"example-{zone}",
                    role,
                    *sizes,
                    "yes",
                    example,
                ]
            )
    return filled_list("communities", COMMUNITY_COLUMNS, rows)


def _before(place: int) -> int:
    """2 + 3 + ... up to the community before."""
    return place * (place + 3) // 2


def filled_list(title: str, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> bytes:
    """An ``.xlsx`` file with one sheet to fill and one, ``说明 notes``, that explains its columns."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.create_sheet(title, 0)
    notes = book.create_sheet("说明 notes", 1)
    for spare in book.worksheets[2:]:
        book.remove(spare)
    sheet.append([column.head for column in columns])
    for line in rows:
        sheet.append(list(line))
    for place, column in enumerate(columns, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        if column.allowed:
            choice = DataValidation(type="list", formula1=f'"{",".join(column.allowed)}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}2000")
            sheet.add_data_validation(choice)
    sheet.freeze_panes = "B2"

    notes.append(["column", "中文", "English"])
    for column in columns:
        notes.append([column.head, *(say(column.note, lang=lang) for lang in LANGUAGES)])
    for letter, width in (("A", 22), ("B", 48), ("C", 64)):
        notes.column_dimensions[letter].width = width
    for page in (sheet, notes):
        for row in page.iter_rows():
            for cell in row:
                cell.alignment = Alignment(vertical="top", wrap_text=page is notes)
        for cell in page[1]:
            cell.font = Font(bold=True)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
