"""Facilities and population points: read from CSV or a workbook, coordinates checked before all else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.institutions import sheets as _sheets
from govlab.institutions.sheets import Field, Reader, Sheet
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

_LON = Field("lon", "number", width=12, note="reach.column.lon")
_LAT = Field("lat", "number", width=12, note="reach.column.lat")
_X = Field("x", "number", width=12, note="reach.column.x")
_Y = Field("y", "number", width=12, note="reach.column.x")
_COORDINATES = (_LON, _LAT, _X, _Y)
FACILITIES = Sheet("facilities", (
    Field("facility", "code", required=True, width=16, note="reach.column.facility"),
    Field("name::中文 (zh)", width=28, note="inventory.column.name"),
    Field("name::English (en)", width=32, note="inventory.column.name"),
    Field("kind", "code", required=True, width=16, note="reach.column.kind"),
    Field("kind::中文 (zh)", width=16, note="reach.column.kind_name"),
    Field("kind::English (en)", width=20, note="reach.column.kind_name"),
    Field("capacity", "number", least=0.0, width=10, note="reach.column.capacity"),
    *_COORDINATES,
), key="facility", needed=True)  # fmt: skip
POINTS = Sheet("points", (
    Field("point", "code", required=True, width=16, note="reach.column.point"),
    Field("place", "code", width=20, note="inventory.column.place"),
    Field("residents", "number", required=True, least=0.0, width=12, note="reach.column.residents"),
    *_COORDINATES,
), key="point", needed=True)  # fmt: skip
TIMES = Sheet("travel_times", (
    Field("point", "code", required=True, width=16, note="reach.column.point"),
    Field("facility", "code", required=True, width=16, note="reach.column.facility"),
    Field("minutes", "number", required=True, least=0.0, width=10, note="reach.column.minutes"),
))  # fmt: skip
SHEETS = (FACILITIES, POINTS, TIMES)

# Mainland China with its seas: swapped coordinates of a place inside it fall outside, and back again.
_CHINA = (73.0, 136.0, 3.0, 54.0)
_FAR = 3.0  # degrees from the middle of all others beyond which a point is taken for a slip


@dataclass(frozen=True, eq=False)
class Places(Result):
    """Facilities and population points in one kind of coordinates.

    facilities, points: tables with ``lon``/``lat`` (degrees) or ``x``/``y`` (metres). projected: which.
    travel: given travel times (``point``, ``facility``, ``minutes``), empty where there are none.
    """

    facilities: pd.DataFrame
    points: pd.DataFrame
    projected: bool
    travel: pd.DataFrame

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of facilities, in the order of the list."""
        return tuple(dict.fromkeys(self.facilities["kind"]))

    def kind_name(self, kind: str, lang: str) -> str:
        """What a kind is called, else its code."""
        own = self.facilities[self.facilities["kind"] == kind]
        for head in ("kind::中文 (zh)", "kind::English (en)")[:: 1 if lang == "zh" else -1]:
            named = own.loc[own[head] != "", head]
            if len(named):
                return str(named.iloc[0])
        return kind

    def coordinates(self, which: str) -> Floats:
        """(n, 2) coordinates of ``facilities`` or ``points``."""
        names = ["x", "y"] if self.projected else ["lon", "lat"]
        frame = self.facilities if which == "facilities" else self.points
        return frame[names].to_numpy(float)

    def only(self, places: frozenset[str]) -> Places:
        """The points of some places, with all facilities: a border stops nobody."""
        points = self.points[self.points["place"].isin(places)].reset_index(drop=True)
        travel = self.travel[self.travel["point"].isin(set(points["point"]))].reset_index(drop=True)
        return replace(self, points=points, travel=travel)

    def to_frame(self) -> pd.DataFrame:
        """A copy of the facilities."""
        return self.facilities.copy()

    def summary(self) -> str:
        """How many of each, and which coordinates."""
        kind = "projected (metres)" if self.projected else "longitude and latitude"
        return (
            f"{len(self.facilities):,} facilities of {len(self.kinds)} kinds, {len(self.points):,} points "
            f"with {self.points['residents'].sum():,.0f} residents; {kind}"
        )


