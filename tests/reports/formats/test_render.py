import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
import pytest

from govlab.reports.formats import FORMATS, OutputError, PageInfo, render

Build = Callable[[str], Any]


def test_every_format_in_its_place_and_nothing_beside(sample: Build, page: Build, tmp_path: Path) -> None:
    made = render(sample("zh"), page("zh"), FORMATS, tmp_path / "out" / "案例 1.2")
    assert list(made) == list(FORMATS)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"案例 1.2.{name}" for name in FORMATS}
    heads = {"html": b"<!doctype html>", "docx": b"PK", "pdf": b"%PDF", "xlsx": b"PK"}
    assert all(made[name].read_bytes().startswith(head) for name, head in heads.items())


def test_the_same_report_gives_the_same_bytes(
    sample: Build, page: Build, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    monkeypatch.setenv("TZ", "UTC")
    one = render(sample(lang), page(lang), FORMATS, tmp_path / "a" / "r")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    other = render(sample(lang), page(lang), FORMATS, tmp_path / "b" / "c" / "r")
    for name in FORMATS:
        digests = [sha256(files[name].read_bytes()).hexdigest() for files in (one, other)]
        assert digests[0] == digests[1], name


def test_the_notebook_is_left_as_it_was(sample: Build, page: Build, tmp_path: Path) -> None:
    notebook = sample("en")
    before = nbformat.writes(notebook)
    render(notebook, page("en"), ("html", "xlsx"), tmp_path / "r")
    assert nbformat.writes(notebook) == before


def test_asking_twice_makes_once_and_asking_for_nothing_makes_nothing(
    sample: Build, page: Build, tmp_path: Path
) -> None:
    assert list(render(sample("en"), page("en"), ("html", "html"), tmp_path / "r")) == ["html"]
    assert render(sample("en"), page("en"), (), tmp_path / "s") == {}


def test_unknown_formats_are_all_named(sample: Build, page: Build, tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        render(sample("en"), page("en"), ("html", "odt", "epub"), tmp_path / "r")
    assert "odt" in str(caught.value)
    assert "epub" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_when_one_format_fails_none_is_put_in_place(page: Build, tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("𠮷")])
    with pytest.raises(OutputError):
        render(notebook, page("zh"), FORMATS, tmp_path / "r")
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_with_nothing_in_it_still_makes_files(lang: str, tmp_path: Path) -> None:
    page = PageInfo(lang, "空" if lang == "zh" else "empty")
    made = render(nbformat.v4.new_notebook(), page, FORMATS, tmp_path / "r")
    assert len(made) == 4


def test_what_our_own_emitters_show_is_what_every_format_takes(lang: str, tmp_path: Path) -> None:
    from govlab.blocks import Page
    from govlab.tables import Column, Shown, Table

    page = Page(lang)
    table = Table(
        (
            Column("a", "项" if lang == "zh" else "Item"),
            Column("n", "数" if lang == "zh" else "Value", "integer"),
        ),
        (("x", Shown(3, "about 3")), ("y", None)),
        "题" if lang == "zh" else "Caption",
        lang,
        suppressed=frozenset({(1, 1)}),
    )
    blocks = [
        page.opening("a", "b", "c"), page.gist(["d"]), page.section("e"), page.heading("f"), page.text("g"),
        page.card("h", "bad", "i", ["1 + 1 = 2"]), page.definitions([("j", "k")]), page.question("l", "m"),
        page.points(["n"]), page.references(["o"]), page.note("p"), page.banner("q"), page.table(table),
        page.closing(["r", "s"]),
    ]  # fmt: skip
    outputs = [nbformat.v4.new_output("display_data", one._repr_mimebundle_()) for one in blocks]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)])
    made = render(notebook, PageInfo(lang, "b"), FORMATS, tmp_path / "r")
    assert len(made) == 4


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = (
        "import sys, govlab.reports.formats, govlab.reports.index_page;"
        "print(sorted({'nbconvert', 'bs4', 'jinja2', 'typst', 'pypandoc', 'openpyxl', 'fontTools', 'PIL', 'nbformat',"
        "'matplotlib', 'pandas', 'zhplot'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
