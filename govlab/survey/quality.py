"""What is to be known of responses before anybody computes with them. Rows are flagged, never deleted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from govlab.errors import Fault
from govlab.results import Result
from govlab.survey.answers import Answers, where_asked
from govlab.survey.logic import LogicError, Node, holds
from govlab.survey.questionnaire import REASONS, Question
from govlab.survey.responses import Excluded, Responses

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Reasons that say nothing about the person: the question was not put, or there is no column.
NOT_PUT = ("not_asked", "no_column", "not_confirmed", "no_consent")


@dataclass(frozen=True, eq=False)
class Quality(Result):
    """Tables about responses, and flags (rows x flags) to go with them.

    missing: a row an item: ``asked``, ``answered``, a count for every reason, ``share_missing`` of those
    asked. repeats: rows by kind of repetition. speed: median seconds and the limit below which a row
    counts as too fast. straight: tables of items and how many gave one answer to all. impossible:
    answers against the form, by question and rule. zones: responses against the plan. groups: item
    non-response by group. excluded: rows left out so far. notes: what could not be checked.
    """

    n: int
    missing: pd.DataFrame
    repeats: pd.DataFrame
    speed: Mapping[str, float]
    straight: pd.DataFrame
    impossible: pd.DataFrame
    zones: pd.DataFrame
    groups: pd.DataFrame
    flags: pd.DataFrame
    excluded: tuple[Excluded, ...] = ()
    notes: tuple[Fault, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table of missing answers."""
        return self.missing.copy()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name, as copies."""
        import pandas as pd

        left_out = pd.DataFrame(
            [(one.rule, one.reason, one.n) for one in self.excluded], columns=["rule", "reason", "n"]
        )
        names = ("missing", "repeats", "straight", "impossible", "zones", "groups")
        return {name: getattr(self, name).copy() for name in names} | {"excluded": left_out}

    def by_reason(self) -> dict[str, int]:
        """Reason -> missing answers of all items together, only those that occur."""
        return {name: int(self.missing[name].sum()) for name in REASONS[1:] if self.missing[name].sum()}

    def count(self, flag: str) -> int:
        """Rows with a flag."""
        return int(self.flags[flag].sum())

    def summary(self) -> str:
        """Rows, flags and missing answers in a few plain lines."""
        flagged = ", ".join(f"{name} {int(self.flags[name].sum()):,}" for name in self.flags.columns)
        reasons = ", ".join(f"{name} {count:,}" for name, count in self.by_reason().items()) or "none"
        lines = [f"rows: {self.n:,}", f"flagged: {flagged}", f"missing answers: {reasons}"]
        lines += [f"left out: {one.n:,} ({one.rule}: {one.reason})" for one in self.excluded]
        return "\n".join(lines)


def quality(
    responses: Responses,
    *,
    plan: Mapping[str, float] | None = None,
    zone: str | None = None,
    groups: Sequence[str] = (),
    fast: float = 0.5,
    straight_items: int = 4,
) -> Quality:
    """Look at responses in every way that needs no design.

    plan: zone -> responses planned. zone: its column, by default the question with that role. groups:
    columns by which item non-response is shown. fast: share of the median time below which a row is too
    fast; half the median is the relative speed index of 2 of Leiner (2019, Survey Research Methods 13,
    229-248). straight_items: fewest answered items of a table that can be called straight-lined.
    Flags: ``speeder``, ``straight_line``, ``impossible``, and those of intake.
    """
    import pandas as pd

    if not 0 < fast < 1:
        raise ValueError(f"fast must lie between 0 and 1, got {fast!r}")
    if straight_items < 2:
        raise ValueError(f"straight_items must be at least 2, got {straight_items!r}")
    for name in groups:
        if name not in responses.frame.columns:
            raise KeyError(f"groups: the responses have no column {name!r}")
    speed, speeders = _speed(responses, fast)
    straight, lined = _straight(responses, straight_items)
    impossible, wrong, notes = _impossible(responses)
    own = pd.DataFrame({"speeder": speeders, "straight_line": lined, "impossible": wrong})
    flags = responses.flags.drop(columns=[name for name in own if name in responses.flags]).join(own)
    repeats = [name for name in responses.flags.columns if name not in own.columns]
    return Quality(
        n=len(responses),
        missing=_missing(responses),
        repeats=pd.DataFrame({"flag": repeats, "n": [int(responses.flags[name].sum()) for name in repeats]}),
        speed=speed,
        straight=straight,
        impossible=impossible,
        zones=_zones(responses, plan, zone, flags),
        groups=_groups(responses, groups),
        flags=flags,
        excluded=responses.excluded,
        notes=tuple(notes),
    )


def _item_reasons(responses: Responses, question: Question) -> NDArray[np.int8]:
    """(n,) code of the reason for which a question has no answer, 0 where it has one."""
    columns = [name for name in question.columns if name != question.words_column]
    codes = [responses.reasons[name].cat.codes.to_numpy() for name in columns]
    answered = np.any([one == 0 for one in codes], axis=0)
    return np.where(answered, 0, codes[0]).astype(np.int8)


def _missing(responses: Responses) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for question in responses.questionnaire:
        if not question.columns or question.columns[0] not in responses.reasons:
            continue
        counts = np.bincount(_item_reasons(responses, question), minlength=len(REASONS))
        by_reason = {name: int(count) for name, count in zip(REASONS[1:], counts[1:], strict=True)}
        asked = len(responses) - sum(by_reason[name] for name in NOT_PUT)
        share = 1 - counts[0] / asked if asked else float("nan")
        rows.append(
            {
                "item": question.name,
                "asked": asked,
                "answered": int(counts[0]),
                **by_reason,
                "share_missing": share,
            }
        )
    return pd.DataFrame(rows, columns=["item", "asked", "answered", *REASONS[1:], "share_missing"])


def _speed(responses: Responses, fast: float) -> tuple[dict[str, float], NDArray[np.bool_]]:
    seconds = responses.frame["seconds"].to_numpy(dtype=float)
    known = seconds[np.isfinite(seconds)]
    if not len(known):
        return {"median": float("nan"), "limit": float("nan"), "known": 0.0}, np.zeros(
            len(seconds), dtype=bool
        )
    median = float(np.median(known))
    limit = fast * median
    with np.errstate(invalid="ignore"):
        return {"median": median, "limit": limit, "known": float(len(known))}, np.asarray(seconds < limit)


def _straight(responses: Responses, fewest: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Rows that gave one answer to every item of a table.

    A row is flagged if it did so in at least half of the tables with items asked both ways round (there
    the answers contradict each other, save in the middle), or in every table it answered, two at least.
    """
    import pandas as pd

    n = len(responses)
    tables, done = np.zeros(n, int), np.zeros(n, int)
    turned_tables, contrary = np.zeros(n, int), np.zeros(n, int)
    found = []
    for name, rows in responses.questionnaire.tables.items():
        items = [row for row in rows if row.measure == "scale" and row.name in responses.frame]
        if len(items) < fewest:
            continue
        values = responses.frame[[item.name for item in items]].to_numpy(dtype=float)
        given = np.isfinite(values)
        enough = given.sum(axis=1) >= fewest
        low = np.where(given, values, np.inf).min(axis=1)
        high = np.where(given, values, -np.inf).max(axis=1)
        straight = enough & (low == high)
        turned = np.array([item.scale_reverse for item in items])
        both = (given & turned).any(axis=1) & (given & ~turned).any(axis=1)
        middle = np.array([item.scale[0] + item.scale[-1] for item in items[:1]])[0] / 2
        turned_tables, contrary = (
            turned_tables + (enough & both),
            contrary + (straight & both & (low != middle)),
        )
        tables, done = tables + enough, done + straight
        share = straight.sum() / enough.sum() if enough.any() else float("nan")
        found.append(
            {
                "table": name,
                "items": len(items),
                "answered": int(enough.sum()),
                "straight": int(straight.sum()),
                "share": share,
            }
        )
    flagged = (contrary > 0) & (2 * contrary >= turned_tables)
    flagged |= (tables >= 2) & (done == tables)
    return pd.DataFrame(found, columns=["table", "items", "answered", "straight", "share"]), flagged


