"""Does a stated structure hold, and does it mean the same in every zone: confirmatory factors, invariance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.results import Result
from govlab.survey.factors import answers
from govlab.survey.structure import Fitted, Moments, Places, fit, implied, layout, matrices

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
STEPS = (
    ("configural", ()),
    ("metric", ("loadings",)),
    ("scalar", ("loadings", "intercepts")),
    ("strict", ("loadings", "intercepts", "residuals")),
)
CFI_DROP, RMSEA_RISE = 0.01, 0.015
_FEW = 100


@dataclass(frozen=True)
class Fit:
    """How well a model reproduces the covariances; chi-square: normal answers of a simple random sample."""

    chi_square: float
    df: int
    p_value: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    srmr: float


@dataclass(frozen=True, eq=False)
class Confirmed(Result):
    """A confirmatory factor model.

    loadings: ``factor``, ``term``, ``estimate`` (first item 1), ``std_error``, ``statistic``,
    ``standardised``, ``residual``. factors: ``factor``, ``variance``, ``ave`` (average variance extracted),
    ``reliability`` (composite). correlations: (m, m).
    """

    loadings: pd.DataFrame
    factors: pd.DataFrame
    correlations: Floats
    fit: Fit
    n_used: int
    n_dropped: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the loadings."""
        return self.loadings.copy()

    def summary(self) -> str:
        """Fit in plain lines."""
        one = self.fit
        lines = [
            f"chi-square {one.chi_square:.2f} on {one.df} df, p = {one.p_value:.3g}",
            f"CFI {one.cfi:.3f}, TLI {one.tli:.3f}, RMSEA {one.rmsea:.3f} ({one.rmsea_low:.3f} to "
            f"{one.rmsea_high:.3f}, 90 %), SRMR {one.srmr:.3f}",
            f"rows used: {self.n_used:,}; left out: {self.n_dropped:,}",
        ]
        return "\n".join([*lines, *self.notes])


@dataclass(frozen=True, eq=False)
class Invariance(Result):
    """Whether items mean the same in several groups.

    frame: one row a step (configural, metric, scalar, strict): ``chi_square``, ``df``, ``p_value``, ``cfi``,
    ``rmsea``, ``srmr``, and against the step before ``cfi_change``, ``rmsea_change``, ``chi_square_change``,
    ``df_change``, ``p_change``, ``holds``, ``reason`` where a step has no proper solution. reached: the last
    step that holds with all before it, "" if none.
    groups: ``group`` and ``n``.
    """

    frame: pd.DataFrame
    reached: str
    groups: pd.DataFrame
    n_dropped: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def summary(self) -> str:
        """What may be compared."""
        means = {
            "": "not even the same structure holds: nothing may be compared",
            "configural": "same structure only: neither relations nor means may be compared",
            "metric": "same loadings: relations may be compared, means may not",
            "scalar": "same loadings and intercepts: means may be compared",
            "strict": "same loadings, intercepts and errors: sums may be compared as well",
        }
        return "\n".join([means[self.reached], *self.notes])


def confirm(data: pd.DataFrame, model: Mapping[str, Sequence[str]]) -> Confirmed:
    """Fit a confirmatory factor model by maximum likelihood on rows in which every item is answered.

    model: factor -> its items, each item once, three or more items a factor (two with other factors).
    Factors may correlate. Each row counts 1: weights, strata and clusters are not used, and with clusters
    the chi-square is too large. InputError for items that cannot be used or a model that does not settle.
    Standard errors from the expected information; RMSEA interval after Browne & Cudeck (1993).
    """
    import pandas as pd

    items, owner = _items(model)
    x, _, dropped = answers(data, items)
    sample = _moments(x)
    places, count = layout(owner, 1, means=False, same=())
    found = fit([sample], owner, places, count)
    _settled(found, places, "")
    at = places[0]
    loadings, factor, residual, _ = matrices(found.parameters, at, owner)
    estimate = loadings[np.arange(len(items)), owner]
    errors = np.sqrt(np.maximum(np.diag(found.covariance), 0.0))
    error = np.where(at.loading < 0, np.nan, errors[at.loading])
    total = np.diag(loadings @ factor @ loadings.T) + residual
    standard = estimate * np.sqrt(np.diag(factor)[owner] / total)
    names = list(model)
    table = pd.DataFrame(
        {
            "factor": [names[one] for one in owner],
            "term": items,
            "estimate": estimate,
            "std_error": error,
            "statistic": estimate / error,
            "standardised": standard,
            "residual": residual,
        }
    )
    mine = [standard[np.asarray(owner) == place] for place in range(len(names))]
    common = [float(one.sum() ** 2) for one in mine]
    factors = pd.DataFrame(
        {
            "factor": names,
            "variance": np.diag(factor),
            "ave": [float((one**2).mean()) for one in mine],
            "reliability": [c / (c + float((1 - one**2).sum())) for c, one in zip(common, mine, strict=True)],
        }
    )
    sd = np.sqrt(np.diag(factor))
    measured = _measure([sample], owner, places, count, found)
    return Confirmed(table, factors, factor / np.outer(sd, sd), measured, len(x), dropped)


