"""The same plan on the machines of a Dask scheduler (extra ``cluster``).

Each worker machine keeps one forking parent of its own, since Dask's workers have threads and must not
fork. A notebook travels with its report, and so do the inputs of the workspace; files come back and are
put in their place here, so the workers need no storage in common with us, only the same govlab.
"""

from __future__ import annotations

import atexit
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from threading import Lock
from typing import TYPE_CHECKING, Any

from govlab.errors import BatchError, Fault
from govlab.reports.engine import Outcome
from govlab.reports.failures import Failure
from govlab.reports.guard import Inputs

if TYPE_CHECKING:
    from govlab.reports.engine import Engine
    from govlab.reports.plan import Job

_PATIENCE = 30  # seconds to find the scheduler
_TRIES = 3  # for a report whose inputs were lost with a worker
Files = Mapping[str, bytes]


class ClusterEngine:
    """Hands reports to the workers of a Dask scheduler; threads may share one.

    root: the workspace here. address: ``tcp://host:port``. name: the engine on the workers.
    A report whose worker dies is made again by another; a report that fails is not. Raises BatchError
    where ``distributed`` is not installed or the scheduler cannot be reached.
    """

    def __init__(self, root: Path, address: str, name: str | None = None) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise BatchError(Fault("reports.no_cluster", {"package": "govlab[cluster]"})) from error
        self._root, self._name = root, name
        try:
            self._client = Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            values = {"address": address, "why": str(error)[:300]}
            raise BatchError(Fault("reports.no_scheduler", values)) from error
        self._inputs: dict[tuple[str, ...], Any] = {}
        self._sending = Lock()
        others = sorted(set(self._client.run(machine).values()) - {machine()})
        if others:
            self._client.close()
            values = {"theirs": ", ".join(others), "ours": machine()}
            raise BatchError(Fault("reports.other_govlab", values))

    def run(self, job: Job) -> Outcome:
        """Make one report on some worker, and put its files in their place here."""
        from distributed import CancelledError
        from distributed.scheduler import KilledWorker

        start = time.perf_counter()
        order = {"notebook": job.notebook.read_bytes(), "job": job, "engine": self._name}
        order["moment"] = os.environ.get("SOURCE_DATE_EPOCH")
        for left in reversed(range(_TRIES)):
            inputs = self._sent(job.inputs)
            try:
                future = self._client.submit(make, order, inputs, pure=False, retries=0)
                outcome, files = future.result()
                break
            except (KilledWorker, CancelledError, OSError) as error:
                # A worker that dies may take the only copy of the inputs along: then they travel again.
                if left and isinstance(error, CancelledError) and self._client.status == "running":
                    self._lost(job.inputs, inputs)
                    continue
                values = {"why": str(error)[:300]}
                failure = Failure(None, "WorkerDied", str(error), key="reports.worker_died", values=values)
                return Outcome(job, "failed", time.perf_counter() - start, error=failure)
        made: Outcome = replace(outcome, job=job, files=_put(job, files))
        return made

    def _sent(self, patterns: tuple[str, ...]) -> Any:
        """The input files on the workers; they travel once, and again when they were lost."""
        with self._sending:
            if patterns not in self._inputs:
                held = Inputs(self._root, patterns)
                content = {path.relative_to(held.root).as_posix(): path.read_bytes() for path in held.files()}
                self._inputs[patterns] = self._client.scatter(content, broadcast=True, hash=False)
            return self._inputs[patterns]

    def _lost(self, patterns: tuple[str, ...], inputs: Any) -> None:
        with self._sending:
            if self._inputs.get(patterns) is inputs:
                del self._inputs[patterns]

    def stop(self) -> None:
        """Give up what is under way."""
        self.close()

    def close(self) -> None:
        """Leave the scheduler; the parents on the workers end with their workers."""
        self._inputs.clear()
        self._client.close()


def _put(job: Job, files: Files) -> dict[str, Path]:
    from govlab.reports.formats.place import put

    return {name: put(job.stem.with_name(f"{job.stem.name}.{name}"), data) for name, data in files.items()}


def make(order: Mapping[str, Any], inputs: Files) -> tuple[Outcome, Files]:
    """On a worker: one report in a copy of the workspace; its outcome, and its files as bytes."""
    job: Job = order["job"]
    root = _workspace(inputs)
    with TemporaryDirectory(prefix="govlab-made-", ignore_cleanup_errors=True) as folder, _moment(order):
        stem = Path(folder) / job.stem.name
        notebook = Path(folder) / "notebook" / job.notebook.name
        notebook.parent.mkdir()
        notebook.write_bytes(order["notebook"])
        outcome = _engine(root, order["engine"]).run(replace(job, stem=stem, notebook=notebook))
        files = {name: path.read_bytes() for name, path in outcome.files.items()}
    return replace(outcome, files={}), files


@contextmanager
def _moment(order: Mapping[str, Any]) -> Iterator[None]:
    """The time that the caller's files carry, for those made here."""
    if order["moment"] is not None:
        os.environ["SOURCE_DATE_EPOCH"] = order["moment"]
    yield


def _workspace(inputs: Files) -> Path:
    """A copy of the workspace for these inputs, laid out once a worker process."""
    from govlab.data.atomic import replace_whole

    digest = sha256()
    for name in sorted(inputs):
        digest.update(f"{name}\0{len(inputs[name])}\0".encode())
        digest.update(inputs[name])
    root = Path(gettempdir()) / f"govlab-workspace-{os.getpid()}-{digest.hexdigest()[:16]}"
    ready = root / ".ready"
    if not ready.exists():
        for name, data in inputs.items():
            replace_whole(root / name, data)
        root.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):
            ready.touch()
        atexit.register(rmtree, root, ignore_errors=True)
    return root


_engines: dict[tuple[Path, str | None], Engine] = {}  # of this worker process


def _engine(root: Path, name: str | None) -> Engine:
    """The engine of this worker process for a workspace; its parent ends with the process."""
    from govlab.reports.engine import engine_for

    # Two tasks may come here at once; either engine will do, and one of them stays unused.
    return _engines.setdefault((root, name), engine_for(root, name))


def machine() -> str:
    """What must be the same here and on the workers: Python and govlab."""
    import govlab

    return f"{sys.version_info[0]}.{sys.version_info[1]} {govlab.__version__}"
