"""Partial pooling of small zones: the Fay-Herriot area model, shown beside the direct estimates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.results import Estimates

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AreaModel:
    """A fitted area model.

    coefficients: (p,); covariance: (p, p) theirs; variance: between zones, after the covariates;
    information: expected, of the variance.
    """

    coefficients: Floats
    covariance: Floats
    variance: float
    information: float


@dataclass(frozen=True, eq=False)
class SmallAreas(Estimates):
    """Model estimates by zone: the common columns, with ``direct``, ``direct_error`` and ``shrinkage``.

    shrinkage: weight of the direct estimate, 1 leaves it as it is; 0 is the model alone, as for a zone
    whose direct error is unknown. model: what was fitted.
    """

    model: AreaModel | None = None


def fay_herriot(
    direct: Estimates,
    *,
    zone: str,
    covariates: pd.DataFrame | None = None,
    columns: Sequence[str] = (),
    level: float = 0.95,
) -> SmallAreas:
    """Empirical best predictions of zone means: direct estimates drawn towards what like zones have.

    direct: one row a zone, as from ``mean(design, variable, by=zone)``; its errors are taken as known.
    covariates: a table with the column ``zone`` and the numeric ``columns`` (none: zones are drawn towards
    their common mean). std_error is the root of the estimated mean squared error, g1 + g2 + 2 g3. Not
    for zones that are themselves the strata of interest with large samples, where it changes nothing,
    and no evidence about a single zone's departure from its like. InputError where zones have no
    covariates, or fewer than three more zones than coefficients have a direct error. Sources: Fay &
    Herriot (1979), J. Amer. Statist. Assoc. 74, 269-277; Datta & Lahiri (2000), Stat. Sinica 10, 613-627.
    """
    import pandas as pd
    from scipy import stats

    table = direct.to_frame()
    x = _covariates(table[zone], zone, covariates, columns)
    y = table["estimate"].to_numpy(dtype=np.float64)
    psi = table["std_error"].to_numpy(dtype=np.float64) ** 2
    known = np.isfinite(y) & (psi > 0)
    if "reason" in table:
        known &= (table["reason"] == "").to_numpy()
    if known.sum() < x.shape[1] + 3:
        values = {"n": int(known.sum()), "needed": x.shape[1] + 3}
        raise InputError(Fault("survey.area_too_few", values))
    model = fit(y[known], psi[known], x[known])
    value, error, shrinkage = predict(model, np.where(known, y, 0.0), np.where(known, psi, np.inf), x)
    reach = float(stats.norm.isf((1 - level) / 2)) * error
    frame = pd.DataFrame(
        {
            zone: table[zone],
            "term": table["term"],
            "estimate": value,
            "std_error": error,
            "conf_low": value - reach,
            "conf_high": value + reach,
            "n": table["n"],
            "reason": np.where(known, "", "model-only"),
            "direct": y,
            "direct_error": np.sqrt(psi),
            "shrinkage": shrinkage,
        }
    )
    notes = (
        f"variance between zones after the model: {model.variance:.4g} (restricted likelihood)",
        "drawn towards the model; errors take the direct errors as known and say nothing about a wrong model",
    )
    towards = f"from {', '.join(columns)}" if columns else "around a common mean"
    method = f"Fay-Herriot predictions {towards}"
    return SmallAreas(frame, method, level, direct.n_used, direct.n_dropped, notes, model)


def fit(y: Floats, psi: Floats, x: Floats) -> AreaModel:
    """The variance between areas by restricted likelihood, and the weighted coefficients at it.

    y: (m,) direct estimates; psi: (m,) their known variances; x: (m, p) of full rank. The score is
    followed from a grid on which the likelihood is highest; 0 where it falls from there.
    """
    from scipy import optimize

    scale = float(psi.max() + ((y - y.mean()) ** 2).mean()) or 1.0
    grid = np.concatenate([[0.0], scale * np.geomspace(1e-6, 1e3, 80)])
    heights = np.array([_at(one, y, psi, x)[0] for one in grid])
    top = int(np.argmax(heights))
    low, high = grid[max(top - 1, 0)], grid[min(top + 1, len(grid) - 1)]
    ends = _at(low, y, psi, x)[1], _at(high, y, psi, x)[1]
    variance = grid[top]
    if ends[0] > 0 > ends[1]:

        def score(one: float) -> float:
            return _at(one, y, psi, x)[1]

        variance = optimize.brentq(score, low, high, xtol=1e-14 * scale, rtol=1e-14)
    elif top == 0 or ends[0] <= 0:
        variance = 0.0
    _, _, information, beta, covariance = _at(float(variance), y, psi, x)
    return AreaModel(beta, covariance, float(variance), information)


def predict(model: AreaModel, y: Floats, psi: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
    """(m,) predictions, roots of their mean squared errors, and weights of the direct estimates.

    psi inf: an area without a direct estimate, predicted from the model alone.
    """
    synthetic = x @ model.coefficients
    absent = np.isinf(psi)
    known = np.where(absent, 1.0, psi)
    weight = np.where(absent, 0.0, model.variance / (model.variance + known))
    value = weight * y + (1 - weight) * synthetic
    first = np.where(absent, model.variance, weight * known)
    second = (1 - weight) ** 2 * np.einsum("ij,jk,ik->i", x, model.covariance, x)
    third = known**2 / (model.variance + known) ** 3 / model.information
    third = np.where(absent, 0.0, third)
    return value, np.sqrt(first + second + 2 * third), weight


def _at(variance: float, y: Floats, psi: Floats, x: Floats) -> tuple[float, float, float, Floats, Floats]:
    """Restricted log likelihood, its score, expected information, coefficients and their covariance.

    The information is that of the likelihood, sum(1 / (2 v^2)), which Datta & Lahiri use in g3.
    """
    v = variance + psi
    weighted = x / v[:, None]
    covariance = np.asarray(np.linalg.inv(weighted.T @ x), dtype=np.float64)
    beta = covariance @ (weighted.T @ y)
    projected = (y - x @ beta) / v
    trace = (1 / v).sum() - np.trace(covariance @ (weighted.T @ weighted))
    score = (projected @ projected - trace) / 2
    height = -(np.log(v).sum() - np.linalg.slogdet(covariance)[1] + projected @ (v * projected)) / 2
    return float(height), float(score), float((1 / v**2).sum() / 2), beta, covariance


def _covariates(
    zones: pd.Series, zone: str, covariates: pd.DataFrame | None, columns: Sequence[str]
) -> Floats:
    """(m, p) intercept and covariates in the order of the zones."""
    one = np.ones((len(zones), 1))
    if covariates is None or not columns:
        if columns:
            raise ValueError("columns name covariates, but no table of covariates was given")
        return one
    absent = [name for name in (zone, *columns) if name not in covariates.columns]
    if absent:
        raise KeyError(f"covariates have no column {', '.join(absent)}")
    faults: list[Fault] = []
    twice = covariates[zone][covariates[zone].duplicated()]
    if len(twice):
        faults.append(Fault("survey.area_twice", {"zones": ", ".join(str(label) for label in twice[:8])}))
    else:
        found = covariates.set_index(zone)[list(columns)].reindex(zones)
        missing = found.isna().any(axis=1).to_numpy()
        if missing.any():
            shown = ", ".join(str(label) for label in zones[missing][:8])
            faults.append(Fault("survey.area_no_covariates", {"zones": shown}))
    if faults:
        raise InputError(faults)
    return np.hstack([one, found.to_numpy(dtype=np.float64)])
