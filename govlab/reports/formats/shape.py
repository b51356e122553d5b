"""The clean body made ready for pandoc: plain blocks that keep their class, pictures as files."""

from __future__ import annotations

from base64 import b64decode
from copy import copy
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from govlab.errors import Fault
from govlab.reports.formats.page import OutputError
from govlab.reports.formats.widths import LINES, column_shares, printed_lines

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_TALLEST = 1.25  # height of a picture by the width of the column; more would not fit on a page
_SHARP = 640  # pixels; a picture with fewer is shown smaller than the column


@dataclass(frozen=True)
class Shaped:
    """HTML for pandoc and the picture files that it names."""

    html: str
    pictures: dict[str, bytes] = field(default_factory=dict)


def shaped(body: BeautifulSoup, lang: str) -> Shaped:
    """The body with classes on blocks (pandoc keeps none on paragraphs), without links inside the page.

    Raises OutputError for a picture whose data cannot be read.
    """
    soup = copy(body)
    pictures: dict[str, bytes] = {}
    for image in soup.find_all("img"):
        _store(image, pictures)
    _unlink(soup)
    for name in ("header", "footer"):
        for tag in soup.find_all(name):
            tag.name = "div"
    for tag in soup.find_all(class_="gl-foot"):
        _lines_to_paragraphs(soup, tag)
    for card in soup.find_all("div", class_="gl-check"):
        _shape_card(soup, card)
    for tag in soup.find_all("p", class_=True):
        _hold(soup, tag)
    for name in ("ol", "dl"):
        for tag in soup.find_all(name, class_=True):
            _hold(soup, tag)
    for table in soup.find_all("table"):
        _add_widths(soup, table, LINES[lang])
    return Shaped(str(soup), pictures)


def _hold(soup: BeautifulSoup, tag: Tag) -> None:
    """Hand the classes of a block to a <div> around it."""
    holder = soup.new_tag("div", attrs={"class": " ".join(tag.get_attribute_list("class"))})
    del tag["class"]
    tag.wrap(holder)


def _store(image: Tag, pictures: dict[str, bytes]) -> None:
    from PIL import Image

    head, _, data = str(image["src"]).partition(",")
    content = b64decode(data)
    try:
        with Image.open(BytesIO(content)) as picture:
            width, height = picture.size
    except OSError as error:
        raise OutputError(Fault("formats.broken_picture", {"alt": str(image.get("alt", ""))})) from error
    name = f"figure-{len(pictures) + 1}.{'jpg' if 'jpeg' in head else 'png'}"
    pictures[name] = content
    image["src"] = name
    share = min(1.0, width / _SHARP, _TALLEST * width / height)
    image["data-share"] = f"{share:.4f}"


def _unlink(soup: BeautifulSoup) -> None:
    """Only links to the web stay: anchors and neighbouring files have no place in Word or PDF."""
    for link in soup.find_all("a"):
        if not str(link.get("href", "")).startswith(("http:", "https:", "mailto:")):
            link.unwrap()
    for tag in soup.find_all(id=True):
        del tag["id"]


def _lines_to_paragraphs(soup: BeautifulSoup, tag: Tag) -> None:
    """Bare lines that are divided by <br> become paragraphs."""
    if tag.find(["p", "div", "ol", "ul", "table"], recursive=False) is not None:
        return
    lines: list[list[object]] = [[]]
    for child in list(tag.children):
        if getattr(child, "name", None) == "br":
            lines.append([])
        else:
            lines[-1].append(child)
    tag.clear()
    for line in lines:
        paragraph = soup.new_tag("p")
        for piece in line:
            paragraph.append(piece)  # type: ignore[arg-type]
        tag.append(paragraph)


def _shape_card(soup: BeautifulSoup, card: Tag) -> None:
    """A card becomes two blocks: the chip, and what is said."""
    chip = card.find(class_="gl-chip")
    said = card.find("div", recursive=False)
    if chip is None or said is None:
        return
    said["class"] = "gl-said"
    chip.name = "div"
    chip.extract()
    card.clear()
    card.extend([chip, said])


def _add_widths(soup: BeautifulSoup, table: Tag, line: float) -> None:
    rows = [
        # A number stays whole; the head over it may break into lines.
        [
            (_text(cell), cell.name == "th" or "n" not in (cell.get("class") or []))
            for cell in row.find_all(["th", "td"])
        ]
        for row in table.find_all("tr")
        if not row.find(colspan=True)
    ]
    if not rows:
        return
    group = soup.new_tag("colgroup")
    shares = column_shares(rows, line)
    table["data-lines"] = str(printed_lines(rows, shares, line))
    for share in shares:
        group.append(soup.new_tag("col", attrs={"style": f"width:{100 * share:.2f}%"}))
    caption = table.find("caption")
    if caption is not None:
        caption.insert_after(group)
    else:
        table.insert(0, group)


def _text(cell: Tag) -> str:
    indent = "   " if "sub" in (cell.get("class") or []) else ""
    return indent + cell.get_text(" ", strip=True)
