"""An executed notebook as one clean body, the same for every format."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.errors import Fault
from govlab.language import say
from govlab.reports.formats.clean import CELL, cleaned
from govlab.reports.formats.page import OutputError

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from nbformat import NotebookNode

    from govlab.reports.formats.page import PageInfo

TEMPLATES = Path(__file__).resolve().parent / "templates"

# What nbconvert puts where a picture has no alternative text.
_NO_ALT = "No description has been provided for this image"
_WIDE = r"[\u2e80-\u303f\u3041-\u33ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff“”‘’…—]"


# The kinds of output that the template of the page knows.
_SHOWN = ("text/html", "text/markdown", "image/png", "text/plain")


def body_of(notebook: NotebookNode, page: PageInfo) -> BeautifulSoup:
    """Markdown cells and outputs, checked and cleaned, with title and last line.

    Raises OutputError for a cell that ended in an error or holds what no page may hold.
    """
    _refuse_errors(notebook)
    soup = cleaned(_fragment(notebook))
    for holder in soup.find_all(None, {CELL: True}):
        holder.unwrap()
    for image in soup.find_all("img"):
        if image.get("alt") in (None, _NO_ALT):
            image["alt"] = say("formats.no_alt", lang=page.lang)
    _join_lines(soup)
    _complete(soup, page)
    return soup


def _refuse_errors(notebook: NotebookNode) -> None:
    faults = [
        Fault("formats.cell_error", {"cell": number, "name": output.ename, "message": output.evalue})
        for number, cell in enumerate(notebook.cells, 1)
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    if faults:
        raise OutputError(faults)


def _fragment(notebook: NotebookNode) -> str:
    from nbconvert.exporters import HTMLExporter

    # One exporter a page: it is cheap, and not safe to share among threads.
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="govlab",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        mathjax_url="",
        require_js_url="",
    )
    exporter.log.setLevel("ERROR")  # a missing alt is mended here
    text, _ = exporter.from_notebook_node(_light(notebook))
    return str(text)


def _light(notebook: NotebookNode) -> NotebookNode:
    """The notebook with nothing but what a page shows: nbconvert copies and checks it several times over."""
    from nbformat import NotebookNode

    cells = []
    for cell in notebook.cells:
        outputs = [
            NotebookNode(output, data={kind: output.data[kind] for kind in _SHOWN if kind in output.data})
            for output in cell.get("outputs", [])
            if output.output_type in ("display_data", "execute_result")
        ]
        light = NotebookNode(id=cell.get("id", ""), cell_type=cell.cell_type, metadata={}, source="")
        if cell.cell_type == "code":
            light.update(outputs=outputs, execution_count=None)
        else:
            light.source = cell.source
            if "attachments" in cell:
                light.attachments = cell.attachments
        cells.append(light)
    return NotebookNode(notebook, cells=cells, metadata=NotebookNode())


def _join_lines(soup: BeautifulSoup) -> None:
    """A line break in the source between two Chinese characters is no blank on the page."""
    fixed = {id(one) for block in soup.find_all("pre") for one in block.find_all(string=True)}
    texts = [one for one in soup.find_all(string=True) if id(one) not in fixed]
    for place, text in enumerate(texts):
        if "\n" not in text or not text.strip():
            continue
        before = str(texts[place - 1])[-1:] if place else ""
        after = str(texts[place + 1])[:1] if place + 1 < len(texts) else ""
        whole = before + text + after
        joined = re.sub(rf"(?<={_WIDE})[ \t]*\r?\n[ \t]*(?={_WIDE})", "", whole)
        joined = joined[len(before) : len(joined) - len(after) or None]
        if joined != text:
            text.replace_with(joined)


def _complete(soup: BeautifulSoup, page: PageInfo) -> None:
    if soup.find("h1") is None:
        title = soup.new_tag("h1", attrs={"class": "gl-title"}, string=page.title)
        top = soup.find("header")
        if top is not None:
            top.insert_after(title)
        else:
            soup.insert(0, title)
    foot = soup.find("footer", class_="gl-foot")
    if foot is not None and say("formats.version", {"version": page.version}) in foot.get_text():
        page = replace(page, version="")  # the report has said so itself
    made = made_line(page)
    if made:
        if foot is None:
            foot = soup.new_tag("footer", attrs={"class": "gl-foot"})
            soup.append(foot)
        elif foot.get_text(strip=True):
            foot.append(soup.new_tag("br"))
        foot.append(made)


def made_line(page: PageInfo) -> str:
    """Version, checksum and date in one line; without those that are not given."""
    given = {"version": page.version, "checksum": page.checksum, "generated": page.generated}
    parts = [say(f"formats.{key}", {key: text}, lang=page.lang) for key, text in given.items() if text]
    return " · ".join(parts)
