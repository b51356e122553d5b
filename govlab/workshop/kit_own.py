"""govlab's own wheel and lock file: from the source tree where there is one, else from the installed copy."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import subprocess
import sys
import zipfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from govlab.errors import Fault, InputError

# What an installer writes about an installation; it belongs to no wheel.
_OF_INSTALLER = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def lock_file() -> Path:
    """The lock of the versions that govlab was tried with; it is shipped in the wheel."""
    from govlab.data.locate import shipped

    return shipped("reports").parent / "requirements.lock"


def own_wheel(folder: Path) -> Path:
    """A wheel of this very govlab, written into ``folder``."""
    import govlab

    top = Path(govlab.__file__).resolve().parent.parent
    if (top / "pyproject.toml").is_file():
        return built(top, folder)
    return repacked(metadata.distribution("govlab"), folder)


def built(top: Path, folder: Path) -> Path:
    """A wheel of the source tree: by hatchling if it is installed, else by pip, which fetches it."""
    with TemporaryDirectory(prefix="govlab-wheel-") as made:
        if find_spec("hatchling") is not None:
            command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", made]
        else:
            command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", made, "."]
        done = subprocess.run(command, cwd=top, capture_output=True, text=True, errors="replace", check=False)
        found = list(Path(made).glob("govlab-*.whl"))
        if done.returncode or len(found) != 1:
            why = ((done.stderr or done.stdout).strip().splitlines() or ["?"])[-1]
            raise InputError(Fault("workshop_kit.own_build", {"why": why}, (str(top),)))
        path = folder / found[0].name
        path.write_bytes(found[0].read_bytes())
    return path


def repacked(distribution: metadata.Distribution, folder: Path) -> Path:
    """A wheel of an installed distribution: the files of its RECORD, less what the installer added.

    Scripts are left out, for entry points make them again. InputError if files are missing or are not
    as RECORD says.
    """
    files = distribution.files or []
    home = next(
        (one.parent for one in files if one.name == "WHEEL" and one.parent.suffix == ".dist-info"), None
    )
    if home is None:
        raise InputError(Fault("workshop_kit.own_record", {"files": "RECORD, WHEEL"}))
    kept, broken = dict[str, bytes](), list[str]()
    for one in files:
        if not _packed(one, home):
            continue
        place = Path(str(distribution.locate_file(one)))
        data = place.read_bytes() if place.is_file() else None
        if data is None or (one.hash is not None and one.hash.value != digest(data, one.hash.mode)):
            broken.append(one.as_posix())
        else:
            kept[one.as_posix()] = data
    if broken:
        named = ", ".join(broken[:5]) + (" ..." if len(broken) > 5 else "")
        raise InputError(Fault("workshop_kit.own_record", {"files": named}))
    tag = next(
        line.partition(":")[2].strip()
        for line in kept[f"{home}/WHEEL"].decode().splitlines()
        if line.startswith("Tag:")
    )
    path = folder / f"{home.name.removesuffix('.dist-info')}-{tag}.whl"
    write_wheel(path, kept, f"{home}/RECORD")
    return path


def write_wheel(path: Path, files: dict[str, bytes], record: str) -> None:
    """Files as a wheel, with a RECORD of them; the same files make the same bytes."""
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            writer.writerow((name, f"sha256={digest(files[name])}", len(files[name])))
            archive.writestr(_entry(name), files[name])
        writer.writerow((record, "", ""))
        archive.writestr(_entry(record), rows.getvalue().encode())


def digest(data: bytes, mode: str = "sha256") -> str:
    """A hash as RECORD writes it."""
    return base64.urlsafe_b64encode(hashlib.new(mode, data).digest()).rstrip(b"=").decode()


def _packed(one: PurePosixPath, home: PurePosixPath) -> bool:
    """Whether a file of RECORD belongs into the wheel: not scripts, bytecode, the installer's notes."""
    if ".." in one.parts or one.is_absolute() or "__pycache__" in one.parts or one.suffix == ".pyc":
        return False
    return not (one.parent == home and one.name in _OF_INSTALLER)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
