"""The report on an index: whole, in one language each, with ranges and confidence sets kept apart."""

from __future__ import annotations

import re
import shutil
from functools import cache
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.studybook import IndexReport
from govlab.studybook.index_source import FILE
from govlab.studybook.source import demo_folder
from govlab.tables import MIME
from tests.casebook.telling import page, prose, told

PARTS = (
    "opening", "made_of", "scores", "weights", "sensitivity", "error", "coupled", "conventions", "truth",
    "ending",
)  # fmt: skip
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")


def bundles(lang):
    return told("index_report.ipynb", lang=lang, study="demo")


def tables(lang):
    return [one[MIME] for one in bundles(lang) if MIME in one]


@cache
def opened():
    return IndexReport.open("demo", "en")


def shown(report, parts=PARTS):
    found = []
    with mock.patch("IPython.display.display", lambda thing: found.append(thing._repr_mimebundle_())):
        for name in parts:
            getattr(report, name)()
    return page(found)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_is_whole(lang):
    soup = page(bundles(lang))
    for part in ("h1", ".gl-banner", ".gl-gist", ".gl-foot", ".gl-refs"):
        assert len(soup.select(part)) == 1, part
    assert len(soup.find_all("h2")) == 10
    assert len(soup.find_all("img")) == 5 and all(image["alt"] for image in soup.find_all("img"))
    for table in tables(lang):
        assert table["rows"] and table["caption"] and table["synthetic"]


def test_chinese_page_is_chinese():
    words = set(LATIN.findall(prose(page(bundles("zh")), (".gl-refs", ".gl-foot"))))
    assert words <= {"AHP", "CRITIC", "TOPSIS", "SPSSAU", "Hwang", "Yoon"}


def test_english_page_is_english():
    assert CHINESE.findall(prose(page(bundles("en")))) == []


def test_both_languages_hold_the_same_numbers():
    def numbers(lang):
        return [
            [[cell for cell in row if isinstance(cell, (int, float))] for row in table["rows"]]
            for table in tables(lang)
        ]

    assert numbers("zh") == numbers("en")


def test_no_place_without_its_range():
    """Every zone of the score table has the range of its places; no column holds a single place."""
    table = next(one for one in tables("en") if "Scores by group" in one["caption"])
    assert [column["key"] for column in table["columns"]] == [
        "zone",
        "index",
        "means",
        "work",
        "results",
        "ranks",
    ]
    for row in table["rows"]:
        low, high = map(int, row[-1].split("–"))
        assert 1 <= low <= high <= 16


def test_ranges_and_confidence_sets_are_told_apart():
    text = prose(page(bundles("en")))
    assert "no confidence intervals: chance in the figures is not in them" in text
    assert "Not to be put together with the ranges over choices" in text


def test_scores_by_plain_arithmetic():
    """Against sums written out: scale from 1 to 100, means in groups, judgements over groups."""
    raw = pd.read_csv(demo_folder() / "indicators.csv").set_index("zone")
    raw["satisfaction"] = opened()._source.table.set_index("zone")["satisfaction"]
    hall = raw["space_per_100"].copy()
    hall["blue-whale"] = hall.drop("blue-whale").max()  # the city's sports hall drawn in
    raw["space_per_100"] = hall
    scaled = 1 + 99 * (raw - raw.min()) / (raw.max() - raw.min())
    for less in ("days_to_answer", "complaints_again"):
        scaled[less] = 101 - scaled[less]
    means = scaled[["staff_per_1000", "space_per_100", "funds_per_resident"]].mean(axis=1)
    work = scaled[["days_to_answer", "answered_in_time", "meetings_a_year"]].mean(axis=1)
    last = ["within_15_minutes", "volunteers_per_1000", "complaints_again", "satisfaction"]
    results = scaled[last].mean(axis=1)
    roots, vectors = np.linalg.eig(np.array([[1, 1 / 2, 1 / 3], [2, 1, 1 / 2], [3, 2, 1]]))
    w = np.abs(vectors[:, roots.real.argmax()].real)
    wanted = (w / w.sum()) @ np.array([means, work, results])
    assert opened().index.values == pytest.approx(wanted, rel=1e-10)


