"""The duties board: lay each task with the body that does it; see load, overlap, gaps, who leads whom.

The tasks are those of an invented community, because Beijing's article lists none. Its separation is laid
over them as it stands in the shipped definition: tasks of a kind go to the body that the article has do it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from govlab.institutions.duties import Duties, Role
from govlab.institutions.duties.model import Arrangement, Assignment
from govlab.language import listed, say
from govlab.workshop.widgets.controls import Board, Card, Choice, Control
from govlab.workshop.widgets.duties_drawn import Load, Row, drawn
from govlab.workshop.widgets.frame import View

if TYPE_CHECKING:
    from govlab.tables import Table

Pairs = tuple[tuple[str, str], ...]
BEIJING, DEMO = "beijing", "demo"
SPOKEN = ("committee", "station")  # the two that are separated
ADMINISTRATIVE = "■"


@dataclass(frozen=True, eq=False)
class Layout:
    """An arrangement laid on the board: who does which task; complete: what is not laid, nobody does.

    lines: body -> those that lead it, None where the text tells of no lines at all.
    """

    pairs: Pairs
    complete: bool
    lines: Mapping[str, tuple[str, ...]] | None


@dataclass(frozen=True, eq=False)
class Seen:
    """A layout worked out: the load of each body, and the holders of each task's doing."""

    load: Mapping[str, Load]
    holders: Mapping[str, tuple[str, ...]]
    states: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class DutiesBoard:
    """The model: the invented community's tasks and bodies, and the layouts to begin with."""

    duties: Duties
    layouts: Mapping[str, Layout]

    def controls(self, lang: str) -> tuple[Control, ...]:
        """Where the board begins, what it is compared with, and the board."""
        file = self.duties.file
        options = tuple((one, _said(f"layout.{one}", {}, lang)) for one in self.layouts)
        cards = tuple(
            Card(
                one.id, one.label.in_language(lang), ADMINISTRATIVE if one.nature == "administrative" else ""
            )
            for one in file.tasks
        )
        first, then = f"{BEIJING}-before", f"{BEIJING}-after"
        sets = tuple((key, "board", one.pairs) for key, one in self.layouts.items())
        return (
            Choice("start", _said("start", {}, lang), options, then, sets),
            Choice("against", _said("against", {}, lang), options, first),
            Board(
                "board", _said("board", {}, lang), cards,
                tuple((one.id, one.label.in_language(lang)) for one in file.bodies),
                self.layouts[then].pairs, _said("tray", {}, lang), lang=lang,
            ),
        )  # fmt: skip

    def view(self, values: Mapping[str, Any], lang: str) -> View:
        """Load of every body then and now; overlap, gaps, double leadership; the tasks that moved."""
        from govlab.plots.sheet import Drawing

        then, now = self.layouts[values["against"]], self.layouts[values["start"]]
        first, second = _worked_out(then.pairs, then.complete), _worked_out(tuple(values["board"]), True)
        names = {one.id: one.label.in_language(lang) for one in self.duties.file.bodies}
        lines = now.lines or {}
        rows = [
            Row(
                names[key], first.load[key], second.load[key],
                tuple(names[one] for one in lines.get(key, ())),
            )
            for key in names
        ]  # fmt: skip
        label = {"then": _said(f"layout.{values['against']}", {}, lang)}
        said = (
            *(self._told_load(key, first, second, lang) for key in SPOKEN),
            self._told_overlap(first, second, lang),
            self._told_gaps(first, second, then.complete, lang),
            self._told_lines(then, now, lang),
        )
        drawing = Drawing(
            drawn(rows, len(self.duties.file.tasks), lang), _said("caption", label, lang),
            (" " if lang == "en" else "").join(said[:2]), lang, _said("note", {}, lang),
        )  # fmt: skip
        return View(drawing, said, self._moved(first, second, then.complete, lang))

    # -- sentences -------------------------------------------------------------------------------

    def _told_load(self, body: str, first: Seen, second: Seen, lang: str) -> str:
        then, now = first.load[body], second.load[body]
        name = next(one.label.in_language(lang) for one in self.duties.file.bodies if one.id == body)
        values = {
            "body": name if lang == "zh" else f"{name[:1].upper()}{name[1:]}",
            "then": then.tasks, "now": now.tasks, "then_office": then.administrative,
            "now_office": now.administrative, "then_hours": f"{then.hours:g}", "now_hours": f"{now.hours:g}",
        }  # fmt: skip
        return _said("load", values, lang)

    def _told_overlap(self, first: Seen, second: Seen, lang: str) -> str:
        then, now = (
            [key for key, state in one.states.items() if state == "overlap"] for one in (first, second)
        )
        values = {"then": len(then), "now": len(now), "which": self._tasks(now, lang)}
        return _said("overlap" if now else "overlap_none", values, lang)

    def _told_gaps(self, first: Seen, second: Seen, complete: bool, lang: str) -> str:
        then, now = ([key for key, who in one.holders.items() if not who] for one in (first, second))
        values = {"then": len(then), "now": len(now), "which": self._tasks(now, lang)}
        before = _said("gaps.then" if complete else "gaps.silent", values, lang)
        return _said("gaps" if now else "gaps_none", values | {"before": before}, lang)

    def _told_lines(self, then: Layout, now: Layout, lang: str) -> str:
        told = {key: self._lines(one, lang) for key, one in (("then", then), ("now", now))}
        return _said("lines", told, lang)

    def _lines(self, layout: Layout, lang: str) -> str:
        names = {one.id: one.label.in_language(lang) for one in self.duties.file.bodies}
        if layout.lines is None:
            return _said("lines.silent", {}, lang)
        dual = [
            _said("lines.dual", {"body": names[key], "by": listed([names[one] for one in by], lang)}, lang)
            for key, by in layout.lines.items()
            if len(by) > 1 and key in names
        ]
        return listed(dual, lang) or _said("lines.none", {}, lang)

    def _tasks(self, keys: list[str], lang: str) -> str:
        labels = {one.id: one.label.in_language(lang) for one in self.duties.file.tasks}
        return ("、" if lang == "zh" else "; ").join(labels[one] for one in keys)

    def _moved(self, first: Seen, second: Seen, complete: bool, lang: str) -> Table | None:
        """Tasks that other bodies do now."""
        from govlab.tables import Column, Table

        names = {one.id: one.label.in_language(lang) for one in self.duties.file.bodies}
        nobody = _said("nobody", {}, lang)
        silent = nobody if complete else _said("silent", {}, lang)
        rows = tuple(
            (
                one.label.in_language(lang),
                listed([names[body] for body in first.holders[one.id]], lang) or silent,
                listed([names[body] for body in second.holders[one.id]], lang) or nobody,
            )
            for one in self.duties.file.tasks
            if set(first.holders[one.id]) != set(second.holders[one.id])
        )
        columns = tuple(Column(one, _said(f"column.{one}", {}, lang)) for one in ("task", "then", "now"))
        return Table(columns, rows, _said("moved", {"n": len(rows)}, lang), lang) if rows else None


