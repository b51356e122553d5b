"""The tree of a scheme: everything that can be wrong with it, and what each indicator weighs in the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from govlab.errors import Fault
from govlab.institutions.scheme.models import Measure, Node, SchemeFile

ROOT = None
_SUM = 0.11  # three thirds may be written 33.3, 33.3, 33.3


def children(nodes: Sequence[Node], parent: str | None) -> list[Node]:
    """What stands directly under a group (None: under the score)."""
    return [one for one in nodes if one.parent == parent]


def leaves(nodes: Sequence[Node]) -> list[Node]:
    """The indicators, in the order of the definition."""
    return [one for one in nodes if one.measure is not None]


def shares(nodes: Sequence[Node]) -> dict[str, float]:
    """Node -> its share of the whole score: weights along the way from the top, siblings scaled to one."""
    found: dict[str, float] = {}
    waiting: list[tuple[str | None, float]] = [(ROOT, 1.0)]
    while waiting:
        parent, share = waiting.pop()
        below = children(nodes, parent)
        total = sum(one.weight.value for one in below)
        for one in below:
            found[one.id] = share * one.weight.value / total
            waiting.append((one.id, found[one.id]))
    return found


def tree_faults(file: SchemeFile, place: Mapping[str, tuple[str, ...]]) -> list[Fault]:
    """Names twice, unknown parents, cycles, weights that do not sum, indicators without evidence.

    place: id of a node -> where it stands.
    """
    nodes = file.nodes
    faults: list[Fault] = []
    names = [one.id for one in nodes] + [one.id for one in file.points]
    for name in sorted({one for one in names if names.count(one) > 1}):
        faults.append(Fault("scheme.twice", {"id": name}, place.get(name, ())))
    parents = {one.id: one.parent for one in nodes}
    for one in nodes:
        at = place.get(one.id, ())
        if one.parent is not None and one.parent not in parents:
            faults.append(Fault("scheme.parent", {"id": one.id, "parent": one.parent}, at))
        if _circles(one.id, parents):
            faults.append(Fault("scheme.cycle", {"id": one.id}, at))
        below = children(nodes, one.id)
        if one.measure is None and not below:
            faults.append(Fault("scheme.no_evidence", {"id": one.id}, at))
        elif one.measure is not None and below:
            faults.append(Fault("scheme.leaf_with_children", {"id": one.id}, at))
        if one.measure is not None:
            faults += measure_faults(one.id, one.measure, at)
    faults += _weight_faults(nodes, place)
    return faults + _other_faults(file, place)


def _circles(start: str, parents: Mapping[str, str | None]) -> bool:
    here, seen = parents.get(start), {start}
    while here is not None and here not in seen:
        seen.add(here)
        here = parents.get(here)
    return here == start


def _weight_faults(nodes: Sequence[Node], place: Mapping[str, tuple[str, ...]]) -> list[Fault]:
    faults = []
    for parent in dict.fromkeys(one.parent for one in nodes):
        below = children(nodes, parent)
        total = sum(one.weight.value for one in below)
        if abs(total - 100) > _SUM:
            values = {"group": parent or "score", "sum": f"{total:g}"}
            at = place.get(parent or below[0].id, ())
            faults.append(Fault("scheme.weights", values, at))
    return faults


def measure_faults(name: str, measure: Measure, at: tuple[str, ...]) -> list[Fault]:
    """A survey estimate without its item, ends the wrong way round, a bend where an error must pass."""
    faults = []
    if measure.kind == "survey" and measure.item is None:
        faults.append(Fault("scheme.no_item", {"id": name}, at))
    if not measure.range[0] < measure.range[1]:
        faults.append(Fault("scheme.range", {"id": name, "range": list(measure.range)}, at))
    if measure.normalisation == "target" and measure.kind != "count":
        # beyond a target nothing more is gained: a bend that no standard error passes
        faults.append(Fault("scheme.target", {"id": name}, at))
    return faults


def _other_faults(file: SchemeFile, place: Mapping[str, tuple[str, ...]]) -> list[Fault]:
    faults = []
    for one in file.points:
        if one.each == 0:
            faults.append(Fault("scheme.points", {"id": one.id}, place.get(one.id, ())))
    if file.rollup is not None:
        total = file.rollup.units.value + file.rollup.own.value
        if abs(total - 100) > _SUM:
            faults.append(Fault("scheme.weights", {"group": "rollup", "sum": f"{total:g}"}, place["rollup"]))
        if file.rollup.own_measure.kind == "survey":
            faults.append(Fault("scheme.own_survey", {}, place["rollup"]))
        faults += measure_faults("rollup", file.rollup.own_measure, place["rollup"])
    return faults
