"""Life circles: PySAL's numbers, hand-worked distances and catchments, shares of residents, faults."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from openpyxl import load_workbook

from govlab.data.locate import shipped
from govlab.errors import InputError
from govlab.institutions import reach
from govlab.institutions.reach.places import Places
from govlab.institutions.reach.walking import EARTH, Near
from govlab.language import LANGUAGES
from govlab.study import listing

REFERENCE = json.loads(
    (Path(__file__).parent.parent / "reference" / "reach" / "access.json").read_text(encoding="utf-8")
)
TABLES = {one["name"]: one for one in REFERENCE["tables"]}


def near_of(table):
    costs = np.array(table["costs"], dtype=float)
    costs = costs[costs[:, 2] <= table["limit"]]
    return Near(costs[:, 0].astype(int) - 1, costs[:, 1].astype(int) - 1, costs[:, 2])


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("kind", ["plain", "gravity", "zones"])
def test_two_step_agrees_with_pysal(name, kind):
    table, near = TABLES[name], near_of(TABLES[name])
    weight = {"plain": None, "gravity": 1 / near.minutes, "zones": reach.step_weights(near.minutes)}[kind]
    found = reach.two_step(near, np.array(table["supply"], float), np.array(table["demand"], float), weight)
    # a point that reaches nothing has nothing: access leaves it without a number
    wanted = [0.0 if one is None else one for one in table["access"][kind]]
    assert found == pytest.approx(wanted, rel=1e-12, abs=1e-15)


def test_walking_gives_the_minutes_of_the_reference():
    table = TABLES["a town on foot"]
    found = reach.walking_pairs(
        np.array(table["points"]), np.array(table["facilities"]), projected=True, minutes=table["limit"]
    )
    wanted = near_of(table)
    order = np.lexsort((wanted.facility, wanted.point))
    assert found.point.tolist() == wanted.point[order].tolist()
    assert found.facility.tolist() == wanted.facility[order].tolist()
    assert found.minutes == pytest.approx(wanted.minutes[order], rel=1e-12)


def test_distances_by_hand():
    """A degree of latitude is pi R / 180 m; one of longitude at 60 degrees north close to half of it.

    The limit counts: 3-4-5 triangle of 300 and 400 m is 500 m, at 100 m a minute without detour 5 minutes.
    """
    degree = np.pi * EARTH / 180
    points = np.array([[100.0, 60.0]])
    there = np.array([[100.0, 60.01], [100.01, 60.0]])
    found = reach.walking_pairs(points, there, projected=False, minutes=30, detour=1, speed=60)
    assert found.minutes[0] == pytest.approx(0.01 * degree / 60, rel=1e-9)
    # haversine by hand for the second
    across = 2 * EARTH * np.arcsin(np.cos(np.radians(60)) * np.sin(np.radians(0.01) / 2))
    assert found.minutes[1] == pytest.approx(across / 60, rel=1e-9)
    triangle = reach.walking_pairs(
        np.zeros((1, 2)), np.array([[300.0, 400.0]]), projected=True, minutes=5, detour=1, speed=100
    )
    assert triangle.minutes.tolist() == pytest.approx([5.0])
    short = {"projected": True, "minutes": 4.99, "detour": 1, "speed": 100}
    assert not len(reach.walking_pairs(np.zeros((1, 2)), np.array([[300.0, 400.0]]), **short).point)
    with pytest.raises(ValueError, match="detour at least 1"):
        reach.walking_pairs(np.zeros((1, 2)), np.zeros((1, 2)), projected=True, detour=0.5)


def test_two_step_by_hand():
    """Two points (100, 300 people), two rooms (8, 6 seats); both reach the first, the second point alone the other.

    R1 = 8 / 400 = 0.02, R2 = 6 / 300 = 0.02: 0.02 for the first point, 0.04 for the second.
    """
    near = Near(np.array([0, 1, 1]), np.array([0, 0, 1]), np.array([5.0, 9.0, 14.0]))
    supply, demand = np.array([8.0, 6.0]), np.array([100.0, 300.0])
    assert reach.two_step(near, supply, demand) == pytest.approx([0.02, 0.04], rel=1e-12)
    assert reach.cumulative(near, supply, 2).tolist() == [8.0, 14.0]
    # zones at 10 and 15 minutes, weights 1 and 0.5: R2 = 6 / 150 = 0.04, A2 = 0.02 + 0.5 * 0.04
    weight = reach.step_weights(near.minutes, ((10, 1.0), (15, 0.5)))
    assert reach.two_step(near, supply, demand, weight) == pytest.approx([0.02, 0.04], rel=1e-12)
    assert reach.step_weights(np.array([10.0, 10.1, 15.0, 15.1]), ((10, 1.0), (15, 0.5))).tolist() == [
        1,
        0.5,
        0.5,
        0,
    ]
    with pytest.raises(ValueError, match="rising ends"):
        reach.step_weights(np.zeros(1), ((10, 1.0), (5, 0.5)))


@settings(max_examples=50, deadline=None)
@given(
    hnp.arrays(float, (7, 2), elements=st.floats(0, 2000)), hnp.arrays(float, (4, 2), elements=st.floats(0, 2000)),
    hnp.arrays(float, 7, elements=st.integers(1, 500)), hnp.arrays(float, 4, elements=st.integers(0, 50)),
)  # fmt: skip
def test_supply_is_neither_made_nor_lost(points, there, demand, supply):
    """sum_i D_i A_i is the supply of all facilities that somebody reaches, whatever the weights."""
    near = reach.walking_pairs(points, there, projected=True)
    full = np.linalg.norm(points[:, None] - there[None], axis=2) * 1.3 / 75
    # the tree finds what a full matrix finds (a pair within a hair of the limit may go either way)
    clear = np.abs(full - 15) > 1e-6
    found = np.zeros_like(full, dtype=bool)
    found[near.point, near.facility] = True
    assert (found == (full <= 15))[clear].all()
    served = np.isin(np.arange(4), near.facility)
    for weight in (None, reach.step_weights(near.minutes)):
        access = reach.two_step(near, supply, demand, weight)
        assert float(demand @ access) == pytest.approx(float(supply[served].sum()), abs=1e-9)


def places(points, facilities, projected=True, travel=()):
    frame = pd.DataFrame(facilities, columns=["facility", "kind", "capacity", "x", "y"])
    for name in ("kind", "name"):
        frame[[f"{name}::中文 (zh)", f"{name}::English (en)"]] = ""
    people = pd.DataFrame(points, columns=["point", "place", "residents", "x", "y"])
    return Places(frame, people, projected, pd.DataFrame(travel, columns=["point", "facility", "minutes"]))


TOWN = places(
    [("p1", "east", 100, 0, 0), ("p2", "east", 300, 800, 0), ("p3", "west", 600, 3000, 0)],
    [("f1", "clinic", 4.0, 0, 100), ("f2", "park", np.nan, 800, 100), ("f3", "clinic", 6.0, 3000, 865)],
)


def test_circle_by_hand():
    """865.4 m as the crow flies: p1 and p2 reach f1 and f2 (806 m apart at most), p3 reaches f3 alone."""
    found = reach.circle(TOWN)
    frame = found.frame.set_index("kind")
    assert frame.loc["clinic", ["facilities", "residents", "share"]].to_list() == [2, 1000, 1.0]
    assert frame.loc["park", ["residents", "share", "reason"]].to_list() == [400, 0.4, "no-capacity"]
    assert found.kinds_reached.tolist() == [2, 2, 1]
    assert found.complete == 0.4
    # minutes to the nearest clinic: 100 m (100 people), 806.2 m (300), 865 m (600): the median person is p3's
    assert frame.loc["clinic", "nearest"] == pytest.approx(865 * 1.3 / 75, rel=1e-12)
    # seats per 1,000: f1 4 / 400 = 10, f3 6 / 600 = 10
    assert frame.loc["clinic", ["two_step_low", "two_step_mid", "two_step_high"]].to_list() == pytest.approx(
        [10, 10, 10]
    )
    by = found.by_place().set_index("place")
    assert by.loc["east", ["residents", "kinds", "complete"]].to_list() == [400, 2.0, 1.0]
    assert by.loc["west", ["residents", "kinds", "complete"]].to_list() == [600, 1.0, 0.0]
    assert reach.circle(TOWN.only(frozenset({"west"}))).complete == 0.0


def test_given_times_replace_the_straight_line():
    travel = [("p1", "f1", 16.0), ("p1", "f2", 15.0), ("p2", "f1", 3.0)]
    own = TOWN.facilities[["facility", "kind", "capacity", "x", "y"]]
    found = reach.circle(places(TOWN.points.to_numpy().tolist(), own.to_numpy().tolist(), travel=travel))
    assert found.given
    assert found.reached.tolist() == [[False, True], [True, False], [False, False]]


# -- files ---------------------------------------------------------------------------------------

FACILITY = {"facility": "f1", "name::中文 (zh)": "站", "kind": "station"}
POINT = {"point": "p1", "place": "east", "residents": 10}


def csv(tmp_path, facilities, points):
    found = []
    for name, rows in (("facilities", facilities), ("points", points)):
        path = tmp_path / f"{name}.csv"
        pd.DataFrame(rows).to_csv(path, index=False)
        found.append(path)
    return found


def rows_at(coordinates, base, key):
    return [
        {
            **base,
            key: f"{base[key]}{k}",
            "lon" if len(at) == 2 else "x": at[0],
            "lat" if len(at) == 2 else "y": at[1],
        }
        for k, at in enumerate(coordinates)
    ]


def faults(tmp_path, facilities, points):
    with pytest.raises(InputError) as caught:
        reach.read_places(*csv(tmp_path, facilities, points))
    for lang in LANGUAGES:
        assert caught.value.text(lang)
    return [(one.key, *one.where) for one in caught.value.faults]


GOOD = [(80.26, 41.17), (80.27, 41.18), (80.25, 41.16)]


def test_csv_in_degrees(tmp_path):
    held = reach.read_places(
        *csv(tmp_path, rows_at(GOOD, FACILITY, "facility"), rows_at(GOOD, POINT, "point"))
    )
    assert not held.projected
    assert held.kind_name("station", "en") == "station"
    assert reach.circle(held).complete == 1.0
    assert "3 facilities of 1 kinds, 3 points with 30 residents" in held.summary()


def test_swapped_and_out_of_range(tmp_path):
    """One row turned round among good ones; a whole file turned round; beyond the poles; a slip of the key."""
    good = rows_at(GOOD, FACILITY, "facility")
    one = faults(
        tmp_path, good, rows_at([*GOOD, (41.17, 80.26), (116.4, 39.9), (200.0, 41.0)], POINT, "point")
    )
    place = ("points.csv", "points")
    assert one == [
        ("reach.swapped", *place, "row 5", "lon/lat"), ("reach.far", *place, "row 6", "lon/lat"),
        ("reach.out_of_range", *place, "row 7", "lon/lat"),
    ]  # fmt: skip
    turned = [(lat, lon) for lon, lat in GOOD]
    every = faults(tmp_path, rows_at(turned, FACILITY, "facility"), rows_at(turned, POINT, "point"))
    assert [key for key, *_ in every] == ["reach.swapped"] * 6
    beijing = [(39.9, 116.4)] * 2
    assert {
        key
        for key, *_ in faults(
            tmp_path, rows_at(beijing, FACILITY, "facility"), rows_at(beijing, POINT, "point")
        )
    } == {"reach.swapped"}


def test_other_faults(tmp_path):
    good = rows_at(GOOD, FACILITY, "facility")
    blank = rows_at(GOOD, POINT, "point")
    blank[1]["lat"] = None
    assert faults(tmp_path, good, blank) == [("reach.no_place", "points.csv", "points", "row 3", "lon/lat")]
    mixed = [{**one, "x": 1.0, "y": 2.0} for one in rows_at(GOOD, POINT, "point")]
    assert faults(tmp_path, good, mixed)[0][0] == "reach.mixed"
    as_metres = [{**{k: v for k, v in one.items() if k not in ("lon", "lat")}, "x": one["lon"], "y": one["lat"]}
                 for one in rows_at(GOOD, POINT, "point")]  # fmt: skip
    also = [{**FACILITY, "facility": "f9", "x": 80.2, "y": 41.1}]
    assert faults(tmp_path, also, as_metres) == [("reach.degrees", "points.csv")]
    few = rows_at(GOOD[:1], POINT, "point")
    few[0]["residents"] = -3
    assert faults(tmp_path, good, few) == [("inventory.range", "points.csv", "points", "row 2", "residents")]


def test_template_round_trip(tmp_path):
    path = tmp_path / "circle.xlsx"
    path.write_bytes(reach.template())
    filled = load_workbook(path)
    filled["facilities"].append(["f1", "站", "", "station", "服务站", "Station", 12, None, None, 10.5, 20])
    filled["points"].append(["p1", "east", 40, None, None, 500, 20])
    filled["travel_times"].append(["p1", "f1", 14.5])
    filled.save(path)
    held = reach.read_places(path)
    assert held.projected
    assert held.kind_name("station", "zh") == "服务站"
    assert reach.circle(held).near.minutes.tolist() == [14.5]
    again = tmp_path / "again.xlsx"
    again.write_bytes(reach.template({"points": [{"point": "p1", "place": "=x", "residents": 1}]}))
    with pytest.raises(InputError) as caught:
        reach.read_places(again)
    keys = {one.key for one in caught.value.faults}
    assert keys == {"inventory.code", "reach.nothing"}


def test_times_of_unknown_places(tmp_path):
    path = tmp_path / "circle.xlsx"
    path.write_bytes(reach.template({
        "facilities": [{**FACILITY, "x": 1, "y": 1000}], "points": [{**POINT, "x": 1, "y": 2}],
        "travel_times": [{"point": "p7", "facility": "f1", "minutes": 3}],
    }))  # fmt: skip
    with pytest.raises(InputError) as caught:
        reach.read_places(path)
    assert [(one.key, one.where[-1]) for one in caught.value.faults] == [("inventory.unknown_code", "point")]


def test_the_demo_circle():
    held = listing.places(shipped("datasets") / "demo_study")
    assert held.projected  # metres on an invented plane: no real place
    found = reach.circle(held)
    assert len(found.frame) == 7
    assert 0 < found.complete < 1
    assert "7 kinds of service within 15 minutes" in found.summary()
