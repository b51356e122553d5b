"""Drawing on arrays: inclusion probabilities are what they are said to be."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.survey import selection

SIZES = np.array([3.0, 10, 5, 40, 2, 8, 9, 12, 1, 10])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=3, max_size=30), st.data())
def test_inclusion_probabilities(sizes: list[float], data: st.DataObject) -> None:
    n = data.draw(st.integers(1, len(sizes)))
    p = selection.inclusion(np.array(sizes), n)
    assert p.sum() == pytest.approx(n, rel=1e-9)
    assert p.max() <= 1 + 1e-12
    free = p < 1 - 1e-9
    if free.sum() > 1:
        ratio = p[free] / np.array(sizes)[free]
        assert ratio == pytest.approx(np.full(free.sum(), ratio[0]), rel=1e-9)


@pytest.mark.parametrize("draw", [selection.pps_systematic, selection.sampford])
def test_draws_have_their_probabilities(draw: object) -> None:
    p = selection.inclusion(SIZES, 4)
    rng = np.random.default_rng(1)
    counts, runs = np.zeros(len(p)), 4000
    for _ in range(runs):
        drawn = draw(rng, p)
        assert len(np.unique(drawn)) == 4
        assert (np.diff(drawn) > 0).all()
        counts[drawn] += 1
    assert counts[3] == runs
    assert counts / runs == pytest.approx(p, abs=4 * 0.5 / runs**0.5)


def test_sampfords_samples_have_sampfords_chances() -> None:
    # Sampford (1967): a set's chance is proportional to the product of its odds times the sum of 1 - p.
    p = np.array([0.2, 0.5, 0.3, 0.6, 0.4])
    chances = {}
    for pair in combinations(range(5), 2):
        odds = np.prod([p[one] / (1 - p[one]) for one in pair])
        chances[pair] = odds * sum(1 - p[one] for one in pair)
    total = sum(chances.values())
    inclusion = [sum(value for pair, value in chances.items() if one in pair) / total for one in range(5)]
    assert inclusion == pytest.approx(p.tolist(), rel=1e-12)  # the theorem itself
    rng = np.random.default_rng(2)
    runs = 6000
    seen = dict.fromkeys(chances, 0)
    for _ in range(runs):
        seen[tuple(int(one) for one in selection.sampford(rng, p))] += 1
    for pair, value in chances.items():
        assert seen[pair] / runs == pytest.approx(value / total, abs=0.025)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 50), st.integers(0, 1000), st.data())
def test_equal_chances(population: int, seed: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, population))
    for draw in (selection.simple, selection.systematic):
        drawn = draw(np.random.default_rng(seed), population, n)
        assert len(np.unique(drawn)) == n
        assert drawn.min() >= 0
        assert drawn.max() < population
        assert (draw(np.random.default_rng(seed), population, n) == drawn).all()


def test_every_set_is_equally_likely() -> None:
    rng = np.random.default_rng(3)
    seen: dict[tuple[int, ...], int] = {}
    for _ in range(6000):
        drawn = tuple(int(one) for one in selection.simple(rng, 4, 2))
        seen[drawn] = seen.get(drawn, 0) + 1
    assert len(seen) == 6
    assert min(seen.values()) > 850


@settings(max_examples=80, deadline=None)
@given(st.lists(st.floats(0.1, 1000), min_size=1, max_size=12), st.integers(0, 100))
def test_allocation_adds_up(sizes: list[float], extra: int) -> None:
    total = 2 * len(sizes) + extra
    made = selection.allocate(np.array(sizes), total)
    assert made.sum() == total
    assert made.min() >= 2
    order = np.argsort(sizes)
    assert (np.diff(made[order]) >= -1).all()


def test_allocation_by_hand() -> None:
    assert selection.allocate(np.array([820.0, 1430, 610, 240]), 160).tolist() == [42, 74, 32, 12]
    assert selection.allocate(np.array([1.0, 1, 100]), 20).tolist() == [2, 2, 16]
    with pytest.raises(ValueError, match="at least 2"):
        selection.allocate(np.ones(4), 7)


def test_neymans_allocation_has_the_smallest_variance() -> None:
    # Neyman (1934): among all whole allocations of 12 none has a smaller variance of the total.
    sizes, sd = np.array([100.0, 300, 200]), np.array([5.0, 1, 3])
    made = selection.allocate(sizes * sd, 12, minimum=1)

    def variance(counts: np.ndarray) -> float:
        return float((sizes**2 * sd**2 / counts).sum())

    others = [(a, b, 12 - a - b) for a in range(1, 11) for b in range(1, 12 - a)]
    assert variance(made) <= min(variance(np.array(one)) for one in others) * 1.01
