"""The Frictionless description of the demo study."""

from __future__ import annotations

import hashlib
from typing import Any

from coded import TITLES as CODED
from draw import COMMUNITIES, PEOPLE
from indicators import TITLES as INDICATORS

Table = tuple[list[str], list[list[str]]]
VERSION = "2026-11-22"
TITLE_ZH = "演示研究（全部虚构）：十六个片区、四种做法、三轮问卷"
TITLE_EN = "Demo study (all invented): sixteen zones, four models, three waves"
DESCRIPTION = (
    "Invented answers of invented residents of sixteen zones that do not exist, four under each of "
    "three models of neighbourhood governance and four for comparison; two waves before the models "
    "began and one after. Communities drawn within zones by kind of housing, "
    f"{COMMUNITIES} a stratum, residents drawn within communities, {PEOPLE} asked in each and wave. Fewer "
    "of the dissatisfied answer; weights are adjusted for housing and age only. truth.json holds what is "
    "true of all residents: belonging is changed by no model, and willingness to take part rises under "
    "devolution before the model too. indicators.csv holds invented administrative figures of the same "
    "zones, with what is behind them in indicators_truth.json. coded_cases.csv and coded_sets.csv hold "
    "invented codings of these zones and of eight more communities, with the recipe behind them in "
    "coded_truth.json. Nothing in it says anything about any real place or model."
)
PLAN_COLUMNS = (
    ("zone", "string", "Zone"),
    ("community", "string", "Community, first stage of the sample"),
    ("stratum", "string", "Zone and kind of housing, stratum of the first stage"),
    ("communities_in_stratum", "integer", "Communities of the stratum in the population"),
    ("residents_in_community", "integer", "Residents of the community"),
)


def _field(name: str, columns: dict[str, list[str]]) -> dict[str, Any]:
    """Descriptor of a column from its name and values."""
    given = [value for value in columns[name] if value]
    titles = {column: title for column, _, title in PLAN_COLUMNS}
    titles |= {"weight": "Weight, adjusted for non-response"} | INDICATORS | CODED
    found: dict[str, Any] = {"name": name, "type": "string"}
    if name in titles:
        found["title"] = titles[name]
    if all(value.isascii() and value.isdigit() for value in given) and name != "respondent":
        found["type"] = "integer"
        found["constraints"] = {"minimum": 0}
    elif name == "weight" or name in INDICATORS or name in CODED:
        found["type"] = "number"
        found["constraints"] = {"required": True, "minimum": 0}
    if name in ("respondent", "zone", "community", "stratum"):
        found["constraints"] = {"required": True}
    return found


def descriptor(files: dict[str, tuple[bytes, str]], tables: dict[str, Table]) -> dict[str, Any]:
    """The Frictionless description of everything written. files: path -> content and title."""
    resources = []
    for path, (data, title) in files.items():
        form = path.rpartition(".")[2]
        kinds = {
            "csv": "text/csv",
            "json": "application/json",
            "yaml": "application/yaml",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
        one: dict[str, Any] = {
            "name": path.rpartition(".")[0].replace("/", "."),
            "path": path,
            "title": title,
            "format": form,
            "mediatype": kinds[form],
            "bytes": len(data),
            "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        }
        if path in tables:
            head, rows = tables[path]
            columns = dict(zip(head, map(list, zip(*rows, strict=True)), strict=True))
            one["encoding"] = "utf-8"
            one["schema"] = {"fields": [_field(name, columns) for name in head], "missingValues": [""]}
        resources.append(one)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "demo_study",
        "title": f"{TITLE_ZH} / {TITLE_EN}",
        "description": DESCRIPTION,
        "version": VERSION,
        "created": f"{VERSION}T00:00:00Z",
        "licenses": [{"name": "MIT", "title": "MIT License", "path": "https://spdx.org/licenses/MIT.html"}],
        "sources": [{"title": "Simulated for govlab by population.py, draw.py and make.py of this folder"}],
        "contributors": [{"title": "the govlab team", "roles": ["creator"]}],
        "synthetic": True,
        "resources": resources,
    }  # fmt: skip
