"""Effects by group and period: the reference from the definitions, hand-made panels, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from govlab.compare import did
from govlab.errors import InputError

FOLDER = Path(__file__).parent.parent / "reference" / "did"
EXPECTED = json.loads((FOLDER / "did_expected.json").read_text(encoding="utf-8"))["group_time"]
CLOSE = {"rel": 1e-12, "abs": 1e-12}


def read() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "staggered.csv")


def run(name: str, **options) -> did.GroupTime:
    control, base = name.split(".")
    found = did.group_time(
        read(), "y", unit="unit", time="time", first_treated="first_treat", control=control.replace("_", "-"),
        base=base, small_sample=False, **options,
    )  # fmt: skip
    # The reference leaves out what a universal base says of the very first period.
    return found.since(2016)


@pytest.mark.parametrize("name", EXPECTED)
def test_cells_meet_the_reference(name):
    ours = run(name).to_frame()
    known = pd.DataFrame(EXPECTED[name]["att_gt"])
    assert list(ours["group"]) == list(known["group"]) and list(ours["time"]) == list(known["time"])
    assert list(ours["base"]) == list(known["base"])
    assert list(ours["estimate"]) == pytest.approx(list(known["att"]), **CLOSE)
    assert list(ours["std_error"]) == pytest.approx(list(known["se"]), **CLOSE)
    assert list(ours["n_treated"]) == list(known["n_treated"])
    assert list(ours["n_control"]) == list(known["n_control"])


@pytest.mark.parametrize("name", EXPECTED)
def test_averages_meet_the_reference(name):
    known, found = EXPECTED[name]["aggregated"], run(name)
    for kind, listed in (("dynamic", "event"), ("group", "group"), ("calendar", "calendar")):
        rows = pd.DataFrame(known[listed])
        ours = found.aggregate(kind)
        key = {"dynamic": "event_time"}.get(kind, "group" if kind == "group" else "time")
        theirs = {"dynamic": "event_time", "group": "group", "calendar": "time"}[kind]
        assert list(ours.frame[key]) == list(rows[theirs])
        assert list(ours.frame["estimate"]) == pytest.approx(list(rows["att"]), **CLOSE)
        if "se" in rows:
            assert list(ours.frame["std_error"]) == pytest.approx(list(rows["se"]), **CLOSE)
    simple = found.aggregate("simple").overall.frame.iloc[0]
    assert simple["estimate"] == pytest.approx(known["simple"]["att"], **CLOSE)
    assert simple["std_error"] == pytest.approx(known["simple"]["se"], **CLOSE)
    event = found.aggregate("dynamic").overall.frame.iloc[0]
    assert event["estimate"] == pytest.approx(known["event_overall"]["att"], **CLOSE)
    assert event["std_error"] == pytest.approx(known["event_overall"]["se"], **CLOSE)
    for kind in ("group", "calendar"):
        overall = found.aggregate(kind).overall.frame.iloc[0]["estimate"]
        assert overall == pytest.approx(known[f"{kind}_overall"], **CLOSE)


def toy() -> pd.DataFrame:
    """Two begin in 3, two in 4, three never; outcome rises by one a period, treatment adds 2."""
    rows = []
    for place, begins in enumerate((3, 3, 4, 4, 0, 0, 0)):
        for time in (1, 2, 3, 4):
            effect = 2.0 if begins and time >= begins else 0.0
            rows.append((f"z{place}", time, begins, 0.3 * place + time + effect, int(effect > 0)))
    return pd.DataFrame(rows, columns=["zone", "wave", "begins", "y", "on"])


def test_treated_by_row_is_the_same_as_beginnings():
    names = {"unit": "zone", "time": "wave"}
    one = did.group_time(toy(), "y", treated="on", **names).to_frame()
    two = did.group_time(
        toy().sample(frac=1, random_state=1), "y", first_treated="begins", **names
    ).to_frame()
    pd.testing.assert_frame_equal(one, two)
    assert list(one.loc[one["event_time"] >= 0, "estimate"]) == pytest.approx([2, 2, 2])
    assert list(one.loc[one["event_time"] < 0, "estimate"]) == pytest.approx([0, 0, 0], abs=1e-12)


def test_small_samples_are_welch():
    from scipy import stats

    rng = np.random.default_rng(3)
    frame = toy().assign(y=lambda one: one["y"] + rng.normal(0, 1, len(one)))
    frame = frame[frame["begins"] != 4]
    found = did.group_time(frame, "y", unit="zone", time="wave", treated="on").to_frame()
    wide = frame.pivot(index="zone", columns="wave", values="y")
    row = found[(found["group"] == 3) & (found["time"] == 4)].iloc[0]
    change = wide[4] - wide[2]
    test = stats.ttest_ind(change[:2], change[2:], equal_var=False)
    assert row["statistic"] == pytest.approx(test.statistic) and row["df"] == pytest.approx(test.df)
    interval = test.confidence_interval()
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((interval.low, interval.high))


def test_clusters_sum_influence():
    """With every unit its own cluster the large-sample error is the plain one; the paper's sum otherwise."""
    options = {"unit": "unit", "time": "time", "first_treated": "first_treat", "small_sample": False}
    plain = did.group_time(read(), "y", **options)
    own = did.group_time(read(), "y", cluster="unit", **options)
    assert list(own.to_frame()["std_error"]) == pytest.approx(list(plain.to_frame()["std_error"]))
    district = did.group_time(read(), "y", cluster="district", **options)
    of = read().drop_duplicates("unit").sort_values("unit")["district"].to_numpy()
    psi = plain.cells.influence[:, 0]
    by_hand = np.sqrt(sum(psi[of == one].sum() ** 2 for one in np.unique(of))) / len(of)
    assert district.to_frame()["std_error"].iloc[0] == pytest.approx(by_hand)


