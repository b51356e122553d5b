"""Slides and handouts: the cut by its rules on a made-up lesson, real lessons built and looked at."""

import hashlib
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_notebook

import govlab.workshop
from govlab.workshop.building import FORMATS, build, file_name, stem
from govlab.workshop.cutting import cut
from govlab.workshop.exercises import exercise
from govlab.workshop.handout import handout
from govlab.workshop.lessons import lesson
from govlab.workshop.pieces import pieces, synthetic
from govlab.workshop.running import still
from govlab.workshop.slides import slides
from tests.reports.browser import chromium
from tests.workshop import lesson_sample as sample

REVEAL = Path(govlab.workshop.__file__).parent / "reveal"
CHINESE = re.compile(r"[\u3400-\u9fff]")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def page(lang="zh", edition="participant", **changes):
    notebook = sample.lesson(lang, **changes)
    if edition == "participant":
        notebook = sample.participants(notebook)
    return slides(pieces(notebook, lang), lesson("1"), lang, edition)


def word(lang="zh", edition="participant"):
    notebook = sample.lesson(lang)
    if edition == "participant":
        notebook = sample.participants(notebook)
    return handout(pieces(notebook, lang), lesson("1"), lang, edition)


def document(content, tmp_path):
    (tmp_path / "x.docx").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "x.docx") as archive:
        return ElementTree.fromstring(archive.read("word/document.xml"))


def text_of(document):
    return "\n".join(
        "".join(piece.text or "" for piece in paragraph.iter(f"{W}t")) for paragraph in document.iter(f"{W}p")
    )


