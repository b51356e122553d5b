"""What the engine asks of the system: limits, the processes below a process, who cleans up after whom."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_PDEATHSIG, _SUBREAPER = 1, 36  # prctl


def threads() -> int:
    """Threads of this process, those of compiled code included."""
    try:
        return sum(1 for _ in (_PROC / "self" / "task").iterdir())
    except OSError:
        import threading

        return threading.active_count()


def children(process: int | None = None) -> list[int]:
    """The running children of a process (default: this one); ended ones that nobody waited for left out."""
    process = process or os.getpid()
    try:
        lists = [path.read_text() for path in (_PROC / str(process) / "task").glob("*/children")]
        if lists:
            return [int(one) for text in lists for one in text.split() if _runs(int(one))]
    except OSError:
        pass
    import psutil

    with suppress(psutil.Error):
        found = psutil.Process(process).children()
        return [one.pid for one in found if one.status() != psutil.STATUS_ZOMBIE]
    return []


def _runs(process: int) -> bool:
    try:
        return (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def name(process: int) -> str:
    """The command of a process, or its number."""
    try:
        return (_PROC / str(process) / "comm").read_text().strip()
    except OSError:
        return str(process)


def resident(process: int, *, below: bool = True) -> int:
    """Memory that a process (and everything below it) holds, in bytes; 0 where that cannot be told."""
    total = 0
    if not _PROC.is_dir():
        import psutil

        with suppress(psutil.Error):
            total = psutil.Process(process).memory_info().rss
    with suppress(OSError, ValueError, IndexError):
        total = int((_PROC / str(process) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total + (sum(resident(one) for one in children(process)) if below else 0)


def adopt() -> None:
    """Become the parent of whatever loses its own below this process (Linux)."""
    _prctl(_SUBREAPER, 1)


def die_with_parent() -> None:
    """Be killed when the parent ends, however it ends (Linux)."""
    _prctl(_PDEATHSIG, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    if sys.platform != "linux":
        return
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def first_to_go() -> None:
    """Ask the system to end this process before others when memory runs out."""
    with suppress(OSError):
        (_PROC / "self" / "oom_score_adj").write_text("800")


def limit_memory(megabytes: int | None) -> tuple[int, int] | None:
    """Let this process take so much memory on top of what it has; what the limit was before.

    Where the system does not count private memory, the parent's look at it has to do.
    """
    if megabytes is None or sys.platform != "linux":
        return None
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    status = (_PROC / "self" / "status").read_text()
    held = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmData"))
    wanted = held * 1024 + megabytes * 2**20
    if before[1] != resource.RLIM_INFINITY:
        wanted = min(wanted, before[1])
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, before[1]))
    return before


def lift(before: tuple[int, int] | None) -> None:
    """Set the limit back."""
    if before is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, before)


def kill(process: int) -> None:
    """End a process, its group, and everything below it."""
    below = children(process)
    for end in (os.killpg, os.kill):
        with suppress(OSError):
            end(process, signal.SIGKILL)
    for one in below:
        kill(one)
