"""Measures of access from pairs within reach: opportunities, two-step floating catchments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govlab.institutions.reach.walking import Near

Floats = NDArray[np.float64]

# Zones of Luo & Qi (2009) in minutes and their weights; within 30 minutes by car in the paper.
ZONES = ((10.0, 1.0), (20.0, 0.68), (30.0, 0.22))


def cumulative(near: Near, supply: Floats, points: int) -> Floats:
    """Sum of ``supply`` (m,) within reach of each of ``points`` points (Hansen 1959, all-or-nothing)."""
    return np.asarray(np.bincount(near.point, weights=supply[near.facility], minlength=points), float)


def step_weights(minutes: Floats, zones: Sequence[tuple[float, float]] = ZONES) -> Floats:
    """Weight by zone of travel time: that of the first zone whose end is not passed, 0 beyond the last."""
    ends = np.array([end for end, _ in zones], dtype=float)
    weights = np.array([weight for _, weight in zones] + [0.0])
    if (np.diff(ends) <= 0).any() or (weights < 0).any():
        raise ValueError(f"zones must have rising ends and no negative weight, got {zones!r}")
    return weights[np.searchsorted(ends, minutes, side="left")]


def two_step(near: Near, supply: Floats, demand: Floats, weight: Floats | None = None) -> Floats:
    """Supply per head within reach of each point, supply shared among all who reach it.

    supply (m,): capacity of a facility; demand (n,): residents of a point. First R_j = S_j / sum_i w_ij D_i,
    then A_i = sum_j w_ij R_j: the two-step floating catchment area (Luo & Wang 2003, Environment and Planning
    B 30, 865-884). weight: of each pair of ``near``; with ``step_weights`` the enhanced one (Luo & Qi 2009,
    Health & Place 15, 1100-1107), None for one each. A facility that nobody reaches gives nothing, so that
    sum_i D_i A_i = sum of S_j over those reached.
    """
    weight = np.ones(len(near.minutes)) if weight is None else weight
    wanted = np.bincount(near.facility, weights=weight * demand[near.point], minlength=len(supply))
    ratio = np.divide(supply, wanted, out=np.zeros(len(supply)), where=wanted > 0)
    found = np.bincount(near.point, weights=weight * ratio[near.facility], minlength=len(demand))
    return np.asarray(found, dtype=float)
