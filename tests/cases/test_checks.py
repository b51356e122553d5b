"""Verdicts worked by hand on a few literal facts, and those of the shipped catalogue."""

import pytest

from govlab.cases import load_catalogue
from govlab.cases.checks import Verdict, faults, run
from govlab.cases.models import Check, Figure, Reading
from govlab.data.definition import Text
from tests.cases.literal import FACTS, SAME


def check(**fields):
    return Check(id="CHK-one", title=SAME, facts=("AKS-005", "AKS-009"), **fields)


def verdict(**fields):
    return run(check(**fields), "case", FACTS).verdict


def test_a_test_that_holds_or_fails():
    assert verdict(test="AKS_009 > AKS_005") is Verdict.CONSISTENT
    failing = run(check(test="AKS_009/AKS_005 >= 10"), "case", FACTS)
    assert failing.verdict is Verdict.DOES_NOT_ADD_UP
    assert failing.arithmetic == ("1,224 ÷ 147 ≈ 8.33 < 10",)


def test_completeness():
    assert verdict(complete="AKS_005 == 147") is Verdict.CONSISTENT
    assert verdict(complete="AKS_005 == 148") is Verdict.INCOMPLETE


def test_readings():
    yes, no = "AKS_005 == 147", "AKS_005 == 1"
    assert (
        verdict(readings=(Reading(when=SAME, test=yes), Reading(when=SAME, test=yes))) is Verdict.CONSISTENT
    )
    assert (
        verdict(readings=(Reading(when=SAME, test=yes), Reading(when=SAME, test=no)))
        is Verdict.INTERPRETATION
    )
    assert verdict(readings=(Reading(when=SAME, test=no),)) is Verdict.DOES_NOT_ADD_UP


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (("x <= AKS_005", "x >= AKS_005"), Verdict.AMBIGUOUS),  # both cover the boundary
        (("x < AKS_005", "x > AKS_005"), Verdict.AMBIGUOUS),  # neither does
        (("x <= AKS_005", "x > AKS_005"), Verdict.CONSISTENT),
    ],
)
def test_rules_at_their_boundary(rules, expected):
    assert verdict(rules=rules, probe="AKS_005") is expected


def test_alternatives_and_figures():
    one = Figure(label=SAME, expression="0.9*a + 0.1*b")
    two = Figure(label=SAME, expression="a")
    assert verdict(alternatives=(one, two), given={"a": 80, "b": 90}) is Verdict.INTERPRETATION
    assert verdict(alternatives=(one, two), given={"a": 80, "b": 80}, tolerance=1e-9) is Verdict.CONSISTENT
    assert verdict(figures=(Figure(label=SAME, expression="AKS_009/AKS_005", digits=1),)) is Verdict.DERIVED


def test_faults_are_collected():
    keys = {fault.key for fault in faults(check(test="AKS_999 > 1", complete="AKS_005 ** 2"), FACTS)}
    assert keys == {
        "cases.check.one_question",
        "cases.unknown_fact",
        "cases.check.undeclared",
        "cases.expression",
    }
    assert [fault.key for fault in faults(check(), FACTS)] == ["cases.check.empty"]


# Worked by hand from the documents, not taken from our own output.
BY_HAND = {
    "CHK-streets": ("consistent", None),  # 7 + 4 = 11
    "CHK-staff-sum": ("consistent", None),  # 1224 + 454 + 1562 = 3240
    "CHK-cadre-sum": ("consistent", None),  # 187 + 1037 = 1224
    "CHK-cadre-share": ("consistent", None),  # 1224 / 3240 = 37.78 %, printed 37.8
    "CHK-male-share": ("interpretation", None),  # 34.4 % of all staff, 91.0 % of cadres
    "CHK-edu-share": ("consistent", None),  # 2447 / 3240 = 75.5 %
    "CHK-cadre-norm": ("does-not-add-up", "1,224 ÷ 147 ≈ 8.33 < 10"),
    "CHK-5000-overlap": ("ambiguous", None),
    "CHK-37-named": ("incomplete", None),  # 13 named
    "CHK-weights": ("consistent", None),
    "CHK-eval-formula": ("interpretation", None),
    "CHK-branch-per-grid": ("does-not-add-up", None),  # 282 branches for 1,535 grids
    "CHK-household-size": ("derived", None),
    "CHK-haining-posts": ("consistent", None),  # 1 + 5 + 3 = 9
    "CHK-zj-levels": ("consistent", None),  # 5 county-level + 5 street or township
    "CHK-bj-132": ("consistent", None),
    "CHK-bj-docs": ("consistent", None),
}


@pytest.fixture(scope="module")
def outcomes():
    return {outcome.check.id: outcome for outcome in load_catalogue().checks()}


@pytest.mark.parametrize("name", BY_HAND)
def test_shipped_checks_come_out_as_by_hand(outcomes, name):
    expected, arithmetic = BY_HAND[name]
    assert outcomes[name].verdict == expected
    if arithmetic:
        assert arithmetic in outcomes[name].arithmetic


def test_open_verdicts_name_the_reading_under_which_they_hold(outcomes):
    settled = {Verdict.CONSISTENT, Verdict.DERIVED}
    for outcome in outcomes.values():
        if outcome.verdict not in settled:
            assert isinstance(outcome.check.holds_if, Text), outcome.check.id
