"""Column heads: the number of a question, its words, and the option or row that stands beside them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from govlab.survey.wording import last_bracket, plain, plain_option, without_marks

_NUMBER = re.compile(
    r"^\s*[*＊]?\s*(?:第\s*(\d{1,3})\s*题|[Qq](\d{1,3})(?=[_.、:\s])|(\d{1,3})(?=\s*[、.:_]))[\s、.:_]*"
)
_CUT = re.compile(r"[-—–―]+|:|_(?=\D)")


@dataclass(frozen=True)
class Head:
    """A head taken apart.

    whole: all its words, without number. number: of the question on the platform, None without one.
    bare: the number is all there is of the question. splits: (question, option or row), likely ones first.
    """

    raw: str
    whole: str
    number: int | None
    bare: bool
    splits: tuple[tuple[str, str], ...]


def take_apart(raw: str) -> Head:
    """Read a head; nothing is decided: brackets may be a part of the question or an option beside it."""
    text = without_marks(unicodedata.normalize("NFKC", raw)).strip()
    match = _NUMBER.match(text)
    number = int(next(group for group in match.groups() if group)) if match else None
    body = text[match.end() :] if match else text
    splits = []
    cut = last_bracket(body)
    if cut is not None:
        splits.append((plain(cut[0]), plain_option(cut[1])))
    for place in _CUT.finditer(body):
        before, after = body[: place.start()], body[place.end() :]
        if after.strip():
            splits.append((plain(before), plain_option(after)))
    bare = number is not None and (not plain(body) or (cut is not None and not plain(cut[0])))
    return Head(raw, plain(body), number, bare, tuple(dict.fromkeys(splits)))
