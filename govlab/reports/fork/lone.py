"""A notebook played for plain papermill: cell by cell, each handed back as it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govlab.reports.fork.wire import Message

if TYPE_CHECKING:
    from govlab.reports.fork.child import Tell
    from govlab.reports.fork.stage import Stage


def play(stage: Stage, content: Message, tell: Tell) -> Message:
    """Run every cell until one fails; the metadata of the notebook at the end."""
    from nbformat import from_dict
    from papermill.engines import NotebookExecutionManager

    from govlab.reports.fork.stage import Player

    notebook: Any = from_dict(content)
    manager = NotebookExecutionManager(notebook, progress_bar=False)

    def began(cell: int) -> None:
        tell({"cell": cell, "began": True})

    def told(cell: Any, cell_index: int, **_: Any) -> None:
        tell({"ended": cell_index + 1, "content": cell})

    complete = manager.cell_complete

    def ended(cell: Any, cell_index: int | None = None, **rest: Any) -> None:
        complete(cell, cell_index=cell_index, **rest)
        told(cell, cell_index or 0)

    manager.cell_complete = ended
    Player(manager, stage, began, lambda cell, seconds: None).play()
    return {"status": "done", "metadata": notebook.metadata, "cells": notebook.cells}
