"""Small writers of export files, as the platforms write them, from answers that are known."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

from govlab.survey.questionnaire import Question, Questionnaire
from govlab.survey.xlsform import read_questionnaire

SHIPPED = Path(__file__).parents[2] / "datasets" / "questionnaire" / "questionnaire.xlsx"
SKIPPED, BLANK = "<skipped>", "<blank>"
META = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
TENCENT_LAST = ["语言", "清洗数据结果", "智能清洗数据无效概率", "地理位置国家和地区", "地理位置省", "地理位置市",
                "用户类型", "用户标识", "昵称", "自定义字段", "IP", "UA", "Referrer"]  # fmt: skip

Answers = list[dict[str, Any]]


def shipped() -> Questionnaire:
    return read_questionnaire(SHIPPED)


def make_answers(form: Questionnaire, n: int, seed: int) -> Answers:
    """Answers by name of option; several as lists; what is not asked is marked as skipped."""
    draw = random.Random(seed)
    made = []
    for row in range(n):
        one: dict[str, Any] = {}
        for question in form:
            if question.columns:
                one[question.name] = _answer(question, one, draw, row)
        made.append(one)
    return made


def _answer(question: Question, before: dict[str, Any], draw: random.Random, row: int) -> Any:
    name = question.name
    if name in ("meetings", "meeting_done") and "meeting" not in before["took_part"]:
        return SKIPPED
    if name == "why_not" and before["took_part"] != ["none"]:
        return SKIPPED
    if name == "why_not_other":
        return "孩子太小（双胞胎）" if before["why_not"] == "other" else SKIPPED
    fixed = {"consent": "yes", "study_code": f"R{row:05d}", "meetings": draw.randint(1, 6),
             "years_here": draw.randint(0, 40), "household": draw.randint(1, 6), "panel_consent": "yes"}  # fmt: skip
    if name in fixed:
        return fixed[name]
    if draw.random() < 0.04 and not question.required:
        return BLANK
    names = [option.name for option in question.options]
    if question.kind == "one":
        return draw.choice(names)
    if question.kind == "many":
        chosen = [one for one in names if one != "none" and draw.random() < 0.3]
        return chosen or ["none"]
    if question.kind == "rank":
        return draw.sample(names, draw.randint(1, len(names)))
    return draw.choice(["多装几盏路灯", "停车太乱", "没有意见", "希望有老年食堂；饭菜便宜些"])


def _meta(row: int, month: int) -> list[str]:
    return [str(row + 1), f"2026/{month}/{row % 28 + 1} 9:{row % 60:02d}:07", f"{200 + row % 300}秒", "微信", "N/A",
            f"36.{row % 200 + 1}.{row // 200 + 1}.17(浙江-杭州)"]  # fmt: skip


def _words(question: Question, name: str, *, other: str = "跳广场舞的音响") -> str:
    option = question.option(name)
    assert option is not None
    text = option.label.zh
    if option.other_text and question.name == "took_part":
        # 问卷星 shows its own request to specify, and the words in brackets of their own.
        return f"其他【请注明】〖{other}〗"
    return text


def _place(question: Question, name: str) -> str:
    return str([option.name for option in question.options].index(name) + 1)


def wjx(form: Questionnaire, answers: Answers, style: str, month: int = 5) -> list[list[str]]:
    """Rows of a 问卷星 export, heads first. style: ``words`` (按文本) or ``places`` (按序号)."""
    numbers = form.numbers()
    heads = list(META)
    cells: list[list[str]] = [_meta(row, month) for row in range(len(answers))]

    def add(head: str, column: list[str]) -> None:
        heads.append(head)
        for row, cell in zip(cells, column, strict=True):
            row.append(cell)

    def gap(answer: Any) -> str | None:
        if answer == SKIPPED:
            return "(跳过)" if style == "words" else "-3"
        if answer == BLANK:
            return "(空)" if style == "words" else "-2"
        return None

    for question in form:
        if not question.columns or question.name == "why_not_other":
            continue
        given = [one[question.name] for one in answers]
        number, stem = numbers[question.name], question.label.zh
        group = question.group
        if group is not None and group.table:
            head = f"{number}、{group.label.zh}—{stem}" if style == "words" else f"第{number}题({stem})"
        else:
            head = f"{number}、{stem}  "
        if question.kind == "one":
            show = _words if style == "words" else _place
            column = [gap(answer) or show(question, answer) for answer in given]
            if question.name == "why_not":
                beside = [one["why_not_other"] for one in answers]
                column = [f"{cell}〖{more}〗" if answer == "other" else cell
                          for cell, answer, more in zip(column, given, beside, strict=True)]  # fmt: skip
            add(head, column)
        elif question.kind in ("many", "rank") and style == "words":
            join = "┋" if question.kind == "many" else "→"
            add(head, [gap(a) or join.join(_words(question, name) for name in a) for a in given])
        elif question.kind in ("many", "rank"):
            for at, option in enumerate(question.options):
                label = "其他【请注明】" if option.other_text else option.label.zh
                if question.kind == "many":  # 5、stem(option), then 5、(option)
                    own = f"{number}、{stem}({label})" if at == 0 else f"{number}、({label})"
                else:
                    own = f"第{number}题({label})"
                add(own, [gap(answer) or _tick(question, option.name, answer) for answer in given])
        else:
            add(head, [gap(answer) or str(answer) for answer in given])
    return [heads, *cells]


def _tick(question: Question, name: str, answer: list[str]) -> str:
    if question.kind == "rank":
        return str(answer.index(name) + 1) if name in answer else "-2"
    if name not in answer:
        return "0"
    option = question.option(name)
    return "1〖跳广场舞的音响〗" if option is not None and option.other_text else "1"


def tencent(form: Questionnaire, answers: Answers) -> list[list[str]]:
    """Rows of a 腾讯问卷 export: letters before options, a column for each option of several, blanks for gaps."""
    numbers = form.numbers()
    heads = ["编号", "开始答题时间", "结束答题时间", "答题时长"]
    cells = [[str(row + 1), f"2026-05-{row % 28 + 1:02d} 09:00:00", f"2026-05-{row % 28 + 1:02d} 09:05:{row % 60:02d}",
              str(300 + row % 60)] for row in range(len(answers))]  # fmt: skip
    for question in form:
        if not question.columns:
            continue
        given = [one[question.name] for one in answers]
        stem = question.label.zh
        if question.group is not None and question.group.table:
            stem = f"{question.group.label.zh}:{stem}"
        head = f"{numbers.get(question.name, 99)}.{stem}"
        gaps = (SKIPPED, BLANK)
        if question.kind == "one":
            heads.append(head)
            for row, answer in zip(cells, given, strict=True):
                letter = "" if answer in gaps else chr(64 + int(_place(question, answer)))
                row.append("" if answer in gaps else f"{letter}.{_words(question, answer)}")
        elif question.kind == "many":
            for option in question.options:
                heads.append(f"{head}:{option.label.zh}")
                for row, answer in zip(cells, given, strict=True):
                    row.append(
                        "" if answer in gaps or option.name not in answer else _words(question, option.name)
                    )
        elif question.kind == "rank":
            for option in question.options:
                heads.append(f"{head}:{option.label.zh}")
                for row, answer in zip(cells, given, strict=True):
                    row.append(
                        ""
                        if answer in gaps or option.name not in answer
                        else str(answer.index(option.name) + 1)
                    )
        else:
            heads.append(head)
            for row, answer in zip(cells, given, strict=True):
                row.append("" if answer in gaps else str(answer))
    heads += TENCENT_LAST
    for at, row in enumerate(cells):
        row += [
            "简体中文",
            "有效",
            "0.1",
            "中国",
            "浙江省",
            "杭州市",
            "普通用户",
            f"u{at:08d}",
            "小王",
            "",
            "36.1.2.3",
            "Mozilla/5.0",
            "",
        ]
    return [heads, *cells]


def write_xlsx(path: Path, rows: list[list[Any]]) -> Path:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def write_csv(path: Path, rows: list[list[Any]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path
