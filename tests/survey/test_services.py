"""Importance beside satisfaction: by hand, by simulation, and through an independent computation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab.data.locate import shipped
from govlab.study import Study
from govlab.survey.design import Design
from govlab.survey.services import form_variance, importance_beside_satisfaction, service_kinds

KINDS = {"basic": ("ib", "sb"), "shared": ("is", "ss"), "market": ("im", "sm")}
COLUMNS = ["ib", "is", "im", "sb", "ss", "sm"]


def people(seed: int, apart: tuple[float, ...], units: int = 60, size: int = 10) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), size)
    base = rng.normal(0, 0.5, (units, 6))[unit]
    answers = np.array(apart) + base + rng.normal(0, 1, (units * size, 6))
    frame = pd.DataFrame(answers, columns=COLUMNS)
    return frame.assign(unit=unit, stratum=unit % 4, w=rng.uniform(1, 3, len(unit)), zone=unit % 5)


def linearised(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Weighted means of the six columns and their covariance between units in strata, written out."""
    w, y = frame["w"].to_numpy(), frame[COLUMNS].to_numpy()
    means = w @ y / w.sum()
    z = w[:, None] * (y - means) / w.sum()
    covariance = np.zeros((6, 6))
    for stratum in frame["stratum"].unique():
        inside = (frame["stratum"] == stratum).to_numpy()
        units = frame.loc[inside, "unit"]
        totals = np.array([z[inside][(units == unit).to_numpy()].sum(axis=0) for unit in units.unique()])
        n = len(totals)
        covariance += n / (n - 1) * (totals - totals.mean(axis=0)).T @ (totals - totals.mean(axis=0))
    return means, covariance


def test_gaps_and_evenness_are_those_of_the_covariance_written_out() -> None:
    frame = people(1, (4.2, 4.1, 4.2, 3.9, 3.4, 3.0))
    found = importance_beside_satisfaction(
        Design(frame, weights="w", strata="stratum", clusters="unit"), KINDS
    )
    means, covariance = linearised(frame)
    assert found.means.frame["estimate"].to_numpy() == pytest.approx(means, rel=1e-12)
    gaps = found.gaps.frame.set_index("term")
    for at, kind in enumerate(KINDS):
        variance = covariance[at, at] + covariance[at + 3, at + 3] - 2 * covariance[at, at + 3]
        assert gaps.loc[kind, "estimate"] == pytest.approx(means[at + 3] - means[at], rel=1e-12)
        assert gaps.loc[kind, "std_error"] == pytest.approx(np.sqrt(variance), rel=1e-12)
    turn = np.array([[-1.0, 1, 0], [-1, 0, 1]])
    for name, at in (("importance", slice(3)), ("satisfaction", slice(3, 6))):
        inner = np.linalg.inv(turn @ covariance[at, at] @ turn.T)
        wald = means[at] @ turn.T @ inner @ turn @ means[at]
        test = found.even[name]
        assert test.df == (2.0, 55.0)
        assert test.statistic == pytest.approx(wald * 55 / (56 * 2), rel=1e-10)
    assert found.even["satisfaction"].p_value < 1e-6


def test_spread_by_hand() -> None:
    """Three means 1, 2, 3: variance 1; with independent errors of variance 0.03 each, 0.03 of it is noise."""
    frame = people(2, (4.0, 4.0, 4.0, 4.5, 3.5, 2.5))
    found = importance_beside_satisfaction(
        Design(frame, weights="w", strata="stratum", clusters="unit"), KINDS
    )
    means, covariance = linearised(frame)
    (spread,) = found.spreads
    for value, at in ((spread.importance, slice(3)), (spread.satisfaction, slice(3, 6))):
        part = covariance[at, at]
        noise = (np.trace(part) - part.sum() / 3) / 2  # mean of the variances less that of the covariances
        assert value == pytest.approx(np.var(means[at], ddof=1) - noise, rel=1e-10)
    assert spread.difference == pytest.approx(spread.satisfaction - spread.importance, rel=1e-12)
    assert spread.finding == "supply-less-even"
    turned = {kind: (pair[1], pair[0]) for kind, pair in KINDS.items()}
    other = importance_beside_satisfaction(
        Design(frame, weights="w", strata="stratum", clusters="unit"), turned
    )
    assert other.spreads[0].finding == "demand-less-even"
    assert other.spreads[0].difference == pytest.approx(-spread.difference, rel=1e-12)


