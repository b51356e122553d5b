"""The one primitive: design covariance of weighted sums of influence values, over all stages.

An estimator supplies a value and one influence column a statistic; everything else is here.
Cochran (1977, ch. 11); Binder (1983); Särndal, Swensson & Wretman (1992, ch. 4-5).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from govlab.errors import Fault, InputError
from govlab.survey.design import Design, LonelyPsu, Mask
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
        return design.replicates.covariance(design, z)
    for calibration in reversed(design.calibration):
        z = calibration.residuals(z)
    return of_rows(design, z * design.weights[:, None])


def of_rows(design: Design, weighted: Floats) -> Floats:
    """(n, k) weighted values -> (k, k), all stages, no calibration."""
    total = np.zeros((weighted.shape[1], weighted.shape[1]))
    seen = None if design.calibration else design.inside
    scale = np.ones(1)
    parent: Stage | None = None
    for stage in design.stages:
        if parent is not None:
            # What stage s adds counts with the fractions sampled at the stages above it.
            above = (scale * parent.fraction)[parent.stratum_of]
            if not above.any():
                break
            home = np.zeros(len(stage.sampled), dtype=np.intp)
            home[stage.strata] = parent.clusters
            scale = above[home]
        else:
            scale = np.ones(len(stage.sampled))
        totals = cluster_sums(stage.clusters, weighted, len(stage.stratum_of))
        present = None
        if seen is not None:
            present = np.bincount(stage.clusters[seen], minlength=len(stage.stratum_of)) > 0
        total += of_clusters(
            totals, stage, scale, design.lonely_psu, adjust_domains=design.adjust_domains, present=present
        )
        parent = stage
    return total


def cluster_sums(clusters: NDArray[np.intp], columns: Floats, count: int) -> Floats:
    """(n, k) columns -> (C, k) their sums in each cluster."""
    if count == len(clusters) and (clusters[1:] > clusters[:-1]).all():
        return columns
    sums = np.empty((count, columns.shape[1]))
    for j in range(columns.shape[1]):
        sums[:, j] = np.bincount(clusters, weights=columns[:, j], minlength=count)
    return sums


def of_clusters(
    totals: Floats,
    stage: Stage,
    scale: Floats,
    lonely_psu: LonelyPsu,
    *,
    adjust_domains: bool = False,
    present: Mask | None = None,
) -> Floats:
    """(C, k) cluster totals of one stage -> (k, k): sum over strata of scale (1-f) n/(n-1) S.

    scale: (H,) product of the fractions sampled at the stages above. present: (C,) clusters that the
    domain reaches, None for all.
    """
    home, n = stage.stratum_of, stage.sampled
    remaining = np.clip(1.0 - stage.fraction, 0.0, None)
    factor = scale * remaining * n / np.maximum(n - 1, 1)
    means = cluster_sums(home, totals, len(n)) / n[:, None]
    reached = n if present is None else np.bincount(home[present], minlength=len(n))
    lonely = (n == 1) & (reached == 1) & (remaining > 1e-12) & (scale > 0)
    if lonely_psu == "fail" and lonely.any():
        raise InputError(Fault("survey.lonely_psu", {"n": int(lonely.sum())}))
    thinned = np.zeros_like(lonely)
    if adjust_domains and lonely_psu in ("adjust", "average"):
        thinned = (n > 1) & (reached == 1)
    if lonely_psu == "adjust":
        # Measured from the mean over all clusters: nothing else is known about where it should lie.
        means[lonely | thinned] = totals.mean(axis=0)
    deviations = totals - means[home]
    if lonely_psu == "average" and (lonely | thinned).any():
        left_out = lonely | thinned
        factor = np.where(left_out, 0.0, factor)
        met = int((reached > 0).sum())
        factor = factor * (met / (met - int(left_out.sum()))) if met > left_out.sum() else factor * np.nan
    return deviations.T @ (deviations * factor[home][:, None])
