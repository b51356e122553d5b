"""Reference cases of qualitative comparative analysis, and solutions in the form they are kept in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).parents[1] / "reference" / "qca"
DATA = {"crisp_a": "crisp_a.csv", "fuzzy_a": "fuzzy_a_calibrated.csv"}


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}_expected.json").read_text(encoding="utf-8"))
    return found


def cases(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / DATA[name])


def by_name(expression: str) -> str:
    """Literals by the names of their conditions, terms sorted."""
    terms = (
        "*".join(sorted(term.split("*"), key=lambda one: one.lstrip("~"))) for term in expression.split(" + ")
    )
    return " + ".join(sorted(terms))


RUNS = [(name, run) for name in DATA for run in expected(name)["runs"]]
IDS = [run["id"] for _, run in RUNS]
