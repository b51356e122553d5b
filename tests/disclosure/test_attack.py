"""Suppression: what an attacker makes of what is shown."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.disclosure import Margin, Mask
from tests.disclosure.attacker import attacker, cells, everything, people, some_margins


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shows", ["mean", "answers"])
def test_attacker_recovers_nothing(seed, shows):
    """Everything published of several margins at once, against one who knows linear programming."""
    frame = people(seed, 40 + 20 * seed)
    mask = Mask.compute(frame, some_margins(seed, shows))
    told = list(everything(frame, mask))
    foe = attacker(frame)
    foe.known = [(conditions, count) for conditions, count, shown, _ in told if shown]
    for conditions, count, shown, kind in told:
        if shown:
            continue
        low, high = foe.interval(conditions)
        assert low - 1e-6 <= count <= high + 1e-6
        # of those who answered, results are hidden; their number only must not come out exactly
        if kind != "answered":
            assert high - low >= mask.width - 1e-6, (conditions, kind)
        elif count < mask.threshold:
            assert high - low >= 1 - 1e-6, conditions


@pytest.mark.parametrize("seed", range(6))
def test_no_hidden_sum_is_a_combination_of_shown_ones(seed):
    """Means times their n are sums: no hidden one follows from shown ones."""
    frame = people(100 + seed, 60 + 10 * seed)
    mask = Mask.compute(frame, [*some_margins(seed, "mean"), Margin(("a", "b"), ("q",))])
    answered = frame["q"].notna().to_numpy()
    known, hidden, nobody = [], [], []
    for by in sorted({(), *(margin.by for margin in mask.margins if margin.items)}):
        for cell, rows in cells(frame, by):
            if mask.shows(cell, "q"):
                (known if (rows & answered).any() else nobody).append(cell)
            else:
                hidden.append(cell)
    # groups that cannot hold anybody, for all that is shown, add nothing to any sum
    groups = [
        dict(zip("abc", atom, strict=True))
        for atom in product(*(sorted(frame[one].unique()) for one in "abc"))
    ]
    groups = [one for one in groups if not any(cell.items() <= one.items() for cell in nobody)]

    def row(cell):
        return np.array([cell.items() <= one.items() for one in groups], dtype=float)

    shown = np.array([row(cell) for cell in known])
    rank = np.linalg.matrix_rank(shown)
    for cell in hidden:
        assert np.linalg.matrix_rank(np.vstack([shown, row(cell)])) == rank + 1, cell
    assert hidden or seed != 0


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 150), st.integers(10, 25))
def test_small_cells_are_hidden_and_large_totals_not(seed, size, threshold):
    frame = people(seed, size)
    mask = Mask.compute(frame, some_margins(seed, "answers")[:2], threshold=threshold)
    for _, count, shown, kind in everything(frame, mask):
        if count < threshold and (kind != "answered" or count > 0):
            empty_group = kind == "share" and count == 0
            assert not shown or empty_group
    assert mask.shows({}) == (size >= threshold)
