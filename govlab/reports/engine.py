"""Running one report: ``Engine.run(job) -> Outcome``, here on ordinary kernels through papermill."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from govlab.reports.plan import Job

PAGE_MIME = "application/vnd.govlab.page+json"
RECORD_MIME = "application/vnd.govlab.record+json"

# Runs last in the report's own kernel, and is taken out of the notebook before anything is rendered.
_RECORD_CELL = f"""\
def _govlab_record():
    import sys
    from IPython.display import display
    try:
        import resource
        unit = 1 if sys.platform == "darwin" else 1024
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    except ImportError:
        import psutil
        peak = getattr(psutil.Process().memory_info(), "peak_wset", None)
    display({{"{RECORD_MIME}": {{"peak_memory": peak}}, "text/plain": ""}}, raw=True)
_govlab_record()
"""


@dataclass(frozen=True)
class Failure:
    """What went wrong in a report: cell (counted from 1, None outside cells), kind, message, traceback."""

    cell: int | None
    name: str
    message: str
    traceback: str = ""


@dataclass(frozen=True, eq=False)
class Outcome:
    """How one report ended."""

    job: Job
    status: Literal["done", "failed", "skipped"]
    seconds: float = 0.0
    peak_memory: int | None = None
    title: str = ""
    files: Mapping[str, Path] = field(default_factory=dict)
    error: Failure | None = None


class Engine(Protocol):
    """Anything that makes one report; it never raises for a fault of the report itself."""

    def run(self, job: Job) -> Outcome:
        """Execute the job's notebook and write its files."""
        ...


@dataclass(frozen=True)
class KernelEngine:
    """papermill on a fresh kernel per report; works wherever Jupyter works.

    root: the workspace, in which the kernel starts.
    """

    root: Path

    def run(self, job: Job) -> Outcome:
        """Execute the job's notebook in a kernel of its own, then write the formats."""
        start = time.perf_counter()
        try:
            notebook, peak = self.execute(job)
            title = title_of(notebook)
            files = render(notebook, job, title)
        except Exception as error:  # a report that fails fails alone, whatever it raised
            return Outcome(job, "failed", time.perf_counter() - start, error=failure_of(error))
        return Outcome(job, "done", time.perf_counter() - start, peak, title, files)

    def execute(self, job: Job) -> tuple[NotebookNode, int | None]:
        """The executed notebook and the kernel's peak memory in bytes."""
        import nbformat
        import papermill

        from govlab.reports.prepare import prepared

        source = nbformat.read(job.notebook, as_version=4)
        ready = prepared(source, job.lang)
        ready.cells.append(nbformat.v4.new_code_cell(_RECORD_CELL, id="govlab-record"))
        with TemporaryDirectory(prefix="govlab-") as folder:
            # papermill gets a path: a notebook object would be copied whole into its metadata.
            path = Path(folder) / job.notebook.name
            nbformat.write(ready, path)
            with _event_loop():
                executed = papermill.execute_notebook(
                    str(path),
                    None,
                    parameters=dict(job.parameters),
                    kernel_name="python3",
                    progress_bar=False,
                    execution_timeout=job.timeout,
                    cwd=str(self.root),
                    # Failures are reported by us; what the kernel says of its own sockets is no news.
                    extra_arguments=["--log-level=50"],
                )
        last = executed.cells.pop()
        peak = None
        for output in last.outputs:
            peak = output.get("data", {}).get(RECORD_MIME, {}).get("peak_memory", peak)
        return executed, peak


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


def failure_of(error: BaseException) -> Failure:
    """An exception as cell, kind, message and traceback."""
    import traceback

    from papermill.exceptions import PapermillExecutionError

    if isinstance(error, PapermillExecutionError):
        lines = "\n".join(error.traceback)
        return Failure(error.cell_index + 1, error.ename, error.evalue, _without_colour(lines))
    text = "".join(traceback.format_exception(error))
    return Failure(None, type(error).__name__, str(error) or type(error).__name__, text)


def _without_colour(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def title_of(notebook: NotebookNode) -> str:
    """The title that the report's opening gave, or nothing."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            page: Mapping[str, Any] = output.get("data", {}).get(PAGE_MIME, {})
            if page.get("title"):
                return str(page["title"])
    return ""


def render(notebook: NotebookNode, job: Job, title: str) -> dict[str, Path]:
    """Every format of one executed notebook, each written beside its place and renamed into it."""
    import govlab
    from govlab.reports import formats
    from govlab.reports.run import today

    links = []
    if job.twin is not None and "html" in job.formats:
        links.append(("English" if job.lang == "zh" else "中文", f"{job.twin}.html"))
    words = {"docx": "Word", "pdf": "PDF", "xlsx": "数据表" if job.lang == "zh" else "Tables"}
    links += [(words[name], f"{job.stem.name}.{name}") for name in words if name in job.formats]
    page = formats.PageInfo(
        lang=job.lang,
        title=title or job.name,
        links=tuple(links),
        version=govlab.__version__,
        generated=today(),
        checksum=job.digest[:8],
    )
    return formats.render(notebook, page, job.formats, job.stem)
