"""Prime implicants and covers against search by hand; many models, many conditions, hand-worked examples."""

from __future__ import annotations

import time
import tracemalloc
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.compare import qca
from govlab.compare.qca.cover import Budget, all_covers, smallest
from govlab.compare.qca.expression import FREE, configurations_of, covers, parse
from govlab.compare.qca.primes import prime_implicants


def inside(term, row):
    return all(value in (FREE, there) for value, there in zip(term, row, strict=True))


def primes_by_search(positive, off, levels):
    """Every term that covers a positive row and no row of off, and cannot lose a literal."""
    fine = [
        term
        for term in product(*[(FREE, *range(level)) for level in levels])
        if any(inside(term, row) for row in positive) and not any(inside(term, row) for row in off)
    ]
    shorter = {
        term: [(*term[:place], FREE, *term[place + 1 :]) for place, value in enumerate(term) if value != FREE]
        for term in fine
    }
    return {term for term in fine if not any(one in set(fine) for one in shorter[term])}


@st.composite
def coded(draw):
    levels = draw(st.lists(st.sampled_from([2, 2, 3]), min_size=2, max_size=4))
    rows = list(product(*[range(level) for level in levels]))
    codes = draw(st.lists(st.sampled_from("10?"), min_size=len(rows), max_size=len(rows)))
    positive = [row for row, code in zip(rows, codes, strict=True) if code == "1"]
    off = [row for row, code in zip(rows, codes, strict=True) if code == "0"]
    return levels, positive, off


@given(coded())
@settings(max_examples=60, deadline=None)
def test_primes_and_covers(given_):
    levels, positive, off = given_
    if not positive or not off:
        return
    found = prime_implicants(np.array(positive, dtype=np.int8), np.array(off, dtype=np.int8))
    wanted = primes_by_search(positive, off, levels)
    assert {tuple(map(int, row)) for row in found} == wanted
    chart = np.array([[inside(term, row) for term in found] for row in positive])
    if chart.shape[1] > 9:
        return
    columns = range(chart.shape[1])
    covers = [
        one
        for size in range(1, len(columns) + 1)
        for one in combinations(columns, size)
        if chart[:, list(one)].any(axis=1).all()
    ]
    fewest = {one for one in covers if len(one) == len(covers[0])}
    assert set(all_covers(chart, "fewest", 1000).covers) == fewest
    lean = {one for one in covers if not any(set(other) < set(one) for other in covers)}
    every = all_covers(chart, "irredundant", 1000)
    assert set(every.covers) == lean
    assert every.count == len(lean)


def test_smallest_where_greed_fails():
    """The largest column leads greed astray: two are enough."""
    rows = [[1, 0, 1], [1, 0, 1], [1, 0, 0], [0, 1, 1], [0, 1, 1], [0, 1, 0]]
    chart = np.array(rows, dtype=bool)
    size, proven, best = smallest(chart, Budget())
    assert (size, proven, best) == (2, True, (0, 1))


def test_models_without_end():
    """2^20 models: counted, a thousand listed, at once."""
    chart = np.repeat(np.eye(20, dtype=bool), 2, axis=1)
    began = time.perf_counter()
    found = all_covers(chart, "fewest", 1000)
    assert (found.count, len(found.covers), found.size) == (2**20, 1000, 20)
    assert len(set(found.covers)) == 1000
    assert time.perf_counter() - began < 5


def test_the_search_gives_up_and_says_so():
    rng = np.random.default_rng(3)
    chart = rng.random((30, 300)) < 0.15
    chart[:, :30] |= np.eye(30, dtype=bool)
    found = all_covers(chart, "irredundant", 10, Budget(cells=2_000_000))
    assert found.count is None
    for one in found.covers:
        assert chart[:, list(one)].any(axis=1).all()


def noisy(conditions, n, seed):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        rng.integers(0, 2, (n, conditions)), columns=[f"C{one:02d}" for one in range(conditions)]
    )
    return frame.assign(Y=rng.integers(0, 2, n))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["complex", "parsimonious", "intermediate"])
def test_twelve_conditions(kind):
    frame = noisy(12, 100, 1)
    names = list(frame.columns[:-1])
    table = qca.truth_table(frame, "Y", names)
    tracemalloc.start()
    began = time.perf_counter()
    found = qca.minimise(table, solution=kind, expectations=dict.fromkeys(names, 1))
    seconds = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 40  # ten without tracing
    assert peak < 200e6
    assert len(found.models) <= 1000
    for model in found.models[:20]:
        covered = {case for term in model.terms for case in term.cases}
        positive = {
            case
            for names_, code in zip(table.cases, table.outcome, strict=True)
            if code == "1"
            for case in names_
        }
        assert positive <= covered
        assert model.inclusion >= 0.8


def test_every_model_covers_and_leaves_out():
    frame = noisy(6, 40, 2)
    table = qca.truth_table(frame, "Y", list(frame.columns[:-1]))
    for kind in ("complex", "parsimonious"):
        for model in qca.minimise(table, solution=kind).models:
            member = model.membership
            for names, code in zip(table.cases, table.outcome, strict=True):
                for case in names:
                    assert (member[table.data.cases.index(case)] > 0.5) == (code == "1")


