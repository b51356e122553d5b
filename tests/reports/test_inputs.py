"""What a batch depends on: patterns, digests by kind, reasons; one batch at a time; killed and gone on."""

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from govlab.errors import BatchError
from govlab.reports import Batch
from govlab.reports.basis import basis_of, default_inputs, versions
from govlab.reports.fork.caller import can_fork
from govlab.reports.guard import Inputs, inside
from govlab.reports.lock import Lock
from govlab.reports.record import JOURNAL, MANIFEST, PROFILE
from tests.reports.literal import batch_file, workspace
from tests.reports.test_run import Quick

BODY = '[[reports]]\nnotebook = "simple.ipynb"\nname = "{place}"\nrows = [{ place = "a" }, { place = "b" }]\n'


@pytest.fixture
def root(tmp_path):
    root = workspace(tmp_path)
    for name in (
        "study.csv",
        "responses/w1/a.csv",
        "responses/b.csv",
        "zones.xlsx",
        "deep/x/y/z.txt",
        ".git/c",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, encoding="utf-8")
    return root


def plan(root, inputs=("responses",), body=BODY):
    return Batch.read(batch_file(root, f"inputs = {json.dumps(list(inputs))}\n{body}")).plan(root / "out")


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (["responses"], ["responses/b.csv", "responses/w1/a.csv"]),
        (["responses/"], ["responses/b.csv", "responses/w1/a.csv"]),
        (["responses/**"], ["responses/b.csv", "responses/w1/a.csv"]),
        (["responses/*"], ["responses/b.csv"]),
        (["responses/*.csv", "zones.*"], ["responses/b.csv", "zones.xlsx"]),
        (["**/*.csv"], ["responses/b.csv", "responses/w1/a.csv", "study.csv"]),
        (["deep/**/z.txt", "deep/x"], ["deep/x/y/z.txt"]),
        (["zones.xls?", "none.json", "study.csv"], ["study.csv", "zones.xlsx"]),
        (["**"], ["deep/x/y/z.txt", "notebooks/simple.ipynb", "responses/b.csv", "responses/w1/a.csv", "study.csv", "zones.xlsx"]),
    ],
)  # fmt: skip
def test_patterns(root, patterns, found):
    inputs = Inputs(root, patterns)
    assert [path.relative_to(root).as_posix() for path in inputs.files()] == found
    # The guard and the digest agree about every file.
    everything = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    assert sorted(name for name in everything if inputs.covers(name) and not name.startswith(".")) == found


@pytest.mark.parametrize("pattern", ["../up", "/etc/passwd", "a/../../b", "C:\\x", "..\\x"])
def test_inputs_stay_inside(root, pattern):
    assert not inside(pattern)
    with pytest.raises(BatchError, match="inputs"):
        plan(root, [pattern])


def test_reasons(root):
    first = plan(root)
    list(first.run(engine=Quick()))
    assert {job.reason("en") for job in plan(root).jobs} == {"unchanged"}
    (root / "study.csv").write_text("no input", encoding="utf-8")
    assert {job.state for job in plan(root).jobs} == {"fresh"}
    (root / "responses" / "b.csv").write_text("changed", encoding="utf-8")
    assert {job.reason("en") for job in plan(root).jobs} == {"changed: responses/b.csv"}
    assert {job.reason("zh") for job in plan(root).jobs} == {"有改动：responses/b.csv"}
    (root / "responses" / "new.csv").write_text("new", encoding="utf-8")
    assert {job.reason("en") for job in plan(root).jobs} == {"changed: responses/b.csv and responses/new.csv"}
    more = plan(root, body=BODY.replace('{ place = "b" }', '{ place = "b", n = 2 }'))
    assert [job.reason("en") for job in more.jobs][
        1
    ] == "changed: the parameters and the data of the workspace"
    assert [job.name for job in more.chosen(only="changed")] == ["a", "b"]
    (first.folder / "a.html").unlink()
    list(plan(root).run(engine=Quick()))
    (first.folder / "a.html").unlink()
    assert plan(root).jobs[0].reason("en") == "a file is missing: a.html"


