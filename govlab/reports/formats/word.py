"""The Word file: clean HTML through pandoc, then the small things that pandoc leaves open."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from govlab.reports.formats import archive
from govlab.reports.formats.pandoc import convert
from govlab.reports.formats.word_edit import edited
from govlab.reports.formats.word_reference import reference_parts, twips_of_millimetres
from govlab.reports.formats.word_styles import LAYOUTS

if TYPE_CHECKING:
    from govlab.reports.formats.page import PageInfo
    from govlab.reports.formats.shape import Shaped


_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties'
    b' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>govlab</Application></Properties>"
)


def docx(shape: Shaped, page: PageInfo) -> bytes:
    """The report as a Word file; the same bytes for the same report and day.

    Raises OutputError where pandoc is missing or fails.
    """
    moment = page.moment()
    column = LAYOUTS[page.lang].column
    with TemporaryDirectory(prefix="govlab-docx-") as name:
        folder = Path(name)
        for picture, content in shape.pictures.items():
            (folder / picture).write_bytes(content)
        reference = folder / "reference.docx"
        pattern = reference_parts(page.lang)
        reference.write_bytes(archive.write(pattern, moment))
        options = [f"--reference-doc={reference}", f"--variable=column:{column:g}"]
        made = convert(shape.html, "docx", "word.lua", folder, moment=moment, options=options)
    parts = archive.read(made)
    document = parts["word/document.xml"].decode("utf-8")
    width = twips_of_millimetres(column)
    parts["word/document.xml"] = edited(document, page.lang, width).encode("utf-8")
    # pandoc takes only some of the settings over, and falls back into compatibility mode.
    parts["word/settings.xml"] = pattern["word/settings.xml"]
    parts["docProps/app.xml"] = _APPLICATION  # pandoc's own counts words that are not in it
    parts[archive.CORE] = archive.core_properties(page.title, page.tag, moment)
    return archive.write(parts, moment)
