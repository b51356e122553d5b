"""YAML files that people write: read whole, with the line every field stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from govlab.errors import Fault, InputError

Loc = tuple[int | str, ...]


@dataclass(frozen=True, eq=False)
class Yaml:
    """What a YAML file holds, and where."""

    path: Path
    data: Any
    lines: Mapping[Loc, int]

    def where(self, loc: Loc = ()) -> tuple[str, ...]:
        """``("scheme.yaml:7",)``: the file and the line of a field, or of the entry it is missing from."""
        for end in range(len(loc), 0, -1):
            line = self.lines.get(loc[:end])
            if line is not None:
                return (f"{self.path.name}:{line}",)
        return (self.path.name,)


def read_yaml(path: Path) -> Yaml:
    """Read a YAML file; InputError says which line is broken, or that it is not UTF-8 or not there.

    Plain data only: no tags of programs. A key given twice is refused.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(Fault("yaml.missing", {}, (str(path),))) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Fault("yaml.unreadable", {"why": str(error)}, (path.name,))) from error
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    lines: dict[Loc, int] = {}
    try:
        node = loader.get_single_node()
        data = None if node is None else _build(node, loader, (), lines)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        why = str(getattr(error, "problem", None) or error)
        raise InputError(Fault("yaml.broken", {"why": why}, (f"{path.name}:{line}",))) from error
    finally:
        loader.dispose()
    return Yaml(path, data, lines)


def _build(node: Any, loader: Any, loc: Loc, lines: dict[Loc, int]) -> Any:
    lines.setdefault(loc, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_object(node)
    if isinstance(node, yaml.SequenceNode):
        return [_build(one, loader, (*loc, place), lines) for place, one in enumerate(node.value)]
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node)
        if not isinstance(key, (str, int, float, bool)) or key in found:
            raise yaml.constructor.ConstructorError(
                None, None, f"key {key!r} is given twice or is no plain word", key_node.start_mark
            )
        lines[*loc, str(key)] = key_node.start_mark.line + 1
        found[key] = _build(value_node, loader, (*loc, str(key)), lines)
    return found
