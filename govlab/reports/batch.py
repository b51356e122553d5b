"""A batch file: which notebook, which fixed parameters, which formats, which rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from govlab.data.fields import field_faults
from govlab.data.formats import format_fault
from govlab.data.toml import read_toml
from govlab.errors import BatchError, InputError

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
    """What a ``reports/*.toml`` may hold.

    inputs: the files of the workspace that its reports may read, as names, folders or patterns
    (``responses/**``); a change in one of them makes the reports stale, a read of any other fails the
    report. Default: everything in the study's folder but notebooks, batch files and outputs.
    """

    format: Literal[1]
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,60}$")]
    title: Title
    formats: Annotated[tuple[Format, ...], Field(min_length=1)] = ("html", "docx", "pdf", "xlsx")
    timeout: Annotated[int, Field(gt=0)] = 600  # seconds for one report
    memory: Annotated[int, Field(ge=64)] | None = 4096  # megabytes that one report may take
    inputs: tuple[Annotated[str, Field(min_length=1)], ...] | None = None
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
            toml = read_toml(path)
        except InputError as error:
            raise BatchError(error.faults) from error
        fault = format_fault("batch", toml.data.get("format"), toml.where(("format",)))
        if fault is not None:
            raise BatchError(fault)
        try:
            content = BatchFile.model_validate(toml.data)
        except ValidationError as error:
            raise BatchError(field_faults(error, BatchFile, toml.where)) from error
        root = Path(workspace_root) if workspace_root is not None else path.resolve().parent.parent
        return cls(path, root, content)

    def plan(self, out: str | Path | None = None, formats: Sequence[str] | None = None) -> Plan:
        """Every report that would be made, checked; BatchError lists every fault. Nothing runs.

        out: folder in which the batch gets a folder of its own; default: that of the workspace.
        """
        from govlab.data.workspace import workspace_of
        from govlab.reports.plan import build

        folder = Path(out) if out is not None else workspace_of(self.file).out
        return build(self, folder, tuple(formats) if formats is not None else None)
