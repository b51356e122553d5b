"""Consistency checks: what a source's own numbers say about each other, computed at every call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from govlab.cases.expression import Expression, number
from govlab.cases.models import Check, Fact, Figure
from govlab.data.definition import Text
from govlab.errors import Fault, InputError


class Verdict(StrEnum):
    """How a check comes out."""

    CONSISTENT = "consistent"
    DOES_NOT_ADD_UP = "does-not-add-up"  # unless terms differ
    AMBIGUOUS = "ambiguous"
    INCOMPLETE = "incomplete"
    INTERPRETATION = "interpretation"
    DERIVED = "derived"


@dataclass(frozen=True, eq=False)
class Outcome:
    """The result of one check: verdict, the arithmetic written out, the figures it gives."""

    check: Check
    case: str
    verdict: Verdict
    arithmetic: tuple[str, ...]
    figures: tuple[tuple[Figure, float], ...]
    held: tuple[tuple[Text, bool], ...] = ()  # each reading and whether the test holds under it

    @property
    def sentence_key(self) -> str:
        """Id of the catalogue sentence that states the verdict."""
        return f"cases.verdict.{self.verdict.value}"


def _expressions(check: Check) -> Iterator[str]:
    for one in (check.test, check.complete, check.probe):
        if one is not None:
            yield one
    yield from (reading.test for reading in check.readings)
    yield from check.rules
    yield from (figure.expression for figure in (*check.alternatives, *check.figures))


def faults(check: Check, facts: Mapping[str, Fact]) -> list[Fault]:
    """What is wrong with the check as written: expressions, unknown facts, more than one question."""
    found: list[Fault] = []
    deciders = [check.test, check.complete, check.readings, check.rules, check.alternatives]
    if sum(bool(one) for one in deciders) > 1:
        found.append(Fault("cases.check.one_question", {}))
    if not any(deciders) and not check.figures:
        found.append(Fault("cases.check.empty", {}))
    if bool(check.rules) != (check.probe is not None):
        found.append(Fault("cases.check.probe", {}))
    free = {"x"} if check.rules else set()
    used: set[str] = set()
    for text in _expressions(check):
        try:
            names = Expression.parse(text).names
        except InputError as error:
            found.extend(error.faults)
            continue
        for name in sorted(names - free - check.given.keys()):
            used.add(name)
            if name not in facts:
                found.append(Fault("cases.unknown_fact", {"fact": name, "expression": text}))
    for name in sorted(used - set(check.facts)):
        found.append(Fault("cases.check.undeclared", {"fact": name}))
    for name in check.facts:
        if name not in facts:
            found.append(Fault("cases.unknown_fact", {"fact": name, "expression": "facts"}))
    if found:
        return found
    try:
        run(check, "", facts)
    except InputError as error:
        found.extend(error.faults)
    return found


def run(check: Check, case: str, facts: Mapping[str, Fact]) -> Outcome:
    """Work the check out. InputError where an expression cannot be evaluated."""

    def value(text: str, given: Mapping[str, float] | None = None) -> float:
        found = Expression.parse(text).value(facts, given or check.given, check.tolerance)
        if isinstance(found, (str, tuple)):
            raise InputError(Fault("cases.expression", {"expression": text, "why": "not a single number"}))
        return found

    lines: list[str] = []
    held: list[tuple[Text, bool]] = []
    if check.test is not None:
        holds = bool(value(check.test))
        verdict = Verdict.CONSISTENT if holds else Verdict.DOES_NOT_ADD_UP
        lines.append(_tested(check.test, facts, holds, check))
    elif check.complete is not None:
        holds = bool(value(check.complete))
        verdict = Verdict.CONSISTENT if holds else Verdict.INCOMPLETE
        lines.append(_tested(check.complete, facts, holds, check))
    elif check.readings:
        for reading in check.readings:
            holds = bool(value(reading.test))
            held.append((reading.when, holds))
            lines.append(_tested(reading.test, facts, holds, check))
        count = sum(holds for _, holds in held)
        verdict = (
            Verdict.CONSISTENT
            if count == len(held)
            else Verdict.INTERPRETATION
            if count
            else Verdict.DOES_NOT_ADD_UP
        )
    elif check.rules:
        assert check.probe is not None
        x = value(check.probe)
        hits = [rule for rule in check.rules if value(rule, {"x": x, **check.given})]
        verdict = Verdict.CONSISTENT if len(hits) == 1 else Verdict.AMBIGUOUS
        lines = [Expression.parse(rule).written(facts, {"x": x, **check.given}) for rule in hits]
    elif check.alternatives:
        values = [value(figure.expression) for figure in check.alternatives]
        agree = max(values) - min(values) <= check.tolerance
        verdict = Verdict.CONSISTENT if agree else Verdict.INTERPRETATION
        lines = [
            _figured(figure, found, facts, check)
            for figure, found in zip(check.alternatives, values, strict=True)
        ]
    else:
        verdict = Verdict.DERIVED
    figures = tuple((figure, value(figure.expression)) for figure in check.figures)
    lines.extend(_figured(figure, found, facts, check) for figure, found in figures)
    return Outcome(check, case, verdict, tuple(lines), figures, tuple(held))


def _figured(figure: Figure, value: float, facts: Mapping[str, Fact], check: Check) -> str:
    written = Expression.parse(figure.expression).written(facts, check.given)
    is_year = figure.unit is not None and figure.unit.zh == "年"
    result = f"{value:.0f}" if is_year else number(value, figure.digits)
    return written if written == result else f"{written} = {result}"


def _tested(text: str, facts: Mapping[str, Fact], holds: bool, check: Check) -> str:
    """``1,224 ÷ 147 = 8.33 < 10``: a computed left side shows its value before it is compared."""
    expression = Expression.parse(text)
    written = expression.written(facts, check.given, holds)
    sides = expression.comparison()
    if sides is None:
        return written
    left = sides[0].value(facts, check.given)
    plain = sides[0].written(facts, check.given)
    if isinstance(left, (str, tuple)):
        return written
    shown = number(left) if isinstance(left, int) else number(round(left, 2))
    right = sides[1].written(facts, check.given)
    sign = written[len(plain) : -len(right)].strip()
    if plain == shown or (sign == "=" and shown == right):
        return written
    exact = abs(float(shown.replace(",", "")) - left) < 1e-9
    if sign == "=" and shown != right:
        sign = "≈"  # equal within the rounding of the source
    return f"{plain} {'=' if exact else '≈'} {shown} {sign} {right}"
