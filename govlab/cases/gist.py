"""Sentences with facts in them: ``{AKS_017}`` and ``{AKS_009/AKS_005:.1f}`` filled from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping

from govlab.cases.expression import Expression, number
from govlab.cases.models import Fact
from govlab.data.definition import Text
from govlab.errors import Fault, InputError

_HOLE = re.compile(r"\{([^{}:]+)(?::\.(\d)f)?\}")


def fill(template: str, facts: Mapping[str, Fact]) -> str:
    """The sentence with every hole filled: whole numbers with separators, decimals as asked."""

    def one(hole: re.Match[str]) -> str:
        value = Expression.parse(hole[1]).value(facts)
        if isinstance(value, str):
            return value
        if isinstance(value, tuple):
            raise InputError(Fault("cases.expression", {"expression": hole[1], "why": "has several values"}))
        return number(value, int(hole[2]) if hole[2] else None)

    return _HOLE.sub(one, template)


def faults(text: Text, facts: Mapping[str, Fact]) -> list[Fault]:
    """Unknown facts, broken expressions, or numbers that stand in one language only."""
    found: list[Fault] = []
    for template in (text.zh, text.en):
        try:
            fill(template, facts)
        except InputError as error:
            found.extend(error.faults)
    holes = [sorted(hole[0] for hole in _HOLE.finditer(template)) for template in (text.zh, text.en)]
    if holes[0] != holes[1]:
        found.append(Fault("cases.gist_differs", {"zh": ", ".join(holes[0]), "en": ", ".join(holes[1])}))
    return found
