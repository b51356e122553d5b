import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from govlab.reports.formats import OutputError
from govlab.reports.index_page import IndexEntry, write_index
from tests.reports.browser import chromium

TITLE = {"zh": "案例报告", "en": "Case reports"}
BOTH = {"html": "aksu zh.html", "pdf": "aksu zh.pdf"}
ENTRIES = [
    IndexEntry("aksu zh", "阿克苏“小街道大社区”", "zh", "done", BOTH, 1.24),
    IndexEntry("aksu-en", "Aksu <b>", "en", "done", {"docx": "aksu-en.docx"}, 0.5),
    IndexEntry("beijing-zh", "北京", "zh", "failed", error="ValueError: <script>alert(1)</script>"),
]


def soup_of(folder: Path, lang: str = "zh") -> BeautifulSoup:
    path = write_index(folder, ENTRIES, TITLE, lang)
    assert path == folder / "index.html"
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_a_row_for_each_report_with_its_files(tmp_path: Path) -> None:
    rows = soup_of(tmp_path).select("tbody tr")
    assert [row["data-lang"] for row in rows] == ["zh", "en", "zh"]
    assert [row["data-formats"] for row in rows] == ["html pdf", "docx", ""]
    assert [link["href"] for link in rows[0].find_all("a")] == ["aksu%20zh.html", "aksu%20zh.pdf"]
    assert "失败" in rows[2].get_text()
    assert "<script>alert(1)</script>" in rows[2].find("pre").get_text()


def test_data_cannot_become_markup_and_only_our_script_may_run(tmp_path: Path) -> None:
    soup = soup_of(tmp_path)
    scripts = soup.find_all("script")
    assert len(scripts) == 2
    policy = soup.find("meta", attrs={"http-equiv": True})["content"]
    for script in scripts:
        assert f"'sha256-{b64encode(sha256(script.string.encode('utf-8')).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1]
    assert soup.select("tbody b") == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_in_the_language_asked_for_and_reads_without_the_script(tmp_path: Path, lang: str) -> None:
    soup = soup_of(tmp_path, lang)
    assert soup.html["data-lang"] == lang
    assert soup.title.get_text() == TITLE[lang]
    # Without the script there is nothing to filter with, and every row shows.
    assert soup.find(id="filters").has_attr("hidden")
    assert soup.find("tr", hidden=True) is None


def test_every_label_is_there_in_both_languages(tmp_path: Path) -> None:
    soup = soup_of(tmp_path)
    chinese, english = soup.select(".t[lang|=zh]"), soup.select(".t[lang=en]")
    assert len(chinese) == len(english) > 10
    assert all(re.search("[a-z]", one.get_text()) for one in english if one.get_text() != "中文")


@pytest.mark.parametrize("href", ["/etc/passwd", "../a.html", "", "a/../../b.html", "\\\\host\\a.html"])
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, href: str) -> None:
    with pytest.raises(ValueError, match="relative"):
        write_index(tmp_path, [IndexEntry("a", "a", "zh", "done", {"html": href})], TITLE)


def test_a_link_cannot_carry_a_scheme(tmp_path: Path) -> None:
    path = write_index(tmp_path, [IndexEntry("a", "a", "zh", "done", {"html": "javascript:alert(1)"})], TITLE)
    assert 'href="javascript%3Aalert%281%29"' in path.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError):
        write_index(tmp_path / "out", ENTRIES, TITLE)


@pytest.mark.slow
@pytest.mark.browser
def test_search_and_filters_work_on_thousands_of_rows(tmp_path: Path) -> None:
    many = [
        IndexEntry(
            f"case-{n}",
            f"社区 {n}" if n % 2 else f"Community {n}",
            "zh" if n % 2 else "en",
            "done",
            {"pdf": "a.pdf"},
        )
        for n in range(7000)
    ]
    path = write_index(tmp_path, [*ENTRIES, *many], TITLE, "zh")
    said: list[str] = []
    with chromium() as tab:
        tab.on("console", lambda message: said.append(message.text))
        tab.goto(path.as_uri())
        visible = "document.querySelectorAll('#rows tr:not([hidden])').length"
        assert tab.evaluate(visible) == 200
        assert tab.inner_text("#count") == "找到 7003 份，共 7003 份"
        tab.click("#more")
        assert tab.evaluate(visible) == 400
        tab.fill("#words", "阿克苏")
        tab.locator("#count", has_text="找到 1 份").wait_for()
        assert tab.evaluate(visible) == 1
        tab.fill("#words", "")
        tab.select_option("#status", "failed")
        assert tab.evaluate(visible) == 1
        tab.select_option("#status", "")
        tab.select_option("#lang", "en")
        assert tab.evaluate(visible) == 200
        assert tab.inner_text("#count") == "找到 3501 份，共 7003 份"
        tab.select_option("#format", "docx")
        assert tab.evaluate(visible) == 1
        assert not tab.is_visible("#more")
        tab.click("#switch")
        assert tab.inner_text("#count") == "1 of 7003 reports"
        assert tab.title() == "Case reports"
        tab.fill("#words", "no such report")
        tab.wait_for_selector("#none", state="visible")
    assert said == []
