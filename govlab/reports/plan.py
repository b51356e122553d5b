"""A batch expanded into jobs, every one checked before any runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, Literal

from govlab.data.names import name_key, safe_name
from govlab.errors import BatchError, Fault
from govlab.language import default_language, listed, say
from govlab.reports.basis import basis_of, default_inputs
from govlab.reports.fresh import with_states
from govlab.reports.guard import inside
from govlab.reports.parameters import Parameter, asked, coerced, faults_of, parameters_in
from govlab.reports.rows import Row, crossed, read_rows

if TYPE_CHECKING:
    from govlab.reports.batch import Batch, Reports
    from govlab.reports.engine import Engine, Outcome

# Names that are safe as they are; most are, and there may be thousands.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{4,120}")
State = Literal["new", "fresh", "stale", "failed"]


@dataclass(frozen=True, eq=False)
class Job:
    """One report to make: a notebook, its parameters, where the files go.

    memory: megabytes it may take. inputs: what it may read of the workspace. parts: digests of what it
    is made from. why: message id that says why it is in its state; changed: which parts, or which
    input files, are not as they were.
    """

    name: str
    notebook: Path
    parameters: Mapping[str, Any]
    lang: str
    formats: tuple[str, ...]
    stem: Path  # output files are stem.html, stem.docx ...
    timeout: int
    memory: int | None = None
    inputs: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    state: State = "new"
    why: str = ""
    changed: tuple[str, ...] = ()
    twin: str | None = None  # the same report in the other language

    @property
    def seed(self) -> str:
        """What its random generators begin from: the same wherever and whenever it is made."""
        said = json.dumps(dict(self.parameters), sort_keys=True, ensure_ascii=False, default=str)
        return f"{self.notebook.name}\0{said}"

    def reason(self, lang: str) -> str:
        """Why it is in its state, as a sentence."""
        what = [say(f"reports.part.{one}", lang=lang) if one in self.parts else one for one in self.changed]
        return say(self.why, {"what": listed(what, lang)}, lang=lang)


@dataclass(frozen=True, eq=False)
class Plan:
    """The jobs of a batch and the folder they fill."""

    batch: Batch
    folder: Path
    jobs: tuple[Job, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)  # digest by input file

    def chosen(self, only: str | None = None, force: bool = False) -> list[Job]:
        """The jobs that a run would do: those not fresh, or only the failed, or all."""
        if only not in (None, "failed", "changed"):
            raise ValueError(f"only must be None, 'failed' or 'changed', got {only!r}")
        if only == "failed":
            return [job for job in self.jobs if job.state == "failed"]
        if only == "changed":
            return [job for job in self.jobs if job.state == "stale"]
        return [job for job in self.jobs if force or job.state != "fresh"]

    def run(
        self,
        *,
        workers: int = 1,
        only: str | None = None,
        force: bool = False,
        engine: Engine | None = None,
        progress: Callable[[Outcome], None] | None = None,
    ) -> Iterator[Outcome]:
        """Make the reports; yields an outcome as each ends. A report that fails fails alone.

        engine: default: forking where the system can, else kernels. At the end, and when the iterator
        is closed before, manifest and index page are written. BatchError where another batch runs in
        the folder, or nothing can be written there any more.
        """
        from govlab.reports.run import run

        for outcome in run(self, self.chosen(only, force), workers, engine):
            if progress is not None:
                progress(outcome)
            yield outcome

    @property
    def index(self) -> Path:
        """The page that lists the reports."""
        from govlab.reports.index_page import FILE

        return self.folder / FILE

    def finish(self) -> Path:
        """Write ``manifest.json`` and ``index.html`` over all reports of the batch; the index's path."""
        from govlab.reports.run import finish

        return finish(self)


def build(batch: Batch, out: Path, formats: tuple[str, ...] | None) -> Plan:
    """Expand, check and number every report; BatchError with every fault found."""
    from govlab.reports.formats import FORMATS

    faults: list[Fault] = []
    folder = out / batch.content.name
    for name in formats or ():
        if name not in FORMATS:
            faults.append(Fault("reports.format", {"format": name, "allowed": ", ".join(FORMATS)}))
    jobs: list[Job] = []
    for number, block in enumerate(batch.content.reports, 1):
        place = (batch.file.name, f"reports[{number}]")
        found, wrong = _block(batch, block, folder, formats, place)
        jobs.extend(found)
        faults.extend(wrong)
    faults.extend(_clashes(jobs))
    faults.extend(_writable(folder))
    for one in batch.content.inputs or ():
        if not inside(one):
            faults.append(Fault("reports.inputs_outside", {"pattern": one}, (batch.file.name, "inputs")))
    if not jobs and not faults:
        faults.append(Fault("reports.nothing", {}, (batch.file.name,)))
    if faults:
        raise BatchError(faults)
    given = batch.content.inputs
    patterns = given if given is not None else default_inputs(batch.root)
    basis = basis_of(batch.root, patterns)
    return Plan(batch, folder, tuple(with_states(jobs, _twins(jobs), folder, basis, patterns)), basis.inputs)


