"""The shipped catalogue as a whole, and a user's own on top of it."""

import re
import shutil

import pytest

from govlab.cases import load_catalogue
from govlab.data.locate import shipped
from govlab.errors import CatalogueError
from govlab.provenance import NEVER_SCORED, ClaimKind, FactStatus

SHIPPED = shipped("datasets") / "catalogue"
# Chinese punctuation written in half width between Chinese characters.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()][\u4e00-\u9fff]")
CHINESE = re.compile(r"[\u3400-\u9fff]")
WORDED = {10: ("ten", "十"), 15: ("fifteen", "quarter-of-an-hour", "一刻钟")}
FIRST_TABLE = {"AKS": 88, "ZJ": 39, "BJ": 38, "LU": 22, "KO": 18}


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def test_twelve_cases_one_programme_two_frameworks(catalogue):
    assert len(catalogue.cases) == 12
    kinds = [entry.kind for entry in catalogue.entries.values()]
    assert kinds.count("programme") == 1
    assert kinds.count("framework") == 2
    zones = [entry for entry in catalogue.cases.values() if entry.programme == "zhejiang"]
    assert len(zones) == 10
    assert all(zone.shift for zone in zones)


@pytest.mark.parametrize("prefix", FIRST_TABLE)
def test_every_fact_of_the_first_table_is_here(catalogue, prefix):
    held = [name for name in catalogue.facts if name.startswith(f"{prefix}-")]
    assert len(held) >= FIRST_TABLE[prefix]


def test_no_document_has_outcome_data(catalogue):
    """Statements on outcomes are claims: none is marked as derived from data."""
    for fact in catalogue.facts.values():
        if fact.claim in (ClaimKind.OUTCOME, ClaimKind.EFFECT):
            assert fact.status is not FactStatus.DERIVED, fact.id


def test_population_control_is_flagged(catalogue):
    flagged = {fact.id for fact in catalogue.facts.values() if NEVER_SCORED & set(fact.flags)}
    assert {
        "AKS-023", "AKS-024", "AKS-045", "AKS-052", "AKS-056", "AKS-066", "AKS-068", "AKS-069",
        "AKS-070", "AKS-071", "AKS-072", "AKS-073", "BJ-035",
    } <= flagged  # fmt: skip


def test_codes_are_not_unpacked(catalogue):
    sealed = [fact for fact in catalogue.facts.values() if fact.status is FactStatus.NOT_UNPACKED]
    assert sealed
    for code in ("432", "三网六事法", "345"):
        assert any(code in (fact.term or "") for fact in sealed), code
    # Parts of such a fact may only name further codes, never what is inside one.
    assert {fact.id for fact in sealed if fact.parts} <= {"AKS-086"}


def texts(value, path=""):
    if hasattr(value, "zh") and hasattr(value, "en"):
        yield path, value
    if hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), f"{path}.{getattr(value, 'id', '')}{name}")
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one, path)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from texts(one, f"{path}.{key}")


def all_texts(catalogue):
    for group in (catalogue.entries, catalogue.sources, catalogue.dimensions):
        for name, thing in group.items():
            yield from texts(thing, name)


def test_english_texts_hold_no_chinese(catalogue):
    assert [path for path, text in all_texts(catalogue) if CHINESE.search(text.en)] == []


def test_chinese_texts_are_chinese_with_full_width_punctuation(catalogue):
    wrong = [path for path, text in all_texts(catalogue) if HALF_WIDTH.search(text.zh)]
    assert wrong == []
    # A text without a single Chinese character is a number, a code or a formula.
    plain = [text.zh for _, text in all_texts(catalogue) if not CHINESE.search(text.zh)]
    assert all(re.fullmatch(r"[\d\W_%A-Za-z]{1,12}", one) for one in plain), plain


