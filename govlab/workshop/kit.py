"""A workshop on a stick: everything that laptops without network need, in one folder that checks itself."""

from __future__ import annotations

import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from govlab.errors import Fault, InputError
from govlab.workshop.kit_fetch import PipFetch
from govlab.workshop.kit_files import longest_path, write_files
from govlab.workshop.kit_manifest import verify, write_manifest
from govlab.workshop.kit_own import lock_file, own_wheel
from govlab.workshop.kit_target import Target, target
from govlab.workshop.kit_web import Registry, fetch_web
from govlab.workshop.kit_wheels import Fetch, closure, gather, markers_here, read_lock, read_wheel
from govlab.workshop.lessons import Edition

__all__ = ["Kit", "make", "target", "verify"]
# What a step is called in ``workshop_kit.po``, and its values.
Tell = Callable[[str, dict[str, object]], None]
_STORED = (".whl", ".woff", ".woff2", ".xlsx")  # compressed already


@dataclass(frozen=True)
class Kit:
    """A kit that was made: where, for what, bytes by part, wheels, lessons, seconds."""

    folder: Path
    target: Target
    sizes: dict[str, int]
    wheels: int
    lessons: int
    seconds: float
    zipped: Path | None

    @property
    def size(self) -> int:
        """Bytes of the folder."""
        return sum(self.sizes.values())


def make(
    out: Path,
    wanted: Target,
    lang: str,
    *,
    edition: Edition = "participant",
    zipped: bool = False,
    fetch: Fetch | None = None,
    registry: Registry | None = None,
    own: Callable[[Path], Path] = own_wheel,
    tell: Tell = lambda step, values: None,
) -> Kit:
    """Make a kit in ``out``, which must not be there yet, and beside it ``out.zip`` if that is asked for.

    Nothing is left behind where it fails. InputError says what is in the way: a place that is taken, no
    network, wheels that the platform has not got.
    """
    began = time.monotonic()
    archive = out.with_name(f"{out.name}.zip") if zipped else None
    _free(out, archive)
    with _part(out) as folder:
        # What is small and needs the network first: without one this ends in seconds.
        tell("web", {"names": [f"{one.name} {one.version}" for one in fetch_web(folder / "web", registry)]})
        wheels_folder = folder / "wheels"
        wheels_folder.mkdir()
        ours = read_wheel(own(wheels_folder))
        tell("own", {"name": ours.path.name, "size": megabytes(ours.size)})
        wheels = gather(
            [f"{ours.name}=={ours.version}"],
            wheels_folder,
            wanted,
            read_lock(lock_file().read_text(encoding="utf-8"), wanted.markers()),
            fetch or PipFetch(wanted),
            lambda names: tell("round", {"n": len(names), "names": names}),
        )
        found = closure([ours.name], wheels, wanted.markers())
        tell("closed", {"n": len(found.needed), "platform": wanted.platform, "python": wanted.python})
        only_there = sorted(found.needed - closure([ours.name], wheels, markers_here()).needed)
        if only_there:
            tell("only_there", {"names": only_there})
        paths = [one.path for one in wheels.values()]
        count = write_files(folder, wanted, lang, edition, longest_path(paths))
        named = {"govlab": ours.version, "platform": wanted.platform, "python": wanted.python, "lang": lang}
        write_manifest(folder, named)
        verify(folder)
        sizes = {
            part.name: sum(path.stat().st_size for path in (part, *part.rglob("*")) if path.is_file())
            for part in sorted(folder.iterdir())
        }
        pressed = _zip(folder, out.name) if archive is not None else None
        if out.exists():
            out.rmdir()  # empty, or this refuses
        folder.rename(out)
        if archive is not None and pressed is not None:
            pressed.replace(archive)
    return Kit(out, wanted, sizes, len(wheels), count, time.monotonic() - began, archive)


def megabytes(size: int) -> str:
    """Bytes as MB with one decimal, 0.1 at least."""
    return f"{max(size / 1e6, 0.1):.1f}"


def _free(out: Path, archive: Path | None) -> None:
    """InputError if something is where the kit shall be; an empty folder may be there."""
    taken = [place for place in (archive,) if place is not None and place.exists()]
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        taken.insert(0, out)
    if taken:
        raise InputError([Fault("workshop_kit.taken", {}, (str(place),)) for place in taken])


@contextmanager
def _part(out: Path) -> Iterator[Path]:
    """A folder beside ``out`` to write into; it and its zip are gone afterwards unless they were renamed."""
    folder = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        folder.mkdir(parents=True)
        yield folder
    except OSError as error:
        raise InputError(
            Fault("workshop_kit.write", {"why": error.strerror or str(error)}, (str(out),))
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _zip_of(folder).unlink(missing_ok=True)


def _zip(folder: Path, name: str) -> Path:
    """The folder in a zip beside it whose one entry at the top is ``name``; wheels are stored as they are."""
    pressed = _zip_of(folder)
    with zipfile.ZipFile(pressed, "w", zipfile.ZIP_DEFLATED) as writer:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                how = zipfile.ZIP_STORED if path.suffix in _STORED else zipfile.ZIP_DEFLATED
                writer.write(path, f"{name}/{path.relative_to(folder).as_posix()}", how)
    return pressed


def _zip_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.zip")
