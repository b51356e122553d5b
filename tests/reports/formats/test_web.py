import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from govlab.reports.formats.body import body_of
from govlab.reports.formats.page import PageInfo
from govlab.reports.formats.web import page_html
from tests.reports.browser import chromium

Build = Callable[[str], Any]
CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture
def html(sample: Build, page: Build, lang: str) -> str:
    return page_html(body_of(sample(lang), page(lang)), page(lang)).decode("utf-8")


class _Addresses(HTMLParser):
    """Whatever a browser would fetch, and every element."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster", "background") or (name == "href" and tag != "a"):
                self.loads.append(str(value))


def test_nothing_is_loaded_and_nothing_runs(html: str) -> None:
    found = _Addresses()
    found.feed(html)
    assert found.names.isdisjoint({"script", "link", "iframe", "object", "base", "svg"})
    assert all(one.startswith("data:image/png;base64,") for one in found.loads)
    assert "url(" not in html
    assert "@import" not in html


def test_the_page_forbids_what_it_does_not_need(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_language_title_and_one_heading(html: str, page: Build, lang: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    assert soup.html["lang"] == {"zh": "zh-CN", "en": "en"}[lang]
    assert soup.title.get_text() == page(lang).title
    assert len(soup.find_all("h1")) == 1
    assert len(soup.find_all("main")) == 1


def test_no_code_and_no_stray_language(html: str, lang: str) -> None:
    for hidden in ("secret_code", "never shown", "FutureWarning", "In [", "data-cell"):
        assert hidden not in html
    if lang == "en":
        soup = BeautifulSoup(html, "html.parser")
        soup.find("style").decompose()
        soup.find("nav").decompose()  # the name of the other language is in that language
        assert CHINESE.search(soup.get_text()) is None


def test_links_stand_at_the_top(html: str, page: Build, lang: str) -> None:
    nav = BeautifulSoup(html, "html.parser").find("header", class_="gl-top").find("nav")
    assert [(one.get_text(), one["href"]) for one in nav.find_all("a")] == list(page(lang).links)
    assert nav["aria-label"]


def test_tables_scroll_inside_themselves_and_say_what_they_are(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    for table in soup.find_all("table"):
        assert table.parent["class"] == ["gl-scroll"]
        assert table.parent["tabindex"] == "0"
        assert table.parent["aria-label"] == table.find("caption").get_text()
    assert all(image["alt"] for image in soup.find_all("img"))


def test_links_within_the_page_have_their_anchor(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    inner = [one["href"][1:] for one in soup.find_all("a", href=True) if one["href"].startswith("#")]
    assert inner
    assert all(soup.find(id=one) for one in inner)


def test_an_id_does_not_break_and_a_short_cell_does_not_either(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    assert [one.get_text() for one in soup.select("p > .gl-id, p a > .gl-id, code > .gl-id")] == [
        "AKS-017",
        "AKS-001",
    ]
    short = soup.select("td.gl-short")
    assert short
    assert all(len(one.get_text()) <= 10 for one in short)


def test_the_page_is_small(html: str) -> None:
    assert len(html.encode("utf-8")) < 60_000


def test_a_title_from_data_is_escaped(sample: Build) -> None:
    info = PageInfo("en", "</title><script>alert(1)</script>", links=(('"><script>', 'a".html'),))
    html = page_html(body_of(sample("en"), info), info).decode("utf-8")
    assert "<script>" not in html


@pytest.mark.browser
def test_in_a_browser_nothing_is_asked_for_and_a_phone_does_not_scroll_sideways(
    html: str, tmp_path: Path
) -> None:
    file = tmp_path / "页 面.html"
    file.write_text(html, encoding="utf-8")
    asked, said = [], []
    with chromium(width=390) as tab:
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: said.append(message.text))
        tab.goto(file.as_uri())
        wide = tab.evaluate("document.documentElement.scrollWidth")
        tab.set_viewport_size({"width": 1280, "height": 900})
        column = tab.evaluate("document.querySelector('.gl-scroll').getBoundingClientRect().width")
    assert [one for one in asked if not one.startswith("data:")] == [file.as_uri()]
    assert said == []
    assert wide <= 390
    assert column == 670
