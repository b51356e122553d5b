"""Suppression: what is hidden, what an attacker makes of the rest, and masks laid over results."""

from __future__ import annotations

import dataclasses
import json
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from govlab.disclosure import Margin, Mask, apply
from govlab.errors import InputError
from govlab.results import Estimates

POOL = (("a",), ("b",), ("c",), ("a", "b"), ("b", "c"), ("a", "c"), ("a", "b", "c"))


def people(seed, size, item=True):
    """Respondents with uneven groups, so that there are small cells."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            name: rng.choice(many, size, p=rng.dirichlet(np.full(many, 2.0)))
            for name, many in zip("abc", (3, 3, 2), strict=True)
        }
    )
    if item:
        frame["q"] = rng.choice([1.0, 2.0, 3.0], size, p=rng.dirichlet(np.full(3, 2.0)))
        frame.loc[rng.random(size) < 0.06, "q"] = np.nan
    return frame


def some_margins(seed, shows):
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(POOL), rng.integers(1, 5), replace=False)
    return [Margin(POOL[one], ("q",) if rng.random() < 0.7 else (), shows) for one in chosen]


def cells(frame, by):
    """Every combination of values, with the rows that have it."""
    for key in product(*(sorted(frame[name].unique()) for name in by)):
        rows = np.ones(len(frame), dtype=bool)
        for name, value in zip(by, key, strict=True):
            rows &= (frame[name] == value).to_numpy()
        yield dict(zip(by, key, strict=True)), rows


@dataclasses.dataclass
class Attacker:
    """Knows every published count, and that counts are not negative. Sets up the whole joint table.

    Shares no code with the package: rows are (conditions, count); a condition is a set of values.
    """

    levels: dict
    known: list = dataclasses.field(default_factory=list)

    def __post_init__(self):
        self.atoms = list(product(*self.levels.values()))
        self.names = list(self.levels)

    def row(self, conditions):
        return np.array(
            [
                all(atom[self.names.index(name)] in held for name, held in conditions.items())
                for atom in self.atoms
            ],
            dtype=float,
        )

    def interval(self, conditions):
        equations = np.array([self.row(one) for one, _ in self.known])
        totals = np.array([count for _, count in self.known], dtype=float)
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * self.row(conditions), A_eq=equations, b_eq=totals, bounds=(0, None), method="highs"
            )
            ends.append(sign * found.fun if found.status == 0 else np.inf)
        return tuple(ends)


def everything(frame, mask):
    """All cells of all tables as (conditions, count, shown, kind), as a batch of reports would print them."""
    answered = frame["q"].notna().to_numpy() if "q" in frame else None
    levels = sorted(frame["q"].dropna().unique()) if "q" in frame else []
    asked = any(margin.items for margin in mask.margins)
    for by in sorted({(), *(margin.by for margin in mask.margins)}):
        for cell, rows in cells(frame, by):
            conditions = {name: {value} for name, value in cell.items()}
            yield conditions, rows.sum(), mask.shows(cell), "people"
            if not asked or (by and not any(one.by == by and one.items for one in mask.margins)):
                continue
            yield conditions | {"q": set(levels)}, (rows & answered).sum(), mask.shows(cell, "q"), "answered"
            if by and any(one.shows != "mean" for one in mask.margins if one.by == by and one.items):
                for level in levels:
                    count = (rows & (frame["q"] == level).to_numpy()).sum()
                    yield conditions | {"q": {level}}, count, mask.shows(cell, "q", level), "share"


def attacker(frame):
    levels = {name: sorted(frame[name].unique()) for name in "abc"}
    if "q" in frame:
        levels["q"] = [*sorted(frame["q"].dropna().unique()), "missing"]
    return Attacker(levels)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shows", ["mean", "answers"])
def test_attacker_recovers_nothing(seed, shows):
    """Everything published of several margins at once, against one who knows linear programming."""
    frame = people(seed, 40 + 20 * seed)
    mask = Mask.compute(frame, some_margins(seed, shows))
    told = list(everything(frame, mask))
    foe = attacker(frame)
    foe.known = [(conditions, count) for conditions, count, shown, _ in told if shown]
    for conditions, count, shown, kind in told:
        if shown:
            continue
        low, high = foe.interval(conditions)
        assert low - 1e-6 <= count <= high + 1e-6
        # of those who answered, results are hidden; their number only must not come out exactly
        if kind != "answered":
            assert high - low >= mask.width - 1e-6, (conditions, kind)
        elif count < mask.threshold:
            assert high - low >= 1 - 1e-6, conditions


@pytest.mark.parametrize("seed", range(6))
def test_no_hidden_sum_is_a_combination_of_shown_ones(seed):
    """Means times their n are sums: no hidden one follows from shown ones."""
    frame = people(100 + seed, 60 + 10 * seed)
    mask = Mask.compute(frame, [*some_margins(seed, "mean"), Margin(("a", "b"), ("q",))])
    answered = frame["q"].notna().to_numpy()
    known, hidden, nobody = [], [], []
    for by in sorted({(), *(margin.by for margin in mask.margins if margin.items)}):
        for cell, rows in cells(frame, by):
            if mask.shows(cell, "q"):
                (known if (rows & answered).any() else nobody).append(cell)
            else:
                hidden.append(cell)
    # groups that cannot hold anybody, for all that is shown, add nothing to any sum
    groups = [
        dict(zip("abc", atom, strict=True))
        for atom in product(*(sorted(frame[one].unique()) for one in "abc"))
    ]
    groups = [one for one in groups if not any(cell.items() <= one.items() for cell in nobody)]

    def row(cell):
        return np.array([cell.items() <= one.items() for one in groups], dtype=float)

    shown = np.array([row(cell) for cell in known])
    rank = np.linalg.matrix_rank(shown)
    for cell in hidden:
        assert np.linalg.matrix_rank(np.vstack([shown, row(cell)])) == rank + 1, cell
    assert hidden or seed != 0


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 150), st.integers(10, 25))
def test_small_cells_are_hidden_and_large_totals_not(seed, size, threshold):
    frame = people(seed, size)
    mask = Mask.compute(frame, some_margins(seed, "answers")[:2], threshold=threshold)
    for _, count, shown, kind in everything(frame, mask):
        if count < threshold and (kind != "answered" or count > 0):
            empty_group = kind == "share" and count == 0
            assert not shown or empty_group
    assert mask.shows({}) == (size >= threshold)


def test_two_by_two_by_hand():
    """4 men among the 12 of zone B: beside row and column totals all four cells have to go."""
    frame = pd.DataFrame(
        {"zone": ["A"] * 30 + ["B"] * 12, "sex": ["f"] * 18 + ["m"] * 12 + ["f"] * 8 + ["m"] * 4}
    )
    mask = Mask.compute(frame, [Margin(("zone",)), Margin(("sex",)), Margin(("zone", "sex"))])
    assert mask.shows({"zone": "A"})
    assert mask.shows({"zone": "B"})
    assert mask.shows({"sex": "m"})
    shown = [mask.shows({"zone": zone, "sex": sex}) for zone in "AB" for sex in "fm"]
    assert shown == [False] * 4
    # with the number of all alone known, one other cell is enough
    alone = Mask.compute(frame, [Margin(("zone", "sex"))])
    shown = [alone.shows({"zone": zone, "sex": sex}) for zone in "AB" for sex in "fm"]
    assert shown == [True, True, False, False]


def test_a_share_of_nobody_or_everybody():
    """Who is not in a 0 % cell is in the 100 % one."""
    frame = pd.DataFrame({"zone": ["A"] * 40 + ["B"] * 40, "knows": [1.0] * 40 + [1.0] * 20 + [0.0] * 20})
    mask = Mask.compute(frame, [Margin(("zone",), ("knows",))])
    assert mask.shows({"zone": "A"})
    assert not mask.shows({"zone": "A"}, "knows", 0)
    assert not mask.shows({"zone": "A"}, "knows", 1)
    assert not mask.shows({"zone": "A"}, "knows")  # the mean of 0 and 1 is the share
    # all 80 and zone B together give zone A away
    assert not mask.shows({"zone": "B"}, "knows")
    assert mask.shows({}, "knows")


def test_a_mean_of_one_answer():
    frame = pd.DataFrame({"zone": np.repeat(["A", "B", "C"], 30), "q": np.tile([1.0, 2.0, 3.0], 30)})
    frame.loc[frame["zone"] == "A", "q"] = 3.0
    mask = Mask.compute(frame, [Margin(("zone",), ("q",))])
    assert not mask.shows({"zone": "A"}, "q")
    assert [mask.shows({"zone": zone}, "q") for zone in "BC"].count(True) == 1
    assert all(mask.shows({"zone": zone}) for zone in "ABC")


def test_answers_beside_their_mean_are_shown_whole_or_not_at_all():
    frame = pd.DataFrame({"zone": np.repeat(["A", "B"], 100), "q": np.tile(np.repeat([1, 2, 3, 4], 25), 2)})
    frame.loc[:5, "q"] = 4
    frame.loc[6:24, "q"] = 2
    both = Mask.compute(frame, [Margin(("zone",), ("q",), "both")])
    assert [both.shows({"zone": "A"}, "q", one) for one in (1, 2, 3, 4)] == [False] * 4
    assert both.shows({"zone": "A"}, "q")
    apart = Mask.compute(frame, [Margin(("zone",), ("q",), "answers")])
    assert [apart.shows({"zone": "A"}, "q", one) for one in (1, 2, 3, 4)].count(False) == 2
    asked_twice = Mask.compute(frame, [Margin(("zone",), ("q",)), Margin(("zone",), ("q",), "answers")])
    assert asked_twice.hidden == both.hidden


def test_communities_of_a_zone_add_up_to_it():
    """Nobody declares that communities lie in zones; everybody knows."""
    frame = pd.DataFrame({"community": np.repeat(["A1", "A2", "A3", "B1", "B2"], [5, 20, 30, 25, 25])})
    frame["zone"] = frame["community"].str[0]
    mask = Mask.compute(frame, [Margin(("community",)), Margin(("zone",))], places=["community", "zone"])
    assert [mask.shows({"community": one}) for one in ("A1", "A2", "A3", "B1", "B2")] == [
        False, False, True, True, True,
    ]  # fmt: skip
    assert mask.shows({"zone": "A"})


def test_nobody_asked_there_is_no_secret():
    frame = pd.DataFrame({"zone": np.repeat(["A", "B"], [60, 30]), "wave": np.repeat([1, 2, 2], 30)})
    secret = Mask.compute(frame, [Margin(("zone", "wave")), Margin(("zone",)), Margin(("wave",))])
    known = Mask.compute(frame, secret.margins, places=["zone", "wave"])
    assert not secret.shows({"zone": "A", "wave": 1})
    assert known.count() == 0


def test_those_who_did_not_answer():
    frame = pd.DataFrame({"zone": np.repeat(["A", "B", "C"], 12), "q": np.tile([1.0, 2.0, 3.0], 12)})
    frame.loc[:3, "q"] = np.nan
    mask = Mask.compute(frame, [Margin(("zone",), ("q",))])
    assert mask.shows({"zone": "A"})
    assert not mask.shows({"zone": "A"}, "q")
    assert not mask.shows({"zone": "A"}, "q", None)  # 12 less 4 would be the 8 who did
    assert mask.shows({}, "q", None)


def test_answers_that_nobody_gave_count_as_shares():
    frame = pd.DataFrame({"zone": np.repeat(["A", "B"], 40), "q": np.tile([1, 2], 40)})
    frame["q"] = pd.Categorical(frame["q"], [1, 2, 3])
    mask = Mask.compute(frame, [Margin(("zone",), ("q",), "answers")])
    assert not mask.shows({"zone": "A"}, "q", 3)
    assert mask.levels["q"] == (1, 2, 3)


def test_fewer_than_ten_in_all():
    frame = pd.DataFrame({"zone": ["A", "B", "B"], "q": [1.0, 2.0, 3.0]})
    mask = Mask.compute(frame, [Margin(("zone",), ("q",))])
    assert not mask.shows({})
    assert not mask.shows({}, "q")
    assert not any(mask.shows({"zone": zone}) for zone in "AB")


@pytest.mark.parametrize("threshold", [9, 0, -1])
def test_threshold_goes_up_only(threshold):
    frame = people(0, 50)
    with pytest.raises(InputError, match="10 or more"):
        Mask.compute(frame, [], threshold=threshold)
    raw = json.loads(Mask.compute(frame, []).to_json()) | {"threshold": threshold}
    with pytest.raises(InputError) as raised:
        Mask.from_json(json.dumps(raw))
    assert "门槛" in raised.value.text("zh")


def test_wrong_calls():
    frame = people(0, 50)
    with pytest.raises(ValueError, match="width must be at least the threshold"):
        Mask.compute(frame, [], width=5)
    with pytest.raises(KeyError, match="no column nowhere"):
        Mask.compute(frame, [Margin(("nowhere",))])
    with pytest.raises(ValueError, match="shows must be one of"):
        Margin(("a",), ("q",), "totals")
    with pytest.raises(ValueError, match="either in by or in items"):
        Margin(("a",), ("a",))
    with pytest.raises(ValueError, match="either in by or in items"):
        Mask.compute(frame, [Margin(("a",)), Margin(("b",), ("a",))])


def test_too_many_crossed_columns():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({f"x{one}": rng.integers(0, 12, 300) for one in range(6)})
    with pytest.raises(InputError, match="tie too many columns"):
        Mask.compute(frame, [Margin(tuple(frame.columns))])


@pytest.fixture(scope="module")
def study():
    rng = np.random.default_rng(3)
    size = 400
    frame = pd.DataFrame(
        {
            "zone": rng.choice(["A", "B", "C"], size, p=[0.5, 0.47, 0.03]),
            "wave": rng.integers(1, 3, size),
            "q": rng.integers(1, 6, size).astype(float),
            "r": rng.choice([0.0, 1.0, np.nan], size, p=[0.5, 0.4, 0.1]),
        }
    )
    margins = [
        Margin(("zone", "wave"), ("q", "r")),
        Margin(("wave",), ("q",), "answers"),
        Margin(("zone",), ("q",)),
    ]
    return frame, Mask.compute(frame, margins, places=["zone", "wave"])


def test_round_trip(study):
    frame, mask = study
    again = Mask.from_json(mask.to_json())
    assert again.to_json() == mask.to_json()
    assert again.digest == mask.digest
    assert again.hidden == mask.hidden
    assert again.fits(frame)
    assert not again.fits(frame.iloc[1:])
    assert not again.fits(frame.drop(columns="q"))
    assert Mask.compute(frame, mask.margins, places=mask.places).to_json() == mask.to_json()


def test_row_order_does_not_matter(study):
    frame, mask = study
    shuffled = frame.sample(frac=1, random_state=1)
    assert Mask.compute(shuffled, mask.margins, places=mask.places).digest == mask.digest


def test_digest_follows_what_is_shown(study):
    frame, mask = study
    stricter = Mask.compute(frame, mask.margins, places=mask.places, threshold=20)
    assert stricter.digest != mask.digest
    fewer = Mask.compute(frame, mask.margins[:1], places=mask.places)
    assert fewer.digest != mask.digest


def test_no_count_is_stored(study):
    _, mask = study
    stored = json.loads(mask.to_json())
    assert set(stored) == {"format", "threshold", "width", "places", "margins", "levels", "hidden", "inputs"}
    assert set(stored["hidden"][0]) == {"by", "item", "shares", "cells"}


def test_a_mask_cannot_be_changed(study):
    _, mask = study
    with pytest.raises(dataclasses.FrozenInstanceError):
        mask.threshold = 3


@pytest.mark.parametrize("text", ["", "{}", '{"format": 99}', "[]", '{"format": 1, "margins": 3}'])
def test_what_is_no_mask(text):
    with pytest.raises(InputError, match="no suppression mask"):
        Mask.from_json(text)


def test_cells_nobody_declared(study):
    _, mask = study
    for by, item, answer in [
        ({"sex": "f"}, "", True),
        ({"zone": "A"}, "r", True),
        ({"zone": "A"}, "q", 3),
        ({"wave": 1}, "s", True),
    ]:
        with pytest.raises(InputError, match="not among the tables"):
            mask.shows(by, item, answer)
    with pytest.raises(InputError, match="no respondent has D in zone"):
        mask.shows({"zone": "D", "wave": 1}, "q")
    with pytest.raises(InputError, match="no respondent has 7 in q"):
        mask.shows({"wave": 1}, "q", 7)


def _means(by, rows, term="q"):
    frame = pd.DataFrame(rows, columns=by)
    frame["term"] = term
    frame = frame.assign(estimate=3.5, std_error=0.1, df=20.0, conf_low=3.3, conf_high=3.7, n=50, reason="")
    return Estimates(frame, "weighted mean", n_used=300, n_dropped=9, notes=("df of the design",))


def test_apply_to_estimates(study):
    _, mask = study
    before = _means(["zone", "wave"], [(zone, wave) for zone in "ABC" for wave in (1, 2)])
    found = apply(mask, before)
    frame = found.to_frame()
    hidden = frame["reason"] == "suppressed"
    assert not hidden.all()
    assert hidden[frame["zone"] == "C"].all()
    for name in ("estimate", "std_error", "df", "conf_low", "conf_high", "n"):
        assert frame[name].isna().tolist() == hidden.tolist(), name
    assert frame["term"].eq("q").all()
    assert (before.to_frame()["reason"] == "").all()
    assert type(found) is Estimates
    assert "rows not shown: " in found.summary()
    assert found.n_used == 300
    pd.testing.assert_frame_equal(apply(mask, before.to_frame()), frame)


def test_apply_within_a_wave(study):
    _, mask = study
    one_wave = _means(["zone"], [("A",), ("B",), ("C",)])
    both = apply(mask, _means(["zone", "wave"], [("A", 2), ("B", 2), ("C", 2)])).to_frame()
    assert apply(mask, one_wave, within={"wave": 2}).to_frame()["reason"].tolist() == both["reason"].tolist()
    with pytest.raises(InputError, match="not among the tables"):
        apply(mask, one_wave, within={"sex": "f"})


def test_apply_to_shares(study):
    frame, mask = study
    shares = pd.DataFrame(
        {"wave": [1, 1], "variable": "q", "term": [1.0, 5.0], "estimate": [0.2, 0.3], "n": 9}
    )
    pd.testing.assert_frame_equal(apply(mask, shares), shares)
    crossed = pd.DataFrame({"wave": [1, 2], "q": [1.0, 5.0], "estimate": [0.2, 0.3]})
    pd.testing.assert_frame_equal(apply(mask, crossed), crossed)
    counts = frame.groupby("zone").size().rename("n").reset_index()
    assert apply(mask, counts)["n"].isna().any()


def test_apply_to_comparisons(study):
    _, mask = study
    gaps = pd.DataFrame(
        {
            "zone": ["B", "C", "C"],
            "against": ["A", "A", "B"],
            "term": "q",
            "estimate": [0.1, 0.2, 0.3],
            "different": [True, False, True],
            "letters": ["a", "b", "c"],
        }
    )
    found = apply(mask, gaps, columns={"against": "zone"})
    lost = {zone for zone in "ABC" if not mask.shows({"zone": zone}, "q")}
    assert lost >= {"C"}
    wanted = [bool({"B", "A"} & lost), True, True]
    assert found["different"].isna().tolist() == wanted
    assert found["letters"].eq("").tolist() == wanted
    with pytest.raises(InputError, match="column against"):
        apply(mask, gaps)


def test_apply_refuses_what_it_does_not_know(study):
    _, mask = study
    with pytest.raises(InputError, match="not among the tables"):
        apply(mask, _means(["zone"], [("A",)], term="r"))
    with pytest.raises(InputError, match="term = belonging"):
        apply(mask, _means(["zone"], [("A",)], term="belonging"))
    finer = _means(["zone"], [("A",)]).to_frame().assign(sex="f")
    with pytest.raises(InputError, match="column sex"):
        apply(mask, finer)
    named = apply(mask, _means(["zone"], [("A",)], term="change"), item="q").to_frame()
    assert len(named) == 1


def test_rows_used_of_a_hidden_whole(study):
    _, mask = study
    found = apply(mask, _means([], [()] * 1).__class__(
        pd.DataFrame({"term": ["q"], "estimate": [1.0], "reason": [""]}), "mean", n_used=3
    ), within={"zone": "C", "wave": 1})  # fmt: skip
    assert found.n_used == 0
    assert found.to_frame()["reason"].tolist() == ["suppressed"]
