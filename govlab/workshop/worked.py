"""Right answers that follow from shipped data, worked out when asked for; here, those of surveys."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    from govlab.study import Study


@cache
def answer(name: str) -> float:
    """The number of that name; InputError for a name that there is not."""
    from govlab.workshop import worked_cases, worked_lists

    known = _SURVEYS | worked_cases.ANSWERS | worked_lists.ANSWERS
    if name not in known:
        raise InputError(Fault("workshop.no_worked", {"name": name, "known": ", ".join(known)}))
    return known[name]()


@lru_cache(maxsize=1)
def _demo() -> Study:
    from govlab.data.locate import shipped
    from govlab.study import Study

    return Study.open(shipped("datasets") / "demo_study")


def communities_for_three_tenths() -> float:
    """Communities in each group that a difference of 0.3 needs, 20 people in each (icc 0.05, power 80 %)."""
    from govlab.survey import Plan, sample_size

    plan = Plan(0.3, 1.0, (1, 1), 20, icc=0.05)
    return float(sample_size(plan, target=0.8).clusters[0])


def weighted_satisfaction() -> float:
    """The weighted mean of overall satisfaction in the last wave."""
    from govlab.survey import mean

    return float(mean(_demo().design(3), "sat_overall").to_frame()["estimate"].iloc[0])


def pairs_that_differ() -> float:
    """How many of the 120 pairs of zones can be told apart on overall satisfaction in the last wave."""
    from govlab.survey import compare_zones

    found = compare_zones(_demo().design(3), "sat_overall", zone="zone").to_frame()
    return float(found["different"].sum())


def devolution_gap() -> float:
    """Willingness to take part: change in the devolution zones less that in the zones for comparison."""
    return _gap((2, 3))


def devolution_gap_before() -> float:
    """The same between the two waves before the reform."""
    return _gap((1, 2))


def _gap(between: tuple[int, int]) -> float:
    from govlab.survey import difference_in_differences

    design = _demo().design(list(between))
    model = design.frame["model"].astype(str)
    design = design.with_columns({"treated": (model == "devolution").astype(float)})
    part = design.subset(model.isin(["devolution", "comparison"]).to_numpy())
    found = difference_in_differences(
        part, "participation", wave="wave", between=between, treated="treated", zone="zone"
    )
    return float(found.to_frame()["estimate"].iloc[0])


_SURVEYS: dict[str, Callable[[], float]] = {
    "communities-for-three-tenths": communities_for_three_tenths,
    "devolution-gap": devolution_gap,
    "devolution-gap-before": devolution_gap_before,
    "pairs-that-differ": pairs_that_differ,
    "weighted-satisfaction": weighted_satisfaction,
}
