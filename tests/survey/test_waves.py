"""Between waves: R's contrasts, overlap, and what the difference in differences may claim."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from govlab.errors import InputError
from govlab.survey.design import Design
from govlab.survey.waves import change, difference_in_differences
from tests.survey.reference import Compared

NAMES = [
    *(
        "lik",
        "lik_fpc",
        "lik_nostrata",
        "lik_w",
        "lik_post",
        "lik_rake",
        "lik_greg",
        "lik_calrake",
        "lik_callogit",
    ),
    *("lik_trim", "lik_trim1", "lik_greg_fpc", "lik_jkn", "lik_jk1", "lik_jkn_fpc", "lik_jkn_mse"),
]
STATS = {
    "est": "estimate",
    "se": "std_error",
    "stat": "statistic",
    "p": "p_value",
    "lci": "conf_low",
    "uci": "conf_high",
}


@pytest.mark.parametrize("name", NAMES)
def test_difference_in_differences_meets_the_reference(
    name: str, designs: dict[str, Design], expected: pd.DataFrame
) -> None:
    compared = Compared(name)
    part = expected[(expected["design"] == name) & (expected["fn"] == "svycontrast_did")]
    for variable, waves in part[["var", "domain"]].drop_duplicates().itertuples(index=False):
        later, earlier = (int(one) for one in waves.split()[1].split("-"))
        found = difference_in_differences(
            designs[name],
            variable,
            wave="wave",
            between=(earlier, later),
            treated="pilot",
            zone="zone",
            df="design",
        ).frame.iloc[0]
        for stat, column in STATS.items():
            compared.one("svycontrast_did", variable, stat, found[column], domain=waves, term="pilot 1-0")
    compared.done("svycontrast_did")


def panel(zones: int = 8, units: int = 5, people: int = 6, shock: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """Two waves of the same people in units in zones, half of the zones treated; no effect."""
    rng = np.random.default_rng(seed)
    zone = np.repeat(np.arange(zones), units * people)
    unit = np.repeat(np.arange(zones * units), people)
    person = np.arange(len(zone))
    level = rng.normal(size=len(zone)) + rng.normal(0, 0.5, zones * units)[unit]
    parts = []
    for wave in (1, 2):
        moved = shock * rng.normal(size=zones)[zone] if wave == 2 else 0.0
        y = level + moved + rng.normal(0, 0.5, len(zone))
        parts.append(pd.DataFrame({"zone": zone, "unit": unit, "person": person, "wave": wave, "y": y}))
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(treated=(frame["zone"] % 2).astype(int), area="all")


def test_overlap_makes_the_error_of_a_change_smaller() -> None:
    frame = panel()
    kept = change(
        Design(frame, clusters="person"), "y", wave="wave", between=(1, 2), person="person"
    ).frame.iloc[0]
    apart = change(Design(frame), "y", wave="wave", between=(1, 2)).frame.iloc[0]
    wide = frame.pivot(index="person", columns="wave", values="y")
    paired = stats.ttest_rel(wide[2], wide[1])
    assert kept["estimate"] == pytest.approx((wide[2] - wide[1]).mean())
    assert kept["statistic"] == pytest.approx(paired.statistic, rel=1e-10)
    assert kept["p_value"] == pytest.approx(paired.pvalue, rel=1e-8)
    assert apart["std_error"] > 1.5 * kept["std_error"]
    assert kept["before"] + kept["estimate"] == pytest.approx(kept["after"])


def test_a_person_in_two_units_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        change(Design(panel()), "y", wave="wave", between=(1, 2), person="person")
    assert raised.value.faults[0].key == "survey.person_in_two_units"


def test_change_by_group(designs: dict[str, Design]) -> None:
    found = change(designs["lik"], "q3", wave="wave", between=("1", "3"), by=["zone"])
    assert found.frame["zone"].tolist() == [f"Z{place}" for place in range(1, 10)]
    one = change(designs["lik"].subset("zone == 'Z4'"), "q3", wave="wave", between=(1, 3)).frame.iloc[0]
    row = found.frame.set_index("zone").loc["Z4"]
    assert (row["estimate"], row["std_error"], row["df"]) == pytest.approx(
        (one["estimate"], one["std_error"], one["df"]), rel=1e-12
    )
    assert (found.frame["df"] < 3.001).all()
    assert (
        change(designs["lik"], "q3", wave="wave", between=(1, 3), by="zone", df="design").frame["df"] == 28
    ).all()


def test_groups_that_lack_a_wave_say_so(designs: dict[str, Design]) -> None:
    lik = designs["lik"]
    gone = lik.subset(~((lik.frame["zone"] == "Z2") & (lik.frame["wave"] == 3)))
    frame = change(gone, "q1", wave="wave", between=(1, 3), by="zone").frame.set_index("zone")
    assert frame.loc["Z2", "reason"] == "empty-cell"
    assert np.isnan(frame.loc["Z2", "estimate"])
    assert frame.drop(index="Z2")["estimate"].notna().all()


def test_zones_of_one_size_give_the_two_sample_t_test_of_their_changes() -> None:
    frame = panel(zones=10, shock=0.3, seed=4)
    design = Design(frame, clusters="unit")
    found = difference_in_differences(
        design, "y", wave="wave", between=(1, 2), treated="treated", zone="zone"
    )
    row = found.frame.set_index("basis").loc["zone"]
    means = frame.groupby(["zone", "wave"])["y"].mean().unstack()
    moved = means[2] - means[1]
    arm = frame.groupby("zone")["treated"].first()
    test = stats.ttest_ind(moved[arm == 1], moved[arm == 0])
    assert row["estimate"] == pytest.approx(moved[arm == 1].mean() - moved[arm == 0].mean())
    assert row["statistic"] == pytest.approx(test.statistic, rel=1e-10)
    assert row["p_value"] == pytest.approx(test.pvalue, rel=1e-9)
    assert found.frame["units"].tolist() == [50, 10]
    assert "basis zone" in found.summary()


@pytest.mark.slow
def test_small_zone_shocks_deceive_the_design_and_not_the_zone() -> None:
    runs, wrong = 300, np.zeros(2)
    for seed in range(runs):
        design = Design(panel(shock=0.25, units=4, people=10, seed=seed), strata="zone", clusters="unit")
        found = difference_in_differences(
            design, "y", wave="wave", between=(1, 2), treated="treated", zone="zone"
        )
        wrong += found.frame["p_value"].to_numpy() <= 0.05
    assert wrong[0] / runs > 0.2
    assert wrong[1] / runs < 0.09


def test_few_zones_have_no_error_at_the_zone() -> None:
    frame = panel(zones=3)
    found = difference_in_differences(
        Design(frame, clusters="unit"), "y", wave="wave", between=(1, 2), treated="treated", zone="zone"
    ).frame.set_index("basis")
    assert found.loc["zone", "reason"] == "few-clusters"
    assert np.isnan(found.loc["zone", "p_value"])
    assert found.loc["design", "reason"] == ""


def test_faults() -> None:
    frame = panel()
    design = Design(frame, clusters="unit")
    options = {"wave": "wave", "treated": "treated", "zone": "zone"}
    for changed, key in (
        ({"between": (1, 9)}, "survey.wave_unknown"),
        ({"between": (2, 2)}, "survey.wave_unknown"),
        ({"zone": "area"}, "survey.did_zone_in_both"),
        ({"treated": "unit"}, "survey.did_treated"),
    ):
        with pytest.raises(InputError) as raised:
            difference_in_differences(design, "y", **({"between": (1, 2)} | options | changed))
        assert raised.value.faults[0].key == key
    one_arm = design.subset("treated == 1")
    with pytest.raises(InputError) as raised:
        difference_in_differences(one_arm, "y", between=(1, 2), **options)
    assert raised.value.faults[0].key == "survey.did_empty"
    with pytest.raises(KeyError, match="nowhere"):
        change(design, "y", wave="nowhere", between=(1, 2))
    with pytest.raises(ValueError, match="df"):
        change(design, "y", wave="wave", between=(1, 2), df="many")
