"""The tables of an executed notebook as data: raw values, types, notes, what is withheld."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from govlab.errors import Fault
from govlab.reports.formats.page import OutputError

if TYPE_CHECKING:
    from nbformat import NotebookNode

MIME = "application/vnd.govlab.table+json"
Raw = bool | int | float | str | None


class _Model(BaseModel):
    # A newer emitter may say more than this reader needs.
    model_config = ConfigDict(frozen=True, extra="ignore")


class ColumnData(_Model):
    """A column: key, printed label, what it holds, decimals shown, unit."""

    key: str
    label: str
    type: Literal["text", "number", "integer", "percent"] = "text"
    digits: int | None = None
    unit: str | None = None

    @property
    def head(self) -> str:
        """Label with the unit behind it."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


class Mark(_Model):
    """How the report prints a cell when that is not how it is stored, or a mark beside it."""

    row: int
    column: int
    mark: str


class TableData(_Model):
    """One table of a report."""

    caption: str = ""
    lang: str = ""
    columns: tuple[ColumnData, ...]
    rows: tuple[tuple[Raw, ...], ...]
    notes: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    suppressed: tuple[tuple[int, int], ...] = ()
    synthetic: bool = False

    @model_validator(mode="after")
    def _even(self) -> TableData:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number}: {len(row)} values, {len(self.columns)} columns")
        return self


def tables_of(notebook: NotebookNode) -> Iterator[TableData]:
    """Every table in the order of the page; OutputError for one whose data do not hold together."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            data = output.get("data", {}).get(MIME)
            if data is None:
                continue
            try:
                yield TableData.model_validate(data)
            except ValidationError as error:
                first = error.errors()[0]
                why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}".lstrip(": ")
                raise OutputError(Fault("formats.table_data", {"cell": number, "why": why})) from error