def test_one_cluster_in_an_arm_has_no_error():
    frame = toy().assign(street=lambda one: np.where(one["begins"] == 3, "a", one["zone"]))
    frame["y"] += np.random.default_rng(6).normal(size=len(frame))
    table = did.group_time(frame, "y", unit="zone", time="wave", treated="on", cluster="street").to_frame()
    assert set(table.loc[table["group"] == 3, "reason"]) == {"one-cluster-in-an-arm"}
    assert set(table.loc[table["group"] == 4, "reason"]) == {""}


def test_a_published_difference():
    """Card & Krueger (1994), Am. Econ. Rev. 84, 772-793, table 3: full-time equivalents per restaurant.

    New Jersey raised its minimum wage, Pennsylvania did not; 2.76 before rounding. Restaurants carry an
    error (1.36 there), two states carry none for the law.
    """
    means = pd.DataFrame(
        [("NJ", 1, 0, 20.44), ("NJ", 2, 1, 21.03), ("PA", 1, 0, 23.33), ("PA", 2, 0, 21.17)],
        columns=["state", "wave", "law", "jobs"],
    )
    row = did.group_time(means, "jobs", unit="state", time="wave", treated="law").to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(2.76, abs=0.011)
    assert row["reason"] == "one-treated-unit" and np.isnan(row["p_value"])
    assert set(did.what_can_be_said(2, 1).frame["carries"]) == {"yes", "no"}


def test_band_holds_all_and_is_wider():
    found = run("never_treated.universal").aggregate("dynamic").frame
    assert (found["band_low"] < found["conf_low"]).all() and (found["band_high"] > found["conf_high"]).all()


def test_one_unit_has_no_spread():
    frame = toy()
    frame = frame[~frame["zone"].isin(["z1"])]
    found = did.group_time(frame, "y", unit="zone", time="wave", treated="on")
    table = found.to_frame()
    assert set(table.loc[table["group"] == 3, "reason"]) == {"one-treated-unit"}
    assert table.loc[table["group"] == 3, "std_error"].isna().all()
    dynamic = found.aggregate("dynamic")
    assert set(dynamic.frame["reason"]) == {"one-treated-unit", ""} or "one-treated-unit" in set(
        dynamic.frame["reason"]
    )
    assert np.isnan(dynamic.overall.frame["p_value"].iloc[0])


def test_always_treated_are_left_out():
    frame = toy()
    frame.loc[frame["zone"] == "z0", "on"] = 1
    found = did.group_time(frame, "y", unit="zone", time="wave", treated="on")
    assert len(found.panel.units) == 6 and "left out" in found.summary()


def test_no_variation_is_told():
    flat = toy().assign(y=1.0)
    found = did.group_time(flat, "y", unit="zone", time="wave", treated="on")
    assert set(found.to_frame()["reason"]) == {"no-variation"}
    assert set(found.aggregate("dynamic").frame["reason"]) == {"no-variation"}
    names = {"treated": "on", "unit": "zone", "time": "wave"}
    assert did.two_way(flat, "y", **names).frame["reason"].iloc[0] == "no-variation"
    with pytest.raises(InputError, match="no variation"):
        did.wild_bootstrap(did.two_way(flat, "y", **names))
    one = did.synthetic_control(flat, "y", of="z0", **names)
    assert one.not_applicable is not None and one.effect == pytest.approx(0, abs=1e-12)


