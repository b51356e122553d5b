"""Regression on designs against R, joint tests, and what is refused."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from govlab.errors import InputError
from govlab.survey import variance
from govlab.survey.design import Design
from govlab.survey.formula import read_formula
from govlab.survey.regression import regress

STATS = {
    "est": "estimate",
    "se": "std_error",
    "stat": "statistic",
    "p": "p_value",
    "lci": "conf_low",
    "uci": "conf_high",
}
MODELS = r"svyglm_|svyolr"


def r_name(term: str) -> str:
    """R's name of a coefficient: edu[T.high]:pilot -> eduhigh:pilot."""
    return re.sub(r"\[T\.([^\]]*)\]", r"\1", term).replace("Intercept", "(Intercept)")


def close(found: float, wanted: float, relative: float) -> bool:
    return abs(found - wanted) <= relative * abs(wanted)


def lagged_error(design: Design, formula: str) -> NDArray[np.float64]:
    """Errors of a logistic regression as R leaves them.

    R's glm stops once the deviance settles and keeps the working weights of the step before, so that its
    errors are off by up to 2e-8 although its coefficients are not. Repeating that shows our distance
    from R to be R's own.
    """
    data = read_formula(design.frame, formula, design.inside)
    y, x, w = data.outcome.to_numpy(dtype=float), data.x, design.weights[data.rows]
    prior = w / w.mean()
    mean = (prior * y + 0.5) / (prior + 1)
    eta, deviance = np.log(mean / (1 - mean)), np.inf
    for _ in range(100):
        working = prior * mean * (1 - mean)
        target = eta + (y - mean) / (mean * (1 - mean))
        root = np.sqrt(working)
        eta = x @ np.linalg.lstsq(x * root[:, None], target * root, rcond=None)[0]
        mean = 1 / (1 + np.exp(-eta))
        new = -2 * (prior @ (y * np.log(mean) + (1 - y) * np.log1p(-mean)))
        if abs(new - deviance) / (abs(new) + 0.1) < 1e-14:
            break
        deviance = new
    influence = np.zeros((len(design), x.shape[1]))
    score = working / prior * (y - mean) / (mean * (1 - mean))
    influence[data.rows] = (x * score[:, None]) @ np.linalg.inv((x.T * working) @ x) / w.mean()
    return np.sqrt(np.diag(variance.covariance(design, influence)))


NAMES = [
    *("lik", "lik_fpc", "lik_nostrata", "lik_w", "lik_sub60"),
    *(
        "lik_post",
        "lik_rake",
        "lik_greg",
        "lik_calrake",
        "lik_callogit",
        "lik_greg_fpc",
        "lik_trim",
        "lik_trim1",
    ),
    *("lik_jkn", "lik_jkn_mse", "lik_jkn_fpc", "lik_jk1", "srs_fpc", "srs_nofpc", "srs_plain"),
    *("pair_lin", "pair_brr", "pair_brr_mse", "pair_fay", "pair_jkn"),
]


@pytest.mark.parametrize("name", NAMES)
def test_models_meet_the_reference(name: str, designs: dict[str, Design], expected: pd.DataFrame) -> None:
    design = designs[name]
    here = expected[expected["design"] == name]
    met, off = 0, []
    for (fn, formula), part in here[here["fn"].str.match(MODELS)].groupby(["fn", "var"]):
        family = "ordinal" if fn == "svyolr" else fn.removeprefix("svyglm_")
        found = regress(design, formula, family=family)
        table = found.to_frame().set_index(found.frame["term"].map(r_name))
        slack = np.zeros(len(table))
        if family == "binomial" and design.replicates is None:
            lagged = lagged_error(design, formula)
            slack = np.abs(table["std_error"].to_numpy() / lagged - 1)
            assert slack.max() < 1e-7
            known = part[part["stat"] == "se"].set_index("term")["value"].loc[table.index]
            assert lagged == pytest.approx(known.to_numpy(), rel=1e-10)
        for term, stat, value in part[["term", "stat", "value"]].itertuples(index=False):
            if stat == "df":
                met += found.df == value
                assert found.df == value
                continue
            row = table.loc[term]
            loose = slack[table.index.get_loc(term)]
            # An error that is off by a share moves limits by that share of the interval's half width.
            reach = abs(row["conf_high"] - row["estimate"]) / abs(value) if stat in ("lci", "uci") else 1.0
            steep = 1 + abs(row["statistic"]) ** 2 if stat == "p" else 1.0
            bound = (1e-9 if stat == "p" else 1e-10) + (0 if stat == "est" else 1.01 * loose * reach * steep)
            met += 1
            if not close(row[STATS[stat]], value, bound):
                off.append((fn, formula, term, stat, row[STATS[stat]], value))
        for term, wald in here[(here["fn"] == "regTermTest") & (here["var"] == formula)].groupby("term"):
            wanted = wald[wald["domain"] == family].set_index("stat")["value"]
            if wanted.empty:
                continue
            test = found.wald(term)
            assert test.df == (wanted["df"], wanted["ddf"])
            loose = 3 * slack.max()
            for value, known, base in (
                (test.statistic, wanted["stat"], 1e-10),
                (test.p_value, wanted["p"], 1e-9),
            ):
                met += 1
                if not close(value, known, base + loose * (1 + test.statistic)):
                    off.append((fn, formula, term, "wald", value, known))
    assert not off, off[:10]
    assert met >= 19