def read_places(
    facilities: Path | str, points: Path | str | None = None, times: Path | str | None = None
) -> Places:
    """Facilities and points from one workbook, or from a CSV file each (travel times: a third, if any).

    Coordinates are ``lon`` and ``lat`` in degrees or ``x`` and ``y`` in metres, the same for all.
    InputError lists every fault with file, sheet, row and column: empty, out of range, swapped, far from
    all others, degrees given as metres.
    """
    first = Path(facilities)
    if points is None:
        frames, reader = _sheets.read(first, SHEETS)
        readers = {name: reader for name in ("facilities", "points", "travel_times")}
    else:
        frames, readers = {}, {}
        for sheet, path in zip(SHEETS, (first, Path(points), times), strict=True):
            if path is None:
                frames[sheet.name] = (
                    frames["points"].iloc[:0].reindex(columns=["row", "point", "facility", "minutes"])
                )
                readers[sheet.name] = readers["points"]
                continue
            own, reader = _sheets.read(Path(path), (sheet,))
            frames[sheet.name], readers[sheet.name] = own[sheet.name], reader
    projected = _checked(frames, readers)
    faults = [fault for reader in dict.fromkeys(readers.values()) for fault in reader.faults]
    if faults:
        from govlab.errors import InputError

        raise InputError(faults)
    return Places(frames["facilities"], frames["points"], projected, frames["travel_times"])


def template(rows: dict[str, list[dict[str, object]]] | None = None) -> bytes:
    """The workbook to fill in, empty or with ``rows``."""
    return _sheets.template(SHEETS, rows)


def _checked(frames: dict[str, pd.DataFrame], readers: dict[str, Reader]) -> bool:
    """Coordinates and references; whether they are projected."""
    facilities, points = frames["facilities"], frames["points"]
    both = [(name, frames[name]) for name in ("facilities", "points")]
    degrees = [frame["lon"].notna().any() or frame["lat"].notna().any() for _, frame in both]
    metres = [frame["x"].notna().any() or frame["y"].notna().any() for _, frame in both]
    projected = any(metres) and not any(degrees)
    if any(metres) and any(degrees):
        readers["facilities"].fault("reach.mixed")
    for name, frame in both:
        if frame.empty:
            readers[name].fault("reach.nothing", (name,))
    travel = frames["travel_times"]
    placed = travel.empty or any(metres) or any(degrees)
    if placed and not (any(metres) and any(degrees)):
        _coordinates(dict(both), projected, readers)
    for column, known in (("point", set(points["point"])), ("facility", set(facilities["facility"]))):
        for row, code in zip(travel["row"], travel[column], strict=True):
            if code and code not in known:
                where = readers["travel_times"].at("travel_times", row, column)
                readers["travel_times"].fault("unknown_code", where, code=code, sheet=f"{column}s")
    return projected


def _coordinates(both: dict[str, pd.DataFrame], projected: bool, readers: dict[str, Reader]) -> None:
    names = ("x", "y") if projected else ("lon", "lat")
    held = {name: frame[list(names)].to_numpy(float) for name, frame in both.items()}
    everywhere = np.concatenate(list(held.values()))
    known = everywhere[np.isfinite(everywhere).all(axis=1)]
    if not len(known):
        return
    middle = np.median(known, axis=0)
    if projected and (np.abs(known[:, 0]) <= 180).all() and (np.abs(known[:, 1]) <= 90).all():
        readers["points"].fault("reach.degrees")
        return
    for name, frame in both.items():
        reader = readers[name]
        for row, (first, second) in zip(frame["row"], held[name], strict=True):
            where = reader.at(name, int(row), "/".join(names))
            if not (np.isfinite(first) and np.isfinite(second)):
                reader.fault("reach.no_place", where)
            elif not projected:
                _degrees(float(first), float(second), middle, reader, where)


def _degrees(lon: float, lat: float, middle: Floats, reader: Reader, where: tuple[str, ...]) -> None:
    values = {"lon": f"{lon:g}", "lat": f"{lat:g}"}
    inside = abs(lon) <= 180 and abs(lat) <= 90
    turned = abs(lat) <= 180 and abs(lon) <= 90
    apart = max(abs(lon - middle[0]), abs(lat - middle[1]))
    apart_turned = max(abs(lat - middle[0]), abs(lon - middle[1]))
    if (not inside and turned) or (inside and apart > _FAR and apart_turned < min(_FAR, apart)):
        reader.fault("reach.swapped", where, **values)
    elif not inside:
        reader.fault("reach.out_of_range", where, **values)
    elif not _in_china(lon, lat) and _in_china(lat, lon):
        reader.fault("reach.swapped", where, **values)
    elif apart > _FAR:
        reader.fault("reach.far", where, **values)


def _in_china(lon: float, lat: float) -> bool:
    west, east, south, north = _CHINA
    return west <= lon <= east and south <= lat <= north
