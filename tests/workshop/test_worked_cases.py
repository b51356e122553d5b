"""Answers of the lessons on cases and scores against the shipped files, worked out another way."""

import csv
import math
from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest
import yaml

from govlab.data.locate import shipped
from govlab.workshop.exercises import exercise, right_answer

DEMO = shipped("datasets") / "demo_study"
CONDITIONS = {
    "staff": "workers_per_grid",
    "money": "budget_share",
    "powers": "decisions_of_20",
    "voice": "voice_code",
}


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


CASES = {row["case"]: row for row in rows(DEMO / "coded_cases.csv")}
ANCHORS = {row["set"]: tuple(map(float, row["anchors"].split(";")))
           for row in rows(DEMO / "coded_sets.csv") if row["anchors"]}  # fmt: skip


def member(value, anchors):
    """Ragin (2008), ch. 5: log odds of 19 to 1 at the outer anchors, a straight line to the crossover."""
    out, cross, full = anchors
    odds = (value - cross) / ((full - cross) if value >= cross else (cross - out)) * math.log(19)
    return 1 / (1 + math.exp(-odds))


def memberships(**moved):
    anchors = ANCHORS | moved
    found = {}
    for case, row in CASES.items():
        one = {name: member(float(row[column]), anchors[name]) if name in anchors else float(row[column])
               for name, column in CONDITIONS.items()}  # fmt: skip
        found[case] = (tuple(one.values()), member(float(row["settled"]), anchors["improved"]))
    return found


def coded(cases):
    """Configurations with cases: whether inclusion reaches 0.8 and PRI 0.5, by the written formulas."""
    near = Counter(tuple(int(value > 0.5) for value in x) for x, _ in cases.values())
    found = {}
    for corner in near:
        x = [
            min(v if on else 1 - v for v, on in zip(values, corner, strict=True))
            for values, _ in cases.values()
        ]
        y = [value for _, value in cases.values()]
        within = sum(map(min, x, y))
        both = sum(map(min, x, y, (1 - value for value in y)))
        found[corner] = within / sum(x) >= 0.8 and (within - both) / (sum(x) - both) >= 0.5
    return found


def holds(term, corner):
    return all(want is None or want == have for want, have in zip(term, corner, strict=True))


def covers(positive, allowed):
    """Every smallest set of prime implicants that covers the positive corners, by trying them all."""
    corners = list(product((0, 1), repeat=4))
    terms = [term for term in product((None, 0, 1), repeat=4)
             if all(one in allowed for one in corners if holds(term, one))]  # fmt: skip
    primes = [one for one in terms
              if not any(one != other and all(b is None or a == b for a, b in zip(one, other, strict=True))
                         for other in terms)]  # fmt: skip
    for size in range(1, 6):
        found = {frozenset(some) for some in combinations(primes, size)
                 if all(any(holds(term, one) for term in some) for one in positive)}  # fmt: skip
        if found:
            return found
    return set()


def intermediate(table):
    """Every condition is expected to help: a complex term loses absences that the parsimonious one lacks."""
    positive = {corner for corner, inside in table.items() if inside}
    negative = set(table) - positive
    corners = set(product((0, 1), repeat=4))
    found = set()
    for long, short in product(covers(positive, positive), covers(positive, corners - negative)):
        easy = set()
        for term, goal in product(long, short):
            if all(b is None or a == b for a, b in zip(term, goal, strict=True)):
                kept = tuple(None if a == 0 and b is None else a for a, b in zip(term, goal, strict=True))
                easy |= {one for one in corners if holds(kept, one)}
        found |= covers(positive, positive | (easy - negative))
    return found


def test_cases_in_the_outcome():
    assert right_answer(exercise("7.2")) == sum(float(row["settled"]) > 60 for row in CASES.values())


def test_combinations_without_cases():
    corners = {tuple(value > 0.5 for value in x) for x, _ in memberships().values()}
    assert right_answer(exercise("7.3")) == 16 - len(corners)


def test_inclusion_by_hand():
    known = memberships()
    three = [
        (min(known[name][0][0], known[name][0][2]), known[name][1])
        for name in ("compass", "ocarina", "teapot")
    ]
    wanted = sum(map(min, three)) / sum(x for x, _ in three)
    assert right_answer(exercise("7.4")) == pytest.approx(wanted, rel=1e-12)


