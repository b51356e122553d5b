"""A tiny workspace with notebooks that test what a batch does with them."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PARAMETERS = 'place: str = "a"\nlang: str = "en"  # zh | en\nn: int = 1\nfail: bool = False'
SAY = (
    "from govlab.blocks import Page\n"
    "from govlab.tables import Column, Table\n"
    "page = Page(lang)\n"
    "display(page.opening('top', f'Report on {place}', 'basis'))\n"
    "display(page.table(Table((Column('a', 'A'), Column('n', 'N', 'integer')), ((place, n),), 'Table', lang)))"
)


def notebook(path: Path, *cells) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    parameters = new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]})
    made = new_notebook(cells=[parameters, *cells])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, path)


def workspace(root: Path) -> Path:
    """Notebooks under ``notebooks/`` and an empty ``reports/``; the root again."""
    notebook(
        root / "notebooks" / "simple.ipynb",
        new_markdown_cell("中文段落。", id="zh", metadata={"tags": ["zh"]}),
        new_markdown_cell("English paragraph.", id="en", metadata={"tags": ["en"]}),
        new_code_cell(SAY, id="say"),
        new_code_cell("if fail:\n    raise RuntimeError('broken on purpose')", id="fail"),
    )
    (root / "reports").mkdir(exist_ok=True)
    return root


def batch_file(root: Path, body: str, name: str = "b.toml") -> Path:
    head = 'format = 1\nname = "b"\ntitle = { zh = "甲", en = "B" }\nformats = ["html"]\n'
    path = root / "reports" / name
    path.write_text(head + body, encoding="utf-8")
    return path