@pytest.mark.parametrize("true", [(0.0, 0.0, 0.0), (0.6, 0.0, -0.6), (3.0, 1.0, -1.0)])
def test_error_of_a_quadratic_form_is_that_of_a_simulation(true: tuple[float, ...]) -> None:
    rng = np.random.default_rng(5)
    root = np.array([[0.3, 0, 0], [0.1, 0.25, 0], [0.05, -0.1, 0.3]])
    form = (np.eye(3) - 1 / 3) / 2
    drawn = np.array(true) + rng.normal(size=(20_000, 3)) @ root.T
    values = np.einsum("ri,ij,rj->r", drawn, form, drawn)
    mean_of = np.mean([form_variance(form, one, root @ root.T) for one in drawn])
    assert 0.97 * values.var() <= mean_of <= 2.5 * values.var()  # at no difference it is twice as much
    if max(true) > 1:
        assert mean_of == pytest.approx(values.var(), rel=0.05)


@pytest.mark.slow
def test_intervals_cover() -> None:
    """Of 150 samples, some 93 to 96 in 100 intervals hold the true difference, equal spreads and unequal ones."""
    for apart, true in (((4, 4.3, 3.7, 4, 4.3, 3.7), 0.0), ((4, 4, 4, 4.3, 4, 3.7), 0.09)):
        held = []
        for seed in range(400, 550):
            design = Design(people(seed, apart, 40, 6), weights="w", strata="stratum", clusters="unit")
            (spread,) = importance_beside_satisfaction(design, KINDS).spreads
            held.append(spread.conf_low <= true <= spread.conf_high)
        assert 0.9 <= np.mean(held) <= 0.995


def test_between_zones() -> None:
    frame = people(3, (4.0, 4.1, 4.0, 3.6, 3.5, 3.6))
    frame[["sb", "ss", "sm"]] += frame["zone"].to_numpy()[:, None] * 0.4
    found = importance_beside_satisfaction(Design(frame, weights="w", clusters="unit"), KINDS, zone="zone")
    kinds, zones = found.spreads
    assert (kinds.between, zones.between) == ("kinds", "zones")
    assert zones.finding == "supply-less-even"
    assert zones.satisfaction == pytest.approx(np.var(0.4 * np.arange(5), ddof=1), rel=0.4)
    assert abs(zones.importance) < 0.05
    assert found.spread_frame()["finding"].tolist()[1] == "supply-less-even"
    table = found.to_frame()
    assert table["measure"].value_counts().to_dict() == {"importance": 3, "satisfaction": 3, "gap": 3}


def test_respondents_who_are_no_sample_have_no_interval() -> None:
    frame = people(4, (4.0,) * 3 + (3.0,) * 3)
    design = Design(frame, weights="w").without_inference("open-link", "found by an open link")
    found = importance_beside_satisfaction(design, KINDS)
    (spread,) = found.spreads
    assert spread.not_applicable is not None
    assert spread.not_applicable.reason == "not-a-sample"
    assert spread.finding == "cannot-tell"
    assert found.even["importance"].not_applicable is not None
    assert np.isnan(found.gaps.frame["conf_low"]).all()
    assert np.isfinite(found.gaps.frame["estimate"]).all()


def test_the_shipped_questionnaire_asks_for_it() -> None:
    study = Study.open(shipped("datasets") / "demo_study")
    assert study.questionnaire is not None
    kinds = service_kinds(list(study.questionnaire.constructs))
    assert list(kinds) == ["basic", "shared", "market"]
    found = importance_beside_satisfaction(study.design(3), kinds, zone="zone")
    assert len(found.spreads) == 2
    assert (found.gaps.frame["reason"] == "").all()
    assert "market" in found.summary()


def test_wrong_calls() -> None:
    design = Design(people(0, (4.0,) * 6), weights="w")
    with pytest.raises(ValueError, match="at least two"):
        importance_beside_satisfaction(design, {"basic": ("ib", "sb")})
    with pytest.raises(ValueError, match="one kind and one measure"):
        importance_beside_satisfaction(design, {"basic": ("ib", "sb"), "shared": ("ib", "ss")})
    with pytest.raises(ValueError, match="fewer than two"):
        importance_beside_satisfaction(design.subset("zone == 1"), KINDS, zone="zone")
