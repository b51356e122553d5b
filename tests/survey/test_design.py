"""A design read from a table: what is refused, what a copy changes, subsets and units."""

import numpy as np
import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.survey.design import Design
from govlab.survey.estimate import mean


def table(**changes: object) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "stratum": ["a", "a", "a", "a", "b", "b", "b", "b"],
            "psu": [1, 1, 2, 2, 3, 3, 4, 4],
            "house": [1, 2, 1, 2, 1, 2, 1, 1],
            "w": [2.0, 3, 2, 4, 1, 2, 5, 1],
            "N": [9, 9, 9, 9, 5, 5, 5, 5],
            "N2": [6, 6, 8, 8, 7, 7, 3, 3],
            "y": [1.0, 2, 3, 4, 5, 6, 7, 9],
        },
        index=[f"r{number}" for number in range(8)],
    )
    return frame.assign(**changes)


def read(frame: pd.DataFrame, **more: object) -> Design:
    return Design(frame, **({"weights": "w", "strata": "stratum", "clusters": "psu"} | more))


@pytest.mark.parametrize(
    ("frame", "more", "words"),
    [
        (table(w=[2, -3, 2, 4, 1, 2, 5, 1]), {}, r"negative weights in w: 1 \(rows r1\)"),
        (table(w=[2, 3, 0, 4, 0, 2, 5, 1]), {}, r"weights of zero in w: 2 \(rows r2, r4\)"),
        (
            table(w=[2, 3, np.nan, 4, 1, 2, 5, np.inf]),
            {},
            r"weights in w that are missing or not numbers: 2 \(rows r2, r7\)",
        ),
        (
            table(w=["2", "three", "2", "4", "1", "2", "5", "1"]),
            {},
            r"missing or not numbers: 1 \(rows r1\)",
        ),
        (
            table(stratum=["a", "a", None, "a", "b", "b", "b", "b"]),
            {},
            r"missing strata in stratum: 1 \(rows r2\)",
        ),
        (table(psu=[1, 1, 2, 2, 3, np.nan, 4, 4]), {}, r"missing clusters in psu: 1 \(rows r5\)"),
        (
            table(psu=[1, 1, 2, 2, 2, 3, 4, 4]),
            {},
            r"more than one stratum: 1 \(2\).*nest=True",
        ),
        (
            table(N=[1, 1, 1, 1, 5, 5, 5, 5]),
            {"fpc": "N"},
            r"below the number sampled: 1, first 1 against 2 \(row r0\)",
        ),
        (table(N=[9, 9, 8, 9, 5, 5, 5, 5]), {"fpc": "N"}, r"population sizes in N differ inside a stratum"),
        (
            table(N=[9, 9, 9, 9, 5, 5, np.nan, -5]),
            {"fpc": "N"},
            r"population sizes in N that are missing.*: 2 ",
        ),
        (table().iloc[:0], {}, "the table has no rows"),
    ],
)
def test_bad_data_is_refused_with_its_place(frame: pd.DataFrame, more: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read(frame, **more)
    assert caught.value.text("zh") != caught.value.text("en")


def test_all_faults_are_listed_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read(table(w=[2, -3, 2, 0, 1, 2, 5, 1], psu=[1, 1, 2, 2, 3, np.nan, 4, 4]))
    keys = [fault.key for fault in caught.value.faults]
    assert keys == ["survey.weights_negative", "survey.weights_zero", "survey.clusters_missing"]


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"weights": "weight"}, KeyError, "weights='weight'"),
        ({"clusters": ["psu", "home"]}, KeyError, "clusters='home'"),
        ({"lonely_psu": "ignore"}, ValueError, "lonely_psu must be one of fail, remove"),
        ({"fpc": ["N", "N2"]}, ValueError, "fpc names 2 stages, clusters has 1"),
    ],
)
def test_wrong_calls_name_the_argument(more: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        read(table(), **more)


def test_first_stage_ids_may_start_again_when_nested() -> None:
    again = table(psu=[1, 1, 2, 2, 1, 1, 2, 2])
    with pytest.raises(InputError, match="more than one stratum: 2"):
        read(again)
    assert read(again, nest=True).degf == 2
    assert mean(read(again, nest=True), "y").frame.equals(mean(read(table()), "y").frame)


def test_later_stages_always_nest() -> None:
    design = read(table(), clusters=["psu", "house"], fpc=["N", "N2"])
    assert len(design.stages[1].stratum_of) == 7
    assert design.stages[1].sampled.tolist() == [2, 2, 2, 1]


@pytest.mark.parametrize("kind", ["int64", "int8", "category", "str", "object", "float64", "Int64"])
def test_labels_of_any_kind_give_the_same_design(kind: str) -> None:
    stratum = table()["stratum"].map({"a": 1, "b": 0}).astype(kind)
    design = read(table(stratum=stratum, psu=table()["psu"].astype(kind)))
    known = mean(read(table()), "y").frame
    assert mean(design, "y").frame["std_error"][0] == pytest.approx(known["std_error"][0], rel=1e-14)


def test_long_ids_are_hashed_not_counted() -> None:
    far = table(psu=table()["psu"] * 10**15)
    assert mean(read(far), "y").frame.equals(mean(read(table()), "y").frame)


def test_weights_come_from_population_sizes() -> None:
    design = Design(table(), strata="stratum", fpc="N")
    assert design.weights.tolist() == [9 / 4] * 4 + [5 / 4] * 4


def test_without_weights_every_row_counts_one_and_the_design_says_so() -> None:
    design = Design(table())
    assert design.weights.tolist() == [1] * 8
    assert "every row counts 1" in mean(design, "y").notes[1]


def test_sampling_fractions_stand_for_sizes() -> None:
    share = table(N=[2 / 9] * 4 + [2 / 5] * 4)
    sizes, shares = (mean(read(one, fpc="N"), "y").frame["std_error"][0] for one in (table(), share))
    assert shares == pytest.approx(sizes, rel=1e-14)


def test_a_design_does_not_change() -> None:
    design = read(table())
    with pytest.raises(AttributeError, match="altered"):
        design.weights = np.ones(8)
    with pytest.raises(AttributeError):
        del design.frame


def test_a_later_change_of_the_table_does_not_reach_the_design() -> None:
    frame = table()
    design = read(frame)
    frame["w"] = 1.0
    frame.loc["r0", "y"] = 100.0
    assert design.weights[1] == 3
    assert design.frame["y"].iloc[0] == 1


def test_altered_gives_a_copy() -> None:
    design = read(table())
    other = design.altered(weights=np.ones(8))
    assert other is not design
    assert design.weights[0] == 2
    assert other.weights[0] == 1
    with pytest.raises(ValueError, match=r"weights needs 8 values, got shape \(3,\)"):
        design.altered(weights=np.ones(3))


def test_subsets_by_query_mask_and_series() -> None:
    design = read(table())
    by_query = design.subset("y > 2")
    assert design.inside is None
    for rows in (table()["y"] > 2, (table()["y"] > 2).to_numpy(), (table()["y"] > 2).tolist()):
        assert (design.subset(rows).inside == by_query.inside).all()
    assert by_query.subset("y < 6").inside.sum() == 3
    assert by_query.degf == 1
    with pytest.raises(TypeError, match="truth values"):
        design.subset([1, 0, 1, 0, 1, 0, 1, 0])
    with pytest.raises(ValueError, match="8 truth values"):
        design.subset([True])


def test_missing_truth_values_are_outside() -> None:
    rows = pd.Series([True, None, True, False] * 2, dtype="boolean")
    assert read(table()).subset(rows).inside.tolist() == [True, False, True, False] * 2


def test_units_that_are_reported_are_strata() -> None:
    design = read(table(), clusters=["psu", "house"], fpc=["N", "N2"]).for_units("psu")
    assert "psu is a stratum here" in design.notes[-1]
    assert len(design.stages) == 1
    assert design.stages[0].sampled.tolist() == [2, 2, 2, 1]
    assert design.stages[0].population.tolist() == [6, 8, 7, 3]
    rows = read(table()).for_units("psu")
    assert rows.stages[0].sampled.tolist() == [2, 2, 2, 2]
    frame = mean(rows, "y", by="psu").frame
    assert (frame["reason"] == "").all()
    spread = np.array([1.0, 2]), np.array([2.0, 3])
    value = np.average(spread[0], weights=spread[1])
    t = spread[1] * (spread[0] - value) / spread[1].sum()
    assert frame["std_error"][0] == pytest.approx(np.sqrt(2 * ((t - t.mean()) ** 2).sum()), rel=1e-12)


def test_units_with_their_own_population() -> None:
    design = read(table()).for_units("psu", fpc="N2")
    assert design.stages[0].population.tolist() == [6, 8, 7, 3]
    with pytest.raises(InputError, match="missing units in psu: 1"):
        Design(table(psu=[1, 1, 2, 2, 3, 3, 4, np.nan]), weights="w").for_units("psu")
    with pytest.raises(KeyError, match="unit='home'"):
        read(table()).for_units("home")


def test_units_that_cut_through_clusters_divide_them() -> None:
    design = read(table(zone=["k", "l"] * 4), fpc="N").for_units("zone")
    first = design.stages[0]
    assert first.sampled.tolist() == [2, 2, 2, 2]
    assert first.population is None
    assert (first.stratum_of[first.clusters] == first.strata).all()


def test_units_above_the_clusters_keep_them() -> None:
    design = read(table(zone=["k"] * 4 + ["l"] * 4), fpc="N").for_units("zone")
    assert design.stages[0].sampled.tolist() == [2, 2]
    assert design.stages[0].population.tolist() == [9, 5]


def test_a_design_shows_itself() -> None:
    text = repr(read(table()).subset("y > 2"))
    assert text == "Design(8 rows, 4 first-stage units, 2 strata, 1 stage(s), subset of 6 rows)"
