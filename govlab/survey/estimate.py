"""Means, totals and ratios of a survey, over all rows or by domain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from govlab.survey import domains as _domains
from govlab.survey import table
from govlab.survey.design import Design
from govlab.survey.sample import RATIO, TOTAL, Columns, Estimated, Sample, prepare
from govlab.survey.stages import Codes, Floats
from govlab.survey.table import DfRule, SurveyEstimates

if TYPE_CHECKING:
    import pandas as pd

Deff = bool | Literal["replace"]


def numeric(design: Design, name: str, role: str = "variables") -> Floats:
    """A column as floats, NaN where missing. Truth values are 0 and 1."""
    if name not in design.frame.columns:
        raise KeyError(f"{role}: the frame has no column {name!r}")
    column = design.frame[name]
    if not _is_numeric(column):
        raise TypeError(f"{role}: {name!r} is {column.dtype}, not numeric; proportion() takes categories")
    if isinstance(column.dtype, np.dtype):
        return column.to_numpy().astype(np.float64, copy=False)
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def categories(design: Design, name: str, role: str = "variables") -> tuple[Codes, list[object]]:
    """A column as codes (n,), -1 where missing, and its values in their order."""
    from govlab.survey import stages

    if name not in design.frame.columns:
        raise KeyError(f"{role}: the frame has no column {name!r}")
    column = design.frame[name]
    if column.dtype == "category":
        return column.cat.codes.to_numpy().astype(np.intp), list(column.cat.categories)
    codes, labels = stages.encode(column)
    return codes, labels.tolist()


def start(
    design: Design, variables: str | Sequence[str], by: str | Sequence[str] | None, level: float, df: str
) -> tuple[list[str], Sample]:
    """What every estimator begins with: its arguments checked, the variables named, the sample prepared."""
    table.check_level(level)
    table.check_df(df)
    asked = _domains.names(variables)
    if not asked:
        raise ValueError("variables: name at least one column")
    return asked, prepare(design, _domains.split(design, by))


def mean(
    design: Design,
    variables: str | Sequence[str],
    *,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    deff: Deff = False,
    df: DfRule = "design",
) -> SurveyEstimates:
    """Weighted means with design-based errors, one row a variable and domain.

    Rows with a missing value are a domain of their own: they leave the estimate, not the design.
    deff: design effect against simple random sampling without replacement (``"replace"``: with).
    df: degrees of freedom of the intervals, of the whole design or of each domain (its sampled units
    minus strata). A domain whose rows come from one sampled unit gets its mean, no interval, and a
    reason. Särndal, Swensson & Wretman (1992), ch. 5.
    """
    asked, sample = start(design, variables, by, level, df)
    found: list[Estimated] = []
    effects: list[Floats] = []
    for name in asked:
        values = numeric(design, name)
        one = sample.mean(values)
        found.append(one)
        if deff:
            effects.append(effect(sample, one, values, one.value, total=False, deff=deff))
    return assemble(sample, asked, found, "weighted mean", level, df, effects=effects)


def total(
    design: Design,
    variables: str | Sequence[str],
    *,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    deff: Deff = False,
    df: DfRule = "design",
) -> SurveyEstimates:
    """Weighted totals with design-based errors, one row a variable and domain. See ``mean``.

    Of a column of categories: how many there are of each, a row a category. In a domain that one sampled
    unit makes up the error is that of a total over the whole design.
    """
    asked, sample = start(design, variables, by, level, df)
    found: list[Estimated] = []
    effects: list[Floats] = []
    terms: list[object] = []
    owners: list[str] = []
    for name in asked:
        parts = _countable(design, name)
        for term, values in parts:
            one = sample.estimate(TOTAL, Columns((values,)))
            found.append(one)
            terms.append(term)
            owners.append(name)
            if deff:
                with np.errstate(invalid="ignore"):
                    centre = one.value / one.weight
                effects.append(effect(sample, one, values, centre, total=True, deff=deff))
    split = None if terms == asked else owners
    return assemble(
        sample, terms, found, "weighted total", level, df, effects=effects, variables=split, centred=False
    )


def _countable(design: Design, name: str) -> Iterator[tuple[object, Floats]]:
    """What can be totalled in a column: its numbers, or one indicator a category."""
    if name in design.frame.columns and not _is_numeric(design.frame[name]):
        codes, labels = categories(design, name)
        for position, label in enumerate(labels):
            yield label, np.where(codes < 0, np.nan, codes == position)
    else:
        yield name, numeric(design, name)


def _is_numeric(column: pd.Series) -> bool:
    import pandas as pd

    kind = column.dtype
    return pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_bool_dtype(kind)


def ratio(
    design: Design,
    numerator: str,
    denominator: str,
    *,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    df: DfRule = "design",
) -> SurveyEstimates:
    """Ratio of two weighted totals with its linearised error. See ``mean``.

    Rows that miss either value leave the estimate. Term: ``numerator/denominator``.
    """
    _, sample = start(design, numerator, by, level, df)
    above = numeric(design, numerator, "numerator")
    below = numeric(design, denominator, "denominator")
    one = sample.estimate(RATIO, Columns((above, below)))
    return assemble(sample, [f"{numerator}/{denominator}"], [one], "ratio of totals", level, df)


def effect(
    sample: Sample, one: Estimated, values: Floats, centre: Floats, *, total: bool, deff: Deff
) -> Floats:
    """Variance over that of a simple random sample of as many rows (Kish 1965, ch. 8)."""
    off = values - sample.spread_out(centre)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = sample.sum_by_domain(off * off, one.columns.ok) / one.weight * one.n / (one.n - 1)
        simple = spread / one.n
        if deff != "replace":
            simple *= 1 - one.n / one.weight
        if total:
            simple *= one.weight**2
        return one.variance / simple


def assemble(
    sample: Sample,
    terms: Sequence[object],
    found: Sequence[Estimated],
    method: str,
    level: float,
    df: DfRule,
    *,
    effects: Sequence[Floats] = (),
    variables: Sequence[str] | None = None,
    centred: bool = True,
) -> SurveyEstimates:
    """The table of statistics by domain, with intervals of Student's t."""
    blocks: list[table.Block] = []
    for position, (term, one) in enumerate(zip(terms, found, strict=True)):
        known = table.uncertainty(sample, one, df, centred=centred)
        half = table.t_quantile(known.df, level) * known.std_error
        half = np.where(known.reason == "", half, np.nan)
        columns: dict[str, NDArray[Any]] = {
            "estimate": one.value,
            "std_error": known.std_error,
            "df": known.df,
            "conf_low": one.value - half,
            "conf_high": one.value + half,
        }
        if effects:
            columns["deff"] = effects[position]
        columns |= {"n": one.n.astype(np.int64), "reason": known.reason}
        more: dict[str, object] = {} if variables is None else {"variable": variables[position]}
        blocks.append(table.Block(more | {"term": term}, columns))
    return finish(sample, table.stack(sample.domains.labels, blocks), found, method, level, df)


def finish(
    sample: Sample, frame: pd.DataFrame, found: Sequence[Estimated], method: str, level: float, df: DfRule
) -> SurveyEstimates:
    """The result around a finished table: rows used and dropped, what a reader must know."""
    design = sample.design
    used = min((int(one.n.sum()) for one in found), default=0)
    rows = len(design) if design.inside is None else int(design.inside.sum())
    if df == "design":
        rule = f"{design.degf:g} degrees of freedom, those of the design"
    else:
        rule = "degrees of freedom of each domain: its sampled units minus its strata"
    notes = [rule, *design.notes]
    if (frame["reason"] == "one-psu").any():
        notes.append(table.REASONS["one-psu"].replace("this domain", "some domains"))
    return SurveyEstimates(
        frame=frame,
        method=method,
        level=level,
        n_used=used,
        n_dropped=rows - used,
        notes=tuple(notes),
        df=float(design.degf),
        source=(sample, tuple(found)),
    )
