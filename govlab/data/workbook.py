"""Workbooks that we write: the same content gives the same bytes, and no cell runs as a formula."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

# Spreadsheets run text that begins like this when it is typed or imported again.
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MOMENT = (2000, 1, 1, 0, 0, 0)
_STAMPS = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


def harmless(text: str) -> str:
    """A text as it may stand in a cell: an apostrophe before what would run, control signs left out.

    A text that begins with an apostrophe before such a sign gets one more, so that ``as_typed`` can
    take exactly one away.
    """
    clean = _ILLEGAL.sub("", text)
    return f"'{clean}" if clean.lstrip("'").startswith(_RUNS) else clean


def as_typed(text: str) -> str:
    """The text that ``harmless`` was given, control signs apart."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_RUNS) else text


def runs(text: str) -> bool:
    """Whether a spreadsheet would run the text; a plain number with its sign is none of those."""
    if not text.startswith(_RUNS):
        return False
    try:
        float(text)
    except ValueError:
        return True
    return False


def book_bytes(book: Workbook) -> bytes:
    """The workbook as a file without the times at which it was made."""
    made = BytesIO()
    book.save(made)
    written = BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _STAMPS.sub(b"", data)
            part = zipfile.ZipInfo(name, _MOMENT)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, data)
    return written.getvalue()
