"""Heads taken apart, columns matched or held, and the workbook in which a person has the last word."""

from __future__ import annotations

import pytest

from govlab.errors import InputError
from govlab.language import LANGUAGES
from govlab.survey.intake import read_mapping, read_responses, run_door
from govlab.survey.intake.heads import take_apart
from govlab.survey.wording import last_bracket, plain, plain_option
from tests.survey.exports import make_answers, shipped, wjx, write_csv
from tests.survey.truth import plain as values_of


@pytest.fixture(scope="module")
def form():
    return shipped()


@pytest.mark.parametrize(
    ("raw", "number", "whole", "first_split", "bare"),
    [
        ("1、您的性别：   ", 1, "您的性别", None, False),
        ("第6题(文体活动（含广场舞）)", 6, "(文体活动(含广场舞))", ("", "文体活动(含广场舞)"), True),
        ("5、(其他【请注明】)", 5, "(其他[请注明])", ("", "其他"), True),
        ("２５、（其他（请补充）：）", 25, "(其他(请补充):)", ("", "其他"), True),
        ("21.您去过哪里？:公园", 21, "您去过哪里?:公园", ("您去过哪里", "公园"), False),
        (
            "7、题干——我觉得（自己）是一员",
            7,
            "题干--我觉得(自己)是一员",
            ("题干", "我觉得(自己)是一员"),
            False,
        ),
        ("3、您的年龄（周岁）*", 3, "您的年龄(周岁)", ("您的年龄", "周岁"), False),
        ("*4、您的职业[单选题]", 4, "您的职业", None, False),
        ("belong_member", None, "belong_member", ("belong", "member"), False),
        ("2026年的打算", None, "2026年的打算", None, False),
    ],
)
def test_heads(raw, number, whole, first_split, bare):
    head = take_apart(raw)
    assert (head.number, head.whole, head.bare) == (number, whole, bare)
    assert (head.splits[0] if head.splits else None) == first_split


def test_words_compared_without_width_blanks_marks_and_closing_signs():
    assert plain(" 您对社区 满意吗？（必填） ") == plain("您对社区满意吗?") == "您对社区满意吗"
    assert plain_option("其他【请注明】") == plain_option("其他（请说明）") == "其他"
    assert plain("A（一）") != plain("A")
    assert last_bracket("甲（乙（丙））：") == ("甲", "乙（丙）")
    assert last_bracket("甲（乙") is None and last_bracket("乙）") is None and last_bracket("") is None


def test_close_heads_are_held_until_somebody_agrees(form, tmp_path):
    rows = wjx(form, make_answers(form, 15, 3), "words")
    at = next(place for place, head in enumerate(rows[0]) if "总的来说" in head)
    rows[0][at] = "17、总体而言，您对社区治理和服务满意吗？"
    path = write_csv(tmp_path / "f.csv", rows)
    found = read_responses(path, form)
    (held,) = found.reports[0].held
    assert (held.how, held.target.question) == ("close", "sat_overall") and 0.6 <= held.similarity < 1
    assert set(found.reasons["sat_overall"]) == {"not_confirmed"} and found.frame["sat_overall"].isna().all()


def test_two_columns_for_one_question_are_both_held(form, tmp_path):
    rows = [["21、您的性别", "您的性别：", "20、您的年龄"], ["女", "男", "18—29 岁"]]
    found = read_responses(write_csv(tmp_path / "f.csv", rows), form)
    assert [match.how for match in found.reports[0].held] == ["twice", "twice"]
    assert set(found.reasons["gender"]) == {"not_confirmed"}


def test_columns_of_no_question_are_named_and_left(form, tmp_path):
    rows = [["21、您的性别", "天气"], ["女", "晴"]]
    found = read_responses(write_csv(tmp_path / "f.csv", rows), form)
    assert [match.head for match in found.reports[0].unmatched] == ["天气"]
    assert "天气" not in found.frame
    assert "age" in found.reports[0].absent


def test_columns_can_go_along(form, tmp_path):
    rows = [["21、您的性别", "权重", "街道"], ["女", "1.5", "甲"], ["男", "", "乙"]]
    found = read_responses(write_csv(tmp_path / "f.csv", rows), form, carry=["权重", "街道", "没有的"])
    assert found.carried == ("权重", "街道") and found.frame["权重"].tolist()[0] == 1.5
    assert values_of(found.frame["街道"]) == ["甲", "乙"]
    assert [fault.key for fault in found.reports[0].notes] == ["survey_intake.note.no_carry"]
    clash = write_csv(tmp_path / "g.csv", [["21、您的性别", "file"], ["女", "x"]])
    with pytest.raises(InputError, match="file"):
        read_responses(clash, form, carry=["file"])


# -- the mapping workbook ---------------------------------------------------------------------------


