"""What a report does to itself stays with it: crashes, hangs, hunger, leftovers; the next one is untouched."""

import time
from pathlib import Path

import psutil
import pytest
from nbformat.v4 import new_code_cell

from govlab.errors import BatchError
from govlab.reports.fork.caller import can_fork
from govlab.reports.fork.engine import ForkEngine
from govlab.reports.plan import Job
from tests.reports.literal import SAY, notebook

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system cannot fork")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def engine(root):
    with ForkEngine(root) as made:
        yield made


@pytest.fixture
def make(root, engine):
    """``make(*cells, timeout=.., ...)``: a report of these cells, made; its outcome and its page."""
    count = len(list(root.glob("notebooks/*.ipynb")))

    def run(*cells, name=None, timeout=60, memory=2048, inputs=(), parameters=None):
        nonlocal count
        count += 1
        path = root / "notebooks" / f"n{count}.ipynb"
        notebook(path, *(new_code_cell(text, id=f"c{number}") for number, text in enumerate(cells)))
        stem = root / "out" / (name or f"n{count}")
        job = Job(stem.name, path, parameters or {}, "en", ("html",), stem, timeout, memory, inputs)
        outcome = engine.run(job)
        page = stem.with_name(f"{stem.name}.html")
        return outcome, page.read_text(encoding="utf-8") if page.is_file() else ""

    return run


def failed(outcome, name, cell=None):
    assert outcome.status == "failed" and not outcome.files
    assert outcome.error.name == name, outcome.error
    if cell is not None:
        assert outcome.error.cell == cell, outcome.error
    for lang in ("zh", "en"):
        assert outcome.error.text(lang)
    return True


def test_a_report_and_what_it_used(make):
    outcome, page = make(SAY, "x = sum(range(10**6))\nf'counted {x}'")
    assert outcome.status == "done", outcome.error
    assert outcome.title == "Report on a"
    assert "counted 499999500000" in page
    assert outcome.cpu_seconds > 0 and outcome.peak_memory > 1e7
    assert [cell for cell, _ in outcome.times] == [1, 2, 3]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import os\nos._exit(3)", "Exit"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("import ctypes\nctypes.string_at(0)", "SIGSEGV"),
        ("import sys\nsys.exit(4)", "SystemExit"),
        ("kept = [bytearray(2**20) for _ in range(900)]", "MemoryError"),
        ("import os, time\nif os.fork() == 0:\n    time.sleep(60)", "LeftBehind"),
        ("import subprocess\nleft = subprocess.Popen(['sleep', '60'])", "LeftBehind"),
        ("import os\nos.closerange(3, 100)", "Exit"),
    ],
    ids=lambda value: str(value)[:24].replace("\n", " "),
)
def test_a_fault_is_told_with_its_cell(make, code, name):
    start = time.monotonic()
    outcome, _ = make("a = 1", code, memory=512)
    assert failed(outcome, name, 3)
    assert time.monotonic() - start < 8
    assert make("a = 1")[0].status == "done"


def test_an_endless_loop_ends_at_the_limit(make):
    start = time.monotonic()
    outcome, _ = make("a = 1", "while True: pass", timeout=2)
    assert failed(outcome, "TimeLimit", 3)
    assert 1.9 < time.monotonic() - start < 4
    outcome, _ = make("import signal, time\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(60)", timeout=1)
    assert failed(outcome, "TimeLimit", 2)


def test_memory_of_child_processes_counts(make):
    hungry = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time; x = bytearray(400 * 2**20); time.sleep(30)'])"
    start = time.monotonic()
    outcome, _ = make(hungry, memory=300)
    # Either the child could not have it, or it was seen to have it.
    assert outcome.status == "done" or failed(outcome, "MemoryLimit", 2)
    assert time.monotonic() - start < 10


def test_nothing_that_was_started_survives(make):
    mark = "61.25"
    code = f"import subprocess\nfor _ in range(3):\n    subprocess.Popen(['setsid', 'sleep', '{mark}'])\nimport os\nos._exit(1)"
    outcome, _ = make(code)
    assert failed(outcome, "Exit")
    assert not [one for one in psutil.process_iter(["cmdline"]) if mark in (one.info["cmdline"] or [])]


