# ruff: noqa: E501, RUF005 - rows of tables read best on few lines
"""Invented inventories and life circles of four zones of the demo study; the same bytes every time.

Nobody, no organisation and no place in it exists. Coordinates are metres on a plane of their own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from govlab.institutions import inventory, reach

SEED = 31
ZONES = (
    ("paper-crane", "纸鹤", "Paper Crane", (1, 4, 5, 7)),
    ("compass", "罗盘", "Compass", ()),
    ("starfish", "海星", "Starfish", ()),
    ("brass-bell", "铜铃", "Brass Bell", ()),
)
CAPABILITIES = (
    ("meals", "助餐", "Meals for the old"),
    ("home-visits", "上门助老", "Help at home"),
    ("child-care", "课后托管", "After-school care"),
    ("repairs", "小修小补", "Small repairs"),
    ("health-talks", "健康讲座", "Health talks"),
    ("legal-advice", "法律咨询", "Legal advice"),
    ("rooms", "活动场地", "Rooms for meetings"),
    ("gardening", "绿化养护", "Care of green spaces"),
    ("phone-lessons", "手机课堂", "Phone lessons"),
)
# kind of participant -> its names, what it may offer, and what kind of thing that is
PARTNERS = (
    ("party", ("党群服务中心", "Party and residents' service centre"), ("rooms",), "space"),
    ("public-body", ("司法所", "Justice office"), ("legal-advice",), "skills"),
    ("institution", ("卫生服务站", "Health station"), ("health-talks", "home-visits"), "skills"),
    ("institution", ("第二小学", "Second primary school"), ("child-care", "rooms"), "space"),
    ("enterprise", ("物业公司", "Property company"), ("repairs", "gardening"), "time"),
    ("shop", ("食堂", "Canteen"), ("meals",), "goods"),
    ("shop", ("修理铺", "Repair shop"), ("repairs",), "skills"),
    ("social-organisation", ("晚晴服务社", "Evening Light service"), ("home-visits", "meals"), "time"),
    ("residents-group", ("花友小组", "Gardeners' group"), ("gardening",), "time"),
    ("residents-group", ("数字伙伴", "Digital companions"), ("phone-lessons",), "skills"),
)
KINDS = (
    ("station", "社区服务站", "Service station", 60, 4),
    ("clinic", "卫生服务站", "Health station", 40, 3),
    ("canteen", "助餐点", "Canteen", 30, 3),
    ("market", "菜市场", "Food market", None, 2),
    ("school", "小学", "Primary school", 240, 2),
    ("park", "口袋公园", "Pocket park", None, 4),
    ("library", "图书角", "Reading corner", 20, 2),
)
GROUPS = (("over-60", 40), ("40-to-59", 34), ("under-40", 24), ("organisations", 16))
START, DAY = dt.date(2024, 1, 8), dt.date(2025, 6, 30)
Row = dict[str, Any]


def later(day: dt.date, days: float) -> dt.date:
    """So many days on."""
    return day + dt.timedelta(days=int(days))


def named(zh: str, en: str) -> Row:
    """The two columns of a name."""
    return {"name::中文 (zh)": zh, "name::English (en)": en}


def communities(zone: tuple[str, str, str, tuple[int, ...]]) -> list[tuple[str, str, str]]:
    """Codes and names of six communities of a zone."""
    key, zh, en, _ = zone
    return [(f"{key}-{n:02d}", f"{zh}第{n}社区", f"{en} {n}") for n in range(1, 7)]


def book(draw: np.random.Generator) -> dict[str, list[Row]]:
    """The rows of every sheet."""
    rows: dict[str, list[Row]] = {sheet.name: [] for sheet in inventory.SHEETS}
    for code, zh, en in CAPABILITIES:
        rows["codes"].append({"list": "capability", "code": code, **named(zh, en)})
    for zone in ZONES:
        for code, zh, en in communities(zone):
            rows["codes"].append({"list": "place", "code": code, **named(zh, en)})
    for number, zone in enumerate(ZONES):
        _zone(rows, zone, number, draw)
    rows["rules"] = _rules(rows)
    rows["time_bank"] = _time_bank(draw)
    return rows


def _rules(rows: dict[str, list[Row]]) -> list[Row]:
    """One rule of each kind: a need that is promised, an exception on place, a canteen that is not to be asked."""
    said = []
    open_needs = [one for one in rows["needs"] if one["status"] == "open"]

    def pair(served: bool, skip: int) -> tuple[Row, Row]:
        found = [
            (need, resource) for need in open_needs for resource in rows["resources"]
            if need["capability"] in resource["capability"] and need["since"] >= resource["since"]
            and resource["until"] is None and need["id"][2] == resource["id"][2]
            and (need["place"] in resource["place"]) == served
        ]  # fmt: skip
        return found[skip]

    need, resource = pair(True, 3)
    said.append(
        {"rule": "must", "need": need["id"], "resource": resource["id"], "reason": "promised at a meeting"}
    )
    need, resource = pair(False, 2)
    said.append(
        {"rule": "may", "need": need["id"], "resource": resource["id"], "reason": "close by, agreed by phone"}
    )
    need, resource = pair(True, 12)
    said.append(
        {"rule": "never", "need": need["id"], "resource": resource["id"], "reason": "was refused before"}
    )
    return said


def _zone(
    rows: dict[str, list[Row]], zone: tuple[str, str, str, tuple[int, ...]], number: int, draw: Any
) -> None:
    _, zh, en, _ = zone
    places = communities(zone)
    # The zones differ in how many kinds of participants came to the table.
    partners = PARTNERS if number != 3 else PARTNERS[:5]
    own = []
    for place, (kind, (name_zh, name_en), offers, shares) in enumerate(partners):
        actor = f"A-{number + 1}{place + 1:02d}"
        own.append(actor)
        tests = draw.choice(["yes", "no", "unknown"], 3, p=[0.72, 0.1, 0.18])
        will = "no" if place == 4 and number == 1 else "yes"
        rows["actors"].append({
            "id": actor, **named(f"{zh}{name_zh}", f"{en}: {name_en}"), "kind": kind, "will": will,
            "ability": tests[0], "means": tests[1], "relation": tests[2], "since": later(START, draw.integers(0, 90)),
        })  # fmt: skip
        for turn, offer in enumerate(offers):
            served = ["*"] if kind == "party" else [
                one[0] for one in places if draw.random() < (0.75 if kind != "institution" else 0.5)
            ]  # fmt: skip
            since = later(START, draw.integers(60, 240))
            name = next(one for one in CAPABILITIES if one[0] == offer)
            rows["resources"].append({
                "id": f"R-{number + 1}{place + 1:02d}{turn + 1}",
                **named(f"{zh}{name_zh}：{name[1]}", f"{en} {name_en}: {name[2].lower()}"), "actor": actor,
                "shares": shares, "capability": [offer], "place": served or [places[0][0]], "since": since,
                "until": later(since, 420) if draw.random() < 0.3 else None,
                "capacity": int(draw.integers(2, 9)), "status": "open",
            })  # fmt: skip
    _needs(rows, number, places, draw)
    _others(rows, number, zone, places, own, draw)


def _needs(rows: dict[str, list[Row]], number: int, places: list[tuple[str, str, str]], draw: Any) -> None:
    for turn in range(44):
        place = places[int(draw.integers(0, 6))]
        code, zh, en = CAPABILITIES[
            int(draw.choice(9, p=[0.17, 0.17, 0.14, 0.12, 0.1, 0.06, 0.08, 0.06, 0.1]))
        ]
        since = later(START, draw.integers(90, 500))
        state = "done" if draw.random() < 0.22 else "dropped" if draw.random() < 0.05 else "open"
        rows["needs"].append({
            "id": f"N-{number + 1}{turn + 1:02d}",
            **named(f"{place[1]}{turn + 1}号楼组：{zh}", f"{place[2]}, block {turn + 1}: {en.lower()}"),
            "capability": code, "place": place[0], "since": since,
            "until": later(since, 365) if draw.random() < 0.35 else None, "amount": 1, "whole": "yes",
            "weight": int(draw.choice([1, 2, 3], p=[0.55, 0.3, 0.15])), "status": state,
            "closed": min(later(since, draw.integers(20, 200)), DAY) if state != "open" else None,
        })  # fmt: skip
    # The same need written down twice, as it happens.
    first = rows["needs"][-44]
    rows["needs"].append({**first, "id": f"N-{number + 1}99", "since": later(first["since"], 12),
                          **named(f"{first['name::中文 (zh)']}（再报）", f"{first['name::English (en)']} (again)"),
                          "until": None, "status": "open", "closed": None})  # fmt: skip


def _others(
    rows: dict[str, list[Row]], number: int, zone: tuple[str, str, str, tuple[int, ...]],
    places: list[tuple[str, str, str]], own: list[str], draw: Any,
) -> None:  # fmt: skip
    needs = [one["id"] for one in rows["needs"] if one["id"].startswith(f"N-{number + 1}")]
    troubles = (("电动车乱停", "Bicycles in the way"), ("路灯不亮", "Lamps out of order"), ("垃圾分类", "Sorting waste"),
                ("噪声", "Noise"), ("停车难", "Nowhere to park"))  # fmt: skip
    for turn in range(10):
        place = places[turn % 6]
        zh, en = troubles[turn % 5]
        since = later(START, draw.integers(30, 480))
        done = bool(draw.random() < 0.45)
        rows["problems"].append({
            "id": f"P-{number + 1}{turn + 1:02d}", **named(f"{place[1]}：{zh}", f"{place[2]}: {en.lower()}"),
            "place": [place[0]], "since": since, "status": "done" if done else "open",
            "closed": min(later(since, draw.integers(15, 150)), DAY) if done else None,
            "need": [str(draw.choice(needs))] if draw.random() < 0.5 else [],
        })  # fmt: skip
        invited = int(draw.integers(12, 60))
        rows["consultations"].append({
            "id": f"C-{number + 1}{turn + 1:02d}",
            **named(f"{place[1]}：议{zh}", f"{place[2]}: on {en.lower()}"), "place": [place[0]],
            "since": later(since, 10), "form": str(draw.choice(["talk", "council", "dialogue", "online"])),
            "convener": own[0] if draw.random() < 0.9 else "",
            "present": sorted(draw.choice(own, int(draw.integers(1, 4)), replace=False).tolist()) + ["residents"],
            "invited": invited, "attended": int(invited * draw.uniform(0.3, 0.9)),
            "about": [f"P-{number + 1}{turn + 1:02d}"] if draw.random() < 0.85 else [],
            "decided_by": str(draw.choice(["consensus", "vote", "convener", ""], p=[0.4, 0.2, 0.2, 0.2])),
            "rules": str(draw.choice(["yes", "no", "unknown"], p=[0.35, 0.35, 0.3])),
            "minutes": str(draw.choice(["yes", "no"], p=[0.7, 0.3])), "status": "done" if done else "open",
            "closed": min(later(since, 160), DAY) if done else None,
        })  # fmt: skip
    for sheet, kind, mark in (("service_projects", "Service", "S"), ("welfare_projects", "Undertaking", "W")):
        for turn in range(4):
            code, zh, en = CAPABILITIES[int(draw.integers(0, 9))]
            since = later(START, draw.integers(60, 400))
            done = bool(draw.random() < 0.4)
            what = ("服务项目", "公益项目")[sheet == "welfare_projects"]
            rows[sheet].append({
                "id": f"{mark}-{number + 1}{turn + 1}", **named(f"{zone[1]}{zh}{what}", f"{zone[2]}: {en.lower()} ({kind.lower()})"),
                "actor": str(draw.choice(own)), "capability": [code], "place": ["*"] if turn else [places[0][0]],
                "since": since, "status": "done" if done else "under-way",
                "closed": min(later(since, 180), DAY) if done else None,
            })  # fmt: skip
    for turn in range(6):
        since = later(START, draw.integers(120, 480))
        actor = str(draw.choice(own))
        rows["actions"].append({
            "id": f"X-{number + 1}{turn + 1}", **named(f"{zone[1]}公益行动{turn + 1}", f"{zone[2]}: action {turn + 1}"),
            "actor": actor, "need": [str(draw.choice(needs))], "place": [places[turn][0]], "since": since,
            "amount": int(draw.integers(1, 6)), "status": "done", "closed": min(later(since, 30), DAY),
        })  # fmt: skip
        rows["benefits"].append({
            "id": f"B-{number + 1}{turn + 1}", **named(f"{zone[1]}共享收益{turn + 1}", f"{zone[2]}: shared benefit {turn + 1}"),
            "shares": ("money", "goods", "space", "skills", "time", "space")[turn], "actor": actor,
            "receiver": "residents", "since": since, "status": "open",
        })  # fmt: skip
    _agreements(rows, number, own, draw)
    _library(rows, number, zone, own, draw)


def _agreements(rows: dict[str, list[Row]], number: int, own: list[str], draw: Any) -> None:
    # One zone opens rooms and nothing else, the old way; the others exchange more.
    old = number == 3
    for turn, partner in enumerate(own[1:6]):
        code = f"G-{number + 1}{turn + 1}"
        since = later(START, 20 * turn)
        thing = "space" if old else str(draw.choice(["space", "skills", "time", "goods", "money"]))
        rows["agreements"].append({
            "agreement": code, "giver": partner, "receiver": own[0], "shares": thing, "since": since,
            "until": later(since, 330),
        })  # fmt: skip
        if old and turn != 1:
            continue
        rows["agreements"].append({
            "agreement": code, "giver": own[0], "receiver": partner, "shares": "space", "since": since,
            "until": later(since, 330),
        })  # fmt: skip
        if draw.random() < 0.7:
            for giver, receiver in ((partner, own[0]), (own[0], partner))[: 1 + (draw.random() < 0.7)]:
                rows["agreements"].append({
                    "agreement": f"{code}b", "giver": giver, "receiver": receiver,
                    "shares": str(draw.choice(["space", "skills", "time", "goods"])), "since": later(since, 331),
                    "until": later(since, 900), "renews": code,
                })  # fmt: skip
    if old:
        rows["agreements"].append({
            "agreement": "G-4n", "giver": own[2], "receiver": own[0], "shares": "space", "since": dt.date(2025, 2, 1),
        })  # fmt: skip


def _library(
    rows: dict[str, list[Row]],
    number: int,
    zone: tuple[str, str, str, tuple[int, ...]],
    own: list[str],
    draw: Any,
) -> None:
    states = ["offered", "chosen", "bought", "running", "finished", "evaluated", "evaluated", "dropped"]
    for turn, state in enumerate(states):
        code, zh, en = CAPABILITIES[(turn + 2 * number) % 9]
        since = later(START, draw.integers(0, 120))
        row: Row = {
            "id": f"L-{number + 1}{turn + 1}", **named(f"{zone[1]}{zh}计划", f"{zone[2]}: plan for {en.lower()}"),
            "proposer": own[-1], "capability": [code], "since": since, "status": state,
        }  # fmt: skip
        if state in ("bought", "running", "finished", "evaluated"):
            row |= {"purchaser": own[0], "price": int(draw.integers(8, 60)) * 500, "bought": later(since, 40)}
        if state == "evaluated":
            promised = int(draw.integers(20, 60))
            row |= {
                "evaluated": later(since, 330), "evaluator": own[1] if turn == 5 else own[0],
                "promised": promised, "met": int(promised * draw.uniform(0.5, 1.1)),
            }  # fmt: skip
        rows["library"].append(row)


def _time_bank(draw: Any) -> list[Row]:
    """Hours among members of four groups; the young give more than they get."""
    members = [(f"m-{place:03d}", group) for place, group in enumerate(
        [name for name, count in GROUPS for _ in range(count)], 1)]  # fmt: skip
    gives = {"over-60": 0.6, "40-to-59": 1.0, "under-40": 1.4, "organisations": 0.8}
    gets = {"over-60": 2.2, "40-to-59": 0.9, "under-40": 0.5, "organisations": 0.25}
    out = np.array([gives[group] for _, group in members]) * draw.gamma(1.0, 1.0, len(members))
    back = np.array([gets[group] for _, group in members]) * draw.gamma(1.5, 1.0, len(members))
    rows = []
    for number in range(620):
        giver = int(draw.choice(len(members), p=out / out.sum()))
        receiver = int(draw.choice(len(members), p=back / back.sum()))
        if giver == receiver:
            continue
        day = later(START, draw.integers(0, 530))
        rows.append({
            "id": f"T-{number + 1:03d}", "date": day, "giver": members[giver][0], "giver_group": members[giver][1],
            "receiver": members[receiver][0], "receiver_group": members[receiver][1],
            "hours": float(draw.choice([0.5, 1, 1.5, 2, 3])), "capability": CAPABILITIES[int(draw.integers(0, 9))][0],
            "expires": later(day, 365),
        })  # fmt: skip
    return rows


def places(draw: np.random.Generator) -> dict[str, list[Row]]:
    """Facilities and population points of the four zones, each a square of two and a half kilometres."""
    facilities, points = [], []
    for number, zone in enumerate(ZONES):
        corner = np.array([3400.0 * (number % 2), 3400.0 * (number // 2)])
        centres = corner + draw.uniform(200, 2300, (6, 2))
        for place, (code, _, _) in enumerate(communities(zone)):
            for turn in range(14):
                at = centres[place] + draw.normal(0, 220, 2)
                points.append({
                    "point": f"{code}-p{turn + 1:02d}", "place": code, "residents": int(draw.integers(15, 60)),
                    "x": round(float(at[0]), 1), "y": round(float(at[1]), 1),
                })  # fmt: skip
        for kind, zh, en, capacity, count in KINDS:
            for turn in range(max(1, count - (number == 3))):
                at = corner + draw.uniform(100, 2400, 2)
                facilities.append({
                    "facility": f"{zone[0]}-{kind}-{turn + 1}", **named(f"{zone[1]}{zh}{turn + 1}", f"{zone[2]} {en.lower()} {turn + 1}"),
                    "kind": kind, "kind::中文 (zh)": zh, "kind::English (en)": en, "capacity": capacity,
                    "x": round(float(at[0]), 1), "y": round(float(at[1]), 1),
                })  # fmt: skip
    return {"facilities": facilities, "points": points}


def files() -> dict[str, tuple[bytes, str]]:
    """Path -> content and title."""
    return {
        "inventory.xlsx": (
            inventory.template(book(np.random.default_rng(SEED))), "Inventories of four zones, all invented",
        ),
        "circle.xlsx": (
            reach.template(places(np.random.default_rng(SEED + 1))),
            "Facilities and population points of four zones on an invented plane",
        ),
    }  # fmt: skip
