"""The batch engine against papermill + nbconvert in one process, against the bare cells, and against itself.

Run by hand: ``python tests/benchmarks/batch_engine.py [rounds]``. Prints ratios; rounds are interleaved, so
that a busy machine slows all of them alike. ``--many 1000`` makes that many reports and tells the memory
of the forking parent on the way.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

CELLS = [
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt",
    "rng = np.random.default_rng(seed)\nn = 4000\nframe = pd.DataFrame({'zone': rng.integers(0, 12, n), 'age': rng.integers(18, 90, n), 'weight': rng.uniform(0.5, 2, n)})\nfor item in range(8):\n    frame[f'q{item}'] = rng.integers(1, 6, n)",
    "frame.head(8)",
    "frame.describe().round(2)",
    "items = [name for name in frame if name.startswith('q')]\nmeans = frame.groupby('zone')[items].mean()\nmeans.round(2)",
    "weighted = frame[items].mul(frame.weight, axis=0).groupby(frame.zone).sum().div(frame.groupby('zone').weight.sum(), axis=0)\nweighted.round(2)",
    "pd.crosstab(frame.zone, frame.q0, normalize='index').round(3)",
    "figure, axes = plt.subplots(figsize=(6.7, 3))\nmeans.q0.plot.bar(ax=axes)\naxes.set_ylabel('mean')\nplt.show()",
    "frame['group'] = pd.cut(frame.age, [17, 35, 50, 65, 90])\nframe.groupby('group', observed=True)[items].mean().round(2)",
    "figure, axes = plt.subplots(figsize=(6.7, 3))\nfor item in items[:4]:\n    axes.plot(means.index, means[item], marker='o', label=item)\naxes.legend()\nplt.show()",
    "draws = [frame.q0.sample(frac=1, replace=True, random_state=k).mean() for k in range(60)]\nnp.quantile(draws, [0.025, 0.975])",
    "figure, axes = plt.subplots(figsize=(6.7, 3))\naxes.imshow(frame[items].corr())\nplt.show()",
    "long = frame.melt(id_vars=['zone'], value_vars=items)\nlong.groupby(['variable', 'value']).size().unstack()",
    "print(f'{len(frame)} answers in {frame.zone.nunique()} zones')",
]  # fmt: skip


def realistic(folder: Path) -> Path:
    """A report of sixteen cells: data, tables, three figures."""
    parameters = new_code_cell("seed: int = 1", id="parameters", metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("# A report\n\nWhat it is about.", id="top"), parameters]
    cells += [new_code_cell(text, id=f"c{number}") for number, text in enumerate(CELLS)]
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "notebooks" / "realistic.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def stock(path: Path, parameters: dict[str, object], out: Path) -> None:
    """papermill and nbconvert by their Python APIs, in this process."""
    import papermill
    from nbconvert import HTMLExporter

    ran = out / "stock.ipynb"
    papermill.execute_notebook(
        str(path), str(ran), parameters, kernel_name="python3", progress_bar=False,
        extra_arguments=["--log-level=50"],
    )  # fmt: skip
    text, _ = HTMLExporter().from_filename(str(ran))
    (out / "stock.html").write_text(text, encoding="utf-8")


FLOOR = """
import asyncio, json, os, sys, time
sys.path.insert(0, sys.argv[1])
from govlab.reports.fork.stage import Stage
import nbformat
stage = Stage()
os.environ["MPLBACKEND"] = stage.backend
print(json.dumps("ready"), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    cells = [cell.source for cell in nbformat.read(order["path"], 4).cells if cell.cell_type == "code"]
    cells.insert(1, "\\n".join(f"{name} = {value!r}" for name, value in order["parameters"].items()))
    told = sys.stdout
    start, cpu = time.perf_counter(), time.process_time()
    async def run():
        for text in cells:
            await stage.run(text, lambda message: None)
    asyncio.run(run())
    sys.stdout = told
    print(json.dumps([time.perf_counter() - start, time.process_time() - cpu]), flush=True)
"""


class Floor:
    """The bare cells in a warm process: no kernel, no papermill, no page."""

    def __init__(self) -> None:
        root = str(Path(__file__).resolve().parents[2])
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", FLOOR, root], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=os.environ | threads,
        )  # fmt: skip
        self._process.stdout.readline()

    def seconds(self, path: Path, parameters: dict[str, object]) -> list[float]:
        self._process.stdin.write(json.dumps({"path": str(path), "parameters": parameters}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()


def _cpu() -> float:
    """CPU seconds of this process and of the ones it has waited for."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in found)


def compare(
    name: str, path: Path, root: Path, parameters: Callable[[int], dict[str, object]], rounds: int
) -> None:
    """Rounds of stock, floor, one worker, two workers; medians and ratios."""
    from govlab.reports import ForkEngine
    from govlab.reports.plan import Job

    out = root / "out"
    out.mkdir(exist_ok=True)
    few = 4  # reports in a round of ours

    def job(number: int) -> Job:
        given = parameters(number)
        return Job(
            f"r{number}", path, given, str(given.get("lang", "en")), ("html",), out / f"r{number}", 600
        )

    taken: dict[str, list[float]] = {"stock": [], "floor": [], "one": [], "two": []}
    spent: dict[str, list[float]] = {"stock": [], "floor": [], "one": []}
    floor = Floor()
    with ForkEngine(root) as engine, ThreadPoolExecutor(2) as pool:
        for number in range(3):  # the parent learns what to load; the floor warms up
            outcome = engine.run(job(number))
            assert outcome.status == "done", outcome.error
            floor.seconds(path, parameters(number))
        for turn in range(rounds):
            start, cpu = time.perf_counter(), _cpu()
            stock(path, parameters(turn), out)
            taken["stock"].append(time.perf_counter() - start)
            spent["stock"].append(_cpu() - cpu)
            for number in range(few):
                wall, cpu = floor.seconds(path, parameters(number))
                taken["floor"].append(wall)
                spent["floor"].append(cpu)
            start = time.perf_counter()
            for number in range(few):
                outcome = engine.run(job(number))
                assert outcome.status == "done"
                spent["one"].append(outcome.cpu_seconds or 0)
            taken["one"].append((time.perf_counter() - start) / few)
            start = time.perf_counter()
            assert all(one.status == "done" for one in pool.map(engine.run, [job(n) for n in range(2 * few)]))
            taken["two"].append((time.perf_counter() - start) / (2 * few))
    floor.close()
    middle = {key: statistics.median(values) for key, values in taken.items()}
    cpu_middle = {key: statistics.median(values) for key, values in spent.items()}
    print(f"{name}: " + ", ".join(f"{key} {value:.3f} s" for key, value in middle.items()))
    print("  CPU: " + ", ".join(f"{key} {value:.3f} s" for key, value in cpu_middle.items()))
    print(
        f"  by CPU: stock / one {cpu_middle['stock'] / cpu_middle['one']:.2f},"
        f" one / floor {cpu_middle['one'] / cpu_middle['floor']:.2f}"
    )
    print(
        f"  stock / one worker  {middle['stock'] / middle['one']:5.2f}  (bar: 4.5 or more)\n"
        f"  one worker / floor  {middle['one'] / middle['floor']:5.2f}  (bar: 1.5 or less)\n"
        f"  one / two workers   {middle['one'] / middle['two']:5.2f}  (bar: 1.7 or more)",
        flush=True,
    )


def many(count: int, workers: int, root: Path) -> None:
    """Make ``count`` reports as a batch; rate, failures, memory of the parent."""
    import psutil

    from govlab.reports import Batch, ForkEngine

    realistic(root)
    (root / "reports").mkdir(exist_ok=True)
    file = root / "reports" / "many.toml"
    rows = "seed\n" + "".join(f"{number}\n" for number in range(1, count + 1))
    (root / "rows.csv").write_text(rows, encoding="utf-8")
    file.write_text(
        'format = 1\nname = "many"\ntitle = { zh = "多", en = "Many" }\nformats = ["html"]\n'
        '[[reports]]\nnotebook = "realistic.ipynb"\nname = "r-{seed}"\nrows = "rows.csv"\n',
        encoding="utf-8",
    )
    plan = Batch.read(file).plan(root / "out")
    start = time.perf_counter()
    failed = 0
    with ForkEngine(root) as engine:
        for number, outcome in enumerate(plan.run(workers=workers, engine=engine), 1):
            failed += outcome.status == "failed"
            if outcome.error is not None:
                print(outcome.job.name, outcome.error)
            if number in (2, 10, 50) or number % max(1, count // 10) == 0:
                memory = psutil.Process(engine._caller.process.pid).memory_full_info()
                own = psutil.Process().memory_info().rss
                print(
                    f"{number:6d} reports, {time.perf_counter() - start:7.1f} s, parent RSS {memory.rss / 2**20:.1f} MB"
                    f" (own {memory.uss / 2**20:.1f} MB), caller {own / 2**20:.1f} MB, load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
    taken = time.perf_counter() - start
    print(
        f"{count} reports, {workers} workers: {taken:.0f} s, {taken / count:.3f} s a report, {failed} failed"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", nargs="?", type=int, default=5)
    parser.add_argument("--many", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=("realistic", "zone"))
    asked = parser.parse_args()
    asyncio.set_event_loop(asyncio.new_event_loop())
    shipped = Path(__file__).resolve().parents[2] / "notebooks" / "reports" / "zone_report.ipynb"
    zones = ("amber", "compass", "firefly", "prism", "pinwheel", "starfish", "hourglass", "snowball")
    with TemporaryDirectory() as folder:
        root = Path(folder)
        if asked.many:
            many(asked.many, asked.workers, root)
            return
        if asked.only != "zone":
            path = realistic(root)
            compare("realistic, 16 cells", path, root, lambda number: {"seed": number}, asked.rounds)
        if asked.only == "realistic":
            return
        compare(
            "zone report", shipped, root,
            lambda number: {"zone": zones[number % 8], "lang": "zh", "study": "demo"}, asked.rounds,
        )  # fmt: skip


if __name__ == "__main__":
    main()
