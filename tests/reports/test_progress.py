"""The progress widget counts, names what failed, and speaks both languages."""

import pytest

from govlab.reports import Batch, Failure, Outcome, Progress
from tests.reports.literal import batch_file, workspace

BODY = '[[reports]]\nnotebook = "simple.ipynb"\nname = "{place}"\nrows = [{ place = "a" }, { place = "b" }]\n'


class Halting:
    def run(self, job):
        if job.name == "b":
            return Outcome(job, "failed", 0.1, error=Failure(2, "ValueError", "<b>no</b>"))
        path = job.stem.with_name(f"{job.name}.html")
        path.write_text("x", encoding="utf-8")
        return Outcome(job, "done", 0.1, files={"html": path})


@pytest.mark.parametrize(("lang", "word"), [("zh", "失败 1 份"), ("en", "1 failed")])
def test_progress(tmp_path, lang, word):
    root = workspace(tmp_path)
    plan = Batch.read(batch_file(root, BODY)).plan()
    assert plan.folder == tmp_path / "reports" / "out" / "b" or plan.folder.name == "b"
    plan = Batch.read(batch_file(root, BODY)).plan(root / "out")
    progress = Progress(plan, lang=lang)
    bar, said, faults = progress.widget.children
    assert (bar.value, bar.max) == (0, 2)
    seen = list(plan.run(workers=2, engine=Halting(), progress=progress))
    assert len(seen) == 2
    assert (bar.value, bar.bar_style) == (2, "danger")
    assert word in said.value and "0:00:00" in said.value
    assert "&lt;b&gt;no" in faults.value and "<b>" not in faults.value
    assert "application/vnd.jupyter.widget-view+json" in progress._repr_mimebundle_()
