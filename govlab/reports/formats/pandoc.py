"""pandoc as it came with pypandoc: clean HTML in, one format out, nothing read from the network."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.errors import Fault
from govlab.reports.formats.body import TEMPLATES
from govlab.reports.formats.page import OutputError

if TYPE_CHECKING:
    from datetime import datetime

_LONGEST = 120  # seconds


def convert(
    html: str, to: str, filter_name: str, folder: Path, *, moment: datetime, options: Sequence[str] = ()
) -> bytes:
    """What pandoc makes of ``html`` through one of our filters.

    folder: where the pictures lie that the HTML names. moment: the time written into the file.
    Raises OutputError where pandoc is missing or fails.
    """
    import pypandoc

    try:
        program = pypandoc.get_pandoc_path()
    except OSError as error:
        raise OutputError(Fault("formats.no_pandoc")) from error
    target = folder / "pandoc.out"
    command = [
        program,
        "--from=html",
        f"--to={to}",
        "--wrap=none",
        "--no-highlight",
        f"--lua-filter={TEMPLATES / filter_name}",
        f"--output={target}",
        *options,
    ]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(int(moment.timestamp()))}
    try:
        done = subprocess.run(
            command,
            input=html.encode("utf-8"),
            cwd=folder,
            env=environment,
            capture_output=True,
            timeout=_LONGEST,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OutputError(Fault("formats.pandoc", {"why": str(error)})) from error
    if done.returncode != 0:
        why = done.stderr.decode("utf-8", "replace").strip()[-400:]
        raise OutputError(Fault("formats.pandoc", {"why": why}))
    return target.read_bytes()
