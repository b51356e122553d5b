"""The PDF: clean HTML through pandoc to Typst source, set with our template; tagged, PDF/A-2a."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from govlab.errors import Fault
from govlab.language import messages
from govlab.reports.formats import glyphs
from govlab.reports.formats.body import TEMPLATES
from govlab.reports.formats.page import OutputError
from govlab.reports.formats.pandoc import convert

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

    from govlab.reports.formats.page import PageInfo
    from govlab.reports.formats.shape import Shaped


def pdf(body: BeautifulSoup, shape: Shaped, page: PageInfo) -> bytes:
    """The report as PDF.

    Raises OutputError for characters without a glyph, a missing font, or source that does not set.
    """
    import typst

    glyphs.check(body, [page.title])
    moment = page.moment()
    footer = str(messages("formats", page.lang)["formats.page"])
    inputs = {"lang": page.lang, "title": page.title, "footer": footer}
    inputs |= {"year": str(moment.year), "month": str(moment.month), "day": str(moment.day)}
    with TemporaryDirectory(prefix="govlab-pdf-") as name:
        folder = Path(name)
        for picture, content in shape.pictures.items():
            (folder / picture).write_bytes(content)
        text = convert(shape.html, "typst-smart", "typst.lua", folder, moment=moment).decode("utf-8")
        template = (TEMPLATES / "report.typ").read_text(encoding="utf-8")
        source = folder / "report.typ"
        source.write_text(f"{template}\n{text}", encoding="utf-8", newline="\n")
        try:
            return bytes(
                typst.compile(
                    source,
                    root=folder,
                    font_paths=_fonts(glyphs.font_files()),
                    ignore_system_fonts=True,
                    pdf_standards=["a-2a"],
                    timestamp=moment,
                    sys_inputs=inputs,
                )
            )
        except typst.TypstError as error:
            raise OutputError(Fault("formats.typst", {"why": str(error)})) from error


def load() -> None:
    """Find the fonts, so that the next PDF need not; no thread is started."""
    _fonts(glyphs.font_files())


@lru_cache(maxsize=1)
def _fonts(files: tuple[Path, ...]) -> Any:
    import typst

    # No font of the machine takes part, so that a report looks the same everywhere.
    folders = list(dict.fromkeys(file.parent for file in files))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
