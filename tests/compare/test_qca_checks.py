"""Robustness, clusters, redrawn memberships, deviant cases, charts and the log of choices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab.compare import qca
from govlab.compare.qca.panel import unevenness
from govlab.compare.qca.robust import coincidence
from govlab.language import LANGUAGES
from tests.compare.qca_reference import FOLDER, cases

FUZZY = ["STAFF", "FUNDS", "EASE", "TURN"]
ANCHORS = {
    "STAFF": ("staff", (5, 8.05, 12)),
    "EASE": ("burden", (55, 40.05, 22)),
    "SAT": ("satis", (48, 61.05, 79)),
}
HELP = dict.fromkeys(FUZZY, 1)


@pytest.fixture(scope="module")
def table():
    return qca.truth_table(cases("fuzzy_a"), "SAT", FUZZY, inclusion=0.8, pri=0.5)


@pytest.fixture(scope="module")
def calibrated():
    raw = pd.read_csv(FOLDER / "fuzzy_a_raw.csv").set_index("case")
    why = ("made for the reference",)
    return {
        name: qca.calibrate(raw[column], qca.Anchors(values, reasons=why))
        for name, (column, values) in ANCHORS.items()
    }


@pytest.fixture(scope="module")
def robust(table, calibrated):
    return qca.robustness(table, expectations=HELP, calibrated=calibrated)


def test_ranges_are_exact(table, robust):
    """Just inside a range the solution is the same, just outside it is another."""
    frame = cases("fuzzy_a")
    ranges = robust.ranges.set_index(["what", "anchor"])
    for what in ("inclusion", "pri"):
        low, high = ranges.loc[(what, 0), ["low", "high"]]
        cuts = {"inclusion": 0.8, "pri": 0.5}

        def solved(at, what=what, cuts=cuts):
            other = qca.truth_table(frame, "SAT", FUZZY, **(cuts | {what: at}))
            return qca.minimise(other, solution="intermediate", expectations=HELP).expressions

        want = robust.initial.expressions
        assert solved(high) == want
        assert solved(high + 1e-6) != want
        if low > 0:
            assert solved(low + 1e-6) == want
            assert solved(low) != want
    assert (ranges["low"] <= ranges["value"]).all()
    assert (ranges["high"] >= ranges["value"]).all()


def test_fit_of_the_core(robust, table):
    """From their definitions, over the memberships of the first models."""
    own = robust.initial.models[0].membership
    y = table.data.memberships
    frame = cases("fuzzy_a")
    held = []
    for change in ({"inclusion": 0.75}, {"inclusion": 0.85}, {"pri": 0.45}, {"pri": 0.55}, {"frequency": 2}):
        other = qca.truth_table(frame, "SAT", FUZZY, **({"inclusion": 0.8, "pri": 0.5} | change))
        found = qca.minimise(other, solution="intermediate", expectations=HELP)
        held.append(found.models[0].membership)
    low, high = np.min(held, axis=0), np.max(held, axis=0)
    core = np.minimum(own, low)
    shared = np.minimum(core, y).sum()
    assert robust.fit["RF_cov"] == pytest.approx(shared / np.minimum(own, y).sum(), abs=1e-12)
    whole = np.minimum(own, y).sum() / own.sum()
    assert robust.fit["RF_cons"] == pytest.approx(whole / (shared / core.sum()), abs=1e-12)
    assert robust.fit["RF_SC_min"] == pytest.approx(coincidence(own, low), abs=1e-12)
    assert robust.fit["RF_SC_max"] == pytest.approx(coincidence(own, high), abs=1e-12)
    kinds = robust.cases.set_index("case")["kind"]
    sure = (own > 0.5) & (low > 0.5)
    assert (kinds == "robust").to_numpy().tolist() == sure.tolist()
    ever = ((own > 0.5) | (high > 0.5)) & (y > 0.5)
    assert robust.ratios["RCR_typ"] == pytest.approx((sure & (y > 0.5)).sum() / ever.sum())


def test_changes_of_anchors(table, calibrated):
    change = qca.Change(anchors=("STAFF", (5, 8.05, 12)))
    found = qca.robustness(table, expectations=HELP, calibrated=calibrated, changes=[change])
    assert found.tests["same"].tolist() == [True]
    assert found.fit["RF_cov"] == pytest.approx(1)
    assert found.ratios == {"RCR_typ": 1.0, "RCR_dev": 1.0}
    with pytest.raises(ValueError, match="no calibration"):
        qca.robustness(table, changes=[qca.Change(anchors=("FUNDS", (1, 2, 3)))])


def test_a_test_without_a_solution(table):
    found = qca.robustness(table, changes=[qca.Change(inclusion=1.0)])
    assert found.tests["expression"].tolist() == [""]
    assert found.fit["RF_cov"] == 0
    assert set(found.cases["kind"]) == {"shaky", "outside"}


def test_clusters_by_hand():
    """X within Y in cluster a; half of it in cluster b."""
    frame = pd.DataFrame({"X": [1, 1, 0, 1, 1, 0], "Z": [0, 1, 0, 1, 0, 1], "Y": [1, 1, 0, 1, 0, 0]})
    table = qca.truth_table(frame, "Y", ["X", "Z"], inclusion=0.5)
    model = qca.minimise(table, solution="parsimonious").models[0]
    assert model.expression == "X"
    found = qca.clusters(model, cluster=list("aaabbb"), unit=list("uvwuvw"))
    got = found.to_frame().set_index(["level", "group"])
    assert got.loc[("pooled", ""), "inclusion"] == 0.75
    assert got.loc[("between", "a"), "inclusion"] == 1
    assert got.loc[("between", "b"), "inclusion"] == 0.5
    assert got.loc[("within", "u"), "inclusion"] == 1
    assert np.isnan(got.loc[("within", "w"), "inclusion"])
    # shares 2/3 and 1/3 instead of halves
    assert found.distances["between"].iloc[0] == pytest.approx(np.sqrt(2) / 6, abs=1e-12)
    assert unevenness(np.array([0.4, 0.4, 0.4])) == pytest.approx(0, abs=1e-12)
    with pytest.raises(ValueError, match="label for each"):
        qca.clusters(model, cluster=["a"])


def test_redrawn_from_survey_errors(table, calibrated):
    made = calibrated["SAT"]
    n = len(made)
    sure = qca.Drawn(made.raw, np.zeros((n, n)), made.anchors)
    still = qca.redraw(table, {"SAT": sure}, expectations=HELP, draws=20)
    assert still.terms.loc[still.terms["initial"], "share"].tolist() == [1.0] * int(
        still.terms["initial"].sum()
    )
    assert still.terms["initial"].all()
    loose = qca.Drawn(made.raw, np.eye(n) * 25, made.anchors)
    found = qca.redraw(table, {"SAT": loose}, expectations=HELP, draws=100, seed=4)
    again = qca.redraw(table, {"SAT": loose}, expectations=HELP, draws=100, seed=4)
    assert found.terms.equals(again.terms)
    assert found.terms.loc[found.terms["initial"], "share"].min() < 0.9
    assert found.rows["share"].between(0, 1).all()
    with pytest.raises(ValueError, match="neither"):
        qca.redraw(table, {"AGE": loose})
    with pytest.raises(ValueError, match="needs estimates"):
        qca.redraw(table, {"SAT": qca.Drawn(made.raw[:3], np.eye(3), made.anchors)})


def test_kinds_of_cases(table):
    model = qca.minimise(table, solution="intermediate", expectations=HELP).models[0]
    frame = model.cases().set_index("case")
    for row in frame.itertuples():
        wanted = {
            (True, True): "typical", (True, False): "deviant-consistency",
            (False, True): "deviant-coverage", (False, False): "irrelevant",
        }[row.model > 0.5, row.outcome > 0.5]  # fmt: skip
        assert row.kind == wanted
        assert bool(row.terms) == (row.model > 0.5)
    for term in model.terms:
        others = {case for one in model.terms if one is not term for case in one.cases}
        assert set(term.unique_cases) == set(term.cases) - others


def test_fiss_chart(table):
    long = qca.minimise(table).models[0]
    short = qca.minimise(table, solution="parsimonious")
    chart = qca.fiss(long, short)
    for place, term in enumerate(long.literals):
        for condition, value in enumerate(term):
            assert chart.marks[condition][place] == (None if value < 0 else int(value))
    goals = [goal for model in short.models for goal in model.literals]
    for place, term in enumerate(long.literals):
        core = {
            condition
            for goal in goals
            if all(value in (-1, own) for value, own in zip(goal, term, strict=True))
            for condition in range(len(FUZZY))
            if goal[condition] >= 0
        }
        assert {condition for condition in range(len(FUZZY)) if chart.core[condition][place]} == core
    assert set(chart.to_frame().iloc[:, 1:].to_numpy().ravel()) <= {"", "●", "(●)", "⊗", "(⊗)"}


def test_both_sides_and_their_log(calibrated):
    found = qca.analyse(
        cases("fuzzy_a"), "SAT", FUZZY, inclusion=0.8, pri=0.5, expectations=HELP, enhanced=True,
        calibrated=calibrated,
    )  # fmt: skip
    assert set(found.sides) == {"SAT", "~SAT"}
    assert found.negative.expectations == dict.fromkeys(FUZZY, 0)
    assert found.negative.table.data.memberships == pytest.approx(1 - found.positive.table.data.memberships)
    frame = found.to_frame()
    assert set(frame["solution"]) == {"complex", "parsimonious", "intermediate"}
    log = qca.choices(found, {"inclusion": "gap between 0.75 and 0.81"})
    for lang in LANGUAGES:
        shown = log.to_frame(lang)
        assert len(shown) == len(log.choices)
        assert shown["choice"].str.len().gt(0).all()
    by_step = {one.step: one for one in log.choices}
    assert by_step["inclusion"].reason == "gap between 0.75 and 0.81"
    assert by_step["calibration"].reason == "made for the reference"


def test_results_show_themselves_in_both_languages(table, robust):
    found = qca.minimise(table, solution="intermediate", expectations=HELP)
    need = qca.necessity(cases("fuzzy_a"), "SAT", FUZZY)
    for one in (table, found, found.models[0], need, robust, qca.fiss(found.models[0])):
        assert one.summary()
        assert one._repr_html_()
        for lang in LANGUAGES:
            assert set(one.labels(lang)) >= set(one.to_frame().columns)
