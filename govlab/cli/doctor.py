"""``govlab doctor``: what is installed, what works, what is missing and how to get it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from govlab.language import say

if TYPE_CHECKING:
    from govlab.cli.screen import Screen
    from govlab.data.workspace import Workspace
    from govlab.reports.health import Finding

FAILED = 1


def run(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="cli.json")] = False,
) -> int:
    """Show each finding as it comes; 1 if something needed does not work."""
    import govlab
    from govlab.reports.health import examine

    screen: Screen = ctx.obj
    workspace, said = _workspace(screen)
    if not as_json:
        screen.line(f"govlab {govlab.__version__}, Python {sys.version.split()[0]}, {sys.platform}")
        screen.line(said)
    findings = []
    for finding in examine(workspace):
        findings.append(finding)
        if not as_json:
            _show(screen, finding)
    well = workspace is not None and all(finding.well for finding in findings)
    if as_json:
        content = [
            {"name": one.name, "state": one.state, "detail": one.detail, "remedy": _remedy(screen, one)}
            for one in findings
        ]
        found = {"govlab": govlab.__version__, "well": well, "workspace": said, "findings": content}
        screen.json(found)
    else:
        screen.tell("doctor.well" if well else "doctor.unwell")
    return 0 if well else FAILED


def _workspace(screen: Screen) -> tuple[Workspace | None, str]:
    """The workspace around and a line about it; a broken one is a finding, not the end."""
    from govlab.data.workspace import open_workspace
    from govlab.errors import WorkspaceError

    try:
        workspace = open_workspace()
    except WorkspaceError as error:
        return None, error.text(screen.lang)
    if workspace.study is None:
        return workspace, screen.say("doctor.shipped")
    return workspace, screen.say("doctor.workspace", folder=workspace.root)


def _show(screen: Screen, finding: Finding) -> None:
    mark = screen.say(f"doctor.state.{finding.state}")
    name = screen.say(f"doctor.{finding.name}")
    screen.line(f"  {mark}  {name}  {finding.detail}".rstrip())
    remedy = _remedy(screen, finding)
    if remedy:
        screen.line(f"        {remedy}")


def _remedy(screen: Screen, finding: Finding) -> str:
    if finding.remedy is None:
        return ""
    return say(finding.remedy, {"detail": finding.detail}, lang=screen.lang)