def invariance(data: pd.DataFrame, model: Mapping[str, Sequence[str]], *, group: str) -> Invariance:
    """Configural, metric, scalar and strict invariance of a model over groups (zones, waves).

    A step holds where CFI falls by no more than 0.01 and RMSEA rises by no more than 0.015 against the step
    before (Cheung & Rensvold 2002, Struct. Equ. Modeling 9, 233-255; Chen 2007, same 14, 464-504), and the
    first where CFI is at least 0.90 and RMSEA at most 0.08. The chi-square difference is shown beside.
    Weights and clusters are not used, as in ``confirm``. InputError for groups with too few rows.
    """
    import pandas as pd
    from scipy import stats

    items, owner = _items(model)
    if group not in data.columns:
        raise KeyError(f"group: the table has no column {group!r}")
    names, samples, dropped = _groups(data, items, group)
    rows: list[dict[str, object]] = []
    before: Fit | None = None
    reached, holding = "", True
    for step, same in STEPS:
        places, count = layout(owner, len(samples), means=True, same=same)
        found = fit(samples, owner, places, count)
        if before is None:
            _settled(found, places, step)
        elif not found.converged:
            rows.append({"step": step, "holds": False, "reason": "not-settled"})
            holding = False
            continue
        improper = _improper(found, places)
        one = _measure(samples, owner, places, count, found)
        row: dict[str, object] = {"step": step, "chi_square": one.chi_square, "df": one.df}
        row |= {"p_value": one.p_value, "cfi": one.cfi, "rmsea": one.rmsea, "srmr": one.srmr}
        if before is None:
            holds = one.cfi >= 0.90 and one.rmsea <= 0.08
            row |= dict.fromkeys(
                ("cfi_change", "rmsea_change", "chi_square_change", "df_change", "p_change"), np.nan
            )
        else:
            worse, more = one.chi_square - before.chi_square, one.df - before.df
            holds = before.cfi - one.cfi <= CFI_DROP and one.rmsea - before.rmsea <= RMSEA_RISE
            row |= {"cfi_change": one.cfi - before.cfi, "rmsea_change": one.rmsea - before.rmsea}
            row |= {"chi_square_change": worse, "df_change": more}
            row["p_change"] = float(stats.chi2.sf(max(worse, 0.0), more))
        holds = holds and not improper
        row |= {"holds": holds, "reason": "negative-residual" if improper else ""}
        holding = holding and holds
        reached = step if holding else reached
        rows.append(row)
        before = one
    sizes = pd.DataFrame({"group": names, "n": [one.n for one in samples]})
    few = sizes.loc[sizes["n"] < _FEW, "group"].tolist()
    notes = (f"fewer than {_FEW} rows, too few to rely on these limits: {', '.join(few)}",) if few else ()
    return Invariance(pd.DataFrame(rows), reached, sizes, dropped, notes)


