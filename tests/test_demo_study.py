"""The demo study: what its script writes, what is true of it, and what its sample shows of that."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from govlab import survey
from govlab.data.locate import shipped
from govlab.data.package import read_package
from govlab.disclosure import apply
from govlab.study import Study

FOLDER = shipped("datasets") / "demo_study"
MODELS = ("innovation", "separation", "devolution", "comparison")
OUTCOMES = ("sat_overall", "belonging", "gain", "participation", "satisfaction_shared", "satisfaction_market")


@pytest.fixture(scope="module")
def study():
    return Study.open(FOLDER)


@pytest.fixture(scope="module")
def truth():
    return json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def by_model(study):
    return survey.mean(study.design(), list(OUTCOMES), by=["model", "wave"])


def test_marked_as_invented(study, truth):
    assert read_package(FOLDER).synthetic is True
    assert truth["synthetic"] is True
    assert study.survey.synthetic
    for name in ("name_zh", "name_en"):
        assert study.zones[name].str.contains("虚构|fictional").all()


@pytest.mark.slow
def test_the_script_writes_what_is_there():
    """Except the workbook, whose bytes depend on the version of the library that writes it."""
    code = (
        "import hashlib, json, sys; sys.path.insert(0, sys.argv[1]); import make\n"
        "print(json.dumps({name: hashlib.sha256(data).hexdigest() for name, data in make.contents().items()}))"
    )
    run = [sys.executable, "-B", "-c", code, str(FOLDER)]
    done = subprocess.run(run, cwd=FOLDER.parents[1], capture_output=True, text=True, check=True)
    made = json.loads(done.stdout)
    package = read_package(FOLDER)
    assert set(made) == {one.path for one in package.resources} | {"datapackage.json"}
    for one in package.resources:
        if one.format != "xlsx":
            assert f"sha256:{made[one.path]}" == one.hash, one.path


def test_answers_come_through_the_door(study):
    for wave in study.waves:
        responses = study.responses(wave)
        assert 1_700 <= len(responses) <= 1_900
        report = responses.reports[0]
        assert not report.personal
        assert not report.unmatched
        assert set(report.absent) == {"study_code", "spend", "one_change"}
        assert not responses.flags["duplicate"].any()


def test_design_is_of_two_stages(study):
    design = study.design()
    assert design.degf == 96
    assert len(design.stages) == 2
    weights = study.frame().groupby("wave")["weight"].sum()
    assert weights.to_numpy() == pytest.approx(60_170, rel=0.06)


def test_means_lie_near_the_truth(by_model, truth):
    """Within four errors, and what non-response adds; 72 estimates."""
    frame = by_model.to_frame()
    for row in frame.itertuples():
        true = truth["values"][row.term]["models"][row.model][row.wave - 1]
        assert abs(row.estimate - true) < 4 * row.std_error + 0.1, (row.term, row.model, row.wave)


def test_change_beside_comparison(by_model, truth):
    """What the sample shows as an effect is there in truth; belonging shows none."""
    for outcome in OUTCOMES:
        asked = {
            model: {
                (model, 3, outcome): 1, (model, 2, outcome): -1,
                ("comparison", 3, outcome): -1, ("comparison", 2, outcome): 1,
            }
            for model in MODELS[:3]
        }  # fmt: skip
        found = survey.contrast(by_model, asked).to_frame().set_index("term")
        true = truth["values"][outcome]["difference_in_differences"]
        for model in MODELS[:3]:
            assert abs(found.loc[model, "estimate"] - true[model]) < 3.5 * found.loc[model, "std_error"]
        if outcome == "belonging":
            assert (found["p_value"] > 0.01).all()
        if outcome == "sat_overall":
            assert found.loc["innovation", "conf_low"] > 0
        if outcome == "participation":  # no effect at all: the trend was there before
            assert found.loc["devolution", "conf_low"] > 0


def test_truth_is_as_announced(truth):
    values = truth["values"]
    for outcome in truth["no_effect"]:
        assert set(values[outcome]["effect"].values()) == {0.0}
        for model in ("innovation", "separation"):
            assert abs(values[outcome]["difference_in_differences"][model]) < 0.1
    # willingness to take part rises under devolution before the model: the naive comparison is fooled
    participation = values["participation"]
    assert participation["before"]["devolution"] > 0.2
    assert participation["difference_in_differences"]["devolution"] > 0.2
    assert participation["effect"]["devolution"] == 0.0
    for model, effect in values["sat_overall"]["effect"].items():
        assert values["sat_overall"]["difference_in_differences"][model] == pytest.approx(effect, abs=0.15)


def test_those_who_answer_are_more_satisfied(study, truth):
    """Weights mend housing and age; what hangs on the answer itself stays."""
    frame = survey.mean(study.design(), "sat_overall", by="wave").to_frame()
    zones = study.zones.set_index("zone")["residents"]
    of_zone = truth["values"]["sat_overall"]["zones"]
    for row in frame.itertuples():
        true = sum(of_zone[zone][row.wave - 1] * n for zone, n in zones.items()) / zones.sum()
        assert 0.0 < row.estimate - true < 0.15


def test_the_mask_is_the_one_that_lies_there(study):
    path = FOLDER / "mask.json"
    mask = study.mask()
    assert mask.to_json() + "\n" == path.read_text(encoding="utf-8"), "run make.py of the demo study again"
    assert mask.places == ("community", "model", "wave", "zone")
    means = survey.mean(study.design(3), ["sat_overall", "belonging"], by="zone")
    shown = apply(mask, means, within={"wave": 3}).to_frame()
    assert (shown["reason"] == "").all()
    rare = survey.mean(study.design(3), "meetings", by="zone")
    hidden = apply(mask, rare, within={"wave": 3}).to_frame()
    small = (rare.to_frame()["n"] < 10).to_numpy()
    assert small.any()
    assert (hidden.loc[small, "reason"] == "suppressed").all()
    assert hidden.loc[small, "estimate"].isna().all()
