"""``govlab lab``: JupyterLab on the notebooks of the workspace, asking nothing of the network."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer


def run(
    ctx: typer.Context,
    more: Annotated[list[str] | None, typer.Argument(metavar="-- ARG", help="cli.lab.more")] = None,
    *,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="cli.lab.no_browser")] = False,
    port: Annotated[int | None, typer.Option("--port", metavar="N", help="cli.lab.port")] = None,
) -> int:
    """Start JupyterLab and wait until it ends; its exit code."""
    from govlab.data.lab import lab_arguments, run_lab
    from govlab.data.workspace import open_workspace
    from govlab.errors import Fault, InputError

    screen = ctx.obj
    if find_spec("jupyterlab") is None:
        raise InputError(Fault("cli.lab.missing"))
    workspace = open_workspace()
    if workspace.study is None:
        screen.tell("lab.shipped", folder=workspace.notebooks)
    arguments = lab_arguments(workspace, screen.lang, browser=not no_browser, port=port)
    screen.tell("lab.start", folder=workspace.notebooks)
    return run_lab([*arguments, *(more or ())], screen.lang)
