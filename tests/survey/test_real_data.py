"""The whole path on answers that people really gave: the American election study of 1996, as statsmodels ships it.

Its CSV, codes written ``3.0``, goes through the door with a questionnaire written here; what the design
gives is held against numpy and statsmodels, which know nothing of the door.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from govlab import survey
from govlab.disclosure import apply
from govlab.study import Study
from govlab.study.door import run_export, run_intake
from govlab.survey.intake import read_responses
from govlab.survey.merged import three

pytestmark = pytest.mark.slow

SURVEY = ["type", "name", "label::中文 (zh)", "label::English (en)", "measure", "role", "construct"]
CHOICES = ["list_name", "name", "label::中文 (zh)", "label::English (en)"]
SIDES = ("Extremely liberal", "Liberal", "Slightly liberal", "Moderate", "Slightly conservative",
         "Conservative", "Extremely conservative")  # fmt: skip
SCHOOL = ("1-8 grades", "Some high school", "High school", "Some college", "College", "Master", "PhD")
PLACES = {"rural": "Under 10 thousand", "town": "10 to 100 thousand", "city": "Over 100 thousand"}
STUDY = """
format = 1
title = { zh = "选举研究", en = "Election study" }

[paths]
zones = "zones.csv"

[survey]
questionnaire = "questionnaire.xlsx"
sampling = "probability"
answers_safe = true
consent = "consent.md"
ethics = "-"
retention = 2099-12-31
quasi_identifiers = ["place", "education"]
zone = "place"

[survey.design]
weights = "weight"

[[survey.waves]]
wave = 1
responses = "responses/anes96.csv"

[[survey.margins]]
by = ["place", "wave"]
items = ["*"]

