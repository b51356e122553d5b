"""What an index refuses, keeps and says: trees, gaps, outliers, judgements, errors, presets, coupling."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.compare import index
from govlab.compare.index import normalising, weighting
from govlab.errors import InputError

TREE = index.IndexSpec(
    (
        index.Indicator("staff", "input", 2.0),
        index.Indicator("space", "input"),
        index.Indicator("wait", "process", direction=-1),
    ),
    (index.Group("input"), index.Group("process", weight=3.0)),
)


def table(rows: int = 6) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    values = rng.uniform(1, 10, (rows, 3)).round(2)
    frame = pd.DataFrame(values, columns=["staff", "space", "wait"])
    return frame.assign(zone=[f"z{row}" for row in range(rows)])


def keys(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    for fault in error.value.faults:
        assert fault.text("zh") and fault.text("en")
    return [fault.key.partition(".")[2] for fault in error.value.faults]


def test_weights_are_those_of_the_tree() -> None:
    found = index.build(table(), TREE, unit="zone")
    weights = found.weights.set_index("code")
    assert weights.loc["staff", ["weight", "effective"]].tolist() == pytest.approx([2 / 3, 1 / 6])
    assert weights.loc["wait", ["weight", "effective"]].tolist() == pytest.approx([1.0, 0.75])
    leaves = weights.loc[["staff", "space", "wait"], "effective"].to_numpy()
    assert found.values == pytest.approx(found.normalised.to_numpy() @ leaves, rel=1e-12)
    frame = found.to_frame()
    assert frame.columns.tolist() == ["zone", "index", "input", "process"]
    frame["index"] = 0.0
    assert found.values.min() > 0
    assert "6 units" in found.summary()


def test_all_faults_of_a_tree_at_once() -> None:
    with pytest.raises(InputError) as error:
        index.IndexSpec(
            (index.Indicator("a", "nowhere"), index.Indicator("b", weight=-1), index.Indicator("b")),
            (index.Group("c", "d"), index.Group("d", "c"), index.Group("e")),
            normalisation="goalposts",
        )
    assert set(keys(error)) == {
        "code_twice", "unknown_parent", "weight", "circle", "empty_group", "goalposts",
    }  # fmt: skip


def test_all_faults_of_a_table_at_once() -> None:
    bad = table().assign(staff="x", space=4.0)
    bad.loc[2, "wait"] = np.nan
    bad.loc[1, "zone"] = "z0"
    with pytest.raises(InputError) as error:
        index.build(bad, TREE, unit="zone")
    assert keys(error) == ["unit_twice", "not_numbers", "constant", "missing"]
    assert "z2" in str(error.value)
    with pytest.raises(InputError) as error:
        index.build(table().drop(columns="wait").head(2), TREE, unit="zone")
    assert keys(error) == ["few_units", "no_column"]
    with pytest.raises(KeyError, match="place"):
        index.build(table(), TREE, unit="place")


def test_unknown_choices_are_programmers_errors() -> None:
    with pytest.raises(ValueError, match="aggregation must be one of"):
        replace(TREE, aggregation="median")
    with pytest.raises(ValueError, match="not in the index"):
        TREE.weighted({"nobody": 1.0})
    with pytest.raises(ValueError, match="name must be one of"):
        index.preset(TREE, "spss")
    with pytest.raises(ValueError, match="errors: not indicators"):
        index.build(table(), TREE, unit="zone", errors={"x": np.ones(6)})


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"normalisation": "zscore", "aggregation": "geometric"}, "needs_positive"),
        ({"normalisation": "share_of_best"}, "share_of_best"),
        ({"normalisation": "zscore", "weights": "entropy"}, "entropy_negative"),
        ({"aggregation": "topsis", "missing": "rescale"}, "topsis_missing"),
        ({"normalisation": "target"}, "target"),
    ],
)
def test_choices_that_do_not_go_together(changed: dict[str, str], key: str) -> None:
    with pytest.raises(InputError) as error:
        replace(TREE, **changed)
    assert set(keys(error)) == {key}


def test_gaps() -> None:
    gappy = table()
    gappy.loc[0, "staff"] = np.nan
    gappy.loc[1, ["staff", "space"]] = np.nan
    found = index.build(gappy, replace(TREE, missing="rescale"), unit="zone").to_frame()
    normalised = normalising.minmax(gappy[["space"]].to_numpy(), 1, 100)[:, 0]
    # a third of the group's weight is there: less than the half asked for
    assert np.isnan(found.loc[0, "input"]) and np.isnan(found.loc[1, "input"])
    lenient = index.build(gappy, replace(TREE, missing="rescale", least_present=0.3), unit="zone")
    assert lenient.to_frame().loc[0, "input"] == pytest.approx(normalised[0])
    assert lenient.filled == 3
    filled = index.build(gappy, replace(TREE, missing="median"), unit="zone").normalised
    middle = gappy["staff"].median()
    other = gappy.fillna({"staff": middle})["staff"].to_numpy()[:, None]
    assert filled["staff"].to_numpy() == pytest.approx(normalising.minmax(other, 1, 100)[:, 0])


def test_goalposts_of_the_human_development_index() -> None:
    """UNDP's technical notes 2016, worked example for Brazil 2015: life expectancy 74.7 between 20 and 85."""
    life = normalising.goalposts(np.array([[74.7], [90.0], [10.0]]), np.array([20.0]), np.array([85.0]))
    assert life[:, 0] == pytest.approx([0.842, 1.0, 0.0], abs=5e-4)


