"""The arithmetic of the scoring bench: scores and rank sets under weights that somebody moves.

A score is a weighted sum, and so is its error. Draws are made once, a set for each part of the scheme;
under other weights the same draws are added up otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govlab.institutions.scheme.pieces import Pieces
from govlab.institutions.scheme.scheme import Scheme
from govlab.institutions.scheme.scores import need_pieces, score
from govlab.institutions.scheme.tree import children
from govlab.ranks import drawn, settled

if TYPE_CHECKING:
    from govlab.institutions.scheme.evidence import Evidence

Floats = NDArray[np.float64]
DRAWS = 3_000


@dataclass(frozen=True, eq=False)
class Standings:
    """Units with a score, best first.

    place: which unit; estimate, std_error: of its score; rank, low, high: estimated rank and the ranks the
    data allow; above: (p, p) whether the order of two is settled, row above column. ranked: whether any
    error is known; without one there is no rank. lost: units without a score.
    """

    place: NDArray[np.int_]
    estimate: Floats
    std_error: Floats
    rank: NDArray[np.int_]
    low: NDArray[np.int_]
    high: NDArray[np.int_]
    above: NDArray[np.bool_]
    ranked: bool
    lost: int

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return len(self.place) * (len(self.place) - 1) // 2

    @property
    def sure(self) -> int:
        """Of how many the order is settled."""
        return int(self.above.sum())


class Scorer:
    """A scheme on its evidence, with draws of the errors of each part at hand.

    Parts are what stands directly under the score; the errors of two parts must have nothing in common:
    ValueError where two parts ask residents, or two ask raters.
    """

    def __init__(self, scheme: Scheme, evidence: Evidence, draws: int = DRAWS) -> None:
        self.scheme = scheme
        self.parts = tuple(one.id for one in children(scheme.file.nodes, None))
        self.evidence = evidence
        self.pieces: Pieces = need_pieces(score(scheme, evidence))
        self._refuse()
        self._noise = {part: self._drawn(part, draws, seed) for seed, part in enumerate(self.parts, 1)}

    def shares(self, weights: Mapping[str, float]) -> dict[str, float]:
        """Parts -> per cent of the score; equal where all weights are 0."""
        total = sum(weights[part] for part in self.parts)
        if not total > 0:
            return {part: 100 / len(self.parts) for part in self.parts}
        return {part: 100 * weights[part] / total for part in self.parts}

    def standings(self, weights: Mapping[str, float], *, points: bool = True) -> Standings:
        """Scores and ranks; weights: by part, any from 0. points: those for merit and fault too."""
        given = self.shares(weights)
        shares = self.scheme.weighted(given).shares
        held = self.pieces if points else replace(self.pieces, added=np.zeros_like(self.pieces.added))
        estimate = held.totals(shares)
        there = np.flatnonzero(np.isfinite(estimate))
        covariance = (held.survey_error(shares) + held.rater_error(shares))[np.ix_(there, there)]
        with np.errstate(invalid="ignore"):
            error = np.sqrt(np.diag(covariance))
        ranked = bool(len(there) > 1 and (error > 0).all())
        above = np.zeros(covariance.shape, dtype=bool)
        if ranked:
            noise = sum(np.float32(given[part] / 100) * self._noise[part][there] for part in self.parts)
            above = settled(estimate[there], covariance, np.asarray(noise, dtype=np.float32))
            order = np.argsort(-estimate[there], kind="stable")
        else:
            order = np.arange(len(there))
        values = estimate[there][order]
        above = above[np.ix_(order, order)]
        return Standings(
            place=there[order],
            estimate=values,
            std_error=error[order],
            rank=1 + (values[:, None] < values).sum(axis=1),
            low=1 + above.sum(axis=0),
            high=len(values) - above.sum(axis=1),
            above=above,
            ranked=ranked,
            lost=len(estimate) - len(there),
        )

    def _drawn(self, part: str, draws: int, seed: int) -> NDArray[np.float32]:
        """(units, draws) errors of the score where this part alone counts; 0 where nothing is known of it."""
        shares = self._alone(part)
        covariance = self.pieces.survey_error(shares) + self.pieces.rater_error(shares)
        known = np.flatnonzero(np.isfinite(np.diag(covariance)))
        found = np.zeros((len(covariance), draws), dtype=np.float32)
        found[known] = drawn(covariance[np.ix_(known, known)], draws=draws, seed=seed)
        return found

    def _alone(self, part: str) -> dict[str, float]:
        return self.scheme.weighted({one: 100.0 * (one == part) for one in self.parts}).shares

    def _refuse(self) -> None:
        for kind in ("survey", "expert"):
            names = {self.pieces.names[place] for place in self.pieces.of_kind(kind)}
            mine = [part for part in self.parts if any(self._alone(part).get(one) for one in names)]
            if len(mine) > 1:
                raise ValueError(f"scheme: errors of the parts {', '.join(mine)} hang together ({kind})")
