"""A template of a report written down from the texts of its cells, as JupyterLab would save it."""

from __future__ import annotations

import json
from pathlib import Path

from govlab.data.atomic import write_whole


def write_template(path: Path | str, *cells: str) -> Path:
    """A notebook of code cells, of which the first is the ``parameters`` cell; the path it lies at.

    A file that is there already is written anew. ValueError without a cell.
    """
    if not cells:
        raise ValueError("cells must hold at least the parameters cell, got none")
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"cell-{number:02d}",
                "metadata": {"tags": ["parameters"]} if number == 1 else {},
                "outputs": [],
                "source": text.strip(),
            }
            for number, text in enumerate(cells, 1)
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    path = Path(path)
    write_whole(path, text.encode("utf-8"))
    return path
