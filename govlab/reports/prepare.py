"""A notebook made ready for one report: cells of the other language go before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govlab.language import LANGUAGES

if TYPE_CHECKING:
    from nbformat import NotebookNode


def prepared(notebook: NotebookNode, lang: str) -> NotebookNode:
    """A copy without the cells tagged for another language, and without outputs."""
    from copy import deepcopy

    others = set(LANGUAGES) - {lang}
    copy = deepcopy(notebook)
    copy.cells = [cell for cell in copy.cells if not others & set(cell.metadata.get("tags", []))]
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    return copy
