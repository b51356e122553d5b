"""Reports on an assessment: whole, in one language each, masked, true to the scores; those without respondents."""

import re
import shutil
from functools import cache
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from govlab.errors import InputError
from govlab.studybook import AssessmentOverview, AssessmentReport, appraised_names, open_study, scheme_names
from govlab.studybook.assessed import Assessment
from govlab.studybook.parts import Telling
from govlab.studybook.source import demo_folder
from govlab.tables import MIME
from tests.casebook.telling import page, prose
from tests.casebook.telling import told as notebook

CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
UNIT_PARTS = ("opening", "parts", "standing", "weights", "years", "definition", "ending")
ALL_PARTS = ("opening", "scores", "ranks", "streets", "weights", "years", "definition", "ending")
UNIT, ALL = "assessment_report.ipynb", "assessment_overview.ipynb"


def tables(found):
    return [one[MIME] for one in found if MIME in one]


@cache
def demo():
    """The demo study, read once for all tests here."""
    return open_study("demo")


@pytest.fixture(autouse=True)
def one_study(monkeypatch):
    monkeypatch.setattr(
        "govlab.studybook.assessed.open_study", lambda name: demo() if name == "demo" else open_study(name)
    )


@cache
def held(lang, scheme=""):
    return Assessment.open("demo", scheme, lang)


def fresh(lang):
    """A page of its own on what was scored once."""
    once = held(lang)
    other = Assessment(Telling.of(once.tell.study, lang), once.scheme, once.wave)
    other.tell.__dict__["mask"] = once.tell.mask
    for name in ("evidence", "scores", "earlier", "streets", "sweep", "ranks"):
        other.__dict__[name] = getattr(held("en"), name)
    return other


@cache
def told(name, lang, unit=""):
    """What a page shows."""
    if name == ALL:
        return shown(AssessmentOverview(fresh(lang)), ALL_PARTS)
    return shown(AssessmentReport(fresh(lang), unit), UNIT_PARTS)


def shown(report, parts):
    """The display bundles of a report made here."""
    found = []
    with mock.patch("IPython.display.display", lambda thing: found.append(thing._repr_mimebundle_())):
        for name in parts:
            getattr(report, name)()
    return found


@pytest.fixture
def copied(tmp_path, monkeypatch):
    def make(*changes: tuple[str, str]) -> Path:
        folder = tmp_path / "study"
        shutil.copytree(demo_folder(), folder)
        path = folder / "study.toml"
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        monkeypatch.chdir(folder)
        return folder

    return make


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("name", "more"), [(UNIT, {"unit": "starfish-10"}), (ALL, {})])
def test_page_is_whole_and_in_one_language(name, more, lang):
    found = told(name, lang=lang, **more)
    soup = page(found)
    for part in ("h1", ".gl-banner", ".gl-gist", ".gl-foot"):
        assert len(soup.select(part)) == 1, part
    assert len(soup.find_all("h2")) >= 6
    assert all(image["alt"] for image in soup.find_all("img")) and len(soup.find_all("img")) == 3
    for table in tables(found):
        assert table["rows"] and table["synthetic"] and table["lang"] == lang
    words = prose(soup)
    if lang == "zh":
        assert set(LATIN.findall(words)) - {"AKS", "DEMO"} == {
            one for one in LATIN.findall(words) if len(one) <= 6 and re.fullmatch("[a-f]+", one)
        }
        assert re.findall(r"[\u4e00-\u9fff][,;:!?][\u4e00-\u9fff]", words) == []
    else:
        assert CHINESE.findall(words) == []


@pytest.mark.parametrize(("name", "more"), [(UNIT, {"unit": "starfish-10"}), (ALL, {})])
def test_both_languages_hold_the_same_numbers(name, more):
    def numbers(lang):
        return [
            [[cell for cell in row if isinstance(cell, (int, float))] for row in table["rows"]]
            for table in tables(told(name, lang=lang, **more))
        ]

    assert numbers("zh") == numbers("en")


def test_parts_of_the_page_make_its_score():
    table = tables(told(UNIT, lang="en", unit="starfish-10"))[0]
    assert "survey and rater error only" in table["caption"]
    *parts, total = table["rows"]
    assert sum(row[6] for row in parts) == pytest.approx(total[3], rel=1e-12)
    for _, _, _, points, _, weight, adds in parts:
        if weight is not None:
            assert adds == pytest.approx(points * weight / 100, rel=1e-12)
    # the survey parts against plain weighted means of the rows
    frame = demo().frame(3)
    mine = frame[(frame["community"].astype(str) == "starfish-10") & frame["sat_overall"].notna()]
    mean = np.average(mine["sat_overall"].astype(float), weights=mine["weight"])
    row = next(row for row in parts if row[0] == "overall satisfaction")
    assert row[2] == pytest.approx(mean, rel=1e-12) and row[3] == pytest.approx(25 * (mean - 1), rel=1e-12)
    marks = {(one["row"], one["column"]): one["mark"] for one in table["marks"]}
    assert marks[0, 4] == "unknown"  # a bare count
    assert marks[5, 4] == "unknown"  # one rater only saw this community


