from base64 import b64encode

import pytest
from bs4 import BeautifulSoup

from govlab.reports.formats.page import OutputError
from govlab.reports.formats.shape import shaped


def shape(html: str) -> BeautifulSoup:
    return BeautifulSoup(shaped(BeautifulSoup(html, "html.parser"), "zh").html, "html.parser")


def test_the_body_itself_is_left_alone() -> None:
    body = BeautifulSoup('<p class="gl-note">a</p><a href="#x">b</a>', "html.parser")
    before = str(body)
    shaped(body, "zh")
    assert str(body) == before


def test_classes_move_to_blocks_that_keep_them() -> None:
    soup = shape(
        '<p class="gl-note">a</p><ol class="gl-refs"><li>b</li></ol><header class="gl-top"><span>c</span></header>'
    )
    assert str(soup) == (
        '<div class="gl-note"><p>a</p></div><div class="gl-refs"><ol><li>b</li></ol></div>'
        '<div class="gl-top"><span>c</span></div>'
    )


def test_only_links_to_the_web_stay() -> None:
    soup = shape(
        '<a href="#AKS-001">a</a> <a href="b.html">b</a> <a href="https://example.org">c</a><p id="k">d</p>'
    )
    assert [one.get_text() for one in soup.find_all("a")] == ["c"]
    assert soup.find(id=True) is None


def test_lines_of_the_foot_become_paragraphs() -> None:
    soup = shape('<footer class="gl-foot">one<br>two <b>x</b></footer>')
    assert str(soup) == '<div class="gl-foot"><p>one</p><p>two <b>x</b></p></div>'


def test_pictures_become_files_no_wider_than_they_are_sharp(png: bytes) -> None:
    data = b64encode(png).decode()
    tag = f'<img alt="a" src="data:image/png;base64,{data}">'
    found = shaped(BeautifulSoup(tag + tag, "html.parser"), "en")
    assert list(found.pictures) == ["figure-1.png", "figure-2.png"]
    assert found.pictures["figure-1.png"] == png
    image = BeautifulSoup(found.html, "html.parser").find("img")
    assert (image["src"], image["data-share"]) == ("figure-1.png", "1.0000")


def test_a_tall_picture_is_kept_on_its_page() -> None:
    from io import BytesIO

    from PIL import Image

    buffer = BytesIO()
    Image.new("L", (1000, 4000)).save(buffer, "PNG")
    data = b64encode(buffer.getvalue()).decode()
    image = shape(f'<img alt="a" src="data:image/png;base64,{data}">').find("img")
    assert float(image["data-share"]) == pytest.approx(1.25 / 4, abs=1e-4)


def test_a_broken_picture_is_named_by_its_description() -> None:
    with pytest.raises(OutputError, match="bars of staff"):
        shape('<img alt="bars of staff" src="data:image/png;base64,AAAA">')


def test_tables_get_widths_that_sum_to_the_whole() -> None:
    soup = shape("<table><tr><th>a</th><th>b</th></tr><tr><td>long text here</td><td>1</td></tr></table>")
    widths = [float(col["style"].removeprefix("width:").removesuffix("%")) for col in soup.find_all("col")]
    assert len(widths) == 2
    assert sum(widths) == pytest.approx(100, abs=0.1)
