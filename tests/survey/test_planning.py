"""Sample size and power: statsmodels without clusters, the textbook, and a simulation with them."""

from dataclasses import replace

import numpy as np
import pytest
from statsmodels.stats.power import TTestIndPower

from govlab.errors import InputError
from govlab.survey.planning import Plan, detectable, power, sample_size, share_sd, size_for_margin

THEIRS = TTestIndPower()


@pytest.mark.parametrize(("difference", "n", "ratio"), [(0.3, 50, 1), (0.5, 30, 2), (0.2, 200, 1)])
def test_without_clusters_it_is_the_two_sample_t_test(difference: float, n: int, ratio: int) -> None:
    plan = Plan(difference, 1.0, (n, n * ratio), 1)
    assert power(plan).power == pytest.approx(THEIRS.power(difference, n, 0.05, ratio=ratio), rel=1e-9)
    # A change has twice the variance of a level; people asked twice, twice that times 1 - r.
    changes = THEIRS.power(difference / 2**0.5, n, 0.05, ratio=ratio)
    assert power(replace(plan, waves=2)).power == pytest.approx(changes, rel=1e-9)
    again = THEIRS.power(difference / (2 * (1 - 0.6)) ** 0.5, n, 0.05, ratio=ratio)
    assert power(replace(plan, waves=2, person_correlation=0.6)).power == pytest.approx(again, rel=1e-9)
    three = THEIRS.power(difference, n, 0.05 / 3, ratio=ratio)
    assert power(replace(plan, comparisons=3)).power == pytest.approx(three, rel=1e-9)


def test_sizes_are_the_smallest_that_are_enough() -> None:
    needed = THEIRS.solve_power(0.3, power=0.8, alpha=0.05)
    found = sample_size(Plan(0.3, 1.0, (1, 1), 1))
    assert found.clusters == (int(np.ceil(needed)),) * 2
    assert found.power >= 0.8
    less = replace(found, clusters=(found.clusters[0] - 1,) * 2)
    assert power(less).power < 0.8
    unequal = sample_size(Plan(0.3, 1.0, (1, 2), 20, icc=0.05))
    assert unequal.clusters[1] == 2 * unequal.clusters[0]


def test_detectable_difference_is_the_inverse_of_power() -> None:
    plan = detectable(Plan(0.0, 1.3, (12, 15), 20, icc=0.04, waves=2, cluster_correlation=0.5), target=0.9)
    assert power(plan).power == pytest.approx(0.9, rel=1e-9)
    alone = detectable(Plan(0.0, 1.0, (40, 40), 1))
    assert alone.difference == pytest.approx(
        THEIRS.solve_power(None, nobs1=40, power=0.8, alpha=0.05), rel=1e-6
    )


def test_design_effect_of_equal_clusters() -> None:
    # Kish (1965), sec. 5.4: 1 + (b - 1) roh; here 1 + 19 * 0.05.
    plan = Plan(0.3, 1.0, (10, 10), 20, icc=0.05)
    assert plan.design_effect == pytest.approx(1.95)
    assert plan.std_error == pytest.approx(np.sqrt(1.95 * 2 / 200))
    assert replace(plan, weighting=1.2).std_error == pytest.approx(np.sqrt(1.2 * 1.95 * 2 / 200))


