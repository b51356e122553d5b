"""A plan carried out: workers, journal, manifest and index; what is finished is never done twice."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import govlab
from govlab.data.atomic import replace_whole
from govlab.errors import BatchError, Fault
from govlab.reports import engine as engines
from govlab.reports import record
from govlab.reports.basis import versions
from govlab.reports.failures import plain_failure
from govlab.reports.lock import Lock

if TYPE_CHECKING:
    from govlab.reports.engine import Engine, Outcome
    from govlab.reports.plan import Job, Plan


def now() -> time.struct_time:
    """The time of the run, or SOURCE_DATE_EPOCH where a reproducible build asks for it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return time.gmtime(int(epoch)) if epoch else time.localtime()


def today() -> str:
    """The date of the run, ISO 8601."""
    return time.strftime("%Y-%m-%d", now())


def run(plan: Plan, jobs: Sequence[Job], workers: int, engine: Engine | None) -> Iterator[Outcome]:
    """Do the jobs, ``workers`` at a time; outcomes as they end; manifest and index at the end."""
    if workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers}")
    if not jobs and plan.index.is_file() and not (plan.folder / record.JOURNAL).exists():
        return
    with ExitStack() as stack:
        try:
            plan.folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(Lock(plan.folder))
            record.mend_journal(plan.folder)
        except OSError as error:
            raise BatchError(_unwritable(plan, error)) from error
        for part in plan.folder.glob("*.part"):  # left by a run that was killed
            with suppress(OSError):
                part.unlink()
        stack.callback(_write, plan)
        if engine is None:
            engine = engines.engine_for(plan.batch.root)
            stack.callback(getattr(engine, "close", lambda: None))
        yield from _outcomes(plan, jobs, workers, engine)


def _outcomes(plan: Plan, jobs: Sequence[Job], workers: int, engine: Engine) -> Iterator[Outcome]:
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
                try:
                    record.append(plan.folder, _record(outcome))
                except OSError as error:
                    raise BatchError(_unwritable(plan, error)) from error
                yield outcome
    finally:
        # Reports that are under way when we are stopped end with the engine, not by themselves.
        stop = getattr(engine, "stop", None)
        if running and stop is not None:
            stop()
        pool.shutdown(wait=True, cancel_futures=True)


def _unwritable(plan: Plan, error: OSError) -> Fault:
    import errno

    full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
    return Fault("reports.disk_full" if full else "reports.unwritable", {"folder": str(plan.folder)})


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
        error=plain_failure(outcome.error) if outcome.error else None,
        parts=job.parts,
        cpu_seconds=outcome.cpu_seconds,
        times=outcome.times,
        format_seconds=outcome.format_seconds,
    )


def finish(plan: Plan) -> Path:
    """Write the manifest and the index page over every report of the plan; the path of the index."""
    try:
        plan.folder.mkdir(parents=True, exist_ok=True)
        with Lock(plan.folder):
            _write(plan)
    except OSError as error:
        raise BatchError(_unwritable(plan, error)) from error
    return plan.index


def _write(plan: Plan) -> None:
    from govlab.reports.index_page import IndexEntry, write_index

    known = record.last_records(plan.folder)
    records = [known[job.name] for job in plan.jobs if job.name in known]
    head = {
        "format": 1,
        "batch": plan.batch.content.name,
        "title": plan.batch.content.title.model_dump(),
        "govlab": govlab.__version__,
        "python": platform.python_version(),
        "packages": versions(),
        "inputs": dict(plan.inputs),
        "written": time.strftime("%Y-%m-%dT%H:%M:%S", now()),
    }
    profile = record.profile(records)
    try:
        replace_whole(plan.folder / record.MANIFEST, record.manifest_text(head, records).encode())
        if profile:
            text = json.dumps(profile, ensure_ascii=False, indent=1)
            replace_whole(plan.folder / record.PROFILE, f"{text}\n".encode())
    except OSError as error:
        raise BatchError(_unwritable(plan, error)) from error
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
    write_index(plan.folder, entries, plan.batch.content.title.model_dump())
