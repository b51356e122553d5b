"""Randomisation inference: the estimate among those of all other assignments of the treated clusters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from math import comb
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.compare.did import panel as _panel
from govlab.errors import Fault, InputError
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Statistic = Literal["clusters", "people"]
Assignment = Literal["random", "not-random"]
MOST = 200_000  # assignments that are all gone through; more are drawn
_SLACK = 1e-10


@dataclass(frozen=True, eq=False)
class Randomisation(Result):
    """Where the estimate lies among all assignments.

    statistics: (assignments,) of every assignment, the observed one among them. p_value: two-sided share at
    least as large in absolute value; p_greater: one-sided. smallest_p: what the most extreme assignment
    would get, with these data. interval: of a constant effect not rejected at the level; infinite where the
    assignments are too few for it. exact: assignment was random and all were gone through; otherwise p is a
    permutation reference, good as far as clusters could have been exchanged. p_error: of drawing.
    """

    outcome: str
    statistic: Statistic
    observed: float
    statistics: Floats = field(repr=False)
    p_value: float
    p_greater: float
    smallest_p: float
    interval: tuple[float, float]
    level: float
    clusters: int
    treated: int
    assignment: Assignment
    enumerated: bool
    p_error: float = 0.0

    @property
    def exact(self) -> bool:
        """Whether p is exact."""
        return self.assignment == "random" and self.enumerated

    def to_frame(self) -> pd.DataFrame:
        """One row."""
        import pandas as pd

        row: dict[str, object] = {"term": self.outcome, "estimate": self.observed, "p_value": self.p_value}
        row |= {"p_greater": self.p_greater, "p_error": self.p_error, "smallest_p": self.smallest_p}
        row |= {"conf_low": self.interval[0], "conf_high": self.interval[1]}
        row |= {"assignments": len(self.statistics), "n": self.clusters, "exact": self.exact}
        row["reason"] = "" if self.smallest_p <= 1 - self.level + 1e-12 else "p-too-coarse"
        return pd.DataFrame([row])

    def summary(self) -> str:
        """p, what it means here, and the smallest that was possible."""
        kind = "randomisation test, exact" if self.exact else "permutation reference, not exact"
        if not self.enumerated:
            kind += f" ({len(self.statistics) - 1:,} assignments drawn)"
        lines = [
            f"{kind}: {self.treated} of {self.clusters} clusters treated, "
            f"{len(self.statistics):,} assignments",
            f"{self.outcome}: {self.observed:.4g}, p = {self.p_value:.4g} (smallest attainable "
            f"{self.smallest_p:.4g}), effects not rejected at {100 * self.level:g} %: "
            f"{self.interval[0]:.4g} to {self.interval[1]:.4g}",
        ]
        if self.assignment == "not-random":
            lines.append(
                "assignment was not random: p assumes that any clusters could have been the treated ones"
            )
        if self.smallest_p > 1 - self.level + 1e-12:
            lines.append(f"no data could reject at {100 * (1 - self.level):g} %: too few ways to assign")
        return "\n".join(lines)


def randomisation_test(
    frame: pd.DataFrame,
    outcome: str,
    *,
    treated: str,
    cluster: str,
    time: str,
    assignment: Assignment,
    statistic: Statistic = "clusters",
    strata: str | None = None,
    seed: int = 1,
    level: float = 0.95,
) -> Randomisation:
    """Difference in differences under every assignment of as many clusters, within strata if given.

    treated: 0 / 1, whether the model was in place in that row; all treated clusters begin together.
    assignment: whether it was random; there is no default, because p is exact only then. statistic: mean
    changes of clusters, each counting once, or of all people together. strata: assignment was, or could
    have been, within these. More than 200,000 assignments are drawn instead, p = (1 + c) / (draws + 1).
    InputError where beginnings differ, treatment turns off or a cluster lacks a before or an after.
    Source: Fisher (1935), The Design of Experiments, ch. 2; Rosenbaum (2002), Observational Studies, ch. 2.
    """
    for name, value, allowed in (("assignment", assignment, Assignment), ("statistic", statistic, Statistic)):
        if value not in get_args(allowed):
            raise ValueError(f"{name} must be one of {', '.join(get_args(allowed))}, got {value!r}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")
    sums, counts, arm, blocks = read(frame, outcome, treated, cluster, time, strata)
    total = 1
    for block in np.unique(blocks):
        own = blocks == block
        total *= comb(int(own.sum()), int(arm[own].sum()))
    enumerated = total <= MOST
    if total < 2:
        raise InputError(Fault("did.one_assignment", {"clusters": len(arm), "treated": int(arm.sum())}))
    many = _all(arm, blocks) if enumerated else _drawn(arm, blocks, seed)
    values = _changes(sums, counts, many) if statistic == "clusters" else _pooled(sums, counts, many)
    observed = float(values[0])
    slack = _SLACK * max(1.0, float(np.abs(values).max()))
    share = float((np.abs(values) >= abs(observed) - slack).mean())
    greater = float((values >= observed - slack).mean())
    best = float((np.abs(values) >= np.abs(values).max() - slack).mean())
    if not enumerated:
        best = 1 / total  # what drawing cannot show; the count of assignments does
    interval = not_rejected(values, many, level) if statistic == "clusters" else (float("nan"), float("nan"))
    error = 0.0 if enumerated else float(np.sqrt(share * (1 - share) / len(values)))
    return Randomisation(
        outcome, statistic, observed, values, share, greater, best, interval, level, len(arm),
        int(arm.sum()), assignment, enumerated, error,
    )  # fmt: skip


def read(
    frame: pd.DataFrame, outcome: str, treated: str, cluster: str, time: str, strata: str | None
) -> tuple[Floats, Floats, NDArray[np.bool_], Codes]:
    """(clusters, 2) sums and counts before and after, (clusters,) arm and stratum."""
    _panel.require(frame, [outcome, treated, cluster, time, *([strata] if strata else [])])
    faults: list[Fault] = []
    y = _panel.numbers(frame, outcome, faults)
    on = _panel.zero_one(frame, treated, faults)
    home, names = _panel.coded(frame, cluster, faults)
    at, periods = _panel.ordered(frame, time, faults)
    if faults:
        raise InputError(faults)
    state = np.zeros((len(names), len(periods)))
    np.maximum.at(state, (home, at), on)
    first = _panel.starts(state, names, faults)
    begins = np.unique(first[first < len(periods)])
    if (on != state[home, at]).any():
        torn = np.unique(home[on != state[home, at]])[:5]
        faults.append(Fault("did.torn_treatment", {"units": ", ".join(str(names[one]) for one in torn)}))
    if len(begins) > 1:
        told = ", ".join(str(periods[one]) for one in begins)
        faults.append(Fault("did.staggered", {"periods": told}))
    elif not len(begins):
        faults.append(Fault("did.nobody_treated", {"column": treated}))
    if faults:
        raise InputError(faults)
    known = ~np.isnan(y)
    after = (at >= begins[0]).astype(np.intp)
    sums, counts = np.zeros((len(names), 2)), np.zeros((len(names), 2))
    np.add.at(sums, (home[known], after[known]), y[known])
    np.add.at(counts, (home[known], after[known]), 1.0)
    bare = (counts == 0).any(axis=1)
    if bare.any():
        shown = ", ".join(str(names[one]) for one in np.flatnonzero(bare)[:5])
        raise InputError(Fault("did.no_before_or_after", {"n": int(bare.sum()), "units": shown}))
    blocks = np.zeros(len(names), dtype=np.intp)
    if strata:
        codes, _ = _panel.coded(frame, strata, faults)
        blocks[home] = codes
        if (blocks[home] != codes).any():
            shown = ", ".join(str(names[one]) for one in np.unique(home[blocks[home] != codes])[:5])
            faults.append(Fault("did.torn_cluster", {"column": strata, "units": shown}))
        if faults:
            raise InputError(faults)
    return sums, counts, first < len(periods), blocks


def not_rejected(values: Floats, many: NDArray[np.bool_], level: float) -> tuple[float, float]:
    """Ends of the constant effects that the two-sided test of mean changes does not reject.

    Taking an effect e away from the observed treated clusters changes the statistic of an assignment by
    e times w, its overlap with the observed one scaled to -1 .. 1; so each assignment is as extreme as
    the observed one for the e between two roots.
    """
    arm = many[0]
    shared = many @ arm.astype(np.float64)
    overlap = shared / arm.sum() - (arm.sum() - shared) / (~arm).sum()
    same = overlap > 1 - 1e-12
    mirror = overlap < -1 + 1e-12
    always = int((same | mirror).sum())
    observed, others = values[0], values[~(same | mirror)]
    w = overlap[~(same | mirror)]
    roots = np.stack([(observed - others) / (1 - w), (observed + others) / (1 + w)])
    low, high = np.sort(roots.min(axis=0)), np.sort(roots.max(axis=0))
    # p(e) > 1 - level needs more than this many assignments beside those that always tie.
    needed = int(np.floor((1 - level) * len(values) + 1e-9)) + 1 - always
    if needed <= 0:
        return float("-inf"), float("inf")
    starts = np.concatenate([low, high])
    steps = np.concatenate([np.ones(len(low)), -np.ones(len(high))])
    order = np.lexsort((-steps, starts))
    held = np.cumsum(steps[order]) >= needed
    if not held.any():
        return float(observed), float(observed)
    first = int(np.argmax(held))
    last = int(len(held) - 1 - np.argmax(held[::-1]))
    return float(starts[order][first]), float(starts[order][min(last + 1, len(held) - 1)])


def _changes(sums: Floats, counts: Floats, many: NDArray[np.bool_]) -> Floats:
    means = sums / counts
    change = means[:, 1] - means[:, 0]
    treated = many.sum(axis=1)
    return np.asarray(many @ change / treated - (~many) @ change / (many.shape[1] - treated))


def _pooled(sums: Floats, counts: Floats, many: NDArray[np.bool_]) -> Floats:
    one = (many @ sums) / (many @ counts)
    two = ((~many) @ sums) / ((~many) @ counts)
    return np.asarray(one[:, 1] - one[:, 0] - (two[:, 1] - two[:, 0]))


def _all(arm: NDArray[np.bool_], blocks: Codes) -> NDArray[np.bool_]:
    """(assignments, clusters), the observed one first."""
    parts: list[Iterator[tuple[int, ...]]] = []
    for block in np.unique(blocks):
        own = np.flatnonzero(blocks == block).tolist()
        parts.append(combinations(own, int(arm[own].sum())))
    rows = [[one for part in chosen for one in part] for chosen in product(*parts)]
    many = np.zeros((len(rows), len(arm)), dtype=np.bool_)
    for place, row in enumerate(rows):
        many[place, row] = True
    observed = (many == arm).all(axis=1)
    return np.concatenate([many[observed], many[~observed]])


def _drawn(arm: NDArray[np.bool_], blocks: Codes, seed: int, draws: int = 19_999) -> NDArray[np.bool_]:
    rng = np.random.default_rng(seed)
    many = np.tile(arm, (draws + 1, 1))
    for block in np.unique(blocks):
        own = np.flatnonzero(blocks == block)
        many[1:, own] = rng.permuted(many[1:, own], axis=1)
    return many
