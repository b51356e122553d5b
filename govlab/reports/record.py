"""What was made: the journal of a run, the manifest of a batch."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

JOURNAL = "journal.jsonl"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Record:
    """How one report came out the last time.

    parts: digests of what it was made from, by kind. times: cell and seconds.
    """

    name: str
    status: str
    lang: str
    notebook: str
    parameters: Mapping[str, Any]
    digest: str
    seconds: float
    peak_memory: int | None  # bytes
    title: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, Any] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    cpu_seconds: float | None = None
    times: tuple[tuple[int, float], ...] = ()
    format_seconds: float | None = None


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
    for entry in last_manifest(folder).get("reports", ()):
        try:
            found[entry["name"]] = Record(**entry)
        except (KeyError, TypeError):
            continue  # not ours, or of another version: the report counts as new
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


def last_manifest(folder: Path) -> dict[str, Any]:
    """The manifest as it was written; empty where there is none or it is not ours."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
