"""The change of a share among the same people: exact test, interval for the paired difference. Pure.

McNemar (1947), Psychometrika 12, 153-157, in its exact form; Newcombe (1998), Statistics in Medicine 17,
2635-2650, method 10.
"""

from __future__ import annotations

from math import sqrt


def mcnemar(gained: int, lost: int) -> float:
    """Two-sided exact p that gains and losses are equally likely; 1 where nobody changed."""
    from scipy.special import bdtr

    changed = gained + lost
    return min(1.0, 2 * float(bdtr(min(gained, lost), changed, 0.5))) if changed else 1.0


def paired_difference(
    both: int, gained: int, lost: int, neither: int, level: float = 0.95
) -> tuple[float, float, float]:
    """Share after less share before, with the limits of Newcombe's method 10.

    both: right before and after; gained: after only; lost: before only. ValueError where nobody is.
    """
    n = both + gained + lost + neither
    if n <= 0 or min(both, gained, lost, neither) < 0:
        raise ValueError(f"counts must be at least 0 and hold somebody, got {both, gained, lost, neither}")
    after, before = both + gained, both + lost
    low_after, high_after = wilson(after, n, level)
    low_before, high_before = wilson(before, n, level)
    p, q = after / n, before / n
    difference = (gained - lost) / n
    tie = _correlation(both, gained, lost, neither)
    down, up = p - low_after, high_before - q
    low = difference - sqrt(max(down**2 - 2 * tie * down * up + up**2, 0.0))
    up, down = high_after - p, q - low_before
    high = difference + sqrt(max(up**2 - 2 * tie * up * down + down**2, 0.0))
    return difference, max(low, -1.0), min(high, 1.0)


def _correlation(both: int, gained: int, lost: int, neither: int) -> float:
    """Phi, with Newcombe's correction where it is positive; 0 where a margin is empty."""
    product = (both + gained) * (lost + neither) * (both + lost) * (gained + neither)
    if not product:
        return 0.0
    top: float = both * neither - gained * lost
    if top > 0:
        top = max(top - (both + gained + lost + neither) / 2, 0.0)
    return top / sqrt(product)


def wilson(count: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Score interval of a share (Wilson 1927, JASA 22, 209-212)."""
    from scipy.special import ndtri

    z = float(ndtri(0.5 + level / 2))
    p = count / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return centre - half if count else 0.0, centre + half if count < n else 1.0
