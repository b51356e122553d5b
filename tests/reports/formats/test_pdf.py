from collections.abc import Callable
from io import BytesIO
from typing import Any

import nbformat
import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject

from govlab.reports.formats import OutputError, PageInfo
from govlab.reports.formats.body import body_of
from govlab.reports.formats.pdf import pdf
from govlab.reports.formats.shape import shaped

Build = Callable[[str], Any]


def make(notebook: Any, page: PageInfo) -> bytes:
    body = body_of(notebook, page)
    return pdf(body, shaped(body, page.lang), page)


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {}


@pytest.fixture
def reader(sample: Build, page: Build, lang: str, made: dict[str, bytes]) -> pypdf.PdfReader:
    if lang not in made:
        made[lang] = make(sample(lang), page(lang))
    return pypdf.PdfReader(BytesIO(made[lang]))


def tags(node: Any) -> list[DictionaryObject]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, ArrayObject):
        return [found for child in node for found in tags(child)]
    if not isinstance(node, DictionaryObject):
        return []
    below = tags(node["/K"]) if "/K" in node else []
    return [node, *below] if "/S" in node else below


def words(reader: pypdf.PdfReader) -> str:
    return "\n".join(one.extract_text() for one in reader.pages)


def test_text_comes_out_as_it_went_in(reader: pypdf.PdfReader, lang: str) -> None:
    said = words(reader)
    if lang == "zh":
        assert "阿克苏“小街道大社区”：权、钱、人、责怎样下沉" in said
        assert "街道与社区的关系，来源只写了之后。" in said
        assert "1,224 ÷ 147 = 8.3 < 10；至少差 246 人。" in said
        assert "第 1 页，共 4 页" in said
    else:
        assert "Aksu’s “small street, big community”" in said
        assert "1,224 ÷ 147 = 8.3 < 10; at least 246 short." in said
        assert "page 1 of 4" in said
    assert "AKS-017" in said
    assert "=SUM(A1:A9)" in said
    for hidden in ("secret_code", "never shown", "FutureWarning"):
        assert hidden not in said


def test_tagged_with_language_title_and_standard(reader: pypdf.PdfReader, page: Build, lang: str) -> None:
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith(lang)
    assert reader.metadata is not None
    assert reader.metadata.title == page(lang).title
    packet = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in packet
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in packet


def test_structure_and_descriptions_survive(reader: pypdf.PdfReader, lang: str) -> None:
    root: Any = reader.trailer["/Root"]
    found = tags(root["/StructTreeRoot"])
    kinds = [str(one["/S"]) for one in found]
    assert kinds.count("/Table") == 2
    assert kinds.count("/TH") == 10
    assert kinds.count("/H1") == 4
    assert kinds.count("/H2") == 1
    assert kinds.count("/Caption") == 3
    described = [str(one["/Alt"]) for one in found if "/Alt" in one]
    expected = "人员与经费各百分之七十到社区" if lang == "zh" else 'Seventy per cent of staff "and" money'
    assert described == [expected]


def test_every_font_is_embedded_and_none_is_from_the_machine(reader: pypdf.PdfReader, lang: str) -> None:
    allowed = {"NotoSansSC-Regular", "DejaVuSans", "DejaVuSansMono"}
    if lang == "en":
        allowed |= {f"LibertinusSerif-{face}-Identity-H" for face in ("Regular", "Italic", "Bold")}
    names = set()
    for one in reader.pages:
        for entry in one["/Resources"]["/Font"].values():
            below = entry.get_object()["/DescendantFonts"][0].get_object()
            descriptor = below["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            names.add(str(entry.get_object()["/BaseFont"]).split("+")[1])
    assert names <= allowed
    assert "NotoSansSC-Regular" in names


def test_the_head_of_a_long_table_comes_again(reader: pypdf.PdfReader, lang: str) -> None:
    head = "宁波海曙" if lang == "zh" else "Haishu, Ningbo"
    assert sum(head in one.extract_text() for one in reader.pages) == 3


def test_words_of_the_data_are_never_source(page: Build) -> None:
    nasty = '#panic("x") ] [ $a$ @ref &lt;tag&gt; \\ // /* *b* _c_ `d` ~ #import "e" --- ... = f'
    plain = '#panic("x") ] [ $a$ @ref <tag> \\ // /* *b* _c_ `d` ~ #import "e" --- ... = f'
    alt = nasty.replace('"', "&quot;")
    pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    html = (
        f'<h1 class="gl-title">{nasty}</h1><h2>{nasty}</h2><p>{nasty}</p><p class="gl-note">{nasty}</p>'
        f'<div class="gl-gist"><ol><li>{nasty}</li></ol></div><div class="gl-banner">{nasty}</div>'
        f'<div class="gl-check"><span class="gl-chip gl-bad">{nasty}</span><div><p>{nasty}</p></div></div>'
        f'<table class="gl-table"><caption>{nasty}</caption><thead><tr><th>{nasty}</th></tr></thead>'
        f'<tbody><tr><td><span class="gl-mark">{nasty}</span></td></tr></tbody></table>'
        f'<figure class="gl-figure"><figcaption>{nasty}</figcaption><img alt="{alt}" src="{pixel}"></figure>'
        f'<dl class="gl-facts"><dt>{nasty}</dt><dd>{nasty}</dd></dl><ol class="gl-refs"><li>{nasty}</li></ol>'
        f'<footer class="gl-foot">{nasty}<br>{nasty}</footer>'
    )
    output = nbformat.v4.new_output("display_data", {"text/html": html})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    reader = pypdf.PdfReader(BytesIO(make(notebook, PageInfo("en", '#panic("t") \\" ]'))))
    said = "".join(words(reader).split())
    assert said.count("".join(plain.split())) == 17
    root: Any = reader.trailer["/Root"]
    assert [str(one["/Alt"]) for one in tags(root["/StructTreeRoot"]) if "/Alt" in one] == [plain]


@pytest.mark.parametrize(
    "start", ["=", "==", "+", "-", "/ a:", "1.", "12)", "//", "/*", "-1", "--", "...", "~"]
)
def test_a_sign_in_front_starts_no_heading_and_no_list(page: Build, start: str) -> None:
    words_in = f"{start} x"
    html = (
        f"<p>{words_in}</p><p><b>{words_in}</b></p><ul><li>{words_in}</li></ul>"
        f"<table><tr><td>{words_in}</td><td><p>{words_in}</p><p>{words_in}</p></td></tr></table>"
    )
    output = nbformat.v4.new_output("display_data", {"text/html": html})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    reader = pypdf.PdfReader(BytesIO(make(notebook, PageInfo("zh", "题"))))
    assert "".join(words(reader).split()).count("".join(words_in.split())) == 6
    root: Any = reader.trailer["/Root"]
    kinds = [str(one["/S"]) for one in tags(root["/StructTreeRoot"])]
    assert kinds.count("/L") == 1
    assert not any(kind.startswith("/H") for kind in kinds)


def test_a_character_without_a_glyph_stops_it(page: Build) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("## 姓名\n\n𠮷先生")])
    with pytest.raises(OutputError, match="U\\+20BB7"):
        make(notebook, page("zh"))


def test_threads_may_set_pages_at_once(sample: Build, page: Build) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda one: make(sample(one), page(one)), ["zh", "en", "zh"]))
    assert made[0] == made[2]
    assert all(one.startswith(b"%PDF") for one in made)
