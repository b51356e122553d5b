"""Which language is spoken, and usage errors as faults of ours, in both languages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from govlab.errors import Fault, InputError
from govlab.language import LANGUAGES, default_language

# typer keeps the parent of its usage errors in a private module; this is it, in every version.
USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]


def split_language(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """``--lang`` taken out of the arguments, wherever it stands before ``--``; InputError if it is none."""
    rest: list[str] = []
    asked: str | None = None
    place = 0
    while place < len(argv):
        word = argv[place]
        if word == "--":
            rest.extend(argv[place:])
            break
        if word == "--lang" or word.startswith("--lang="):
            _, equals, value = word.partition("=")
            if not equals:
                place += 1
                value = argv[place] if place < len(argv) else ""
            asked = value
        else:
            rest.append(word)
        place += 1
    if asked is not None and asked not in LANGUAGES:
        raise InputError(Fault("cli.usage.lang", {"got": asked, "allowed": ", ".join(LANGUAGES)}))
    return asked, rest


def language_around(start: Path | None = None) -> str:
    """Without ``--lang``: GOVLAB_LANG, else what the study around says, else the locale."""
    if os.environ.get("GOVLAB_LANG"):
        return default_language()
    import tomllib

    from govlab.data.locate import workspace

    root = workspace(start)
    if root is not None:
        try:
            asked = tomllib.loads((root / "study.toml").read_bytes().decode("utf-8-sig")).get("lang")
        except (OSError, ValueError):
            asked = None  # whoever reads the study in earnest says what is wrong with it
        if asked in LANGUAGES:
            return str(asked)
    return default_language()


def fault_of(error: Any) -> Fault:
    """A usage error of the argument parser as a fault."""
    name = type(error).__name__
    if name == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        if near:
            return Fault("cli.usage.near", {"name": error.option_name, "known": near})
        return Fault("cli.usage.option", {"name": error.option_name})
    if name == "MissingParameter" and error.param is not None:
        return Fault("cli.usage.missing", {"name": named(error.param)})
    if name == "BadOptionUsage":
        return Fault("cli.usage.value_missing", {"name": error.option_name})
    if name == "BadParameter" and error.param is not None:
        return Fault("cli.usage.value", {"name": named(error.param), "why": error.message})
    return Fault("cli.usage.other", {"why": error.format_message()})


def named(param: Any) -> str:
    """How a person would name a parameter: its longest option, or the capitals of an argument."""
    if param.param_type_name == "option":
        return str(max(param.opts, key=len))
    return str(param.metavar or param.name.upper())


def whole_number(text: str) -> int:
    """A number of at least 1; InputError says what came instead."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise InputError(Fault("cli.usage.whole_number", {"got": text}))
    return value


def one_of(option: str, value: str | None, allowed: Sequence[str]) -> str | None:
    """``value`` if it is allowed; InputError names the option, what came and what is allowed."""
    if value is not None and value not in allowed:
        values = {"name": option, "got": value, "allowed": ", ".join(allowed)}
        raise InputError(Fault("cli.usage.choice", values))
    return value
