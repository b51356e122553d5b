"""What every definition can be asked once it was read: whose it is, as a workbook, opened by its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Generic, Self, TypeVar

from govlab.data.definition import Model, fact_faults, origin_counts
from govlab.errors import Fault, InputError

F = TypeVar("F", bound=Model)
Flags = Mapping[str, frozenset[str]]


class Defined(Generic[F]):
    """Something made of a definition. file: the definition."""

    file: F

    @property
    def origins(self) -> dict[str, int]:
        """How many parts of the definition come from a source, from govlab and from the user."""
        return origin_counts(self.file)

    @property
    def share_ours(self) -> float:
        """Share of the parts that no source gives, 0 to 1."""
        counts = self.origins
        return 1 - counts["source"] / sum(counts.values())


class Opened(Defined[F]):
    """A definition that is opened by its name or from a file of one's own."""

    def __init__(self, file: F) -> None:
        self.file = file

    @classmethod
    def _read(cls, name: str | Path) -> tuple[F, str]:
        raise NotImplementedError

    @classmethod
    def _faults(cls, file: F, where: str) -> list[Fault]:
        raise NotImplementedError

    @classmethod
    def load(cls, name: str | Path, *, flags: Flags | None = None) -> Self:
        """By the name it is shipped under, or from a file of one's own (.yaml, .xlsx).

        flags: fact id -> flags of every fact of the catalogue; given, facts that are unknown or may never
        be scored are refused. InputError lists every fault with file, line (or sheet and row) and field.
        """
        file, where = cls._read(name)
        return cls.of(file, where=where, flags=flags)

    @classmethod
    def of(cls, file: F, *, where: str = "definition", flags: Flags | None = None) -> Self:
        """Of a model that is already read, after its checks."""
        faults = cls._faults(file, where)
        if flags is not None:
            faults += fact_faults(file, flags, (where,))
        if faults:
            raise InputError(faults)
        return cls(file)

    def write_book(self, path: Path) -> None:
        """The definition as a workbook to fill in and read again; an existing file is not touched."""
        from govlab.data.definition_book import write_book

        write_book(path, self.file)
