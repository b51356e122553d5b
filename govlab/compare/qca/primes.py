"""Prime implicants, exactly: the shortest terms that cover a row coded 1 and none that must stay out.

For one positive row a term is a set of conditions held at the row's values. It covers a row that must
stay out unless it holds a condition in which both differ, so the primes are the minimal sets of
conditions that meet every such difference. All 2^k sets are marked at once, row after row: the memory is
2^k bytes, whatever the data; the result is that of Quine (1952) and McCluskey (1956) with don't-cares.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govlab.compare.qca.expression import FREE, Terms, configurations_of, row_numbers


def prime_implicants(positive: Terms, off: Terms) -> Terms:
    """(t, k) every prime implicant that covers one of ``positive`` (p, k) and none of ``off`` (q, k).

    Configurations in neither are free to be covered. Nothing in ``off``: the one term without literals.
    """
    k = positive.shape[1]
    bits = np.int64(1) << np.arange(k, dtype=np.int64)
    full = (1 << k) - 1
    found = []
    for row in positive:
        apart = ((off != row) * bits).sum(axis=1)
        held = np.flatnonzero(_minimal(full ^ np.unique(apart), k))
        terms = np.where((held[:, None] & bits) > 0, row, FREE).astype(np.int8)
        found.append(terms)
    return np.unique(np.concatenate(found), axis=0)


def _minimal(misses: NDArray[np.int64], k: int) -> NDArray[np.bool_]:
    """(2^k,) which sets of conditions are minimal among those within none of ``misses``."""
    fails = np.zeros(1 << k, dtype=bool)
    fails[misses] = True
    for bit in range(k):
        halves = fails.reshape(-1, 2, 1 << bit)
        halves[:, 0] |= halves[:, 1]
    minimal = ~fails
    for bit in range(k):
        # a set is not minimal if it still does without one of its conditions
        minimal.reshape(-1, 2, 1 << bit)[:, 1] &= fails.reshape(-1, 2, 1 << bit)[:, 0]
    return minimal


def all_but(kept: Terms, levels: Sequence[int]) -> Terms:
    """(q, k) every configuration that is not among ``kept``."""
    space = int(np.prod(np.array(levels, dtype=np.float64)))
    rest = np.setdiff1d(np.arange(1, space + 1), row_numbers(kept, levels))
    return configurations_of(rest, levels)
