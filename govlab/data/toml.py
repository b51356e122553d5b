"""TOML files that people write: read whole, with the line every field stands on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govlab.errors import Fault, InputError

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?\s*(?:#.*)?")
_NAME = r"(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)"
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_STEP = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
_AT_LINE = re.compile(r"(?P<why>.*?)\s*\(at line (?P<line>\d+), column (?P<column>\d+)\)")


@dataclass(frozen=True, eq=False)
class Toml:
    """What a TOML file holds, and where."""

    path: Path
    data: dict[str, Any]
    lines: Mapping[tuple[int | str, ...], int]

    def where(self, loc: tuple[int | str, ...] = ()) -> tuple[str, ...]:
        """``("study.toml:7",)``: the file and the line of a field, or of the table it is missing from."""
        for end in range(len(loc), 0, -1):
            line = self.lines.get(loc[:end])
            if line is not None:
                return (f"{self.path.name}:{line}",)
        return (self.path.name,)


def read_toml(path: Path) -> Toml:
    """Read a TOML file; InputError says which line is broken, or that it is not UTF-8 or not there.

    A byte order mark, which Notepad writes, is accepted.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(Fault("data.toml.missing", {}, (str(path),))) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(Fault("data.toml.unreadable", {"why": why}, (str(path),))) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InputError(Fault("data.toml.encoding", {}, (f"{path.name}:{line}",))) from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_broken(path, str(error), text)) from error
    return Toml(path, data, field_lines(text))


def _broken(path: Path, said: str, text: str) -> Fault:
    match = _AT_LINE.fullmatch(said)
    # tomllib says "(at end of document)" where a string or an array is never closed.
    line = int(match["line"]) if match else text.rstrip("\n").count("\n") + 1
    lines = text.splitlines()
    shown = lines[line - 1].strip()[:60] if 0 < line <= len(lines) else ""
    return Fault("data.toml.broken", {"shown": shown}, (f"{path.name}:{line}",))


def field_lines(text: str) -> dict[tuple[int | str, ...], int]:
    """The line of every key and table of a valid TOML text; keys inside inline tables are left to them."""
    found: dict[tuple[int | str, ...], int] = {}
    counts: dict[tuple[int | str, ...], int] = {}
    table: tuple[int | str, ...] = ()
    closing = ""  # of a multi-line string we are inside of
    for number, line in enumerate(text.splitlines(), 1):
        if closing:
            if closing in line:
                closing = ""
            continue
        header, key = _HEADER.fullmatch(line), _KEY.match(line)
        if header is not None:
            table = _resolved(_steps(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            found.setdefault(table, number)
        elif key is not None:
            found.setdefault((*table, *_steps(key[1])), number)
            rest = line[key.end() :]
            for quotes in ('"""', "'''"):
                if rest.count(quotes) == 1:
                    closing = quotes
    return found


def _steps(text: str) -> tuple[str, ...]:
    return tuple(match[1] or match[2] or match[3] or "" for match in _STEP.finditer(text))


def _resolved(steps: tuple[str, ...], counts: Mapping[tuple[int | str, ...], int]) -> tuple[int | str, ...]:
    """``reports.grid`` under the second ``[[reports]]`` is ``("reports", 1, "grid")``."""
    path: tuple[int | str, ...] = ()
    for place, step in enumerate(steps, 1):
        path = (*path, step)
        if path in counts and place < len(steps):
            path = (*path, counts[path])
    return path
