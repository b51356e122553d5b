"""Run a report notebook's cells here, without a kernel, and keep what they display."""

import json
from functools import cache
from pathlib import Path
from unittest import mock

from bs4 import BeautifulSoup

from govlab.data.locate import shipped


@cache  # several tests look at one report; none changes what was displayed
def told(name: str, **parameters) -> list[dict]:
    """The display bundles of a shipped report notebook, in order."""
    notebook = json.loads((shipped("notebooks") / "reports" / name).read_text(encoding="utf-8"))
    shown: list[dict] = []

    def keep(thing):
        shown.append(thing._repr_mimebundle_())

    scope: dict = {}
    with mock.patch("IPython.display.display", keep):
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), f"{name}:{cell['id']}", "exec"), scope)
                if "parameters" in cell["metadata"].get("tags", []):
                    scope.update(parameters)
    return shown


def page(bundles: list[dict]) -> BeautifulSoup:
    """One page of what was displayed."""
    return BeautifulSoup("".join(bundle["text/html"] for bundle in bundles), "html.parser")


def prose(soup: BeautifulSoup, drop: tuple[str, ...] = ()) -> str:
    """The words of a page without pictures, and without the elements that ``drop`` selects."""
    for selector in (*drop, "img"):
        for one in soup.select(selector):
            one.decompose()
    return soup.get_text(" ")


def notebooks() -> list[Path]:
    return sorted((shipped("notebooks") / "reports").glob("*.ipynb"))
