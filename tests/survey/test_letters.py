"""Letters: two share one exactly where they cannot be told apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.survey.letters import TooManySets, by_mean, compact_letters, maximal_sets


def relation(count: int, apart: list[tuple[int, int]]) -> np.ndarray:
    alike = np.ones((count, count), dtype=bool)
    for one, two in apart:
        alike[one, two] = alike[two, one] = False
    return alike


def test_sets_overlap() -> None:
    alike = relation(3, [(0, 2)])
    assert maximal_sets(alike) == [(0, 1), (1, 2)]
    assert compact_letters(maximal_sets(alike), np.array([3.0, 2.0, 1.0])) == ["a", "ab", "b"]
    assert compact_letters(maximal_sets(alike), np.array([1.0, 2.0, 3.0])) == ["b", "ab", "a"]


def test_eight_treatments_with_five_differences() -> None:
    pairs = [(1, 7), (1, 8), (2, 4), (2, 5), (3, 5)]
    alike = relation(8, [(one - 1, two - 1) for one, two in pairs])
    sets = maximal_sets(alike)
    shown = compact_letters(sets, np.arange(8, 0, -1.0))
    for one in range(8):
        for two in range(one):
            assert bool(set(shown[one]) & set(shown[two])) == alike[one, two]


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 9), st.integers(0, 10_000), st.floats(0, 1))
def test_letters_are_the_relation(count: int, seed: int, density: float) -> None:
    rng = np.random.default_rng(seed)
    apart = np.triu(rng.random((count, count)) < density, 1)
    alike = ~(apart | apart.T)
    sets = maximal_sets(alike)
    shown = compact_letters(sets, rng.normal(size=count))
    tokens = [set(one.split()) if " " in one else set(one) for one in shown]
    for one in range(count):
        assert tokens[one]
        for two in range(one):
            assert bool(tokens[one] & tokens[two]) == alike[one, two]
    for members in sets:  # maximal: no outsider is alike to every member
        outside = set(range(count)) - set(members)
        assert not any(all(alike[other, member] for member in members) for other in outside)


def test_sets_come_from_the_highest_mean_down() -> None:
    assert by_mean([(0, 1), (2,)], np.array([1.0, 2.0, 5.0])) == [(2,), (1, 0)]


def test_many_letters_are_spaced() -> None:
    alike = np.eye(30, dtype=bool)
    shown = compact_letters(maximal_sets(alike), np.arange(30, 0, -1.0))
    assert shown[0] == "a"
    assert shown[25:28] == ["z", "aa", "ab"]


def test_too_many_sets_are_refused() -> None:
    # Pairs that differ inside, all alike across: 2^11 maximal sets.
    alike = relation(22, [(2 * pair, 2 * pair + 1) for pair in range(11)])
    with pytest.raises(TooManySets):
        maximal_sets(alike)
