"""How far a batch is, in a notebook: a bar, a rate, the time left, what failed."""

from __future__ import annotations

import time
from html import escape
from typing import TYPE_CHECKING, Any

from govlab.language import default_language, say

if TYPE_CHECKING:
    from govlab.reports.engine import Outcome
    from govlab.reports.plan import Plan

_NAMED = 20  # failed reports that are listed


class Progress:
    """A widget for ``plan.run(progress=...)``: ``Progress(plan)`` as the last line of a cell shows it.

    only, force: as for the run, since they decide how many reports there will be.
    """

    def __init__(
        self, plan: Plan, *, only: str | None = None, force: bool = False, lang: str | None = None
    ) -> None:
        from ipywidgets import HTML, IntProgress, VBox

        self._lang = lang or default_language()
        self._total = len(plan.chosen(only, force))
        self._done = self._failed = 0
        self._start = time.monotonic()
        self._bar: Any = IntProgress(max=max(1, self._total))
        self._said: Any = HTML()
        self._faults: Any = HTML()
        self.widget = VBox([self._bar, self._said, self._faults])
        self._tell()

    def __call__(self, outcome: Outcome) -> None:
        """One more report has ended."""
        self._done += 1
        self._bar.value = self._done
        if outcome.status == "failed" and outcome.error is not None:
            self._failed += 1
            self._bar.bar_style = "danger"
            if self._failed <= _NAMED:
                text = outcome.error.text(self._lang)[:200]
                self._faults.value += f"<p>{escape(outcome.job.name)}: {escape(text)}</p>"
        self._tell()

    def _tell(self) -> None:
        taken = time.monotonic() - self._start
        left = taken / self._done * (self._total - self._done) if self._done else 0.0
        values = {"done": self._done, "all": self._total, "failed": self._failed, "left": _clock(left)}
        values["rate"] = f"{60 * self._done / taken:.0f}" if self._done and taken else "-"
        self._said.value = escape(say("reports.progress", values, lang=self._lang))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Any:
        return self.widget._repr_mimebundle_()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"
