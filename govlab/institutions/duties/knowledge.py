"""What residents think who does what, against a matrix of duties. Survey numbers come from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from govlab.errors import Fault, InputError
from govlab.institutions.duties.model import Arrangement, DutiesFile
from govlab.institutions.measured import Measured

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("item", "answer", "estimate", "conf_low", "conf_high")
COLUMNS = (
    "task", "item", "right", "estimate", "conf_low", "conf_high", "most_named", "most", "unsure",
    "verdict", "reason",
)  # fmt: skip
_NUMBERS = ("estimate", "conf_low", "conf_high", "most", "unsure")


def knowledge(
    file: DutiesFile, arrangement: Arrangement, answers: pd.DataFrame, *, unsure: str = "unknown"
) -> Measured:
    """Share of residents who name the body that the matrix names, task by task.

    answers: ``item answer estimate conf_low conf_high``, a row an option, shares from 0 to 1, NaN where a
    share is withheld. unsure: the option of those who do not know. verdict: ``most-know`` where the whole
    interval lies above one half, ``few-know`` below, ``open`` else; empty with the reason (``withheld``,
    ``several-right``: the shares add up but their interval needs their covariance, ``not-in-matrix``,
    ``not-asked``, ``no-interval``). InputError for columns that are missing or shares outside 0 to 1.
    """
    import pandas as pd

    _check(answers)
    options = {answer: one.id for one in file.bodies for answer in one.answers}
    rows: list[dict[str, Any]] = []
    for task in file.tasks:
        if task.question is None:
            continue
        right = tuple(
            one.body for one in arrangement.assignments if (one.task, one.role) == (task.id, task.asked)
        )
        mine = answers[answers["item"].astype(str) == task.question]
        row: dict[str, Any] = {"task": task.id, "item": task.question, "right": right, "verdict": ""}
        row |= {"most_named": "", "reason": ""}
        if mine.empty or not right:
            rows.append(row | {"reason": "not-asked" if right else "not-in-matrix"})
            continue
        given: dict[str, Any] = {str(one["answer"]): one for one in mine.to_dict("records")}
        named = [(answer, one) for answer, one in given.items() if answer in options]
        hits = [one for answer, one in named if options[answer] in right]
        shown = [
            (float(one["estimate"]), options[answer]) for answer, one in named if np.isfinite(one["estimate"])
        ]
        if shown:
            row["most"], row["most_named"] = max(shown)
        if unsure in given:
            row["unsure"] = float(given[unsure]["estimate"])
        if not hits or not all(np.isfinite(one["estimate"]) for one in hits):
            rows.append(row | {"reason": "withheld"})
            continue
        row["estimate"] = float(sum(one["estimate"] for one in hits))
        if len(hits) > 1:
            rows.append(row | {"reason": "several-right"})
            continue
        low, high = float(hits[0]["conf_low"]), float(hits[0]["conf_high"])
        if not (np.isfinite(low) and np.isfinite(high)):
            rows.append(row | {"reason": "no-interval"})
            continue
        verdict = "most-know" if low > 0.5 else "few-know" if high < 0.5 else "open"
        rows.append(row | {"conf_low": low, "conf_high": high, "verdict": verdict})
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(_NUMBERS, "float64"))
    return Measured(frame, f"share of residents who name the body that {arrangement.id} names")


def _check(answers: pd.DataFrame) -> None:
    lacking = [one for one in NEEDED if one not in answers]
    if lacking:
        raise InputError(Fault("duties.no_column", {"columns": ", ".join(lacking)}, ("answers",)))
    faults = [
        Fault("duties.share", {"got": str(value)}, ("answers", f"row {row}"))
        for row, value in enumerate(answers["estimate"], 2)
        if np.isfinite(value) and not 0 <= value <= 1
    ]
    if faults:
        raise InputError(faults)
