"""Text files: which encoding, which separator, then column by column. Both are detected and stated."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from pathlib import Path

from govlab.errors import Fault, InputError
from govlab.survey.intake.archive import Limits
from govlab.survey.intake.raw import Codes, Raw, no_rows
from govlab.survey.intake.spreadsheet import first_bytes

_BLOCK = 1000
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff\ue000-\uf8ff]{4,}")
_LOST = re.compile("\ufffd|锟斤拷")
_LEAST_COMMON = 0.9
_BINARY = re.compile("[\x00-\x08\x0e-\x1f]")


def read_text(path: Path, limits: Limits, header_row: int = 1) -> Raw:
    """A CSV or TSV file; InputError if no encoding fits, or if the words in it are damaged already."""
    first_bytes(path)
    if path.stat().st_size > limits.most:
        from govlab.survey.intake.archive import amount

        raise InputError(Fault("survey_intake.file.too_big", {"size": amount(limits.most)}, (path.name,)))
    data = path.read_bytes()
    encoding, text = decode(data, path.name)
    del data
    separator = _separator(text)
    csv.field_size_limit(10_000_000)
    # Without newline="" a line break inside an answer would change.
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    try:
        heads = next(islice(lines, header_row - 1, None), None)
        if heads is None:
            raise no_rows(path.name)
        width = len(heads)
        columns = [Codes() for _ in heads]
        line = header_row
        while block := list(islice(lines, _BLOCK)):
            for row in block:
                line += 1
                if len(row) != width:
                    _even(row, width, path.name, line)
            for column, cells in zip(columns, zip(*block, strict=True), strict=True):
                column.extend(cells)
    except csv.Error as error:
        raise InputError(
            Fault("survey_intake.file.text_broken", {"line": lines.line_num}, (path.name,))
        ) from error
    return Raw.of(
        path.name,
        heads,
        columns,
        form="csv",
        encoding=encoding,
        separator=separator,
        first_row=header_row + 1,
    )


def _even(row: list[str], width: int, file: str, line: int) -> None:
    """Bring a short row to full width; a longer one has a separator too many, and nobody knows where."""
    extra = row[width:]
    if any(cell.strip() for cell in extra):
        values: dict[str, object] = {"line": line, "found": len(row), "heads": width}
        raise InputError(Fault("survey_intake.file.too_wide", values, (file,)))
    del row[width:]
    row.extend([""] * (width - len(row)))


def decode(data: bytes, file: str) -> tuple[str, str]:
    """(name of the encoding, text): by its mark, else UTF-8, else GB18030 if that gives common words."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return _sound(name, data.decode(name), file)
            except UnicodeDecodeError as error:
                raise _wrong(file, data, error.start) from error
    try:
        return _sound("utf-8", data.decode("utf-8"), file)
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.reason == "unexpected end of data":
            raise InputError(Fault("survey_intake.file.text_cut", {}, (file,))) from error
        at = error.start
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _wrong(file, data, at) from error
    if not _common(text):
        raise _wrong(file, data, at)
    return _sound("gb18030", text, file)


def _sound(name: str, text: str, file: str) -> tuple[str, str]:
    if _BINARY.search(text[:100_000]):
        raise InputError(Fault("survey_intake.file.binary", {}, (file,)))
    sample = text[:200_000]
    shown = next((run for run in _HAN_RUN.findall(sample) if _twice_read(run)), "")
    lost = _LOST.findall(text)
    # One stray sign is somebody's typing; several are a file that was saved in the wrong encoding.
    if shown or len(lost) > 2:
        raise InputError(Fault("survey_intake.file.damaged", {"shown": shown[:12] or lost[0]}, (file,)))
    return name, text


def _twice_read(run: str) -> bool:
    """Whether Chinese characters are UTF-8 that somebody read as GBK: their bytes are UTF-8 again."""
    stored = run.encode("gb18030", "ignore")
    again = "".join(_HAN.findall(stored.decode("utf-8", "ignore")))
    return len(again.encode()) >= 0.7 * len(stored)


def _common(text: str) -> bool:
    """Whether the Chinese in a text is made of everyday characters (GB 2312), as real words are."""
    han = _HAN.findall(text[:1_000_000])
    strange = sum("\ue000" <= sign <= "\uf8ff" for sign in text[:1_000_000])
    if not han:
        return False
    everyday = 0
    for sign in han:
        try:
            sign.encode("gb2312")
        except UnicodeEncodeError:
            continue
        everyday += 1
    return everyday >= _LEAST_COMMON * len(han) and strange == 0


def _wrong(file: str, data: bytes, at: int) -> InputError:
    line = data[:at].count(b"\n") + 1
    return InputError(Fault("survey_intake.file.encoding", {"line": line}, (file,)))


def _separator(text: str) -> str:
    """Comma, tab or semicolon: the one that cuts the first line into most pieces, outside quotes."""
    first = text[: max(text.find("\n"), 0) or len(text)]
    bare = re.sub(r'"[^"]*"', "", first)
    return max(",\t;", key=bare.count)
