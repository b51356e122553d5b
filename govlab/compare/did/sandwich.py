"""The bias-reduced sandwich CR2 and its degrees of freedom, for one coefficient.

Residuals of a cluster are too small because the regression followed them; CR2 widens each cluster's own
by the inverse root of what the regression left it. Its degrees of freedom are those of a chi-square with
the same two moments. Sources: Bell & McCaffrey (2002), Survey Methodology 28, 169-181; Pustejovsky &
Tipton (2018), J. Bus. Econ. Stat. 36, 672-683.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
_MOST = 1000  # clusters up to which the degrees of freedom are worked out; beyond, clusters - 1 is as good


def cr2(
    treat: Floats, residual: Floats, rest: Floats, home: Codes, scale: Floats, clusters: Codes
) -> tuple[float, float]:
    """Variance and degrees of freedom of a coefficient.

    treat, residual: (n,) the regressor with all others taken out, and the residuals. rest: (n, q) the other
    regressors, orthonormal, without unit means. home: (n,) unit of the fixed effects; scale: (n,) roots of
    weights, taken as inverse variances.
    """
    size = float(treat @ treat)
    count = int(clusters.max()) + 1
    # Orthonormal columns of the whole regression: units, the others, treatment.
    effect = scale / np.sqrt(np.bincount(home, scale**2))[home]
    others = np.column_stack([rest, treat / np.sqrt(size)])
    order = np.argsort(clusters, kind="stable")
    ends = np.cumsum(np.bincount(clusters, minlength=count))
    score = np.zeros(count)
    own = np.zeros(count)
    units = int(home.max()) + 1
    seen = np.zeros((count, units + others.shape[1])) if count <= _MOST else None
    for place in range(count):
        rows = order[ends[place - 1] if place else 0 : ends[place]]
        there, at = np.unique(home[rows], return_inverse=True)
        basis = np.column_stack([effect[rows, None] * (at[:, None] == np.arange(len(there))), others[rows]])
        widened = _widened(basis, treat[rows])
        score[place] = widened @ residual[rows]
        own[place] = widened @ widened
        if seen is not None:
            seen[place, there] = widened @ basis[:, : len(there)]
            seen[place, units:] = widened @ others[rows]
    variance = float(score @ score) / size**2
    if seen is None:
        return variance, float(count - 1)
    spread = np.diag(own) - seen @ seen.T
    squares = float((spread**2).sum())
    # Nothing left: a cluster that its own arm consists of, which the caller refuses.
    return variance, float(np.trace(spread) ** 2 / squares) if squares > 0 else float(count - 1)


def _widened(basis: Floats, values: Floats) -> Floats:
    """(I - B B')^(-1/2) v; directions that the regression followed wholly stay 0."""
    u, s, _ = np.linalg.svd(basis, full_matrices=False)
    left = 1 - np.minimum(s, 1.0) ** 2
    factor = np.where(left > 1e-9, 1 / np.sqrt(np.maximum(left, 1e-300)), 0.0)
    return np.asarray(values + u @ ((factor - 1) * (u.T @ values)))
