"""``govlab upgrade [FOLDER]``: bring a workspace to this govlab, edited notebooks left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    ctx: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="FOLDER", help="cli.upgrade.folder")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="cli.upgrade.plan")] = False,
) -> int:
    """Say what changes, write it, say where the copies of what was there are."""
    from govlab.data.locate import workspace
    from govlab.data.upgrade import plan_upgrade
    from govlab.language import say

    screen = ctx.obj
    root = folder.resolve() if folder is not None else workspace() or Path.cwd()
    upgrade = plan_upgrade(root)
    for change in upgrade.changes:
        screen.line(f"{change.path}{screen.colon}{screen.say(f'upgrade.{change.outcome}')}")
        for key in change.said:
            screen.line(f"  {say(key, lang=screen.lang)}")
    if plan or not upgrade.writes:
        screen.tell("upgrade.planned" if upgrade.writes else "upgrade.nothing")
        return 0
    backup = upgrade.apply()
    screen.tell("upgrade.done")
    if backup is not None:
        screen.tell("upgrade.backup", folder=backup)
    return 0
