"""Degrees of freedom of a domain: the textbook cases, and a simulation of what lies between."""

import numpy as np
import pandas as pd
import pytest

from govlab.survey.design import Design
from govlab.survey.domains import split
from govlab.survey.effective import domain_df, effective_df


def cells(*rows: tuple[int, int, int]) -> np.ndarray:
    domain, units, sampled = np.array(rows).T
    return effective_df(domain, units, sampled, int(domain.max()) + 1)


def test_whole_strata_give_units_minus_strata() -> None:
    assert cells((0, 6, 6)) == pytest.approx([5])
    assert cells((0, 4, 4), (0, 4, 4), (0, 4, 4)) == pytest.approx([9])


def test_one_unit_in_each_of_many_strata_gives_units_minus_one() -> None:
    found = cells(*[(0, 1, 12)] * 5)
    assert found[0] == pytest.approx(4)


def test_one_unit_gives_none() -> None:
    assert cells((0, 1, 8), (1, 2, 8))[0] == 0


def test_it_is_the_moment_match_of_the_variance() -> None:
    # Units of a domain spread over strata of 3 to 6: simulate the estimator and match mean and variance.
    rng = np.random.default_rng(1)
    layout = [(2, 5), (1, 3), (3, 6)]
    m = sum(units for units, _ in layout)
    draws = rng.normal(size=(40_000, m))
    draws -= draws.mean(axis=1, keepdims=True)
    found = np.zeros(len(draws))
    start = 0
    for units, sampled in layout:
        part = draws[:, start : start + units]
        squares = (part**2).sum(axis=1) - part.sum(axis=1) ** 2 / sampled
        found += sampled / (sampled - 1) * squares
        start += units
    simulated = 2 * found.mean() ** 2 / found.var()
    assert cells(*[(0, units, sampled) for units, sampled in layout])[0] == pytest.approx(simulated, rel=0.03)


def test_from_a_design() -> None:
    frame = pd.DataFrame(
        {"s": np.repeat(["a", "b"], 8), "c": np.repeat(np.arange(8), 2), "zone": ["k", "l"] * 8}
    )
    frame["whole"] = frame["s"]
    design = Design(frame, strata="s", clusters="c")
    assert domain_df(design, split(design, "whole")) == pytest.approx([3, 3])
    assert domain_df(design, split(design, "zone")) == pytest.approx([6, 6])
    ok = (frame["c"] == 0).to_numpy()
    assert domain_df(design, split(design, "zone"), ok) == pytest.approx([0, 0])
