"""Rubrics and checklists: levels with anchors that several people code, shown as they stand, never summed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.data.definition import (
    fact_faults,
    read_definition,
    read_yaml,
    shipped_definitions,
)
from govlab.errors import Fault, InputError
from govlab.institutions.defined import Defined
from govlab.institutions.scheme.evidence import first
from govlab.institutions.scheme.models import RubricFile
from govlab.institutions.scheme.scheme import Flags
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.scheme.evidence import Evidence

KIND = "rubric"


def shipped_rubrics() -> dict[str, Path]:
    """Name -> file of the rubrics and checklists that came with govlab."""
    return shipped_definitions(KIND)


def read_rubric(path: Path, flags: Flags | None = None) -> Rubric:
    """A rubric from its YAML file; InputError lists every fault. flags: as for ``read_scheme``."""
    file = read_definition(path, RubricFile, KIND)
    _, lines = read_yaml(path)
    values = [one.value for one in file.levels]
    faults = []
    if len(set(values)) < len(values):
        faults.append(Fault("scheme.level_twice", {}, (path.name, "levels")))
    names = [one.id for one in file.items]
    for number, one in enumerate(file.items):
        at = (path.name, f"line {lines[('items', number)]}", one.id)
        if names.index(one.id) < number:
            faults.append(Fault("scheme.twice", {"id": one.id}, at))
        anchored = [anchor.value for anchor in one.anchors]
        if one.asked and not file.checklist and sorted(anchored) != sorted(values):
            wanted = ", ".join(map(str, values))
            faults.append(Fault("scheme.anchors", {"id": one.id, "levels": wanted}, at))
        if not one.asked and one.why_not is None:
            faults.append(Fault("scheme.why_not", {"id": one.id}, at))
    if flags is not None:
        faults += fact_faults(file, flags, (path.name,))
    if faults:
        raise InputError(faults)
    return Rubric(file)


@dataclass(frozen=True, eq=False)
class Rubric(Defined[RubricFile], Result):
    """Items and levels that were read and checked. file: the definition."""

    file: RubricFile

    @property
    def id(self) -> str:
        """Its name."""
        return self.file.id

    def profile(self, evidence: Evidence) -> Profile:
        """The levels that coders gave each unit; InputError lists records that do not fit."""
        return _profile(self, evidence)

    def to_frame(self) -> pd.DataFrame:
        """One row an item: ``id asked origin anchors``."""
        import pandas as pd

        rows = [
            {"id": one.id, "asked": one.asked, "origin": one.origin.value, "anchors": len(one.anchors)}
            for one in self.file.items
        ]
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """What is coded, and how much of it is no source's."""
        counts = self.origins
        kind = "checklist, without a score" if self.file.checklist else "rubric"
        asked = sum(one.asked for one in self.file.items)
        return "\n".join(
            [
                f"{self.file.title.en} ({kind})",
                f"items: {len(self.file.items)}, asked: {asked}; levels: {len(self.file.levels)}",
                f"parts from the source: {counts['source']}; ours: {counts['govlab']} "
                f"({100 * self.share_ours:.0f} % not from the source)",
                *(f"not in the source: {one.en}" for one in self.file.silences),
            ]
        )


@dataclass(frozen=True, eq=False)
class Profile(Result):
    """Where units stand on each item of a rubric.

    frame: ``unit item coders low middle high agreed``: lowest, middle (the lower of two) and highest level
    that coders gave, and the share of pairs of coders who agree (missing for one coder).
    """

    rubric: Rubric
    frame: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """How many units and items, and where coders differ."""
        differ = int((self.frame["low"] < self.frame["high"]).sum())
        return (
            f"{self.rubric.file.title.en}: {self.frame['unit'].nunique()} units, "
            f"{self.frame['item'].nunique()} items; "
            f"coders differ on {differ} of {len(self.frame)}; no total is made"
        )


def _profile(rubric: Rubric, evidence: Evidence) -> Profile:
    import pandas as pd

    mine = evidence.records[evidence.records["scheme"] == rubric.id]
    units = [one.id for one in evidence.units]
    items = {one.id: one.asked for one in rubric.file.items}
    levels = [one.value for one in rubric.file.levels]
    faults = []
    given: dict[tuple[str, str], dict[str, int]] = {}
    for row in mine.to_dict("records"):
        unit, item, rater = str(row["unit"]), str(row["indicator"]), str(row["rater"])
        at = (str(row["where"]),) if row.get("where") else (unit, item)
        if unit not in units:
            faults.append(Fault("scheme.no_unit", {"unit": unit}, at))
        elif not items.get(item, False):
            faults.append(Fault("scheme.no_indicator", {"id": item, "scheme": rubric.id}, at))
        elif _level(row["value"]) not in levels:
            values = {"got": str(row["value"]), "allowed": ", ".join(map(str, levels))}
            faults.append(Fault("scheme.no_step", values, at))
        elif rater in given.get((unit, item), {}):
            faults.append(Fault("scheme.record_twice", {"unit": unit, "id": item}, at))
        else:
            given.setdefault((unit, item), {})[rater] = int(float(str(row["value"])))
    if faults:
        raise InputError(first(faults))
    rows = []
    for unit in units:
        for item, asked in items.items():
            found = sorted(given.get((unit, item), {}).values())
            if not asked or not found:
                continue
            middle = found[(len(found) - 1) // 2]
            rows.append((unit, item, len(found), found[0], middle, found[-1], _agreed(found)))
    columns = ["unit", "item", "coders", "low", "middle", "high", "agreed"]
    return Profile(rubric, pd.DataFrame(rows, columns=columns))


def _level(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _agreed(found: list[int]) -> float:
    pairs = len(found) * (len(found) - 1) / 2
    same = sum(found.count(one) * (found.count(one) - 1) / 2 for one in set(found))
    return same / pairs if pairs else float("nan")