def test_labels_of_other_kinds():
    frame = toy().assign(
        zone=lambda one: one["zone"].astype("category"),
        wave=lambda one: pd.to_datetime(one["wave"].map({1: "2021", 2: "2022", 3: "2023", 4: "2024"})),
        on=lambda one: one["on"] == 1,
    )
    plain = did.group_time(toy(), "y", unit="zone", time="wave", treated="on").to_frame()
    other = did.group_time(frame, "y", unit="zone", time="wave", treated="on").to_frame()
    assert list(other["estimate"]) == pytest.approx(list(plain["estimate"]))
    uneven = toy().assign(wave=lambda one: one["wave"].replace({4: 7}))
    found = did.group_time(uneven, "y", unit="zone", time="wave", treated="on")
    assert "not evenly spaced" in found.summary() and set(found.to_frame()["time"]) == {2, 3, 7}


def broken(change: str) -> pd.DataFrame:
    frame = toy()
    if change == "gap":
        return frame.drop(index=[2, 9])
    if change == "missing":
        frame.loc[5, "y"] = np.nan
    elif change == "off":
        frame.loc[3, "on"] = 0
    elif change == "twice":
        return pd.concat([frame, frame.iloc[[4]]])
    elif change == "nobody":
        frame["on"] = 0
    elif change == "two":
        frame.loc[3, "on"] = 2
    elif change == "words":
        frame["y"] = frame["y"].astype(object)
        frame.loc[3, "y"] = "high"
    elif change == "label":
        frame.loc[3, "zone"] = None
    elif change == "one-wave":
        return frame[frame["wave"] == 4]
    elif change == "all-treated":
        return frame[frame["begins"] > 0]
    return frame


FAULTS = {
    "gap": "did.gaps",
    "missing": "did.gaps",
    "off": "did.turns_off",
    "twice": "did.twice",
    "nobody": "did.nobody_treated",
    "two": "did.not_zero_one",
    "words": "did.not_a_number",
    "label": "did.empty_label",
    "one-wave": "did.one_period",
    "all-treated": "did.no_never_treated",
}


@pytest.mark.parametrize("change", FAULTS)
def test_what_cannot_be_carried_is_refused(change):
    with pytest.raises(InputError) as caught:
        did.group_time(broken(change), "y", unit="zone", time="wave", treated="on")
    assert FAULTS[change] in [fault.key for fault in caught.value.faults]
    assert caught.value.text("zh") != caught.value.text("en")


def test_faults_of_beginnings():
    frame = toy()
    frame["begins"] = frame["begins"].astype(float)
    frame.loc[1, "begins"] = 4
    with pytest.raises(InputError, match="z0"):
        did.group_time(frame, "y", unit="zone", time="wave", first_treated="begins")
    words = toy().assign(
        wave=lambda one: one["wave"].map({1: "第一轮", 2: "第二轮", 3: "第三轮", 4: "第四轮"})
    )
    with pytest.raises(InputError) as caught:
        did.group_time(words, "y", unit="zone", time="wave", treated="on")
    assert [one.key for one in caught.value.faults] == ["did.text_periods"]
    order = ["第一轮", "第二轮", "第三轮", "第四轮"]
    words["wave"] = pd.Categorical(words["wave"], order, ordered=True)
    found = did.group_time(words, "y", unit="zone", time="wave", treated="on").to_frame()
    assert list(found["estimate"]) == pytest.approx(
        list(did.group_time(toy(), "y", unit="zone", time="wave", treated="on").to_frame()["estimate"])
    )
    words["begins"] = words["begins"].astype(str)
    with pytest.raises(InputError, match="3, 4"):
        did.group_time(words, "y", unit="zone", time="wave", first_treated="begins")
    between = toy().assign(begins=lambda one: one["begins"].replace({3: 2.5}))
    found = did.group_time(between, "y", unit="zone", time="wave", first_treated="begins")
    assert "between two periods" in found.summary()
    assert set(found.to_frame()["group"]) == {3, 4}
    names = {"unit": "zone", "time": "wave"}
    for wrong in ({"control": "all"}, {"base": "none"}, {"level": 1.0}, {"first_treated": "begins"}):
        with pytest.raises(ValueError):
            did.group_time(toy(), "y", treated="on", **names, **wrong)
    with pytest.raises(KeyError):
        did.group_time(toy(), "z", treated="on", **names)
