"""Regression on a design: weighted likelihood, design variance of the influence values, joint Wald tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.results import Estimates, NotApplicable, TestResult
from govlab.survey.formula import ModelData, read_formula
from govlab.survey.glm import Glm, GlmFamily, Likelihood, NotSettled
from govlab.survey.ordinal import ProportionalOdds
from govlab.survey.replicate import Replicates

if TYPE_CHECKING:
    import pandas as pd

    from govlab.survey.design import Design

Floats = NDArray[np.float64]
Family = Literal["gaussian", "binomial", "poisson", "ordinal"]

_METHODS = {
    "gaussian": "linear regression",
    "binomial": "logistic regression",
    "poisson": "log-linear (Poisson) regression",
    "ordinal": "proportional odds regression",
}


@dataclass(frozen=True, eq=False)
class Regression(Estimates):
    """Coefficients with design-based errors.

    coefficients: (p,); covariance: (p, p); df: residual degrees of freedom, those of the design plus one
    minus the number of parameters; terms: each term and its places among the coefficients.
    """

    formula: str = ""
    family: Family = "gaussian"
    coefficients: Floats = field(default_factory=lambda: np.zeros(0), repr=False)
    covariance: Floats = field(default_factory=lambda: np.zeros((0, 0)), repr=False)
    df: int = 0
    terms: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def wald(self, *names: str) -> TestResult:
        """Joint test that every coefficient of the named terms is zero: F on (their number, df).

        names: terms of the formula, such as ``edu`` or ``wave:pilot``. KeyError for one it does not have.
        """
        from scipy import stats

        if not names:
            raise ValueError("wald needs at least one term of the formula")
        known = {frozenset(term.split(":")): at for term, at in self.terms}
        places: list[int] = []
        for name in names:
            found = known.get(frozenset(part.strip() for part in name.split(":")))
            if found is None:
                raise KeyError(f"{name!r} is no term of {self.formula!r}; there are: {_list(self.terms)}")
            places.extend(found)
        null = f"all coefficients of {', '.join(names)} are zero"
        method = f"Wald test after {_METHODS[self.family]}"
        if self.df <= 0:
            return TestResult(
                null, method, np.nan, (len(places), self.df), np.nan, self.n_used, self.n_dropped,
                not_applicable=_few(self.df),
            )  # fmt: skip
        b, v = self.coefficients[places], self.covariance[np.ix_(places, places)]
        size = np.sqrt(np.diag(v))
        statistic = float((b / size) @ np.linalg.solve(v / np.outer(size, size), b / size) / len(places))
        p = float(stats.f.sf(statistic, len(places), self.df))
        return TestResult(
            null, method, statistic, (len(places), self.df), p, self.n_used, self.n_dropped, self.notes
        )

    def ratios(self) -> Estimates:
        """Coefficients and intervals exponentiated: odds ratios, or rate ratios for poisson."""
        if self.family == "gaussian":
            raise ValueError("a linear regression has no ratios; its coefficients are differences")
        places = [place for _, at in self.terms for place in at]
        frame = self.to_frame().iloc[places].reset_index(drop=True)
        for column in ("estimate", "conf_low", "conf_high"):
            frame[column] = np.exp(frame[column])
        kind = "rate ratios" if self.family == "poisson" else "odds ratios"
        return Estimates(
            frame.drop(columns="std_error"), f"{kind} of {self.method}", self.level, self.n_used,
            self.n_dropped, self.notes,
        )  # fmt: skip


def regress(design: Design, formula: str, *, family: Family = "gaussian", level: float = 0.95) -> Regression:
    """Coefficients of a model with standard errors, intervals and tests from the design.

    formula: ``outcome ~ terms`` over columns of the design, with ``*`` and ``:`` for interactions and
    ``C(x)`` for numbers that are categories; the first level is the reference. family: ``gaussian``
    (identity), ``binomial`` (logit; outcome 0 / 1), ``poisson`` (log; outcome 0 or more) or ``ordinal``
    (proportional odds; an ordered category or whole numbers). Rows with a missing value are left out of
    the model while the design stays whole. Replicate designs are refitted in every replicate.
    InputError where formula, outcome or data do not allow the model. Source: Binder (1983), Int.
    Statist. Rev. 51, 279-292; Lumley & Scott (2017), Statist. Sci. 32, 265-278.
    """
    design.require_sample()
    if family not in get_args(Family):
        raise ValueError(f"family must be one of {', '.join(get_args(Family))}, got {family!r}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")
    data = read_formula(design.frame, formula, design.inside)
    weights = design.weights[data.rows]
    model, names, terms = _model(data, formula, family)
    _refuse_collinear(model.x, names, weights, formula)
    try:
        solution = model.solve(weights)
    except NotSettled as error:
        values = {"formula": formula, "why": str(error)}
        raise InputError(Fault("survey.regress_not_settled", values)) from error
    covariance = _covariance(design, data.rows, model, solution, formula)
    degf = design.altered(inside=data.rows).degf  # of the units that the model still reaches
    df = degf + 1 - len(solution)
    used = int(data.rows.sum())
    inside = len(design) if design.inside is None else int(design.inside.sum())
    note = f"degrees of freedom: {degf} of the design + 1 - {len(solution)} parameters = {df}"
    return Regression(
        frame=_table(names, solution, covariance, df, level),
        method=f"{_METHODS[family]}: {formula}",
        level=level,
        n_used=used,
        n_dropped=inside - used,
        notes=(*design.notes, note),
        formula=formula,
        family=family,
        coefficients=solution,
        covariance=covariance,
        df=df,
        terms=terms,
    )


def _covariance(
    design: Design, rows: NDArray[np.bool_], model: Likelihood, solution: Floats, formula: str
) -> Floats:
    from govlab.survey import variance

    replicates = design.replicates
    if not isinstance(replicates, Replicates):
        influence = np.zeros((len(design), len(solution)))
        influence[rows] = model.influence(design.weights[rows], solution)
        return variance.covariance(design, influence)
    every = np.empty((len(replicates), len(solution)))
    for number, weights in enumerate(replicates.weights(design.weights)):
        try:
            every[number] = model.solve(weights[rows], solution)
        except NotSettled as error:
            values = {"formula": formula, "replicate": number + 1, "why": str(error)}
            raise InputError(Fault("survey.regress_replicate", values)) from error
    return replicates.covariance(every, solution)


def _model(
    data: ModelData, formula: str, family: Family
) -> tuple[Glm | ProportionalOdds, tuple[str, ...], tuple[tuple[str, tuple[int, ...]], ...]]:
    """The likelihood, the names of its parameters, and which of them belong to a term."""
    if family != "ordinal":
        y = _numbers(data.outcome, formula, family)
        return Glm(y, data.x, family), data.columns, data.terms
    codes, labels = _ordered(data.outcome, formula)
    slopes = [place for term, at in data.terms if term != "Intercept" for place in at]
    moved = {place: at for at, place in enumerate(slopes)}
    terms = tuple(
        (term, tuple(moved[place] for place in at)) for term, at in data.terms if term != "Intercept"
    )
    thresholds = tuple(f"{low}|{high}" for low, high in pairwise(labels))
    names = (*(data.columns[place] for place in slopes), *thresholds)
    return ProportionalOdds(codes, data.x[:, slopes], len(labels)), names, terms


def _numbers(outcome: pd.Series, formula: str, family: GlmFamily) -> Floats:
    import pandas as pd

    numbers = pd.to_numeric(outcome, errors="coerce") if outcome.dtype != bool else outcome
    y = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    fits = np.isfinite(y)
    if family == "binomial":
        fits &= (y >= 0) & (y <= 1)
    elif family == "poisson":
        fits &= y >= 0
    if not fits.all():
        shown = ", ".join(str(value) for value in pd.unique(outcome[~fits])[:5])
        raise InputError(Fault(f"survey.regress_{family}", {"formula": formula, "values": shown}))
    return y


def _ordered(outcome: pd.Series, formula: str) -> tuple[NDArray[np.intp], list[str]]:
    """Codes 0 .. K-1 of the levels that occur, and the levels in order."""
    import pandas as pd

    if isinstance(outcome.dtype, pd.CategoricalDtype) and outcome.cat.ordered:
        used = outcome.cat.remove_unused_categories()
        codes, labels = used.cat.codes.to_numpy(dtype=np.intp), [str(one) for one in used.cat.categories]
    elif pd.api.types.is_numeric_dtype(outcome.dtype):
        levels, inverse = np.unique(outcome.to_numpy(dtype=np.float64), return_inverse=True)
        if not (levels == np.round(levels)).all():
            raise InputError(Fault("survey.regress_ordinal", {"formula": formula}))
        codes, labels = inverse.astype(np.intp), [f"{value:g}" for value in levels]
    else:
        raise InputError(Fault("survey.regress_ordinal", {"formula": formula}))
    if len(labels) < 2:
        raise InputError(Fault("survey.regress_one_level", {"formula": formula, "level": labels[0]}))
    return np.asarray(codes, dtype=np.intp), labels


def _refuse_collinear(x: Floats, names: tuple[str, ...], weights: Floats, formula: str) -> None:
    """Columns that depend on those before them, by the diagonal of a QR under the weights."""
    if x.shape[1] == 0:
        return
    weighted = x * np.sqrt(weights)[:, None]
    size = np.sqrt(np.einsum("ij,ij->j", weighted, weighted))
    weighted /= np.where(size > 0, size, 1.0)
    diagonal = np.abs(np.diag(np.linalg.qr(weighted, mode="r")))
    # Fewer rows than columns: what has no place on the diagonal depends on the rest.
    free = np.zeros(x.shape[1], dtype=bool)
    free[: len(diagonal)] = diagonal > 1e-9
    if not free.all():
        shown = ", ".join(name for name, one in zip(names, free, strict=False) if not one)
        raise InputError(Fault("survey.regress_collinear", {"formula": formula, "columns": shown}))


def _table(
    names: tuple[str, ...], solution: Floats, covariance: Floats, df: int, level: float
) -> pd.DataFrame:
    import pandas as pd
    from scipy import stats

    error = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = solution / error
    if df > 0:
        p = 2 * stats.t.sf(np.abs(statistic), df)
        reach = stats.t.isf((1 - level) / 2, df) * error
    else:
        p = reach = np.full(len(solution), np.nan)
    columns = {"term": list(names), "estimate": solution, "std_error": error, "statistic": statistic}
    columns |= {"df": float(df), "p_value": p, "conf_low": solution - reach, "conf_high": solution + reach}
    return pd.DataFrame(columns | {"reason": "" if df > 0 else _few(df).reason})


def _few(df: int) -> NotApplicable:
    detail = f"the design leaves {df} degrees of freedom for this model: fewer terms, or more clusters"
    return NotApplicable("few-clusters", detail)


def _list(terms: tuple[tuple[str, tuple[int, ...]], ...]) -> str:
    return ", ".join(term for term, _ in terms)
