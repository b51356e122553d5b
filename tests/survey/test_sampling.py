"""Samples from a list: who is in, the weight, and a design that reads them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.survey.design import Design
from govlab.survey.sampling import draw, draw_two_stage


def communities() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "zone": np.repeat(list("ABCD"), 8),
            "community": [f"c{place}" for place in range(32)],
            "people": rng.integers(300, 3000, 32),
        }
    )


@pytest.mark.parametrize("method", ["simple", "systematic", "pps", "sampford"])
def test_base_weights_add_up_to_the_list(method: str) -> None:
    options = {"size": "people"} if method in ("pps", "sampford") else {}
    found = draw(communities(), 12, method=method, strata="zone", allocation="equal", seed=4, **options)
    frame = found.frame
    assert len(frame) == 12
    assert frame["zone"].value_counts().to_dict() == dict.fromkeys("ABCD", 3)
    assert frame["weight"].to_numpy() == pytest.approx(1 / frame["probability"].to_numpy())
    if not options:
        assert frame["weight"].sum() == pytest.approx(32)
        assert set(frame["stratum_units"]) == {8}
    else:
        # Horvitz-Thompson totals of the size itself are exact within strata without certain units.
        total = (frame["weight"] * frame["people"]).groupby(frame["zone"]).sum()
        assert total.to_dict() == pytest.approx(communities().groupby("zone")["people"].sum().to_dict())
    again = draw(communities(), 12, method=method, strata="zone", allocation="equal", seed=4, **options)
    assert again.frame.equals(frame)
    assert not frame.equals(
        draw(communities(), 12, method=method, strata="zone", allocation="equal", seed=5, **options).frame
    )


def test_a_design_reads_the_sample() -> None:
    found = draw(communities(), 12, strata="zone", seed=1)
    design = Design(found.frame, weights="weight", strata="zone", fpc="stratum_units")
    assert design.degf == 8
    assert design.weights.sum() == pytest.approx(32)
    assert Design(found.frame, strata="zone", fpc="stratum_units").weights == pytest.approx(design.weights)


def test_two_stages_with_sizes_give_equal_weights() -> None:
    found = draw_two_stage(communities(), 12, 25, population="people", strata="zone", seed=7)
    frame = found.frame
    assert (frame["take"] == 25).all()
    assert frame["probability"].to_numpy() == pytest.approx(
        (frame["probability_unit"] * frame["probability_person"]).to_numpy()
    )
    for _, part in frame[frame["probability_unit"] < 1].groupby("zone"):
        assert part["weight"].to_numpy() == pytest.approx(np.full(len(part), part["weight"].iloc[0]))
    people = found.people
    assert people is not None
    assert len(people) == 12 * 25
    assert not people.duplicated(["community", "number"]).any()
    there = communities().set_index("community")["people"]
    assert (people["number"] <= people["community"].map(there)).all()
    assert people["number"].min() >= 1
    total = people["weight"].sum()
    assert total == pytest.approx(communities()["people"].sum(), rel=0.25)
    design = Design(people, weights="weight", strata="zone", clusters="community")
    assert design.degf == 8


def test_small_units_are_asked_whole() -> None:
    units = communities().assign(people=[10] + [500] * 31)
    found = draw_two_stage(units, 32, 25, population="people", method="simple", seed=1)
    assert found.frame["take"].tolist() == [10] + [25] * 31
    assert any("asked whole: 1" in note for note in found.notes)
    assert found.people is not None
    assert found.people["weight"].iloc[0] == pytest.approx(1)


def test_large_units_are_certain() -> None:
    units = communities().assign(people=[100_000] + [500] * 31)
    found = draw(units, 8, method="pps", size="people", seed=2)
    assert found.frame.iloc[0]["probability"] == 1
    assert "taken for certain" in found.summary()


def test_systematic_samples_follow_the_list() -> None:
    found = draw(communities(), 8, method="systematic", seed=3)
    assert found.frame["zone"].tolist() == sorted(list("ABCD") * 2)
    assert (np.diff(found.frame.index) == 4).all()


@pytest.mark.parametrize(
    ("n", "options", "keys"),
    [
        ({"A": 9, "B": 1, "C": 2, "E": 2}, {}, {"draw_too_many", "draw_no_number", "draw_unknown"}),
        (7, {}, {"draw_total_small"}),
        (8, {"method": "pps", "size": "broken"}, {"draw_size"}),
        (8, {"strata": "gaps"}, {"draw_strata"}),
    ],
)
def test_faults(n: object, options: dict[str, str], keys: set[str]) -> None:
    units = communities().assign(broken=[0] + [5] * 31, gaps=[None] + ["x"] * 31)
    with pytest.raises(InputError) as raised:
        draw(units, n, **({"strata": "zone", "seed": 1} | options))
    assert {fault.key.removeprefix("survey.") for fault in raised.value.faults} == keys
    assert raised.value.text("zh")


def test_columns_are_not_overwritten() -> None:
    with pytest.raises(InputError) as raised:
        draw(communities().assign(weight=1), 4, seed=1)
    assert raised.value.faults[0].key == "survey.draw_columns"
    with pytest.raises(InputError):
        draw_two_stage(communities().assign(take=1), 4, 5, population="people", seed=1)
    with pytest.raises(InputError) as raised:
        draw_two_stage(communities().assign(people=2.5), 4, 5, population="people", seed=1)
    assert raised.value.faults[0].key == "survey.draw_size"


def test_wrong_calls() -> None:
    for options, match in (
        ({"method": "magic"}, "method"),
        ({"method": "pps"}, "needs size"),
        ({"size": "people"}, "takes no size"),
        ({"allocation": "fair"}, "allocation"),
    ):
        with pytest.raises(ValueError, match=match):
            draw(communities(), 8, seed=1, **options)
    with pytest.raises(KeyError, match="nowhere"):
        draw(communities(), 8, strata="nowhere", seed=1)
    with pytest.raises(ValueError, match="take"):
        draw_two_stage(communities(), 8, 0, population="people", seed=1)
