"""The time bank of a study: a table of groups and the flows between them, never persons."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Literal

from govlab import plots
from govlab.institutions import inventory as inv
from govlab.studybook.numbers import known
from govlab.tables import Column, Raw, Shown

if TYPE_CHECKING:
    from govlab.studybook.inventory import InventoryReport, Part


def time_bank(report: InventoryReport) -> list[Part]:
    """Hours by group and from group to group; nothing of single members."""
    held = report.held.sheet("time_bank")
    parts: list[Part] = [report.page.section(report.say("bank.title"))]
    if held.empty:
        return [*parts, report.page.text(report.say("bank.none"))]
    bank = inv.time_bank(report.held, report.day)
    frame = bank.to_frame()
    columns = [Column("group", report.say("column.group"))]
    for name in ("members", "hours_given", "hours_received", "expired", "balance"):
        kind: Literal["integer", "number"] = "integer" if name == "members" else "number"
        columns.append(Column(name, report.say(f"column.{name}"), kind, None if name == "members" else 0))
    columns += [
        Column(name, report.say(f"column.{name}"), "percent", 0) for name in ("only_give", "only_get")
    ]
    rows: list[list[Raw | Shown]] = []
    hidden = set()
    for number, row in enumerate(frame.to_dict("records")):
        cells: list[Raw | Shown] = [_group(report, str(row["group"]))]
        for place, column in enumerate(columns[1:], 1):
            value = known(row[column.key])
            if row["reason"]:
                hidden.add((number, place))
                value = None
            elif value is not None and column.kind == "percent":
                value *= 100
            minus = value is not None and value < 0
            cells.append(Shown(value, f"{value:,.0f}".replace("-", "−")) if minus else value)
        rows.append(cells)
    table = report.table(
        columns,
        rows,
        report.say("bank.caption", day=report.date(report.day)),
        [report.say("bank.note")],
        frozenset(hidden),
    )
    groups = frame["group"].to_list()
    flow = bank.flows()
    cell = {
        (a, b): known(h)
        for a, b, h in zip(flow["giver_group"], flow["receiver_group"], flow["hours"], strict=True)
    }
    hours = [[cell.get((a, b), 0.0) for b in groups] for a in groups]
    figure = report.page.figure(
        plots.flows(
            [_group(report, one) for one in groups],
            hours,
            lang=report.lang,
            caption=report.say("bank.figure"),
            heads=(report.say("bank.gives"), report.say("bank.gets")),
            note=report.say("bank.figure_note", least=bank.least),
        )
    )
    share = bank.concentration()
    text = report.say("bank.text")
    few = isnan(share)
    more = report.say("bank.few") if few else report.say("bank.tenth", share=f"{100 * share:.0f}")
    return [*parts, report.page.text(text), table, figure, report.page.text(more)]


def _group(report: InventoryReport, code: str) -> str:
    """The name of a group where the report has one, else its code."""
    try:
        return report.say(f"group.{code.replace('-', '_')}")
    except LookupError:
        return code
