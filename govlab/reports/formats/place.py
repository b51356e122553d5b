"""A finished file put in its place: written beside it and renamed into it, never half."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from govlab.errors import Fault
from govlab.reports.formats.page import OutputError


def put(path: Path, content: bytes) -> Path:
    """Write ``content`` as ``path`` in one step and hand the path back.

    Raises OutputError where the file is held open by another program or cannot be written.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # a power cut must not leave a name without its bytes
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        # Windows refuses to replace a file that Word or Excel has open.
        held = isinstance(error, PermissionError) and path.exists()
        key = "formats.open" if held else "formats.unwritable"
        why = error.strerror or str(error)
        raise OutputError(Fault(key, {"file": path.name, "why": why}, (str(path.parent),))) from error
    return path