def test_the_inputs_of_a_study(tmp_path, root):
    assert default_inputs(root) == ()
    (root / "odd [name].csv").write_text("x", encoding="utf-8")
    (root / "study.toml").write_text('format = 1\ntitle = { zh = "题", en = "T" }\n', encoding="utf-8")
    found = default_inputs(root)
    assert {"study.toml", "mask.json", "responses", "zones.xlsx"} <= set(found)
    assert not {"notebooks", "reports", ".git"} & set(found)
    before = basis_of(root, found)
    assert {"study.toml", "responses/b.csv", "zones.xlsx", "odd [name].csv"} <= set(before.inputs)
    assert Inputs(root, found).covers("odd [name].csv")
    assert Inputs(root, ["odd [[]x]"]).covers("odd [x]/a.csv")
    (root / "mask.json").write_text("{}", encoding="utf-8")
    assert basis_of(root, found).inputs_digest != before.inputs_digest
    assert {"papermill", "pandas", "matplotlib"} <= set(versions())


def test_one_batch_at_a_time(root):
    first, second = plan(root), plan(root)
    running = first.run(engine=Quick())
    next(running)
    with pytest.raises(BatchError, match="another batch") as caught:
        next(second.run(engine=Quick()))
    assert str(os.getpid()) in caught.value.text("zh") or os.name == "nt"
    running.close()
    assert [one.job.name for one in second.run(engine=Quick())] == ["a", "b"]
    with Lock(root), pytest.raises(BatchError), Lock(root):
        pass


def test_a_full_disk_leaves_what_is_finished(root, monkeypatch):
    from govlab.reports import record

    made = plan(root)
    running = made.run(engine=Quick())
    next(running)
    kept = record.append

    def full(folder, entry):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(record, "append", full)
    with pytest.raises(BatchError, match="no room left"):
        next(running)
    monkeypatch.setattr(record, "append", kept)
    again = plan(root)
    assert [job.state for job in again.jobs] == ["fresh", "new"]
    assert (made.folder / "a.html").is_file()


def test_the_profile_of_a_run(root):
    class Timed(Quick):
        def run(self, job):
            from dataclasses import replace

            return replace(super().run(job), times=((1, 0.1), (3, 0.5)), format_seconds=0.2)

    made = plan(root)
    list(made.run(engine=Timed()))
    rows = json.loads((made.folder / PROFILE).read_text(encoding="utf-8"))
    assert [(row["cell"], row["mean"], row["reports"]) for row in rows] == [
        (3, 0.5, 2),
        (None, 0.2, 2),
        (1, 0.1, 2),
    ]
    assert all("times" not in entry for entry in json.loads((made.folder / MANIFEST).read_text())["reports"])


KILLED = """
import sys
from govlab.reports import Batch
if __name__ == "__main__":
    for outcome in Batch.read(sys.argv[1]).plan(sys.argv[2]).run(workers=2):
        print(outcome.job.name, outcome.status, flush=True)
"""


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork")
def test_killed_at_any_moment_and_gone_on(root):
    import psutil

    rows = ", ".join(f'{{ place = "p{number}" }}' for number in range(8))
    body = BODY.replace('{ place = "a" }, { place = "b" }', rows)
    file = batch_file(root, body)
    command = [sys.executable, "-c", KILLED, str(file), str(root / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        done = [process.stdout.readline(), process.stdout.readline()]
        below = psutil.Process(process.pid).children(recursive=True)
        assert all("done" in line for line in done) and below
        process.kill()
    _gone, alive = psutil.wait_procs(below, timeout=5)
    assert not alive
    folder = root / "out" / "b"
    assert (folder / JOURNAL).is_file()
    whole = {path.name: path.read_bytes() for path in folder.glob("*.html")}
    again = Batch.read(file).plan(root / "out")
    finished = [job.name for job in again.jobs if job.state == "fresh"]
    assert len(finished) >= 2
    time.sleep(0.01)
    made = [one.job.name for one in again.run(workers=2)]
    assert not set(made) & set(finished) and len(made) + len(finished) == 8
    for name in finished:
        assert (folder / f"{name}.html").read_bytes() == whole[f"{name}.html"]
    assert not list(folder.glob("*.part")) and not (folder / JOURNAL).exists()
    assert Path(again.index).is_file()
