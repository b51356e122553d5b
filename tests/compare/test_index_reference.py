"""Composite indices meet R COINr, the definitions of AHP / entropy / CRITIC / TOPSIS, and a published table."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from govlab.compare import index
from govlab.compare.index import aggregating, normalising, treating, weighting
from govlab.compare.index.robustness import rank_of

FOLDER = Path(__file__).parent.parent / "reference" / "index"
NORMALISED = {
    "minmax": lambda x: normalising.minmax(x, 0, 100),
    "minmax1": lambda x: normalising.minmax(x, 1, 100),
    "zscore": normalising.zscore,
    "rank": normalising.rank,
    "prank": normalising.percentile,
    "borda": normalising.borda,
    "dist2max": normalising.distance_to_best,
    "fracmax": normalising.share_of_best,
}
MEANS = {"a_amean": "arithmetic", "a_gmean": "geometric", "a_hmean": "harmonic"}
NAMES = {"prank": "percentile", "dist2max": "distance_to_best", "minmax1": "minmax"}


def data(name: str = "index_data") -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv")


def meta() -> pd.DataFrame:
    frame = pd.read_csv(FOLDER / "index_meta.csv")
    frame = frame[frame["iCode"] != "INDEX"]
    kind = frame["Type"].map({"Indicator": "indicator", "Aggregate": "group"})
    table = {"code": "iCode", "parent": "Parent", "weight": "Weight", "direction": "Direction"}
    return pd.DataFrame({new: frame[old] for new, old in table.items()}).assign(kind=kind)


def spec() -> index.IndexSpec:
    return index.IndexSpec.from_frame(meta(), top="INDEX")


def expected() -> pd.DataFrame:
    frame = pd.read_csv(FOLDER / "expected_index.csv")
    return frame.assign(value=frame["value"].astype(float))


def wanted(case: str, codes: list[str]) -> np.ndarray:
    part = expected()
    part = part[part["case"] == case].pivot(index="unit", columns="code", values="value")
    return part[codes].to_numpy()


def mcdm() -> dict[str, list[dict[str, object]]]:
    return json.loads((FOLDER / "mcdm_expected.json").read_text(encoding="utf-8"))


def test_shape_of_indicators() -> None:
    table = data()
    for code, skew, kurt in pd.read_csv(FOLDER / "expected_skew_kurt.csv").itertuples(index=False):
        assert treating.skewness(table[code].to_numpy(float)) == pytest.approx(skew, rel=1e-12)
        assert treating.kurtosis(table[code].to_numpy(float)) == pytest.approx(kurt, rel=1e-12)


def test_outliers() -> None:
    values = data().drop(columns="uCode")
    found, done = treating.treat(values.to_numpy(float), 3)
    assert found == pytest.approx(data("expected_treated").drop(columns="uCode").to_numpy(float), rel=1e-12)
    log = pd.read_csv(FOLDER / "expected_treatment_log.csv")
    assert [points for _, points in done] == log["winsorise.nwin"].fillna(0).astype(int).to_list()


def test_every_case_of_the_reference_is_met() -> None:
    """All 2,752 numbers: scales, means, weights, ranks, raw and treated."""
    frame, one = expected(), spec()
    directions = np.array([each.direction for each in one.indicators], dtype=float)
    met = 0
    for case in frame["case"].unique():
        parts = case.split(".")
        raw = data("expected_treated" if parts[0] == "treated" else "index_data")
        values = NORMALISED[parts[1]](raw[one.codes].to_numpy(float) * directions)
        if parts[2] == "normalised":
            assert values == pytest.approx(wanted(case, one.codes), rel=1e-12, abs=1e-13), case
            met += values.size
            continue
        method = MEANS[parts[2]]
        columns = dict(zip(one.codes, values.T, strict=True))
        for group in ("INPUT", "PROC", "RESULT", "INDEX"):
            members = one.members(group)
            weights = np.array([1.0 if parts[-1] == "equalweights" else each.weight for each in members])
            columns[group] = aggregating.mean(
                np.stack([columns[each.code] for each in members], axis=1), weights, method
            )
        groups = ["INPUT", "PROC", "RESULT", "INDEX"]
        together = np.stack([columns[group] for group in groups], axis=1)
        assert together == pytest.approx(wanted(case, groups), rel=1e-12, abs=1e-13), case
        met += together.size
        if parts[-1] != "equalweights":
            assert (rank_of(columns["INDEX"]) == wanted(case, ["rank(INDEX)"])[:, 0]).all()
            met += len(together)
    assert met == len(frame)


@pytest.mark.parametrize("scale", ["minmax", "minmax1", "zscore", "rank", "prank", "borda", "dist2max"])
@pytest.mark.parametrize("outliers", ["raw", "treated"])
def test_build_goes_the_same_way(scale: str, outliers: str) -> None:
    for mean, method in MEANS.items():
        case = f"{outliers}.{scale}.{mean}"
        if case not in set(expected()["case"]):
            continue
        one = replace(
            spec(),
            normalisation=NAMES.get(scale, scale),
            scale=(1.0, 100.0) if scale == "minmax1" else (0.0, 100.0),
            aggregation=method,
            outliers="keep" if outliers == "raw" else "treat",
        )
        found = index.build(data(), one, unit="uCode").to_frame()
        groups = ["INDEX", "INPUT", "PROC", "RESULT"]
        assert found[groups].to_numpy() == pytest.approx(wanted(case, groups), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("place", range(4))
def test_ahp(place: int) -> None:
    case = mcdm()["ahp"][place]
    given = case.get("experts") or case["matrix"]
    found = index.ahp(np.array(given))
    assert found.weights == pytest.approx(case["weights_eigenvector"], rel=1e-12)
    assert found.lambda_max == pytest.approx(case["lambda_max"], rel=1e-12)
    assert found.consistency_index == pytest.approx(case["CI"], rel=1e-11)
    assert found.consistency_ratio == pytest.approx(case["CR"], rel=1e-11)
    assert found.gci == pytest.approx(case["GCI"], rel=1e-11)
    assert found.consistent is case["consistent_at_0_10"]
    other = index.ahp(np.array(given), method="geometric")
    assert other.weights == pytest.approx(case["weights_geometric_mean"], rel=1e-12)


def turned() -> np.ndarray:
    types = np.array(mcdm()["entropy"][0]["types"], dtype=float)
    return normalising.minmax(data("decision_matrix").to_numpy(float) * types)


@pytest.mark.parametrize("shift", ["0", "0.0001", "0.01"])
def test_entropy(shift: str) -> None:
    case = mcdm()["entropy"][0][f"minmax_shift_{shift}"]
    assert weighting.entropies(turned() + float(shift)) == pytest.approx(case["entropy"], rel=1e-12)
    assert index.entropy(turned(), shift=float(shift)) == pytest.approx(case["weights"], rel=1e-12)


def test_entropy_of_raw_shares() -> None:
    case = mcdm()["entropy"][0]["raw_shares_positive_columns"]
    columns = [place - 1 for place in case["columns"]]
    raw = data("decision_matrix").to_numpy(float)[:, columns]
    assert index.entropy(raw) == pytest.approx(case["weights"], rel=1e-12)


def test_critic() -> None:
    for case in mcdm()["critic"]:
        assert index.critic(turned()) == pytest.approx(case["weights"], rel=1e-12)


@pytest.mark.parametrize("place", range(4))
def test_topsis(place: int) -> None:
    case = mcdm()["topsis"][place]
    x = data("decision_matrix").to_numpy(float) * np.array(case["types"], dtype=float)
    scaled = normalising.vector(x) if case["normalisation"] == "vector" else normalising.minmax(x)
    weights = np.array(case["weights"])
    best, worst = aggregating.distances(scaled * weights)
    assert best == pytest.approx(case["d_best"], rel=1e-12)
    assert worst == pytest.approx(case["d_worst"], rel=1e-12)
    found = index.topsis(scaled, weights)
    assert found == pytest.approx(case["closeness"], rel=1e-12)
    assert rank_of(found).astype(int).tolist() == case["rank"]


def test_topsis_as_an_index() -> None:
    case = mcdm()["topsis"][2]
    names = ["x1", "x2", "x3", "x4"]
    members = tuple(
        index.Indicator(name, weight=weight, direction=sign)
        for name, weight, sign in zip(names, case["weights"], case["types"], strict=True)
    )
    table = data("decision_matrix").assign(unit=[f"u{row}" for row in range(9)])
    one = index.IndexSpec(members, normalisation=case["normalisation"], aggregation="topsis", scale=(0, 1))
    assert index.build(table, one, unit="unit").values == pytest.approx(case["closeness"], rel=1e-12)


def test_preset_entropy_is_the_shifted_one() -> None:
    case = mcdm()["entropy"][0]
    names = ["x1", "x2", "x3", "x4"]
    members = tuple(
        index.Indicator(name, direction=sign) for name, sign in zip(names, case["types"], strict=True)
    )
    table = data("decision_matrix").assign(unit=[f"u{row}" for row in range(9)])
    found = index.build(table, index.preset(index.IndexSpec(members), "spssau-entropy"), unit="unit")
    weights = np.array(case["minmax_shift_0.01"]["weights"])
    assert found.weights["weight"].to_numpy() == pytest.approx(weights, rel=1e-12)
    assert found.values == pytest.approx((turned() + 0.01) @ weights, rel=1e-12)
    other = index.build(table, index.preset(index.IndexSpec(members), "spssau-critic"), unit="unit")
    assert other.weights["weight"].to_numpy() == pytest.approx(mcdm()["critic"][0]["weights"], rel=1e-12)


def test_coupling_meets_a_published_table() -> None:
    """C, T and D as printed, to what the three printed decimals of the scores allow."""
    table = pd.read_csv(FOLDER / "coupling_published.csv")
    found = index.coupling(table[["year", "urban", "rural"]], unit="year").to_frame()
    for name in ("coupling", "development", "coordination"):
        assert found[name].to_numpy() == pytest.approx(table[name].to_numpy(), abs=1.5e-3), name
    # The lost coefficient would print at most a half.
    wrong = index.coupling(table[["year", "urban", "rural"]], unit="year", formula="without-coefficient")
    assert wrong.to_frame()["coupling"].max() <= 0.5 == wrong.largest
