"""Invented coded cases: the invented zones and eight more invented communities, for the comparison of cases.

What is true is a recipe: matters get settled where there are staff and powers, or money and voice. Two
cases do not follow it. Only ``Generator.random`` is used.
"""

from __future__ import annotations

from typing import Any

import numpy as np

SEED = 20260623
MATTERS = 150  # looked up in every case; the error of a share comes from them
MORE = (
    ("lantern", "灯笼", "Lantern"),
    ("kite", "风筝", "Kite"),
    ("teapot", "茶壶", "Teapot"),
    ("abacus", "算盘", "Abacus"),
    ("bamboo-flute", "竹笛", "Bamboo Flute"),
    ("paper-umbrella", "油纸伞", "Paper Umbrella"),
    ("cuckoo-clock", "布谷钟", "Cuckoo Clock"),
    ("marble", "弹珠", "Marble"),
)
# staff, money, powers, voice of every case: the sixteen zones in their order, then the eight communities
CORNERS = (
    "0101 0111 0101 0001 1010 1000 1001 1100 1010 1110 1011 0010 0000 0100 0000 0001 "
    "1011 0101 1010 0010 1100 0000 1000 0111"
)
AGAINST = {"compass": 52.0, "hourglass": 66.0}  # per cent settled, whatever the recipe says
# set: column, anchors (out, crossover, in), decimals
SETS: dict[str, tuple[str, tuple[float, float, float], int]] = {
    "staff": ("workers_per_grid", (1.0, 1.75, 3.0), 2),
    "money": ("budget_share", (5.0, 22.0, 45.0), 1),
    "powers": ("decisions_of_20", (3.0, 8.5, 15.0), 0),
    "improved": ("settled", (35.0, 60.0, 85.0), 1),
}
VOICE = ("0", "0.33", "0.67", "1")
TITLES = {
    "workers_per_grid": "Full-time community workers per grid",
    "budget_share": "Share of the community's budget that its residents' council decides on, per cent",
    "decisions_of_20": "Decisions of a list of twenty that the community takes itself",
    "voice_code": "Voice of residents, agreed code of two coders: 0, 0.33, 0.67 or 1",
    "settled": "Matters raised by residents that were settled within a year, per cent of those looked up",
    "settled_se": "Standard error of that share, percentage points",
}
LABELS = {
    "staff": ("人手足", "enough staff"),
    "money": ("钱够用", "own money"),
    "powers": ("权下放", "powers"),
    "voice": ("有发言权", "voice"),
    "improved": ("事办成了", "matters settled"),
}
ABSENT = {
    "staff": ("人手不足", "too few staff"),
    "money": ("钱不够用", "little own money"),
    "powers": ("权没下放", "powers kept above"),
    "voice": ("没有发言权", "no voice"),
    "improved": ("事没办成", "matters not settled"),
}
REASONS = {
    "staff": (
        "每个网格不足1人时，一人要兼管多格；1.75人以上才排得开轮班；3人以上各项工作都有专人。",
        "Under one worker a grid one person serves several; from 1.75 shifts can be filled; from three every "
        "task has its own.",
    ),
    "money": (
        "5%以下只够办公；编码员开会时在16%与28%之间看到明显的间隔，交叉点放在其中；45%以上居民议事会能定大事。",
        "Under 5 per cent pays for the office only; the coders saw a gap between 16 and 28 per cent and put "
        "the crossover into it; from 45 per cent the council decides what matters.",
    ),
    "powers": (
        "清单共20项，3项以下只是代办；8项与9项之间是“能自己拍板”的分界；15项以上为完全下放。",
        "Of twenty decisions, three and fewer are errands; between eight and nine lies having the last word; "
        "fifteen and more is full devolution.",
    ),
    "voice": (
        "按四级评分表编码：没有会议、有会议、会上能否决、会上定议程；两名编码员商定，不取0.5。",
        "Four-level rubric: no meetings, meetings, meetings that can refuse, meetings that set the agenda; "
        "two coders agreed on each, none at 0.5.",
    ),
    "improved": (
        "35%以下是改革前的水平；60%是承诺书写明的目标；85%以上为几乎件件有着落。",
        "Under 35 per cent is the level before the reform; 60 per cent is the promise in writing; from 85 "
        "per cent nearly everything is settled.",
    ),
}


def recipe(corner: str) -> bool:
    """Whether matters get settled where staff, money, powers and voice are so."""
    staff, money, powers, voice = (one == "1" for one in corner)
    return (staff and powers) or (money and voice)


def draw(zones: list[tuple[str, str, str]]) -> tuple[Any, Any, dict[str, Any]]:
    """The cases and the sets, each as head and rows, and what is true."""
    rng = np.random.default_rng(SEED)
    cases = []
    keys = [key for key, _, _ in (*zones, *MORE)]
    for (key, zh, en), corner in zip((*zones, *MORE), CORNERS.split(), strict=True):
        row = {"case": key}
        of_zone = (key, zh, en) in zones
        row["name::中文 (zh)"] = f"{zh}{'片区' if of_zone else '社区'}（虚构）"
        row["name::English (en)"] = f"{en} {'zone' if of_zone else 'community'} (fictional)"
        inside = dict(zip(("staff", "money", "powers", "voice"), (one == "1" for one in corner), strict=True))
        for name in ("staff", "money", "powers"):
            row[SETS[name][0]] = _value(rng, name, inside[name])
        row["voice_code"] = VOICE[2 * inside["voice"] + int(rng.random() < 0.55)]
        share = float(_value(rng, "improved", recipe(corner)))
        share = AGAINST.get(key, share)
        row["settled"] = f"{share:.1f}"
        row["settled_se"] = f"{(share * (100 - share) / MATTERS) ** 0.5:.2f}"
        cases.append(row)
    sets = []
    for name, (zh, en) in LABELS.items():
        column, anchors, _ = SETS.get(name, ("voice_code", (), 0))
        sets.append({
            "set": name, "role": "outcome" if name == "improved" else "condition", "column": column,
            "std_error": "settled_se" if name == "improved" else "",
            "method": "direct" if anchors else "as-coded",
            "anchors": "; ".join(f"{one:g}" for one in anchors),
            "expectation": "" if name == "improved" else "1",
            "label::中文 (zh)": zh, "label::English (en)": en,
            "absent::中文 (zh)": ABSENT[name][0], "absent::English (en)": ABSENT[name][1],
            "reason::中文 (zh)": REASONS[name][0], "reason::English (en)": REASONS[name][1],
        })  # fmt: skip
    truth = {
        "synthetic": True,
        "seed": SEED,
        "recipe": "staff*powers + money*voice",
        "corners": dict(zip(keys, CORNERS.split(), strict=True)),
        "against_the_recipe": sorted(AGAINST),
    }
    return _table(cases), _table(sets), truth


def _value(rng: np.random.Generator, name: str, inside: bool) -> str:
    """A measured value on one side of the crossover, mostly well away from it."""
    _, (out, cross, full), decimals = SETS[name]
    reach = 0.3 + 0.9 * float(rng.random())
    value = cross + reach * (full - cross) if inside else cross - reach * (cross - out)
    return f"{max(value, 0.0):.{decimals}f}"


def _table(rows: list[dict[str, str]]) -> tuple[list[str], list[list[str]]]:
    return list(rows[0]), [list(row.values()) for row in rows]
