"""The smallest .xls file that holds a table of texts and numbers: BIFF8 records in a compound file."""

from __future__ import annotations

import struct
from pathlib import Path

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write_xls(path: Path, rows: list[list[object]]) -> Path:
    """Write one sheet."""
    path.write_bytes(_compound(_workbook(rows)))
    return path


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _workbook(rows: list[list[object]]) -> bytes:
    def bof(kind: int) -> bytes:
        return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))

    name = "Sheet1".encode("utf-16-le")
    head = bof(0x0005) + _record(0x0042, struct.pack("<H", 1200))
    place = len(head) + 4 + 8 + len(name) + 4
    head += _record(0x0085, struct.pack("<IBBBB", place, 0, 0, 6, 1) + name) + _record(0x000A, b"")
    sheet = bof(0x0010)
    width = max(map(len, rows))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            at = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, (int, float)):
                sheet += _record(0x0203, at + struct.pack("<d", cell))
            elif cell not in ("", None):
                text = str(cell).encode("utf-16-le")
                sheet += _record(0x0204, at + struct.pack("<HB", len(text) // 2, 1) + text)
    return head + sheet + _record(0x000A, b"")


def _compound(stream: bytes) -> bytes:
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    tables = 1
    while tables * (_SECTOR // 4) < tables + 1 + count:
        tables += 1
    first = tables + 1
    chain = [_FAT] * tables + [_END] + [first + at + 1 for at in range(count - 1)] + [_END]
    chain += [_FREE] * (tables * (_SECTOR // 4) - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, 4096, _END, 0, _END, 0
    )
    header += b"".join(struct.pack("<I", at if at < tables else _FREE) for at in range(109))
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, first, len(stream))
    directory = directory.ljust(_SECTOR, b"\0")
    return header + b"".join(struct.pack("<I", at) for at in chain) + directory + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    body = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, _FREE, _FREE, child)
    return body + b"\0" * 36 + struct.pack("<IQ", start, size)
