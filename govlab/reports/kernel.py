"""Reports on ordinary kernels through papermill: where there is no fork, and on request."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from govlab.reports import kernel_side
from govlab.reports.engine import Outcome, render, title_of
from govlab.reports.failures import Failure, failure_of, read_failure, undeclared

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from govlab.reports.plan import Job


@dataclass(frozen=True)
class KernelEngine:
    """papermill on a fresh kernel per report; works wherever Jupyter works.

    root: the workspace, in which the kernel starts.
    """

    root: Path

    def run(self, job: Job) -> Outcome:
        """Execute the job's notebook in a kernel of its own, then write the formats."""
        from govlab.reports.guard import UndeclaredInput

        start = time.perf_counter()
        try:
            notebook, used = self.execute(job)
            if used.get("refused"):
                raise UndeclaredInput(undeclared(used["refused"]))
            title = title_of(notebook)
            before = time.perf_counter()
            files = render(notebook, job, title)
        except Exception as error:  # a report that fails fails alone, whatever it raised
            return Outcome(job, "failed", time.perf_counter() - start, error=_failure(error, job))
        now = time.perf_counter()
        return Outcome(
            job, "done", now - start, used.get("peak_memory"), title, files,
            cpu_seconds=used.get("cpu_seconds"), times=_times(notebook), format_seconds=now - before,
        )  # fmt: skip

    def execute(self, job: Job) -> tuple[NotebookNode, Mapping[str, Any]]:
        """The executed notebook, and what the kernel used: peak memory (bytes), CPU seconds."""
        import nbformat
        import papermill

        from govlab.reports.prepare import prepared

        source = nbformat.read(job.notebook, as_version=4)
        ready = prepared(source, job.lang)
        ready.cells.append(nbformat.v4.new_code_cell(kernel_side.RECORD_CELL, id="govlab-record"))
        deadline = time.monotonic() + job.timeout
        with TemporaryDirectory(prefix="govlab-", ignore_cleanup_errors=True) as folder:
            # papermill gets a path: a notebook object would be copied whole into its metadata.
            path = Path(folder) / job.notebook.name
            nbformat.write(ready, path)
            note = Path(folder) / "govlab.json"
            content: dict[str, Any] = {
                "root": str(self.root),
                "inputs": job.inputs,
                "notebooks": str(job.notebook.parent),
            }
            content |= {"folder": folder, "memory": job.memory, "seed": job.seed}
            note.write_text(json.dumps(content), encoding="utf-8")
            with _event_loop():
                executed = papermill.execute_notebook(
                    str(path),
                    None,
                    parameters=dict(job.parameters),
                    kernel_name="python3",
                    progress_bar=False,
                    # The limit is for the whole report, so each cell gets what is left of it.
                    timeout_func=lambda cell: max(1, int(deadline - time.monotonic())),
                    cwd=str(self.root),
                    extra_arguments=[
                        # Failures are reported by us; what the kernel says of its own sockets is no news.
                        "--log-level=50",
                        f"--IPKernelApp.exec_lines={kernel_side.begin_line(note)}",
                    ],
                )
        last = executed.cells.pop()
        used: Mapping[str, Any] = {}
        for output in last.outputs:
            used = output.get("data", {}).get(kernel_side.MIME, used)
        return executed, used


def _times(notebook: NotebookNode) -> tuple[tuple[int, float], ...]:
    return tuple(
        (number, round(cell.metadata.papermill.duration, 4))
        for number, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code" and cell.source.strip() and cell.metadata.papermill.get("duration")
    )


def _failure(error: Exception, job: Job) -> Failure:
    if type(error).__name__ == "CellTimeoutError":
        values = {"n": job.timeout}
        return read_failure({"name": "TimeLimit", "key": "reports.time_limit", "values": values})
    return failure_of(error)


@contextmanager
def _event_loop() -> Iterator[None]:
    """Close the event loop that Jupyter opens in a worker thread and leaves open."""
    import asyncio

    from jupyter_core.utils import ensure_event_loop

    try:
        yield
    finally:
        loop = ensure_event_loop()
        if not loop.is_running():
            loop.close()
            asyncio.set_event_loop(None)
