"""What a forked process does: make itself a place of its own, run one notebook, say how it went."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govlab.reports.fork import system
from govlab.reports.fork.wire import Message
from govlab.reports.kernel_side import seed_all, seed_number

if TYPE_CHECKING:
    from govlab.reports.fork.stage import Stage
    from govlab.reports.plan import Job

Tell = Callable[[Message], None]


class LeftBehind(RuntimeError):
    """A report ended and processes that it had started went on."""


class Watch:
    """Keeps track of cells while they run: times, modules they loaded, processes they started."""

    def __init__(self, stage: Stage, tell: Tell, seed: str) -> None:
        self._tell, self._pid, self._seed = tell, os.getpid(), seed
        self._stage = stage
        self.times: list[tuple[int, float]] = []
        self.learned: list[str] = []
        self.started: dict[int, int] = {}  # process -> cell
        self._known = set(sys.modules)
        self._learning = True
        self._said = stage.said

    def began(self, cell: int) -> None:
        """Told before a cell runs."""
        if os.getpid() != self._pid:  # a notebook forked, and its copy came here too
            os._exit(1)
        self._tell({"cell": cell})
        if cell == 1:
            seed_all(seed_number(self._seed))

    def ended(self, cell: int, seconds: float) -> None:
        """Told after a cell ran."""
        if os.getpid() != self._pid:
            os._exit(1)
        self.times.append((cell, round(seconds, 4)))
        for process in system.children():
            self.started.setdefault(process, cell)
        new = [name for name in list(sys.modules) if name not in self._known]
        self._known.update(new)
        # What speaks or starts threads when it is loaded must be loaded by each report itself.
        self._learning = self._learning and self._stage.said == self._said and system.threads() == 1
        self._said = self._stage.said
        if self._learning:
            self.learned += new


def enter(stage: Stage, folder: str | None, root: str, environment: Mapping[str, str]) -> None:
    """Working folder, environment, temporary folder, random numbers, captured descriptors."""
    import tempfile

    os.environ.clear()
    os.environ.update(environment)
    if folder is not None:
        os.environ["TMPDIR"] = folder
    os.environ.setdefault("MPLBACKEND", stage.backend)
    tempfile.tempdir = None
    os.chdir(root)
    if not sys.path or sys.path[0] != "":
        sys.path.insert(0, "")  # as in a kernel: modules of the workspace can be imported
    seed_all(None)  # else every child would draw what the parent would have drawn
    with suppress(OSError):
        stage.streams["stdout"].capture(1)
        stage.streams["stderr"].capture(2)


def report(stage: Stage, job: Job, root: Path, tell: Tell) -> Message:
    """Run the job's notebook and write its files; how it went."""
    from govlab.reports import engine, failures
    from govlab.reports.guard import Guard, Inputs, UndeclaredInput

    watch = Watch(stage, tell, job.seed)
    guard = Guard(Inputs(root, job.inputs), [job.notebook.parent])
    found: Message = {"status": "failed"}
    try:
        limit = system.limit_memory(job.memory)
        guard.watch()
        try:
            notebook = _execute(stage, job, root, watch)
        finally:
            guard.rest()
            system.lift(limit)
            if watch.times:
                found["times"] = watch.times
        if guard.refused:
            raise UndeclaredInput(failures.undeclared(guard.refused))
        _look_behind(watch)
        tell({"cell": None})
        start = time.perf_counter()
        title = engine.title_of(notebook)
        files = engine.render(notebook, job, title)
        found["format_seconds"] = round(time.perf_counter() - start, 4)
        found |= {"status": "done", "title": title, "files": {k: str(v) for k, v in files.items()}}
        found["learned"] = watch.learned
    except LeftBehind as error:
        found["error"] = error.args[0]
    except BaseException as error:
        found["error"] = failures.plain_failure(failures.failure_of(error))
    return found


def _execute(stage: Stage, job: Job, root: Path, watch: Watch) -> Any:
    import nbformat
    import papermill
    from papermill.engines import Engine, papermill_engines

    from govlab.reports.fork.stage import Player
    from govlab.reports.prepare import prepared

    class OnStage(Engine):  # type: ignore[misc]
        """papermill's way to the stage."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **_: Any) -> Any:
            """Play every cell."""
            return Player(nb_man, stage, watch.began, watch.ended).play()

    papermill_engines.register("govlab-stage", OnStage)
    ready = prepared(nbformat.read(job.notebook, as_version=4), job.lang)
    # papermill gets a path: a notebook object would be copied whole into its metadata.
    path = Path(os.environ["TMPDIR"]) / job.notebook.name
    nbformat.write(ready, path)
    try:
        return papermill.execute_notebook(
            str(path),
            None,
            dict(job.parameters),
            "govlab-stage",
            kernel_name="python3",
            progress_bar=False,
            cwd=str(root),
        )
    finally:
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__


def _look_behind(watch: Watch) -> None:
    """Whether processes that the notebook started are still there; LeftBehind with the cell."""
    tracker = sys.modules.get("multiprocessing.resource_tracker")
    if tracker is not None:
        with suppress(Exception):
            tracker._resource_tracker._stop()
    until = time.monotonic() + 0.3
    while (left := system.children()) and time.monotonic() < until:
        time.sleep(0.01)
    if left:
        cell = min((watch.started[one] for one in left if one in watch.started), default=None)
        values = {"n": len(left), "names": ", ".join(sorted({system.name(one) for one in left}))[:200]}
        raise LeftBehind({"cell": cell, "name": "LeftBehind", "key": "reports.left_behind", "values": values})
