"""``govlab lesson``: the lessons there are, one of them opened in JupyterLab, editions written out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

if TYPE_CHECKING:
    from govlab.cli.screen import Screen
    from govlab.errors import Fault

Action = Literal["list", "open", "build"]
ACTIONS: tuple[Action, ...] = ("list", "open", "build")
_T = TypeVar("_T", bound=str)


def run(
    ctx: typer.Context,
    action: Annotated[str, typer.Argument(metavar="list|open|build", help="cli.lesson.action")] = "list",
    numbers: Annotated[list[str] | None, typer.Argument(metavar="N ...", help="cli.lesson.numbers")] = None,
    *,
    edition: Annotated[
        str, typer.Option("--edition", metavar="participant|trainer", help="cli.lesson.edition")
    ] = "participant",
    to: Annotated[
        str, typer.Option("--to", metavar="ipynb,html,slides,docx", help="cli.lesson.to")
    ] = "ipynb,html",
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="cli.lesson.out")] = Path("lessons"),
) -> int:
    """List the lessons, open one, or write editions into a folder."""
    from govlab.errors import Fault, InputError
    from govlab.workshop import lessons as rooms
    from govlab.workshop.building import EDITIONS, FORMATS, build, file_name

    screen: Screen = ctx.obj
    faults: list[Fault] = []
    asked = _one_of("list|open|build", action, ACTIONS, faults)
    wanted = _one_of("--edition", edition, EDITIONS, faults)
    formats = [_one_of("--to", one.strip(), FORMATS, faults) for one in to.split(",")]
    if faults:
        raise InputError(faults)
    chosen = [rooms.lesson(number) for number in numbers or ()] or list(rooms.lessons())
    if asked == "list":
        for one in chosen:
            key = "lesson.line_optional" if one.optional else "lesson.line"
            screen.tell(key, number=one.number, title=one.title[screen.lang], minutes=one.minutes)
        return 0
    if asked == "build":
        for one in chosen:
            for written in build(one, screen.lang, wanted, formats, out):
                screen.tell("lesson.written", path=written)
        return 0
    if len(chosen) != 1:
        raise InputError(
            Fault("cli.lesson.which", {"known": ", ".join(one.number for one in rooms.lessons())})
        )
    notebook = out / file_name(chosen[0], screen.lang, wanted, "ipynb")
    if not notebook.is_file():  # what somebody has written into it stays
        build(chosen[0], screen.lang, wanted, ("ipynb",), out)
        screen.tell("lesson.written", path=notebook)
    return _lab(notebook, screen)


def _one_of(name: str, got: str, allowed: Sequence[_T], faults: list[Fault]) -> _T:
    """What was given as one of those allowed; a fault is noted if it is none."""
    from govlab.errors import Fault

    for one in allowed:
        if one == got:
            return one
    faults.append(Fault("cli.lesson.not_one_of", {"got": got, "allowed": ", ".join(allowed)}, (name,)))
    return allowed[0]


def _lab(notebook: Path, screen: Screen) -> int:
    """JupyterLab on the lesson's folder, with the lesson open."""
    from dataclasses import replace

    from govlab.data.lab import lab_arguments, run_lab
    from govlab.data.workspace import open_workspace

    folder = notebook.resolve().parent
    place = replace(open_workspace(), root=folder, notebooks=folder)
    arguments = lab_arguments(place, screen.lang)
    return run_lab([*arguments, str(notebook.resolve())], screen.lang)
