"""Comparing words as people type and platforms print them: width, blanks, closing signs, added marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SAME = str.maketrans(
    dict.fromkeys("—–―‐‑−－﹣ー", "-") | dict(zip("〖〗【】“”‘’、﹑。", "[][]\"\"'',,.", strict=True))
)
_OPENING, _CLOSING = "([（［【〖", ")]）］】〗"
_WHOLE = re.compile(r"-?\d+\.0+")
_TAIL = re.compile(r"[\s:：*]+$")
_ENDING = re.compile(r"[\s:：?？.。,，;；*＊!！_]+$")
# What platforms add to a question: its type, the star of a required one, hints on how many to choose.
_MARKS = re.compile(
    r"[\[(](?:单选题?|多选题?|可多选|填空题?|矩阵(?:单选|多选|量表|文本)?题?|量表题?|排序题?|必答题?|必填|选填|非必填|"
    r"下拉题?|评分题?|最多选\d+项|至少选\d+项|single choice|multiple choice|required|optional)[\])]"
)
_ASKS = re.compile(r"[\[(](?:请(?:注明|说明|填写|写明|补充|具体说明)|please specify|specify)[:.]*[\])]")


@lru_cache(maxsize=8192)  # a form compares each label of a long list with every other
def plain(text: str) -> str:
    """The words of a label and nothing else: one width, no blanks, no closing signs, small letters."""
    found = unicodedata.normalize("NFKC", text).translate(_SAME).casefold()
    found = _MARKS.sub("", re.sub(r"\s+", "", found))
    found = _ENDING.sub("", found)
    return found.lstrip("*＊")


def without_marks(text: str) -> str:
    """A head without what a platform adds to a question: its type, that it is required."""
    return _MARKS.sub("", text)


def plain_option(text: str) -> str:
    """As ``plain``, and without the request to specify that stands beside "other"."""
    found = unicodedata.normalize("NFKC", text).translate(_SAME).casefold()
    return plain(_ASKS.sub("", found))


def half_width(text: str) -> str:
    """Digits and signs in one width, ends trimmed: for numbers and codes."""
    return unicodedata.normalize("NFKC", text).strip()


def whole(text: str) -> str:
    """As ``half_width``, and a whole number without the ``.0`` that spreadsheets and CSV writers add."""
    found = half_width(text)
    return found.split(".")[0] if _WHOLE.fullmatch(found) else found


def last_bracket(text: str) -> tuple[str, str] | None:
    """The words before and inside the bracket that closes a text, nested ones and all; else None."""
    body = _TAIL.sub("", text)
    if not body or body[-1] not in _CLOSING:
        return None
    depth = 0
    for place in range(len(body) - 1, -1, -1):
        if body[place] in _CLOSING:
            depth += 1
        elif body[place] in _OPENING:
            depth -= 1
            if depth == 0:
                return body[:place], body[place + 1 : -1]
    return None
