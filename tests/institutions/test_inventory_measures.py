"""Measures of the lists: numbers worked out by hand in the comments, identities by property."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.errors import InputError
from govlab.institutions import inventory as inv
from govlab.institutions.inventory.hours import accounts
from govlab.institutions.inventory.sharing import effective
from tests.institutions.listed import BOTH, D, actor, book, need

PEOPLE = [actor("a1", "party"), actor("a2", "shop", will="no", means="unknown"), actor("a3", "enterprise"),
          actor("a4", "shop", **dict.fromkeys(("will", "ability", "means", "relation"), "no"))]  # fmt: skip


def values(found):
    return found.to_frame().set_index("measure")["value"].to_dict()


def test_participants_by_hand():
    frame = inv.participants(book(actors=PEOPLE)).to_frame().set_index("kind")
    # two shops: a2 says yes to ability and relation, a4 to nothing
    assert frame.loc["shop"].to_dict() == {
        "n": 2, "will": 0, "ability": 1, "means": 0, "relation": 1, "unknown": 1, "any": 1, "all": 0,
    }  # fmt: skip
    assert frame.loc["party", "all"] == 1


def test_course_by_hand():
    held = book(needs=[
        need("n1", since=D(2025, 1, 1)), need("n2", since=D(2025, 1, 10), status="done", closed=D(2025, 2, 1)),
        need("n3", since=D(2025, 3, 1), status="dropped", closed=D(2025, 3, 2)),
    ])  # fmt: skip
    frame = inv.course(held, [D(2025, 1, 31), D(2025, 2, 1), D(2025, 3, 31)]).to_frame()
    own = frame[frame["list"] == "needs"]
    # 31 Jan: n1, n2 open; 1 Feb: n2 closed that day; 31 Mar: n3 came and went
    assert own[["opened", "open", "done", "dropped"]].to_numpy().tolist() == [
        [2, 2, 0, 0],
        [2, 1, 1, 0],
        [3, 1, 1, 1],
    ]


def test_duplicates_by_hand():
    def named(code, zh, **more):
        return need(code, **{"name::中文 (zh)": zh, "name::English (en)": ""}, **more)

    held = book(needs=[
        named("n1", "三号楼老人助餐服务"), named("n2", "三号楼老人助餐"), named("n3", "三号楼老人助餐", place="west"),
        named("n4", "3号楼老人助餐"), named("n5", "4号楼老人助餐"), named("n6", "路灯"),
    ])  # fmt: skip
    frame = inv.duplicates(held, least=0.8).to_frame()
    # n1 has 8 pairs of letters, n2 has 6, 6 in common: 2 * 6 / 14; n3 lies elsewhere, n4 and n5 differ in numbers
    assert frame[["first", "second"]].to_numpy().tolist() == [["n1", "n2"]]
    assert frame["likeness"].iloc[0] == pytest.approx(12 / 14, rel=1e-12)
    with pytest.raises(ValueError, match="least"):
        inv.duplicates(held, least=0)


def test_agreements_by_hand():
    """In force on 1 July 2025: g2 (a1 -> a2 skills, a2 -> a1 space) and g3 (a3 -> a1 space)."""

    def line(agreement, giver, receiver, shares, since, until=None, renews=""):
        return {"agreement": agreement, "giver": giver, "receiver": receiver, "shares": shares, "since": since,
                "until": until, "renews": renews}  # fmt: skip

    held = book(actors=PEOPLE, agreements=[
        line("g0", "a2", "a1", "space", D(2023, 1, 1), D(2023, 12, 31)),
        line("g1", "a2", "a1", "space", D(2024, 1, 1), D(2024, 12, 31)),
        line("g2", "a1", "a2", "skills", D(2025, 1, 1), None, "g1"), line("g2", "a2", "a1", "space", D(2025, 1, 1)),
        line("g3", "a3", "a1", "space", D(2025, 2, 1), D(2025, 7, 1)),
    ])  # fmt: skip
    found = inv.agreements(held, D(2025, 7, 1))
    assert values(found) == pytest.approx({
        "kinds_of_actors": 3, "effective_actors": 3.0,  # party, shop, enterprise: one each
        "informal_share": 1 / 3,  # the shop
        "things_shared": 2, "effective_things": 1 / (1 / 9 + 4 / 9), "space_share": 2 / 3,
        "renewed": 0.5,  # g1 of g0, g1
        "two_way": 2 / 3,  # a1-a2 both ways, a3-a1 not
        "both_ways": 0.5,  # g2 of g2, g3
    }, rel=1e-12)  # fmt: skip
    empty = inv.agreements(book(), D(2025, 7, 1)).to_frame()
    assert set(empty["reason"]) == {"no-agreement", "none-ended"}
    assert empty["value"].isna().all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.integers(2, 5))
def test_effective_number_of_kinds(counts, times):
    found = effective(counts)
    assert 1 - 1e-12 <= found <= len(counts) + 1e-12
    assert effective([one * times for one in counts]) == pytest.approx(found, rel=1e-12)
    assert effective(counts * times) == pytest.approx(times * found, rel=1e-12)  # replication principle
    assert effective([7] * len(counts)) == pytest.approx(len(counts), rel=1e-12)


def test_library_by_hand():
    def project(code, status, **more):
        return {
            "id": code,
            **BOTH,
            "proposer": "a2",
            "capability": "x",
            "since": D(2024, 1, 1),
            "status": status,
        } | more

    bought = {"purchaser": "a1", "price": 1000, "bought": D(2024, 2, 1)}
    held = book(actors=PEOPLE, library=[
        project("l1", "offered"), project("l2", "finished", **bought),
        project("l3", "evaluated", **bought, evaluated=D(2025, 1, 1), evaluator="a3", met=6, promised=10),
        project("l4", "evaluated", **bought, evaluated=D(2025, 1, 1), evaluator="a1", met=5, promised=10),
    ])  # fmt: skip
    found = values(inv.library(held))
    assert (found["offered"], found["evaluated"], found["bought_share"], found["spent"]) == (1, 2, 0.75, 3000)
    # two of three finished were evaluated; one of the two by neither side; 11 of 20 kept
    assert [found[one] for one in ("evaluated_share", "independent_share", "kept")] == pytest.approx(
        [2 / 3, 0.5, 0.55]
    )


def test_consultations_by_hand():
    def meeting(code, **more):
        return {
            "id": code,
            **BOTH,
            "place": "east",
            "since": D(2025, 1, 1),
            "form": "talk",
            "status": "open",
        } | more

    held = book(actors=PEOPLE, needs=[need("n1")], consultations=[
        meeting("c1", convener="a1", present=("a2", "residents"), invited=20, attended=10, about=("n1",),
                decided_by="vote", rules="no", minutes="yes", status="done", closed=D(2025, 1, 31)),
        meeting("c2", convener="a1", present=("a1", "a2", "a3"), invited=20, attended=14, rules="unknown"),
    ])  # fmt: skip
    found = values(inv.consultations(held))
    assert [found[one] for one in ("who", "what", "how", "rules", "all_four")] == [1, 0.5, 0.5, 0.5, 0.5]
    assert (found["attended_share"], found["kinds"], found["written_rules"]) == (24 / 40, 2.5, 0)
    assert (found["closed"], found["days"]) == (0.5, 30)


MOVES = st.lists(
    st.tuples(
        st.integers(0, 60), st.integers(0, 4), st.integers(1, 4), st.integers(1, 8), st.integers(0, 40)
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(MOVES, st.integers(0, 110))
def test_hours_are_neither_made_nor_lost(moves, today):
    """Given - received - expired = balance for each; balances and expired hours of all come to nothing."""
    start = np.datetime64("2025-01-01")
    days = np.array([start + day for day, *_ in moves], dtype="datetime64[D]")
    givers = [f"m-{one}" for _, one, *_ in moves]
    receivers = [f"m-{(one + step) % 5}" for _, one, step, *_ in moves]
    hours = np.array([amount / 2 for *_, amount, _ in moves], dtype=float)
    ends = np.array(
        [days[k] + (last if last else 10_000) for k, (*_, last) in enumerate(moves)], dtype="datetime64[D]"
    )
    found = accounts(days, givers, receivers, hours, ends, start + today)
    for one in found.values():
        assert one.given - one.received - one.expired == pytest.approx(one.balance, abs=1e-9)
        assert one.expired >= 0
    total = sum(one.balance + one.expired for one in found.values())
    assert total == pytest.approx(0, abs=1e-9)


def test_expiry_by_hand():
    """m-1 gives 3 h (good to 31 March) and 2 h (to 30 June), gets 4 h on 10 February: 1 h of the second left.

    What expires first is spent first. On 1 July that hour is gone; m-2 stands at -1, m-3 gave 4 and has 4.
    """
    days = np.array(["2025-01-01", "2025-01-05", "2025-02-10"], dtype="datetime64[D]")
    ends = np.array(["2025-03-31", "2025-06-30", "NaT"], dtype="datetime64[D]")
    asked = (days, ["m-1", "m-1", "m-3"], ["m-2", "m-2", "m-1"], np.array([3.0, 2.0, 4.0]), ends)
    june, july = (accounts(*asked, np.datetime64(day)) for day in ("2025-06-30", "2025-07-01"))
    assert (june["m-1"].balance, june["m-1"].expired) == (1.0, 0.0)
    assert (july["m-1"].balance, july["m-1"].expired) == (0.0, 1.0)
    assert (july["m-2"].balance, july["m-3"].balance) == (-5.0, 4.0)


def bank(sizes, extra=()):
    """Every member of a group gives one hour to the next of the group; ``extra``: moves between groups."""
    rows, number = [], 0
    for group, size in sizes.items():
        codes = [f"m-{number + one:03d}" for one in range(size)]
        number += size
        for one in range(size):
            rows.append({"giver": codes[one], "giver_group": group, "receiver": codes[(one + 1) % size],
                         "receiver_group": group})  # fmt: skip
    rows += extra
    moves = [{"id": f"t{k}", "date": D(2025, 1, 1), "hours": 1, **row} for k, row in enumerate(rows)]
    return book(time_bank=moves)


def test_groups_below_ten_are_not_shown_nor_to_be_worked_out():
    found = inv.time_bank(bank({"big": 30, "mid": 12, "few": 4}), D(2025, 6, 1))
    frame = found.to_frame().set_index("group")
    # the small one, and the next smallest with it
    assert frame["reason"].to_dict() == {"big": "", "mid": "small-cell", "few": "small-cell"}
    assert frame.loc["big", ["members", "hours_given", "balance", "both"]].to_list() == [30, 30, 0, 1]
    assert frame.loc[["mid", "few"]].drop(columns="reason").isna().all().all()
    assert found.flows().set_index("giver_group")["hours"].dropna().to_dict() == {"big": 30.0}
    assert not {"m-001", "m-040"} & set(frame.astype(str).to_numpy().ravel())
    assert found.concentration() == pytest.approx(4 / 46)
    assert found.statement("m-001").given == 1
    with pytest.raises(ValueError, match="least must be at least 10"):
        inv.time_bank(bank({"big": 30}), D(2025, 6, 1), least=3)


def test_a_withheld_flow_is_not_the_rest_of_its_row():
    extra = [{"giver": f"m-{k:03d}", "giver_group": "a", "receiver": f"m-{20 + k:03d}", "receiver_group": "b"}
             for k in range(2)]  # fmt: skip
    flow = inv.time_bank(bank({"a": 20, "b": 20}, extra), D(2025, 6, 1)).flows()
    # a -> b has two givers; a -> a would be the margin less it, and so b -> b in its column
    assert flow["hours"].isna().all()


def test_no_bank_is_an_empty_table():
    frame = inv.time_bank(book(), dt.date(2025, 1, 1)).to_frame()
    assert frame.empty
    assert np.isnan(inv.time_bank(book(), dt.date(2025, 1, 1)).concentration())


def test_a_fault_says_where():
    with pytest.raises(InputError, match="needs, row 2, weight"):
        book(needs=[need("n1", weight=-1)])
