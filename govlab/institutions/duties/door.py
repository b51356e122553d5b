"""``Duties``: a definition that was read and checked, and everything that can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.data.definition import open_definition, shipped_definitions
from govlab.errors import Fault
from govlab.institutions.defined import Opened
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
class Duties(Opened[DutiesFile]):
    """Who does what: measures of one definition. Arrangements, bodies and tasks are named by their ids."""

    file: DutiesFile

    @classmethod
    def _read(cls, name: str | Path) -> tuple[DutiesFile, str]:
        return open_definition(name, DutiesFile, KIND)

    @classmethod
    def _faults(cls, file: DutiesFile, where: str) -> list[Fault]:
        return check.faults(file, where)

    # -- what it is ------------------------------------------------------------------------------

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
