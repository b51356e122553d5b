"""``govlab batch [FILE ...]``: plan every batch whole, then make the reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govlab.cli import batch_shown as shown
from govlab.cli.usage import one_of, whole_number

if TYPE_CHECKING:
    from govlab.cli.screen import Screen
    from govlab.reports import Engine, Outcome, Plan

FAILED, INTERRUPTED = 1, 130


def run(
    ctx: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="cli.batch.files")] = None,
    *,
    plan: Annotated[bool, typer.Option("--plan", help="cli.batch.plan")] = False,
    only: Annotated[
        str | None, typer.Option("--only", metavar="failed|changed", help="cli.batch.only")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="cli.batch.force")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="cli.batch.out")] = None,
    formats: Annotated[
        str | None, typer.Option("--formats", metavar="html,docx,pdf,xlsx", help="cli.batch.formats")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", parser=whole_number, help="cli.batch.workers")
    ] = 1,
    engine: Annotated[
        str | None, typer.Option("--engine", metavar="fork|kernel", help="cli.batch.engine")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="cli.batch.scheduler")
    ] = None,
    profile: Annotated[bool, typer.Option("--profile", help="cli.batch.profile")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="cli.batch.json")] = False,
) -> int:
    """Plan, run, tell."""
    screen: Screen = ctx.obj
    only = one_of("--only", only, ("failed", "changed"))
    engine = one_of("--engine", engine, ("fork", "kernel"))
    plans = _plans(files or [], out, formats.split(",") if formats is not None else None)
    if plan:
        shown.plans(screen, plans, as_json)
        return 0
    results: list[tuple[Plan, list[Outcome]]] = []
    interrupted = False
    with ExitStack() as stack:
        engines: dict[Path, Engine] = {}  # one forking parent for all batches of a workspace
        for one in plans:
            root = one.batch.root
            if root not in engines:
                engines[root] = stack.enter_context(_engine(one, engine, scheduler))
            outcomes, interrupted = _run(screen, one, workers, only, force, engines[root], as_json)
            results.append((one, outcomes))
            if interrupted:
                break
    failed = sum(outcome.status == "failed" for _, outcomes in results for outcome in outcomes)
    if as_json:
        shown.json_line(screen, {"event": "end", "failed": failed, "interrupted": interrupted})
    else:
        shown.end(screen, results)
        if profile:
            shown.profile(screen, results)
    if interrupted:
        screen.error(screen.say("batch.interrupted"))
        return INTERRUPTED
    return FAILED if failed else 0


class _engine:
    """The engine that was asked for, closed at the end."""

    def __init__(self, plan: Plan, name: str | None, scheduler: str | None) -> None:
        self._plan, self._name, self._scheduler = plan, name, scheduler

    def __enter__(self) -> Engine:
        if self._scheduler is not None:
            from govlab.reports.cluster import ClusterEngine

            self._engine: Engine = ClusterEngine(self._plan.batch.root, self._scheduler, self._name)
        else:
            from govlab.reports import engine

            self._engine = engine.engine_for(self._plan.batch.root, self._name)
        return self._engine

    def __exit__(self, *_: object) -> None:
        close = getattr(self._engine, "close", None)
        if close is not None:
            close()


def _plans(files: Sequence[Path], out: Path | None, formats: Sequence[str] | None) -> list[Plan]:
    """Every batch read and planned before anything runs; one error with the faults of all of them."""
    from govlab.data.workspace import open_workspace, workspace_of
    from govlab.errors import BatchError, Fault, InputError
    from govlab.reports import Batch

    faults: list[Fault] = []
    plans = []
    for file in files or open_workspace().batches():
        try:
            home = workspace_of(file)
            batch = Batch.read(file, home.root)
            target = out.resolve() if out is not None else home.out
            plans.append(batch.plan(target, formats))
        except InputError as error:
            faults.extend(error.faults)
    for folder, count in Counter(plan.folder for plan in plans).items():
        if count > 1:
            named = ", ".join(plan.batch.file.name for plan in plans if plan.folder == folder)
            faults.append(Fault("cli.batch.same_name", {"name": folder.name, "files": named}))
    if faults:
        raise BatchError(faults)
    return plans


def _run(
    screen: Screen,
    plan: Plan,
    workers: int,
    only: str | None,
    force: bool,
    engine: Engine,
    as_json: bool,
) -> tuple[list[Outcome], bool]:
    """One batch: the outcomes, and whether it was interrupted."""
    outcomes: list[Outcome] = []
    total = len(plan.chosen(only, force))
    begun = shown.begin_json if as_json else shown.begin
    begun(screen, plan, total)
    with shown.Meter(screen, 0 if as_json else total) as meter:
        running = plan.run(workers=workers, only=only, force=force, engine=engine)
        try:
            for outcome in running:
                outcomes.append(outcome)
                meter.step(outcome)
                if as_json:
                    shown.json_line(screen, {"event": "report", **shown.plain(outcome)})
        except KeyboardInterrupt:
            running.close()
            return outcomes, True
    return outcomes, False
