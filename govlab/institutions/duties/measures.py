"""Load, overlap, gaps, lines of command, cross-appointment, provision: measures of who does what."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from govlab.institutions.duties.model import Arrangement, DutiesFile, Mode, Nature, Role
from govlab.institutions.measured import Measured

if TYPE_CHECKING:
    import pandas as pd

Cell = tuple[str, str, str]  # task, body, role
_WORKS = (Role.DOES, Role.ASSISTS)
# How much of a task falls on a body that assists; a task done is one.
ASSISTING = 0.5


def _frame(
    rows: list[dict[str, Any]], columns: tuple[str, ...], numbers: tuple[str, ...] = ()
) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns)).astype(dict.fromkeys(numbers, "float64"))


def cells(arrangement: Arrangement) -> frozenset[Cell]:
    """Every (task, body, role) of an arrangement."""
    return frozenset((one.task, one.body, one.role.value) for one in arrangement.assignments)


def matrix(file: DutiesFile, arrangement: Arrangement) -> Measured:
    """Task x body: roles in a cell, joined by ``+``; empty where none is entered."""
    rows = []
    for task in file.tasks:
        row: dict[str, Any] = {"task": task.id, "nature": task.nature.value}
        for body in file.bodies:
            roles = [
                one.role.value
                for one in arrangement.assignments
                if (one.task, one.body) == (task.id, body.id)
            ]
            row[body.id] = "+".join(role.value for role in Role if role.value in roles)
        rows.append(row)
    columns = ("task", "nature", *(one.id for one in file.bodies))
    return Measured(_frame(rows, columns), f"roles of every body in every task, {arrangement.id}")


LOAD = (
    "arrangement", "body", "does", "assists", "administrative", "share_administrative", "load", "hours",
    "reason",
)  # fmt: skip


def load(file: DutiesFile, body: str) -> Measured:
    """Tasks on a body in each arrangement, and how much of it is administrative.

    does, assists: tasks. administrative: administrative tasks it does or assists with. load: administrative
    tasks, one assisted with counting a half. hours: hours a week of the administrative tasks, weighted
    alike, where every one has hours. share_administrative: percent of all its tasks. In an arrangement that
    is not complete the counts are least ones (reason ``least``).
    """
    tasks = {one.id: one for one in file.tasks}
    rows: list[dict[str, Any]] = []
    for arrangement in file.arrangements:
        mine = [one for one in arrangement.assignments if one.body == body and one.role in _WORKS]
        row: dict[str, Any] = {"arrangement": arrangement.id, "body": body}
        named = {one.task for one in mine}
        administrative = [one for one in mine if tasks[one.task].nature is Nature.ADMINISTRATIVE]
        weights = {one.task: 1.0 if one.role is Role.DOES else ASSISTING for one in administrative}
        for one in administrative:  # who does a task and also assists with it bears it once
            weights[one.task] = max(weights[one.task], 1.0 if one.role is Role.DOES else ASSISTING)
        hours = [tasks[name].hours for name in weights]
        row["does"] = sum(one.role is Role.DOES for one in mine)
        row["assists"] = sum(one.role is Role.ASSISTS for one in mine)
        row["administrative"] = len(weights)
        row["share_administrative"] = 100 * len(weights) / len(named) if named else None
        row["load"] = sum(weights.values())
        if (weights or arrangement.complete) and all(one is not None for one in hours):
            row["hours"] = sum(w * (h or 0.0) for w, h in zip(weights.values(), hours, strict=True))
        row["reason"] = "" if arrangement.complete else "least"
        rows.append(row)
    numbers = ("share_administrative", "load", "hours")
    return Measured(_frame(rows, LOAD, numbers), f"administrative load on {body} by arrangement")


HOLDERS = ("task", "nature", "role", "holders", "n", "state")


def holders(file: DutiesFile, arrangement: Arrangement) -> Measured:
    """Who decides, does and supervises each task, and whether several or nobody do.

    state: ``one``, ``overlap`` (several), ``gap`` (nobody, in a complete arrangement), ``refused`` (nobody,
    and somebody refuses), ``not-stated`` (nobody, where the text tells only some roles).
    """
    rows = []
    for task in file.tasks:
        given = [one for one in arrangement.assignments if one.task == task.id]
        refused = any(one.role is Role.REFUSES for one in given)
        for role in (Role.DECIDES, Role.DOES, Role.SUPERVISES):
            mine = tuple(one.body for one in given if one.role is role)
            state = "one" if len(mine) == 1 else "overlap" if mine else "gap"
            if not mine and not arrangement.complete:
                state = "not-stated"
            if not mine and role is Role.DOES and refused:
                state = "refused"
            lead = {"task": task.id, "nature": task.nature.value, "role": role.value}
            rows.append(lead | {"holders": mine, "n": len(mine), "state": state})
    return Measured(_frame(rows, HOLDERS), f"holders of each role in each task, {arrangement.id}")


LINES = ("arrangement", "body", "leads", "guides", "supervises", "lines", "above", "state")


def leadership(file: DutiesFile) -> Measured:
    """How many stand over each body, and how: ``dual`` where two or more lead it.

    Guidance and supervision are counted apart, because whether they belong to a "dual leadership" is a
    matter of reading.
    """
    rows = []
    for arrangement in file.arrangements:
        for body in file.bodies:
            mine = [one for one in file.lines if (one.arrangement, one.over) == (arrangement.id, body.id)]
            if not mine:
                continue
            counts = {
                kind: sum(one.kind == kind for one in mine) for kind in ("leads", "guides", "supervises")
            }
            state = "dual" if counts["leads"] > 1 else "single" if counts["leads"] else "none"
            lead = {"arrangement": arrangement.id, "body": body.id, "lines": len(mine), "state": state}
            rows.append(lead | counts | {"above": tuple(one.by for one in mine)})
    return Measured(_frame(rows, LINES), "lines of command over each body")


CROSS = ("arrangement", "first", "second", "posts", "holders", "of", "share", "reason")


def cross_appointment(file: DutiesFile) -> Measured:
    """Pairs of bodies joined by people with posts in both: kinds of posts, holders, share where counted."""
    rows: list[dict[str, Any]] = []
    for arrangement in file.arrangements:
        mine = [one for one in file.posts if one.arrangement == arrangement.id]
        pairs = dict.fromkeys(pair for one in mine for pair in combinations(one.bodies, 2))
        for first, second in pairs:
            joined = [one for one in mine if {first, second} <= set(one.bodies)]
            row: dict[str, Any] = {"arrangement": arrangement.id, "first": first, "second": second}
            row |= {"posts": len(joined), "reason": "not-stated"}
            if all(one.holders is not None for one in joined):
                row |= {"holders": sum(one.holders or 0 for one in joined), "reason": ""}
                if all(one.posts is not None for one in joined):
                    row["of"] = sum(one.posts or 0 for one in joined)
                    row["share"] = 100 * row["holders"] / row["of"]
            rows.append(row)
    return Measured(_frame(rows, CROSS, ("holders", "of", "share")), "bodies joined by cross-appointment")


CHANGES = ("task", "body", "role", "change")


def changes(first: Arrangement, second: Arrangement, bodies: set[str], tasks: set[str]) -> Measured:
    """Roles kept, gained and lost from one arrangement to the other, on bodies and tasks that both know.

    Where the other arrangement tells only some roles, a role is not gained or lost but ``only-after`` or
    ``only-before``. The note gives roles kept of all that either has (the Jaccard index).
    """
    before, after = (
        {one for one in cells(found) if one[0] in tasks and one[1] in bodies} for found in (first, second)
    )
    rows = [
        {"task": task, "body": body, "role": role, "change": change}
        for change, found in (
            ("kept", before & after),
            ("gained" if first.complete else "only-after", after - before),
            ("lost" if second.complete else "only-before", before - after),
        )
        for task, body, role in sorted(found)
    ]
    both = len(before | after)
    note = f"roles kept: {len(before & after)} of {both}" if both else "no roles to compare"
    return Measured(_frame(rows, CHANGES), f"roles of {second.id} against {first.id}", (note,))


PROVISION = ("service", "leads", "others", *(one.value for one in Mode), "reason")


def provision(file: DutiesFile) -> Measured:
    """Service by service: who leads, who else, which modes are named; ``not-stated`` where no mode is."""
    rows = []
    for one in file.services:
        row: dict[str, Any] = {"service": one.id, "leads": one.leads, "others": one.others}
        row |= {mode.value: mode in one.modes for mode in Mode}
        rows.append(row | {"reason": "" if one.modes else "not-stated"})
    return Measured(_frame(rows, PROVISION), "modes of provision named for each service")


def idle(file: DutiesFile, arrangement: Arrangement) -> tuple[str, ...]:
    """Bodies that have no role in any task of an arrangement."""
    busy = {one.body for one in arrangement.assignments}
    return tuple(one.id for one in file.bodies if one.id not in busy)
