"""The calibration bench: memberships, truth table and solution follow the anchors, in both languages."""

import re

import numpy as np
import pytest

from govlab.workshop.widgets import bench
from govlab.workshop.widgets.calibration import opened
from tests.workshop.reading import CHINESE, LATIN, words

NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def logistic(raw, out, cross, full):
    """Ragin (2008), ch. 5, with 0.95 at full membership."""
    width = np.where(raw > cross, full - cross, cross - out)
    return 1 / (1 + np.exp(-np.log(19) * (raw - cross) / width))


def test_memberships_and_rows_follow_the_anchors():
    model = opened()
    one = bench("calibration", "en", {"set": "money", "money_cross": 30})
    found = model.worked(one.values)
    raw = model.coded.measured["budget_share"].to_numpy()
    money = logistic(raw, 5, 30, 45)
    assert found.calibrated["money"].memberships == pytest.approx(money, rel=1e-12)
    held = {name: model.coded.frame[name].to_numpy() for name in model.coded.conditions} | {"money": money}
    corners = {tuple(held[name][place] > 0.5 for name in model.coded.conditions) for place in range(len(raw))}
    said = one.view().said
    assert f"{len(corners)} of 16 combinations have cases" in said[1]
    y = model.coded.frame["improved"].to_numpy()
    second = np.minimum(np.minimum(money, held["voice"]), 1 - held["staff"])
    path = np.maximum(np.minimum(held["staff"], held["powers"]), second)
    assert found.models[0].expression == "staff*powers + ~staff*money*voice"
    assert "(too few staff and own money and voice)" in said[0]
    assert f"Inclusion {np.minimum(path, y).sum() / path.sum():.2f}" in said[0]
    assert f"coverage {np.minimum(path, y).sum() / y.sum():.2f}" in said[0]
    shifted = sum((money > 0.5) != (model.coded.frame["money"].to_numpy() > 0.5))
    assert shifted and f"cases in another row {shifted}" in said[2]


def test_it_begins_with_what_the_study_says():
    one = bench("calibration", "en")
    found = opened().worked(one.values)
    for name, made in found.calibrated.items():
        assert np.array_equal(made.memberships, opened().coded.frame[name].to_numpy())
    assert "anchors and cuts of the study give" in one.view().said[2]
    assert "In 2 rows cases disagree" in one.view().said[1]
    marks = [row for row in one.view().table.rows if row[-1]]
    assert len(marks) == 2 and all(row[-2] != "—" != row[-3] for row in marks)


def test_cuts():
    one = bench("calibration", "en", {"frequency": 2})
    few = sum(n == 1 for n in opened().worked(one.values).table.n)
    assert few and f"{few} with too few cases" in one.view().said[1]
    one.move(inclusion=1)
    assert "nothing is sufficient" in one.view().said[0] and "0 coded 1" in one.view().said[1]


def test_half_is_pointed_out():
    one = bench("calibration", "en", {"set": "powers", "powers_cross": 5})
    raw = opened().coded.measured["decisions_of_20"]
    n = int((raw == 5).sum())
    assert n and f"{n} case" in one.view().said[-1] and "exactly 0.5" in one.view().said[-1]
    rows = opened().worked(one.values).table.n.sum()
    assert rows == len(raw) - n


def test_anchors_out_of_order_are_said_and_drawn():
    one = bench("calibration", "en", {"staff_out": 2.5})
    seen = one.view()
    assert "must rise or fall" in seen.said[0] and "2.5, 1.75, 3" in seen.said[0] and seen.table is None
    assert "data:image/png" in one.to_html()
    one.move(staff_full=1)  # falling all the way: few workers are now in the set
    assert opened().worked(one.values).calibrated["staff"].memberships[0] > 0.9


def test_both_languages_and_every_end():
    one = bench("calibration", "en")
    for control in one.controls():
        begun = one.values[control.name]
        ends = [key for key, _ in control.options] if hasattr(control, "options") else ()
        for value in ends or (control.low, control.high):
            one.move(**{control.name: value})
            one.lang = "en"
            english = words(one)
            assert english == words(one)
            one.lang = "zh"
            chinese = words(one)
            assert sorted(NUMBER.findall(english)) == sorted(NUMBER.findall(chinese)), control.name
            assert not CHINESE.search(english)
            assert set(LATIN.findall(chinese)) <= {"PRI"}
        one.move(**{control.name: begun})


def test_only_sliders_of_the_chosen_set_are_on_the_screen():
    one = bench("calibration", "en")
    box = one.screen().children[1]
    labels = [child.description for child in box.children if child.layout.display != "none"]
    assert labels.count("crossover at") == 1 and len(labels) == 7
    box.children[0].value = "powers"
    shown = [child for child in box.children if child.layout.display != "none"]
    assert len(shown) == 7 and shown[3].value == 8.5
