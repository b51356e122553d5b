"""Numbers of PySAL ``access`` (BSD-3) for tests/reference/reach/access.json: two-step floating catchments.

The first tables are the worked example of that package (its tests/test_hospital_example.py): three places,
four states of traffic, weights 1 / minutes, limit 61. The last is a town of our own, twelve points and four
facilities. Run: ``python access_pysal.py > ../reach/access.json`` with access 1.1.10.post3.
"""

import importlib.metadata
import json

import numpy as np
import pandas as pd
from access import Access, weights

PLACES = pd.DataFrame({"geoid": [1, 2, 3], "pop": [100, 50, 10], "doc": [15, 20, 100]})
INTO, OUT, ACROSS = (40, 20, 40, 20), (40, 40, 20, 20), (80, 80, 80, 40)


def run(places, people, costs, **asked):
    held = Access(
        demand_df=people,
        demand_index="geoid",
        demand_value="pop",
        supply_df=places,
        supply_index="geoid",
        supply_value="doc",
        cost_df=costs,
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
    )
    found = {}
    held.two_stage_fca(name="plain", max_cost=asked["limit"])
    held.two_stage_fca(name="gravity", max_cost=asked["limit"], weight_fn=weights.gravity(1, -1))
    held.enhanced_two_stage_fca(name="zones", max_cost=asked["limit"])
    for name in ("plain", "gravity", "zones"):
        # null: access gives no number to a point that reaches nothing
        column = held.access_df[f"{name}_doc"].reindex(people["geoid"])
        found[name] = [None if pd.isna(one) else float(one) for one in column]
    return found


def main():
    tables = []
    for into, out, across in zip(INTO, OUT, ACROSS, strict=True):
        rows = [
            (1, 1, 1),
            (2, 2, 1),
            (3, 3, 1),
            (1, 3, into),
            (2, 3, into),
            (3, 1, out),
            (3, 2, out),
            (1, 2, across),
            (2, 1, across),
        ]
        costs = pd.DataFrame(rows, columns=["origin", "dest", "cost"])
        tables.append(
            {
                "name": f"hospitals, {into} in, {out} out",
                "limit": 61,
                "costs": rows,
                "demand": PLACES["pop"].tolist(),
                "supply": PLACES["doc"].tolist(),
                "access": run(PLACES, PLACES, costs, limit=61),
            }
        )
    draw = np.random.default_rng(20)
    points, there = draw.uniform(0, 4000, (12, 2)), draw.uniform(0, 4000, (4, 2))
    minutes = np.linalg.norm(points[:, None] - there[None], axis=2) * 1.3 / 75
    people = pd.DataFrame({"geoid": range(1, 13), "pop": draw.integers(50, 900, 12)})
    places = pd.DataFrame({"geoid": range(1, 5), "doc": draw.integers(1, 40, 4)})
    rows = [(int(i) + 1, int(j) + 1, float(minutes[i, j])) for i, j in np.ndindex(minutes.shape)]
    costs = pd.DataFrame(rows, columns=["origin", "dest", "cost"])
    tables.append(
        {
            "name": "a town on foot",
            "limit": 29.9,
            "costs": rows,
            "points": points.tolist(),
            "facilities": there.tolist(),
            "demand": people["pop"].tolist(),
            "supply": places["doc"].tolist(),
            "access": run(places, people, costs, limit=29.9),
        }
    )
    version = importlib.metadata.version("access")
    print(json.dumps({"made_with": f"access {version}", "tables": tables}, indent=1))


if __name__ == "__main__":
    main()
