"""``govlab cases`` and ``govlab facts`` on the shipped catalogue and on one's own."""

from __future__ import annotations

import json
import re

import pytest

from govlab.cases import load_catalogue

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_list_names_every_entry(govlab):
    said = govlab("cases")
    assert said.code == 0
    for entry in load_catalogue().entries.values():
        assert entry.id in said.out
    assert said.out.index("aksu") < said.out.index("Programmes") < said.out.index("framework-")


def test_list_in_one_language(govlab):
    assert not CHINESE.search(govlab("cases").out)
    assert "阿克苏" in govlab("cases", "--lang", "zh").out


def test_list_for_another_program(govlab):
    entries = json.loads(govlab("cases", "--json").out)
    catalogue = load_catalogue()
    assert [entry["id"] for entry in entries] == list(catalogue.entries)
    aksu = next(entry for entry in entries if entry["id"] == "aksu")
    assert aksu["fact_count"] == len(catalogue.entry("aksu").facts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_case(govlab, lang):
    said = govlab("cases", "aksu", "--lang", lang)
    entry = load_catalogue().entry("aksu")
    assert said.code == 0
    assert entry.title.in_language(lang) in said.out
    for fact in entry.facts:
        assert fact.id in said.out
    for check in entry.checks:
        assert f"({check.id})" in said.out
    assert "1,224 ÷ 147 ≈ 8.33 < 10" in said.out
    marks = {"zh": ("实施方自述", "投入"), "en": ("self-report", "input")}[lang]
    assert all(mark in said.out for mark in marks)
    assert "{" not in said.out


def test_one_case_for_another_program(govlab):
    found = json.loads(govlab("cases", "aksu", "--json").out)
    assert {fact["id"] for fact in found["facts"]} == {
        fact.id for fact in load_catalogue().entry("aksu").facts
    }
    assert all(fact["source_kind"] == "self-report" for fact in found["facts"])
    assert len(found["checks"]) == found["check_count"]


def test_unknown_case(govlab):
    said = govlab("cases", "aksou")
    assert said.code == 2
    assert said.out == ""
    assert "no case aksou; there are: aksu, beijing" in said.err
    assert "没有名为 aksou 的案例" in govlab("cases", "aksou", "--lang", "zh").err


def test_checks_show_the_one_that_does_not_add_up(govlab):
    said = govlab("facts", "--check")
    assert said.code == 0
    blocks = [block.splitlines() for block in said.out.split("\n\n")]
    (block,) = [block for block in blocks if any("1,224 ÷ 147" in line for line in block)]
    assert block[0].startswith("[does not add up] ")
    assert "1,224 ÷ 147 ≈ 8.33 < 10" in block[1]
    assert any("Does not add up unless terms differ." in line for line in block)
    assert f"{len(load_catalogue().checks())} checks" in said.out


def test_checks_in_chinese(govlab):
    said = govlab("facts", "--check", "--lang", "zh", "--case", "aksu")
    assert "【存疑】" in said.out
    assert "除非用词所指不同，否则算不拢。" in said.out


def test_checks_of_some_facts(govlab):
    said = govlab("facts", "--check", "AKS-009")
    wanted = [one.check.id for one in load_catalogue().checks() if "AKS-009" in one.check.facts]
    shown = re.findall(r"\((CHK-\S+)  ", said.out)
    assert shown == wanted
    assert 0 < len(wanted) < len(load_catalogue().checks())


def test_checks_for_another_program(govlab):
    found = json.loads(govlab("facts", "--check", "--json").out)
    by_id = {one["id"]: one for one in found}
    floor = next(one for one in found if any("1,224 ÷ 147" in line for line in one["arithmetic"]))
    assert floor["verdict"] == "does-not-add-up"
    assert floor["holds_if"]["zh"]
    assert len(by_id) == len(load_catalogue().checks())


def test_search(govlab):
    by_number, by_written = govlab("facts", "1224"), govlab("facts", "1,224")
    assert "AKS-009" in by_number.out
    assert by_number.out == by_written.out
    assert "国家干部" in govlab("facts", "aks-009").out  # the term of the source, one fact shown whole
    assert "0 facts" in govlab("facts", "no such words anywhere").out


def test_search_needs_every_word(govlab):
    some = json.loads(govlab("facts", "grid", "--json").out)
    fewer = json.loads(govlab("facts", "grid", "branch", "--json").out)
    assert 0 < len(fewer) < len(some)
    assert {fact["id"] for fact in fewer} < {fact["id"] for fact in some}


def test_case_and_topic(govlab):
    found = json.loads(govlab("facts", "--case", "aksu", "--topic", "staff", "--json").out)
    assert {(fact["case"], fact["topic"]) for fact in found} == {("aksu", "staff")}
    said = govlab("facts", "--topic", "staf")
    assert said.code == 2
    assert "staff" in said.err
    assert govlab("facts", "--case", "nowhere").code == 2


def test_own_case_of_a_workspace(govlab, tmp_path, monkeypatch):
    assert govlab("new", "mine").code == 0
    monkeypatch.chdir(tmp_path / "mine")
    assert "my-community" in govlab("cases").out
    said = govlab("facts", "--check", "--case", "my-community")
    assert "66 ÷ 12 = 5.5 < 6" in said.out


def test_broken_own_catalogue_is_told_with_its_place(govlab, tmp_path, monkeypatch):
    govlab("new", "mine")
    monkeypatch.chdir(tmp_path / "mine")
    path = tmp_path / "mine" / "catalogue" / "my-community.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind: rule", "kind: rul"), encoding="utf-8")
    said = govlab("cases")
    assert said.code == 2
    assert "my-community.yaml" in said.err
    assert "OWN-004" in said.err