def find_notebook(root: Path, name: str) -> Path | None:
    """A notebook of the workspace, else the shipped one; None where there is neither or it lies outside."""
    from govlab.data.locate import shipped

    for base in (root / "notebooks", shipped("notebooks")):
        path = (base / name).resolve()
        if path.is_file() and path.is_relative_to(base.resolve()):
            return path
    return None


def _block(
    batch: Batch, block: Reports, folder: Path, formats: tuple[str, ...] | None, place: tuple[str, ...]
) -> tuple[list[Job], list[Fault]]:
    path = find_notebook(batch.root, block.notebook)
    if path is None:
        return [], [Fault("reports.no_notebook", {"notebook": block.notebook}, place)]
    declared, faults = parameters_in(path)
    faults = [Fault(fault.key, fault.values, (path.name, *fault.where)) for fault in faults]
    rows, wrong = read_rows(block.rows, batch.root)
    faults = [Fault(fault.key, fault.values, (*place, *fault.where)) for fault in [*faults, *wrong]]
    if faults:
        return [], faults
    declared = asked(declared, batch.root)
    jobs: list[Job] = []
    seen: set[tuple[object, ...]] = set()
    for row in crossed(rows, block.grid):
        job, wrong = _job(batch, block, row, folder, formats, path, declared)
        for fault in wrong:
            # A fault of the block itself would be repeated for each of its rows.
            full = Fault(fault.key, fault.values, (*place, *row.where))
            mark = (fault.key, tuple(map(str, fault.values.values())), full.where)
            if mark not in seen:
                seen.add(mark)
                faults.append(full)
        if job is not None:
            jobs.append(job)
    return jobs, faults


def _job(
    batch: Batch,
    block: Reports,
    row: Row,
    folder: Path,
    formats: tuple[str, ...] | None,
    path: Path,
    declared: Mapping[str, Parameter],
) -> tuple[Job | None, list[Fault]]:
    given = {**block.parameters, **row.values}
    given = {key: coerced(value, declared[key]) if key in declared else value for key, value in given.items()}
    faults = faults_of(given, declared)
    full = {name: parameter.default for name, parameter in declared.items()} | given
    lang = str(full["lang"]) if "lang" in full else default_language()
    try:
        fields = [name for _, name, _, _ in Formatter().parse(block.name) if name is not None]
        unknown = [name for name in fields if name not in full]
        written = "" if unknown else block.name.format_map({key: _slug(value) for key, value in full.items()})
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        return None, [*faults, Fault("reports.name_template", {"name": block.name, "why": str(error)})]
    for name in unknown:
        faults.append(Fault("reports.name_field", {"field": name, "known": ", ".join(full)}))
    # A name is one file name: a slash or a step upward in a value must not leave the folder.
    if not unknown and (not written.strip() or written.strip(".") == ""):
        faults.append(Fault("reports.name_empty", {"name": block.name}))
    if faults:
        return None, faults
    name = written if _PLAIN.fullmatch(written) else safe_name(written)
    wanted = formats or block.formats or batch.content.formats
    content = batch.content
    return Job(name, path, given, lang, wanted, folder / name, content.timeout, content.memory), []


def _slug(value: object) -> str:
    return str(value).replace("/", "-").replace("\\", "-")


def _clashes(jobs: list[Job]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for job in jobs:
        key = name_key(job.name)  # Windows and macOS see no difference
        if key in first:
            yield Fault("reports.clash", {"name": job.name})
        first.setdefault(key, job.name)


def _writable(folder: Path) -> Iterator[Fault]:
    import os

    here = folder
    while not here.exists() and here != here.parent:
        here = here.parent
    if not here.is_dir() or not os.access(here, os.W_OK):
        yield Fault("reports.unwritable", {"folder": str(folder)})


def _twins(jobs: list[Job]) -> dict[str, str]:
    """The name of the same report in the other language, by name."""

    def rest(job: Job) -> tuple[str, str]:
        return str(job.notebook), repr(sorted((k, v) for k, v in job.parameters.items() if k != "lang"))

    groups: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        groups.setdefault(rest(job), []).append(job)
    twin: dict[str, str] = {}
    for group in groups.values():
        if len(group) == 2 and group[0].lang != group[1].lang:
            twin[group[0].name], twin[group[1].name] = group[1].name, group[0].name
    return twin
