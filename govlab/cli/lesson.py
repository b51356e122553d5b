"""``govlab lesson``: the lessons there are, one of them opened in JupyterLab, editions written out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

ACTIONS = ("list", "open", "build")
EDITIONS = ("participant", "trainer")


def run(
    ctx: typer.Context,
    action: Annotated[str, typer.Argument(metavar="list|open|build", help="cli.lesson.action")] = "list",
    numbers: Annotated[list[str] | None, typer.Argument(metavar="N ...", help="cli.lesson.numbers")] = None,
    *,
    edition: Annotated[
        str, typer.Option("--edition", metavar="participant|trainer", help="cli.lesson.edition")
    ] = "participant",
    to: Annotated[str, typer.Option("--to", metavar="ipynb,html", help="cli.lesson.to")] = "ipynb,html",
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="cli.lesson.out")] = Path("lessons"),
) -> int:
    """List the lessons, open one, or write editions into a folder."""
    from govlab.errors import Fault, InputError
    from govlab.workshop import lessons as rooms
    from govlab.workshop.building import FORMATS, build, stem

    screen = ctx.obj
    faults = [
        Fault("cli.lesson.not_one_of", {"got": got, "allowed": ", ".join(allowed)}, (name,))
        for name, got, allowed in (
            ("list|open|build", action, ACTIONS),
            ("--edition", edition, EDITIONS),
            *(("--to", one, FORMATS) for one in to.split(",")),
        )
        if got not in allowed
    ]
    if faults:
        raise InputError(faults)
    chosen = [rooms.lesson(number) for number in numbers or ()] or list(rooms.lessons())
    if action == "list":
        for one in chosen:
            key = "lesson.line_optional" if one.optional else "lesson.line"
            screen.tell(key, number=one.number, title=one.title[screen.lang], minutes=one.minutes)
        return 0
    if action == "open" and len(chosen) != 1:
        raise InputError(
            Fault("cli.lesson.which", {"known": ", ".join(one.number for one in rooms.lessons())})
        )
    formats = ("ipynb",) if action == "open" else tuple(to.split(","))
    for one in chosen:
        path = out / f"{stem(one, screen.lang, edition)}.ipynb"  # type: ignore[arg-type]
        if action == "open" and path.is_file():
            continue  # what somebody has written into it stays
        for written in build(one, screen.lang, edition, formats, out):  # type: ignore[arg-type]
            screen.tell("lesson.written", path=written)
    if action == "build":
        return 0
    return _lab(out / f"{stem(chosen[0], screen.lang, edition)}.ipynb", screen)  # type: ignore[arg-type]


def _lab(notebook: Path, screen: object) -> int:
    """JupyterLab on the lesson's folder, with the lesson open."""
    from dataclasses import replace

    from govlab.data.lab import lab_arguments
    from govlab.data.workspace import open_workspace

    folder = notebook.resolve().parent
    place = replace(open_workspace(), root=folder, notebooks=folder)
    arguments = lab_arguments(place, screen.lang)  # type: ignore[attr-defined]
    try:
        return subprocess.call([sys.executable, "-m", "jupyterlab", *arguments, str(notebook.resolve())])
    except KeyboardInterrupt:
        return 0
