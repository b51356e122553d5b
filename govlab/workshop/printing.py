"""Papers of the workshop: parts of a page -> Word and HTML by way of the reports' own formats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from govlab.errors import Fault, InputError
from govlab.language import LANGUAGES

if TYPE_CHECKING:
    from govlab.blocks import Block
    from govlab.plots import Figure
    from govlab.tables import Table

FOLDER = Path(__file__).resolve().parent / "papers"
PRINTED = ("docx", "html")
COUNTED = (*PRINTED, "xlsx")  # of pages that hold numbers
BOX = "□"


@dataclass(frozen=True)
class Prose:
    """A stretch of Markdown."""

    text: str


Part: TypeAlias = "Block | Table | Figure | Prose"


@dataclass(frozen=True, eq=False)
class Paper:
    """A page ready to be written: the stem of its files, language, title, parts in order."""

    stem: str
    lang: str
    title: str
    parts: tuple[Part, ...]

    def write(self, formats: Sequence[str], out: Path) -> list[Path]:
        """Write the page into ``out`` in each format; the files. OutputError where one cannot be made."""
        from govlab.reports.formats import PageInfo, render

        written = render(self._notebook(), PageInfo(self.lang, self.title), formats, out / self.stem)
        return list(written.values())

    def _notebook(self) -> Any:
        """A cell a part: what the formats of the reports are made from."""
        from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

        cells = []
        for place, part in enumerate(self.parts):
            if isinstance(part, Prose):
                cells.append(new_markdown_cell(part.text, id=f"part-{place}"))
                continue
            bundle = part._repr_mimebundle_()
            output = new_output("display_data", data=bundle)
            cells.append(new_code_cell("", id=f"part-{place}", outputs=[output]))
        return new_notebook(cells=cells)


def asked_formats(formats: Sequence[str], allowed: Sequence[str], lang: str) -> tuple[str, ...]:
    """The formats without repeats; InputError for one that there is not, and for a language."""
    faults = [
        Fault("workshop_papers.format", {"got": one, "allowed": ", ".join(allowed)})
        for one in dict.fromkeys(formats)
        if one not in allowed
    ]
    if lang not in LANGUAGES:
        faults.append(Fault("workshop_papers.lang", {"got": lang}))
    if faults:
        raise InputError(faults)
    return tuple(dict.fromkeys(formats))
