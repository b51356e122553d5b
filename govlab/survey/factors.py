"""How many things a set of items measures: fit for factoring (KMO, Bartlett) and exploratory factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.results import NotApplicable, Result, TestResult
from govlab.survey.design import Design
from govlab.survey.rotations import oblimin, varimax
from govlab.survey.scales import weighted_covariance

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_FLOOR = 0.005  # smallest share of its own that an item is left with


@dataclass(frozen=True, eq=False)
class Adequacy(Result):
    """Whether items have enough in common. kmo: Kaiser's overall measure; items: ``term``, ``kmo``, ``n``.

    bartlett: test that nothing correlates. eigenvalues: (k,) of the correlations, largest first.
    """

    kmo: float
    items: pd.DataFrame
    bartlett: TestResult
    eigenvalues: Floats
    n_used: int
    n_dropped: int

    def to_frame(self) -> pd.DataFrame:
        """The items, one row each."""
        return self.items.copy()

    def summary(self) -> str:
        """Both measures in plain lines."""
        return f"KMO {self.kmo:.3f}\n{self.bartlett.summary()}"


@dataclass(frozen=True, eq=False)
class Factors(Result):
    """Exploratory factors of k items.

    loadings: ``term``, a column a factor (``factor1`` explains most), ``communality``, ``uniqueness``.
    correlations: (m, m) of the factors. chi_square, df, p_value, rmsea, tli: of a simple random sample, None
    where the sample is weighted or clustered. improper: items left without any error of their own.
    """

    loadings: pd.DataFrame
    correlations: Floats
    explained: Floats
    method: str
    rotation: str
    chi_square: float | None
    df: int
    p_value: float | None
    rmsea: float | None
    tli: float | None
    improper: tuple[str, ...]
    n_used: int
    n_dropped: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the loadings."""
        return self.loadings.copy()

    def summary(self) -> str:
        """Method, fit, what to mistrust."""
        lines = [f"{len(self.correlations)} factors of {len(self.loadings)} items, {self.method}, "
                 f"{self.rotation}"]  # fmt: skip
        if self.chi_square is not None:
            lines.append(f"chi-square {self.chi_square:.2f} on {self.df} df")
        if self.improper:
            lines.append(f"improper: {', '.join(self.improper)} without error of their own")
        lines.append(f"rows used: {self.n_used:,}; left out: {self.n_dropped:,}")
        return "\n".join([*lines, *self.notes])


def kmo(correlation: Floats) -> tuple[float, Floats]:
    """Kaiser's measure of sampling adequacy, overall and (k,) by item, from (k, k) correlations.

    Squared correlations over themselves plus squared partial correlations (Kaiser & Rice 1974, Educ.
    Psychol. Meas. 34, 111-117).
    """
    inverse = np.linalg.inv(correlation)
    partial = inverse / np.sqrt(np.outer(np.diag(inverse), np.diag(inverse)))
    off = 1 - np.eye(len(correlation))
    direct, rest = correlation**2 * off, partial**2 * off
    return float(direct.sum() / (direct.sum() + rest.sum())), direct.sum(axis=0) / (
        direct.sum(axis=0) + rest.sum(axis=0)
    )


def adequacy(data: Design | pd.DataFrame, items: Sequence[str]) -> Adequacy:
    """KMO and Bartlett's test on rows in which every item is answered.

    data: a table, or a design (weighted correlations; Bartlett's test then does not apply, since it counts
    on a simple random sample). InputError as for ``factor_analysis``. Bartlett (1951), Biometrika 38,
    337-344.
    """
    import pandas as pd
    from scipy import stats

    correlation, n, dropped = correlations(data, items)
    whole, each = kmo(correlation)
    k = len(correlation)
    statistic = -(n - 1 - (2 * k + 5) / 6) * float(np.linalg.slogdet(correlation)[1])
    df = k * (k - 1) // 2
    null = "no two items correlate"
    if isinstance(data, Design):
        why = NotApplicable("not-a-simple-sample", "Bartlett's test counts on a simple random sample")
        test = TestResult(null, "Bartlett's test", float("nan"), (df,), float("nan"), n, dropped, (), why)
    else:
        p = float(stats.chi2.sf(statistic, df))
        test = TestResult(null, "Bartlett's test", statistic, (df,), p, n, dropped)
    table = pd.DataFrame({"term": list(items), "kmo": each, "n": n})
    roots: Floats = np.asarray(np.linalg.eigvalsh(correlation)[::-1], dtype=np.float64)
    return Adequacy(whole, table, test, roots, n, dropped)


