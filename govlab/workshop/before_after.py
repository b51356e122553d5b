"""What a class knew before and after: shares right by question, and the change among the same people.

Whole class only: no list of persons, no ranking, nothing where fewer than ten pairs answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.errors import Fault, InputError
from govlab.language import say
from govlab.results import Result
from govlab.workshop.handed_in import Sitting, read_sittings
from govlab.workshop.paired import mcnemar, paired_difference
from govlab.workshop.printing import Paper
from govlab.workshop.short_test import short_test

if TYPE_CHECKING:
    import pandas as pd

    from govlab.tables import Table

LEAST = 10
WIDE = 30  # pairs under which the reader is told what a wide interval means
ALL = "all"
_COLUMNS = (
    *("question", "lesson", "n", "before", "after", "estimate", "conf_low", "conf_high"),
    *("p_value", "reason"),
)


@dataclass(frozen=True, eq=False)
class BeforeAfter(Result):
    """A row a question, then one for all questions together.

    frame: ``question``, ``lesson``, ``n`` (pairs that answered it both times), ``before``, ``after``
    (shares right), ``estimate`` (the change) with Newcombe's interval for paired shares and McNemar's
    exact p; of all questions the mean share a person, with a t interval; ``reason`` (``few``) where
    fewer than ten answered. pairs: aliases there both times. lost: there once only. told: keys of notes.
    """

    frame: pd.DataFrame
    pairs: int
    lost: int
    told: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """How many pairs, and what is to be kept in mind."""
        return "\n".join(self.notes("en"))

    def notes(self, lang: str) -> tuple[str, ...]:
        """The same, a sentence each, in a language."""
        values = {"n": self.pairs, "lost": self.lost, "least": LEAST}
        return tuple(say(f"workshop_papers.test.{key}", values, lang=lang) for key in ("pairs", *self.told))

    def table(self, lang: str) -> Table:
        """The shares and changes in per cent, ready to print."""
        from govlab.tables import Column, Table

        columns = [
            Column("question", say("workshop_papers.test.col.question", lang=lang)),
            Column("lesson", say("workshop_papers.test.col.lesson", lang=lang)),
            Column("n", say("workshop_papers.test.col.n", lang=lang), "integer"),
            Column("before", say("workshop_papers.test.col.before", lang=lang), "percent", 0),
            Column("after", say("workshop_papers.test.col.after", lang=lang), "percent", 0),
            Column("change", say("workshop_papers.test.col.change", lang=lang), "number", 0),
            Column("interval", say("workshop_papers.test.col.interval", lang=lang)),
        ]
        rows, hidden = [], set()
        for place, row in enumerate(self.frame.to_dict("records")):
            whole = row["question"] == ALL
            name = say("workshop_papers.test.all", lang=lang) if whole else str(row["question"])
            if row["reason"]:
                hidden |= {(place, column) for column in range(2, len(columns))}
                rows.append((name, row["lesson"] or None, *[None] * 5))
                continue
            low, high = 100 * row["conf_low"], 100 * row["conf_high"]
            interval = f"{low:.0f}～{high:.0f}" if lang == "zh" else f"{low:.0f} to {high:.0f}"
            shares = [100 * row[key] for key in ("before", "after", "estimate")]
            rows.append((name, row["lesson"] or None, int(row["n"]), *shares, interval.replace("-", "−")))
        caption = say("workshop_papers.test.caption", lang=lang)
        return Table(
            tuple(columns), tuple(rows), caption, lang, self.notes(lang), suppressed=frozenset(hidden)
        )

    def report(self, lang: str) -> Paper:
        """The table with its notes as a page."""
        from govlab.blocks import Page

        page = Page(lang)
        title = say("workshop_papers.test.report", lang=lang)
        top, basis = (say(f"workshop_papers.test.{key}", lang=lang) for key in ("report_top", "basis"))
        parts = (page.opening(top, title, basis), page.table(self.table(lang)))
        return Paper(f"before-after-{lang}", lang, title, parts)


def compared(before: Path | str, after: Path | str) -> BeforeAfter:
    """Compare answers before and after, each from a folder of files or a sheet, joined by alias.

    InputError lists the faults of both places, and says so where no alias is in both.
    """
    faults: list[Fault] = []
    read: list[Mapping[str, Sitting]] = []
    for place in (before, after):
        try:
            read.append(read_sittings(place))
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    first, second = read
    both = sorted(set(first) & set(second))
    if not both:
        raise InputError(Fault("workshop_papers.test.no_pairs"))
    pairs = [(first[alias], second[alias]) for alias in both]
    lost = len(set(first) ^ set(second))
    return BeforeAfter(_table(pairs), len(pairs), lost, _told(pairs))


def _told(pairs: list[tuple[Sitting, Sitting]]) -> tuple[str, ...]:
    told = ["no_control"]
    if any(one.form == two.form for one, two in pairs):
        told.append("same_form")
    elif len({one.form for one, _ in pairs}) == 1:
        told.append("one_order")
    if len(pairs) < LEAST:
        return ("few", *told)
    if len(pairs) < WIDE:
        told.insert(0, "wide")
    return (*told, "many_intervals")


def _table(pairs: list[tuple[Sitting, Sitting]]) -> pd.DataFrame:
    import pandas as pd

    rows: list[dict[str, object]] = []
    for question in short_test().questions:
        marks = [(one.right(question.id), two.right(question.id)) for one, two in pairs]
        held = [(one, two) for one, two in marks if one is not None and two is not None]
        if held:
            rows.append({"question": question.id, "lesson": question.lesson, **_question(held)})
    rows.append({"question": ALL, "lesson": "", **_together(pairs)})
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _question(held: list[tuple[bool, bool]]) -> dict[str, object]:
    n = len(held)
    if n < LEAST:
        return {"reason": "few"}
    both, gained = held.count((True, True)), held.count((False, True))
    lost, neither = held.count((True, False)), held.count((False, False))
    estimate, low, high = paired_difference(both, gained, lost, neither)
    return {
        "n": float(n),
        "before": (both + lost) / n,
        "after": (both + gained) / n,
        "estimate": estimate,
        "conf_low": low,
        "conf_high": high,
        "p_value": mcnemar(gained, lost),
        "reason": "",
    }


def _together(pairs: list[tuple[Sitting, Sitting]]) -> dict[str, object]:
    """The mean share of right answers among those given both times, a person counting once."""
    import numpy as np
    from scipy.special import stdtr, stdtrit

    shares = []
    for one, two in pairs:
        marks = [(one.right(each.id), two.right(each.id)) for each in short_test().questions]
        held = [mark for mark in marks if None not in mark]
        if held:
            shares.append(np.mean(np.array(held, dtype=float), axis=0))
    n = len(shares)
    if n < LEAST:
        return {"reason": "few"}
    table = np.array(shares)
    change = table[:, 1] - table[:, 0]
    error = float(change.std(ddof=1)) / n**0.5
    half = float(stdtrit(n - 1, 0.975)) * error
    middle = float(change.mean())
    p = 2 * float(stdtr(n - 1, -abs(middle) / error)) if error else float("nan")
    return {
        "n": float(n),
        "before": float(table[:, 0].mean()),
        "after": float(table[:, 1].mean()),
        "estimate": middle,
        "conf_low": middle - half,
        "conf_high": middle + half,
        "p_value": p,
        "reason": "",
    }
