"""Datasets with a Frictionless descriptor: find one, read it, hold its files against ``datapackage.json``."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from govlab.data.fields import field_faults
from govlab.data.locate import shipped, workspace
from govlab.errors import DatasetError, Fault

if TYPE_CHECKING:
    import pandas as pd

DESCRIPTOR = "datapackage.json"
MOST_FAULTS = 50  # of one table; beyond it the first ones say enough


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Constraints(_Model):
    """What a value of a column must satisfy."""

    required: bool = False
    unique: bool = False
    enum: tuple[str | int | float, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


class Column(_Model):
    """A column of a table (Frictionless: field)."""

    name: str
    type: Literal["integer", "number", "string", "boolean", "date"] = "string"
    title: str | None = None
    description: str | None = None
    constraints: Constraints = Constraints()


class Schema(_Model):
    """The columns of a table in their order, and how a missing value is written."""

    fields: tuple[Column, ...]
    missingValues: tuple[str, ...] = ("",)
    primaryKey: tuple[str, ...] = ()


class Resource(_Model):
    """One file: where, what kind, how long, its SHA-256."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    path: str
    title: str | None = None
    description: str | None = None
    format: str
    mediatype: str | None = None
    encoding: str | None = None
    bytes: Annotated[int, Field(ge=0)]
    hash: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
    table: Schema | None = Field(default=None, alias="schema")


class Licence(_Model):
    """A licence of the data."""

    name: str
    title: str | None = None
    path: str | None = None


class Origin(_Model):
    """Where the data come from (Frictionless: source)."""

    title: str
    path: str | None = None
    email: str | None = None


class Contributor(_Model):
    """Who made the data."""

    title: str
    roles: tuple[str, ...] = ()


class Package(_Model):
    """A descriptor; ``synthetic`` says whether the data are invented (n/a: there are no data in it)."""

    schema_: str | None = Field(default=None, alias="$schema")
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    title: str
    description: str
    version: str
    created: str | None = None
    licenses: Annotated[tuple[Licence, ...], Field(min_length=1)]
    sources: Annotated[tuple[Origin, ...], Field(min_length=1)]
    contributors: tuple[Contributor, ...] = ()
    synthetic: bool | Literal["n/a"]
    resources: Annotated[tuple[Resource, ...], Field(min_length=1)]


def find(name: str, start: Path | None = None) -> Path:
    """The folder of a dataset: the workspace's before the shipped one; DatasetError says what there is."""
    root = workspace(start)
    bases = [root / "datasets"] if root is not None else []
    bases.append(shipped("datasets"))
    for base in bases:
        if (base / name / DESCRIPTOR).is_file() and (base / name).resolve().parent == base.resolve():
            return base / name
    known = sorted({path.parent.name for base in bases for path in base.glob(f"*/{DESCRIPTOR}")})
    raise DatasetError(Fault("data.package.unknown", {"name": name, "known": ", ".join(known)}))


def read_package(folder: Path) -> Package:
    """The descriptor of a dataset, its files held against it; DatasetError lists every fault."""
    place = f"{folder.name}/{DESCRIPTOR}"
    try:
        raw = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except OSError as error:
        why = error.strerror or str(error)
        raise DatasetError(Fault("data.package.unreadable", {"why": why}, (place,))) from error
    except ValueError as error:
        raise DatasetError(Fault("data.package.unreadable", {"why": str(error)}, (place,))) from error
    try:
        package = Package.model_validate(raw)
    except ValidationError as error:
        raise DatasetError(field_faults(error, Package, lambda _: (place,))) from error
    faults = [fault for resource in package.resources for fault in _file_faults(folder, resource)]
    if faults:
        raise DatasetError(faults)
    return package


