"""Before fieldwork: how many residents and communities, and what a given number can still show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, isnan, sqrt
from typing import TYPE_CHECKING

from govlab.errors import Fault, InputError
from govlab.results import Result

if TYPE_CHECKING:
    import pandas as pd

LEAST = 3  # communities in both groups together from which a t test has a degree of freedom
_MOST = 1_000_000  # clusters, or people in a cluster, at which a search gives up


@dataclass(frozen=True, eq=False)
class Plan(Result):
    """A comparison of pilot and comparison zones, and what it can show.

    difference: of means or shares that is to be found; sd: of the answers of people. clusters: sampled
    communities in the pilot and in the comparison group; cluster_size: people answering in each, each
    wave. icc: share of the variance between communities. waves: 1 compares levels, 2 compares changes
    (difference in differences); then person_correlation is between a person's two answers (0 where other
    people are asked) and cluster_correlation between a community's two means (without sampling error).
    weighting: design effect of unequal weights. comparisons: made at once (Bonferroni). response: share
    of those invited who answer. level, power: of the test.
    """

    difference: float
    sd: float
    clusters: tuple[int, int]
    cluster_size: int
    icc: float = 0.0
    waves: int = 1
    person_correlation: float = 0.0
    cluster_correlation: float = 0.0
    weighting: float = 1.0
    comparisons: int = 1
    response: float = 1.0
    level: float = 0.95
    power: float = float("nan")

    @property
    def people(self) -> tuple[int, int]:
        """Answers in each group and wave."""
        return self.clusters[0] * self.cluster_size, self.clusters[1] * self.cluster_size

    @property
    def invited(self) -> tuple[int, int]:
        """People to invite in each group and wave."""
        return ceil(self.people[0] / self.response), ceil(self.people[1] / self.response)

    @property
    def design_effect(self) -> float:
        """Of clusters and weights on a mean of one wave (Kish 1965, sec. 5.4 and 11.7)."""
        return self.weighting * (1 + (self.cluster_size - 1) * self.icc)

    @property
    def std_error(self) -> float:
        """Of the difference, or of the difference in differences."""
        return _std_error(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a group, the plan beside it."""
        import pandas as pd

        return pd.DataFrame(
            {
                "group": ["pilot", "comparison"],
                "clusters": self.clusters,
                "cluster_size": self.cluster_size,
                "waves": self.waves,
                "people": self.people,
                "invited": self.invited,
                "difference": self.difference,
                "std_error": self.std_error,
                "deff": self.design_effect,
                "power": self.power,
            }
        )

    def summary(self) -> str:
        """The plan in plain lines."""
        what = "difference" if self.waves == 1 else "difference in change"
        lines = [
            f"{what} of {self.difference:.4g} (sd {self.sd:.4g}): power {100 * self.power:.1f} %",
            f"communities: {self.clusters[0]} pilot, {self.clusters[1]} comparison; "
            f"{self.cluster_size} people answering in each, {self.waves} wave(s)",
            f"people a wave: {self.people[0]} and {self.people[1]}; to invite: {self.invited[0]} and "
            f"{self.invited[1]}",
            f"design effect of one wave {self.design_effect:.2f}; test at {100 * (1 - self.level):g} %",
        ]
        if self.comparisons > 1:
            lines.append(f"level shared by {self.comparisons} comparisons")
        return "\n".join(lines)


def share_sd(first: float, second: float | None = None) -> float:
    """Standard deviation of 0 / 1 answers with one share, or the mean of two in the sense of variances."""
    shares = [first] if second is None else [first, second]
    if not all(0 < one < 1 for one in shares):
        raise ValueError(f"shares must lie between 0 and 1, got {shares}")
    return sqrt(sum(one * (1 - one) for one in shares) / len(shares))


def power(plan: Plan) -> Plan:
    """The plan with the power of its two-sided t test on (clusters - 2) degrees of freedom.

    The error is sd^2 [icc (1 - cluster_correlation) + (1 - icc)(1 - person_correlation) / cluster_size]
    over the clusters of a group, twice that with two waves (Feldman & McKinlay 1994, Statist. Med. 13,
    61-78); without icc and with one person a cluster it is the two-sample t test.
    """
    _check(plan)
    return replace(plan, power=_power(plan))


def sample_size(plan: Plan, *, target: float = 0.8, seek: str = "clusters") -> Plan:
    """The smallest plan that reaches the target power.

    seek: ``clusters`` (their numbers in the proportion of plan.clusters, cluster_size as given) or
    ``cluster_size`` (communities as given). InputError where no cluster_size is enough, which a high icc
    and few communities make common: more people then do not help.
    """
    _check(plan)
    if not 0 < target < 1:
        raise ValueError(f"target must lie between 0 and 1, got {target!r}")
    if seek == "clusters":
        pilot, other = plan.clusters

        def at(count: int) -> Plan:
            return replace(plan, clusters=(count, max(1, ceil(count * other / pilot - 1e-9))))

        found = _smallest(lambda count: _power(at(count)) >= target, 1)
        if found is None:
            raise InputError(Fault("survey.power_clusters", {"difference": plan.difference}))
        return power(at(found))
    if seek == "cluster_size":
        found = _smallest(lambda size: _power(replace(plan, cluster_size=size)) >= target, 1)
        if found is None:
            best = _power(replace(plan, cluster_size=_MOST))
            values = {"clusters": sum(plan.clusters), "best": f"{100 * best:.0f}"}
            values["target"] = f"{100 * target:g}"
            raise InputError(Fault("survey.power_cluster_size", values))
        return power(replace(plan, cluster_size=found))
    raise ValueError(f"seek must be 'clusters' or 'cluster_size', got {seek!r}")


