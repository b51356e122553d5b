"""Rows and figures that both reports on assessments use: scores, two waves side by side, rank sets."""

from __future__ import annotations

import numpy as np

from govlab.institutions.scheme.scores import Scores
from govlab.plots import Figure
from govlab.plots.scheme import Standing, standings
from govlab.results import NotApplicable
from govlab.studybook.assessed import Assessment
from govlab.studybook.numbers import known as number
from govlab.tables import Column


def score_columns(held: Assessment, first: list[Column]) -> list[Column]:
    """Columns of a table of scores: what a row is, score, both ends, respondents."""
    return [
        *first,
        Column("estimate", held.say("column.score"), "number", 1),
        Column("conf_low", held.say("column.low"), "number", 1),
        Column("conf_high", held.say("column.high"), "number", 1),
        Column("n", held.say("column.n"), "integer"),
    ]


def year_columns(held: Assessment, kind: str) -> list[Column]:
    """Columns of two waves side by side."""
    assert held.before is not None
    return [
        Column("unit", held.head(kind)),
        Column("before", held.wave_name(held.before), "number", 1),
        Column("now", held.period, "number", 1),
        Column("change", held.say("column.change"), "number", 1),
        Column("low", held.say("column.low"), "number", 1),
        Column("high", held.say("column.high"), "number", 1),
    ]


def changed(now: Scores, before: Scores, unit: str) -> tuple[float, float]:
    """Change of a score and its error, both waves taken as drawn apart; NaN where either is missing."""
    places = [[one.id for one in scores.units] for scores in (now, before)]
    if unit not in places[1]:
        return float("nan"), float("nan")
    here, there = places[0].index(unit), places[1].index(unit)
    error = np.hypot(now.std_error[here], before.std_error[there])
    return float(now.estimate[here] - before.estimate[there]), float(error)


def year_row(held: Assessment, now: Scores, before: Scores, unit: str) -> tuple[str | float | None, ...]:
    """A row for ``year_columns``."""
    change, error = changed(now, before, unit)
    here = [one.id for one in now.units].index(unit)
    there = {one.id: place for place, one in enumerate(before.units)}.get(unit)
    earlier = None if there is None else number(before.estimate[there])
    ends = (number(change - 1.96 * error), number(change + 1.96 * error))
    return (held.unit_name(unit), earlier, number(now.estimate[here]), number(change), *ends)


def rank_figure(held: Assessment, scores: Scores, own: str = "", *, above: bool = False) -> Figure:
    """Rank sets of all, best first; what other weights do to the estimate below them."""
    tell = held.tell
    found = scores.ranks() if above else held.ranks
    assert not isinstance(found, NotApplicable)
    frame = found.to_frame()
    swept = {}
    if not above and not isinstance(held.sweep, NotApplicable):
        swept = {row["unit"]: (row["best"], row["worst"]) for row in held.sweep.frame.to_dict("records")}
    ranked = frame[frame["reason"] == ""].sort_values("rank", kind="stable")
    rows = [
        Standing(
            held.unit_name(row["unit"]), int(row["rank"]), int(row["rank_low"]), int(row["rank_high"]),
            swept.get(row["unit"]), row["unit"] == own,
        )
        for row in ranked.to_dict("records")
    ]  # fmt: skip
    reasons = dict(zip([one.id for one in scores.units], scores.reasons, strict=True))
    rows += [
        Standing(held.unit_name(name), None, reason=held.reason(reasons[name] or "no-error"))
        for name in frame.loc[frame["reason"] != "", "unit"]
    ]
    note = held.say("standing.note", draws=f"{found.draws:,}", seed=found.seed)
    if swept:
        assert not isinstance(held.sweep, NotApplicable)
        kept = f"{100 * held.sweep.keep:.0f}%"
        note = tell.joined([note, held.say("standing.swept", n=held.sweep.weightings, keep=kept)])
    kind = held.many_above if above else held.many_word
    return standings(rows, lang=tell.lang, caption=held.say("standing.caption", kind=kind), note=note)
