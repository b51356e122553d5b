"""What the parent does once so that no child has to: load, look fonts up, make one page of each kind.

No code of a user's notebook runs here: what it would leave behind, every report would inherit.
"""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

_PAGE = '<header class="gl-top"><span>a</span></header><h1 class="gl-title">a</h1><p>甲 A-1</p>'
_TABLE = (
    "<table><caption>a</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"
)
_DATA = {
    "caption": "a",
    "lang": "zh",
    "columns": [{"key": "a", "label": "a", "type": "integer"}],
    "rows": [[1]],
}


def rehearse() -> None:
    """Load and try what nearly every report needs."""
    import numpy  # noqa: F401

    import govlab.blocks
    import govlab.plots
    import govlab.reports.fork.child
    import govlab.reports.fork.lone
    import govlab.reports.guard
    import govlab.reports.run
    import govlab.tables  # noqa: F401

    _draw()
    _render()


def _draw() -> None:
    from matplotlib.figure import Figure
    from PIL import Image

    drawn = BytesIO()
    figure = Figure(figsize=(2, 1))
    figure.subplots().set_title("a")
    figure.savefig(drawn, format="png")
    with Image.open(drawn) as image:
        image.convert("RGB").quantize(4).save(BytesIO(), "PNG", optimize=True)


def _render() -> None:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    import pypandoc
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    from govlab.reports import formats
    from govlab.reports.formats import glyphs, pdf, shape, table_data, word  # noqa: F401

    data = {"text/html": _TABLE, "text/plain": "", table_data.MIME: _DATA}
    outputs = [
        new_output("display_data", {"text/html": _PAGE, "text/plain": ""}),
        new_output("display_data", data),
    ]
    notebook = new_notebook(
        cells=[new_markdown_cell("# a\n\n| a |\n|--:|\n| 1 |"), new_code_cell("", outputs=outputs)]
    )
    with TemporaryDirectory(prefix="govlab-") as folder:
        for lang in ("zh", "en"):
            # Not the PDF: typst starts threads, and a parent with threads must not fork. Not Word:
            # pandoc is a program of its own, which a rehearsal would not make quicker.
            page = formats.PageInfo(lang, "a")
            formats.render(notebook, page, ("html", "xlsx"), Path(folder) / "a")
    with suppress(OSError):  # the report that needs it will say so
        pypandoc.get_pandoc_path()
    glyphs.missing("a")
    pdf.load()
