"""``govlab sample``: sizes in plain sentences, samples that are drawn once and never overwritten."""

from __future__ import annotations

import json
import re

import pytest
from openpyxl import load_workbook

CHINESE = re.compile(r"[\u4e00-\u9fff]")
DRAW = ("sample", "list.csv", "--n", "8", "--strata", "zone", "--seed", "7")


@pytest.fixture
def listed(tmp_path):
    lines = [f"{i:03d},{'ABCD'[i // 6]},{300 + 37 * i}" for i in range(24)]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["code,zone,residents", *lines]), encoding="utf-8")
    return path


def test_sizes_without_any_list(govlab):
    said = govlab("sample", "--difference", "0.5", "--communities", "10,9")
    assert said.code == 0
    assert re.search(r"--difference +0.5 +you", said.out)
    assert re.search(r"--icc +0.05 +default", said.out)
    assert "10 pilot and 9 comparison communities with 20 people" in said.out
    assert said.out.count("To find 0.5 with a chance of 80 %") == 3
    assert "20 answers take 29 people drawn in each community" in said.out
    assert "{" not in said.out
    assert govlab("sample", "--plan", "--difference", "0.5", "--communities", "10,9") == said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sizes_in_a_new_workspace(govlab, tmp_path, monkeypatch, lang):
    govlab("new", "mine", "--lang", lang)
    monkeypatch.chdir(tmp_path / "mine")
    before = sorted(path.name for path in (tmp_path / "mine").iterdir())
    said = govlab("sample")
    assert said.code == 0
    assert "communities.xlsx" in said.out
    assert {"zh": "试点 10 个社区、对照 9 个社区", "en": "10 pilot and 9 comparison communities"}[
        lang
    ] in said.out
    assert {"zh": "有 19 行标为虚构", "en": "19 rows of communities.xlsx#communities are marked fictional"}[
        lang
    ] in said.out
    assert bool(CHINESE.search(said.out)) == (lang == "zh")
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == before


def test_no_english_in_the_chinese_page(govlab, listed):
    said = govlab(
        "sample", "list.csv", "--share", "40%", "--difference", "10%", "--people", "400", "--lang", "zh"
    )
    prose = "\n".join(line for line in said.out.splitlines() if "--" not in line)
    assert set(re.findall(r"[A-Za-z]{2,}", prose)) <= {"list", "csv"}
    assert "比较的是比例" in said.out


def test_sizes_for_another_program(govlab, listed):
    found = json.loads(govlab("sample", "list.csv", "--people", "480", "--difference", "0.4", "--json").out)
    assert found["assumed"]["difference"] == {"value": 0.4, "given": True}
    assert not found["assumed"]["icc"]["given"]
    assert found["have"] == {"clusters": [12, 12], "take": 20}
    assert [one["kind"] for one in found["comparisons"]] == ["levels", "other_people", "same_people"]
    assert found["comparisons"][0]["yours"]["design_effect"] == pytest.approx(1.95)
    assert [zone["zone"]["communities"] for zone in found["zones"]] == [6] * 4
    assert found["zones"][0]["zone"]["residents"] == sum(300 + 37 * i for i in range(6))
    assert found["pairs"]["count"] == 6


def test_drawing(govlab, listed, tmp_path):
    said = govlab(*DRAW)
    assert said.code == 0
    assert "8 of 24 units drawn from list.csv: simple random sampling within zone." in said.out
    assert "Seed 7." in said.out
    assert '    strata = "zone"' in said.out
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "list.csv",
        "sample_plan.csv",
        "sample_plan.xlsx",
    ]
    sheet = load_workbook(tmp_path / "sample_plan.xlsx")["sample"]
    heads, *rows = sheet.values
    assert heads == ("code", "zone", "residents", "stratum_units", "probability", "weight")
    assert [row[1] for row in rows] == sorted("ABCD" * 2)
    assert {row[5] for row in rows} == {3}
    text = (tmp_path / "sample_plan.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in text[1:]] == [row[0] for row in rows]


def test_same_seed_same_files_other_seed_others(govlab, listed, tmp_path):
    for name, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        assert govlab(*DRAW[:-1], seed, "--out", f"{name}.xlsx").code == 0
    for suffix in ("xlsx", "csv"):
        a, b, c = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in "abc")
        assert a == b != c


@pytest.mark.parametrize("there", ["sample_plan.xlsx", "sample_plan.csv", "sample_plan_people.csv"])
def test_nothing_is_overwritten(govlab, listed, tmp_path, there):
    (tmp_path / there).write_bytes(b"mine")
    for lang, words in (("en", "exists already and is not overwritten"), ("zh", "已经存在，不会覆盖")):
        said = govlab(*DRAW, "--take", "5", "--size", "residents", "--lang", lang)
        assert said.code == 2
        assert there in said.err
        assert words in said.err
        assert "--out" in said.err
    assert (tmp_path / there).read_bytes() == b"mine"
    assert len(list(tmp_path.iterdir())) == 2


