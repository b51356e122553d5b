"""A community in which every role is entered: load before and after, overlap, gaps, people in two posts."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from govlab.errors import InputError
from govlab.plots import duties as figures
from govlab.tables import Column

if TYPE_CHECKING:
    from govlab.institutions.duties import Duties
    from govlab.study import Study
    from govlab.studybook.holding import Cells, Part, Writer

BODY = "committee"


def own_duties(study: Study) -> Duties | None:
    """The study's own duties, None where it has none."""
    try:
        return study.duties()
    except InputError as error:
        if any(one.key == "duties.no_file" for one in error.faults):
            return None
        raise


def parts(tell: Writer, own: Duties | None) -> list[Part]:
    """Everything about the study's own duties."""
    from govlab.studybook.duties import roles_figure

    if own is None:
        return [*tell.section("worked"), tell.page.note(tell.say("worked.none"))]
    found = tell.section("worked", fictional=own.file.fictional)
    arrangements = [one.id for one in own.file.arrangements]
    for one in own.file.arrangements:
        label = tell.text(one.label)
        found.append(tell.page.heading(tell.say("worked.arrangement", name=label)))
        found.append(roles_figure(tell, own, one.id, "worked.figure"))
    found += _load(tell, own)
    found.append(_holders(tell, own, arrangements[-1]))
    found += _people(tell, own)
    return found


def _load(tell: Writer, own: Duties) -> list[Part]:
    names = {one.id: tell.text(one.label) for one in own.file.arrangements}
    body = next(tell.text(one.label) for one in own.file.bodies if one.id == BODY)
    frame = own.load_on(BODY).frame
    bars = []
    for row in frame.to_dict("records"):
        every = row["does"] + row["assists"]
        hours = "" if isnan(row["hours"]) else tell.say("worked.hours", hours=f"{row['hours']:g}")
        bars.append(
            figures.Load(
                names[row["arrangement"]], row["administrative"], every - row["administrative"], hours
            )
        )
    drawn = figures.load(
        bars, lang=tell.lang, caption=tell.say("worked.load", body=body), note=tell.say("worked.load_note")
    )
    first, last = frame.iloc[0], frame.iloc[-1]
    said = tell.say(
        "worked.load_found",
        body=body,
        before=first["administrative"],
        after=last["administrative"],
        share_before=f"{first['share_administrative']:.0f}",
        share_after=f"{last['share_administrative']:.0f}",
    )
    return [tell.figure(drawn), tell.page.text(said)]


def _holders(tell: Writer, own: Duties, arrangement: str) -> Part:
    """Tasks with several or no holders of a role, in the last arrangement."""
    frame = own.holders(arrangement).frame
    tasks = {one.id: tell.head(one.label) for one in own.file.tasks}
    bodies = {one.id: tell.text(one.label) for one in own.file.bodies}
    label = next(tell.text(one.label) for one in own.file.arrangements if one.id == arrangement)
    rows: list[Cells] = []
    for task in own.file.tasks:
        mine = frame[frame["task"] == task.id].set_index("role")
        cells = []
        for role in ("decides", "does", "supervises"):
            row = mine.loc[role]
            names = tell.listed([bodies[one] for one in row["holders"]])
            cells.append(names if row["state"] == "one" else tell.say(f"holder.{row['state']}", names=names))
        rows.append((tasks[task.id], *cells))
    columns = (
        Column("task", tell.say("column.task")),
        *(Column(role, tell.say(f"role.{role}")) for role in ("decides", "does", "supervises")),
    )
    gaps = int(frame["state"].isin(("gap", "refused")).sum())
    overlaps = int((frame["state"] == "overlap").sum())
    note = tell.say("worked.holders_note", gaps=gaps, overlaps=overlaps)
    return tell.table(
        columns, rows, tell.say("worked.holders", name=label), (note,), fictional=own.file.fictional
    )


def _people(tell: Writer, own: Duties) -> list[Part]:
    """Lines of command and people who hold posts in two bodies, before and after."""
    names = {one.id: tell.text(one.label) for one in own.file.bodies}
    when = {one.id: tell.text(one.label) for one in own.file.arrangements}
    rows: list[Cells] = [
        (
            when[row["arrangement"]],
            names[row["body"]],
            int(row["leads"]),
            int(row["guides"]),
            int(row["supervises"]),
            tell.say(f"lead.{row['state']}"),
        )
        for row in own.leadership().frame.to_dict("records")
    ]
    columns = (
        Column("when", tell.say("column.when")),
        tell.column("body"),
        Column("leads", tell.say("line.leads"), "integer"),
        Column("guides", tell.say("line.guides"), "integer"),
        Column("supervises", tell.say("line.supervises"), "integer"),
        Column("state", tell.say("column.state")),
    )
    posts: list[Cells] = [
        (
            when[row["arrangement"]],
            tell.listed([names[row["first"]], names[row["second"]]]),
            tell.number(row["holders"]),
            tell.number(row["of"]),
            tell.number(row["share"]),
        )
        for row in own.cross_appointment().frame.to_dict("records")
    ]
    heads = (
        Column("when", tell.say("column.when")),
        Column("bodies", tell.say("column.pair")),
        Column("holders", tell.say("column.holders"), "integer"),
        Column("of", tell.say("column.of"), "integer"),
        Column("share", tell.say("column.share"), "number", 0),
    )
    fictional = own.file.fictional
    return [
        tell.table(
            columns, rows, tell.say("worked.lines"), (tell.say("worked.lines_note"),), fictional=fictional
        ),
        tell.table(heads, posts, tell.say("worked.cross"), fictional=fictional),
    ]
