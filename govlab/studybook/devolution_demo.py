"""Parts of the devolution report that run on a study's own tables: payments, channels, what-if."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from govlab.errors import InputError
from govlab.institutions.ledger import curve, least_share, read_communities, what_if
from govlab.institutions.ledger.whatif import WAYS, Communities
from govlab.plots import Figure
from govlab.plots import ledger as figures
from govlab.results import NotApplicable
from govlab.study import holding
from govlab.tables import Column, Shown

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.ledger import Ledger
    from govlab.institutions.ledger.model import Floor
    from govlab.study import Study
    from govlab.studybook.holding import Cells, Part, Writer


def own_ledger(study: Study) -> Ledger | None:
    """The study's own ledger, None where it has none."""
    try:
        return study.ledger()
    except InputError as error:
        if any(one.key == "ledger.no_file" for one in error.faults):
            return None
        raise


def origins(tell: Writer, own: Ledger | None) -> list[tuple[str, Mapping[str, int]]]:
    """Title and entries by origin of the study's own ledger."""
    return [(tell.text(own.file.title), own.origins)] if own else []


def _invented(study: Study) -> bool:
    return study.workspace.study is not None and study.survey.synthetic


# -- payments --------------------------------------------------------------------------------------


def payments(
    tell: Writer, study: Study, ledger: Ledger, bodies: Mapping[str, str], reading: str
) -> list[Part]:
    """Who has the last word on a list of payments, undecided and under each reading of the limit."""
    table = holding.table(study, "payments")
    if table is None:
        return [tell.page.note(tell.say("spending.none"))]
    route = ledger.route("routine-spending")
    limit = next(one.upper for one in route.branches if one.upper is not None)
    readings: list[str] = ["none", *(one.id for one in route.branches)]
    runs = {
        one: ledger.run(route.id, table, reading=None if one == "none" else {limit: one}) for one in readings
    }
    rows: list[Cells] = []
    for body in (*dict.fromkeys(one.decides for one in route.branches), ""):
        cells: list[Any] = [bodies[body] if body else tell.say("spending.nobody")]
        for one in readings:
            found: Any = runs[one].decided_by().set_index("body").loc[body]
            cells += [int(found["payments"]), float(found["amount"])]
        rows.append(tuple(cells))
    columns = [Column("body", tell.say("column.decides"))]
    for one in readings:
        name = tell.say(f"reading.{one}")
        columns.append(Column(f"n_{one}", tell.say("column.n_of", reading=name), "integer"))
        columns.append(Column(f"amount_{one}", tell.say("column.amount_of", reading=name), "number", 0))
    frame = runs["none"].frame
    at_limit = int((frame["reason"] == "both-apply").sum())
    stopped = int((frame["state"] == "stopped").sum())
    chosen: Any = runs[reading].decided_by().set_index("body")
    undecided = at_limit if reading == "none" else 0
    said = tell.say("spending.run", n=len(frame), limit=f"{limit:,.0f}", at_limit=at_limit, stopped=stopped)
    top = next(one.decides for one in route.branches if one.lower is not None)
    shown = tell.say(
        "spending.chosen",
        reading=tell.say(f"reading.{reading}"),
        undecided=undecided,
        share=f"{float(chosen.loc[top]['share']):.0f}",
        top=bodies[top],
    )
    fictional = _invented(study)
    parts: list[Part] = [tell.page.heading(tell.say("spending.list"))]
    if fictional:
        parts.append(tell.page.banner(tell.shared("fictional")))
    return [
        *parts,
        tell.page.text(tell.joined([said, shown])),
        tell.table(
            columns,
            rows,
            tell.say("spending.run_caption"),
            (tell.say("spending.run_note"),),
            fictional=fictional,
        ),
    ]


# -- channels --------------------------------------------------------------------------------------


