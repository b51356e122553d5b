from base64 import b64encode

import nbformat
import pytest

from govlab.reports.formats import OutputError
from govlab.reports.formats.body import body_of, made_line
from govlab.reports.formats.page import PageInfo

v4 = nbformat.v4
PLAIN = PageInfo("zh", "题目")


def notebook(*outputs: nbformat.NotebookNode, markdown: str = "") -> nbformat.NotebookNode:
    cells = [v4.new_markdown_cell(markdown)] if markdown else []
    return v4.new_notebook(
        cells=[*cells, v4.new_code_cell("secret = 1", outputs=list(outputs), execution_count=41)]
    )


def shows(**data: str) -> nbformat.NotebookNode:
    return v4.new_output("display_data", {key.replace("__", "/"): text for key, text in data.items()})


def test_code_streams_and_counts_never_show() -> None:
    warning = v4.new_output("stream", name="stderr", text="FutureWarning")
    printed = v4.new_output("stream", name="stdout", text="printed")
    text = str(body_of(notebook(warning, printed, shows(text__html="<p>kept</p>")), PLAIN))
    assert "kept" in text
    for hidden in ("secret", "FutureWarning", "printed", "41"):
        assert hidden not in text


def test_a_cell_that_failed_does_not_pass_silently() -> None:
    failed = v4.new_output("error", ename="ValueError", evalue="no such case", traceback=[])
    with pytest.raises(OutputError) as caught:
        body_of(notebook(failed, markdown="x"), PLAIN)
    assert caught.value.text("en") == "cell 2 ended in an error: ValueError: no such case"
    assert caught.value.text("zh").startswith("第 2 个单元格")


def test_html_wins_over_text_and_markdown_is_rendered() -> None:
    outputs = [shows(text__html="<p>one</p>", text__plain="two"), shows(text__markdown="**three**")]
    text = str(body_of(notebook(*outputs), PLAIN))
    assert "<p>one</p>" in text
    assert "two" not in text
    assert "<strong>three</strong>" in text


def test_plain_text_is_escaped() -> None:
    body = body_of(notebook(shows(text__plain="<script>x</script> & y")), PLAIN)
    assert body.find("pre").get_text() == "<script>x</script> & y"


def test_a_bare_picture_gets_a_description_in_the_language_of_the_page(png: bytes) -> None:
    data = b64encode(png).decode()
    assert body_of(notebook(shows(image__png=data)), PLAIN).find("img")["alt"] == "图（未附文字说明）"
    assert "description" in body_of(notebook(shows(image__png=data)), PageInfo("en", "t")).find("img")["alt"]


def test_a_title_is_added_only_where_there_is_none() -> None:
    assert body_of(notebook(shows(text__html="<p>a</p>")), PLAIN).find("h1").get_text() == "题目"
    own = body_of(notebook(shows(text__html='<h1 class="gl-title">自己的</h1>')), PLAIN)
    assert [one.get_text() for one in own.find_all("h1")] == ["自己的"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("街道与\n社区", "街道与社区"),
        ("来源称，\n  37 项", "来源称，\n  37 项"),
        ("**街道**\n社区", "街道社区"),
        ("one\ntwo", "one\ntwo"),
        ("“街道”\n，社区", "“街道”，社区"),
    ],
)
def test_a_line_break_between_chinese_characters_is_no_blank(source: str, expected: str) -> None:
    body = body_of(notebook(markdown=source), PLAIN)
    assert " ".join(body.find("p").get_text().split()) == " ".join(expected.split())


def test_money_is_not_mathematics() -> None:
    body = body_of(notebook(markdown="costs $5 and $6, *no more*"), PLAIN)
    assert body.find("p").get_text() == "costs $5 and $6, no more"
    assert body.find("em").get_text() == "no more"


def test_the_last_line_says_only_what_is_known() -> None:
    full = PageInfo("zh", "t", version="0.1.0", generated="2026-11-21", checksum="3f9c")
    assert made_line(full) == "govlab 0.1.0 · 数据校验 3f9c · 生成于 2026-11-21"
    assert made_line(PLAIN) == ""
    assert body_of(notebook(), PLAIN).find("footer") is None
    assert body_of(notebook(), full).find("footer", class_="gl-foot").get_text() == made_line(full)