def _impossible(responses: Responses) -> tuple[pd.DataFrame, NDArray[np.bool_], list[Fault]]:
    """Answers that the form itself would not have let through: by its conditions and its limits."""
    import pandas as pd

    n = len(responses)
    reasons = {
        name: np.asarray(responses.reasons[name].cat.codes, dtype=np.int8)
        for name in responses.reasons.columns
    }
    columns: dict[str, Any] = {name: responses.frame[name] for name in reasons}
    answers = Answers(responses.questionnaire, columns, reasons, n)
    wrong, notes, found = np.zeros(n, dtype=bool), [], []
    for question in responses.questionnaire:
        if not question.columns or question.columns[0] not in reasons:
            continue
        answered = _item_reasons(responses, question) == 0
        against: dict[str, NDArray[np.bool_]] = {}
        try:
            against["not_asked"] = answered & ~where_asked(question, answers, reasons, n)
            if question.constraint is not None:
                against["limits"] = answered & ~_within(question.constraint, answers, question.name, n)
        except (LogicError, re.error) as error:
            values: dict[str, object] = {"question": question.name, "why": str(error)}
            notes.append(Fault("survey_intake.note.unchecked", values))
        for rule, rows in against.items():
            if rows.any():
                wrong |= rows
                found.append({"item": question.name, "rule": rule, "n": int(rows.sum())})
    return pd.DataFrame(found, columns=["item", "rule", "n"]), wrong, notes


