"""Sets that cannot be told apart, and the letters that show them.

"Not different" is no transitive relation: A may go with B and B with C while A and C differ. So the
sets are the maximal ones in which no two members differ, and they overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

MOST = 2_000  # sets that are listed at most


class TooManySets(ValueError):
    """The relation has more maximal sets than anyone can read."""


def maximal_sets(alike: NDArray[np.bool_]) -> list[tuple[int, ...]]:
    """Maximal sets of mutually alike members (Bron & Kerbosch 1973, with Tomita's pivot).

    alike: (Z, Z) symmetric; the diagonal does not matter. Each set in rising order; every member is in
    at least one. TooManySets above MOST.
    """
    neighbours = [frozenset(np.flatnonzero(row).tolist()) - {place} for place, row in enumerate(alike)]
    found: list[tuple[int, ...]] = []
    for one in _grow([], set(range(len(alike))), set(), neighbours):
        found.append(tuple(sorted(one)))
        if len(found) > MOST:
            raise TooManySets(f"more than {MOST} sets of members that cannot be told apart")
    return sorted(found)


def _grow(
    chosen: list[int], free: set[int], done: set[int], neighbours: list[frozenset[int]]
) -> Iterator[list[int]]:
    if not free:
        if not done:
            yield chosen
        return
    pivot = max(free | done, key=lambda one: len(free & neighbours[one]))
    for one in sorted(free - neighbours[pivot]):
        yield from _grow([*chosen, one], free & neighbours[one], done & neighbours[one], neighbours)
        free = free - {one}
        done = done | {one}


def by_mean(sets: Sequence[tuple[int, ...]], values: NDArray[np.float64]) -> list[tuple[int, ...]]:
    """The sets from the highest mean of values down, members likewise."""
    inner = [tuple(sorted(members, key=lambda one: (-float(values[one]), one))) for members in sets]
    return sorted(inner, key=lambda members: (-float(np.mean(values[list(members)])), members))


def compact_letters(sets: Sequence[tuple[int, ...]], values: NDArray[np.float64]) -> list[str]:
    """The letters of each member: two share one exactly where they cannot be told apart.

    sets: maximal ones; lettered from the highest mean of values (Z,) down: a, ..., z, aa, ab, ... .
    """
    shown: list[list[str]] = [[] for _ in values]
    for place, members in enumerate(by_mean(sets, values)):
        for member in members:
            shown[member].append(_letter(place))
    return [(" " if len(sets) > 26 else "").join(one) for one in shown]


def _letter(place: int) -> str:
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("a") + rest) + name
    return name