def read_table(folder: Path, resource: str) -> pd.DataFrame:
    """A table of a dataset with the types that its descriptor names, missing values as missing.

    DatasetError for every fault of the dataset, and for a resource that is no table.
    """
    import pandas as pd

    package = read_package(folder)
    found = next((one for one in package.resources if one.name == resource), None)
    if found is None or found.table is None:
        known = ", ".join(one.name for one in package.resources if one.table is not None)
        raise DatasetError(Fault("data.package.no_table", {"name": resource, "known": known}, (folder.name,)))
    kinds = {"integer": "Int64", "number": "float64", "string": "str", "boolean": "boolean", "date": "str"}
    return pd.read_csv(
        folder / found.path,
        dtype={column.name: kinds[column.type] for column in found.table.fields},
        parse_dates=[column.name for column in found.table.fields if column.type == "date"],
        na_values=list(found.table.missingValues),
        keep_default_na=False,
        encoding="utf-8-sig",
    )


def refreshed(folder: Path) -> str:
    """The descriptor with the sizes and checksums that its files have now, as text to write."""
    raw: dict[str, Any] = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    for resource in raw["resources"]:
        data = (folder / resource["path"]).read_bytes()
        resource["bytes"] = len(data)
        resource["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return json.dumps(raw, ensure_ascii=False, indent=2) + "\n"


def _file_faults(folder: Path, resource: Resource) -> Iterator[Fault]:
    place = (f"{folder.name}/{resource.path}",)
    path = (folder / resource.path).resolve()
    if not path.is_relative_to(folder.resolve()):
        yield Fault("data.package.outside", {}, place)
        return
    if not path.is_file():
        yield Fault("data.package.missing", {}, place)
        return
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if len(data) != resource.bytes or f"sha256:{digest}" != resource.hash:
        values = {"found": digest[:12], "said": resource.hash[7:19]}
        yield Fault("data.package.checksum", values, place)
    if resource.table is not None and resource.format == "csv":
        yield from _table_faults(data, resource.table, place)


def _table_faults(data: bytes, table: Schema, place: tuple[str, ...]) -> Iterator[Fault]:
    lines = csv.reader(data.decode("utf-8-sig").splitlines())
    head = next(lines, [])
    names = [column.name for column in table.fields]
    if head != names:
        yield Fault("data.package.columns", {"found": ", ".join(head), "said": ", ".join(names)}, place)
        return
    found = 0
    seen: dict[str, set[str]] = {column.name: set() for column in table.fields}
    for number, line in enumerate(lines, 2):
        if len(line) != len(names):
            values = {"found": len(line), "said": len(names)}
            yield Fault("data.package.width", values, (*place, f"line {number}"))
            found += 1
        for column, value in zip(table.fields, line, strict=False):
            why = _refused(column, value, table.missingValues, seen[column.name])
            if why is not None:
                refused: dict[str, object] = {"got": value[:40], "said": why}
                yield Fault("data.package.value", refused, (*place, f"line {number}", column.name))
                found += 1
        if found >= MOST_FAULTS:
            return


def _refused(column: Column, value: str, missing: tuple[str, ...], seen: set[str]) -> str | None:
    """What the column asks for and the value is not; None where it is in order."""
    rules = column.constraints
    if value in missing:
        return "required" if rules.required else None
    typed: object = value
    try:
        if column.type == "integer":
            typed = int(value)
        elif column.type == "number":
            typed = float(value)
        elif column.type == "boolean":
            typed = {"true": True, "false": False}[value]
        elif column.type == "date":
            from datetime import date

            date.fromisoformat(value)
    except (ValueError, KeyError):
        return column.type
    if rules.enum and typed not in rules.enum:
        return f"one of {', '.join(map(str, rules.enum))}"
    if isinstance(typed, (int, float)) and not isinstance(typed, bool):
        if rules.minimum is not None and typed < rules.minimum:
            return f">= {rules.minimum:g}"
        if rules.maximum is not None and typed > rules.maximum:
            return f"<= {rules.maximum:g}"
    if rules.unique:
        if value in seen:
            return "unique"
        seen.add(value)
    return None
