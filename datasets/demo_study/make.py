# ruff: noqa: E402 - the modules beside this script are found once its folder is on the path
"""Writes the demo study: zones, communities, questionnaire, three files of answers, what is true, descriptor.

The same bytes every time: ``python datasets/demo_study/make.py``. Nobody and no place in it exists.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))
sys.dont_write_bytecode = True  # nothing but data and scripts lies in this folder

from appraised import draw as draw_appraised
from coded import draw as draw_coded
from describe import PLAN_COLUMNS, descriptor
from devolved import TITLES as DEVOLVED
from devolved import draw as draw_devolved
from devolved import written
from draw import PEOPLE, Drawn, sample
from indicators import draw as draw_indicators
from indicators import truth_bytes
from lists import files as draw_lists
from population import (
    AFTER,
    AGES,
    EFFECTS,
    ITEMS,
    KNOWLEDGE,
    MODELS,
    SEED,
    STRATA,
    WAVES,
    Population,
    build,
    model_of,
)

SAMPLE_SEED = 7
ZONES = (
    ("paper-crane", "纸鹤", "Paper Crane"),
    ("pinwheel", "风车", "Pinwheel"),
    ("amber", "琥珀", "Amber"),
    ("snowball", "雪球", "Snowball"),
    ("compass", "罗盘", "Compass"),
    ("blue-whale", "蓝鲸", "Blue Whale"),
    ("firefly", "萤火", "Firefly"),
    ("pinecone", "松果", "Pinecone"),
    ("ocarina", "陶笛", "Ocarina"),
    ("paper-boat", "纸船", "Paper Boat"),
    ("starfish", "海星", "Starfish"),
    ("sealing-wax", "火漆", "Sealing Wax"),
    ("brass-bell", "铜铃", "Brass Bell"),
    ("prism", "棱镜", "Prism"),
    ("hourglass", "沙漏", "Hourglass"),
    ("hobby-horse", "竹马", "Hobby Horse"),
)
BEGAN = (datetime(2023, 5, 14, 8), datetime(2024, 5, 12, 8), datetime(2025, 5, 11, 8))
TOOK_PART = ("meeting", "election", "volunteer", "culture", "proposal", "online")
WRONG = ("station", "committee", "party", "property", "street")
# Constructs of the questionnaire -> their items; a reversed item counts from the other end.
CONSTRUCTS = {
    name: tuple(item for item, (about, _) in ITEMS.items() if about == name)
    for name in ("belonging", "identity", "gain", "participation")
} | {
    f"{kind}_{service}": tuple(item for item in ITEMS if item.startswith(f"{short}_{service}_"))
    for kind, short in (("satisfaction", "sat"), ("importance", "imp"))
    for service in ("basic", "shared", "market")
}


def numbers_in_zone(people: Population) -> NDArray[np.intp]:
    """Number of every community within its zone, from 1."""
    zone = people.zone[np.searchsorted(people.community, np.arange(int(people.community.max()) + 1))]
    return np.arange(len(zone)) - np.searchsorted(zone, zone) + 1


def community_names(people: Population, numbers: NDArray[np.intp], community: int) -> tuple[str, str, str]:
    """Id, Chinese and English name of a community."""
    zone = int(people.zone[np.searchsorted(people.community, community)])
    key, zh, en = ZONES[zone]
    number = int(numbers[community])
    return (
        f"{key}-{number:02d}",
        f"{zh}片区第{number}社区（虚构）",
        f"{en} zone, community {number} (fictional)",
    )


def questionnaire(people: Population, drawn: Drawn) -> bytes:
    """The shipped questionnaire with these zones and the communities that were drawn."""
    from openpyxl import load_workbook

    from govlab.data.workbook import book_bytes

    book = load_workbook(FOLDER.parent / "questionnaire" / "questionnaire.xlsx")
    sheet = book["choices"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = [str(value) for value in rows[0]]
    blank = dict.fromkeys(head)
    zones = [
        blank
        | {"list_name": "zone", "name": key}
        | {head[2]: f"{zh}片区（虚构）", head[3]: f"{en} zone (fictional)"}
        for key, zh, en in ZONES
    ]
    numbers = numbers_in_zone(people)
    communities = []
    for community in np.unique(people.community[drawn.row]):
        key, zh, en = community_names(people, numbers, int(community))
        own = {"list_name": "community", "name": key, "zone": key.rpartition("-")[0]}
        communities.append(blank | own | {head[2]: zh, head[3]: en})
    written: list[list[Any]] = []
    for row in rows[1:]:
        name = row[0]
        if name in ("zone", "community"):
            if written and written[-1][0] == name:
                continue
            written.extend([list(one.values()) for one in (zones if name == "zone" else communities)])
        else:
            written.append(row)
    sheet.delete_rows(2, sheet.max_row)
    for row in written:
        sheet.append(row)
    return book_bytes(book)


def answers(people: Population, drawn: Drawn) -> list[tuple[list[str], list[list[str]]]]:
    """Head and rows of each wave's file, as a platform exports names of answers."""
    rng = np.random.default_rng(SAMPLE_SEED + 1)
    numbers = numbers_in_zone(people)
    files = []
    for wave in range(len(WAVES)):
        chosen = np.flatnonzero(drawn.wave == wave)
        chosen = chosen[np.argsort(rng.random(len(chosen)))]  # in the order in which they came in
        rows = drawn.row[chosen]
        years = (rng.random(len(rows)) ** 1.5 * (people.age[rows] + 1) * 9).astype(int)
        codes = 1 + np.argsort(rng.random(9000))[: len(rows)]
        came = np.sort(rng.random(len(rows))) * 18 * 24 * 3600
        seconds = np.round(np.exp(6.2 + 0.35 * (rng.random(len(rows)) + rng.random(len(rows)) - 1)))
        columns: dict[str, list[str]] = {
            "respondent": [f"{WAVES[wave]}{code:04d}" for code in codes],
            "submitted": [f"{BEGAN[wave] + timedelta(seconds=round(one)):%Y-%m-%d %H:%M:%S}" for one in came],
            "seconds": [f"{one:.0f}" for one in seconds],
            "consent": ["yes"] * len(rows),
            "zone": [ZONES[one][0] for one in people.zone[rows]],
            "community": [community_names(people, numbers, int(one))[0] for one in people.community[rows]],
            "years_here": years.astype(str).tolist(),
        }
        for item in ITEMS:
            points = people.answers[item][wave][rows].astype(str)
            columns[item] = _with_gaps(rng, points, item)
        columns |= _took_part(rng, people, wave, rows)
        for item, (right, _) in KNOWLEDGE.items():
            wrong = np.array([one for one in WRONG if one != right] + ["unknown"])
            guess = wrong[(rng.random(len(rows)) * len(wrong)).astype(int)]
            columns[item] = np.where(people.answers[item][wave][rows] == 1, right, guess).tolist()
        columns |= _background(rng, people, rows)
        columns |= {
            "stratum": [f"{ZONES[one // 2][0]}-{STRATA[one % 2]}" for one in people.stratum[rows]],
            "communities_in_stratum": drawn.communities[chosen].astype(str).tolist(),
            "residents_in_community": drawn.residents[chosen].astype(str).tolist(),
            "weight": [f"{one:.4f}" for one in drawn.weight[chosen]],
        }
        files.append((list(columns), [list(row) for row in zip(*columns.values(), strict=True)]))
    return files


