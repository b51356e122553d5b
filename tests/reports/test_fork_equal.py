"""Forked notebooks come out as stock papermill's: byte for byte, once times and ids are masked."""

import json
import re
import tomllib
from contextlib import suppress
from pathlib import Path

import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from govlab.reports.fork.caller import can_fork
from govlab.reports.fork.papermill_engine import GovlabEngine, _is_ours
from govlab.reports.kernel import _event_loop
from tests.casebook.telling import notebooks
from tests.reports.literal import notebook

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system cannot fork")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
NUMBERED = re.compile(r"ipykernel_\d+/\d+|0x[0-9a-f]{6,}")
UNIQUE = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HARD = [
    new_markdown_cell("# 标题", id="title"),
    new_code_cell("print('one', end=''); print(' two')\nimport sys; print('err', file=sys.stderr)\n3", id="streams"),
    new_code_cell("print('before'); display({'a': 1}); print('after'); 'last'", id="order"),
    new_code_cell("from IPython.display import HTML, Markdown, JSON\ndisplay(HTML('<b>x</b>'), Markdown('*y*'), JSON({'z': [1, None, 2.5]}))", id="mimes"),
    new_code_cell("handle = display('old', display_id='d1'); handle.update('new')", id="update"),
    new_code_cell("from IPython.display import clear_output\nprint('gone'); clear_output(); print('kept')\nprint('x'); clear_output(wait=True); print('y')", id="clear"),
    new_code_cell("display('again', display_id='d2')", id="shown"),
    new_code_cell("from IPython.display import update_display\nupdate_display('changed later', display_id='d2')", id="later"),
    new_code_cell("import pandas as pd\ntable = pd.DataFrame({'甲': [1, 2.5], 'b': ['x', None]})\ntable", id="frame"),
    new_code_cell("pd.get_option('display.max_columns'), pd.get_option('display.width')", id="options"),
    new_code_cell("import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]); plt.title('t')", id="plot"),
    new_code_cell("figure, axes = plt.subplots(figsize=(2, 1)); axes.bar([0, 1], [1, 2])\nplt.close(figure)\nfigure", id="figure"),
    new_code_cell("import asyncio\nawait asyncio.sleep(0)\nasyncio.get_running_loop().is_running()", id="await"),
    new_code_cell("%%capture kept\nprint('inside')", id="capture"),
    new_code_cell("kept.stdout, _, In[1], len(Out), get_ipython().__class__.__name__", id="history"),
    new_code_cell("%time 1 + 1;\n%who_ls str\n", id="magics", metadata={"tags": ["raises-exception"]}),
    new_code_cell("!echo from the shell", id="shell"),
    new_code_cell("x = !echo caught\nx", id="caught"),
    new_code_cell("input('?')", id="input", metadata={"tags": ["raises-exception"]}),
    new_code_cell("def f():\n    raise ValueError('中文')\nf()", id="error", metadata={"tags": ["raises-exception"]}),
    new_code_cell("if True print()", id="syntax", metadata={"tags": ["raises-exception"]}),
    new_code_cell("import ipywidgets as widgets\nout = widgets.Output()\nwith out:\n    print('in the widget')\ndisplay(out, widgets.IntSlider(3))", id="widgets"),
    new_code_cell("class A:\n    pass\nimport pickle, warnings\nwarnings.warn('careful')\ntype(pickle.loads(pickle.dumps(A()))) is A, __name__, __file__ if '__file__' in globals() else None", id="main"),
    new_code_cell("  \n", id="empty"),
    new_code_cell("1/0", id="skipped", metadata={"tags": ["skip-execution"]}),
    new_code_cell("import logging\nlogging.warning('logged')\nimport os\nos.environ['MPLBACKEND'], os.path.basename(os.getcwd())", id="logged"),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def engine():
    papermill_engines.register("govlab", GovlabEngine)
    with _event_loop():
        yield
    from govlab.reports.fork import papermill_engine

    papermill_engine._shared().close()
    papermill_engine._started.cache_clear()


def run(path, folder, engine_name, parameters=None, **options):
    out = folder / "out.ipynb"
    with suppress(PapermillExecutionError):
        papermill.execute_notebook(
            str(path), str(out), parameters or {}, engine_name, kernel_name="python3",
            progress_bar=False, cwd=str(path.parent), **options,
        )  # fmt: skip
    text = out.read_text(encoding="utf-8")
    out.unlink()
    return masked(text)


def masked(text):
    text = NUMBERED.sub("N", TIME.sub("T", text))
    text = re.sub(r"(CPU times|Wall time)[^\"]*", "", text)
    content = json.loads(text)
    for cell in content["cells"]:
        cell["metadata"].get("papermill", {}).pop("duration", None)
        if re.fullmatch(r"[0-9a-f]{8}(-.*)?", cell["id"]):
            cell["id"] = "id"  # of the cells that papermill puts in
    content["metadata"]["papermill"].pop("duration", None)
    text = UNIQUE.sub("u", json.dumps(content, indent=1, ensure_ascii=False))
    widgets = content["metadata"].get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {})
    states = [UNIQUE.sub("u", json.dumps(one)) for one in widgets.get("state", {}).values()]
    return text.partition('"widgets": {')[0], sorted(states)


