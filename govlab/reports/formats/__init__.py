"""One executed notebook -> the files of a report: HTML, Word, PDF, Excel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.reports.formats.page import FORMATS, OutputError, PageInfo

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["FORMATS", "OutputError", "PageInfo", "render"]


def render(notebook: NotebookNode, page: PageInfo, formats: Sequence[str], stem: Path) -> dict[str, Path]:
    """Write ``stem.html``, ``.docx``, ``.pdf``, ``.xlsx`` as asked; the path of each by format.

    Nothing is put in its place before every format is made. Raises OutputError (an InputError and a
    FormatError) with every fault: a format that does not exist, a cell that failed, something on the
    page that could run or load, a character without a glyph, a file that another program holds open.
    """
    from govlab.errors import Fault
    from govlab.reports.formats.body import body_of
    from govlab.reports.formats.place import put

    wanted = tuple(dict.fromkeys(formats))
    allowed = ", ".join(FORMATS)
    unknown = [
        Fault("formats.unknown", {"format": one, "allowed": allowed}) for one in wanted if one not in FORMATS
    ]
    if unknown:
        raise OutputError(unknown)
    body = body_of(notebook, page)
    made: dict[str, bytes] = {}
    if "html" in wanted:
        from govlab.reports.formats.web import page_html

        made["html"] = page_html(body, page)
    if {"docx", "pdf"} & set(wanted):
        from govlab.reports.formats.shape import shaped

        shape = shaped(body, page.lang)
        if "docx" in wanted:
            from govlab.reports.formats.word import docx

            made["docx"] = docx(shape, page)
        if "pdf" in wanted:
            from govlab.reports.formats.pdf import pdf

            made["pdf"] = pdf(body, shape, page)
    if "xlsx" in wanted:
        from govlab.reports.formats.sheets import xlsx

        made["xlsx"] = xlsx(notebook, page)
    return {name: put(stem.with_name(f"{stem.name}.{name}"), made[name]) for name in wanted}
