"""What is refused, what is only pointed out, and what is kept with the data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab.compare import qca
from govlab.errors import InputError
from govlab.language import LANGUAGES
from tests.compare.qca_reference import cases

CRISP = ["DEV", "STA", "FUN", "PAR"]


def faults(call):
    with pytest.raises(InputError) as caught:
        call()
    for fault in caught.value.faults:
        for lang in LANGUAGES:
            assert fault.text(lang)
    return {fault.key for fault in caught.value.faults}


def small(**columns):
    frame = pd.DataFrame({"A": [0, 1, 1, 0], "B": [0, 0, 1, 1], "Y": [0, 1, 1, 0]}, index=list("wxyz"))
    return frame.assign(**columns)


@pytest.mark.parametrize(
    ("frame", "wanted"),
    [
        (small(A=[0, 1.2, 0.5, 0]), {"qca.outside"}),
        (small(A=[0, 1, -1, 0]), {"qca.outside"}),
        (small(Y=[0, 1, 7, 0]), {"qca.outside"}),
        (small(A=[0, 3, 5, 12]), {"qca.outside"}),
        (small(A=[1, 1, 1, 1]), {"qca.constant"}),
        (small(Y=[0, 0, 0, 0]), {"qca.constant_outcome"}),
        (small(A=["yes", "1", "0", "0"]), {"qca.not_number"}),
        (small(A=[np.nan, 1, 1, 0], B=[0, None, 1, 1]), {"qca.missing"}),
        (small().drop(columns="B"), {"qca.no_column"}),
        (small().set_index(pd.Index(["w", "w", "x", "y"])), {"qca.case_twice"}),
    ],
)
def test_bad_columns(frame, wanted):
    assert faults(lambda: qca.truth_table(frame, "Y", ["A", "B"])) == wanted


def test_every_fault_at_once():
    frame = small(A=[1, 1, 1, 1], B=[0, 0, 1, 1.5])
    assert faults(lambda: qca.truth_table(frame, "Y", ["A", "B"])) == {"qca.constant", "qca.outside"}


def test_not_stated_is_left_out_and_named():
    frame = small(A=[np.nan, 1, 1, 0])
    table = qca.truth_table(frame, "Y", ["A", "B"], missing="leave out")
    assert table.data.left_out == ("w",)
    assert table.data.cases == ("x", "y", "z")
    assert "qca.note.left_out" in {note.key for note in table.notes}


def test_half_is_pointed_out_and_not_moved():
    frame = small(A=[0.5, 1, 1, 0])
    table = qca.truth_table(frame, "Y", ["A", "B"])
    assert {note.key for note in table.notes} >= {"qca.note.half"}
    assert table.n.sum() == 3
    assert table.data.values[0, 0] == 0.5


def test_more_conditions_than_cases_can_carry():
    table = qca.truth_table(cases("crisp_a").head(12), "OUT", CRISP)
    note = next(note for note in table.notes if note.key == "qca.note.many_conditions")
    assert note.values["ratio"] == "0.33"


def test_contradictions_are_named():
    disagree = qca.truth_table(cases("crisp_a"), "OUT", CRISP).contradictions()
    assert disagree["row"].tolist() == [6, 8]
    assert disagree["n"].tolist() == [2, 3]
    assert (disagree["inside"].iloc[0], disagree["outside"].iloc[0]) == ("c03", "c02")


def test_nothing_positive_and_nothing_negative():
    table = qca.truth_table(small(Y=[0, 0.4, 0.45, 0]), "Y", ["A", "B"])
    assert faults(lambda: qca.minimise(table)) == {"qca.no_positive"}
    table = qca.truth_table(small(Y=[0.9, 1, 1, 1]), "Y", ["A", "B"])
    assert faults(lambda: qca.minimise(table, solution="parsimonious")) == {"qca.no_negative"}
    both = qca.analyse(small(Y=[0.9, 1, 1, 1]), "Y", ["A", "B"])
    assert set(both.to_frame()["reason"]) == {"no-negative", "no-positive"}


def test_too_large_a_space():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.integers(0, 2, (30, 22)), columns=[f"C{one}" for one in range(22)])
    assert faults(lambda: qca.truth_table(frame, "C0", list(frame.columns[1:]))) == {"qca.space"}


@pytest.mark.parametrize(
    "call",
    [
        lambda: qca.truth_table(small(), "Y", []),
        lambda: qca.truth_table(small(), "Y", ["A", "Y"]),
        lambda: qca.truth_table(small(), "Y", ["A", "B"], inclusion=1.2),
        lambda: qca.truth_table(small(), "Y", ["A", "B"], frequency=0),
        lambda: qca.minimise(qca.truth_table(small(), "Y", ["A", "B"]), solution="short"),
        lambda: qca.minimise(qca.truth_table(small(), "Y", ["A", "B"]), expectations={"C": 1}),
        lambda: qca.minimise(qca.truth_table(small(), "Y", ["A", "B"]), expectations={"A": 3}),
        lambda: qca.minimise(qca.truth_table(small(), "Y", ["A", "B"]), exclude=[1]),
        lambda: qca.calibrate([1, 2], (1, 2)),
        lambda: qca.calibrate([1, 2], (1, 2, 3), method="guess"),
        lambda: qca.calibrate([1, 2], (1, 2, 3), degree=0.4),
        lambda: qca.calibrate([1, 2], (1, 2, 3), preset="as Stata"),
    ],
)
def test_what_cannot_be_asked(call):
    with pytest.raises(ValueError, match=r"must|expect|exclude|anchors|outcome|takes"):
        call()


def test_anchors_are_kept_and_need_reasons():
    anchors = qca.Anchors((2, 5, 8), reasons=("the rule says so",))
    found = qca.calibrate(pd.Series([1, 5, np.nan, 9], index=list("abcd")), anchors)
    assert found.anchors is anchors
    assert {note.key for note in found.notes} == {"qca.note.half_here", "qca.note.not_known"}
    assert np.isnan(found.memberships[2])
    assert found.to_frame()["case"].tolist() == list("abcd")
    bare = qca.calibrate([1, 6], (2, 5, 8))
    assert {note.key for note in bare.notes} == {"qca.note.no_reason"}
    frame = pd.DataFrame({"x": [1.0, 6.0]})
    frame["member"] = bare
    assert frame["member"].tolist() == bare.memberships.tolist()


@pytest.mark.parametrize(
    ("anchors", "method"),
    [((2, 8, 5), "direct"), ((2, 2, 5), "linear"), ((5, 3), "multi-value"), ((1, 2, 3, 3, 5, 4), "direct")],
)
def test_anchors_in_order(anchors, method):
    assert faults(lambda: qca.calibrate([1, 2], anchors, method=method)) <= {
        "qca.anchors_order", "qca.anchors_rising",
    }  # fmt: skip


def test_other_shapes_of_sets():
    x = np.array([1.0, 3, 5, 5.5, 6, 8, 10])
    hill = qca.calibrate(x, (1, 3, 5, 6, 8, 10)).memberships
    assert hill == pytest.approx(hill[::-1], abs=1e-12)
    assert hill[[0, 1, 2]] == pytest.approx([0.05, 0.5, 0.95], abs=1e-12)
    valley = qca.calibrate(x, (5, 3, 1, 10, 8, 6)).memberships
    assert valley == pytest.approx(1 - hill, abs=1e-12)
    assert qca.calibrate(x, (5,), method="crisp").memberships.tolist() == [0, 0, 1, 1, 1, 1, 1]
    assert qca.calibrate(x, (5, 8), method="multi-value").memberships.tolist() == [0, 0, 1, 1, 1, 2, 2]
    graded = qca.calibrate(x, (2, 4, 5.2, 7, 9), method="indirect").memberships
    assert (np.diff(graded) > 0).all()
    assert graded == pytest.approx([0, 0.2, 0.4, 0.6, 0.6, 0.8, 1], abs=0.15)


def test_presets_name_themselves():
    for name in ("as R QCA", "as fsQCA"):
        rules = qca.preset(name)
        assert rules.name() == name
        assert rules.name("zh") in rules.differs("zh")
        found = qca.analyse(cases("crisp_a"), "OUT", CRISP, preset=name)
        assert "preset" in {one.step for one in qca.choices(found).choices}


def test_values_in_a_row_are_a_multi_value_condition():
    table = qca.truth_table(small(A=[0, 1, 2, 0]), "Y", ["A", "B"])
    assert table.data.levels == (3, 2)
    assert table.data.space == 6
    assert qca.minimise(table).expressions == ("A{2}*B + A{1}*~B",)
