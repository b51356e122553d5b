"""Smooth functions of weighted totals by domain, with their design covariance.

A statistic says how it follows from totals and what its gradient is; a sample (a design with its
domains) turns that into values, variances and, when asked, the joint covariance. Three ways lead there,
chosen by the design: cells (plain designs), rows (calibrated ones), replicates.
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
from govlab.survey.stages import Floats

_DENSE = 3_000_000  # cluster totals held as one matrix; above that they are sparse
_BLOCK = 32  # domains whose influence values are held by row at a time


@dataclass(frozen=True, eq=False)
class Statistic:
    """A function of totals: value and the derivative with respect to each, elementwise over domains."""

    value: Callable[[Sequence[Floats]], Floats]
    gradient: Callable[[Sequence[Floats]], Sequence[Floats]]


TOTAL = Statistic(lambda t: t[0], lambda t: (np.ones_like(t[0]),))
RATIO = Statistic(lambda t: t[0] / t[1], lambda t: (1 / t[1], -(t[0] / t[1]) / t[1]))


@dataclass(frozen=True, eq=False)
class Columns:
    """What is summed: one array of n values a total, None for ones; ok: rows that count, None for all."""

    values: tuple[Floats | None, ...]
    ok: Mask | None = None


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
    spread: tuple[Floats, ...] = field(repr=False)
    factor: Floats | None = None

    def times(self, factor: Floats) -> Estimated:
        """The statistic multiplied by a constant of each domain, (D,)."""
        kept = factor if self.factor is None else factor * self.factor
        return replace(self, value=self.value * factor, variance=self.variance * factor**2, factor=kept)


def prepare(design: Design, domains: Domains) -> Sample:
    """The sample of the kind that the design asks for."""
    if design.replicates is not None:
        return ReplicateSample(design, domains)
    if design.calibration:
        return RowSample(design, domains)
    return CellSample(design, domains)


@dataclass(frozen=True, eq=False)
class Sample:
    """A design with domains. Subclasses say how a gradient becomes a variance."""

    design: Design
    domains: Domains

    @cached_property
    def cells(self) -> _cells.Cells:
        """Cells of the clusters on which this sample works."""
        stage = self.design.stages[variance.depth(self.design) - 1]
        return _cells.build(stage.clusters, len(stage.stratum_of), self.domains)

    @cached_property
    def levels(self) -> tuple[_cells.Level, ...]:
        """The stages over cells."""
        return _cells.levels(self.design, self.cells)

    @cached_property
    def _whole(self) -> tuple[Floats, Floats, _cells.Reach]:
        """Weight and rows of each cell, and the reach of domains, where nothing is missing."""
        rows = self.cells.rows(None)
        return self.cells.sums(self.design.weights), rows, self._reach(rows)

    def _reach(self, rows: Floats) -> _cells.Reach:
        return _cells.reach(self.levels, rows, self.domains.count)

    def sum_by_domain(self, values: Floats, ok: Mask | None) -> Floats:
        """(D,) weighted sums of values (n,)."""
        product = self.design.weights * values
        if ok is not None:
            product[~ok] = 0.0
        return self.cells.by_domain(self.cells.sums(product))

    def spread_out(self, values: Floats, beyond: float = 0.0) -> Floats | float:
        """(D,) values of domains -> (n,) the value of each row's domain, ``beyond`` for rows of none."""
        codes = self.domains.codes
        return float(values[0]) if codes is None else np.append(values, beyond)[codes]

    def estimate(self, statistic: Statistic, columns: Columns) -> Estimated:
        """One statistic with its variances. Domains without rows get NaN."""
        w, ok, cells = self.design.weights, columns.ok, self.cells
        if ok is None:
            weight, rows, reach = self._whole
        else:
            weight, rows = cells.sums(np.where(ok, w, 0.0)), cells.rows(ok)
            reach = self._reach(rows)
        sums = []
        for values in columns.values:
            if values is None:
                sums.append(weight)
                continue
            product = w * values
            if ok is not None:
                product[~ok] = 0.0
            sums.append(cells.sums(product))
        totals = [cells.by_domain(one) for one in sums]
        n = cells.by_domain(rows)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(n > 0, statistic.value(totals), np.nan)
            gradient = [np.where(n > 0, one, 0.0) for one in statistic.gradient(totals)]
            spread = self._spread(statistic, columns, sums, gradient)
            var = np.where(n > 0, self._variances(spread, rows, value), np.nan)
        return Estimated(value, var, n, cells.by_domain(weight), reach.units, reach.strata, spread)

    def _spread(
        self, statistic: Statistic, columns: Columns, sums: list[Floats], gradient: list[Floats]
    ) -> tuple[Floats, ...]:
        raise NotImplementedError

    def _variances(self, spread: tuple[Floats, ...], rows: Floats, value: Floats) -> Floats:
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

    def _spread(
        self, statistic: Statistic, columns: Columns, sums: list[Floats], gradient: list[Floats]
    ) -> tuple[Floats, ...]:
        spare = [np.append(one, 0.0) for one in gradient]  # the cells of no domain
        domain = self.cells.domain
        linear = sums[0] * spare[0][domain]
        for total, slope in zip(sums[1:], spare[1:], strict=True):
            linear += total * slope[domain]
        if domain.max(initial=0) == self.domains.count:
            linear[domain == self.domains.count] = 0.0
        return (linear,)

    def _variances(self, spread: tuple[Floats, ...], rows: Floats, value: Floats) -> Floats:
        parts = [
            _cells.variances(self.design, level, spread[0], rows, self.domains.count)
            for level in self.levels
        ]
        return np.sum(parts, axis=0)

    def _joint(self, estimated: Sequence[Estimated]) -> Floats:
        width = len(estimated) * self.domains.count
        joint = np.zeros((width, width))
        for level in self.levels:
            linear = [level.gather(one.spread[0]) for one in estimated]
            joint += _cells.covariance(self.design, level, linear, self.domains.count, dense=_DENSE)
        return joint