def test_statements_quote_their_figures(catalogue):
    """A whole number of two digits or more stands in both statements, or as 万 / 亿 in the Chinese one."""
    for fact in catalogue.facts.values():
        if not isinstance(fact.value, int) or abs(fact.value) < 10 or fact.kind == "structure":
            continue
        bare = str(fact.value)
        en = fact.statement.en.replace(",", "")
        assert bare in en or "million" in en or any(word in en for word in WORDED.get(fact.value, ())), (
            fact.id
        )
        zh = fact.statement.zh.replace(",", "").replace("，", "")
        assert (
            bare in zh or "万" in zh or "亿" in zh or any(word in zh for word in WORDED.get(fact.value, ()))
        ), fact.id


def test_zone_codes_carry_their_years(catalogue):
    jianggan = catalogue.cases["zhejiang/hangzhou-jianggan"].place
    assert (jianggan.code, jianggan.valid_to) == ("330104", 2021)
    assert set(jianggan.successors) == {"330102", "330114"}


def test_matrix_covers_every_dimension_with_its_facts(catalogue):
    matrix = catalogue.matrix(["zhejiang", "beijing", "aksu"])
    assert len(matrix.dimensions) == 9
    frame = matrix.to_frame("zh")
    assert len(frame) == 27
    for (_, entry), placed in matrix.cells.items():
        if placed is not None:
            assert placed.cell.facts and placed.sources and placed.claims, entry
    assert matrix.cell("evaluation", "aksu") is not None


def test_a_broken_folder_gives_one_error_with_every_fault(tmp_path):
    folder = tmp_path / "catalogue"
    shutil.copytree(SHIPPED, folder)
    aksu = folder / "cases" / "aksu.yaml"
    text = aksu.read_text(encoding="utf-8")
    text = text.replace("source: aksu", "source: nowhere", 1).replace("kind: count", "kind: guess", 1)
    aksu.write_text(text, encoding="utf-8")
    (folder / "cases" / "beijing.yaml").write_text("format: 1\nkind: [", encoding="utf-8")
    (folder / "dimensions.yaml").write_text("format: 1\ndimensions: []\nmore: 1\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder, extend=False)
    said = caught.value.text("en")
    assert "cases/aksu.yaml, AKS-001, facts[1].kind: must be one of" in said
    assert "cases/beijing.yaml: line" in said
    assert "no fact" not in said  # nothing that only follows from the files that could not be read
    assert "dimensions.yaml, more: is not a field here" in said
    assert "YAML" in caught.value.text("zh")


def test_a_users_catalogue_extends_ours(tmp_path):
    (tmp_path / "sources").mkdir()
    text = "{zh: 某, en: some}"
    (tmp_path / "sources" / "own.yaml").write_text(
        f"format: 1\nsources:\n- {{id: own, author: {text}, affiliation: {text}, title: {text}, kind: survey,"
        f" document: {text}, published: {text}, citation: own, limits: {text}}}\n",
        encoding="utf-8",
    )
    entry = f"""format: 1
kind: case
id: my-place
name: {text}
title: {text}
sources: [own]
gist: [{{zh: '有 {{OWN_001}} 人', en: '{{OWN_001}} people'}}]
facts:
- {{id: OWN-001, source: own, topic: staff, label: {text}, value: 12, statement: {text}, kind: count, claim: input, locator: {text}}}
silences: [{{unknown: {text}, settle: {text}}}]
"""
    (tmp_path / "my-place.yaml").write_text(entry, encoding="utf-8")
    both = load_catalogue(tmp_path)
    assert len(both.cases) == 13
    assert "OWN-001" in both.facts and "AKS-001" in both.facts
    (tmp_path / "z-again.yaml").write_text(entry.replace("{OWN_001} people", "people"), encoding="utf-8")
    with pytest.raises(CatalogueError, match="appears twice"):
        load_catalogue(tmp_path)
    with pytest.raises(CatalogueError, match="different figures"):
        load_catalogue(tmp_path)
    with pytest.raises(CatalogueError, match="no catalogue folder"):
        load_catalogue(tmp_path / "missing")
