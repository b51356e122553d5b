"""AHP: weights out of judgements in pairs, how consistent they are, and which judgement breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
# Mean consistency index of random matrices, from order 3 on.
SAATY = (0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
SPSSAU = (0.52, 0.89, 1.12, 1.26, 1.36, 1.41, 1.46, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59)
LARGEST_RATIO = 0.1
_RECIPROCAL = 1e-3  # a user types 0.333 for a third


@dataclass(frozen=True, eq=False)
class Judgements(Result):
    """Weights of k things compared in pairs.

    weights: (k,) sum 1, in the order of names. lambda_max: principal eigenvalue. consistency_index: (lambda -
    k) / (k - 1). consistency_ratio: over that of random judgements; at most 0.1 is usually accepted. gci:
    geometric consistency index (Aguarón & Moreno-Jiménez 2003), nan below three things. pairs: one row a
    judgement, worst first: ``given``, ``implied`` by the weights, ``times_off``, ``ratio_without`` (the
    consistency ratio if this one judgement were replaced by what the others imply).
    """

    names: tuple[str, ...]
    weights: Floats
    lambda_max: float
    consistency_index: float
    consistency_ratio: float
    gci: float
    pairs: pd.DataFrame
    method: str
    experts: int = 1

    @property
    def consistent(self) -> bool:
        """Whether the consistency ratio is at most 0.1."""
        return self.consistency_ratio <= LARGEST_RATIO

    def to_frame(self) -> pd.DataFrame:
        """Name and weight."""
        import pandas as pd

        return pd.DataFrame({"code": self.names, "weight": self.weights})

    def as_weights(self) -> dict[str, float]:
        """Weights by name, for ``IndexSpec.weighted``."""
        return dict(zip(self.names, map(float, self.weights), strict=True))

    def summary(self) -> str:
        """Consistency, and the judgement that spoils it most where it is spoilt."""
        lines = [
            f"AHP weights of {len(self.names)} things ({self.method}), {self.experts} set(s) of judgements",
            f"lambda max {self.lambda_max:.4f}, consistency ratio {self.consistency_ratio:.3f}",
        ]
        if not self.consistent:
            worst = self.pairs.iloc[0]
            lines.append(
                f"not consistent: look at {worst['first']} against {worst['second']} (given "
                f"{worst['given']:.3g}, the others imply {worst['implied']:.3g}; without it "
                f"{worst['ratio_without']:.3f})"
            )
        return "\n".join(lines)


def ahp(
    matrices: Floats | Sequence[Floats] | pd.DataFrame,
    names: Sequence[str] | None = None,
    *,
    method: Literal["eigenvector", "geometric", "columns"] = "eigenvector",
    convention: Literal["saaty", "spssau"] = "saaty",
) -> Judgements:
    """Weights from a matrix of judgements: entry (i, j) says how many times as much i matters as j.

    matrices: (k, k) positive, 1 on the diagonal, reciprocal; several are put together entry by entry by the
    geometric mean (Aczél & Saaty 1983). names: k, default the frame's columns. method: principal
    ``eigenvector`` (Saaty 1977, J. Math. Psychol. 15, 234-281), ``geometric`` means of rows, or means of
    normalised ``columns`` (和积法). convention: table of random indices; ``spssau`` also takes lambda as the
    mean of (A w)_i / w_i. InputError names every judgement that does not fit its opposite.
    """
    table, found = _matrices(matrices)
    names = tuple(table) if names is None else tuple(names)
    k = len(found[0])
    if not names:
        names = tuple(f"x{place + 1}" for place in range(k))
    if len(names) != k or any(one.shape != (k, k) for one in found):
        raise ValueError(f"matrices must be square and of the order of the names ({len(names)})")
    _check(found, names)
    a = np.exp(np.mean([np.log(one) for one in found], axis=0))
    w = priorities(a, method)
    largest = float((a @ w / w).mean()) if convention == "spssau" else principal(a)[1]
    table_of = SPSSAU if convention == "spssau" else SAATY
    index = (largest - k) / (k - 1) if k > 2 else 0.0
    ratio = index / table_of[k - 3] if k > 2 else 0.0
    gci = _gci(a) if k > 2 else float("nan")
    pairs = _pairs(a, w, names, table_of)
    return Judgements(names, w, largest, index, ratio, gci, pairs, method, len(found))


def principal(a: Floats) -> tuple[Floats, float]:
    """(k,) principal right eigenvector of a positive matrix, sum 1, and its eigenvalue."""
    roots, vectors = np.linalg.eig(a)
    place = int(np.argmax(roots.real))
    vector = np.abs(vectors[:, place].real)
    return vector / vector.sum(), float(roots[place].real)


def priorities(a: Floats, method: str) -> Floats:
    """(k,) weights of a (k, k) matrix of judgements by one of the three methods."""
    if method == "eigenvector":
        return principal(a)[0]
    if method == "geometric":
        means = np.exp(np.log(a).mean(axis=1))
        found: Floats = means / means.sum()
        return found
    if method == "columns":
        found = (a / a.sum(axis=0)).mean(axis=1)
        return found
    raise ValueError(f"method must be 'eigenvector', 'geometric' or 'columns', got {method!r}")


def _gci(a: Floats) -> float:
    k = len(a)
    w = priorities(a, "geometric")
    off = np.log(a * w / w[:, None])
    return float(2 / ((k - 1) * (k - 2)) * (np.triu(off, 1) ** 2).sum())


def _pairs(a: Floats, w: Floats, names: tuple[str, ...], table: Sequence[float]) -> pd.DataFrame:
    import pandas as pd

    k, rows = len(a), []
    for i in range(k):
        for j in range(i + 1, k):
            implied = _implied(a, i, j) if k > 2 else a[i, j]
            mended = a.copy()
            mended[i, j], mended[j, i] = implied, 1 / implied
            without = (principal(mended)[1] - k) / (k - 1) / table[k - 3] if k > 2 else 0.0
            off = a[i, j] / implied
            rows.append((names[i], names[j], a[i, j], implied, max(off, 1 / off), without))
    columns = ["first", "second", "given", "implied", "times_off", "ratio_without"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values("ratio_without", kind="stable").reset_index(drop=True)


def _implied(a: Floats, i: int, j: int) -> float:
    """What the other judgements say of i against j (Harker 1987, Math. Modelling 9, 353-360)."""
    b = a.copy()
    b[i, j] = b[j, i] = 0.0
    b[i, i] = b[j, j] = 2.0
    w = principal(b)[0]
    return float(w[i] / w[j])


def _matrices(given: object) -> tuple[list[str], list[Floats]]:
    columns = [str(one) for one in getattr(given, "columns", [])]
    array = np.asarray(given, dtype=np.float64)
    if array.ndim == 2:
        return columns, [array]
    if array.ndim == 3 and len(array):
        return columns, list(array)
    raise ValueError(f"matrices must be (k, k) or several of them, got shape {array.shape}")


def _check(found: Sequence[Floats], names: tuple[str, ...]) -> None:
    faults = []
    k = len(names)
    if k < 2 or k - 2 > len(SAATY):
        faults.append(Fault("index.ahp_order", {"n": k, "most": len(SAATY) + 2}))
    for which, a in enumerate(found, 1):
        where = (f"{which}",) if len(found) > 1 else ()
        for i in range(k):
            if abs(a[i, i] - 1) > _RECIPROCAL:
                values = {"name": names[i], "value": f"{a[i, i]:g}"}
                faults.append(Fault("index.ahp_diagonal", values, where))
            for j in range(i + 1, k):
                pair = {"first": names[i], "second": names[j], "one": f"{a[i, j]:g}", "other": f"{a[j, i]:g}"}
                if not (a[i, j] > 0 and a[j, i] > 0 and np.isfinite(a[i, j] * a[j, i])):
                    faults.append(Fault("index.ahp_positive", pair, where))
                elif abs(a[i, j] * a[j, i] - 1) > 2 * _RECIPROCAL * max(1.0, a[i, j], a[j, i]):
                    faults.append(Fault("index.ahp_reciprocal", pair, where))
    if faults:
        raise InputError(faults)
