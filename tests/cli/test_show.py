"""``govlab show``: the list, a wrong name, and a bench on a page that asks nobody for anything."""

import re
import subprocess
import sys
from importlib.util import find_spec

import nbformat
import pytest

from govlab.cli import main
from govlab.cli.show import _page
from tests.ports import free_port
from tests.reports.browser import chromium


def test_list_and_a_name_that_there_is_not(capsys):
    assert main(["show", "--lang", "en"]) == 0
    assert re.search(r"^sampling +Sampling lab$", capsys.readouterr().out, re.M)
    assert main(["show", "samplin", "--lang", "zh"]) == 2
    assert "sampling" in capsys.readouterr().err


def test_the_page_is_one_cell_that_runs():
    notebook = nbformat.from_dict(_page("sampling", "Sampling lab", "en"))
    nbformat.validate(notebook)
    scope = {}
    exec("\n".join(notebook.cells[0].source.splitlines()[:-1]), scope)
    assert eval(notebook.cells[0].source.splitlines()[-1], scope).lang == "en"


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(find_spec("voila") is None, reason="the extra projector is not installed")
def test_on_a_projector(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "govlab", "show", "sampling", "--lang", "en", "--no-browser"]
    with chromium(1366, 768) as page:
        running = subprocess.Popen([*command, "--port", str(port)], cwd=tmp_path)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        try:
            for _ in range(120):
                try:
                    page.goto(f"http://127.0.0.1:{port}/", timeout=60_000)
                    break
                except Exception as error:
                    if "REFUSED" not in str(error):
                        raise
                    page.wait_for_timeout(500)
            page.wait_for_selector(".govlab-bench svg", timeout=60_000)
            before = page.inner_html(".govlab-bench-seen")
            page.focus(".govlab-bench [role=slider]")
            page.keyboard.press("ArrowRight")
            page.wait_for_function(
                "before => document.querySelector('.govlab-bench-seen').innerHTML !== before", arg=before
            )
            assert "135 people in all" in page.inner_text(".govlab-bench-seen")
            page.get_by_text("中文").click()
            page.wait_for_selector("text=一共问 135 人")
        finally:
            running.terminate()
            assert running.wait(20) is not None
    away = [url for url in asked if not url.startswith((f"http://127.0.0.1:{port}/", "data:", "blob:"))]
    assert not away
