"""What a pydantic model refuses, as faults in both languages with the field and what came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from govlab.errors import Fault

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

Place = Callable[[tuple[int | str, ...]], tuple[str, ...]]

# pydantic's own words are English; each kind of error gets a message of ours.
_TYPES = {
    "string_type": "text",
    "int_type": "integer",
    "int_parsing": "integer",
    "int_from_float": "integer",
    "float_type": "number",
    "float_parsing": "number",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "dict_type": "table",
    "model_type": "table",
    "model_attributes_type": "table",
    "list_type": "list",
    "tuple_type": "list",
}
_RANGES = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}


def dotted(loc: tuple[int | str, ...]) -> str:
    """``title.zh``, ``reports[2].name``: the path to a field as a person writes it, counted from 1."""
    text = ""
    for step in loc:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def field_faults(error: ValidationError, model: type[BaseModel], place: Place) -> list[Fault]:
    """One fault for each thing ``model`` refused.

    place: from the path of a field to where it stands (file and line, sheet and row); the dotted
    path itself is added here.
    """
    found = []
    for one in error.errors(include_url=False):
        loc = one["loc"]
        key, values = _message(one, model)
        path = dotted(loc)
        found.append(Fault(key, values, (*place(loc), path) if path else place(loc)))
    return found


def _message(one: Mapping[str, Any], model: type[BaseModel]) -> tuple[str, dict[str, object]]:
    kind, context = one["type"], one.get("ctx", {})
    got = _shown(one.get("input"))
    if kind == "missing":
        return "data.field.missing", {}
    if kind == "extra_forbidden":
        return _unknown(one["loc"], model)
    if kind in _TYPES:
        return f"data.field.{_TYPES[kind]}", {"got": got}
    if kind in ("literal_error", "enum"):
        allowed = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
        return "data.field.choice", {"allowed": allowed, "got": got}
    if kind in _RANGES:
        limit = next(iter(context.values()), "")
        return "data.field.range", {"allowed": f"{_RANGES[kind]} {limit}", "got": got}
    if kind in ("string_too_short", "too_short"):
        return "data.field.empty", {}
    if kind == "string_pattern_mismatch":
        return "data.field.pattern", {"pattern": context.get("pattern", ""), "got": got}
    return "data.field.other", {"why": one["msg"], "got": got}


def _unknown(loc: tuple[int | str, ...], model: type[BaseModel]) -> tuple[str, dict[str, object]]:
    fields = _fields_at(loc[:-1], model)
    near = get_close_matches(str(loc[-1]), fields, n=1)
    if near:
        return "data.field.unknown_near", {"near": near[0]}
    return "data.field.unknown", {"allowed": ", ".join(fields)}


def _fields_at(loc: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """The fields of the model that stands at ``loc`` inside ``model``, as far as annotations tell."""
    here: type[BaseModel] = model
    for step in loc:
        if isinstance(step, int) or step not in here.model_fields:
            continue
        inner = _model_in(here.model_fields[step].annotation)
        if inner is None:
            return []
        here = inner
    return list(here.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    from typing import get_args

    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _shown(value: object) -> str:
    text = f"'{value}'" if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
