"""Charts of paths and plots of cases: what is drawn, in both languages, readable without colour."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from govlab.compare import qca
from govlab.plots.qca import fiss_chart, membership_plot
from tests.compare.qca_reference import cases

CONDITIONS = ["STAFF", "FUNDS", "EASE", "TURN"]
LABELS = dict(zip(CONDITIONS, ["enough staff", "funds", "ease", "turnout"], strict=True))


@pytest.fixture(scope="module")
def solved():
    table = qca.truth_table(cases("fuzzy_a"), "SAT", CONDITIONS, inclusion=0.8, pri=0.6)
    return qca.minimise(table), qca.minimise(table, solution="parsimonious")


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("path 1", "not funds", "(peripheral)")), ("zh", ("路径1", "非", "（边缘）"))]
)
def test_fiss_chart(solved, lang, words):
    long, short = solved
    figure = fiss_chart(qca.fiss(long.models[0], short), lang=lang, caption="c", labels=LABELS, note="n")
    assert all(word in figure.alt for word in words)
    assert figure.alt.count("；" if lang == "zh" else ";") == len(long.models[0].terms) - 1
    assert Image.open(io.BytesIO(figure.png)).width == 1340


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_membership_plot(solved, lang):
    model = solved[0].models[0]
    names = {"f05": "Case five"}
    figure = membership_plot(model, lang=lang, caption="c", across="x", upward="y", names=names)
    frame = model.cases()
    assert "Case five" in figure.alt
    assert figure.alt.count("；" if lang == "zh" else ";") == len(frame) - 1
    assert Image.open(io.BytesIO(figure.png)).width == 1340


def test_values_of_a_condition_are_written():
    frame = cases("crisp_a").assign(DEV=lambda one: one["DEV"] + one["STA"])
    table = qca.truth_table(frame, "OUT", ["DEV", "FUN", "PAR"], inclusion=0.6)
    model = qca.minimise(table).models[0]
    assert "{" in model.expression
    figure = fiss_chart(qca.fiss(model), lang="en", caption="c", labels={})
    assert figure.png
