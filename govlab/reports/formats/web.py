"""The HTML page: everything inside it, no script, no request to anywhere."""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING

from govlab.language import say
from govlab.reports.formats.body import TEMPLATES
from govlab.reports.formats.widths import width

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import PageElement

    from govlab.reports.formats.page import PageInfo

_ID = re.compile(r"\b([A-Z]{2,}-\d+)\b")
_SHORT = 10  # half-width characters; a cell with no more never breaks
_FOLDER = TEMPLATES / "govlab"


def page_html(body: BeautifulSoup, page: PageInfo) -> bytes:
    """The whole page as UTF-8."""
    from jinja2 import Environment, FileSystemLoader

    soup = copy(body)
    _keep_ids_whole(soup)
    _add_links(soup, page)
    _make_tables_scroll(soup, page)
    environment = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, keep_trailing_newline=True)
    return (
        environment.get_template("page.html.j2")
        .render(
            tag=page.tag,
            title=page.title,
            css=(_FOLDER / "page.css").read_text(encoding="utf-8"),
            body=str(soup).strip(),
        )
        .encode("utf-8")
    )


def _add_links(soup: BeautifulSoup, page: PageInfo) -> None:
    """The other language and the other formats, at the right of the top line."""
    if not page.links:
        return
    top = soup.find("header", class_="gl-top")
    if top is None:
        top = soup.new_tag("header", attrs={"class": "gl-top"})
        top.append(soup.new_tag("span"))
        soup.insert(0, top)
    items = soup.new_tag("ul")
    for label, href in page.links:
        item = soup.new_tag("li")
        item.append(soup.new_tag("a", attrs={"href": href}, string=label))
        items.append(item)
    nav = soup.new_tag("nav", attrs={"aria-label": say("formats.editions", lang=page.lang)})
    nav.append(items)
    top.append(nav)


def _keep_ids_whole(soup: BeautifulSoup) -> None:
    """An id such as AKS-017 does not break at its hyphen, which browsers would do."""
    from bs4.element import NavigableString

    for text in soup.find_all(string=_ID):
        pieces: list[PageElement] = []
        for place, piece in enumerate(_ID.split(text)):
            if place % 2:
                pieces.append(soup.new_tag("span", attrs={"class": "gl-id"}, string=piece))
            elif piece:
                pieces.append(NavigableString(piece))
        text.replace_with(*pieces)


def _make_tables_scroll(soup: BeautifulSoup, page: PageInfo) -> None:
    """A table wider than a phone scrolls inside itself, with the keyboard too."""
    for number, table in enumerate(soup.find_all("table"), 1):
        caption = table.find("caption")
        label = caption.get_text(" ", strip=True) if caption else ""
        label = label or say("formats.table", {"number": number}, lang=page.lang)
        for cell in table.find_all(["th", "td"]):
            # Left to itself a browser sets a column of short Chinese words one character a line.
            if width(cell.get_text(strip=True)) <= _SHORT:
                cell["class"] = " ".join([*map(str, cell.get("class") or []), "gl-short"])
        attributes = {"class": "gl-scroll", "role": "region", "tabindex": "0", "aria-label": label}
        table.wrap(soup.new_tag("div", attrs=attributes))
