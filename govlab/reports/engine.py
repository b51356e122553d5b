"""Running one report: ``Engine.run(job) -> Outcome``; forked where the system can, else on kernels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from govlab.blocks import MIME
from govlab.reports.failures import Failure, failure_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from govlab.reports.plan import Job

__all__ = ["ENGINES", "Engine", "Failure", "Outcome", "engine_for", "failure_of", "render", "title_of"]

ENGINES = ("fork", "kernel")


@dataclass(frozen=True, eq=False)
class Outcome:
    """How one report ended.

    seconds: by the clock. cpu_seconds: of its process and of what that waited for. peak_memory: bytes.
    times: number of each cell that ran (from 1) and its seconds. format_seconds: for all formats.
    """

    job: Job
    status: Literal["done", "failed", "skipped"]
    seconds: float = 0.0
    peak_memory: int | None = None
    title: str = ""
    files: Mapping[str, Path] = field(default_factory=dict)
    error: Failure | None = None
    cpu_seconds: float | None = None
    times: tuple[tuple[int, float], ...] = ()
    format_seconds: float | None = None


class Engine(Protocol):
    """Anything that makes one report; it never raises for a fault of the report itself.

    An engine that holds processes has ``close()`` too; whoever made it calls that.
    """

    def run(self, job: Job) -> Outcome:
        """Execute the job's notebook and write its files."""
        ...


def engine_for(root: Path, name: str | None = None) -> Engine:
    """The engine of that name (``fork``, ``kernel``); None: forking where the system can."""
    from govlab.reports.fork.caller import can_fork

    if name not in (None, *ENGINES):
        raise ValueError(f"name must be one of {', '.join(ENGINES)}, got {name!r}")
    if name == "fork" or (name is None and can_fork()):
        from govlab.reports.fork.engine import ForkEngine

        return ForkEngine(root)
    from govlab.reports.kernel import KernelEngine

    return KernelEngine(root)


def title_of(notebook: NotebookNode) -> str:
    """The title that the report's opening gave, or nothing."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            page: Mapping[str, Any] = output.get("data", {}).get(MIME, {})
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
