"""Factors meet R psych and lavaan; identities; what is said when a model cannot be had."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.survey.confirmatory import confirm, invariance
from govlab.survey.design import Design
from govlab.survey.factors import adequacy, extract, factor_analysis
from govlab.survey.rotations import oblimin, varimax

FOLDER = Path(__file__).parent.parent / "reference" / "measurement"
ITEMS = [f"i{place}" for place in range(1, 9)]
MODEL = {"F1": ITEMS[:4], "F2": ITEMS[4:]}


def answers() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "scales.csv")


def reference() -> dict[str, object]:
    return json.loads((FOLDER / "scales_expected.json").read_text(encoding="utf-8"))["res"]


def same_up_to_order(found: np.ndarray, wanted: np.ndarray) -> tuple[float, tuple[int, ...], np.ndarray]:
    """Smallest largest difference over orders and signs of columns."""
    best: tuple[float, tuple[int, ...], np.ndarray] = (np.inf, (), np.ones(0))
    for order in permutations(range(found.shape[1])):
        turned = found[:, order]
        signs = np.sign((turned * wanted).sum(axis=0))
        off = float(np.abs(turned * signs - wanted).max())
        if off < best[0]:
            best = (off, order, signs)
    return best


def roughness(loadings: np.ndarray) -> float:
    """What varimax makes as large as it can, on rows of length 1."""
    squares = loadings**2 / (loadings**2).sum(axis=1, keepdims=True)
    return float(squares.var(axis=0).sum())


def stopped_early(loadings: np.ndarray, gain: float = 1e-5) -> np.ndarray:
    """Varimax by singular values, ended as R ends it, at a relative gain of 1e-5: up to 0.004 from the top."""
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    x, turn, last = loadings / lengths, np.eye(loadings.shape[1]), 0.0
    for _ in range(10_000):
        z = x @ turn
        left, values, right = np.linalg.svd(x.T @ (z**3 - z * (z**2).mean(axis=0)))
        turn = left @ right
        if values.sum() < last * (1 + gain):
            break
        last = values.sum()
    return x @ turn * lengths


def test_kmo_bartlett_eigenvalues() -> None:
    found, wanted = adequacy(answers(), ITEMS), reference()
    assert found.kmo == pytest.approx(wanted["KMO"]["overall"], rel=1e-12)
    assert found.to_frame()["kmo"].tolist() == pytest.approx(list(wanted["KMO"]["items"].values()), rel=1e-12)
    assert found.bartlett.statistic == pytest.approx(wanted["bartlett"]["chi2"], rel=1e-12)
    assert found.bartlett.df == (wanted["bartlett"]["df"],)
    assert found.bartlett.p_value == pytest.approx(wanted["bartlett"]["p"], rel=1e-9)
    assert found.eigenvalues == pytest.approx(wanted["correlation_eigenvalues"], rel=1e-12)


@pytest.mark.parametrize("place", range(5))
def test_exploratory_factors(place: int) -> None:
    wanted = reference()["efa"][place]
    found = factor_analysis(answers(), ITEMS, 2, method=wanted["extraction"], rotation=wanted["rotation"])
    table = found.to_frame().set_index("term")
    theirs = np.array([[*wanted["loadings"][item].values()] for item in ITEMS])
    mine = table[["factor1", "factor2"]].to_numpy()
    if wanted["rotation"] == "varimax":
        assert roughness(mine) >= roughness(theirs)
        mine = stopped_early(extract(answers()[ITEMS].corr().to_numpy(), 2, wanted["extraction"])[0])
    off, order, signs = same_up_to_order(mine, theirs)
    assert off < 1e-4
    assert table["communality"].to_dict() == pytest.approx(wanted["communality"], abs=1e-4)
    assert table["uniqueness"].to_dict() == pytest.approx(wanted["uniqueness"], abs=1e-4)
    if wanted["phi"]:
        phi = np.array([[*row.values()] for row in wanted["phi"].values()])
        mine = found.correlations[np.ix_(order, order)] * np.outer(signs, signs)
        assert mine == pytest.approx(phi, abs=1e-4)
    assert found.chi_square == pytest.approx(wanted["chi2_statistic"], rel=1e-5)
    assert found.df == wanted["df"]
    assert found.rmsea == pytest.approx(wanted["rmsea"]["RMSEA"], rel=1e-4)
    assert found.tli == pytest.approx(wanted["tli"], rel=1e-5)


def test_likelihood_is_at_its_top() -> None:
    psi = extract(answers()[ITEMS].corr().to_numpy(), 2, "ml")[1]
    assert psi == pytest.approx(list(reference()["ml_uniqueness_factanal_tight"].values()), abs=1e-6)


def test_varimax_of_components() -> None:
    roots, vectors = np.linalg.eigh(answers()[ITEMS].corr().to_numpy())
    loadings = vectors[:, :-3:-1] * np.sqrt(roots[:-3:-1])
    theirs = reference()["pca_varimax"]["loadings"]
    wanted = np.array([[*theirs[item].values()] for item in ITEMS])
    assert same_up_to_order(stopped_early(loadings), wanted)[0] < 1e-4
    # ours goes on to the top, which the same steps reach when they are not ended early
    assert roughness(varimax(loadings)) >= roughness(wanted)
    assert same_up_to_order(stopped_early(loadings, 1e-15), varimax(loadings))[0] < 1e-5


def test_turning_keeps_what_is_explained() -> None:
    loadings = np.random.default_rng(4).normal(size=(9, 3))
    assert varimax(loadings) @ varimax(loadings).T == pytest.approx(loadings @ loadings.T)
    pattern, phi = oblimin(loadings)
    assert pattern @ phi @ pattern.T == pytest.approx(loadings @ loadings.T)
    assert np.diag(phi) == pytest.approx(1.0)
    # a clean structure is found again, however it was turned
    clean = np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6]]))
    turn = np.linalg.qr(np.random.default_rng(5).normal(size=(3, 3)))[0]
    for found in (varimax(clean @ turn), oblimin(clean @ turn)[0]):
        assert same_up_to_order(found, clean)[0] < 1e-6


def test_confirmatory_meets_lavaan() -> None:
    found, wanted = confirm(answers(), MODEL), reference()["cfa"][0]
    theirs = wanted["fit"]
    assert found.fit.chi_square == pytest.approx(theirs["chisq"], rel=1e-6)
    assert found.fit.df == theirs["df"]
    for ours, name in [("p_value", "pvalue"), ("cfi", "cfi"), ("tli", "tli"), ("rmsea", "rmsea")]:
        assert getattr(found.fit, ours) == pytest.approx(theirs[name], rel=1e-5), name
    assert (found.fit.rmsea_low, found.fit.srmr) == pytest.approx(
        (theirs["rmsea.ci.lower"], theirs["srmr"]), rel=1e-5
    )
    assert found.fit.rmsea_high == pytest.approx(theirs["rmsea.ci.upper"], rel=1e-5)
    table = found.to_frame().set_index("term")
    met = 0
    for row in wanted["parameters"]:
        if row["op"] == "=~":
            assert table.loc[row["rhs"], "estimate"] == pytest.approx(row["est"], abs=1e-5)
            if row["se"]:
                assert table.loc[row["rhs"], "std_error"] == pytest.approx(row["se"], abs=1e-5)
        elif row["lhs"] == row["rhs"] and row["lhs"] in ITEMS:
            assert table.loc[row["lhs"], "residual"] == pytest.approx(row["est"], abs=1e-5)
        elif row["lhs"] == row["rhs"]:
            variance = found.factors.set_index("factor").loc[row["lhs"], "variance"]
            assert variance == pytest.approx(row["est"], abs=1e-5)
        met += 1
    assert met == 19
    for row in wanted["standardized"]:
        if row["op"] == "=~":
            assert table.loc[row["rhs"], "standardised"] == pytest.approx(row["est.std"], abs=1e-5)
        elif {row["lhs"], row["rhs"]} == {"F1", "F2"}:
            assert found.correlations[0, 1] == pytest.approx(row["est.std"], abs=1e-5)
    factors = found.factors.set_index("factor")
    assert factors["ave"].to_dict() == pytest.approx(wanted["AVE"], abs=1e-5)
    assert factors["reliability"].to_dict() == pytest.approx(wanted["composite_reliability"], abs=1e-5)


def test_invariance_meets_lavaan() -> None:
    found, wanted = invariance(answers(), MODEL, group="group"), reference()["invariance"]
    table = found.to_frame().set_index("step")
    assert table.index.tolist() == list(wanted)
    for step, theirs in wanted.items():
        row = table.loc[step]
        assert row["chi_square"] == pytest.approx(theirs["chisq"], rel=1e-6), step
        assert row["df"] == theirs["df"]
        assert row["p_value"] == pytest.approx(theirs["pvalue"], rel=1e-5)
        for name in ("cfi", "rmsea", "srmr"):
            assert row[name] == pytest.approx(theirs[name], abs=1e-6), (step, name)
    assert found.reached == "strict"
    assert found.groups["n"].sum() == 260


def test_invariance_finds_an_item_that_is_read_otherwise() -> None:
    """One item answered two points higher in one group: loadings hold, intercepts do not."""
    frame = answers()
    frame["i2"] = frame["i2"] + 2.0 * (frame["group"] == "pilot")
    found = invariance(frame, MODEL, group="group")
    assert found.reached == "metric"
    assert "means may not" in found.summary()


def test_weighted_correlations_without_a_test_that_does_not_hold() -> None:
    frame = answers().assign(w=1.0)
    design = Design(frame, weights="w")
    found = factor_analysis(design, ITEMS, 2)
    assert found.chi_square is None
    assert adequacy(design, ITEMS).bartlett.not_applicable is not None
    assert adequacy(design, ITEMS).kmo == pytest.approx(adequacy(answers(), ITEMS).kmo)


def test_bad_items() -> None:
    frame = answers()
    for change, key in [
        ({"i1": "yes"}, "not_numbers"),
        ({"i1": 3}, "constant"),
        ({"i1": frame["i2"]}, "singular"),
        ({"i1": frame["i1"].where(frame["id"] < 5)}, "few_rows"),
    ]:
        with pytest.raises(InputError) as error:
            factor_analysis(frame.assign(**change), ITEMS, 2)
        assert [fault.key for fault in error.value.faults] == [f"factors.{key}"]
        assert all(fault.text("zh") for fault in error.value.faults)
    with pytest.raises(InputError) as error:
        factor_analysis(frame, ITEMS, 5)
    assert error.value.faults[0].key == "factors.too_many"
    with pytest.raises(InputError) as error:
        invariance(frame.assign(group="a"), MODEL, group="group")
    assert error.value.faults[0].key == "factors.one_group"
    with pytest.raises(ValueError, match="each item once"):
        confirm(frame, {"F1": ITEMS[:2]})
    with pytest.raises(ValueError, match="rotation"):
        factor_analysis(frame, ITEMS, 2, rotation="quartimax")


def test_items_that_have_nothing_in_common() -> None:
    noise = pd.DataFrame(np.random.default_rng(7).normal(size=(60, 6)), columns=list("abcdef"))
    with pytest.raises(InputError) as error:
        confirm(noise.assign(a=-noise["b"] + 0.1 * noise["a"]), {"x": list("abc"), "y": list("def")})
    assert error.value.faults[0].key in ("factors.not_settled", "factors.negative_residual")
