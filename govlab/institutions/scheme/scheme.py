"""``Scheme``: a scored assessment that was read and checked, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from govlab.data.definition import (
    Origin,
    fact_faults,
    read_definition,
    read_yaml,
    shipped_definitions,
)
from govlab.errors import Fault, InputError
from govlab.institutions.defined import Defined
from govlab.institutions.scheme.models import Node, SchemeFile, Weight
from govlab.institutions.scheme.tree import children, leaves, shares, tree_faults
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.scheme.evidence import Evidence
    from govlab.institutions.scheme.scores import Scores

Flags = Mapping[str, frozenset[str]]
KIND = "scheme"


def shipped_schemes() -> dict[str, Path]:
    """Name -> file of the schemes that came with govlab."""
    return shipped_definitions(KIND)


def read_scheme(path: Path, flags: Flags | None = None) -> Scheme:
    """A scheme from its YAML file; InputError lists every fault of the tree with file, line and field.

    flags: fact id -> flags of every fact of the catalogue. With them, facts that are unknown, or flagged
    as population control, population data, risk tier, surveillance or de-extremification, are refused.
    """
    file = read_definition(path, SchemeFile, KIND)
    _, lines = read_yaml(path)
    place: dict[str, tuple[str, ...]] = {"rollup": (path.name, f"line {lines.get(('rollup',), 1)}")}
    ids = {"nodes": [one.id for one in file.nodes], "points": [one.id for one in file.points]}
    for field, names in ids.items():
        for number, name in enumerate(names):
            place[name] = (path.name, f"line {lines[field, number]}", name)
    faults = tree_faults(file, place)
    if flags is not None:
        faults += fact_faults(file, flags, (path.name,))
    if faults:
        raise InputError(faults)
    return Scheme(file)


@dataclass(frozen=True, eq=False)
class Scheme(Defined[SchemeFile], Result):
    """A tree of indicators with its weights; changed only by making another. file: the definition."""

    file: SchemeFile

    @property
    def id(self) -> str:
        """Its name."""
        return self.file.id

    @property
    def indicators(self) -> list[Node]:
        """The indicators, in the order of the definition."""
        return leaves(self.file.nodes)

    @property
    def shares(self) -> dict[str, float]:
        """Indicator -> share of the score, 0 to 1."""
        every = shares(self.file.nodes)
        return {one.id: every[one.id] for one in self.indicators}

    @property
    def asks_residents(self) -> bool:
        """Whether any indicator with weight rests on residents' answers."""
        mine = self.shares
        return any(
            one.measure and one.measure.kind == "survey" and mine[one.id] > 0 for one in self.indicators
        )

    @property
    def free(self) -> dict[str, list[str]]:
        """Group ("" for the score) -> members, where the source does not give the weights."""
        found = {}
        for parent in dict.fromkeys(one.parent for one in self.file.nodes):
            below = children(self.file.nodes, parent)
            if len(below) > 1 and any(one.weight.origin is not Origin.SOURCE for one in below):
                found[parent or ""] = [one.id for one in below]
        return found

    def node(self, name: str) -> Node:
        """An indicator or group; KeyError for one that is not there."""
        return next(one for one in self.file.nodes if one.id == name) if self.has(name) else _lost(name)

    def has(self, name: str) -> bool:
        """Whether there is such an indicator or group."""
        return any(one.id == name for one in self.file.nodes)

    def weighted(self, weights: Mapping[str, float]) -> Scheme:
        """Another scheme with these weights (percent of the group above), marked as the user's.

        InputError where a group does not sum to 100, or for a name that is not in the tree.
        """
        unknown = [name for name in weights if not self.has(name)]
        if unknown:
            known = ", ".join(one.id for one in self.file.nodes)
            raise InputError([Fault("scheme.unknown", {"id": name, "known": known}) for name in unknown])
        bad = [name for name, value in weights.items() if not 0 <= value <= 100]
        if bad:
            raise InputError([Fault("scheme.weight", {"id": name, "got": weights[name]}) for name in bad])
        nodes = tuple(
            one.model_copy(update={"weight": _users(weights[one.id], one.weight)})
            if one.id in weights
            else one
            for one in self.file.nodes
        )
        return self._with(self.file.model_copy(update={"nodes": nodes}))

    def averaged(self, mean: str) -> Scheme:
        """Another scheme whose roll-up takes the ``simple`` or the ``size``-weighted mean of the units."""
        if mean not in ("simple", "size"):
            raise ValueError(f"mean must be simple or size, got {mean!r}")
        if self.file.rollup is None:
            raise InputError(Fault("scheme.no_rollup", {"id": self.id}))
        rollup = self.file.rollup.model_copy(update={"mean": mean})
        return self._with(self.file.model_copy(update={"rollup": rollup}))

    def without(self, name: str) -> Scheme:
        """Another scheme without one indicator; its weight goes to its siblings, in proportion.

        A group left empty goes too. InputError where nothing would be left.
        """
        gone = self.node(name)
        nodes = [one for one in self.file.nodes if one.id != gone.id]
        while gone.parent is not None and not children(nodes, gone.parent):
            gone = self.node(gone.parent)
            nodes = [one for one in nodes if one.id != gone.id]
        left = sum(one.weight.value for one in children(nodes, gone.parent))
        if not left > 0:
            raise InputError(Fault("scheme.nothing_left", {"id": name}))
        scaled = tuple(
            one.model_copy(update={"weight": _users(100 * one.weight.value / left, one.weight)})
            if one.parent == gone.parent
            else one
            for one in nodes
        )
        return self._with(self.file.model_copy(update={"nodes": scaled}))

    def score(self, evidence: Evidence) -> Scores:
        """Score every unit; InputError lists what is wrong with the evidence."""
        from govlab.institutions.scheme.scores import score

        return score(self, evidence)

    def to_frame(self) -> pd.DataFrame:
        """One row a node: ``id parent kind weight share origin weight_origin``."""
        import pandas as pd

        every = shares(self.file.nodes)
        rows = [
            {
                "id": one.id,
                "parent": one.parent or "",
                "kind": one.measure.kind if one.measure else "group",
                "weight": one.weight.value,
                "share": every[one.id],
                "origin": one.origin.value,
                "weight_origin": one.weight.origin.value,
            }
            for one in self.file.nodes
        ]
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """What is scored, on how many indicators, and how much of it is no source's."""
        counts = self.origins
        lines = [
            f"{self.file.title.en}: {self.file.unit.en}",
            f"indicators: {len(self.indicators)}; groups: {len(self.file.nodes) - len(self.indicators)}",
            f"parts from the source: {counts['source']}; ours: {counts['govlab']}; "
            f"to be set by the user: {counts['user']} ({100 * self.share_ours:.0f} % not from the source)",
            *(f"not in the source: {one.en}" for one in self.file.silences),
        ]
        return "\n".join(lines)

    def _with(self, file: SchemeFile) -> Scheme:
        faults = tree_faults(file, {"rollup": ("rollup",)})
        if faults:
            raise InputError(faults)
        return replace(self, file=file)


def _users(value: float, old: Weight) -> Weight:
    """A weight that the user set, unless it is the old one."""
    if abs(value - old.value) < 1e-12:
        return old
    return Weight(origin=Origin.USER, value=value)


def _lost(name: str) -> Node:
    raise KeyError(f"no indicator or group {name!r}")
