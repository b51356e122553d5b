"""Two languages: which one is asked for, and sentences from the message catalogues.

Messages live in ``govlab/locale/<lang>/<room>.po``; a key is ``room.name``. Both languages hold
every key; a test keeps them level. The files are plain gettext and any editor for it opens them,
but they are read here line by line: ``govlab --help`` has no time for a full parser.
"""

from __future__ import annotations

import locale
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
Message = str | tuple[str, ...]
_FOLDER = Path(__file__).resolve().parent / "locale"

_LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r'\\([\\trn"])')
_ESCAPED = {"\\": "\\", "t": "\t", "r": "\r", "n": "\n", '"': '"'}


def default_language() -> Lang:
    """From GOVLAB_LANG, then the locale: ``zh`` where it is Chinese, else ``en``."""
    asked = os.environ.get("GOVLAB_LANG") or ""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        asked = asked or os.environ.get(name, "")
    if not asked:
        asked = locale.getlocale()[0] or ""
    return "zh" if asked.lower().startswith(("zh", "chinese")) else "en"


def read_po(text: str) -> dict[str, Message]:
    """The messages of a .po file, plural forms as a tuple; the empty msgid (the header) left out.

    Comments, ``msgid``, ``msgid_plural``, ``msgstr`` and continued strings are read. ValueError for
    anything else (contexts, an unclosed string), with the line, and for a message given twice.
    """
    found: dict[str, Message] = {}
    for fields in _entries(text):
        forms = [value for name, value in fields.items() if name.startswith("msgstr")]
        if fields["msgid"] in found:
            raise ValueError(f"{fields['msgid']} appears twice")
        if fields["msgid"] and forms:
            found[fields["msgid"]] = tuple(forms) if "msgid_plural" in fields else forms[0]
    return found


def _entries(text: str) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    name = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None or not (match[1] or name):
            raise ValueError(f"line {number} is not part of a message: {line[:60]}")
        if match[1] == "msgid" and fields:
            yield fields
            fields = {}
        name = match[1] or name
        value = _ESCAPE.sub(lambda hit: _ESCAPED[hit[1]], match[2])
        fields[name] = fields.get(name, "") + value
    if fields:
        yield fields


@lru_cache(maxsize=64)
def messages(room: str, lang: str) -> Mapping[str, Message]:
    """Every message of one room in one language; plural forms as a tuple."""
    path = _FOLDER / lang / f"{room}.po"
    if not path.is_file():
        raise LookupError(f"no messages for {room!r} in {lang!r}")
    return MappingProxyType(read_po(path.read_text(encoding="utf-8")))


def say(key: str, values: Mapping[str, object] | None = None, *, lang: str = "en") -> str:
    """The sentence ``key`` filled with ``values``; LookupError for a key that is not there.

    Where the message has plural forms, ``values["n"]`` chooses: the first for 1, the last otherwise.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, got {lang!r}")
    room = key.partition(".")[0]
    text = messages(room, lang).get(key)
    if text is None:
        raise LookupError(f"no message {key!r} in {lang!r}")
    values = values or {}
    if isinstance(text, tuple):
        text = text[0] if values.get("n") == 1 else text[-1]
    return text.format_map(values)


def listed(names: Iterable[str], lang: str) -> str:
    """Several names in a sentence: 、 in Chinese; commas and 'and' in English."""
    names = list(names)
    if lang == "zh":
        return "、".join(names)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
