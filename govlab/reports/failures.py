"""What went wrong in a report, as something that can be shown in either language and written down."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from govlab.errors import Fault, InputError
from govlab.language import say


@dataclass(frozen=True)
class Failure:
    """What went wrong in a report: cell (counted from 1, None outside cells), kind, message, traceback.

    key, values: the message in the catalogues, where govlab says it and not Python.
    """

    cell: int | None
    name: str
    message: str
    traceback: str = ""
    key: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """Kind and message in one language."""
        said = say(self.key, dict(self.values), lang=lang) if self.key else self.message
        return f"{self.name}: {said}" if said != self.name else said


def failure_of(error: BaseException) -> Failure:
    """An exception as cell, kind, message and traceback."""
    import traceback

    from papermill.exceptions import PapermillExecutionError

    if isinstance(error, PapermillExecutionError):
        lines = "\n".join(error.traceback)
        return Failure(error.cell_index + 1, error.ename, error.evalue, _without_colour(lines))
    text = "".join(traceback.format_exception(error))
    if isinstance(error, InputError) and len(error.faults) == 1 and not error.faults[0].where:
        fault = error.faults[0]
        values = {name: str(value) for name, value in fault.values.items()}
        return Failure(None, type(error).__name__, fault.text("en"), text, fault.key, values)
    return Failure(None, type(error).__name__, str(error) or type(error).__name__, text)


def read_failure(content: Mapping[str, Any]) -> Failure:
    """A failure that another process has sent or a journal kept."""
    known = {name: content[name] for name in Failure.__dataclass_fields__ if name in content}
    key, values = known.get("key", ""), known.get("values", {})
    known.setdefault("cell", None)
    known.setdefault("message", say(key, dict(values), lang="en") if key else known["name"])
    return Failure(**known)


def plain_failure(failure: Failure) -> dict[str, Any]:
    """A failure for a journal or another process."""
    return asdict(failure)


def undeclared(files: Sequence[str]) -> Fault:
    """The fault of having read files that the batch does not declare."""
    names = list(dict.fromkeys(files))
    said = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    return Fault("reports.undeclared", {"file": said})


def _without_colour(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
