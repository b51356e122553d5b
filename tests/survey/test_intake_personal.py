"""Personal data: recognised by head and by content, dropped and counted, kept only with a reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlab.errors import InputError
from govlab.survey.intake import read_responses
from govlab.survey.intake.personal import by_content, by_head, id_number_holds, in_text
from tests.survey.exports import make_answers, shipped, wjx, write_csv
from tests.survey.truth import plain


@pytest.fixture(scope="module")
def form():
    return shipped()


def with_check(first: str) -> str:
    """The check digit of GB 11643, worked out by the definition: sum of a_i * 2**(i-1) mod 11 is 1."""
    for sign in "0123456789X":
        digits = [int(one) for one in first] + [10 if sign == "X" else int(sign)]
        if sum(digit * 2 ** (17 - place) for place, digit in enumerate(digits)) % 11 == 1:
            return first + sign
    raise AssertionError


@given(st.integers(110000, 659999), st.dates(), st.integers(0, 999))
def test_identity_numbers_are_told_by_their_check_digit(area, day, order):
    first = f"{area}{max(day.year, 1900) % 200 + 1850:04d}{day.month:02d}{day.day:02d}{order:03d}"
    number = with_check(first)
    assert id_number_holds(number) == (first[6:8] in ("18", "19", "20"))
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert not id_number_holds(wrong)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("13812345678", "phone"), ("+86 138 1234 5678", "phone"), ("１３８１２３４５６７８", "phone"), ("0571-88012345", "phone"),
        ("打 138-1234-5678 找我", "phone"), ("11010519491231002X", "id_number"), ("身份证11010519491231002x", "id_number"),
        ("a.b@example.com", "email"), ("36.12.3.4(浙江-杭州)", "ip"), ("fe80:0:0:0:1:2:3:4", "ip"),
        ("oAbcdefghijklmnopqrstuvwxyz1", "account"), ("微信号 abc12345", "account"), ("QQ：12345678", "account"), ("wxid_abcdef12", "account"),
        ("住在3幢2单元501", "location"), ("幸福路12号3幢201室", "location"), ("116.39751, 39.90854", "location"),
        ("110105194912310021", None), ("2026年5月1日 12:30", None), ("3号楼没有电梯", None), ("希望多装20盏路灯", None),
        ("12345", None), ("在微信群里通知一下", None), ("", None), ("20240501123456789", None), ("花了100000元", None),
    ],
)  # fmt: skip
def test_single_answers(text, kind):
    assert in_text(text) == kind


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("1、您的姓名：", "name"), ("您的手机号码", "phone"), ("联系方式", "phone"), ("来自IP", "ip"), ("E-mail", "email"),
        ("身份证号", "id_number"), ("微信昵称", "account"), ("您的详细住址", "location"), ("Your name", "name"), ("openid", "account"),
        ("社区名称", None), ("小区的名称", None), ("您的性别", None), ("希望改什么（请不要写姓名、电话）", None), ("您对物业满意吗", None),
    ],
)  # fmt: skip
def test_heads(head, kind):
    assert by_head(head) == kind


def test_names_are_told_by_being_names_and_all_different():
    ones = np.ones(6, dtype=np.intp)
    assert by_content(["王小明", "李红", "张三丰", "欧阳锋", "刘备", "赵云"], ones)[0] == "name"
    assert by_content(["王家社区", "李村", "张江小区", "刘家街道", "陈镇", "赵县"], ones)[0] is None
    assert by_content(["王", "很满意", "一般", "高兴", "马上办", "方便"], ones)[0] is None
    assert (
        by_content(["王小明", "李红"], np.array([40, 60]))[0] is None
    )  # a few values, often: candidates, not respondents


def rows_with(form, heads, cells):
    rows = wjx(form, make_answers(form, len(cells), 5), "words")
    rows[0] += heads
    for row, more in zip(rows[1:], cells, strict=True):
        row += more
    return rows


def test_personal_columns_are_dropped_and_counted(form, tmp_path):
    cells = [
        [f"王{name}", f"1380000{at:04d}", f"o{'x' * 20}{at:07d}", "好"]
        for at, name in enumerate("一二三四五六七八九十")
    ]
    path = write_csv(
        tmp_path / "f.csv", rows_with(form, ["27、您的姓名", "28、抽奖用", "标识", "备注"], cells)
    )
    found = read_responses(path, form)
    said = {
        column.head: (column.kind, column.by, column.filled, column.action)
        for column in found.reports[0].personal
    }
    assert said == {
        "来源详情": ("account", "platform", 10, "dropped"), "来自IP": ("ip", "platform", 10, "dropped"),
        "27、您的姓名": ("name", "head", 10, "dropped"), "28、抽奖用": ("phone", "content", 10, "dropped"),
        "标识": ("account", "content", 10, "dropped"),
    }  # fmt: skip
    text = found.clean_frame().astype(str).to_csv()
    assert "1380000" not in text and "王一" not in text and "36.1" not in text
    assert [match.head for match in found.reports[0].unmatched] == ["备注"]


def test_an_asked_question_that_holds_personal_data_is_dropped_too(form, tmp_path):
    rows = wjx(form, make_answers(form, 10, 5), "words")
    at = next(place for place, head in enumerate(rows[0]) if head.startswith("19、"))
    for number, row in enumerate(rows[1:]):
        row[at] = f"1390000{number:04d}"
    found = read_responses(write_csv(tmp_path / "f.csv", rows), form)
    assert found.frame["one_change"].isna().all() and set(found.reasons["one_change"]) == {"personal"}


def test_single_answers_are_taken_out_of_open_text(form, tmp_path):
    rows = wjx(form, make_answers(form, 10, 6), "words")
    at = next(place for place, head in enumerate(rows[0]) if head.startswith("19、"))
    for row in rows[1:]:
        row[at] = "多装路灯"
    rows[2][at] = "请打13812345678联系我"
    found = read_responses(write_csv(tmp_path / "f.csv", rows), form)
    assert found.reasons["one_change"].tolist() == ["", "personal", *[""] * 8]
    (redacted,) = [column for column in found.reports[0].personal if column.action == "redacted"]
    assert (redacted.head, redacted.kind, redacted.filled) == ("one_change", "phone", 1)


def test_keeping_needs_a_reason(form, tmp_path):
    cells = [[f"1380000{at:04d}"] for at in range(8)]
    path = write_csv(tmp_path / "f.csv", rows_with(form, ["27、回访电话"], cells))
    found = read_responses(path, form, keep={"27、回访电话": "回访，一个月后删除"})
    assert (
        plain(found.frame["27、回访电话"])[1] == "13800000001"
        or found.frame["27、回访电话"].tolist()[1] == 13800000001.0
    )
    (kept,) = [column for column in found.reports[0].personal if column.action == "kept"]
    assert kept.reason == "回访，一个月后删除" and "27、回访电话" in found.carried
    with pytest.raises(InputError) as caught:
        read_responses(path, form, keep={"27、回访电话": "  "})
    assert "27、回访电话" in caught.value.text("zh") and "reason" in caught.value.text("en")
    noted = read_responses(path, form, keep={"没有的列": "理由"})
    assert [fault.key for fault in noted.reports[0].notes] == ["survey_intake.note.no_keep"]


def test_the_code_that_links_waves_is_no_personal_data(form, tmp_path):
    found = read_responses(write_csv(tmp_path / "f.csv", wjx(form, make_answers(form, 10, 5), "words")), form)
    assert found.frame["study_code"].notna().all()


def test_duplicates_are_flagged_before_their_columns_go(form, tmp_path):
    answers = make_answers(form, 12, 8)
    answers[7] = dict(answers[2])  # the same answers, code and all
    rows = wjx(form, answers, "words")
    ip = rows[0].index("来自IP")
    rows[9][ip] = rows[1][ip]
    rows[0].append("微信openid")
    for number, row in enumerate(rows[1:]):
        row.append(f"o{'a' * 20}{number if number != 5 else 0:07d}")
    found = read_responses(write_csv(tmp_path / "f.csv", rows), form)
    where = {name: np.flatnonzero(found.flags[name]).tolist() for name in found.flags}
    assert where == {
        "same_account": [5],
        "same_ip": [8],
        "same_answers": [7],
        "same_code": [7],
        "same_id": [],
        "duplicate": [5, 7],
    }
    assert "微信openid" not in found.frame and len(found) == 12
