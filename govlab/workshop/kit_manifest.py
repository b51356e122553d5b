"""The manifest of a kit, and whether a copy of it (folder or zip) is still what was made."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from govlab.errors import Fault, InputError
from govlab.workshop.kit_start import MANIFEST, differences, digest_of, read_manifest


def write_manifest(folder: Path, about: Mapping[str, Any]) -> Path:
    """sha256 and bytes of every file of the folder but the manifest itself, beside what the kit is."""
    path = folder / MANIFEST
    path.unlink(missing_ok=True)
    files = {
        one.relative_to(folder).as_posix(): {"sha256": digest_of(one), "bytes": one.stat().st_size}
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }
    said = {"format": 1, **about, "files": files}
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    return path


def verify(place: Path) -> int:
    """The number of files of a kit that were compared; InputError names each missing, changed or extra one.

    This notices a broken stick or an interrupted copy. It does not guard against somebody who changes
    files and manifest together.
    """
    if not place.exists():
        raise InputError(Fault("workshop_kit.nothing", {}, (str(place),)))
    if place.is_file():
        count, found = _zipped(place)
    else:
        try:
            files = read_manifest((place / MANIFEST).read_bytes())
        except (OSError, ValueError) as error:
            raise InputError(Fault("workshop_kit.no_manifest", {}, (str(place),))) from error
        count, found = len(files), differences(files, place)
    if found:
        raise InputError([Fault(f"workshop_kit.file_{what}", {}, (name,)) for what, name in found])
    return count


def _zipped(path: Path) -> tuple[int, list[tuple[str, str]]]:
    """Number of files, and the differences of a zipped kit; its one folder at the top may have any name."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.partition("/")[2]: name for name in archive.namelist() if not name.endswith("/")}
            files = read_manifest(archive.read(names[MANIFEST]))
            found = []
            for name, digest in sorted(files.items()):
                if name not in names:
                    found.append(("missing", name))
                elif _digest(archive, names[name]) != digest:
                    found.append(("changed", name))
            extra = {name for name in names if name.startswith("wheels/")} - files.keys()
            return len(files), found + [("extra", name) for name in sorted(extra)]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(Fault("workshop_kit.no_manifest", {}, (str(path),))) from error


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    try:
        with archive.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except (OSError, zipfile.BadZipFile):
        return ""  # the zip's own checksum of it is wrong
