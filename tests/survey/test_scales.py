"""Reliability: R's psych and survey, identities, and what is said when a scale is no scale."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.results import NotApplicable
from govlab.survey.design import Design
from govlab.survey.moments import variance_of
from govlab.survey.scales import alpha, omega_total, one_factor, scale

FOLDER = Path(__file__).parent.parent / "reference" / "measurement"
ITEMS = [f"i{place}" for place in range(1, 9)]
SETS = {"F1_listwise": ITEMS[:4], "F2_listwise": ITEMS[4:], "all_items_listwise": ITEMS}


def answers() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "scales.csv")


def reference() -> dict[str, dict[str, dict[str, object]]]:
    return json.loads((FOLDER / "scales_expected.json").read_text(encoding="utf-8"))["res"]


@pytest.mark.parametrize("name", SETS)
def test_alpha_meets_psych(name: str) -> None:
    found, wanted = scale(answers(), SETS[name]), reference()["alpha"][name]
    assert found.alpha == pytest.approx(wanted["raw_alpha"], rel=1e-12)
    assert found.standardised_alpha == pytest.approx(wanted["std_alpha"], rel=1e-12)
    assert found.guttman6 == pytest.approx(wanted["guttman6"], rel=1e-12)
    assert found.average_r == pytest.approx(wanted["average_r"], rel=1e-12)
    table = found.to_frame().set_index("term")
    assert table["alpha_if_dropped"].to_dict() == pytest.approx(wanted["alpha_if_dropped"], rel=1e-12)
    assert table["item_rest"].to_dict() == pytest.approx(wanted["item_rest_r"], rel=1e-12)
    assert (found.std_error, found.n_used, found.n_dropped) == (None, 260, 0)


@pytest.mark.parametrize("method", ["ml", "minres"])
@pytest.mark.parametrize(("name", "items"), [("F1", ITEMS[:4]), ("F2", ITEMS[4:])])
def test_omega_meets_psych(name: str, items: list[str], method: str) -> None:
    wanted = reference()["omega"][name][f"{method}_one_factor"]
    loadings, psi = one_factor(answers()[items].corr().to_numpy(), method)
    assert loadings == pytest.approx(list(wanted["loadings"].values()), abs=1e-5)
    assert psi == pytest.approx(list(wanted["uniqueness"].values()), abs=1e-5)
    assert omega_total(loadings, psi) == pytest.approx(wanted["omega_total"], abs=1e-6)
    if method == "ml":
        assert scale(answers(), items).omega == pytest.approx(wanted["omega_total"], abs=1e-6)


@pytest.mark.parametrize("name", ["lik", "lik_fpc", "lik_nostrata", "lik_w"])
def test_weighted_alpha_meets_survey(name: str, designs: dict[str, Design], expected: pd.DataFrame) -> None:
    part = expected[(expected["design"] == name) & (expected["fn"] == "svycralpha")]
    assert len(part) == 2
    for items, value in part[["var", "value"]].itertuples(index=False):
        assert scale(designs[name], items.split("+")).alpha == pytest.approx(value, rel=1e-12)


def test_error_of_alpha(designs: dict[str, Design]) -> None:
    items = ["q1", "q2", "q3", "q5"]
    found = scale(designs["lik"], items)
    assert found.conf_low < found.alpha < found.conf_high
    # Alpha recomputed in every jackknife replicate.
    replicated = designs["lik_jkn"]
    ok = replicated.frame[items].notna().all(axis=1).to_numpy()
    x = replicated.frame.loc[ok, items].to_numpy(dtype=float)
    each = []
    for weights in replicated.replicates.weights(replicated.weights):
        w = weights[ok]
        off = x - (w @ x) / w.sum()
        each.append(alpha((off.T * w) @ off / w.sum()))
    covariance = replicated.replicates.covariance(np.array(each)[:, None], np.array([found.alpha]))
    assert found.std_error == pytest.approx(np.sqrt(covariance[0, 0]), rel=0.1)


def test_item_spread_is_the_population_variance(designs: dict[str, Design]) -> None:
    found = scale(designs["lik_rake"], ["q1", "part"]).to_frame()
    wanted = variance_of(designs["lik_rake"], ["q1", "part"]).frame["estimate"]
    assert (found["sd"] ** 2).to_numpy() == pytest.approx(wanted.to_numpy(), rel=1e-12)


def test_parallel_items_are_known_exactly() -> None:
    # One factor with equal loadings: omega equals alpha, and both the Spearman-Brown value.
    r = np.full((5, 5), 0.4) + 0.6 * np.eye(5)
    assert alpha(r) == pytest.approx(5 * 0.4 / (1 + 4 * 0.4))
    loadings, psi = one_factor(r)
    assert omega_total(loadings, psi) == pytest.approx(alpha(r), abs=1e-8)


def test_reversed_items_and_two_items_are_said(designs: dict[str, Design]) -> None:
    found = scale(designs["lik"], ["q1", "q2", "q3", "q4"])
    assert any("q4" in note and "reversed" in note for note in found.notes)
    two = scale(designs["lik"], ["q1", "q2"])
    assert isinstance(two.omega, NotApplicable)
    assert two.items["alpha_if_dropped"].isna().all()
    assert "no omega" in two.summary()


def test_missing_answers_are_counted(designs: dict[str, Design]) -> None:
    found = scale(designs["lik_sub60"], ["q1", "q5"])
    inside = designs["lik"].frame[designs["lik"].frame["agegrp"] == "60+"]
    assert found.n_used == int(inside["q5"].notna().sum())
    assert found.n_used + found.n_dropped == len(inside)
    assert found.items["missing"].tolist() == pytest.approx([0, inside["q5"].isna().mean()])


def test_faults() -> None:
    frame = pd.DataFrame({"a": ["x", "2", "3"], "b": [1, 1, 1], "c": [1, 2, 4], "d": [np.nan, np.nan, 1]})
    for items, key in ((["a", "c"], "not_numbers"), (["b", "c"], "constant"), (["c", "d"], "no_rows")):
        with pytest.raises(InputError) as raised:
            scale(frame, items)
        assert raised.value.faults[0].key == f"survey.scale_{key}"
    with pytest.raises(ValueError, match="two different"):
        scale(frame, ["c", "c"])
    with pytest.raises(KeyError, match="nowhere"):
        scale(frame, ["c", "nowhere"])