def _with_gaps(rng: np.random.Generator, points: NDArray[np.str_], item: str) -> list[str]:
    """Answers with some left blank, some that do not know, and services that were not used."""
    dice = rng.random(len(points))
    found = np.where(dice < 0.012, "", np.where(dice < 0.03, "8", points))
    if item.startswith("sat_") and item != "sat_overall":
        unused = {"sat_shared_elderly": 0.22, "sat_shared_culture": 0.12, "sat_basic_social": 0.10}
        found = np.where(rng.random(len(points)) < unused.get(item, 0.04), "7", found)
    return [str(one) for one in found]


def _took_part(
    rng: np.random.Generator, people: Population, wave: int, rows: NDArray[np.intp]
) -> dict[str, list[str]]:
    """What people took part in: more of it where they are willing to."""
    willing = (people.answers["willing_meeting"][wave][rows] - 3) / 2
    chances = np.array([0.16, 0.3, 0.14, 0.3, 0.1, 0.22]) * (1 + 0.4 * willing[:, None])
    ticks = rng.random(chances.shape) < chances
    said = [" ".join(np.array(TOOK_PART)[row]) or "none" for row in ticks]
    met = ticks[:, 0]
    times = 1 + (rng.random(len(rows)) * 5).astype(int)
    done = 1 + np.searchsorted([0.1, 0.35, 0.75], rng.random(len(rows)))
    why = np.array(["time", "unaware", "not_invited", "no_use", "health"])
    reason = why[np.searchsorted([0.4, 0.65, 0.82, 0.93], rng.random(len(rows)))]
    return {
        "took_part": said,
        "meetings": np.where(met, times.astype(str), "").tolist(),
        "meeting_done": np.where(met, done.astype(str), "").tolist(),
        "why_not": np.where(ticks.any(axis=1), "", reason).tolist(),
    }


