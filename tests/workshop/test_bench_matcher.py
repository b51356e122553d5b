"""The inventory matcher: the best match under loosened conditions, in both languages."""

import re

import numpy as np
import pytest

from govlab.institutions.inventory import match
from govlab.workshop.widgets import bench
from govlab.workshop.widgets.matcher import opened
from govlab.workshop.widgets.matcher_work import Loosened
from tests.workshop.reading import CHINESE, LATIN, words

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def test_it_begins_with_the_lists_as_they_stand():
    matcher = opened().matcher
    plain = match(matcher.held, on=matcher.day)
    by_need = plain.by_need()
    one = bench("matcher", "en")
    met = int((by_need["met"] > 1 - 1e-6).sum())
    said = one.view().said
    assert f"{met} of {len(by_need)} needs are met in full; by weight {plain.value:g} of" in said[0]
    assert f"Unmet {len(by_need) - met}:" in said[1] and "more than" not in said[0]
    counts = by_need["capability"].value_counts()
    for row in one.view().table.rows:
        assert row[1] in set(counts) and sum(row[2:7]) == row[1]
    top = plain.unlocks(200).iloc[0]
    found = one._model.worked(one.values)
    assert (found.change.change, found.change.of) == (top["change"], top["of"])
    assert f"weight {top['gain']:g} more" in said[2]


def test_walking_further_widens_what_a_resource_serves():
    """Middles of places by hand from the points; a place at most so far away is served too."""
    from govlab.studybook.source import open_study

    matcher = opened().matcher
    points = open_study("demo").places().points
    middle = {
        str(place): np.average(own[["x", "y"]].to_numpy(float), axis=0, weights=own["residents"])
        for place, own in points.groupby("place")
    }
    changed = matcher.loosened(Loosened(minutes=15, kinds=matcher.kinds)).frames["resources"]
    before = matcher.held.frames["resources"]
    grown = 0
    for was, now in zip(before["place"], changed["place"], strict=True):
        near = {
            here
            for here in middle
            for there in was
            if there in middle and np.hypot(*(middle[here] - middle[there])) * 1.3 / 75 <= 15
        }
        assert set(now) == (set(was) if "*" in was else set(was) | near)
        grown += len(now) > len(was)
    assert grown > 5


def test_loosening_never_costs_and_adds_up():
    matcher = opened().matcher
    free = {"kinds": matcher.kinds}
    values = [
        opened().found(Loosened(**free, **one)).match.value
        for one in ({}, {"minutes": 20}, {"minutes": 20, "weeks": 8},
                    {"minutes": 20, "weeks": 8, "capacity": 50},
                    {"minutes": 20, "weeks": 8, "capacity": 50, "tests": "listed"})
    ]  # fmt: skip
    assert values == sorted(values) and values[0] < values[1]
    found = opened().found(Loosened(**free, capacity=50))
    raw = matcher.held.frames["resources"].set_index("id")["capacity"]
    mine = found.match.resources.set_index("id")["capacity"]
    assert all(mine[name] == np.ceil(1.5 * raw[name]) for name in mine.index)
    served = sum(found.served.values())
    assert served == pytest.approx(found.match.frame["amount"].sum())


def test_needs_that_count_more():
    one = bench("matcher", "en", {"more": "child-care", "times": 5})
    needs = opened().matcher.held.frames["needs"]
    plain, weighted = (opened().found(Loosened(kinds=opened().matcher.kinds, more=more, times=5.0))
                       for more in ("", "child-care"))  # fmt: skip
    ratio = weighted.match.needs["weight"] / plain.match.needs["weight"]
    assert set(ratio[weighted.match.needs["capability"] == "child-care"]) == {5.0}
    assert len(needs) and f"of {weighted.match.needs['weight'].sum():g} (" in one.view().said[0]
    assert weighted.series["child-care"][""] >= plain.series["child-care"][""]


def test_a_promise_that_cannot_be_kept_is_left_out_and_said():
    one = bench("matcher", "en", {"tests": "all"})
    assert "1 promised pair" in one.view().said[-1]
    one.move(tests="any", kinds=())
    assert one.view().said[0].startswith("0 of 138 needs")


def test_both_languages_and_every_end():
    one = bench("matcher", "en")
    for control in one.controls():
        begun = one.values[control.name]
        if control.name == "kinds":
            ends = ((), opened().matcher.kinds[:2])
        else:
            ends = [control.options[0][0], control.options[-1][0]] if hasattr(control, "options") else [
                control.low, control.high]  # fmt: skip
        for value in ends:
            one.move(**{control.name: value})
            one.lang = "en"
            english = words(one)
            assert english == words(one)
            one.lang = "zh"
            chinese = words(one)
            assert sorted(NUMBER.findall(english)) == sorted(NUMBER.findall(chinese)), control.name
            assert not CHINESE.search(english) and not LATIN.findall(chinese)
        one.move(**{control.name: begun})
