"""A batch on real kernels: failures stay alone, finished reports are not redone, a killed run goes on."""

import json

import pytest

from govlab.reports import Batch, Outcome
from govlab.reports.record import JOURNAL, MANIFEST, last_records
from tests.reports.literal import batch_file, workspace

ROWS = 'rows = [{ place = "good" }, { place = "bad", fail = true }]\n'
BODY = '[[reports]]\nnotebook = "simple.ipynb"\nname = "{place}"\n'


class Quick:
    """An engine without a kernel: writes a file and notes that it was asked."""

    def __init__(self):
        self.ran = []

    def run(self, job):
        self.ran.append(job.name)
        path = job.stem.with_name(f"{job.stem.name}.html")
        path.write_text("<title>x</title>", encoding="utf-8")
        return Outcome(job, "done", 0.1, 1, f"Report {job.name}", {"html": path})


@pytest.fixture
def root(tmp_path):
    return workspace(tmp_path)


def plan(root, body=BODY + 'rows = [{ place = "a" }, { place = "b" }]'):
    return Batch.read(batch_file(root, body)).plan(root / "out")


def test_a_failing_report_fails_alone(root):
    made = plan(root, BODY + ROWS)
    outcomes = {outcome.job.name: outcome for outcome in made.run(workers=2)}
    made.finish()
    assert outcomes["good"].status == "done"
    assert outcomes["good"].title == "Report on good"
    assert outcomes["good"].peak_memory > 1e6
    page = (root / "out" / "b" / "good.html").read_text(encoding="utf-8")
    assert "English paragraph." in page and "中文段落" not in page
    failed = outcomes["bad"].error
    assert outcomes["bad"].status == "failed"
    assert (failed.name, failed.message) == ("RuntimeError", "broken on purpose")
    assert failed.cell == 5 and "raise RuntimeError" in failed.traceback
    assert not (root / "out" / "b" / "bad.html").exists()
    manifest = json.loads((root / "out" / "b" / MANIFEST).read_text(encoding="utf-8"))
    assert [entry["status"] for entry in manifest["reports"]] == ["done", "failed"]
    assert manifest["reports"][0]["hashes"]["html"]
    assert "broken on purpose" in (root / "out" / "b" / "index.html").read_text(encoding="utf-8")
    again = plan(root, BODY + ROWS)
    assert [job.state for job in again.jobs] == ["fresh", "failed"]
    assert [job.name for job in again.chosen(only="failed")] == ["bad"]


def test_unchanged_reports_are_not_made_again(root):
    first = plan(root)
    list(first.run(engine=Quick()))
    first.finish()
    engine = Quick()
    second = plan(root)
    assert [job.state for job in second.jobs] == ["fresh", "fresh"]
    assert list(second.run(engine=engine)) == [] and engine.ran == []
    assert len(list(second.run(engine=engine, force=True))) == 2
    source = root / "notebooks" / "simple.ipynb"
    source.write_text(
        source.read_text(encoding="utf-8").replace("English paragraph", "Another"), encoding="utf-8"
    )
    assert [job.state for job in plan(root).jobs] == ["stale", "stale"]


def test_a_lost_file_is_made_again(root):
    first = plan(root)
    list(first.run(engine=Quick()))
    first.finish()
    (root / "out" / "b" / "a.html").unlink()
    engine = Quick()
    list(plan(root).run(engine=engine))
    assert engine.ran == ["a"]


def test_a_killed_run_goes_on_where_it_stopped(root):
    made = plan(root)
    runs = made.run(engine=Quick())
    next(runs)
    journal = root / "out" / "b" / JOURNAL
    written = journal.read_text(encoding="utf-8")
    runs.close()
    (root / "out" / "b" / MANIFEST).unlink()  # as after a kill, when nothing more is written
    journal.write_text(written, encoding="utf-8")
    with journal.open("a", encoding="utf-8") as file:
        file.write('{"name": "b", "stat')  # and a line cut off
    (root / "out" / "b" / "b.html.part").write_text("half", encoding="utf-8")
    engine = Quick()
    again = plan(root)
    assert [job.state for job in again.jobs] == ["fresh", "new"]
    list(again.run(engine=engine))
    again.finish()
    assert engine.ran == ["b"]
    assert not list((root / "out" / "b").glob("*.part")) and not journal.exists()
    assert set(last_records(root / "out" / "b")) == {"a", "b"}


def test_wrong_arguments(root):
    with pytest.raises(ValueError, match="workers"):
        list(plan(root).run(workers=0))
    with pytest.raises(ValueError, match="only"):
        plan(root).chosen(only="some")
