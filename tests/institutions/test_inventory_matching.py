"""Needs and resources: best matches against search by hand, reasons, rules, conflicts, what would help."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from govlab.errors import InputError
from govlab.institutions import inventory as inv
from govlab.institutions.inventory.solve import Problem, solve
from tests.institutions.listed import D, actor, book, need, resource, rule


def problem(fits, weight, capacity, amount=None, whole=None, must=(), required=None):
    fits = np.asarray(fits, dtype=bool)
    row, column = np.nonzero(fits)
    n = len(fits)
    return Problem(
        row, column, np.asarray(weight, float), np.ones(n) if amount is None else np.asarray(amount, float),
        np.ones(n, bool) if whole is None else np.asarray(whole), np.asarray(capacity, float),
        np.array([k for k, pair in enumerate(zip(row, column, strict=True)) if pair in must], dtype=int),
        np.zeros(n, bool) if required is None else np.asarray(required),
    )  # fmt: skip


def by_search(fits, weight, capacity, amount):
    """The best weight, by trying every supplier (or none) for every need."""
    best = 0.0
    for pick in itertools.product(range(-1, len(capacity)), repeat=len(weight)):
        used = np.zeros(len(capacity))
        for one, to in enumerate(pick):
            if to >= 0:
                used[to] += amount[one] if fits[one][to] else np.inf
        if (used <= np.asarray(capacity) + 1e-9).all():
            best = max(best, sum(w for w, to in zip(weight, pick, strict=True) if to >= 0))
    return best


CASES = st.integers(1, 5).flatmap(
    lambda n: st.integers(1, 3).flatmap(
        lambda m: st.tuples(
            st.lists(st.lists(st.booleans(), min_size=m, max_size=m), min_size=n, max_size=n),
            st.lists(st.integers(1, 4), min_size=n, max_size=n),
            st.lists(st.integers(0, 4), min_size=m, max_size=m),
            st.lists(st.integers(1, 3), min_size=n, max_size=n),
        )
    )
)


@settings(max_examples=40, deadline=None)
@given(CASES)
def test_whole_needs_of_any_size_against_search(case):
    fits, weight, capacity, amount = case
    found = solve(problem(fits, weight, capacity, amount))
    assert found.value == pytest.approx(by_search(fits, weight, capacity, amount), abs=1e-9)
    assert found.bound == pytest.approx(found.value, abs=1e-9)
    assert set(np.round(found.share, 9)) <= {0.0, 1.0}


@settings(max_examples=25, deadline=None)
@given(CASES)
def test_single_units_need_the_linear_programme_alone(case):
    fits, weight, capacity, _ = case
    found = solve(problem(fits, weight, capacity))
    assert found.integral
    # The same as an assignment to single places, which scipy solves by another algorithm.
    columns = [j for j, c in enumerate(capacity) for _ in range(c)]
    worth = np.array([[w * fits[i][j] for j in columns] or [0] for i, w in enumerate(weight)], dtype=float)
    rows, picked = linear_sum_assignment(worth, maximize=True)
    assert found.value == pytest.approx(worth[rows, picked].sum(), abs=1e-9)


def test_what_may_be_shared_is_shared():
    # 5 units asked, 3 + 1 there: four fifths of the weight 10 are met.
    found = solve(problem([[1, 1]], [10], [3, 1], amount=[5], whole=[False]))
    assert found.value == pytest.approx(8.0)
    # a required need goes first although the other weighs more
    held = solve(problem([[1], [1]], [1, 9], [1], required=[True, False]))
    assert held.feasible
    assert held.share == pytest.approx([1, 0])


def test_columns_taken_in_later_reach_the_optimum():
    draw = np.random.default_rng(5)
    fits = draw.random((120, 30)) < 0.5
    weight, capacity = draw.integers(1, 9, 120), draw.integers(0, 5, 30)
    found = solve(problem(fits, weight, capacity))
    columns = np.repeat(np.arange(30), capacity)
    worth = weight[:, None] * fits[:, columns]
    rows, picked = linear_sum_assignment(worth, maximize=True)
    assert found.value == pytest.approx(worth[rows, picked].sum())
    assert found.columns < fits.sum()


NEEDS = [
    need("n1", weight=3),
    need("n2", weight=2),
    need("n3", "repairs"),
    need("n4", "meals", "west"),
    need("n5", "repairs", since=D(2025, 3, 1), until=D(2025, 9, 1)),
    need("n6", "legal"),
]
RESOURCES = [
    resource("r1", capacity=1),
    resource("r2", ("repairs",), ("*",), 5, until=D(2025, 6, 1)),
]


def test_reasons_by_hand():
    """n1 beats n2 for the one meal (3 against 2); n3 has no end and fits r2; n4 lies west; n5 outlasts r2."""
    found = inv.match(book(needs=NEEDS, resources=RESOURCES))
    assert set(zip(found.frame["need"], found.frame["resource"], strict=True)) == {("n1", "r1"), ("n3", "r2")}
    by = found.by_need().set_index("id")
    assert by["reason"].to_dict() == {
        "n1": "", "n2": "full", "n3": "", "n4": "place", "n5": "time", "n6": "capability",
    }  # fmt: skip
    assert by.loc["n4", "near"] == ("r1",)
    assert (found.value, found.bound) == (4.0, 4.0)  # 3 + 1
    assert "2 of 6 needs met in full" in found.summary()
    used = found.by_resource().set_index("id")
    assert used["left"].to_dict() == {"r1": 0.0, "r2": 4.0}
    assert used.loc["r1", "unit_price"] == pytest.approx(2.0)  # one more meal serves n2


def test_what_would_unlock_most():
    """Twice r1 serves n2 (2); r2 open longer n5 (1); r1 in the west would not gain: its one meal is n1's.

    A new kitchen serves n2 and n4 (2 + 1), a new repairer n5, a lawyer n6.
    """
    found = inv.match(book(needs=NEEDS, resources=RESOURCES))
    got = {(row.change, row.of): (row.gain, row.needs) for row in found.unlocks(20).itertuples()}
    assert got == {
        ("new", "meals"): (3.0, 2), ("capacity", "r1"): (2.0, 1), ("time", "r2"): (1.0, 1),
        ("new", "repairs"): (1.0, 1), ("new", "legal"): (1.0, 1),
    }  # fmt: skip
    assert found.unlocks(20)["of"].iloc[0] == "meals"
    first = found.unlock()
    assert (first.change, first.of, first.gain, first.needs) == ("new", "meals", 3.0, 2)


def test_must_may_never():
    rules = [rule("must", "n2", "r1"), rule("may", "n5", "r2"), rule("never", "n3", "r2")]
    found = inv.match(book(needs=NEEDS, resources=RESOURCES, rules=rules))
    pairs = {row.need: (row.resource, row.reason) for row in found.frame.itertuples()}
    assert pairs == {"n2": ("r1", "must"), "n5": ("r2", "may")}
    assert found.by_need().set_index("id").loc["n3", "reason"] == "never"
    # a resource that is ruled out altogether
    found = inv.match(book(needs=NEEDS, resources=RESOURCES, rules=[rule("never", "", "r1")]))
    assert set(found.frame["resource"]) == {"r2"}


def test_the_two_readings_of_the_four_tests():
    some = {"actors": [actor("a1", means="unknown")], "needs": [need("n1")], "resources": [resource("r1")]}
    assert len(inv.match(book(**some)).frame) == 1
    strict = inv.match(book(**some), tests="all")
    assert strict.frame.empty
    assert strict.by_need()["reason"].to_list() == ["actor"]
    unwilling = some | {"actors": [actor("a1", will="no")]}
    assert inv.match(book(**unwilling)).frame.empty
    with pytest.raises(ValueError, match="tests must be"):
        inv.match(book(**some), tests="some")


def conflicts(rules, needs=NEEDS, resources=RESOURCES):
    with pytest.raises(InputError) as caught:
        inv.match(book(needs=needs, resources=resources, rules=rules))
    return [(one.key.removeprefix("inventory."), one.where[-1]) for one in caught.value.faults]


def test_conflicting_rules_are_named():
    # every fault of single pairs, at once, with the line of its rule
    rules = [rule("must", "n4", "r1"), rule("must", "n5", "r2"), rule("must", "n6", "r1"),
             rule("must", "n3", "r2"), rule("never", "n3")]  # fmt: skip
    assert conflicts(rules) == [
        ("cannot_place", "row 2"), ("cannot_time", "row 3"), ("cannot_capability", "row 4"),
        ("cannot_never", "row 5"),
    ]  # fmt: skip
    # r1 has one meal, and two are promised
    assert conflicts([rule("must", "n1", "r1"), rule("must", "n2", "r1")]) == [("overfull", "row 2, row 3")]
    both = [resource("r1"), resource("r3")]
    twice = [rule("must", "n1", "r1"), rule("must", "n1", "r3")]
    assert conflicts(twice, resources=both) == [("fixed_twice", "row 2, row 3")]
    # to be met by whomever: nobody can
    assert conflicts([rule("must", "n6"), rule("must", "n4")]) == [
        ("nobody_capability", "row 2"), ("nobody_place", "row 3"),
    ]  # fmt: skip


def test_needs_that_jointly_cannot_be_met():
    """Three meals for four who must be served in the east, n9 elsewhere: the core is those four, not n9."""
    needs = [need(f"n{one}") for one in (1, 2, 3, 4)] + [need("n9", "repairs")]
    resources = [resource("r1", capacity=2), resource("r2", capacity=1), resource("r3", ("repairs",))]
    rules = [rule("must", one["id"]) for one in needs]
    assert conflicts(rules, needs, resources) == [("jointly", "row 2, row 3, row 4, row 5")]
    # any three of them can stand
    kept = book(needs=needs, resources=resources, rules=rules[1:])
    assert len(inv.match(kept).frame) == 4


def test_every_fault_has_a_text_in_both_languages():
    from govlab.institutions.inventory.eligible import Step
    from govlab.language import messages

    keys = {f"inventory.{a}_{one.name.lower()}" for a in ("cannot", "nobody") for one in Step if 0 < one < 7}
    for lang in ("zh", "en"):
        assert keys <= set(messages("inventory", lang))


def test_nothing_to_match():
    found = inv.match(book(needs=[need("n1")]))
    assert found.frame.empty
    assert found.by_need()["reason"].to_list() == ["capability"]
    assert found.unlocks()[["change", "of", "gain"]].to_numpy().tolist() == [["new", "meals", 1.0]]
    past = book(needs=[need("n1", until=D(2025, 4, 1))], resources=[resource("r1")])
    assert len(inv.match(past, on=D(2025, 4, 1)).frame) == 1
    assert inv.match(past, on=D(2025, 4, 2)).needs.empty
