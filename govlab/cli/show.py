"""``govlab show``: one bench on a projector, without cells and code around it."""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer


def run(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="cli.show.name")] = "",
    *,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="cli.show.no_browser")] = False,
    port: Annotated[int | None, typer.Option("--port", metavar="N", help="cli.show.port")] = None,
) -> int:
    """List the benches, or show one until it is closed."""
    from govlab.language import say
    from govlab.workshop.widgets import bench, names

    screen = ctx.obj
    if not name:
        for one in names():
            screen.tell("show.line", name=one, title=say(f"widgets.{one}", lang=screen.lang))
        return 0
    title = bench(name, screen.lang).title  # what cannot be shown is said here, and not in a browser
    projector = find_spec("voila") is not None
    with TemporaryDirectory(prefix="govlab-show-") as folder:
        path = Path(folder) / f"{name}.ipynb"
        path.write_text(json.dumps(_page(name, title, screen.lang), ensure_ascii=False), encoding="utf-8")
        screen.tell("show.start" if projector else "show.lab", title=title)
        try:
            if projector:
                _voila(path, screen.lang, no_browser, port)
            else:
                _lab(path, screen.lang, no_browser, port)
        except KeyboardInterrupt:
            pass  # Ctrl-C is how one leaves
    return 0


def _page(name: str, title: str, lang: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "bench",
        "metadata": {},
        "source": f'from govlab.workshop import bench\n\nbench("{name}", "{lang}")',
        "outputs": [],
        "execution_count": None,
    }
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "title": f"govlab · {title}"}
    return {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _voila(path: Path, lang: str, no_browser: bool, port: int | None) -> None:
    """Voila in this process, so that what ends this ends it; Jupyter looks for our page among its own."""
    ours = str(Path(__file__).resolve().parent.parent / "workshop" / "projector")
    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join([ours, before] if before else [ours])
    os.environ["GOVLAB_LANG"] = lang
    from voila.app import Voila

    options = [
        "--Voila.ip=127.0.0.1",
        "--template=govlab",
        "--show_tracebacks=False",
        "--Voila.log_level=ERROR",
    ]
    options += ["--no-browser"] * no_browser + ([] if port is None else [f"--port={port}"])
    Voila.launch_instance([str(path), *options])


def _lab(path: Path, lang: str, no_browser: bool, port: int | None) -> None:
    from dataclasses import replace

    from govlab.data.lab import lab_arguments, run_lab
    from govlab.data.workspace import open_workspace

    place = replace(open_workspace(), root=path.parent, notebooks=path.parent)
    run_lab([*lab_arguments(place, lang, browser=not no_browser, port=port), str(path)], lang)
