"""One handle on a study folder: what it reads, what it refuses, what it hands out."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest

from govlab import survey
from govlab.data.locate import shipped
from govlab.disclosure import apply
from govlab.errors import InputError, WorkspaceError
from govlab.study import Study
from govlab.study.zones import read_zones

DEMO = shipped("datasets") / "demo_study"
ZONES = "zone,name::中文 (zh),name::English (en),role,model,residents,fictional\n" + "".join(
    f"example-{letter},示例{letter}（虚构）,Example {letter} (fictional),{role},{model},1200,yes\n"
    for letter, role, model in zip(
        "abcd", ["pilot"] * 2 + ["comparison"] * 2, ["x", "x", "y", "y"], strict=True
    )
)
STUDY = """format = 1
title = { zh = "试", en = "Trial" }
lang = "en"

[paths]
zones = "zones.csv"

[survey]
questionnaire = "questionnaire.xlsx"
sampling = "probability"
answers_safe = true
consent = "consent.md"
ethics = "none"
retention = 2099-01-01
community = "community"

[survey.design]
weights = "weight"
strata = "zone"
clusters = "community"

[[survey.waves]]
wave = 1
responses = "responses/one.csv"

[[survey.waves]]
wave = 2
responses = "responses/two.csv"
"""


def answers(wave, people=24):
    """Respondents of eight communities in four zones."""
    rng = np.random.default_rng(wave)
    rows = []
    for zone in "abcd":
        for number in (1, 2):
            for person in range(people // 2):
                rows.append(
                    {
                        "respondent": f"{wave}{zone}{number}{person:02d}",
                        "consent": "yes",
                        "zone": f"example-{zone}",
                        "community": f"example-{zone}-{number}",
                        **{
                            f"belong_{item}": rng.integers(1, 6)
                            for item in ("member", "miss", "greet", "stranger")
                        },
                        "sat_overall": rng.integers(1, 6),
                        "gender": rng.choice(["female", "male"]),
                        "weight": 10 + number,
                    }
                )
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    root = tmp_path_factory.mktemp("study")
    shutil.copy(shipped("datasets") / "questionnaire" / "questionnaire.xlsx", root)
    (root / "study.toml").write_text(STUDY, encoding="utf-8")
    (root / "zones.csv").write_text(ZONES, encoding="utf-8")
    (root / "consent.md").write_text("consent", encoding="utf-8")
    (root / "responses").mkdir()
    for wave, name in ((1, "one"), (2, "two")):
        answers(wave).to_csv(root / "responses" / f"{name}.csv", index=False)
    return root


@pytest.fixture
def folder(template, tmp_path):
    return shutil.copytree(template, tmp_path / "study")


def change(folder, old, new, file="study.toml"):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def study(template):
    return Study.open(template)


def test_found_from_below(template):
    assert Study.open(template / "responses").workspace.root == template.resolve()


def test_what_it_says(study):
    said = study.summary()
    assert "4 zones" in said
    assert "probability sample" in said
    assert "waves with responses: 1, 2 (of 2)" in said
    assert "片区 4 个" in study.summary("zh")
    assert str(study) == said
    assert said.splitlines()[0] in study._repr_html_()
    assert (study.title("zh"), study.title(), study.waves) == ("试", "Trial", (1, 2))


def test_zones_are_copies(study):
    zones = study.zones
    assert zones["zone"].tolist() == [f"example-{letter}" for letter in "abcd"]
    assert zones["residents"].tolist() == [1200.0] * 4
    assert zones["fictional"].all()
    zones["zone"] = "gone"
    assert study.zones["zone"].iloc[0] == "example-a"


def test_responses_are_read_once(study):
    first = study.responses(1)
    assert len(first) == 96
    assert study.responses(1) is first
    with pytest.raises(InputError, match="there is no wave 9; the study file has: 1, 2"):
        study.responses(9)


def test_frame(study):
    frame = study.frame(1)
    assert frame["wave"].eq(1).all()
    assert frame.groupby("model", observed=True).size().to_dict() == {"x": 48, "y": 48}
    turned = frame[["belong_member", "belong_miss", "belong_greet"]].assign(r=6 - frame["belong_stranger"])
    pd.testing.assert_series_equal(frame["belonging"], turned.mean(axis=1), check_names=False)
    both = study.frame()
    assert both.groupby("wave").size().to_dict() == {1: 96, 2: 96}
    assert both["zone"].dtype == "category"


def test_score_needs_half_of_its_items(folder):
    data = answers(1).astype({"belong_member": object, "belong_miss": object, "belong_greet": object})
    data.loc[0, ["belong_member", "belong_miss"]] = ""
    data.loc[1, ["belong_member", "belong_miss", "belong_greet"]] = ""
    data.to_csv(folder / "responses" / "one.csv", index=False)
    scores = Study.open(folder).frame(1)["belonging"]
    assert scores.isna().tolist()[:3] == [False, True, False]


def test_design(study):
    one = study.design(wave=1)
    assert (len(one), one.degf) == (96, 4)
    assert one.weights.sum() == pytest.approx(4 * 12 * (11 + 12))
    both = study.design()
    assert (len(both), both.degf) == (192, 4)  # the same communities in both waves
    assert study.inference_allowed
    assert study.no_inference is None


def test_design_columns_that_are_missing(folder):
    change(folder, 'weights = "weight"', 'weights = "w"\nfpc = "many"')
    with pytest.raises(InputError) as raised:
        Study.open(folder).design(1)
    said = raised.value.text("en")
    assert "no column w," in said
    assert "no column many," in said


def test_waves_sampled_in_different_ways(folder):
    change(
        folder,
        'responses = "responses/two.csv"',
        'responses = "responses/two.csv"\ndesign = { weights = "weight" }',
    )
    study = Study.open(folder)
    assert study.design(2).degf == 95
    with pytest.raises(InputError, match="no design in common"):
        study.design()


@pytest.mark.parametrize(("sampling", "word"), [("open-link", "open link"), ("quota", "quota")])
def test_without_a_probability_sample(folder, sampling, word):
    change(folder, '"probability"', f'"{sampling}"')
    study = Study.open(folder)
    assert not study.inference_allowed
    assert study.no_inference.reason == sampling
    assert word in str(study.no_inference)
    design = study.design(1)
    assert any("these respondents only" in note for note in design.notes)
    assert survey.mean(design, "sat_overall").to_frame()["conf_low"].isna().all()
    with pytest.raises(InputError, match="no probability sample"):
        survey.compare_zones(design, "sat_overall", zone="zone")
    assert word in study.summary()
    assert study.no_ranks.reason == sampling


def test_answers_that_are_not_safe_are_never_ranked(folder):
    change(folder, "answers_safe = true", "answers_safe = false")
    study = Study.open(folder)
    assert study.inference_allowed
    assert study.no_ranks.reason == "answers-not-safe"
    assert "without fear" in study.summary()


def test_mask(folder):
    study = Study.open(folder)
    mask = study.mask()
    assert mask.threshold == 10
    assert {margin.by for margin in mask.margins} == {("wave",), ("wave", "zone"), ("model", "wave")}
    items = {item for margin in mask.margins for item in margin.items}
    assert {"belonging", "belong_member", "sat_overall", "gender"} <= items
    assert not items & {"zone", "community", "consent", "respondent", "weight", "submitted"}
    assert mask.shows({"zone": "example-a", "wave": 1}, "belonging")
    assert not all(mask.shows({"zone": f"example-{one}", "wave": 1}, "gender") for one in "abcd")
    path = study.write_mask()
    again = Study.open(folder).mask()
    assert again.to_json() + "\n" == path.read_text(encoding="utf-8")
    answers(5).to_csv(folder / "responses" / "one.csv", index=False)
    assert Study.open(folder).mask().inputs != again.inputs
    change(folder, 'community = "community"', 'community = "community"\nthreshold = 20')
    assert Study.open(folder).mask().threshold == 20


def test_mask_lies_over_estimates(study):
    means = survey.mean(study.design(1), "belonging", by="zone")
    shown = apply(study.mask(), means, within={"wave": 1}).to_frame()
    assert (shown["reason"] == "").all()
    with pytest.raises(InputError, match="column community that no published margin has"):
        apply(study.mask(), survey.mean(study.design(1), "belonging", by="community"), within={"wave": 1})


def test_margins_of_the_study_file(folder):
    more = '\n[[survey.margins]]\nby = ["zone"]\nitems = ["sat_overall", "gender"]\nshows = "both"\n'
    (folder / "study.toml").write_text(STUDY + more, encoding="utf-8")
    margins = Study.open(folder).margins()
    assert {(one.by, one.items, one.shows) for one in margins} == {
        (("zone",), (), "mean"),
        (("zone",), ("sat_overall",), "both"),
        (("zone",), ("gender",), "answers"),
    }


def test_before_fieldwork(folder):
    shutil.rmtree(folder / "responses")
    study = Study.open(folder)
    assert study.waves == ()
    assert "wave 1 has no responses yet" in study.summary()
    with pytest.raises(InputError, match="no wave has its responses yet"):
        study.frame()


def test_a_study_that_asks_nobody(tmp_path):
    (tmp_path / "study.toml").write_text('format = 1\ntitle = { zh = "a", en = "b" }\n', encoding="utf-8")
    study = Study.open(tmp_path)
    assert "nobody is asked" in study.summary("en")
    with pytest.raises(InputError, match=r"no \[survey\] part"):
        study.design()
    with pytest.raises(InputError, match=r"no \[survey\] part"):
        _ = study.inference_allowed


def test_no_study_there(tmp_path):
    with pytest.raises(WorkspaceError) as raised:
        Study.open(tmp_path)
    assert "no study.toml" in raised.value.text("en")
    assert "govlab new" in raised.value.text("zh")


def test_everything_wrong_at_once(folder):
    (folder / "consent.md").unlink()
    change(folder, "pilot", "trial", "zones.csv")
    change(folder, "1200", "many", "zones.csv")
    text = STUDY.replace("wave = 2", "wave = 1").replace(
        'clusters = "community"', "clusters = []\nstrata = []"
    )
    text = text.replace('strata = "zone"\n', "").replace('weights = "weight"\n', "")
    text += (
        '\n[survey.keep]\n"phone" = " "\n'
        '\n[[survey.margins]]\nby = ["zonne"]\nitems = ["sat_overal"]\n'
        '\n[[log]]\ndate = 2030-01-01\nstage = "act"\ntext = { zh = "a", en = "b" }\nzones = ["nowhere"]\n'
    )
    (folder / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        Study.open(folder)
    keys = [fault.key for fault in raised.value.faults]
    for key in (
        "study.zones.choice", "study.zones.count", "study.no_file", "study.wave_twice", "study.keep_reason",
        "study.no_design", "study.no_column", "study.log_zone",
    ):  # fmt: skip
        assert key in keys, key
    assert keys.count("study.no_column") == 2
    for lang in ("zh", "en"):
        assert "study.toml:" in raised.value.text(lang)


def test_files_that_are_missing(folder):
    (folder / "questionnaire.xlsx").unlink()
    (folder / "zones.csv").unlink()
    change(folder, 'responses = "responses/one.csv"', 'responses = "responses/one.csv"\nmapping = "m.xlsx"')
    change(folder, 'clusters = "community"', 'clusters = "community"\nplan = "plan.xlsx"')
    with pytest.raises(InputError) as raised:
        Study.open(folder)
    missing = {str(fault.values["path"]) for fault in raised.value.faults if fault.key == "study.no_file"}
    assert missing == {"zones.csv", "questionnaire.xlsx", "m.xlsx", "plan.xlsx"}


def test_zone_of_the_questionnaire_that_is_not_listed(folder):
    change(folder, "example-d,", "example-e,", "zones.csv")
    with pytest.raises(InputError, match=r"1 zones that the questionnaire offers are not .*example-d"):
        Study.open(folder)


def test_stages_that_do_not_fit(folder):
    change(folder, 'strata = "zone"', 'strata = ["zone", "gender", "wave"]')
    with pytest.raises(InputError, match="more stages than clusters"):
        Study.open(folder)


def test_retention_is_over(folder):
    change(folder, "2099-01-01", "2020-01-01")
    assert "were to be deleted on 2020-01-01" in Study.open(folder).summary()


def test_zone_list_of_a_new_workspace(tmp_path):
    from govlab.data.zone_list import zone_list

    (tmp_path / "zones.xlsx").write_bytes(zone_list())
    zones = read_zones(tmp_path / "zones.xlsx")
    assert {"zone", "name_zh", "name_en", "role", "residents", "fictional"} <= set(zones.columns)
    assert zones["fictional"].all()


def test_sample_plan_is_joined(folder):
    from govlab.survey.sample_plan import Request, draw_plan, plan_bytes
    from govlab.survey.unit_list import read_units

    rows = [f"example-{zone}-{number},{zone},{90 + number}" for zone in "abcd" for number in (1, 2)]
    (folder / "list.csv").write_text("community,stratum,people\n" + "\n".join(rows), encoding="utf-8")
    request = Request(n=8, unit="community", seed=1, strata="stratum", size="people", take=12)
    plan = draw_plan(read_units(folder / "list.csv"), request, version="t")
    (folder / "plan.xlsx").write_bytes(plan_bytes(plan))
    change(folder, 'weights = "weight"\nstrata = "zone"\nclusters = "community"', 'plan = "plan.xlsx"')
    study = Study.open(folder)
    design = study.design(1)
    assert "weight" in design.frame
    assert design.weights.min() > 7
    change(folder, "example-a-1", "example-b-1", "responses/one.csv")
    assert len(Study.open(folder).design(1)) == 96
    gone = answers(1).replace({"community": {"example-a-1": ""}})
    gone.to_csv(folder / "responses" / "one.csv", index=False)
    with pytest.raises(InputError, match="not in the sample plan"):
        Study.open(folder).design(1)


def test_demo_study_opens():
    study = Study.open(DEMO)
    assert study.waves == (1, 2, 3)
    assert len(study.zones) == 16
    assert study.zones.groupby("model").size().to_dict() == {
        "comparison": 4, "devolution": 4, "innovation": 4, "separation": 4,
    }  # fmt: skip
    assert study.zones["fictional"].all()
    assert study.survey.synthetic
    assert "all answers are invented" in study.summary("en")
    assert {one.stage for one in study.log} == {"plan", "act", "observe", "reflect"}
    assert [one.date for one in study.log] == sorted(one.date for one in study.log)
