"""The quarter-hour life circle of a study: shares of residents by kind of service, crowding, a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from govlab import plots
from govlab.institutions import reach
from govlab.plots import Spots
from govlab.study.listing import CIRCLE
from govlab.studybook.numbers import known
from govlab.tables import Column, Raw, Shown

if TYPE_CHECKING:
    from govlab.institutions.reach import Circle
    from govlab.studybook.inventory import InventoryReport, Part


def circle(report: InventoryReport) -> list[Part]:
    """Section of the life circle; a sentence where the study lists no facilities."""
    parts: list[Part] = [report.page.section(report.say("circle.title"))]
    if not (report.study.workspace.root / CIRCLE).is_file():
        return [*parts, report.page.text(report.say("circle.none"))]
    found = reach.circle(report.study.places())
    frame = found.to_frame()
    columns = [
        Column("kind", report.say("column.service")),
        Column("facilities", report.say("column.facilities"), "integer"),
        Column("share", report.say("column.share"), "percent", 0),
        Column("nearest", report.say("column.nearest"), "number", 1),
        Column("two_step", report.say("column.two_step"), "number", 0),
    ]
    rows: list[list[Raw | Shown]] = []
    for row in frame.sort_values("share", ascending=False, kind="stable").to_dict("records"):
        ends = [known(row[f"two_step_{one}"]) for one in ("low", "mid", "high")]
        shown: Raw | Shown = None
        if ends[1] is not None:
            shown = Shown(ends[1], f"{ends[1]:,.0f} ({ends[0]:,.0f}–{ends[2]:,.0f})")
        name = found.places.kind_name(str(row["kind"]), report.lang)
        rows.append([name, int(row["facilities"]), 100 * float(row["share"]), known(row["nearest"]), shown])
    how = "given" if found.given else "walking"
    text = report.say(
        f"circle.{how}",
        minutes=f"{found.minutes:g}",
        speed=f"{found.speed:g}",
        detour=f"{found.detour:g}",
        line=f"{found.minutes * found.speed / found.detour:,.0f}",
    )
    points = found.places.points
    said = report.say(
        "circle.said",
        complete=f"{100 * found.complete:.0f}",
        kinds=len(frame),
        residents=f"{points['residents'].sum():,.0f}",
        points=f"{len(points):,}",
    )
    notes = [report.say("circle.note")]
    if (frame["reason"] != "").any():
        notes.append(report.say("circle.no_capacity"))
    parts += [report.page.text(said, text), report.table(columns, rows, report.say("circle.caption"), notes)]
    return [*parts, report.page.figure(_map(report, found))]


def _map(report: InventoryReport, found: Circle) -> plots.Figure:
    places = found.places
    at, there = _metres(places.coordinates("points"), places.coordinates("facilities"), places.projected)
    kinds = places.facilities["kind"].to_numpy()
    spots = [Spots(places.kind_name(kind, report.lang), there[kinds == kind]) for kind in places.kinds]
    span = float(np.ptp(np.concatenate([at, there])[:, 0]))
    bar = float(10 ** np.floor(np.log10(max(span, 10.0) / 4)))
    bar *= 5 if bar * 5 <= span / 4 else 2 if bar * 2 <= span / 4 else 1
    label = report.say("circle.metres", n=f"{bar:,.0f}")
    return plots.circle_map(
        at,
        places.points["residents"].to_numpy(float),
        found.kinds_reached,
        spots,
        lang=report.lang,
        caption=report.say("circle.figure"),
        words=(report.say("circle.few"), report.say("circle.many", n=len(spots))),
        scale=(bar, label),
        note=report.say("circle.figure_note"),
    )


def _metres(points: np.ndarray, facilities: np.ndarray, projected: bool) -> tuple[np.ndarray, np.ndarray]:
    """Both in metres on a plane; degrees are laid flat around their middle, which serves for drawing only."""
    if projected:
        return points, facilities
    middle = np.concatenate([points, facilities]).mean(axis=0)
    scale = np.radians(1.0) * 6_371_008.8 * np.array([np.cos(np.radians(middle[1])), 1.0])
    return (points - middle) * scale, (facilities - middle) * scale
