"""Sizes before fieldwork: against statsmodels where there are no clusters, and their inner logic."""

from __future__ import annotations

from math import ceil

import pytest
from statsmodels.stats.power import TTestIndPower

from govlab.errors import InputError
from govlab.survey.fieldwork import Aim, Have, Zone, have_from, pairs, prospects, zone_needs
from govlab.survey.planning import power


def test_without_clusters_it_is_the_two_sample_t_test() -> None:
    aim = Aim(difference=0.3, icc=0.0, take=1)
    levels = prospects(aim, Have((60, 60), 1))[0]
    needed = ceil(TTestIndPower().solve_power(0.3, power=0.8, alpha=0.05))
    assert levels.needed is not None
    assert levels.yours is not None
    assert levels.found is not None
    assert levels.needed.clusters == (needed, needed)
    assert levels.yours.power == pytest.approx(TTestIndPower().power(0.3, 60, 0.05), rel=1e-9)
    there = TTestIndPower().solve_power(None, nobs1=60, power=0.8, alpha=0.05)
    assert levels.found.difference == pytest.approx(there, rel=1e-6)


def test_comparisons_differ_as_their_errors_do() -> None:
    levels, other, same = prospects(
        Aim(person_correlation=0.6, community_correlation=0.0), Have((12, 12), 20)
    )
    assert levels.found is not None
    assert other.found is not None
    assert same.found is not None
    assert other.found.difference == pytest.approx(2**0.5 * levels.found.difference)
    assert levels.found.difference < same.found.difference < other.found.difference


@pytest.mark.parametrize("clusters", [(10, 9), (9, 10), (4, 12)])
def test_needed_keeps_the_proportion_and_is_enough(clusters: tuple[int, int]) -> None:
    one = prospects(Aim(), Have(clusters, 20))[0]
    assert one.needed is not None
    pilot, other = one.needed.clusters
    assert (pilot > other) == (clusters[0] > clusters[1])
    assert pilot / other == pytest.approx(clusters[0] / clusters[1], rel=0.1)
    assert one.needed.power >= 0.8
    assert power(one.needed).power == pytest.approx(one.needed.power)


def test_more_people_help_or_do_not() -> None:
    helped = prospects(Aim(difference=0.5), Have((10, 10), 8))[0]
    assert helped.enlarged is not None
    assert helped.enlarged.cluster_size > 8
    assert helped.enlarged.power >= 0.8
    lost = prospects(Aim(difference=0.2, icc=0.2), Have((5, 5), 20))[0]
    assert lost.enlarged is None
    assert lost.why is not None
    assert "no number of people" in lost.why.text("en")
    assert "不够" in lost.why.text("zh")


@pytest.mark.parametrize("clusters", [(1, 1), (2, 0)])
def test_no_test_between_so_few(clusters: tuple[int, int]) -> None:
    for one in prospects(Aim(), Have(clusters, 20)):
        assert one.why is not None
        assert one.why.key == "survey_sample.no_test"
        assert one.yours is None
        assert one.needed is not None


def test_what_there_is() -> None:
    aim = Aim(take=20)
    assert have_from(aim) is None
    assert have_from(aim, clusters=(10, 9)) == Have((10, 9), 20)
    assert have_from(aim, clusters=(10, 9), people=200) == Have((10, 9), 10)
    assert have_from(aim, people=200) == Have((5, 5), 20)
    for options in ({"clusters": (10, 9), "people": 18}, {"people": 39}):
        with pytest.raises(InputError) as raised:
            have_from(aim, **options)
        assert raised.value.faults[0].key == "survey_sample.people_few"


def test_zones_by_themselves() -> None:
    # Cochran: (1.96 / 0.15)^2 = 170.7, with 1000 residents 170.7 / (1 + 169.7 / 1000) = 145.9.
    aim = Aim(margin=0.15, response=0.5)
    large, small, tiny = zone_needs(aim, (Zone("a", 60), Zone("b", 4, 1000), Zone("c", 2, 200)))
    assert (large.whole, large.invite, large.each) == (171, 342, 6)
    assert large.drawn == ceil(170.74 * 1.95)
    assert large.communities == ceil((large.drawn or 0) / 20)
    assert (small.whole, small.invite, small.each) == (146, 292, 73)
    assert small.drawn is None
    assert small.communities is None
    assert tiny.whole < 200
    assert tiny.invite == 2 * tiny.whole or tiny.invite is None
    assert zone_needs(aim, (Zone("d", 2, 120),))[0].invite is None  # more than live there


def test_pairs_of_zones() -> None:
    found = pairs(Aim(difference=0.5), 4)
    assert found is not None
    assert found.count == 6
    alone = TTestIndPower().solve_power(0.5, power=0.8, alpha=0.05 / 6)
    assert found.whole == ceil(alone)
    assert pairs(Aim(), 1) is None


def test_shares() -> None:
    aim = Aim(difference=0.1, share=0.4)
    assert aim.spread == pytest.approx(((0.24 + 0.25) / 2) ** 0.5)
    assert aim.half_width == pytest.approx(0.05)


def test_every_impossible_assumption_is_named() -> None:
    with pytest.raises(InputError) as raised:
        Aim(difference=0, sd=-1, icc=1, power=1, level=0, response=0, margin=0, share=1.2)
    said = raised.value.text("en")
    for name in ("difference", "sd", "icc", "power", "level", "response", "margin", "share"):
        assert name in said
    assert len(raised.value.faults) == 8
    assert "icc must be ≥ 0, < 1 (got 1)" in said