def test_expressions():
    names, levels = ("A", "B", "C"), (2, 3, 2)
    assert parse("A*~C + B{2}", names, levels).tolist() == [[1, FREE, 0], [FREE, 2, FREE]]
    for wrong in ("D", "B{3}", "~B{1}", "A*"):
        with pytest.raises(ValueError, match=r"literal|values"):
            parse(wrong, names, levels)


def table_of(rows, outcome):
    """A crisp truth table with one case a row."""
    names = ["A", "B", "C"][: len(rows[0])]
    frame = pd.DataFrame(rows, columns=names).assign(Y=outcome)
    return qca.truth_table(frame, "Y", names)


def test_intermediate_lies_between():
    """A*B*~C and ~A*~B*C known (1 and 0): B is expected to help, so only ~C may go from A*B*~C."""
    table = table_of([(1, 1, 0), (0, 0, 1), (0, 1, 0), (0, 0, 0)], [1, 0, 0, 0])
    assert qca.minimise(table).expressions == ("A*B*~C",)
    assert qca.minimise(table, solution="parsimonious").expressions == ("A",)
    asked = {"B": 1, "C": 1}
    found = qca.minimise(table, solution="intermediate", expectations=asked)
    assert found.expressions == ("A*B",)
    assert found.models[0].assumptions == (8,)
    assert found.pairs[0].easy == (8,)
    without = qca.minimise(table, solution="intermediate")
    assert without.expressions == ("A*B*~C",)
    assert "qca.note.no_expectation" in {note.key for note in without.notes}


def test_enhanced_standard_analysis():
    """Worked by hand: A is necessary for Y, so no remainder without A may be assumed to show Y."""
    rows = [(1, 1, 1), (1, 1, 0), (0, 1, 1), (1, 0, 0), (0, 0, 0)]
    frame = pd.DataFrame(rows, columns=["A", "B", "C"]).assign(Y=[1, 1, 0, 0, 0])
    table = qca.truth_table(frame, "Y", ["A", "B", "C"])
    other = qca.truth_table(frame, "~Y", ["A", "B", "C"])
    assert qca.necessity(frame, "Y", ["A", "B", "C"]).necessary[:2] == ("A", "B")
    # remainders: 2 ~A*~B*C, 3 ~A*B*~C, 6 A*~B*C
    assert table.remainders().tolist() == [2, 3, 6]
    every = qca.minimise(table, solution="parsimonious", models="irredundant")
    assert set(every.expressions) == {"A*B", "A*C + B*~C"}
    assert {model.expression: model.assumptions for model in every.models}["A*C + B*~C"] == (3, 6)
    assert qca.minimise(other, solution="parsimonious").expressions == ("~A + ~B",)
    by_need = qca.untenable(table, necessary=("A", "B"))
    assert by_need.rows == (2, 3, 6)
    assert set(by_need.frame["reason"]) == {"against-necessity"}
    assert qca.untenable(table, impossible=("~A*~B*C",)).rows == (2,)
    strict = qca.minimise(table, solution="parsimonious", models="irredundant", exclude=by_need.rows)
    assert all(not model.assumptions for model in strict.models)
    assert strict.expressions == qca.minimise(table).expressions


def test_assumed_both_ways():
    """Of A*B only 1 and ~A*~B only 0 are known: either may be dropped, for the outcome and its negation."""
    frame = pd.DataFrame({"A": [1, 0], "B": [1, 0], "Y": [1, 0]})
    table, other = (qca.truth_table(frame, outcome, ["A", "B"]) for outcome in ("Y", "~Y"))
    assert qca.minimise(table, solution="parsimonious").expressions == ("A", "B")
    found = qca.untenable(table, negation=other)
    assert found.rows == (2, 3)
    assert found.frame["configuration"].tolist() == ["~A*B", "A*~B"]
    strict = qca.minimise(table, solution="parsimonious", exclude=found.rows)
    assert strict.expressions == ("A*B",)
    side = qca.analyse(frame, "Y", ["A", "B"], enhanced=True).positive
    assert side.solution("parsimonious").expressions == ("A*B",)


@pytest.mark.parametrize("seed", range(12))
def test_solutions_are_nested(seed):
    """Every intermediate model holds a complex one and lies within a parsimonious one, row by row."""
    rng = np.random.default_rng(seed)
    names = list("ABCDE")[: int(rng.integers(2, 6))]
    frame = pd.DataFrame(rng.random((int(rng.integers(8, 30)), len(names))).round(2), columns=names)
    table = qca.truth_table(frame.assign(Y=rng.random(len(frame)).round(2)), "Y", names, inclusion=0.75)
    if not {"1", "0"} <= set(table.outcome):
        return
    rows = configurations_of(np.arange(1, table.data.space + 1), table.data.levels)
    held = {}
    for kind in ("complex", "intermediate", "parsimonious"):
        found = qca.minimise(table, solution=kind, expectations=dict.fromkeys(names, 1))
        held[kind] = [covers(model.literals, rows).any(axis=1) for model in found.models]
    for own in held["intermediate"]:
        assert any((other <= own).all() for other in held["complex"])
        assert any((own <= other).all() for other in held["parsimonious"])
