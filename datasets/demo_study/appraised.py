"""Invented appraisals of invented communities, for the schemes, rubrics and the checklist of institutions.

The communities of the four devolution zones are appraised in waves 2 and 3, each zone standing for a street;
two more communities were never asked anything in the survey. Everything rests on a strength of each
community that the survey's answers know nothing of. Raters have a severity of their own. Two communities
were seen by one rater only. Only ``Generator.random`` is used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

SEED = 20260614
UNASKED = {"ocarina": "ocarina-31", "starfish": "starfish-31"}
UNIT_HEAD = ["kind", "unit", "parent", "name_zh", "name_en", "size"]
HEAD = ["scheme", "period", "unit", "indicator", "rater", "value"]
PERIODS = ("2", "3")
PROJECTS = (
    ("eaves-library", "檐下书屋", "Library under the eaves"),
    ("stair-light", "楼道微光", "Stair lights"),
    ("repair-day", "修补日", "Repair day"),
    ("roof-garden", "屋顶菜园", "Roof garden"),
    ("story-bench", "故事长椅", "Story bench"),
    ("night-school", "夜间课堂", "Evening classes"),
    ("shared-tools", "共享工具间", "Shared tool room"),
    ("walking-bus", "结伴上学", "Walking to school together"),
)
DEPARTMENTS = (
    ("blue-office", "蓝色科", "Blue office"),
    ("green-office", "绿色科", "Green office"),
    ("white-office", "白色科", "White office"),
    ("amber-office", "琥珀科", "Amber office"),
)
RATERS = ("A", "B", "C", "D")
Row = list[str]


def draw(
    zones: list[tuple[str, str, str]], plan: tuple[list[str], list[Row]]
) -> tuple[tuple[list[str], list[Row]], tuple[list[str], list[Row]]]:
    """Units and appraisals, each as head and rows. zones: id, Chinese, English; plan: ``communities.csv``."""
    rng = np.random.default_rng(SEED)

    def normal(*shape: int) -> NDArray[np.float64]:
        found: NDArray[np.float64] = ndtri(rng.random(shape))
        return found

    streets = zones[8:12]  # those under devolution
    communities = _communities(streets, plan)
    units = [
        ["street", key, "", f"{zh}街道（虚构）", f"{en} street (fictional)", ""] for key, zh, en in streets
    ]
    units += [["community", *one] for one in communities]
    units += [["project", key, "", f"{zh}（虚构）", f"{en} (fictional)", ""] for key, zh, en in PROJECTS]
    units += [
        ["department", key, "", f"{zh}（虚构）", f"{en} (fictional)", ""] for key, zh, en in DEPARTMENTS
    ]
    units += [
        ["zone", key, "", f"{zh}片区（虚构）", f"{en} zone (fictional)", ""] for key, zh, en in zones[:4]
    ]
    names = [one[0] for one in communities]
    rows: list[Row] = []
    strength = normal(len(names))
    severity = 4 * normal(len(RATERS))
    for period in PERIODS:
        drift = 0.35 * normal(len(names)) + (0.25 if period == "3" else 0.0)
        rows += _aksu(period, names, strength + drift, severity, normal, rng)
        rows += _own(period, [key for key, _, _ in streets], normal)
    rows += _levels("beijing-seven-standardisations", names, _SEVEN, RATERS[:3], 3, strength, normal)
    rows += _levels("aksu-six-isations", names, _SIX, RATERS[:2], 1, strength, normal)
    rows += _levels(
        "zhejiang-five-shifts", [z[0] for z in zones[:4]], _FIVE, RATERS[:2], 3, normal(4), normal
    )
    rows += _levels("lulei-three-systems", [z[0] for z in streets], _THREE, RATERS[:3], 3, normal(4), normal)
    rows += _marks(
        "project-selection", [one[0] for one in PROJECTS], _CRITERIA, RATERS, (6.2, 1.3), (0, 10), normal
    )
    rows += _marks("aksu-reverse-appraisal", [one[0] for one in DEPARTMENTS], ("guidance",), names[:12],
                   (3.2, 0.6), (1, 5), normal)  # fmt: skip
    return (UNIT_HEAD, units), (HEAD, rows)


_SEVEN = ("station", "duties", "mechanisms", "volunteers", "workers", "facilities", "funding")
_SIX = ("party-work", "service", "it", "premises", "activities")
_FIVE = ("space", "core", "whole", "countryside", "fusion")
_THREE = ("rules", "actors", "services")
_CRITERIA = ("need", "doable", "shared")


def _communities(streets: list[tuple[str, str, str]], plan: tuple[list[str], list[Row]]) -> list[Row]:
    """Id, street, names and residents: those of the sample, and those nobody was asked in."""
    head, rows = plan
    at = {
        name: head.index(name)
        for name in ("zone", "community", "name_zh", "name_en", "residents_in_community")
    }
    found = []
    for key, zh, en in streets:
        for row in rows:
            if row[at["zone"]] == key:
                found.append(
                    [row[at["community"]], key, row[at["name_zh"]], row[at["name_en"]],
                     row[at["residents_in_community"]]]
                )  # fmt: skip
        if key in UNASKED:
            number = int(UNASKED[key].rpartition("-")[2])
            named = (f"{zh}片区第{number}社区（虚构）", f"{en} zone, community {number} (fictional)")
            found.append([UNASKED[key], key, *named, "160"])
    return found


def _aksu(period, names, strength, severity, normal, rng):
    """Counts, leaders' scores, merits and faults of one year."""
    scheme, rows = "aksu-3-plus-1", []
    counts = {
        "tasks-done": np.clip(79 + 9 * strength + 4 * normal(len(names)), 40, 99),
        "requests-answered": np.clip(72 + 11 * strength + 5 * normal(len(names)), 35, 99),
        "projects-accepted": np.clip(np.round(2.6 + 1.2 * strength + 0.8 * normal(len(names))), 0, 8),
    }
    for name, values in counts.items():
        rows += [
            [scheme, period, unit, name, "", f"{one:.0f}"] for unit, one in zip(names, values, strict=True)
        ]
    for place, unit in enumerate(names):
        seen = RATERS if place not in (5, 20) else RATERS[:1]
        marks = 70 + 9 * strength[place] + severity + 4 * normal(len(RATERS))
        for rater, mark in zip(seen, marks, strict=False):
            rows.append([scheme, period, unit, "leaders", rater, f"{np.clip(mark, 30, 100):.0f}"])
    for name, share in (("merits", 0.35), ("faults", 0.2)):
        often = (rng.random((len(names), 3)) < share / 2).sum(axis=1)
        rows += [[scheme, period, unit, name, "", str(n)] for unit, n in zip(names, often, strict=True) if n]
    return rows


