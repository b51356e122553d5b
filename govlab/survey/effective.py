"""Degrees of freedom of a domain's own variance, counted from its sampled units."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from govlab.survey.design import Design
from govlab.survey.domains import Domains
from govlab.survey.table import SurveyEstimates

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


def freed(estimates: SurveyEstimates) -> SurveyEstimates:
    """The estimates without the reason ``no-df``: the domains' own degrees of freedom decide that."""
    reason = estimates.frame["reason"].replace("no-df", "")
    return replace(estimates, frame=estimates.frame.assign(reason=reason))


def domain_df(design: Design, domains: Domains, ok: NDArray[np.bool_] | None = None) -> Floats:
    """(D,) effective degrees of freedom of the variance of each domain's mean.

    ok: (n,) rows that count. From the first stage that is not a census. A domain of whole strata gets its
    units minus its strata; one with a unit here and there in many strata gets its units minus 1, not the
    many degrees of freedom of the design, whose other units tell nothing about it.
    """
    stage = next((one for one in design.stages if (one.fraction < 1).any()), design.stages[0])
    codes = np.zeros(len(design), dtype=np.intp) if domains.codes is None else domains.codes
    counts = codes < domains.count
    if ok is not None:
        counts &= ok
    clusters = len(stage.stratum_of)
    seen = np.unique(codes[counts] * clusters + stage.clusters[counts])
    domain, stratum = seen // clusters, stage.stratum_of[seen % clusters]
    strata = len(stage.sampled)
    cells, units = np.unique(domain * strata + stratum, return_counts=True)
    return effective_df(cells // strata, units, stage.sampled[cells % strata], domains.count)


def effective_df(domain: Codes, units: Codes, sampled: Codes, count: int) -> Floats:
    """(D,) from one entry a (domain, stratum) cell: the domain, its units there, the stratum's units.

    Satterthwaite's 2 E(V)^2 / var(V) of the usual between-unit variance estimator, for domain units whose
    deviations are alike and add up to zero, the other units of the stratum contributing none (Valliant &
    Rust 2010, J. Off. Stat. 26, 585-602).
    """
    m, n = units.astype(np.float64), sampled.astype(np.float64)
    raised = np.where(n > 1, n / np.maximum(n - 1, 1), 0.0)

    def over(values: Floats) -> Floats:
        return np.asarray(np.bincount(domain, values, minlength=count), dtype=np.float64)

    # Q is raised (I - J/n) on the units of a stratum, S = I - J/M on the M units of the domain.
    total = over(m)
    with np.errstate(divide="ignore", invalid="ignore"):
        column = over(raised * (m - m * m / n)) / total  # 1'Q1 / M
        trace = over(raised * m * (1 - 1 / n)) - column  # tr(QS)
        square = over(raised**2 * (m - 2 * m / n + m * m / n**2))
        square += column**2 - 2 * over(raised**2 * m * (1 - m / n) ** 2) / total  # tr(QSQS)
        df = trace**2 / square
    return np.where((total > 1) & (trace > 1e-9), df, 0.0)
