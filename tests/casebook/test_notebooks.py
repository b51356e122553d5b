"""The shipped notebooks as files, and on real kernels through stock papermill."""

import re

import nbformat
import papermill
import pytest

from govlab.reports import KernelEngine
from govlab.reports.plan import Job
from tests.casebook.telling import notebooks

IDS = [path.stem for path in notebooks()]


@pytest.mark.parametrize("path", notebooks(), ids=IDS)
def test_stored_once_without_outputs(path):
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert notebook.nbformat_minor >= 5
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", cell.id) for cell in notebook.cells)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def bundles(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


# Two of them on a kernel at once, all of them in the full check; every page is made without one elsewhere.
QUICK = ("case_report", "zone_report")
ON_KERNEL = [
    pytest.param(path, marks=[] if path.stem in QUICK else pytest.mark.slow, id=path.stem)
    for path in notebooks()
]


@pytest.mark.parametrize("path", ON_KERNEL)
def test_runs_on_a_kernel_and_shows_no_bare_frame(path, tmp_path):
    job = Job("x", path, {"lang": "en"}, "en", ("html",), tmp_path / "x", 120)
    executed, used = KernelEngine(tmp_path).execute(job)
    shown = bundles(executed)
    assert shown and used["peak_memory"] > 1e6
    assert {output.output_type for output in shown} == {"display_data"}
    for output in shown:
        assert 'class="dataframe"' not in output.data["text/html"]
        assert "<script" not in output.data["text/html"]


def test_runs_under_stock_papermill(tmp_path):
    from govlab.reports.kernel import _event_loop

    path = next(path for path in notebooks() if path.stem == "case_report")
    with _event_loop():
        executed = papermill.execute_notebook(
            str(path), str(tmp_path / "out.ipynb"), {"case": "zhejiang/haining"}, kernel_name="python3",
            progress_bar=False, extra_arguments=["--log-level=50"],
        )  # fmt: skip
    assert bundles(executed)
    described = papermill.inspect_notebook(str(path))
    assert set(described) == {"case", "lang", "edition"}
