"""What ``govlab batch`` shows: plan, progress, failures, where the time went; for people and programs."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govlab.cli.screen import Screen
    from govlab.reports import Outcome, Plan

_LONGEST = 400  # characters of an error in the table
_SLOWEST = 10  # rows of the profile


def _title(screen: Screen, plan: Plan) -> str:
    title = plan.batch.content.title
    return str(title.zh if screen.lang == "zh" else title.en)


def plans(screen: Screen, found: Sequence[Plan], as_json: bool) -> None:
    """Every report of every plan, with its state and the reason."""
    if as_json:
        screen.json({"batches": [_plain_plan(plan) for plan in found]})
        return
    heads = [screen.say(f"batch.head.{name}") for name in ("report", "language", "formats", "state", "why")]
    for plan in found:
        screen.line(f"{_title(screen, plan)}{screen.colon}{plan.folder}")
        table = screen.table(*heads)
        for job in plan.jobs:
            state = screen.say(f"batch.state.{job.state}")
            table.add_row(job.name, job.lang, ", ".join(job.formats), state, job.reason(screen.lang))
        screen.show(table)
        counts = Counter(job.state for job in plan.jobs)
        todo = len(plan.jobs) - counts["fresh"]
        screen.tell("batch.planned", n=len(plan.jobs), todo=todo, fresh=counts["fresh"])


def begin(screen: Screen, plan: Plan, total: int) -> None:
    """The line before a batch."""
    screen.tell("batch.start", name=_title(screen, plan), n=total, total=total, fresh=len(plan.jobs) - total)


def begin_json(screen: Screen, plan: Plan, total: int) -> None:
    """The JSON line before a batch."""
    content = {"event": "batch", "file": str(plan.batch.file), "folder": str(plan.folder)}
    content["index"] = str(plan.index)
    json_line(screen, {**content, "total": total, "fresh": len(plan.jobs) - total})


def json_line(screen: Screen, content: dict[str, Any]) -> None:
    """One JSON object as one line, in ASCII, for any pipe."""
    screen.line(json.dumps(content, default=str))


class Meter:
    """On a terminal one line with count, rate and time left; elsewhere nothing."""

    def __init__(self, screen: Screen, total: int) -> None:
        self._screen, self._total = screen, total
        self._bar: Any = None

    def __enter__(self) -> Meter:
        console = self._screen.console() if self._total else None
        if console is not None and console.is_terminal:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._bar = Progress(
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                TextColumn("{task.description}"),
                console=console,
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("", total=self._total, rate="")
        return self

    def step(self, outcome: Outcome) -> None:
        """One more report has ended."""
        if self._bar is None:
            return
        self._bar.update(self._task, advance=1, description=outcome.job.name)
        speed = self._bar.tasks[0].speed
        if speed:
            self._bar.update(self._task, rate=self._screen.say("batch.rate", rate=f"{speed * 60:.0f}"))
        if outcome.status == "failed":
            self._bar.print(f"{outcome.job.name}  {self._screen.say('batch.failed')}")

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def end(screen: Screen, results: Sequence[tuple[Plan, list[Outcome]]]) -> None:
    """How many are done, where to read them, which failed and how to make those again."""
    failed = [one for _, outcomes in results for one in outcomes if one.status == "failed"]
    done = sum(one.status == "done" for _, outcomes in results for one in outcomes)
    screen.tell("batch.sum", done=done, failed=len(failed))
    for plan, _ in results:
        if plan.index.is_file():
            screen.tell("batch.index", path=plan.index)
    if not failed:
        return
    heads = [screen.say(f"batch.head.{name}") for name in ("report", "cell", "error")]
    table = screen.table(*heads, right=(heads[1],))
    for outcome in failed:
        error = outcome.error
        cell = str(error.cell) if error is not None and error.cell is not None else ""
        message = error.text(screen.lang) if error is not None else ""
        table.add_row(
            outcome.job.name, cell, message if len(message) < _LONGEST else f"{message[:_LONGEST]}..."
        )
    screen.show(table)
    broken = [plan for plan, outcomes in results if any(one.status == "failed" for one in outcomes)]
    again = " ".join(_quoted(plan.batch.file) for plan in broken)
    screen.tell("batch.again", command=f"govlab batch {again} --only failed")


def _quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)


def profile(screen: Screen, results: Sequence[tuple[Plan, list[Outcome]]]) -> None:
    """Where the time of the reports went: the slowest cells, and the formats beside them."""
    spent: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    total = 0.0
    lines: dict[tuple[Path, str], list[str]] = {}
    for _, outcomes in results:
        for outcome in outcomes:
            total += outcome.seconds
            job = outcome.job
            heads = lines.get((job.notebook, job.lang), [])
            if not heads:
                heads = lines[job.notebook, job.lang] = _first_lines(job.notebook, job.lang)
            for cell, seconds in outcome.times:
                text = heads[cell - 1] if cell <= len(heads) else ""
                spent[job.notebook.name, str(cell), text].append(seconds)
            if outcome.format_seconds is not None:
                said = screen.say("batch.formatting")
                spent[job.notebook.name, "", said].append(outcome.format_seconds)
    if not spent or not total:
        return
    heads = [screen.say(f"batch.head.{name}") for name in ("notebook", "cell", "line", "mean", "share")]
    table = screen.table(*heads, right=(heads[1], heads[3], heads[4]))
    slowest = sorted(spent.items(), key=lambda item: -sum(item[1]))[:_SLOWEST]
    for (notebook, cell, text), seconds in slowest:
        mean, share = sum(seconds) / len(seconds), 100 * sum(seconds) / total
        table.add_row(notebook, cell, text[:50], f"{mean:.2f}", f"{share:.0f}%")
    screen.show(table)


def _first_lines(notebook: Path, lang: str) -> list[str]:
    """The first line of each cell of a report in this language."""
    from govlab.language import LANGUAGES

    others = set(LANGUAGES) - {lang}
    found = []
    try:
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            tags = set(cell["metadata"].get("tags", []))
            if others & tags:
                continue
            text = "".join(cell["source"]).strip()
            found.append(text.splitlines()[0] if text else "")
            if "parameters" in tags:
                found.append("")  # the cell that papermill puts in behind it
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return found


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
                "why": job.why.rpartition(".")[2],
                "changed": list(job.changed),
            }
            for job in plan.jobs
        ],
    }


def plain(outcome: Outcome) -> dict[str, Any]:
    """An outcome for another program."""
    error = outcome.error
    return {
        "name": outcome.job.name,
        "status": outcome.status,
        "seconds": round(outcome.seconds, 3),
        "cpu_seconds": outcome.cpu_seconds,
        "peak_memory": outcome.peak_memory,
        "cells": [{"cell": cell, "seconds": seconds} for cell, seconds in outcome.times],
        "files": {name: str(path) for name, path in outcome.files.items()},
        "error": None
        if error is None
        else {"cell": error.cell, "name": error.name, "message": error.message, "traceback": error.traceback},
    }
