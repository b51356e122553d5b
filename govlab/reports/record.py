"""What was made from what: digests, the journal of a run, the manifest of a batch."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import govlab

if TYPE_CHECKING:
    from govlab.reports.plan import Job

JOURNAL = "journal.jsonl"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Record:
    """How one report came out the last time."""

    name: str
    status: str
    lang: str
    notebook: str
    parameters: Mapping[str, Any]
    digest: str
    seconds: float
    peak_memory: int | None  # bytes, of the kernel
    title: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, Any] | None = None


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tree(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted(folder.rglob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def base_digest(root: Path) -> str:
    """What every report depends on: this package, the shipped data, the workspace's own data."""
    from govlab.data.locate import shipped
    from govlab.data.workspace import read_workspace

    package = Path(govlab.__file__).parent
    digest = hashlib.sha256(govlab.__version__.encode())
    places = [
        (package, ("*.py", "*.po", "*.lua", "*.typ", "*.j2", "*.css", "*.docx")),
        (shipped("datasets"), ("*",)),
    ]
    if (root / "study.toml").is_file():
        digest.update(file_digest(root / "study.toml").encode())
        study = read_workspace(root)
        own = (study.catalogue, study.responses, study.zones, root / "datasets")
        places += [(folder, ("*",)) for folder in own if folder is not None and folder.is_dir()]
    for folder, patterns in places:
        for path in _tree(folder, patterns):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(file_digest(path).encode())
    return digest.hexdigest()


def job_digest(job: Job, base: str, notebook: str) -> str:
    """Digest of all that decides a report's content."""
    parts = [
        base,
        notebook,
        json.dumps(dict(job.parameters), sort_keys=True, ensure_ascii=False, default=str),
    ]
    parts += [job.lang, ",".join(job.formats), job.twin or ""]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def mend_journal(folder: Path) -> None:
    """Begin the journal, or end the line that a killed run left unfinished."""
    with (folder / JOURNAL).open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")


def append(folder: Path, record: Record) -> None:
    """One line at the end of the journal, on disk before it returns."""
    line = json.dumps(asdict(record), ensure_ascii=False, default=str)
    with (folder / JOURNAL).open("a", encoding="utf-8", newline="\n") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def last_records(folder: Path) -> dict[str, Record]:
    """The last record of every report: the manifest, then the journal of a run that did not finish."""
    found: dict[str, Record] = {}
    try:
        for entry in json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["reports"]:
            found[entry["name"]] = Record(**entry)
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no manifest, or one that is not ours: every report counts as new
    try:
        lines = (folder / JOURNAL).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    for line in lines:
        try:
            entry = json.loads(line)
            found[entry["name"]] = Record(**entry)
        except (ValueError, KeyError, TypeError):
            continue  # the last line of a run that was killed may be cut off
    return found
