"""``govlab export FILE``: clean data for colleagues, refused where somebody in it could be recognised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from govlab.cli.usage import one_of, whole_number

if TYPE_CHECKING:
    from govlab.cli.screen import Screen


def run(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.export.file")],
    wave: Annotated[
        int | None, typer.Option("--wave", metavar="N", parser=whole_number, help="cli.export.wave")
    ] = None,
    labels: Annotated[str | None, typer.Option("--labels", metavar="zh|en", help="cli.export.labels")] = None,
    leave_out: Annotated[
        str, typer.Option("--leave-out", metavar="COLUMN,...", help="cli.export.leave_out")
    ] = "",
    k: Annotated[int, typer.Option("--k", metavar="N", parser=whole_number, help="cli.export.k")] = 5,
    open_text: Annotated[bool, typer.Option("--open-text", help="cli.export.open_text")] = False,
    times: Annotated[bool, typer.Option("--times", help="cli.export.times")] = False,
) -> int:
    """Write one file a wave."""
    from govlab.errors import Fault, InputError
    from govlab.language import LANGUAGES, Lang
    from govlab.study import Study
    from govlab.study.door import run_export

    screen: Screen = ctx.obj
    lang = one_of("--labels", labels, LANGUAGES) or screen.lang
    left = tuple(name.strip() for name in leave_out.replace("，", ",").split(",") if name.strip())
    study = Study.open()
    numbers = [wave] if wave is not None else list(study.waves)
    if not numbers:
        raise InputError(Fault("study.no_responses"))
    if len(numbers) > 1:
        screen.tell("export.one_file", n=len(numbers))
    for number in numbers:
        path = file if len(numbers) == 1 else file.with_name(f"{file.stem}-wave{number}{file.suffix}")
        exported = run_export(
            study,
            number,
            path,
            lang=cast("Lang", lang),
            k=k,
            leave_out=left,
            open_text="include" if open_text else "leave out",
            times="include" if times else "leave out",
        )
        screen.tell("export.written", path=exported.path, n=exported.rows, columns=exported.columns)
    return 0