class RowSample(Sample):
    """Calibrated designs: influence values by row, their residuals on the calibration, cluster totals."""

    def _spread(
        self, statistic: Statistic, columns: Columns, sums: list[Floats], gradient: list[Floats]
    ) -> tuple[Floats, ...]:
        design, codes, count = self.design, self.domains.codes, self.domains.count
        n = len(design)
        influence = np.zeros(n)
        for values, slope in zip(columns.values, gradient, strict=True):
            here = np.append(slope, 0.0)[codes] if codes is not None else slope[0]
            influence += here if values is None else here * values
        if columns.ok is not None:
            influence[~columns.ok] = 0.0
        if codes is not None:
            influence[codes == count] = 0.0
        found: list[list[Floats]] = []
        for start in range(0, count, _BLOCK):
            width = min(_BLOCK, count - start)
            block = np.zeros((n, width))
            if codes is None:
                block[:, 0] = influence
            else:
                inside = np.flatnonzero((codes >= start) & (codes < start + width))
                block[inside, codes[inside] - start] = influence[inside]
            for calibration in reversed(design.calibration):
                block = calibration.residuals(block)
            found.append(variance.cluster_totals(design, block * design.weights[:, None]))
        return tuple(np.hstack(stage) for stage in zip(*found, strict=True))

    def _variances(self, spread: tuple[Floats, ...], rows: Floats, value: Floats) -> Floats:
        return np.diag(variance.of_totals(self.design, spread)).copy()

    def _joint(self, estimated: Sequence[Estimated]) -> Floats:
        stages = zip(*(one.spread for one in estimated), strict=True)
        return variance.of_totals(self.design, [np.hstack(stage) for stage in stages])


class ReplicateSample(Sample):
    """Replicate designs: the statistic of every replicate."""

    @cached_property
    def cells(self) -> _cells.Cells:
        """Cells of the groups that share their multipliers."""
        replicates = self.design.replicates
        assert replicates is not None
        return _cells.build(replicates.groups, replicates.multipliers.shape[1], self.domains)

    def _reach(self, rows: Floats) -> _cells.Reach:
        reached = self.cells.by_domain((rows > 0).astype(np.float64)).astype(np.intp)
        return _cells.Reach(reached, np.ones_like(reached))

    def _spread(
        self, statistic: Statistic, columns: Columns, sums: list[Floats], gradient: list[Floats]
    ) -> tuple[Floats, ...]:
        replicates = self.design.replicates
        assert replicates is not None
        totals = [self.cells.replicate(replicates.multipliers, one) for one in sums]
        return (statistic.value(totals), statistic.value([self.cells.by_domain(one) for one in sums]))

    def _variances(self, spread: tuple[Floats, ...], rows: Floats, value: Floats) -> Floats:
        replicates = self.design.replicates
        assert replicates is not None
        pairs = zip(spread[0].T, spread[1], strict=True)
        return np.array([replicates.covariance(one[:, None], full[None])[0, 0] for one, full in pairs])

    def _joint(self, estimated: Sequence[Estimated]) -> Floats:
        replicates = self.design.replicates
        assert replicates is not None
        every = np.hstack([one.spread[0] for one in estimated])
        return replicates.covariance(every, np.concatenate([one.spread[1] for one in estimated]))