def _background(rng: np.random.Generator, people: Population, rows: NDArray[np.intp]) -> dict[str, list[str]]:
    age = people.age[rows]
    rank = np.clip(rng.random(len(rows)) + 0.3 - 0.15 * age, 0, 1)
    schooling = 1 + np.searchsorted([0.12, 0.38, 0.68, 0.84], rank)
    work = np.where(age >= 3, "retired", np.where(rng.random(len(rows)) < 0.85, "employed", "home"))
    tenure = np.array(["owner", "rent", "public"])[np.searchsorted([0.72, 0.93], rng.random(len(rows)))]
    refused = rng.random(len(rows)) < 0.015
    return {
        "age": np.where(refused, "refused", np.array(AGES)[age]).tolist(),
        "gender": np.array(["female", "male"])[people.gender[rows]].tolist(),
        "education": schooling.astype(str).tolist(),
        "work": work.tolist(),
        "tenure": tenure.tolist(),
        "household": (1 + (rng.random(len(rows)) * 5).astype(int)).astype(str).tolist(),
        "panel_consent": ["no"] * len(rows),
    }


def truth(people: Population) -> dict[str, Any]:
    """What is true of the whole population: means, effects, changes and trends before."""
    model = model_of(people.zone)
    values: dict[str, NDArray[np.float64]] = {}
    without: dict[str, NDArray[np.float64]] = {}
    for item in (*ITEMS, *KNOWLEDGE):
        values[item] = people.answers[item].astype(np.float64)
        without[item] = people.without[item].astype(np.float64)
    for name, items in CONSTRUCTS.items():
        for held in (values, without):
            held[name] = np.mean([6 - held[one] if ITEMS[one][1] else held[one] for one in items], axis=0)
    found: dict[str, Any] = {}
    for name in (*CONSTRUCTS, "sat_overall", *KNOWLEDGE):
        by_model = {
            one: [round(float(wave[model == code].mean()), 5) for wave in values[name]]
            for code, one in enumerate(MODELS)
        }
        rest = by_model["comparison"]
        found[name] = {
            "models": by_model,
            "zones": {
                ZONES[zone][0]: [round(float(wave[people.zone == zone].mean()), 5) for wave in values[name]]
                for zone in range(len(ZONES))
            },
            "effect": {
                one: round(float((values[name][2] - without[name])[model == code].mean()), 5)
                for code, one in enumerate(MODELS[:3])
            },
            "difference_in_differences": {
                one: round(by_model[one][2] - by_model[one][1] - rest[2] + rest[1], 5) for one in MODELS[:3]
            },
            "before": {
                one: round(by_model[one][1] - by_model[one][0] - rest[1] + rest[0], 5) for one in MODELS[:3]
            },
        }
    return {
        "synthetic": True,
        "residents": len(people),
        "seed": SEED,
        "waves": list(WAVES),
        "models_begin_before_wave": AFTER,
        "no_effect": ["belonging", "participation", "satisfaction_market",
                      "importance_basic", "importance_shared", "importance_market"],
        "unequal_trend": {"participation": "devolution"},
        "latent_effects": EFFECTS,
        "values": found,
    }  # fmt: skip


