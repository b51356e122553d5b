"""Do several items measure one thing: Cronbach's alpha, omega total, item statistics; weighted or plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.results import NotApplicable, Result
from govlab.survey.design import Design

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scale(Result):
    """Reliability of a set of items.

    alpha: Cronbach's; std_error, conf_low, conf_high: of alpha, from the design, None without one.
    standardised_alpha: of the correlations; guttman6: Guttman's lambda 6; average_r: mean correlation.
    omega: McDonald's omega total of a one-factor solution, or why there is none. items: one row an item:
    mean, sd, item_rest (correlation with the sum of the others), alpha_if_dropped, loading, n, missing.
    """

    alpha: float
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    standardised_alpha: float
    guttman6: float
    average_r: float
    omega: float | NotApplicable
    items: pd.DataFrame
    level: float
    n_used: int
    n_dropped: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """The items, one row each."""
        return self.items.copy()

    def summary(self) -> str:
        """Alpha with its interval, omega, rows used and dropped, and what to look at."""
        alpha = f"alpha {self.alpha:.3f}"
        if self.conf_low is not None and self.conf_high is not None:
            alpha += f" ({100 * self.level:g} % interval {self.conf_low:.3f} to {self.conf_high:.3f})"
        lines = [f"scale of {len(self.items)} items", alpha]
        if isinstance(self.omega, NotApplicable):
            lines.append(f"no omega: {self.omega}")
        else:
            lines.append(f"omega {self.omega:.3f}")
        lines.append(f"rows used: {self.n_used:,}; left out: {self.n_dropped:,}")
        return "\n".join([*lines, *self.notes])


def scale(data: Design | pd.DataFrame, items: Sequence[str], *, level: float = 0.95) -> Scale:
    """Reliability of a sum score over rows in which every item is answered.

    data: a design (weighted, with the design's error of alpha) or a table (each row counts 1). items: two
    or more columns of numbers, all in the same direction. InputError for items that are not numbers, do
    not vary, or have no complete row. Sources: Cronbach (1951), Psychometrika 16; McDonald (1999), Test
    Theory, ch. 6; the error of alpha is that of a ratio of two weighted totals.
    """
    names = list(items)
    if len(names) < 2 or len(set(names)) != len(names):
        raise ValueError(f"items must name at least two different columns, got {names!r}")
    design = data if isinstance(data, Design) else None
    frame = data.frame if isinstance(data, Design) else data
    values, ok = _read(frame, names, None if design is None else design.inside)
    x = values[ok]
    w = np.ones(len(x)) if design is None else design.weights[ok]
    covariance = weighted_covariance(x, w)
    _refuse_constant(names, covariance)
    correlation = covariance / np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    asked = np.ones(len(frame), dtype=bool) if design is None or design.inside is None else design.inside
    missing = np.isnan(values[asked])
    loadings, omega = _omega(correlation)
    item_rest = item_rest_correlations(covariance)
    table = _items(names, x, w, covariance, item_rest, loadings, missing.mean(axis=0))
    notes = [] if design is None else list(design.notes)
    against = [name for name, r in zip(names, item_rest, strict=True) if r < 0]
    if against:
        notes.append(f"running against the others (reversed wording?): {', '.join(against)}")
    value = alpha(covariance)
    error, low, high = (None, None, None) if design is None else _interval(design, x, ok, value, level)
    return Scale(
        value, error, low, high, alpha(correlation), guttman6(correlation), _average(correlation), omega,
        table, level, int(ok.sum()), int(asked.sum() - ok.sum()), tuple(notes),
    )  # fmt: skip


def alpha(covariance: Floats) -> float:
    """Cronbach's alpha of k items from their (k, k) covariances; from correlations: standardised alpha."""
    k = len(covariance)
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def guttman6(correlation: Floats) -> float:
    """Guttman's lambda 6 from (k, k) correlations: what the other items leave unexplained of each."""
    unexplained = 1 / np.diag(np.linalg.pinv(correlation, hermitian=True))
    return float(1 - unexplained.sum() / correlation.sum())


def item_rest_correlations(covariance: Floats) -> Floats:
    """(k,) correlation of each item with the sum of the others, from (k, k) covariances."""
    own = np.diag(covariance)
    with_all = covariance.sum(axis=1)
    rest = covariance.sum() - 2 * with_all + own
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = (with_all - own) / np.sqrt(own * rest)
    return found


def weighted_covariance(x: Floats, weights: Floats) -> Floats:
    """(k, k) population covariance of rows (n, k), with n / (n - 1) for the estimated mean."""
    deviations = x - (weights @ x) / weights.sum()
    n = len(x)
    covariance: Floats = (deviations.T * weights) @ deviations / weights.sum() * (n / (n - 1))
    return covariance


def one_factor(correlation: Floats, method: Literal["ml", "minres"] = "ml") -> tuple[Floats, Floats]:
    """(k,) loadings and (k,) uniquenesses of one factor for (k, k) correlations, k >= 3.

    ml: Jöreskog's (1967) likelihood, concentrated on the uniquenesses; minres: least squares over the
    correlations off the diagonal. The sum of the loadings is positive.
    """
    from scipy import optimize

    k = len(correlation)
    floor = 0.005

    def loadings_at(psi: Floats) -> tuple[Floats, Floats]:
        root = np.sqrt(psi)
        values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
        return values, root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))

    def minus_likelihood(psi: Floats) -> tuple[float, Floats]:
        values, loadings = loadings_at(psi)
        rest = np.maximum(values[:-1], 1e-12)
        slope = (np.diag(np.outer(loadings, loadings)) + psi - np.diag(correlation)) / psi**2
        return float((rest - np.log(rest) - 1).sum()), slope

    def residuals(loadings: Floats) -> Floats:
        above = np.triu_indices(k, 1)
        gap: Floats = (correlation - np.outer(loadings, loadings))[above]
        return gap

    start = np.clip(1 / np.diag(np.linalg.pinv(correlation, hermitian=True)) * (1 - 0.5 / k), floor, 1.0)
    if method == "ml":
        found = optimize.minimize(
            minus_likelihood, start, jac=True, method="L-BFGS-B", bounds=[(floor, 1.0)] * k,
            options={"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-10},
        )  # fmt: skip
        psi = found.x
        loadings = loadings_at(psi)[1]
    elif method == "minres":
        first = np.sqrt(np.maximum(1 - start, 0.05))
        solved = optimize.least_squares(residuals, first, xtol=1e-15, ftol=1e-15)
        loadings = solved.x
        psi = 1 - loadings**2
    else:
        raise ValueError(f"method must be 'ml' or 'minres', got {method!r}")
    return loadings * (1.0 if loadings.sum() >= 0 else -1.0), psi


def omega_total(loadings: Floats, uniquenesses: Floats) -> float:
    """Share of the variance of the sum that the common factor explains."""
    common = float(loadings.sum() ** 2)
    return common / (common + float(uniquenesses.sum()))


def _omega(correlation: Floats) -> tuple[Floats, float | NotApplicable]:
    k = len(correlation)
    if k < 3:
        return np.full(k, np.nan), NotApplicable("two-items", "one factor of two items is not determined")
    loadings, psi = one_factor(correlation)
    if (psi <= 0.005 + 1e-9).any() or (psi < 0).any():
        detail = "the one-factor solution has an item without any error of its own; it is not to be trusted"
        return loadings, NotApplicable("improper-factor", detail)
    return loadings, omega_total(loadings, psi)


def _average(correlation: Floats) -> float:
    k = len(correlation)
    return float((correlation.sum() - k) / (k * (k - 1)))


def _interval(
    design: Design, x: Floats, ok: NDArray[np.bool_], value: float, level: float
) -> tuple[float, float | None, float | None]:
    """Error of alpha: k/(k-1) (1 - A/B), with A and B weighted totals of squared deviations."""
    from scipy import stats

    from govlab.survey import variance

    w = design.weights[ok]
    deviations = x - (w @ x) / w.sum()
    single, joint = (deviations**2).sum(axis=1), deviations.sum(axis=1) ** 2
    k = x.shape[1]
    ratio = (w @ single) / (w @ joint)
    influence = np.zeros((len(design), 1))
    influence[ok, 0] = -k / (k - 1) * (single - ratio * joint) / (w @ joint)
    error = float(np.sqrt(variance.covariance(design, influence)[0, 0]))
    df = design.altered(inside=ok).degf
    if df <= 0:
        return error, None, None
    reach = float(stats.t.isf((1 - level) / 2, df)) * error
    return error, value - reach, value + reach


def _read(
    frame: pd.DataFrame, names: list[str], inside: NDArray[np.bool_] | None
) -> tuple[Floats, NDArray[np.bool_]]:
    import pandas as pd

    faults: list[Fault] = []
    columns: list[Floats] = []
    for name in names:
        if name not in frame.columns:
            raise KeyError(f"items: the frame has no column {name!r}")
        numbers = pd.to_numeric(frame[name], errors="coerce")
        bad = numbers.isna() & frame[name].notna()
        if bad.any():
            shown = ", ".join(str(one) for one in pd.unique(frame[name][bad])[:5])
            faults.append(Fault("survey.scale_not_numbers", {"item": name, "values": shown}))
        columns.append(numbers.to_numpy(dtype=np.float64, na_value=np.nan))
    if faults:
        raise InputError(faults)
    values = np.stack(columns, axis=1)
    ok = np.asarray(~np.isnan(values).any(axis=1), dtype=np.bool_)
    if inside is not None:
        ok &= inside
    if ok.sum() < 2:
        raise InputError(Fault("survey.scale_no_rows", {"items": ", ".join(names), "n": int(ok.sum())}))
    return values, ok


def _refuse_constant(names: list[str], covariance: Floats) -> None:
    constant = [name for name, own in zip(names, np.diag(covariance), strict=True) if not own > 0]
    if constant:
        raise InputError(Fault("survey.scale_constant", {"items": ", ".join(constant)}))


def _items(
    names: list[str],
    x: Floats,
    w: Floats,
    covariance: Floats,
    item_rest: Floats,
    loadings: Floats,
    missing: Floats,
) -> pd.DataFrame:
    import pandas as pd

    k = len(names)
    dropped = np.full(k, np.nan)
    if k > 2:
        for place in range(k):
            rest = np.delete(np.arange(k), place)
            dropped[place] = alpha(covariance[np.ix_(rest, rest)])
    return pd.DataFrame(
        {
            "term": names,
            "mean": (w @ x) / w.sum(),
            "sd": np.sqrt(np.diag(covariance)),
            "item_rest": item_rest,
            "alpha_if_dropped": dropped,
            "loading": loadings,
            "missing": missing,
            "n": len(x),
        }
    )