def channels(tell: Writer, study: Study, ledger: Ledger) -> list[Part]:
    """The channels of the text; received, spent and unspent where a study filled them in."""
    columns = [
        Column("channel", tell.say("column.channel")),
        Column("standing", tell.say("column.standing")),
        tell.column("facts", "facts"),
    ]
    rows: list[Cells] = [
        (tell.head(one.label), tell.say(f"standing.{one.standing}"), one.facts)
        for one in ledger.file.channels
    ]
    note = tell.say("funding.no_sums")
    parts = [*tell.section("funding"), tell.table(columns, rows, tell.say("funding.caption"), (note,))]
    table = holding.table(study, "funding")
    if table is None:
        return parts
    fictional = _invented(study)
    if fictional:
        parts.append(tell.page.banner(tell.shared("fictional")))
    label = {one.id: tell.head(one.label) for one in ledger.file.channels}
    amounts = ("received", "spent", "unspent", "rate")
    money: list[Cells] = [
        (
            label[row["channel"]],
            *(None if row["reason"] else tell.number(row[one]) for one in amounts),
        )
        for row in ledger.funding(table).frame.to_dict("records")
    ]
    heads = (
        Column("channel", tell.say("column.channel")),
        Column("received", tell.say("column.received"), "number", 0),
        Column("spent", tell.say("column.spent"), "number", 0),
        Column("unspent", tell.say("column.unspent"), "number", 0),
        Column("rate", tell.say("column.rate"), "number", 0),
    )
    parts.append(tell.table(heads, money, tell.say("funding.money"), fictional=fictional))
    names = _purposes(table, tell.lang)
    for row in ledger.uncoordinated(table).frame.to_dict("records"):
        said = {
            "purpose": tell.head(names[row["purpose"]]),
            "cases": row["cases"],
            "apart": row["uncoordinated"],
        }
        parts.append(tell.page.text(tell.say("funding.apart", amount=f"{row['amount']:,.0f}", **said)))
    return parts


def _purposes(table: pd.DataFrame, lang: str) -> dict[str, str]:
    column = f"purpose_{lang}" if f"purpose_{lang}" in table else "purpose"
    return dict(zip(table["purpose"].astype(str), table[column].astype(str), strict=True))


# -- money that follows ----------------------------------------------------------------------------


def follow(tell: Writer, own: Ledger | None) -> list[Part]:
    """Duties and their money side by side in the study's own ledger."""
    if own is None:
        return [*tell.section("follow"), tell.page.note(tell.say("follow.none"))]
    label = {one.id: tell.text(one.label) for one in own.file.items}
    frame = own.funds_follow("community").frame
    counted = frame[frame["reason"] == ""]
    fictional = own.file.fictional
    rows: list[Cells] = [
        (
            label[row["item"]],
            label[row["money"]],
            tell.number(row["shift_item"], sign=True),
            tell.number(row["shift_money"], sign=True),
            tell.number(row["gap"], sign=True),
            tell.say(f"verdict.{row['verdict']}"),
        )
        for row in counted.to_dict("records")
    ]
    columns = (
        Column("duty", tell.say("column.duty")),
        Column("money", tell.say("column.money")),
        Column("shift_item", tell.say("column.shift_item"), "number"),
        Column("shift_money", tell.say("column.shift_money"), "number"),
        Column("gap", tell.say("column.gap"), "number"),
        Column("verdict", tell.say("column.verdict")),
    )
    moved = [
        figures.Move(
            label[row["item"]], row["shift_item"], row["shift_money"], tell.say(f"verdict.{row['verdict']}")
        )
        for row in counted.to_dict("records")
    ]
    figure = figures.moves(
        moved, lang=tell.lang, caption=tell.say("follow.figure"), note=tell.say("follow.note")
    )
    together = int((counted["verdict"] == "together").sum())
    return [
        *tell.section("follow", fictional=fictional),
        tell.page.text(tell.say("follow.found", together=together, n=len(counted))),
        tell.figure(figure),
        tell.table(columns, rows, tell.say("follow.caption"), fictional=fictional),
    ]


