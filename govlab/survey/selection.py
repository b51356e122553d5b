"""Ways of drawing units, on arrays: which are drawn, and how likely each one was to be.

Only ``Generator.random`` is used, so that a seed draws the same sample with any later numpy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

_ATTEMPTS = 100_000


def simple(rng: np.random.Generator, population: int, n: int) -> Codes:
    """n of ``population`` units without replacement, every set equally likely; in rising order."""
    return np.sort(np.argsort(rng.random(population), kind="stable")[:n])


def systematic(rng: np.random.Generator, population: int, n: int) -> Codes:
    """Every (population / n)-th unit of the list after a random start; in rising order."""
    return np.floor((rng.random() + np.arange(n)) * population / n).astype(np.intp)


def inclusion(size: Floats, n: int) -> Floats:
    """(N,) probabilities n size / sum(size); units that would pass 1 are taken, the rest share the others.

    Särndal, Swensson & Wretman (1992), sec. 3.6.1.
    """
    taken = np.zeros(len(size), dtype=bool)
    while True:
        rest = size[~taken].sum()
        free = n - int(taken.sum())
        probability = np.where(taken, 1.0, free * size / rest if rest > 0 else 0.0)
        above = ~taken & (probability >= 1 - 1e-12)
        if not above.any():
            return probability
        taken |= above


def pps_systematic(rng: np.random.Generator, probability: Floats) -> Codes:
    """A sample with the given inclusion probabilities by systematic steps along the list (Madow 1949).

    probability: (N,), with a whole sum n; the order of the list stratifies the sample implicitly.
    """
    n = round(float(probability.sum()))
    ends = np.cumsum(probability)
    ends *= n / ends[-1]  # rounding must not lose the last unit
    marks = rng.random() + np.arange(n)
    return np.minimum(np.searchsorted(ends, marks, side="right"), len(probability) - 1).astype(np.intp)


def sampford(rng: np.random.Generator, probability: Floats) -> Codes:
    """A sample with the given inclusion probabilities by Sampford's rejective procedure.

    probability: (N,), with a whole sum n; units with probability 1 are taken. First draw proportional to
    p, the others to p / (1 - p), with replacement, until all differ (Sampford 1967, Biometrika 54,
    499-513). RuntimeError where that does not happen, which is a matter of n in the hundreds.
    """
    sure = np.flatnonzero(probability >= 1 - 1e-12)
    chance = np.flatnonzero((probability < 1 - 1e-12) & (probability > 0))
    p = probability[chance]
    n = round(float(p.sum()))
    if n == 0:
        return np.sort(sure)
    first = np.cumsum(p) / p.sum()
    odds = p / (1 - p)
    later = np.cumsum(odds) / odds.sum()
    for _ in range(_ATTEMPTS):
        drawn = np.append(
            np.searchsorted(first, rng.random(), side="right"),
            np.searchsorted(later, rng.random(n - 1), side="right"),
        )
        drawn = np.minimum(drawn, len(p) - 1)
        if len(np.unique(drawn)) == n:
            return np.sort(np.concatenate([sure, chance[drawn]]))
    raise RuntimeError(f"no {n} different units in {_ATTEMPTS} attempts; draw systematically")


def allocate(sizes: Floats, total: int, *, minimum: int = 2) -> Codes:
    """(H,) whole numbers that add up to total, as close to proportional to sizes as can be.

    sizes: units of each stratum for proportional allocation, ones for equal, units times standard
    deviation for Neyman's (1934). Every stratum gets the minimum at least; fractions by largest remainder.
    ValueError where the minima exceed the total.
    """
    if minimum * len(sizes) > total:
        raise ValueError(f"{total} cannot be spread over {len(sizes)} strata with at least {minimum} in each")
    given = np.full(len(sizes), minimum, dtype=np.intp)
    held = np.zeros(len(sizes), dtype=bool)
    while True:
        free = total - given[held].sum()
        share = np.where(held, given, free * sizes / max(sizes[~held].sum(), 1e-300))
        low = ~held & (share < minimum)
        if not low.any():
            break
        held |= low
    whole = np.where(held, given, np.floor(share + 1e-9)).astype(np.intp)
    order = np.argsort(-(share - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole
