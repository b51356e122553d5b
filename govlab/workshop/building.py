"""Lessons written out: the notebook of an edition, and a page of it as it looks when everything has run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from govlab.data.atomic import write_whole
from govlab.errors import GovlabError
from govlab.workshop.lessons import Edition, Lesson

Format = Literal["ipynb", "html"]
FORMATS: tuple[Format, ...] = ("ipynb", "html")
_TIMEOUT = 300  # seconds for one cell


class LessonError(GovlabError):
    """A lesson did not run to its end."""


def stem(lesson: Lesson, lang: str, edition: Edition) -> str:
    """``lesson-01-zh``; of a trainers' edition ``lesson-01-zh-trainer``."""
    name = f"{lesson.path.stem}-{lang}"
    return f"{name}-trainer" if edition == "trainer" else name


def build(lesson: Lesson, lang: str, edition: Edition, formats: Sequence[Format], out: Path) -> list[Path]:
    """Write a lesson's edition into ``out``; the files written.

    ``ipynb`` without outputs, to work in; ``html`` as it looks when run from top to bottom, in one file
    that loads nothing. LessonError names the cell that fails.
    """
    notebook = lesson.edition(lang, edition)
    written = []
    for form in formats:
        path = out / f"{stem(lesson, lang, edition)}.{form}"
        if form == "ipynb":
            text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
            write_whole(path, text.encode("utf-8"))
        else:
            write_whole(path, page(run(notebook), lang).encode("utf-8"))
        written.append(path)
    return written


def run(notebook: dict[str, Any]) -> Any:
    """The notebook with the outputs of every cell, run on a kernel of its own in an empty folder."""
    from tempfile import TemporaryDirectory

    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    node = nbformat.reads(json.dumps(notebook), as_version=4)
    with TemporaryDirectory(prefix="govlab-lesson-") as folder:
        client = NotebookClient(
            node,
            timeout=_TIMEOUT,
            kernel_name="python3",
            extra_arguments=["--log-level=50"],
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise LessonError(str(error).strip().splitlines()[-1]) from error
    return node


def page(notebook: Any, lang: str) -> str:
    """An executed notebook as one HTML page with its code, asking nothing of the network."""
    from nbconvert import HTMLExporter

    exporter: Any = HTMLExporter(template_name="lab", embed_images=True)  # type: ignore[no-untyped-call]
    exporter.mathjax_url = exporter.require_js_url = exporter.jquery_url = exporter.mermaid_js_url = ""
    exporter.language_code = "zh-CN" if lang == "zh" else "en"
    body, _ = exporter.from_notebook_node(notebook)
    return str(body)
