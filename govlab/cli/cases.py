"""``govlab cases [CASE]``: the cases of the catalogue, or one with its facts and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from govlab.cli.shown import check_lines, fact_table, open_catalogue, plain_check, plain_fact

if TYPE_CHECKING:
    from govlab.cases import Catalogue
    from govlab.cases.models import Entry
    from govlab.cli.screen import Screen


def run(
    ctx: typer.Context,
    case: Annotated[str | None, typer.Argument(metavar="CASE", help="cli.cases.case")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="cli.json")] = False,
) -> int:
    """List the cases, or show one."""
    screen = ctx.obj
    catalogue = open_catalogue()
    if case is None:
        entries = list(catalogue.entries.values())
        if as_json:
            screen.json([_plain(catalogue, entry) for entry in entries])
        else:
            _list(screen, catalogue, entries)
        return 0
    entry = catalogue.entry(case)
    if as_json:
        facts = [plain_fact(catalogue, fact) for fact in entry.facts]
        checks = [plain_check(outcome) for outcome in catalogue.checks(case)]
        screen.json(_plain(catalogue, entry) | {"facts": facts, "checks": checks})
    else:
        _show(screen, catalogue, entry)
    return 0


def _plain(catalogue: Catalogue, entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "name": entry.name.model_dump(),
        "title": entry.title.model_dump(),
        "programme": entry.programme,
        "level": entry.level,
        "sources": list(entry.sources),
        "fact_count": len(entry.facts),
        "check_count": len(entry.checks),
    }


def _list(screen: Screen, catalogue: Catalogue, entries: list[Entry]) -> None:
    from govlab.casebook import words

    heads = [screen.say(f"cases.head.{name}") for name in ("case", "name", "level", "facts", "checks")]
    for kind in ("case", "programme", "framework"):
        table = screen.table(*heads, right=(heads[3], heads[4]))
        for entry in entries:
            if entry.kind == kind:
                name, level = entry.name.in_language(screen.lang), words.level(entry, screen.lang)
                table.add_row(entry.id, name, level, str(len(entry.facts)), str(len(entry.checks)))
        if table.row_count:
            screen.line(screen.say(f"cases.{kind}_list"))
            screen.show(table)
    screen.tell("cases.more")


def _show(screen: Screen, catalogue: Catalogue, entry: Entry) -> None:
    from govlab.cases.gist import fill

    lang = screen.lang
    screen.line(f"{entry.title.in_language(lang)}  [{entry.id}]")
    if entry.model is not None:
        screen.line(entry.model.in_language(lang))
    screen.line()
    for text in entry.gist:
        screen.line(fill(text.in_language(lang), catalogue.facts))
    screen.line()
    _sources(screen, catalogue, entry)
    screen.tell("cases.facts", n=len(entry.facts))
    screen.show(fact_table(screen, catalogue, entry.facts))
    outcomes = catalogue.checks(entry.id)
    if outcomes:
        screen.tell("cases.checks", n=len(outcomes))
        for outcome in outcomes:
            for line in check_lines(screen, outcome):
                screen.line(line)
        screen.line()
    screen.tell("cases.silences")
    for silence in entry.silences:
        screen.line(f"  - {silence.unknown.in_language(lang)}")
        screen.line(f"    {screen.say('cases.settle')}{screen.colon}{silence.settle.in_language(lang)}")


def _sources(screen: Screen, catalogue: Catalogue, entry: Entry) -> None:
    from govlab.casebook import words

    for name in entry.sources:
        source = catalogue.sources[name]
        screen.line(f"{screen.say('cases.source')}{screen.colon}{source.citation}")
        limits = source.limits.in_language(screen.lang)
        screen.line(f"  {words.source_mark(source, screen.lang)}{screen.colon}{limits}")
    screen.line()
