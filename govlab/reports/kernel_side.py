"""What runs inside a kernel around a report: limits, random numbers and the guard before, a record after."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

MIME = "application/vnd.govlab.record+json"
# Runs last in the report's own kernel, and is taken out of the notebook before anything is rendered.
RECORD_CELL = "__import__('govlab.reports.kernel_side', fromlist=['end']).end()"
_guards: list[Any] = []  # of this kernel, which runs one report and ends


def begin_line(note: Path) -> str:
    """The line that a kernel executes before the first cell."""
    return f"__import__('govlab.reports.kernel_side', fromlist=['begin']).begin({str(note)!r})"


def begin(note: str) -> None:
    """Set this process up as the note (a JSON file) says."""
    import os

    from IPython.core.getipython import get_ipython

    from govlab.reports.fork import system
    from govlab.reports.guard import Guard, Inputs

    content = json.loads(Path(note).read_text(encoding="utf-8"))
    for name in ("TMPDIR", "TEMP", "TMP") if os.name == "nt" else ("TMPDIR",):
        os.environ[name] = content["folder"]
    tempfile.tempdir = None
    system.limit_memory(content["memory"])
    guard = Guard(Inputs(Path(content["root"]), content["inputs"]), [Path(content["notebooks"])])
    _guards.append(guard)
    shell: Any = get_ipython()

    def first(*_: object) -> None:
        """Right before the first cell, since the kernel itself draws numbers while it starts."""
        shell.events.unregister("pre_execute", first)
        seed_all(seed_number(content["seed"]))
        guard.watch()

    shell.events.register("pre_execute", first)


def end() -> None:
    """Show what this process has used and what it was refused."""
    from IPython.display import display

    peak: int | None
    seconds: float | None
    try:
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        seconds = used.ru_utime + used.ru_stime
    except ImportError:
        import psutil

        process = psutil.Process()
        peak = getattr(process.memory_info(), "peak_wset", None)
        seconds = sum(process.cpu_times()[:2])
    refused = [name for guard in _guards for name in guard.refused]
    data = {"peak_memory": peak, "cpu_seconds": seconds, "refused": refused}
    display({MIME: data, "text/plain": ""}, raw=True)


def seed_all(number: int | None) -> None:
    """Set every random generator that notebooks use without naming one; None: from the system."""
    import numpy as np

    random.seed(number)
    np.random.seed(number)


def seed_number(seed: str) -> int:
    """The number that the random generators of a report begin with."""
    return int(sha256(seed.encode()).hexdigest()[:8], 16)
