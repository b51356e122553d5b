"""A batch file: which notebook, which fixed parameters, which formats, which rows."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from govlab.errors import BatchError, Fault

if TYPE_CHECKING:
    from govlab.reports.plan import Plan

Format = Literal["html", "docx", "pdf", "xlsx"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Title(_Model):
    """A title in both languages."""

    zh: str
    en: str


class Reports(_Model):
    """One ``[[reports]]`` block: a notebook and the rows it is run for.

    rows: a list of tables, or ``"communities.xlsx#Sheet1"`` / ``"communities.csv"``, one report a row.
    grid: lists of values whose every combination is added to every row.
    name: file name of a report, a template over its parameters.
    """

    notebook: str
    name: Annotated[str, Field(min_length=1)]
    parameters: dict[str, Any] = {}
    rows: str | tuple[dict[str, Any], ...] = ()
    grid: dict[str, tuple[Any, ...]] = {}
    formats: tuple[Format, ...] | None = None


class BatchFile(_Model):
    """What a ``reports/*.toml`` may hold."""

    format: Literal[1]
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,60}$")]
    title: Title
    formats: Annotated[tuple[Format, ...], Field(min_length=1)] = ("html", "docx", "pdf", "xlsx")
    timeout: Annotated[int, Field(gt=0)] = 600  # seconds for one report
    reports: Annotated[tuple[Reports, ...], Field(min_length=1)]


@dataclass(frozen=True, eq=False)
class Batch:
    """A batch file that was read, and the workspace its paths start from."""

    file: Path
    root: Path
    content: BatchFile

    @classmethod
    def read(cls, path: str | Path, workspace_root: str | Path | None = None) -> Batch:
        """Read and check a batch file; BatchError lists every fault (file, field, what came).

        workspace_root: where notebooks and row files are looked up; default: the folder above the
        batch file's own.
        """
        path = Path(path)
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            why = error.strerror or str(error)
            raise BatchError(Fault("reports.no_batch", {"file": str(path), "why": why})) from error
        except UnicodeDecodeError as error:
            raise BatchError(Fault("reports.not_utf8", {"byte": error.start}, (path.name,))) from error
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BatchError(Fault("reports.toml", {"why": str(error)}, (path.name,))) from error
        found = raw.get("format")
        if isinstance(found, int) and found > 1:
            raise BatchError(Fault("reports.newer_format", {"found": found, "known": 1}, (path.name,)))
        try:
            content = BatchFile.model_validate(raw)
        except ValidationError as error:
            raise BatchError([_fault(one, path.name) for one in error.errors()]) from error
        root = Path(workspace_root) if workspace_root is not None else path.resolve().parent.parent
        return cls(path, root, content)

    def plan(self, out: str | Path, formats: Sequence[str] | None = None) -> Plan:
        """Every report that would be made, checked; BatchError lists every fault. Nothing runs."""
        from govlab.reports.plan import build

        return build(self, Path(out), tuple(formats) if formats is not None else None)


def _fault(error: Any, name: str) -> Fault:
    field = ".".join(f"[{step + 1}]" if isinstance(step, int) else str(step) for step in error["loc"])
    got = repr(error.get("input"))[:60]
    return Fault("reports.field", {"why": error["msg"], "got": got}, (name, field))
