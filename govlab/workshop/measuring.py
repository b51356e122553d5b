"""Sizes on a slide: what a piece of text, a table, a picture will take."""

from __future__ import annotations

import re
from html import escape
from math import ceil
from typing import TYPE_CHECKING

from govlab.reports.formats.widths import width

if TYPE_CHECKING:
    from bs4 import Tag

# A slide is 1280 by 720; below the heading there are 540 pixels, 1152 across.
WIDE, TALL = 1152, 540
TEXT = 26  # size of running text, in pixels; a line takes half as much again
LINE = 2 * WIDE / TEXT  # half-width characters
MOST = 10  # lines of text on a slide
_BESIDE = (786, 590)  # what a picture has beside its text
_SENTENCE = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+")


def row_gap(size: float) -> float:
    """Room above and below the text of a row, in lines."""
    return 11 / (1.35 * size)


def note_height(block: Tag) -> float:
    """What a note below a figure or a table takes, in pixels."""
    return 26 * max(1, ceil(width(block.get_text(" ", strip=True)) / (2 * WIDE / 18))) + 10


def text_lines(block: Tag) -> float:
    """Lines of running text that a block takes; items of a list each begin a new one."""
    parts = block.find_all(["li", "dt", "dd"]) or [block]
    return sum(max(1, ceil(width(part.get_text(" ", strip=True)) / LINE)) for part in parts) + 0.5


def table_width(table: Tag) -> float:
    """What a table needs across to set every cell on one line."""
    rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
    across = range(max(len(row) for row in rows))
    longest = (max((width(row[i].get_text(" ", strip=True)) for row in rows if i < len(row)), default=0)
               for i in across)  # fmt: skip
    return sum(1.15 * one + 4 for one in longest)


def shortened(block: Tag, lang: str) -> str:
    """The sentences at the beginning of a block that fill half a slide."""
    kept, used = "", 0.0
    for sentence in _SENTENCE.split(block.get_text(" ", strip=True)):
        used += width(sentence)
        if kept and used > MOST * LINE / 2:
            break
        kept += sentence if lang == "zh" or not kept else f" {sentence}"
    return f"<p>{escape(kept)}</p>"


def as_list(block: Tag) -> str:
    """``can: one; two; three`` as a list: a title slide is read at a glance."""
    text = block.get_text(" ", strip=True)
    head, sign, rest = text.partition("：") if "：" in text else text.partition(": ")
    items = re.split(r"[；;]\s*", rest.rstrip("。."))
    if not sign or len(items) < 3 or block.name != "p":
        return str(block)
    return f"<p>{escape(head)}</p><ul>{''.join(f'<li>{escape(one)}</li>' for one in items)}</ul>"


def is_tall(block: Tag, room: float) -> bool:
    """Whether a picture comes out larger beside its text than below it, where ``room`` pixels are left."""
    from base64 import b64decode
    from io import BytesIO

    from PIL import Image

    image = block if block.name == "img" else block.find("img")
    if image is None:
        return False
    with Image.open(BytesIO(b64decode(str(image["src"]).partition(",")[2]))) as picture:
        across, down = picture.size
    ratio = down / max(across, 1)
    return min(_BESIDE[0], _BESIDE[1] / ratio) > min(WIDE, (room - 40) / ratio)
