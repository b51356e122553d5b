"""What pandoc leaves open in a Word document: widths and rules of tables, faces of punctuation, lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from govlab.reports.formats.word_styles import STRESS

if TYPE_CHECKING:
    from xml.dom.minidom import Document, Element

# Signs that exist in both scripts: without a hint Word draws them from the Latin face, half as wide.
_SHARED = re.compile("[“”‘’…—·×÷±≈≤≥①-⑳]")
_THICK, _THIN = "12", "6"  # eighths of a point: 1.5 pt and 0.75 pt


def edited(document: str, lang: str, width: int) -> str:
    """The document part with its tables ruled and as wide as the text (``width`` in twips)."""
    from xml.dom.minidom import parseString

    # minidom keeps prefixes as they are; ElementTree would rename them and break what names them.
    dom = parseString(document.encode("utf-8"))
    for table in _all(dom, "w:tbl"):
        _rule(dom, table, width)
    for paragraph in _all(dom, "w:p"):
        if not paragraph.childNodes and _follows_table(paragraph):
            # pandoc keeps two tables apart with it, but the caption between them does that.
            paragraph.parentNode.removeChild(paragraph)  # type: ignore[union-attr]
        else:
            _unindent(dom, paragraph)
    if lang == "zh":
        for run in _all(dom, "w:r"):
            _hint(dom, run)
            _stand_upright(dom, run)
    for number, drawing in enumerate(_all(dom, "wp:docPr"), 1):
        alt = drawing.getAttribute("descr")
        drawing.removeAttribute("title")
        drawing.setAttribute("id", str(number))
        inner = drawing.parentNode.getElementsByTagName("pic:cNvPr")  # type: ignore[union-attr]
        for one in inner:
            one.setAttribute("descr", alt)
            one.setAttribute("id", str(number))
    return dom.toxml(encoding="UTF-8").decode("utf-8")


def _all(parent: Document | Element, name: str) -> list[Element]:
    return list(parent.getElementsByTagName(name))


def _children(parent: Element, name: str) -> Iterator[Element]:
    for child in parent.childNodes:
        if child.nodeName == name:
            yield child  # type: ignore[misc]


def _new(dom: Document, name: str, **attributes: str) -> Element:
    element = dom.createElement(name)
    for key, value in attributes.items():
        element.setAttribute(f"w:{key}", value)
    return element


def _first(dom: Document, parent: Element, name: str) -> Element:
    """The child of that name, put in front where there is none."""
    found = next(_children(parent, name), None)
    if found is None:
        found = dom.createElement(name)
        parent.insertBefore(found, parent.firstChild)
    return found


def _follows_table(paragraph: Element) -> bool:
    """Whether it stands between a table and another paragraph."""
    before, after = paragraph.previousSibling, paragraph.nextSibling
    while before is not None and before.nodeName == "#text":
        before = before.previousSibling
    while after is not None and after.nodeName == "#text":
        after = after.nextSibling
    return before is not None and before.nodeName == "w:tbl" and after is not None and after.nodeName == "w:p"


def _rule(dom: Document, table: Element, width: int) -> None:
    grid = next(_children(table, "w:tblGrid"))
    columns = list(_children(grid, "w:gridCol"))
    given = [int(column.getAttribute("w:w") or "1") for column in columns]
    sizes = [round(width * size / sum(given)) for size in given]
    for column, size in zip(columns, sizes, strict=True):
        column.setAttribute("w:w", str(size))
    short = _table_properties(dom, table, width)
    rows = list(_children(table, "w:tr"))
    for row in rows[:-1] if short else ():
        for paragraph in _all(row, "w:p"):
            _keep_with_next(dom, paragraph)
    for row in rows:
        properties = _first(dom, row, "w:trPr")
        head = next(_children(properties, "w:tblHeader"), None) is not None
        properties.insertBefore(_new(dom, "w:cantSplit"), properties.firstChild)
        place = 0
        for cell in _children(row, "w:tc"):
            place += _set_cell(dom, cell, sizes[place:], head)


def _table_properties(dom: Document, table: Element, width: int) -> bool:
    """Style, width and rules; whether our filter marked the table as short."""
    properties = _first(dom, table, "w:tblPr")
    style = next(_children(properties, "w:tblStyle"), None)
    short = style is not None and style.getAttribute("w:val") == "Short"
    keep = {child.nodeName: child for child in list(properties.childNodes)}
    for child in keep.values():
        properties.removeChild(child)
    borders = dom.createElement("w:tblBorders")
    for side in ("top", "bottom"):
        borders.appendChild(_new(dom, f"w:{side}", val="single", sz=_THICK, space="0", color="000000"))
    # The schema fixes the order of these.
    properties.appendChild(_new(dom, "w:tblStyle", val="Table"))
    properties.appendChild(_new(dom, "w:tblW", type="dxa", w=str(width)))
    properties.appendChild(borders)
    properties.appendChild(_new(dom, "w:tblLayout", type="fixed"))
    for name in ("w:tblLook", "w:tblCaption"):
        if name in keep:
            properties.appendChild(keep[name])
    return short


def _set_cell(dom: Document, cell: Element, sizes: list[int], head: bool) -> int:
    """Width and, in the head, the rule below; how many columns the cell spans."""
    properties = _first(dom, cell, "w:tcPr")
    span = next(_children(properties, "w:gridSpan"), None)
    count = int(span.getAttribute("w:val")) if span is not None else 1
    properties.insertBefore(_new(dom, "w:tcW", w=str(sum(sizes[:count])), type="dxa"), properties.firstChild)
    if head:
        borders = dom.createElement("w:tcBorders")
        borders.appendChild(_new(dom, "w:bottom", val="single", sz=_THIN, space="0", color="000000"))
        after = next(_children(properties, "w:vAlign"), None)
        properties.insertBefore(borders, after)
    return count


def _keep_with_next(dom: Document, paragraph: Element) -> None:
    properties = _first(dom, paragraph, "w:pPr")
    style = next(_children(properties, "w:pStyle"), None)
    after: Element | None = style.nextSibling if style is not None else None  # type: ignore[assignment]
    properties.insertBefore(_new(dom, "w:keepNext"), after)


def _unindent(dom: Document, paragraph: Element) -> None:
    """Items of lists take the style without first-line indent; it would win over the list's own."""
    properties = next(_children(paragraph, "w:pPr"), None)
    if properties is None or next(_children(properties, "w:numPr"), None) is None:
        return
    style = _first(dom, properties, "w:pStyle")
    style.setAttribute("w:val", "Compact")


def _hint(dom: Document, run: Element) -> None:
    text = "".join(node.firstChild.data for node in _children(run, "w:t") if node.firstChild)  # type: ignore[union-attr]
    if not _SHARED.search(text):
        return
    _fonts(dom, _first(dom, run, "w:rPr")).setAttribute("w:hint", "eastAsia")


def _fonts(dom: Document, properties: Element) -> Element:
    """The font element of a run, which the schema wants right behind the style."""
    found = _first(dom, properties, "w:rFonts")
    style = next(_children(properties, "w:rStyle"), None)
    if style is not None:
        properties.insertBefore(style, properties.firstChild)
    return found


def _stand_upright(dom: Document, run: Element) -> None:
    """Chinese is stressed by another face; slanted characters are a makeshift."""
    for properties in _children(run, "w:rPr"):
        slanted = [child for child in properties.childNodes if child.nodeName in ("w:i", "w:iCs")]
        for child in slanted:
            properties.removeChild(child)
        if slanted:
            _fonts(dom, properties).setAttribute("w:eastAsia", STRESS)
