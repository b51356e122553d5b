"""What the reports say, in both languages: complete, attributed, escaped, in one language each."""

import re

import pytest

from govlab.cases import load_catalogue
from govlab.tables import MIME
from tests.casebook.telling import page, prose, told

# Two full cases, one zone with a table of figures, one with little text; the others are slow.
QUICK = ("aksu", "beijing", "zhejiang/haining", "zhejiang/longquan-baoxi")
CASES = [
    case if case in QUICK else pytest.param(case, marks=pytest.mark.slow) for case in load_catalogue().cases
]
COMPARISONS = ("programme_comparison.ipynb", "zhejiang_zones.ipynb", "frameworks.ipynb")
CHINESE = re.compile(r"[\u3400-\u9fff]")
# Latin words that belong in a Chinese page: ids, names of formats, and the letters of codes.
LATIN = re.compile(r"[A-Za-z]{2,}")
LATIN_ALLOWED = {
    "govlab",
    "AKS",
    "BJ",
    "ZJ",
    "LU",
    "KO",
    "AB",
    "GB",
    "EB",
    "OL",
    "SGYYB",
    "BZZ",
    "ZDA",
    "AB岗",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", CASES)
def test_case_report(case, lang):
    bundles = told("case_report.ipynb", case=case, lang=lang)
    soup = page(bundles)
    assert soup.find("h1") and soup.find(class_="gl-gist") and soup.find(class_="gl-refs")
    assert soup.find(class_="gl-foot")
    facts = {fact.id for fact in load_catalogue().entry(case).facts}
    assert {row["id"] for row in soup.select("tr[id]")} == facts
    for table in (bundle[MIME] for bundle in bundles if MIME in bundle):
        assert table["rows"] and table["caption"] and table["lang"] == lang
    assert all(image["alt"] for image in soup.find_all("img"))
    dead = [link["href"] for link in soup.select("a[href^='#']") if not soup.find(id=link["href"][1:])]
    assert dead == []


@pytest.mark.parametrize("name", COMPARISONS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_comparison(name, lang):
    soup = page(told(name, lang=lang))
    assert soup.find("h1") and soup.find(class_="gl-gist") and soup.find(class_="gl-refs")
    assert len(soup.find_all("table")) >= 3
    assert soup.find_all("img") and all(image["alt"] for image in soup.find_all("img"))


def term_cells(soup):
    """Drop the column that quotes the Chinese term; everything else of an English page is English."""
    for table in soup.find_all("table"):
        heads = [one.get_text() for one in table.select("thead th")]
        if "Chinese term" in heads:
            at = heads.index("Chinese term")
            for row in table.select("tbody tr"):
                row.find_all(["th", "td"])[at].decompose()


@pytest.mark.parametrize("case", CASES)
def test_english_pages_are_english(case):
    soup = page(told("case_report.ipynb", case=case, lang="en"))
    term_cells(soup)
    assert CHINESE.findall(prose(soup, drop=(".gl-refs",))) == []


@pytest.mark.parametrize("case", CASES)
def test_chinese_pages_are_chinese(case):
    words = prose(page(told("case_report.ipynb", case=case, lang="zh")), drop=(".gl-refs",))
    assert set(LATIN.findall(words)) - LATIN_ALLOWED == set()
    assert re.findall(r"[\u4e00-\u9fff][,;:!?][\u4e00-\u9fff]", words) == []


@pytest.mark.parametrize("name", COMPARISONS)
def test_comparisons_keep_to_their_language(name):
    english = page(told(name, lang="en"))
    term_cells(english)
    assert CHINESE.findall(prose(english, drop=(".gl-refs",))) == []
    chinese = prose(page(told(name, lang="zh")), drop=(".gl-refs",))
    assert set(LATIN.findall(chinese)) - LATIN_ALLOWED == set()


def test_the_tension_is_in_the_open():
    """1,224 cadres over 147 communities is 8.3, below the floor of 10 that the same text states."""
    words = prose(page(told("case_report.ipynb", case="aksu", lang="en")))
    assert "1,224 ÷ 147 ≈ 8.33 < 10" in words and "It would hold if" in words
    brief = prose(page(told("case_report.ipynb", case="aksu", lang="zh", edition="brief")))
    assert "1,224 ÷ 147 ≈ 8.33 < 10" in brief and "7 + 4 = 11" not in brief


def test_population_control_is_quoted_apart_and_never_counted_as_success():
    soup = page(told("case_report.ipynb", case="aksu", lang="en"))
    assert "never scored" in soup.find(class_="gl-banner").get_text()
    results = next(
        table for table in soup.find_all("table") if "Statements about outcomes" in table.caption.get_text()
    )
    assert not {"AKS-066", "AKS-072"} & set(re.findall(r"AKS-\d{3}", results.get_text()))


def test_editions():
    full = page(told("case_report.ipynb", case="beijing", lang="zh", edition="full"))
    brief = page(told("case_report.ipynb", case="beijing", lang="zh", edition="brief"))
    teaching = page(told("case_report.ipynb", case="beijing", lang="zh", edition="teaching"))
    assert len(brief.find_all("table")) < len(full.find_all("table"))
    assert not full.select(".gl-question") and teaching.select(".gl-question")
    words = teaching.get_text()
    assert all(one.answer.zh not in words for one in load_catalogue().entry("beijing").questions)


def test_a_zone_with_little_text_says_so():
    words = prose(page(told("case_report.ipynb", case="zhejiang/longquan-baoxi", lang="en")))
    assert "usable statements about this place" in words
