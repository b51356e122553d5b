"""Event study, pre-trend and its power, synthetic control: identities, closed forms, brute force."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from govlab.compare import did
from govlab.compare.did.synthetic import fitted
from govlab.compare.did.trends import trend
from govlab.errors import InputError

NAMES = {"unit": "zone", "time": "wave", "treated": "on"}


def panel(
    slope: float = 0.0,
    effect: float = 0.0,
    noise: float = 1.0,
    seed: int = 1,
    treated: int = 6,
    waves: int = 5,
):
    """Sixteen zones; treated ones from wave 4 of 5 on, and moving away by ``slope`` a wave all along."""
    rng = np.random.default_rng(seed)
    rows = []
    for place in range(16):
        arm = int(place < treated)
        level = rng.normal(0, 2)
        for wave in range(1, waves + 1):
            on = arm * int(wave >= waves - 1)
            y = level + 0.4 * wave + slope * arm * wave + effect * on + noise * rng.normal()
            rows.append((f"z{place:02d}", wave, on, y))
    return pd.DataFrame(rows, columns=["zone", "wave", "on", "y"])


def test_event_study_holds_the_base():
    found = did.event_study(panel(effect=3.0, noise=0.0), "y", **NAMES)
    table = found.to_frame().set_index("event_time")
    assert list(table.index) == [-3, -2, -1, 0, 1]
    assert table.loc[-1, "reason"] == "base" and table.loc[-1, "estimate"] == 0
    assert list(table.loc[[-3, -2, 0, 1], "estimate"]) == pytest.approx([0, 0, 3, 3], abs=1e-9)


def test_a_divergence_is_its_slope():
    """Without noise about it a linear divergence is found as such and grows into the effect."""
    found = did.event_study(panel(slope=0.5, noise=1e-6), "y", **NAMES)
    one = found.pre_trend()
    assert one.slope[0] == pytest.approx(0.5, abs=1e-4) and one.p_value < 1e-6
    assert one.effect == pytest.approx(0.5 * 1.5, abs=1e-4)


def test_one_lead_is_a_t_test():
    """One period: the F is t squared, and the detectable slope that of the two-sample t test."""
    frame = panel(waves=3, seed=4)
    frame = frame[frame["wave"] < 4].assign(on=lambda one: one["on"] * (one["wave"] == 3))
    found = did.event_study(frame, "y", **NAMES)
    lead = found.averages.frame.set_index("event_time").loc[-2]
    one = found.pre_trend(power=0.8)
    assert one.statistic == pytest.approx(lead["statistic"] ** 2) and one.p_value == pytest.approx(
        lead["p_value"]
    )
    assert one.slope[0] == pytest.approx(-lead["estimate"])
    centre, df = one.detectable / lead["std_error"], lead["df"]
    critical = stats.t.isf(0.025, df)
    power = stats.nct.sf(critical, df, centre) + stats.nct.cdf(-critical, df, centre)
    assert power == pytest.approx(0.8, abs=1e-6) and one.bias == pytest.approx(one.detectable)


def test_detectable_slope_is_detected_that_often():
    """Simulated: known covariance, the joint test rejects the detectable divergence in 80 of 100."""
    root = np.array([[1.0, 0.0], [0.4, 0.8]])
    covariance, event = root @ root.T, np.array([-3, -2])
    one = trend("y", event, np.zeros(2), covariance, np.inf, effect=1.0)
    rng = np.random.default_rng(8)
    drawn = one.detectable * (event + 1) + rng.normal(size=(20_000, 2)) @ root.T
    statistic = np.einsum("ij,jk,ik->i", drawn, np.linalg.inv(covariance), drawn)
    assert (statistic > stats.chi2.isf(0.05, 2)).mean() == pytest.approx(0.8, abs=0.012)


def test_hotelling_against_simulation():
    """The p of a joint test on few units is uniform where nothing diverges."""
    rejected = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        changes = rng.normal(size=(12, 2))
        covariance = np.cov(changes.T) / 12
        rejected += trend("y", [-3, -2], changes.mean(axis=0), covariance, 11.0, effect=1.0).p_value < 0.1
    assert 18 <= rejected <= 44


def test_a_pre_trend_that_could_not_be_seen_is_told():
    found = did.event_study(panel(effect=0.5, noise=1.0), "y", **NAMES).pre_trend()
    assert found.hides and "could easily have been missed" in found.summary()
    row = found.to_frame().iloc[0]
    assert (
        row["periods"] == 2
        and row["reason"] == ""
        and row["bias"] == pytest.approx(1.5 * row["detectable_slope"])
    )
    sharp = did.event_study(panel(effect=9.0, noise=0.3), "y", **NAMES).pre_trend()
    assert not sharp.hides


def test_where_no_pre_trend_can_be_seen():
    frame = panel(waves=5)
    two = frame[frame["wave"].isin([3, 4])]
    none = did.event_study(two, "y", **NAMES).pre_trend()
    assert none.not_applicable.reason == "no-period-before" and "not applicable" in none.summary()
    few = frame[frame["zone"].isin(["z00", "z01", "z14", "z15"])]
    assert did.event_study(few, "y", **NAMES).pre_trend().not_applicable.reason == "few-clusters"
    with pytest.raises(ValueError):
        did.pre_trend(did.group_time(frame, "y", **NAMES).aggregate("simple"))
    with pytest.raises(ValueError):
        did.event_study(frame, "y", **NAMES).pre_trend(power=1)


def test_weights_of_a_synthetic_control():
    """Inside the hull the fit is exact; outside it is the nearest point, found by brute force."""
    rng = np.random.default_rng(3)
    donors = rng.normal(size=(4, 6))
    wanted = np.array([0.5, 0.2, 0.3, 0.0])
    assert fitted(wanted @ donors, donors) == pytest.approx(wanted, abs=1e-9)
    target = rng.normal(size=6) * 2
    found = fitted(target, donors)
    assert found.min() >= 0 and found.sum() == pytest.approx(1, abs=1e-12)
    best = ((target - found @ donors) ** 2).sum()
    grid = rng.dirichlet(np.full(4, 0.4), 20_000)
    assert best <= ((target - grid @ donors) ** 2).sum(axis=1).min() + 1e-12
    # The conditions of a minimum: donors with weight share the least slope.
    slope = donors @ (found @ donors - target)
    assert slope[found > 1e-9] == pytest.approx(slope.min(), abs=1e-9)


def many_waves(effect: float) -> pd.DataFrame:
    rng = np.random.default_rng(9)
    time = np.arange(1, 15)
    factors = np.stack([np.sin(time / 2), 0.2 * time])
    rows = []
    for place in range(12):
        mix = rng.dirichlet([1, 1]) if place else np.array([0.5, 0.5])
        path = mix @ factors + 0.05 * rng.normal(size=len(time))
        on = ((time > 10) & (place == 0)).astype(int)
        rows += list(zip([f"z{place}"] * 14, time, on, path + effect * on, strict=True))
    return pd.DataFrame(rows, columns=["zone", "wave", "on", "y"])


def test_synthetic_control_finds_an_effect_and_ranks_it():
    found = did.synthetic_control(many_waves(1.0), "y", **NAMES)
    assert found.effect == pytest.approx(1.0, abs=0.15) and found.unique
    assert found.p_value == pytest.approx(1 / 12) == found.smallest_p and found.placebos.shape == (11, 14)
    assert sum(found.weights.values()) == pytest.approx(1)
    path = found.to_frame()
    assert list(path["gap"]) == pytest.approx(list(path["treated"] - path["synthetic"]))
    none = did.synthetic_control(many_waves(0.0), "y", **NAMES)
    assert none.p_value > 0.1 and "placebo p" in none.summary()


def test_a_fit_that_is_an_identity_gives_a_range_and_no_p():
    frame = many_waves(1.0)
    found = did.synthetic_control(frame[frame["wave"] > 8], "y", **NAMES)
    assert not found.unique and found.not_applicable.reason == "perfect-fit"
    after = found.path[found.path["after"]]
    assert (after["gap_low"] <= after["gap"] + 1e-9).all() and (
        after["gap_high"] >= after["gap"] - 1e-9
    ).all()
    assert "other weights fit as well" in found.summary() and "no p" in found.summary()


def test_synthetic_control_refuses():
    frame = many_waves(1.0)
    two = frame.assign(on=lambda one: one["on"] | ((one["zone"] == "z1") & (one["wave"] > 10)).astype(int))
    for call, key in (
        (lambda: did.synthetic_control(two, "y", **NAMES), "did.which_treated"),
        (lambda: did.synthetic_control(two, "y", of="z5", **NAMES), "did.which_treated"),
        (
            lambda: did.synthetic_control(frame[frame["zone"].isin(["z0", "z1"])], "y", **NAMES),
            "did.few_donors",
        ),
        (lambda: did.synthetic_control(frame[frame["wave"] > 9], "y", **NAMES), "did.few_before"),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert key in [fault.key for fault in caught.value.faults]
    assert did.synthetic_control(two, "y", of="z1", **NAMES).donors == tuple(
        f"z{n}" for n in (10, 11, *range(2, 10))
    )
