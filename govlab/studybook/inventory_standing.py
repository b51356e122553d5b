"""How the lists of a study stand: entries, participants by the four tests, entries that may be one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from govlab import plots
from govlab.institutions import inventory as inv
from govlab.plots import Stock
from govlab.tables import Column, Raw

if TYPE_CHECKING:
    from govlab.studybook.inventory import InventoryReport, Part

_DRAWN = ("needs", "problems", "consultations")
_MOST = 10  # rows of a table of things to look at


def lists(report: InventoryReport) -> list[Part]:
    """The nine lists and how many entries were open over time."""
    frame = report.held.to_frame()
    columns = [
        Column("list", report.say("column.list")),
        Column("entries", report.say("column.entries"), "integer"),
    ]
    states = ("open", "under-way", "done", "dropped")
    columns += [Column(one, report.say(f"column.{one.replace('-', '_')}"), "integer") for one in states]
    rows = []
    for row in frame.to_dict("records"):
        counts = [None if row[one] != row[one] or row[one] is None else int(row[one]) for one in states]
        rows.append((report.word("lists", row["list"]), int(row["entries"]), *counts))
    table = report.table(columns, rows, report.say("lists.caption"), [report.say("lists.note")])
    days = _quarters(report)
    parts: list[Part] = [
        report.page.section(report.say("lists.title")),
        report.page.text(report.say("lists.text")),
        table,
    ]
    if len(days) > 1:
        course = inv.course(report.held, days).to_frame()
        lines = [
            Stock(report.word("lists", name), tuple(course.loc[course["list"] == name, "open"].astype(int)))
            for name in _DRAWN
        ]
        moments = [f"{one.year}.{one.month}" for one in days]
        parts.append(
            report.page.figure(
                plots.stock(
                    lines,
                    moments,
                    lang=report.lang,
                    caption=report.say("lists.figure"),
                    note=report.say("lists.figure_note"),
                )
            )
        )
    return parts


def _quarters(report: InventoryReport) -> list[dt.date]:
    """Quarter ends from the first entry to the day of the report, at most nine of them, the day last."""
    first = min(report.held.sheet(one)["since"].min().date() for one in _DRAWN if len(report.held.sheet(one)))
    found, year, month = [], first.year, 3 * ((first.month - 1) // 3) + 3
    while True:
        month_after = dt.date(year + month // 12, month % 12 + 1, 1)
        end = month_after - dt.timedelta(days=1)
        if end >= report.day:
            break
        found.append(end)
        year, month = (year, month + 3) if month < 12 else (year + 1, 3)
    return [*found[-8:], report.day]


def participants(report: InventoryReport) -> list[Part]:
    """Participants by kind and by the four tests, under both readings."""
    frame = inv.participants(report.held).to_frame()
    tests = ("will", "ability", "means", "relation")
    columns = [
        Column("kind", report.say("column.kind")),
        Column("n", report.say("column.entries"), "integer"),
    ]
    columns += [Column(one, report.word("tests", one), "integer") for one in tests]
    columns += [Column(one, report.say(f"column.{one}"), "integer") for one in ("any", "all")]
    heads = [one.key for one in columns[1:]]
    rows: list[tuple[Raw, ...]] = [
        (report.word("actors", row["kind"]), *(int(row[one]) for one in heads))
        for row in frame.to_dict("records")
    ]
    total = frame[heads].sum()
    rows.append((report.say("total"), *(int(total[one]) for one in heads)))
    text = report.say("participants.text", any=int(total["any"]), all=int(total["all"]), n=int(total["n"]))
    return [
        report.page.section(report.say("participants.title")),
        report.page.text(text),
        report.table(columns, rows, report.say("participants.caption"), [report.say("participants.note")]),
    ]


def twice(report: InventoryReport) -> list[Part]:
    """Entries that may be one and the same."""
    frame = inv.duplicates(report.held).to_frame().sort_values("likeness", ascending=False, kind="stable")
    parts: list[Part] = [report.page.heading(report.say("twice.title"))]
    if frame.empty:
        return [*parts, report.page.text(report.say("twice.none"))]
    columns = [
        Column("list", report.say("column.list")),
        Column("first", report.say("column.first")),
        Column("second", report.say("column.second")),
        Column("likeness", report.say("column.likeness"), "number", 2),
    ]
    rows = [
        (
            report.word("lists", row["list"]),
            report.label(row["list"], row["first"]),
            report.label(row["list"], row["second"]),
            float(row["likeness"]),
        )
        for row in frame.head(_MOST).to_dict("records")
    ]
    text = report.say("twice.text", n=len(frame), shown=len(rows))
    return [*parts, report.page.text(text), report.table(columns, rows, report.say("twice.caption"))]
