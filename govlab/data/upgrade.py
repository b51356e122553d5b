"""Moving a workspace to what this govlab knows: file formats step by step, copied notebooks if untouched."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from govlab.data.atomic import write_whole
from govlab.data.formats import CURRENT, format_fault
from govlab.data.layout import copies
from govlab.data.manifest import Manifest, content_digest, read_manifest, write_manifest
from govlab.errors import Fault, WorkspaceError

BACKUPS = ".govlab/backup"
_FORMAT_LINE = re.compile(r"^(format\s*[=:]\s*)(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """How files of one kind go from format ``before`` to the next.

    said: id of the message that tells the user what changed. change: the text of a file as it has
    to be afterwards; the format number itself is set for it.
    """

    kind: str
    before: int
    said: str
    change: Callable[[str], str]


# No file has had another format than 1 so far; the first change adds its step here.
STEPS: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Change:
    """What happened (or would happen) to one file.

    upgraded: rewritten for a newer format, ``said`` tells how. refreshed: an untouched copy
    replaced by the version of this govlab. added: a new one. edited: left alone, because the user
    changed it. removed: left away, because the user removed it.
    """

    path: str
    outcome: Literal["upgraded", "refreshed", "added", "edited", "removed"]
    said: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Upgrade:
    """Every change a workspace needs, worked out before anything is written."""

    root: Path
    changes: tuple[Change, ...]
    contents: Mapping[str, bytes]  # new content of the files that are written
    manifest: Manifest

    @property
    def writes(self) -> bool:
        """Whether applying it would change a file of the user's folder."""
        return bool(self.contents)

    def apply(self) -> Path | None:
        """Write the changes; the folder with what stood there before, None where nothing was replaced."""
        backup = self._backup()
        for name, data in self.contents.items():
            write_whole(self.root / name, data)
        write_manifest(self.root, self.manifest)
        return backup

    def _backup(self) -> Path | None:
        replaced = [name for name in self.contents if (self.root / name).exists()]
        if not replaced:
            return None
        stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
        folder = self.root / BACKUPS / stamp
        number = 1
        while folder.exists():
            number += 1
            folder = self.root / BACKUPS / f"{stamp}-{number}"
        for name in replaced:
            write_whole(folder / name, (self.root / name).read_bytes())
        return folder


def plan_upgrade(
    root: Path, *, steps: Sequence[Step] = STEPS, current: Mapping[str, int] = CURRENT
) -> Upgrade:
    """What would have to change in the workspace at ``root``; nothing is written.

    WorkspaceError lists every file that cannot be read or is of a format newer than this govlab.
    """
    if not (root / "study.toml").is_file():
        raise WorkspaceError(Fault("data.upgrade.no_study", {}, (str(root),)))
    faults: list[Fault] = []
    changes: list[Change] = []
    contents: dict[str, bytes] = {}
    for kind, path in _kept(root):
        name = path.relative_to(root).as_posix()
        try:
            text, said = _upgraded(kind, path, name, steps, current)
        except WorkspaceError as error:
            faults.extend(error.faults)
            continue
        if said:
            changes.append(Change(name, "upgraded", said))
            contents[name] = text.encode("utf-8")
    try:
        recorded = read_manifest(root)
    except WorkspaceError as error:
        faults.extend(error.faults)
    if faults:
        raise WorkspaceError(faults)
    digests = dict(recorded.digests)
    for name, data in copies():
        change, digest = _followed(root, name, data, recorded.digests.get(name))
        if digest is not None:
            digests[name] = digest
        if change is not None:
            changes.append(change)
            if change.outcome in ("refreshed", "added"):
                contents[name] = data
    return Upgrade(root, tuple(changes), contents, Manifest(digests))


def _kept(root: Path) -> Iterator[tuple[str, Path]]:
    """The files with a format number, by kind; where they are, the study file says in any format."""
    yield "study", root / "study.toml"
    try:
        study = tomllib.loads((root / "study.toml").read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError):
        return  # told as a fault of study.toml, the first file
    paths = study.get("paths")
    reports = paths.get("reports") if isinstance(paths, dict) else None
    for path in sorted((root / str(reports or "reports")).glob("*.toml")):
        yield "batch", path
    for path in sorted((root / str(study.get("catalogue") or "catalogue")).rglob("*.yaml")):
        yield "catalogue", path


def _upgraded(
    kind: str, path: Path, name: str, steps: Sequence[Step], current: Mapping[str, int]
) -> tuple[str, tuple[str, ...]]:
    """The text in the current format and the messages of the steps taken (none: it was current)."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        found = _format_of(text, path.suffix)
    except (OSError, ValueError) as error:
        raise WorkspaceError(Fault("data.upgrade.unreadable", {"why": str(error)}, (name,))) from error
    fault = format_fault(kind, found, (name,), current)
    if fault is None:
        return text, ()
    if fault.key != "data.format.older" or not isinstance(found, int):
        raise WorkspaceError(fault)
    said = []
    for number in range(found, current[kind]):
        step = next((one for one in steps if one.kind == kind and one.before == number), None)
        if step is None:
            values = {"found": found, "known": current[kind]}
            raise WorkspaceError(Fault("data.upgrade.no_step", values, (name,)))
        text = _FORMAT_LINE.sub(rf"\g<1>{number + 1}", step.change(text), count=1)
        said.append(step.said)
    return text, tuple(said)


def _format_of(text: str, suffix: str) -> object:
    if suffix == ".toml":
        return tomllib.loads(text).get("format")
    match = _FORMAT_LINE.search(text)
    return int(match[2]) if match else None


def _followed(root: Path, name: str, data: bytes, recorded: str | None) -> tuple[Change | None, str | None]:
    """What becomes of one copied file, and the digest to record for it (None: leave the record)."""
    shipped_now = content_digest(name, data)
    path = root / name
    if not path.is_file():
        if recorded is None:
            return Change(name, "added"), shipped_now
        return Change(name, "removed"), None
    present = content_digest(name, path.read_bytes())
    if present == shipped_now:
        return None, shipped_now
    if present == recorded:
        return Change(name, "refreshed"), shipped_now
    return Change(name, "edited"), None
