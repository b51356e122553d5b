"""The report on coded cases: whole, in one language, with every choice; and a study that has none."""

from __future__ import annotations

import json
import re
import shutil
from unittest import mock

import pytest

from govlab.errors import InputError
from govlab.studybook import QcaReport, coded_outcomes
from govlab.studybook.source import demo_folder
from govlab.tables import MIME
from tests.casebook.telling import page, prose, told

PARTS = ("opening", "sets", "necessity", "truth_tables", "paths", "negation", "robustness", "truth", "ending")
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")


def bundles(lang, **more):
    return told("qca_report.ipynb", **({"lang": lang, "study": "demo"} | more))


def tables(found):
    return [one[MIME] for one in found if MIME in one]


def shown(report, parts=PARTS):
    found = []
    with mock.patch("IPython.display.display", lambda thing: found.append(thing._repr_mimebundle_())):
        for name in parts:
            getattr(report, name)()
    return page(found)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_is_whole(lang):
    found = bundles(lang)
    soup = page(found)
    for part in ("h1", ".gl-banner", ".gl-gist", ".gl-foot", ".gl-refs"):
        assert len(soup.select(part)) == 1, part
    assert len(soup.find_all("h2")) == 11
    assert len(soup.find_all("img")) == 7 and all(image["alt"] for image in soup.find_all("img"))
    assert len(tables(found)) == 13
    for table in tables(found):
        assert table["rows"] and table["caption"] and table["lang"] == lang and table["synthetic"]


def test_each_language_by_itself():
    words = set(LATIN.findall(prose(page(bundles("zh")), drop=(".gl-refs",))))
    assert words <= {"PRI", "RoN", "CE", "CR", "FDH"}
    assert CHINESE.findall(prose(page(bundles("en")))) == []


def test_both_languages_hold_the_same_numbers():
    def numbers(lang):
        return [
            [[cell for cell in row if isinstance(cell, (int, float))] for row in table["rows"]]
            for table in tables(bundles(lang))
        ]

    assert numbers("zh") == numbers("en")


def test_the_truth_is_found_and_both_exceptions_named():
    report = QcaReport.open("demo", "en")
    assert report.model is not None
    assert report.model.expression == "staff*powers + money*voice"
    text = prose(shown(report, ("paths", "truth")))
    assert "The solution found it" in text
    for case in ("Compass zone", "Hourglass zone"):
        assert case in text


def test_without_untenable_assumptions():
    report = QcaReport.open("demo", "en", assumptions="enhanced")
    assert report.strict is report.analysis
    assert report.positive.ruled_out.rows
    assert report.model is not None
    assert not set(report.model.assumptions) & set(report.positive.ruled_out.rows)
    assert "does not show it" in prose(shown(report, ("truth",)))
    with pytest.raises(ValueError, match="assumptions"):
        QcaReport.open("demo", "en", assumptions="none")


def test_cuts_that_nothing_reaches():
    report = QcaReport.open("demo", "en", inclusion=1.0)
    text = prose(shown(report))
    assert "nothing is sufficient" in text
    assert "Log of choices" in text


def study_with(tmp_path, **changes):
    folder = tmp_path / "study"
    shutil.copytree(demo_folder(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "responses"))
    for name, change in changes.items():
        path = folder / f"{name}.csv" if name.startswith("coded") else folder / f"{name}.toml"
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def test_missing_values_are_left_out_and_named(tmp_path, monkeypatch):
    folder = study_with(tmp_path, coded_cases=lambda text: text.replace("1.12,34.8", ",34.8", 1))
    monkeypatch.chdir(folder)
    report = QcaReport.open("here", "en")
    assert report.positive.table.data.left_out == ("paper-crane",)
    text = prose(shown(report, ("sets", "robustness")))
    assert "Paper Crane zone" in text
    assert report.redrawn is None


def test_a_study_without_coded_cases(tmp_path, monkeypatch):
    folder = study_with(tmp_path, study=lambda text: re.sub(r"(?s)\[coded\].*?\n\n", "", text))
    monkeypatch.chdir(folder)
    for lang in ("zh", "en"):
        soup = shown(QcaReport.open("here", lang))
        assert len(soup.find_all("h1")) == 1
        assert not soup.find_all("table")
    assert coded_outcomes(folder) == ("", "improved", "survived")


def test_outcomes():
    assert coded_outcomes(demo_folder()) == ("", "improved", "survived")
    with pytest.raises(InputError):
        QcaReport.open("demo", "en", "harmony")


def test_reasons_stand_in_the_log():
    report = QcaReport.open("demo", "zh")
    found = bundles("zh")
    log = next(table for table in tables(found) if table["caption"].endswith("选择记录"))
    text = json.dumps(log["rows"], ensure_ascii=False)
    for one in report.cases.sets:
        if one.anchors:
            assert one.reason.zh in text
    assert "空档" in text


def test_published_solutions_come_out():
    for lang, same in (("en", "the same"), ("zh", "不变")):
        found = bundles(lang, study="interwar")
        table = next(one for one in tables(found) if one["columns"][-1]["key"] == "here")
        assert [row[-1] for row in table["rows"]] == [same] * 4
        soup = page(found)
        assert not soup.select(".gl-banner")
        assert len(soup.find_all("img")) == 2  # crisp sets need no plot
        assert "nan" not in prose(soup)
    words = set(LATIN.findall(prose(page(bundles("zh", study="interwar")), drop=(".gl-refs", ".gl-note"))))
    assert words <= {"PRI", "RoN", "Rihoux", "De", "Meur"}
