"""What a cell prints, whichever way: through ``sys.stdout``, or past Python on the descriptor itself."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable

Publish = Callable[[str, str], None]  # stream name, text


class Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a report: kept until something else is shown, then published.

    publish: called with the name of the stream and the text.
    """

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, name: str, publish: Publish) -> None:
        self.name = name
        self._publish = publish
        self._kept: list[str] = []
        self._raw: int | None = None
        self._read = 0

    def capture(self, descriptor: int) -> None:
        """Take what is written to ``descriptor`` (by C code, by child processes) into this stream too."""
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), descriptor)
        # Every writer must append: they have places of their own in the file.
        self._raw = descriptor
        _append_only(descriptor)

    def fileno(self) -> int:
        """The descriptor behind it; io.UnsupportedOperation where there is none."""
        if self._raw is None:
            raise io.UnsupportedOperation("fileno")
        return self._raw

    def writable(self) -> bool:
        """Always."""
        return True

    def isatty(self) -> bool:
        """Never."""
        return False

    def write(self, text: str) -> int:
        """Keep the text, behind what came past Python before it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._fetch()
        self._kept.append(text)
        return len(text)

    def flush(self) -> None:
        """Publish what was kept."""
        self._fetch()
        if self._kept:
            text = "".join(self._kept)
            self._kept.clear()
            if text:
                self._publish(self.name, text)

    def _fetch(self) -> None:
        if self._raw is None:
            return
        try:
            size = os.fstat(self._raw).st_size
            if size > self._read:
                data = os.pread(self._raw, size - self._read, self._read)
                self._read += len(data)
                self._kept.append(data.decode("utf-8", "replace"))
        except OSError:
            self._raw = None  # the notebook closed it


def _append_only(descriptor: int) -> None:
    import fcntl

    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_APPEND)
