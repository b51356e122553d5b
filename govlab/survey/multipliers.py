"""Multipliers of replicate weights: one row per replicate, one column per sampling unit. Pure arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


def jackknife(stratum_of: Codes, fraction: Floats, replicated: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Delete-one multipliers (R, C) and rscales (R,) of C units in strata (Wolter 2007, ch. 4).

    stratum_of: (C,); fraction: (H,) sampling fraction of each stratum; replicated: (H,) strata whose
    units are deleted in turn (those with two units or more). One stratum: JK1; several: JKn.
    """
    sizes = np.bincount(stratum_of, minlength=len(fraction))
    units = np.flatnonzero(replicated[stratum_of])
    multipliers = np.ones((len(units), len(stratum_of)))
    home = stratum_of[units]
    raised = sizes[home] / (sizes[home] - 1)
    same = stratum_of[None, :] == home[:, None]
    multipliers[same] = np.broadcast_to(raised[:, None], same.shape)[same]
    multipliers[np.arange(len(units)), units] = 0.0
    return multipliers, (sizes[home] - 1) / sizes[home] * (1 - fraction[home])


def rao_wu(
    rng: np.random.Generator,
    stratum_of: Codes,
    fraction: Floats,
    replicated: NDArray[np.bool_],
    replicates: int,
) -> Floats:
    """Rescaled bootstrap multipliers (R, C): n - 1 of the n units of each stratum drawn with replacement.

    Rao & Wu (1988), J. Amer. Statist. Assoc. 83, 231-241; Rao, Wu & Yue (1992), Survey Methodology 18,
    209-217, with the finite population correction in the rescaling. Their variance is the mean square
    around the full-sample estimate; for a total its expectation is the usual estimator.
    """
    count = len(stratum_of)
    sizes = np.bincount(stratum_of, minlength=len(fraction))
    order = np.argsort(stratum_of, kind="stable")
    place = np.empty(count, dtype=np.intp)
    place[order] = np.arange(count)
    stratum = np.repeat(np.arange(len(sizes)), np.where(replicated, sizes - 1, 0))
    width = sizes[stratum].astype(np.float64)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])[stratum].astype(np.float64)
    with np.errstate(divide="ignore"):
        raised = np.where(replicated, sizes / (sizes - 1), 0.0)[stratum_of]
    shrink = np.where(replicated, np.sqrt(1 - fraction), 0.0)[stratum_of]
    raised, kept = shrink * raised, 1 - shrink
    multipliers = np.empty((replicates, count))
    for row in multipliers:  # one at a time: what a replicate needs stays in the cache
        picked = rng.random(len(stratum))
        picked *= width
        np.floor(picked, out=picked)
        picked += first
        times = np.bincount(picked.astype(np.intp), minlength=count)
        np.multiply(times[place], raised, out=row)
        row += kept
    return multipliers


def balanced(pair: Codes, second: NDArray[np.bool_], rho: float = 0.0) -> Floats:
    """Half-sample multipliers (R, C) for strata of two units (McCarthy 1969), Fay's with 0 < rho < 1.

    pair: (C,) the stratum of each unit; second: (C,) true for one of its two units. One replicate per
    row of a Hadamard matrix of order above the number of strata (full orthogonal balance). Fay's
    multipliers are 2 - rho and rho; the scale is 1 / (R (1 - rho)^2) (Judkins 1990, J. Off. Stat. 6).
    """
    signs = hadamard(int(pair.max(initial=0)) + 2)[:, 1:][:, pair]
    signs = np.where(second, -signs, signs)
    return 1 + (1 - rho) * signs


def successive(position: Codes) -> Floats:
    """Successive difference multipliers (R, C) (Fay & Train 1995; Ash 2014, Survey Methodology 40, 47-59).

    position: (C,) place of each unit, 0 .. C-1, in the order in which the sample was drawn. Two rows of
    a Hadamard matrix a unit, neighbours sharing one; scale 4 / R. With the order at least C + 1 every
    pair of neighbours is separate, and the variance of a total is half the sum of squared differences of
    neighbours, the last unit being neighbour to the first.
    """
    units = len(position)
    signs = hadamard(units + 1)
    here = 1 + position
    after = 1 + (position + 1) % units
    multipliers: Floats = 1 + (signs[:, here] - signs[:, after]) * 2.0**-1.5
    return multipliers


def hadamard(order: int) -> Floats:
    """The smallest Hadamard matrix (m, m), m >= order, that doubling and Paley's first construction give.

    Entries 1 and -1, rows orthogonal, first column all 1 (Paley 1933, J. Math. Phys. 12, 311-320).
    """
    size = max(1, order)
    while (base := _base(size)) is None:
        size += 1
    matrix = np.ones((1, 1)) if base == 1 else _paley(base - 1)
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix


def _base(size: int) -> int | None:
    """The order to start doubling from: 1, or q + 1 for a prime q = 3 mod 4; None if neither reaches size."""
    while size > 1:
        q = size - 1
        if q % 4 == 3 and all(q % small for small in range(3, int(q**0.5) + 1, 2)):
            return size
        if size % 2:
            return None
        size //= 2
    return 1


def _paley(q: int) -> Floats:
    residues = np.zeros(q, dtype=bool)
    residues[np.arange(1, q, dtype=np.int64) ** 2 % q] = True
    character = np.where(residues, 1.0, -1.0)
    character[0] = 0.0
    place = np.arange(q)
    matrix = np.ones((q + 1, q + 1))
    matrix[1:, 1:] = -character[(place[:, None] - place[None, :]) % q] - np.eye(q)
    return matrix
