"""Comparing zones: differences meet R, adjusted p and intervals agree, and nothing is claimed too much."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from govlab.errors import InputError
from govlab.survey.contrasts import contrast
from govlab.survey.design import Design
from govlab.survey.estimate import mean
from govlab.survey.zones import compare_zones
from tests.survey.reference import Compared

CASES = [
    *[("zone", "Z1", name) for name in ("lik", "lik_fpc", "lik_rake", "lik_greg_fpc", "lik_trim")],
    *[("type", "unit", name) for name in ("srs_fpc", "srs_plain")],
    *[("grp", "a", name) for name in ("pair_lin", "pair_brr", "pair_fay", "pair_jkn")],
]


@pytest.mark.parametrize(("zone", "reference", "name"), CASES)
def test_planned_differences_meet_the_reference(
    zone: str, reference: str, name: str, designs: dict[str, Design]
) -> None:
    compared = Compared(name)
    for variable in {"lik": ["q1", "q3", "part"]}.get(name[:3], ["y"]):
        found = compare_zones(
            designs[name], variable, zone=zone, reference=reference, adjust="none", df="design"
        )
        for row in found.frame.to_dict("records"):
            term = f"{row['zone']}-{row['against']}"
            for stat, column in (
                ("est", "estimate"),
                ("se", "std_error"),
                ("stat", "statistic"),
                ("p", "p_value"),
                ("lci", "conf_low"),
                ("uci", "conf_high"),
            ):
                compared.one("svycontrast", variable, stat, row[column], domain=zone, term=term)
    compared.done()
    assert len(compared.keys) >= 12


@pytest.mark.parametrize("df", ["units", "design"])
@pytest.mark.parametrize("reference", [None, "Z4"])
def test_simultaneous_p_and_intervals_agree(
    df: str, reference: str | None, designs: dict[str, Design]
) -> None:
    for variable in ("q3", "meet"):
        found = compare_zones(designs["lik"], variable, zone="zone", reference=reference, df=df)
        frame = found.frame
        outside = (frame["conf_low"] > 0) | (frame["conf_high"] < 0)
        assert (outside == frame["different"]).all()
        alone = compare_zones(
            designs["lik"], variable, zone="zone", reference=reference, df=df, adjust="none"
        )
        assert (frame["p_value"] >= alone.frame["p_value"] * (1 - 1e-9)).all()
        holm = compare_zones(designs["lik"], variable, zone="zone", reference=reference, df=df, adjust="holm")
        assert holm.frame["conf_low"].isna().all()
        assert (holm.frame["p_value"] >= alone.frame["p_value"]).all()
        assert (frame["detectable"] > 0).all()


def test_letters_and_sets_are_the_decisions() -> None:
    found = compare_zones(apart(), "y", zone="zone")
    means = found.means
    assert means is not None
    letters = dict(zip(means["zone"], means["letters"], strict=True))
    for row in found.frame.to_dict("records"):
        shared = bool(set(letters[row["zone"]]) & set(letters[row["against"]]))
        assert shared == (not row["different"])
    assert found.sets[0][0] == "d"
    assert found.frame["different"].any()
    assert not found.frame["different"].all()
    assert "cannot be told apart" in found.summary()
    assert "no margin was declared" in found.summary()


def apart() -> Design:
    """Zones a to d of eight clusters each; a and b alike, c near, d far."""
    rng = np.random.default_rng(3)
    zone = np.repeat(list("abcd"), 80)
    cluster = np.repeat(np.arange(32), 10)
    shift = pd.Series(zone).map({"a": 0.0, "b": 0.05, "c": 0.7, "d": 4.0}).to_numpy()
    y = shift + rng.normal(0, 0.3, 32)[cluster] + rng.normal(0, 1, 320)
    return Design(pd.DataFrame({"zone": zone, "cluster": cluster, "y": y}), strata="zone", clusters="cluster")


def test_equivalence_needs_a_margin_declared_beforehand() -> None:
    plain = compare_zones(apart(), "y", zone="zone")
    assert "equivalent" not in plain.frame
    wide = compare_zones(apart(), "y", zone="zone", margin=1.5).frame.set_index(["zone", "against"])
    inside = (wide["conf_low"] > -1.5) & (wide["conf_high"] < 1.5)
    assert (wide["equivalent"] == inside).all()
    assert wide.loc[("b", "a"), "equivalent"]
    assert not wide.loc[("d", "a"), "equivalent"]
    assert not compare_zones(apart(), "y", zone="zone", margin=0.01).frame["equivalent"].any()


def test_effect_size_is_in_standard_deviations_within_zones() -> None:
    design = apart()
    found = compare_zones(design, "y", zone="zone")
    within = design.frame.groupby("zone")["y"].var().mean() ** 0.5
    ratio = found.frame["estimate"] / found.frame["effect_size"]
    assert ratio.to_numpy() == pytest.approx(np.full(6, within), rel=1e-10)


def test_degrees_of_freedom_of_whole_strata() -> None:
    found = compare_zones(apart(), "y", zone="zone")
    assert found.means is not None
    assert found.means["df"].tolist() == pytest.approx([7, 7, 7, 7])
    # Welch's test on the cluster means, as all clusters are of one size.
    clusters = apart().frame.groupby(["zone", "cluster"])["y"].mean()
    welch = stats.ttest_ind(clusters["b"], clusters["a"], equal_var=False)
    row = compare_zones(apart(), "y", zone="zone", adjust="none").frame.iloc[0]
    assert (row["statistic"], row["p_value"], row["df"]) == pytest.approx(
        (welch.statistic, welch.pvalue, welch.df)
    )


def test_detectable_difference_has_its_power() -> None:
    row = compare_zones(apart(), "y", zone="zone", adjust="none", power=0.9, df="design").frame.iloc[0]
    reach = stats.t.isf(0.025, 28) + stats.t.isf(0.1, 28)
    assert row["detectable"] == pytest.approx(reach * row["std_error"], rel=1e-10)


def test_a_zone_of_one_unit_is_listed_and_compared_with_nothing(designs: dict[str, Design]) -> None:
    lik = designs["lik"]
    label = np.where(lik.frame["unit"] == "S1/1", "alone", lik.frame["zone"].to_numpy(dtype=object))
    found = compare_zones(lik.with_columns({"place": label}), "q1", zone="place")
    alone = found.frame[(found.frame["zone"] == "alone") | (found.frame["against"] == "alone")]
    assert set(alone["reason"]) == {"one-psu"}
    assert alone[["std_error", "p_value", "conf_low"]].isna().all().all()
    assert not alone["different"].any()
    assert found.means is not None
    assert found.means.set_index("place").loc["alone", "letters"] == ""
    assert all("alone" not in group for group in found.sets)


def test_estimates_are_those_of_contrast(designs: dict[str, Design]) -> None:
    found = compare_zones(designs["lik_jkn"], "q1", zone="zone").frame.iloc[0]
    means = mean(designs["lik_jkn"], "q1", by="zone")
    same = contrast(means, {"gap": {found["zone"]: 1, found["against"]: -1}}).frame.iloc[0]
    assert found["std_error"] == pytest.approx(same["std_error"], rel=1e-12)
    given = compare_zones(designs["pair_brr"], "y", zone="grp")
    assert set(given.frame["df"]) == {7.0}


def test_the_same_seed_gives_the_same_table() -> None:
    one, two = (compare_zones(apart(), "y", zone="zone").frame["p_value"] for _ in range(2))
    assert (one == two).all()


def test_faults(designs: dict[str, Design]) -> None:
    with pytest.raises(InputError) as raised:
        compare_zones(designs["lik"], "q1", zone="zone", reference="Z99")
    assert raised.value.faults[0].key == "survey.zones_reference"
    with pytest.raises(InputError) as raised:
        compare_zones(designs["lik"].subset("zone == 'Z1'"), "q1", zone="zone")
    assert raised.value.faults[0].key == "survey.zones_too_few"
    for options, match in (
        ({"adjust": "scheffe"}, "adjust"),
        ({"power": 1.2}, "power"),
        ({"margin": -1}, "margin"),
        ({"df": "many"}, "df"),
    ):
        with pytest.raises(ValueError, match=match):
            compare_zones(designs["lik"], "q1", zone="zone", **options)