def factor_analysis(
    data: Design | pd.DataFrame,
    items: Sequence[str],
    factors: int,
    *,
    method: Literal["ml", "minres"] = "ml",
    rotation: Literal["none", "varimax", "oblimin"] = "oblimin",
) -> Factors:
    """Exploratory factors by maximum likelihood or minimum residuals, turned.

    data: a table (each row counts 1) or a design (weighted correlations, no fit test). InputError for items
    that are not numbers, do not vary or repeat each other, and for too many factors (no degree of freedom
    left). Jöreskog (1967), Psychometrika 32, 443-482; Harman & Jones (1966), Psychometrika 31, 351-368;
    chi-square with Bartlett's correction. Answers on few levels attenuate loadings.
    """
    import pandas as pd
    from scipy import stats

    if rotation not in ("none", "varimax", "oblimin"):
        raise ValueError(f"rotation must be 'none', 'varimax' or 'oblimin', got {rotation!r}")
    correlation, n, dropped = correlations(data, items)
    k = len(correlation)
    df = ((k - factors) ** 2 - k - factors) // 2
    if factors < 1 or df < 0:
        raise InputError(Fault("factors.too_many", {"factors": factors, "items": k}))
    loadings, psi = extract(correlation, factors, method)
    loadings, phi = _turned(loadings, rotation)
    explained = np.diag(phi @ loadings.T @ loadings)
    order = np.argsort(-explained, kind="stable")
    loadings, phi, explained = loadings[:, order], phi[np.ix_(order, order)], explained[order]
    names = [f"factor{place + 1}" for place in range(factors)]
    table = pd.DataFrame(loadings, columns=names)
    table.insert(0, "term", list(items))
    table["communality"], table["uniqueness"] = 1 - psi, psi
    improper = tuple(name for name, own in zip(items, psi, strict=True) if own <= _FLOOR + 1e-6)
    fit: tuple[float | None, ...] = (None, None, None, None)
    notes: tuple[str, ...] = ()
    if isinstance(data, Design):
        notes = ("weighted correlations; a fit test would count on a simple random sample",)
    else:
        implied = loadings @ phi @ loadings.T
        implied += np.diag(psi)
        scale = n - 1 - (2 * k + 5) / 6 - 2 * factors / 3
        chi = scale * discrepancy(correlation, implied)
        null = -scale * float(np.linalg.slogdet(correlation)[1])
        base = null / (k * (k - 1) / 2)
        rmsea = np.sqrt(max(chi / (df * n) - 1 / (n - 1), 0.0)) if df else 0.0
        tli = (base - chi / df) / (base - 1) if df else float("nan")
        fit = (chi, float(stats.chi2.sf(chi, df)) if df else None, float(rmsea), float(tli))
    return Factors(
        table,
        phi,
        explained,
        method,
        rotation,
        fit[0],
        df,
        fit[1],
        fit[2],
        fit[3],
        improper,
        n,
        dropped,
        notes,
    )


def discrepancy(observed: Floats, implied: Floats) -> float:
    """Maximum-likelihood distance of (k, k) matrices: log|implied| - log|observed| + tr - k."""
    away = np.linalg.slogdet(implied)[1] - np.linalg.slogdet(observed)[1]
    return float(away + np.trace(np.linalg.solve(implied, observed)) - len(observed))


