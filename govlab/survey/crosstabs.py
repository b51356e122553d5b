"""Two-way tables of a survey and tests of independence that know the design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from govlab.results import NotApplicable, Result, TestResult
from govlab.survey import domains as _domains
from govlab.survey import table
from govlab.survey.design import Design, Mask
from govlab.survey.estimate import categories, finish
from govlab.survey.sample import RATIO, TOTAL, Columns, Estimated, Sample, prepare
from govlab.survey.stages import Codes, Floats
from govlab.survey.table import SurveyEstimates

if TYPE_CHECKING:
    import pandas as pd

Statistic = Literal["F", "Chisq", "Wald", "adjWald"]


@dataclass(frozen=True, eq=False)
class Crosstab(Result):
    """A two-way table and its test.

    cells: share of every cell in the whole, with ``total``, the weighted count. test: of independence.
    """

    cells: SurveyEstimates
    test: TestResult

    def to_frame(self) -> pd.DataFrame:
        """The cells, a row each."""
        return self.cells.to_frame()

    def summary(self) -> str:
        """What the cells are, and the test."""
        return f"{self.cells.summary()}\n{self.test.summary()}"

    def counts(self) -> pd.DataFrame:
        """Weighted counts, rows by columns."""
        rows, columns = self.cells.frame.columns[:2]
        return self.cells.frame.pivot(index=rows, columns=columns, values="total")


def crosstab(
    design: Design, rows: str, columns: str, *, statistic: Statistic = "F", level: float = 0.95
) -> Crosstab:
    """Weighted two-way table with design-based errors, and a test that rows and columns are independent.

    ``F``: Pearson's X^2 with the second-order correction of Rao & Scott (1984, Ann. Statist. 12, 46-60),
    referred to F on (d, d * degf) as Thomas & Rao (1987) advise. ``Chisq``: X^2 with the first-order
    correction, p from chi-square; the statistic shown is X^2 itself, in numbers of all rows inside the
    design. ``Wald``: of shares minus products of margins, their covariance taken at the null (Koch, Freeman
    & Freeman 1975), on (k, degf); ``adjWald``: times (degf - k + 1) / degf (Fellegi 1980). Rows that miss
    either variable leave the table, not the design; categories nobody has are left out. The test does
    not apply, with the reason, to a table with one row or column, and Wald where degf < k.
    """
    table.check_level(level)
    if statistic not in get_args(Statistic):
        raise ValueError(f"statistic must be one of {', '.join(get_args(Statistic))}, got {statistic!r}")
    if rows == columns:
        raise ValueError(f"rows and columns are both {rows!r}")
    first, row_labels = categories(design, rows, "rows")
    second, column_labels = categories(design, columns, "columns")
    ok = (first >= 0) & (second >= 0)
    if design.inside is not None:
        ok &= design.inside
    first, row_labels = _occurring(first, row_labels, ok)
    second, column_labels = _occurring(second, column_labels, ok)
    sample = prepare(design, _domains.split(design, None))
    shape = (len(row_labels), len(column_labels))
    code = np.where(ok, first * shape[1] + second, -1)
    found = [
        sample.estimate(RATIO, Columns(((code == cell).astype(np.float64), None), ok))
        for cell in range(shape[0] * shape[1])
    ]
    cells = _cells(sample, (rows, columns), (row_labels, column_labels), found, level)
    null = f"{rows} and {columns} are independent"
    if min(shape) < 2:
        why = NotApplicable("one-category", f"the table has {shape[0]} row(s) and {shape[1]} column(s)")
        n = cells.n_used
        return Crosstab(cells, TestResult(null, "none", np.nan, (), np.nan, n, cells.n_dropped, (), why))
    shares = np.array([float(one.value[0]) for one in found]).reshape(shape)
    if statistic in ("F", "Chisq"):
        test = _rao_scott(sample, shares, found, statistic == "F", null, cells)
    else:
        test = _wald(sample, shares, (first, second), ok, statistic == "adjWald", null, cells)
    return Crosstab(cells, test)


def _occurring(codes: Codes, labels: list[object], ok: Mask) -> tuple[Codes, list[object]]:
    """Codes over those labels that some row inside has."""
    kept = np.bincount(codes[ok], minlength=len(labels)) > 0
    place = np.append(np.cumsum(kept) - 1, -1)
    return place[codes], [label for label, keep in zip(labels, kept, strict=True) if keep]


def _cells(
    sample: Sample,
    names: tuple[str, str],
    labels: tuple[list[object], list[object]],
    found: list[Estimated],
    level: float,
) -> SurveyEstimates:
    import pandas as pd

    pairs = [(one, two) for one in labels[0] for two in labels[1]]
    known = [table.uncertainty(sample, one, "design") for one in found]
    value = np.array([float(one.value[0]) for one in found])
    error = np.array([float(one.std_error[0]) for one in known])
    df = np.array([float(one.df[0]) for one in known])
    reason = np.array([one.reason[0] for one in known], dtype=object)
    half = np.where(reason == "", table.t_quantile(df, level) * error, np.nan) if len(found) else value
    frame = pd.DataFrame(
        {
            names[0]: [pair[0] for pair in pairs],
            names[1]: [pair[1] for pair in pairs],
            "estimate": value,
            "std_error": error,
            "df": df,
            "conf_low": value - half,
            "conf_high": value + half,
            "total": value * np.array([float(one.weight[0]) for one in found]),
            "n": [round(float(one.n[0])) for one in found],
            "reason": reason,
        }
    )
    return finish(sample, frame, found, "share of each cell in the whole", level, "design")


def _rao_scott(
    sample: Sample,
    shares: Floats,
    found: list[Estimated],
    second_order: bool,
    null: str,
    cells: SurveyEstimates,
) -> TestResult:
    from scipy.special import chdtrc, fdtrc

    p = shares.ravel()
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0)).ravel()
    n = cells.n_used
    k = (shares.shape[0] - 1) * (shares.shape[1] - 1)
    degf = sample.design.degf
    title = "Rao-Scott F" if second_order else "Rao-Scott chi-square, first order"
    if sample.design.no_inference:
        return _none(null, title, "not-a-sample", cells)
    if degf <= 0 or any(reason for reason in cells.frame["reason"]):
        return _none(null, title, "no-df" if degf <= 0 else "no-variance", cells)
    over = ((p - expected) ** 2 / expected).sum()
    effect = _effects(shares, n * sample.covariance(found))
    trace = float(np.trace(effect))
    if second_order:
        numerator = trace**2 / float(np.trace(effect @ effect))
        df: tuple[float, ...] = (numerator, numerator * degf)
        value = float(n * over / trace)
        p_value = float(fdtrc(df[0], df[1], value))
    else:
        df = (float(k),)
        value = float((n + cells.n_dropped) * over)
        p_value = float(chdtrc(k, n * over * k / trace))
    return TestResult(null, title, value, df, p_value, n, cells.n_dropped, cells.notes)


def _effects(shares: Floats, covariance: Floats) -> Floats:
    """The (k, k) matrix whose eigenvalues are the design effects of the interaction contrasts."""
    rows, columns = shares.shape
    p = shares.ravel()
    by_row = np.kron(_contrast(rows), np.ones((columns, 1)))
    by_column = np.kron(np.ones((rows, 1)), _contrast(columns))
    main = np.hstack([np.ones((rows * columns, 1)), by_row, by_column])
    both = np.kron(_contrast(rows), _contrast(columns))
    weighted = main * p[:, None]
    both = both - main @ np.linalg.solve(main.T @ weighted, weighted.T @ both)
    return np.linalg.solve(both.T @ (both * p[:, None]), both.T @ covariance @ both)


def _contrast(levels: int) -> Floats:
    return np.vstack([np.eye(levels - 1), -np.ones((1, levels - 1))])


def _wald(
    sample: Sample,
    shares: Floats,
    codes: tuple[Codes, Codes],
    ok: Mask,
    adjusted: bool,
    null: str,
    cells: SurveyEstimates,
) -> TestResult:
    from scipy.special import fdtrc

    by_row, by_column = shares.sum(axis=1), shares.sum(axis=0)
    apart = (shares - np.outer(by_row, by_column))[:-1, :-1].ravel()
    k, degf = len(apart), sample.design.degf
    title = "adjusted Wald F" if adjusted else "Wald F"
    if sample.design.no_inference:
        return _none(null, title, "not-a-sample", cells)
    if degf < k or any(reason for reason in cells.frame["reason"]):
        return _none(null, title, "no-df", cells)
    found = []
    for i in range(len(by_row) - 1):
        here = (codes[0] == i) - by_row[i]
        found += [
            sample.estimate(TOTAL, Columns((here * ((codes[1] == j) - by_column[j]),), ok))
            for j in range(len(by_column) - 1)
        ]
    covariance = sample.covariance(found) / float(found[0].weight[0]) ** 2
    value = float(apart @ np.linalg.solve(covariance, apart)) / k
    denominator = float(degf)
    if adjusted:
        denominator = degf - k + 1.0
        value *= denominator / degf
    p_value = float(fdtrc(k, denominator, value))
    df = (float(k), denominator)
    return TestResult(null, title, value, df, p_value, cells.n_used, cells.n_dropped, cells.notes)


def _none(null: str, title: str, reason: str, cells: SurveyEstimates) -> TestResult:
    why = NotApplicable(reason, table.REASONS[reason])
    return TestResult(null, title, np.nan, (), np.nan, cells.n_used, cells.n_dropped, (), why)