def test_a_community_without_respondents_gets_a_finished_report():
    for lang, said in (("zh", "没有受访者"), ("en", "there are no respondents")):
        soup = page(told(UNIT, lang=lang, unit="ocarina-31"))
        assert said in soup.get_text() and soup.select(".gl-foot") and not soup.select(".gl-gist")
        assert len(soup.find_all("h2")) >= 5


def test_answers_that_are_hidden_are_used_nowhere():
    """Communities that the mask hides have no score, and their streets' means leave them out."""
    scores = held("en").scores
    why = dict(zip([one.id for one in scores.units], scores.reasons, strict=True))
    hidden = [name for name, reason in why.items() if reason == "few-respondents"]
    assert "ocarina-16" in hidden
    mask = held("en").tell.mask
    for name in hidden:
        assert not all(mask.shows({"community": name, "wave": 3}, item) for item in ("sat_overall", "gain"))
    parts = scores.parts
    assert parts[parts["unit"].isin(hidden) & (parts["kind"] == "survey")]["points"].isna().all()
    found = told(UNIT, lang="en", unit="ocarina-16")
    assert "fewer than 10 answers" in page(found).get_text()
    values = {row[0]: row[2] for row in tables(found)[0]["rows"]}
    assert values["overall satisfaction"] is None and values["agreed tasks done on time"] is not None


def test_a_street_is_rolled_up():
    found = told(UNIT, lang="en", unit="starfish")
    units, own, total = tables(found)[0]["rows"]
    assert units[6] + own[6] == pytest.approx(total[3], rel=1e-12)
    assert (units[5], own[5]) == (90, 10)
    scored = [row[1] for row in tables(found)[1]["rows"] if row[1] is not None]
    assert np.mean(scored) == pytest.approx(units[3], rel=1e-12)


def test_where_answers_are_not_safe_nothing_is_ranked(copied):
    copied(("answers_safe = true", "answers_safe = false"))
    report = AssessmentOverview.open("here", "", "en")
    soup = page(shown(report, ("opening", "ranks", "streets")))
    assert "may not be able to answer without fear" in soup.get_text() and not soup.find_all("img")
    assert "Estimated rank" not in soup.get_text()
    one = AssessmentReport.open("here", "", "starfish-10", "en")
    assert (
        "nothing that rests on their answers is ranked"
        in page(shown(one, ("opening", "standing"))).get_text()
    )
    # a scheme that asks no residents may still be ranked
    other = AssessmentOverview.open("here", "project-selection", "zh")
    assert page(shown(other, ("ranks",))).find("img")


def test_a_study_without_a_table_by_community_scores_nobody():
    found = Assessment.open("demo", "", "en")
    with mock.patch("govlab.studybook.parts.Telling.margin", lambda *_: False):
        text = page(shown(AssessmentOverview(found), ("opening", "scores"))).get_text()
    assert "None of the communities has a score" in text


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [UNIT, ALL])
def test_notebooks_show_every_part(name, lang):
    found = notebook(name, lang=lang, study="demo")
    assert len(page(found).find_all("h2")) >= 6 and page(found).select(".gl-foot")


@pytest.mark.parametrize(
    "scheme", ["beijing-seven-standardisations", "aksu-reverse-appraisal", "project-selection"]
)
def test_other_schemes_have_an_overview(scheme):
    found = shown(AssessmentOverview.open("demo", scheme, "en"), ALL_PARTS)
    assert page(found).select(".gl-foot") and CHINESE.findall(prose(page(found))) == []


def test_what_is_not_there_is_refused():
    with pytest.raises(InputError, match="does not score"):
        AssessmentReport.open("demo", "", "atlantis", "en")
    with pytest.raises(InputError, match="no records in wave 1"):
        AssessmentOverview.open("demo", "", "en", wave=1)
    with pytest.raises(InputError, match="no definition called"):
        AssessmentOverview.open("demo", "three-plus-two", "en")
    assert {"", "aksu-3-plus-1"} <= set(scheme_names()) and "aksu-six-isations" not in scheme_names()
    assert {"", "starfish", "ocarina-31"} <= set(appraised_names())
