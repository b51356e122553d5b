"""The same plan on a Dask cluster: two worker processes over tcp, one of them killed on the way."""

import os
import signal
import sys
import threading
import time

import pytest
from nbformat.v4 import new_code_cell

from govlab.errors import BatchError
from govlab.reports import Batch
from tests.reports.literal import SAY, batch_file, notebook, workspace

ROWS = "rows = [" + ", ".join(f'{{ place = "p{n}" }}' for n in range(6)) + "]\n"
BODY = '[[reports]]\nnotebook = "reads.ipynb"\nname = "{place}"\n'
READ = "import pathlib, os\nn = len(pathlib.Path('data/a.csv').read_text())\nf'read {n} at {os.getpid()}'"


@pytest.fixture
def root(tmp_path):
    root = workspace(tmp_path)
    (root / "data").mkdir()
    (root / "data" / "a.csv").write_text("x\n1\n", encoding="utf-8")
    fail = "if fail:\n    raise RuntimeError('broken on purpose')"
    notebook(
        root / "notebooks" / "reads.ipynb",
        new_code_cell(SAY, id="s"),
        new_code_cell(READ, id="r"),
        new_code_cell(fail, id="f"),
    )
    return root


def plan(root, body):
    path = batch_file(root, 'inputs = ["data"]\n' + body)
    return Batch.read(path).plan(root / "out")


def test_without_a_scheduler(root, monkeypatch):
    from govlab.reports.cluster import ClusterEngine

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BatchError, match=r"govlab\[cluster\]"):
        ClusterEngine(root, "tcp://127.0.0.1:1")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_two_workers_and_one_that_dies(root, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
    from govlab.reports.cluster import ClusterEngine

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    local = plan(root, BODY + ROWS)
    assert {one.status for one in local.run()} == {"done"}
    here = {job.name: job.stem.with_name(f"{job.name}.html").read_text() for job in local.jobs}
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, protocol="tcp", dashboard_address=None
    ) as cluster:
        engine = ClusterEngine(root, cluster.scheduler_address)
        made = plan(root, BODY + ROWS)
        outcomes = list(made.run(workers=2, engine=engine, force=True))
        assert {one.status for one in outcomes} == {"done"}, [one.error for one in outcomes]
        for job in made.jobs:  # the same bytes but for the number of the process
            there = job.stem.with_name(f"{job.name}.html").read_text()
            assert there.split(" at ")[0] == here[job.name].split(" at ")[0]
        # A failing cell is a failing report, once.
        bad = plan(root, BODY + 'rows = [{ place = "bad", fail = true }]\n')
        (outcome,) = bad.run(engine=engine)
        assert (outcome.error.name, outcome.error.cell) == ("RuntimeError", 5)
        # Inputs that went down with a worker travel again.
        for held in engine._inputs.values():
            engine._client.cancel(held, force=True)
        outcomes = list(plan(root, BODY + ROWS).run(workers=2, engine=engine, force=True))
        assert {one.status for one in outcomes} == {"done"}, [one.error for one in outcomes]
        # A worker that is killed: what it was making is made by the other.
        slow = root / "notebooks" / "reads.ipynb"
        notebook(slow, new_code_cell(SAY, id="s"), new_code_cell("import time\ntime.sleep(1.5)", id="t"))
        again = plan(root, BODY + ROWS)
        victim = min(
            one["pid"] if isinstance(one, dict) else one for one in engine._client.run(os.getpid).values()
        )
        killer = threading.Timer(1.0, os.kill, (victim, signal.SIGKILL))
        killer.start()
        outcomes = list(again.run(workers=4, engine=engine, force=True))
        killer.join()
        assert {one.status for one in outcomes} == {"done"}, [one.error for one in outcomes]
        engine.close()
    time.sleep(0.1)