def _own(period, streets, normal):
    """What three raters give each street for itself."""
    marks = 78 + 4 * normal(len(streets), 1) + 2 * normal(1, 3) + 3 * normal(len(streets), 3)
    return [
        ["aksu-3-plus-1", period, street, "own", rater, f"{np.clip(mark, 30, 100):.0f}"]
        for street, row in zip(streets, marks, strict=True)
        for rater, mark in zip(("P", "Q", "R"), row, strict=True)
    ]


def _levels(scheme, units, items, raters, top, strength, normal):
    """Levels that coders choose."""
    rows = []
    hard = 0.5 * normal(len(items))
    for place, unit in enumerate(units):
        for item, one in zip(items, hard, strict=True):
            middle = top * (0.62 + 0.16 * strength[place] - 0.12 * one + 0.12 * normal(1)[0])
            for rater, noise in zip(raters, normal(len(raters)), strict=True):
                level = int(np.clip(np.round(middle + 0.16 * top * noise), 0, top))
                rows.append([scheme, "3", unit, item, rater, str(level)])
    return rows


def _marks(scheme, units, items, raters, level, ends, normal):
    """Marks that raters give, each with a severity."""
    rows = []
    strength, severity = normal(len(units)), normal(len(raters))
    for place, unit in enumerate(units):
        for item in items:
            noise = 0.7 * normal(len(raters)) + 0.5 * normal(1)
            marks = level[0] + level[1] * (strength[place] + 0.5 * severity + noise)
            for rater, mark in zip(raters, marks, strict=True):
                rows.append([scheme, "3", unit, item, rater, f"{np.clip(np.round(mark), *ends):.0f}"])
    return rows
