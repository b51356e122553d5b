"""The forking parent: a process of its own, with one thread, that has everything loaded.

It is started by exec (``python -c ... descriptor``), never forked from its caller, which may have
threads. It ends when the socket to its caller closes, and its children end with it.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from govlab.reports.fork import system
from govlab.reports.fork.wire import Lines, Message, packed, shown, write_all

_LOOK = 0.25  # seconds between two looks at the memory of the children
# Loaded by each report for itself: drawing into cells begins at the moment it is loaded.
_NEVER = ("matplotlib_inline.backend_inline",)


# Builds a grammar for a second or more when jsonschema loads it, to check the form of
# international web addresses in JSON schemas, which no notebook schema does.
_SLOW = "rfc3987_syntax"


@contextmanager
def _without(name: str) -> Iterator[None]:
    """Let an optional module look as if it were not installed."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


@dataclass(eq=False)
class Child:
    """A report under way."""

    number: int
    process: int
    pipe: int
    folder: str
    deadline: float
    seconds: float
    cell_seconds: float | None
    memory: int | None  # megabytes
    most: float  # bytes that it and all below it may hold, with what it has from us
    began: float
    lines: Lines = field(default_factory=Lines)
    cell: int | None = None
    end: Message | None = None
    killed: Message | None = None


class Parent:
    """Takes requests from the socket, forks, looks after the children, answers."""

    def __init__(self, line: socket.socket) -> None:
        with _without(_SLOW):
            from govlab.reports.fork.stage import Stage

        self._line = line
        self._lines = Lines()
        self._children: dict[int, Child] = {}
        self._selector = selectors.DefaultSelector()
        self._woken, wakes = socket.socketpair()
        for one in (self._woken, wakes):
            one.setblocking(False)
        self._wakes = wakes
        self._loaded: set[str] = set()
        self.stage = Stage()

    def serve(self) -> None:
        """Until the caller is gone."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._line, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._answer({"ready": True, "threads": system.threads()})
        while True:
            for key, _ in self._selector.select(self._patience()):
                if key.fileobj is self._line:
                    try:
                        data = self._line.recv(1 << 20)
                    except ConnectionError:
                        data = b""
                    if not data:
                        return
                    for request in self._lines.feed(data):
                        self._take(request)
                elif key.fileobj is self._woken:
                    with suppress(BlockingIOError):
                        self._woken.recv(4096)
                else:
                    self._hear(key.data)
            self._look()
            self._reap()

    def close(self) -> None:
        """End every child."""
        for child in self._children.values():
            system.kill(child.process)
            rmtree(child.folder, ignore_errors=True)

    def _patience(self) -> float | None:
        if not self._children:
            return None
        nearest = min(child.deadline for child in self._children.values()) - time.monotonic()
        return max(0.0, min(_LOOK, nearest))

    def _answer(self, message: Message) -> None:
        with suppress(OSError):  # the caller is gone; the next look at the socket tells
            self._line.sendall(packed(message))

    def _take(self, request: Message) -> None:
        read, write = os.pipe()
        folder = mkdtemp(prefix="govlab-report-")
        process = os.fork()
        if process == 0:
            self._be_child(request, write, folder)
        os.close(write)
        os.set_blocking(read, False)
        seconds, cell_seconds = request.get("seconds"), request.get("cell_seconds")
        now = time.monotonic()
        first = min(seconds or float("inf"), cell_seconds or float("inf"))
        memory = request.get("memory")
        # Its own limit, with an error in its cell, comes first; this one sees what it has started too.
        most = 1.1 * memory * 2**20 + system.resident(os.getpid(), below=False) if memory else float("inf")
        child = Child(
            request["number"], process, read, folder, now + first, seconds or float("inf"), cell_seconds,
            memory, most, now,
        )  # fmt: skip
        self._children[process] = child
        self._selector.register(read, selectors.EVENT_READ, child)

    def _be_child(self, request: Message, write: int, folder: str) -> None:
        code = 1
        try:
            system.die_with_parent()
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            # The socket stays the parent's: a child must not keep it open.
            self._selector.close()
            for one in (self._line, self._woken, self._wakes):
                one.close()
            for other in self._children.values():
                os.close(other.pipe)
            system.adopt()
            system.first_to_go()
            self._run(request, write, folder)
            code = 0
        finally:
            os._exit(code)

    def _run(self, request: Message, write: int, folder: str) -> None:
        from govlab.reports.fork import child, lone

        def tell(message: Message) -> None:
            write_all(write, packed(message))

        own = folder if "job" in request else None  # under plain papermill all is as it would be
        child.enter(self.stage, own, request["root"], request["environment"])
        if "job" in request:
            end = child.report(self.stage, shown(request["job"]), Path(request["root"]), tell)
        else:
            end = lone.play(self.stage, request["notebook"], tell)
        tell({"end": end})

    def _hear(self, child: Child) -> None:
        while True:
            try:
                data = os.read(child.pipe, 1 << 20)
            except BlockingIOError:
                return
            if not data:
                with suppress(KeyError, ValueError):
                    self._selector.unregister(child.pipe)
                return
            for message in child.lines.feed(data):
                if "cell" in message:
                    child.cell = message["cell"]
                    if child.cell_seconds:
                        child.deadline = time.monotonic() + child.cell_seconds
                if "end" in message:
                    child.end = message["end"]
                elif "cell" not in message or "began" in message:
                    self._answer({"number": child.number, **message})

    def _look(self) -> None:
        now = time.monotonic()
        for child in self._children.values():
            if child.killed is not None or child.end is not None:
                continue
            if now >= child.deadline:
                limit = child.seconds if child.cell_seconds is None else child.cell_seconds
                child.killed = {"name": "TimeLimit", "key": "reports.time_limit", "values": {"n": int(limit)}}
            elif child.memory is not None and system.resident(child.process) > child.most:
                child.killed = {
                    "name": "MemoryLimit", "key": "reports.memory_limit", "values": {"n": child.memory},
                }  # fmt: skip
            if child.killed is not None:
                system.kill(child.process)

    def _reap(self) -> None:
        for process, child in list(self._children.items()):
            ended, status, usage = os.wait4(process, os.WNOHANG)
            if not ended:
                if child.end is not None and time.monotonic() > child.deadline:
                    system.kill(process)
                continue
            self._hear(child)
            del self._children[process]
            with suppress(KeyError, ValueError):
                self._selector.unregister(child.pipe)
            os.close(child.pipe)
            self._sweep(process)
            rmtree(child.folder, ignore_errors=True)
            end: dict[str, Any] = child.end or {"status": "failed", "error": child.killed or _crash(status)}
            if end.get("error") is not None:
                end["error"].setdefault("cell", child.cell)
            unit = 1 if sys.platform == "darwin" else 1024
            end["seconds"] = time.monotonic() - child.began
            end["cpu_seconds"] = round(usage.ru_utime + usage.ru_stime, 3)
            end["peak_memory"] = usage.ru_maxrss * unit
            learned = end.pop("learned", ())
            self._answer({"number": child.number, "end": end})
            self.load(learned)

    def _sweep(self, process: int) -> None:
        """End what a child has left behind; it is ours now, since we adopt."""
        with suppress(OSError):
            os.killpg(process, signal.SIGKILL)
        for _ in range(100):
            left = [one for one in system.children() if one not in self._children]
            for one in left:
                system.kill(one)
            try:
                while True:
                    # Only what is not a report: those are waited for by name.
                    ended = next((one for one in _ended_children() if one not in self._children), None)
                    if ended is None:
                        break
                    os.waitpid(ended, os.WNOHANG)
            except (ChildProcessError, OSError):
                pass
            if not left:
                return
            time.sleep(0.002)

    def load(self, names: Any) -> None:
        """Load modules that a report needed, so that the next ones find them."""
        new = [name for name in names if name not in self._loaded and name not in sys.modules]
        self._loaded.update(new)
        for name in new:
            if name in _NEVER:
                continue
            with suppress(Exception):  # the report that needs it will say what is wrong
                import_module(name)
        if new:
            gc.collect()
            gc.freeze()


def _ended_children() -> list[int]:
    try:
        found = [path.read_text() for path in Path("/proc/self/task").glob("*/children")]
    except OSError:
        return []
    numbers = [int(one) for text in found for one in text.split()]
    running = set(system.children())
    return [one for one in numbers if one not in running]


def _crash(status: int) -> Message:
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        return {"name": name, "key": "reports.killed", "values": {"signal": name}}
    return {"name": "Exit", "key": "reports.exited", "values": {"code": code}}


def main(descriptor: int) -> None:
    """Serve the caller at the other end of ``descriptor``."""
    from govlab.reports.fork.rehearsal import rehearse

    for name in (signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # the caller decides; we hear of it by the socket
    line = socket.socket(fileno=descriptor)
    line.set_inheritable(False)
    system.adopt()
    parent = Parent(line)
    rehearse()
    gc.collect()
    gc.freeze()
    try:
        parent.serve()
    finally:
        parent.close()
        os._exit(0)
