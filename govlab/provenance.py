"""Where a statement comes from: kinds of source, kinds of claim, status, flags."""

from __future__ import annotations

from enum import StrEnum


class SourceKind(StrEnum):
    """Who speaks, from what position. Kinds, not a ladder of grades."""

    SELF_REPORT = "self-report"  # of the implementing body or its own party school
    SECTOR_PRESS = "sector-press"
    ACADEMIC = "academic"
    NORMATIVE = "normative"  # essay or framework without case data
    STATISTICS = "statistics"
    SURVEY = "survey"
    EVALUATION = "evaluation"


class ClaimKind(StrEnum):
    """What part of a results chain a fact speaks about."""

    INPUT = "input"  # staff, money, rules, structures put in place
    OUTPUT = "output"  # what was built, founded, held, processed
    OUTCOME = "outcome"  # a state of residents or services said to have changed
    EFFECT = "effect"  # the change said to be caused by the reform
    CONTEXT = "context"  # background, concept, argument: no part of a results chain


class FactStatus(StrEnum):
    """How the fact stands in the source."""

    STATED = "stated"
    DERIVED = "derived"
    CONTESTED = "contested"
    NOT_UNPACKED = "not-unpacked"  # a code or label that the source never explains


class Flag(StrEnum):
    """What a reader must know before using a fact."""

    DOUBTFUL_PRINT = "doubtful-print"
    CONTEXT = "context"  # touches control functions in passing
    POPULATION_CONTROL = "population-control"
    POPULATION_DATA = "population-data"
    RISK_TIER = "risk-tier"
    SURVEILLANCE = "surveillance"
    DE_EXTREMIFICATION = "de-extremification"


# Facts with any of these are quoted and taught, never scored (nor an indicator, item or floor).
NEVER_SCORED = frozenset(
    {
        Flag.POPULATION_CONTROL,
        Flag.POPULATION_DATA,
        Flag.RISK_TIER,
        Flag.SURVEILLANCE,
        Flag.DE_EXTREMIFICATION,
    }
)
