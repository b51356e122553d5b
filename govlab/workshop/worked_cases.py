"""Right answers of lessons on comparing a dozen cases and of scoring, worked out when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from govlab.compare.qca import TruthTable
    from govlab.study.coded import CodedCases
    from govlab.studybook.assessed import Assessment

_SIXTY = {"targets": 20.0, "satisfaction": 60.0, "leaders": 20.0}
_COMMUNITY = "paper-boat-20"
_THREE = ("compass", "ocarina", "teapot")


@lru_cache(maxsize=1)
def _coded() -> CodedCases:
    from govlab.studybook.source import open_study

    return open_study("demo").coded_cases()


def _table(frame: pd.DataFrame) -> TruthTable:
    from govlab.compare import qca

    found: TruthTable = qca.truth_table(frame, "improved", _coded().conditions, inclusion=0.8, pri=0.5)
    return found


def settled_cases() -> float:
    """How many of the coded cases are more in than out of the outcome."""
    return float((_coded().frame["improved"] > 0.5).sum())


def rows_without_cases() -> float:
    """How many combinations of the conditions no case shows."""
    return float(len(_table(_coded().frame).remainders()))


def consistency_of_three() -> float:
    """Consistency of ``staff*powers`` with the outcome over three of its cases."""
    from govlab.compare.qca.fit import inclusion

    frame = _coded().frame.loc[list(_THREE)]
    path = frame[["staff", "powers"]].min(axis=1).to_numpy()
    return float(inclusion(path[:, None], frame["improved"].to_numpy())[0])


def last_crossover() -> float:
    """The last whole crossover of ``money``, upwards, at which the intermediate solution is the same."""
    from govlab.compare import qca

    cases = _coded()
    low, start, high = cases.set("money").anchors

    def paths(crossover: float) -> tuple[str, ...]:
        made = qca.calibrate(cases.measured["budget_share"], (low, crossover, high))
        table = _table(cases.frame.assign(money=made.memberships))
        found: tuple[str, ...] = qca.minimise(
            table, solution="intermediate", expectations=cases.expectations
        ).expressions
        return found

    want, reached = paths(start), int(start)
    while reached + 1 < high and paths(reached + 1) == want:
        reached += 1
    return float(reached)


@lru_cache(maxsize=1)
def _assessed() -> Assessment:
    from govlab.studybook.assessed import Assessment

    return Assessment.open("demo", "aksu-3-plus-1", "en")


def share_not_from_source() -> float:
    """Percentage of the parts of the 3+1 scheme that its source does not give."""
    return 100 * _assessed().scheme.share_ours


def score_by_hand() -> float:
    """The score of one community under the weights that the scheme starts with."""
    scores = _assessed().scores
    return float(scores.estimate[[one.id for one in scores.units].index(_COMMUNITY)])


def rank_under_sixty() -> float:
    """The estimated rank of that community where residents' satisfaction counts 60 per cent."""
    from govlab.institutions.scheme.drivers import order

    held = _assessed()
    scores = held.scheme.weighted(_SIXTY).score(held.evidence)
    kept = np.flatnonzero(np.isfinite(scores.estimate))
    place = [scores.units[one].id for one in kept].index(_COMMUNITY)
    return float(order(scores.estimate[kept])[place])


def may_be_third() -> float:
    """How many communities have the third place in the confidence set of their rank."""
    from govlab.results import NotApplicable

    found = _assessed().ranks
    assert not isinstance(found, NotApplicable)
    frame = found.frame[found.frame["reason"] == ""]
    return float(((frame["rank_low"] <= 3) & (frame["rank_high"] >= 3)).sum())


ANSWERS: dict[str, Callable[[], float]] = {
    "cases-consistency-of-three": consistency_of_three,
    "cases-last-crossover": last_crossover,
    "cases-rows-without-cases": rows_without_cases,
    "cases-settled": settled_cases,
    "scores-by-hand": score_by_hand,
    "scores-may-be-third": may_be_third,
    "scores-rank-under-sixty": rank_under_sixty,
    "scores-share-not-from-source": share_not_from_source,
}
