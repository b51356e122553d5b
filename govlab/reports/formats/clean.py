"""HTML that may stand on a page: a list of what is allowed, everything else is taken off or refused.

What could run or load anything is refused with an error that names the cell, because dropping it
would silently change a report. Mere decoration (styles, unknown classes) is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from govlab.errors import Fault
from govlab.reports.formats.page import OutputError

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

CELL = "data-cell"  # the number of the notebook cell, on the element that holds what came from it

_BLOCKS = (
    "address article aside blockquote dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li "
    "ol p pre section table caption thead tbody tfoot tr th td ul"
)
_INLINE = "a abbr b br cite code del em i img ins kbd mark q s small span strong sub sup u"
ALLOWED = frozenset(f"{_BLOCKS} {_INLINE}".split())
_DECORATION = frozenset(("style", "title", "colgroup", "col"))
_RUNS = "script noscript iframe frame frameset object embed applet portal template slot svg math canvas "
_LOADS = "audio video source track picture map area link meta base "
_ASKS = "form input button select option textarea"
_REFUSED = frozenset((_RUNS + _LOADS + _ASKS).split())
_ATTRIBUTES = {
    "a": ("href",),
    "img": ("src", "alt"),
    "ol": ("start",),
    "td": ("colspan", "rowspan", "headers"),
    "th": ("colspan", "rowspan", "scope", "headers"),
    "abbr": ("title",),
}
_EVERYWHERE = ("class", "id", "lang", CELL)
_CLASS = re.compile(r"gl-[a-z]+|n|sub")
_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/]+={0,2}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_NUMBER = re.compile(r"\d{1,4}")


def cleaned(html: str) -> BeautifulSoup:
    """The parsed page without anything but the allowed elements and attributes.

    Raises OutputError listing, cell by cell, whatever could run (scripts, event attributes, forms)
    or load something (pictures and frames from elsewhere).
    """
    from bs4 import BeautifulSoup
    from bs4.element import PreformattedString

    soup = BeautifulSoup(html, "html.parser")
    for piece in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        piece.extract()  # comments, declarations
    faults: list[Fault] = []
    gone: set[int] = set()  # what lies in something that was taken off
    for tag in soup.find_all(True):
        if id(tag) in gone:
            continue
        faults.extend(_faults(tag))
        if tag.name in _DECORATION:
            gone.update(map(id, tag.find_all(True)))
            tag.decompose()
        elif tag.name in ALLOWED:
            _strip(tag)
        else:
            tag.unwrap()
    if faults:
        raise OutputError(faults)
    return soup


def _faults(tag: Tag) -> Iterator[Fault]:
    if tag.name in _REFUSED or ":" in tag.name:
        yield Fault("formats.element", {"cell": _cell(tag), "element": tag.name})
    for name, value in tag.attrs.items():
        text = " ".join(value) if isinstance(value, list) else str(value)
        if name.startswith("on"):
            yield Fault("formats.event", {"cell": _cell(tag), "attribute": name, "element": tag.name})
        elif name == "href" and tag.name == "a" and not _harmless(text):
            yield Fault("formats.link", {"cell": _cell(tag), "href": text[:60]})
    if tag.name == "img":
        source = re.sub(r"\s", "", str(tag.get("src", "")))
        if _PICTURE.fullmatch(source):
            tag["src"] = source
        else:
            yield Fault("formats.picture", {"cell": _cell(tag), "src": source[:60]})


def _harmless(href: str) -> bool:
    # Browsers skip blanks and control characters inside a scheme, so the test does as well.
    bare = re.sub(r"[\x00-\x20\x7f]", "", href)
    scheme = _SCHEME.match(bare)
    if scheme:
        return scheme[1].lower() in ("http", "https", "mailto")
    return not bare.startswith(("//", "\\"))


def _strip(tag: Tag) -> None:
    right = "text-align:right" in str(tag.get("style", "")).replace(" ", "")
    allowed = (*_EVERYWHERE, *_ATTRIBUTES.get(tag.name, ()))
    tag.attrs = {name: value for name, value in tag.attrs.items() if name in allowed}
    classes = tag.get_attribute_list("class")
    known = [one for one in classes if one and _CLASS.fullmatch(one)]
    if right and tag.name in ("td", "th") and "n" not in known:
        known.append("n")  # the alignment row of a Markdown table
    if known:
        tag["class"] = known  # type: ignore[assignment]
    else:
        tag.attrs.pop("class", None)
    for name in ("colspan", "rowspan", "start"):
        if name in tag.attrs and not _NUMBER.fullmatch(str(tag[name])):
            del tag[name]


def _cell(tag: Tag) -> object:
    holder = tag.find_parent(attrs={CELL: True})
    return holder[CELL] if holder is not None else "?"