def edit(path, sheet, change):
    """Change cells of a mapping workbook as a person would: {head: value} by row."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    page = book[sheet]
    heads = [cell.value for cell in page[1]]
    for row in page.iter_rows(min_row=2):
        cells = dict(zip(heads, row, strict=True))
        for head, value in change({name: cell.value for name, cell in cells.items()}).items():
            cells[head].value = value
    book.save(path)


@pytest.fixture(scope="module")
def export(form):
    rows = wjx(form, make_answers(form, 25, 3), "places")
    at = next(place for place, head in enumerate(rows[0]) if "总的来说" in head)
    rows[0][at] = "17、总体而言，您对社区治理和服务满意吗？"
    gender = next(place for place, head in enumerate(rows[0]) if "您的性别" in head)
    rows[3][gender] = "女士"
    return rows


@pytest.fixture(scope="module")
def written(form, export, tmp_path_factory):
    """The mapping workbook after the first run, as bytes."""
    folder = tmp_path_factory.mktemp("first")
    path = write_csv(folder / "export.csv", export)
    run_door(form, [path], folder / "out", mapping=folder / "mapping.xlsx")
    return (folder / "mapping.xlsx").read_bytes()


@pytest.fixture
def study(export, tmp_path):
    return write_csv(tmp_path / "export.csv", export), tmp_path / "mapping.xlsx", tmp_path / "out"


@pytest.fixture
def mapped(study, written):
    """The study after its first run."""
    study[1].write_bytes(written)
    return study


def run(form, study, **options):
    path, mapping, out = study
    return run_door(form, [path], out, mapping=mapping, **options)


def test_a_person_confirms_and_corrects(form, study):
    first = run(form, study)
    assert len(first.responses.reports[0].held) == 1
    edit(study[1], "columns", lambda row: {"use": "yes"} if row["use"] == "ask" else {})
    edit(study[1], "values", lambda row: {"answer": "female"} if row["value"] == "女士" else {})
    second = run(form, study)
    report = second.responses.reports[0]
    assert not report.held and not report.unknown
    assert second.responses.frame["sat_overall"].notna().any()
    assert second.responses.frame["gender"].iloc[2] == "female"
    assert "sat_overall" in {match.target.question for match in report.matched}


def test_running_again_gives_the_same_bytes_and_leaves_edits_alone(form, study):
    path, mapping, out = study
    before = path.read_bytes()
    run(form, study)
    edit(mapping, "columns", lambda row: {"use": "yes", "note": "看过了"} if row["use"] == "ask" else {})
    run(form, study)
    kept = mapping.read_bytes()
    files = {file.name: file.read_bytes() for file in out.iterdir()}
    assert set(files) == {"responses.parquet", "quality.xlsx", "intake.md", "intake.json"}
    run(form, study)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == files
    assert mapping.read_bytes() == kept and path.read_bytes() == before
    lines = {line.head: line for line in read_mapping(mapping, form).lines}
    assert any(line.note == "看过了" for line in lines.values())


def test_places_of_options_can_be_corrected(form, mapped):
    """On the platform the options stood in another order than in the questionnaire."""
    study = mapped
    swap = {"1": "male", "2": "female"}
    before = run(form, study).responses.frame["gender"]
    edit(
        study[1],
        "values",
        lambda row: (
            {"answer": swap[row["value"]]} if row["question"] == "gender" and row["value"] in swap else {}
        ),
    )
    after = run(form, study).responses.frame["gender"]
    turned = before.map({"male": "female", "female": "male"})
    assert values_of(after) == values_of(turned)


def test_a_column_can_be_refused_or_sent_elsewhere(form, mapped):
    study = mapped

    def change(row):
        if row["question"] == "age":
            return {"use": "no"}
        return {"use": "yes", "question": "one_change"} if row["head"] == "来源" else {}

    edit(study[1], "columns", change)
    found = run(form, study).responses
    assert set(found.reasons["age"]) == {"no_column"}
    assert set(found.frame["one_change"].dropna()) == {
        "微信"
    }  # the person's word goes before the words of the head


@pytest.mark.parametrize(
    ("sheet", "change", "key"),
    [
        ("columns", {"use": "maybe"}, "use"),
        ("columns", {"use": "yes", "question": None}, "no_question"),
        ("columns", {"use": "yes", "question": "gendre"}, "question"),
        ("columns", {"use": "yes", "question": "gender", "option": "x"}, "option"),
        ("values", {"question": "gender", "answer": "woman"}, "answer"),
    ],
)
def test_faults_of_the_workbook_name_their_row(form, mapped, sheet, change, key):
    study = mapped
    done = []

    def once(row):
        if done:
            return {}
        done.append(row)
        return change

    edit(study[1], sheet, once)
    with pytest.raises(InputError) as caught:
        read_mapping(study[1], form)
    (fault,) = caught.value.faults
    assert fault.key == f"survey_intake.mapping.{key}" and fault.where == ("mapping.xlsx", sheet, "2")
    assert all(caught.value.text(lang) for lang in LANGUAGES)


def test_a_workbook_that_lost_its_columns(form, mapped):
    from openpyxl import load_workbook

    study = mapped
    book = load_workbook(study[1])
    book["columns"].delete_cols(4)
    book.save(study[1])
    with pytest.raises(InputError, match="question"):
        read_mapping(study[1], form)
    del book["columns"]
    book.save(study[1])
    with pytest.raises(InputError, match="columns"):
        read_mapping(study[1], form)


def test_the_workbook_shows_both_side_by_side(mapped):
    from openpyxl import load_workbook

    sheet = load_workbook(mapped[1])["columns"]
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    (asked,) = [row for row in rows if row["use"] == "ask"]
    assert (
        asked["head"].startswith("17、总体而言")
        and "总的来说" in asked["words"]
        and "All in all" in asked["words"]
    )
    assert {row["use"] for row in rows} == {"yes", "no", "ask"}
    assert next(row for row in rows if row["head"] == "来自IP")["how"] == "personal"


def test_values_that_may_point_at_a_person_are_not_copied(form, tmp_path):
    rows = [["21、您的性别", "20、您的年龄"], ["13812345678", "18—29 岁"], ["女", "十八"]]
    path = write_csv(tmp_path / "f.csv", rows)
    result = run_door(form, [path], tmp_path / "out", mapping=tmp_path / "mapping.xlsx")
    assert [line.value for line in read_mapping(tmp_path / "mapping.xlsx", form).values] == ["十八"]
    for file in (tmp_path / "out").iterdir():
        assert b"13812345678" not in file.read_bytes()
    assert "13812345678" not in result.page("zh") and "personal data" in result.page("en")
