"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from govlab.errors import Fault, WorkspaceError


def replace_whole(path: Path, data: bytes) -> None:
    """Write beside the place and rename into it; OSError leaves what was there and nothing beside it."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # a power cut must not leave a name without its bytes
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in one step; WorkspaceError if it cannot be written.

    On Windows a file that is open in Word or Excel cannot be replaced: the message says so.
    """
    try:
        replace_whole(path, data)
    except OSError as error:
        raise WorkspaceError(_refused(path, error)) from error


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet; WorkspaceError if it does or cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        if isinstance(error, FileExistsError) and path.exists():
            raise WorkspaceError(Fault("data.write.exists", {}, (str(path),))) from error
        raise WorkspaceError(_refused(path, error)) from error


def _refused(path: Path, error: OSError) -> Fault:
    if isinstance(error, PermissionError) and path.is_file():
        return Fault("data.write.open", {}, (str(path),))
    return Fault("data.write.failed", {"why": error.strerror or str(error)}, (str(path),))
