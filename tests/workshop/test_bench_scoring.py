"""The scoring bench: scores, rank intervals and pairs follow the weights; no ranking leaves without them."""

import re

import numpy as np
import pytest

from govlab.ranks import confidence_sets, drawn, settled
from govlab.workshop.widgets import bench
from govlab.workshop.widgets.scoring import opened
from tests.workshop.reading import CHINESE, LATIN, words

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MOVED = {"targets": 30, "satisfaction": 90, "leaders": 30}


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def test_draws_at_hand_give_the_sets_of_the_room():
    rng = np.random.default_rng(5)
    half = rng.normal(size=(9, 9))
    covariance, values = half @ half.T / 9, rng.normal(0, 2, 9)
    found = confidence_sets(values, covariance, draws=4_000, seed=7)
    above = settled(values, covariance, drawn(covariance, draws=4_000, seed=7))
    assert np.array_equal(above, found.above)


def test_scores_and_ranks_follow_the_weights():
    """The scheme scored anew under the same weights, its ranks from draws of their own."""
    scorer = opened().scorer
    found = scorer.standings(MOVED)
    shares = {"targets": 20.0, "satisfaction": 60.0, "leaders": 20.0}
    pieces = scorer.pieces
    assert scorer.shares(MOVED) == pytest.approx(shares)
    inner = {"tasks-done": 8, "requests-answered": 6, "projects-accepted": 6, "overall": 30, "gain": 30}
    by_hand = sum(
        share / 100 * pieces.points[pieces.names.index(name)]
        for name, share in (inner | {"leaders": 20}).items()
    )
    by_hand += pieces.added.sum(axis=0)
    assert found.estimate == pytest.approx(by_hand[found.place], rel=1e-12)
    covariance = pieces.survey_error(scorer.scheme.weighted(shares).shares)
    covariance += pieces.rater_error(scorer.scheme.weighted(shares).shares)
    sets = confidence_sets(found.estimate, covariance[np.ix_(found.place, found.place)], draws=20_000)
    assert found.rank.tolist() == sets.frame["rank"].tolist()
    assert abs(found.sure - sets.above.sum()) <= 0.03 * found.pairs
    assert np.abs(found.low - sets.frame["rank_low"].to_numpy(int)).max() <= 1
    assert np.abs(found.high - sets.frame["rank_high"].to_numpy(int)).max() <= 1
    said = bench("scoring", "en", MOVED).view().said
    assert "targets 20.0%, public satisfaction 60.0%" in said[0]
    assert f"in {found.sure} of them" in said[1] and f"make {28 * 27 // 2} pairs" in said[1]
    assert f"from 1 to {found.high[0]}" in said[2]


def test_points_for_merit_and_fault_can_be_left_out():
    scorer = opened().scorer
    with_, without = scorer.standings(MOVED), scorer.standings(MOVED, points=False)
    apart = dict(zip(with_.place.tolist(), with_.estimate, strict=True))
    gone = {
        place: apart[place] - value
        for place, value in zip(without.place.tolist(), without.estimate, strict=True)
    }
    added = scorer.pieces.added.sum(axis=0)
    assert all(value == pytest.approx(added[place]) for place, value in gone.items())


def test_nothing_is_ranked_without_an_error():
    one = bench("scoring", "en", {"satisfaction": 0, "leaders": 0})
    seen = one.view()
    assert "without ranks" in seen.said[1] and "no error is known" in words(one)
    assert "pairs" not in " ".join(seen.said)


def test_on_paper_the_intervals_are_always_shown():
    with_, only = bench("scoring", "en"), bench("scoring", "en", {"only": True})
    assert only.view().drawing.to_html() != with_.view().drawing.to_html()
    assert only.view().drawing.figure().png == with_.view().drawing.figure().png
    assert "leaves the error out" in words(only) and "leaves the error out" not in words(with_)
    open_ = int(re.search(r"of 378 pairs, (\d+)", only.view().said[-1])[1])
    assert open_ == 378 - opened().scorer.standings(only.values).sure


def test_both_languages_and_every_end():
    one = bench("scoring", "en")
    for control in one.controls():
        for value in (True, False) if isinstance(control.start, bool) else (control.low, control.high):
            one.move(**{control.name: value})
            one.lang = "en"
            english = words(one)
            assert english == words(one)
            one.lang = "zh"
            chinese = words(one)
            assert sorted(NUMBER.findall(english)) == sorted(NUMBER.findall(chinese)), control.name
            assert not CHINESE.search(english) and not LATIN.findall(chinese)
    one.move(targets=0, satisfaction=0, leaders=0)
    assert "33.3" in one.view().said[0]


def test_parts_whose_errors_hang_together_are_refused():
    from govlab.institutions.scheme import read_scheme, shipped_schemes
    from govlab.workshop.widgets.scoring_work import Scorer

    held = opened().scorer
    scheme = read_scheme(shipped_schemes()["aksu-3-plus-1"])
    nodes = tuple(
        node.model_copy(update={"parent": None, "weight": node.weight.model_copy(update={"value": 20.0})})
        if node.id == "gain"
        else node.model_copy(update={"weight": node.weight.model_copy(update={"value": value})})
        for node in scheme.file.nodes
        for value in [
            {"targets": 30.0, "satisfaction": 30.0, "overall": 100.0}.get(node.id, node.weight.value)
        ]
    )
    moved = type(scheme)(scheme.file.model_copy(update={"nodes": nodes}))
    with pytest.raises(ValueError, match="satisfaction, gain"):
        Scorer(moved, held.evidence)
