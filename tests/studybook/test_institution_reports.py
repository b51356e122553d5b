"""The reports on devolution and duties: whole, one language each, true to the ledgers, marked if invented."""

import re

import pytest

from govlab.institutions.ledger import Ledger
from govlab.studybook import devolution_demo, duties_worked, open_study
from govlab.studybook.holding import Writer
from govlab.tables import MIME
from tests.casebook.telling import page, prose, told

NOTEBOOKS = ("devolution_report.ipynb", "duties_report.ipynb")
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
IDS = {"govlab", "AKS", "BJ", "ZJ", "LU"}


@pytest.fixture(scope="module")
def writer():
    return Writer.of("devolution_report", "en")


def bundles(name, lang, **more):
    return told(name, lang=lang, study="demo", **more)


def tables(found):
    return [one[MIME] for one in found if MIME in one]


def captioned(found, words):
    return next(one for one in tables(found) if words in one["caption"])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_page_is_whole(name, lang):
    found = bundles(name, lang)
    soup = page(found)
    for part in ("h1", ".gl-gist", ".gl-foot", ".gl-refs"):
        assert len(soup.select(part)) == 1, part
    assert soup.select(".gl-banner")
    assert len(soup.find_all("h2")) >= 8
    assert len(soup.find_all("img")) >= 5
    assert all(image["alt"] for image in soup.find_all("img"))
    for table in tables(found):
        assert table["rows"]
        assert table["lang"] == lang
    assert not soup.find(string=re.compile(r"\b(nan|NaN)\b"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_page_keeps_to_its_language(name):
    words = prose(page(bundles(name, "zh")), drop=(".gl-refs",))
    assert set(LATIN.findall(words)) <= IDS
    assert re.findall(r"[\u4e00-\u9fff][,;:!?][\u4e00-\u9fff]", words) == []
    assert CHINESE.findall(prose(page(bundles(name, "en")), drop=(".gl-refs",))) == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_both_languages_hold_the_same_numbers(name):
    def numbers(lang):
        return [
            [[cell for cell in row if isinstance(cell, (int, float))] for row in table["rows"]]
            for table in tables(bundles(name, lang))
        ]

    assert numbers("zh") == numbers("en")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_what_is_ours_is_printed(name):
    table = captioned(bundles(name, "en"), "by origin")
    for title, source, ours, user, share in table["rows"]:
        assert share == pytest.approx(100 * ours / (source + ours + user)), title


def test_invented_tables_are_marked_and_documents_are_not():
    found = bundles("devolution_report.ipynb", "en")
    marked = {one["caption"].partition(". ")[2] for one in tables(found) if one["synthetic"]}
    assert any("payments and yuan" in one for one in marked)
    assert any("Three ways of dividing" in one for one in marked)
    assert not captioned(found, "Change of the share held")["synthetic"]
    assert not captioned(found, "Floors that the source states")["synthetic"]


def test_not_stated_stays_not_stated():
    table = captioned(bundles("devolution_report.ipynb", "en"), "Change of the share held")
    heads = [one["key"] for one in table["columns"]]
    staff = next(row for row in table["rows"] if row[0] == "Street staff")
    assert staff[heads.index("before")] is None
    assert staff[heads.index("after")] == 70
    assert all(row[heads.index("shift")] is None for row in table["rows"])


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        ("none", 'Under "no reading chosen" 2 stay undecided'),
        ("small", 'Under "read as small" 0 stay undecided'),
    ],
)
def test_the_limit_stays_undecided_until_a_reading_is_chosen(writer, reading, said):
    aksu = Ledger.load("aksu-four-sinkings")
    bodies = {one.id: one.label.en for one in aksu.file.bodies}
    parts = devolution_demo.payments(writer, open_study("demo"), aksu, bodies, reading)
    assert any(said in getattr(part, "plain", "") for part in parts)


def test_the_floor_for_key_communities_is_text_only():
    table = captioned(bundles("devolution_report.ipynb", "en"), "Floors that the source states")
    marks = {(one["row"], one["column"]): one["mark"] for one in table["marks"]}
    assert marks[1, 2] == "text only"
    assert table["rows"][0][2] == Ledger.load("aksu-four-sinkings").below_at_least("staff") == 25


def test_residents_beside_the_matrix_are_masked():
    """A share that the mask hides is in no alternative text and no table of the page."""
    soup = page(bundles("duties_report.ipynb", "en"))
    text = next(image["alt"] for image in soup.find_all("img") if "repair fund" in image["alt"])
    assert "Owners' committee" not in text
    assert "owners' committee; most do not" in text or "withheld" in text


def test_a_study_without_ledgers_says_so(writer, monkeypatch):
    """Only the documents are told where a study has neither ledger nor tables of its own."""
    assert "no ledger" in "".join(part.plain for part in devolution_demo.follow(writer, None))
    study = open_study("demo")
    monkeypatch.setattr("govlab.study.holding.table", lambda *_: None)
    said = "".join(part.plain for part in devolution_demo.whatif(writer, study, None, 70, "equal"))
    assert "nothing was computed" in said
    tell = Writer("duties_report", "en", writer.page, writer.catalogue)
    assert "no matrix" in "".join(part.plain for part in duties_worked.parts(tell, None))
