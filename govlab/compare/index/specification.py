"""What an index is made of: indicators, their groups, and every choice on the way to a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from govlab.compare.index.aggregating import METHODS as AGGREGATIONS
from govlab.compare.index.normalising import METHODS as NORMALISATIONS
from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

WEIGHTS = ("given", "equal", "entropy", "critic", "pca", "pca-combination")
OUTLIERS = ("keep", "treat")
MISSING = ("refuse", "rescale", "mean", "median")


@dataclass(frozen=True)
class Indicator:
    """A column of the data. direction: 1 more is better, -1 less is better. parent: its group or the top.

    goalposts: worst and best value, set beforehand; target: value to reach. Both in the units of the data.
    """

    code: str
    parent: str = "index"
    weight: float = 1.0
    direction: Literal[1, -1] = 1
    goalposts: tuple[float, float] | None = None
    target: float | None = None


@dataclass(frozen=True)
class Group:
    """Indicators put together before the top: its own parent and weight there."""

    code: str
    parent: str = "index"
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class IndexSpec:
    """Every choice of an index; changed only by making another.

    top: name of the index. outliers: ``keep``, or ``treat`` (at most ``most_treated`` values of an indicator
    set to the next, else its logarithm). missing: ``refuse``, ``rescale`` (means of what is there, weights
    spread over it, at least the share ``least_present`` of a group's weight), or filled with ``mean`` or
    ``median``. normalisation: one of NORMALISATIONS; ``scale``: both ends for ``minmax``. weights: ``given``,
    ``equal``, or from the data. aggregation: one of AGGREGATIONS; ``topsis`` runs over all indicators of a
    group at any depth with the product of the weights. shift: added before entropy's logarithms. preset:
    the convention it follows, if any. ValueError for a choice that does not exist, InputError for a tree
    that does not hold together.
    """

    indicators: tuple[Indicator, ...]
    groups: tuple[Group, ...] = ()
    top: str = "index"
    outliers: str = "keep"
    most_treated: int = 3
    missing: str = "refuse"
    least_present: float = 0.5
    normalisation: str = "minmax"
    scale: tuple[float, float] = (1.0, 100.0)
    weights: str = "given"
    shift: float = 0.01
    aggregation: str = "arithmetic"
    preset: str = ""

    def __post_init__(self) -> None:
        allowed = {
            "outliers": OUTLIERS,
            "missing": MISSING,
            "normalisation": NORMALISATIONS,
            "weights": WEIGHTS,
            "aggregation": AGGREGATIONS,
        }
        for name, options in allowed.items():
            if getattr(self, name) not in options:
                raise ValueError(f"{name} must be one of {', '.join(options)}, got {getattr(self, name)!r}")
        if not self.scale[0] < self.scale[1]:
            raise ValueError(f"scale must rise, got {self.scale!r}")
        faults = _tree_faults(self)
        if faults:
            raise InputError(faults)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, *, top: str = "index") -> IndexSpec:
        """From a table with a row an indicator or group: ``code``, ``kind`` (indicator or group), and where
        there are such columns ``parent``, ``weight``, ``direction``, ``worst``, ``best``, ``target``.
        """
        indicators, groups = [], []
        for row in frame.to_dict("records"):
            code = str(row["code"])
            parent = str(row.get("parent", top))
            weight = float(row.get("weight", 1.0))
            if row["kind"] == "group":
                groups.append(Group(code, parent, weight))
                continue
            ends = (_number(row.get("worst")), _number(row.get("best")))
            posts = None if ends[0] is None or ends[1] is None else (ends[0], ends[1])
            direction: Literal[1, -1] = -1 if int(row.get("direction", 1)) < 0 else 1
            aim = _number(row.get("target"))
            indicators.append(Indicator(code, parent, weight, direction, posts, aim))
        return cls(tuple(indicators), tuple(groups), top)

    @property
    def codes(self) -> list[str]:
        """The indicators' columns."""
        return [one.code for one in self.indicators]

    def members(self, group: str) -> list[Indicator | Group]:
        """What stands directly under a group or the top."""
        everyone: tuple[Indicator | Group, ...] = (*self.indicators, *self.groups)
        return [one for one in everyone if one.parent == group]

    def weighted(self, weights: Mapping[str, float]) -> IndexSpec:
        """Another specification with these weights (of indicators or groups) as given ones."""
        known = {*self.codes, *(one.code for one in self.groups)}
        if set(weights) - known:
            raise ValueError(f"weights: not in the index: {sorted(set(weights) - known)}")
        indicators = tuple(
            replace(one, weight=float(weights.get(one.code, one.weight))) for one in self.indicators
        )
        groups = tuple(replace(one, weight=float(weights.get(one.code, one.weight))) for one in self.groups)
        return replace(self, indicators=indicators, groups=groups, weights="given")

    def without(self, code: str) -> IndexSpec:
        """Another specification without one indicator; a group left empty goes too."""
        kept = tuple(one for one in self.indicators if one.code != code)
        if len(kept) == len(self.indicators):
            raise ValueError(f"code: no indicator {code!r}")
        groups = self.groups
        while True:
            used = {one.parent for one in kept} | {one.parent for one in groups}
            left = tuple(one for one in groups if one.code in used)
            if len(left) == len(groups):
                return replace(self, indicators=kept, groups=groups)
            groups = left


def order(spec: IndexSpec) -> list[str]:
    """Groups from the deepest to the top."""
    depth = {spec.top: 0}
    waiting = list(spec.groups)
    while waiting:
        placed = [one for one in waiting if one.parent in depth]
        depth |= {one.code: depth[one.parent] + 1 for one in placed}
        waiting = [one for one in waiting if one.code not in depth]
    return sorted(depth, key=lambda name: -depth[name])


def _number(value: object) -> float | None:
    found = float(value) if isinstance(value, (int, float)) else None
    return None if found is None or found != found else found  # noqa: PLR0124


def _tree_faults(spec: IndexSpec) -> list[Fault]:
    faults = []
    everyone: Sequence[Indicator | Group] = (*spec.indicators, *spec.groups)
    names = [one.code for one in everyone]
    for code in sorted({name for name in [*names, spec.top] if [*names, spec.top].count(name) > 1}):
        faults.append(Fault("index.code_twice", {"code": code}))
    parents = {one.code: one.parent for one in spec.groups}
    for one in everyone:
        if one.parent != spec.top and one.parent not in parents:
            faults.append(Fault("index.unknown_parent", {"code": one.code, "parent": one.parent}))
        if not 0 <= one.weight < float("inf"):
            faults.append(Fault("index.weight", {"code": one.code, "weight": one.weight}))
    for name, parent in parents.items():
        seen, here = {name}, parent
        while here in parents and here not in seen:
            seen.add(here)
            here = parents[here]
        if here in seen:
            faults.append(Fault("index.circle", {"group": name}))
    for name in (spec.top, *parents):
        below = [one for one in everyone if one.parent == name]
        if not below:
            faults.append(Fault("index.empty_group", {"group": name}))
        elif not sum(one.weight for one in below) > 0:
            faults.append(Fault("index.weights_zero", {"group": name}))
    return [*faults, *_end_faults(spec)]


def _end_faults(spec: IndexSpec) -> list[Fault]:
    faults = []
    for one in spec.indicators:
        if spec.normalisation == "goalposts" and (
            one.goalposts is None or one.goalposts[0] == one.goalposts[1]
        ):
            faults.append(Fault("index.goalposts", {"code": one.code}))
        if spec.normalisation == "target" and one.target is None:
            faults.append(Fault("index.target", {"code": one.code}))
        if spec.normalisation == "share_of_best" and one.direction < 0:
            # less is better turned negative: the share would reward the worst
            faults.append(Fault("index.share_of_best", {"code": one.code}))
    if spec.aggregation in ("geometric", "harmonic") and not _positive(spec):
        values = {"normalisation": spec.normalisation, "aggregation": spec.aggregation}
        faults.append(Fault("index.needs_positive", values))
    if spec.weights == "entropy" and spec.normalisation in ("zscore", "vector"):
        faults.append(Fault("index.entropy_negative", {"normalisation": spec.normalisation}))
    if spec.aggregation == "topsis" and spec.missing == "rescale":
        faults.append(Fault("index.topsis_missing"))
    return faults


def _positive(spec: IndexSpec) -> bool:
    """Whether the scale is positive whatever the data: means of logarithms need it."""
    if spec.normalisation == "minmax":
        return spec.scale[0] > 0
    return spec.normalisation in ("rank", "share_of_best", "goalposts", "none")


def fits(spec: IndexSpec, normalisation: str, weights: str, aggregation: str) -> bool:
    """Whether a combination of choices can be computed for this index at all."""
    try:
        replace(spec, normalisation=normalisation, weights=weights, aggregation=aggregation)
    except InputError:
        return False
    return not (normalisation == "vector" and aggregation != "topsis")
