"""The training-needs form: written, accepted by other tools, read back without telling on anybody."""

import pandas as pd
import pytest

from govlab.errors import InputError
from govlab.workshop import needs as room
from govlab.workshop.lessons import lessons
from govlab.workshop.needs import needs
from govlab.workshop.needs_form import needs_form, paper, questionnaire, workbook, write_needs
from tests.workshop.paper_text import said, strangers

FORM = needs_form()
TIERS = [one.id for one in FORM.tiers]


def people(n):
    """Answers by a rule: (tier, topic) -> can, need; every person of a tier has a name too."""
    rows = []
    for i in range(n):
        tier = TIERS[0 if i % 5 == 0 else 1 + i % 2]
        row = {"姓名": f"王小{'明红军丽'[i % 4]}", "tier": tier}
        for place, topic in enumerate(FORM.topics):
            if tier in topic.tiers:
                row[f"can_{topic.id}"] = str(1 + (i * 7 + place) % 4)
                row[f"need_{topic.id}"] = str(1 + (i // 3 + place) % 4)
                row[f"lack_{topic.id}"] = "knowledge practice" if (i + place) % 3 else "tools"
        rows.append(row)
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    path = tmp_path_factory.mktemp("needs") / "filled.xlsx"
    people(80).to_excel(path, index=False)
    return needs(path)


def test_topics_lead_to_lessons_and_tiers():
    known = {one.number for one in lessons()}
    assert {number for topic in FORM.topics for number in topic.lessons} <= known
    assert all(4 <= len(FORM.of_tier(tier)) <= 11 for tier in TIERS)


def test_the_workbook_is_an_xlsform(tmp_path):
    path = tmp_path / "needs.xlsx"
    path.write_bytes(workbook(FORM))
    found = questionnaire()
    assert found.form_id == "training_needs"
    assert {one.name for one in found} >= {
        f"{kind}_{topic.id}" for topic in FORM.topics for kind in ("can", "need", "lack")
    }
    assert found.question("can_cases").relevant and found.question("can_cases").label.both()
    pyxform = pytest.importorskip("pyxform.xls2xform")
    made = pyxform.convert(str(path))
    assert made.warnings == [] and "tier" in made.xform
    assert workbook(FORM) == path.read_bytes()


def test_counts_are_those_of_the_rule(answered):
    """Worked out again by hand from the same rows."""
    table = people(80)
    for row in answered.to_frame().to_dict("records"):
        topic = next(one for one in FORM.topics if one.id == row["topic"])
        own = table[table["tier"].isin(topic.tiers if row["tier"] == "all" else [row["tier"]])]
        gap = own[f"can_{topic.id}"].isin(["1", "2"]) & own[f"need_{topic.id}"].isin(["3", "4"])
        if not row["reason"]:
            assert (row["n"], row["gap"]) == (len(own), gap.sum())
            assert row["share"] == pytest.approx(gap.mean(), abs=1e-12)


def test_no_small_cell_is_shown_or_can_be_worked_out(answered):
    frame = answered.to_frame()
    shown = frame[frame["reason"] == ""]
    assert len(shown) and len(shown) < len(frame)
    assert (shown["gap"] >= 10).all() and (shown["n"] - shown["gap"] >= 10).all()
    hidden = frame[frame["reason"] != ""]
    assert hidden[["n", "gap", "share"]].isna().all().all()
    for topic in FORM.topics:
        if "all" in set(shown[shown["topic"] == topic.id]["tier"]):
            assert len(hidden[hidden["topic"] == topic.id]) != 1  # one alone is the total less the others
    lacking = answered.lacking[answered.lacking["reason"] == ""]
    assert (lacking["count"] >= 10).all()


def test_names_do_not_come_in(answered):
    assert answered.personal == ("姓名",)
    for text in (answered.summary(), said(answered.report("zh")), answered.to_frame().to_csv()):
        assert "王小" not in text


def test_lessons_follow_with_their_arithmetic(answered):
    proposed = answered.proposed()
    assert [one.share for one in proposed] == sorted((one.share for one in proposed), reverse=True)
    one = proposed[0]
    assert f"{one.gap} ÷ {one.n} = {100 * one.gap / one.n:.0f}%" in one.sentence("zh")
    assert len({each.lesson for each in proposed}) == len(proposed) <= 5


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reports_speak_one_language(answered, lang):
    text = said(answered.report(lang))
    assert strangers(text, lang) == []
    assert "80" in text


def test_few_people_are_told_to_talk_it_over(tmp_path):
    path = tmp_path / "few.csv"
    people(6).to_csv(path, index=False)
    found = needs(path)
    assert (found.to_frame()["reason"] == "suppressed").all() and found.proposed() == ()
    assert "当面商量" in found.proposal_lines("zh")[0]


def test_what_cannot_be_read_is_refused(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="no file"):
        needs(tmp_path / "none.xlsx")
    path = tmp_path / "filled.csv"
    people(5).assign(tier="").to_csv(path, index=False)
    with pytest.raises(InputError, match="tier"):
        needs(path)
    monkeypatch.setattr(room, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="too large"):
        needs(path)
    with pytest.raises(InputError, match="pdf"):
        write_needs("zh", ("pdf",), tmp_path)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("tier", FORM.tiers, ids=TIERS)
def test_a_page_has_a_row_of_boxes_a_topic(tier, lang):
    text = said(paper(FORM, tier, lang))
    assert text.count("□1") == 2 * len(FORM.of_tier(tier.id))
    assert strangers(text, lang) == []


@pytest.mark.slow
def test_written_for_paper_and_for_platforms(tmp_path):
    written = write_needs("zh", ("xlsx", "docx", "html"), tmp_path)
    assert [path.suffix for path in written] == [".docx", ".html"] * 3 + [".xlsx"]
    assert "培训需求表" in written[1].read_text(encoding="utf-8")
