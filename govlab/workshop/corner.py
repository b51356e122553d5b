"""A street corner with four needs and three offers, small enough to match by hand; all of it invented."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from govlab.language import listed, say

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.inventory import Inventory

DAY = dt.date(2025, 1, 6)
_WORDS = (
    ("capability", "meals", "助餐", "meals for the old"),
    ("capability", "repairs", "小修小补", "small repairs"),
    ("capability", "phone-lessons", "手机课堂", "phone lessons"),
    ("place", "east", "东院", "East Court"),
    ("place", "west", "西院", "West Court"),
)
# Written down in this order; whoever serves them one by one meets two, although three can be met.
_NEEDS = (
    ("N-1", "东院三号楼", "East Court 3", "meals", "east"),
    ("N-2", "西院五号楼", "West Court 5", "meals", "west"),
    ("N-3", "西院一号楼", "West Court 1", "repairs", "west"),
    ("N-4", "东院七号楼", "East Court 7", "phone-lessons", "east"),
)
_OFFERS = (
    ("R-1", "互助社", "Mutual aid society", "social-organisation", ("meals", "repairs"), ("*",)),
    ("R-2", "小食堂", "Little canteen", "shop", ("meals",), ("east",)),
    ("R-3", "修理铺", "Repair shop", "shop", ("repairs",), ("west",)),
)


def lists() -> Inventory:
    """The corner as an inventory: each offer serves one need, each need counts the same."""
    from govlab.institutions.inventory import Inventory

    zh, en = "name::中文 (zh)", "name::English (en)"
    return Inventory.of(
        {
            "codes": [{"list": kind, "code": code, zh: a, en: b} for kind, code, a, b in _WORDS],
            "actors": [
                {"id": f"A-{one[0]}", zh: one[1], en: one[2], "kind": one[3], "will": "yes", "since": DAY}
                for one in _OFFERS
            ],
            "needs": [
                {"id": code, zh: a, en: b, "capability": what, "place": place, "since": DAY, "status": "open"}
                for code, a, b, what, place in _NEEDS
            ],
            "resources": [
                {
                    "id": code, zh: a, en: b, "actor": f"A-{code}", "shares": "time",
                    "capability": list(what), "place": list(places), "since": DAY, "capacity": 1,
                    "status": "open",
                }
                for code, a, b, _, what, places in _OFFERS
            ],
        },
        "corner",
    )  # fmt: skip


def needs(lang: str) -> pd.DataFrame:
    """The list of needs as it lies on the table: what is asked for, and where."""
    import pandas as pd

    held = lists()
    frame = held.sheet("needs")
    rows = [
        (held.label("capability", what, lang), held.label("place", place, lang))
        for what, place in zip(frame["capability"], frame["place"], strict=True)
    ]
    names = [held.label("needs", code, lang) for code in frame["id"]]
    return pd.DataFrame(rows, names, [_say("what", lang), _say("where", lang)])


def offers(lang: str) -> pd.DataFrame:
    """The list of opened resources: who, what they can do, whom they serve, for how many needs."""
    import pandas as pd

    held = lists()
    frame = held.sheet("resources")
    words = held.label
    rows = []
    for skills, places, capacity in zip(frame["capability"], frame["place"], frame["capacity"], strict=True):
        served = [_say("everywhere", lang) if one == "*" else words("place", one, lang) for one in places]
        able = [words("capability", one, lang) for one in skills]
        rows.append((listed(able, lang), listed(served, lang), int(capacity)))
    names = [words("resources", code, lang) for code in frame["id"]]
    return pd.DataFrame(rows, names, [_say(one, lang) for one in ("can", "serves", "how_many")])


def matched(lang: str) -> pd.DataFrame:
    """A best match in words: who serves each need, or what stands in the way."""
    import pandas as pd

    from govlab.institutions.inventory import match

    held = lists()
    found = match(held, on=DAY)
    frame = found.to_frame()
    by = dict(zip(frame["need"], frame["resource"], strict=True))
    left = found.by_need()
    rows = [
        (held.label("resources", by[code], lang), "")
        if code in by
        else ("—", say(f"inventory_report.why.{reason}", lang=lang))
        for code, reason in zip(left["id"], left["reason"], strict=True)
    ]
    names = [held.label("needs", code, lang) for code in left["id"]]
    return pd.DataFrame(rows, names, [_say("served_by", lang), _say("in_the_way", lang)])


def _say(key: str, lang: str) -> str:
    return say(f"corner.{key}", lang=lang)
