"""Fay-Herriot: published fits of the same model, its algebra, and a simulation of its errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from govlab.errors import InputError
from govlab.results import Estimates
from govlab.survey.design import Design
from govlab.survey.estimate import mean
from govlab.survey.small_area import fay_herriot, fit, predict

Floats = NDArray[np.float64]

# Thirteen trials of the BCG vaccine (Colditz et al. 1994, JAMA 271, 698-702): cases and non-cases among the
# vaccinated and the controls, absolute latitude, year. A random-effects model of estimates with known
# variances is the area model, so the fits printed by Viechtbauer (2010), J. Stat. Softw. 36(3), are a check.
TRIALS = np.array(
    [
        [4, 119, 11, 128, 44, 1948], [6, 300, 29, 274, 55, 1949], [3, 228, 11, 209, 42, 1960],
        [62, 13536, 248, 12619, 52, 1977], [33, 5036, 47, 5761, 13, 1973], [180, 1361, 372, 1079, 44, 1953],
        [8, 2537, 10, 619, 19, 1973], [505, 87886, 499, 87892, 13, 1980], [29, 7470, 45, 7232, 27, 1968],
        [17, 1699, 65, 1600, 42, 1961], [186, 50448, 141, 27197, 18, 1974], [5, 2493, 3, 2338, 33, 1969],
        [27, 16886, 29, 17825, 33, 1976],
    ],
    dtype=float,
)  # fmt: skip


def trials() -> tuple[Floats, Floats]:
    a, b, c, d = TRIALS[:, :4].T
    return np.log(a / (a + b)) - np.log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def test_restricted_likelihood_meets_the_published_fits() -> None:
    y, psi = trials()
    plain = fit(y, psi, np.ones((13, 1)))
    assert plain.variance == pytest.approx(0.3132, abs=5e-5)
    assert plain.coefficients == pytest.approx([-0.7145], abs=5e-5)
    assert np.sqrt(plain.covariance[0, 0]) == pytest.approx(0.1798, abs=5e-5)
    x = np.column_stack([np.ones(13), TRIALS[:, 4], TRIALS[:, 5]])
    mixed = fit(y, psi, x)
    assert mixed.variance == pytest.approx(0.1108, abs=5e-5)
    assert mixed.coefficients == pytest.approx([-3.5455, -0.0280, 0.0019], abs=5e-4)
    assert np.sqrt(np.diag(mixed.covariance)) == pytest.approx([29.0959, 0.0102, 0.0147], abs=5e-4)


def test_predictions_lie_between_the_estimate_and_the_model() -> None:
    y, psi = trials()
    x = np.ones((13, 1))
    model = fit(y, psi, x)
    value, error, weight = predict(model, y, psi, x)
    assert weight == pytest.approx(model.variance / (model.variance + psi))
    assert (np.minimum(y, model.coefficients) <= value + 1e-12).all()
    assert (value <= np.maximum(y, model.coefficients) + 1e-12).all()
    assert (error[psi > 0.3] < np.sqrt(psi[psi > 0.3])).all()


def test_equal_variances_are_solved_by_hand() -> None:
    # With one psi the restricted likelihood gives max(0, s^2 - psi).
    y = np.array([1.0, 2, 4, 7, 3, 5])
    assert fit(y, np.full(6, 0.5), np.ones((6, 1))).variance == pytest.approx(y.var(ddof=1) - 0.5, rel=1e-9)
    assert fit(y, np.full(6, 50.0), np.ones((6, 1))).variance == 0


def test_restricted_likelihood_is_at_its_height() -> None:
    from scipy import optimize

    y, psi = trials()
    x = np.column_stack([np.ones(13), TRIALS[:, 4]])
    # The same criterion from the density of error contrasts, by another route.
    basis = np.linalg.svd(x)[0][:, 2:]

    def minus(variance: float) -> float:
        covariance = basis.T @ np.diag(psi + variance) @ basis
        contrasts = basis.T @ y
        return float(np.linalg.slogdet(covariance)[1] + contrasts @ np.linalg.solve(covariance, contrasts))

    found = optimize.minimize_scalar(minus, bounds=(0, 2), method="bounded", options={"xatol": 1e-10})
    assert fit(y, psi, x).variance == pytest.approx(found.x, rel=1e-5)


@pytest.mark.slow
def test_mean_squared_errors_are_those_of_a_simulation() -> None:
    rng = np.random.default_rng(1)
    psi, variance = rng.uniform(0.1, 0.8, 25), 0.3
    x = np.column_stack([np.ones(25), rng.normal(size=25)])
    squared, stated = np.zeros(25), np.zeros(25)
    for _ in range(1000):
        truth = x @ [1, 0.5] + rng.normal(0, variance**0.5, 25)
        y = truth + rng.normal(0, np.sqrt(psi))
        value, error, _ = predict(fit(y, psi, x), y, psi, x)
        squared += (value - truth) ** 2
        stated += error**2
    assert stated.sum() / squared.sum() == pytest.approx(1, abs=0.05)


def test_zones_beside_their_direct_estimates(designs: dict[str, Design]) -> None:
    direct = mean(designs["lik"], "q1", by="zone")
    found = fay_herriot(direct, zone="zone")
    frame = found.frame
    assert frame["direct"].to_numpy() == pytest.approx(direct.frame["estimate"].to_numpy())
    assert frame["shrinkage"].between(0, 1).all()
    assert found.model is not None
    assert "variance between zones" in found.summary()
    covariates = pd.DataFrame({"zone": direct.frame["zone"][::-1], "size": np.arange(9.0) ** 2})
    more = fay_herriot(direct, zone="zone", covariates=covariates, columns=["size"])
    assert more.model is not None
    assert len(more.model.coefficients) == 2


def table(n: int = 8) -> Estimates:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {"zone": list("abcdefgh")[:n], "term": "y", "estimate": rng.normal(3, 1, n), "n": 20}
    )
    frame["std_error"] = rng.uniform(0.2, 0.5, n)
    return Estimates(frame.assign(reason=""), "mean")


def test_a_zone_without_an_error_gets_the_model_alone() -> None:
    direct = table()
    frame = direct.to_frame()
    frame.loc[2, ["std_error", "reason"]] = [np.nan, "one-psu"]
    found = fay_herriot(Estimates(frame, "mean"), zone="zone")
    assert found.model is not None
    row = found.frame.iloc[2]
    assert row["reason"] == "model-only"
    assert row["shrinkage"] == 0
    assert row["estimate"] == pytest.approx(found.model.coefficients[0])
    assert row["std_error"] == pytest.approx(np.sqrt(found.model.variance + found.model.covariance[0, 0]))


def test_faults() -> None:
    with pytest.raises(InputError) as raised:
        fay_herriot(table(3), zone="zone")
    assert raised.value.faults[0].key == "survey.area_too_few"
    covariates = pd.DataFrame({"zone": list("abcdefga"), "size": 1.0})
    with pytest.raises(InputError) as raised:
        fay_herriot(table(), zone="zone", covariates=covariates, columns=["size"])
    assert raised.value.faults[0].key == "survey.area_twice"
    with pytest.raises(InputError) as raised:
        fay_herriot(table(), zone="zone", covariates=covariates.iloc[:5], columns=["size"])
    assert raised.value.faults[0].key == "survey.area_no_covariates"
    with pytest.raises(KeyError, match="income"):
        fay_herriot(table(), zone="zone", covariates=covariates, columns=["income"])
    with pytest.raises(ValueError, match="no table"):
        fay_herriot(table(), zone="zone", columns=["size"])
