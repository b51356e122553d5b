"""Ledgers: shares, shifts, concentration, money beside duties, floors; every number worked out in a comment."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlab.cases import load_catalogue
from govlab.data.definition import Origin, fact_faults, read_definition
from govlab.errors import InputError
from govlab.institutions.ledger import Ledger, LedgerFile, herfindahl, names
from govlab.institutions.ledger.measures import least_below
from govlab.results import NotApplicable

FLAGS = {name: frozenset(f.value for f in fact.flags) for name, fact in load_catalogue().facts.items()}
TEXT = {"zh": "甲", "en": "a"}


def ledger(items, holdings, **more):
    """A ledger of two levels and two periods with a body on each level."""
    raw = {
        "format": 1, "kind": "ledger", "id": "t", "title": TEXT, "about": TEXT,
        "periods": [{"id": one, "label": TEXT} for one in ("before", "after")],
        "levels": [{"id": one, "label": TEXT} for one in ("street", "community")],
        "bodies": [{"id": "s", "label": TEXT, "level": "street"}, {"id": "c", "label": TEXT, "level": "community"}],
        "items": [{"label": TEXT, "origin": "user"} | one for one in items],
        "holdings": [{"origin": "user"} | one for one in holdings],
    }  # fmt: skip
    return Ledger.of(LedgerFile.model_validate(raw | more))


def held(item, body, period, **how):
    return {"item": item, "body": body, "period": period} | how


def rows(found):
    return {row["item"]: row for row in found.frame.to_dict("records")}


POSTS = [{"id": "posts", "kind": "staff"}]


def test_share_shift_concentration_by_hand():
    # 30 of 40 posts with the street: 75 %; then 10 of 40: 25 %. The community goes from 25 to 75: +50.
    found = ledger(
        POSTS,
        [
            held("posts", "s", "before", amount=30), held("posts", "c", "before", amount=10),
            held("posts", "s", "after", amount=10), held("posts", "c", "after", amount=30),
        ],
    )  # fmt: skip
    row = rows(found.shift("community"))["posts"]
    assert (row["before"], row["after"], row["shift"]) == pytest.approx((25, 75, 50), rel=1e-12)
    # 0.75^2 + 0.25^2 = 0.625; 1 / 0.625 = 1.6 equal holders.
    frame = found.concentration().frame
    assert frame["index"].tolist() == pytest.approx([0.625, 0.625], rel=1e-12)
    assert frame["equal_holders"].tolist() == pytest.approx([1.6, 1.6], rel=1e-12)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=8))
def test_concentration_lies_between_its_bounds(amounts):
    import numpy as np

    shares = np.array(amounts) / sum(amounts)
    assert 1 / len(amounts) - 1e-12 <= herfindahl(shares) <= 1 + 1e-12


def test_silence_is_not_zero():
    found = ledger(POSTS, [held("posts", "c", "after", share=70)])
    row = rows(found.shift("community"))["posts"]
    assert row["after"] == 70
    assert math.isnan(row["before"])
    assert math.isnan(row["shift"])
    assert row["reason"] == "before-not-stated"
    # The street is not named after: 70 of 100 are accounted for, so its share is not known to be 0.
    assert rows(found.shift("street"))["posts"]["reason"] == "before-not-stated"
    assert found.shares().frame["state"].tolist() == ["not-stated", "share"]
    assert set(found.concentration().frame["reason"]) == {"not-stated", "in-part"}


def test_a_holder_without_a_number_is_no_share():
    found = ledger(POSTS, [held("posts", "s", "after", amount=5), held("posts", "c", "after")])
    assert found.shift("community").frame["reason"].tolist() == ["before-not-stated"]
    assert found.concentration().frame["reason"].tolist() == ["not-stated", "holder-only"]
    assert found.shares().frame["share"].isna().all()


@pytest.mark.parametrize(
    ("duty", "money", "verdict"),
    [
        # shifts of the community in points: 60 and 55 differ by 5; 60 and 20 by 40; and so on
        (60, 55, "together"), (60, 20, "lags"), (20, 60, "leads"), (60, 0, "without-money"),
        (0, 60, "money-only"), (60, -30, "apart"), (0, 0, "neither"),
    ],
)  # fmt: skip
def test_money_that_follows(duty, money, verdict):
    items = [
        {"id": "m", "kind": "money"},
        {"id": "d", "kind": "duty", "funds": [{"item": "m", "origin": "user"}]},
    ]
    shares = []
    for item, shift in (("d", duty), ("m", money)):
        for period, share in (("before", 40), ("after", 40 + shift)):
            shares += [held(item, "c", period, share=share), held(item, "s", period, share=100 - share)]
    row = ledger(items, shares).funds_follow("community").frame.iloc[0]
    assert row["verdict"] == verdict
    assert row["gap"] == pytest.approx(duty - money, abs=1e-9)


def test_a_duty_without_a_money_line_says_so():
    found = ledger([{"id": "d", "kind": "duty"}], [held("d", "c", "after", share=100)])
    assert found.funds_follow("community").frame["reason"].tolist() == ["no-money-line"]


# -- the shipped definitions -----------------------------------------------------------------------


def test_shipped_definitions_are_in_order_and_use_no_banned_fact():
    assert set(names()) >= {
        "aksu-four-sinkings", "beijing-three-fixings", "zhejiang-holdings", "lulei-funding"
    }  # fmt: skip
    for name in names():
        found = Ledger.load(name, flags=FLAGS)
        assert found.file.id == name
        assert found.origins["source"] > 0
        assert not found.file.fictional


def test_aksu_as_the_text_has_it():
    aksu = Ledger.load("aksu-four-sinkings")
    shift = rows(aksu.shift("community"))
    assert shift["street-staff"]["after"] == shift["operating-funds"]["after"] == 70
    assert shift["appraised"]["after"] == 90
    # No quantity is stated before, so not one change can be given.
    assert aksu.shift("community").frame["shift"].isna().all()
    covered = aksu.coverage().frame.iloc[0]
    assert (covered["announced"], covered["named"], covered["unnamed"]) == (37, 13, 24)
    chains = aksu.levels_passed().frame.set_index("chain")
    assert chains.loc["social-affairs", ["before", "after", "change"]].tolist() == [3, 2, -1]
    assert chains.loc["information-systems", "reason"] == "after-not-stated"
    facts = load_catalogue().facts
    assert facts["AKS-017"].value == 70
    assert facts["AKS-030"].value == 37
    assert len(facts["AKS-030"].parts) == 13


def test_aksu_floors():
    aksu = Ledger.load("aksu-four-sinkings")
    # 1,224 cadres make 122 communities of ten; 147 - 122 = 25 must lie below.
    assert aksu.below_at_least("staff") == 25
    found = aksu.below_at_least("staff-key")
    assert isinstance(found, NotApplicable)
    assert found.reason == "text-only"
    assert aksu.below_at_least("work-funds").reason == "not-stated"
    assert {one.id: one.at_least for one in aksu.file.floors} == {
        "staff": 10, "staff-key": 15, "work-funds": 120_000, "service-funds": 200_000
    }  # fmt: skip


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=20), st.integers(1, 15)
)  # fmt: skip
def test_the_bound_on_a_floor_holds_for_every_division(amounts, floor):
    below = sum(one < floor for one in amounts)
    assert least_below(sum(amounts), len(amounts), floor) <= below


def test_an_assumption_is_the_users_and_gives_the_change():
    aksu = Ledger.load("aksu-four-sinkings")
    assumed = aksu
    for item in ("operating-funds", "first-review"):
        assumed = assumed.assuming(item, "before", {"street-office": 100})
    row = assumed.funds_follow("community").frame.iloc[0]
    # powers 0 -> 100, money 0 -> 70
    assert (row["shift_item"], row["shift_money"], row["verdict"]) == (100, 70, "lags")
    assert assumed.origins["user"] == 2
    assert aksu.origins["user"] == 0
    with pytest.raises(InputError, match="already"):
        aksu.assuming("operating-funds", "after", {"street-office": 100})


def test_beijing_fills_three_of_nine_cells():
    frame = Ledger.load("beijing-three-fixings").stated("after").frame
    frame = frame[frame["body"] != "merged"]
    assert (frame["state"] == "content").sum() == 3
    assert set(frame.loc[frame["kind"].isin(["staff", "money"]), "state"]) == {"holder"}


def test_haining_is_the_only_zhejiang_area_with_numbers():
    frame = Ledger.load("zhejiang-holdings").shares().frame
    # 1 + 5 + 3 = 9 posts
    mine = frame[frame["item"] == "haining-posts"].dropna(subset="amount")
    assert mine["amount"].sum() == 9
    assert mine["share"].tolist() == pytest.approx([100 / 9, 500 / 9, 300 / 9], rel=1e-12)
    assert frame[~frame["item"].str.startswith("haining")]["share"].isna().all()


def test_every_definition_names_its_origin():
    for name in names():
        file = Ledger.load(name).file
        for one in (*file.items, *file.holdings, *file.floors, *file.chains, *file.channels):
            assert one.origin is not Origin.SOURCE or one.facts


# -- bad input -------------------------------------------------------------------------------------


def test_every_fault_at_once():
    items = [
        {"id": "p", "kind": "staff"},
        {"id": "d", "kind": "duty", "funds": [{"item": "p", "origin": "user"}]},
    ]
    with pytest.raises(InputError) as caught:
        ledger(
            items,
            [
                held("p", "s", "before", amount=2.5), held("p", "s", "before", amount=3),
                held("x", "nobody", "then"), held("d", "s", "after", share=80), held("d", "c", "after", share=30),
            ],
            periods=[
                {"id": "before", "label": TEXT, "since": "2020-01-01", "until": "2020-12-31"},
                {"id": "after", "label": TEXT, "since": "2020-06-01"},
            ],
            floors=[{"id": "f", "label": TEXT, "item": "p", "level": "county", "at_least": 1, "origin": "user"}],
        )  # fmt: skip
    keys = {fault.key for fault in caught.value.faults}
    assert keys == {
        "ledger.part_post", "ledger.held_twice", "ledger.unknown_item", "ledger.unknown_body",
        "ledger.unknown_period", "ledger.over_100", "ledger.overlap", "ledger.unknown_level", "ledger.not_money",
    }  # fmt: skip
    for lang in ("zh", "en"):
        assert len(caught.value.text(lang).splitlines()) == len(caught.value.faults)


def test_facts_of_control_are_refused():
    # AKS-066: security staff added, flagged population control; AKS-045: risk tiers of grids.
    found = ledger([{"id": "p", "kind": "staff", "facts": ["AKS-066", "AKS-045", "AKS-999"]}], [])
    faults = fact_faults(found.file, FLAGS, ("mine.yaml",))
    assert [one.key for one in faults] == [
        "definition.never_scored", "definition.never_scored", "definition.unknown_fact"
    ]  # fmt: skip
    with pytest.raises(InputError, match="population-control"):
        Ledger.of(found.file, flags=FLAGS)


def test_yaml_faults_name_file_line_and_field(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "format: 1\nkind: ledger\nid: mine\ntitle: {zh: 甲, en: a}\nabout: {zh: 甲, en: a}\n"
        "periods:\n- {id: now, label: {zh: 甲, en: a}}\nlevels:\n- {id: street, label: {zh: 甲, en: a}}\n"
        "items:\n- {id: p, kind: staff, lable: {zh: 甲, en: a}, origin: user}\n"
        "- {id: q, kind: posts, label: {zh: 甲, en: a}, origin: user}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        Ledger.load(path)
    said = caught.value.text("en")
    assert "mine.yaml, line 11" in said
    assert "mine.yaml, line 12" in said
    assert "items[1].lable" in said
    path.write_text("kind: ledger\nid: ]\ntitle: x\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml, line 2"):
        Ledger.load(path)
    with pytest.raises(InputError, match="kind: duties is wanted"):
        read_definition(path.parent / _written(tmp_path), LedgerFile, "duties")


def _written(folder):
    (folder / "other.yaml").write_text("kind: ledger\n", encoding="utf-8")
    return "other.yaml"


def test_a_source_without_a_fact_is_refused(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "format: 1\nkind: ledger\nid: mine\ntitle: {zh: 甲, en: a}\nabout: {zh: 甲, en: a}\n"
        "periods:\n- {id: now, label: {zh: 甲, en: a}}\nlevels:\n- {id: street, label: {zh: 甲, en: a}}\n"
        "items:\n- {id: p, kind: staff, label: {zh: 甲, en: a}, origin: source}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="at least one fact"):
        Ledger.load(path)


def test_names_that_are_not_there():
    with pytest.raises(InputError, match="aksu-four-sinkings"):
        Ledger.load("aksu")
    aksu = Ledger.load("aksu-four-sinkings")
    with pytest.raises(ValueError, match="level must be one of"):
        aksu.shift("village")
    with pytest.raises(ValueError, match="period must be one of"):
        aksu.shift("community", "now")
    with pytest.raises(ValueError, match="floor must be one of"):
        aksu.floor("none")
