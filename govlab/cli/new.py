"""``govlab new FOLDER``: a workspace that works at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="cli.new.folder")],
) -> int:
    """Lay the workspace out and say what to do next."""
    from govlab.data.layout import lay_out

    screen = ctx.obj
    for name in lay_out(folder, screen.lang):
        screen.line(f"  {name}")
    screen.tell("new.done", folder=folder)
    return 0