[[survey.margins]]
by = ["wave"]
items = ["*"]
shows = "both"
merge = "three"
"""


def write_questionnaire(path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "survey"
    rows = [
        ["select_one place", "place", "居住地", "Place of living", "", "zone", ""],
        ["select_one side", "own_side", "自己的立场", "Where do you stand?", "scale", "", ""],
        [
            "select_one side",
            "clinton_side",
            "克林顿的立场",
            "Where does Clinton stand?",
            "scale",
            "",
            "sides",
        ],
        ["select_one side", "dole_side", "多尔的立场", "Where does Dole stand?", "scale", "", "sides"],
        ["select_one school", "education", "受教育程度", "Education", "scale", "", ""],
        ["select_one vote", "vote", "打算投给谁", "Expected vote", "", "", ""],
        ["integer", "news", "一周看几次电视新闻", "TV news in a week", "", "", ""],
        ["integer", "age", "年龄", "Age", "", "", ""],
    ]
    for row in [SURVEY, *rows]:
        sheet.append(row)
    choices = book.create_sheet("choices")
    choices.append(CHOICES)
    for name, label in PLACES.items():
        choices.append(["place", name, label, label])
    for number, label in enumerate(SIDES, 1):
        choices.append(["side", str(number), label, label])
    for number, label in enumerate(SCHOOL, 1):
        choices.append(["school", str(number), label, label])
    choices.append(["vote", "0", "克林顿", "Clinton"])
    choices.append(["vote", "1", "多尔", "Dole"])
    book.save(path)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    from statsmodels.datasets import anes96

    data = anes96.load_pandas().data
    place = pd.cut(data["popul"], [-1, 10, 100, np.inf], labels=list(PLACES)).astype(str)
    named = {"selfLR": "own_side", "ClinLR": "clinton_side", "DoleLR": "dole_side", "educ": "education"}
    frame = data.rename(columns={**named, "TVnews": "news"})[[*named.values(), "vote", "news", "age"]]
    # Nobody publishes weights with it; some that differ, so that they have to be right everywhere.
    return frame.assign(place=place, weight=1 + np.arange(len(frame)) % 7 / 10)


@pytest.fixture(scope="module")
def folder(answers: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("anes96")
    write_questionnaire(home / "questionnaire.xlsx")
    (home / "study.toml").write_text(STUDY, encoding="utf-8")
    (home / "consent.md").write_text("-\n", encoding="utf-8")
    roles = zip(PLACES, ("comparison", "pilot", "pilot"), strict=True)
    zones = [{"zone": name, "role": role, "model": role} for name, role in roles]
    pd.DataFrame(zones).to_csv(home / "zones.csv", index=False)
    (home / "responses").mkdir()
    answers.assign(respondent=np.arange(len(answers)) + 1).to_csv(
        home / "responses" / "anes96.csv", index=False
    )
    return home


@pytest.fixture(scope="module")
def study(folder: Path) -> Study:
    return Study.open(folder)


def test_every_answer_comes_through_the_door(study: Study, answers: pd.DataFrame) -> None:
    result = run_intake(study, 1)
    report = result.responses.reports[0]
    assert not report.unmatched
    assert not report.unknown
    assert not report.personal
    frame = study.frame(1)
    for name in ("own_side", "clinton_side", "dole_side", "education", "news", "age"):
        assert frame[name].tolist() == answers[name].tolist(), name
    assert frame["vote"].astype(str).tolist() == answers["vote"].astype(int).astype(str).tolist()
    assert frame["sides"].tolist() == answers[["clinton_side", "dole_side"]].mean(axis=1).tolist()


def test_means_of_places_and_their_errors(study: Study, answers: pd.DataFrame) -> None:
    found = survey.mean(study.design(1), "own_side", by="place").frame.set_index("place")
    n = len(answers)
    for place, part in answers.groupby("place"):
        w, y = part["weight"], part["own_side"]
        centre = np.average(y, weights=w)
        error = np.sqrt(n / (n - 1) * ((w * (y - centre) / w.sum()) ** 2).sum())
        assert found.loc[place, "estimate"] == pytest.approx(centre, rel=1e-12)
        assert found.loc[place, "std_error"] == pytest.approx(error, rel=1e-12)


def test_comparison_of_places(study: Study) -> None:
    found = survey.compare_zones(study.design(1), "own_side", zone="place", reference="rural")
    means = found.means.set_index("place")["estimate"]
    for row in found.frame.itertuples():
        assert row.estimate == pytest.approx(means[row.zone] - means["rural"], rel=1e-12)
        assert row.conf_low < row.estimate < row.conf_high


def test_regressions_are_those_of_statsmodels(study: Study, answers: pd.DataFrame) -> None:
    import statsmodels.api as sm
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    design = study.design(1).with_columns({"dole": answers["vote"].to_numpy()})
    x = sm.add_constant(answers[["age", "own_side", "education"]])
    n = len(answers)
    model = sm.GLM(answers["vote"], x, sm.families.Binomial(),
                   freq_weights=answers["weight"]).fit(tol=1e-14)  # fmt: skip
    found = survey.regress(design, "dole ~ age + own_side + education", family="binomial").frame
    assert found["estimate"].to_numpy() == pytest.approx(model.params.to_numpy(), rel=1e-9)
    score = x.to_numpy() * (answers["weight"] * (answers["vote"] - model.mu)).to_numpy()[:, None]
    bread = np.linalg.inv((x.T * (answers["weight"] * model.mu * (1 - model.mu))) @ x)
    sandwich = n / (n - 1) * bread @ (score.T @ score) @ bread
    assert found["std_error"].to_numpy() == pytest.approx(np.sqrt(np.diag(sandwich)), rel=1e-9)

    equal = survey.Design(design.frame)
    ordinal = survey.regress(equal, "own_side ~ age + education", family="ordinal").frame.set_index("term")
    theirs = OrderedModel(answers["own_side"], answers[["age", "education"]], distr="logit")
    fitted = theirs.fit(method="newton", disp=False, maxiter=100)
    for name in ("age", "education"):
        assert ordinal.loc[name, "estimate"] == pytest.approx(fitted.params[name], rel=1e-5)


def test_published_through_the_mask_and_handed_on(study: Study, folder: Path) -> None:
    mask = study.mask()
    shown = apply(mask, survey.mean(study.design(1), "own_side", by="place"), within={"wave": 1})
    assert (shown.frame["reason"] == "").all()
    groups = {"own_side": three(range(1, 8))}
    shares = survey.proportion(survey.merge_answers(study.design(1), groups), "own_side")
    assert apply(mask, shares, within={"wave": 1}).frame["term"].tolist() == ["low", "middle", "high"]
    exported = run_export(study, 1, folder / "clean.dta", leave_out=("education",))
    assert exported.rows == 944
    assert study.questionnaire is not None
    again = read_responses(folder / "clean.dta", study.questionnaire)
    assert again.frame["own_side"].tolist() == study.frame(1)["own_side"].tolist()
