"""The fast path for domains: sums once per (sampling unit, domain) cell, and all the rest on cells.

A million rows become a few thousand cells; a variance never looks at a row again. Cells lie domain by
domain, in each stratum by stratum and unit by unit, so that every later sum runs over neighbours. Cells
that do not occur hold a zero total, and the formulas add their part by counting (Särndal, Swensson &
Wretman 1992, ch. 10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from govlab.survey import stages, variance
from govlab.survey.design import Design, Mask
from govlab.survey.domains import Domains
from govlab.survey.stages import Codes, Floats, Stage

if TYPE_CHECKING:
    from scipy.sparse import csc_array

_LANES = 16


@dataclass(frozen=True, eq=False)
class Segments:
    """Neighbours that belong together: where each of S segments starts, and how long it is."""

    starts: Codes
    sizes: Codes

    def sum(self, values: Floats) -> Floats:
        """(K,) -> (S,); 0 for a segment without members."""
        filled = self.sizes > 0
        if filled.all():
            return np.add.reduceat(values, self.starts) if len(self.starts) else np.zeros(0)
        sums = np.zeros(len(self.starts))
        if filled.any():
            sums[filled] = np.add.reduceat(values, self.starts[filled])
        return sums

    def spread(self, values: Floats) -> Floats:
        """(S,) -> (K,) the value of each member's segment."""
        return np.repeat(values, self.sizes)


def _segments(sorted_codes: Codes, count: int) -> Segments:
    """The segments 0 .. count-1 of codes in rising order."""
    sizes = np.bincount(sorted_codes, minlength=count)
    return Segments(np.cumsum(sizes) - sizes, sizes)


@dataclass(frozen=True, eq=False)
class Cells:
    """The (cluster, domain) pairs that occur, those of no domain last.

    spread_weights: (lanes K, n) the weight of each row in its cell; a cell is spread over a few lanes,
    added last, because short running sums lose fewer digits than one long one. rows: (K,) rows in each.
    cluster, domain: (inside,) codes of the cells that lie in a domain. domains: their segments.
    """

    spread_weights: csc_array
    lanes: int
    rows: Floats
    cluster: Codes
    domain: Codes
    domains: Segments

    def sums(self, values: Floats) -> Floats:
        """(n,) -> (K,) weighted sums; NaN in a cell that holds one."""
        return self._fold(self.spread_weights @ values)

    def count(self, rows: Codes) -> Floats:
        """How many of some rows each cell holds, (K,)."""
        slots = self.spread_weights.indices[rows]
        counts: NDArray[Any] = np.bincount(slots, minlength=self.spread_weights.shape[0])
        return self._fold(counts.astype(np.float64))

    def weigh(self, rows: Codes, weights: Floats) -> Floats:
        """The weight of some rows in each cell, (K,); weights: (n,)."""
        slots = self.spread_weights.indices[rows]
        size = self.spread_weights.shape[0]
        sums: NDArray[Any] = np.bincount(slots, weights=weights[rows], minlength=size)
        return self._fold(sums)

    def by_domain(self, values: Floats) -> Floats:
        """(K,) -> (D,)."""
        return self.domains.sum(values[: len(self.domain)])

    def _fold(self, sums: Floats) -> Floats:
        return sums if self.lanes == 1 else sums.reshape(self.lanes, -1).sum(axis=0)

    def replicate(self, multipliers: Floats, values: Floats) -> Floats:
        """(R, C) multipliers of clusters, (K,) sums of cells -> (R, D) sums of domains in each replicate."""
        values, count = values[: len(self.domain)], len(self.domains.sizes)
        if count == 1:
            whole = np.zeros(multipliers.shape[1])
            whole[self.cluster] = values
            return (multipliers @ whole)[:, None]
        from scipy.sparse import coo_array, csr_array

        sums = csr_array(coo_array((values, (self.domain, self.cluster)), (count, multipliers.shape[1])))
        return np.ascontiguousarray((sums @ multipliers.T).T)


