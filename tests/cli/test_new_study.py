"""A fresh ``govlab new`` folder: what every command says before there are answers, and one's own export in it."""

from __future__ import annotations

import json

import pytest

from govlab.disclosure import Mask
from govlab.study import Study
from govlab.survey.intake import read_responses
from tests.survey.exports import make_answers, shipped, wjx, write_xlsx

EXPORT = "responses/315_按文本_12345.xlsx"
LINE = 'responses = "responses/wave1.xlsx"'


@pytest.fixture
def fresh(govlab, tmp_path, monkeypatch):
    govlab("new", "x")
    monkeypatch.chdir(tmp_path / "x")
    return tmp_path / "x"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", [("intake",), ("export", "clean.sav")])
def test_without_answers_it_says_what_to_do(govlab, fresh, command, lang):
    said = govlab(*command, "--lang", lang)
    assert said.code == 2
    assert "study.toml" in said.err
    assert "responses =" in said.err
    assert "Traceback" not in said.err
    assert not (fresh / "clean.sav").exists()


def test_a_sample_is_drawn_and_the_study_reads_it(govlab, fresh):
    assert govlab("sample").code == 0
    said = govlab(
        "sample", "--n", "8", "--strata", "zone", "--size", "residents", "--take", "25", "--seed", "7"
    )
    assert said.code == 0
    lines = said.out[said.out.index("[survey.design]") :]
    text = (fresh / "study.toml").read_text(encoding="utf-8").replace('"open-link"', '"probability"')
    design = "\n".join(line.strip() for line in lines.splitlines())
    (fresh / "study.toml").write_text(f"{text}\n{design}\n", encoding="utf-8")
    study = Study.open(fresh)
    assert study.inference_allowed
    plan = study.plan(study.spec(1))
    assert plan is not None
    assert plan.planned("zone") == {f"example-{zone}": 50 for zone in "abcd"}


def put_in(fresh, form, count):
    """An export in its place, and the one line of the study file that names it."""
    write_xlsx(fresh / EXPORT, wjx(form, make_answers(form, count, seed=5), "words"))
    text = (fresh / "study.toml").read_text(encoding="utf-8")
    assert text.count(LINE) == 1
    (fresh / "study.toml").write_text(text.replace(LINE, f'responses = "{EXPORT}"'), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("answers", [0, 160])
def test_reports_before_and_after_there_are_answers(govlab, fresh, answers):
    if answers:
        put_in(fresh, shipped(), answers)
        assert govlab("intake").code == 0
    batch = (fresh / "reports" / "survey.toml").read_text(encoding="utf-8")
    zones = '["example-a", "example-b", "example-c", "example-d"]'
    few = batch.replace(zones, '["example-b"]').replace('lang = ["zh", "en"]', 'lang = ["zh"]')
    (fresh / "reports" / "survey.toml").write_text(few, encoding="utf-8")
    said = govlab("batch", "reports/survey.toml", "--formats", "html")
    assert said.code == 0, said.out
    page = (fresh / "reports" / "out" / "survey" / "zone-comparison-zh.html").read_text(encoding="utf-8")
    assert ("160" in page) == bool(answers)


def test_ones_own_export_in_its_place(govlab, fresh):
    form = shipped()
    put_in(fresh, form, 160)
    before = (fresh / EXPORT).read_bytes()

    said = govlab("intake", "--json")
    assert said.code == 0
    (wave,) = json.loads(said.out)["waves"]
    assert wave["rows"] == 160
    assert (fresh / EXPORT).read_bytes() == before

    study = Study.open(fresh)
    assert study.waves == (1,)
    assert set(study.frame()["zone"]) == {f"example-{zone}" for zone in "abcd"}
    assert study.no_inference is not None
    mask = Mask.from_json(study.write_mask().read_text(encoding="utf-8"))
    assert mask.fits(study.frame())
    assert {margin.by for margin in mask.margins} == {("wave",), ("wave", "zone")}
    assert study.design().frame["belonging"].notna().any()

    assert "combinations of fewer than 5" in govlab("export", "clean.sav").err
    said = govlab("export", "clean.sav", "--leave-out", "community,age,gender,education,work,tenure")
    assert (said.code, said.err) == (0, "")
    again = read_responses(fresh / "clean.sav", form)
    assert len(again.frame) == 160
    assert again.frame["belong_member"].tolist() == pytest.approx(
        study.frame()["belong_member"].tolist(), nan_ok=True
    )


def test_a_fresh_folder_makes_its_batch_plan(govlab, fresh):
    said = govlab("batch", "--plan", "--json")
    assert said.code == 0
    assert json.loads(said.out)["batches"]
