"""The fast path for domains: sums once per (sampling unit, domain) cell, and all the rest on cells.

A million rows become a few thousand cells; a variance never looks at a row again. Cells that do not
occur hold a zero total, and the formulas add their part by counting (Särndal et al. 1992, ch. 10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govlab.survey import stages, variance
from govlab.survey.design import Design, Mask
from govlab.survey.domains import Domains
from govlab.survey.stages import Codes, Floats, Stage


_LANES = 16


@dataclass(frozen=True, eq=False)
class Grouping:
    """Sums over groups of rows, each group spread over a few lanes that are added last.

    Short running sums lose fewer digits than one long one, and neighbours in a file, which tend to share
    a group, do not wait for each other. slots: (n,) group * lanes + lane.
    """

    slots: Codes
    count: int
    lanes: int

    def sum(self, values: Floats) -> Floats:
        """(n,) -> (count,)."""
        return self._fold(np.bincount(self.slots, weights=values, minlength=self.count * self.lanes))

    def size(self, ok: Mask | None) -> Floats:
        """(count,) how many rows of each group are ok; all of them where ok is None."""
        slots = self.slots if ok is None else self.slots[ok]
        return self._fold(np.bincount(slots, minlength=self.count * self.lanes)).astype(np.float64)

    def _fold(self, sums: NDArray[Any]) -> NDArray[Any]:
        return sums if self.lanes == 1 else sums.reshape(self.count, self.lanes).sum(axis=1)


def grouping(codes: Codes, count: int) -> Grouping:
    """Groups 0 .. count-1 of rows by their codes (n,)."""
    lanes = _LANES
    while lanes > 1 and lanes * count > max(len(codes), 4096):
        lanes //= 2
    if lanes == 1:
        return Grouping(codes, count, 1)
    slots = codes * lanes
    for lane in range(1, lanes):
        slots[lane::lanes] += lane
    return Grouping(slots, count, lanes)


@dataclass(frozen=True, eq=False)
class Cells:
    """The (cluster, domain) pairs that occur.

    rows_of: the rows of each cell, None where every row is its own. cluster, domain: (K,) codes; domain
    ``count`` collects the rows of no domain. cells_of: the cells of each domain.
    """

    rows_of: Grouping | None
    cluster: Codes
    domain: Codes
    count: int
    cells_of: Grouping

    def sums(self, values: Floats) -> Floats:
        """(n,) -> (K,)."""
        return values if self.rows_of is None else self.rows_of.sum(values)

    def rows(self, ok: Mask | None) -> Floats:
        """(K,) how many rows of each cell are ok; all of them where ok is None."""
        if self.rows_of is not None:
            return self.rows_of.size(ok)
        return np.ones(len(self.cluster)) if ok is None else ok.astype(np.float64)

    def by_domain(self, values: Floats) -> Floats:
        """(K,) -> (D,)."""
        return self.cells_of.sum(values)[: self.count]

    def replicate(self, multipliers: Floats, values: Floats) -> Floats:
        """(R, C) multipliers of clusters, (K,) sums of cells -> (R, D) sums of domains in each replicate."""
        if self.count == 1:
            inside = self.domain == 0
            whole = np.zeros(multipliers.shape[1])
            whole[self.cluster[inside]] = values[inside]
            return (multipliers @ whole)[:, None]
        from scipy.sparse import coo_array, csr_array

        inside = self.domain < self.count
        places = (self.domain[inside], self.cluster[inside])
        shape = (self.count, multipliers.shape[1])
        return np.ascontiguousarray((csr_array(coo_array((values[inside], places), shape)) @ multipliers.T).T)


def build(clusters: Codes, cluster_count: int, domains: Domains) -> Cells:
    """Cells of one set of clusters (n,) with the domains."""
    codes, count = domains.codes, domains.count
    if cluster_count == len(clusters):
        domain = np.zeros(len(clusters), dtype=np.intp) if codes is None else codes
        return Cells(None, clusters, domain, count, grouping(domain, count + 1))
    if codes is None:
        domain = np.zeros(cluster_count, dtype=np.intp)
        rows_of = grouping(clusters, cluster_count)
        return Cells(rows_of, np.arange(cluster_count), domain, 1, grouping(domain, 2))
    wide = count + 1
    of_row, labels = stages.pairs(clusters, codes, wide)
    domain = labels % wide
    rows_of = grouping(of_row, len(labels))
    return Cells(rows_of, labels // wide, domain, count, grouping(domain, wide))


@dataclass(frozen=True, eq=False)
class Level:
    """One stage of sampling seen through cells.

    into: (K,) the cell here of each finest cell, -1 for those of no domain; cluster, domain: (L,) of the
    cells here. pair: (L,) the (stratum, domain) each lies in; pair_stratum, pair_domain, members: (J,).
    scale: (H,) product of the fractions sampled at the stages above.
    """

    stage: Stage
    scale: Floats
    into: Codes
    cluster: Codes
    domain: Codes
    pair: Codes
    pair_stratum: Codes
    pair_domain: Codes
    members: NDArray[np.intp]

    def gather(self, values: Floats) -> Floats:
        """(K,) values of the finest cells -> (L,)."""
        inside = self.into >= 0
        return np.bincount(self.into[inside], weights=values[inside], minlength=len(self.cluster))


def levels(design: Design, cells: Cells) -> tuple[Level, ...]:
    """The stages that add to the variance, first stage first, over cells of the deepest of them."""
    reached = variance.depth(design)
    deepest = design.stages[reached - 1]
    found: list[Level] = []
    scale = np.ones(len(design.stages[0].sampled))
    for position in range(reached):
        stage = design.stages[position]
        if position > 0:
            scale = variance.below(scale, design.stages[position - 1], stage)
        cluster = cells.cluster
        if stage is not deepest:
            outer = np.zeros(len(deepest.stratum_of), dtype=np.intp)
            outer[deepest.clusters] = stage.clusters
            cluster = outer[cluster]
        found.append(_level(stage, scale, cluster, cells))
    return tuple(found)


def _level(stage: Stage, scale: Floats, cluster: Codes, cells: Cells) -> Level:
    inside = cells.domain < cells.count
    into = np.full(len(cells.cluster), -1, dtype=np.intp)
    wide = cells.count
    into[inside], labels = stages.pairs(cluster[inside], cells.domain[inside], wide)
    here, domain = labels // wide, labels % wide
    pair, pair_labels = stages.pairs(stage.stratum_of[here], domain, wide)
    members = np.bincount(pair, minlength=len(pair_labels))
    return Level(stage, scale, into, here, domain, pair, pair_labels // wide, pair_labels % wide, members)


@dataclass(frozen=True, eq=False)
class Reach:
    """Per domain: sampled units and strata with rows that count, at the stage where sampling begins.

    Where a whole stratum was taken at one stage, its units are strata and those below them the units.
    """

    units: NDArray[np.intp]
    strata: NDArray[np.intp]


def reach(levels: Sequence[Level], rows: Floats, count: int) -> Reach:
    """What the domains reach, from the (K,) row counts of the finest cells."""
    units = np.zeros(count, dtype=np.intp)
    strata = np.zeros(count, dtype=np.intp)
    for level in levels:
        begins = (level.scale >= 1) & (level.stage.fraction < 1)
        present = (level.gather(rows) > 0) & begins[level.pair_stratum][level.pair]
        units += np.bincount(level.domain[present], minlength=count)
        touched = np.bincount(level.pair[present], minlength=len(level.members)) > 0
        strata += np.bincount(level.pair_domain[touched], minlength=count)
    return Reach(units, strata)


def variances(design: Design, level: Level, totals: Floats, rows: Floats, count: int) -> Floats:
    """(K,) weighted totals of the finest cells -> (D,) what one stage adds to the variance of their sums."""
    stage = level.stage
    n = stage.sampled[level.pair_stratum]
    here = level.gather(totals)
    centre = np.bincount(level.pair, weights=here, minlength=len(n)) / n
    reached = np.bincount(level.pair[level.gather(rows) > 0], minlength=len(n))
    how = variance.treat(design, stage, level.scale, level.pair_stratum, reached)
    factor, left_out = how.factor, how.left_out
    if design.lonely_psu == "adjust" and left_out.any():
        grand = np.bincount(level.domain, weights=here, minlength=count) / len(stage.stratum_of)
        centre = np.where(left_out, grand[level.pair_domain], centre)
    if design.lonely_psu == "average" and left_out.any():
        factor = np.where(left_out, 0.0, factor)
        met = np.bincount(level.pair_domain[reached > 0], minlength=count).astype(np.float64)
        known = met - np.bincount(level.pair_domain[left_out], minlength=count)
        with np.errstate(divide="ignore"):
            raised = np.where(known > 0, met / known, np.nan)
        factor = factor * raised[level.pair_domain]
    deviation = here - centre[level.pair]
    occurring = np.bincount(
        level.domain, weights=factor[level.pair] * deviation * deviation, minlength=count
    )
    absent = factor * (n - level.members) * centre * centre
    return occurring + np.bincount(level.pair_domain, weights=absent, minlength=count)


def covariance(
    design: Design, level: Level, linear: Sequence[Floats], count: int, *, dense: int
) -> Floats:
    """Linearised totals of the cells here, one (L,) array a statistic -> (J D, J D), what one stage adds.

    Held as one matrix up to ``dense`` cluster totals, as a sparse one beyond: rows are clusters, columns
    statistics by domain.
    """
    stage, width = level.stage, len(linear) * count
    clusters = len(stage.stratum_of)
    columns = np.concatenate([level.domain + j * count for j in range(len(linear))])
    rows = np.tile(level.cluster, len(linear))
    values = np.concatenate(linear)
    present = np.zeros(clusters, dtype=np.bool_)
    present[level.cluster] = True
    strata = np.arange(len(stage.sampled))
    reached = np.bincount(stage.stratum_of[present], minlength=len(strata))
    how = variance.treat(design, stage, level.scale, strata, reached)
    if clusters * width <= dense or how.left_out.any():
        totals = np.zeros((clusters, width))
        totals[rows, columns] = values
        return variance.of_clusters(design, totals, stage, level.scale, present)
    from scipy.sparse import coo_array, csr_array

    factor = how.factor[stage.stratum_of]
    sparse = csr_array(coo_array((values, (rows, columns)), shape=(clusters, width)))
    homes = csr_array((np.ones(clusters), (stage.stratum_of, np.arange(clusters))))
    sums = csr_array(homes @ sparse)
    within = (sparse.T @ sparse.multiply(factor[:, None])).toarray()
    between = (sums.T @ sums.multiply((how.factor / stage.sampled)[:, None])).toarray()
    return np.asarray(within - between)
