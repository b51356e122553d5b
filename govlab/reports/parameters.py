"""The typed ``parameters`` cell of a notebook: what may be set, of which type, with which choices.

``name: type = default``, one a line, and behind it, as a comment, what it may be: ``# zh | en`` (one
of these words) or ``# from package.module:function`` (one of the names that the function returns for
a workspace folder).
The cell is plain Python in the form that stock papermill reads too.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from govlab.errors import Fault

_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
}


@dataclass(frozen=True)
class Parameter:
    """One parameter: name, type name, default, and the words it may take (empty: any)."""

    name: str
    type: str
    default: Any
    choices: tuple[str, ...] = ()
    choices_from: str | None = None

    def fault(self, value: object) -> Fault | None:
        """What is wrong with a value, or None."""
        types = _TYPES[self.type]
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            values = {"name": self.name, "type": self.type, "got": repr(value)[:60]}
            return Fault("reports.parameter_type", values)
        if self.choices and value not in self.choices:
            values = {"name": self.name, "got": str(value)[:60], "allowed": ", ".join(self.choices)}
            return Fault("reports.parameter_choice", values)
        return None


def asked(declared: Mapping[str, Parameter], root: Path) -> dict[str, Parameter]:
    """The parameters with the choices that their functions give for the workspace ``root``."""
    found = {}
    for name, parameter in declared.items():
        if parameter.choices_from is not None:
            module, _, function = parameter.choices_from.partition(":")
            choices = tuple(getattr(import_module(module), function)(root))
            parameter = replace(parameter, choices=choices)
        found[name] = parameter
    return found


def parameters_in(path: Path) -> tuple[dict[str, Parameter], list[Fault]]:
    """The parameters a notebook file declares, and what is wrong with the file or its parameters cell.

    The file is read as JSON, since planning needs nothing more and importing nbformat takes seconds.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = [
            cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            for cell in cells
            if "parameters" in cell["metadata"].get("tags", [])
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"{type(error).__name__}: {error}"[:200]
        return {}, [Fault("reports.broken_notebook", {"notebook": path.name, "why": why})]
    return parameters_of(sources)


def parameters_of(cells: Sequence[str]) -> tuple[dict[str, Parameter], list[Fault]]:
    """The parameters that the sources of the cells tagged ``parameters`` declare, by name, and the faults."""
    if len(cells) != 1:
        return {}, [Fault("reports.parameters_cell", {"count": len(cells)})]
    found: dict[str, Parameter] = {}
    faults: list[Fault] = []
    written = cells[0].splitlines()
    try:
        lines = ast.parse(cells[0]).body
    except SyntaxError as error:
        return {}, [Fault("reports.parameters_syntax", {"why": str(error)})]
    for line in lines:
        match line:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value):
                comment = written[(value.end_lineno or 1) - 1].encode()[value.end_col_offset :].decode()
                try:
                    found[name] = _parameter(name, annotation, ast.literal_eval(value), comment.strip(" #"))
                except ValueError as error:
                    faults.append(Fault("reports.parameters_syntax", {"why": f"{name}: {error}"}))
            case _:
                why = f"line {line.lineno}: not of the form name: type = default"
                faults.append(Fault("reports.parameters_syntax", {"why": why}))
    return found, faults


def _parameter(name: str, annotation: ast.expr, default: Any, comment: str) -> Parameter:
    if not isinstance(annotation, ast.Name) or annotation.id not in _TYPES:
        raise ValueError(f"type must be one of {', '.join(_TYPES)}")
    if comment.startswith("from ") and ":" in comment:
        return Parameter(name, annotation.id, default, choices_from=comment.removeprefix("from ").strip())
    if "|" in comment:
        return Parameter(name, annotation.id, default, tuple(word.strip() for word in comment.split("|")))
    return Parameter(name, annotation.id, default)


def coerced(value: object, parameter: Parameter) -> object:
    """A value from a spreadsheet or CSV cell as the parameter's type, where that loses nothing."""
    if parameter.type == "str" and isinstance(value, float) and value.is_integer():
        return str(int(value))
    if parameter.type == "str" and isinstance(value, (int, float)):
        return str(value)
    if parameter.type == "int" and isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and parameter.type in ("int", "float", "bool"):
        return _from_text(value.strip(), parameter.type)
    return value


def _from_text(text: str, type_name: str) -> object:
    if type_name == "bool":
        return {"true": True, "false": False}.get(text.lower(), text)
    try:
        return int(text) if type_name == "int" else float(text)
    except ValueError:
        return text


def faults_of(values: Mapping[str, object], declared: Mapping[str, Parameter]) -> list[Fault]:
    """Unknown names and values of the wrong type or outside the choices."""
    found: list[Fault] = []
    for name, value in values.items():
        if name not in declared:
            known = ", ".join(declared)
            found.append(Fault("reports.parameter_unknown", {"name": name, "known": known}))
            continue
        fault = declared[name].fault(value)
        if fault is not None:
            found.append(fault)
    return found