def plan(people: Population, drawn: Drawn) -> tuple[list[str], list[list[str]]]:
    """The communities of the sample, with what is known of them before anybody is asked."""
    numbers = numbers_in_zone(people)
    first = {int(one): place for place, one in enumerate(people.community[drawn.row])}
    rows = []
    for community in sorted(first):
        place = first[community]
        stratum = int(people.stratum[drawn.row[place]])
        key, zh, en = community_names(people, numbers, community)
        rows.append([
            ZONES[stratum // 2][0], key, f"{ZONES[stratum // 2][0]}-{STRATA[stratum % 2]}",
            str(drawn.communities[place]), str(drawn.residents[place]), str(PEOPLE), zh, en,
        ])  # fmt: skip
    return [*(name for name, *_ in PLAN_COLUMNS), "asked_each_wave", "name_zh", "name_en"], rows


def zone_rows(people: Population) -> tuple[list[str], list[list[str]]]:
    """The zones, in the columns of every zone list."""
    head = ["zone", "name::中文 (zh)", "name::English (en)", "role", "model", "communities", "households"]
    rows = []
    for zone, (key, zh, en) in enumerate(ZONES):
        own = people.zone == zone
        residents = int(own.sum())
        model = MODELS[zone // 4]
        role = "comparison" if model == "comparison" else "pilot"
        count = len(np.unique(people.community[own]))
        rows.append([
            key, f"{zh}片区（虚构）", f"{en} zone (fictional)", role, model, str(count),
            str(round(residents / 2.6)), str(residents), "yes",
        ])  # fmt: skip
    return [*head, "residents", "fictional"], rows


def csv_bytes(head: list[str], rows: list[list[str]]) -> bytes:
    """A table as CSV, UTF-8, lines ending in a line feed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def contents() -> dict[str, bytes]:
    """Every file that is written, by its path."""
    people = build()
    drawn = sample(people, np.random.default_rng(SAMPLE_SEED))
    tables = {"zones.csv": zone_rows(people), "communities.csv": plan(people, drawn)}
    for wave, table in zip(WAVES, answers(people, drawn), strict=True):
        tables[f"responses/wave{wave}.csv"] = table
    head, rows, strength = draw_indicators([key for key, _, _ in ZONES])
    tables["indicators.csv"] = (head, rows)
    tables["coded_cases.csv"], tables["coded_sets.csv"], recipe = draw_coded(list(ZONES))
    tables["appraised_units.csv"], tables["appraisals.csv"] = draw_appraised(
        list(ZONES), tables["communities.csv"]
    )
    tables |= draw_devolved(tables["zones.csv"][1], tables["communities.csv"][1])
    titles = {
        **DEVOLVED,
        "zones.csv": "Zones and the models they are under",
        "communities.csv": "Communities of the sample",
        "indicators.csv": "Administrative indicators of the zones",
        "coded_cases.csv": "Coded cases: what was counted and coded in zones and communities",
        "coded_sets.csv": "Sets of the coded cases: anchors, expectations, written reasons",
        "appraised_units.csv": "What is appraised: streets, communities, projects, departments, zones",
        "appraisals.csv": "Appraisals: counts and raters' scores by scheme and wave",
        **{f"responses/wave{wave}.csv": f"Answers of wave {wave}, {BEGAN[wave - 1]:%B %Y}" for wave in WAVES},
    }
    files = {path: (csv_bytes(*table), titles[path]) for path, table in tables.items()}
    files |= written(FOLDER)
    files |= draw_lists()
    form = questionnaire(people, drawn)
    files["questionnaire.xlsx"] = (form, "The resident questionnaire with these zones")
    true = json.dumps(truth(people), ensure_ascii=False, indent=1)
    true = re.sub(r"\[\s+([^\]\[{}]*?)\s+\]", _one_line, true)
    files["truth.json"] = (f"{true}\n".encode(), "What is true of all residents")
    files["indicators_truth.json"] = (truth_bytes(strength), "What is true behind the indicators")
    files["coded_truth.json"] = (truth_bytes(recipe), "The recipe behind the coded cases")
    said = json.dumps(descriptor(files, tables), ensure_ascii=False, indent=2) + "\n"
    return {path: data for path, (data, _) in files.items()} | {"datapackage.json": said.encode("utf-8")}


def _one_line(hit: re.Match[str]) -> str:
    """A short list on a line of its own."""
    return f"[{' '.join(hit[1].split())}]"


def main() -> None:
    """Write everything beside this script, and the suppression mask over all of it."""
    from govlab.study import Study

    for path, data in contents().items():
        (FOLDER / path).parent.mkdir(exist_ok=True)
        (FOLDER / path).write_bytes(data)
    Study.open(FOLDER).write_mask()


if __name__ == "__main__":
    main()
