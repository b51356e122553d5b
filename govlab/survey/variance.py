"""The one primitive: design covariance of weighted sums of influence values, over all stages.

An estimator supplies a value and one influence column a statistic; everything else is here.
Cochran (1977, ch. 11); Binder (1983); Särndal, Swensson & Wretman (1992, ch. 4-5).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from govlab.errors import InputError
from govlab.survey.design import Design, Mask
from govlab.survey.stages import Floats, Stage


def covariance(design: Design, influence: ArrayLike) -> Floats:
    """Design covariance of sum(w * z) for each column z of unweighted influence values.

    influence: (n, k) or (n,), one row for each row of the design; rows outside a subset are taken as
    0, whatever stands there. Calibrated designs: residuals on the calibration model first (Deville &
    Särndal 1992). Replicate designs: the spread of the replicated sums.
    Returns (k, k). InputError for a stratum with one unit under ``lonely_psu="fail"``.
    """
    z = np.asarray(influence, dtype=np.float64)
    if z.ndim == 1:
        z = z[:, None]
    if z.shape[0] != len(design):
        raise ValueError(f"influence needs {len(design)} rows, got {z.shape[0]}")
    if design.inside is not None:
        z = np.where(design.inside[:, None], z, 0.0)
    if design.replicates is not None:
        sums = design.replicates.totals(design.weights, z)
        return design.replicates.covariance(sums, design.weights @ z)
    for calibration in reversed(design.calibration):
        z = calibration.residuals(z)
    return of_rows(design, z * design.weights[:, None])


def of_rows(design: Design, weighted: Floats) -> Floats:
    """(n, k) weighted values -> (k, k), all stages, no calibration."""
    seen = None if design.calibration else design.inside
    stages = design.stages[: depth(design)]
    totals = [cluster_sums(one.clusters, weighted, len(one.stratum_of)) for one in stages]
    return of_totals(design, totals, seen)


def of_totals(design: Design, totals: Sequence[Floats], seen: Mask | None = None) -> Floats:
    """(C, k) cluster totals of each stage that adds to the variance -> (k, k).

    seen: (n,) rows that the domain holds, None for all; strata without any count for nothing.
    """
    added = np.zeros((totals[0].shape[1], totals[0].shape[1]))
    for here, stage, scale, present in _by_stage(design, totals, seen):
        added += of_clusters(design, here, stage, scale, present)
    return added


def variances_of_totals(design: Design, totals: Sequence[Floats]) -> Floats:
    """(C, k) cluster totals of each stage that adds to the variance -> (k,), without the covariances."""
    added = np.zeros(totals[0].shape[1])
    for here, stage, scale, present in _by_stage(design, totals, None):
        off, factor = deviations(design, here, stage, scale, present)
        off *= off
        added += factor @ off
    return added


def _by_stage(
    design: Design, totals: Sequence[Floats], seen: Mask | None
) -> Iterator[tuple[Floats, Stage, Floats, Mask | None]]:
    """Totals, stage, its scale and the clusters that hold rows seen."""
    scale = np.ones(len(design.stages[0].sampled))
    for position, here in enumerate(totals):
        stage = design.stages[position]
        if position > 0:
            # What a later stage adds counts with the fractions sampled at the stages above it.
            scale = below(scale, design.stages[position - 1], stage)
        present = None
        if seen is not None:
            present = np.bincount(stage.clusters[seen], minlength=len(stage.stratum_of)) > 0
        yield here, stage, scale, present


def depth(design: Design) -> int:
    """How many stages add to the variance: a later one does where the stage above has a fraction."""
    count = 1
    for stage in design.stages[:-1]:
        if not stage.fraction.any():
            break
        count += 1
    return count


def below(scale: Floats, above: Stage, stage: Stage) -> Floats:
    """(H,) scale of a stage from that of the stage above and the fractions sampled there."""
    home = np.zeros(len(stage.sampled), dtype=np.intp)
    home[stage.strata] = above.clusters
    return (scale * above.fraction)[above.stratum_of][home]


def cluster_sums(clusters: NDArray[np.intp], columns: Floats, count: int) -> Floats:
    """(n, k) columns -> (C, k) their sums in each cluster."""
    if count == len(clusters):
        sums = np.empty_like(columns)
        sums[clusters] = columns
        return sums
    if columns.shape[1] > 8:
        from scipy.sparse import csc_array

        n = len(clusters)
        places = (np.ones(n), clusters, np.arange(n + 1))
        return np.asarray(csc_array(places, shape=(count, n)) @ columns)
    sums = np.empty((count, columns.shape[1]))
    for j in range(columns.shape[1]):
        sums[:, j] = np.bincount(clusters, weights=columns[:, j], minlength=count)
    return sums


@dataclass(frozen=True, eq=False)
class Treatment:
    """How each (stratum, domain) enters: factor of its squares, which are lonely or thinned by the domain."""

    factor: Floats
    left_out: Mask


def treat(
    design: Design, stage: Stage, scale: Floats, strata: NDArray[np.intp], reached: NDArray[np.intp]
) -> Treatment:
    """Factors scale (1-f) n/(n-1) of strata, given how many of its clusters a domain reaches in each.

    InputError where a stratum with one sampled cluster is reached and the policy is ``fail``.
    """
    n = stage.sampled[strata]
    remaining = np.clip(1.0 - stage.fraction, 0.0, None)[strata]
    scale = scale[strata]
    factor = scale * remaining * n / np.maximum(n - 1, 1)
    left_out = (n == 1) & (reached == 1) & (remaining > 1e-12) & (scale > 0)
    if design.lonely_psu == "fail" and left_out.any():
        raise InputError(design.lonely_fault(stage, strata[left_out]))
    if design.adjust_domains and design.lonely_psu in ("adjust", "average"):
        left_out = left_out | ((n > 1) & (reached == 1))
    return Treatment(factor, left_out)


def of_clusters(design: Design, totals: Floats, stage: Stage, scale: Floats, present: Mask | None) -> Floats:
    """(C, k) cluster totals of one stage -> (k, k): sum over strata of scale (1-f) n/(n-1) S."""
    off, factor = deviations(design, totals, stage, scale, present)
    return off.T @ (off * factor[:, None])


def deviations(
    design: Design, totals: Floats, stage: Stage, scale: Floats, present: Mask | None
) -> tuple[Floats, Floats]:
    """(C, k) cluster totals of one stage -> their deviations, and the (C,) factor of their squares.

    scale: (H,) product of the fractions sampled at the stages above. present: (C,) clusters that the
    domain reaches, None for all.
    """
    home, n = stage.stratum_of, stage.sampled
    reached = n if present is None else np.bincount(home[present], minlength=len(n))
    how = treat(design, stage, scale, np.arange(len(n)), reached)
    means = cluster_sums(home, totals, len(n)) / n[:, None]
    factor = how.factor
    if how.left_out.any() and design.lonely_psu == "adjust":
        # Measured from the mean over all clusters: nothing is known about where its own should lie.
        means[how.left_out] = totals.mean(axis=0)
    if how.left_out.any() and design.lonely_psu == "average":
        met, unknown = int((reached > 0).sum()), int(how.left_out.sum())
        raised = met / (met - unknown) if met > unknown else np.nan
        factor = np.where(how.left_out, 0.0, factor) * raised
    return totals - means[home], factor[home]
