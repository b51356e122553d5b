"""A finished file put in its place: written beside it and renamed into it, never half."""

from __future__ import annotations

from pathlib import Path

from govlab.data.atomic import replace_whole
from govlab.errors import Fault
from govlab.reports.formats.page import OutputError


def put(path: Path, content: bytes) -> Path:
    """Write ``content`` as ``path`` in one step and hand the path back.

    Raises OutputError where the file is held open by another program or cannot be written.
    """
    try:
        replace_whole(path, content)
    except OSError as error:
        # Windows refuses to replace a file that Word or Excel has open.
        held = isinstance(error, PermissionError) and path.exists()
        key = "formats.open" if held else "formats.unwritable"
        why = error.strerror or str(error)
        raise OutputError(Fault(key, {"file": path.name, "why": why}, (str(path.parent),))) from error
    return path
