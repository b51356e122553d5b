"""A lesson run from top to bottom, and what of its outputs can stand on a page."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from govlab.errors import GovlabError

_TIMEOUT = 300  # seconds for one cell
_LIVE = "application/vnd.jupyter.widget-view+json"
# What a page can show without a kernel.
_STATIC = ("text/html", "text/markdown", "image/png", "image/jpeg")


class LessonError(GovlabError):
    """A lesson did not run to its end."""


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


def still(notebook: Any) -> Any:
    """A copy whose outputs stand without a kernel.

    A live widget gives way to its picture or page, one that has neither goes; so does what was written
    to the error stream (progress, warnings).
    """
    copy = deepcopy(notebook)
    copy.metadata.pop("widgets", None)  # else the page would ask the network for the widgets' program
    for cell in copy.cells:
        if cell.cell_type != "code":
            continue
        kept = []
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                continue
            data = output.get("data", {})
            if _LIVE in data:
                if not any(kind in data for kind in _STATIC):
                    continue
                del data[_LIVE]
            kept.append(output)
        cell.outputs = kept
    return copy


def page(notebook: Any, lang: str) -> str:
    """An executed notebook as one HTML page with its code, asking nothing of the network."""
    from nbconvert import HTMLExporter

    make: Any = HTMLExporter  # nbconvert's own annotations leave the constructor open
    exporter = make(template_name="lab", embed_images=True)
    exporter.mathjax_url = exporter.require_js_url = exporter.jquery_url = exporter.mermaid_js_url = ""
    exporter.language_code = "zh-CN" if lang == "zh" else "en"
    body, _ = exporter.from_notebook_node(still(notebook))
    return str(body)
