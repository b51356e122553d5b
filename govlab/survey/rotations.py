"""Factors turned so that each item loads high on one of them: varimax and oblimin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_TURNS = 1000


def varimax(loadings: Floats) -> Floats:
    """(p, m) loadings turned at right angles so that their squares vary most within factors.

    Plane by plane (Kaiser 1958, Psychometrika 23, 187-200), rows first brought to length 1 (Kaiser's
    normalisation). Column order as given, sums of columns not negative.
    """
    p, m = loadings.shape
    lengths = np.sqrt((loadings**2).sum(axis=1))
    lengths[lengths == 0] = 1.0
    a = loadings / lengths[:, None]
    for _ in range(_TURNS):
        largest = 0.0
        for i in range(m):
            for j in range(i + 1, m):
                x, y = a[:, i].copy(), a[:, j].copy()
                u, v = x**2 - y**2, 2 * x * y
                above = 2 * (u @ v - u.sum() * v.sum() / p)
                below = (u**2 - v**2).sum() - (u.sum() ** 2 - v.sum() ** 2) / p
                angle = np.arctan2(above, below) / 4
                a[:, i] = np.cos(angle) * x + np.sin(angle) * y
                a[:, j] = np.cos(angle) * y - np.sin(angle) * x
                largest = max(largest, abs(float(angle)))
        if largest < 1e-12:
            break
    a = a * lengths[:, None]
    found: Floats = a * np.where(a.sum(axis=0) < 0, -1.0, 1.0)
    return found


def oblimin(loadings: Floats) -> tuple[Floats, Floats]:
    """(p, m) pattern loadings and (m, m) factor correlations, direct oblimin with gamma 0 (quartimin).

    By gradient projection (Jennrich 2002, Psychometrika 67, 7-19; Bernaards & Jennrich 2005, Educ.
    Psychol. Meas. 65, 676-696), without normalising rows. Sums of columns not negative.
    """
    m = loadings.shape[1]
    if m == 1:
        return loadings * (1.0 if loadings.sum() >= 0 else -1.0), np.ones((1, 1))
    others = np.ones((m, m)) - np.eye(m)

    def at(turn: Floats) -> tuple[Floats, float, Floats]:
        pattern = loadings @ np.linalg.inv(turn).T
        squares = pattern**2
        slope = pattern * (squares @ others)
        gradient = -(pattern.T @ slope @ np.linalg.inv(turn)).T
        return pattern, float((squares * (squares @ others)).sum() / 4), gradient

    turn, step = np.eye(m), 1.0
    pattern, value, gradient = at(turn)
    for _ in range(_TURNS * 10):
        # along the sphere of each column only
        along = gradient - turn * (turn * gradient).sum(axis=0)
        size = float((along**2).sum())
        if size < 1e-22:
            break
        step *= 2
        for _ in range(30):
            moved = turn - step * along
            moved = moved / np.sqrt((moved**2).sum(axis=0))
            new, new_value, new_gradient = at(moved)
            if value - new_value > 0.5 * size * step:
                break
            step /= 2
        else:
            break
        turn, pattern, value, gradient = moved, new, new_value, new_gradient
    signs = np.where(pattern.sum(axis=0) < 0, -1.0, 1.0)
    correlations: Floats = (turn.T @ turn) * np.outer(signs, signs)
    return pattern * signs, correlations
