"""Personal data: recognised by what a column is called and by what stands in it.

Chinese identity numbers are told by their check digit (GB 11643-1999, ISO 7064 MOD 11-2), so that an
ordinary long number is not taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from govlab.survey.wording import half_width, plain

Personal = Literal["ip", "phone", "id_number", "name", "account", "email", "location", "device"]

_HEADS: tuple[tuple[Personal, re.Pattern[str]], ...] = (
    ("ip", re.compile(r"^(来自|答题|用户)?ip(地址|address|_address)?$")),
    (
        "id_number",
        re.compile(r"身份证|证件号|护照号|社保卡号|id ?card|id ?number|passport|national ?id|\bssn\b"),
    ),
    ("phone", re.compile(r"手机|电话|联系方式|联系号码|telephone|phone|mobile|\btel\b|contactnumber")),
    ("email", re.compile(r"邮箱|电子邮件|e-?mail")),
    (
        "account",
        re.compile(
            r"微信|weixin|wechat|\bqq|qq号|open_?id|union_?id|[账帐]号|account|用户名|user_?name|user_?id"
            r"|昵称|nickname|微博|抖音"
        ),
    ),
    (
        "name",
        re.compile(
            r"姓名|(您|你|联系人|被访者|受访者|户主)的?(名字|称呼)|联系人|^名字$|^name$|full_?name"
            r"|(your|respondent'?s?|first|last|sur|family) ?_?name"
        ),
    ),
    (
        "location",
        re.compile(
            r"住址|地址|门牌|楼栋|楼号|房号|单元号|经纬度|经度|纬度|定位|地理位置"
            r"|(your|home|street|full|postal|e) ?_?address|^address$|geolocation|\bgps\b|coordinates"
            r"|latitude|longitude"
        ),
    ),
    ("device", re.compile(r"user ?agent|^ua$|device ?id|设备(号|id|标识)|imei|mac地址")),
)

_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
_PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"
)
_ID = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
_IP = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])"
    r"|(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{1,4}:){4,7}[0-9A-Fa-f:]{1,9}(?![0-9A-Fa-f:])"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_ACCOUNT = re.compile(
    r"(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])|wxid_[a-z0-9]{6,}"
    r"|(?:微信|weixin|wechat|vx|qq)号?\s*[:是为]?\s*(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9][A-Za-z0-9_-]{4,19}",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"-?\d{1,3}\.\d{4,}\s*[,， ]\s*-?\d{1,3}\.\d{4,}"
    r"|\d+\s*(?:号楼|幢|栋|号)\s*(?:\d+\s*单元\s*)?\d{3,4}\s*(?:室|号|房)?(?!\d)"
    r"|(?:路|街|弄|巷)\d+\s*(?:号|弄)\S{0,8}\d+\s*(?:室|幢|栋|号楼|单元)"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
# The hundred most frequent family names, and the common ones of two characters.
_SURNAMES = set(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
) | {"欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒"}
_NO_NAME_END = re.compile("(?:社区|小区|街道|村|镇|县|市|区|省|路|员|工|师|业|女|男|人|者|意|好|般)$")
# A telephone number has ten digits or more; an account of WeChat is a word of 28 signs.
_SHORTEST_NUMBER, _LONGEST_WORD = 10, 24
_SHARE = 0.5
_NAME_SHARE = 0.8
_FEWEST = 5


def by_head(head: str) -> Personal | None:
    """What a column holds about a person, by its name alone; what stands in brackets is advice, no name."""
    bare = _ASIDE.sub("", half_width(head))
    text, spaced = plain(bare), bare.strip().lower()
    for kind, pattern in _HEADS:
        if pattern.search(text) or pattern.search(spaced):
            return kind
    return None


def in_text(text: str) -> Personal | None:
    """What stands in a text about a person: number, address, account; None if nothing does."""
    bare = half_width(text)
    for match in _ID.finditer(bare):
        if id_number_holds(match[0]):
            return "id_number"
    patterns: tuple[tuple[Personal, re.Pattern[str]], ...] = (
        ("email", _EMAIL),
        ("phone", _PHONE),
        ("ip", _IP),
        ("account", _ACCOUNT),
        ("location", _PLACE),
    )
    for kind, pattern in patterns:
        if pattern.search(bare):
            return kind
    return None


def id_number_holds(number: str) -> bool:
    """Whether 18 signs are a Chinese identity number: a date that exists and the right check digit."""
    month, day = int(number[10:12]), int(number[12:14])
    if not (number[6:8] in ("18", "19", "20") and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def by_content(texts: Sequence[str], counts: NDArray[np.intp]) -> tuple[Personal | None, NDArray[np.bool_]]:
    """(what most of a column holds about people, which values hold something).

    texts: the values of the column, "" for none; counts: how often each occurs. The kind is given when
    at least half of the answers have it; names only where nearly all do and nearly all differ.
    """
    hits = np.zeros(len(texts), dtype=bool)
    kinds: dict[Personal, int] = {}
    if not texts:
        return None, hits
    filled = int(counts[np.array([bool(text) for text in texts])].sum())
    for at in _candidates(texts):
        kind = in_text(texts[at])
        if kind is not None:
            hits[at] = True
            kinds[kind] = kinds.get(kind, 0) + int(counts[at])
    if kinds and sum(kinds.values()) >= _SHARE * filled:
        return max(kinds, key=lambda kind: kinds[kind]), hits
    if _names(texts, counts, filled):
        return "name", np.array([bool(text) for text in texts])
    return None, hits


def _candidates(texts: Sequence[str]) -> list[int]:
    """The texts that may hold something, by the signs in them: most answers are passed by at little cost."""
    joined = "\n".join(texts) + "\n"
    signs = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)])[:-1]

    def count(wanted: NDArray[np.bool_]) -> NDArray[np.intp]:
        return np.add.reduceat(wanted, starts, dtype=np.intp)

    def any_of(letters: str) -> NDArray[np.intp]:
        return count(np.isin(signs, [ord(letter) for letter in letters]))

    half = np.where((signs >= 0xFF01) & (signs <= 0xFF5E), signs - 0xFEE0, signs)
    is_digit = (half >= 48) & (half <= 57)
    small = half | 32
    digits, letters = count(is_digit), count((small >= 97) & (small <= 122))
    dots, colons, ats, lines = (count(half == ord(sign)) for sign in ".:@_")
    places, chats = any_of("号幢栋弄室"), any_of("微wqvWQVｗｑｖＷＱＶ")
    likely = (digits >= _SHORTEST_NUMBER) | (ats > 0) | ((dots >= 3) & (digits >= 4)) | (colons >= 3)
    likely |= ((places > 0) & (digits >= 2)) | ((chats > 0) & ((digits > 0) | (lines > 0)))
    likely |= digits + letters + lines >= _LONGEST_WORD
    return [int(at) for at in np.flatnonzero(likely)]


def _names(texts: Sequence[str], counts: NDArray[np.intp], filled: int) -> bool:
    """Two to four Chinese characters that begin with a family name, hardly any of them twice."""
    like = [at for at, text in enumerate(texts) if 2 <= len(text) <= 4 and _is_name(text)]
    rows = int(sum(counts[at] for at in like))
    return filled >= _FEWEST and rows >= _NAME_SHARE * filled and len(like) >= _NAME_SHARE * rows


def _is_name(text: str) -> bool:
    bare = text.strip()
    return (
        _HAN_NAME.fullmatch(bare) is not None
        and (bare[0] in _SURNAMES or bare[:2] in _SURNAMES)
        and not _NO_NAME_END.search(bare)
    )
