"""``govlab facts``: search the facts; ``--check`` holds the sources' own numbers against each other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from govlab.cli.shown import check_lines, fact_lines, fact_table, open_catalogue, plain_check, plain_fact
from govlab.language import say

if TYPE_CHECKING:
    from govlab.cases.checks import Outcome
    from govlab.cli.screen import Screen


def run(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(metavar="WORD", help="cli.facts.words")] = None,
    *,
    case: Annotated[str | None, typer.Option("--case", metavar="CASE", help="cli.facts.case")] = None,
    topic: Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="cli.facts.topic")] = None,
    check: Annotated[bool, typer.Option("--check", help="cli.facts.check")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="cli.json")] = False,
) -> int:
    """Show the facts that match, or the checks on them."""
    from govlab.cases.search import search

    screen: Screen = ctx.obj
    catalogue = open_catalogue()
    found = search(catalogue, words or (), entry=case, topic=topic)
    if check:
        held = {fact.id for fact in found}
        outcomes = [one for one in catalogue.checks(case) if held.intersection(one.check.facts)]
        if as_json:
            screen.json([plain_check(outcome) for outcome in outcomes])
        else:
            _checks(screen, outcomes)
    elif as_json:
        screen.json([plain_fact(catalogue, fact) for fact in found])
    elif len(found) == 1:
        for line in fact_lines(screen, catalogue, found[0]):
            screen.line(line)
    else:
        if found:
            screen.show(fact_table(screen, catalogue, found))
        screen.tell("facts.found", n=len(found))
    return 0


def _checks(screen: Screen, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        for line in check_lines(screen, outcome, with_case=True):
            screen.line(line)
        screen.line()
    counts = Counter(outcome.verdict for outcome in outcomes)
    names = {verdict: say(f"cases.verdict.{verdict}", lang=screen.lang) for verdict in counts}
    parts = [f"{names[verdict]} {count}" for verdict, count in counts.items()]
    screen.tell("facts.checked", n=len(outcomes))
    if parts:
        screen.line(("；" if screen.lang == "zh" else "; ").join(parts))
