"""A plan carried out: workers, journal, manifest and index; what is finished is never done twice."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import govlab
from govlab.data.atomic import write_whole
from govlab.errors import BatchError, Fault
from govlab.reports import record
from govlab.reports.engine import Engine, KernelEngine, Outcome

if TYPE_CHECKING:
    from govlab.reports.plan import Job, Plan

_VERSIONS = ("papermill", "nbconvert", "pypandoc_binary", "typst", "matplotlib", "pydantic")


def now() -> time.struct_time:
    """The time of the run, or SOURCE_DATE_EPOCH where a reproducible build asks for it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return time.gmtime(int(epoch)) if epoch else time.localtime()


def today() -> str:
    """The date of the run, ISO 8601."""
    return time.strftime("%Y-%m-%d", now())


def run(plan: Plan, jobs: Sequence[Job], workers: int, engine: Engine | None) -> Iterator[Outcome]:
    """Do the jobs on ``workers`` threads, each with a kernel process of its own; outcomes as they end."""
    if workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers}")
    try:
        plan.folder.mkdir(parents=True, exist_ok=True)
        record.mend_journal(plan.folder)
    except OSError as error:
        raise BatchError(Fault("reports.unwritable", {"folder": str(plan.folder)})) from error
    for part in plan.folder.glob("*.part"):  # left by a run that was killed
        with suppress(OSError):
            part.unlink()
    engine = engine or KernelEngine(plan.batch.root)
    todo = iter(jobs)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="report")
    running: set[Future[Outcome]] = set()
    try:
        while True:
            # No more in the queue than can run, so that an interrupt stops soon.
            while len(running) < workers and (job := next(todo, None)) is not None:
                running.add(pool.submit(engine.run, job))
            if not running:
                return
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                outcome = future.result()
                record.append(plan.folder, _record(outcome))
                yield outcome
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _record(outcome: Outcome) -> record.Record:
    job = outcome.job
    return record.Record(
        name=job.name,
        status=outcome.status,
        lang=job.lang,
        notebook=job.notebook.name,
        parameters=dict(job.parameters),
        digest=job.digest,
        seconds=round(outcome.seconds, 3),
        peak_memory=outcome.peak_memory,
        title=outcome.title,
        files={name: path.name for name, path in outcome.files.items()},
        hashes={name: record.file_digest(path) for name, path in outcome.files.items()},
        error=asdict(outcome.error) if outcome.error else None,
    )


def finish(plan: Plan) -> Path:
    """Write the manifest and the index page over every report of the plan; the path of the index."""
    from govlab.reports.index_page import IndexEntry, write_index

    known = record.last_records(plan.folder)
    records = [known[job.name] for job in plan.jobs if job.name in known]
    content = {
        "format": 1,
        "batch": plan.batch.content.name,
        "title": plan.batch.content.title.model_dump(),
        "govlab": govlab.__version__,
        "python": platform.python_version(),
        "packages": _versions(),
        "written": time.strftime("%Y-%m-%dT%H:%M:%S", now()),
        "reports": [asdict(one) for one in records],
    }
    plan.folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    write_whole(plan.folder / record.MANIFEST, f"{text}\n".encode())
    (plan.folder / record.JOURNAL).unlink(missing_ok=True)
    entries = [
        IndexEntry(
            name=one.name,
            title=one.title or one.name,
            lang=one.lang,
            status=one.status,
            files=dict(one.files),
            seconds=one.seconds,
            error=str(one.error["message"]) if one.error else "",
        )
        for one in records
    ]
    return Path(write_index(plan.folder, entries, plan.batch.content.title.model_dump()))


def _versions() -> dict[str, str]:
    found = {}
    for name in _VERSIONS:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