def test_every_report_begins_anew(make):
    spoil = (
        "import os, random, sys, warnings, math\nimport numpy as np, pandas as pd, matplotlib.pyplot as plt\n"
        "os.environ['SPOILT'] = 'yes'\nplt.rcParams['font.size'] = 99\npd.set_option('display.max_rows', 1)\n"
        "math.pi = 3\nwarnings.simplefilter('ignore')\nsys.path.append('/spoilt')\nos.chdir('/')\n"
        "random.seed(1)\nnp.random.seed(1)\nspoilt = True"
    )
    look = (
        "import os, random, sys, math\nimport numpy as np, pandas as pd, matplotlib.pyplot as plt\n"
        "said = [os.environ.get('SPOILT'), plt.rcParams['font.size'], pd.get_option('display.max_rows'), math.pi,"
        " '/spoilt' in sys.path, os.path.basename(os.getcwd()), 'spoilt' in globals(), __name__, get_ipython().execution_count]\n"
        "f'said {said} drawn {random.random()} {np.random.random()} end'"
    )

    def seen():
        outcome, page = make(look, parameters={"place": "b"})
        assert outcome.status == "done", outcome.error
        return page.split("said ")[1].split(" end")[0].split(" drawn ")

    said, drawn = seen()
    assert "3.14159" in said and "__main__" in said
    assert make(spoil)[0].status == "done"
    again, others = seen()
    assert again == said
    assert others != drawn  # another notebook, so other random numbers; the same would get the same


def test_the_same_report_draws_the_same_numbers(make, root, engine):
    path = root / "notebooks" / "same.ipynb"
    code = "import random, numpy as np\nf'{random.random()} {np.random.random()} {set(map(str, range(20)))}'"
    notebook(path, new_code_cell(code, id="c"))
    pages = []
    for name in ("one", "two"):
        stem = root / "out" / name
        outcome = engine.run(Job("same", path, {}, "en", ("html",), stem, 60))
        assert outcome.status == "done", outcome.error
        pages.append(stem.with_suffix(".html").read_bytes())
    assert pages[0] == pages[1]


def test_a_temporary_folder_of_its_own(make):
    outcome, page = make(
        "import tempfile, pathlib\nplace = pathlib.Path(tempfile.mkdtemp())\n(place / 'x').write_text('x')\nf'at {place} end'"
    )
    assert outcome.status == "done", outcome.error
    made = Path(page.split("at ", 1)[1].split(" end")[0])
    assert made.parent.name.startswith("govlab-report-")
    assert not made.exists() and not made.parent.exists()


def test_no_descriptor_of_ours_reaches_a_report(make, tmp_path):
    code = "import os\nopen_ones = sorted(int(n) for n in os.listdir('/proc/self/fd'))\nstr([os.readlink(f'/proc/self/fd/{n}') for n in open_ones if os.path.exists(f'/proc/self/fd/{n}')])"
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc")
    held = (tmp_path / ".lock").open("w")
    with held:
        outcome, page = make(code)
    assert outcome.status == "done", outcome.error
    assert ".lock" not in page and page.count("socket:") <= 2  # its event loop has a pair


def test_undeclared_files_of_the_workspace(make, root):
    (root / "data").mkdir(exist_ok=True)
    (root / "data" / "a.csv").write_text("x\n1\n", encoding="utf-8")
    (root / "secret.txt").write_text("s", encoding="utf-8")
    (root / "helper_of_study.py").write_text("VALUE = 5\n", encoding="utf-8")
    read = "import pandas as pd\nprint('rows', len(pd.read_csv('data/a.csv')))"
    for inputs in (("data/**",), ("data",), ("data/*.csv",), ("**/*.csv",)):
        assert make(read, inputs=inputs)[0].status == "done", inputs
    outcome, _ = make(read, inputs=("*.csv",))
    assert failed(outcome, "UndeclaredInput", 2)
    assert "data/a.csv" in outcome.error.message and "inputs" in outcome.error.message
    # One that swallows the refusal fails all the same.
    outcome, _ = make("try:\n    open('secret.txt')\nexcept Exception:\n    pass", inputs=("data",))
    assert failed(outcome, "UndeclaredInput")
    module = "import helper_of_study\nprint(helper_of_study.VALUE)"
    assert failed(make(module)[0], "UndeclaredInput")
    for _ in range(2):  # the second time from the compiled file
        assert make(module, inputs=("*.py",))[0].status == "done"
    assert make("open('own.txt', 'w').write('x')\nprint(open('own.txt').read())")[0].status == "done"


def test_a_parent_that_dies_is_replaced(make, engine):
    assert make("1")[0].status == "done"
    engine._caller.process.kill()
    assert make("2")[0].status == "done"


def test_the_parent_ends_with_its_caller(root):
    engine = ForkEngine(root)
    path = root / "notebooks" / "end.ipynb"
    notebook(path, new_code_cell("1", id="c"))
    assert engine.run(Job("end", path, {}, "en", ("html",), root / "out" / "end", 60)).status == "done"
    process = engine._caller.process
    engine.close()
    assert process.poll() is not None


def test_a_parent_that_cannot_begin_stops_the_batch(root, monkeypatch):
    monkeypatch.setattr("govlab.reports.fork.caller._START", "raise SystemExit('nothing works here')")
    path = root / "notebooks" / "none.ipynb"
    notebook(path, new_code_cell("1", id="c"))
    with ForkEngine(root) as engine, pytest.raises(BatchError, match="nothing works here"):
        engine.run(Job("none", path, {}, "en", ("html",), root / "out" / "none", 60))
