"""Starts the workshop on a laptop without network; every kit holds a copy of this file as ``start.py``.

Only the standard library is used, and what is said to a person comes from ``kit.json`` beside it, in the
language of the kit. First start: check that the files are whole, make ``.venv`` beside this file, install
from ``wheels``, copy the lessons into a folder to work in. Every start: JupyterLab on that folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

MANIFEST, KIT = "manifest.json", "kit.json"
_READY = "kit-ready.json"
_LONGEST_PATH = 259  # Windows, unless its owner has switched long paths on


class KitError(Exception):
    """Something that keeps the workshop from starting; the text is for the person at the laptop."""


def main(arguments: Sequence[str], here: Path) -> int:
    """Check, install, copy, start; ``--check`` only checks, ``--no-start`` stops before JupyterLab."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    kit = json.loads((here / KIT).read_text(encoding="utf-8"))
    said = kit["said"]
    try:
        if "--check" in arguments:
            whole(here, said)
            print(said["whole"])
            return 0
        fits(kit, here)
        python = installed(kit, here)
        work = here / kit["work"]
        copied(here / "lessons", work)
        copied(here / "trainer", work / "trainer")
    except KitError as error:
        print(error, file=sys.stderr)
        return 1
    if "--no-start" in arguments:
        return 0
    print(said["starting"], flush=True)
    command = [str(python), "-m", "govlab", "--lang", kit["lang"], "workshop", "open", str(work), *arguments]
    try:
        return subprocess.call(command, env={**clean(os.environ), "GOVLAB_LANG": kit["lang"]}, cwd=work)
    except KeyboardInterrupt:
        return 0


def fits(kit: Mapping[str, Any], here: Path) -> None:
    """Whether this Python is the one that the wheels are for, and the folder's name short enough."""
    said = kit["said"]
    build = sysconfig.get_platform().replace("-", "_")
    here_is = f"Python {sys.version.split()[0]}, {build}"
    if f"{sys.version_info[0]}.{sys.version_info[1]}" != kit["python"]:
        raise KitError(said["python"].format(got=here_is))
    if sys.platform != kit["system"] or not build.endswith(tuple(kit["builds"])):
        raise KitError(said["platform"].format(got=here_is))
    if sys.platform == "win32" and len(str(here / ".venv")) + 1 + kit["longest"] > _LONGEST_PATH:
        raise KitError(said["long"].format(folder=here))


def installed(kit: Mapping[str, Any], here: Path) -> Path:
    """The Python of ``.venv``, made and filled if this kit has not been installed in this place yet."""
    said, venv = kit["said"], here / ".venv"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # A copied or moved .venv points to where it was made, so the place is a part of the mark.
    mark = {"kit": hashlib.sha256((here / MANIFEST).read_bytes()).hexdigest(), "here": str(here)}
    with suppress(OSError, ValueError):
        if json.loads((venv / _READY).read_text(encoding="utf-8")) == mark and python.is_file():
            return python
    print(said["checking"], flush=True)
    whole(here, said)
    print(said["installing"], flush=True)
    if venv.exists():
        shutil.rmtree(venv)
    pip = [str(python), "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet"]
    wheels = ["--no-index", "--no-warn-script-location", "--find-links", str(here / "wheels")]
    for command in (
        [sys.executable, "-m", "venv", str(venv)],
        [*pip, *wheels, f"govlab=={kit['govlab']}"],
    ):
        if subprocess.call(command, env=clean(os.environ), cwd=here):
            raise KitError(said["failed"])
    (venv / _READY).write_text(json.dumps(mark), encoding="utf-8")
    return python


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would lead Python or pip to another place."""
    return {
        name: value
        for name, value in environ.items()
        if not name.upper().startswith("PIP_") and name.upper() not in ("PYTHONPATH", "PYTHONHOME")
    }


def copied(source: Path, into: Path) -> None:
    """Copies of files that are not there yet; what somebody has worked on stays as it is."""
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        copy = into / path.relative_to(source)
        if path.is_file() and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def whole(here: Path, said: Mapping[str, str]) -> None:
    """KitError if files of the kit are missing or changed."""
    try:
        files = read_manifest((here / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise KitError(said["broken"].format(files=MANIFEST)) from error
    found = [name for _, name in differences(files, here)]
    if found:
        more = " ..." if len(found) > 10 else ""
        raise KitError(said["broken"].format(files=", ".join(found[:10]) + more))


def read_manifest(data: bytes) -> dict[str, str]:
    """sha256 by file of a manifest; ValueError if it is none."""
    try:
        said = json.loads(data.decode("utf-8"))
        files = {name: entry["sha256"] for name, entry in said["files"].items()}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not a manifest: {error}") from error
    if not files or not all(isinstance(digest, str) for digest in files.values()):
        raise ValueError("not a manifest: no files")
    return files


def differences(files: Mapping[str, str], folder: Path) -> list[tuple[str, str]]:
    """(``missing``, ``changed`` or ``extra``, file) of a folder against a manifest.

    Extra are only wheels, for pip would install from them; lessons in work and ``.venv`` are nobody's fault.
    """
    found = []
    for name, digest in sorted(files.items()):
        path = folder / name
        if not path.is_file():
            found.append(("missing", name))
        elif digest_of(path) != digest:
            found.append(("changed", name))
    wheels: Iterable[Path] = (folder / "wheels").glob("*") if (folder / "wheels").is_dir() else ()
    there = {f"wheels/{path.name}" for path in wheels}
    return found + [("extra", name) for name in sorted(there - files.keys())]


def digest_of(path: Path) -> str:
    """sha256 of a file; empty where it cannot be read to its end, as on a broken stick."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).absolute().parent))
