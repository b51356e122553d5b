"""Catalogue files into models: every fault of every file is collected, then raised once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from govlab.cases import checks, gist
from govlab.cases.expression import Expression
from govlab.cases.models import Dimension, DimensionFile, Entry, Source, SourceFile
from govlab.cases.yaml_file import parse
from govlab.data.fields import field_faults
from govlab.errors import CatalogueError, Fault, InputError

_DANGLING = frozenset(
    {
        "cases.unknown_fact",
        "cases.unknown_source",
        "cases.unknown_programme",
        "cases.unknown_dimension",
        "cases.denominator",
        "cases.expression",
    }
)


def read_folder(
    folders: Sequence[Path],
) -> tuple[dict[str, Source], dict[str, Entry], dict[str, Dimension]]:
    """Sources, entries and dimensions of one catalogue, or of one extended by others."""
    found: list[Fault] = []
    sources: dict[str, Source] = {}
    dimensions: dict[str, Dimension] = {}
    entries: dict[str, Entry] = {}
    origin: dict[str, str] = {}
    for folder in folders:
        if not folder.is_dir():
            found.append(Fault("cases.no_folder", {"folder": str(folder)}))
            continue
        for file in sorted(folder.rglob("*.yaml")):
            name = file.relative_to(folder).as_posix()
            if name.startswith("sources"):
                for source in getattr(_read(file, name, SourceFile, found), "sources", ()):
                    _add(sources, source.id, source, name, found)
            elif name == "dimensions.yaml":
                for dimension in getattr(_read(file, name, DimensionFile, found), "dimensions", ()):
                    _add(dimensions, dimension.id, dimension, name, found)
            else:
                entry = _read(file, name, Entry, found)
                if isinstance(entry, Entry):
                    _add(entries, entry.id, entry, name, found)
                    origin[entry.id] = name
    # Where a file could not be read, everything that points at it would look broken too.
    unread = bool(found)
    cross = _cross(sources, entries, dimensions, origin)
    found.extend(fault for fault in cross if not (unread and fault.key in _DANGLING))
    if found:
        raise CatalogueError(found)
    return sources, entries, dimensions


def _add(held: dict[str, Any], key: str, thing: object, name: str, found: list[Fault]) -> None:
    if key in held:
        found.append(Fault("cases.twice", {"id": key}, (name,)))
    held[key] = thing


def _read(file: Path, name: str, model: type[BaseModel], found: list[Fault]) -> BaseModel | None:
    try:
        raw = parse(file.read_bytes())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        why = str(getattr(error, "problem", None) or error)
        found.append(Fault("cases.yaml", {"why": why, "line": line}, (name,)))
        return None
    except (OSError, UnicodeDecodeError) as error:
        found.append(Fault("cases.unreadable", {"why": str(error)}, (name,)))
        return None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        found.extend(field_faults(error, model, lambda loc: (name, *_named(raw, loc))))
    return None


def _named(raw: object, loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """The id of the innermost fact, check or source that a field belongs to."""
    found: tuple[str, ...] = ()
    here: Any = raw
    for step in loc:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(step, int) and isinstance(here, dict) and isinstance(here.get("id"), str):
            found = (here["id"],)
    return found


def _pointers(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every fact id that some field called ``facts`` points at, with the path to it."""
    if isinstance(value, BaseModel):
        fields = value.__dict__
        label = fields.get("id", "")
        for field, held in fields.items():
            if field == "facts" and held and isinstance(held[0], str):
                for fact in held:
                    yield path or "facts", fact
            elif isinstance(held, (BaseModel, tuple, Mapping)):
                yield from _pointers(held, f"{path}.{label or field}".strip("."))
    elif isinstance(value, tuple):
        for one in value:
            yield from _pointers(one, path)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _pointers(one, f"{path}.{key}".strip("."))


def _cross(
    sources: Mapping[str, Source],
    entries: Mapping[str, Entry],
    dimensions: Mapping[str, Dimension],
    origin: Mapping[str, str],
) -> Iterator[Fault]:
    """Faults between files: unknown sources, facts, dimensions; ids used twice; broken checks."""
    facts: dict[str, Any] = {}
    for entry in entries.values():
        for fact in entry.facts:
            place = (origin[entry.id], fact.id)
            if fact.id in facts:
                yield Fault("cases.twice", {"id": fact.id}, place)
            facts[fact.id] = fact
            if fact.source not in sources:
                yield Fault("cases.unknown_source", {"source": fact.source}, place)
    seen: set[str] = set()
    for entry in entries.values():
        name = origin[entry.id]
        for source in entry.sources:
            if source not in sources:
                yield Fault("cases.unknown_source", {"source": source}, (name, "sources"))
        if entry.programme is not None and entry.programme not in entries:
            yield Fault("cases.unknown_programme", {"programme": entry.programme}, (name, "programme"))
        for path, pointed in _pointers(entry):
            if pointed not in facts and not path.startswith("checks"):
                yield Fault("cases.unknown_fact", {"fact": pointed, "expression": path}, (name,))
        for unit, base in entry.denominators.items():
            if base not in facts or not isinstance(facts[base].value, (int, float)):
                yield Fault("cases.denominator", {"fact": base, "unit": unit}, (name, "denominators"))
        for key in entry.matrix:
            if key not in dimensions:
                yield Fault("cases.unknown_dimension", {"dimension": key}, (name, "matrix"))
        for check in entry.checks:
            if check.id in seen:
                yield Fault("cases.twice", {"id": check.id}, (name, check.id))
            seen.add(check.id)
            for fault in checks.faults(check, facts):
                yield Fault(fault.key, fault.values, (name, check.id))
        for number, text in enumerate(entry.gist, 1):
            for fault in gist.faults(text, facts):
                yield Fault(fault.key, fault.values, (name, f"gist[{number}]"))
        for item in entry.holdings:
            for held in (*item.before, *item.after):
                if held.share is not None:
                    yield from _share(held.share, facts, (name, f"holdings.{item.label.en}"))


def _share(text: str, facts: Mapping[str, Any], place: tuple[str, ...]) -> Iterator[Fault]:
    try:
        share = Expression.parse(text).value(facts)
    except InputError as error:
        yield from (Fault(fault.key, fault.values, place) for fault in error.faults)
        return
    if not isinstance(share, (int, float)) or not 0 <= share <= 100:
        yield Fault("cases.share", {"share": str(share)}, place)