# -- what if ---------------------------------------------------------------------------------------


def whatif(tell: Writer, study: Study, own: Ledger | None, share: int, way: str) -> list[Part]:
    """Curves of communities below each floor, and the counts at the share asked for."""
    streets, places = (holding.table(study, name) for name in ("devolved_streets", "devolved_communities"))
    if own is None or streets is None or places is None:
        return [*tell.section("whatif"), tell.page.note(tell.say("whatif.none"))]
    parts = tell.section("whatif", fictional=True)
    rows: list[Cells] = []
    for name, column, whole in (("staff", "staff", True), ("funds", "funds", False)):
        floor = own.floor(name)
        communities = read_communities(places, streets, column, whole=whole)
        parts.append(tell.figure(_curves(tell, communities, floor, share)))
        rows += [_row(tell, communities, floor, share, one) for one in WAYS]
    columns = (
        Column("floor", tell.say("column.floor")),
        Column("way", tell.say("column.way")),
        Column("below", tell.say("column.below_at", share=share), "integer"),
        Column("short", tell.say("column.short"), "number", 0),
        Column("least", tell.say("column.least"), "number", 0),
    )
    notes = (tell.say("whatif.note"), tell.say("whatif.least"))
    parts.append(tell.table(columns, rows, tell.say("whatif.caption", share=share), notes, fictional=True))
    parts.append(_below_table(tell, study, own, places, streets, share, way))
    return parts


def _curves(tell: Writer, communities: Communities, floor: Floor, share: int) -> Figure:
    curves = []
    for way in WAYS:
        table = curve(communities, floor, shares=range(101), way=way)
        counts = tuple(int(one) for one in table["below"])
        curves.append(figures.Curve(tell.say(f"way.{way}"), tuple(map(float, range(101))), counts))
    caption = tell.say("whatif.figure", floor=tell.head(floor.label), n=len(communities.names))
    note = tell.say("whatif.figure_note")
    return figures.below_floor(
        curves, chosen=share, total=len(communities.names), lang=tell.lang, caption=caption, note=note
    )


def _row(tell: Writer, communities: Communities, floor: Floor, share: int, way: Any) -> Cells:
    found = what_if(communities, floor, share=share, way=way)
    least = least_share(communities, floor, way=way)
    shown = (
        Shown(None, tell.say("whatif.never"))
        if isinstance(least, NotApplicable)
        else Shown(least, f"{least:.0f}%")
    )
    short = float(found.frame["short"].sum())
    return (tell.head(floor.label), tell.say(f"way.{way}"), found.below, short, shown)


def _below_table(
    tell: Writer, study: Study, own: Ledger, places: pd.DataFrame, streets: pd.DataFrame, share: int, way: Any
) -> Part:
    """Street by street: communities below the floor of posts at the share asked for."""
    floor = own.floor("staff")
    found = what_if(read_communities(places, streets, "staff", whole=True), floor, share=share, way=way).frame
    zones = study.zones.set_index("zone")[f"name_{tell.lang}"]
    rows: list[Cells] = []
    for street in dict.fromkeys(found["street"]):
        mine = found[found["street"] == street]
        rows.append(
            (
                str(zones.get(street, street)),
                len(mine),
                float(mine["own"].sum()),
                float(mine["received"].sum()),
                float(mine["after"].min()),
                int(mine["below"].sum()),
            )
        )
    columns = (
        Column("street", tell.say("column.street")),
        Column("n", tell.say("column.communities"), "integer"),
        Column("own", tell.say("column.own"), "integer"),
        Column("received", tell.say("column.received_posts"), "integer"),
        Column("least", tell.say("column.least_posts"), "integer"),
        Column("below", tell.say("column.below_floor"), "integer"),
    )
    caption = tell.say("whatif.streets", share=share, way=tell.say(f"way.{way}"))
    return tell.table(columns, rows, caption, fictional=True)