@pytest.mark.parametrize(("waves", "person", "cluster"), [(1, 0.0, 0.0), (2, 0.0, 0.0), (2, 0.5, 0.7)])
def test_error_with_clusters_is_that_of_a_simulation(waves: int, person: float, cluster: float) -> None:
    g, m, icc, sd, runs = 6, 5, 0.2, 1.5, 20_000
    plan = Plan(
        0.1, sd, (g, g), m, icc=icc, waves=waves, person_correlation=person, cluster_correlation=cluster
    )
    rng = np.random.default_rng(3)

    def two(shape: tuple[int, ...], variance: float, correlation: float) -> tuple[np.ndarray, np.ndarray]:
        first, second = rng.normal(size=shape), rng.normal(size=shape)
        mixed = correlation * first + np.sqrt(1 - correlation**2) * second
        return np.sqrt(variance) * first, np.sqrt(variance) * mixed

    arms = []
    for _ in range(2):
        units = two((runs, g, 1), icc * sd**2, cluster)
        people = two((runs, g, m), (1 - icc) * sd**2, person)
        means = [(unit + each).mean(axis=(1, 2)) for unit, each in zip(units, people, strict=True)]
        arms.append(means[1] - means[0] if waves == 2 else means[0])
    assert (arms[0] - arms[1]).std() == pytest.approx(plan.std_error, rel=0.02)


def test_more_people_do_not_replace_communities() -> None:
    plan = Plan(0.3, 1.1, (6, 6), 1, icc=0.1)
    with pytest.raises(InputError) as raised:
        sample_size(plan, seek="cluster_size")
    fault = raised.value.faults[0]
    assert fault.key == "survey.power_cluster_size"
    assert fault.values["best"] == "27"
    enough = sample_size(replace(plan, clusters=(40, 40)), seek="cluster_size")
    assert enough.power >= 0.8
    assert power(replace(enough, cluster_size=enough.cluster_size - 1)).power < 0.8


def test_invitations_and_words() -> None:
    plan = power(Plan(0.3, 1.1, (22, 22), 20, icc=0.05, response=0.6))
    assert plan.people == (440, 440)
    assert plan.invited == (734, 734)
    assert "734" in plan.summary()
    assert plan.to_frame()["power"].tolist() == pytest.approx([plan.power] * 2)


def test_cochrans_example() -> None:
    # Cochran (1977), sec. 4.4: 5 points either way, p = 0.5 and t = 2 need 400; of an island of 3200, 356.
    twice = 0.9544997361036416  # the level at which z is 2
    assert size_for_margin(0.05, sd=share_sd(0.5), level=twice) == 400
    assert size_for_margin(0.05, sd=share_sd(0.5), level=twice, population=3200) == 356
    assert size_for_margin(0.05, sd=0.5, design_effect=2.0) == 769
    assert size_for_margin(0.05, sd=0.5, response=0.5) == 769
    assert size_for_margin(0.001, sd=0.5, population=300) == 300


def test_shares() -> None:
    assert share_sd(0.2) == pytest.approx(0.4)
    assert share_sd(0.2, 0.5) == pytest.approx(np.sqrt((0.16 + 0.25) / 2))
    with pytest.raises(ValueError, match="between 0 and 1"):
        share_sd(1.0)


@pytest.mark.parametrize(
    "changed",
    [
        {"clusters": (0, 4)}, {"cluster_size": 0}, {"waves": 3}, {"sd": 0.0}, {"icc": 1.0}, {"level": 1.0},
        {"response": 0.0}, {"comparisons": 0}, {"person_correlation": 0.4},
    ],
)  # fmt: skip
def test_impossible_plans(changed: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"must|need"):
        power(replace(Plan(0.3, 1.0, (5, 5), 10), **changed))


def test_too_few_communities_to_detect_anything() -> None:
    plan = Plan(0.3, 1.0, (1, 1), 10)
    with pytest.raises(InputError) as raised:
        detectable(plan)
    assert raised.value.faults[0].key == "survey.power_few"
    assert detectable(replace(plan, clusters=(1, 2))).difference > 1


def test_wrong_calls() -> None:
    plan = Plan(0.3, 1.0, (5, 5), 10)
    with pytest.raises(ValueError, match="seek"):
        sample_size(plan, seek="money")
    with pytest.raises(ValueError, match="target"):
        sample_size(plan, target=1.0)
    with pytest.raises(ValueError, match="margin"):
        size_for_margin(0, sd=1)
    assert power(Plan(0.3, 1.0, (1, 1), 10)).power == 0
