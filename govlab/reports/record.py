"""What was made: the journal of a run, the manifest of a batch."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

JOURNAL = "journal.jsonl"
MANIFEST = "manifest.json"
PROFILE = "profile.json"


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
    line = json.dumps(vars(record), ensure_ascii=False, default=str)
    with (folder / JOURNAL).open("a", encoding="utf-8", newline="\n") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True)
class Made:
    """What a folder says was made: the last record of each report, and the inputs of the last whole run."""

    records: Mapping[str, Record]
    inputs: Mapping[str, str] | None = None


def last_records(folder: Path) -> dict[str, Record]:
    """The last record of every report: the manifest, then the journal of a run that did not finish."""
    return dict(last_made(folder).records)


def last_made(folder: Path) -> Made:
    """Manifest and journal as far as they can be read; nothing where there are none."""
    found: dict[str, Record] = {}
    manifest = _manifest(folder)
    entries = list(manifest.get("reports", ()))
    try:
        lines = (folder / JOURNAL).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    for line in lines:
        try:
            entries.append(json.loads(line))
        except ValueError:
            continue  # the last line of a run that was killed may be cut off
    for entry in entries:
        try:
            found[entry["name"]] = Record(**entry)
        except (KeyError, TypeError):
            continue  # not ours, or of another version: the report counts as new
    return Made(found, manifest.get("inputs"))


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def manifest_text(head: Mapping[str, Any], records: Sequence[Record]) -> str:
    """The manifest: what holds for the batch, then a report a line; times of cells stay out of it."""
    first = json.dumps(dict(head), ensure_ascii=False, indent=1, default=str).rstrip("}\n ")
    lines = []
    for one in records:
        plain = {name: value for name, value in vars(one).items() if name != "times"}
        lines.append(f"  {json.dumps(plain, ensure_ascii=False, default=str)}")
    said = ",\n".join(lines)
    return f'{first},\n "reports": [\n{said}\n ]\n}}\n'


def profile(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Seconds by notebook and cell (None: making the files) over the records that have them, most first."""
    spent: dict[tuple[str, int | None], list[float]] = {}
    for one in records:
        for cell, seconds in one.times:
            spent.setdefault((one.notebook, cell), []).append(seconds)
        if one.format_seconds is not None:
            spent.setdefault((one.notebook, None), []).append(one.format_seconds)
    rows = [
        {
            "notebook": notebook,
            "cell": cell,
            "reports": len(seconds),
            "mean": round(sum(seconds) / len(seconds), 4),
            "most": max(seconds),
        }
        for (notebook, cell), seconds in spent.items()
    ]
    return sorted(rows, key=lambda row: -row["mean"] * row["reports"])
