"""Workbooks that are archives: refused when they would unfold to far more than they are."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from govlab.errors import Fault, InputError

_BLOCK = 1 << 18
_FORMULA = re.compile(rb"<f[ >/]")
_LOCAL = struct.Struct("<4s5H3I2H")


@dataclass(frozen=True)
class Limits:
    """How far a workbook may unfold.

    ratio: unfolded size over stored size, looked at from ``ratio_from`` bytes on. most: bytes in all.
    """

    ratio: float = 100.0
    ratio_from: int = 50_000_000
    most: int = 2_000_000_000


@dataclass(frozen=True)
class Unfolded:
    """What an archive holds: bytes in all, and how many cells of its sheets hold a formula."""

    size: int
    formulas: int


def check_archive(path: Path, limits: Limits) -> Unfolded:
    """Unfold every part without keeping it; InputError if the archive is broken or unfolds too far.

    The sizes written in an archive can lie, so they are counted. Nothing is held but one block.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            parts = archive.infolist()
            size = formulas = 0
            for part in parts:
                count = _Counter(path, limits, size)
                if part.flag_bits & 1:
                    raise InputError(Fault("survey_intake.file.password", {}, (path.name,)))
                _unfold(file, part, count, seek_formulas=part.filename.startswith("xl/worksheets/"))
                size, formulas = count.size, formulas + count.formulas
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError) as error:
        raise InputError(Fault("survey_intake.file.truncated", {}, (path.name,))) from error
    return Unfolded(size, formulas)


class _Counter:
    """Counts what comes out and stops at the limits."""

    def __init__(self, path: Path, limits: Limits, before: int) -> None:
        self._path, self._limits = path, limits
        self._stored = max(1, path.stat().st_size)
        self.size, self.formulas = before, 0

    def add(self, block: bytes) -> None:
        self.size += len(block)
        if self.size > self._limits.most:
            values: dict[str, object] = {"size": amount(self._limits.most)}
            raise InputError(Fault("survey_intake.file.too_big", values, (self._path.name,)))
        ratio = self.size / self._stored
        if self.size > self._limits.ratio_from and ratio > self._limits.ratio:
            values = {"ratio": f"{ratio:.0f}", "allowed": f"{self._limits.ratio:g}"}
            raise InputError(Fault("survey_intake.file.bomb", values, (self._path.name,)))


def _unfold(file: object, part: zipfile.ZipInfo, count: _Counter, *, seek_formulas: bool) -> None:
    from typing import BinaryIO, cast

    source = cast(BinaryIO, file)
    source.seek(part.header_offset)
    head = _LOCAL.unpack(source.read(_LOCAL.size))
    if head[0] != b"PK\x03\x04":
        raise zipfile.BadZipFile(part.filename)
    source.seek(part.header_offset + _LOCAL.size + head[-2] + head[-1])
    left = part.compress_size
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError(part.compress_type)
    deflated = part.compress_type == zipfile.ZIP_DEFLATED
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    tail = b""
    while left > 0:
        stored = source.read(min(left, _BLOCK))
        if not stored:
            raise EOFError(part.filename)
        left -= len(stored)
        while stored:
            block = stream.decompress(stored, 16 * _BLOCK) if deflated else stored
            stored = stream.unconsumed_tail if deflated else b""
            count.add(block)
            # Sheets hold hardly any small f; to look for one first is many times faster.
            if seek_formulas and (b"f" in block or b"f" in tail):
                count.formulas += len(_FORMULA.findall(tail + block))
            tail = block[-2:]
    if deflated and not stream.eof and part.file_size:
        raise EOFError(part.filename)


def amount(size: int) -> str:
    """A number of bytes as a person says it."""
    return f"{size / 1e9:g} GB" if size >= 1e9 else f"{size / 1e6:g} MB"