def test_the_last_crossover():
    """The solution at 22 holds up to the answer, and no further."""
    answer = int(right_answer(exercise("7.6")))
    at = {cross: intermediate(coded(memberships(money=(5, cross, 45)))) for cross in range(22, answer + 2)}
    assert at[22] == {frozenset({(1, None, 1, None), (None, 1, None, 1)})}
    assert [cross for cross, found in at.items() if found == at[22]] == list(range(22, answer + 1))


def test_share_that_no_source_gives():
    def origins(value):
        if isinstance(value, dict):
            own = [value["origin"]] if "origin" in value else []
            return own + [one for held in value.values() for one in origins(held)]
        return [one for held in value for one in origins(held)] if isinstance(value, list) else []

    file = shipped("datasets") / "institutions" / "aksu-3-plus-1.yaml"
    counts = Counter(origins(yaml.safe_load(file.read_text(encoding="utf-8"))))
    wanted = 100 * (counts["govlab"] + counts["user"]) / counts.total()
    assert right_answer(exercise("8.1")) == pytest.approx(wanted, rel=1e-12)


@pytest.fixture(scope="module")
def three_parts():
    """Community -> targets, satisfaction, leaders, points added, from the files alone."""
    from govlab.workshop.worked_cases import _assessed

    records = [row for row in rows(DEMO / "appraisals.csv")
               if (row["scheme"], row["period"]) == ("aksu-3-plus-1", "3")]  # fmt: skip
    value = {}
    for row in records:
        value.setdefault((row["unit"], row["indicator"]), []).append(float(row["value"]))
    frame = _assessed().tell.study.frame(3)
    found = {}
    for unit in {row["unit"] for row in records}:
        answers = frame[frame["community"].astype(str) == unit]
        if not len(answers):
            continue
        asked = []
        for item in ("sat_overall", "gain"):
            there = answers[answers[item].notna()]
            asked.append(25 * (np.average(there[item], weights=there["weight"]) - 1))
        done, replied, projects = (value.get((unit, name), [np.nan])[0]
                                   for name in ("tasks-done", "requests-answered", "projects-accepted"))  # fmt: skip
        targets = 0.4 * done + 0.3 * replied + 0.3 * min(20 * projects, 100)
        merits, faults = (sum(value.get((unit, name), [0])) for name in ("merits", "faults"))
        found[unit] = (targets, np.mean(asked), np.mean(value.get((unit, "leaders"), [np.nan])),
                       min(merits, 4) - min(faults, 4))  # fmt: skip
    return found


def test_a_score_by_hand(three_parts):
    targets, satisfaction, leaders, added = three_parts["paper-boat-20"]
    wanted = 0.4 * targets + 0.4 * satisfaction + 0.2 * leaders + added
    assert right_answer(exercise("8.2")) == pytest.approx(wanted, rel=1e-9)


def test_a_rank_under_other_weights(three_parts):
    """Among the communities that may be shown, sorted by scores worked out from the files."""
    from govlab.workshop.worked_cases import _assessed

    shown = [
        unit.id
        for unit, why in zip(_assessed().scores.units, _assessed().scores.reasons, strict=True)
        if not why
    ]
    total = {
        name: 0.2 * a + 0.6 * b + 0.2 * c + d for name, (a, b, c, d) in three_parts.items() if name in shown
    }
    order = sorted(total, key=total.get, reverse=True)
    assert len(order) == 28 and right_answer(exercise("8.3")) == 1 + order.index("paper-boat-20")


@pytest.mark.slow
def test_who_may_be_third():
    """Rank sets from pairwise differences and their largest studentised error, step by step, other draws."""
    from govlab.workshop.worked_cases import _assessed

    scores = _assessed().scores
    kept = np.flatnonzero(np.isfinite(scores.estimate))
    value, covariance = scores.estimate[kept], scores.covariance[np.ix_(kept, kept)]
    variance = np.diag(covariance)
    error = np.sqrt(variance[:, None] + variance - 2 * covariance)
    noise = np.random.default_rng(20261122).multivariate_normal(np.zeros(len(kept)), covariance, 4000)
    np.fill_diagonal(error, 1)
    pulls = (noise[:, :, None] - noise[:, None, :]) / error
    gaps = (value[:, None] - value) / error
    above = np.zeros(gaps.shape, dtype=bool)
    while True:
        new = gaps > np.quantile(pulls[:, ~above].max(axis=1), 0.95)
        if not (new & ~above).any():
            break
        above |= new
    best, worst = 1 + above.sum(axis=0), len(kept) - above.sum(axis=1)
    assert right_answer(exercise("8.4")) == ((best <= 3) & (worst >= 3)).sum()
