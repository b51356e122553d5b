"""Which facilities are within walking time of which points: straight lines with a detour, or given times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from govlab.institutions.reach.places import Places

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EARTH = 6_371_008.8  # metres, mean radius (IUGG)
DETOUR = 1.3  # way on foot over straight line; an assumption, to be changed where streets are known
SPEED = 75.0  # metres a minute: 4.5 km an hour; an assumption
MINUTES = 15.0  # BJ-020
_BLOCK = 20_000  # points looked up at a time


@dataclass(frozen=True, eq=False)
class Near:
    """Pairs of a point and a facility within the limit, as indices, and the minutes between them."""

    point: Ints
    facility: Ints
    minutes: Floats


def walking_pairs(
    points: Floats,
    facilities: Floats,
    *,
    projected: bool,
    minutes: float = MINUTES,
    detour: float = DETOUR,
    speed: float = SPEED,
) -> Near:
    """Pairs within ``minutes`` on foot, straight-line distance times ``detour`` over ``speed`` (m / min).

    points (n, 2), facilities (m, 2): metres, or degrees of longitude and latitude, between which the great
    circle is taken. A pair at exactly the limit counts. A tree keeps it to pairs that are near, so that
    100,000 points by 1,000 facilities need no full matrix.
    """
    from scipy.spatial import cKDTree

    if not (minutes > 0 and detour >= 1 and speed > 0):
        raise ValueError(
            f"minutes and speed must be above 0, detour at least 1; got {minutes}, {speed}, {detour}"
        )
    radius = minutes * speed / detour
    here, there = (points, facilities) if projected else (_on_sphere(points), _on_sphere(facilities))
    # The chord of an arc is a little shorter; the limit is taken with a hair more and held below.
    chord = radius if projected else 2 * np.sin(radius / EARTH / 2) * EARTH
    tree = cKDTree(there)
    found = []
    for start in range(0, len(here), _BLOCK):
        block = cKDTree(here[start : start + _BLOCK])
        near = block.sparse_distance_matrix(tree, chord * (1 + 1e-12) + 1e-9, output_type="ndarray")
        found.append((near["i"] + start, near["j"], near["v"]))
    point, facility, apart = (np.concatenate(part) for part in zip(*found, strict=True)) if found else _none()
    metres = apart if projected else 2 * EARTH * np.arcsin(np.clip(apart / (2 * EARTH), 0, 1))
    order = np.lexsort((facility, point))
    return Near(point[order], facility[order], metres[order] * detour / speed)


def _none() -> tuple[Ints, Ints, Floats]:
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)


def _on_sphere(degrees: Floats) -> Floats:
    """Points on the sphere of the earth, metres from its centre."""
    lon, lat = np.radians(degrees).T
    return EARTH * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def times(places: Places, *, minutes: float = MINUTES, detour: float = DETOUR, speed: float = SPEED) -> Near:
    """Pairs of a study: its given travel times where it has any, else walking along the straight line."""
    if places.travel.empty:
        return walking_pairs(
            places.coordinates("points"), places.coordinates("facilities"), projected=places.projected,
            minutes=minutes, detour=detour, speed=speed,
        )  # fmt: skip
    rows = {code: row for row, code in enumerate(places.points["point"])}
    columns = {code: column for column, code in enumerate(places.facilities["facility"])}
    given = places.travel[places.travel["minutes"] <= minutes]
    point = np.array([rows[one] for one in given["point"]], dtype=np.int64)
    facility = np.array([columns[one] for one in given["facility"]], dtype=np.int64)
    order = np.lexsort((facility, point))
    return Near(point[order], facility[order], given["minutes"].to_numpy(float)[order])
