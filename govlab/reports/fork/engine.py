"""The engine that forks a process for each report from a parent that has everything loaded."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from govlab.errors import BatchError, Fault
from govlab.reports.engine import Outcome
from govlab.reports.failures import Failure, read_failure
from govlab.reports.fork.caller import Caller, ParentDied, environment
from govlab.reports.fork.wire import hidden

if TYPE_CHECKING:
    from govlab.reports.plan import Job


class ForkEngine:
    """Reports by fork; threads may share one. Close it, or use it in a ``with``.

    root: the workspace, in which every report runs. Nothing is started before the first report.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._caller: Caller | None = None
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> ForkEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, job: Job) -> Outcome:
        """Execute the job's notebook in a process of its own and write its files.

        A parent that died is replaced once and the report tried again; a report that fails is not.
        BatchError where no parent can be started at all.
        """
        start = time.perf_counter()
        why = ""
        for _ in range(2):
            try:
                end = self._ask(job)
            except ParentDied as error:
                why = str(error)
                if self._closed:
                    break
                if not error.was_ready:
                    said = why.splitlines()[-1] if why else "?"
                    raise BatchError(Fault("reports.no_parent", {"why": said})) from error
                continue
            return _outcome(job, end)
        failure = Failure(
            None, "ParentDied", why or "ParentDied", key="reports.parent_died", values={"why": why}
        )
        return Outcome(job, "failed", time.perf_counter() - start, error=failure)

    def _ask(self, job: Job) -> dict[str, Any]:
        request = {
            "job": hidden(job),
            "root": str(self._root.resolve()),
            "environment": environment(),
            "seconds": job.timeout,
            "memory": job.memory,
        }
        end: dict[str, Any] = {}
        for message in self._parent().ask(request):
            end = message.get("end", end)
        return end

    def _parent(self) -> Caller:
        with self._lock:
            if self._closed:
                raise ParentDied("closed")
            if self._caller is None or not self._caller.alive:
                if self._caller is not None:
                    self._caller.close()
                self._caller = Caller()
            return self._caller

    def stop(self) -> None:
        """End every report that is under way, for good."""
        self.close()

    def close(self) -> None:
        """End the parent, and every report that is under way with it."""
        with self._lock:
            self._closed = True
            caller, self._caller = self._caller, None
        if caller is not None:
            caller.close()


def _outcome(job: Job, end: dict[str, Any]) -> Outcome:
    error = end.get("error")
    return Outcome(
        job,
        cast(Any, end["status"]),
        end["seconds"],
        end["peak_memory"],
        end.get("title", ""),
        {name: Path(path) for name, path in end.get("files", {}).items()},
        read_failure(error) if error is not None else None,
        end["cpu_seconds"],
        tuple((cell, seconds) for cell, seconds in end.get("times", ())),
        end.get("format_seconds"),
    )
