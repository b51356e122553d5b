"""The report on change against zones that stayed as they were: whole, in one language, honest about few zones."""

import json
import re
import shutil
from dataclasses import replace
from functools import cache
from unittest import mock

import numpy as np
import pytest

from govlab.errors import InputError
from govlab.language import messages
from govlab.studybook import DidReport
from govlab.studybook.source import demo_folder
from govlab.survey import difference_in_differences
from govlab.tables import MIME
from tests.casebook.telling import page, prose, told

PARTS = ("opening", "compared", "gaps", "trends", "few", "synthetic", "others", "truth", "ending")
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")


def bundles(lang, **more):
    return told("did_report.ipynb", lang=lang, study="demo", **more)


def tables(found):
    return [one[MIME] for one in found if MIME in one]


@cache  # what it computes is kept, and reading the study takes longer than most tests
def opened(**options):
    return DidReport.open("demo", "en", **options)


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
    heads = [one.get_text() for one in soup.find_all("h2")]
    assert len(heads) == 12 and all(str(place) in head for place, head in enumerate(heads, 1)) is (
        lang == "en"
    )
    assert len(soup.find_all("img")) == 6 and all(image["alt"] for image in soup.find_all("img"))
    for table in tables(found):
        assert table["rows"] and table["caption"] and table["lang"] == lang and table["synthetic"]


def test_each_language_by_itself():
    words = set(LATIN.findall(prose(page(bundles("zh")), drop=(".gl-refs",))))
    assert {one for one in words if not re.fullmatch("[0-9a-f]+", one)} <= {"DEMO"}
    assert CHINESE.findall(prose(page(bundles("en")))) == []


def test_both_languages_hold_the_same_numbers():
    def numbers(lang):
        return [
            [[cell for cell in row if isinstance(cell, (int, float))] for row in table["rows"]]
            for table in tables(bundles(lang))
        ]

    assert numbers("zh") == numbers("en")


def test_differences_are_those_of_the_survey_room():
    design = opened().tell.study.design([2, 3])
    models = design.frame["model"].astype(str)
    design = design.with_columns({"treated": (models == "innovation").astype(float)})
    design = design.subset(models.isin(["innovation", "comparison"]).to_numpy())
    known = difference_in_differences(
        design, "sat_overall", wave="wave", between=(2, 3), treated="treated", zone="zone"
    ).frame
    table = next(one for one in tables(bundles("en")) if "less that of the comparison" in one["caption"])
    row = table["rows"][0]
    assert row[1] == pytest.approx(known["estimate"][0], rel=1e-9)
    ends = [*known.loc[0, ["conf_low", "conf_high"]], *known.loc[1, ["conf_low", "conf_high"]]]
    # All waves in one design: degrees of freedom may differ from those of two waves alone in the third digit.
    assert row[2:6] == pytest.approx(ends, abs=5e-3)


def test_permutation_is_over_all_ways():
    arm = opened().arms[0]
    change = arm.two_waves.pivot(index="zone", columns="wave", values="sat_overall")
    change = change[3] - change[2]
    own = change.index.isin(arm.panel.loc[arm.panel["arm"] == 1, "zone"])
    assert arm.assignments.observed == pytest.approx(change[own].mean() - change[~own].mean())
    assert len(arm.assignments.statistics) == 70 and not arm.assignments.exact
    assert arm.bootstrap.few_treated
    assert replace(arm, assignment="random").assignments.exact


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unequal_course_before_is_told(lang):
    """Willingness to take part has no effect, but rose in the devolution zones before."""
    report = DidReport.open("demo", lang, "participation")
    verdicts = {arm.model: arm.verdict for arm in report.arms}
    assert verdicts["devolution"] == "diverged"
    text = shown(report).get_text(" ")
    assert ("cannot be put down to the reform" if lang == "en" else "不能归于改革") in text


def test_every_verdict_has_words():
    """Sentences that the demo study does not call for are there too."""
    for lang in ("zh", "en"):
        keys = set(messages("did_report", lang))
        for verdict in ("diverged", "hides", "hides_nothing", "clear", "none"):
            assert f"did_report.verdict.{verdict}" in keys
        for reason in ("few_clusters", "few_treated", "p_too_coarse", "not_random"):
            assert f"did_report.why.{reason}" in keys
        for verdict in ("diverged", "hides", "clear"):
            assert f"did_report.gist.{verdict}" in keys


@pytest.mark.slow
def test_one_wave_before_shows_no_course():
    report = opened(start=2)
    assert {arm.verdict for arm in report.arms} == {"none"} and report.arms[0].wedge is None
    soup = shown(report)
    assert "no wave before the base" in soup.get_text(
        " "
    ) and "Fewer than two comparison zones" in soup.get_text(" ")
    assert "put into the invented data" not in soup.get_text(" ")


@pytest.mark.parametrize(
    ("file", "old", "new", "told_so"),
    [
        ("study.toml", 'sampling = "probability"', 'sampling = "quota"', "not drawn at random"),
        ("zones.csv", "comparison,comparison", "pilot,comparison", "none that stayed as they were"),
    ],
)
def test_nothing_is_estimated_where_nothing_can_be(tmp_path, monkeypatch, file, old, new, told_so):
    folder = tmp_path / "study"
    shutil.copytree(demo_folder(), folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.chdir(folder)
    report = DidReport.open("here", "en")
    soup = shown(report)
    assert told_so in soup.get_text(" ") and not report.arms
    assert not soup.find_all("img") and "innovation area +" not in soup.get_text(" ")


def test_masked_means_are_not_compared():
    report = replace(opened())
    with mock.patch("govlab.studybook.did_arms.Arm.shown", False):
        soup = shown(report)
    assert "too few respondents: no difference in change" in soup.get_text(" ")
    assert not soup.find_all("figure") or all(
        "less comparison" not in one.get_text() for one in soup.find_all("figure")
    )


def test_truth_is_inside_most_intervals():
    """Not a proof: the demo study's own draw, held against what was put in."""
    report = opened()
    truth = json.loads((demo_folder() / "truth.json").read_text(encoding="utf-8"))["values"]
    inside = [
        low <= truth["sat_overall"]["difference_in_differences"][arm.model] <= high
        for arm in report.arms
        for low, high in [arm.gap.here]
    ]
    assert np.mean(inside) > 0.5


def test_what_it_refuses():
    for options, key in (({"item": "happiness"}, "studybook.no_item"), ({"start": 9}, "study.no_wave")):
        with pytest.raises(InputError) as caught:
            opened(**options)
        assert caught.value.faults[0].key == key
    with pytest.raises(ValueError):
        opened(assignment="maybe")
