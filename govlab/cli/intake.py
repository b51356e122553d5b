"""``govlab intake [FOLDER]``: the responses of a study through the door, one page a wave."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govlab.cli.usage import whole_number

if TYPE_CHECKING:
    from govlab.cli.screen import Screen
    from govlab.study import Study
    from govlab.survey.intake.door import DoorResult


def run(
    ctx: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="FOLDER", help="cli.intake.folder")] = None,
    wave: Annotated[
        int | None, typer.Option("--wave", metavar="N", parser=whole_number, help="cli.intake.wave")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="cli.json")] = False,
) -> int:
    """Read, write, tell; waves without responses yet are named and passed by."""
    from govlab.study import Study
    from govlab.study.door import run_intake

    screen: Screen = ctx.obj
    study = Study.open(folder or Path())
    numbers = [wave] if wave is not None else _there(study, screen, as_json=as_json)
    results = {number: run_intake(study, number) for number in numbers}
    if as_json:
        _mask(study, results, screen, quiet=True)
        screen.json({"waves": [_plain(number, result) for number, result in results.items()]})
        return 0
    for number, result in results.items():
        if len(study.survey.waves) > 1:
            screen.tell("intake.wave_head", wave=number)
        screen.line(result.page(screen.lang))
        for path in result.written.values():
            screen.tell("intake.written", path=path)
        waiting = sum(len(report.held) + len(report.unknown) for report in result.responses.reports)
        if waiting:
            screen.tell("intake.next", n=waiting, path=result.mapping)
        screen.line()
    _mask(study, results, screen, quiet=False)
    return 0


def _mask(study: Study, results: Mapping[int, DoorResult], screen: Screen, *, quiet: bool) -> None:
    """Keep the mask that every report starts from, once nothing waits to be settled."""
    from govlab.errors import InputError

    reports = [report for result in results.values() for report in result.responses.reports]
    if any(report.held or report.unknown for report in reports):
        return
    if not quiet:
        screen.tell("intake.masking")
    try:
        path = study.write_mask()
    except InputError as error:
        # What the design lacks is said when the study is used; the responses are in all the same.
        screen.error(error.text(screen.lang))
        return
    if not quiet:
        screen.tell("intake.written", path=path)


def _there(study: Study, screen: Screen, *, as_json: bool) -> list[int]:
    """The waves whose files are there; InputError if there are none."""
    from govlab.errors import Fault, InputError

    for one in study.survey.waves:
        if one.wave not in study.waves and not as_json:
            screen.tell("intake.not_there", wave=one.wave, files=", ".join(one.responses))
    if not study.waves:
        raise InputError(Fault("study.no_responses"))
    return list(study.waves)


def _plain(number: int, result: DoorResult) -> dict[str, Any]:
    from govlab.survey.intake.door import record

    return {
        "wave": number,
        **record(result),
        "missing": result.quality.by_reason(),
        "flags": {name: int(result.quality.flags[name].sum()) for name in result.quality.flags},
        "excluded": [[one.rule, one.reason, one.n] for one in result.quality.excluded],
        "written": {name: str(path) for name, path in result.written.items()},
        "mapping": str(result.mapping),
    }
