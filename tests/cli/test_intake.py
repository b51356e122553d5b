"""``govlab intake`` and ``govlab export`` in a study folder."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from govlab.data.locate import shipped
from govlab.survey.intake import read_responses
from govlab.survey.xlsform import read_questionnaire

DEMO = shipped("datasets") / "demo_study"
FEW = 150


@pytest.fixture
def study(tmp_path):
    """The demo study with one short wave; the others have no responses yet."""
    for name in ("study.toml", "questionnaire.xlsx", "zones.csv", "consent.md"):
        shutil.copy(DEMO / name, tmp_path / name)
    text = (tmp_path / "study.toml").read_text(encoding="utf-8")
    # A few tables, so that the mask of every run takes no time.
    text = text.replace('items = ["*"]', 'items = ["sat_overall"]')
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    (tmp_path / "responses").mkdir()
    lines = (DEMO / "responses" / "wave1.csv").read_bytes().split(b"\n")[: FEW + 1]
    (tmp_path / "responses" / "wave1.csv").write_bytes(b"\n".join(lines))
    return tmp_path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_page_that_a_person_can_act_on(govlab, study, lang):
    before = (study / "responses" / "wave1.csv").read_bytes()
    said = govlab("intake", "--lang", lang)
    assert said.code == 0 and said.err == ""
    assert f"{FEW} " in said.out and "wave1.csv" in said.out and "{" not in said.out
    assert ("第 2 轮还没有答卷" if lang == "zh" else "Wave 2 has no responses yet") in said.out
    assert ("缺失的答案" if lang == "zh" else "missing answers") in said.out
    clean = study / "responses" / "clean" / "wave1"
    assert {path.name for path in clean.iterdir()} == {
        "responses.parquet",
        "quality.xlsx",
        "intake.md",
        "intake.json",
    }
    assert (study / "mapping.xlsx").is_file() and (study / "mask.json").is_file()
    assert (study / "responses" / "wave1.csv").read_bytes() == before


def test_again_after_an_edit_of_the_mapping(govlab, study):
    from openpyxl import load_workbook

    govlab("intake")
    book = load_workbook(study / "mapping.xlsx")
    sheet = book["columns"]
    heads = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[heads.index("question")].value == "gender":
            row[heads.index("use")].value = "no"
    book.save(study / "mapping.xlsx")
    first = govlab("intake", "--wave", "1", "--json")
    again = govlab("intake", "--wave", "1", "--json")
    assert first == again and first.code == 0
    (wave,) = json.loads(first.out)["waves"]
    assert wave["rows"] == FEW and wave["missing"]["no_column"] >= FEW
    form = read_questionnaire(study / "questionnaire.xlsx")
    clean = read_responses(study / "responses" / "clean" / "wave1" / "responses.parquet", form)
    assert set(clean.reasons["gender"]) == {"no_column"}


def test_the_study_reads_what_was_settled_and_excluded(govlab, study):
    from govlab.study import Study

    text = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(
        text.replace("synthetic = true", 'synthetic = true\nexclude = { speeder = "too fast" }', 1),
        encoding="utf-8",
    )
    rows = pd.read_csv(study / "responses" / "wave1.csv", dtype=str)
    seconds = next(name for name in rows.columns if name in ("seconds", "所用时间", "答题时长"))
    rows.loc[3, seconds] = "1"
    rows.to_csv(study / "responses" / "wave1.csv", index=False)
    said = govlab("intake", "--lang", "en")
    assert "1 left out as declared (speeder: too fast)" in said.out and "0 too fast" in said.out
    assert len(Study.open(study).responses(1)) == FEW - 1
    (study / "study.toml").write_text(
        text.replace("synthetic = true", 'synthetic = true\nexclude = { speedy = "x" }', 1), encoding="utf-8"
    )
    refused = govlab("intake")
    assert refused.code == 2 and "speedy" in refused.err and "speeder" in refused.err


def test_no_responses_at_all(govlab, study):
    (study / "responses" / "wave1.csv").unlink()
    said = govlab("intake")
    assert said.code == 2 and said.err and "{" not in said.err


def test_export_reads_back_and_refuses_small_groups(govlab, study):
    refused = govlab("export", "out.sav")
    assert refused.code == 2 and "combinations of fewer than 5" in refused.err
    assert not (study / "out.sav").exists()
    left = "community,age,education,work,tenure"
    said = govlab("export", "out.sav", "--leave-out", left, "--labels", "zh")
    assert said.code == 0 and f"{FEW} rows" in said.out
    form = read_questionnaire(study / "questionnaire.xlsx")
    again = read_responses(study / "out.sav", form)
    assert {"weight", "stratum", "wave"} <= set(again.carried)
    assert set(again.reasons["age"]) == {"no_column"} and again.frame["gender"].notna().any()


@pytest.mark.parametrize(
    "arguments",
    [
        ("out.doc",),
        ("out.sav", "--leave-out", "nothing"),
        ("out.sav", "--labels", "fr"),
        ("out.sav", "--wave", "9"),
        (),
    ],
)
def test_export_says_what_cannot_be_used(govlab, study, arguments):
    for lang in ("zh", "en"):
        said = govlab("export", *arguments, "--lang", lang)
        assert said.code == 2 and said.err and "{" not in said.err
