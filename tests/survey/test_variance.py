"""The primitive: several stages, lonely units, and its identities."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab.errors import InputError
from govlab.survey import variance
from govlab.survey.design import Design, LonelyPsu
from govlab.survey.estimate import mean, ratio, total

REFERENCE = Path(__file__).parent.parent / "reference" / "survey"
STAGES = {
    "three": {"clusters": ["psu", "ssu", "id"], "fpc": ["N1", "N2", "N3"]},
    "two": {"clusters": ["psu", "ssu"], "fpc": ["N1", "N2"]},
    "one": {"clusters": "psu"},
    "fraction": {"clusters": "psu", "fpc": "f1"},
}


@pytest.mark.parametrize("policy", ["fail", "remove", "adjust", "average", "certainty"])
def test_stages_and_lonely_units_meet_the_reference(policy: LonelyPsu) -> None:
    table = pd.read_csv(REFERENCE / "three_stage.csv")
    expected = pd.read_csv(REFERENCE / "three_stage_expected.csv", keep_default_na=False)
    expected = expected[expected["policy"] == policy]
    assert len(expected) > 60
    if policy == "fail":
        table = table[table["stratum"] != "h2"]
    off = []
    for (name, domains), rows in expected.groupby(["design", "domains"]):
        design = Design(
            table,
            weights="w",
            strata="stratum",
            nest=True,
            lonely_psu=policy,
            adjust_domains=bool(domains),
            **STAGES[name],
        )
        for fn, group in rows.groupby("fn"):
            estimator = {"mean": mean, "total": total}.get(fn.split("_")[0])
            by = fn.split("_by_")[1] if "_by_" in fn else None
            found = ratio(design, "y", "x") if estimator is None else estimator(design, "y", by=by)
            frame = found.frame.set_index(found.frame[by] if by else pd.Index([""]))
            for row in group.itertuples():
                got = frame.loc[row.domain]
                if row.domain == "solo" and fn.startswith("mean"):
                    assert got["reason"] == "one-psu"
                    continue
                pairs = ((got["estimate"], row.est), (got["std_error"], row.se))
                if not all(abs(a - b) <= 1e-12 * abs(b) for a, b in pairs):
                    off.append((name, domains, fn, row.domain, pairs))
    assert not off, off[:5]


def by_hand(table: pd.DataFrame, z: np.ndarray) -> float:
    """One stage with replacement, written out: sum over strata of n/(n-1) sum (t - mean t)^2."""
    added = 0.0
    for _, stratum in table.assign(t=table["w"] * z).groupby("stratum"):
        totals = stratum.groupby("psu")["t"].sum().to_numpy()
        if len(totals) > 1:
            added += len(totals) / (len(totals) - 1) * ((totals - totals.mean()) ** 2).sum()
    return added


@st.composite
def samples(draw: st.DrawFn) -> pd.DataFrame:
    """Up to 40 rows in strata and units, weights, a variable with gaps, domains."""
    rows = draw(st.integers(4, 40))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "stratum": rng.integers(0, draw(st.integers(1, 4)), rows),
            "psu": rng.integers(0, draw(st.integers(2, 6)), rows),
            "w": rng.uniform(0.5, 9, rows),
            "y": np.where(
                rng.random(rows) < 0.1, np.nan, rng.normal(draw(st.sampled_from([0, 100])), 5, rows)
            ),
            "zone": rng.integers(0, draw(st.integers(1, 5)), rows),
        }
    )
    table.loc[0, "y"] = 1.0
    return table


def build(table: pd.DataFrame) -> Design:
    return Design(table, weights="w", strata="stratum", clusters="psu", nest=True, lonely_psu="remove")


@settings(max_examples=60, deadline=None)
@given(samples())
def test_cells_agree_with_the_formula_written_out(table: pd.DataFrame) -> None:
    design = build(table)
    found = total(design, "y", by="zone")
    for row in found.frame.itertuples():
        z = np.where((table["zone"] == row.zone) & table["y"].notna(), table["y"].fillna(0), 0.0)
        if row.n:
            assert row.std_error**2 == pytest.approx(by_hand(table, z), rel=1e-10, abs=1e-18)
            assert variance.covariance(design, z)[0, 0] == pytest.approx(
                by_hand(table, z), rel=1e-10, abs=1e-18
            )


@settings(max_examples=40, deadline=None)
@given(samples(), st.integers(0, 1000))
def test_identities(table: pd.DataFrame, seed: int) -> None:
    frame = mean(build(table), "y", by="zone").frame
    shuffled = mean(build(table.sample(frac=1, random_state=seed)), "y", by="zone").frame
    scaled = mean(build(table.assign(w=table["w"] * 7)), "y", by="zone").frame
    for other in (shuffled, scaled):
        assert other["estimate"].to_numpy() == pytest.approx(
            frame["estimate"].to_numpy(), rel=1e-12, nan_ok=True
        )
        both = zip(other["std_error"], frame["std_error"], strict=True)
        assert all(a == pytest.approx(b, rel=1e-8, abs=1e-12, nan_ok=True) for a, b in both)


@settings(max_examples=40, deadline=None)
@given(samples())
def test_domain_totals_add_up_and_so_do_their_covariances(table: pd.DataFrame) -> None:
    design = build(table)
    whole = total(design, "y")
    parts = total(design, "y", by="zone")
    assert np.nansum(parts.frame["estimate"]) == pytest.approx(whole.frame["estimate"][0], rel=1e-9, abs=1e-9)
    if (parts.frame["reason"] == "").all() and whole.frame["reason"][0] == "":
        covariance = parts.covariance
        assert covariance.sum() == pytest.approx(whole.covariance[0, 0], rel=1e-8, abs=1e-12)
        assert np.linalg.eigvalsh(covariance).min() > -1e-9 * np.trace(covariance) - 1e-12


def test_a_large_joint_covariance_is_the_same_held_sparse(monkeypatch: pytest.MonkeyPatch) -> None:
    from govlab.survey import sample

    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "stratum": rng.integers(0, 3, 300),
            "psu": rng.integers(0, 20, 300),
            "w": rng.uniform(1, 5, 300),
            "y": rng.normal(10, 3, 300),
            "x": rng.normal(0, 1, 300),
            "zone": rng.integers(0, 6, 300),
        }
    )
    held = mean(build(table), ["y", "x"], by="zone").covariance
    monkeypatch.setattr(sample, "_DENSE", 0)
    sparse = mean(build(table), ["y", "x"], by="zone").covariance
    np.testing.assert_allclose(sparse, held, rtol=1e-9, atol=1e-15)


def test_a_lonely_unit_stops_the_computation_and_says_where() -> None:
    table = pd.DataFrame({"stratum": ["a", "a", "b"], "y": [1.0, 2, 3], "w": [1.0, 1, 1]}, index=[10, 11, 12])
    with pytest.raises(InputError, match=r"strata with only one sampled unit: 1 \(rows 12\)") as caught:
        mean(Design(table, weights="w", strata="stratum"), "y")
    assert "12" in caught.value.text("zh")


def test_a_lonely_unit_that_is_the_whole_stratum_adds_nothing() -> None:
    table = pd.DataFrame({"stratum": ["a", "a", "b"], "y": [1.0, 2, 3], "w": [2.0, 2, 1], "N": [4, 4, 1]})
    design = Design(table, weights="w", strata="stratum", fpc="N")
    assert mean(design, "y").frame["std_error"][0] > 0


def test_units_taken_with_certainty_count_as_strata() -> None:
    """A zone that is one fully sampled unit draws its error from the stage below."""
    table = pd.DataFrame(
        {
            "psu": [1, 1, 1, 2, 2, 2],
            "person": range(6),
            "N1": 2,
            "N2": 30,
            "w": 10.0,
            "y": [1.0, 2, 4, 5, 7, 7],
        }
    )
    design = Design(table, weights="w", clusters=["psu", "person"], fpc=["N1", "N2"])
    row = mean(design, "y", by="psu", df="domain").frame.iloc[0]
    assert row["reason"] == ""
    assert row["df"] == 2
    assert row["std_error"] == pytest.approx(np.sqrt((1 - 3 / 30) * np.var([1, 2, 4], ddof=1) / 3), rel=1e-12)


def test_the_wrong_number_of_rows_is_refused() -> None:
    design = Design(pd.DataFrame({"y": [1.0, 2.0]}))
    with pytest.raises(ValueError, match="influence needs 2 rows, got 3"):
        variance.covariance(design, np.zeros(3))
