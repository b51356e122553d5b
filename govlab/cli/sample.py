"""``govlab sample [LIST]``: how many to ask before anyone is asked; with ``--n``, who, by lot with a seed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from govlab.cli.usage import one_of, whole_number
from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    from govlab.cli.screen import Screen
    from govlab.survey.sample_plan import SamplePlan
    from govlab.survey.unit_list import UnitList

METHODS = ("simple", "systematic", "pps", "sampford")
ALLOCATIONS = ("proportional", "equal")


def decimal(text: str) -> float:
    """A number, or a percentage as its hundredth; InputError says what came instead."""
    try:
        return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise InputError(Fault("cli.sample.decimal", {"got": text})) from None


def two_counts(text: str) -> tuple[int, int]:
    """``10,9``: communities of the pilot and of the comparison group."""
    parts = text.replace("，", ",").split(",")
    if len(parts) != 2:
        raise InputError(Fault("cli.sample.two_counts", {"got": text}))
    return whole_number(parts[0].strip()), whole_number(parts[1].strip())


def counts(text: str) -> int | dict[object, int]:
    """``12``, or by stratum ``a=3,b=4``."""
    if "=" not in text:
        return whole_number(text)
    found: dict[object, int] = {}
    for part in text.replace("，", ",").split(","):
        name, _, value = part.rpartition("=")
        if not name.strip() or name.strip() in found:
            raise InputError(Fault("cli.sample.counts", {"got": text}))
        found[name.strip()] = whole_number(value.strip())
    return found


def seed_number(text: str) -> int:
    """A whole number that is not negative; InputError says what came instead."""
    if not (text.isascii() and text.isdigit()):
        raise InputError(Fault("cli.sample.seed_number", {"got": text}))
    return int(text)


def _figure(name: str, metavar: str = "X") -> Any:
    return typer.Option(f"--{name}", metavar=metavar, parser=decimal, help=f"cli.sample.{name}")


def _count(name: str) -> Any:
    return typer.Option(f"--{name}", metavar="N", parser=whole_number, help=f"cli.sample.{name}")


def run(
    ctx: typer.Context,
    file: Annotated[str | None, typer.Argument(metavar="LIST", help="cli.sample.list")] = None,
    *,
    plan: Annotated[bool, typer.Option("--plan", help="cli.sample.plan")] = False,
    difference: Annotated[float | None, _figure("difference")] = None,
    sd: Annotated[float | None, _figure("sd")] = None,
    share: Annotated[float | None, _figure("share")] = None,
    icc: Annotated[float | None, _figure("icc")] = None,
    take: Annotated[int | None, _count("take")] = None,
    communities: Annotated[
        Any,  # a pair by its parser; typer would want two words for a tuple
        typer.Option("--communities", metavar="N,N", parser=two_counts, help="cli.sample.communities"),
    ] = None,
    people: Annotated[int | None, _count("people")] = None,
    response: Annotated[float | None, _figure("response")] = None,
    person_correlation: Annotated[float | None, _figure("person-correlation")] = None,
    community_correlation: Annotated[float | None, _figure("community-correlation")] = None,
    comparisons: Annotated[int | None, _count("comparisons")] = None,
    weighting: Annotated[float | None, _figure("weighting")] = None,
    margin: Annotated[float | None, _figure("margin")] = None,
    power: Annotated[float | None, _figure("power")] = None,
    level: Annotated[float | None, _figure("level")] = None,
    n: Annotated[Any, typer.Option("--n", metavar="N|a=N,b=N", parser=counts, help="cli.sample.n")] = None,
    method: Annotated[
        str | None, typer.Option("--method", metavar="|".join(METHODS), help="cli.sample.method")
    ] = None,
    strata: Annotated[
        str | None, typer.Option("--strata", metavar="COLUMN", help="cli.sample.strata")
    ] = None,
    size: Annotated[str | None, typer.Option("--size", metavar="COLUMN", help="cli.sample.size")] = None,
    unit: Annotated[str | None, typer.Option("--id", metavar="COLUMN", help="cli.sample.id")] = None,
    allocation: Annotated[
        str | None, typer.Option("--allocation", metavar="|".join(ALLOCATIONS), help="cli.sample.allocation")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", parser=seed_number, help="cli.sample.seed")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.sample.out")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="cli.json")] = False,
) -> int:
    """Say what a difference needs, or draw."""
    screen: Screen = ctx.obj
    method = one_of("--method", method, METHODS)
    allocation = one_of("--allocation", allocation, ALLOCATIONS)
    figures = {
        "difference": difference, "sd": sd, "share": share, "icc": icc, "take": take, "response": response,
        "person_correlation": person_correlation, "community_correlation": community_correlation,
        "comparisons": comparisons, "weighting": weighting, "margin": margin, "power": power, "level": level,
    }  # fmt: skip
    given = {name: value for name, value in figures.items() if value is not None}
    drawing = {"--method": method, "--allocation": allocation, "--seed": seed, "--out": out}
    if n is None or plan:
        alone = [name for name, value in {**drawing, "--n": n}.items() if value is not None]
        if alone:
            key = "cli.sample.plan_and_draw" if plan else "cli.sample.draw_needs_n"
            raise InputError(Fault(key, {"names": ", ".join(alone)}))
        from govlab.cli.sample_sizes import show_sizes

        units = _list(file, needed=False)
        show_sizes(screen, units, given, communities, people, (strata, size), as_json=as_json)
        return 0
    planning = {**given, "communities": communities, "people": people}
    alone = [name for name, value in planning.items() if value is not None and name != "take"]
    if alone:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in alone)
        raise InputError(Fault("cli.sample.only_plan", {"names": names}))
    units = cast("UnitList", _list(file, needed=True))
    from govlab import __version__
    from govlab.survey.sample_plan import Request, draw_plan

    request = Request(
        n,
        unit or units.id_column,
        _lot() if seed is None else seed,
        cast(Any, method or ("pps" if take is not None else "simple")),
        strata,
        size,
        take,
        cast(Any, allocation or "proportional"),
    )
    targets = _targets(out, people=take is not None)
    drawn = draw_plan(units, request, version=__version__)
    _write(drawn, targets)
    _tell(screen, drawn, targets, own_seed=seed is None, as_json=as_json)
    return 0


def _lot() -> int:
    import secrets

    return secrets.randbelow(1_000_000_000)


def _list(given: str | None, *, needed: bool) -> UnitList | None:
    """The list that was named (FILE or FILE#SHEET), else communities.xlsx or the zones of the workspace."""
    from govlab.data.workspace import open_workspace
    from govlab.survey.unit_list import read_units

    if given is not None:
        name, _, sheet = given.partition("#") if not Path(given).is_file() else (given, "", "")
        return read_units(Path(name), sheet or None)
    home = open_workspace()
    for path in (home.root / "communities.xlsx", home.zones):
        if home.study is not None and path is not None and path.is_file():
            return read_units(path)
    if needed:
        raise InputError(Fault("cli.sample.no_list"))
    return None


def _targets(out: Path | None, *, people: bool) -> list[Path]:
    """The files to write; InputError names those that exist already, since none is ever replaced."""
    from govlab.data.locate import workspace

    book = out if out is not None else (workspace() or Path()) / "sample_plan.xlsx"
    if book.suffix.lower() != ".xlsx":
        raise InputError(Fault("cli.sample.out_kind", {"got": book.name}))
    found = [book, book.with_suffix(".csv")]
    if people:
        found.append(book.with_name(f"{book.stem}_people.csv"))
    there = [Fault("data.write.exists", {}, (str(path),)) for path in found if path.exists()]
    if there:
        raise InputError([*there, Fault("cli.sample.keep")])
    return found


def _write(drawn: SamplePlan, targets: list[Path]) -> None:
    """All files or none: what was written is taken back where a later one cannot be."""
    from govlab.data.atomic import write_new
    from govlab.survey.sample_plan import csv_bytes, plan_bytes

    contents = [plan_bytes(drawn), csv_bytes(drawn.frame)]
    if drawn.people is not None:
        contents.append(csv_bytes(drawn.people))
    done: list[Path] = []
    try:
        for path, data in zip(targets, contents, strict=True):
            write_new(path, data)
            done.append(path)
    except InputError:
        for path in done:
            path.unlink(missing_ok=True)
        raise


def _tell(screen: Screen, drawn: SamplePlan, targets: list[Path], *, own_seed: bool, as_json: bool) -> None:
    said = drawn.said
    if as_json:
        screen.json(_plain(screen, drawn, targets))
        return
    from govlab.language import say

    how = say(f"survey_sample.method.{said['method']}", lang=screen.lang)
    if said["strata"]:
        how = screen.say("sample.within", how=how, strata=said["strata"])
    screen.tell(
        "sample.drawn", n=int(said["drawn"]), population=said["population"], list=said["list"], how=how
    )
    if drawn.people is not None:
        each = screen.say("sample.people_drawn", n=len(drawn.people), take=said["take"])
        screen.line(each)
    screen.tell("sample.own_seed" if own_seed else "sample.with_seed", seed=said["seed"])
    weight = drawn.frame["weight"]
    screen.tell("sample.weights", low=f"{weight.min():.4g}", high=f"{weight.max():.4g}")
    for note in drawn.notes:
        screen.line(note.text(screen.lang))
    if len(drawn.strata) > 1:
        heads = [screen.say(f"sample.head.{name}") for name in ("stratum", "drawn", "population")]
        table = screen.table(*heads, right=(heads[1], heads[2]))
        for row in drawn.strata.itertuples():
            table.add_row(str(row.stratum), str(row.drawn), str(row.population))
        screen.show(table)
    for path in targets:
        screen.tell("sample.written", path=path)
    screen.tell("sample.design")
    for line in _design_lines(drawn.design, targets[0].name):
        screen.line(f"    {line}")


def _design_lines(design: Mapping[str, str], file: str) -> list[str]:
    import json

    fields = {"plan": file, **design}
    written = [f"{name} = {json.dumps(column, ensure_ascii=False)}" for name, column in fields.items()]
    return ["[survey.design]", *written]


def _plain(screen: Screen, drawn: SamplePlan, targets: list[Path]) -> dict[str, object]:
    return {
        "files": [str(path) for path in targets],
        "said": {key: value for key, value in drawn.said.items() if not key.startswith("design.")},
        "design": drawn.design,
        "notes": [note.text(screen.lang) for note in drawn.notes],
        "strata": [
            {"stratum": str(name), "drawn": int(some), "population": int(there)}
            for name, some, there in drawn.strata.itertuples(index=False, name=None)
        ],
        "units": [str(one) for one in drawn.frame[drawn.said["unit"]]],
        "people": None if drawn.people is None else len(drawn.people),
    }
