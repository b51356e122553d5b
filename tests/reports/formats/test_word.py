import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from govlab.reports.formats import OutputError, archive, pandoc
from govlab.reports.formats.body import body_of
from govlab.reports.formats.shape import shaped
from govlab.reports.formats.word import docx
from govlab.reports.formats.word_styles import LAYOUTS, styles_of

Build = Callable[[str], Any]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MILLIMETRE = 1440 / 25.4


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, bytes]]:
    return {}


@pytest.fixture
def parts(sample: Build, page: Build, lang: str, made: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    if lang not in made:
        made[lang] = archive.read(docx(shaped(body_of(sample(lang), page(lang)), lang), page(lang)))
    return made[lang]


@pytest.fixture
def document(parts: dict[str, bytes]) -> ElementTree.Element:
    return ElementTree.fromstring(parts["word/document.xml"])


@pytest.fixture
def styles(parts: dict[str, bytes]) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(parts["word/styles.xml"])
    return {str(one.get(f"{W}styleId")): one for one in root.iter(f"{W}style")}


def text_of(element: ElementTree.Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{W}t"))


def style_of(paragraph: ElementTree.Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return str(found.get(f"{W}val")) if found is not None else ""


def font(styles: dict[str, ElementTree.Element], name: str) -> tuple[str | None, str]:
    properties = styles[name].find(f"{W}rPr")
    assert properties is not None
    face, size = properties.find(f"{W}rFonts"), properties.find(f"{W}sz")
    assert face is not None
    assert size is not None
    return face.get(f"{W}eastAsia"), str(size.get(f"{W}val"))


def test_every_part_is_well_formed_and_every_style_used_is_there(
    parts: dict[str, bytes], document: ElementTree.Element, styles: dict[str, ElementTree.Element]
) -> None:
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(content)
    used = {
        str(one.get(f"{W}val"))
        for kind in ("pStyle", "rStyle", "tblStyle")
        for one in document.iter(f"{W}{kind}")
    }
    assert used <= set(styles)


def test_page_and_margins(document: ElementTree.Element, lang: str) -> None:
    size, margins = document.find(f".//{W}pgSz"), document.find(f".//{W}pgMar")
    assert size is not None
    assert margins is not None
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    wanted = {"top": 37, "bottom": 35, "left": 28, "right": 26}
    if lang == "en":
        wanted = dict.fromkeys(wanted, 25.4)
    got = {side: int(str(margins.get(f"{W}{side}"))) / MILLIMETRE for side in wanted}
    assert got == pytest.approx(wanted, abs=0.05)


@pytest.mark.parametrize("lang", ["zh"], indirect=True)
def test_chinese_type_follows_the_standard(styles: dict[str, ElementTree.Element]) -> None:
    assert font(styles, "Title") == ("方正小标宋简体", "44")
    assert font(styles, "BodyText") == ("仿宋", "32")
    assert font(styles, "Heading1") == ("黑体", "32")
    assert font(styles, "Heading2") == ("楷体", "32")
    spacing = styles["BodyText"].find(f"{W}pPr/{W}spacing")
    indent = styles["BodyText"].find(f"{W}pPr/{W}ind")
    assert spacing is not None
    assert indent is not None
    assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == ("560", "exact")
    assert indent.get(f"{W}firstLineChars") == "200"


def test_faces_are_named_with_a_stand_in_and_none_is_embedded(parts: dict[str, bytes], lang: str) -> None:
    fonts = ElementTree.fromstring(parts["word/fontTable.xml"])
    named = {one.get(f"{W}name"): one.find(f"{W}altName") for one in fonts.iter(f"{W}font")}
    faces = [style.face for style in styles_of(lang) if style.face is not None]
    assert {face.chinese for face in faces} | {face.latin for face in faces} == set(named)
    assert all(named[face.chinese] is not None for face in faces)
    assert not any("fonts/" in name for name in parts)
    assert b"embedRegular" not in parts["word/fontTable.xml"]


@pytest.mark.parametrize("lang", ["zh"], indirect=True)
def test_the_title_face_falls_back_to_song(parts: dict[str, bytes]) -> None:
    assert '<w:font w:name="方正小标宋简体"><w:altName w:val="宋体"' in parts["word/fontTable.xml"].decode()


def test_tables_have_three_lines_and_a_head_that_repeats(document: ElementTree.Element, lang: str) -> None:
    tables = list(document.iter(f"{W}tbl"))
    assert len(tables) == 2
    column = round(LAYOUTS[lang].column * MILLIMETRE)
    for table in tables:
        borders = table.find(f"{W}tblPr/{W}tblBorders")
        assert borders is not None
        assert {one.tag.removeprefix(W): one.get(f"{W}sz") for one in borders} == {
            "top": "12",
            "bottom": "12",
        }
        rows = table.findall(f"{W}tr")
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (
            len(rows) - 1
        )
        for cell in rows[0].findall(f"{W}tc"):
            rule = cell.find(f"{W}tcPr/{W}tcBorders/{W}bottom")
            assert rule is not None
            assert rule.get(f"{W}sz") == "6"
        sizes = [int(str(one.get(f"{W}w"))) for one in table.findall(f"{W}tblGrid/{W}gridCol")]
        assert sum(sizes) == pytest.approx(column, abs=6)
        widths = [one.find(f"{W}tcPr/{W}tcW") for one in rows[1].findall(f"{W}tc")]
        assert [int(str(one.get(f"{W}w"))) for one in widths if one is not None] == sizes


def test_table_properties_keep_the_order_of_the_schema(document: ElementTree.Element) -> None:
    order = ["tblStyle", "tblW", "tblBorders", "tblLayout", "tblLook", "tblCaption"]
    for properties in document.iter(f"{W}tblPr"):
        assert [one.tag.removeprefix(W) for one in properties] == order
    for properties in document.iter(f"{W}tcPr"):
        names = [one.tag.removeprefix(W) for one in properties]
        assert names == sorted(names, key=["tcW", "gridSpan", "vMerge", "tcBorders", "vAlign"].index)


def test_numbers_are_flush_right_and_captions_above(document: ElementTree.Element, styles: Any) -> None:
    body = document.find(f"{W}body")
    assert body is not None
    blocks = list(body)
    for place, block in enumerate(blocks):
        if block.tag == f"{W}tbl":
            assert style_of(blocks[place - 1]) == "TableCaption"
    numbers = [one for one in document.iter(f"{W}p") if style_of(one) == "TableTextNumber"]
    assert len(numbers) == 18
    align = styles["TableTextNumber"].find(f"{W}pPr/{W}jc")
    assert align.get(f"{W}val") == "right"
    assert styles["TableCaption"].find(f"{W}pPr/{W}keepNext") is not None


def test_a_short_table_stays_on_one_page_and_a_long_one_may_not(document: ElementTree.Element) -> None:
    short, long = document.iter(f"{W}tbl")
    kept = [row.find(f".//{W}keepNext") is not None for row in short.findall(f"{W}tr")]
    assert kept == [True] * 6 + [False]
    assert not any(row.find(f".//{W}keepNext") is not None for row in long.findall(f"{W}tr"))


def test_figures_are_as_wide_as_the_column_with_caption_and_words(
    document: ElementTree.Element, lang: str
) -> None:
    drawings = list(document.iter(f"{WP}inline"))
    assert len(drawings) == 1
    extent, described = drawings[0].find(f"{WP}extent"), drawings[0].find(f"{WP}docPr")
    assert extent is not None
    assert described is not None
    assert int(str(extent.get("cx"))) / 36000 == pytest.approx(LAYOUTS[lang].column, abs=0.5)
    expected = "人员与经费各百分之七十到社区" if lang == "zh" else 'Seventy per cent of staff "and" money'
    assert described.get("descr") == expected
    names = [style_of(one) for one in document.iter(f"{W}p")]
    assert names[names.index("Figure") - 1] == "FigureCaption"


def test_every_part_of_a_page_has_its_style(document: ElementTree.Element) -> None:
    used = {style_of(one) for one in document.iter(f"{W}p")}
    assert used >= {
        "TopLine", "Title", "Subtitle", "Banner", "Gist", "Heading1", "Heading2", "Note", "Check", "CheckDetail",
        "Facts", "Question", "Reference", "LastLines", "TableTextPart",
    }  # fmt: skip
    chips = {one.get(f"{W}val") for one in document.iter(f"{W}rStyle")}
    assert chips >= {"Chipok", "Chipbad", "Chipamb", "Chipno", "Chipder", "Chipint", "Mark"}


def test_a_card_reads_in_order(document: ElementTree.Element, lang: str) -> None:
    card = next(one for one in document.iter(f"{W}p") if style_of(one) == "Check")
    assert text_of(card) == (
        "一致三类人员之和等于总数。"
        if lang == "zh"
        else "consistentThe three kinds of staff sum to the total."
    )
    assert card.find(f".//{W}tab") is not None


def test_lists_are_lists_without_a_first_line_indent(document: ElementTree.Element, styles: Any) -> None:
    items = [one for one in document.iter(f"{W}p") if one.find(f"{W}pPr/{W}numPr") is not None]
    assert len(items) == 5
    assert {style_of(one) for one in items} == {"Compact"}
    assert styles["Compact"].find(f"{W}pPr/{W}ind").get(f"{W}firstLineChars") == "0"


@pytest.mark.parametrize("lang", ["zh"], indirect=True)
def test_chinese_quotation_marks_are_drawn_in_the_chinese_face(document: ElementTree.Element) -> None:
    quoting = [one for one in document.iter(f"{W}r") if re.search("[“”]", text_of(one))]
    assert len(quoting) > 5
    for run in quoting:
        face = run.find(f"{W}rPr/{W}rFonts")
        assert face is not None
        assert face.get(f"{W}hint") == "eastAsia"
    assert document.find(f".//{W}rPr/{W}i") is None


def test_title_language_and_page_number(parts: dict[str, bytes], page: Build, lang: str) -> None:
    core = parts["docProps/core.xml"].decode()
    assert f"<dc:title>{page(lang).title}</dc:title>" in core
    assert f"<dc:language>{'zh-CN' if lang == 'zh' else 'en'}</dc:language>" in core
    assert "2026-11-21T00:00:00Z" in core
    footer = next(content for name, content in parts.items() if name.startswith("word/footer")).decode()
    assert 'w:instr=" PAGE "' in footer
    assert ("— " in footer) == (lang == "zh")
    assert b"<w:footerReference" in parts["word/document.xml"]
    language = ElementTree.fromstring(parts["word/styles.xml"]).find(f"{W}docDefaults//{W}lang")
    assert language is not None
    wanted = {"zh": ("en-US", "zh-CN"), "en": ("en-GB", "zh-CN")}[lang]
    assert (language.get(f"{W}val"), language.get(f"{W}eastAsia")) == wanted
    assert b'w:name="compatibilityMode"' in parts["word/settings.xml"]


def test_links_to_neighbours_and_code_are_not_in_it(parts: dict[str, bytes]) -> None:
    words = parts["word/document.xml"].decode() + parts["word/_rels/document.xml.rels"].decode()
    for hidden in ("secret_code", "never shown", "FutureWarning", "b.html", "a.docx"):
        assert hidden not in words
    assert "https://example.org/a" in words


def test_no_pandoc_is_said_clearly(
    sample: Build, page: Build, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    import pypandoc

    def none() -> str:
        raise OSError("No pandoc was found")

    monkeypatch.setattr(pypandoc, "get_pandoc_path", none)
    with pytest.raises(OutputError, match="pypandoc-binary"):
        docx(shaped(body_of(sample("zh"), page("zh")), "zh"), page("zh"))


def test_a_pandoc_that_fails_says_why(tmp_path: Any, page: Build) -> None:
    with pytest.raises(OutputError, match="Unknown output format"):
        pandoc.convert("<p>x</p>", "no-such-format", "word.lua", tmp_path, moment=page("zh").moment())


def test_run_properties_begin_with_style_and_face(document: ElementTree.Element) -> None:
    first = ["rStyle", "rFonts"]
    for properties in document.iter(f"{W}rPr"):
        names = [one.tag.removeprefix(W) for one in properties]
        assert [one for one in names if one in first] == names[: sum(one in first for one in names)]
        assert "rStyle" not in names[1:]


def test_a_link_keeps_the_size_of_the_words_around_it(styles: dict[str, ElementTree.Element]) -> None:
    assert styles["Hyperlink"].find(f"{W}rPr/{W}sz") is None
    assert styles["Hyperlink"].find(f"{W}rPr/{W}rFonts") is None


def test_sections_keep_the_order_of_the_schema(document: ElementTree.Element) -> None:
    names = [one.tag.removeprefix(W) for one in document.findall(f".//{W}sectPr/*")]
    assert names == sorted(names, key=["footerReference", "footnotePr", "pgSz", "pgMar"].index)


def test_nothing_of_the_making_is_left_in_the_properties(parts: dict[str, bytes]) -> None:
    assert b"column" not in parts.get("docProps/custom.xml", b"")
    assert b"Microsoft" not in parts["docProps/app.xml"]


def small(html: str) -> ElementTree.Element:
    import nbformat

    from govlab.reports.formats import PageInfo

    output = nbformat.v4.new_output("display_data", {"text/html": html})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    page = PageInfo("en", "t")
    made = archive.read(docx(shaped(body_of(notebook, page), "en"), page))
    return ElementTree.fromstring(made["word/document.xml"])


def test_there_is_air_after_a_table_and_no_empty_line_between_two() -> None:
    table = "<table><caption>c</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>"
    body = small(f"{table}{table}<p>after</p>").find(f"{W}body")
    assert body is not None
    names = [style_of(one) if one.tag == f"{W}p" else one.tag.removeprefix(W) for one in body]
    assert names[1:-1] == ["TableCaption", "tbl", "TableCaption", "tbl", "AfterTable", "BodyText"]


def test_an_id_does_not_break_at_its_hyphen() -> None:
    document = small("<p>see (AKS-017, ZJ-2) and re-use</p><p><b>AKS-018</b>!</p>")
    assert len(list(document.iter(f"{W}noBreakHyphen"))) == 3
    words = "".join("-" if one.tag == f"{W}noBreakHyphen" else one.text or "" for one in document.iter()
                    if one.tag in (f"{W}t", f"{W}noBreakHyphen"))  # fmt: skip
    assert "see (AKS-017, ZJ-2) and re-use" in words
    assert "AKS-018!" in words
