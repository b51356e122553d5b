"""The weights that no source gives, swept: what stays of the order whatever they are.

A weight is a choice and has no sampling error: what it changes is shown apart from the confidence sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from govlab.institutions.scheme.scheme import Scheme
from govlab.ranks import confidence_sets
from govlab.results import NotApplicable, Result

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.scheme.scores import Scores

_DRAWS = 1_000  # of each weighting: there are many
_MOST_CORNERS = 64


@dataclass(frozen=True, eq=False)
class Sweep(Result):
    """Ranks over weightings.

    frame: ``unit rank rank_low rank_high`` at the given weights, ``best worst`` estimated rank over all
    weightings, ``low high`` lowest and highest end of its confidence sets over all weightings.
    weightings: how many, the given one among them. keep: least part of its equal share that a member keeps.
    """

    frame: pd.DataFrame
    weightings: int
    keep: float
    free: tuple[str, ...]
    level: float

    def to_frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.frame.copy()

    def surely(self, k: int) -> list[str]:
        """Units in the first k whatever the weights: their highest rank is k or better under every one."""
        return self.frame.loc[self.frame["high"] <= k, "unit"].tolist()

    def never(self, k: int) -> list[str]:
        """Units outside the first k whatever the weights."""
        return self.frame.loc[self.frame["low"] > k, "unit"].tolist()

    def summary(self) -> str:
        """What was swept, and who moves most."""
        moves = (self.frame["worst"] - self.frame["best"]).astype(float)
        most = self.frame.iloc[int(moves.to_numpy().argmax())] if len(moves) else None
        lines = [
            f"{self.weightings} weightings of {', '.join(self.free)}; "
            f"each keeps {100 * self.keep:g} % of its equal share"
        ]
        if most is not None:
            lines.append(f"moves most: {most['unit']}, estimated rank {most['best']} to {most['worst']}")
        return "\n".join(lines)


def weightings(scheme: Scheme, count: int, keep: float, seed: int) -> list[Scheme]:
    """The scheme, equal weights, the corners of what is allowed, and ``count`` drawn evenly."""
    free = scheme.free
    if not free:
        return [scheme]
    rng = np.random.default_rng(seed)
    corners = [_corners(len(members), keep / len(members)) for members in free.values()]
    chosen = list(product(*corners)) if np.prod([len(one) for one in corners]) <= _MOST_CORNERS else []
    chosen += [tuple(np.full(len(members), 1 / len(members)) for members in free.values())]
    for _ in range(count):
        chosen.append(tuple(_drawn(rng, len(members), keep / len(members)) for members in free.values()))
    return [scheme, *(scheme.weighted(_named(list(free.values()), one)) for one in chosen)]


def _named(groups: Sequence[Sequence[str]], shares: Sequence[np.ndarray]) -> dict[str, float]:
    return {
        name: float(100 * share)
        for members, group in zip(groups, shares, strict=True)
        for name, share in zip(members, group, strict=True)
    }


def _corners(size: int, floor: float) -> list[np.ndarray]:
    return [np.where(np.arange(size) == one, 1 - (size - 1) * floor, floor) for one in range(size)]


def _drawn(rng: np.random.Generator, size: int, floor: float) -> np.ndarray:
    """Evenly over all shares that keep the floor."""
    cuts = np.sort(rng.random(size - 1))
    return floor + (1 - size * floor) * np.diff(np.concatenate([[0.0], cuts, [1.0]]))


def sweep(scores: Scores, *, weightings: int = 20, keep: float = 0.5, seed: int = 1) -> Sweep | NotApplicable:
    """Ranks of the same units under other weightings of every group that the source leaves open.

    weightings: drawn beside the corners. keep: the part of its equal share of the group that each member
    keeps at least, above 0: of three, half means a sixth of the group. NotApplicable where nothing is
    ranked or nothing is free.
    """
    from govlab.institutions.scheme.scores import need_pieces

    every = _checked(scores, weightings, keep, seed)
    if isinstance(every, NotApplicable):
        return every
    held = need_pieces(scores)
    kept = np.isfinite(scores.estimate) & np.isfinite(scores.std_error)
    inside = np.flatnonzero(kept)
    found = []
    for one in every:
        shares = one.shares
        covariance = held.survey_error(shares) + held.rater_error(shares)
        values = held.totals(shares)[inside]
        sets = confidence_sets(
            values, covariance[np.ix_(inside, inside)], level=scores.level, draws=_DRAWS, seed=seed
        )
        found.append(sets.frame[["rank", "rank_low", "rank_high"]].to_numpy(dtype=int))
    return _collected(scores, inside, np.stack(found), keep)


def _checked(scores: Scores, count: int, keep: float, seed: int) -> list[Scheme] | NotApplicable:
    if scores.no_ranks is not None:
        return scores.no_ranks
    free = scores.scheme.free
    if not free:
        return NotApplicable("no-free-weights", "every weight of this scheme is given by its source")
    if not 0 < keep <= 1:  # at 0 a count could decide alone, and no error would be known
        raise ValueError(f"keep must lie above 0 and at most at 1, got {keep!r}")
    return weightings(scores.scheme, count, keep, seed)


def _collected(scores: Scores, inside: np.ndarray, found: np.ndarray, keep: float) -> Sweep:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "unit": [scores.units[place].id for place in inside],
            "rank": found[0, :, 0],
            "rank_low": found[0, :, 1],
            "rank_high": found[0, :, 2],
            "best": found[:, :, 0].min(axis=0),
            "worst": found[:, :, 0].max(axis=0),
            "low": found[:, :, 1].min(axis=0),
            "high": found[:, :, 2].max(axis=0),
        }
    )
    free = tuple(name for members in scores.scheme.free.values() for name in members)
    return Sweep(frame, len(found), keep, free, scores.level)
