"""The match of a study's needs with its resources in words, figure and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govlab import plots
from govlab.tables import Column

if TYPE_CHECKING:
    from govlab.institutions.inventory import Match
    from govlab.studybook.inventory import InventoryReport, Part

_SERIES = ("met", "full", "place", "time", "other")
_MOST = 12


def matched(report: InventoryReport, found: Match) -> list[Part]:
    """What was matched, and by capability what stands in the way of the rest."""
    by = found.by_need()
    by["series"] = ["met" if not one else one if one in _SERIES else "other" for one in by["reason"]]
    table = by.groupby(["capability", "series"]).size().unstack(fill_value=0)
    table = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    used = [one for one in _SERIES if one in table]
    rows = [
        (report.label("capability", str(code)), [int(row[one]) for one in used])
        for code, row in table.iterrows()
    ]
    names = [report.say(f"series.{one}") for one in used]
    sure = "matching.best" if found.best else "matching.bound"
    texts = [
        report.say(
            "matching.text",
            needs=len(by),
            resources=len(found.resources),
            reading=report.say(f"reading.{found.tests}"),
        ),
        report.say(
            sure, value=f"{found.value:g}", total=f"{float(by['weight'].sum()):g}", bound=f"{found.bound:g}"
        ),
    ]
    figure = plots.counts(
        rows,
        names,
        lang=report.lang,
        caption=report.say("matching.figure"),
        note=report.say("matching.figure_note"),
    )
    return [report.page.text(*texts), report.page.figure(figure), *_pairs(report, found)]


def _pairs(report: InventoryReport, found: Match) -> list[Part]:
    frame = found.to_frame()
    if frame.empty:
        return []
    columns = [
        Column("need", report.say("column.need")),
        Column("resource", report.say("column.resource")),
        Column("why", report.say("column.why")),
    ]
    # Exceptions and fixed pairs first: they are what a reader has to know of.
    order = frame["reason"].map({"must": 0, "may": 1, "fits": 2}).argsort(kind="stable")
    rows = [
        (
            report.label("needs", row["need"]),
            report.label("resources", row["resource"]),
            report.say(f"pair.{row['reason']}"),
        )
        for row in frame.iloc[order].head(_MOST).to_dict("records")
    ]
    caption = report.say("pairs.caption", shown=len(rows), n=len(frame))
    return [report.table(columns, rows, caption, [report.say("pairs.note")])]


def unmet(report: InventoryReport, found: Match) -> list[Part]:
    """Why needs stay unmet: the step at which the resource that came closest fails."""
    by = found.by_need()
    left = by[by["reason"] != ""]
    parts: list[Part] = [report.page.heading(report.say("unmet.title"))]
    if left.empty:
        return [*parts, report.page.text(report.say("unmet.none"))]
    counts = left.groupby("reason").agg(n=("id", "size"), weight=("weight", "sum"))
    counts = counts.sort_values(["n", "weight"], ascending=False, kind="stable")
    columns = [
        Column("reason", report.say("column.step")),
        Column("n", report.say("column.needs"), "integer"),
        Column("weight", report.say("column.weight"), "number", 0),
    ]
    rows = [
        (report.say(f"why.{code}"), int(row["n"]), float(row["weight"])) for code, row in counts.iterrows()
    ]
    return [*parts, report.table(columns, rows, report.say("unmet.caption"), [report.say("unmet.note")])]


def unlocking(report: InventoryReport, found: Match) -> list[Part]:
    """Single changes that would help most, each solved anew."""
    frame = found.unlocks(16).head(8)
    if frame.empty:
        return []
    columns = [
        Column("change", report.say("column.change")),
        Column("gain", report.say("column.gain"), "number", 0),
        Column("needs", report.say("column.more_needs"), "integer"),
    ]
    rows = []
    for row in frame.to_dict("records"):
        sheet = "capability" if row["change"] == "new" else "resources"
        said = report.say(f"change.{row['change']}", what=report.label(sheet, row["of"]))
        rows.append((said, float(row["gain"]), int(row["needs"])))
    return [
        report.page.heading(report.say("unlock.title")),
        report.page.text(report.say("unlock.text")),
        report.table(columns, rows, report.say("unlock.caption"), [report.say("unlock.note")]),
    ]
