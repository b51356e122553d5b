"""Weights taken from the data: entropy, CRITIC, principal components.

Such weights say how the indicators vary among these units, not how much they matter: a flat but vital
indicator gets next to nothing, and one more unit changes them.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def entropy(values: Floats, *, shift: float = 0.0) -> Floats:
    """(k,) weights by Shannon's entropy of the shares of (n, k) values that are not negative.

    w_j = d_j / sum d, d_j = 1 + sum_i p_ij ln p_ij / ln n, p_ij = (x_ij + shift) / sum_i (x_ij + shift); 0
    ln 0 = 0. Brought to one scale beforehand (usually min-max); the weights depend on how. Zeleny (1982),
    Multiple Criteria Decision Making, ch. 7. ValueError for negative values or a column without any.
    """
    x = np.asarray(values, dtype=np.float64) + shift
    if not (x >= 0).all() or not (x.sum(axis=0) > 0).all():
        raise ValueError("values: entropy needs no negative value and a positive sum in every column")
    return _to_one(1 - entropies(x))


def entropies(x: Floats) -> Floats:
    """(k,) entropy of the shares of each column, 1 where all are equal."""
    shares = x / x.sum(axis=0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    found: Floats = -(shares * logs).sum(axis=0) / np.log(len(x))
    return found


def critic(values: Floats) -> Floats:
    """(k,) weights by contrast and conflict: sd_j times sum_l (1 - r_jl), over their sum.

    values: (n, k) turned and brought to one scale (min-max). After z-scores all sd are 1 and only the
    correlations are left. Diakoulaki, Mavrotas & Papayannakis (1995), Comput. Oper. Res. 22, 763-770.
    ValueError for a constant column.
    """
    x = np.asarray(values, dtype=np.float64)
    spread = x.std(axis=0)
    if not (spread > 0).all():
        raise ValueError("values: CRITIC needs every column to vary")
    conflict = (1 - np.corrcoef(x, rowvar=False)).sum(axis=0)
    return _to_one(spread * conflict)


def pca(values: Floats, *, rule: Literal["handbook", "combination"] = "handbook") -> Floats:
    """(k,) weights from the principal components of the correlations of (n, k) values with eigenvalue > 1.

    handbook: components turned by varimax; an indicator counts in the component that it loads highest
    on, by its squared loading over the component's sum of squares, times the component's share of the
    variance (Nicoletti, Scarpetta & Boylaud 2000; OECD/JRC 2008, step 6). combination: loadings over the
    root of the eigenvalue, averaged over components by their variance, as SPSSAU and many papers do: it
    may give negative weights (not cut here). ValueError for another rule or a constant column.
    """
    from govlab.survey.rotations import varimax

    x = np.asarray(values, dtype=np.float64)
    if not (x.std(axis=0) > 0).all():
        raise ValueError("values: principal components need every column to vary")
    roots, vectors = np.linalg.eigh(np.corrcoef(x, rowvar=False))
    roots, vectors = roots[::-1], vectors[:, ::-1]
    kept = max(1, int((roots > 1).sum()))
    vectors = vectors[:, :kept] * np.where(vectors[:, :kept].sum(axis=0) < 0, -1.0, 1.0)
    loadings = vectors * np.sqrt(roots[:kept])
    if rule == "combination":
        return _to_one(vectors @ roots[:kept] / roots[:kept].sum())
    if rule != "handbook":
        raise ValueError(f"rule must be 'handbook' or 'combination', got {rule!r}")
    squares = varimax(loadings) ** 2
    own = squares.argmax(axis=1)
    explained = squares.sum(axis=0)
    # squared loading / explained, times explained / their sum
    return _to_one(squares[np.arange(len(own)), own] / explained[own] * (explained / explained.sum())[own])


def _to_one(w: Floats) -> Floats:
    found: Floats = w / w.sum()
    return found
