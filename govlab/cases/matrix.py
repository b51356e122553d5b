"""The comparison matrix: dimensions by cases; a cell points at its facts, or reads 'not stated'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govlab.cases.models import Cell, Dimension, Entry
from govlab.provenance import ClaimKind, SourceKind
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.cases.catalogue import Catalogue


@dataclass(frozen=True, eq=False)
class Placed:
    """A cell in its place: the words, the facts, who says it and what kind of claim it is."""

    cell: Cell
    sources: tuple[SourceKind, ...]
    claims: tuple[ClaimKind, ...]


@dataclass(frozen=True, eq=False)
class Matrix(Result):
    """Dimensions (rows) by entries (columns); None where the source says nothing."""

    dimensions: tuple[Dimension, ...]
    entries: tuple[Entry, ...]
    cells: Mapping[tuple[str, str], Placed | None]

    def cell(self, dimension: str, entry: str) -> Placed | None:
        """One cell; KeyError for a dimension or entry that is not in the matrix."""
        return self.cells[dimension, entry]

    def stated(self, entry: str) -> int:
        """On how many dimensions a case is told about."""
        return sum(self.cells[dimension.id, entry] is not None for dimension in self.dimensions)

    def to_frame(self, lang: str = "en") -> pd.DataFrame:
        """One row a cell: dimension, entry, words, fact ids, kinds of source and of claim."""
        import pandas as pd

        rows = []
        for dimension in self.dimensions:
            for entry in self.entries:
                placed = self.cells[dimension.id, entry.id]
                rows.append(
                    {
                        "dimension": dimension.id,
                        "entry": entry.id,
                        "words": placed.cell.in_language(lang) if placed else None,
                        "facts": " ".join(placed.cell.facts) if placed else "",
                        "source_kind": " ".join(placed.sources) if placed else "",
                        "claim_kind": " ".join(placed.claims) if placed else "",
                    }
                )
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """Size of the matrix and how much of it the sources fill."""
        filled = sum(cell is not None for cell in self.cells.values())
        return (
            f"{len(self.dimensions)} dimensions x {len(self.entries)} cases: "
            f"{filled} cells stated, {len(self.cells) - filled} not stated"
        )


def build(catalogue: Catalogue, entries: tuple[str, ...] | None) -> Matrix:
    """The matrix of the named entries; by default of every case. InputError for an unknown one."""
    chosen = tuple(catalogue.entry(name) for name in (entries or tuple(catalogue.cases)))
    dimensions = tuple(catalogue.dimensions.values())
    cells = {
        (dimension.id, entry.id): _placed(catalogue, entry.matrix.get(dimension.id))
        for dimension in dimensions
        for entry in chosen
    }
    return Matrix(dimensions, chosen, cells)


def _placed(catalogue: Catalogue, cell: Cell | None) -> Placed | None:
    if cell is None:
        return None
    facts = [catalogue.facts[name] for name in cell.facts]
    sources = dict.fromkeys(catalogue.source_of(fact).kind for fact in facts)
    claims = dict.fromkeys(fact.claim for fact in facts)
    return Placed(cell, tuple(sources), tuple(claims))
