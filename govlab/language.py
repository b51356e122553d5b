"""Two languages: which one is asked for, and sentences from the message catalogues.

Messages live in ``govlab/locale/<lang>/<room>.po``; a key is ``room.name``. Both languages hold
every key; a test keeps them level.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
_FOLDER = Path(__file__).resolve().parent / "locale"


def default_language() -> Lang:
    """From GOVLAB_LANG, then the locale: ``zh`` where it is Chinese, else ``en``."""
    asked = os.environ.get("GOVLAB_LANG") or ""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        asked = asked or os.environ.get(name, "")
    if not asked:
        asked = locale.getlocale()[0] or ""
    return "zh" if asked.lower().startswith(("zh", "chinese")) else "en"


@lru_cache(maxsize=64)
def messages(room: str, lang: str) -> Mapping[str, str | tuple[str, ...]]:
    """Every message of one room in one language; plural forms as a tuple."""
    from babel.messages.pofile import read_po

    path = _FOLDER / lang / f"{room}.po"
    if not path.is_file():
        raise LookupError(f"no messages for {room!r} in {lang!r}")
    with path.open("rb") as file:
        entries = read_po(file, locale=lang)
    found: dict[str, str | tuple[str, ...]] = {}
    for entry in entries:
        if entry.id:
            key = entry.id[0] if isinstance(entry.id, (tuple, list)) else entry.id
            found[key] = tuple(entry.string) if isinstance(entry.string, (tuple, list)) else entry.string
    return found


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