def build(weights: Floats, clusters: Codes, wide: int, place: Codes | None, domains: Domains) -> Cells:
    """Cells of one set of clusters, (n,) codes 0 .. wide-1, with the domains.

    place: (wide,) rank of each cluster in the order in which cells shall lie inside a domain; None for
    the order of their codes.
    """
    from scipy.sparse import csc_array

    n = len(clusters)
    joint = clusters if place is None else place[clusters]
    if domains.codes is not None:
        joint, labels = stages.pairs(domains.codes, joint, wide)
    else:
        labels = np.arange(wide)
    domain, cluster = labels // wide, labels % wide
    if place is not None:
        by_place = np.empty(wide, dtype=np.intp)
        by_place[place] = np.arange(wide)
        cluster = by_place[cluster]
    inside = int(np.searchsorted(domain, domains.count))
    count = len(labels)
    rows = np.bincount(joint, minlength=count).astype(np.float64)
    lanes = _LANES
    # Cells of a few rows each need no lanes, and what they are added into should stay in the cache.
    while lanes > 1 and lanes * count > max(n // 16, 4096):
        lanes //= 2
    slots: NDArray[Any] = joint.astype(np.int32 if max(n, count * lanes) < 2**31 else np.int64)
    for lane in range(1, lanes):
        slots[lane::lanes] += lane * count
    matrix = csc_array((weights, slots, np.arange(n + 1, dtype=slots.dtype)), shape=(count * lanes, n))
    segments = _segments(domain[:inside], domains.count)
    return Cells(matrix, lanes, rows, cluster[:inside], domain[:inside], segments)


@dataclass(frozen=True, eq=False)
class Level:
    """One stage of sampling seen through cells.

    members: segments of the finest cells that make up each of the L cells here, None where they are the
    same. cluster, domain: (L,). pairs: segments of cells in each (stratum, domain); stratum_of_pair,
    domain_of_pair: (J,). of_domain: segments of cells in each domain. scale: (H,) product of the
    fractions sampled at the stages above.
    """

    stage: Stage
    scale: Floats
    members: Segments | None
    cluster: Codes
    domain: Codes
    of_domain: Segments
    pairs: Segments
    stratum_of_pair: Codes
    domain_of_pair: Codes

    def gather(self, values: Floats) -> Floats:
        """(K,) values of the finest cells, or of those in a domain -> (L,)."""
        if self.members is None:
            return values[: len(self.cluster)]
        return self.members.sum(values)

    def count_by_domain(self, pairs: Mask) -> NDArray[np.intp]:
        """(J,) truth values -> (D,) how many hold."""
        return np.bincount(self.domain_of_pair[pairs], minlength=len(self.of_domain.sizes))


def order(design: Design) -> Codes | None:
    """(C,) rank of each cluster of the deepest stage that adds to the variance: strata, then units nested.

    None where the codes are in that order already.
    """
    deepest = design.stages[variance.depth(design) - 1]
    keys: list[Codes] = []
    for stage in design.stages[: variance.depth(design)]:
        if stage is deepest:
            keys.append(stage.stratum_of)
            continue
        cluster = _upward(deepest, stage)
        keys += [stage.stratum_of[cluster], cluster]
    if len(keys) == 1 and (keys[0][1:] >= keys[0][:-1]).all():
        return None
    place = np.empty(len(keys[0]), dtype=np.intp)
    place[np.lexsort(keys[::-1])] = np.arange(len(place))
    return place


def _upward(deepest: Stage, stage: Stage) -> Codes:
    """The cluster of an earlier stage in which each cluster of the deepest lies."""
    outer = np.zeros(len(deepest.stratum_of), dtype=np.intp)
    outer[deepest.clusters] = stage.clusters
    return outer


def levels(design: Design, cells: Cells) -> tuple[Level, ...]:
    """The stages that add to the variance, first stage first, over cells of the deepest of them."""
    used = design.stages[: variance.depth(design)]
    scale = np.ones(len(used[0].sampled))
    found: list[Level] = []
    for position, stage in enumerate(used):
        if position > 0:
            scale = variance.below(scale, used[position - 1], stage)
        cluster, domain, members = cells.cluster, cells.domain, None
        if stage is not used[-1]:
            cluster = _upward(used[-1], stage)[cluster]
            first, members = _runs(domain, cluster)
            cluster, domain = cluster[first], domain[first]
        stratum = stage.stratum_of[cluster]
        start, pairs = _runs(domain, stratum)
        of_domain = _segments(domain, len(cells.domains.sizes))
        found.append(
            Level(stage, scale, members, cluster, domain, of_domain, pairs, stratum[start], domain[start])
        )
    return tuple(found)


def _runs(outer: Codes, inner: Codes) -> tuple[Codes, Segments]:
    """Runs of equal (outer, inner) among neighbours: the first place of each, and their segments."""
    changed = np.ones(len(outer), dtype=np.bool_)
    changed[1:] = (outer[1:] != outer[:-1]) | (inner[1:] != inner[:-1])
    starts = np.flatnonzero(changed)
    return starts, Segments(starts, np.diff(np.append(starts, len(outer))))


@dataclass(frozen=True, eq=False)
class Reach:
    """Per domain: sampled units and strata with rows that count, at the stage where sampling begins.

    Where a whole stratum was taken at one stage, its units are strata and those below them the units.
    present: for each level, the (J,) cells with such rows in each (stratum, domain).
    """

    units: NDArray[np.intp]
    strata: NDArray[np.intp]
    present: tuple[NDArray[np.intp], ...]


def reach(levels: Sequence[Level], rows: Floats) -> Reach:
    """What the domains reach, from the (K,) counts of rows of the finest cells."""
    found = tuple(
        level.pairs.sum((level.gather(rows) > 0).astype(np.float64)).astype(np.intp) for level in levels
    )
    units = np.zeros(len(levels[0].of_domain.sizes), dtype=np.intp)
    strata = units.copy()
    for level, present in zip(levels, found, strict=True):
        begins = ((level.scale >= 1) & (level.stage.fraction < 1))[level.stratum_of_pair]
        counted = np.where(begins, present, 0)
        units += np.bincount(level.domain_of_pair, weights=counted, minlength=len(units)).astype(np.intp)
        strata += level.count_by_domain(counted > 0)
    return Reach(units, strata, found)


def variances(design: Design, level: Level, linear: Floats, present: NDArray[np.intp]) -> Floats:
    """What one stage adds to the variance of domain sums, (D,).

    linear: (K,) or (inside,) weighted totals of the finest cells; present: (J,) cells with rows that
    count in each (stratum, domain).
    """
    stage = level.stage
    n = stage.sampled[level.stratum_of_pair]
    here = level.gather(linear)
    centre = level.pairs.sum(here) / n
    how = variance.treat(design, stage, level.scale, level.stratum_of_pair, present)
    factor, left_out = how.factor, how.left_out
    if design.lonely_psu == "adjust" and left_out.any():
        grand = level.of_domain.sum(here) / len(stage.stratum_of)
        centre = np.where(left_out, grand[level.domain_of_pair], centre)
    if design.lonely_psu == "average" and left_out.any():
        factor = np.where(left_out, 0.0, factor)
        met = level.count_by_domain(present > 0)
        known = met - level.count_by_domain(left_out)
        raised = np.where(known > 0, met / np.maximum(known, 1), np.nan)
        factor = factor * raised[level.domain_of_pair]
    deviation = here - level.pairs.spread(centre)
    deviation *= deviation
    by_pair = factor * (level.pairs.sum(deviation) + (n - level.pairs.sizes) * centre * centre)
    return _by_domain(level, by_pair)


def _by_domain(level: Level, values: Floats) -> Floats:
    """(J,) -> (D,)."""
    sums: Floats = np.bincount(
        level.domain_of_pair, weights=values, minlength=len(level.of_domain.sizes)
    ).astype(np.float64)
    return sums


def covariance(design: Design, level: Level, linear: Sequence[Floats], *, dense: int) -> Floats:
    """Linearised totals of the cells here, one (L,) array a statistic -> (J D, J D), what one stage adds.

    Held as one matrix up to ``dense`` cluster totals, as a sparse one beyond: rows are clusters, columns
    statistics by domain.
    """
    stage, count = level.stage, len(level.of_domain.sizes)
    clusters, width = len(stage.stratum_of), len(linear) * count
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
