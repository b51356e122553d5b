"""Reference designs of the survey tests, as tests/reference/survey/designs.json describes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from govlab.survey.design import Design

REFERENCE = Path(__file__).parent.parent / "reference" / "survey"
AGE = {"18-34": 17000, "35-59": 24000, "60+": 19000}
SEX = {"F": 31500, "M": 28500}
EDU = {"primary": 11000, "middle": 21000, "high": 15500, "college": 12500}


def read_panel() -> pd.DataFrame:
    d = pd.read_csv(REFERENCE / "likert_panel.csv")
    levels = [1, 2, 3, 4, 5]
    return d.assign(
        agegrp=pd.cut(d["age"], [0, 34, 59, np.inf], labels=["18-34", "35-59", "60+"]),
        wavef=pd.Categorical(d["wave"].astype(str)),
        edu=pd.Categorical(d["edu"], ["primary", "middle", "high", "college"]),
        incu=d["income"] + 1e-6 * d["id"],
        unit=d["stratum"] + "/" + d["psu"].astype(str),
        q1o=pd.Categorical(d["q1"], levels, ordered=True),
        q3o=pd.Categorical(d["q3"], levels, ordered=True),
        **{f"q{k}f": pd.Categorical(d[f"q{k}"], levels) for k in (1, 2, 3, 4, 5)},
    )


def read_strata() -> pd.DataFrame:
    s = pd.read_csv(REFERENCE / "srs_strat.csv")
    levels = [1, 2, 3, 4, 5]
    return s.assign(
        yu=s["y"] + 1e-6 * s["id"],
        satf=pd.Categorical(s["sat"], levels),
        sato=pd.Categorical(s["sat"], levels, ordered=True),
    )


def read_pairs() -> pd.DataFrame:
    r = pd.read_csv(REFERENCE / "paired_psu.csv")
    for kind in ("brr", "fay03"):
        factors = pd.read_csv(REFERENCE / f"repfactors_{kind}.csv").set_index("id").loc[r["id"]]
        r = r.assign(**{f"{kind}_{name}": factors[name].to_numpy() for name in factors})
    return r


def build_designs() -> dict[str, Design]:
    panel, strata, pairs = read_panel(), read_strata(), read_pairs()
    lik = Design(panel, weights="w", strata="stratum", clusters="psu", nest=True)
    fpc = Design(panel, weights="w", strata="stratum", clusters="psu", nest=True, fpc="Nh")
    loose = Design(panel, weights="w", clusters="unit")
    srs = Design(pairs, weights="w")
    lin = Design(pairs, weights="w", strata="stratum", clusters="psu", nest=True)
    brr = [name for name in pairs if name.startswith("brr_")]
    fay = [name for name in pairs if name.startswith("fay03_")]
    by_age_and_sex = {"agegrp": AGE, "sex": SEX}
    return {
        "lik": lik,
        "lik_fpc": fpc,
        "lik_nostrata": loose,
        "lik_w": Design(panel, weights="w"),
        "lik_sub60": lik.subset("agegrp == '60+'"),
        "lik_post": lik.poststratify("agegrp", AGE),
        "lik_rake": lik.rake({"agegrp": AGE, "sex": SEX, "edu": EDU}),
        "lik_greg": lik.calibrate(by_age_and_sex | {"age": 2_970_000}),
        "lik_calrake": lik.calibrate(by_age_and_sex, distance="raking"),
        "lik_callogit": lik.calibrate(by_age_and_sex, distance="logit", bounds=(0.3, 3)),
        "lik_greg_fpc": fpc.calibrate(by_age_and_sex),
        "lik_trim": lik.trim(lower=10, upper=70),
        "lik_trim1": lik.trim(upper=60, repeat=False),
        "lik_jkn": lik.replicate("jackknife"),
        "lik_jkn_mse": lik.replicate("jackknife", mse=True),
        "lik_jkn_fpc": fpc.replicate("jackknife"),
        "lik_jk1": loose.replicate("jackknife"),
        "srs_fpc": Design(strata, strata="stratum", fpc="N"),
        "srs_nofpc": Design(strata, strata="stratum", weights="w"),
        "srs_plain": Design(strata, weights="w"),
        "pair_lin": lin,
        "pair_brr": srs.with_replicates(brr, "brr", combined=False),
        "pair_brr_mse": srs.with_replicates(brr, "brr", combined=False, mse=True),
        "pair_fay": srs.with_replicates(fay, "fay", combined=False, rho=0.3),
        "pair_jkn": lin.replicate("jackknife"),
    }


@pytest.fixture(scope="session")
def designs() -> dict[str, Design]:
    return build_designs()


@pytest.fixture(scope="session")
def expected() -> pd.DataFrame:
    """case, design, fn, var, domain, term, stat, value; value NaN where R gives none."""
    table = pd.read_csv(REFERENCE / "expected.csv", dtype=str, keep_default_na=False)
    return table.assign(value=pd.to_numeric(table["value"], errors="coerce"))
