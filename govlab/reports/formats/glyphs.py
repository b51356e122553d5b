"""Which characters the PDF fonts can draw, asked before a page is set with holes in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import category

from govlab.errors import Fault
from govlab.plots import font_path
from govlab.reports.formats.page import OutputError

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_SHOWN = 20  # characters and places named in one error


def font_files() -> tuple[Path, ...]:
    """The fonts of a PDF in the order they are tried: Noto Sans SC, then DejaVu Sans for rare signs.

    Both come inside packages that govlab needs anyway; they are found without importing them.
    Raises OutputError where one is missing.
    """
    try:
        chinese = font_path()
    except FileNotFoundError as error:
        raise OutputError(Fault("formats.no_font", {"why": str(error)})) from error
    spec = find_spec("matplotlib")
    signs = Path(str(spec.origin)).parent / "mpl-data" / "fonts" / "ttf" if spec is not None else Path()
    files = (chinese, signs / "DejaVuSans.ttf", signs / "DejaVuSansMono.ttf")
    for file in files:
        if not file.is_file():
            raise OutputError(Fault("formats.no_font", {"why": file.name}))
    return files


@lru_cache(maxsize=1)
def _drawn(files: tuple[Path, ...]) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for file in files:
        with TTFont(file, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def missing(text: str) -> list[str]:
    """The characters of ``text`` that no font draws, each once, in order."""
    known = _drawn(font_files())
    # Controls, format characters and variation selectors leave no mark on paper.
    unseen = ("Cc", "Cf", "Zs", "Zl", "Zp")
    wanted = dict.fromkeys(text)
    return [
        char
        for char in wanted
        if ord(char) not in known and category(char) not in unseen and not 0xFE00 <= ord(char) <= 0xFE0F
    ]


def check(body: BeautifulSoup, others: Iterable[str] = ()) -> None:
    """Raise OutputError naming every character that has no glyph, and the texts it stands in."""
    texts = [*others, *(str(one) for one in body.find_all(string=True))]
    lost = missing("".join(texts))
    if not lost:
        return
    places = [" ".join(text.split())[:40] for text in texts if any(char in text for char in lost)]
    characters = " ".join(f"{char} (U+{ord(char):04X})" for char in lost[:_SHOWN])
    where = " | ".join(dict.fromkeys(places[:_SHOWN]))
    raise OutputError(Fault("formats.glyphs", {"characters": characters, "where": where}))