def _within(node: Node, answers: Answers, name: str, n: int) -> NDArray[np.bool_]:
    if not node.checkable():
        raise LogicError(", ".join(sorted(node.calls())))
    return holds(node, n, answers, answers[name])


def _zones(
    responses: Responses, plan: Mapping[str, float] | None, zone: str | None, flags: pd.DataFrame
) -> pd.DataFrame:
    import pandas as pd

    asked = responses.questionnaire.with_role("zone")
    column = zone or (asked.name if asked is not None else None)
    heads = ["zone", "planned", "received", "share", "flagged"]
    if column is None or column not in responses.frame:
        return pd.DataFrame(columns=heads)
    given = responses.frame[column]
    known = (
        list(map(str, given.cat.categories))
        if hasattr(given, "cat")
        else sorted(set(given.dropna().astype(str)))
    )
    names = given.astype(object).where(given.notna(), "").astype(str)
    flagged = (
        flags[["duplicate", "speeder", "straight_line"]].any(axis=1)
        if "duplicate" in flags
        else flags.any(axis=1)
    )
    received = names.value_counts()
    marked = names[flagged.to_numpy()].value_counts()
    order = [*dict.fromkeys([*(plan or {}), *known]), *([""] if "" in received else [])]
    rows = []
    for name in order:
        planned = float((plan or {}).get(name, float("nan")))
        got = int(received.get(name, 0))
        share = got / planned if planned > 0 else float("nan")
        rows.append(
            {
                "zone": name,
                "planned": planned,
                "received": got,
                "share": share,
                "flagged": int(marked.get(name, 0)),
            }
        )
    return pd.DataFrame(rows, columns=heads)


def _groups(responses: Responses, groups: Sequence[str]) -> pd.DataFrame:
    """Share of those asked who gave no answer, by item and group."""
    import pandas as pd

    rows = []
    for by in groups:
        levels = responses.frame[by].astype(object)
        levels = levels.where(levels.notna(), "")
        for question in responses.questionnaire:
            if not question.columns or question.columns[0] not in responses.reasons or question.name == by:
                continue
            codes = _item_reasons(responses, question)
            put = ~np.isin(codes, [REASONS.index(name) for name in NOT_PUT])
            table = pd.DataFrame({"level": levels[put].astype(str), "missing": (codes != 0)[put]})
            for level, part in table.groupby("level", sort=True)["missing"]:
                rows.append(
                    {
                        "group": by,
                        "level": level,
                        "item": question.name,
                        "asked": len(part),
                        "share_missing": float(part.mean()),
                    }
                )
    return pd.DataFrame(rows, columns=["group", "level", "item", "asked", "share_missing"])
