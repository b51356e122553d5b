"""Wild cluster bootstrap by full enumeration: a check on errors by cluster when clusters are few."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.compare.did.fixed_effects import Model, TwoWay
from govlab.compare.did.rows import FEW
from govlab.errors import Fault, InputError
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
MOST = 20  # clusters up to which every vector of signs is gone through
_BLOCK = 1 << 14
_TIE = 1e-9  # t values closer than this, relatively, are the same value computed twice


@dataclass(frozen=True, eq=False)
class Draws:
    """Bootstrap t statistics of one kind against the observed one.

    greater, equal: how many are larger in absolute value, or tie. p_value counts ties in (they belong
    to the event), p_strict leaves them out. p_left, p_right: one-sided, ties in.
    """

    statistics: Floats = field(repr=False)
    greater: int
    equal: int
    p_left: float
    p_right: float

    @property
    def p_value(self) -> float:
        """Two-sided, ties in."""
        return (self.greater + self.equal) / len(self.statistics)

    @property
    def p_strict(self) -> float:
        """Two-sided, ties left out."""
        return self.greater / len(self.statistics)


@dataclass(frozen=True, eq=False)
class WildBootstrap(Result):
    """Restricted (null imposed) and unrestricted bootstrap beside each other. A check, never a headline.

    estimate, std_error, statistic: of the regression, CR1 error. clusters, treated, untreated: their
    numbers. smallest_p: no data of this shape can give a smaller one. few_treated: then the restricted
    version hardly ever rejects and the unrestricted one far too often (MacKinnon & Webb 2017).
    """

    estimate: float
    std_error: float
    statistic: float
    restricted: Draws
    unrestricted: Draws
    clusters: int
    treated: int
    untreated: int

    @property
    def smallest_p(self) -> float:
        """Two sign vectors, all kept and all turned, give the observed |t| whatever the data."""
        return float(2.0 ** (1 - self.clusters))

    @property
    def few_treated(self) -> bool:
        """Whether an arm is too small for the bootstrap to be trusted."""
        return min(self.treated, self.untreated or FEW) < FEW

    def to_frame(self) -> pd.DataFrame:
        """Two rows, ``kind`` restricted and unrestricted."""
        import pandas as pd

        rows = []
        for kind, one in (("restricted", self.restricted), ("unrestricted", self.unrestricted)):
            row: dict[str, object] = {"kind": kind, "estimate": self.estimate, "std_error": self.std_error}
            row |= {"statistic": self.statistic, "p_value": one.p_value, "p_strict": one.p_strict}
            row |= {"p_left": one.p_left, "p_right": one.p_right, "draws": len(one.statistics)}
            row |= {"smallest_p": self.smallest_p, "n": self.clusters}
            row["reason"] = "few-treated" if self.few_treated else ""
            rows.append(row)
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """Both p-values and how far they can be trusted."""
        lines = [
            f"wild cluster bootstrap, all {len(self.restricted.statistics):,} sign vectors of "
            f"{self.clusters} clusters ({self.treated} treated): t = {self.statistic:.4g}",
            f"p restricted {self.restricted.p_value:.4g}, unrestricted {self.unrestricted.p_value:.4g}; "
            f"the smallest possible is {self.smallest_p:.3g}",
            "a check beside errors by cluster; not a headline",
        ]
        if self.few_treated:
            lines.append(
                f"fewer than {FEW} clusters in an arm: the restricted p tends to be too large and the "
                "unrestricted too small; where they disagree neither can be used"
            )
        return "\n".join(lines)


def wild_bootstrap(model: TwoWay) -> WildBootstrap:
    """p of the treatment coefficient from all 2^G Rademacher sign vectors of the clusters.

    model: of ``two_way``. InputError with fewer than 4 clusters, where nothing can be rejected at any
    usual level, or more than 20, where enumeration is not what is needed. Sources: Cameron, Gelbach &
    Miller (2008), Rev. Econ. Stat. 90, 414-427; Webb (2023), Can. J. Econ. 56, 839-858; MacKinnon &
    Webb (2017), J. Appl. Econometrics 32, 233-254.
    """
    if model.model is None:
        raise ValueError("model carries no regression; use the result of two_way as it came")
    taken = model.model
    if taken.count < 4:
        raise InputError(
            Fault("did.wild_too_few", {"n": taken.count, "smallest": f"{2.0 ** (1 - taken.count):g}"})
        )
    if taken.count > MOST:
        raise InputError(Fault("did.wild_too_many", {"n": taken.count, "most": MOST}))
    value, observed, error = _observed(taken)
    if not np.isfinite(observed):
        raise InputError(Fault("did.no_variation"))
    residual = taken.y - taken.treat * value
    return WildBootstrap(
        value, error, observed,
        _draws(taken, taken.y, observed), _draws(taken, residual, observed),
        model.clusters, model.treated, model.untreated,
    )  # fmt: skip


def _observed(model: Model) -> tuple[float, float, float]:
    size = float(model.treat @ model.treat)
    value = float(model.treat @ model.y) / size
    scores = np.bincount(model.clusters, model.treat * (model.y - model.treat * value), minlength=model.count)
    error = float(np.sqrt(model.factor("all") * (scores @ scores))) / size
    with np.errstate(divide="ignore", invalid="ignore"):
        return value, float(np.float64(value) / error), error


def _draws(model: Model, residual: Floats, observed: float) -> Draws:
    """t under every sign vector, from residuals with (unrestricted) or without treatment taken out.

    Everything is linear in the signs: with e_h the residuals of cluster h alone, the coefficient is
    sum_h s_h c_h, less the null, and the score of cluster g is sum_h s_h K_gh.
    """
    groups, size = model.count, float(model.treat @ model.treat)
    alone = residual[:, None] * (model.clusters[:, None] == np.arange(groups))
    left = model.swept(alone)
    moves = model.treat @ left / size
    left -= model.treat[:, None] * moves
    scores = np.zeros((groups, groups))
    np.add.at(scores, model.clusters, model.treat[:, None] * left)
    factor = model.factor("all")
    found = np.empty(1 << groups)
    for start in range(0, len(found), _BLOCK):
        signs = _signs(start, min(start + _BLOCK, len(found)), groups)
        spread = ((signs @ scores.T) ** 2).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[start : start + len(signs)] = signs @ moves * size / np.sqrt(factor * spread)
    found = np.where(np.isnan(found), 0.0, found)  # no residual left at all: nothing moved
    slack = _TIE * abs(observed)
    greater = int((np.abs(found) > abs(observed) + slack).sum())
    equal = int((np.abs(np.abs(found) - abs(observed)) <= slack).sum())
    return Draws(
        found,
        greater,
        equal,
        float((found <= observed + slack).mean()),
        float((found >= observed - slack).mean()),
    )


def _signs(start: int, stop: int, groups: int) -> Floats:
    """(stop - start, groups) vectors of +1 / -1; the first is all +1, the last cluster turns fastest."""
    numbers = np.arange(start, stop, dtype=np.int64)[:, None]
    bits = (numbers >> np.arange(groups - 1, -1, -1)) & 1
    return np.asarray(1.0 - 2.0 * bits)