def test_outliers_that_stay_get_a_logarithm() -> None:
    wild = pd.DataFrame(
        {"zone": [f"z{i}" for i in range(12)], "a": np.r_[np.arange(8.0), [400, 401, 402, 9e4]]}
    )
    one = index.IndexSpec((index.Indicator("a"),), outliers="treat", most_treated=0)
    found = index.build(wild, one, unit="zone")
    assert found.treated["treatment"].tolist() == ["logged"]
    assert (np.diff(found.values) > 0).all()  # the order is kept


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 50), st.floats(-20, 20))
def test_units_of_measurement_do_not_matter(seed: int, factor: float, moved: float) -> None:
    values = np.random.default_rng(seed).normal(size=(7, 3))
    frame = pd.DataFrame(values, columns=["staff", "space", "wait"]).assign(zone=list("abcdefg"))
    other = frame.assign(staff=frame["staff"] * factor + moved)
    for method in ("minmax", "zscore", "rank", "percentile"):
        one = replace(TREE, normalisation=method)
        first, second = (index.build(each, one, unit="zone").values for each in (frame, other))
        assert second == pytest.approx(first, rel=1e-7, abs=1e-7)


def test_errors_carried_by_goalposts_are_exact() -> None:
    """Fixed goalposts and given weights make the index linear: w^2 s^2 V."""
    members = (
        index.Indicator("staff", weight=1.0, goalposts=(0.0, 20.0)),
        index.Indicator("space", weight=3.0, goalposts=(0.0, 10.0 + 1e-9)),
    )
    one = index.IndexSpec(members, normalisation="goalposts")
    frame = table().assign(space=lambda each: each["space"] / 2)
    v = 0.02 * np.eye(6) + 0.01
    found = index.build(frame, one, unit="zone", errors={"staff": v, "space": np.full(6, 0.1)})
    wanted = (0.25 / 20) ** 2 * v + (0.75 / 10) ** 2 * 0.01 * np.eye(6)
    assert found.covariance == pytest.approx(wanted, rel=1e-6)
    ranks = found.ranks().to_frame()
    assert (ranks["rank_low"] <= ranks["rank"]).all() and (ranks["rank"] <= ranks["rank_high"]).all()
    assert "std_error" in found.to_frame()


def test_no_confidence_sets_without_errors() -> None:
    with pytest.raises(InputError) as error:
        index.build(table(), TREE, unit="zone").ranks()
    assert keys(error) == ["no_errors"]
    with pytest.raises(InputError) as error:
        index.build(table(), replace(TREE, normalisation="rank"), unit="zone", errors={"wait": np.ones(6)})
    assert keys(error) == ["errors_of_ranks"]
    with pytest.raises(InputError) as error:
        index.build(table(), TREE, unit="zone", errors={"wait": np.full(6, np.nan)})
    assert keys(error) == ["errors_missing"]


