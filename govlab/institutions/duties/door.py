"""``Duties``: a definition that was read and checked, and everything that can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.data.definition import fact_faults, open_definition, origin_counts, shipped_definitions
from govlab.errors import InputError
from govlab.institutions.duties import check, measures
from govlab.institutions.duties import knowledge as _knowledge
from govlab.institutions.duties.model import Arrangement, DutiesFile

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.measured import Measured

KIND = "duties"


def names() -> tuple[str, ...]:
    """Definitions of duties that come with govlab."""
    return tuple(shipped_definitions(KIND))


@dataclass(frozen=True, eq=False)
class Duties:
    """Who does what: measures of one definition. Arrangements, bodies and tasks are named by their ids."""

    file: DutiesFile

    @classmethod
    def load(cls, name: str | Path, *, flags: Mapping[str, frozenset[str]] | None = None) -> Duties:
        """Duties by the name they are shipped under, or from a file of one's own (.yaml, .xlsx).

        flags: fact id -> flags of every fact of the catalogue; given, facts that are unknown or may never
        be scored are refused. InputError lists every fault with file, line (or sheet and row) and field.
        """
        file, where = open_definition(name, DutiesFile, KIND)
        return cls.of(file, where=where, flags=flags)

    @classmethod
    def of(
        cls, file: DutiesFile, *, where: str = "duties", flags: Mapping[str, frozenset[str]] | None = None
    ) -> Duties:
        """Duties of a model that is already read, after its checks."""
        faults = check.faults(file, where)
        if flags is not None:
            faults += fact_faults(file, flags, (where,))
        if faults:
            raise InputError(faults)
        return cls(file)

    def write_book(self, path: Path) -> None:
        """The definition as a workbook to fill in and read again; an existing file is not touched."""
        from govlab.data.definition_book import write_book

        write_book(path, self.file)

    # -- what it is ------------------------------------------------------------------------------

    @property
    def origins(self) -> dict[str, int]:
        """Entries of the definition by origin: source, govlab, user."""
        return origin_counts(self.file)

    def arrangement(self, name: str) -> Arrangement:
        """An arrangement by its id; ValueError where there is none."""
        for one in self.file.arrangements:
            if one.id == name:
                return one
        known = ", ".join(one.id for one in self.file.arrangements)
        raise ValueError(f"arrangement must be one of {known}, got {name!r}")

    # -- measures --------------------------------------------------------------------------------

    def matrix(self, arrangement: str) -> Measured:
        """Task x body with the roles in each cell."""
        return measures.matrix(self.file, self.arrangement(arrangement))

    def load_on(self, body: str) -> Measured:
        """Administrative load of a body in every arrangement; see ``measures.load``."""
        if body not in {one.id for one in self.file.bodies}:
            known = ", ".join(one.id for one in self.file.bodies)
            raise ValueError(f"body must be one of {known}, got {body!r}")
        return measures.load(self.file, body)

    def holders(self, arrangement: str) -> Measured:
        """Who decides, does, supervises each task: one, several, nobody; see ``measures.holders``."""
        return measures.holders(self.file, self.arrangement(arrangement))

    def overlaps(self, arrangement: str) -> Measured:
        """Roles that several bodies hold."""
        return self._only(arrangement, ("overlap",), "roles that several bodies hold")

    def gaps(self, arrangement: str) -> Measured:
        """Roles that nobody holds; in an arrangement that is not complete there are none to be found."""
        return self._only(arrangement, ("gap", "refused"), "roles that nobody holds")

    def _only(self, arrangement: str, states: tuple[str, ...], method: str) -> Measured:
        from dataclasses import replace

        found = self.holders(arrangement)
        kept = found.frame[found.frame["state"].isin(states)].reset_index(drop=True)
        return replace(found, frame=kept, method=f"{method}, {arrangement}")

    def leadership(self) -> Measured:
        """Lines of command over each body; see ``measures.leadership``."""
        return measures.leadership(self.file)

    def cross_appointment(self) -> Measured:
        """Pairs of bodies joined by people with posts in both."""
        return measures.cross_appointment(self.file)

    def provision(self) -> Measured:
        """Modes of provision by service."""
        return measures.provision(self.file)

    def idle(self, arrangement: str) -> tuple[str, ...]:
        """Bodies without a role in any task."""
        return measures.idle(self.file, self.arrangement(arrangement))

    def compare(self, first: str, second: str, *, other: Duties | None = None) -> Measured:
        """Roles kept, gained and lost between two arrangements; ``second`` may be of another definition."""
        theirs = other or self
        bodies = {one.id for one in self.file.bodies} & {one.id for one in theirs.file.bodies}
        tasks = {one.id for one in self.file.tasks} & {one.id for one in theirs.file.tasks}
        return measures.changes(self.arrangement(first), theirs.arrangement(second), bodies, tasks)

    def knowledge(self, arrangement: str, answers: pd.DataFrame, *, unsure: str = "unknown") -> Measured:
        """What residents think who does what, against an arrangement; see ``knowledge.knowledge``."""
        return _knowledge.knowledge(self.file, self.arrangement(arrangement), answers, unsure=unsure)
