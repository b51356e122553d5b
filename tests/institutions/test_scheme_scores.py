"""Scores, their errors, ranks, roll-up, sweeps: numbers worked out by hand.

Points: heard (4 - 1) / 4 = 75 and 50; done 80 and 90; judged (70 + 74 + 78) / 3 = 74 and 64; merit 2 and 3
(4, at most 3). Scores: 37.5 + 24 + 14.8 + 2 = 78.3 and 25 + 27 + 12.8 + 3 = 67.8.
Sampling: half of 25 points a step, 12.5 * 0.2 = 2.5 and 12.5 * 0.1 = 1.25.
Raters: severity 12, chance 2 (worked out in test_scheme_arithmetic): 0.04 * 14/3 each, 0.04 * 4 between.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.institutions.scheme import Evidence, Survey, Unit
from govlab.results import NotApplicable
from tests.institutions.appraisal import ROWS, UNITS, evidence, records, scheme, survey


@pytest.fixture
def small(tmp_path):
    return scheme(tmp_path)


@pytest.fixture
def scores(small):
    return small.score(evidence())


def test_scores_by_hand(scores):
    frame = scores.to_frame().set_index("unit")
    assert frame["estimate"].to_dict() == pytest.approx({"one": 78.3, "two": 67.8}, rel=1e-12)
    assert frame["sampling"].to_dict() == pytest.approx({"one": 2.5, "two": 1.25}, rel=1e-12)
    raters = (0.04 * 14 / 3) ** 0.5
    assert frame["rating"].to_dict() == pytest.approx({"one": raters, "two": raters}, rel=1e-12)
    assert scores.covariance == pytest.approx(
        np.array([[6.25 + 0.56 / 3, 0.16], [0.16, 1.5625 + 0.56 / 3]]), rel=1e-12
    )
    assert frame["n"].to_dict() == {"one": 25, "two": 40}
    half = 1.959963984540054 * (6.25 + 0.56 / 3) ** 0.5
    assert frame.loc["one", "conf_low"] == pytest.approx(78.3 - half, rel=1e-12)


def test_what_nobody_knows_the_error_of_is_said(scores):
    # done is a bare count, merit a count of times: two parts of each score
    assert scores.unknown == (2, 2)
    assert scores.heading == "survey-and-rater"
    assert "survey and rater error only" in scores.summary()
    parts = scores.parts.set_index(["unit", "indicator"])
    assert np.isnan(parts.loc[("one", "done"), "std_error"])
    assert parts.loc[("one", "heard"), "std_error"] == pytest.approx(5.0, rel=1e-12)
    assert parts.loc[("two", "judged"), "std_error"] == pytest.approx((14 / 3) ** 0.5, rel=1e-12)
    assert parts.loc[("two", "merit"), "contribution"] == 3


def test_a_unit_that_one_rater_saw_reads_unknown(small):
    rows = [row for row in ROWS if row[:3] not in (("two", "judged", "B"), ("two", "judged", "C"))]
    found = small.score(evidence(rows))
    assert found.unknown == (2, 3)
    assert np.isnan(found.parts.set_index(["unit", "indicator"]).loc[("two", "judged"), "std_error"])


def test_the_same_person_must_not_be_two_people(small):
    """Without a survey and with one rater nothing is known, and nothing is ranked."""
    rows = [row for row in ROWS if row[2] in ("", "A", "P")]
    plain = small.without("heard").score(evidence(rows))
    why = plain.ranks()
    assert isinstance(why, NotApplicable) and why.reason == "no-error"
    assert plain.to_frame()["std_error"].isna().all()


def test_ranks_with_their_sets(scores):
    # 10.5 apart with an error of (6.25 + 1.5625 + 2 * 0.04 * 2/3)^0.5 = 2.8: settled
    frame = scores.ranks(draws=2000).to_frame()
    assert frame[["rank", "rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1, 1], [2, 2, 2]]
    assert scores.apart(draws=2000).to_dict("list") == {
        "unit": ["one", "two"],
        "above": [0, 1],
        "below": [1, 0],
        "open": [0, 0],
    }


def test_what_cannot_be_told_apart_is_said(small):
    def unsure(items):
        return Survey(
            items, ("one", "two"), np.array([[4.0, 3.0]]), np.diag([1.0, 1.0]), np.full((1, 2), 5.0)
        )

    found = small.score(evidence(ask=unsure))
    assert found.apart(draws=2000)["open"].tolist() == [1, 1]
    assert found.ranks(draws=2000).to_frame()["rank_high"].tolist() == [2, 2]


def test_ranks_on_answers_are_off_where_answers_are_not_safe(small):
    why = NotApplicable("answers-not-safe", "residents may not be able to answer without fear")
    found = small.score(evidence(no_ranks=why))
    assert found.ranks() is why and found.top(1) is why and found.sweep() is why
    assert len(found.apart()) == 0
    # what rests on no answers may still be ranked
    assert not isinstance(
        small.without("heard").score(evidence(no_ranks=why)).ranks(draws=500), NotApplicable
    )


def test_nobody_asked_and_too_few(small):
    def one_only(items):
        return Survey(items, ("one",), np.array([[4.0]]), np.array([[0.04]]), np.array([[25.0]]))

    found = small.score(evidence(ask=one_only))
    assert found.reasons == ("", "no-respondents")
    assert np.isnan(found.estimate[1]) and found.estimate[0] == pytest.approx(78.3)
    held = small.score(evidence().keep_back(["two"]))
    assert held.reasons == ("", "few-respondents")
    nobody = small.score(evidence(ask=None))
    assert nobody.reasons == ("no-respondents", "no-respondents")
    assert nobody.ranks().reason == "no-error"


def test_a_gap_in_the_records_is_no_score(small):
    found = small.score(evidence([row for row in ROWS if row[:2] != ("two", "done")]))
    assert found.reasons == ("", "no-evidence")


def test_roll_up_by_hand(small, scores):
    # own: 80 and 90, mean 85; one unit, so their spread 50 is chance: variance 25.
    # 0.9 * (78.3 + 67.8) / 2 + 8.5 = 74.245; 0.81 / 4 * (6.4367 + 1.7492 + 0.32) + 0.01 * 25
    street = scores.above()
    assert street.estimate == pytest.approx([74.245], rel=1e-12)
    wanted = 0.2025 * (6.25 + 1.5625 + 1.12 / 3 + 0.32) + 0.25
    assert street.covariance[0, 0] == pytest.approx(wanted, rel=1e-12)
    assert street.sampling[0] == pytest.approx(0.9 * (6.25 + 1.5625) ** 0.5 / 2, rel=1e-12)
    assert street.n.tolist() == [65]
    # by size: 0.25 * 78.3 + 0.75 * 67.8 = 70.425
    assert small.averaged("size").score(evidence()).above().estimate == pytest.approx([71.8825], rel=1e-12)
    with pytest.raises(InputError, match="rolled up"):
        street.sweep() if not isinstance(street.ranks(), NotApplicable) else street.drivers()


def test_roll_up_needs_sizes_and_leaves_units_without_a_score_out(small):
    bare = tuple(Unit(one.id, one.zh, one.en, one.parent) for one in UNITS)
    found = small.averaged("size").score(Evidence(bare, records(), above=evidence().above, ask=survey))
    with pytest.raises(InputError, match="no size"):
        found.above()
    street = small.score(evidence().keep_back(["two"])).above()
    assert street.estimate == pytest.approx([0.9 * 78.3 + 8.5], rel=1e-12)
    assert street.notes == ("street: 1 units without a score",)
    assert small.score(evidence(ask=None)).above().reasons == ("no-respondents",)


def test_which_indicator_drives_the_order(scores):
    # deviations of the scores from 73.05: 5.25 and -5.25; of all 10.5 * 5.25
    frame = scores.drivers().to_frame().set_index("indicator")
    wanted = {"heard": 12.5 / 10.5, "done": -3 / 10.5, "judged": 2 / 10.5}
    assert frame["spread"].to_dict() == pytest.approx(wanted, rel=1e-12)
    # without heard: 0.6 * 80 + 0.4 * 74 + 2 = 79.6 and 0.6 * 90 + 0.4 * 64 + 3 = 82.6: they change places
    assert frame["most"].to_dict() == {"heard": 1, "done": 0, "judged": 0}
    assert "heard" in scores.drivers().summary()


def test_weights_are_swept_apart(scores):
    found = scores.sweep(weightings=3, keep=0.001)
    # corners: heard alone (75, 50), done alone (80, 90), judged alone (74, 64): first by two of three
    frame = found.to_frame().set_index("unit")
    assert (frame.loc["one", "best"], frame.loc["one", "worst"]) == (1, 2)
    assert found.weightings == 1 + 3 + 1 + 3
    assert found.surely(1) == [] and found.never(1) == []
    near = scores.sweep(weightings=3, keep=1.0)  # equal weights only: 68.1.. and 68 + merit
    assert near.to_frame()["worst"].max() <= 2
    with pytest.raises(ValueError, match="keep"):
        scores.sweep(keep=2)
    assert "3 weightings" not in found.summary() and "8 weightings" in found.summary()


def test_nothing_to_sweep_where_the_source_gives_every_weight(tmp_path):
    from tests.institutions.appraisal import DEFINITION

    given = [
        one | {"weight": one["weight"] | {"origin": "source", "facts": ["AKS-035"]}}
        for one in DEFINITION["nodes"]
    ]
    found = scheme(tmp_path, nodes=given).score(evidence())
    assert found.sweep().reason == "no-free-weights"


def test_a_competition_names_who_may_be_among_the_chosen(tmp_path):
    found = scheme(tmp_path, choice={"k": 1, "origin": "user"}).score(evidence())
    assert found.top(draws=500).to_frame()["possible"].tolist() == [True, False]
    with pytest.raises(ValueError, match="does not choose"):
        scheme(tmp_path).score(evidence()).top()


BAD = [
    (("nowhere", "done", "", 3), "scheme.no_unit"),
    (("one", "shine", "", 3), "scheme.no_indicator"),
    (("one", "done", "", 80), "scheme.record_twice"),
    (("one", "heard", "", 4), "scheme.survey_typed"),
    (("two", "judged", "", 50), "scheme.no_rater"),
    (("two", "merit", "", 1.5), "scheme.not_a_count"),
    (("two", "judged", "D", 120), "scheme.outside"),
    (("two", "judged", "E", "many"), "scheme.not_a_number"),
    (("street", "own", "", 50), "scheme.no_rater"),
    (("one", "own", "P", 50), "scheme.no_unit"),
]


def test_every_bad_record_is_listed(small):
    with pytest.raises(InputError) as raised:
        small.score(evidence([*ROWS, *(row for row, _ in BAD)]))
    found = [one.key for one in raised.value.faults]
    for _, key in BAD:
        assert key in found, key
    assert "没有" in raised.value.text("zh")


def test_an_indicator_nobody_has_evidence_for(small):
    with pytest.raises(InputError, match="no unit has evidence for indicator judged"):
        small.score(evidence([row for row in ROWS if row[1] != "judged"]))


def test_many_faults_are_counted(small):
    rows = [("nowhere", "done", "", 1)] * 20
    with pytest.raises(InputError) as raised:
        small.score(evidence(rows))
    assert raised.value.faults[-1].key == "scheme.more" and len(raised.value.faults) == 13


def test_evidence_is_what_it_says(small):
    with pytest.raises(ValueError, match="columns"):
        Evidence(UNITS, pd.DataFrame({"unit": []}))
    with pytest.raises(ValueError, match="twice"):
        Evidence((UNITS[0], UNITS[0]), records())
    assert UNITS[0].name("zh") == "一"


def test_errors_of_the_score_are_those_that_repetition_shows(tmp_path):
    """Survey and raters drawn afresh 120 times: the spread of scores is the error that was computed."""
    rng = np.random.default_rng(5)
    made = scheme(tmp_path)
    true, errors = np.array([4.0, 3.0]), np.array([0.2, 0.1])
    found, said = [], []
    for _ in range(120):
        severity = rng.normal(0, 12**0.5, 3)
        rows = [row for row in ROWS if row[1] != "judged"]
        for unit, level in (("one", 74.0), ("two", 64.0)):
            marks = level + severity + rng.normal(0, 2**0.5, 3)
            rows += [(unit, "judged", rater, mark) for rater, mark in zip("ABC", marks, strict=True)]
        drawn = rng.normal(true, errors)

        def ask(items, drawn=drawn):
            return Survey(items, ("one", "two"), drawn[None], np.diag(errors**2), np.full((1, 2), 30.0))

        one = made.score(evidence(rows, ask=ask))
        found.append(one.estimate)
        said.append(one.covariance)
    shown, mean = np.cov(np.array(found).T), np.mean(said, axis=0)
    assert np.diag(mean) == pytest.approx(np.diag(shown), rel=0.4)
