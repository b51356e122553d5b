"""Truth tables, solutions, necessity and calibration against R QCA 3.25.1."""

from __future__ import annotations

import json

import numpy as np
import pytest

from govlab.compare import qca
from tests.compare.qca_reference import FOLDER, IDS, RUNS, by_name, cases, expected

CLOSE = pytest.approx


def table_of(name, run):
    return qca.truth_table(
        cases(name),
        run["outcome"],
        run["conditions"],
        inclusion=run["incl_cut"],
        pri=run["pri_cut"],
        frequency=run["n_cut"],
    )


@pytest.mark.parametrize(("name", "run"), RUNS, ids=IDS)
def test_truth_table(name, run):
    table = table_of(name, run)
    frame = table.to_frame()
    assert len(frame) == len(run["truth_table"])
    assert len(table.remainders()) == run["n_remainders"]
    for wanted, got in zip(run["truth_table"], frame.to_dict("records"), strict=True):
        assert got["row"] == wanted["row"]
        assert {one: got[one] for one in run["conditions"]} == wanted["config"]
        assert got["outcome"] == wanted["OUT"]
        assert got["n"] == wanted["n"]
        assert got["cases"] == ", ".join(wanted["cases"])
        assert got["inclusion"] == CLOSE(wanted["incl"], abs=1e-12)
        assert got["pri"] == CLOSE(wanted["PRI"], abs=1e-12)


@pytest.mark.parametrize("kind", ["complex", "parsimonious", "intermediate"])
@pytest.mark.parametrize(("name", "run"), RUNS, ids=IDS)
def test_solutions(name, run, kind):
    expectations = {
        condition: None if value == "-" else int(value)
        for condition, value in zip(run["conditions"], run["dir_exp"].split(","), strict=True)
    }
    found = qca.minimise(
        table_of(name, run), solution=kind, expectations=expectations if kind == "intermediate" else None
    )
    wanted = {one["solution"]: one for one in run[kind]["models"]}
    got = {by_name(one.expression): one for one in found.models}
    assert set(got) == set(wanted)
    assert found.n_models == run[kind]["n_models"]
    assert found.proven
    if kind == "parsimonious":
        assert {by_name(one) for one in found.primes} == set(run[kind]["prime_implicants"])
    for expression, one in wanted.items():
        model = got[expression]
        fitted = (model.inclusion, model.pri, model.coverage)
        assert fitted == CLOSE(tuple(one["model"][key] for key in ("inclS", "PRI", "covS")), abs=1e-12)
        terms = {by_name(term.expression): term for term in model.terms}
        assert set(terms) == {term["term"] for term in one["terms"]}
        for term in one["terms"]:
            own = terms[term["term"]]
            assert (own.inclusion, own.pri, own.coverage) == CLOSE(
                (term["inclS"], term["PRI"], term["covS"]), abs=1e-12
            )
            assert own.unique_coverage == CLOSE(term["covU"], abs=1e-12)


@pytest.mark.parametrize(("name", "run"), RUNS, ids=IDS)
def test_easy_counterfactuals(name, run):
    expectations = {
        condition: None if value == "-" else int(value)
        for condition, value in zip(run["conditions"], run["dir_exp"].split(","), strict=True)
    }
    found = qca.minimise(table_of(name, run), solution="intermediate", expectations=expectations)
    got = {(by_name(one.complex), by_name(one.parsimonious)): one for one in found.pairs}
    for pair in run["intermediate"]["pairs"]:
        own = got.pop((pair["complex"], pair["parsimonious"]))
        assert list(own.easy) == pair["easy_counterfactual_rows"]
        assert {by_name(one) for one in own.models} == {one["solution"] for one in pair["models"]}
    assert not got


def test_every_irredundant_model():
    for name, run in RUNS:
        if "parsimonious_all_irredundant" not in run:
            continue
        found = qca.minimise(table_of(name, run), solution="parsimonious", models="irredundant")
        wanted = run["parsimonious_all_irredundant"]
        assert {by_name(one) for one in found.expressions} == set(wanted["all_solutions"])
        assert found.n_models == wanted["n_models"]


@pytest.mark.parametrize("name", ["crisp_a", "fuzzy_a"])
def test_necessity(name):
    reference = expected(name)
    run = reference["runs"][0]
    for outcome in (run["outcome"], f"~{run['outcome']}"):
        found = qca.necessity(cases(name), outcome, run["conditions"]).to_frame().set_index("term")
        for one in reference["necessity"]:
            if one["outcome"] == outcome:
                own = found.loc[one["literal"]]
                assert (own["inclusion"], own["ron"], own["coverage"]) == CLOSE(
                    (one["inclN"], one["RoN"], one["covN"]), abs=1e-12
                )


def test_necessary_disjunctions():
    crisp = expected("crisp_a")
    wanted = crisp["superSubset"]
    run = crisp["runs"][0]
    cuts = {"inclusion": wanted["incl_cut"], "ron": wanted["ron_cut"]}
    found = qca.necessity(cases("crisp_a"), run["outcome"], run["conditions"], **cuts)
    frame = found.to_frame()
    got = {"+".join(sorted(row.term.split(" + "))): row for row in frame[frame["necessary"]].itertuples()}
    assert set(got) == {one["expr"] for one in wanted["expressions"]}
    for one in wanted["expressions"]:
        own = got[one["expr"]]
        assert (own.inclusion, own.ron, own.coverage) == CLOSE(
            (one["inclN"], one["RoN"], one["covN"]), abs=1e-12
        )
    fuzzy = expected("fuzzy_a")["runs"][0]
    assert qca.necessity(cases("fuzzy_a"), "SAT", fuzzy["conditions"], ron=0.6).necessary == ()


CALIBRATED = json.loads((FOLDER / "calibration_expected.json").read_text(encoding="utf-8"))["calibration"]


@pytest.mark.parametrize("one", CALIBRATED, ids=[one["variable"] for one in CALIBRATED])
def test_calibration(one):
    anchors = (one["full_out"], one["crossover"], one["full_in"])
    asked = {
        "score_idm095": qca.calibrate(one["raw"], anchors),
        "score_reversed": qca.calibrate(one["raw"], anchors[::-1]),
        "score_linear": qca.calibrate(one["raw"], anchors, method="linear"),
        "score_idm099": qca.calibrate(one["raw"], anchors, degree=0.99),
    }
    for key, found in asked.items():
        wanted = np.array(one[key])
        rounded = (wanted > 0.9999) | (wanted < 0.0001)
        got = found.memberships
        assert got[~rounded] == CLOSE(wanted[~rounded], abs=1e-12)
        assert got[rounded] == CLOSE(wanted[rounded], abs=1e-4)
