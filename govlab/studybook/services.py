"""Importance beside satisfaction by kind of service, and whether supply is less even than demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govlab.plots import Service, importance_performance
from govlab.studybook.numbers import known
from govlab.studybook.parts import SUPPRESSED, Part, Row, Telling
from govlab.tables import Column

if TYPE_CHECKING:
    from govlab.survey.services import Services

FEWEST = 2  # kinds that can be compared


def service_parts(tell: Telling, wave: int) -> list[Part]:
    """Figure, gaps and what can be said of evenness; nothing where the study did not ask both."""
    from govlab.survey import importance_beside_satisfaction, service_kinds

    design = tell.design(wave)
    published = [name for name in design.frame.columns if tell.margin(("wave",), str(name))]
    kinds = service_kinds(published)
    shown = {
        kind: pair
        for kind, pair in kinds.items()
        if all(tell.mask.shows({"wave": wave}, name) for name in pair)
    }
    if len(shown) < FEWEST:
        return []
    by_zone = tell.study.inference_allowed and _zones_shown(tell, shown, wave)
    found = importance_beside_satisfaction(design, shown, zone=tell.zone if by_zone else None)
    return [
        tell.section("services.title"),
        tell.page.text(tell.say("services.text")),
        tell.figure(_figure(tell, found)),
        _gaps(tell, found),
        *([tell.page.text(*_evenness(tell, found))] if tell.study.inference_allowed else []),
    ]


def _zones_shown(tell: Telling, kinds: dict[str, tuple[str, str]], wave: int) -> bool:
    """Whether the mean of every kind may be shown in every zone: spread between zones is made of them."""
    names = [name for pair in kinds.values() for name in pair]
    if not all(tell.margin((tell.zone, "wave"), name) for name in names):
        return False
    cells = [{tell.zone: zone, "wave": wave} for zone in tell.names.zones]
    return len(cells) > 1 and all(tell.mask.shows(cell, name) for cell in cells for name in names)


def _figure(tell: Telling, found: Services) -> Any:
    rows = {str(row["term"]): row for row in found.means.to_frame().to_dict("records")}
    points = []
    for kind, (importance, satisfaction) in found.kinds.items():
        up, across = rows[importance], rows[satisfaction]
        points.append(
            Service(
                tell.names.service(kind),
                known(up["estimate"]),
                known(across["estimate"]),
                _ends(up),
                _ends(across),
            )
        )
    caption, note = tell.say("services.caption"), tell.say("services.note")
    return importance_performance(points, lang=tell.lang, caption=caption, note=note)


def _ends(row: dict[Any, Any]) -> tuple[float, float] | None:
    low, high = known(row["conf_low"]), known(row["conf_high"])
    return None if low is None or high is None else (low, high)


def _gaps(tell: Telling, found: Services) -> Part:
    means = {str(row["term"]): row for row in found.means.to_frame().to_dict("records")}
    gaps = {str(row["term"]): row for row in found.gaps.to_frame().to_dict("records")}
    columns = (
        Column("kind", tell.say("services.kind")),
        Column("importance", tell.say("services.importance"), "number", 2),
        Column("satisfaction", tell.say("services.satisfaction"), "number", 2),
        Column("gap", tell.say("services.gap"), "number", 2),
        Column("low", tell.say("column.low"), "number", 2),
        Column("high", tell.say("column.high"), "number", 2),
    )
    rows = []
    for kind, pair in found.kinds.items():
        values = [known(means[name]["estimate"]) for name in pair]
        values += [known(gaps[kind][name]) for name in ("estimate", "conf_low", "conf_high")]
        rows.append(Row((tell.names.service(kind), *values), gaps[kind]["reason"] == SUPPRESSED))
    return tell.table(columns, rows, tell.say("services.gaps_caption"), (tell.say("services.gaps_note"),))


def _evenness(tell: Telling, found: Services) -> list[str]:
    """The claim that supply is uneven and demand alike, as a question to the data."""
    said = [tell.say("services.question")]
    for spread in found.spreads:
        values = {
            "importance": f"{max(spread.importance, 0.0) ** 0.5:.2f}",
            "satisfaction": f"{max(spread.satisfaction, 0.0) ** 0.5:.2f}",
        }
        between = tell.say(f"services.between.{spread.between}", **values)
        said.append(tell.joined([between, tell.say(f"services.{spread.finding.replace('-', '_')}")]))
    return said