def test_terms_of_a_joint_test(designs: dict[str, Design]) -> None:
    found = regress(designs["lik"], "q1 ~ wavef * pilot + sex")
    one, other = found.wald("wavef:pilot"), found.wald("pilot:wavef")
    assert one.p_value == other.p_value
    assert found.wald("wavef", "wavef:pilot").df == (4.0, found.df)
    single = found.to_frame().set_index("term").loc["sex[T.M]"]
    assert found.wald("sex").statistic == pytest.approx(single["statistic"] ** 2, rel=1e-10)
    assert found.wald("sex").p_value == pytest.approx(single["p_value"], rel=1e-9)
    with pytest.raises(KeyError, match="sex"):
        found.wald("nothing")
    with pytest.raises(ValueError, match="at least one"):
        found.wald()


def test_a_subset_is_a_domain_and_missing_rows_are_counted(designs: dict[str, Design]) -> None:
    found = regress(designs["lik"].subset("wave == 1"), "q3 ~ sex")
    frame = designs["lik"].frame
    assert found.n_used == int((frame["q3"].notna() & (frame["wave"] == 1)).sum())
    assert found.n_used + found.n_dropped == int((frame["wave"] == 1).sum())
    assert "degrees of freedom" in found.summary()


def test_a_mean_is_a_regression_on_nothing(designs: dict[str, Design]) -> None:
    from govlab.survey.estimate import mean

    for name in ("lik_rake", "lik_jkn", "lik_fpc"):
        one = regress(designs[name], "q3 ~ 1").to_frame().iloc[0]
        two = mean(designs[name], "q3").to_frame().iloc[0]
        assert one["estimate"] == pytest.approx(two["estimate"], rel=1e-12)
        assert one["std_error"] == pytest.approx(two["std_error"], rel=1e-10)


def test_ratios(designs: dict[str, Design]) -> None:
    found = regress(designs["lik"], "q1o ~ pilot + sex", family="ordinal")
    ratios = found.ratios().to_frame()
    assert ratios["term"].tolist() == ["pilot", "sex[T.M]"]
    assert np.log(ratios["estimate"].to_numpy()) == pytest.approx(found.coefficients[:2])
    assert (ratios["conf_low"] < ratios["estimate"]).all()
    with pytest.raises(ValueError, match="linear"):
        regress(designs["lik"], "q1 ~ pilot").ratios()


def test_too_few_clusters_for_the_model(designs: dict[str, Design]) -> None:
    found = regress(
        designs["pair_lin"], "y ~ x + grp + bin + I(x ** 2) + I(x ** 3) + I(x * bin) + I(w * bin)"
    )
    assert found.df <= 0
    assert found.frame["conf_low"].isna().all()
    assert set(found.frame["reason"]) == {"few-clusters"}
    test = found.wald("grp")
    assert test.not_applicable is not None
    assert test.not_applicable.reason == "few-clusters"


@pytest.mark.parametrize(
    ("formula", "family", "key"),
    [
        ("q1 ~ pilot", "binomial", "binomial"),
        ("zone ~ pilot", "gaussian", "gaussian"),
        ("q1 ~ zone", "poisson", None),
        ("I(q1 - 4) ~ pilot", "poisson", "poisson"),
        ("zone ~ pilot", "ordinal", "ordinal"),
        ("income ~ pilot", "ordinal", "ordinal"),
        ("q1 ~ pilot + I(2 * pilot)", "gaussian", "collinear"),
        ("pilot ~ zone", "binomial", "not_settled"),
    ],
)
def test_faults(formula: str, family: str, key: str | None, designs: dict[str, Design]) -> None:
    if key is None:
        regress(designs["lik"], formula, family=family)
        return
    with pytest.raises(InputError) as raised:
        regress(designs["lik"], formula, family=family)
    assert raised.value.faults[0].key == f"survey.regress_{key}"
    assert raised.value.text("zh")


def test_one_level_and_replicates_that_fail(designs: dict[str, Design]) -> None:
    with pytest.raises(InputError) as raised:
        regress(designs["lik"].subset("q1 == 2"), "q1 ~ pilot", family="ordinal")
    assert raised.value.faults[0].key == "survey.regress_one_level"
    rare = designs["lik_jkn"].with_columns({"rare": (designs["lik"].frame["unit"] == "S1/1").astype(float)})
    with pytest.raises(InputError) as raised:
        regress(rare, "q1 ~ rare")
    assert raised.value.faults[0].key == "survey.regress_replicate"


def test_wrong_calls(designs: dict[str, Design]) -> None:
    with pytest.raises(ValueError, match="family"):
        regress(designs["lik"], "q1 ~ pilot", family="probit")
    with pytest.raises(ValueError, match="level"):
        regress(designs["lik"], "q1 ~ pilot", level=95)
