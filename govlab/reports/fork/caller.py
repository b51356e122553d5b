"""The caller's end: a forking parent started when it is first needed, and reports handed to it."""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from govlab.reports.fork.wire import Lines, Message, packed

_START = (
    "import sys; sys.path.insert(0, sys.argv[2]); import govlab; del sys.path[0]; "
    "from govlab.reports.fork.parent import main; main(int(sys.argv[1]))"
)
# One thread each: the reports themselves run side by side, and threads do not survive a fork.
_SINGLE = {
    name: "1"
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
} | {"JE_ARROW_MALLOC_CONF": "background_thread:false", "PYTHONHASHSEED": "0"}


def can_fork() -> bool:
    """Whether this system can make reports by forking."""
    return hasattr(os, "fork") and sys.platform not in ("win32", "emscripten", "wasi")


class ParentDied(RuntimeError):
    """The forking parent ended, or could not begin (``was_ready`` False)."""

    def __init__(self, why: str, *, was_ready: bool = True) -> None:
        super().__init__(why)
        self.was_ready = was_ready


class Caller:
    """One forking parent; threads may share it."""

    def __init__(self) -> None:
        import govlab

        ours, theirs = socket.socketpair()
        self._line = ours
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        place = str(Path(govlab.__file__).resolve().parent.parent)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, str(theirs.fileno()), place],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env={**os.environ, **_SINGLE},
                start_new_session=True,  # Ctrl+C is for the caller, who then closes the line
            )
        self._answers: dict[int, queue.SimpleQueue[Message | None]] = {}
        self._lock = threading.Lock()
        self._number = 0
        self.was_ready = False
        self._dead = False
        self._reader = threading.Thread(target=self._read, name="govlab-forks", daemon=True)
        self._reader.start()
        self._finish = weakref.finalize(self, _close, ours, self.process)

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return not self._dead

    def ask(self, request: Message) -> Iterator[Message]:
        """What the parent says of one request, the last with ``end``; ParentDied if it ends before that."""
        box: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        with self._lock:
            if self._dead:
                raise self._died()
            self._number += 1
            number = self._number
            self._answers[number] = box
        try:
            try:
                with self._lock:
                    self._line.sendall(packed({**request, "number": number}))
            except OSError as error:
                raise self._died() from error
            while True:
                message = box.get()
                if message is None:
                    raise self._died()
                yield message
                if "end" in message:
                    return
        finally:
            self._answers.pop(number, None)

    def _read(self) -> None:
        lines = Lines()
        while True:
            try:
                data = self._line.recv(1 << 20)
            except OSError:
                data = b""
            if not data:
                break
            for message in lines.feed(data):
                if "ready" in message:
                    self.was_ready = True
                elif (box := self._answers.get(message["number"])) is not None:
                    box.put(message)
        with self._lock:
            self._dead = True
            for box in self._answers.values():
                box.put(None)

    def _died(self) -> ParentDied:
        return ParentDied(self._why(), was_ready=self.was_ready)

    def _why(self) -> str:
        with suppress(OSError, ValueError):
            self._errors.seek(0)
            return self._errors.read().decode("utf-8", "replace").strip()[-2000:]
        return ""

    def close(self) -> None:
        """Let the parent end, and every report that is under way with it."""
        self._finish()
        self._reader.join(10)
        self._errors.close()


def _close(line: socket.socket, process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def environment() -> dict[str, Any]:
    """What a report finds in its environment: the caller's, with threads of compiled code set to one."""
    return dict(os.environ) | {name: "1" for name in _SINGLE if name.endswith("_NUM_THREADS")}
