"""Facts and checks on a terminal and as JSON, for the commands that show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from govlab.language import say

if TYPE_CHECKING:
    from rich.table import Table

    from govlab.cases import Catalogue
    from govlab.cases.checks import Outcome
    from govlab.cases.models import Fact
    from govlab.cli.screen import Screen


def open_catalogue() -> Catalogue:
    """The shipped catalogue, with the own cases of the workspace around where it has some."""
    from govlab.cases import load_catalogue
    from govlab.data.workspace import open_workspace

    return load_catalogue(open_workspace().catalogue)


def fact_table(screen: Screen, catalogue: Catalogue, facts: Sequence[Fact]) -> Table:
    """One row a fact: id, what, value, year, kind of claim; source and case where they differ by row."""
    from govlab.casebook import words

    lang = screen.lang
    columns = {
        "fact": [fact.id for fact in facts],
        "label": [fact.label.in_language(lang) for fact in facts],
        "value": [_value(screen, fact) for fact in facts],
        "year": [fact.year or "" for fact in facts],
        "claim": [words.kind_mark(fact, lang) for fact in facts],
        "standing": [words.standing(fact, lang) for fact in facts],
        "source": [words.source_mark(catalogue.source_of(fact), lang) for fact in facts],
        "case": [catalogue.owner[fact.id] for fact in facts],
    }
    for name in ("source", "case"):
        if len(set(columns[name])) == 1:
            del columns[name]
    columns = {name: cells for name, cells in columns.items() if any(cells)}
    heads = [screen.say(f"facts.head.{name}") for name in columns]
    table = screen.table(*heads, right=(screen.say("facts.head.value"),))
    for row in zip(*columns.values(), strict=True):
        table.add_row(*row)
    return table


def _value(screen: Screen, fact: Fact) -> str:
    from govlab.casebook import words

    if fact.value is None:
        return ""
    unit = f" {fact.unit.in_language(screen.lang)}" if fact.unit is not None else ""
    return f"{words.shown_value(fact, screen.lang).text}{unit}"


def fact_lines(screen: Screen, catalogue: Catalogue, fact: Fact) -> Iterator[str]:
    """Everything the catalogue holds on one fact."""
    from govlab.casebook import words

    lang = screen.lang
    source = catalogue.source_of(fact)
    yield f"{fact.id}  {fact.label.in_language(lang)}  [{catalogue.owner[fact.id]}]"
    yield fact.statement.in_language(lang)
    claimant = fact.claimant or source.author
    pairs = [
        ("value", _value(screen, fact)),
        ("year", fact.year or ""),
        ("term", fact.term or ""),
        ("claimant", claimant.in_language(lang)),
        ("source", f"{words.source_mark(source, lang)}{screen.colon}{source.citation}"),
        ("place", fact.locator.in_language(lang)),
        ("claim", words.kind_mark(fact, lang)),
        ("standing", words.standing(fact, lang)),
        ("note", fact.note.in_language(lang) if fact.note is not None else ""),
    ]
    for name, text in pairs:
        if text:
            yield f"  {screen.say(f'facts.head.{name}')}{screen.colon}{text}"
    for part in fact.parts:
        yield f"  - {part.in_language(lang)}"


def check_lines(screen: Screen, outcome: Outcome, *, with_case: bool = False) -> Iterator[str]:
    """A check as it came out: verdict and title, the arithmetic, the reading under which it would hold."""
    lang, check = screen.lang, outcome.check
    left, right = ("【", "】") if lang == "zh" else ("[", "] ")
    case = f"  {outcome.case}" if with_case else ""
    verdict = say(outcome.sentence_key, lang=lang)
    yield f"{left}{verdict}{right}{check.title.in_language(lang)}  ({check.id}{case})"
    for line in outcome.arithmetic:
        yield f"    {line}"
    for when, holds in outcome.held:
        said = screen.say("check.holds" if holds else "check.fails")
        yield f"    {said}{screen.colon}{when.in_language(lang)}"
    yield f"    {check_sentence(screen, outcome)}"
    if check.note is not None:
        yield f"    {check.note.in_language(lang)}"


def check_sentence(screen: Screen, outcome: Outcome) -> str:
    """What the verdict means here, in a sentence that names the reading under which it would hold."""
    reading = outcome.check.holds_if
    verdict = outcome.verdict.value
    if reading is None or verdict == "consistent":
        return screen.say(f"check.{verdict}")
    return screen.say(f"check.{verdict}.if", reading=reading.in_language(screen.lang).rstrip("。."))


def plain_fact(catalogue: Catalogue, fact: Fact) -> dict[str, Any]:
    """A fact for another program, with the entry it belongs to and the kind of its source."""
    found = fact.model_dump(mode="json", exclude_defaults=True)
    kind = catalogue.source_of(fact).kind.value
    return found | {"value": fact.value, "case": catalogue.owner[fact.id], "source_kind": kind}


def plain_check(outcome: Outcome) -> dict[str, Any]:
    """A check for another program."""
    check = outcome.check
    return {
        "id": check.id,
        "case": outcome.case,
        "title": check.title.model_dump(),
        "verdict": outcome.verdict.value,
        "arithmetic": list(outcome.arithmetic),
        "readings": [{"when": when.model_dump(), "holds": holds} for when, holds in outcome.held],
        "figures": [
            {"label": figure.label.model_dump(), "value": value} for figure, value in outcome.figures
        ],
        "holds_if": check.holds_if.model_dump() if check.holds_if is not None else None,
        "facts": list(check.facts),
    }
