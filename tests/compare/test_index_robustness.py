"""Ranks over specifications: ranges that hold what they should, and are told apart from confidence sets."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import numpy as np
import pandas as pd
import pytest

from govlab.compare import index
from govlab.compare.index.robustness import rank_of
from govlab.errors import InputError


def spec(count: int = 4, **changed: str) -> index.IndexSpec:
    return index.IndexSpec(tuple(index.Indicator(f"x{place}") for place in range(count)), **changed)


def table(rows: int = 8, count: int = 4, seed: int = 2) -> pd.DataFrame:
    values = np.random.default_rng(seed).lognormal(size=(rows, count))
    frame = pd.DataFrame(values, columns=[f"x{place}" for place in range(count)])
    return frame.assign(zone=[f"z{row}" for row in range(rows)])


def test_one_specification_is_the_index_itself() -> None:
    only = index.Choices(("keep",), ("minmax",), ("given",), ("arithmetic",), weight_noise=0.0)
    found = index.uncertainty(table(), spec(), only, unit="zone", draws=5)
    frame = found.to_frame()
    for name in ("rank_best", "rank_5", "rank_median", "rank_95", "rank_worst"):
        assert (frame[name] == frame["rank"]).all()
    assert frame["score"].to_numpy() == pytest.approx(index.build(table(), spec(), unit="zone").values)
    assert found.by_choice.empty
    assert "not confidence sets" in found.summary()


def test_names_of_ranges_are_not_those_of_confidence_sets() -> None:
    frame = index.uncertainty(table(), spec(), unit="zone", draws=20).to_frame()
    assert not {"rank_low", "rank_high"} & set(frame)


def test_a_unit_best_in_everything_stays_first() -> None:
    data = table()
    data.loc[3, ["x0", "x1", "x2", "x3"]] = 1000.0
    choices = index.Choices(aggregation=("arithmetic", "geometric", "topsis"), weights=("given", "entropy"))
    found = index.uncertainty(data, spec(), choices, unit="zone", draws=200)
    row = found.to_frame().set_index("zone").loc["z3"]
    assert (row["rank_best"], row["rank_worst"], row["first"]) == (1.0, 1.0, 1.0)
    assert found.impossible == 8  # of z-scores the geometric mean and entropy weights, raw and treated


def test_ranges_cover_the_enumerated_specifications() -> None:
    """With enough draws and no noise the ends are those over all combinations, built one by one."""
    choices = index.Choices(weight_noise=0.0)
    found = index.uncertainty(table(), spec(), choices, unit="zone", draws=400).to_frame()
    ranks = []
    for outliers in choices.outliers:
        for scale in choices.normalisation:
            for mean in choices.aggregation:
                if (scale, mean) == ("zscore", "geometric"):
                    continue
                one = replace(spec(), outliers=outliers, normalisation=scale, aggregation=mean)
                ranks.append(rank_of(index.build(table(), one, unit="zone").values))
    assert found["rank_best"].tolist() == np.min(ranks, axis=0).tolist()
    assert found["rank_worst"].tolist() == np.max(ranks, axis=0).tolist()


def test_seed_and_shares_of_choices() -> None:
    first = index.uncertainty(table(), spec(), unit="zone", draws=300, seed=4)
    second = index.uncertainty(table(), spec(), unit="zone", draws=300, seed=4)
    assert (first.draws == second.draws).all()
    shares = first.by_choice.drop_duplicates("choice").set_index("choice")["explained"]
    assert set(shares.index) == {"outliers", "normalisation", "weights", "aggregation"}
    assert shares.between(0, 1).all()
    assert first.by_choice.groupby("choice")["n"].sum().eq(300).all()


def test_indicators_left_out_at_random() -> None:
    choices = index.Choices(("keep",), ("minmax",), ("given",), ("arithmetic",), 0.0, leave_out=True)
    found = index.uncertainty(table(), spec(), choices, unit="zone", draws=200)
    assert set(found.drawn["left_out"]) == {"", "x0", "x1", "x2", "x3"}
    alone = index.leave_one_out(table(), spec(), unit="zone")
    ends = np.vstack([alone.ranks, rank_of(index.build(table(), spec(), unit="zone").values)])
    assert found.to_frame()["rank_worst"].tolist() == ends.max(axis=0).tolist()


def test_leave_one_out_by_hand() -> None:
    found = index.leave_one_out(table(), spec(), unit="zone")
    frame = found.to_frame()
    full = rank_of(index.build(table(), spec(), unit="zone").values)
    for row, code in enumerate(spec().codes):
        less = index.build(table(), spec().without(code), unit="zone").values
        assert frame.loc[row, "shift"] == pytest.approx(np.abs(rank_of(less) - full).mean())
        both = pd.DataFrame({"a": full, "b": rank_of(less)})
        assert frame.loc[row, "correlation"] == pytest.approx(both.corr("spearman").iloc[0, 1])
    assert "the most" in found.summary()
    with pytest.raises(ValueError, match="two or more"):
        index.leave_one_out(table(count=1), spec(1), unit="zone")


def test_a_group_left_empty_goes_too() -> None:
    one = index.IndexSpec(
        (index.Indicator("x0", "a"), index.Indicator("x1", "b"), index.Indicator("x2", "b")),
        (index.Group("a", "c"), index.Group("b"), index.Group("c")),
    )
    assert [each.code for each in one.without("x0").groups] == ["b"]
    assert len(index.leave_one_out(table(), one, unit="zone").frame) == 3


def test_what_these_data_do_not_allow_is_left_out_and_counted() -> None:
    """Principal components with a negative weight: the convention falls out, the others are drawn."""
    data = table(40)
    data["x1"] = -data["x0"] + 0.1 * data["x1"]
    choices = index.Choices(("keep",), ("minmax",), ("given", "pca-combination"), ("arithmetic",))
    found = index.uncertainty(data, spec(), choices, unit="zone", draws=30)
    assert found.impossible == 1
    assert set(found.drawn["weights"]) == {"given"}


def test_impossible_choices() -> None:
    never = index.Choices(("keep",), ("zscore",), ("given",), ("geometric",))
    with pytest.raises(InputError) as error:
        index.uncertainty(table(), spec(), never, unit="zone")
    assert [fault.key for fault in error.value.faults] == ["index.no_combination"]
    with pytest.raises(ValueError, match="draws"):
        index.uncertainty(table(), spec(), unit="zone", draws=0)


@pytest.mark.slow
def test_a_thousand_units_fifty_indicators_a_thousand_specifications() -> None:
    groups = tuple(index.Group(f"g{place}") for place in range(5))
    members = tuple(index.Indicator(f"x{place}", f"g{place % 5}") for place in range(50))
    one = index.IndexSpec(members, groups)
    data = table(1000, 50)
    choices = index.Choices(
        weights=("given", "equal", "entropy", "critic"), aggregation=("arithmetic", "geometric", "topsis")
    )
    start = process_time()
    found = index.uncertainty(data, one, choices, unit="zone", draws=1000)
    assert process_time() - start < 30  # the bar is 10 s; a slow machine is not a fault
    assert found.draws.shape == (1000, 1000)
