"""A whole analysis in one call: outcome and negation, necessity, truth tables, all three solutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govlab.compare.qca.calibration import Calibrated
from govlab.compare.qca.cases import Missing, negated
from govlab.compare.qca.cover import Kind
from govlab.compare.qca.enhanced import Untenable, untenable
from govlab.compare.qca.necessary import Necessity, necessity
from govlab.compare.qca.presets import Preset
from govlab.compare.qca.presets import preset as _preset
from govlab.compare.qca.solution import KINDS, Expectation, Solution, SolutionKind, minimise
from govlab.compare.qca.table import TruthTable, truth_table
from govlab.language import say
from govlab.results import NotApplicable, Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two outcomes: its necessity, truth table, remainders ruled out, and solutions by kind."""

    necessity: Necessity
    table: TruthTable
    ruled_out: Untenable
    expectations: Mapping[str, Expectation]
    solutions: Mapping[str, Solution | NotApplicable]

    def solution(self, kind: str) -> Solution:
        """The solution of one kind; LookupError with the reason where there is none."""
        found = self.solutions[kind]
        if isinstance(found, NotApplicable):
            raise LookupError(str(found))
        return found


@dataclass(frozen=True, eq=False)
class Analysis(Result):
    """The outcome and its negation side by side; ``sides`` by the name of the outcome, ``Y`` and ``~Y``.

    enhanced: whether untenable remainders were ruled out. calibrated: what memberships were made from.
    """

    outcome: str
    sides: Mapping[str, Side]
    models: Kind
    max_models: int
    enhanced: bool
    preset: Preset | None = None
    calibrated: Mapping[str, Calibrated] = field(default_factory=dict)

    @property
    def positive(self) -> Side:
        """The side of the outcome as it was asked for."""
        return self.sides[self.outcome]

    @property
    def negative(self) -> Side:
        """The side of its negation."""
        return self.sides[negated(self.outcome)]

    def to_frame(self) -> pd.DataFrame:
        """Every model of every solution: ``outcome``, ``solution``, ``expression``, fit, ``n`` of models."""
        import pandas as pd

        rows = []
        for outcome, side in self.sides.items():
            for kind, found in side.solutions.items():
                if isinstance(found, NotApplicable):
                    rows.append((outcome, kind, "", float("nan"), float("nan"), float("nan"), found.reason))
                    continue
                rows += [
                    (outcome, kind, one.expression, one.inclusion, one.pri, one.coverage, "")
                    for one in found.models
                ]
        columns = ["outcome", "solution", "expression", "inclusion", "pri", "coverage", "reason"]
        return pd.DataFrame(rows, columns=columns)

    def labels(self, lang: str) -> dict[str, str]:
        """Printed names of the columns of ``to_frame``."""
        names = ("solution", "expression", "inclusion", "pri", "coverage")
        return {name: say(f"qca.column.{name}", lang=lang) for name in names} | {
            "outcome": say("qca.column.outcome", lang=lang)
        }

    def summary(self) -> str:
        """The models of both sides."""
        lines = []
        for side in self.sides.values():
            lines.append(side.necessity.summary())
            for found in side.solutions.values():
                lines.append(found.summary() if isinstance(found, Solution) else str(found))
        return "\n".join(lines)


def analyse(
    frame: pd.DataFrame,
    outcome: str,
    conditions: Sequence[str],
    *,
    inclusion: float | None = None,
    pri: float | None = None,
    frequency: int | None = None,
    expectations: Mapping[str, Expectation] | None = None,
    models: Kind | None = None,
    max_models: int = 1000,
    enhanced: bool = False,
    impossible: Sequence[str] = (),
    necessary_inclusion: float = 0.9,
    necessary_ron: float = 0.5,
    missing: Missing = "refuse",
    preset: str | None = None,
    calibrated: Mapping[str, Calibrated] | None = None,
) -> Analysis:
    """Necessity, truth table and all three solutions of an outcome and of its negation.

    Cuts and the choice of models: as given, else those of ``preset``, else inclusion 0.8, PRI 0, one case,
    the fewest terms. expectations: for the outcome; turned round for its negation. enhanced: remainders
    that contradict what is necessary, are ``impossible`` or would be assumed both ways are ruled out. A
    side without a row coded 1, or without one coded 0, says so in place of its solutions.
    """
    rules = None if preset is None else _preset(preset)
    base = rules or Preset("", 0.0, 0.8, 0.0, 1, "fewest")
    cuts = (
        base.inclusion if inclusion is None else inclusion,
        base.pri if pri is None else pri,
        base.frequency if frequency is None else frequency,
    )
    choice = models or base.models
    asked = {outcome: dict(expectations or {})}
    tables, needs = {}, {}
    for name in (outcome, negated(outcome)):
        tables[name] = truth_table(
            frame, name, conditions, inclusion=cuts[0], pri=cuts[1], frequency=cuts[2], missing=missing
        )
        needs[name] = necessity(
            frame, name, conditions, inclusion=necessary_inclusion, ron=necessary_ron, missing=missing
        )
    asked[negated(outcome)] = turned(expectations or {}, tables[outcome])
    sides = {}
    for name, other in ((outcome, negated(outcome)), (negated(outcome), outcome)):
        singles = needs[name].frame.query("kind == 'condition' and necessary")["term"]
        ruled = untenable(
            tables[name],
            negation=tables[other] if enhanced else None,
            necessary=tuple(singles) if enhanced else (),
            impossible=impossible,
        )
        found: dict[str, Solution | NotApplicable] = {
            kind: _solve(tables[name], kind, asked[name], choice, max_models, ruled.rows) for kind in KINDS
        }
        sides[name] = Side(needs[name], tables[name], ruled, asked[name], found)
    return Analysis(outcome, sides, choice, max_models, enhanced, rules, dict(calibrated or {}))


def turned(expectations: Mapping[str, Expectation], table: TruthTable) -> dict[str, Expectation]:
    """What is expected of the negated outcome: of every condition the values that were not expected."""
    found: dict[str, Expectation] = {}
    for name, value in expectations.items():
        if value is None or name not in table.data.conditions:
            found[name] = None
            continue
        held = {value} if isinstance(value, int) else set(value)
        rest = tuple(sorted(set(range(table.data.levels[table.data.conditions.index(name)])) - held))
        found[name] = rest[0] if len(rest) == 1 else rest or None
    return found


def _solve(
    table: TruthTable,
    kind: SolutionKind,
    expectations: Mapping[str, Expectation],
    models: Kind,
    most: int,
    exclude: tuple[int, ...],
) -> Solution | NotApplicable:
    if "1" not in table.outcome:
        return NotApplicable("no-positive", f"no row is coded 1 for {table.data.outcome}")
    if "0" not in table.outcome and (kind != "complex" or len(table.coded("1")) == table.data.space):
        return NotApplicable("no-negative", f"no row is coded 0 for {table.data.outcome}")
    return minimise(
        table,
        solution=kind,
        expectations=expectations if kind == "intermediate" else None,
        models=models,
        max_models=most,
        exclude=exclude if kind != "complex" else (),
    )
