import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from govlab.reports.formats.clean import ALLOWED, cleaned
from govlab.reports.formats.page import OutputError

PIXEL = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    ("html", "named"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<SCRIPT src=x>", "<script>"),
        ("<p><svg/onload=alert(1)></p>", "<svg>"),
        ("<math><mtext></mtext></math>", "<math>"),
        ("<iframe srcdoc='x'></iframe>", "<iframe>"),
        ("<object data=x></object>", "<object>"),
        ("<form action=x><input></form>", "<input>"),
        ("<link rel=stylesheet href=//evil.example/a.css>", "<link>"),
        ("<meta http-equiv=refresh content=0>", "<meta>"),
        ("<base href=//evil.example>", "<base>"),
        ("<p onclick=alert(1)>x</p>", "onclick"),
        ("<b OnMouseOver='x'>x</b>", "onmouseover"),
        ("<a href='javascript:alert(1)'>x</a>", "javascript:alert(1)"),
        ("<a href=' jAvA\nscript:alert(1)'>x</a>", "script:alert(1)"),
        ("<a href='data:text/html,x'>x</a>", "data:text/html"),
        ("<a href='//evil.example'>x</a>", "//evil.example"),
        ("<a href='file:///etc/passwd'>x</a>", "file:///etc/passwd"),
        ("<img alt=x src='https://example.org/a.png'>", "https://example.org/a.png"),
        ("<img alt=x src='a.png'>", "a.png"),
        ("<img alt=x src='data:image/svg+xml;base64,PHN2Zz4='>", "data:image/svg+xml"),
        ("<x:y>z</x:y>", "<x:y>"),
    ],
)
def test_what_could_run_or_load_is_refused_by_name(html: str, named: str) -> None:
    with pytest.raises(OutputError) as caught:
        cleaned(f'<div data-cell="4">{html}</div>')
    assert named in caught.value.text("en")
    assert "cell 4" in caught.value.text("en")
    assert "第 4 个单元格" in caught.value.text("zh")


def test_every_fault_is_listed() -> None:
    with pytest.raises(OutputError) as caught:
        cleaned("<div data-cell='1'><script></script></div><div data-cell='2'><p onclick=x></p></div>")
    assert [fault.key for fault in caught.value.faults] == ["formats.element", "formats.event"]


def test_decoration_goes_and_content_stays() -> None:
    soup = cleaned(
        "<!-- note --><style>p{color:red}</style><center><font color=red>a</font></center>"
        '<p style="color:red" class="lead gl-note" data-x="1" id="k">b</p>'
    )
    assert str(soup) == 'a<p class="gl-note" id="k">b</p>'


def test_a_data_frame_loses_its_looks_only() -> None:
    import pandas as pd

    html = pd.DataFrame({"a": [1]})._repr_html_()
    soup = cleaned(html)
    assert soup.find("style") is None
    assert soup.find("table").attrs == {}
    assert soup.find("td").get_text() == "1"


def test_the_alignment_row_of_markdown_becomes_the_number_class() -> None:
    soup = cleaned(
        '<table><tr><td style="text-align: right">1</td><td style="text-align:left">x</td></tr></table>'
    )
    assert [cell.get("class") for cell in soup.find_all("td")] == [["n"], None]


def test_the_contract_passes_untouched() -> None:
    html = (
        '<header class="gl-top"><span>a</span></header><table class="gl-table"><caption>t</caption><thead><tr>'
        '<th class="n" scope="col">x</th></tr></thead><tbody><tr id="AKS-001"><th class="sub" scope="row">y</th>'
        '<td class="n" colspan="2">1 &lt; 2</td></tr></tbody></table>'
        f'<figure class="gl-figure"><figcaption>f</figcaption><img alt="a" src="{PIXEL}"/></figure>'
        '<a href="#AKS-001">z</a><a href="https://example.org/?a=1&amp;b=2">w</a>'
    )
    assert sorted(str(cleaned(html))) == sorted(html)


_SHARDS = st.lists(
    st.sampled_from(
        ["<", ">", "</", "/>", "script", "img", " src=", "x", '"', "'", "p", "b", "<!--", "-->", "<p>", "</p>", "a",
         " onerror=1", "svg", "style", "<![CDATA[", "]]>", "&lt;", "=", " ", "\x00", "table", "<td", "title", "?", "!"]
    ),
    max_size=14,
)  # fmt: skip


@given(_SHARDS)
@example(["<", "title", ">", "<!--", "</", "title", ">", "<", "img", " src=", "x", " onerror=1", ">"])
def test_whatever_comes_only_allowed_elements_leave(shards: list[str]) -> None:
    try:
        text = str(cleaned("".join(shards)))
    except OutputError:
        return
    for tag in BeautifulSoup(text, "html.parser").find_all(True):
        assert tag.name in ALLOWED
        assert not any(name.startswith("on") for name in tag.attrs)
