"""What residents answered, question by question: batteries of items, and their bars of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from govlab.plots import Answers, likert
from govlab.studybook.names import Names
from govlab.studybook.numbers import counted, known
from govlab.studybook.parts import SUPPRESSED, Part, Row, Telling
from govlab.survey.merged import Groups, group_label, merge_answers, three
from govlab.tables import Column

if TYPE_CHECKING:
    from govlab.survey.questionnaire import Question, Questionnaire

Battery = tuple[str, tuple["Question", ...]]
MOST_LEVELS = 7
MOST_CHOICES = 3
_ENDS = ("estimate", "conf_low", "conf_high")


def batteries(questionnaire: Questionnaire, names: Names) -> list[Battery]:
    """Questions answered on a scale, those of one table together under its heading; background left out."""
    survey = names.study.survey
    tables: dict[str, list[Question]] = {}
    headings: dict[str, str] = {}
    for one in questionnaire:
        if one.kind != "one" or not one.scale or one.name in survey.quasi_identifiers:
            continue
        key = one.group.name if one.group is not None and one.group.table else one.name
        tables.setdefault(key, []).append(one)
        headings[key] = names.heading(one) if key != one.name else names.in_group(one)
    return [(headings[key], tuple(found)) for key, found in tables.items()]


def likert_of(tell: Telling, wave: int, by: str | None = None, level: str = "") -> list[Part]:
    """Bars of answers for every battery asked of everybody: of all respondents, or one level of ``by``."""
    assert tell.study.questionnaire is not None
    parts: list[Part] = []
    for heading, questions in batteries(tell.study.questionnaire, tell.names):
        if len(questions) < 2 or not 2 <= len(questions[0].scale) <= MOST_LEVELS:
            continue
        asked = [one for one in questions if asked_of_all(tell, one, wave)]
        rows, levels = _best([Bar(one, by, level, tell.names.in_group(one)) for one in asked], tell, wave)
        kept = [row for row in rows if row.shares]
        if not kept:
            continue
        hidden = len(rows) - len(kept)
        note = tell.say("likert.note")
        if hidden:
            note = tell.joined([note, tell.say("likert.hidden", n=hidden, threshold=tell.mask.threshold)])
        parts.append(tell.figure(likert(kept, levels, lang=tell.lang, caption=heading, note=note)))
    return parts


def beside(tell: Telling, question: Question, wave: int, by: str, levels: Mapping[str, str]) -> list[Part]:
    """One question: a bar for all respondents and one for each level of ``by``."""
    bars = [Bar(question, None, "", tell.say("everyone"))]
    bars += [Bar(question, by, level, label) for level, label in levels.items()]
    rows, names = _best(bars, tell, wave)
    if not any(row.shares for row in rows):
        return []
    note = tell.say("likert.note")
    if not all(row.shares for row in rows):
        note = tell.joined([note, tell.say("likert.star", threshold=tell.mask.threshold)])
    caption = tell.names.in_group(question)
    return [tell.figure(likert(rows, names, lang=tell.lang, caption=caption, note=note))]


@dataclass(frozen=True)
class Bar:
    """A bar to be drawn: a question, and of whom (one level of ``by``, or everybody)."""

    question: Question
    by: str | None
    level: str
    label: str

    @property
    def margin(self) -> tuple[str, ...]:
        """The columns of the margin it belongs to."""
        return ("wave",) if self.by is None else (self.by, "wave")


def _best(bars: Sequence[Bar], tell: Telling, wave: int) -> tuple[list[Answers], list[str]]:
    """Bars with every answer by itself, or merged to three where more can be shown so; names of levels."""
    if not bars:
        return [], []
    question = bars[0].question
    plain = [_row(tell, bar, wave) for bar in bars]
    merged = [_merged_row(tell, bar, wave, whole) for bar, whole in zip(bars, plain, strict=True)]
    if sum(bool(row.shares) for row in plain) >= sum(bool(row.shares) for row in merged):
        found, names = plain, tell.names.answers(question)
    else:
        groups = three(question.scale)
        found, names = merged, [group_label(question, levels, tell.lang) for _, levels in groups]
    kept = [row for row, bar in zip(found, bars, strict=True) if _published(tell, bar)]
    return kept, names


def _published(tell: Telling, bar: Bar) -> bool:
    name = bar.question.name
    return any(tell.margin(bar.margin, name, "answers", merged=way) for way in (False, True))


def _merged_row(tell: Telling, bar: Bar, wave: int, plain: Answers) -> Answers:
    """Shares of three groups of answers, added up where every answer is shown by itself anyhow."""
    groups = three(bar.question.scale)
    if not groups or not plain.shares:
        return _row(tell, bar, wave, groups) if groups else plain
    place = {point: at for at, point in enumerate(bar.question.scale)}
    added = tuple(sum(plain.shares[place[point]] for point in points) for _, points in groups)
    return replace(plain, shares=added)


def _row(tell: Telling, bar: Bar, wave: int, groups: Groups = ()) -> Answers:
    """Shares of the answers of those who gave one, and the share of those who gave none."""
    question, by, level = bar.question, bar.by, bar.level
    withheld = Answers(bar.label, (), reason="* " + tell.say("few", threshold=tell.mask.threshold))
    if not tell.margin(bar.margin, question.name, "answers", merged=bool(groups)):
        return withheld
    frame = shares(tell, question.name, wave, by, level, groups)
    if frame is None or any(row["reason"] == SUPPRESSED for row in frame):
        return withheld
    found = {str(row["term"]): known(row["estimate"]) or 0.0 for row in frame}
    terms = [name for name, _ in groups] if groups else [str(float(one)) for one in question.scale]
    design = tell.design(wave)
    inside = slice(None) if by is None else (design.frame[by].astype(str) == level).to_numpy()
    weights = design.weights[inside]
    none = design.frame[question.name].isna().to_numpy()[inside]
    outside = float(weights[none].sum() / weights.sum())
    return Answers(bar.label, tuple(found.get(one, 0.0) for one in terms), outside, int(frame[0]["n"]))


def shares(
    tell: Telling, item: str, wave: int, by: str | None = None, level: str = "", groups: Groups = ()
) -> list[dict[Any, Any]] | None:
    """Masked shares of the answers to a question (or groups of them), a row each; None without answers."""
    from govlab.survey import proportion

    design = tell.design(wave)
    if groups:
        design = merge_answers(design, {item: groups})
    try:
        found = proportion(design, item, by=by)
    except ValueError:
        return None
    frame = tell.masked(found, within={"wave": wave})
    if by is not None:
        frame = frame[frame[by].astype(str) == level]
    rows = frame.to_dict("records")
    return rows if rows and any(row["n"] != 0 for row in rows) else None


def asked_of_all(tell: Telling, question: Question, wave: int) -> bool:
    """Whether the form puts the question to everybody."""
    found = tell.study.responses(wave).reasons.get(question.name)
    return found is not None and not bool((found == "not_asked").any())


def choices(tell: Telling, wave: int) -> list[Part]:
    """Questions of one table that are answered by choosing one of several things: shares of each."""
    assert tell.study.questionnaire is not None
    tables: dict[str, list[Question]] = {}
    for one in tell.study.questionnaire:
        if one.kind == "one" and not one.scale and one.group is not None and one.group.table:
            tables.setdefault(one.group.name, []).append(one)
    return [table for questions in tables.values() if (table := _choices(tell, questions, wave)) is not None]


def _choices(tell: Telling, questions: Sequence[Question], wave: int) -> Part | None:
    """The answers named most often to each question, with intervals; withheld ones are not listed."""
    rows = []
    for question in questions:
        if not tell.margin(("wave",), question.name, "answers"):
            continue
        found = [one for one in shares(tell, question.name, wave) or [] if one["reason"] != SUPPRESSED]
        found.sort(key=lambda one: -float(one["estimate"]))
        for place, one in enumerate(found[:MOST_CHOICES]):
            option = question.option(str(one["term"]))
            label = option.label.in_language(tell.lang) if option else str(one["term"])
            percents = [None if known(one[name]) is None else 100 * float(one[name]) for name in _ENDS]
            first = tell.names.in_group(question) if place == 0 else ""
            rows.append(Row((first, label, *percents, counted(one["n"]))))
    if not rows:
        return None
    columns = (
        Column("item", tell.say("column.item")),
        Column("answer", tell.say("choices.answer")),
        Column("share", tell.say("choices.share"), "percent", 0),
        Column("low", tell.say("column.low"), "percent", 0),
        Column("high", tell.say("column.high"), "percent", 0),
        Column("n", tell.say("column.n"), "integer"),
    )
    caption = tell.names.heading(questions[0]) or tell.names.in_group(questions[0])
    return tell.table(columns, rows, caption, (tell.say("choices.note", n=MOST_CHOICES),))
