"""Statistics by domain under replicate weights: the statistic of every replicate."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from govlab.survey import cells as _cells
from govlab.survey.sample import Columns, Estimated, Sample, Statistic
from govlab.survey.stages import Codes, Floats


class ReplicatedSample(Sample):
    """Replicate designs: the statistic of every replicate."""

    @cached_property
    def cells(self) -> _cells.Cells:
        """Cells of the groups that share their multipliers."""
        replicates = self.design.replicates
        assert replicates is not None
        count = replicates.multipliers.shape[1]
        return _cells.build(self.design.weights, replicates.groups, count, None, self.domains)

    def _reach(self, rows: Floats) -> _cells.Reach:
        found = (rows > 0)[: len(self.cells.domain)]
        domain, unit = self.cells.domain[found], self._unit_of_group[self.cells.cluster[found]]
        wide = int(unit.max(initial=0)) + 1
        units = np.bincount(np.unique(domain * wide + unit) // wide, minlength=self.domains.count)
        return _cells.Reach(units, np.minimum(units, 1), ())

    @cached_property
    def _unit_of_group(self) -> Codes:
        """(G,) the sampled unit in which each group lies; the group itself where it spans several."""
        replicates, first = self.design.replicates, self.design.stages[0]
        assert replicates is not None
        unit = np.zeros(replicates.multipliers.shape[1], dtype=np.intp)
        unit[replicates.groups] = first.clusters
        if (unit[replicates.groups] == first.clusters).all():
            return unit
        return np.arange(len(unit))

    def _spread(self, statistic: Statistic, columns: Columns, sums: list[Floats]) -> tuple[Floats, ...]:
        replicates = self.design.replicates
        assert replicates is not None
        totals = [self.cells.replicate(replicates.multipliers, one) for one in sums]
        return (statistic.value(totals), statistic.value([self.cells.by_domain(one) for one in sums]))

    def _variances(self, spread: tuple[Floats, ...], reach: _cells.Reach) -> Floats:
        replicates = self.design.replicates
        assert replicates is not None
        pairs = zip(spread[0].T, spread[1], strict=True)
        return np.array([replicates.covariance(one[:, None], full[None])[0, 0] for one, full in pairs])

    def _joint(self, estimated: Sequence[Estimated]) -> Floats:
        replicates = self.design.replicates
        assert replicates is not None
        every = [self._again(one) for one in estimated]
        full = np.concatenate([one[1] for one in every])
        return replicates.covariance(np.hstack([one[0] for one in every]), full)
