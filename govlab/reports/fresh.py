"""Which reports are as they would be made now, and why the others are not."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.reports import record
from govlab.reports.basis import Basis, joined

if TYPE_CHECKING:
    from govlab.reports.plan import Job, State

_NAMED = 3  # input files named in a reason


def with_states(
    jobs: Sequence[Job], twins: Mapping[str, str], folder: Path, basis: Basis, inputs: tuple[str, ...]
) -> Iterator[Job]:
    """The jobs with twin, digest, state and reason, held against what the folder says was made."""
    made = record.last_made(folder)
    known, made_of = made.records, made.inputs
    here = _names(folder)
    notebooks = {path: record.file_digest(path) for path in {job.notebook for job in jobs}}
    for job in jobs:
        twin = twins.get(job.name)
        parts = basis.parts(job, notebooks[job.notebook], twin)
        digest = joined(parts)
        state, why, changed = _state(parts, digest, known.get(job.name), here)
        if changed == ("inputs",) and made_of is not None:
            changed = _files(made_of, basis.inputs) or changed
        yield replace(
            job,
            inputs=inputs,
            parts=parts,
            digest=digest,
            state=state,
            why=why,
            changed=changed,
            twin=twin,
        )


def _state(
    parts: Mapping[str, str], digest: str, before: record.Record | None, here: frozenset[str]
) -> tuple[State, str, tuple[str, ...]]:
    if before is None:
        return "new", "reports.why.new", ()
    if before.status == "failed":
        return "failed", "reports.why.failed", ()
    if before.digest != digest:
        changed = tuple(name for name in parts if before.parts.get(name) != parts[name])
        return "stale", "reports.why.changed", changed
    missing = tuple(name for name in before.files.values() if name not in here)
    if missing:
        return "stale", "reports.why.missing", missing
    return "fresh", "reports.why.fresh", ()


def _names(folder: Path) -> frozenset[str]:
    try:
        with os.scandir(folder) as entries:  # far quicker than asking for each file
            return frozenset(entry.name for entry in entries)
    except OSError:
        return frozenset()


def _files(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Input files that came, went or changed."""
    found = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
    return (*found[:_NAMED], "...") if len(found) > _NAMED else tuple(found)
