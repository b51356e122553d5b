"""Help pages in both languages: the texts come from the message catalogue, laid out in two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from shutil import get_terminal_size
from typing import Any

from typer.core import TyperCommand

from govlab.cli.usage import named
from govlab.errors import Fault, InputError
from govlab.language import say

_WIDEST = 100
# Chinese punctuation that must not begin a line.
_CLOSING = "，。；：、！？）》”’"


class Command(TyperCommand):
    """A command whose help is looked up in the catalogue: ``cli.<name>.help``, option help by its id."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help page in the language that was asked for."""
        formatter.write(command_help(self, ctx.obj.lang))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse what is left over with a message of ours instead of the parser's."""
        ctx.allow_extra_args = True
        rest: list[str] = super().parse_args(ctx, args)
        if ctx.args and not ctx.resilient_parsing:
            raise InputError(Fault("cli.usage.extra", {"got": " ".join(ctx.args)}))
        return rest


def group_help(commands: Sequence[str], lang: str) -> str:
    """The page of ``govlab --help``."""
    parts = [
        say("cli.usage", {"line": f"govlab {say('cli.metavar.command', lang=lang)}"}, lang=lang),
        "",
        *wrapped(say("cli.help", lang=lang), _width()),
        "",
        say("cli.commands", lang=lang),
        *columns([(name, say(f"cli.{name}.short", lang=lang)) for name in commands]),
        "",
        say("cli.options", lang=lang),
        *columns([*_common(lang), ("--version", say("cli.version", lang=lang))]),
        "",
        *_exit_codes(lang),
        "",
        *wrapped(say("cli.more", lang=lang), _width()),
    ]
    return "\n".join(parts) + "\n"


def command_help(command: Any, lang: str) -> str:
    """The page of ``govlab <command> --help``."""
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and one.name != "help"]
    line = " ".join(
        [f"govlab {command.name}", say("cli.metavar.options", lang=lang), *map(_written, arguments)]
    )
    parts = [say("cli.usage", {"line": line}, lang=lang), ""]
    for paragraph in say(f"cli.{command.name}.help", lang=lang).split("\n"):
        parts += wrapped(paragraph, _width())
    if arguments:
        parts += ["", say("cli.arguments", lang=lang)]
        parts += columns([(named(one), say(one.help, lang=lang)) for one in arguments])
    rows = [(_option(one), say(one.help, lang=lang)) for one in options]
    parts += ["", say("cli.options", lang=lang), *columns([*rows, *_common(lang)])]
    parts += ["", *_exit_codes(lang)]
    return "\n".join(parts) + "\n"


def _common(lang: str) -> list[tuple[str, str]]:
    return [("--lang zh|en", say("cli.lang", lang=lang)), ("--help", say("cli.this", lang=lang))]


def _exit_codes(lang: str) -> list[str]:
    rows = [(code, say(f"cli.exit.{code}", lang=lang)) for code in ("0", "1", "2", "130")]
    return [say("cli.exit", lang=lang), *columns(rows)]


def _written(argument: Any) -> str:
    name = named(argument) + ("..." if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _option(option: Any) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    return names if option.is_flag else f"{names} {option.metavar}"


def columns(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Names at the left, what they are at the right, wrapped within the width of the screen."""
    left = max(width_of(name) for name, _ in rows) + 4
    lines = []
    for name, text in rows:
        first, *more = wrapped(text, _width() - left)
        lines.append(f"  {name}{' ' * (left - 2 - width_of(name))}{first}")
        lines += [" " * left + line for line in more]
    return lines


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` cells: English breaks between words, Chinese between characters."""
    lines, line = [], ""
    for piece in _pieces(text):
        fits = width_of(line + piece.rstrip()) <= width
        if line and not fits and piece not in _CLOSING:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """What must not be parted: a Chinese character, or a word with the space after it."""
    word = ""
    for sign in text:
        if _wide(sign):
            if word:
                yield word
            yield sign
            word = ""
        elif sign == " ":
            yield word + sign
            word = ""
        else:
            word += sign
    if word:
        yield word


def width_of(text: str) -> int:
    """Cells of a terminal that a text takes: two for a Chinese character."""
    return sum(2 if _wide(sign) else 1 for sign in text)


def _wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def _width() -> int:
    return min(_WIDEST, get_terminal_size((_WIDEST, 24)).columns)
