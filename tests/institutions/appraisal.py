"""A small appraisal worked out by hand, for the tests of schemes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from govlab.institutions.scheme import Evidence, Survey, Unit, read_scheme

TEXT = {"zh": "某", "en": "some"}
USER = {"origin": "user"}


def _node(name: str, weight: float, kind: str, ends: tuple[float, float], **more: object) -> dict:
    measure = {"kind": kind, "origin": "user", "range": list(ends)} | more
    return {"id": name, "label": TEXT, "weight": USER | {"value": weight}, "measure": measure} | USER


DEFINITION = {
    "kind": "scheme", "format": 1, "id": "small", "title": TEXT, "unit": TEXT, "about": TEXT, "silences": [TEXT],
    "nodes": [
        _node("heard", 50, "survey", (1, 5), item="sat"),
        _node("done", 30, "count", (0, 100)),
        _node("judged", 20, "expert", (0, 100)),
    ],
    "points": [{"id": "merit", "label": TEXT, "amount": USER, "each": 2, "most": 3} | USER],
    "rollup": {
        "label": TEXT, "mean": "simple", "mean_origin": USER, "units": USER | {"value": 90}, "own": USER | {"value": 10},
        "own_label": TEXT, "own_measure": USER | {"kind": "expert", "range": [0, 100]},
    } | USER,
} | USER  # fmt: skip

UNITS = (Unit("one", "一", "One", "street", 100), Unit("two", "二", "Two", "street", 300))
ABOVE = (Unit("street", "街", "Street"),)
ROWS = [
    ("one", "done", "", 80), ("two", "done", "", 90),
    ("one", "judged", "A", 70), ("one", "judged", "B", 74), ("one", "judged", "C", 78),
    ("two", "judged", "A", 60), ("two", "judged", "B", 66), ("two", "judged", "C", 66),
    ("one", "merit", "", 1), ("two", "merit", "", 2),
    ("street", "own", "P", 80), ("street", "own", "Q", 90),
]  # fmt: skip


def scheme(folder: Path, **changes: object):
    path = folder / "small.yaml"
    path.write_text(yaml.safe_dump(DEFINITION | changes, sort_keys=False), encoding="utf-8")
    return read_scheme(path)


def records(rows=ROWS) -> pd.DataFrame:
    table = [("small", *row) for row in rows]
    return pd.DataFrame(table, columns=["scheme", "unit", "indicator", "rater", "value"])


def survey(items: tuple[str, ...]) -> Survey:
    """sat: 4.0 with error 0.2 from 25 people, 3.0 with error 0.1 from 40."""
    assert items == ("sat",)
    return Survey(
        items, ("one", "two"), np.array([[4.0, 3.0]]), np.diag([0.04, 0.01]), np.array([[25.0, 40.0]])
    )


def evidence(rows=ROWS, **more: object) -> Evidence:
    return Evidence(UNITS, records(rows), **({"above": ABOVE, "ask": survey} | more))
