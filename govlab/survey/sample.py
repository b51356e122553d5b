"""Smooth functions of weighted totals by domain, with their design covariance.

A statistic says how it follows from totals and what its gradient is; a sample (a design with its
domains) turns that into values, variances and, when asked, the joint covariance. Three ways lead there,
chosen by the design: the one here for plain designs, ``calibrated`` and ``replicated``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from govlab.survey import cells as _cells
from govlab.survey import variance
from govlab.survey.design import Design, Mask
from govlab.survey.domains import Domains
from govlab.survey.stages import Codes, Floats

_DENSE = 3_000_000  # cluster totals held as one matrix; above that they are sparse
_CENTRED = 200_000  # rows
_GLANCE = 2_000  # rows


@dataclass(frozen=True, eq=False)
class Statistic:
    """A function of totals: value and the derivative with respect to each, elementwise over domains.

    Both are functions of a module, so that results can be sent between processes.
    """

    value: Callable[[Sequence[Floats]], Floats]
    gradient: Callable[[Sequence[Floats]], Sequence[Floats]]


def _total(t: Sequence[Floats]) -> Floats:
    return t[0]


def _total_gradient(t: Sequence[Floats]) -> Sequence[Floats]:
    return (np.ones_like(t[0]),)


def _ratio(t: Sequence[Floats]) -> Floats:
    return t[0] / t[1]


def _ratio_gradient(t: Sequence[Floats]) -> Sequence[Floats]:
    return 1 / t[1], -(t[0] / t[1]) / t[1]


TOTAL = Statistic(_total, _total_gradient)
RATIO = Statistic(_ratio, _ratio_gradient)


@dataclass(frozen=True, eq=False)
class Columns:
    """What is summed: one array of n values a total, None for ones.

    ok: rows that count; None for all but those that hold a NaN. exact: a share of all rows comes out as 1
    and not as the number next to it, at the price of one more pass where values are missing.
    """

    values: tuple[Floats | None, ...]
    ok: Mask | None = None
    exact: bool = True

    def complete(self) -> Columns:
        """The same, with the rows that hold no NaN named."""
        missing = [np.isnan(one) for one in self.values if one is not None]
        return replace(self, ok=~(missing[0] if len(missing) == 1 else np.logical_or.reduce(missing)))

    def begins_with_gaps(self) -> bool:
        """Whether a NaN is among the first rows, which spares a pass over all of them to find out."""
        return any(np.isnan(one[:_GLANCE]).any() for one in self.values if one is not None)


@dataclass(frozen=True, eq=False)
class Estimated:
    """One statistic over all D domains.

    value, variance: (D,); n: rows that count; weight: their weights' sum; units, strata: of the first
    stage, reached by those rows. spread: what the joint covariance is made from.
    """

    value: Floats
    variance: Floats
    n: Floats
    weight: Floats
    units: np.ndarray
    strata: np.ndarray
    statistic: Statistic = field(repr=False)
    columns: Columns = field(repr=False)
    factor: Floats | None = None

    def times(self, factor: Floats) -> Estimated:
        """The statistic multiplied by a constant of each domain, (D,)."""
        kept = factor if self.factor is None else factor * self.factor
        return replace(self, value=self.value * factor, variance=self.variance * factor**2, factor=kept)


@dataclass(frozen=True, eq=False)
class _Counted:
    """Rows that count: their weight and number in each cell, what the domains reach with them, the others."""

    weight: Floats
    rows: Floats
    reach: _cells.Reach
    missing: Codes | None = None


def prepare(design: Design, domains: Domains) -> Sample:
    """The sample of the kind that the design asks for."""
    if design.replicates is not None:
        from govlab.survey.replicated import ReplicatedSample

        return ReplicatedSample(design, domains)
    if design.calibration:
        from govlab.survey.calibrated import CalibratedSample

        return CalibratedSample(design, domains)
    return CellSample(design, domains)


@dataclass(frozen=True, eq=False)
class Sample:
    """A design with domains. Subclasses say how a gradient becomes a variance."""

    design: Design
    domains: Domains

    @cached_property
    def cells(self) -> _cells.Cells:
        """Cells of the clusters on which this sample works."""
        design = self.design
        stage = design.stages[variance.depth(design) - 1]
        count = len(stage.stratum_of)
        return _cells.build(design.weights, stage.clusters, count, _cells.order(design), self.domains)

    @cached_property
    def levels(self) -> tuple[_cells.Level, ...]:
        """The stages over cells."""
        return _cells.levels(self.design, self.cells)

    @cached_property
    def _whole(self) -> _Counted:
        """Weight, rows and reach where nothing is missing."""
        weight = self.cells.sums(np.ones(len(self.design)))
        return _Counted(weight, self.cells.rows, self._reach(self.cells.rows))

    def _counted(self, columns: Columns) -> _Counted:
        ok, whole = columns.ok, self._whole
        if ok is None:
            return whole
        missing = np.flatnonzero(~ok)
        few = 4 * len(missing) <= len(ok)
        rows = whole.rows - self.cells.count(missing) if few else self.cells.count(np.flatnonzero(ok))
        if columns.exact or not few:
            weight = self.cells.sums(ok.astype(np.float64))
        else:
            left = whole.weight - self.cells.weigh(missing, self.design.weights)
            weight = np.where(rows > 0, left, 0.0)
        return _Counted(weight, rows, self._reach(rows), missing)

    def _reach(self, rows: Floats) -> _cells.Reach:
        return _cells.reach(self.levels, rows)

    def _sums(self, values: Floats, missing: Codes | None) -> Floats:
        if missing is not None:
            values = values.copy()
            values[missing] = 0.0
        return self.cells.sums(values)

    def sum_by_domain(self, values: Floats, ok: Mask | None) -> Floats:
        """(D,) weighted sums of values (n,)."""
        return self.cells.by_domain(self._sums(values, None if ok is None else np.flatnonzero(~ok)))

    @cached_property
    def rows(self) -> Floats:
        """(D,) rows of each domain, with or without a value."""
        return self.cells.by_domain(self.cells.rows)

    def spread_out(self, values: Floats, beyond: float = 0.0) -> Floats | float:
        """(D,) values of domains -> (n,) the value of each row's domain, ``beyond`` for rows of none."""
        codes = self.domains.codes
        return float(values[0]) if codes is None else np.append(values, beyond)[codes]

    def estimate(self, statistic: Statistic, columns: Columns) -> Estimated:
        """One statistic with its variances. Domains without rows get NaN."""
        cells = self.cells
        if columns.ok is None and columns.begins_with_gaps():
            columns = columns.complete()
        counted = self._counted(columns)
        sums = self._totals(columns, counted)
        if columns.ok is None and any(np.isnan(one).any() for one in sums):
            columns = columns.complete()
            counted = self._counted(columns)
            sums = self._totals(columns, counted)
        totals = [cells.by_domain(one) for one in sums]
        n = cells.by_domain(counted.rows)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(n > 0, statistic.value(totals), np.nan)
            spread = self._spread(statistic, columns, sums)
            var = np.where(n > 0, self._variances(spread, counted.reach), np.nan)
        weight, reach = cells.by_domain(counted.weight), counted.reach
        return Estimated(value, var, n, weight, reach.units, reach.strata, statistic, columns)

    def mean(self, values: Floats) -> Estimated:
        """Weighted means of values (n,), NaN left out.

        Small samples are measured from their mean, which saves the digits that subtracting it from sums
        would cost; with many rows that would be a pass of its own over each variable.
        """
        if len(values) > _CENTRED:
            return self.estimate(RATIO, Columns((values, None), exact=False))
        present = values[~np.isnan(values)]
        centre = float(present.mean()) if len(present) else 0.0
        one = self.estimate(RATIO, Columns((values - centre, None)))
        return replace(one, value=one.value + centre)

    def _totals(self, columns: Columns, counted: _Counted) -> list[Floats]:
        """(K,) weighted sums of each column over cells."""
        return [
            counted.weight if values is None else self._sums(values, counted.missing)
            for values in columns.values
        ]

    def _again(self, one: Estimated) -> tuple[Floats, ...]:
        """What the joint covariance is made from: computed when asked for, since it may be large."""
        with np.errstate(divide="ignore", invalid="ignore"):
            sums = self._totals(one.columns, self._counted(one.columns))
            return self._spread(one.statistic, one.columns, sums)

    def _gradient(self, statistic: Statistic, sums: list[Floats]) -> list[Floats]:
        slopes = statistic.gradient([self.cells.by_domain(one) for one in sums])
        return [np.where(np.isfinite(one), one, 0.0) for one in slopes]

    def _spread(self, statistic: Statistic, columns: Columns, sums: list[Floats]) -> tuple[Floats, ...]:
        raise NotImplementedError

    def _variances(self, spread: tuple[Floats, ...], reach: _cells.Reach) -> Floats:
        raise NotImplementedError

    def covariance(self, estimated: Sequence[Estimated]) -> Floats:
        """Joint covariance, (J D, J D), statistic by statistic and in each domain by domain."""
        joint = self._joint(estimated)
        if any(one.factor is not None for one in estimated):
            ones = np.ones(self.domains.count)
            factors = np.concatenate([ones if one.factor is None else one.factor for one in estimated])
            joint *= factors[:, None] * factors
        np.fill_diagonal(joint, np.concatenate([one.variance for one in estimated]))
        return joint

    def _joint(self, estimated: Sequence[Estimated]) -> Floats:
        raise NotImplementedError


class CellSample(Sample):
    """Plain designs: one linearised total a cell."""

    def _spread(self, statistic: Statistic, columns: Columns, sums: list[Floats]) -> tuple[Floats, ...]:
        segments, inside = self.cells.domains, len(self.cells.domain)
        gradient = self._gradient(statistic, sums)
        linear = sums[0][:inside] * segments.spread(gradient[0])
        for total, slope in zip(sums[1:], gradient[1:], strict=True):
            linear += total[:inside] * segments.spread(slope)
        return (linear,)

    def _variances(self, spread: tuple[Floats, ...], reach: _cells.Reach) -> Floats:
        parts = [
            _cells.variances(self.design, level, spread[0], present)
            for level, present in zip(self.levels, reach.present, strict=True)
        ]
        return np.asarray(np.sum(parts, axis=0))

    def _joint(self, estimated: Sequence[Estimated]) -> Floats:
        width = len(estimated) * self.domains.count
        joint = np.zeros((width, width))
        linearised = [self._again(one)[0] for one in estimated]
        for level in self.levels:
            linear = [level.gather(one) for one in linearised]
            joint += _cells.covariance(self.design, level, linear, dense=_DENSE)
        return joint