def test_pca_weights_by_hand() -> None:
    """Two pairs of equal columns, uncorrelated: two components, every indicator a quarter."""
    x = np.array([[1, 1, 1, 1], [1, 1, -1, -1], [-1, -1, 1, 1], [-1, -1, -1, -1.0]])
    assert index.pca(x) == pytest.approx([0.25] * 4)
    single = np.random.default_rng(5).normal(size=(40, 1)) + np.random.default_rng(6).normal(size=(40, 3)) / 3
    loadings = np.linalg.eigh(np.corrcoef(single.T))[1][:, -1]
    assert index.pca(single) == pytest.approx(loadings**2)
    assert index.pca(single, rule="combination") == pytest.approx(loadings / loadings.sum())
    against = np.column_stack([single, -single[:, 0]])
    frame = pd.DataFrame(against, columns=list("abcd")).assign(zone=range(40))
    one = index.IndexSpec(tuple(index.Indicator(name) for name in "abcd"), weights="pca-combination")
    with pytest.raises(InputError) as error:
        index.build(frame, one, unit="zone")
    assert keys(error) == ["pca_negative"]


def test_ahp_says_which_judgement_breaks_it() -> None:
    w = np.array([4.0, 3.0, 2.0, 1.0])
    a = w[:, None] / w
    assert index.ahp(a, list("abcd")).consistency_ratio == pytest.approx(0.0, abs=1e-12)
    a[0, 2], a[2, 0] = 1 / 7, 7.0
    found = index.ahp(a, list("abcd"))
    worst = found.pairs.iloc[0]
    assert not found.consistent
    assert (worst["first"], worst["second"]) == ("a", "c")
    assert worst["implied"] == pytest.approx(2.0)
    assert worst["ratio_without"] == pytest.approx(0.0, abs=1e-9)
    assert "a against c" in found.summary()
    columns = index.ahp(a, list("abcd"), method="columns", convention="spssau")
    assert columns.weights == pytest.approx((a / a.sum(axis=0)).mean(axis=1))
    two = index.ahp(np.array([[1, 3], [1 / 3, 1]]), ["input", "process"])
    assert TREE.weighted(two.as_weights()).groups[0].weight == pytest.approx(0.75)


def test_ahp_refuses_what_is_not_reciprocal() -> None:
    with pytest.raises(InputError) as error:
        index.ahp(np.array([[1, 3, 2], [3, 1, -1], [0.5, 1, 2]]), ["staff", "space", "wait"])
    assert keys(error) == ["ahp_reciprocal", "ahp_positive", "ahp_diagonal"]
    index.ahp(np.array([[1, 3], [0.333, 1]]))  # a third as typed


def test_coupling() -> None:
    frame = pd.DataFrame({"zone": list("abc"), "x": [0.5, 0.9, 0.0], "y": [0.5, 0.1, 0.0]})
    found = index.coupling(frame, unit="zone").to_frame()
    assert found["coupling"][:2].tolist() == pytest.approx([1.0, 0.6])
    assert found["coordination"][:2].tolist() == pytest.approx([np.sqrt(0.5), np.sqrt(0.3)])
    assert found["level"][:2].tolist() == [8, 6]
    assert found["reason"].tolist() == ["", "", "all-zero"] and pd.isna(found["level"][2])
    lost = index.coupling(frame, unit="zone", formula="without-coefficient").to_frame()
    assert lost["coupling"][:2].tolist() == pytest.approx([0.5, 0.3])
    square = index.coupling(frame, unit="zone", formula="without-root").to_frame()
    assert square["coupling"][:2].tolist() == pytest.approx([1.0, 0.36])
    stretched = index.coupling_as_spssau(frame, unit="zone").to_frame()
    assert stretched["reason"].tolist() == ["", "", ""]
    with pytest.raises(InputError) as error:
        index.coupling(frame.assign(x=2.0), unit="zone")
    assert keys(error) == ["coupling_range"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_preset_says_what_differs(lang: str) -> None:
    for name, one in index.PRESETS.items():
        assert len(one.text(lang)) > 40
        assert index.preset(TREE, name).preset == name


def test_light_import() -> None:
    code = "import sys, govlab.compare.index; print('scipy' in sys.modules, 'pandas' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["False", "False"]


def test_entropy_refuses_negative_values() -> None:
    with pytest.raises(ValueError, match="negative"):
        weighting.entropy(np.array([[1.0], [-1.0]]))
