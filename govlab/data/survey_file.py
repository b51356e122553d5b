"""The survey part of ``study.toml``: how people were found and asked, by wave, and what was promised them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

# Under ten respondents nothing is shown; a study may ask for more, never for less.
LEAST_THRESHOLD = 10
# Where intake keeps what a person settled, unless a wave names another file.
MAPPING = "mapping.xlsx"


def _several(given: object) -> object:
    """One name, or a list of names, as a tuple."""
    if isinstance(given, str):
        return (given,)
    return tuple(given) if isinstance(given, list) else given


Name = Annotated[str, Field(min_length=1)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_several)]
Sampling = Literal["probability", "census", "quota", "open-link"]


class Model(BaseModel):
    """Base of the parts of ``study.toml``: frozen, nothing unknown accepted, nothing converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Words(Model):
    """The same words in both languages."""

    zh: Name
    en: Name

    def in_language(self, lang: str) -> str:
        """The Chinese text for ``zh``, the English one for anything else."""
        return self.zh if lang == "zh" else self.en


class DesignColumns(Model):
    """Which columns of the responses say how they were sampled; see ``govlab.survey.Design``.

    plan: workbook that ``govlab sample`` wrote; its columns are joined to the responses by ``key``, and
    where nothing else is said here it says the design.
    """

    weights: Name | None = None
    strata: Names = ()
    clusters: Names = ()
    fpc: Names = ()
    nest: bool = False
    lonely_psu: Literal["fail", "remove", "adjust", "average", "certainty"] = "fail"
    plan: Name | None = None
    key: Name | None = None


class Wave(Model):
    """One round of asking: its number, when, the export file or files, and its own design if it has one.

    mapping: the file in which the match of columns to questions was settled.
    """

    wave: int
    responses: Annotated[Names, Field(min_length=1)]
    date: dt.date | Name | None = None
    label: Words | None = None
    mapping: Name | None = None
    design: DesignColumns | None = None


class MarginTable(Model):
    """A kind of table that will be published: rows by ``by``; of ``items`` means, shares of answers, or both.

    ``items = ["*"]`` stands for all closed questions and constructs. merge: ``three`` shows answers on a
    scale as below, in and above its middle, for groups too small for each answer by itself; of other
    items such a table has the means.
    """

    by: Names = ()
    items: Names = ()
    shows: Literal["mean", "answers", "both"] = "mean"
    merge: Literal["three"] | None = None


class Survey(Model):
    """The ``[survey]`` table of ``study.toml``.

    sampling: how respondents were found, which decides what may be said of anybody else.
    answers_safe: whether residents can answer without fear; without it nothing is ranked on their
    answers. consent: file with the page respondents read; ethics: number of the approval; retention:
    date on which the answers are deleted. keep: personal column -> why it is kept. exclude: flag of
    intake -> why rows with it are left out. threshold: fewest respondents of a cell that is shown.
    quasi_identifiers: columns that together could point at a person. synthetic: all answers are
    invented. zone, community: names of columns. margins: every kind of table to be published. labels:
    what reports call a construct, a model or another name that stands in no questionnaire.
    """

    questionnaire: Name
    sampling: Sampling
    answers_safe: bool
    consent: Name
    ethics: Name
    retention: dt.date
    waves: Annotated[tuple[Wave, ...], BeforeValidator(_several), Field(min_length=1)]
    design: DesignColumns = DesignColumns()
    keep: dict[Name, Name] = {}
    exclude: dict[Name, Name] = {}
    threshold: Annotated[int, Field(ge=LEAST_THRESHOLD)] = LEAST_THRESHOLD
    quasi_identifiers: Names = ()
    zone: Name = "zone"
    community: Name | None = None
    synthetic: bool = False
    margins: Annotated[tuple[MarginTable, ...], BeforeValidator(_several)] = ()
    labels: dict[Name, Words] = {}

    def wave(self, number: int) -> Wave | None:
        """The wave of that number, None if there is none."""
        return next((one for one in self.waves if one.wave == number), None)


class LogEntry(Model):
    """One line of the action research: planned, done, seen or thought over, when and by whom."""

    date: dt.date
    stage: Literal["plan", "act", "observe", "reflect"]
    text: Words
    zones: Names = ()
    by: Name | None = None


Log = Annotated[tuple[LogEntry, ...], BeforeValidator(_several)]


class Coded(Model):
    """The ``[coded]`` table of ``study.toml``: cases that were coded for comparison.

    file: workbook with the sheets ``cases`` and ``sets``, or a CSV file of the cases; sets: the CSV file of
    anchors and reasons beside it. synthetic: all of it is invented.
    """

    file: Name
    sets: Name | None = None
    synthetic: bool = False


def files(survey: Survey) -> dict[tuple[int | str, ...], str]:
    """Every file that the survey part names or leaves to be found, by the field that names it."""
    named: dict[tuple[int | str, ...], str] = {
        ("survey", "questionnaire"): survey.questionnaire,
        ("survey", "consent"): survey.consent,
    }
    for place, wave in enumerate(survey.waves):
        at = ("survey", "waves", place)
        named |= {(*at, "responses"): one for one in wave.responses[:1]}
        named |= {(*at, "responses", more): one for more, one in enumerate(wave.responses[1:], 1)}
        named[(*at, "mapping")] = wave.mapping or MAPPING
        if wave.design is not None and wave.design.plan is not None:
            named[(*at, "design", "plan")] = wave.design.plan
    if survey.design.plan is not None:
        named[("survey", "design", "plan")] = survey.design.plan
    return named
