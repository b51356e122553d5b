"""The section on necessary conditions: both languages, the numbers of the analysis, what does not apply."""

import re
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from govlab.blocks import Page
from govlab.compare import necessity
from govlab.studybook.necessity import section
from govlab.tables import MIME
from tests.casebook.telling import page, prose
from tests.compare.test_necessity import read

NAMES = {
    "zh": {"STAFF": "人手", "FUND": "经费", "FLAT": "电话", "PERF": "成效"},
    "en": {"STAFF": "Staff", "FUND": "Money", "FLAT": "Phone", "PERF": "Performance"},
}


def shown(lang, **options):
    frame = read().assign(FLAT=1)
    found = necessity.nca(frame, ["STAFF", "FUND", "FLAT"], "PERF", draws=options.pop("draws", 999))
    parts = section(Page(lang), found, NAMES[lang], synthetic=True, **options)
    return found, [one._repr_mimebundle_() for one in parts]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_section_is_whole(lang):
    found, bundles = shown(lang)
    effects, bottleneck = [one[MIME] for one in bundles if MIME in one]
    assert [row[2] for row in effects["rows"]] == [
        None if np.isnan(value) else value for value in found.to_frame()["effect_size"]
    ]
    assert len(bottleneck["rows"]) == 11 and effects["synthetic"] and bottleneck["synthetic"]
    assert len(page(bundles).find_all("img")) == 2
    text = prose(page(bundles))
    if lang == "zh":
        assert set(re.findall(r"[A-Za-z]{2,}", text)) <= {"CE", "CR", "FDH"}
        assert "不必" in text and "未及" in text and "没有变化、无从计算的：电话" in text
    else:
        assert not re.findall(r"[\u3400-\u9fff]", text) and "not reached" in text


def test_words_follow_size_and_chance():
    _, bundles = shown("en", figures=False)
    text = prose(page(bundles))
    assert "Staff: effect size 0.41 (CR-FDH, large), rarely left empty" in text
    untested = prose(page(shown("en", figures=False, draws=0)[1]))
    assert (
        "was not tested" in untested
        and "rarely left empty" not in untested
        and "Permutation p" not in untested
    )
    flat = necessity.nca(pd.DataFrame({"STAFF": [1, 2, 3], "PERF": [3, 2, 1]}), "STAFF", "PERF", draws=9)
    with mock.patch("IPython.display.display"):
        parts = section(Page("en"), flat, NAMES["en"], figures=False)
    assert "no corner is empty" in prose(page([one._repr_mimebundle_() for one in parts]))
