"""A definition that people write in YAML, read into its model; faults name file, line and field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from govlab.data.fields import field_faults
from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

FactId = Annotated[str, Field(pattern=r"^[A-Z]{2,6}-\d{3,4}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # nodes composed in C where libyaml is there
_KIND = re.compile(rb"^kind: *([a-z-]+)", re.M)
Steps = tuple[int | str, ...]


class Model(BaseModel):
    """Base of everything in a definition: frozen, nothing unknown accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Model):
    """The same words in Chinese and in English."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def in_language(self, lang: str) -> str:
        """The Chinese text for ``zh``, the English one for anything else."""
        return self.zh if lang == "zh" else self.en


class Origin(StrEnum):
    """Who says so: a document of the catalogue, govlab, or whoever fills the model in."""

    SOURCE = "source"
    GOVLAB = "govlab"
    USER = "user"


class Sourced(Model):
    """Something in a definition that says where it comes from; what a source says names its facts."""

    origin: Origin
    facts: tuple[FactId, ...] = ()


M = TypeVar("M", bound=Model)


def read_definition(path: Path, model: type[M], kind: str) -> M:
    """A YAML file of one ``kind`` as its model; InputError lists every fault with file, line and field."""
    raw, lines = read_yaml(path)
    found = raw.get("kind") if isinstance(raw, dict) else None
    if found != kind:
        values = {"kind": kind, "got": str(found)}
        raise InputError(Fault("definition.kind", values, (path.name, *_line(lines, ("kind",)))))
    try:
        read = model.model_validate(raw)
    except ValidationError as error:
        raise InputError(field_faults(error, model, lambda loc: (path.name, *_line(lines, loc)))) from error
    bare = [at for at, one in _sourced(read) if one.origin is Origin.SOURCE and not one.facts]
    if bare:
        raise InputError([Fault("definition.no_facts", {}, (path.name, at)) for at in bare])
    return read


def read_yaml(path: Path) -> tuple[Any, Mapping[Steps, int]]:
    """The document as plain data, and the line of each part of it; InputError for a broken file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Fault("definition.unreadable", {"why": str(error)}, (path.name,))) from error
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        lines: dict[Steps, int] = {}
        return (None if node is None else _build(node, loader, (), lines)), lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = str(getattr(error, "problem", None) or error)
        line = f"line {mark.line + 1}" if mark else "line 1"
        raise InputError(Fault("definition.yaml", {"why": why}, (path.name, line))) from error
    finally:
        loader.dispose()


def _build(node: Any, loader: Any, at: Steps, lines: dict[Steps, int]) -> Any:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_build(one, loader, (*at, place), lines) for place, one in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node)
            if not isinstance(key, (str, int)) or key in found:
                why = f"key {key!r} is given twice or is no plain word"
                raise yaml.constructor.ConstructorError(None, None, why, key_node.start_mark)
            found[key] = _build(value_node, loader, (*at, key), lines)
        return found
    return loader.construct_object(node)


def _line(lines: Mapping[Steps, int], loc: Steps) -> tuple[str, ...]:
    """The line of the innermost part of a path that stands in the file."""
    for end in range(len(loc), -1, -1):
        if loc[:end] in lines:
            return (f"line {lines[loc[:end]]}",)
    return ()


def kind_of(path: Path) -> str:
    """The ``kind`` a definition file says it is of; empty where it says none."""
    found = _KIND.search(path.read_bytes())
    return found[1].decode() if found else ""


def shipped_definitions(kind: str) -> dict[str, Path]:
    """Name -> file of the definitions of one kind in ``datasets/institutions``."""
    from govlab.data.locate import shipped

    folder = shipped("datasets") / "institutions"
    return {path.stem: path for path in sorted(folder.glob("*.yaml")) if kind_of(path) == kind}


def open_definition(name: str | Path, model: type[M], kind: str) -> tuple[M, str]:
    """A definition by its shipped name or from a file of one's own (.yaml, .xlsx), and the file's name.

    InputError for a name that there is not, and as ``read_definition`` and ``read_book`` have it.
    """
    path = Path(name)
    if path.suffix.lower() == ".xlsx":
        from govlab.data.definition_book import read_book

        return read_book(path, model, kind), path.name
    if path.suffix not in (".yaml", ".yml"):
        shipped = shipped_definitions(kind)
        if str(name) not in shipped:
            raise InputError(
                Fault("definition.unknown_name", {"name": str(name), "known": ", ".join(shipped)})
            )
        path = shipped[str(name)]
    return read_definition(path, model, kind), path.name


def pointed(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every fact id that some ``facts`` field of a model points at, with the path to it."""
    if isinstance(value, BaseModel):
        fields = value.__dict__
        here = f"{path}.{fields['id']}" if isinstance(fields.get("id"), str) and path else path
        for name, held in fields.items():
            if name == "facts":
                yield from ((here or "facts", fact) for fact in held)
            elif isinstance(held, (BaseModel, tuple)):
                yield from pointed(held, f"{here}.{name}".strip("."))
    elif isinstance(value, tuple):
        for one in value:
            yield from pointed(one, path)


def fact_faults(value: object, flags: Mapping[str, frozenset[str]], where: tuple[str, ...]) -> list[Fault]:
    """Facts that a definition may not use: unknown ones, and those flagged as never to be scored.

    flags: fact id -> its flags, of every fact of the catalogue.
    """
    from govlab.provenance import NEVER_SCORED

    banned = {flag.value for flag in NEVER_SCORED}
    faults = []
    for path, fact in pointed(value):
        if fact not in flags:
            faults.append(Fault("definition.unknown_fact", {"fact": fact}, (*where, path)))
        elif hit := sorted(banned & set(flags[fact])):
            values = {"fact": fact, "flags": ", ".join(hit)}
            faults.append(Fault("definition.never_scored", values, (*where, path)))
    return faults


def origin_counts(value: object) -> dict[str, int]:
    """How many parts of a definition come from a source, from govlab, from the user."""
    found = {one.value: 0 for one in Origin}
    for _, one in _sourced(value):
        found[one.origin.value] += 1
    return found


def _sourced(value: object, path: str = "") -> Iterator[tuple[str, Sourced]]:
    if isinstance(value, Sourced):
        yield path, value
    if isinstance(value, BaseModel):
        for name, held in value.__dict__.items():
            yield from _sourced(held, f"{path}.{name}".strip("."))
    elif isinstance(value, tuple):
        for place, one in enumerate(value, 1):
            label = one.__dict__.get("id", place) if isinstance(one, BaseModel) else place
            yield from _sourced(one, f"{path}[{label}]")
