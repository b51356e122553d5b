"""``govlab workshop``: what a trainer prepares - a kit for laptops without network, and the papers.

An action is a function of its own in ``ACTIONS``; it gets the screen, the words after it and the options.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govlab.cli import papers

if TYPE_CHECKING:
    from govlab.cli.screen import Screen

EDITIONS = ("participant", "trainer")


@dataclass(frozen=True)
class Options:
    """Every option of the command; an action reads those that are its own."""

    platform: str
    python: str
    edition: str
    zipped: bool
    no_browser: bool
    port: int | None
    papers: papers.PaperOptions


def run(
    ctx: typer.Context,
    action: Annotated[str, typer.Argument(metavar="ACTION", help="cli.workshop.action")],
    places: Annotated[list[str] | None, typer.Argument(metavar="PLACE", help="cli.workshop.place")] = None,
    *,
    platform: Annotated[
        str, typer.Option("--platform", metavar="NAME", help="cli.workshop.platform")
    ] = "win_amd64",
    python: Annotated[str, typer.Option("--python", metavar="3.N", help="cli.workshop.python")] = "3.12",
    edition: Annotated[
        str, typer.Option("--edition", metavar="participant|trainer", help="cli.workshop.edition")
    ] = "participant",
    zipped: Annotated[bool, typer.Option("--zip", help="cli.workshop.zip")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="cli.lab.no_browser")] = False,
    port: Annotated[int | None, typer.Option("--port", metavar="N", help="cli.lab.port")] = None,
    to: Annotated[str, typer.Option("--to", metavar="docx,html,xlsx", help="cli.workshop.to")] = "",
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="cli.workshop.out")] = Path("papers"),
    answers: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="cli.workshop.answers")
    ] = None,
    before: Annotated[
        Path | None, typer.Option("--before", metavar="PLACE", help="cli.workshop.before")
    ] = None,
    after: Annotated[Path | None, typer.Option("--after", metavar="PLACE", help="cli.workshop.after")] = None,
) -> int:
    """Call the action."""
    from govlab.cli.usage import one_of

    one_of("|".join(ACTIONS), action, tuple(ACTIONS))
    one_of("--edition", edition, EDITIONS)
    printed = papers.PaperOptions(to, out, answers, before, after)
    options = Options(platform, python, edition, zipped, no_browser, port, printed)
    return ACTIONS[action](ctx.obj, tuple(places or ()), options)


def _place(action: str, places: Sequence[str]) -> Path:
    """The one place that an action needs."""
    from govlab.errors import Fault, InputError

    if len(places) != 1:
        raise InputError(Fault("cli.workshop.one_place", {"action": action, "n": len(places)}))
    return Path(places[0])


def _kit(screen: Screen, places: Sequence[str], options: Options) -> int:
    """Make a kit, saying what comes in, then the sizes."""
    from govlab.workshop import kit

    wanted = kit.target(options.platform, options.python)
    out = _place("kit", places).resolve()
    made = kit.make(
        out,
        wanted,
        screen.lang,
        edition=options.edition,  # type: ignore[arg-type]
        zipped=options.zipped,
        tell=lambda step, values: screen.tell(f"workshop.kit.{step}", **_listed(values, screen.lang)),
    )
    for name, part in sorted(made.sizes.items(), key=lambda one: -one[1]):
        screen.line(f"  {kit.megabytes(part):>8} MB  {name}")
    screen.tell(
        "workshop.kit.done",
        place=made.folder,
        size=kit.megabytes(made.size),
        wheels=made.wheels,
        lessons=made.lessons,
        seconds=f"{made.seconds:.0f}",
    )
    if made.zipped is not None:
        size = kit.megabytes(made.zipped.stat().st_size)
        screen.tell("workshop.kit.zipped", place=made.zipped, size=size)
    screen.tell("workshop.kit.next", python=wanted.python)
    return 0


def _listed(values: Mapping[str, object], lang: str) -> dict[str, object]:
    """Values for a sentence: several names as a language lists them."""
    from govlab.language import listed

    return {
        name: listed(value, lang) if isinstance(value, (list, tuple)) else value
        for name, value in values.items()
    }


def _verify(screen: Screen, places: Sequence[str], options: Options) -> int:
    """Hold a kit against its manifest."""
    from govlab.workshop.kit_manifest import verify

    place = _place("verify", places)
    screen.tell("workshop.whole", n=verify(place), place=place)
    return 0


def _open(screen: Screen, places: Sequence[str], options: Options) -> int:
    """JupyterLab on a folder of lessons, asking nothing of the network."""
    from dataclasses import replace

    from govlab.data.lab import lab_arguments, run_lab
    from govlab.data.workspace import open_workspace
    from govlab.errors import Fault, InputError

    folder = _place("open", places).resolve()
    if not folder.is_dir():
        raise InputError(Fault("workshop_kit.nothing", {}, (str(folder),)))
    place = replace(open_workspace(), root=folder, notebooks=folder)
    arguments = lab_arguments(place, screen.lang, browser=not options.no_browser, port=options.port)
    return run_lab(arguments, screen.lang, folder)


ACTIONS: Mapping[str, Callable[[Screen, Sequence[str], Options], int]] = {
    "kit": _kit,
    "verify": _verify,
    "open": _open,
    "needs": lambda screen, places, options: papers.needs(screen, places, options.papers),
    "test": lambda screen, places, options: papers.test(screen, places, options.papers),
    "programme": lambda screen, places, options: papers.programme(screen, places, options.papers),
    "guide": lambda screen, places, options: papers.guide(screen, places, options.papers),
}
