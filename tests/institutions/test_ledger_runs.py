"""Approval routes, what-if and channels of money: run on small lists whose outcome is worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlab.errors import InputError
from govlab.institutions.ledger import (
    Ledger,
    curve,
    least_share,
    read_communities,
    what_if,
)
from govlab.institutions.ledger.model import Floor
from govlab.institutions.ledger.whatif import in_whole, lowest_first
from govlab.results import NotApplicable

TEXT = {"zh": "甲", "en": "a"}
TEN = Floor.model_validate(
    {"id": "f", "label": TEXT, "item": "p", "level": "community", "at_least": 10, "origin": "user"}
)


@pytest.fixture(scope="module")
def aksu():
    return Ledger.load("aksu-four-sinkings")


def payments(*rows):
    return pd.DataFrame(rows, columns=["payment", "amount", "signatures"])


# -- the spending rule -----------------------------------------------------------------------------


def test_the_rule_runs_and_refuses_to_decide_the_limit(aksu):
    table = payments(("a", 4999.99, 2), ("b", 5000, 2), ("c", 5000.01, 0), ("d", 120, 1))
    found = aksu.run("routine-spending", table).frame.set_index("payment")
    assert found["state"].to_dict() == {"a": "decided", "b": "undecided", "c": "decided", "d": "stopped"}
    assert found["decides"].to_dict() == {
        "a": "street-finance",
        "b": "",
        "c": "street-party",
        "d": "street-finance",
    }
    assert found.loc["b", "reason"] == "both-apply"
    assert found.loc["d", "reason"] == "too-few-signatures"


@pytest.mark.parametrize(("reading", "body"), [("small", "street-finance"), ("large", "street-party")])
def test_a_reading_decides_the_limit(aksu, reading, body):
    table = payments(("a", 1000, 2), ("b", 5000, 2), ("c", 9000, 2))
    found = aksu.run("routine-spending", table, reading={5000: reading})
    assert found.frame.set_index("payment").loc["b", "decides"] == body
    # 15,000 yuan in all: small 1,000 (+ 5,000), large 9,000 (+ 5,000).
    wanted = {"small": {"street-finance": 6000, "street-party": 9000, "": 0},
              "large": {"street-finance": 1000, "street-party": 14000, "": 0}}[reading]  # fmt: skip
    assert found.decided_by().set_index("body")["amount"].to_dict() == wanted
    assert found.decided_by()["share"].sum() == pytest.approx(100)


def test_the_community_never_has_the_last_word(aksu):
    bodies = {one.id: one.level for one in aksu.file.bodies}
    route = aksu.route("routine-spending")
    assert {bodies[one.decides] for one in route.branches} == {"street"}


def test_faults_in_payments_are_listed_with_rows(aksu):
    table = payments(("a", 100, 2), ("a", -5, 2), ("c", "many", 2), ("d", 10, 1.5))
    with pytest.raises(InputError) as caught:
        aksu.run("routine-spending", table)
    said = caught.value.text("en")
    assert "payments, row 3" in said
    assert "payments, row 4" in said
    assert "payments, row 5" in said
    assert len(caught.value.faults) == 4
    with pytest.raises(InputError, match="payment"):
        aksu.run("routine-spending", pd.DataFrame({"amount": [1]}))


@pytest.mark.parametrize("reading", [{4000: "small"}, {5000: "middle"}])
def test_only_what_two_branches_cover_takes_a_reading(aksu, reading):
    with pytest.raises(InputError, match="two rules cover"):
        aksu.run("routine-spending", payments(("a", 100, 2)), reading=reading)


# -- dividing --------------------------------------------------------------------------------------


def test_largest_remainders_by_hand():
    # 10 posts by 5 : 3 : 1 of 9 -> 5.56, 3.33, 1.11: whole 5, 3, 1; the one left goes to .56.
    assert in_whole(10, np.array([5.0, 3.0, 1.0])).tolist() == [6, 3, 1]


@given(st.integers(0, 200), st.lists(st.floats(0.1, 50), min_size=1, max_size=12))
def test_no_post_is_lost_in_dividing(total, weights):
    found = in_whole(total, np.array(weights))
    assert found.sum() == total
    assert (np.abs(found - total * np.array(weights) / sum(weights)) < 1).all()


def test_lowest_first_by_hand():
    # 2, 5, 9 and 5 to give: 2 -> 5 takes 3, the two left lift both fives to 6: level 6.
    assert lowest_first(np.array([2.0, 5.0, 9.0]), 5, whole=False).tolist() == [4, 1, 0]
    # With 6 the level is 6.5; whole posts: 6 each, the one left to the lowest.
    assert lowest_first(np.array([2.0, 5.0, 9.0]), 6, whole=True).tolist() == [5, 1, 0]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=10), st.integers(0, 100))
def test_lowest_first_gives_all_and_never_raises_one_above_another_left_behind(own, total):
    own = np.array(own, dtype=float)
    for whole in (True, False):
        found = lowest_first(own, total, whole=whole)
        assert found.sum() == pytest.approx(total)
        after = own + found
        assert (after[found > 0] <= after.min() + 1 + 1e-9).all()


# -- what if ---------------------------------------------------------------------------------------


def small():
    """Street A: 10 posts to give, communities of 4 and 8; street B: 4 to give, one of 7."""
    places = pd.DataFrame(
        [("a1", "A", 300, 4, "yes"), ("a2", "A", 100, 8, "yes"), ("b1", "B", 200, 7, "yes")],
        columns=["community", "street", "residents", "staff", "fictional"],
    )
    streets = pd.DataFrame([("A", 10, "yes"), ("B", 4, "yes")], columns=["street", "staff", "fictional"])
    return places, streets


def test_what_if_by_hand():
    communities = read_communities(*small(), "staff", whole=True)
    # 70 %: A gives 7, B gives 2 (2.8 down). Equal: 7 = 4 + 3 -> 8, 11; b1 9. Below ten: a1, b1.
    found = what_if(communities, TEN, share=70)
    assert found.frame["received"].tolist() == [4, 3, 2]
    assert found.frame["after"].tolist() == [8, 11, 9]
    assert found.below == 2
    # By residents 300 : 100 -> 5.25, 1.75 -> 5, 2: 9, 10, 9: a1 and b1.
    assert what_if(communities, TEN, share=70, way="residents").frame["after"].tolist() == [9, 10, 9]
    # Lowest first: 4, 8 and 7 to give -> 19 / 2 = 9.5: 9 each, one more to a1: 10, 9.
    assert what_if(communities, TEN, share=70, way="lowest-first").frame["after"].tolist() == [10, 9, 9]


def test_curve_and_least_share_by_hand():
    communities = read_communities(*small(), "staff", whole=True)
    table = curve(communities, TEN, shares=[0, 70, 100])
    # 0 %: all three below, lacking 6 + 2 + 3; 100 %: A 5 + 5 -> 9, 13, B 11: only a1, lacking 1.
    assert table["below"].tolist() == [3, 2, 1]
    assert table["short"].tolist() == [11, 3, 1]
    found = least_share(communities, TEN)
    assert isinstance(found, NotApplicable)
    assert found.reason == "never-reached"
    # Lowest first reaches ten in A with 8 posts (80 %); b1 needs 3 of 4 (75 %).
    assert least_share(communities, TEN, way="lowest-first") == 80


def test_what_if_refuses_real_places_and_lists_every_row():
    places, streets = small()
    places["fictional"] = ["yes", "no", "yes"]
    places["staff"] = [4, -1, 7]
    places["street"] = ["A", "A", "C"]
    with pytest.raises(InputError) as caught:
        read_communities(places, streets, "staff", whole=True)
    assert {one.key for one in caught.value.faults} == {
        "ledger.not_fictional", "ledger.amount", "ledger.unknown_street"
    }  # fmt: skip
    with pytest.raises(InputError, match="staff"):
        read_communities(places.drop(columns="staff"), streets, "staff", whole=True)


def test_a_floor_told_as_text_only_is_never_applied(aksu):
    communities = read_communities(*small(), "staff", whole=True)
    with pytest.raises(ValueError, match="text only"):
        what_if(communities, aksu.floor("staff-key"), share=70)
    with pytest.raises(ValueError, match="0 to 100"):
        what_if(communities, TEN, share=120)


# -- channels --------------------------------------------------------------------------------------


def money(*rows):
    return pd.DataFrame(
        rows, columns=["channel", "community", "year", "purpose", "received", "spent", "plan"]
    )


def test_channels_by_hand():
    found = Ledger.load("lulei-funding")
    table = money(
        ("party-service", "x", 2025, "meals", 100, 60, ""), ("party-service", "y", 2025, "meals", 100, 100, ""),
        ("purchase", "x", 2025, "meals", 200, 150, "p1"), ("purchase", "y", 2025, "repairs", 100, 90, ""),
    )  # fmt: skip
    frame = found.funding(table).frame.set_index("channel")
    # party service: 200 received, 160 spent, 40 left: 20 %; 200 of 500: 40 % of all money.
    assert frame.loc["party-service", ["unspent", "rate", "share"]].tolist() == pytest.approx([40, 20, 40])
    assert frame.loc["foundation", "reason"] == "not-stated"
    # Only x has two channels for one purpose; one of the two rows is in no plan: apart, 100 + 200.
    apart = found.uncoordinated(table).frame.iloc[0]
    assert (apart["purpose"], apart["cases"], apart["uncoordinated"], apart["amount"]) == ("meals", 1, 1, 300)
    table.loc[0, "plan"] = "p1"
    assert found.uncoordinated(table).frame.iloc[0]["uncoordinated"] == 0


def test_faults_of_channels():
    found = Ledger.load("lulei-funding")
    table = money(("lottery", "x", 2025, "meals", 100, 60, ""), ("purchase", "x", 2025, "meals", 100, 160, ""),
                  ("purchase", "x", 2025, "meals", -1, 0, ""))  # fmt: skip
    with pytest.raises(InputError) as caught:
        found.funding(table)
    assert [one.key for one in caught.value.faults] == [
        "ledger.unknown_channel", "ledger.overspent", "ledger.amount"
    ]  # fmt: skip
