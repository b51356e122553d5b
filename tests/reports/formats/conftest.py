"""A report typed by hand in both languages that uses every part a page may have."""

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from typing import Any

import nbformat
import pytest

from govlab.reports.formats import PageInfo

TABLE_MIME = "application/vnd.govlab.table+json"


def picture(width: int = 1340, height: int = 420) -> bytes:
    """Two flat bars, light and dark."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for row in range(4):
        top = round(height * (0.08 + 0.24 * row))
        bottom = top + round(height * 0.12)
        draw.rectangle((width * 0.16, top, width * 0.40, bottom), fill="#c9d3e0")
        draw.rectangle((width * 0.40, top, width * 0.95, bottom), fill="#1f5fa8")
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def figure(caption: str, alt: str, note: str, png: bytes) -> str:
    data = b64encode(png).decode("ascii")
    return (
        f'<figure class="gl-figure"><figcaption>{caption}</figcaption>'
        f'<img alt="{alt}" src="data:image/png;base64,{data}"></figure><p class="gl-note">{note}</p>'
    )


def card(chip: str, style: str, sentence: str, *arithmetic: str) -> str:
    lines = "".join(f'<p class="gl-arith">{one}</p>' for one in arithmetic)
    return (
        f'<div class="gl-check"><span class="gl-chip gl-{style}">{chip}</span>'
        f"<div><p>{sentence}</p>{lines}</div></div>"
    )


def table_json(lang: str) -> dict[str, Any]:
    zh = lang == "zh"
    labels = ["项目", "数值", "每个社区", "占比", "来源位置", "类型"]
    if not zh:
        labels = ["Item", "Value", "Per community", "Share", "Place in source", "Kind"]
    keys = ["item", "value", "each", "share", "place", "kind"]
    kinds = ["text", "integer", "number", "percent", "text", "text"]
    digits = [None, None, 1, 1, None, None]
    first, self_report = ("第一节", "自述") if zh else ("section 1", "self-report")
    names = (
        ["城市社区", "城镇居民户数", "社区工作人员", "其中：国家干部", "=SUM(A1:A9)", "网格"]
        if zh
        else [
            "Urban communities",
            "Urban households",
            "Community staff",
            "of whom: state cadres",
            "=SUM(A1:A9)",
            "Grids",
        ]
    )
    values: list[list[Any]] = [
        [147, None, None],
        [310000, 2108.843537, None],
        [3240, 22.0408, 100],
        [1224, 8.32653, 37.7778],
        [454, None, 14.0123],
        [1535, 10.4422, None],
    ]
    rows = [[name, *numbers, first, self_report] for name, numbers in zip(names, values, strict=True)]
    return {
        "caption": "表 1 规模与人员" if zh else "Table 1 Size and staff",
        "lang": lang,
        "columns": [
            {"key": key, "label": label, "type": kind, "digits": digit, "unit": None}
            for key, label, kind, digit in zip(keys, labels, kinds, digits, strict=True)
        ],
        "rows": rows,
        "notes": ["“每个社区”由本报告计算。" if zh else "“Per community” was computed for this report."],
        "marks": [{"row": 1, "column": 1, "mark": "约 310,000" if zh else "about 310,000"}],
        "suppressed": [[4, 2]],
        "synthetic": False,
    }


def table_html(lang: str) -> str:
    from html import escape

    data = table_json(lang)
    shown = {(mark["row"], mark["column"]): mark["mark"] for mark in data["marks"]}
    hidden = {tuple(cell) for cell in data["suppressed"]}
    kinds = [column["type"] for column in data["columns"]]
    head = "".join(
        f'<th scope="col"{"" if kind == "text" else " class=" + chr(34) + "n" + chr(34)}>{column["label"]}</th>'
        for column, kind in zip(data["columns"], kinds, strict=True)
    )
    body = ""
    for i, row in enumerate(data["rows"]):
        cells = ""
        for j, value in enumerate(row):
            text = "—" if value is None else str(value)
            if kinds[j] == "integer" and value is not None:
                text = f"{value:,}"
            elif kinds[j] == "number" and value is not None:
                text = f"{value:,.1f}"
            elif kinds[j] == "percent" and value is not None:
                text = f"{value:.1f}%"
            text = "*" if (i, j) in hidden else escape(shown.get((i, j), text))
            if j == 0:
                sub = ' class="sub"' if i in (3, 4) else ""
                cells += f'<th scope="row"{sub}>{text}</th>'
            elif j == 5:
                cells += f'<td><span class="gl-mark">{text}</span></td>'
            else:
                cells += f'<td class="n">{text}</td>' if kinds[j] != "text" else f"<td>{text}</td>"
        body += f'<tr id="AKS-{i:03}">{cells}</tr>'
    notes = "".join(f'<p class="gl-note">{escape(note)}</p>' for note in data["notes"])
    return (
        f'<table class="gl-table"><caption>{data["caption"]}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>{notes}"
    )


def wide_table(lang: str) -> str:
    zh = lang == "zh"
    dimensions = ["谁掌握日常权力", "变化方向", "钱", "人", "考核", "居民发声", "数字手段"]
    if not zh:
        dimensions = [
            "Routine power",
            "Direction",
            "Money",
            "Staff",
            "Appraisal",
            "Resident voice",
            "Digital means",
        ]
    said = (
        ["街道把初审权放到社区", "按“费随事转”拨付，标准未载", "来源未载"]
        if zh
        else [
            "The street hands initial review to the community",
            "Paid as tasks move; no standard given",
            "not stated",
        ]
    )
    places = ["阿克苏", "北京", "宁波海曙"] if zh else ["Aksu", "Beijing", "Haishu, Ningbo"]
    head = "".join(f'<th scope="col">{one}</th>' for one in [("维度" if zh else "Dimension"), *places])
    body = ""
    for number in range(42):
        name = f"{dimensions[number % 7]}{'' if number < 7 else f' {number // 7 + 1}'}"
        cells = "".join(f"<td>{said[(number + k) % 3]}</td>" for k in range(3))
        body += f'<tr><th scope="row">{name}</th>{cells}</tr>'
    caption = "表 2 在比较矩阵中的位置" if zh else "Table 2 Place in the comparison matrix"
    return (
        f'<table class="gl-table"><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def build(lang: str, png: bytes | None = None) -> nbformat.NotebookNode:
    zh = lang == "zh"
    png = png or picture()
    v4 = nbformat.v4

    def shows(*data: dict[str, Any]) -> nbformat.NotebookNode:
        outputs = [v4.new_output("display_data", one) for one in data]
        return v4.new_code_cell("page.secret_code()", outputs=outputs, execution_count=7)

    def html(text: str) -> dict[str, Any]:
        return {"text/html": text, "text/plain": "plain text never shown"}

    stream = v4.new_output("stream", name="stderr", text="FutureWarning: never shown")
    title = "阿克苏“小街道大社区”：权、钱、人、责怎样下沉" if zh else "Aksu’s “small street, big community”"
    cells = [
        shows(
            html(
                f'<header class="gl-top"><span>{"govlab 案例报告 · 来源类型：实施方自述" if zh else "govlab case report · source: self-report"}</span></header>'
                f'<h1 class="gl-title">{title}</h1>'
                f'<p class="gl-sub">{"依据：冉毅东（中共阿克苏地委党校）一文；文中最晚年份为 2016 年。本报告只转述来源的说法，不代表其真实或有效。" if zh else "Based on one article by Ran Yidong; the latest year in it is 2016. The report repeats what the source says; it does not vouch for it."}</p>'
            ),
            html(
                f'<div class="gl-banner">{"合成数据：本页的区域与数字均为虚构。" if zh else "Synthetic data: the zones and figures on this page are invented."}</div>'
            ),
            html(
                '<div class="gl-gist"><ol>'
                + (
                    "<li>来源称，街道 <b>70%</b> 的人员和运转经费下沉到社区，<b>37</b> 项初审权下放，街道只留综合办公室。</li>"
                    "<li>但来源的数字对不上：1,224 名国家干部分到 147 个社区，平均 <b>8.3</b> 人，低于它自己说的“不少于 10 名”。</li>"
                    "<li>全文没有一项结果数据，也没有对照。说它“成效显著”，目前<b>只是主张</b>。</li>"
                    if zh
                    else "<li>The source says that <b>70%</b> of staff and running costs went down to communities, with <b>37</b> powers of initial review.</li>"
                    "<li>Its figures do not add up: 1,224 cadres over 147 communities are <b>8.3</b> each, fewer than the ten it demands.</li>"
                    "<li>There is no outcome figure and no comparison. That it works is <b>only claimed</b>.</li>"
                )
                + "</ol></div>"
            ),
        ),
        v4.new_markdown_cell(
            "## 一、下沉之前与之后\n\n街道与社区的关系，\n来源只写了**之后**。见[原文](https://example.org/a)，也见*第二节*与 `AKS-017`。\n\n- 第一点：人员\n- 第二点：经费\n    - 其中一项\n\n1. 先看人\n2. 再看钱\n\n> 引文：“不少于 10 名”。"
            if zh
            else "## 1. Before and after\n\nThe source describes only what came **after**. See the [original](https://example.org/a), *section 2* and `AKS-017`.\n\n- first: staff\n- second: money\n    - one part of it\n\n1. people first\n2. then money\n\n> Quoted: “no fewer than ten”."
        ),
        shows(
            html(
                figure(
                    "图 1 街道与社区各持有多少（来源所述）"
                    if zh
                    else "Figure 1 What street and community hold",
                    "人员与经费各百分之七十到社区"
                    if zh
                    else "Seventy per cent of staff &quot;and&quot; money",
                    "下沉前的比例来源未载，故不画。"
                    if zh
                    else "The shares before are not stated, so they are not drawn.",
                    png,
                )
            )
        ),
        shows(
            html(f"<h2>{'二、主要数字' if zh else '2. Main figures'}</h2>"),
            html(table_html(lang)) | {TABLE_MIME: table_json(lang)},
            html(
                '<p>见 <a href="#AKS-001">AKS-001</a>。下面的表较长，要分页。</p>'
                if zh
                else '<p>See <a href="#AKS-001">AKS-001</a>. The next table is long and runs over pages.</p>'
            ),
            html(wide_table(lang)),
        ),
        shows(html(f"<h2>{'三、来源自身对不对得上' if zh else '3. Does the source add up'}</h2>")),
    ]
    cells[-1].outputs.append(stream)
    cards = (
        [
            ("一致", "ok", "三类人员之和等于总数。", "1,224 + 454 + 1,562 = 3,240"),
            (
                "存疑",
                "bad",
                "人均干部数低于文中底线。",
                "1,224 ÷ 147 = 8.3 &lt; 10；至少差 246 人。",
                "除非“国家公职人员”宽于“国家干部”。",
            ),
            (
                "含混",
                "amb",
                "恰好 5,000 元的支出同时落在两条规则里。",
                "“以内”与“以上”在法律用语中都包括本数。",
            ),
            ("不全", "no", "37 项下放权力只点名 13 项；“3+1”考评没有给出内部权重。"),
            ("推算", "der", "每个网格约 202 户。", "310,000 ÷ 1,535 ≈ 202"),
            ("取决于读法", "int", "“户”可以指户口，也可以指住户。"),
        ]
        if zh
        else [
            ("consistent", "ok", "The three kinds of staff sum to the total.", "1,224 + 454 + 1,562 = 3,240"),
            (
                "does not add up",
                "bad",
                "Cadres per community fall below the floor in the text.",
                "1,224 ÷ 147 = 8.3 &lt; 10; at least 246 short.",
            ),
            ("ambiguous", "amb", "Exactly 5,000 yuan falls under two rules."),
            ("incomplete", "no", "Of 37 powers, 13 are named."),
            ("derived", "der", "About 202 households a grid.", "310,000 ÷ 1,535 ≈ 202"),
            ("depends on reading", "int", "“Households” may be registered or resident."),
        ]
    )
    cells.append(shows(*[html(card(*one)) for one in cards]))
    facts = [
        ("层级", "地区"),
        ("最晚年份", "2016 年"),
        ("结果数据", "无。来源没有给出任何可以核对的结果指标，也没有对照社区。"),
    ]
    if not zh:
        facts = [
            ("Level", "prefecture"),
            ("Latest year", "2016"),
            ("Outcome data", "none; the source gives no outcome that could be checked and no comparison."),
        ]
    pairs = "".join(f"<dt>{term}</dt><dd>{said}</dd>" for term, said in facts)
    cells.append(
        shows(
            html(f"<h3>{'（一）案例概况' if zh else 'The case in brief'}</h3>"),
            html(f'<dl class="gl-facts">{pairs}</dl>'),
        )
    )
    cells.append(
        shows(
            html(
                f'<div class="gl-question"><p>{"什么能解释 8.3 与 10 之间的差？" if zh else "What could explain the gap between 8.3 and 10?"}</p>'
                f'<p class="gl-note">{"参考答案：口径不同。" if zh else "One answer: the terms differ."}</p></div>'
            ),
            html(f"<h2>{'参考文献' if zh else 'References'}</h2>"),
            html(
                '<ol class="gl-refs"><li>冉毅东. “小街道大社区”管理体制及运行机制研究[EB/OL]. (2022-10-23).</li><li>卢磊. 城市社区治理体系研究[J]. 社会治理, 2015.</li></ol>'
                if zh
                else '<ol class="gl-refs"><li>Ran, Yidong. On the management system of “small street, big community” [EB/OL]. (2022-10-23).</li><li>Lu, Lei. On urban community governance [J]. 2015.</li></ol>'
            ),
            html(
                f'<footer class="gl-foot">{"目录版本 0.1.0<br>事实 205 条" if zh else "catalogue 0.1.0<br>205 facts"}</footer>'
            ),
        )
    )
    return v4.new_notebook(cells=cells)


def info(lang: str) -> PageInfo:
    zh = lang == "zh"
    return PageInfo(
        lang=lang,
        title="阿克苏“小街道大社区”" if zh else "Aksu’s “small street, big community”",
        links=(("English" if zh else "中文", "b.html"), ("Word", "a.docx"), ("PDF", "a.pdf")),
        version="0.1.0",
        generated="2026-11-21",
        checksum="3f9ca1b2",
    )


@pytest.fixture
def sample() -> Callable[[str], nbformat.NotebookNode]:
    """``sample("zh")``: the notebook."""
    return build


@pytest.fixture
def page() -> Callable[[str], PageInfo]:
    """``page("zh")``: what the page says about itself."""
    return info


@pytest.fixture
def png() -> bytes:
    """A picture as wide as a column."""
    return picture()


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)