def test_two_stages(govlab, listed, tmp_path):
    found = json.loads(govlab(*DRAW, "--take", "5", "--size", "residents", "--json").out)
    assert found["people"] == 40
    assert found["said"]["method"] == "pps"
    assert found["design"] == {"key": "code", "weights": "weight", "strata": "zone", "clusters": "code"}
    assert [row["drawn"] for row in found["strata"]] == [2] * 4 or sum(
        row["drawn"] for row in found["strata"]
    ) == 8
    lines = (tmp_path / "sample_plan_people.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "respondent,code,zone,number,weight"
    assert len(lines) == 41
    assert load_workbook(tmp_path / "sample_plan.xlsx").sheetnames == ["sample", "method", "strata", "people"]


def test_seed_taken_by_chance_draws_again(govlab, listed, tmp_path):
    said = govlab("sample", "list.csv", "--n", "5")
    seed = re.search(r"--seed (\d+)", said.out)[1]
    assert govlab("sample", "list.csv", "--n", "5", "--seed", seed, "--out", "again.xlsx").code == 0
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "sample_plan.xlsx").read_bytes()


def test_list_and_sheet_of_the_workspace(govlab, listed, tmp_path, monkeypatch):
    govlab("new", "mine")
    monkeypatch.chdir(tmp_path / "mine")
    found = json.loads(govlab("sample", "--n", "2", "--seed", "1", "--json").out)
    assert found["said"]["list"] == "communities.xlsx#communities"
    (tmp_path / "mine" / "reports").joinpath("x").mkdir()
    monkeypatch.chdir(tmp_path / "mine" / "reports" / "x")
    said = govlab("sample", "--n", "2")
    assert said.code == 2  # the plan belongs to the workspace, wherever one stands in it
    assert "sample_plan.xlsx" in said.err
    assert govlab("sample", "../../zones.xlsx#nowhere", "--n", "2", "--out", "y.xlsx").code == 2


@pytest.mark.parametrize(
    ("arguments", "en", "zh"),
    [
        (
            ["--n", "30"],
            "list.csv: the list has 24 units and 30 are to be drawn",
            "只有 24 个单位，要抽 30 个",
        ),
        (
            ["--n", "A=9,B=2,C=2,D=2", "--strata", "zone"],
            "rows 2-7: stratum A has 6 units",
            "第 2-7 行：层 A",
        ),
        (["--n", "8", "--strata", "zon"], "did you mean zone?", "是否想写 zone"),
        (["--n", "8", "--method", "pps"], "name its column with --size", "用 --size"),
        (["--n", "8", "--method", "best"], "--method takes simple", "--method 只能是 simple"),
        (["--n", "A=1,A=2"], "not understood: A=1,A=2", "看不懂 A=1,A=2"),
        (["--n", "8", "--seed", "-1"], "whole number of at least 0", "不小于 0"),
        (["--n", "8", "--out", "x.csv"], "must end in .xlsx", "要以 .xlsx 结尾"),
        (["--n", "8", "--difference", "1"], "--difference are for sizes", "--difference 用于计算人数"),
        (["--seed", "8"], "say with --n how many", "请用 --n"),
        (["--plan", "--n", "8"], "--plan only computes", "--plan 只计算"),
        (["--icc", "2"], "icc must be", "icc 须"),
        (["--icc", "much"], "a number is needed", "要写一个数"),
        (["--communities", "3"], "two numbers", "两个数"),
        (["--people", "10"], "10 people are too few: at least 40", "至少要 40 人"),
    ],
)
def test_errors(govlab, listed, tmp_path, arguments, en, zh):
    for lang, text in (("en", en), ("zh", zh)):
        said = govlab("sample", "list.csv", *arguments, "--lang", lang)
        assert said.code == 2
        assert text in said.err
        assert said.out == ""
    assert len(list(tmp_path.iterdir())) == 1


def test_faulty_rows_and_nothing_written(govlab, tmp_path):
    (tmp_path / "bad.csv").write_text("id,size\na,5\na,-1\nc,\n", encoding="utf-8")
    said = govlab("sample", "bad.csv", "--n", "2", "--method", "pps", "--size", "size")
    assert said.code == 2
    assert said.err.splitlines() == [
        "bad.csv: row 3: the id a stands in row 2 already",
        "bad.csv: row 3: the size (size) must be above 0, got -1",
        "bad.csv: row 4: the size (size) is empty",
    ]
    assert len(list(tmp_path.iterdir())) == 1


def test_no_list_to_draw_from(govlab):
    said = govlab("sample", "--n", "3")
    assert said.code == 2
    assert "no list to draw from" in said.err
    assert govlab("sample", "nowhere.xlsx", "--n", "3").code == 2
