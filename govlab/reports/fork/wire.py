"""How caller, parent and child talk: one JSON object a line."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Iterator
from typing import Any

Message = dict[str, Any]


class Lines:
    """Bytes as they come, handed back as whole messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are complete with these bytes."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            if line:
                yield json.loads(line)


def packed(message: Message) -> bytes:
    """A message as a line."""
    return json.dumps(message, ensure_ascii=True, default=str).encode("ascii") + b"\n"


def hidden(value: object) -> str:
    """A Python object inside a message; only between processes of our own."""
    return pickle.dumps(value).hex()


def shown(text: str) -> Any:
    """What ``hidden`` put in."""
    return pickle.loads(bytes.fromhex(text))


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte to a blocking descriptor."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
