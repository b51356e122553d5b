"""The root of the command: which language, which commands there are, what an error comes out as.

A command's module is imported when it is called, so that ``govlab --help`` stays fast. Exit codes:
0 done, 1 something that ran has failed, 2 something the user gave cannot be used, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from govlab.cli import usage
from govlab.cli.helptext import Command, group_help
from govlab.cli.screen import Screen, ready_streams
from govlab.errors import Fault, GovlabError, InputError

COMMANDS = (
    *("new", "cases", "facts", "sample", "intake", "export"),
    *("batch", "lab", "lesson", "show", "workshop", "doctor", "upgrade"),
)
FAILED, UNUSABLE, INTERRUPTED = 1, 2, 130


class Rooms(TyperGroup):
    """The commands by name, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, its module now imported; InputError names what is near an unknown name."""
        if cmd_name not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(cmd_name, COMMANDS, n=1)
            values = {"name": cmd_name, "known": ", ".join(near or COMMANDS)}
            raise InputError(Fault("cli.usage.near" if near else "cli.usage.command", values))
        module = import_module(f"govlab.cli.{cmd_name}")
        alone = typer.Typer(add_completion=False)
        alone.command(cmd_name, cls=Command)(module.run)
        return typer.main.get_command(alone)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The root's help page in the language that was asked for."""
        formatter.write(group_help(COMMANDS, ctx.obj.lang))


app = typer.Typer(cls=Rooms, add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def root(ctx: typer.Context, version: Annotated[bool, typer.Option("--version")] = False) -> None:
    """What ``govlab`` does before a command, or without one."""
    if version:
        import govlab

        print(f"govlab {govlab.__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())


def run(argv: Sequence[str]) -> int:
    """Find the language, call the command, turn errors into sentences and exit codes."""
    ready_streams()
    screen = Screen(usage.language_around())
    try:
        lang, rest = usage.split_language(argv)
        screen = Screen(lang) if lang is not None else screen
        code = app(args=rest, prog_name="govlab", standalone_mode=False, obj=screen)
        return code if isinstance(code, int) else 0
    except InputError as error:
        screen.error(error.text(screen.lang))
        return UNUSABLE
    except GovlabError as error:
        screen.error(str(error))
        return FAILED
    except usage.USAGE_ERROR as error:
        screen.error(usage.fault_of(error).text(screen.lang))
        return UNUSABLE
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe (head, less) has gone: nothing is wrong, and nothing more can be said.
        sys.stdout = None
        return 0