@lru_cache(maxsize=512)
def _worked_out(pairs: Pairs, complete: bool) -> Seen:
    """Load and holders of a layout, by the measures of the duties room."""
    board = _laid(pairs, complete)
    found = board.holders("board").frame
    doing = found[found["role"] == Role.DOES.value]
    return Seen(
        {
            one.id: _load(one.id, tuple(task for task, body in pairs if body == one.id))
            for one in board.file.bodies
        },
        dict(zip(doing["task"], doing["holders"], strict=True)),
        dict(zip(doing["task"], doing["state"], strict=True)),
    )


def _laid(pairs: Pairs, complete: bool) -> Duties:
    """The invented community's duties in the one arrangement that lies on the board."""
    file = opened().duties.file
    given = tuple(Assignment(task=task, body=body, role=Role.DOES, origin="user") for task, body in pairs)
    laid = Arrangement(id="board", label=file.title, complete=complete, origin="user", assignments=given)
    return Duties(file.model_copy(update={"arrangements": (laid,)}))


@lru_cache(maxsize=1024)
def _load(body: str, tasks: tuple[str, ...]) -> Load:
    """What is on a body; kept by body, because a card moves between two of them only."""
    found = _laid(tuple((task, body) for task in tasks), complete=True).load_on(body).frame.iloc[0]
    return Load(int(found["does"]), int(found["administrative"]), float(found["hours"]))


@lru_cache(maxsize=1)
def opened() -> DutiesBoard:
    """The model, of the shipped definitions."""
    from govlab.data.locate import shipped

    own = Duties.load(shipped("datasets") / "demo_study" / "duties.yaml")
    article = Duties.load("beijing-separation")
    layouts = {}
    for one in article.file.arrangements:
        layouts[f"{BEIJING}-{one.id}"] = Layout(
            _by_nature(article, one, own), one.complete, _lines(article, one)
        )
    for one in own.file.arrangements:
        pairs = tuple((given.task, given.body) for given in one.assignments if given.role is Role.DOES)
        layouts[f"{DEMO}-{one.id}"] = Layout(pairs, one.complete, _lines(own, one))
    return DutiesBoard(own, layouts)


def _by_nature(article: Duties, told: Arrangement, own: Duties) -> Pairs:
    """The other community's tasks with the bodies that do tasks of the same nature in an arrangement."""
    nature = {one.id: one.nature for one in article.file.tasks}
    bodies = {one.id for one in own.file.bodies}
    does = [one for one in told.assignments if one.role is Role.DOES and one.body in bodies]
    return tuple(
        (task.id, one.body) for task in own.file.tasks for one in does if nature[one.task] is task.nature
    )


def _lines(duties: Duties, arrangement: Arrangement) -> Mapping[str, tuple[str, ...]] | None:
    """Who leads whom, None where an arrangement that is not complete tells of no line."""
    mine = [one for one in duties.file.lines if one.arrangement == arrangement.id]
    if not mine and not arrangement.complete:
        return None
    found: dict[str, tuple[str, ...]] = {}
    for one in mine:
        if one.kind == "leads":
            found[one.over] = (*found.get(one.over, ()), one.by)
    return found


def _said(key: str, values: Mapping[str, object], lang: str) -> str:
    return say(f"bench_duties.{key}", values, lang=lang)
