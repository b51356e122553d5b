"""Benches: what is seen is a function of what was moved; every bench in both languages, quickly."""

import re

import numpy as np
import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.workshop.widgets import bench
from govlab.workshop.widgets.sampling import drawn

CHINESE = re.compile(r"[\u3400-\u9fff]")


def test_a_name_that_there_is_not():
    with pytest.raises(InputError, match="devolution"):
        bench("devolutoin")
    with pytest.raises(InputError, match="zh"):
        bench("sampling", "fr")
    with pytest.raises(ValueError, match="communities"):
        bench("sampling", "en").move(community=3)


def test_intervals_are_those_of_the_survey_room():
    from govlab.survey import Design, mean

    communities, people = 6, 9
    rng = np.random.default_rng(1)
    level = rng.normal(3, 0.5, communities)
    answers = level[:, None] + rng.normal(0, 1, (communities, people))
    frame = pd.DataFrame({"place": np.repeat(range(communities), people), "answer": answers.ravel()})
    within = ((answers - answers.mean(axis=1, keepdims=True)) ** 2).sum()
    draws = type(drawn(3, 3, 0.1, 0, 1))(answers.mean(axis=1)[None, :], np.array([within]), people)
    for units, clusters in (("people", None), ("communities", "place")):
        row = mean(Design(frame, clusters=clusters), "answer").to_frame().iloc[0]
        half = (row["conf_high"] - row["conf_low"]) / 2
        assert draws.half(units)[0] == pytest.approx(half, rel=1e-12)


def test_coverage_is_what_theory_says():
    """With communities as units 95 % hold; with people, as many as t with the wrong scale lets through."""
    found = drawn(10, 20, 0.5, 3, 20_000)
    held = np.abs(found.estimate - 3.5)
    assert np.mean(held <= found.half("communities")) == pytest.approx(0.95, abs=0.006)
    assert np.mean(held <= found.half("people")) < 0.75
    alike = drawn(10, 20, 0.0, 3, 20_000)
    assert np.mean(np.abs(alike.estimate - 3.5) <= alike.half("people")) == pytest.approx(0.95, abs=0.006)


def test_moved_and_spoken(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    one = bench("sampling", "zh", {"communities": 4})
    first = one.live_html()
    one.screen()
    one.move(units="communities")
    assert one.live_html() != first and one.values["communities"] == 4
    one.speak("en")
    assert one.values["units"] == "communities" and not CHINESE.search(one.live_html())
    shown = one.screen()
    assert shown.children[-1].value == one.live_html()
    slider = shown.children[1].children[0]
    slider.value = 20
    assert one.values["communities"] == 20 and "300 people" in shown.children[-1].value
    shown.children[0].children[1].value = "zh"
    assert one.lang == "zh" and CHINESE.search(shown.children[-1].value)


def test_on_paper_there_is_the_picture(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    bundle = bench("sampling", "en")._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "data:image/png;base64," in bundle["text/html"] and "hold the truth" in bundle["text/plain"]