def detectable(plan: Plan, *, target: float = 0.8) -> Plan:
    """The plan with the smallest difference that it finds with the target power; its own is not used.

    InputError with fewer than three communities in both groups together: nothing is left to test with.
    """
    from scipy import optimize

    _check(plan)
    if not 0 < target < 1:
        raise ValueError(f"target must lie between 0 and 1, got {target!r}")
    if sum(plan.clusters) < LEAST:
        raise InputError(Fault("survey.power_few", {"n": sum(plan.clusters), "least": LEAST}))
    unit = _std_error(plan)

    def short(size: float) -> float:
        return _power(replace(plan, difference=size * unit)) - target

    # From the level itself (no difference) power rises to 1.
    low, high = 0.0, 4.0
    while short(high) < 0:
        high *= 2
    size = float(optimize.brentq(short, low, high, xtol=1e-12)) if short(low) < 0 else 0.0
    return replace(plan, difference=size * unit, power=_power(replace(plan, difference=size * unit)))


def size_for_margin(
    margin: float,
    *,
    sd: float,
    population: int | None = None,
    design_effect: float = 1.0,
    level: float = 0.95,
    response: float = 1.0,
) -> int:
    """People to invite so that an interval of a mean or share reaches ``margin`` either way.

    n0 = (z sd / margin)^2, with the finite population n0 / (1 + (n0 - 1) / N), times the design effect,
    over the response (Cochran 1977, sec. 4.4 and 4.6). For a share use ``share_sd``.
    """
    from scipy import stats

    if not (margin > 0 and sd > 0 and design_effect > 0 and 0 < response <= 1 and 0 < level < 1):
        raise ValueError("margin, sd and design_effect must be above 0, level and response within (0, 1]")
    needed = (float(stats.norm.isf((1 - level) / 2)) * sd / margin) ** 2
    if population is not None:
        needed = needed / (1 + (needed - 1) / population)
    needed *= design_effect
    if population is not None:
        needed = min(needed, float(population))
    return ceil(needed / response - 1e-9)


def _std_error(plan: Plan) -> float:
    if plan.waves == 1:
        between, within = plan.icc, 1 - plan.icc
    else:
        between = 2 * plan.icc * (1 - plan.cluster_correlation)
        within = 2 * (1 - plan.icc) * (1 - plan.person_correlation)
    one = plan.weighting * plan.sd**2 * (between + within / plan.cluster_size)
    return sqrt(one * (1 / plan.clusters[0] + 1 / plan.clusters[1]))


def _power(plan: Plan) -> float:
    from scipy import stats

    df = sum(plan.clusters) - 2
    if sum(plan.clusters) < LEAST:
        return 0.0
    critical = float(stats.t.isf((1 - plan.level) / plan.comparisons / 2, df))
    centre = abs(plan.difference) / _std_error(plan)
    if centre > critical + 40:
        return 1.0
    # The far tail is below the normal one beyond the centre; scipy has no number for it once that is nothing.
    far = float(stats.nct.cdf(-critical, df, centre))
    return float(stats.nct.sf(critical, df, centre)) + (0.0 if isnan(far) else far)


def _smallest(enough: Callable[[int], bool], first: int) -> int | None:
    """The smallest whole number that is enough; None if none up to _MOST is."""
    high = first
    while not enough(high):
        if high >= _MOST:
            return None
        high = min(2 * high, _MOST)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _check(plan: Plan) -> None:
    if min(plan.clusters) < 1 or plan.cluster_size < 1 or plan.comparisons < 1:
        raise ValueError("clusters, cluster_size and comparisons must be at least 1")
    if plan.waves not in (1, 2):
        raise ValueError(f"waves must be 1 or 2, got {plan.waves!r}")
    if not (plan.sd > 0 and plan.weighting > 0):
        raise ValueError("sd and weighting must be above 0")
    for name in ("icc", "person_correlation", "cluster_correlation"):
        value = getattr(plan, name)
        if not 0 <= value < 1:
            raise ValueError(f"{name} must lie in [0, 1), got {value!r}")
    if not (0 < plan.level < 1 and 0 < plan.response <= 1):
        raise ValueError("level must lie between 0 and 1, response in (0, 1]")
    if plan.waves == 1 and (plan.person_correlation or plan.cluster_correlation):
        raise ValueError("correlations between waves need waves=2")
