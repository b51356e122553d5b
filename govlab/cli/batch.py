"""``govlab batch [FILE ...]``: plan every batch whole, then make the reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govlab.cli.usage import one_of, whole_number
from govlab.language import say

if TYPE_CHECKING:
    from govlab.cli.screen import Screen
    from govlab.reports import Outcome, Plan

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
    as_json: Annotated[bool, typer.Option("--json", help="cli.json")] = False,
) -> int:
    """Plan, run, tell."""
    screen: Screen = ctx.obj
    only = one_of("--only", only, ("failed", "changed"))
    plans = _plans(files or [], out, formats.split(",") if formats is not None else None)
    if plan:
        _show_plans(screen, plans, as_json)
        return 0
    results: list[tuple[Plan, list[Outcome], Path | None]] = []
    interrupted = False
    for one in plans:
        outcomes, index, interrupted = _run(screen, one, workers, only, force, quiet=as_json)
        results.append((one, outcomes, index))
        if interrupted:
            break
    failed = [outcome for _, outcomes, _ in results for outcome in outcomes if outcome.status == "failed"]
    if as_json:
        screen.json({"batches": [_plain_result(*result) for result in results], "interrupted": interrupted})
    else:
        _tell_end(screen, results, failed)
    if interrupted:
        screen.error(screen.say("batch.interrupted"))
        return INTERRUPTED
    return FAILED if failed else 0


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
    screen: Screen, plan: Plan, workers: int, only: str | None, force: bool, *, quiet: bool
) -> tuple[list[Outcome], Path | None, bool]:
    """One batch: the outcomes, its index page, and whether it was interrupted."""
    outcomes: list[Outcome] = []
    total = len(plan.chosen(only, force))
    title = plan.batch.content.title
    name = title.zh if screen.lang == "zh" else title.en
    if not quiet:
        screen.tell("batch.start", name=name, total=total, fresh=len(plan.jobs) - total)
    interrupted = False
    with _Meter(screen, total, quiet=quiet) as meter:
        running = plan.run(workers=workers, only=only, force=force)
        try:
            for outcome in running:
                outcomes.append(outcome)
                meter.step(outcome)
        except KeyboardInterrupt:
            interrupted = True
            running.close()
    index = plan.finish() if outcomes or (plan.folder / "manifest.json").is_file() else None
    return outcomes, index, interrupted


class _Meter:
    """A progress bar on a terminal; elsewhere one line a report."""

    def __init__(self, screen: Screen, total: int, *, quiet: bool) -> None:
        self._screen, self._total, self._quiet, self._count = screen, total, quiet, 0
        self._bar: Any = None

    def __enter__(self) -> _Meter:
        console = None if self._quiet or not self._total else self._screen.console()
        if console is not None and console.is_terminal:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=console,
            )
            self._bar.start()
            self._task = self._bar.add_task("", total=self._total)
        return self

    def step(self, outcome: Outcome) -> None:
        self._count += 1
        if self._bar is not None:
            self._bar.update(self._task, advance=1, description=outcome.job.name)
            if outcome.status == "failed":
                self._bar.print(f"{outcome.job.name}  {self._screen.say('batch.failed')}")
        elif not self._quiet:
            status = self._screen.say(f"batch.{outcome.status}")
            self._screen.line(
                f"[{self._count}/{self._total}] {outcome.job.name}  {status}  {outcome.seconds:.1f} s"
            )

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def _tell_end(
    screen: Screen, results: Sequence[tuple[Plan, list[Outcome], Path | None]], failed: Sequence[Outcome]
) -> None:
    done = sum(outcome.status == "done" for _, outcomes, _ in results for outcome in outcomes)
    screen.tell("batch.sum", done=done, failed=len(failed))
    for _, _, index in results:
        if index is not None:
            screen.tell("batch.index", path=index)
    if not failed:
        return
    heads = [screen.say(f"batch.head.{name}") for name in ("report", "cell", "error")]
    table = screen.table(*heads, right=(heads[1],))
    for outcome in failed:
        error = outcome.error
        cell = str(error.cell) if error is not None and error.cell is not None else ""
        message = f"{error.name}: {error.message}" if error is not None else ""
        table.add_row(outcome.job.name, cell, message if len(message) < 400 else message[:400] + "...")
    screen.show(table)
    broken = [plan for plan, outcomes, _ in results if any(one.status == "failed" for one in outcomes)]
    again = " ".join(_quoted(plan.batch.file) for plan in broken)
    screen.tell("batch.again", command=f"govlab batch {again} --only failed")


def _quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)


def _show_plans(screen: Screen, plans: Sequence[Plan], as_json: bool) -> None:
    if as_json:
        screen.json({"batches": [_plain_plan(plan) for plan in plans]})
        return
    heads = [screen.say(f"batch.head.{name}") for name in ("report", "language", "formats", "state", "why")]
    for plan in plans:
        title = plan.batch.content.title
        screen.line(f"{title.zh if screen.lang == 'zh' else title.en}{screen.colon}{plan.folder}")
        table = screen.table(*heads)
        for job in plan.jobs:
            state, why = screen.say(f"batch.state.{job.state}"), say(job.why, lang=screen.lang)
            table.add_row(job.name, job.lang, ", ".join(job.formats), state, why)
        screen.show(table)
        counts = Counter(job.state for job in plan.jobs)
        todo = len(plan.jobs) - counts["fresh"]
        screen.tell("batch.planned", n=len(plan.jobs), todo=todo, fresh=counts["fresh"])


def _plain_plan(plan: Plan) -> dict[str, Any]:
    return {
        "file": str(plan.batch.file),
        "folder": str(plan.folder),
        "reports": [
            {
                "name": job.name,
                "lang": job.lang,
                "notebook": job.notebook.name,
                "parameters": dict(job.parameters),
                "formats": list(job.formats),
                "state": job.state,
            }
            for job in plan.jobs
        ],
    }


def _plain_result(plan: Plan, outcomes: Sequence[Outcome], index: Path | None) -> dict[str, Any]:
    return {
        "file": str(plan.batch.file),
        "folder": str(plan.folder),
        "index": str(index) if index is not None else None,
        "reports": [
            {
                "name": outcome.job.name,
                "status": outcome.status,
                "seconds": round(outcome.seconds, 3),
                "files": {name: str(path) for name, path in outcome.files.items()},
                "error": _plain_error(outcome),
            }
            for outcome in outcomes
        ],
    }


def _plain_error(outcome: Outcome) -> dict[str, Any] | None:
    error = outcome.error
    if error is None:
        return None
    return {"cell": error.cell, "name": error.name, "message": error.message, "traceback": error.traceback}
