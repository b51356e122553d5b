"""One batch at a time in one folder."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from govlab.errors import BatchError, Fault

FILE = ".lock"


class Lock:
    """Holds a folder for this process; the system lets go of it however the process ends.

    No other process gets its descriptor: those we start are started by exec, which closes it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[str] | None = None

    def __enter__(self) -> Lock:
        """Take it; BatchError where another process has it, OSError where the folder cannot be written."""
        file = (self._folder / FILE).open("a+", encoding="utf-8")
        try:
            _take(file)
        except OSError as error:
            file.seek(0)
            who = file.read(200).strip() if os.name != "nt" else ""
            file.close()
            values = {"folder": str(self._folder), "who": who or "?"}
            raise BatchError(Fault("reports.locked", values)) from error
        with suppress(OSError):  # a full disk is no reason not to hold it
            file.truncate(0)
            file.write(f"{socket.gethostname()}, process {os.getpid()}\n")
            file.flush()
        self._file = file
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None


def _take(file: IO[str]) -> None:
    """Take the system's lock on a file; OSError where another process has it."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(1 << 20)  # far behind what is written, which others may then read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        return
    try:
        import fcntl
    except ImportError:  # a system with neither kind of lock
        return
    fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
