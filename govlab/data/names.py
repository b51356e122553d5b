"""File names that every system takes: what Windows reserves or refuses is replaced."""

from __future__ import annotations

import re
import unicodedata

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
_LONGEST = 150  # bytes of UTF-8: leaves room for an extension, a temporary ending and the path above


def safe_name(text: str) -> str:
    """``text`` as the name of a file or folder on Windows, macOS and Linux; never empty.

    Chinese stays as it is. Characters Windows refuses become ``-``; control and invisible
    characters go; white space becomes one space; device names (``con``, ``aux.txt``) get ``_``
    in front, and so does nothing at all. A safe name comes back unchanged. Two texts may give
    one name (and Windows does not tell ``A`` from ``a``): whoever plans files compares names
    by ``name_key``.
    """
    name = unicodedata.normalize("NFC", text)
    name = " ".join(
        "".join(sign if _visible(sign) else " " if sign.isspace() else "" for sign in name).split()
    )
    name = _FORBIDDEN.sub("-", name)
    name = name.lstrip(". ").rstrip(". ")
    if not name or _RESERVED.fullmatch(name.partition(".")[0].rstrip()):
        name = f"_{name}"
    return name.encode("utf-8")[:_LONGEST].decode("utf-8", errors="ignore").rstrip(". ")


def name_key(name: str) -> str:
    """What two names have in common that cannot stand in one folder: compare these, not the names."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _visible(sign: str) -> bool:
    # controls, format signs (zero width, bidi), surrogates, private use, unassigned; any white space
    return not sign.isspace() and not unicodedata.category(sign).startswith("C")
