"""Filled training-needs forms read back: how many need what they cannot do yet, and which lessons follow.

Counts only, under the mask that holds everywhere: no cell under 10 people, none that could be worked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govlab.errors import Fault, InputError
from govlab.language import say
from govlab.results import Result
from govlab.workshop.needs_form import NeedsForm, Topic, needs_form, questionnaire
from govlab.workshop.printing import Paper

if TYPE_CHECKING:
    import pandas as pd

    from govlab.tables import Table

MOST_BYTES = 20_000_000
MOST_ROWS = 20_000
ALL = "all"
_GAP, _LACK = "gap_", "lack_"


@dataclass(frozen=True)
class Proposal:
    """A lesson that was asked for: by which topic, how many of how many have a gap."""

    lesson: str
    topic: str
    gap: int
    n: int

    @property
    def share(self) -> float:
        """Those with a gap among those who answered."""
        return self.gap / self.n

    def sentence(self, lang: str) -> str:
        """The arithmetic in words."""
        topic = next(one for one in needs_form().topics if one.id == self.topic)
        values = {
            "lesson": self.lesson, "topic": topic.text.in_language(lang), "gap": self.gap, "n": self.n,
            "percent": f"{100 * self.share:.0f}",
        }  # fmt: skip
        return say("workshop_papers.needs.proposed", values, lang=lang)


@dataclass(frozen=True, eq=False)
class Needs(Result):
    """What a group can do, needs and lacks.

    frame: a row a tier and topic, then ``all`` tiers: ``tier``, ``topic``, ``n`` (answered both questions),
    ``gap`` (cannot do it without help, needs it often), ``share``, ``reason`` (``suppressed``). lacking: a
    row a topic and thing lacked, all tiers together. people: forms read. personal: columns dropped.
    """

    frame: pd.DataFrame
    lacking: pd.DataFrame
    people: int
    personal: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """How many forms, what was dropped, what follows."""
        lines = [say("workshop_papers.needs.read", {"n": self.people})]
        if self.personal:
            lines.append(say("workshop_papers.needs.dropped", {"n": len(self.personal)}))
        lines += [one.sentence("en") for one in self.proposed()]
        return "\n".join(lines)

    def proposed(self, *, tier: str = ALL, most: int = 5) -> tuple[Proposal, ...]:
        """Lessons by the largest share of a gap among their topics; nothing withheld enters."""
        shown = self.frame[(self.frame["tier"] == tier) & (self.frame["reason"] == "")]
        topics = {one.id: one for one in needs_form().topics}
        found: dict[str, Proposal] = {}
        for row in shown.to_dict("records"):
            for lesson in topics[str(row["topic"])].lessons:
                one = Proposal(lesson, str(row["topic"]), int(row["gap"]), int(row["n"]))
                if one.gap and (lesson not in found or one.share > found[lesson].share):
                    found[lesson] = one
        return tuple(sorted(found.values(), key=lambda one: -one.share)[:most])

    def table(self, lang: str) -> Table:
        """The counts as a table to print: a row a topic, a pair of columns a tier."""
        from govlab.tables import Column, Table

        form = needs_form()
        names = {one.id: one.name.in_language(lang) for one in form.tiers}
        names[ALL] = say("workshop_papers.needs.all", lang=lang)
        cells = {(str(row["topic"]), str(row["tier"])): row for row in self.frame.to_dict("records")}
        columns = [Column("topic", say("workshop_papers.needs.topic", lang=lang))]
        columns += [Column(tier, name) for tier, name in names.items()]
        rows, hidden = _crossed(cells, list(names), "gap", lang)
        caption = say("workshop_papers.needs.counts", lang=lang)
        note = say("workshop_papers.needs.note", lang=lang)
        return Table(tuple(columns), rows, caption, lang, (note,), suppressed=hidden)

    def lacking_table(self, lang: str) -> Table:
        """What is lacking, all tiers together: a row a topic, a column a thing."""
        from govlab.tables import Column, Table

        form = needs_form()
        columns = [Column("topic", say("workshop_papers.needs.topic", lang=lang))]
        columns += [Column(one.id, one.text.in_language(lang)) for one in form.lack]
        cells = {(str(row["topic"]), str(row["lack"])): row for row in self.lacking.to_dict("records")}
        rows, hidden = _crossed(cells, [one.id for one in form.lack], "count", lang)
        caption = say("workshop_papers.needs.lacking_counts", lang=lang)
        return Table(tuple(columns), rows, caption, lang, suppressed=hidden)

    def report(self, lang: str) -> Paper:
        """Counts, the lessons that follow with their arithmetic, what is lacking: a page."""
        from govlab.blocks import Page

        page = Page(lang)

        def words(key: str, **values: object) -> str:
            return say(f"workshop_papers.needs.{key}", values, lang=lang)

        title = words("report")
        parts = (
            page.opening(words("report_top"), title, words("basis", n=self.people)),
            page.section(words("proposal")),
            page.points(self.proposal_lines(lang), ordered=True),
            page.note(words("order")),
            page.section(words("by_tier")),
            page.table(self.table(lang)),
            page.section(words("lacking")),
            page.table(self.lacking_table(lang)),
        )
        return Paper(f"training-needs-counted-{lang}", lang, title, parts)

    def proposal_lines(self, lang: str) -> tuple[str, ...]:
        """What is proposed, in sentences; one that says so where nothing can be."""
        lines = tuple(one.sentence(lang) for one in self.proposed())
        return lines or (say("workshop_papers.needs.nothing", lang=lang),)


def _crossed(
    cells: Mapping[tuple[str, str], Mapping[Any, Any]], columns: Sequence[str], counted: str, lang: str
) -> tuple[tuple[tuple[str | None, ...], ...], frozenset[tuple[int, int]]]:
    """Rows by topic of ``counted / n``, and which of their cells are withheld."""
    rows, hidden = [], set()
    for place, topic in enumerate(needs_form().topics):
        row: list[str | None] = [topic.text.in_language(lang)]
        for column, name in enumerate(columns, 1):
            cell = cells.get((topic.id, name))
            if cell is not None and cell["reason"]:
                hidden.add((place, column))
            shown = cell is not None and not cell["reason"]
            row.append(f"{cell[counted]:.0f} / {cell['n']:.0f}" if cell is not None and shown else None)
        rows.append(tuple(row))
    return tuple(rows), frozenset(hidden)


def needs(path: Path | str) -> Needs:
    """Filled forms (.xlsx or .csv, as 问卷星, KoboToolbox or a hand made them) as counts.

    Names, telephone numbers and the like are dropped at the door. InputError for a file that is too
    large, that cannot be read, or in which nobody says which tier they are of.
    """
    from govlab.survey.intake import Limits, read_responses

    path = Path(path)
    if not path.is_file():
        raise InputError(Fault("workshop_papers.no_file", {"path": str(path)}))
    if path.stat().st_size > MOST_BYTES:
        raise InputError(Fault("workshop_papers.large", {"most": MOST_BYTES}, (path.name,)))
    responses = read_responses(
        path, questionnaire(), repeated_ids="flag", limits=Limits(most=10 * MOST_BYTES)
    )
    if len(responses) > MOST_ROWS:
        raise InputError(
            Fault("workshop_papers.rows", {"n": len(responses), "most": MOST_ROWS}, (path.name,))
        )
    found = responses.frame[responses.frame["tier"].notna()]
    if found.empty:
        raise InputError(Fault("workshop_papers.no_tier", {}, (path.name,)))
    personal = tuple(one.head for report in responses.reports for one in report.personal)
    form = needs_form()
    frame, lacking = counted(coded(found, form), form)
    return Needs(frame, lacking, len(found), personal)


def coded(answers: pd.DataFrame, form: NeedsForm) -> pd.DataFrame:
    """A row a person: tier; ``gap_topic`` 1, 0 or missing; ``lack_topic__what`` 1, 0 or missing."""
    import numpy as np
    import pandas as pd

    columns: dict[str, object] = {"tier": answers["tier"].astype(str).to_numpy()}
    for topic in form.topics:
        asked = answers["tier"].isin(topic.tiers)
        can, need = _levels(answers[f"can_{topic.id}"]), _levels(answers[f"need_{topic.id}"])
        both = asked & can.notna() & need.notna()
        gap = can.isin(form.gap.can) & need.isin(form.gap.need)
        columns[_GAP + topic.id] = np.where(both, gap.astype(float), np.nan)
        for what in form.lack:
            ticked = answers.get(f"{_LACK}{topic.id}__{what.id}")
            if ticked is not None:
                name = f"{_LACK}{topic.id}__{what.id}"
                columns[name] = np.where(asked, ticked.astype(float), np.nan)
    return pd.DataFrame(columns)


def _levels(answers: pd.Series) -> pd.Series:
    """Points of a scale as the ids of the form, whether they came in as numbers or as words."""
    return answers.map(lambda one: f"{one:g}" if isinstance(one, float) else str(one), na_action="ignore")


def counted(people: pd.DataFrame, form: NeedsForm) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables of ``Needs``, under one mask over everything that is shown."""
    import pandas as pd

    from govlab.disclosure import LEAST, REASON, Margin, Mask, apply

    gaps = tuple(name for name in people.columns if name.startswith(_GAP))
    lacks = tuple(name for name in people.columns if name.startswith(_LACK))
    margins = [
        Margin(by=("tier",), items=gaps, shows="answers"), Margin(items=(*gaps, *lacks), shows="answers"),
    ]  # fmt: skip
    # Of fewer people than a cell may have there is nothing to work out.
    mask = Mask.compute(people, margins) if len(people) >= LEAST else None

    def masked(table: pd.DataFrame) -> pd.DataFrame:
        if mask is not None:
            return apply(mask, table)
        return table.assign(estimate=float("nan"), n=float("nan"), reason=REASON)

    by_tier = pd.DataFrame(_rows(people, form.topics, tuple(one.id for one in form.tiers)))
    total = pd.DataFrame(_rows(people, form.topics, (ALL,)))
    shown = [masked(by_tier), masked(total.drop(columns="tier")).assign(tier=ALL)]
    frame = pd.concat(shown, ignore_index=True)
    frame["topic"] = frame["variable"].str.removeprefix(_GAP)
    frame["gap"] = (frame["estimate"] * frame["n"]).round()
    frame = frame.rename(columns={"estimate": "share"})
    heads = ["topic", "lack"]
    table = masked(pd.DataFrame([_row(people[name], name) for name in lacks]))
    table[heads] = table["variable"].str.removeprefix(_LACK).str.split("__", expand=True)
    table["count"] = (table["estimate"] * table["n"]).round()
    table = table.rename(columns={"estimate": "share"})
    frame = frame[["tier", "topic", "n", "gap", "share", "reason"]]
    return frame, table[[*heads, "n", "count", "share", "reason"]]


def _rows(
    people: pd.DataFrame, topics: tuple[Topic, ...], tiers: tuple[str, ...]
) -> Iterator[dict[str, object]]:
    for tier in tiers:
        own = people if tier == ALL else people[people["tier"] == tier]
        for topic in topics:
            if len(own) and (tier == ALL or tier in topic.tiers):
                yield {"tier": tier, **_row(own[_GAP + topic.id], _GAP + topic.id)}


def _row(answers: pd.Series, name: str) -> dict[str, object]:
    held = answers.dropna()
    share = float(held.mean()) if len(held) else float("nan")
    return {"variable": name, "term": 1.0, "estimate": share, "n": float(len(held)), "reason": ""}
