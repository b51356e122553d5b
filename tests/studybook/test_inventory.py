"""The report on inventories: whole, in one language each, true to the lists, nobody named."""

import re
from functools import cache

import pytest

from govlab.blocks import Page
from govlab.errors import InputError
from govlab.institutions import inventory as inv
from govlab.studybook.inventory import InventoryReport
from govlab.studybook.source import open_study
from govlab.tables import MIME
from tests.casebook.telling import page, prose, told
from tests.institutions.listed import D, actor, book, need, resource, rule

CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")


def bundles(lang, **more):
    return told("inventory_report.ipynb", lang=lang, study="demo", **more)


def tables(found):
    return [one[MIME] for one in found if MIME in one]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_is_whole(lang):
    found = bundles(lang)
    soup = page(found)
    for part in ("h1", ".gl-banner", ".gl-gist", ".gl-foot"):
        assert len(soup.select(part)) == 1, part
    assert len(soup.find_all("h2")) == 10
    assert len(soup.find_all("figure")) == 4
    assert all(image["alt"] for image in soup.find_all("img"))
    for table in tables(found):
        assert table["rows"] and table["caption"] and table["lang"] == lang and table["synthetic"]
    text = prose(soup, (".gl-refs",))
    assert not (CHINESE if lang == "en" else LATIN).findall(text)


def test_both_languages_hold_the_same_numbers():
    def numbers(lang):
        return [
            [[cell for cell in row if isinstance(cell, (int, float))] for row in one["rows"]]
            for one in tables(bundles(lang))
        ]

    assert numbers("zh") == numbers("en")


def test_numbers_are_those_of_the_lists():
    held = demo().inventory()
    found = inv.match(held, on=D(2025, 6, 30))
    met = int((found.by_need()["met"] == 1).sum())
    text = page(bundles("en")).get_text(" ")
    assert f"Of {len(found.needs)} open needs {met} can be met" in text
    first = tables(bundles("en"))[0]
    assert sum(row[1] for row in first["rows"]) == int(held.to_frame()["entries"].sum())


def test_no_member_of_the_time_bank_is_named():
    members = set(demo().inventory().sheet("time_bank")["giver"])
    for lang in ("zh", "en"):
        everything = "".join(str(one) for one in bundles(lang))
        assert not [one for one in members if one in everything]


@cache
def demo():
    return open_study("demo")


def report(**sheets):
    return InventoryReport(demo(), "en", Page("en"), "any", book(**sheets), inv.definition())


def shown(report, *parts):
    from unittest import mock

    found = []
    with mock.patch("IPython.display.display", lambda one: found.append(one._repr_mimebundle_())):
        for one in parts:
            getattr(report, one)()
    return page(found).get_text(" ")


EVERY = (
    "opening",
    "standing",
    "matching",
    "sharing",
    "projects",
    "deliberation",
    "time_bank",
    "circle",
    "ending",
)


def test_contradictory_rules_are_told_not_matched():
    own = report(needs=[need("n1", "legal")], resources=[resource("r1")], rules=[rule("must", "n1", "r1")])
    text = shown(own, *EVERY)
    assert "contradict each other, so there is no match" in text
    assert (
        "need name must be met by name, which does not offer what it takes (sheet of rules, line 2)" in text
    )


def test_nearly_empty_lists_still_make_a_report():
    text = shown(report(actors=[actor("a1")], needs=[need("n1")]), *EVERY)
    assert "Of 1 open needs 0 can be met" in text
    assert "No agreement is in force." in text
    assert "The study lists no transactions." in text
    text = shown(report(needs=[need("n1")], resources=[resource("r1")]), *EVERY)
    assert "Every need is met." in text


def test_the_strict_reading_matches_fewer():
    held = demo().inventory()
    free = inv.Inventory({**held.frames, "rules": held.sheet("rules").iloc[:0]})
    assert inv.match(free, tests="all").value < inv.match(free).value
    # one who is promised to a need does not pass all four tests
    own = InventoryReport(demo(), "en", Page("en"), "all", held, inv.definition())
    assert isinstance(own.match, InputError)
    with pytest.raises(ValueError, match="tests must be"):
        InventoryReport.open("demo", "en", "some")
