"""What the reports about a study say: whole, in one language each, masked, and true to the data."""

import re

import numpy as np
import pytest

from govlab.studybook import open_study
from govlab.tables import MIME
from tests.casebook.telling import page, prose, told

NOTEBOOKS = {
    "zone_report.ipynb": {"zone": "starfish"},
    "zone_comparison.ipynb": {},
    "survey_quality.ipynb": {},
}
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")


def bundles(name, lang, **more):
    return told(name, lang=lang, study="demo", **(NOTEBOOKS[name] | more))


def tables(found):
    return [one[MIME] for one in found if MIME in one]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_page_is_whole(name, lang):
    found = bundles(name, lang)
    soup = page(found)
    for part in ("h1", ".gl-banner", ".gl-gist", ".gl-foot"):
        assert len(soup.select(part)) == 1, part
    assert len(soup.find_all("h2")) >= 5
    assert all(image["alt"] for image in soup.find_all("img"))
    for table in tables(found):
        assert table["rows"] and table["caption"] and table["lang"] == lang
        assert table["synthetic"], table["caption"]
    limits = soup.find_all("ul")[-1].find_all("li")
    assert len(limits) >= 4


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_chinese_pages_are_chinese(name):
    words = set(LATIN.findall(prose(page(bundles(name, "zh")))))
    assert words <= {"DEMO", "BJ"} or {one for one in words if not re.fullmatch("[0-9a-f]+", one)} <= {"DEMO", "BJ"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_english_pages_are_english(name):
    assert CHINESE.findall(prose(page(bundles(name, "en")))) == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_both_languages_hold_the_same_numbers(name):
    def numbers(lang):
        return [
            [[cell for cell in row if isinstance(cell, (int, float))] for row in table["rows"]]
            for table in tables(bundles(name, lang))
        ]

    assert numbers("zh") == numbers("en")


def test_means_of_a_zone_are_those_of_its_rows():
    """Against plain sums over the rows of the data."""
    frame = open_study("demo").frame(3)
    mine = frame[(frame["zone"] == "starfish") & frame["sat_overall"].notna()]
    wanted = np.average(mine["sat_overall"], weights=mine["weight"])
    table = next(one for one in tables(bundles("zone_report.ipynb", "en")) if one["caption"].endswith("all zones"))
    row = next(row for row in table["rows"] if row[0] == "Overall satisfaction")
    assert row[1] == pytest.approx(wanted, rel=1e-12)
    assert row[-1] == len(mine)


def test_a_trend_from_before_is_not_put_down_to_the_model():
    """The demo study's willingness rose in the devolution zones before any reform, and by no model."""
    table = next(
        one for one in tables(bundles("zone_comparison.ipynb", "en"))
        if one["caption"].endswith("devolution less zones for comparison: differences between changes")
    )  # fmt: skip
    at = [row[0] for row in table["rows"]].index("Willingness to take part")
    marks = {(one["row"], one["column"]): one["mark"] for one in table["marks"]}
    assert marks[at, 6].endswith("†")
    text = page(bundles("zone_comparison.ipynb", "en")).get_text(" ")
    assert "Had moved differently already before: Willingness to take part" in text


def test_an_item_asked_for_leads():
    found = bundles("zone_comparison.ipynb", "en", item="belonging", margin=0.5)
    soup = page(found)
    assert "Belonging" in soup.select_one(".gl-gist").get_text()
    assert "was declared beforehand not to matter" in soup.get_text()


def test_every_small_cell_is_starred():
    """No share of a hidden cell in any table or figure text of the page."""
    study = open_study("demo")
    mask = study.mask()
    hidden = {key for table, keys in mask.hidden.items() if table.shares and table.by == ("wave",)
              for key in keys if key[0] == 3 and table.item == "who_lift"}  # fmt: skip
    assert hidden
    questionnaire = study.questionnaire.question("who_lift")
    table = next(one for one in tables(bundles("zone_comparison.ipynb", "en")) if "responsible" in one["caption"])
    rows, task = [], ""
    for row in table["rows"]:
        task = row[0] or task
        if task == questionnaire.label.en:
            rows.append(row[1])
    assert rows and not {questionnaire.option(key[1]).label.en for key in hidden} & set(rows)
