"""Published results, from the published tables: democracies between the wars; income of nations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab.compare import qca
from tests.compare.qca_reference import FOLDER

WHY = ("threshold of the published analysis",)
CONDITIONS = ["DEVELOPED", "URBAN", "LITERATE", "INDUSTRIAL", "STABLE"]


def interwar(*development):
    """Rihoux & De Meur (2009): crisp sets; development in more than two values for Cronqvist & Berg-Schlosser."""
    raw = pd.read_csv(FOLDER / "interwar.csv").set_index("case")

    def cut(column, *values, method="crisp"):
        return qca.calibrate(raw[column], qca.Anchors(values, method, WHY)).memberships

    return pd.DataFrame(
        {
            "DEVELOPED": cut("gnp_per_head", *development, method="multi-value"),
            "URBAN": cut("urban", 50),
            "LITERATE": cut("literate", 75),
            "INDUSTRIAL": cut("industrial", 30),
            "STABLE": 1 - cut("cabinets", 10),
            "SURVIVED": raw["survived"],
        },
        index=raw.index,
    )


def test_survival_of_democracy():
    """Formulas of the chapter: with and without remainders, for survival and for breakdown."""
    found = qca.analyse(interwar(550), "SURVIVED", CONDITIONS, inclusion=1)
    survived, broke = found.positive, found.negative
    model = survived.solution("complex").models[0]
    assert model.expression == ("DEVELOPED*~URBAN*LITERATE*STABLE + DEVELOPED*LITERATE*INDUSTRIAL*STABLE")
    terms = {term.expression: term for term in model.terms}
    small = terms["DEVELOPED*~URBAN*LITERATE*STABLE"]
    assert (small.coverage, small.unique_coverage) == (0.5, 0.25)
    assert set(small.unique_cases) == {"FIN", "IRL"}
    large = terms["DEVELOPED*LITERATE*INDUSTRIAL*STABLE"]
    assert (large.coverage, large.unique_coverage) == (0.75, 0.5)
    assert set(large.unique_cases) == {"BEL", "CZE", "NLD", "GBR"}
    parsimonious = survived.solution("parsimonious").models
    assert [one.expression for one in parsimonious] == ["DEVELOPED*STABLE"]
    assert parsimonious[0].assumptions == (18, 20, 26, 28, 30)
    assert set(broke.solution("complex").models[0].expression.split(" + ")) == {
        "~DEVELOPED*~URBAN*~INDUSTRIAL", "DEVELOPED*LITERATE*INDUSTRIAL*~STABLE",
    }  # fmt: skip
    assert broke.solution("parsimonious").expressions == ("~DEVELOPED + ~STABLE",)


def test_three_values_of_development():
    """Cronqvist & Berg-Schlosser (2009): without stability one row contradicts itself and counts as 0."""
    found = qca.truth_table(interwar(550, 850), "SURVIVED", CONDITIONS[:4], inclusion=1)
    disagree = found.contradictions()
    assert disagree[["inside", "outside"]].values.tolist() == [["CZE", "DEU"]]
    assert set(qca.minimise(found).models[0].expression.split(" + ")) == {
        "DEVELOPED{2}*LITERATE*INDUSTRIAL", "DEVELOPED{1}*~URBAN*LITERATE*~INDUSTRIAL",
    }  # fmt: skip
    short = qca.minimise(found, solution="parsimonious").models[0]
    assert set(short.expression.split(" + ")) == {"DEVELOPED{2}", "DEVELOPED{1}*~INDUSTRIAL"}
    assert short.coverage == pytest.approx(0.875, abs=1e-12)


def test_developed_countries():
    """Ragin (2008), table 5.2: national income per head, anchors 2,500, 5,000 and 20,000 dollars."""
    income = [40110, 34400, 25200, 24920, 20060, 17090, 15320, 13680, 11720, 11290, 10940, 9800, 7470, 4670,
              4100, 4070, 3740, 3690, 3590, 2980, 1000, 650, 450, 110]  # fmt: skip
    printed = [1.00, 1.00, 0.98, 0.98, 0.95, 0.92, 0.89, 0.85, 0.79, 0.78, 0.77, 0.72, 0.62, 0.40, 0.25, 0.25,
               0.18, 0.17, 0.16, 0.08, 0.01, 0.01, 0.00, 0.00]  # fmt: skip
    anchors = qca.Anchors((2500, 5000, 20000), reasons=("as printed",))
    found = qca.calibrate(income, anchors, preset="as fsQCA").memberships
    assert np.abs(found - printed).max() < 0.006
    assert qca.calibrate(income, anchors).memberships[0] < found[0]