class Loads(HTMLParser):
    """Whatever a browser would fetch."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("src", "srcset", "href", "data", "poster")]


def assert_asks_nothing(html):
    loads = Loads()
    loads.feed(html)
    assert all(one.startswith("data:image/") for one in loads.found), loads.found[:3]
    for style in re.findall(r"<style>(.*?)</style>", html, flags=re.S):
        assert all(one.startswith("data:") for one in re.findall(r"url\(['\"]?([^)]*)", style))
        assert "@import" not in style
    assert "default-src 'none'" in html


def test_vendored_files_are_unchanged():
    said = dict(
        re.findall(
            r"^\| `([\w.]+)` \|.*`([0-9a-f]{64})` \|$", (REVEAL / "README.md").read_text("utf-8"), re.M
        )
    )
    assert {path.name for path in REVEAL.iterdir()} == {"README.md", *said} and len(said) == 4
    for name, checksum in said.items():
        assert hashlib.sha256((REVEAL / name).read_bytes()).hexdigest() == checksum


def test_live_widgets_give_way_to_their_pictures():
    outputs = [output for cell in still(sample.lesson()).cells for output in cell.get("outputs", [])]
    assert all(sample.WIDGET not in output.get("data", {}) for output in outputs)
    assert not any("Slider" in str(output) or "NOISE" in str(output) for output in outputs)
    assert any("image/png" in output.get("data", {}) for output in outputs)


def test_kinds_of_slides():
    made = cut(pieces(sample.lesson(), "zh"), "zh")
    assert [one.kind for one in made] == [
        "title", "table", "figure", "figure tall", "number", "table", "lines", "code", "exercise", "exercise", "close",
    ]  # fmt: skip
    assert made[0].body[0].count("<li>") == 3
    assert "40" in made[1].body[-1] and "共 40 行" in made[1].body[-1]
    assert "图 1" not in "".join(made[3].body)
    assert [one.count("<li>") for one in made[6].body] == [1, 5]  # a short result stands above the next


def test_nothing_of_the_notebook_shows():
    html = page().split('<div class="slides">')[1].split("<script>")[0]
    for hidden in ("secret_code", "Shift", "NOISE", "Slider", "Bench(", "begun", "asked", "solved", "begin("):
        assert hidden not in html
    assert "taught = 1" in html and "1,224" in html


def test_solutions_and_notes_are_the_trainers():
    solved = exercise("1.1").solution.zh
    assert solved not in page() and "教学提示" not in page() and "<aside" not in page()
    trainer = BeautifulSoup(page(edition="trainer"), "html.parser")
    for aside in trainer.find_all("aside"):
        aside.extract()
    assert solved not in trainer.get_text()
    asides = BeautifulSoup(page(edition="trainer"), "html.parser").find_all("aside", class_="notes")
    assert any(solved in one.get_text() and "慢一点" in one.get_text() for one in asides)


def test_long_text_becomes_a_slide_and_longer_text_a_note():
    sentence = "社区工作者每天要做很多事情，其中一半没有写进清单里。"
    kinds = [one.kind for one in cut(pieces(sample.lesson(prose=sentence * 8), "zh"), "zh")]
    assert kinds[1:3] == ["prose", "table"]
    first = cut(pieces(sample.lesson(prose=sentence * 40), "zh"), "zh")[1]
    assert first.kind == "prose" and len(first.notes[0]) > 2 * len(first.body[0])
    assert not first.body[0].endswith("，</p>")


def test_wide_tables_lose_columns_and_say_so():
    notebook = sample.lesson()
    notebook.cells[3].outputs[-1].data["text/html"] = sample.table(2, columns=40)
    shown = cut(pieces(notebook, "en"), "en")[1].body[-1]
    assert re.search(r"The first \d+ of 40 columns", shown)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("edition", ["participant", "trainer"])
def test_slides_ask_nothing_and_speak_one_language(lang, edition):
    html = page(lang, edition)
    assert_asks_nothing(html)
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in html
    assert html.count("</script>") == html.count("<script>") == (3 if edition == "trainer" else 2)
    assert ("unsafe-inline'; style" in html) == (edition == "trainer")
    if lang == "zh" and edition == "trainer":
        assert "点这里清零" in html and "Upcoming<" not in html and "'Notes only'" not in html
    if lang == "en":
        assert not CHINESE.search(
            html.split('<div class="slides">')[1].split("<script>")[0].replace("图 1　", "")
        )


def test_handout_of_a_participant(tmp_path):
    found = document(word(), tmp_path)
    text = text_of(found)
    for shown in (
        "第九十九课",
        "练习 1.1",
        "□",
        "答：",
        "理由：",
        "taught = 1",
        "1,224",
    ):
        assert shown in text
    for hidden in (
        "secret_code",
        "Shift",
        "NOISE",
        "Slider",
        "begun",
        "check(",
        "教学提示",
        exercise("1.1").solution.zh,
    ):
        assert hidden not in text
    pictures = list(
        found.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
    )
    assert len(pictures) == 2 and all(one.get("descr") for one in pictures)
    with zipfile.ZipFile(tmp_path / "x.docx") as archive:
        assert " PAGE " in archive.read("word/footer1.xml").decode("utf-8")
        assert 'eastAsia="zh-CN"' in archive.read("word/styles.xml").decode("utf-8")
    page_size = next(found.iter(f"{W}pgSz"))
    assert (page_size.get(f"{W}w"), page_size.get(f"{W}h")) == ("11906", "16838")


def test_handout_of_a_trainer(tmp_path):
    text = text_of(document(word("en", "trainer"), tmp_path))
    assert (
        exercise("1.1").solution.en in text
        and "slowly" in text
        and not CHINESE.search(text.replace("图 1　", ""))
    )


def test_demo_data_are_marked(tmp_path):
    assert synthetic(lesson("5").source()) and not synthetic(lesson("1").source())
    read = pieces(sample.lesson(), "zh")
    assert "模拟数据" in slides(read, lesson("5"), "zh", "participant")
    assert "片区均为虚构" in text_of(document(handout(read, lesson("5"), "zh", "participant"), tmp_path))


def test_names_of_files():
    one = lesson("1")
    assert stem(one, "zh", "trainer") == "lesson-01-zh-trainer"
    assert [file_name(one, "en", "participant", form) for form in FORMATS] == [
        "lesson-01-en.ipynb", "lesson-01-en.html", "lesson-01-en.slides.html", "lesson-01-en.docx",
    ]  # fmt: skip


def test_faults_are_named_together(capsys):
    from govlab.cli import main

    assert main(["lesson", "build", "--to", "pdf,odt", "--edition", "guest", "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "pdf" in said and "odt" in said and "guest" in said and "slides, docx" in said


def test_what_could_run_is_not_taken_over():
    notebook = sample.lesson()
    notebook.cells[3].outputs[-1].data["text/html"] = "<script>alert(1)</script>"
    assert "alert" not in "".join(str(one.block) for one in pieces(notebook, "zh"))
    notebook.cells[3].outputs[-1].data["text/html"] = '<iframe srcdoc="<body><p>一页</p></body>"></iframe>'
    assert [one.text for one in pieces(notebook, "zh") if one.kind == "prose" and one.output] == ["一页"]


def test_texts_that_cells_write_and_print_stay_whole():
    file = '[[reports]]\nnotebook = "zone report of many words"\nformats = ["html"]'
    cells = [
        sample.code(f'batch = """\n{file}\n"""'),
        sample.code("print(batch)", streams=[("stdout", file)]),
        sample.code("print(x)", streams=[("stdout", "nothing but words said in English by a program\n")]),
        sample.code("print(x)", streams=[("stdout", "row 4: twelve is no"), ("stdout", " number，改一改\n")]),
    ]
    shown = pieces(new_notebook(cells=cells), "zh")
    assert [one.kind for one in shown] == ["code", "code", "lines"]
    assert all(one.block.get_text().strip() == file for one in shown[:2])
    assert shown[2].text == "row 4: twelve is no number，改一改"


def walked(driver, path):
    """Every slide by the arrow key: what runs over, and what was asked of anybody."""
    asked, errors, over = [], [], []
    driver.on("request", lambda request: asked.append(request.url))
    driver.on("pageerror", lambda error: errors.append(str(error)))
    driver.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    driver.goto(path.resolve().as_uri())
    driver.wait_for_selector(".reveal.ready")
    total = driver.evaluate("Reveal.getTotalSlides()")
    for place in range(total):
        assert driver.evaluate("Reveal.getIndices().h") == place
        sizes = driver.evaluate(
            """() => {
              const slide = Reveal.getCurrentSlide().querySelector('.slide'), edge = slide.getBoundingClientRect();
              const far = [...slide.querySelectorAll('*')].map((one) => one.getBoundingClientRect());
              return [slide.scrollWidth, slide.scrollHeight, Math.max(...far.map((one) => one.bottom)) - edge.top,
                      Math.max(...far.map((one) => one.right)) - edge.left, slide.innerText.trim().length];
            }"""
        )
        if sizes[0] > 1280 or sizes[1] > 720 or sizes[2] > 712 or sizes[3] > 1280 or not sizes[4]:
            over.append((place + 1, sizes))
        driver.keyboard.press("ArrowRight")
    assert not over and not errors, (over, errors)
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]
    assert len([url for url in asked if url.startswith("file:")]) == 1
    return total


@pytest.mark.browser
def test_slides_in_a_browser(tmp_path):
    path = tmp_path / "sample.slides.html"
    path.write_text(page(), encoding="utf-8")
    with chromium(1280, 720) as driver:
        assert walked(driver, path) == 11


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_real_lesson(lang, tmp_path, monkeypatch):
    from govlab.workshop import building

    runs = []
    monkeypatch.setattr(building, "run", lambda notebook, run=building.run: runs.append(1) or run(notebook))
    written = build(lesson("1"), lang, "trainer", FORMATS, tmp_path)
    assert [path.name for path in written] == [
        file_name(lesson("1"), lang, "trainer", form) for form in FORMATS
    ]
    assert len(runs) == 1
    assert_asks_nothing(written[2].read_text(encoding="utf-8"))
    assert exercise("1.1").solution.in_language(lang) in text_of(document(written[3].read_bytes(), tmp_path))
    with chromium(1280, 720) as driver:
        assert walked(driver, written[2]) >= 8
        driver.evaluate("Reveal.slide(2)")
        with driver.expect_popup() as opened:
            driver.keyboard.press("s")
        speaker = opened.value
        speaker.wait_for_selector(".speaker-controls-notes:not(.hidden)")
