"""Parameters of fit of sets: inclusion, PRI, coverage, relevance of necessity. Pure arithmetic.

Ragin (2006), Political Analysis 14, 291-310; Ragin (2008), Redesigning Social Inquiry, ch. 3; Schneider &
Wagemann (2012), Set-Theoretic Methods, ch. 5 and 9 (PRI and relevance of necessity, RoN).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _share(part: Floats, whole: Floats) -> Floats:
    found: Floats = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)
    return found


def inclusion(x: Floats, y: Floats) -> Floats:
    """(t,) sum min(x, y) / sum x: how far sets x (n, t) lie within y (n,); nan where a set is empty."""
    return _share(np.minimum(x, y[:, None]).sum(axis=0), x.sum(axis=0))


def pri(x: Floats, y: Floats) -> Floats:
    """(t,) proportional reduction in inconsistency; nan where x lies as much in y as in its negation."""
    within = np.minimum(x, y[:, None])
    both = np.minimum(within, 1 - y[:, None]).sum(axis=0)
    whole = x.sum(axis=0) - both
    # what is left of two sums that cancel is rounding
    whole = np.where(whole > 1e-12 * np.maximum(x.sum(axis=0), 1), whole, 0.0)
    return _share(within.sum(axis=0) - both, whole)


def coverage(x: Floats, y: Floats) -> Floats:
    """(t,) sum min(x, y) / sum y: how much of y (n,) lies within sets x (n, t)."""
    total = np.broadcast_to(y.sum(), (x.shape[1],))
    return _share(np.minimum(x, y[:, None]).sum(axis=0), total)


def relevance(x: Floats, y: Floats) -> Floats:
    """(t,) relevance of necessity: sum (1 - x) / sum (1 - min(x, y)); small where x is nearly constant."""
    return _share((1 - x).sum(axis=0), (1 - np.minimum(x, y[:, None])).sum(axis=0))


def unique_coverage(x: Floats, y: Floats) -> Floats:
    """(t,) coverage of the union of sets x (n, t) less that of the union of all others."""
    place = np.arange(x.shape[1])
    largest = x.argmax(axis=1)
    top = x.max(axis=1)
    second = np.partition(x, -2, axis=1)[:, -2] if x.shape[1] > 1 else np.zeros(len(x))
    # without a set, a case falls back to its second set where that one was its largest
    rest = np.where(largest[:, None] == place, second[:, None], top[:, None])
    return coverage(top[:, None], y) - coverage(rest, y)
