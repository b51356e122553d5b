"""Reports on ordinary kernels: the same pages, the same limits, the same guard as by fork."""

import pytest
from nbformat.v4 import new_code_cell

from govlab.reports import ForkEngine, KernelEngine
from govlab.reports.engine import engine_for
from govlab.reports.fork.caller import can_fork
from govlab.reports.plan import Job
from tests.reports.literal import SAY, notebook

DRAW = "import random, numpy as np\nf'{random.random()} {np.random.random()}'"
CATCH = "try:\n    open('data.csv')\nexcept Exception as error:\n    found = type(error).__name__\nfound"


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    (tmp_path / "data.csv").write_text("x\n", encoding="utf-8")
    return tmp_path


def job(root, name, *cells, inputs=(), timeout=60):
    path = root / "notebooks" / f"{name}.ipynb"
    notebook(path, *(new_code_cell(text, id=f"c{number}") for number, text in enumerate(cells)))
    return Job(name, path, {"place": "b"}, "en", ("html",), root / "out" / name, timeout, 2048, inputs)


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork")
def test_the_same_page_as_by_fork(root):
    one = job(root, "same", SAY, DRAW, "open('data.csv').read()", inputs=("*.csv",))
    pages = []
    with ForkEngine(root) as forks:
        for engine in (forks, KernelEngine(root)):
            outcome = engine.run(one)
            assert outcome.status == "done", outcome.error
            assert outcome.cpu_seconds > 0 and [cell for cell, _ in outcome.times] == [1, 2, 3, 4, 5]
            pages.append(outcome.files["html"].read_bytes())
    assert pages[0] == pages[1]


def test_undeclared_files_and_limits(root):
    engine = KernelEngine(root)
    outcome = engine.run(job(root, "caught", CATCH))
    assert (outcome.status, outcome.error.name) == ("failed", "UndeclaredInput")
    assert "data.csv" in outcome.error.text("zh")
    outcome = engine.run(job(root, "endless", "import time\ntime.sleep(60)", timeout=2))
    assert (outcome.status, outcome.error.name) == ("failed", "TimeLimit")


def test_the_engine_by_name(root):
    assert isinstance(engine_for(root, "kernel"), KernelEngine)
    assert isinstance(engine_for(root), ForkEngine if can_fork() else KernelEngine)
    with pytest.raises(ValueError, match="fork, kernel"):
        engine_for(root, "other")