def extract(correlation: Floats, factors: int, method: str) -> tuple[Floats, Floats]:
    """(k, m) unturned loadings, columns at right angles, and (k,) uniquenesses."""
    from scipy import optimize

    if method not in ("ml", "minres"):
        raise ValueError(f"method must be 'ml' or 'minres', got {method!r}")
    k = len(correlation)
    start = np.clip((1 - 0.5 * factors / k) / np.diag(np.linalg.inv(correlation)), _FLOOR, 1.0)

    def ml(psi: Floats) -> tuple[float, Floats]:
        root = np.sqrt(psi)
        values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
        rest = np.maximum(values[:-factors], 1e-12)
        loadings = root[:, None] * vectors[:, -factors:] * np.sqrt(np.maximum(values[-factors:] - 1, 0.0))
        slope = ((loadings**2).sum(axis=1) + psi - np.diag(correlation)) / psi**2
        return float((rest - np.log(rest) - 1).sum()), slope

    def minres(psi: Floats) -> tuple[float, Floats]:
        values, vectors = np.linalg.eigh(correlation - np.diag(psi))
        rest = values[:-factors]
        return float((rest**2).sum()) / 2, -(vectors[:, :-factors] ** 2) @ rest

    found = optimize.minimize(
        ml if method == "ml" else minres, start, jac=True, method="L-BFGS-B", bounds=[(_FLOOR, 1.0)] * k,
        options={"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-10},
    )  # fmt: skip
    psi: Floats = found.x
    if method == "ml":
        root = np.sqrt(psi)
        values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
        loadings = root[:, None] * vectors * np.sqrt(np.maximum(values - 1, 0.0))
    else:
        values, vectors = np.linalg.eigh(correlation - np.diag(psi))
        loadings = vectors * np.sqrt(np.maximum(values, 0.0))
    return loadings[:, : -factors - 1 : -1], psi


def correlations(data: Design | pd.DataFrame, items: Sequence[str]) -> tuple[Floats, int, int]:
    """(k, k) correlations of the items over complete rows (weighted under a design); rows used, left out."""
    x, w, dropped = answers(data, items)
    covariance = weighted_covariance(x, w)
    sd = np.sqrt(np.diag(covariance))
    correlation: Floats = covariance / np.outer(sd, sd)
    if np.linalg.eigvalsh(correlation)[0] < 1e-10:
        raise InputError(Fault("factors.singular", {"items": ", ".join(items), "n": len(x)}))
    return correlation, len(x), dropped


def answers(data: Design | pd.DataFrame, items: Sequence[str]) -> tuple[Floats, Floats, int]:
    """(n, k) complete rows of the items, (n,) weights, rows left out; InputError lists what is wrong."""
    import pandas as pd

    names = list(items)
    if len(names) < 3 or len(set(names)) < len(names):
        raise ValueError(f"items must name at least three different columns, got {names!r}")
    frame = data.frame if isinstance(data, Design) else data
    inside = data.inside if isinstance(data, Design) else None
    faults, columns = [], []
    for name in names:
        if name not in frame.columns:
            raise KeyError(f"items: the table has no column {name!r}")
        numbers = pd.to_numeric(frame[name], errors="coerce")
        strange = frame[name][numbers.isna() & frame[name].notna()]
        if len(strange):
            shown = ", ".join(str(one) for one in pd.unique(strange)[:5])
            faults.append(Fault("factors.not_numbers", {"item": name, "values": shown}))
        columns.append(numbers.to_numpy(dtype=np.float64, na_value=np.nan))
    x = np.stack(columns, axis=1)
    asked = np.ones(len(x), dtype=bool) if inside is None else np.asarray(inside)
    ok = ~np.isnan(x).any(axis=1) & asked
    if not faults and ok.sum() <= len(names):
        faults.append(Fault("factors.few_rows", {"n": int(ok.sum()), "items": len(names)}))
    if not faults:
        still = [name for name, one in zip(names, x[ok].T, strict=True) if one.min() == one.max()]
        faults += [Fault("factors.constant", {"item": name}) for name in still]
    if faults:
        raise InputError(faults)
    weights = data.weights[ok] if isinstance(data, Design) else np.ones(int(ok.sum()))
    return x[ok], weights, int(asked.sum() - ok.sum())


def _turned(loadings: Floats, rotation: str) -> tuple[Floats, Floats]:
    m = loadings.shape[1]
    if rotation == "oblimin":
        return oblimin(loadings)
    turned = varimax(loadings) if rotation == "varimax" else loadings
    return turned * np.where(turned.sum(axis=0) < 0, -1.0, 1.0), np.eye(m)