def test_only_the_survey_has_errors():
    source = opened()._source
    assert list(source.errors) == ["satisfaction"]
    assert source.no_sets == ""
    index = opened().index
    weight = float(index.weights.set_index("code")["effective"]["satisfaction"])
    values = source.table["satisfaction"]
    rate = weight * 99 / (values.max() - values.min())
    assert index.covariance == pytest.approx(rate**2 * source.errors["satisfaction"], rel=1e-6)


@pytest.fixture
def own(tmp_path):
    """A copy of the demo study that a test may change."""
    shutil.copytree(demo_folder(), tmp_path / "own", ignore=shutil.ignore_patterns("*.py"))
    return tmp_path / "own"


def opened_at(folder, lang="en"):
    from govlab.study import Study

    with mock.patch("govlab.studybook.index.open_study", lambda _: Study.open(folder)):
        return IndexReport.open("here", lang)


def test_a_study_without_an_index_is_told_how_to_have_one(own):
    (own / FILE).unlink()
    soup = shown(opened_at(own))
    assert "index.toml" in soup.get_text()
    assert not soup.find_all("table")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_answers_that_may_not_be_ranked_leave_the_index(own, lang):
    study = (own / "study.toml").read_text(encoding="utf-8")
    (own / "study.toml").write_text(study.replace("answers_safe = true", "answers_safe = false"), "utf-8")
    report = opened_at(own, lang)
    assert "satisfaction" not in report._source.spec.codes
    assert report._source.no_sets == "not_allowed"
    soup = shown(report, ("opening", "error"))
    assert not soup.find_all("img")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('data = "indicators.csv"', 'data = "nothing.csv"', "index.no_table"),
        ('data = "indicators.csv"', 'data = "../secret.csv"', "index.outside"),
        ('first = "work"', 'first = "nobody"', "index.judged_unknown"),
        ("direction = -1", "direction = 0", "data.field.choice"),
        ('code = "funds_per_resident"', 'code = "money"', "index.no_column"),
        ("times = 2", "times = -2", "data.field.range"),
    ],
)
def test_faults_of_the_file(own, old, new, key):
    text = (own / FILE).read_text(encoding="utf-8")
    assert old in text
    (own / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        shown(opened_at(own), ("opening",))
    assert key in [fault.key for fault in error.value.faults]
    assert all(fault.text("zh") and fault.text("en") for fault in error.value.faults)


def test_judgements_that_are_missing_or_twice(own):
    text = (own / FILE).read_text(encoding="utf-8")
    block = '[[judgement]]\nfirst = "results"\nsecond = "work"\ntimes = 2\n'
    for changed, key in [(text.replace(block, ""), "judged_missing"), (text + block, "judged_twice")]:
        (own / FILE).write_text(changed, encoding="utf-8")
        with pytest.raises(InputError) as error:
            opened_at(own)
        assert [fault.key for fault in error.value.faults] == [f"index.{key}"]


def test_a_zone_that_is_none(own):
    path = own / "indicators.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("starfish", "starfysh"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        opened_at(own)
    assert [fault.key for fault in error.value.faults] == ["index.unknown_zone"]


@pytest.mark.parametrize(
    "change",
    [
        ('normalisation = "minmax"', 'normalisation = "zscore"'),
        ('aggregation = "arithmetic"', 'aggregation = "topsis"'),
        ("weight_noise = 0.25", "weight_noise = 0.0"),
    ],
)
def test_other_choices_are_told_as_they_are(own, change):
    """Without a scale up to 100 nothing is said of 100; without noise nothing of noise."""
    text = (own / FILE).read_text(encoding="utf-8")
    assert change[0] in text
    (own / FILE).write_text(text.replace(*change), encoding="utf-8")
    report = opened_at(own)
    with mock.patch("govlab.studybook.index.DRAWS", 60):
        said = shown(report, ("opening", "scores")).get_text(" ")
    assert (" of 100" in said) is ("noise" in change[0])
    assert ("either way" in said) is ("noise" not in change[0])
    assert "Sealing Wax zone" in said
