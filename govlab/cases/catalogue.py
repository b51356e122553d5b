"""A catalogue folder read, checked whole and held in memory; a user's folder can extend ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from govlab.cases import checks as checking
from govlab.cases import matrix
from govlab.cases.matrix import Matrix
from govlab.cases.models import Dimension, Entry, Fact, Source
from govlab.cases.read import read_folder
from govlab.errors import Fault, InputError


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Sources, facts and cases (programmes and frameworks among them), validated together."""

    sources: Mapping[str, Source]
    entries: Mapping[str, Entry]
    dimensions: Mapping[str, Dimension]
    folders: tuple[Path, ...]

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """Every fact by its id."""
        return MappingProxyType({fact.id: fact for entry in self.entries.values() for fact in entry.facts})

    @cached_property
    def cases(self) -> Mapping[str, Entry]:
        """The entries that are cases: twelve in the shipped catalogue."""
        return MappingProxyType({key: entry for key, entry in self.entries.items() if entry.kind == "case"})

    @cached_property
    def owner(self) -> Mapping[str, str]:
        """Which entry a fact belongs to."""
        return MappingProxyType({fact.id: key for key, entry in self.entries.items() for fact in entry.facts})

    def entry(self, name: str) -> Entry:
        """One entry; InputError names what there is if it is unknown."""
        try:
            return self.entries[name]
        except KeyError:
            known = ", ".join(self.entries)
            raise InputError(Fault("cases.unknown_case", {"case": name, "known": known})) from None

    def checks(self, entry: str | None = None) -> list[checking.Outcome]:
        """Every check worked out now, in the order of the files; of one entry if named."""
        chosen = self.entries.values() if entry is None else [self.entry(entry)]
        return [checking.run(check, one.id, self.facts) for one in chosen for check in one.checks]

    def source_of(self, fact: Fact) -> Source:
        """The document a fact was read in."""
        return self.sources[fact.source]

    def matrix(self, entries: Iterable[str] | None = None) -> Matrix:
        """The comparison matrix: dimensions by cases, every cell with its facts."""
        return matrix.build(self, tuple(entries) if entries is not None else None)


def load_catalogue(folder: str | Path | None = None, *, extend: bool = True) -> Catalogue:
    """Read and validate the shipped catalogue, and ``folder`` on top of it.

    folder: a catalogue folder of the user's own; with ``extend=False`` it stands alone.
    Raises CatalogueError with every fault (file, entry, field).
    """
    from govlab.data.locate import shipped

    folders = [shipped("datasets") / "catalogue"] if folder is None or extend else []
    if folder is not None:
        folders.append(Path(folder))
    sources, entries, dimensions = read_folder(folders)
    return Catalogue(
        MappingProxyType(sources), MappingProxyType(entries), MappingProxyType(dimensions), tuple(folders)
    )


__all__ = ["Catalogue", "load_catalogue"]