def stock_run(path, tmp_path, parameters):
    """Stock papermill, asked again where its kernel never answers: a message of a kernel can get lost."""
    from nbclient.exceptions import CellTimeoutError

    for _ in range(2):
        with suppress(CellTimeoutError):
            return run(path, tmp_path, None, parameters, execution_timeout=60)
    return run(path, tmp_path, None, parameters, execution_timeout=120)


def same(path, tmp_path, parameters=None):
    stock = stock_run(path, tmp_path, parameters)
    forked = run(path, tmp_path, "govlab", parameters)
    assert stock == forked


def test_everything_a_cell_can_show(tmp_path):
    path = tmp_path / "hard.ipynb"
    notebook(path, *HARD)
    same(path, tmp_path, {"place": "b", "n": 3})


def test_a_cell_that_fails_ends_it(tmp_path):
    path = tmp_path / "fails.ipynb"
    notebook(path, new_code_cell("1", id="a"), new_code_cell("int('x')", id="b"), new_code_cell("2", id="c"))
    same(path, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("path", notebooks(), ids=[path.stem for path in notebooks()])
def test_shipped_notebooks(path, tmp_path):
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    same(copy, tmp_path, {"lang": "en"})


def test_limits_and_deaths_as_papermill_tells_them(tmp_path):
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    path = tmp_path / "slow.ipynb"
    notebook(path, new_code_cell("import time\ntime.sleep(30)", id="a"))
    with pytest.raises(CellTimeoutError):
        run(path, tmp_path, "govlab", execution_timeout=1)
    notebook(path, new_code_cell("import os\nos._exit(1)", id="a"))
    with pytest.raises(DeadKernelError):
        run(path, tmp_path, "govlab")


def test_other_kernels_go_to_the_stock_engine(tmp_path, monkeypatch):
    assert _is_ours("python3")
    assert not _is_ours("no-such-kernel")
    folder = tmp_path / "kernels" / "other"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({"argv": ["Rscript", "x"], "display_name": "R", "language": "R"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert not _is_ours("other")
    asked = []
    monkeypatch.setattr(
        "govlab.reports.fork.papermill_engine.NBClientEngine.execute_managed_notebook",
        lambda nb_man, kernel_name, **options: asked.append(kernel_name),
    )
    GovlabEngine.execute_managed_notebook(None, "other")
    assert asked == ["other"]


def test_the_entry_point():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["papermill.engine"]["govlab"].partition(":")
    assert (module, name) == (GovlabEngine.__module__, GovlabEngine.__name__)
