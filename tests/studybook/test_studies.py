"""Studies that allow less, hold less or lie elsewhere, and the names a planner may give."""

import shutil
from pathlib import Path
from unittest import mock

import pytest

from govlab.errors import InputError
from govlab.studybook import (
    QualityReport,
    ZoneComparisonReport,
    ZoneReport,
    item_names,
    open_study,
    zone_names,
)
from govlab.studybook.source import demo_folder
from tests.casebook.telling import page

ZONE_PARTS = ("opening", "answered_by_wave", "standing", "what_they_say", "course", "items", "ending")
COMPARISON_PARTS = (
    "opening", "answered", "leading", "themes", "knowledge", "answers", "pooled", "courses", "differences",
    "ranks", "ending",
)  # fmt: skip
QUALITY_PARTS = ("opening", "door", "flags", "missing", "zones", "scales", "weights", "ending")


def shown(report, parts):
    """The page of a report made here."""
    found = []
    with mock.patch("IPython.display.display", lambda thing: found.append(thing._repr_mimebundle_())):
        for name in parts:
            getattr(report, name)()
    return page(found)


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the demo study with its study file changed, as the study around the working folder."""

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


def test_the_study_around_comes_before_the_demo(copied, tmp_path, monkeypatch):
    folder = copied(("Demo study:", "Riverside:"))
    assert open_study("here").title("en").startswith("Riverside")
    assert open_study("demo").title("en").startswith("Demo study")
    monkeypatch.chdir(tmp_path)
    assert open_study("here").title("en").startswith("Demo study")
    assert set(zone_names(folder)) == {"", *open_study("demo").zones["zone"]}
    assert {"", "belonging", "sat_overall"} <= set(item_names(tmp_path))
    with pytest.raises(ValueError, match="study must be"):
        open_study("there")


def test_quota_samples_get_no_interval_test_or_rank(copied):
    copied(('sampling = "probability"', 'sampling = "quota"'))
    soup = shown(ZoneComparisonReport.open("here", "en"), COMPARISON_PARTS)
    text = soup.get_text(" ")
    assert "quota survey (not a random sample)" in text
    assert "Respondents were chosen by quota, so there are no ranks" in text
    for word in ("told apart", "partially pooled", "Differences between changes", "simultaneous"):
        assert word not in text, word
    alone = shown(ZoneReport.open("here", "amber", "en"), ZONE_PARTS)
    assert "Interval" in alone.get_text() and "beyond" not in alone.get_text()
    cells = [cell.get_text() for cell in alone.find_all("table")[1].select("tbody tr")[0].find_all("td")]
    assert cells[1] == cells[2] == "—"


def test_where_answers_are_not_safe_nothing_is_ranked(copied):
    copied(("answers_safe = true", "answers_safe = false"))
    report = ZoneComparisonReport.open("here", "en")
    assert [row["zone"] for row in report.means] == list(report.tell.names.zones)
    text = shown(report, ("ranks", "ending")).get_text(" ")
    assert "may not be able to answer without fear, so there are no ranks" in text


def test_before_any_wave_each_report_is_one_finished_page(copied):
    folder = copied()
    shutil.rmtree(folder / "responses")
    (folder / "responses").mkdir()
    for report, parts in (
        (ZoneReport.open("here", "amber", "en"), ZONE_PARTS),
        (ZoneComparisonReport.open("here", "en"), COMPARISON_PARTS),
        (QualityReport.open("here", "en"), QUALITY_PARTS),
    ):
        soup = shown(report, parts)
        assert soup.find("h1") and "No wave has responses yet" in soup.get_text()


def test_what_is_not_of_the_study_is_refused():
    with pytest.raises(InputError, match="no zone atlantis"):
        ZoneReport.open("demo", "atlantis", "en")
    with pytest.raises(InputError, match="wave 9"):
        ZoneReport.open("demo", "amber", "en", wave=9)
    with pytest.raises(InputError, match="no question or scale happiness"):
        ZoneComparisonReport.open("demo", "en", item="happiness")


def test_an_earlier_wave_stands_alone():
    report = ZoneReport.open("demo", "amber", "en", wave=1)
    assert report.before == ()
    soup = shown(report, ZONE_PARTS)
    assert "From wave to wave" not in soup.get_text() and len(soup.find_all("table")) > 5


@pytest.mark.slow
def test_a_zone_under_the_threshold_shows_no_number(copied):
    """100 people in the smallest zones, 120 asked for: their numbers are withheld everywhere."""
    copied(("threshold = 10", "threshold = 112"))
    report = ZoneReport.open("here", "brass-bell", "en")
    soup = shown(report, ZONE_PARTS)
    assert "fewer than 112" in soup.get_text(" ")
    for table in soup.find_all("table")[:-1]:
        for row in table.select("tbody tr"):
            cells = [cell.get_text() for cell in row.find_all("td", class_="n")]
            assert "*" in cells, table.caption


@pytest.mark.slow
def test_a_zone_without_respondents_gets_a_finished_page(copied):
    folder = copied()
    path = folder / "responses" / "wave3.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    at = head.split(",").index("zone")
    kept = [line for line in lines if line.split(",")[at] != "amber"]
    path.write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")
    soup = shown(ZoneReport.open("here", "amber", "zh"), ZONE_PARTS)
    assert "没有受访者" in soup.get_text()
