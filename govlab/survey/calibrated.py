"""Statistics by domain under calibrated weights: what the calibration explains is taken out of the error.

Residuals of a linearised statistic spread over all rows, not only those of its domain, but they are known
from sums: a cluster's total of residuals is its total of influence values, less the calibration's
columns summed over the cluster times the coefficients of the fit (Deville & Särndal 1992).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from govlab.survey import cells as _cells
from govlab.survey import variance
from govlab.survey.design import Projection
from govlab.survey.domains import Domains
from govlab.survey.sample import CellSample, Columns, Estimated, Statistic
from govlab.survey.stages import Floats

_HELD = 4_000_000  # cluster totals that are held at a time


class CalibratedSample(CellSample):
    """Calibrated designs, the last calibration first."""

    @cached_property
    def _projections(self) -> tuple[Projection, ...]:
        return tuple(one.projection for one in reversed(self.design.calibration))

    @cached_property
    def _fits(self) -> tuple[_cells.Cells, ...]:
        """For each calibration: cells of its own groups with the domains, under the weights of its fit."""
        return tuple(
            _cells.build(one.weights, one.cells, len(one.basis), None, self.domains)
            for one in self._projections
        )

    @cached_property
    def _explained(self) -> tuple[tuple[Floats, ...], ...]:
        """For each stage and calibration: (C, q) weighted sums of the calibration's columns over clusters."""
        whole = Domains(None, 1, self.domains.labels)
        found = []
        for stage in self.design.stages[: variance.depth(self.design)]:
            clusters = _cells.build(self.design.weights, stage.clusters, len(stage.stratum_of), None, whole)
            found.append(
                tuple(
                    np.stack([clusters.sums(column[one.cells]) for column in one.basis.T], axis=1)
                    for one in self._projections
                )
            )
        return tuple(found)

    @cached_property
    def _overlap(self) -> dict[tuple[int, int], Floats]:
        """(q_k, q_j) products of the columns of calibration k with those of j < k, under the weights of k."""
        found = {}
        for k, later in enumerate(self._projections):
            for j, earlier in enumerate(self._projections[:k]):
                sums = [
                    np.bincount(later.cells, later.weights * column[earlier.cells], len(later.basis))
                    for column in earlier.basis.T
                ]
                found[k, j] = later.basis.T @ np.stack(sums, axis=1)
        return found

    def _spread(self, statistic: Statistic, columns: Columns, sums: list[Floats]) -> tuple[Floats, ...]:
        """Linearised totals of cells, and the (q, D) coefficients of each calibration."""
        gradient = self._gradient(statistic, sums)
        missing = None if columns.ok is None else np.flatnonzero(~columns.ok)
        found: list[Floats] = []
        for k, (projection, fit) in enumerate(zip(self._projections, self._fits, strict=True)):
            inside = len(fit.domain)
            influence = np.zeros(inside)
            for values, slope in zip(columns.values, gradient, strict=True):
                total = self._fit_sums(fit, values, missing)
                influence += total[:inside] * fit.domains.spread(slope)
            own = np.zeros((projection.basis.shape[1], self.domains.count))
            for row, column in zip(own, projection.basis.T, strict=True):
                row[:] = fit.domains.sum(influence * column[fit.cluster])
            for j, earlier in enumerate(found):
                own -= self._overlap[k, j] @ earlier
            found.append(own)
        return (*super()._spread(statistic, columns, sums), *found)

    def _fit_sums(self, fit: _cells.Cells, values: Floats | None, missing: np.ndarray | None) -> Floats:
        rows = np.ones(len(self.design)) if values is None else values
        if missing is not None:
            rows = rows.copy()
            rows[missing] = 0.0
        return fit.sums(rows)

    def _residuals(self, spread: tuple[Floats, ...], start: int, stop: int) -> list[Floats]:
        """For each stage: (C, stop - start) totals of residuals of some domains."""
        found = []
        for level, explained in zip(self.levels, self._explained, strict=True):
            here = level.gather(spread[0])
            first, last = np.searchsorted(level.domain, (start, stop))
            totals = np.zeros((len(level.stage.stratum_of), stop - start))
            totals[level.cluster[first:last], level.domain[first:last] - start] = here[first:last]
            for columns, coefficients in zip(explained, spread[1:], strict=True):
                totals -= columns @ coefficients[:, start:stop]
            found.append(totals)
        return found

    def _blocks(self) -> Iterator[tuple[int, int]]:
        clusters = max(len(level.stage.stratum_of) for level in self.levels)
        width = max(1, _HELD // clusters)
        for start in range(0, self.domains.count, width):
            yield start, min(start + width, self.domains.count)

    def _variances(self, spread: tuple[Floats, ...], reach: _cells.Reach) -> Floats:
        found = [
            variance.variances_of_totals(self.design, self._residuals(spread, start, stop))
            for start, stop in self._blocks()
        ]
        return np.concatenate(found) if found else np.zeros(0)

    def _joint(self, estimated: Sequence[Estimated]) -> Floats:
        every = [self._residuals(self._again(one), 0, self.domains.count) for one in estimated]
        return variance.of_totals(self.design, [np.hstack(stage) for stage in zip(*every, strict=True)])