def _groups(data: pd.DataFrame, items: Sequence[str], group: str) -> tuple[list[str], list[Moments], int]:
    """Names of the groups, their moments, rows left out; InputError lists every group that cannot be used."""
    known = data[data[group].notna()]
    parts = {str(name): part for name, part in known.groupby(group, sort=True)}
    if len(parts) < 2:
        raise InputError(Fault("factors.one_group", {"group": group}))
    samples: list[Moments] = []
    faults: list[Fault] = []
    dropped = int(len(data) - len(known))
    for name, part in parts.items():
        try:
            x, _, lost = answers(part, items)
        except InputError as error:
            faults += [Fault(one.key, one.values, (name,)) for one in error.faults]
            continue
        dropped += lost
        sample = _moments(x)
        if np.linalg.eigvalsh(sample.covariance)[0] <= 1e-10 * np.trace(sample.covariance):
            faults.append(Fault("factors.singular", {"items": ", ".join(items), "n": len(x)}, (name,)))
        samples.append(sample)
    if faults:
        raise InputError(faults)
    return list(parts), samples, dropped


def _items(model: Mapping[str, Sequence[str]]) -> tuple[list[str], list[int]]:
    items = [item for mine in model.values() for item in mine]
    owner = [place for place, mine in enumerate(model.values()) for _ in mine]
    few = min((len(mine) for mine in model.values()), default=0)
    if len(set(items)) < len(items) or few < (3 if len(model) == 1 else 2):
        raise ValueError(
            f"model: each item once, three or more items a factor (two beside other factors), got {model!r}"
        )
    return items, owner


def _moments(x: Floats) -> Moments:
    return Moments(len(x), x.mean(axis=0), np.cov(x, rowvar=False, bias=True))


def _settled(found: Fitted, places: Sequence[Places], step: str) -> None:
    if not found.converged:
        raise InputError(Fault("factors.not_settled", {"step": step or "confirmatory"}))
    if _improper(found, places):
        raise InputError(Fault("factors.negative_residual", {"step": step or "confirmatory"}))


def _improper(found: Fitted, places: Sequence[Places]) -> bool:
    return any(bool((found.parameters[at.residual] < 0).any()) for at in places)


def _measure(
    samples: Sequence[Moments], owner: Sequence[int], places: Sequence[Places], count: int, found: Fitted
) -> Fit:
    from scipy import stats

    n, p, groups = sum(one.n for one in samples), len(owner), len(samples)
    means = len(places[0].intercept) > 0
    known = groups * (p * (p + 1) // 2 + (p if means else 0))
    chi, df = n * found.discrepancy, known - count
    base = sum(
        one.n * (np.log(np.diag(one.covariance)).sum() - np.linalg.slogdet(one.covariance)[1])
        for one in samples
    )
    base_df = groups * p * (p - 1) // 2
    over, base_over = max(chi - df, 0.0), max(base - base_df, chi - df, 0.0)
    cfi = 1 - over / base_over if base_over > 0 else 1.0
    tli = (base / base_df - chi / df) / (base / base_df - 1) if df else 1.0
    scale = np.sqrt(groups / (n * df)) if df else 0.0
    low, high = _noncentral(chi, df, 0.95), _noncentral(chi, df, 0.05)
    misfit = 0.0
    for one, at in zip(samples, places, strict=True):
        covariance, mean = implied(found.parameters, at, owner, one)
        sd = np.sqrt(np.diag(one.covariance))
        off = ((one.covariance - covariance) / np.outer(sd, sd))[np.tril_indices(p)]
        squares, terms = float((off**2).sum()), len(off)
        if means:
            squares, terms = squares + float((((one.mean - mean) / sd) ** 2).sum()), terms + p
        misfit += one.n / n * np.sqrt(squares / terms)
    p_value = float(stats.chi2.sf(chi, df)) if df else float("nan")
    return Fit(
        chi, df, p_value, float(cfi), float(tli), float(scale * np.sqrt(over)), float(scale * np.sqrt(low)),
        float(scale * np.sqrt(high)), float(misfit),
    )  # fmt: skip


def _noncentral(chi: float, df: int, share: float) -> float:
    """The non-centrality under which a chi-square this small has the given probability; 0 if none."""
    from scipy import optimize, stats

    if not df or stats.chi2.cdf(chi, df) < share:
        return 0.0
    high = chi + 10.0
    while stats.ncx2.cdf(chi, df, high) > share:
        high *= 2
    return float(optimize.brentq(lambda size: stats.ncx2.cdf(chi, df, size) - share, 1e-12, high, xtol=1e-12))
